#ifndef STATS_STATS_VIEWS_H
#define STATS_STATS_VIEWS_H

#include "web/view.h"

typedef struct FigureView {
    const char *code; /* S01 S02 S07 S08 */
    const char *key;  /* the same for /board/dossiers?figure= */
    const char *name;
    bool is_share; /* value is a share; else working days */
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

/* view: board.html  The leader's figures of a period, each with its definition and its dossiers. */
typedef struct BoardView {
    Date from;
    Date to;
    Instant at;
    VIEW_LIST(FigureView) figures;
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
    const char *limit_unit;
} FigureDossierView;

/* view: figure_dossiers.html  The dossiers behind a figure. */
typedef struct FigureDossiersView {
    const char *figure; /* s01 s02 s07 s08 */
    const char *name;
    const char *part;    /* counted rest */
    const char *meaning; /* which dossiers these are, in words */
    bool has_rest;
    const char *counted_label; /* private */
    const char *rest_label;    /* private */
    Date from;
    Date to;
    VIEW_LIST(FigureDossierView) dossiers;
    const char *period_query; /* private */
    Pager pager;
    EmptyState empty; /* private */
} FigureDossiersView;

#endif
