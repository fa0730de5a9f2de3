/*
 * dossier_silence_test.c - an application that nobody answers is accepted from the day of its
 * receipt; a notice stops that, what was mended begins it anew; a corrected calendar moves it; a
 * process that does not accept gets an incident; and every write with its n-th statement failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* Filed on Friday the 20th: the fifth working day is Friday the 27th, and the office closes at half
 * past five. */
#define CLOSING(month, day) HALL_AT(date_of(2026, month, day), 17, 30)
#define OVER                CLOSING(11, 27)

/* "state|due_at" of the newest timer of silence. */
static const char *timer_of(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw,
                   "SELECT state, due_at FROM timer WHERE node = -2 AND dossier = %lld AND "
                   "id = (SELECT MAX(id) FROM timer WHERE node = -2 AND dossier = %lld)",
                   (long long)dossier, (long long)dossier);
}

static void expect_timer(Hall *hall, Id dossier, const char *state, Instant due)
{
    assert_string_equal(timer_of(hall, dossier),
                        arena_printf(hall->arena, "%s|%lld", state, (long long)due));
}

/* What officers and supervisors read is the timer's own date; 0: none. */
static void expect_due(Hall *hall, Id dossier, Instant due)
{
    const char *text = arena_printf(hall->arena, "%lld", (long long)due);
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT COALESCE(due_at, 0) FROM task WHERE dossier = %lld AND "
                                "state = 'open'",
                                (long long)dossier),
                        text);
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT COALESCE(due_at, 0) FROM supervised WHERE dossier = %lld",
                                (long long)dossier),
                        text);
}

/* ---- accepted -------------------------------------------------------------------------------- */

static void test_silence_accepts(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    Instant filed = hall_dossier(&hall, dossier).filed_at;
    expect_timer(&hall, dossier, "set", OVER);
    expect_due(&hall, dossier, OVER);
    hall_clock(&hall, OVER - 1);
    assert_int_equal(hall_fire(&hall), 0);
    assert_string_equal(hall_state(&hall, dossier), "filed intake");
    hall_clock(&hall, WAY_NOV(30, 9));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(hall_state(&hall, dossier), "accepted review");
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.accepted_by_silence: accepted stage task_created task_cancelled");
    assert_true(hall_dossier(&hall, dossier).accepted_at == filed);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    expect_timer(&hall, dossier, "fired", OVER);
    assert_string_equal(raw_ask(&hall.raw, "SELECT element, state, COALESCE(completed_by, 0) FROM "
                                           "task ORDER BY id"),
                        "Task_intake|cancelled|0\nTask_review|open|0");
    assert_int_equal(hall_fire(&hall), 0);
    hall_end(&hall);
}

/* Whoever should have answered is warned of it, and the paper says why it is accepted. */
static void test_who_is_told(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    hall_assign(&hall, &hall.window, hall_task(&hall, dossier, "Task_intake"), dossier_claim);
    hall_clock(&hall, OVER);
    hall_fire(&hall);
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind, unit, officer, due_at FROM warning"),
                        arena_printf(hall.arena, "silence|%lld|%lld|%lld",
                                     (long long)hall.window.unit, (long long)hall.window.id,
                                     (long long)OVER));
    const Json *paper = hall_step(&hall, dossier, "document");
    assert_string_equal(json_text(paper, "kind"), "acceptance");
    hall_end(&hall);
}

/* ---- answered -------------------------------------------------------------------------------- */

static void test_an_answer_ends_it(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id accepted = hall_accepted_hotel(&hall);
    Id refused = hall_file_hotel(&hall), withdrawn = hall_file_hotel(&hall);
    hall_complete(&hall, &hall.window, refused, "Task_intake", "refuse", "不属于本机关职权范围");
    WayWithdrawal back = {.hall = &hall, .who = &hall.applicant, .dossier = withdrawn};
    hall_write(&hall, way_run_withdrawal, &back, "withdrawal");
    expect_timer(&hall, accepted, "cancelled", OVER);
    expect_timer(&hall, refused, "cancelled", OVER);
    expect_timer(&hall, withdrawn, "cancelled", OVER);
    assert_string_equal(raw_ask(&hall.raw, "SELECT COUNT(*) FROM supervised WHERE is_open = 0 AND "
                                           "due_at IS NOT NULL"),
                        "0"); /* nothing was promised to them */
    hall_clock(&hall, WAY_NOV(30, 9));
    assert_int_equal(hall_fire(&hall), 0);
    hall_end(&hall);
}

