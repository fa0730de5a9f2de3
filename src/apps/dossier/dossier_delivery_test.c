/*
 * dossier_delivery_test.c - a certificate is served within ten working days of the decision, at the
 * window or by post; holidays and a corrected calendar move the date; who may; and every write with
 * its n-th statement failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_delivery.h"
#include "apps/dossier/dossier_way_test.h"

/* Decided on Friday the 20th: the tenth working day is Friday, December the 4th. */
#define CLOSING(month, day) HALL_AT(date_of(2026, month, day), 17, 30)
#define NUMBER              "1234567890123"

/* ---- what is done ---------------------------------------------------------------------------- */

typedef struct Act {
    Hall *hall;
    const User *who;
    Id dossier;
    const char *verb; /* choose post signed back collected */
    const char *way;
    PostAddress to;
    const char *carrier;
    const char *tracking;
    Date on;
} Act;

static bool run_act(Tx *tx, void *data, Error *err)
{
    const Act *it = data;
    App *app = &it->hall->app;
    if (text_equal(it->verb, "choose"))
        return delivery_choose(tx, app, it->who, it->dossier, it->way, &it->to, err);
    if (text_equal(it->verb, "post"))
        return delivery_post(tx, app, it->who, it->dossier, it->carrier, it->tracking, it->on, err);
    if (text_equal(it->verb, "signed"))
        return delivery_signed(tx, app, it->who, it->dossier, it->on, err);
    if (text_equal(it->verb, "back"))
        return delivery_came_back(tx, app, it->who, it->dossier, err);
    return delivery_collected(tx, app, it->who, it->dossier, it->way, err);
}

static Act choice(Hall *hall, Id dossier)
{
    return (Act){.hall = hall,
                 .who = &hall->applicant,
                 .dossier = dossier,
                 .verb = "choose",
                 .way = "post",
                 .to = {"周知秋", "13912345679", "滨河路11号"}};
}

static Act posting(Hall *hall, Id dossier)
{
    return (Act){.hall = hall,
                 .who = &hall->window,
                 .dossier = dossier,
                 .verb = "post",
                 .carrier = "ems",
                 .tracking = NUMBER,
                 .on = instant_date(clock_now(&hall->test->clock), 480)};
}

static Act act_of(Hall *hall, Id dossier, const char *verb)
{
    Act act = posting(hall, dossier);
    act.verb = verb;
    act.way = "applicant";
    return act;
}

static void decide(Hall *hall, Id dossier)
{
    hall_complete(hall, &hall->health, dossier, "Task_review", "pass", "合格");
    hall_complete(hall, &hall->health2, dossier, "Task_decision", "approve", "准予许可");
}

static Id decided(Hall *hall)
{
    Id dossier = hall_accepted_hotel(hall);
    decide(hall, dossier);
    return dossier;
}

static Id posted(Hall *hall)
{
    Id dossier = hall_accepted_hotel(hall);
    Act choose = choice(hall, dossier), post;
    hall_write(hall, run_act, &choose, "choice");
    decide(hall, dossier);
    post = posting(hall, dossier);
    hall_write(hall, run_act, &post, "posting");
    return dossier;
}

static void expect_row(Hall *hall, Id dossier, const char *row)
{
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT state, way, due_on, COALESCE(tracking, '-'), "
                                "COALESCE(served_how, '-'), returns FROM delivery WHERE "
                                "dossier = %lld",
                                (long long)dossier),
                        row);
}

/* ---- the date -------------------------------------------------------------------------------- */

static bool run_holiday(Tx *tx, void *data, Error *err)
{
    const Hall *hall = data;
    return calendars_publish(tx, hall->app.calendars, HALL_TENANT, "cn-2026b",
                             "date,type,name\n2026-11-27,holiday,甲\n", date_of(2026, 1, 1), err);
}

static void test_ten_working_days(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = decided(&hall);
    expect_row(&hall, dossier, "due|window|2026-12-04|-|-|0");
    assert_int_equal(raw_number(&hall.raw, "SELECT due_at FROM delivery"), CLOSING(12, 4));
    assert_int_equal(raw_number(&hall.raw, "SELECT unit FROM delivery"), hall.window.unit);
    assert_int_equal(json_int(hall_step(&hall, dossier, "service_due"), "due_at", 0),
                     CLOSING(12, 4));
    assert_non_null(strstr(raw_ask(&hall.raw, "SELECT basis FROM delivery"), "第四十四条"));
    assert_non_null(strstr(raw_ask(&hall.raw, "SELECT basis_en FROM delivery"), "Article"));
    hall_end(&hall);
}

static void test_across_a_holiday(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    hall_write(&hall, run_holiday, &hall, "holiday");
    expect_row(&hall, decided(&hall), "due|window|2026-12-07|-|-|0");
    hall_end(&hall);
}

