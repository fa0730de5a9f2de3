/*
 * cover_test.c - absences and posts: who may note what, for whom the other holder acts, and when
 * nobody holds a post; each write with every statement failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/cover/cover_gap.h"
#include "apps/cover/cover_store.h"
#include "test_hall.h"

/* ---- commands -------------------------------------------------------------------------------- */

typedef struct Act {
    Hall *hall;
    const User *by;
    Absence absence;
    Id id; /* of the absence or post; out of noting */
    Id a, b;
} Act;

static bool run_noting(Tx *tx, void *data, Error *err)
{
    Act *it = data;
    return cover_note_absence(tx, &it->hall->app, it->by, &it->absence, &it->id, err);
}

static bool run_ending(Tx *tx, void *data, Error *err)
{
    const Act *it = data;
    return cover_end_absence(tx, &it->hall->app, it->by, it->id, err);
}

static bool run_holding(Tx *tx, void *data, Error *err)
{
    const Act *it = data;
    return cover_hold_post(tx, &it->hall->app, it->by, it->id, it->a, it->b, err);
}

static Date day(int month, int of_month)
{
    return date_of(2026, month, of_month);
}

static Act away(Hall *hall, const User *who, Date from, Date to)
{
    return (Act){.hall = hall, .by = who, .absence = {.from = from, .to = to, .reason = "leave"}};
}

static const char *refusal_of(Hall *hall, Command run, Act *act)
{
    Error err = ERROR_NONE;
    assert_false(db_write(hall->test->db, hall->arena, run, act, &err));
    return err.code;
}

static User head_of(const User *officer, Id id)
{
    User head = *officer;
    head.id = id;
    head.rights |= (Rights)1 << RIGHT_DOSSIER_LEAD;
    return head;
}

static bool acts_for(Hall *hall, const User *officer, const User *absent, Date on)
{
    Error err = ERROR_NONE;
    bool acts;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(cover_acts_for(conn, hall->arena, HALL_TENANT, officer->id, absent->id, on, &acts,
                               NULL, &err));
    db_release(conn);
    return acts;
}

static Id post_of(Hall *hall, const char *code)
{
    return raw_number(&hall->raw,
                      arena_printf(hall->arena, "SELECT id FROM post WHERE code = '%s'", code));
}

/* ---- away and back --------------------------------------------------------------------------- */

static void test_the_other_holder_acts(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act it = away(&hall, &hall.health, day(11, 23), day(11, 27));
    hall_write(&hall, run_noting, &it, "absence");
    assert_true(acts_for(&hall, &hall.health2, &hall.health, day(11, 23)));
    assert_true(acts_for(&hall, &hall.health2, &hall.health, day(11, 27)));
    assert_false(acts_for(&hall, &hall.health2, &hall.health, day(11, 20)));
    assert_false(acts_for(&hall, &hall.health2, &hall.health, day(11, 28)));
    assert_false(acts_for(&hall, &hall.health, &hall.health2, day(11, 23)));
    assert_false(acts_for(&hall, &hall.market, &hall.health, day(11, 23)));
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind FROM journal WHERE kind LIKE 'absence%%'"),
                        "absence.noted");
    hall_end(&hall);
}

static void test_back_before_the_last_day(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act it = away(&hall, &hall.health, day(11, 20), day(11, 27));
    hall_write(&hall, run_noting, &it, "absence");
    clock_set(&hall.test->clock, HALL_AT(day(11, 24), 9, 0));
    hall_write(&hall, run_ending, &it, "back");
    assert_true(acts_for(&hall, &hall.health2, &hall.health, day(11, 23)));
    assert_false(acts_for(&hall, &hall.health2, &hall.health, day(11, 24)));
    assert_string_equal(refusal_of(&hall, run_ending, &it), "absence.over_already");
    Act later = away(&hall, &hall.health, day(12, 1), day(12, 2));
    hall_write(&hall, run_noting, &later, "planned");
    hall_write(&hall, run_ending, &later, "taken back");
    assert_false(acts_for(&hall, &hall.health2, &hall.health, day(12, 1)));
    hall_write(&hall, run_noting, &later, "the same days are free again");
    hall_end(&hall);
}

static void test_what_is_refused(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act it = away(&hall, &hall.health, day(11, 27), day(11, 23));
    assert_string_equal(refusal_of(&hall, run_noting, &it), "absence.dates");
    it = away(&hall, &hall.health, day(11, 23), date_of(2027, 12, 1));
    assert_string_equal(refusal_of(&hall, run_noting, &it), "absence.dates");
    it = away(&hall, &hall.health, day(11, 16), day(11, 19));
    assert_string_equal(refusal_of(&hall, run_noting, &it), "absence.past");
    it = away(&hall, &hall.health, day(11, 23), day(11, 27));
    hall_write(&hall, run_noting, &it, "absence");
    Act again = away(&hall, &hall.health, day(11, 27), day(11, 30));
    assert_string_equal(refusal_of(&hall, run_noting, &again), "absence.overlaps");
    again = away(&hall, &hall.health2, day(11, 27), day(11, 30));
    again.absence.officer = hall.health.id;
    assert_string_equal(refusal_of(&hall, run_noting, &again), "absence.not_yours");
    User head = head_of(&hall.health, hall.health.id + 1);
    again.by = &head;
    again.absence.officer = hall.market.id;
    assert_string_equal(refusal_of(&hall, run_noting, &again), "absence.unknown_officer");
    again.absence.officer = hall.health2.id;
    hall_write(&hall, run_noting, &again, "by the head");
    it.by = &hall.market;
    assert_string_equal(refusal_of(&hall, run_ending, &it), "absence.unknown");
    it.by = &hall.health2;
    assert_string_equal(refusal_of(&hall, run_ending, &it), "absence.not_yours");
    hall_end(&hall);
}

