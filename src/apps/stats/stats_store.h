#ifndef STATS_STATS_STORE_H
#define STATS_STATS_STORE_H

/* Counters and their deltas as structs: the only code here that knows columns. */
#include "apps/stats/stats.h"

enum { STATS_BUCKETS = 8 };

/* A sum of one counter. total and histogram are of the measured value, where there is one. */
typedef struct CounterSum {
    Id unit;
    const char *item;
    const char *kind;
    const char *name;
    int64_t total;
    int64_t count;
    int64_t histogram[STATS_BUCKETS];
} CounterSum;
typedef LIST(CounterSum) CounterSums;

/* How often something was counted in a month ("2026-11"). */
typedef struct MonthSum {
    const char *month;
    const char *name;
    int64_t count;
} MonthSum;
typedef LIST(MonthSum) MonthSums;

/* One delta: where it counts, and what it adds. */
typedef struct CounterDelta {
    Id tenant;
    const char *day;
    Id hall_window;
    Id officer;
    CounterSum sum;
} CounterDelta;

MUST_CHECK bool store_delta(Tx *tx, const CounterDelta *delta, Error *err);

/* Folds the oldest `most` deltas of one tenant; out_more when that many were there. */
MUST_CHECK bool store_fold(Tx *tx, int most, bool *out_more, Error *err);
MUST_CHECK bool store_clear_counters(Tx *tx, Error *err);

/* Sums of [from, to], folded or not; one consistent state each. */
MUST_CHECK bool store_sums(DbConn *conn, Arena *arena, Id tenant, Date from, Date to,
                           CounterSums *out, Error *err);
MUST_CHECK bool store_months(DbConn *conn, Arena *arena, Id tenant, Date from, Date to,
                             MonthSums *out, Error *err);

#endif
