#ifndef SCORE_SCORE_VIEWS_H
#define SCORE_SCORE_VIEWS_H

#include "web/view.h"

/* Scores and points are decimals as text: "98.5", "-2"; points of a group of kinds "" for none. */
typedef struct ScoreLineView {
    int64_t rank; /* those with the same score share one */
    Id id;
    const char *name;
    const char *unit; /* of a window or a person; NULL of a department */
    const char *score;
    int64_t completed;
    const char *completion;
    const char *limits; /* overdue warnings, acceptance by silence */
    const char *rating;
    const char *correction;
    const char *complaint;
} ScoreLineView;

/* view: scores.html  Departments, windows or persons of a period, ranked by score. */
typedef struct ScoresView {
    const char *by; /* departments windows persons */
    const char *period;
    const char *period_name;
    Date from;
    Date to;
    bool has_rules;
    const char *start; /* what each begins with */
    bool is_all;       /* else only one's own score and that of one's department */
    VIEW_LIST(ScoreLineView) lines;
    Id own; /* 0 for who sees all */
    const char *own_score;
    Id own_unit;
    const char *own_unit_name;
    const char *own_unit_score;
    bool can_open_unit;
    FormField period_field; /* private */
    EmptyState empty;       /* private */
} ScoresView;

/* One rule of the table, and how often it matched. */
typedef struct ScoreSumView {
    const char *kind;
    const char *words;
    const char *points; /* of one */
    int64_t count;
    const char *sum;
    const char *most; /* that it may come to; NULL no end */
    bool is_shown;    /* the points below are of this kind */
} ScoreSumView;

typedef struct ScorePointView {
    Id entry; /* of the journal */
    Date day;
    const char *kind;
    const char *words;
    const char *points;
    const char *dossier; /* number, or NULL */
    Id correction;       /* 0 none */
    Id complaint;        /* 0 none */
    const char *complaint_number;
    const char *officer; /* NULL nobody */
} ScorePointView;

/* view: score.html  What a score is made of: rules, and each point with its entry. */
typedef struct ScoreView {
    const char *by;
    Id id;
    const char *name;
    const char *unit; /* of a window or a person */
    const char *period;
    const char *period_name;
    Date from;
    Date to;
    bool has_rules;
    const char *start;
    const char *score;
    const char *event; /* only points of this kind; "" all */
    VIEW_LIST(ScoreSumView) sums;
    VIEW_LIST(ScorePointView) points;
    Pager pager;
    EmptyState empty; /* private */
} ScoreView;

typedef struct ScoreRuleView {
    const char *id;
    const char *event;
    const char *days;
    const char *words;
    const char *points;
    const char *most; /* "" no end */
    bool is_department;
    bool is_person;
} ScoreRuleView;

/* view: score_rules.html  The rules of a period, in words. */
typedef struct ScoreRulesView {
    const char *period;
    const char *period_name;
    bool has_rules;
    int64_t version;
    Date effective_from;
    const char *start_department;
    const char *start_window;
    const char *start_person;
    VIEW_LIST(ScoreRuleView) rules;
    FormField period_field; /* private */
    EmptyState empty;       /* private */
} ScoreRulesView;

/* view: score_entry.html  An entry of the journal that a point was given for. */
typedef struct ScoreEntryView {
    Id entry;
    const char *kind; /* of the entry: task.completed */
    Instant at;
    const char *actor; /* name, or NULL */
    const char *actor_kind;
    const char *unit;
    const char *subject; /* NULL none */
    int64_t position;    /* 0: not sealed yet */
    const char *dossier; /* NULL none */
} ScoreEntryView;

#endif
