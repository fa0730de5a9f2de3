#ifndef STATS_STATS_FIGURES_H
#define STATS_STATS_FIGURES_H

/* The board's arithmetic: sums of counters -> figures and lines. No SQL, no HTML. */
#include "apps/stats/stats_store.h"

/* A figure as two whole numbers and their quotient, so that anybody can recount it. */
typedef struct Figure {
    const char *code;    /* S01 to S10; S10 has two variants */
    const char *key;     /* s01 to s10, and s10b with the middle grade; for texts and links */
    bool is_share;       /* else working days */
    bool is_inferred;    /* the formula is ours: no source states it */
    bool has_value;      /* false: the denominator is 0 */
    int64_t numerator;   /* S06: working days promised; S07, S08: thousandths of them used */
    int64_t denominator; /* S06: working days allowed by law; S07: thousandths of them */
    double value;
} Figure;

enum { FIGURE_COUNT = 11 };

void figures_of(const CounterSums *sums, Figure out[FIGURE_COUNT]);

/* How often a period counted this name. */
int64_t counted_of(const CounterSums *sums, const char *name);

/* How many of a period were withdrawn: no figure counts them as completed. */
int64_t withdrawn_of(const CounterSums *sums);

/* One line of a table: of a unit, an item, or all. */
typedef struct TotalLine {
    Id unit;
    const char *item;
    const char *kind;
    int64_t filed, accepted, not_accepted, completed, on_time;
    int64_t used_millidays; /* of the completed */
} TotalLine;
typedef LIST(TotalLine) TotalLines;

/* Lines by unit, and by item with its kind, in the order of the sums. */
void totals_by_unit(const CounterSums *sums, Arena *arena, TotalLines *out);
void totals_by_item(const CounterSums *sums, Arena *arena, TotalLines *out);

typedef struct MonthLine {
    const char *month;
    int64_t filed, accepted, completed, on_time;
} MonthLine;
typedef LIST(MonthLine) MonthLines;

/* One line for each month in which something was counted, ascending. */
void months_of(const MonthSums *sums, Arena *arena, MonthLines *out);

/* The bucket of the histogram in which the median of the completed promised items lies; -1 without
 * any. */
int median_bucket(const CounterSums *sums);

#endif
