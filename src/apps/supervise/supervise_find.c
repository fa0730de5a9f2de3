/* supervise_find.c - the dossiers behind a figure of a period, page by page. */
#include "apps/supervise/supervise_internal.h"

SupervisedPlace supervised_place(Arena *arena, const char *after, SupervisedPlace top)
{
    const char **parts;
    SupervisedPlace place;
    bool is_place = after && text_split(arena, after, '.', &parts) == 2 &&
                    text_to_int64(parts[0], &place.at) && text_to_int64(parts[1], &place.dossier);
    return is_place ? place : top;
}

Instant supervise_near(const CalendarTable *table, Instant now)
{
    enum { NEAR_MILLIDAYS = 1000, NEAR_DAYS_AT_MOST = 40 };
    Instant low = now, high = now + NEAR_DAYS_AT_MOST * DAY_MS;
    while (low < high) {
        Instant middle = low + (high - low + 1) / 2;
        if (calendar_millidays(table, now, middle) <= NEAR_MILLIDAYS)
            low = middle;
        else
            high = middle - 1;
    }
    return low + 1;
}

const char *supervised_next(Arena *arena, SupervisedList *rows, int most, bool is_open_list)
{
    if (rows->count <= (size_t)most)
        return NULL;
    rows->count = (size_t)most;
    const Supervised *last = &rows->items[rows->count - 1];
    Instant at = is_open_list ? last->due_at : last->completed_at;
    if (at == INSTANT_NONE)
        at = SUPERVISED_NO_DUE;
    return arena_printf(arena, "%lld.%lld", (long long)at, (long long)last->dossier);
}

static bool find_open(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                      SupervisedList *out, Error *err)
{
    SupervisedOpenQuery open = {.due_from = INSTANT_NONE + 1,
                                .due_before = INT64_MAX,
                                .accepted_from = query->from,
                                .accepted_before = query->before,
                                .after = supervised_place(arena, query->after, SUPERVISED_FIRST),
                                .most = query->most + 1};
    return store_supervised_open(conn, arena, tenant, &open, out, err);
}

static bool find_completed(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                           SupervisedList *out, Error *err)
{
    SupervisedCompletedQuery completed = {
        .from = query->from,
        .before = query->before,
        .kind = query->set == SUPERVISED_PROMISED ? "promised" : "",
        .timing = query->set == SUPERVISED_ON_TIME ? 1
                  : query->set == SUPERVISED_LATE  ? 2
                                                   : 0,
        .is_accepted = true,
        .after = supervised_place(arena, query->after, SUPERVISED_LAST),
        .most = query->most + 1};
    return store_supervised_completed(conn, arena, tenant, &completed, out, err);
}

bool supervise_find(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                    SupervisedList *out, const char **out_next, Error *err)
{
    bool is_open_list = query->set == SUPERVISED_STILL_OPEN;
    bool is_found = is_open_list ? find_open(conn, arena, tenant, query, out, err)
                                 : find_completed(conn, arena, tenant, query, out, err);
    if (is_found)
        *out_next = supervised_next(arena, out, query->most, is_open_list);
    return is_found;
}
