/*
 * dossier_extension_test.c - more time to decide: asked, granted once by the head of the unit, told
 * on a paper; with uncounted time and a corrected calendar; and every write with its n-th statement
 * failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_extension.h"
#include "apps/dossier/dossier_way_test.h"

typedef struct Asking {
    Hall *hall;
    const User *who;
    Id task;
    const char *reason;
    Id made;
} Asking;

static bool run_asking(Tx *tx, void *data, Error *err)
{
    Asking *it = data;
    return dossier_ask_extension(tx, &it->hall->app, it->who, it->task, it->reason, &it->made, err);
}

static Asking asking(Hall *hall, Id dossier)
{
    return (Asking){.hall = hall,
                    .who = &hall->health,
                    .task = hall_task(hall, dossier, "Task_review"),
                    .reason = "检测机构的报告尚未出具"};
}

typedef struct Deciding {
    Hall *hall;
    const User *who;
    Id extension;
    bool is_granted;
    const char *words;
} Deciding;

static bool run_deciding(Tx *tx, void *data, Error *err)
{
    const Deciding *it = data;
    return dossier_decide_extension(tx, &it->hall->app, it->who, it->extension, it->is_granted,
                                    it->words, err);
}

/* Asked for on an accepted hotel. */
static Deciding asked(Hall *hall, Id dossier)
{
    Asking it = asking(hall, dossier);
    hall_write(hall, run_asking, &it, "dossier_ask_extension");
    dossier_agrees(hall, dossier);
    return (Deciding){
        .hall = hall, .who = &hall->health2, .extension = it.made, .is_granted = true};
}

static void grant(Hall *hall, Id dossier)
{
    Deciding it = asked(hall, dossier);
    hall_write(hall, run_deciding, &it, "dossier_decide_extension");
    dossier_agrees(hall, dossier);
}

/* ---- granted --------------------------------------------------------------------------------- */

static void test_granted(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    Deciding it = asked(&hall, dossier);
    assert_string_equal(way_steps(&hall, dossier), "dossier.extension_asked: extension");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    hall_write(&hall, run_deciding, &it, "dossier_decide_extension");
    dossier_agrees(&hall, dossier);
    assert_string_equal(hall_last_steps(&hall, dossier),
                        "dossier.extended: extension due document");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-18|-");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state, amount, due_before, due_after FROM "
                                           "extension"),
                        "granted|10|2026-12-04|2026-12-18");
    assert_string_equal(
        raw_ask(&hall.raw,
                "SELECT COUNT(*) FROM task t JOIN legal_clock c ON c.dossier = t.dossier "
                "WHERE t.state = 'open' AND t.due_at = c.due_at"),
        "1");
    Asking again = asking(&hall, dossier);
    way_expect_refusal(&hall, run_asking, &again, "extension.granted_already");
    way_expect_refusal(&hall, run_deciding, &it, "extension.decided_already");
    hall_end(&hall);
}

/* The paper holds what the law asks for: the reason, and until when. */
static void test_paper(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    grant(&hall, dossier);
    const Json *paper = hall_step(&hall, dossier, "document");
    assert_string_equal(json_text(paper, "kind"), "extension");
    assert_non_null(strstr(json_text(paper, "number"), "延〔2026〕第"));
    hall_end(&hall);
}

static void test_completed_within_it(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    grant(&hall, dossier);
    hall_clock(&hall, WAY_DEC(17, 10));
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_complete(&hall, &hall.health2, dossier, "Task_decision", "approve", "准予许可");
    const Json *done = hall_step(&hall, dossier, "completed");
    assert_true(json_bool(done, "on_time", false));
    assert_int_equal(json_int(done, "statutory_limit", 0), 20);
    assert_int_equal(json_int(done, "promised_limit", 0), 10);
    hall_end(&hall);
}

/* ---- with other things that move a date ------------------------------------------------------ */

static void test_uncounted_time_beside_it(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", "hearing");
    hall_clock(&hall, WAY_NOV(25, 10));
    grant(&hall, dossier);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-22|hearing");
    hall_clock(&hall, WAY_NOV(26, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", NULL);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-23|-");
    hall_end(&hall);
}

static void test_a_calendar_that_is_corrected(TestDb *test)
{
    Error err = ERROR_NONE;
    int changed;
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    grant(&hall, dossier);
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 0);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-18|-");
    hall_end(&hall);
}

/* ---- refused --------------------------------------------------------------------------------- */