/* ---- posts ----------------------------------------------------------------------------------- */

static void test_holders(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    User head = head_of(&hall.health, hall.health.id);
    Act it = {.hall = &hall, .by = &head, .id = post_of(&hall, "inspection"), .a = hall.health.id};
    it.b = it.a;
    assert_string_equal(refusal_of(&hall, run_holding, &it), "post.same_holder");
    it.b = hall.market.id;
    assert_string_equal(refusal_of(&hall, run_holding, &it), "post.unknown_holder");
    it.b = 0;
    hall_write(&hall, run_holding, &it, "without B");
    it.id = post_of(&hall, "decision");
    hall_write(&hall, run_holding, &it, "without B");
    Act gone = away(&hall, &hall.health, day(11, 23), day(11, 27));
    hall_write(&hall, run_noting, &gone, "absence");
    assert_false(acts_for(&hall, &hall.health2, &hall.health, day(11, 23)));
    it.b = hall.health2.id;
    hall_write(&hall, run_holding, &it, "with B");
    assert_true(acts_for(&hall, &hall.health2, &hall.health, day(11, 23)));
    it.id = post_of(&hall, "registration");
    assert_string_equal(refusal_of(&hall, run_holding, &it), "post.unknown");
    hall_end(&hall);
}

/* "from-to ..." of a post's gaps, from 20 November on. */
static const char *gaps(Hall *hall, Id a, Id b)
{
    Error err = ERROR_NONE;
    Absences absences = {0};
    Buffer out = buffer_init(hall->arena, 0);
    Post post = {.a = a, .b = b};
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(
        store_absences(conn, hall->arena, HALL_TENANT, 0, day(11, 20), 100, &absences, &err));
    const CalendarTable *table = calendars_get(hall->app.calendars, conn, HALL_TENANT, &err);
    assert_non_null(table);
    Gaps found = gaps_of(table, hall->arena, &post, &absences, day(11, 20));
    db_release(conn);
    list_each (Gap, gap, &found)
        buffer_printf(&out, "%s-%s ", date_text(hall->arena, gap->from) + 5,
                      date_text(hall->arena, gap->to) + 5);
    return buffer_text(&out);
}

static void test_nobody_holds_it(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    assert_string_equal(gaps(&hall, hall.health.id, hall.health2.id), "");
    Act a = away(&hall, &hall.health, day(11, 23), day(12, 4));
    hall_write(&hall, run_noting, &a, "A");
    assert_string_equal(gaps(&hall, hall.health.id, hall.health2.id), "");
    assert_string_equal(gaps(&hall, hall.health.id, 0), "11-23-12-04 ");
    Act b = away(&hall, &hall.health2, day(11, 27), day(11, 30)); /* Friday to Monday */
    hall_write(&hall, run_noting, &b, "B");
    assert_string_equal(gaps(&hall, hall.health.id, hall.health2.id), "11-27-11-30 ");
    Act weekend = away(&hall, &hall.health2, day(12, 5), day(12, 6));
    hall_write(&hall, run_noting, &weekend, "a weekend");
    assert_string_equal(gaps(&hall, 0, hall.health2.id), "11-27-11-30 ");
    assert_string_equal(gaps(&hall, 0, 0), "11-20-12-18 ");
    hall_end(&hall);
}

/* ---- every statement failing once ------------------------------------------------------------ */

typedef struct Attempt {
    Command run;
    Act *act;
} Attempt;

static bool attempt_act(Hall *hall, void *data, Error *err)
{
    const Attempt *it = data;
    return db_write(hall->test->db, hall->arena, it->run, it->act, err);
}

static void test_faults(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    User head = head_of(&hall.health, hall.health.id);
    Act note = away(&hall, &hall.health, day(11, 23), day(11, 27));
    Act hold = {
        .hall = &hall, .by = &head, .id = post_of(&hall, "inspection"), .b = hall.health.id};
    const Attempt attempts[] = {{run_noting, &note}, {run_ending, &note}, {run_holding, &hold}};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        Attempt attempt = attempts[i];
        assert_true(hall_fail_each(&hall, "cover", attempt_act, &attempt, false) >= 3);
    }
    assert_string_equal(raw_ask(&hall.raw, "SELECT COUNT(*) FROM absence WHERE from_on > to_on"),
                        "1");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_the_other_holder_acts), test_each_hall(test_back_before_the_last_day),
        test_each_hall(test_what_is_refused),       test_each_hall(test_holders),
        test_each_hall(test_nobody_holds_it),       test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
