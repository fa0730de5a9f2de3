/*
 * dossier_number_test.c - printed numbers: 18 digits with the day, a check digit that catches
 * wrong and swapped digits, and no number twice, also after a restart and under a burst.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"
#include "apps/dossier/dossier_number.h"

/* ---- made ------------------------------------------------------------------------------------ */

typedef struct Draw {
    App *app;
    Arena *arena;
    const char *number;
} Draw;

static bool run_draw(Tx *tx, void *data, Error *err)
{
    Draw *draw = data;
    const char *number = dossier_number_next(tx, draw->app, err);
    draw->number = number ? arena_text(draw->arena, number) : NULL;
    return number != NULL;
}

static const char *draw_number(Hall *hall)
{
    Draw draw = {.app = &hall->app, .arena = hall->arena};
    hall_write(hall, run_draw, &draw, "dossier_number_next");
    return draw.number;
}

static void test_what_a_number_says(TestDb *test)
{
    static const struct {
        const char *at;
        int node;
        const char *first17;
    } cases[] = {
        {"2026-11-22T16:34:01.876+08:00", 0, "20261122596418760"},
        {"2026-11-22T23:59:59.999+08:00", 3, "20261122863999993"},
        {"2026-11-23T00:00:00.000+08:00", 9, "20261123000000009"},
        {"2027-01-01T00:00:00.001+08:00", 0, "20270101000000010"},
    };
    Hall hall;
    hall_begin_empty(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Instant at;
        assert_true(instant_parse(cases[i].at, &at));
        hall_clock(&hall, at);
        hall.app.node = cases[i].node;
        const char *number = draw_number(&hall);
        assert_int_equal(strlen(number), 18);
        assert_memory_equal(number, cases[i].first17, 17);
        assert_true(dossier_number_is_valid(hall.arena, number, NULL));
    }
    hall_end(&hall);
}

/* Under a standing clock numbers run ahead, over midnight into the next day, always growing. */
static void test_burst(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    hall_clock(&hall, HALL_AT(date_plus(HALL_FRIDAY, 1), 0, 0) - 2);
    const char *last = draw_number(&hall);
    assert_true(text_starts_with(last, "2026112086399998"));
    for (int i = 0; i < 50; i++) {
        const char *next = draw_number(&hall);
        assert_true(strcmp(next, last) > 0);
        last = next;
    }
    assert_true(text_starts_with(last, "2026112100000048"));
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 8, 0)); /* a clock that is put back */
    assert_true(strcmp(draw_number(&hall), last) > 0);
    hall_end(&hall);
}

/* A process that starts again does not give out what was stored, whoever ran ahead of the clock. */
static void test_restart(TestDb *test)
{
    enum { EACH = 4, STARTS = 5 };
    Hall hall;
    hall_begin(&hall, test);
    hall_clock(&hall, HALL_AT(date_plus(HALL_FRIDAY, 1), 0, 0) - 6);
    for (int start = 0; start < STARTS; start++) {
        hall_forget(&hall);
        for (int i = 0; i < EACH; i++)
            hall_file_trader(&hall);
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(DISTINCT number) FROM dossier"),
                     EACH * STARTS);
    assert_string_equal(
        raw_ask(&hall.raw, "SELECT MIN(substr(number, 1, 16)), MAX(substr(number, 1, 16)) FROM "
                           "dossier"),
        "2026112086399994|2026112100000013");
    assert_string_equal(raw_ask(&hall.raw, "SELECT number FROM dossier ORDER BY id"),
                        raw_ask(&hall.raw, "SELECT number FROM dossier ORDER BY number"));
    hall_end(&hall);
}

typedef struct Drawer {
    Hall *hall;
    Arena *arena;
    const char *numbers[40];
} Drawer;

static void *draw_many(void *data)
{
    Drawer *drawer = data;
    for (size_t i = 0; i < 40; i++) {
        Error err = ERROR_NONE;
        Draw draw = {.app = &drawer->hall->app, .arena = drawer->arena};
        if (db_write(drawer->hall->test->db, drawer->arena, run_draw, &draw, &err))
            drawer->numbers[i] = draw.number;
    }
    return NULL;
}

