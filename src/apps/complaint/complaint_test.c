/*
 * complaint_test.c - who may do what in which state, what lies sealed, what the journal tells, and
 * each write with every statement failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/complaint/complaint_store.h"
#include "test_hall.h"

#define PHONE "13711112222"
#define NAME  "何问津"
#define WORDS "等了两个小时，没有人说还缺什么材料"

typedef struct Act {
    Hall *hall;
    const User *by;
    ComplaintMatter matter;
    Complaint made;
    Id id;
    const char *finding;
    const char *words;
    const char *number;
    bool (*run)(Tx *tx, struct Act *act, Error *err);
} Act;

/* ---- commands -------------------------------------------------------------------------------- */

static bool run_act(Tx *tx, void *data, Error *err)
{
    Act *act = data;
    return act->run(tx, act, err);
}

static bool registering(Tx *tx, Act *act, Error *err)
{
    Arena *arena = act->hall->arena;
    if (!complaint_register(tx, &act->hall->app, act->by, &act->matter, &act->made, err))
        return false;
    act->made.number = arena_text(arena, act->made.number);
    return true;
}

static bool accepting(Tx *tx, Act *act, Error *err)
{
    return complaint_accept(tx, &act->hall->app, act->by, act->id, err);
}

static bool refusing(Tx *tx, Act *act, Error *err)
{
    return complaint_refuse(tx, &act->hall->app, act->by, act->id, act->words, err);
}

static bool hearing(Tx *tx, Act *act, Error *err)
{
    return complaint_hear(tx, &act->hall->app, act->by, act->id, act->words, err);
}

static bool stating(Tx *tx, Act *act, Error *err)
{
    return complaint_state(tx, &act->hall->app, act->by, act->id, act->words, err);
}

static bool deciding(Tx *tx, Act *act, Error *err)
{
    return complaint_decide(tx, &act->hall->app, act->by, act->id, act->finding, act->words, err);
}

static bool replying(Tx *tx, Act *act, Error *err)
{
    return complaint_reply(tx, &act->hall->app, act->by, act->id, act->words, err);
}

static bool correcting(Tx *tx, Act *act, Error *err)
{
    return complaint_correct(tx, &act->hall->app, act->by, act->id, act->words, err);
}

static bool rating(Tx *tx, Act *act, Error *err)
{
    return complaint_rate(tx, &act->hall->app, act->number, PHONE, "satisfied", act->words, err);
}

/* NULL, or the code with which it was refused. */
static const char *try_act(Act *act, bool (*run)(Tx *tx, Act *act, Error *err))
{
    Error err = ERROR_NONE;
    act->run = run;
    return db_write(act->hall->test->db, act->hall->arena, run_act, act, &err) ? NULL : err.code;
}

static Act registered(Hall *hall)
{
    Act act = {.hall = hall,
               .by = &hall->supervisor,
               .matter = {.channel = "phone",
                          .subject = "delay",
                          .unit = "HEALTH",
                          .name = NAME,
                          .phone = PHONE,
                          .words = WORDS},
               .words = "已核实",
               .finding = "upheld"};
    assert_null(try_act(&act, registering));
    act.id = act.made.id;
    act.number = act.made.number;
    return act;
}

static const char *state_of(Act *act)
{
    return raw_ask(&act->hall->raw, "SELECT state, is_open FROM complaint WHERE id = %lld",
                   (long long)act->id);
}

/* ---- in turn --------------------------------------------------------------------------------- */

static void test_from_registration_to_satisfaction(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act act = registered(&hall);
    assert_string_equal(act.number, "2026-00001");
    assert_int_equal(act.made.reply_days, 5);
    assert_null(try_act(&act, accepting));
    assert_string_equal(state_of(&act), "accepted|1");
    act.by = &hall.health;
    assert_null(try_act(&act, stating));
    act.by = &hall.supervisor;
    assert_null(try_act(&act, hearing));
    assert_null(try_act(&act, deciding));
    assert_string_equal(state_of(&act), "decided|1");
    assert_null(try_act(&act, replying));
    assert_string_equal(state_of(&act), "replied|0");
    assert_null(try_act(&act, rating));
    assert_string_equal(state_of(&act), "rated|0");
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind FROM complaint_act ORDER BY id"),
                        "registered\naccepted\nstated\nheard\ndecided\nreplied\nrated");
    assert_string_equal(raw_ask(&hall.raw, "SELECT finding, grade FROM complaint"),
                        "upheld|satisfied");
    hall_end(&hall);
}

static void test_out_of_turn(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act act = registered(&hall);
    assert_string_equal(try_act(&act, hearing), "complaint.moved_on");
    assert_string_equal(try_act(&act, deciding), "complaint.moved_on");
    assert_string_equal(try_act(&act, replying), "complaint.moved_on");
    assert_string_equal(try_act(&act, rating), "complaint.moved_on");
    assert_null(try_act(&act, accepting));
    assert_string_equal(try_act(&act, refusing), "complaint.moved_on");
    assert_string_equal(try_act(&act, deciding), "complaint.not_heard");
    act.words = " \n";
    assert_string_equal(try_act(&act, hearing), "complaint.no_words");
    act.words = "已核实";
    assert_null(try_act(&act, hearing));
    act.finding = "not_upheld";
    assert_null(try_act(&act, deciding));
    assert_string_equal(try_act(&act, correcting), "complaint.no_dossier");
    Act other = registered(&hall);
    assert_string_equal(other.number, "2026-00002");
    assert_null(try_act(&other, refusing));
    assert_string_equal(state_of(&other), "refused|0");
    assert_string_equal(try_act(&other, accepting), "complaint.moved_on");
    hall_end(&hall);
}

