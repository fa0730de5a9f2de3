/*
 * dossier_fault_test.c - every write path of a dossier with its n-th statement failing, for every
 * n: each failure leaves every table as it was, and the command can then be given again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

/* ---- filing ---------------------------------------------------------------------------------- */

static void test_filing(TestDb *test)
{
    static const struct {
        const char *item;
        const char *answers;
        const char *state;
    } cases[] = {{"sole-trader", TRADER_ANSWERS, "accepted review"},
                 {"hotel-hygiene", HOTEL_ANSWERS, "filed intake"}};
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 2; i++) {
        HallFiling warm = hall_filing(&hall, cases[i].item, cases[i].answers), cold = warm;
        hall_fail_command(&hall, cases[i].item, hall_run_filing, &warm, false, 8);
        hall_fail_command(&hall, cases[i].item, hall_run_filing, &cold, true, 0);
        assert_string_equal(hall_state(&hall, warm.id), cases[i].state);
        assert_string_equal(hall_state(&hall, cold.id), cases[i].state);
        assert_string_not_equal(warm.number, cold.number);
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM dossier"), 4);
    hall_end(&hall);
}

/* ---- working --------------------------------------------------------------------------------- */

static void test_claiming(TestDb *test)
{
    static const HallTaskVerb verbs[] = {dossier_claim, dossier_release, dossier_claim};
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    Id task = hall_task(&hall, dossier, "Task_intake");
    for (size_t i = 0; i < 3; i++) {
        HallWork it = {
            .hall = &hall, .who = &hall.window, .completion = {.task = task}, .verb = verbs[i]};
        hall_fail_command(&hall, "claim or release", hall_run_work, &it, false, 4);
        assert_int_equal(hall_task_row(&hall, task).assignee,
                         verbs[i] == dossier_claim ? hall.window.id : 0);
    }
    hall_end(&hall);
}

/* One completion after the other, each of which may only be done once. */
static void test_completing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    const struct {
        const User *who;
        const char *element, *outcome, *state;
    } cases[] = {{&hall.window, "Task_intake", "accept", "accepted review"},
                 {&hall.health, "Task_review", "pass", "accepted decision"},
                 {&hall.health2, "Task_decision", "approve", "approved closed"}};
    static const char *const seen[] = {"legal-id", "floor-plan"};
    Id dossier = hall_file_hotel(&hall);
    for (size_t i = 0; i < 3; i++) {
        HallWork it =
            hall_completion(&hall, cases[i].who, hall_task(&hall, dossier, cases[i].element),
                            cases[i].outcome, "意见");
        it.completion.seen = seen;
        it.completion.seen_count = 2;
        hall_fail_command(&hall, cases[i].element, hall_run_work, &it, false, 6);
        assert_string_equal(hall_state(&hall, dossier), cases[i].state);
    }
    assert_string_equal(raw_ask(&hall.raw, "SELECT number FROM certificate"), "WS2026000001");
    hall_end(&hall);
}

static void test_completing_cold(TestDb *test)
{
    static const struct {
        const char *outcome, *state;
    } cases[] = {{"approve", "approved closed"}, {"deny", "denied closed"}};
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 2; i++) {
        Id dossier = hall_file_trader(&hall);
        HallWork it = hall_completion(&hall, &hall.market, hall_task(&hall, dossier, "Task_decide"),
                                      cases[i].outcome, "意见");
        hall_fail_command(&hall, cases[i].outcome, hall_run_work, &it, true, 0);
        assert_string_equal(hall_state(&hall, dossier), cases[i].state);
    }
    Id refused = hall_file_hotel(&hall);
    HallWork it = hall_completion(&hall, &hall.window, hall_task(&hall, refused, "Task_intake"),
                                  "refuse", "不属于受理范围");
    hall_fail_command(&hall, "refuse", hall_run_work, &it, true, 0);
    assert_string_equal(hall_state(&hall, refused), "not_accepted closed");
    assert_string_equal(raw_ask(&hall.raw, "SELECT number FROM certificate"), "GT2026000001");
    hall_end(&hall);
}

/* ---- timers, incidents ----------------------------------------------------------------------- */

/* A review that is taken away after a day, with a reminder after an hour. */
static const char timed_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "A")
    USER_TASK("A", "") "<boundaryEvent id='Late' attachedToRef='A'>" TIMER(
        "P1D") "</boundaryEvent>"
               "<boundaryEvent id='Remind' attachedToRef='A' cancelActivity='false'>" TIMER(
                   "PT1H") "</boundaryEvent>" FLOW("f2", "Remind", "B") USER_TASK("B", "")
                   FLOW("f3", "Late", "C") USER_TASK("C", "") FLOW("f4", "A", "E")
                       FLOW("f5", "B", "E") FLOW("f6", "C", "E") "<endEvent id='E'/>";

static bool attempt_firing(Hall *hall, void *data, Error *err)
{
    (void)data;
    bool has_more;
    return dossier_fire_timers(&hall->app, &has_more, err);
}

static void test_firing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "timed", timed_process);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 11, 0));
    assert_true(hall_fail_each(&hall, "reminder", attempt_firing, NULL, false) > 6);
    assert_true(hall_task(&hall, dossier, "A") && hall_task(&hall, dossier, "B"));
    dossiers_agree(&hall);
    hall_clock(&hall, HALL_AT(date_plus(HALL_FRIDAY, 1), 10, 0));
    assert_true(hall_fail_each(&hall, "interruption", attempt_firing, NULL, true) > 8);
    assert_true(!hall_task(&hall, dossier, "A") && hall_task(&hall, dossier, "C"));
    dossiers_agree(&hall);
    assert_int_equal(hall_fire(&hall), 0);
    hall_end(&hall);
}