static void test_many_at_once(TestDb *test)
{
    enum { DRAWERS = 4 };
    Hall hall;
    pthread_t threads[DRAWERS];
    Drawer drawers[DRAWERS];
    hall_begin_empty(&hall, test);
    Map seen = map_init(hall.arena);
    for (int i = 0; i < DRAWERS; i++) {
        drawers[i] = (Drawer){.hall = &hall, .arena = arena_create(0)};
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, &drawers[i]), 0);
    }
    for (int i = 0; i < DRAWERS; i++) {
        pthread_join(threads[i], NULL);
        for (size_t n = 0; n < 40; n++) {
            assert_non_null(drawers[i].numbers[n]);
            assert_false(map_has(&seen, drawers[i].numbers[n]));
            map_set(&seen, arena_text(hall.arena, drawers[i].numbers[n]), &seen);
        }
        arena_destroy(drawers[i].arena);
    }
    assert_int_equal(seen.count, DRAWERS * 40);
    hall_end(&hall);
}

/* ---- checked --------------------------------------------------------------------------------- */

/* ISO/IEC 7064 MOD 11,10 by its definition: the number with its check digit gives 1 modulo 10. */
static bool is_pure(const char *digits)
{
    int product = 10;
    for (int i = 0; i < 17; i++) {
        int sum = (product + digits[i] - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digits[17] - '0') % 10 == 1;
}

static void test_check_digit(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    char number[] = "202611225964187600";
    int valid = 0;
    for (char digit = '0'; digit <= '9'; digit++) {
        number[17] = digit;
        assert_int_equal(dossier_number_is_valid(arena, number, NULL), is_pure(number));
        valid += is_pure(number);
    }
    assert_int_equal(valid, 1);
    arena_destroy(arena);
}

static char *valid_number(Arena *arena, int n)
{
    char *number = arena_printf(arena, "20261122%08d0x", (n * 7919 + 13) % 86400000);
    for (number[17] = '0'; !is_pure(number);)
        number[17]++;
    return number;
}

/* Every wrong digit at every place is caught. */
static void test_wrong_digits(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    for (int n = 0; n < 300; n++) {
        char *number = valid_number(arena, n);
        assert_true(dossier_number_is_valid(arena, number, NULL));
        for (int at = 0; at < 18; at++) {
            char was = number[at];
            for (number[at] = '0'; number[at] <= '9'; number[at]++)
                assert_int_equal(dossier_number_is_valid(arena, number, NULL), number[at] == was);
            number[at] = was;
        }
    }
    arena_destroy(arena);
}

/* Of swapped neighbours nearly all are caught: the standard lets about one pair in 45 pass. */
static void test_swapped_digits(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    int swaps = 0, missed = 0;
    for (int n = 0; n < 3000; n++) {
        char *number = valid_number(arena, n);
        for (int at = 0; at < 17; at++) {
            char left = number[at], right = number[at + 1];
            number[at] = right, number[at + 1] = left;
            swaps += left != right;
            missed += left != right && dossier_number_is_valid(arena, number, NULL);
            number[at] = left, number[at + 1] = right;
        }
        arena_clear(arena);
    }
    assert_true(swaps > 30000);
    if (missed * 40 > swaps)
        fail_msg("%d of %d swaps pass", missed, swaps);
    arena_destroy(arena);
}

static void test_how_it_is_typed(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      NULL,
                                      "20261122",
                                      "2026112259641876040",
                                      "2026112259641876x4",
                                      "2026112259641876-4",
                                      "20261122596418760\t4",
                                      "２０２６１１２２５９６４１８７６０４",
                                      "202611225964187600000000000000000000000000000000000000000000"
                                      "00000000000000000000000000000000"};
    Arena *arena = arena_create(0);
    const char *digits = NULL;
    char *number = valid_number(arena, 1);
    const char *spaced = arena_printf(arena, " %.8s %.8s  %s ", number, number + 8, number + 16);
    assert_true(dossier_number_is_valid(arena, spaced, &digits));
    assert_string_equal(digits, number);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(dossier_number_is_valid(arena, bad[i], &digits));
    assert_string_equal(digits, number); /* left alone */
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_digit),
        cmocka_unit_test(test_wrong_digits),
        cmocka_unit_test(test_swapped_digits),
        cmocka_unit_test(test_how_it_is_typed),
        test_each_hall(test_what_a_number_says),
        test_each_hall(test_burst),
        test_each_hall(test_restart),
        test_each_hall(test_many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
