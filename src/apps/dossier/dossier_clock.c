/*
 * dossier_clock.c - the legal clock of a dossier: derived from the calendar, never computed here;
 * and its re-derivation, in batches, when the calendar changed.
 */
#include "apps/dossier/dossier_internal.h"
#include "service/calendars.h"

enum { BATCH = 200 };

static UncountedSpan *uncounted(Arena *arena, const Spans *spans)
{
    UncountedSpan *out = arena_array(arena, UncountedSpan, spans->count);
    for (size_t i = 0; i < spans->count; i++) {
        const Span *span = &spans->items[i];
        out[i] = (UncountedSpan){.from = span->from,
                                 .to = span->to,
                                 .ground = span->ground,
                                 .has_own_limit = span->has_own_limit,
                                 .own_limit = span->own_limit};
    }
    return out;
}

/* A span begins behind its first moment: a clock that stops just now is asked a moment later. */
static Instant moment_asked(const Spans *spans, Instant now)
{
    list_each (Span, span, spans)
        if (span->to == INSTANT_NONE && span->from == now)
            return now + 1;
    return now;
}

static const char *ground_of_stop(const Spans *spans)
{
    list_each (Span, span, spans)
        if (span->to == INSTANT_NONE)
            return span->ground;
    return NULL;
}

ClockInput clock_input(const ClockRow *row, const Spans *spans, Instant now)
{
    return (ClockInput){.limit = row->limit,
                        .extension = row->extension,
                        .started_at = row->started_at,
                        .spans = spans,
                        .now = now};
}

bool clock_derive(App *app, DbConn *conn, Arena *arena, const ClockInput *asked,
                  LegalClock *out_clock, ClockRow *out_row, Error *err)
{
    static const Spans none;
    const Spans *spans = asked->spans ? asked->spans : &none;
    const CalendarTable *table = calendars_get(app->calendars, conn, app->tenant, err);
    LegalClock clock;
    LimitExtension extension = {.amount = (int32_t)asked->extension, .ground = CLOCK_EXTENSION};
    LegalClockInput input = {.received_at = asked->started_at,
                             .receipt = RECEIPT_NEXT_WORKING_MOMENT,
                             .limit = asked->limit,
                             .spans = uncounted(arena, spans),
                             .span_count = spans->count,
                             .extensions = &extension,
                             .extension_count = asked->extension > 0,
                             .now = moment_asked(spans, asked->now),
                             .warn_before = {1, LIMIT_WORKING_DAYS}};
    if (!table || !legal_clock_derive(table, arena, &input, &clock, err))
        return false;
    bool is_stopped = clock.is_open && clock.state == LEGAL_CLOCK_STOPPED;
    *out_row =
        (ClockRow){.dossier = out_row->dossier,
                   .limit = asked->limit,
                   .extension = asked->extension,
                   .started_at = asked->started_at,
                   .due_at = clock.due_at,
                   .due_on = clock.due_date,
                   .provisional_from = clock.is_provisional ? clock.first_provisional : DATE_NONE,
                   .stopped_at = INSTANT_NONE,
                   .ground = is_stopped ? ground_of_stop(spans) : NULL,
                   .runs_again_at = is_stopped ? clock.stop_ends_at : INSTANT_NONE};
    if (out_clock)
        *out_clock = clock;
    return true;
}