static void test_whose_it_is(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act act = registered(&hall);
    act.by = &hall.health;
    assert_string_equal(try_act(&act, stating), "complaint.unknown"); /* not accepted yet */
    act.by = &hall.supervisor;
    assert_null(try_act(&act, accepting));
    act.by = &hall.market;
    assert_string_equal(try_act(&act, stating), "complaint.unknown");
    act.matter.unit = NULL;
    assert_string_equal(try_act(&act, registering), "complaint.unit_required");
    act.matter.unit = "NOWHERE";
    assert_string_equal(try_act(&act, registering), "input.not_a_choice");
    act.matter.dossier_number = "123";
    assert_string_equal(try_act(&act, registering), "dossier.unknown");
    hall_end(&hall);
}

/* ---- what is secret -------------------------------------------------------------------------- */

static void test_person_and_words_lie_sealed(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Complaint found;
    hall_begin(&hall, test);
    Act act = registered(&hall);
    const char *journal = raw_ask(&hall.raw, "SELECT data FROM journal WHERE kind LIKE "
                                             "'complaint.%%'");
    assert_non_null(strstr(journal, "\"number\":\"2026-00001\""));
    assert_null(strstr(journal, NAME));
    assert_null(strstr(journal, PHONE));
    assert_null(strstr(journal, WORDS));
    DbConn *conn = db_reader(hall.test->db, &err);
    ComplaintPerson person;
    const char *words;
    assert_true(store_complaint_sealed(conn, hall.arena, &hall.app, act.id, &person, &words, &err));
    assert_string_equal(person.name, NAME);
    assert_string_equal(words, WORDS);
    assert_true(complaint_of(conn, hall.arena, &hall.app, act.number, PHONE, &found, &err));
    assert_false(
        complaint_of(conn, hall.arena, &hall.app, act.number, "13700000000", &found, &err));
    db_release(conn);
    hall_end(&hall);
}

static void test_numbers_that_are_none(TestDb *test)
{
    static const char *const none[] = {
        "",        "-",      "2026",     "2026-",  "26-00001", "2026-0000100000",
        "2026-1 ", "20x6-1", "--------", "2026--1"};
    int year, sequence;
    (void)test;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (complaint_read_number(none[i], &year, &sequence))
            fail_msg("\"%s\" is read as a number", none[i]);
    assert_true(complaint_read_number("2026-00012", &year, &sequence));
    assert_int_equal(year, 2026);
    assert_int_equal(sequence, 12);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void test_the_most_urgent_first_page_by_page(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Complaints first = {0}, second = {0}, own = {0};
    hall_begin(&hall, test);
    Act slow = registered(&hall), quick = registered(&hall);
    assert_null(try_act(&slow, accepting)); /* five days now */
    DbConn *conn = db_reader(hall.test->db, &err);
    ComplaintQuery query = {.is_open = true, .due_after = INT64_MIN, .most = 1};
    assert_true(store_complaints(conn, hall.arena, HALL_TENANT, &query, &first, &err));
    assert_int_equal(first.count, 1);
    assert_true(first.items[0].id == quick.id);
    query.due_after = first.items[0].due_at;
    query.after = first.items[0].id;
    assert_true(store_complaints(conn, hall.arena, HALL_TENANT, &query, &second, &err));
    assert_int_equal(second.count, 1);
    assert_true(second.items[0].id == slow.id);
    query = (ComplaintQuery){
        .unit = hall.health.unit, .is_open = true, .due_after = INT64_MIN, .most = 9};
    assert_true(store_complaints(conn, hall.arena, HALL_TENANT, &query, &own, &err));
    assert_int_equal(own.count, 1); /* the accepted one */
    db_release(conn);
    hall_end(&hall);
}

/* ---- faults ---------------------------------------------------------------------------------- */

static bool attempt(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_act, data, err);
}

static void fail_each(Act *act, const char *what, bool (*run)(Tx *tx, Act *act, Error *err))
{
    act->run = run;
    if (hall_fail_each(act->hall, what, attempt, act, false) < 4)
        fail_msg("%s takes too few statements", what);
}

static void test_faults(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Act act = registered(&hall);
    fail_each(&act, "registration", registering);
    fail_each(&act, "acceptance", accepting);
    fail_each(&act, "hearing", hearing);
    fail_each(&act, "decision", deciding);
    fail_each(&act, "reply", replying);
    fail_each(&act, "rating", rating);
    assert_string_equal(state_of(&act), "rated|0");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_from_registration_to_satisfaction),
        test_each_hall(test_out_of_turn),
        test_each_hall(test_whose_it_is),
        test_each_hall(test_person_and_words_lie_sealed),
        test_each_hall(test_numbers_that_are_none),
        test_each_hall(test_the_most_urgent_first_page_by_page),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
