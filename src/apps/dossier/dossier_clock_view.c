/*
 * dossier_clock_view.c - the legal clock of a dossier as its page shows it: stored row -> lamp and
 * due date; calendar -> why that day; journal -> the dates that were promised before.
 */
#include <string.h>

#include "apps/dossier/dossier_pages.h"

static WhyDayView why_day(const LegalDay *day)
{
    return (WhyDayView){.date = day->day.date,
                        .effect = legal_effect_name(day->effect),
                        .counted = day->counted,
                        .name = *day->day.name ? day->day.name : NULL,
                        .is_provisional = day->day.is_provisional,
                        .is_makeup = day->day.kind == CALENDAR_MAKEUP};
}

/* Days that explain another date than the one shown explain nothing: after the decision the
 * calendar may have changed. */
static void show_days(Request *req, const ClockRow *row, const LegalClock *clock, ClockView *out)
{
    out->total = clock->total;
    if (date_compare(clock->due_date, row->due_on) != 0)
        return;
    out->days.items = arena_array(req->arena, WhyDayView, clock->day_count);
    for (size_t i = 0; i < clock->day_count; i++)
        out->days.items[out->days.count++] = why_day(&clock->days[i]);
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

bool pages_clock(Request *req, const ClockRow *row, ClockView *out, Error *err)
{
    LegalClock clock;
    ClockRow derived = {.dossier = row->dossier};
    bool is_stopped = row->stopped_at != INSTANT_NONE;
    ClockInput input = {.limit = row->limit, .started_at = row->started_at, .now = req->now};
    if (!clock_derive(request_app(req), req->conn, req->arena, &input, &clock, &derived, err) ||
        !pages_lamp(req, row->due_at, is_stopped, &out->lamp, err))
        return false;
    out->due_at = row->due_at;
    out->due_on = row->due_on;
    out->provisional_from = row->provisional_from;
    out->is_stopped = is_stopped;
    out->limit_unit = limit_unit_name(row->limit.unit);
    show_days(req, row, &clock, out);
    return show_moves(req, row->dossier, out, err);
}