bool clock_current(Work *work, ClockRow *out, bool *out_found, Error *err)
{
    *out_found = work->has_new_clock || work->has_moved_clock;
    *out = work->clock;
    return *out_found || work->is_new ||
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
    if (!spans_read(work, err) || !clock_current(work, &row, &has_clock, err))
        return false;
    if (!has_clock)
        row = (ClockRow){0};
    ClockInput input = clock_input(&row, &work->spans, tx_now(work->tx));
    if (has_clock &&
        !clock_derive(work->app, tx_conn(work->tx), work->arena, &input, &clock, &derived, err))
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
    Id after; /* last dossier of the batch before */
    Id last;
    TimerRow after_timer; /* last timer of silence of the batch before */
    SilenceBatch silence;
    Id after_delivery; /* last certificate to serve of the batch before */
    DeliveryBatch deliveries;
    int looked; /* clocks and timers looked at in this batch */
    int moved;  /* and moved */
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

/* A clock that stands still has no date to move: it gets one when it runs again. When that will be
 * may have changed. */
static bool rederive_stopped(Tx *tx, App *app, const ClockRow *before, const ClockRow *after,
                             Error *err)
{
    ClockRow row = *before;
    row.runs_again_at = after->runs_again_at;
    return row.runs_again_at == before->runs_again_at || store_move_clock(tx, app, &row, err);
}

static bool derive_again(Tx *tx, App *app, const ClockRow *before, ClockRow *out, Error *err)
{
    Spans spans = {0};
    ClockInput input = clock_input(before, &spans, tx_now(tx));
    *out = (ClockRow){.dossier = before->dossier};
    return (!before->has_spans ||
            store_spans(tx_conn(tx), tx_arena(tx), app->tenant, before->dossier, &spans, err)) &&
           clock_derive(app, tx_conn(tx), tx_arena(tx), &input, NULL, out, err);
}

static bool take_derived(Tx *tx, App *app, const ClockRow *before, const ClockRow *after,
                         bool *out_moved, Error *err)
{
    *out_moved = false;
    if (before->ground && after->ground)
        return rederive_stopped(tx, app, before, after, err);
    bool is_same = after->due_at == before->due_at &&
                   date_compare(after->provisional_from, before->provisional_from) == 0;
    *out_moved = !is_same;
    return is_same || move_clock(tx, app, before, after, err);
}

/* ---- what cannot be derived ------------------------------------------------------------------ */

void work_put_incident(JsonWriter *json, const void *incident)
{
    json_put_id(json, "incident", ((const Incident *)incident)->id);
}

bool work_tell_incident(Work *work, const char *kind, const char *step, const Incident *incident,
                        WorkData data, const void *context, Error *err)
{
    if (!store_lock(work->tx, work->app, incident->dossier, &work->dossier, err))
        return false;
    work->version_before = work->dossier.version;
    work->steps = steps_begin(work->arena);
    steps_put(&work->steps, step);
    json_put_id(&work->steps.json, "incident", incident->id);
    if (incident->code) {
        json_put_text(&work->steps.json, "element", incident->element);
        json_put_text(&work->steps.json, "code", incident->code);
    }
    steps_end(&work->steps);
    return work_append(work, kind, NULL, data, context, err);
}

/* The date stays as it was promised; an administrator is told, once. */
static bool raise_stuck(Tx *tx, App *app, const ClockRow *row, const Error *why, Error *err)
{
    Work work = {.tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "system"};
    Move move = {.arena = work.arena, .before = *row, .after = *row};
    Id open;
    if (!store_incident_of_node(tx, app, row->dossier, CLOCK_NODE, &open, err))
        return false;
    if (open)
        return true;
    Incident incident = {.id = tx_new_id(tx),
                         .dossier = row->dossier,
                         .node = CLOCK_NODE,
                         .element = "legal_clock",
                         .code = why->code,
                         .raised_at = tx_now(tx)};
    incident.message =
        arena_printf(work.arena, "the deadline cannot be derived again: %s", why->code);
    return store_add_incident(tx, app, &incident, err) &&
           work_tell_incident(&work, "clock.rederived", "incident", &incident, put_move, &move,
                              err);
}

static bool end_stuck(Tx *tx, App *app, const ClockRow *row, Error *err)
{
    Work work = {.tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "system"};
    Move move = {.arena = work.arena, .before = *row, .after = *row};
    Incident ended = {.dossier = row->dossier};
    if (!store_end_incident(tx, app, row->dossier, CLOCK_NODE, 0, &ended.id, err))
        return false;
    return !ended.id || work_tell_incident(&work, "clock.rederived", "incident_resolved", &ended,
                                           put_move, &move, err);
}

bool clock_mend(Tx *tx, App *app, const User *admin, const Incident *incident, Error *err)
{
    Work work = {
        .tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "officer", .actor = admin->id};
    ClockRow before, after;
    bool has_clock, has_moved;
    Incident ended = {.dossier = incident->dossier};
    if (!store_clock(tx_conn(tx), work.arena, app->tenant, incident->dossier, &before, &has_clock,
                     err))
        return false;
    before.has_spans = true; /* not told here: they are looked for */
    if (has_clock && !derive_again(tx, app, &before, &after, err))
        return false;
    return store_end_incident(tx, app, incident->dossier, CLOCK_NODE, admin->id, &ended.id, err) &&
           work_tell_incident(&work, "incident.mended", "incident_resolved", &ended,
                              work_put_incident, &ended, err) &&
           (!has_clock || before.stopped_at != INSTANT_NONE ||
            take_derived(tx, app, &before, &after, &has_moved, err));
}

static bool rederive_one(Tx *tx, Rederivation *job, const ClockRow *before, Error *err)
{
    ClockRow after;
    bool has_moved;
    Error why = ERROR_NONE;
    if (!derive_again(tx, job->app, before, &after, &why)) {
        if (why.kind == ERROR_INVALID || why.kind == ERROR_TOO_LARGE)
            return raise_stuck(tx, job->app, before, &why, err);
        *err = why;
        return false;
    }
    if (!end_stuck(tx, job->app, before, err) ||
        !take_derived(tx, job->app, before, &after, &has_moved, err))
        return false;
    job->moved += has_moved;
    return true;
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
    int left = BATCH - job->looked;
    return silence_rederive(tx, job->app, &job->after_timer, left, &job->silence, err) &&
           delivery_rederive(tx, job->app, job->after_delivery, left - job->silence.looked,
                             &job->deliveries, err);
}

static int looked_at(const Rederivation *job)
{
    return job->looked + job->silence.looked + job->deliveries.looked;
}

bool dossier_rederive(App *app, int *out_changed, Error *err)
{
    Rederivation job = {.app = app, .after_timer = {.due_at = INT64_MIN}};
    *out_changed = 0;
    do {
        if (!db_write(app->db, NULL, rederive_batch, &job, err))
            return false;
        job.after = job.last;
        job.after_timer = job.silence.last;
        job.after_delivery = job.deliveries.last;
        *out_changed += job.moved + job.silence.moved + job.deliveries.moved;
    } while (looked_at(&job) == BATCH);
    return true;
}
