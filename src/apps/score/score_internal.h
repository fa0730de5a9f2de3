#ifndef SCORE_SCORE_INTERNAL_H
#define SCORE_SCORE_INTERNAL_H

/* What the pages of scores share: the period, who may see what, and names. */
#include "apps/org/org.h"
#include "apps/score/score_rules.h"
#include "apps/score/score_views_gen.h"

/* ---- periods --------------------------------------------------------------------------------- */

/* A month or a quarter of the calendar. */
typedef struct ScorePeriod {
    const char *code; /* "2026-11", "2026-Q4" */
    const char *name; /* in the page's language */
    Date from, to;    /* both included */
} ScorePeriod;

extern const InputField score_period_input[];

/* What was asked for in `period`; this month when nothing was. score.bad_period. */
MUST_CHECK bool score_period(Request *req, ScorePeriod *out, Error *err);
/* The choice of a period: the last months and quarters. */
FormField score_period_field(Request *req, const ScorePeriod *period);

/* ---- who may see what ------------------------------------------------------------------------ */

typedef struct ScoreAccess {
    bool is_all;  /* supervisors and leaders */
    bool is_head; /* of his unit */
} ScoreAccess;

/* request.forbidden for who is no officer at a desk and no supervisor. */
MUST_CHECK bool score_access(Request *req, ScoreAccess *out, Error *err);

/* ---- the county ------------------------------------------------------------------------------ */

typedef struct ScoreNames {
    Request *req;
    Units units;
    ScoreWindows windows;
    ScorePersons persons;
} ScoreNames;

MUST_CHECK bool score_names(Request *req, ScoreNames *out, Error *err);
const Unit *score_unit_of(const ScoreNames *names, Id id);          /* NULL unknown */
const ScoreWindow *score_window_of(const ScoreNames *names, Id id); /* NULL unknown */
const ScorePerson *score_person_of(const ScoreNames *names, Id id); /* NULL unknown */
/* In the page's language. A unit's is "" when unknown, a person's NULL. */
const char *score_unit_name(const ScoreNames *names, Id id);
const char *score_person_name(const ScoreNames *names, Id id);

/* ---- tallies --------------------------------------------------------------------------------- */

/* What the period's events of a scope come to, for each department, window or person. */
MUST_CHECK bool score_tallies(ScoreRules *rules, const ScorePeriod *period, ScoreBy by,
                              ScoreScope scope, const ScoreNames *names, ScoreTallies *out,
                              Error *err);
/* Whether a rule counts for departments, or for windows and persons. */
bool score_counts_for(const ScoreRule *rule, ScoreBy by);

/* The choices of a path's `by`, and which of them it is. */
extern const char *const score_by_choices[]; /* departments windows persons */
ScoreBy score_by(const char *name);

/* What /scores shows: the ranking, or what is one's own. The view must live in req->arena. */
MUST_CHECK bool score_ranking(Request *req, ScoresView *view, Error *err);

bool scores_export(Request *req, Error *err);
bool score_page(Request *req, Error *err);
bool score_entry_page(Request *req, Error *err);
bool score_rules_page(Request *req, Error *err);
extern const InputField scores_input[], score_input[], score_entry_input[];

#endif
