#ifndef CALENDAR_CALENDAR_FIXTURE_H
#define CALENDAR_CALENDAR_FIXTURE_H

/* What the tests of the calendar share: an arena for each test, tables from the pack and from CSV,
 * dates and moments from text, and a generator with a fixed seed. For tests only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "calendar/calendar.h"

#define PACK_CSV   "packs/calendar/cn-workdays.csv"
#define SHARED_CSV "../shared/data/cn-workdays.csv"
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_arena, drop_arena)

static Arena *arena;

static inline int make_arena(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static inline int drop_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static inline char *read_all(const char *path, size_t *out_length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = arena_alloc(arena, 1 << 20);
    *out_length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    return text;
}

static inline CalendarLayer layer_of(const char *division, const char *csv)
{
    Error err = ERROR_NONE;
    CalendarLayer layer;
    if (!calendar_layer_parse(arena, division, csv, strlen(csv), &layer, &err))
        fail_msg("%s at %d:%d", err.code, err.line, err.column);
    return layer;
}

static inline CalendarTable *build(const CalendarLayer *layers, size_t count, const char *division)
{
    Error err = ERROR_NONE;
    CalendarSpec spec = {layers, count, division, CALENDAR_ZONE_CHINA};
    CalendarTable *table = calendar_build(arena, &spec, &err);
    if (!table)
        fail_msg("%s", err.code);
    return table;
}

static inline CalendarLayer nation(void)
{
    size_t length;
    char *text = read_all(PACK_CSV, &length);
    assert_non_null(text);
    return layer_of("", text);
}

static inline CalendarTable *china(void)
{
    CalendarLayer layer = nation();
    return build(&layer, 1, "");
}

static inline CalendarTable *with_local(const char *csv)
{
    CalendarLayer layers[] = {nation(), layer_of("44/4419", csv)};
    return build(layers, 2, "44/4419/441999");
}

static inline Date day_of(const char *text)
{
    Date date;
    if (!date_parse(text, &date))
        fail_msg("bad date %s", text);
    return date;
}

/* "2026-03-06 17:30" or "2026-03-06T17:30", in China. */
static inline Instant at(const char *text)
{
    Instant instant;
    assert_int_equal(strlen(text), strlen("2026-03-06 17:30"));
    if (!instant_parse(arena_printf(arena, "%.10sT%s:00.000Z", text, text + 11), &instant))
        fail_msg("bad time %s", text);
    return instant - CALENDAR_ZONE_CHINA * MINUTE_MS;
}

/* A fixed-seed generator (xorshift64), so that every run sees the same inputs. */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static inline int random_below(int bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)(random_state % (uint64_t)bound);
}

#endif