static void test_other_items_wait(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_trader(&hall);
    const char *before = hall_state(&hall, dossier);
    assert_string_equal(timer_of(&hall, dossier), "");
    hall_clock(&hall, WAY_DEC(30, 9));
    assert_int_equal(hall_fire(&hall), 0);
    assert_string_equal(hall_state(&hall, dossier), before);
    hall_end(&hall);
}

/* ---- notices --------------------------------------------------------------------------------- */

static void test_a_notice_is_an_answer(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    hall_clock(&hall, WAY_NOV(24, 10));
    way_send(&hall, &hall.window, dossier, "Task_intake", -1, NULL);
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.notice_sent: notice waiting intake_due");
    expect_timer(&hall, dossier, "cancelled", OVER);
    expect_due(&hall, dossier, 0);
    hall_clock(&hall, WAY_DEC(8, 15));
    assert_int_equal(hall_fire(&hall), 0);
    way_mend(&hall, dossier);
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.supplemented: waiting intake_due timer_set");
    expect_timer(&hall, dossier, "set", CLOSING(12, 15));
    expect_due(&hall, dossier, CLOSING(12, 15));
    hall_clock(&hall, WAY_DEC(16, 9));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(hall_state(&hall, dossier), "accepted review");
    assert_true(hall_dossier(&hall, dossier).accepted_at == WAY_DEC(8, 15));
    assert_string_equal(way_clock(&hall, dossier), "2026-12-22|-");
    hall_end(&hall);
}

typedef struct TakingBack {
    Hall *hall;
    Id notice;
} TakingBack;

static bool run_taking_back(Tx *tx, void *data, Error *err)
{
    const TakingBack *it = data;
    return dossier_take_back_notice(tx, &it->hall->app, &it->hall->window, it->notice, "发错了办件",
                                    err);
}

/* It was never told what is missing: the days went on. */
static void test_a_notice_taken_back(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall), late = hall_file_hotel(&hall);
    hall_clock(&hall, WAY_NOV(24, 10));
    way_send(&hall, &hall.window, dossier, "Task_intake", -1, NULL);
    TakingBack back = {.hall = &hall, .notice = way_last_notice(&hall)};
    hall_write(&hall, run_taking_back, &back, "taking back");
    expect_timer(&hall, dossier, "set", OVER);
    expect_due(&hall, dossier, OVER);
    way_send(&hall, &hall.window, late, "Task_intake", -1, NULL);
    back.notice = way_last_notice(&hall);
    hall_clock(&hall, WAY_DEC(1, 9));
    hall_write(&hall, run_taking_back, &back, "taking back too late");
    assert_int_equal(hall_fire(&hall), 2);
    assert_string_equal(hall_state(&hall, late), "accepted review");
    hall_end(&hall);
}

/* ---- the calendar ---------------------------------------------------------------------------- */

static bool run_holiday(Tx *tx, void *data, Error *err)
{
    const Hall *hall = data;
    return calendars_publish(tx, hall->app.calendars, HALL_TENANT, "cn-2026b",
                             "date,type,name\n2026-11-27,holiday,甲\n", date_of(2026, 1, 1), err);
}

static void correct_calendar(Hall *hall)
{
    hall_write(hall, run_holiday, hall, "holiday");
}

static void test_a_corrected_calendar_moves_it(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int changed = -1;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    correct_calendar(&hall);
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 1);
    dossiers_agree(&hall);
    expect_timer(&hall, dossier, "set", CLOSING(11, 30));
    expect_due(&hall, dossier, CLOSING(11, 30));
    assert_string_equal(hall_last_steps(&hall, dossier),
                        "dossier.intake_due_moved: intake_due timer_set");
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 0);
    hall_end(&hall);
}

/* The timer asks again before it accepts: nobody need have derived anything anew. */
static void test_a_timer_that_came_too_early(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    correct_calendar(&hall);
    hall_clock(&hall, OVER);
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(hall_state(&hall, dossier), "filed intake");
    expect_timer(&hall, dossier, "set", CLOSING(11, 30));
    hall_clock(&hall, CLOSING(11, 30));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(hall_state(&hall, dossier), "accepted review");
    hall_end(&hall);
}

/* ---- what hinders it ------------------------------------------------------------------------- */

#define PROPERTY "<zeebe:property name='stage' value='intake'/>"
#define INTAKE   "<zeebe:properties>" PROPERTY "</zeebe:properties>"
#define MEMBER   "\"silence\":{\"table\":\"silence\",\"decision\":\"silence\"},"

/* Its intake ends in another task instead of an acceptance. */
static const char deaf_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "A")
    USER_TASK("A", INTAKE) FLOW("f2", "A", "B") USER_TASK("B", "") FLOW("f3", "B", "C")
        SERVICE("C", "dossier.accept") FLOW("f4", "C", "E") "<endEvent id='E'/>";

