/*
 * dossier_clock.c - the legal clock of a dossier: derived from the calendar, never computed here;
 * and its re-derivation, in batches, when the calendar changed.
 */
#include "apps/dossier/dossier_internal.h"
#include "service/calendars.h"

enum { BATCH = 200 };

bool clock_derive(App *app, DbConn *conn, Arena *arena, Limit limit, Instant started_at,
                  Instant now, LegalClock *out_clock, ClockRow *out_row, Error *err)
{
    const CalendarTable *table = calendars_get(app->calendars, conn, app->tenant, err);
    LegalClock clock;
    LegalClockInput input = {.received_at = started_at,
                             .receipt = RECEIPT_NEXT_WORKING_MOMENT,
                             .limit = limit,
                             .now = now,
                             .warn_before = {1, LIMIT_WORKING_DAYS}};
    if (!table || !legal_clock_derive(table, arena, &input, &clock, err))
        return false;
    *out_row =
        (ClockRow){.dossier = out_row->dossier,
                   .limit = limit,
                   .started_at = started_at,
                   .due_at = clock.due_at,
                   .due_on = clock.due_date,
                   .provisional_from = clock.is_provisional ? clock.first_provisional : DATE_NONE,
                   .stopped_at = INSTANT_NONE};
    if (out_clock)
        *out_clock = clock;
    return true;
}

/* The clock as it stands: made in this command, or stored. */
static bool current_clock(Work *work, ClockRow *out, bool *out_found, Error *err)
{
    *out_found = work->has_new_clock;
    *out = work->clock;
    return work->has_new_clock || work->is_new ||
           store_clock(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id, out,
                       out_found, err);
}

static void put_measures(Work *work, const ClockRow *row, const LegalClock *clock)
{
    JsonWriter *json = &work->steps.json;
    json_put_bool(json, "on_time", tx_now(work->tx) <= row->due_at);
    json_put_int(json, "started_at", row->started_at);
    json_put_int(json, "due_at", row->due_at);
    json_put_int(json, "used_millidays", clock->used_millidays);
    json_put_int(json, "statutory_limit", work->dossier.statutory_limit);
    json_put_int(json, "promised_limit", work->dossier.promised_limit);
    json_put_text(json, "limit_unit", work->dossier.limit_unit);
}

bool clock_put_completed(Work *work, Error *err)
{
    ClockRow row, derived = {0};
    LegalClock clock;
    bool has_clock;
    if (!current_clock(work, &row, &has_clock, err))
        return false;
    if (has_clock && !clock_derive(work->app, tx_conn(work->tx), work->arena, row.limit,
                                   row.started_at, tx_now(work->tx), &clock, &derived, err))
        return false;
    steps_put(&work->steps, "completed");
    json_put_text(&work->steps.json, "outcome", work->dossier.state);
    json_put_bool(&work->steps.json, "accepted", has_clock);
    if (has_clock)
        put_measures(work, &row, &clock);
    steps_end(&work->steps);
    return true;
}

/* ---- re-derivation --------------------------------------------------------------------------- */

typedef struct Rederivation {
    App *app;
    Id after;   /* last dossier of the batch before */
    int looked; /* clocks looked at in this batch */
    int moved;  /* clocks moved in this batch */
    Id last;
} Rederivation;

typedef struct Move {
    Arena *arena;
    ClockRow before, after;
} Move;

static void put_move(JsonWriter *json, const void *context)
{
    const Move *move = context;
    json_put_text(json, "old_due_on", date_text(move->arena, move->before.due_on));
    json_put_text(json, "new_due_on", date_text(move->arena, move->after.due_on));
}

static bool move_clock(Tx *tx, App *app, const ClockRow *before, const ClockRow *after, Error *err)
{
    Work work = {.tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "system"};
    Move move = {.arena = work.arena, .before = *before, .after = *after};
    if (!store_lock(tx, app, before->dossier, &work.dossier, err) ||
        !store_move_clock(tx, app, after, err) ||
        !store_move_tasks(tx, app, before->dossier, before->due_at, after->due_at, err))
        return false;
    work.version_before = work.dossier.version;
    work.steps = steps_begin(work.arena);
    steps_put_due(&work.steps, work.arena, "due", after);
    return work_append(&work, "clock.rederived", NULL, put_move, &move, err);
}

static bool rederive_one(Tx *tx, Rederivation *job, const ClockRow *before, Error *err)
{
    ClockRow after = {.dossier = before->dossier};
    if (!clock_derive(job->app, tx_conn(tx), tx_arena(tx), before->limit, before->started_at,
                      tx_now(tx), NULL, &after, err))
        return false;
    bool is_same = after.due_at == before->due_at &&
                   date_compare(after.provisional_from, before->provisional_from) == 0;
    if (is_same)
        return true;
    job->moved++;
    return move_clock(tx, job->app, before, &after, err);
}

static bool rederive_batch(Tx *tx, void *data, Error *err)
{
    Rederivation *job = data;
    ClockRows rows = {0};
    job->looked = 0; /* a batch may run more than once */
    job->moved = 0;
    if (!store_running_clocks(tx_conn(tx), tx_arena(tx), job->app->tenant, job->after, INT64_MIN,
                              BATCH, &rows, err))
        return false;
    list_each (ClockRow, row, &rows) {
        if (!rederive_one(tx, job, row, err))
            return false;
        job->last = row->dossier;
        job->looked++;
    }
    return true;
}

bool dossier_rederive(App *app, int *out_changed, Error *err)
{
    Rederivation job = {.app = app};
    *out_changed = 0;
    do {
        if (!db_write(app->db, NULL, rederive_batch, &job, err))
            return false;
        job.after = job.last;
        *out_changed += job.moved;
    } while (job.looked == BATCH);
    return true;
}