static void test_a_corrected_calendar_moves_it(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int changed = -1;
    way_begin(&hall, test);
    Id waiting = decided(&hall), gone = posted(&hall);
    hall_write(&hall, run_holiday, &hall, "holiday");
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 1);
    dossiers_agree(&hall);
    expect_row(&hall, waiting, "due|window|2026-12-07|-|-|0");
    expect_row(&hall, gone, "posted|post|2026-12-04|" NUMBER "|-|0");
    assert_string_equal(hall_last_steps(&hall, waiting), "service.due_moved: service_due");
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 0);
    hall_end(&hall);
}

/* ---- at the window, by post ------------------------------------------------------------------ */

static void test_collected(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = decided(&hall);
    Act post = posting(&hall, dossier), collect = act_of(&hall, dossier, "collected");
    way_expect_refusal(&hall, run_act, &post, "service.to_window");
    hall_write(&hall, run_act, &collect, "collection");
    expect_row(&hall, dossier, "served|window|2026-12-04|-|applicant|0");
    assert_string_equal(hall_last_steps(&hall, dossier), "service.collected:");
    way_expect_refusal(&hall, run_act, &collect, "service.not_due");
    dossiers_agree(&hall);
    hall_end(&hall);
}

static void test_posted_and_back(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = posted(&hall);
    expect_row(&hall, dossier, "posted|post|2026-12-04|" NUMBER "|-|0");
    Act again = choice(&hall, dossier), back = act_of(&hall, dossier, "back");
    way_expect_refusal(&hall, run_act, &again, "service.on_its_way");
    hall_write(&hall, run_act, &back, "coming back");
    expect_row(&hall, dossier, "due|post|2026-12-04|-|-|1");
    Act post = posting(&hall, dossier), sign = act_of(&hall, dossier, "signed");
    way_expect_refusal(&hall, run_act, &sign, "service.not_posted_yet");
    hall_write(&hall, run_act, &post, "posting again");
    hall_write(&hall, run_act, &sign, "signature");
    expect_row(&hall, dossier, "served|post|2026-12-04|" NUMBER "|signed|1");
    dossiers_agree(&hall);
    hall_end(&hall);
}

static void test_addresses_are_sealed(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    DeliveryLines lines = {0};
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    Act choose = choice(&hall, dossier);
    hall_write(&hall, run_act, &choose, "choice");
    decide(&hall, dossier);
    assert_null(strstr(hall_entries(&hall, dossier).items[2].data, "滨河路"));
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(store_deliveries(conn, hall.arena, &hall.app, hall.window.unit, "due", 0, 0, 10,
                                 &lines, &err));
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.items[0].delivery.to.address, "滨河路11号");
    assert_true(store_deliveries(conn, hall.arena, &hall.app, hall.health.unit, "due", 0, 0, 10,
                                 &lines, &err));
    assert_int_equal(lines.count, 1);
    db_release(conn);
    hall_end(&hall);
}

/* ---- refused --------------------------------------------------------------------------------- */

static void test_refusals(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall), other = hall_file_trader(&hall);
    Act choose = choice(&hall, other);
    way_expect_refusal(&hall, run_act, &choose, "service.none");
    choose = choice(&hall, dossier);
    choose.to.address = " ";
    way_expect_refusal(&hall, run_act, &choose, "service.address_required");
    Act early = posting(&hall, dossier);
    way_expect_refusal(&hall, run_act, &early, "service.unknown");
    choose = choice(&hall, dossier);
    hall_write(&hall, run_act, &choose, "choice");
    decide(&hall, dossier);
    Act post = posting(&hall, dossier);
    post.who = &hall.health;
    way_expect_refusal(&hall, run_act, &post, "service.unknown");
    post = posting(&hall, dossier);
    post.tracking = "12345";
    way_expect_refusal(&hall, run_act, &post, "service.tracking");
    post = posting(&hall, dossier);
    post.carrier = "pigeon";
    way_expect_refusal(&hall, run_act, &post, "service.carrier");
    post = posting(&hall, dossier);
    post.on = date_of(2026, 12, 24);
    way_expect_refusal(&hall, run_act, &post, "service.day");
    hall_end(&hall);
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    Act choose = choice(&hall, dossier);
    hall_fail_command(&hall, "choice", run_act, &choose, false, 4);
    hall_write(&hall, run_act, &choose, "choice");
    decide(&hall, dossier);
    Act post = posting(&hall, dossier);
    hall_fail_command(&hall, "posting", run_act, &post, false, 4);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_ten_working_days),
        test_each_hall(test_across_a_holiday),
        test_each_hall(test_a_corrected_calendar_moves_it),
        test_each_hall(test_collected),
        test_each_hall(test_posted_and_back),
        test_each_hall(test_addresses_are_sealed),
        test_each_hall(test_refusals),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
