#ifndef STATS_STATS_VIEWS_H
#define STATS_STATS_VIEWS_H

#include "web/view.h"

typedef struct FigureView {
    const char *code; /* S01 to S10; two variants of S10 */
    const char *key;  /* s01 to s10, s10b: for /board/dossiers?figure= */
    const char *name;
    const char *dossiers; /* address of those behind it */
    bool is_share;        /* value is a share; else working days */
    bool has_value;
    double value;                    /* null where the denominator is 0 */
    const char *shown; /* private */ /* the value, rounded for reading */
    const char *unit;                /* of the value, "" for shares */
    int64_t numerator;
    int64_t denominator;
    const char *definition; /* the formula in words */
    const char *count_by;   /* period: what falls into the period, not a cohort */
    const char *status;     /* reproduced inferred */
    const char *median;     /* of S08, in words; or NULL */
    const char *recount;    /* the two numbers in words */
} FigureView;

typedef struct TotalLineView {
    const char *name;
    const char *code; /* of an item, or NULL */
    const char *kind; /* of an item, or NULL */
    int64_t filed;
    int64_t accepted;
    int64_t not_accepted;
    int64_t completed;
    bool has_completed;
    double on_time;            /* share of the completed, null without any */
    const char *on_time_shown; /* private */
    double days;               /* mean working days of the completed, null without any */
} TotalLineView;

typedef struct MonthLineView {
    const char *month; /* 2026-11 */
    int64_t filed;
    int64_t accepted;
    int64_t completed;
    bool has_completed;
    double on_time;
    const char *on_time_shown; /* private */
    double bar; /* private */  /* completed, as a share of the busiest month */
} MonthLineView;

/* How many dossiers are in a stage now. */
typedef struct BoardStageView {
    const char *stage; /* intake review fee decision service */
    int64_t open;
    const char *dossiers; /* address of those */
} BoardStageView;

/* view: board.html  The leader's figures of a period, each with its definition and its dossiers. */
typedef struct BoardView {
    Date from;
    Date to;
    Instant at;
    VIEW_LIST(FigureView) figures;
    int64_t withdrawn; /* in the period; no figure counts them as completed */
    const char *withdrawn_dossiers;
    VIEW_LIST(BoardStageView) stages; /* open ones, now: the period does not matter */
    VIEW_LIST(TotalLineView) units;
    VIEW_LIST(TotalLineView) items;
    VIEW_LIST(MonthLineView) months;
    FormField from_field;                /* private */
    FormField to_field;                  /* private */
    const char *own_query; /* private */ /* of this page, for the renewal of the hall screen */
    EmptyState empty;                    /* private */
} BoardView;

typedef struct FigureDossierView {
    const char *number;
    const char *item;
    const char *unit;
    const char *kind;
    const char *state;
    Instant accepted_at;
    Instant due_at;
    Instant completed_at;
    bool is_late;
    bool has_used;
    double used_days;
    int64_t statutory_limit;
    int64_t promised_limit;
    const char *limit_unit;
    Instant rated_at;
    int64_t grade; /* 1 is the best, 0 not rated */
    int64_t scale; /* how many grades there were */
} FigureDossierView;

typedef struct FigurePartView {
    const char *part; /* counted base rest */
    const char *label;
    bool is_shown;
} FigurePartView;

/* view: figure_dossiers.html  The dossiers behind a figure. */
typedef struct FigureDossiersView {
    const char *figure; /* s01 to s10, s10b, withdrawn, open */
    const char *name;
    const char *part;                /* counted base rest */
    const char *meaning;             /* which dossiers these are, in words */
    bool is_now;                     /* open ones: of no period */
    bool has_ratings; /* private */  /* show grades rather than times */
    VIEW_LIST(FigurePartView) parts; /* none when the figure has one part */
    Date from;
    Date to;
    VIEW_LIST(FigureDossierView) dossiers;
    const char *period_query;             /* private */
    const char *list_query; /* private */ /* what is listed, from its beginning */
    Pager pager;
    EmptyState empty; /* private */
} FigureDossiersView;

#endif
