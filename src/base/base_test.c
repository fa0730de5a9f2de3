/* base_test.c - arena, text, lists, maps, errors, civil time and ids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/id.h"
#include "base/list.h"
#include "base/text.h"
#include "base/time.h"

static int make_arena(void **state)
{
    *state = arena_create(0);
    return 0;
}

static int drop_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static void note(void *data)
{
    Buffer *buffer = data;
    buffer_add_char(buffer, 'x');
}

static void test_arena_gives_zeroed_aligned_memory(void **state)
{
    Arena *arena = *state;
    for (size_t size = 0; size < 3000; size += 37) {
        unsigned char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        if (size)
            memset(bytes, 0xAA, size);
    }
}

static void test_arena_mark_and_reset_give_back(void **state)
{
    Arena *arena = *state;
    char *kept = arena_text(arena, "kept");
    ArenaMark mark = arena_mark(arena);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(arena, 5000), 1, 5000);
    arena_reset(arena, mark);
    assert_int_equal(arena_used(arena), mark.total);
    assert_string_equal(kept, "kept");
    char *again = arena_alloc(arena, 64);
    assert_int_equal(again[63], 0);
}

static void test_arena_clear_runs_hooks_and_starts_anew(void **state)
{
    Arena *arena = *state;
    Arena *keeper = arena_create(0);
    Buffer order = buffer_init(keeper, 0);
    for (int round = 0; round < 3; round++) {
        memset(arena_alloc(arena, 300000), 1, 300000);
        memset(arena_alloc(arena, 5000), 1, 5000);
        arena_on_destroy(arena, note, &order);
        arena_clear(arena);
        assert_int_equal(order.length, round + 1);
        assert_int_equal(arena_used(arena), 0);
        char *again = arena_alloc(arena, 100);
        assert_int_equal(again[99], 0);
    }
    arena_destroy(keeper);
}

static void test_arena_hooks_run_once_last_first(void **state)
{
    (void)state;
    Arena *outer = arena_create(0), *inner = arena_create(0);
    Buffer seen = buffer_init(outer, 0);
    arena_on_destroy(inner, note, &seen);
    arena_on_destroy(inner, note, &seen);
    arena_destroy(inner);
    assert_string_equal(buffer_text(&seen), "xx");
    arena_destroy(outer);
    arena_destroy(NULL);
}

static void test_arena_tells_when_it_is_over(void **state)
{
    (void)state;
    Arena *arena = arena_create(1000);
    arena_alloc(arena, 900);
    assert_false(arena_is_over(arena));
    arena_alloc(arena, 900);
    assert_true(arena_is_over(arena));
    arena_destroy(arena);
}

static void test_arena_grow_keeps_content(void **state)
{
    Arena *arena = *state;
    char *text = arena_copy(arena, "abc", 4);
    arena_alloc(arena, 8);
    char *grown = arena_grow(arena, text, 4, 40000);
    assert_string_equal(grown, "abc");
    assert_int_equal(grown[39999], 0);
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        bool is_good;
    } cases[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"\xE4\xB8\x80\xE9\x97\xA8", 6, true},
        {"\xF0\x9F\x98\x80", 4, true},
        {"a\0b", 3, false},
        {"\xC0\x80", 2, false},
        {"\xE0\x80\x80", 3, false},
        {"\xED\xA0\x80", 3, false},
        {"\xF4\x90\x80\x80", 4, false},
        {"\xF5\x80\x80\x80", 4, false},
        {"\xE4\xB8", 2, false},
        {"\x80", 1, false},
        {"\xE4"
         "a\x80",
         3, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(text_is_utf8(cases[i].bytes, cases[i].length), cases[i].is_good);
}

/* Checked eight bytes at a time: what is wrong is found wherever it stands among ASCII. */
static void test_utf8_is_checked_at_every_place(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool is_good;
    } cases[] = {{"\x80", false}, {"\xFF", false}, {"\xE4\xB8", false}, {"\xE4\xB8\x80", true},
                 {"\x7F", true},  {"\x01", true},  {"\xC3\xA9", true}};
    char text[32];
    for (size_t length = 4; length < sizeof text; length++)
        for (size_t at = 0; at + 3 < length; at++)
            for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                memset(text, 'a', sizeof text);
                memcpy(text + at, cases[i].bytes, strlen(cases[i].bytes));
                assert_int_equal(text_is_utf8(text, length), cases[i].is_good);
                text[at] = 0;
                assert_false(text_is_utf8(text, length));
            }
}

