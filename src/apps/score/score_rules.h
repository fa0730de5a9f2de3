#ifndef SCORE_SCORE_RULES_H
#define SCORE_SCORE_RULES_H

/*
 * The table of scores, and what events come to by it. Points are hundredths of a point, so that
 * sums are exact.
 */
#include "apps/score/score_store.h"
#include "dmn/dmn.h"
#include "service/app.h"

/* What the table says of one kind of event. */
typedef struct ScoreRule {
    const char *kind;
    int64_t days;
    size_t place;      /* among the rules of the table, from 1 */
    const char *id;    /* of the rule in the file; NULL where no rule matches */
    const char *words; /* in the page's language; "" where no rule matches */
    int64_t points;
    int64_t most; /* that one rule may come to in a period, either way; INT_NONE: no end */
    bool is_department;
    bool is_person; /* and of his window */
} ScoreRule;
typedef LIST(const ScoreRule *) ScoreRuleList;

typedef enum ScoreBy { SCORE_DEPARTMENTS, SCORE_WINDOWS, SCORE_PERSONS } ScoreBy;

/* The version in force on a day, asked once for each kind of event. */
typedef struct ScoreRules {
    Request *req;
    Id definition; /* 0: there are no rules */
    const DmnModel *table;
    ScoreRuleList known;
} ScoreRules;

/* No rules on that day is no error: definition stays 0. */
MUST_CHECK bool score_rules_of(Request *req, Date day, ScoreRules *out, Error *err);

/* Where a period begins. score.bad_table (ERROR_UNAVAILABLE) when the table gives no number. */
MUST_CHECK bool score_start(ScoreRules *rules, ScoreBy by, int64_t *out, Error *err);

/* The rule of an event; the same pointer for events of one rule. NULL with score.bad_table. */
MUST_CHECK const ScoreRule *score_rule(ScoreRules *rules, const char *kind, int64_t days,
                                       Error *err);

/* ---- sums ------------------------------------------------------------------------------------ */

/* How often one rule matched. */
typedef struct ScoreSum {
    const ScoreRule *rule;
    int64_t count;
} ScoreSum;

/* The events of one department, window or person. */
typedef struct ScoreTally {
    Id id;
    LIST(ScoreSum) sums; /* one a rule */
} ScoreTally;
typedef LIST(ScoreTally) ScoreTallies;

/* The tally of an id, added when it is new. */
ScoreTally *score_tally(Arena *arena, ScoreTallies *tallies, Id id);
void score_tally_add(Arena *arena, ScoreTally *tally, const ScoreRule *rule, int64_t count);

/* What a sum comes to, its rule's most observed. */
int64_t score_sum_points(const ScoreSum *sum);
/* Of all events whose kind begins so ("" all): "rated.". */
int64_t score_tally_points(const ScoreTally *tally, const char *kinds);
int64_t score_tally_count(const ScoreTally *tally, const char *kinds);

/* "98.5", "-2"; signed: "+0.1". */
const char *score_text(Arena *arena, int64_t points, bool is_signed);

#endif