static void test_a_process_that_does_not_accept(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    HallItem it = {.hall = &hall,
                   .code = "deaf",
                   .process = deaf_process,
                   .certificates = MEMBER HALL_CERTIFICATE};
    hall_write(&hall, hall_run_item, &it, "deaf");
    Id dossier = hall_file(&hall, "deaf", TRADER_ANSWERS);
    hall_clock(&hall, OVER);
    assert_int_equal(hall_fire(&hall), 1);
    assert_int_equal(hall_fire(&hall), 0);
    assert_true(hall_task(&hall, dossier, "A"));
    assert_string_equal(hall_last_steps(&hall, dossier), "dossier.silence_failed: incident");
    assert_string_equal(raw_ask(&hall.raw, "SELECT code FROM incident WHERE resolved_at IS NULL"),
                        "dossier.silence_unmet");
    Id incident = raw_number(&hall.raw, "SELECT MAX(id) FROM incident");
    HallMending mending = {.hall = &hall, .incident = incident};
    way_expect_refusal(&hall, hall_run_mending, &mending, "dossier.silence_unmet");
    hall_complete(&hall, &hall.market, dossier, "A", "accept", "齐全");
    hall_complete(&hall, &hall.market, dossier, "B", "accept", "齐全");
    hall_mend(&hall, incident, NULL);
    assert_string_equal(raw_ask(&hall.raw, "SELECT COUNT(*) FROM incident WHERE resolved_at IS "
                                           "NULL"),
                        "0");
    hall_end(&hall);
}

/* Nobody had the task, since its unit was not there: mended first, accepted then. */
static void test_mended_then_accepted(TestDb *test)
{
    static const char process[] =
        "<startEvent id='S'/>" FLOW("f1", "S", "A") USER_TASK("A", FOR_UNIT("=[unit]") INTAKE)
            FLOW("f2", "A", "C") SERVICE("C", "dossier.accept") FLOW("f3", "C", "B")
                USER_TASK("B", "") FLOW("f4", "B", "E") "<endEvent id='E'/>";
    Hall hall;
    way_begin(&hall, test);
    HallItem it = {
        .hall = &hall, .code = "lost", .process = process, .certificates = MEMBER HALL_CERTIFICATE};
    hall_write(&hall, hall_run_item, &it, "lost");
    Id dossier = hall_file(&hall, "lost", TRADER_ANSWERS);
    Instant filed = hall_dossier(&hall, dossier).filed_at;
    Id first = raw_number(&hall.raw, "SELECT MAX(id) FROM incident");
    hall_clock(&hall, OVER);
    assert_int_equal(hall_fire(&hall), 1);
    Id second = raw_number(&hall.raw, "SELECT MAX(id) FROM incident");
    assert_true(second != first);
    hall_mend(&hall, first, "{\"unit\":\"HALL\"}");
    hall_mend(&hall, second, NULL);
    assert_string_equal(hall_state(&hall, dossier), "accepted intake");
    assert_true(hall_dossier(&hall, dossier).accepted_at == filed);
    expect_timer(&hall, dossier, "fired", OVER);
    hall_end(&hall);
}

/* ---- faults ---------------------------------------------------------------------------------- */

static bool attempt_firing(Hall *hall, void *data, Error *err)
{
    (void)data;
    bool has_more;
    return dossier_fire_timers(&hall->app, &has_more, err);
}

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    WayNotice notice = way_notice(&hall, &hall.window, dossier, "Task_intake", -1);
    hall_fail_command(&hall, "notice", way_run_notice, &notice, false, 8);
    TakingBack back = {.hall = &hall, .notice = way_last_notice(&hall)};
    hall_fail_command(&hall, "taking back", run_taking_back, &back, false, 8);
    expect_timer(&hall, dossier, "set", OVER);
    hall_clock(&hall, OVER);
    assert_true(hall_fail_each(&hall, "silence", attempt_firing, NULL, true) > 12);
    assert_string_equal(hall_state(&hall, dossier), "accepted review");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_silence_accepts),
        test_each_hall(test_who_is_told),
        test_each_hall(test_an_answer_ends_it),
        test_each_hall(test_other_items_wait),
        test_each_hall(test_a_notice_is_an_answer),
        test_each_hall(test_a_notice_taken_back),
        test_each_hall(test_a_corrected_calendar_moves_it),
        test_each_hall(test_a_timer_that_came_too_early),
        test_each_hall(test_a_process_that_does_not_accept),
        test_each_hall(test_mended_then_accepted),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