static void test_numbers_are_written_as_printf_writes_them(void **state)
{
    static const int64_t numbers[] = {0,    1,         -1,        9,           10,   -10,
                                      1000, INT64_MAX, INT64_MIN, -1000000007, 99999};
    Arena *arena = *state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        Buffer buffer = buffer_init(arena, 0);
        buffer_add_int64(&buffer, numbers[i]);
        assert_string_equal(buffer_text(&buffer),
                            arena_printf(arena, "%lld", (long long)numbers[i]));
    }
    for (int length = 250; length < 260; length++)
        assert_int_equal(strlen(arena_printf(arena, "%*d", length, 7)), length);
    assert_string_equal(date_text(arena, date_of(10000, 1, 2)), "10000-01-02");
    assert_string_equal(date_text(arena, date_of(7, 11, 30)), "0007-11-30");
    assert_string_equal(date_text(arena, date_of(9999, 12, 31)), "9999-12-31");
}

static void test_code_points(void **state)
{
    (void)state;
    const char *text = "a\xE4\xB8\x80\xF0\x9F\x98\x80";
    assert_int_equal(text_length(text), 3);
    assert_int_equal(text_next(&text), 'a');
    assert_int_equal(text_next(&text), 0x4E00);
    assert_int_equal(text_next(&text), 0x1F600);
    assert_int_equal(text_next(&text), 0);
}

static void test_text_helpers(void **state)
{
    Arena *arena = *state;
    assert_string_equal(text_trim(arena, " \t\xE3\x80\x80 a b \xC2\xA0\n"), "a b");
    assert_string_equal(text_trim(arena, "  "), "");
    assert_string_equal(text_lower(arena, "AbC9"), "abc9");
    assert_true(text_starts_with("dossier.filed", "dossier."));
    assert_true(text_ends_with("a.json", ".json"));
    assert_false(text_ends_with("n", ".json"));
    const char **parts;
    assert_int_equal(text_split(arena, "a,,b", ',', &parts), 3);
    assert_string_equal(parts[1], "");
    assert_string_equal(parts[2], "b");
    unsigned char bytes[3];
    assert_true(text_unhex(text_hex(arena, "\x01\xFF\x7A", 3), bytes, 3));
    assert_memory_equal(bytes, "\x01\xFF\x7A", 3);
    assert_false(text_unhex("0g", bytes, 1));
    assert_true(text_equal_secret("same", "same"));
    assert_false(text_equal_secret("same", "samE"));
    assert_false(text_equal_secret("same", "sam"));
}