static const char choice_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "A") USER_TASK("A", "")
    FLOW("f2", "A", "G") "<exclusiveGateway id='G'/>" FLOW_IF("f3", "G", "B", "level > 1")
        FLOW_IF("f4", "G", "E", "level &lt;= 1") USER_TASK("B", "")
            FLOW("f5", "B", "E") "<endEvent id='E'/>";

static void test_incident_and_mending(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "choice", choice_process);
    HallWork it =
        hall_completion(&hall, &hall.market, hall_task(&hall, dossier, "A"), "approve", "意见");
    hall_fail_command(&hall, "completion into an incident", hall_run_work, &it, false, 7);
    Incidents open = hall_incidents(&hall);
    assert_int_equal(open.count, 1);
    HallMending mending = {.hall = &hall,
                           .incident = open.items[0].id,
                           .variables = hall_json(&hall, "{\"level\":2}")};
    hall_fail_command(&hall, "dossier_mend", hall_run_mending, &mending, false, 7);
    assert_int_equal(hall_incidents(&hall).count, 0);
    assert_int_not_equal(hall_task(&hall, dossier, "B"), 0);
    hall_end(&hall);
}

/* ---- after the decision ---------------------------------------------------------------------- */

typedef struct Thanks {
    Hall *hall;
    Id dossier;
} Thanks;

static bool run_serving(Tx *tx, void *data, Error *err)
{
    const Thanks *it = data;
    App *app = &it->hall->app;
    Dossier dossier;
    Certificate certificate;
    bool is_found;
    return dossier_by_id(tx_conn(tx), tx_arena(tx), app->tenant, it->dossier, &dossier, err) &&
           store_certificate(tx_conn(tx), app, tx_arena(tx), it->dossier, NULL, &certificate,
                             &is_found, err) &&
           dossier_serve(tx, app, &it->hall->applicant, &dossier, certificate.id, err);
}

static bool run_rating(Tx *tx, void *data, Error *err)
{
    const Thanks *it = data;
    App *app = &it->hall->app;
    Dossier dossier;
    return dossier_by_id(tx_conn(tx), tx_arena(tx), app->tenant, it->dossier, &dossier, err) &&
           dossier_rate(tx, app, &it->hall->applicant, dossier.number, 5, "很快", err);
}

static void test_serving_and_rating(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Thanks it = {.hall = &hall, .dossier = hall_approved_trader(&hall)};
    hall_fail_command(&hall, "dossier_serve", run_serving, &it, false, 4);
    hall_fail_command(&hall, "dossier_rate", run_rating, &it, false, 4);
    assert_string_equal(raw_ask(&hall.raw, "SELECT grade, scale, comment FROM rating"), "5|5|很快");
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM certificate WHERE served_at IS NOT NULL"), 1);
    hall_end(&hall);
}

/* ---- a corrected calendar -------------------------------------------------------------------- */

static bool run_notice(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    return calendars_publish(tx, hall->app.calendars, HALL_TENANT, "cn-2026b",
                             "date,type,name\n2026-11-24,holiday,测试假\n", date_of(2026, 1, 1),
                             err);
}

static bool attempt_rederiving(Hall *hall, void *data, Error *err)
{
    return dossier_rederive(&hall->app, data, err);
}

static void test_rederiving(TestDb *test)
{
    Hall hall;
    int changed = 0;
    hall_begin(&hall, test);
    Id first = hall_accepted_hotel(&hall), second = hall_accepted_hotel(&hall);
    hall_fail_command(&hall, "notice", run_notice, &hall, false, 4);
    assert_true(hall_fail_each(&hall, "rederive", attempt_rederiving, &changed, false) > 10);
    assert_int_equal(changed, 2);
    assert_string_equal(hall_last_steps(&hall, first), "clock.rederived: due");
    assert_string_equal(hall_last_steps(&hall, second), "clock.rederived: due");
    dossiers_agree(&hall);
    hall_end(&hall);
}

/* ---- a pack ---------------------------------------------------------------------------------- */

static bool run_pack(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    int published;
    return catalogue_publish_pack(tx, &hall->app, hall->pack, date_of(2026, 1, 1), &published, err);
}

static bool attempt_pack(Hall *hall, void *data, Error *err)
{
    if (db_write(hall->test->db, hall->arena, run_pack, data, err))
        return true;
    assert_int_equal(hall_item(hall, "sole-trader")->version, 1);
    return false;
}

/* A pack is published whole or not at all, and what is not published is not in force. */
static void test_publishing_a_pack(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    assert_true(hall_fail_some(&hall, "a pack", attempt_pack, &hall, false, 37) > 100);
    assert_int_equal(hall_item(&hall, "sole-trader")->version, 2);
    hall_file_trader(&hall);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_filing),
        test_each_hall(test_claiming),
        test_each_hall(test_completing),
        test_each_hall(test_completing_cold),
        test_each_hall(test_firing),
        test_each_hall(test_incident_and_mending),
        test_each_hall(test_serving_and_rating),
        test_each_hall(test_rederiving),
        test_each_hall(test_publishing_a_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
