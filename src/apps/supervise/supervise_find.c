/* supervise_find.c - the dossiers behind a figure of a period, page by page. */
#include "apps/supervise/supervise_internal.h"

SupervisedPlace supervised_place(Arena *arena, const char *after, SupervisedPlace top)
{
    (void)place_split(arena, after, &top.at, &top.dossier);
    return top;
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

static Instant moment_of(const Supervised *row, SupervisedOrder order)
{
    switch (order) {
    case BY_DUE: return row->due_at == INSTANT_NONE ? SUPERVISED_NO_DUE : row->due_at;
    case BY_COMPLETED: return row->completed_at;
    case BY_ACCEPTED: return row->accepted_at;
    case BY_RATED: return row->rated_at;
    }
    return INSTANT_NONE;
}

const char *supervised_next(Arena *arena, SupervisedList *rows, int most, SupervisedOrder order)
{
    if (rows->count <= (size_t)most)
        return NULL;
    rows->count = (size_t)most;
    const Supervised *last = &rows->items[rows->count - 1];
    return arena_printf(arena, "%lld.%lld", (long long)moment_of(last, order),
                        (long long)last->dossier);
}

/* ---- sets ------------------------------------------------------------------------------------ */

typedef struct SetRule {
    SupervisedOrder order;
    SupervisedPastQuery past; /* its conditions */
} SetRule;

enum { COMPLETED = 1, WITHDRAWN, SPOT = 1, PROMISED, ON_TIME = 1, LATE, EARLY, NOT_EARLY };

static const SetRule rules[] = {
    [SUPERVISED_OPEN] = {.order = BY_DUE},
    [SUPERVISED_STILL_OPEN] = {.order = BY_DUE},
    [SUPERVISED_ACCEPTED] = {.order = BY_ACCEPTED},
    [SUPERVISED_COMPLETED] = {BY_COMPLETED, {.ended = COMPLETED}},
    [SUPERVISED_ON_TIME] = {BY_COMPLETED, {.ended = COMPLETED, .timing = ON_TIME}},
    [SUPERVISED_LATE] = {BY_COMPLETED, {.ended = COMPLETED, .timing = LATE}},
    [SUPERVISED_ON_THE_SPOT] = {BY_COMPLETED, {.ended = COMPLETED, .spot = SPOT}},
    [SUPERVISED_PROMISED] = {BY_COMPLETED, {.ended = COMPLETED, .spot = PROMISED}},
    [SUPERVISED_EARLY] = {BY_COMPLETED, {.ended = COMPLETED, .spot = PROMISED, .timing = EARLY}},
    [SUPERVISED_NOT_EARLY] = {BY_COMPLETED,
                              {.ended = COMPLETED, .spot = PROMISED, .timing = NOT_EARLY}},
    [SUPERVISED_LIMITED] = {BY_COMPLETED, {.ended = COMPLETED, .is_limited = true}},
    [SUPERVISED_ENDED] = {.order = BY_COMPLETED},
    [SUPERVISED_WITHDRAWN] = {BY_COMPLETED, {.ended = WITHDRAWN}},
    [SUPERVISED_RATED] = {.order = BY_RATED},
    [SUPERVISED_SATISFIED] = {BY_RATED, {.mood = 1}},
    [SUPERVISED_NOT_SATISFIED] = {BY_RATED, {.mood = 2}},
    [SUPERVISED_AT_LEAST_BASIC] = {BY_RATED, {.mood = 3}},
    [SUPERVISED_NOT_AT_LEAST_BASIC] = {BY_RATED, {.mood = 4}},
};

static bool find_open(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                      SupervisedList *out, Error *err)
{
    bool is_now = query->set == SUPERVISED_OPEN;
    SupervisedOpenQuery open = {.due_from = INSTANT_NONE + 1,
                                .due_before = INT64_MAX,
                                .accepted_from = is_now ? 0 : query->from,
                                .accepted_before = is_now ? INT64_MAX : query->before,
                                .stage = is_now ? query->stage : NULL,
                                .after = supervised_place(arena, query->after, SUPERVISED_FIRST),
                                .most = query->most + 1};
    return store_supervised_open(conn, arena, tenant, &open, out, err);
}

static bool find_past(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                      SupervisedList *out, Error *err)
{
    SupervisedPastQuery past = rules[query->set].past;
    past.from = query->from;
    past.before = query->before;
    past.after = supervised_place(arena, query->after, SUPERVISED_LAST);
    past.most = query->most + 1;
    switch (rules[query->set].order) {
    case BY_ACCEPTED: return store_supervised_accepted(conn, arena, tenant, &past, out, err);
    case BY_RATED: return store_supervised_rated(conn, arena, tenant, &past, out, err);
    default: return store_supervised_completed(conn, arena, tenant, &past, out, err);
    }
}

bool supervise_find(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                    SupervisedList *out, const char **out_next, Error *err)
{
    SupervisedOrder order = rules[query->set].order;
    bool is_found = order == BY_DUE ? find_open(conn, arena, tenant, query, out, err)
                                    : find_past(conn, arena, tenant, query, out, err);
    if (is_found)
        *out_next = supervised_next(arena, out, query->most, order);
    return is_found;
}

/* ---- stages ---------------------------------------------------------------------------------- */

bool supervise_stages(DbConn *conn, Arena *arena, Id tenant, StageCounts *out, Error *err)
{
    static const char *const stages[] = {"intake", "review", "fee", "decision", "service"};
    size_t known = sizeof stages / sizeof stages[0];
    StageCounts counted = {0};
    if (!store_supervised_stages(conn, arena, tenant, &counted, err))
        return false;
    for (size_t i = 0; i < known; i++)
        list_add(arena, out, (StageCount){.stage = stages[i]});
    list_each (StageCount, count, &counted) {
        size_t i = 0;
        while (i < known && !text_equal(stages[i], count->stage))
            i++;
        if (i < known)
            out->items[i].open = count->open;
        else
            list_add(arena, out, *count);
    }
    return true;
}