static void test_integers(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(text_to_int64("-9223372036854775808", &value));
    assert_true(value == INT64_MIN);
    assert_true(text_to_int64("9223372036854775807", &value));
    assert_true(value == INT64_MAX);
    static const char *const wrong[] = {"",   "-",   "9223372036854775808", "1a",
                                        " 1", "0x1", "-9223372036854775809"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(text_to_int64(wrong[i], &value));
    assert_true(value == INT64_MAX);
}

static void test_buffer_grows_and_is_capped(void **state)
{
    Buffer free_one = buffer_init(*state, 0), capped = buffer_init(*state, 10);
    for (int i = 0; i < 1000; i++)
        buffer_printf(&free_one, "%d,", i);
    assert_int_equal(strlen(buffer_text(&free_one)), free_one.length);
    buffer_add(&capped, "0123456789abc");
    assert_true(capped.is_over);
    assert_string_equal(buffer_text(&capped), "0123456789");
    buffer_add_code_point(&free_one, 0x95E8);
    assert_true(text_ends_with(buffer_text(&free_one), "\xE9\x97\xA8"));
}

static void test_list_and_map(void **state)
{
    Arena *arena = *state;
    LIST(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        list_add(arena, &numbers, i);
    int64_t sum = 0;
    list_each (int, number, &numbers)
        sum += *number;
    assert_int_equal(sum, 499500);

    Map map = map_init(arena);
    char *names[500];
    for (int i = 0; i < 500; i++) {
        names[i] = arena_printf(arena, "key%d", i);
        assert_null(map_set(&map, names[i], names[i]));
    }
    for (int i = 0; i < 500; i++)
        assert_ptr_equal(map_get(&map, arena_printf(arena, "key%d", i)), names[i]);
    assert_ptr_equal(map_set(&map, "key7", NULL), names[7]);
    assert_true(map_has(&map, "key7"));
    assert_null(map_get(&map, "absent"));
    assert_int_equal(map.count, 500);
    assert_string_equal(map.entries[7].key, "key7");
}

static void test_errors_keep_the_first_and_chain(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    assert_false(error_set(&err, ERROR_INVALID, .code = "first", .with = {{"n", "3"}}));
    assert_false(error_set(&err, ERROR_CONFLICT, .code = "second"));
    assert_string_equal(err.code, "first");
    error_add(&err, arena, ERROR_INVALID, .code = "third", .field = "phone");
    Error copy = error_copy(arena, &err);
    assert_string_equal(copy.next->field, "phone");
    assert_string_equal(copy.with[0].value, "3");
    assert_null(copy.next->next);
    assert_string_equal(error_kind_name(ERROR_TOO_MANY), "too_many");
}

static void test_dates_run_without_a_gap(void **state)
{
    Arena *arena = *state;
    Date date = date_of(1600, 1, 1), end = date_of(2400, 1, 1);
    int weekday = date_weekday(date);
    for (; date_compare(date, end) < 0; date = date_plus(date, 1)) {
        int year, month, day;
        date_split(date, &year, &month, &day);
        assert_int_equal(date_of(year, month, day).day, date.day);
        assert_int_equal(date_weekday(date), weekday);
        weekday = weekday % 7 + 1;
    }
    assert_int_equal(date_weekday(date_of(2026, 11, 22)), 7);
    Date parsed;
    assert_true(date_parse("2024-02-29", &parsed));
    assert_string_equal(date_text(arena, parsed), "2024-02-29");
    static const char *const wrong[] = {"2023-02-29", "2024-13-01", "2024-1-01", "2024-01-01x",
                                        "0000-01-01", "",           "20240101",  "2024-00-10"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(date_parse(wrong[i], &parsed));
}

static void test_instants(void **state)
{
    Arena *arena = *state;
    Instant at;
    assert_true(instant_parse("2026-11-22T16:30:05.250+08:00", &at));
    assert_string_equal(instant_text(arena, at), "2026-11-22T08:30:05.250Z");
    Civil here = instant_civil(at, 480);
    assert_int_equal(here.hour, 16);
    assert_int_equal(instant_date(at, 480).day, date_of(2026, 11, 22).day);
    assert_true(instant_of(here, 480) == at);
    assert_true(instant_parse("1969-12-31T23:59:59Z", &at));
    assert_true(at == -1000);
    assert_int_equal(instant_civil(at, 0).second, 59);
    assert_false(instant_parse("2026-11-22T24:00:00Z", &at));
    assert_false(instant_parse("2026-11-22 10:00:00Z", &at));
    assert_false(instant_parse("2026-11-22T10:00:00", &at));
}

static void test_clock_and_ids(void **state)
{
    (void)state;
    Clock clock = {0};
    assert_true(clock_now(&clock) > INT64_C(1600000000000));
    clock_set(&clock, INT64_C(1700000000000));
    IdSource ids = {.clock = &clock, .node = 3};
    Id last = 0;
    for (int i = 0; i < 100000; i++) {
        Id id = id_next(&ids);
        assert_true(id > last);
        last = id;
    }
    clock_set(&clock, INT64_C(1600000000000));
    assert_true(id_next(&ids) > last);
    clock_set(&clock, INT64_C(1800000000000));
    Id later = id_next(&ids);
    assert_true(id_instant(later) == INT64_C(1800000000000));
    IdSource other = {.clock = &clock, .node = 4};
    id_observe(&other, later);
    assert_true(id_next(&other) > later);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_arena, drop_arena)
    const struct CMUnitTest tests[] = {
        CASE(test_arena_gives_zeroed_aligned_memory),
        CASE(test_arena_mark_and_reset_give_back),
        CASE(test_arena_hooks_run_once_last_first),
        CASE(test_arena_clear_runs_hooks_and_starts_anew),
        CASE(test_arena_tells_when_it_is_over),
        CASE(test_arena_grow_keeps_content),
        CASE(test_utf8),
        CASE(test_utf8_is_checked_at_every_place),
        CASE(test_numbers_are_written_as_printf_writes_them),
        CASE(test_code_points),
        CASE(test_text_helpers),
        CASE(test_integers),
        CASE(test_buffer_grows_and_is_capped),
        CASE(test_list_and_map),
        CASE(test_errors_keep_the_first_and_chain),
        CASE(test_dates_run_without_a_gap),
        CASE(test_instants),
        CASE(test_clock_and_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
