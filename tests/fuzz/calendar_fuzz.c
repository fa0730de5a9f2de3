/*
 * calendar_fuzz.c - any bytes as the CSV of a layer, and then as the input of a legal clock.
 *
 * What is accepted must build, answer every day consistently, and carry clocks whose counted days
 * are their limit. The last bytes of the input choose the clock.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLOCK_BYTES = 16 };

static void demand(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_day(const CalendarTable *table, Date date)
{
    CalendarDay day = calendar_day(table, date);
    demand(day.is_worked == calendar_is_worked(table, date));
    demand(day.is_worked == (day.hours.count > 0));
    demand(day.name && calendar_opening(table, date) < calendar_closing(table, date));
}

static void check_days(const CalendarTable *table, const CalendarLayer *layer)
{
    Error err = ERROR_NONE;
    for (size_t i = 0; i < layer->rule_count && i < 500; i++) {
        Date date = layer->rules[i].date;
        CalendarCount there, back;
        check_day(table, date);
        demand(calendar_day(table, date).kind == layer->rules[i].kind);
        if (!calendar_add(table, date, 7, &there, &err))
            continue;
        demand(calendar_between(table, date, there.date, &back, &err) && back.days == 7);
    }
    for (int32_t day = 0; day < 60000; day += 97)
        check_day(table, date_plus(date_of(CALENDAR_FIRST_YEAR - 1, 12, 1), day));
}

static LegalClockInput input_of(const uint8_t *bytes, UncountedSpan spans[2])
{
    Instant start = date_start(date_of(1990 + bytes[0] % 100, 1 + bytes[1] % 12, 1), 480);
    LegalClockInput input = {.received_at = start + bytes[2] * (HOUR_MS / 4),
                             .receipt =
                                 bytes[3] & 1 ? RECEIPT_AT_ONCE : RECEIPT_NEXT_WORKING_MOMENT,
                             .limit = {bytes[4] % 64, (LimitUnit)(bytes[3] / 2 % 5)},
                             .warn_before = {bytes[5] % 5, LIMIT_WORKING_DAYS},
                             .now = start + bytes[6] * (6 * HOUR_MS),
                             .spans = spans,
                             .span_count = 2};
    for (int i = 0; i < 2; i++) {
        const uint8_t *own = bytes + 7 + i * 4;
        spans[i].from = start + own[0] * (5 * HOUR_MS);
        spans[i].to = own[1] > 250 ? INSTANT_NONE : spans[i].from + own[1] * (3 * HOUR_MS);
        spans[i].ground = "hearing";
        spans[i].has_own_limit = own[2] & 1;
        spans[i].own_limit = (Limit){own[3] % 16, (LimitUnit)(own[2] / 2 % 5)};
    }
    return input;
}

static void check_clock(const CalendarTable *table, Arena *arena, const uint8_t *bytes)
{
    Error err = ERROR_NONE;
    UncountedSpan spans[2];
    LegalClockInput input = input_of(bytes, spans);
    LegalClock clock;
    int32_t counted = 0;
    int64_t counted_ms = 0;
    if (!legal_clock_derive(table, arena, &input, &clock, &err)) {
        demand(err.code != NULL);
        return;
    }
    for (size_t i = 0; i < clock.day_count; i++) {
        LegalEffect effect = clock.days[i].effect;
        counted += effect == LEGAL_COUNTED || effect == LEGAL_OVER_LIMIT;
        counted_ms += clock.days[i].counted_ms;
        demand(legal_effect_name(effect) != NULL);
    }
    bool is_in_hours = input.limit.unit == LIMIT_HOURS || input.limit.unit == LIMIT_WORKING_HOURS;
    demand(is_in_hours ? counted_ms == clock.total * HOUR_MS : counted == clock.total);
    demand(clock.due_at >= clock.starts_at && clock.starts_at >= input.received_at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(64 * 1024 * 1024);
    uint8_t clock[CLOCK_BYTES] = {0};
    size_t tail = size < CLOCK_BYTES ? size : CLOCK_BYTES;
    Error err = ERROR_NONE;
    CalendarLayer layer;
    memcpy(clock, data + size - tail, tail);

    /* The clock's bytes follow a NUL, which no table holds. */
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    size_t length = nul ? (size_t)(nul - data) : size;
    if (!calendar_layer_parse(arena, "", (const char *)data, length, &layer, &err)) {
        demand(err.code != NULL && err.kind != ERROR_NO_ERROR);
    } else {
        CalendarSpec spec = {&layer, 1, "", CALENDAR_ZONE_CHINA};
        CalendarTable *table = calendar_build(arena, &spec, &err);
        demand(table != NULL || err.kind == ERROR_TOO_LARGE);
        if (table) {
            check_days(table, &layer);
            check_clock(table, arena, clock);
        }
    }
    arena_destroy(arena);
    return 0;
}