static void test_the_head_refuses(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    Deciding it = asked(&hall, dossier);
    it.is_granted = false;
    way_expect_refusal(&hall, run_deciding, &it, "extension.words_required");
    it.words = "报告明天就能拿到";
    hall_write(&hall, run_deciding, &it, "refusal");
    assert_string_equal(hall_last_steps(&hall, dossier), "dossier.extension_refused: extension");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    grant(&hall, dossier);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-18|-");
    hall_end(&hall);
}

static void test_who_may(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    Asking ask = asking(&hall, dossier);
    ask.who = &hall.market;
    way_expect_refusal(&hall, run_asking, &ask, "dossier.unknown_task");
    ask = asking(&hall, dossier);
    ask.reason = " \n";
    way_expect_refusal(&hall, run_asking, &ask, "extension.reason_required");
    Deciding it = asked(&hall, dossier);
    ask = asking(&hall, dossier);
    way_expect_refusal(&hall, run_asking, &ask, "extension.asked_already");
    it.who = &hall.market;
    way_expect_refusal(&hall, run_deciding, &it, "extension.unknown");
    it.who = &hall.health;
    way_expect_refusal(&hall, run_deciding, &it, "extension.own");
    it.who = &hall.health2;
    it.extension += 1000;
    way_expect_refusal(&hall, run_deciding, &it, "extension.unknown");
    hall_end(&hall);
}

static void test_when(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id early = hall_file_hotel(&hall);
    Asking ask = {.hall = &hall,
                  .who = &hall.window,
                  .task = hall_task(&hall, early, "Task_intake"),
                  .reason = "人手不够"};
    way_expect_refusal(&hall, run_asking, &ask, "dossier.no_clock");
    Id dossier = hall_accepted_hotel(&hall);
    Deciding it = asked(&hall, dossier);
    Id other = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_DEC(7, 9));
    way_expect_refusal(&hall, run_deciding, &it, "extension.too_late");
    Asking late = asking(&hall, other);
    way_expect_refusal(&hall, run_asking, &late, "extension.too_late");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_complete(&hall, &hall.health2, dossier, "Task_decision", "approve", "准予许可");
    way_expect_refusal(&hall, run_deciding, &it, "extension.decided_dossier");
    hall_end(&hall);
}

static void test_queue(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    AskedExtensions own = {0}, foreign = {0};
    int64_t count = 0;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    asked(&hall, dossier);
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(
        store_extension_queue(conn, hall.arena, HALL_TENANT, hall.health.unit, 0, 10, &own, &err));
    assert_true(store_extension_queue(conn, hall.arena, HALL_TENANT, hall.market.unit, 0, 10,
                                      &foreign, &err));
    assert_true(
        store_count_extensions(conn, hall.arena, HALL_TENANT, hall.health.unit, &count, &err));
    db_release(conn);
    assert_int_equal(own.count, 1);
    assert_int_equal(foreign.count, 0);
    assert_int_equal(count, 1);
    assert_int_equal(own.items[0].amount, 10);
    assert_string_equal(own.items[0].reason, "检测机构的报告尚未出具");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_complete(&hall, &hall.health2, dossier, "Task_decision", "approve", "准予许可");
    conn = db_reader(hall.test->db, &err);
    assert_true(
        store_count_extensions(conn, hall.arena, HALL_TENANT, hall.health.unit, &count, &err));
    db_release(conn);
    assert_int_equal(count, 0); /* decided without it */
    hall_end(&hall);
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    Asking ask = asking(&hall, dossier);
    hall_fail_command(&hall, "asking", run_asking, &ask, false, 5);
    Deciding it = {.hall = &hall, .who = &hall.health2, .extension = ask.made, .words = "再等一天"};
    hall_fail_command(&hall, "refusal", run_deciding, &it, false, 5);
    ask = asking(&hall, dossier);
    hall_write(&hall, run_asking, &ask, "asking again");
    it = (Deciding){.hall = &hall, .who = &hall.health2, .extension = ask.made, .is_granted = true};
    hall_fail_command(&hall, "grant", run_deciding, &it, false, 7);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-18|-");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_granted),
        test_each_hall(test_paper),
        test_each_hall(test_completed_within_it),
        test_each_hall(test_uncounted_time_beside_it),
        test_each_hall(test_a_calendar_that_is_corrected),
        test_each_hall(test_the_head_refuses),
        test_each_hall(test_who_may),
        test_each_hall(test_when),
        test_each_hall(test_queue),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
