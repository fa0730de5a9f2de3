/* stats_store.c - the only code of this capability that knows columns. */
#include "apps/stats/stats_store.h"

#include "apps/stats/stats_sql.h"

bool store_delta(Tx *tx, const CounterDelta *delta, Error *err)
{
    const CounterSum *sum = &delta->sum;
    StatsDeltaInsertParams params = {.tenant = delta->tenant,
                                     .id = tx_new_id(tx),
                                     .day = delta->day,
                                     .unit = sum->unit,
                                     .hall_window = delta->hall_window,
                                     .officer = delta->officer,
                                     .item = sum->item,
                                     .kind = sum->kind,
                                     .name = sum->name,
                                     .total = sum->total,
                                     .count = sum->count,
                                     .h0 = sum->histogram[0],
                                     .h1 = sum->histogram[1],
                                     .h2 = sum->histogram[2],
                                     .h3 = sum->histogram[3],
                                     .h4 = sum->histogram[4],
                                     .h5 = sum->histogram[5],
                                     .h6 = sum->histogram[6],
                                     .h7 = sum->histogram[7]};
    return stats_delta_insert(tx_conn(tx), &params, NULL, err);
}

bool store_fold(Tx *tx, int most, bool *out_more, Error *err)
{
    StatsDeltaTenantRow oldest;
    StatsDeltaBoundRow portion;
    *out_more = false;
    if (!stats_delta_tenant(tx_conn(tx), tx_arena(tx), &oldest, err))
        return false;
    if (!oldest.tenant)
        return true;
    if (!stats_delta_bound(tx_conn(tx), tx_arena(tx), oldest.tenant, most, &portion, err) ||
        !stats_fold_portion(tx_conn(tx), oldest.tenant, portion.last, NULL, err) ||
        !stats_delta_delete(tx_conn(tx), oldest.tenant, portion.last, NULL, err))
        return false;
    *out_more = true; /* perhaps of another tenant; the next portion finds nothing or does it */
    return true;
}

bool store_clear_counters(Tx *tx, Error *err)
{
    return stats_clear_counters(tx_conn(tx), NULL, err) &&
           stats_clear_deltas(tx_conn(tx), NULL, err);
}

bool store_sums(DbConn *conn, Arena *arena, Id tenant, Date from, Date to, CounterSums *out,
                Error *err)
{
    StatsSumsRows rows = {0};
    if (!stats_sums(conn, arena, tenant, from, to, &rows, err))
        return false;
    list_each (StatsSumsRow, row, &rows) {
        CounterSum sum = {
            .unit = row->unit,
            .item = row->item,
            .kind = row->kind,
            .name = row->name,
            .total = row->total,
            .count = row->count,
            .histogram = {row->h0, row->h1, row->h2, row->h3, row->h4, row->h5, row->h6, row->h7}};
        list_add(arena, out, sum);
    }
    return true;
}

bool store_months(DbConn *conn, Arena *arena, Id tenant, Date from, Date to, MonthSums *out,
                  Error *err)
{
    StatsMonthsRows rows = {0};
    if (!stats_months(conn, arena, tenant, from, to, &rows, err))
        return false;
    list_each (StatsMonthsRow, row, &rows) {
        MonthSum sum = {.month = row->month, .name = row->name, .count = row->count};
        list_add(arena, out, sum);
    }
    return true;
}
