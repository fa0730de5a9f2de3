/*
 * dossier_clock_view.c - the legal clock of a dossier as its page shows it: stored row -> lamp and
 * due date; calendar -> why that day; journal -> the dates that were promised before.
 */
#include <string.h>

#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"

/* The name that the ground had when the span began. */
static const char *ground_name(Request *req, const Spans *spans, const char *code)
{
    if (text_equal(code, CLOCK_EXTENSION))
        return request_text(req, "extension.day");
    list_each (Span, span, spans)
        if (text_equal(span->ground, code))
            return both_in(span->name, req->language);
    return NULL;
}

static WhyDayView why_day(Request *req, const Spans *spans, const LegalDay *day)
{
    return (WhyDayView){.date = day->day.date,
                        .effect = legal_effect_name(day->effect),
                        .counted = day->counted,
                        .name = *day->day.name ? day->day.name : NULL,
                        .ground = ground_name(req, spans, day->ground),
                        .is_provisional = day->day.is_provisional,
                        .is_makeup = day->day.kind == CALENDAR_MAKEUP};
}

/* Days that explain another date than the one shown explain nothing: after the decision the
 * calendar may have changed. */
static void show_days(Request *req, const Spans *spans, const LegalClock *clock, ClockView *out)
{
    out->total = clock->total;
    if (date_compare(clock->due_date, out->due_on) != 0)
        return;
    out->days.items = arena_array(req->arena, WhyDayView, clock->day_count);
    for (size_t i = 0; i < clock->day_count; i++)
        out->days.items[out->days.count++] = why_day(req, spans, &clock->days[i]);
}

static bool add_move(Request *req, const JournalEntry *entry, ClockView *out, Error *err)
{
    DueMoveView *move = &out->moves.items[out->moves.count];
    const Json *data = json_parse(req->arena, entry->data, strlen(entry->data), &JSON_LIMITS, err);
    if (!data)
        return false;
    move->at = entry->at;
    bool is_move = date_parse(json_text(data, "old_due_on"), &move->old_due_on) &&
                   date_parse(json_text(data, "new_due_on"), &move->new_due_on) &&
                   date_compare(move->old_due_on, move->new_due_on) != 0;
    out->moves.count += is_move;
    return true;
}

/* A date that was told never moves silently (decisions.md 16): every move is in the journal. */
static bool show_moves(Request *req, Id dossier, ClockView *out, Error *err)
{
    JournalEntries entries = {0};
    if (!journal_of_dossier(req->conn, req->arena, req->tenant, dossier, &entries, err))
        return false;
    out->moves.items = arena_array(req->arena, DueMoveView, entries.count);
    list_each (JournalEntry, entry, &entries)
        if (text_equal(entry->kind, "clock.rederived") && !add_move(req, entry, out, err))
            return false;
    return true;
}

static bool show_spans(Request *req, const Spans *spans, ClockView *out, Error *err)
{
    bool is_officer = req->user.kind == USER_OFFICER;
    out->spans.items = arena_array(req->arena, SpanView, spans->count);
    list_each (Span, span, spans)
        out->spans.items[out->spans.count++] = (SpanView){
            .ground = span->ground,
            .name = both_in(span->name, req->language),
            .from = span->from,
            .to = span->to,
            .own_limit = span->has_own_limit ? span->own_limit.amount : 0,
            .own_unit = limit_unit_name(span->own_limit.unit),
            .note = is_officer ? span->note : NULL,
            .officer = is_officer ? identity_officer_label(req, span->opened_by, err) : NULL};
    return !error_is_set(err);
}

/* The ground on which the clock stands, NULL when it does not. A clock that was stopped before it
 * began to count (received after hours, say) has nothing taken out yet, but will not begin. */
static const char *standing_on(const ClockRow *derived, const LegalClock *clock, Instant now,
                               const Spans *spans)
{
    if (derived->ground || now >= clock->starts_at)
        return derived->ground;
    list_each (Span, span, spans)
        if (span->to == INSTANT_NONE)
            return span->ground;
    return NULL;
}

/* While a clock stands still its date moves with every day: the page shows today's. */
static bool show_stop(Request *req, const ClockRow *row, const ClockRow *derived,
                      const LegalClock *clock, const Spans *spans, ClockView *out, Error *err)
{
    const char *ground = standing_on(derived, clock, req->now, spans);
    out->is_suspended = row->stopped_at == INSTANT_NONE && ground;
    out->runs_again_at = INSTANT_NONE;
    if (!out->is_suspended)
        return pages_lamp(req, row->due_at, out->is_stopped, &out->lamp, err);
    out->ground = ground_name(req, spans, ground);
    out->lamp = (Lamp){.state = "grey", .text = request_text(req, "clock.suspended.short")};
    out->due_at = derived->due_at;
    out->due_on = derived->due_on;
    out->provisional_from = derived->provisional_from;
    out->runs_again_at = derived->runs_again_at;
    return true;
}

bool pages_clock(Request *req, const Dossier *dossier, const ClockRow *row, ClockView *out,
                 Error *err)
{
    LegalClock clock;
    Spans spans = {0};
    ClockRow derived = {.dossier = row->dossier};
    ClockInput input = clock_input(row, &spans, req->now);
    out->is_stopped = row->stopped_at != INSTANT_NONE;
    out->due_at = row->due_at;
    out->due_on = row->due_on;
    out->provisional_from = row->provisional_from;
    out->limit_unit = limit_unit_name(row->limit.unit);
    if ((dossier->span_count &&
         !store_spans(req->conn, req->arena, req->tenant, dossier->id, &spans, err)) ||
        !clock_derive(request_app(req), req->conn, req->arena, &input, &clock, &derived, err) ||
        !show_stop(req, row, &derived, &clock, &spans, out, err) ||
        !show_spans(req, &spans, out, err))
        return false;
    show_days(req, &spans, &clock, out);
    return show_moves(req, row->dossier, out, err);
}
