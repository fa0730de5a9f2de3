/*
 * dossier_span.c - time that is not counted: spans that open and close in a command, and what they
 * do to the clock.
 *
 *     verbs, tasks with the property "uncounted" -> spans -> (calendar) -> due date, steps, rows
 *
 * While a span is open the clock stands still and has no date to promise; the stored one is what it
 * would be if the span ended at once. A span that passes its own limit lets the clock run again by
 * itself: legal_clock.runs_again_at, fired as a timer is (dossier_suspend.c).
 */
#include "apps/dossier/dossier_internal.h"

static Date today_of(const Work *work)
{
    return instant_date(tx_now(work->tx), work->app->zone_minutes);
}

bool spans_read(Work *work, Error *err)
{
    if (work->has_read_spans || !work->dossier.span_count)
        return true;
    work->has_read_spans = true;
    return store_spans(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                       &work->spans, err);
}

/* ---- own limits ------------------------------------------------------------------------------ */

static bool derive(Work *work, const ClockRow *row, LegalClock *out_clock, ClockRow *out_row,
                   Error *err)
{
    ClockInput input = clock_input(row, &work->spans, tx_now(work->tx));
    *out_row = (ClockRow){.dossier = work->dossier.id};
    return clock_derive(work->app, tx_conn(work->tx), work->arena, &input, out_clock, out_row, err);
}

static int32_t days_used(const LegalClock *clock, const Ground *ground)
{
    bool is_worked_only = ground->own_limit.unit == LIMIT_WORKING_DAYS;
    int32_t used = 0;
    for (size_t i = 0; i < clock->day_count; i++) {
        const LegalDay *day = &clock->days[i];
        used += day->effect == LEGAL_NOT_COUNTED && text_equal(day->ground, ground->code) &&
                (day->day.is_worked || !is_worked_only);
    }
    return used;
}

/* Who cuts one hearing in two has one limit for both (of days; other limits run each for itself).
 */
static bool limit_left(Work *work, const ClockRow *row, const Ground *ground, Limit *out,
                       Error *err)
{
    LegalClock clock;
    ClockRow derived;
    *out = ground->own_limit;
    bool is_in_days = out->unit == LIMIT_WORKING_DAYS || out->unit == LIMIT_CALENDAR_DAYS;
    if (!ground->has_own_limit || !is_in_days || !work->spans.count)
        return true;
    if (!derive(work, row, &clock, &derived, err))
        return false;
    out->amount -= days_used(&clock, ground);
    return true;
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void put_stopped(Work *work, const Span *span)
{
    JsonWriter *json = &work->steps.json;
    steps_put(&work->steps, "stopped");
    json_put_text(json, "ground", span->ground);
    json_put_text(json, "name", span->name.zh);
    json_put_text(json, "name_en", span->name.en);
    json_put_id(json, "task", span->task);
    json_put_int(json, "from", span->from);
    if (span->has_own_limit) {
        json_put_int(json, "own_limit", span->own_limit.amount);
        json_put_text(json, "own_unit", limit_unit_name(span->own_limit.unit));
    }
    steps_end(&work->steps);
}

static void add_span(Work *work, const Span *span)
{
    list_add(work->arena, &work->spans, *span);
    work->dossier.span_count++;
    work->has_read_spans = true;
    work->has_changed_spans = true;
    put_stopped(work, span);
}

bool span_begin(Work *work, Id task, const char *cause, const char *code, const char *note,
                bool *out_opened, Error *err)
{
    ClockRow row;
    Limit left;
    bool has_clock, is_open = false;
    bool *opened = out_opened ? out_opened : &is_open;
    *opened = false;
    if (!clock_current(work, &row, &has_clock, err) || !spans_read(work, err))
        return false;
    if (!has_clock)
        return true;
    const Ground *known = catalogue_ground(work->app, tx_conn(work->tx), code, today_of(work), err);
    Ground ground;
    if (!known || !rule_own_limit(work, known, &ground, err) ||
        !limit_left(work, &row, &ground, &left, err))
        return false;
    *opened = !ground.has_own_limit || left.amount > 0;
    if (!*opened)
        return true;
    Span span = {.id = tx_new_id(work->tx),
                 .task = task,
                 .cause = cause,
                 .ground = ground.code,
                 .name = ground.name,
                 .from = tx_now(work->tx),
                 .to = INSTANT_NONE,
                 .has_own_limit = ground.has_own_limit,
                 .own_limit = left,
                 .note = note,
                 .opened_by = text_equal(work->actor_kind, "officer") ? work->actor : 0,
                 .is_new = true};
    add_span(work, &span);
    return true;
}

static void close(Work *work, Span *span)
{
    span->to = tx_now(work->tx);
    span->closed_by = text_equal(work->actor_kind, "officer") ? work->actor : 0;
    span->is_closed = true;
    work->has_changed_spans = true;
    steps_put(&work->steps, "resumed");
    json_put_text(&work->steps.json, "ground", span->ground);
    json_put_id(&work->steps.json, "task", span->task);
    steps_end(&work->steps);
}

bool spans_end(Work *work, Id task, const char *cause, int *out_closed, Error *err)
{
    int closed = 0;
    if (!spans_read(work, err))
        return false;
    list_each (Span, span, &work->spans)
        if (span->to == INSTANT_NONE && (!task || span->task == task) &&
            (!cause || text_equal(span->cause, cause))) {
            close(work, span);
            closed++;
        }
    if (out_closed)
        *out_closed = closed;
    return true;
}

/* ---- what follows ---------------------------------------------------------------------------- */

bool spans_settle(Work *work, Error *err)
{
    ClockRow before, after;
    bool has_clock;
    if (!work->has_changed_spans)
        return true;
    if (!clock_current(work, &before, &has_clock, err) ||
        (has_clock && !derive(work, &before, NULL, &after, err)))
        return false;
    if (!has_clock)
        return true;
    work->clock = after;
    work->has_moved_clock = !work->has_new_clock;
    work->due_before = before.due_at;
    if (after.due_at != before.due_at)
        steps_put_due(&work->steps, work->arena, "due", &after);
    return true;
}

bool spans_save(Work *work, Error *err)
{
    if (!work->has_changed_spans)
        return true;
    list_each (Span, span, &work->spans) {
        bool is_stored = true;
        if (span->is_new)
            is_stored = store_add_span(work->tx, work->app, work->dossier.id, span, err);
        else if (span->is_closed)
            is_stored = store_close_span(work->tx, work->app, span, err);
        if (!is_stored)
            return false;
    }
    return true;
}
