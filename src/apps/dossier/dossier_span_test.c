/*
 * dossier_span_test.c - time that is not counted: the deadline moves by exactly the working days
 * that were taken out, wherever the time came from; own limits; who may stop a clock; what the
 * lists say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* Accepted on Friday 2026-11-20: 10 working days end on Friday 2026-12-04. */
static const char *due_now(Hall *hall, Id dossier)
{
    return raw_ask(
        &hall->raw,
        "SELECT c.due_on, CASE WHEN MIN(t.due_at) = c.due_at AND MAX(t.due_at) = c.due_at "
        "THEN 'tasks' ELSE 'apart' END FROM legal_clock c JOIN task t ON t.dossier = "
        "c.dossier AND t.state = 'open' WHERE c.dossier = %lld GROUP BY c.due_on, "
        "c.due_at",
        (long long)dossier);
}

static void test_moves_by_the_days_taken_out(TestDb *test)
{
    static const struct {
        int from_day, from_hour, to_day, to_hour;
        const char *due;
    } cases[] = {
        {23, 10, 23, 16, "2026-12-04"}, /* begins and ends between two closings */
        {23, 10, 24, 10, "2026-12-07"}, {23, 10, 26, 10, "2026-12-09"},
        {27, 10, 30, 10, "2026-12-07"}, /* the weekend is not worked anyhow */
        {28, 10, 29, 10, "2026-12-04"}, /* nothing but a weekend */
        {20, 16, 30, 18, "2026-12-14"}, /* the day of acceptance is not counted itself; 30 is closed
                                         */
    };
    Hall hall;
    way_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hall_clock(&hall, WAY_NOV(20, 10));
        Id dossier = hall_accepted_hotel(&hall);
        hall_clock(&hall, WAY_NOV(cases[i].from_day, cases[i].from_hour));
        way_suspend(&hall, &hall.health, dossier, "Task_review", "hearing");
        assert_string_equal(way_clock(&hall, dossier), "2026-12-04|hearing");
        hall_clock(&hall, WAY_NOV(cases[i].to_day, cases[i].to_hour));
        way_suspend(&hall, &hall.health, dossier, "Task_review", NULL);
        if (!strstr(way_clock(&hall, dossier), cases[i].due))
            fail_msg("case %zu: %s", i, way_clock(&hall, dossier));
        assert_string_equal(due_now(&hall, dossier),
                            arena_printf(hall.arena, "%s|tasks", cases[i].due));
    }
    hall_end(&hall);
}

static void test_steps_and_measures(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", "survey");
    assert_string_equal(way_steps(&hall, dossier), "dossier.suspended: stopped");
    const Json *stopped = hall_step(&hall, dossier, "stopped");
    assert_string_equal(json_text(stopped, "ground"), "survey");
    assert_int_equal(json_int(stopped, "own_limit", 0), 3);
    assert_string_equal(json_text(stopped, "own_unit"), "working_days");
    hall_clock(&hall, WAY_NOV(25, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", NULL);
    assert_string_equal(way_steps(&hall, dossier), "dossier.resumed: resumed due");
    assert_string_equal(json_text(hall_step(&hall, dossier, "due"), "due_on"), "2026-12-08");
    /* the row scope stands in the order of the new date */
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT COUNT(*) FROM dossier_access a JOIN legal_clock c ON "
                                "c.dossier = a.dossier AND c.due_at = a.due_at"),
                        "2");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_complete(&hall, &hall.health, dossier, "Task_decision", "approve", "准予");
    /* Monday to Wednesday morning were taken out: Friday's rest alone was used */
    int64_t used = json_int(hall_step(&hall, dossier, "completed"), "used_millidays", -1);
    assert_true(used > 0 && used <= 1300);
    hall_end(&hall);
}

/* ---- a task of the process ------------------------------------------------------------------- */

static const char survey_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "Accept")
    SERVICE("Accept", "dossier.accept") FLOW("f2", "Accept", "Survey")
        USER_TASK("Survey", "<zeebe:properties><zeebe:property name='uncounted' "
                            "value='survey'/></zeebe:properties>") FLOW("f3", "Survey", "A")
            USER_TASK("A", "") FLOW("f4", "A", "E") "<endEvent id='E'/>";

static void test_drawn_in_the_process(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_play(&hall, "survey", survey_process);
    assert_string_equal(way_steps(&hall, dossier), "dossier.filed: accepted stopped task_created");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|survey");
    hall_clock(&hall, WAY_NOV(25, 10)); /* Monday and Tuesday */
    hall_complete(&hall, &hall.market, dossier, "Survey", NULL, NULL);
    assert_string_equal(way_steps(&hall, dossier),
                        "task.completed: task_completed resumed due task_created");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-08|-");
    assert_string_equal(due_now(&hall, dossier), "2026-12-08|tasks");
    hall_end(&hall);
}

static void test_unknown_ground_is_an_incident(TestDb *test)
{
    static const char process[] = "<startEvent id='S'/>" FLOW("f1", "S", "Accept")
        SERVICE("Accept", "dossier.accept") FLOW("f2", "Accept", "A")
            USER_TASK("A", "<zeebe:properties><zeebe:property name='uncounted' "
                           "value='moon'/></zeebe:properties>")
                FLOW("f4", "A", "E") "<endEvent id='E'/>";
    Hall hall;
    way_begin(&hall, test);
    hall_play(&hall, "moon", process);
    Incidents open = hall_incidents(&hall);
    assert_int_equal(open.count, 1);
    assert_string_equal(open.items[0].code, "catalogue.unknown_ground");
    hall_end(&hall);
}

/* ---- own limits ------------------------------------------------------------------------------ */

static void test_own_limit_passes(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", "survey");
    hall_clock(&hall, WAY_NOV(25, 17));
    assert_int_equal(hall_fire(&hall), 0); /* Wednesday counts out at its closing */
    hall_clock(&hall, WAY_NOV(26, 9));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(way_steps(&hall, dossier), "dossier.clock_runs: resumed due");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-09|-");
    assert_string_equal(due_now(&hall, dossier), "2026-12-09|tasks");
    assert_int_equal(hall_fire(&hall), 0);
    hall_clock(&hall, WAY_NOV(30, 9)); /* resumed far too late: no day more */
    way_suspend(&hall, &hall.health, dossier, "Task_review", NULL);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-09|-");
    WaySuspension again = way_suspension(&hall, &hall.health, dossier, "Task_review", "survey");
    way_expect_refusal(&hall, way_run_suspension, &again, "dossier.ground_used_up");
    hall_end(&hall);
}

/* Who cuts one survey in two has its limit once. */
static void test_own_limit_is_shared(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", "survey");
    hall_clock(&hall, WAY_NOV(25, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", NULL);
    way_suspend(&hall, &hall.health, dossier, "Task_review", "survey");
    assert_int_equal(raw_number(&hall.raw, "SELECT own_amount FROM clock_span WHERE to_at IS NULL"),
                     1);
    hall_clock(&hall, WAY_DEC(1, 9));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-09|-");
    hall_end(&hall);
}

/* ---- own limits by table --------------------------------------------------------------------- */

typedef struct LimitTable {
    const char *answer; /* of its decision, in FEEL */
    Date from;
} LimitTable;

static bool run_limit_table(Tx *tx, void *data, Error *err)
{
    const LimitTable *it = data;
    Definition published;
    Buffer content = buffer_init(tx_arena(tx), 0);
    JsonWriter json = json_writer(&content);
    json_begin_object(&json, NULL);
    json_put_text(&json, "table",
                  arena_printf(tx_arena(tx),
                               "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' "
                               "name='t' namespace='t'><decision id='special-limit' "
                               "name='special-limit'><literalExpression><text>%s</text>"
                               "</literalExpression></decision></definitions>",
                               it->answer));
    json_end_object(&json);
    return definition_publish(tx, HALL_TENANT, "table", "special-limits", buffer_text(&content),
                              it->from, NULL, &published, err);
}

/* The limit that the expert review of a fresh dossier has; 0 for none. */
static int64_t reviewed(Hall *hall)
{
    Id dossier = hall_accepted_hotel(hall);
    way_suspend(hall, &hall->health, dossier, "Task_review", "expert_review");
    return json_int(hall_step(hall, dossier, "stopped"), "own_limit", 0);
}

/* The version of the day on which the clock is stopped decides, and the entry says which rule. */
static void test_own_limit_by_table(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    hall_clock(&hall, WAY_NOV(23, 10));
    assert_int_equal(reviewed(&hall), 20);
    assert_string_equal(
        raw_ask(&hall.raw,
                "SELECT COUNT(*) FROM journal WHERE kind = 'dossier.suspended' AND data LIKE "
                "'%%\"step\":\"own_limit\",\"table\":\"special-limits\"%%"
                "\"id\":\"Rule_expert_review\"%%'"),
        "1");
    LimitTable shorter = {"{limit: 2, unit: \"working_days\"}", date_of(2026, 11, 30)};
    hall_write(&hall, run_limit_table, &shorter, "shorter");
    LimitTable none = {"null", date_of(2026, 12, 7)};
    hall_write(&hall, run_limit_table, &none, "none");
    hall_forget(&hall);
    assert_int_equal(reviewed(&hall), 20);
    hall_clock(&hall, WAY_NOV(30, 10));
    assert_int_equal(reviewed(&hall), 2);
    hall_clock(&hall, WAY_DEC(3, 9)); /* the day of acceptance does not count, two more are over */
    assert_int_equal(hall_fire(&hall), 1);
    hall_clock(&hall, WAY_DEC(7, 10));
    assert_int_equal(reviewed(&hall), 0);
    hall_end(&hall);
}

static void test_no_limit_that_is_none(TestDb *test)
{
    static const char *const answers[] = {"{limit: 0, unit: \"working_days\"}",
                                          "{limit: 2.5, unit: \"working_days\"}",
                                          "{limit: 2, unit: \"weeks\"}", "{limit: 2}", "20"};
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        LimitTable wrong = {answers[i], date_of(2024, 1, 1)};
        hall_write(&hall, run_limit_table, &wrong, answers[i]);
        hall_forget(&hall);
        WaySuspension it =
            way_suspension(&hall, &hall.health, dossier, "Task_review", "expert_review");
        way_expect_refusal(&hall, way_run_suspension, &it, "catalogue.no_own_limit");
        assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    }
    hall_end(&hall);
}

/* ---- who may, and when ----------------------------------------------------------------------- */

static void test_refusals(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id filed = hall_file_hotel(&hall), dossier = hall_accepted_hotel(&hall);
    WaySuspension it = way_suspension(&hall, &hall.window, filed, "Task_intake", "hearing");
    way_expect_refusal(&hall, way_run_suspension, &it, "dossier.no_clock");
    it = way_suspension(&hall, &hall.market, dossier, "Task_review", "hearing");
    way_expect_refusal(&hall, way_run_suspension, &it, "dossier.unknown_task");
    it = way_suspension(&hall, &hall.health, dossier, "Task_review", "moon");
    way_expect_refusal(&hall, way_run_suspension, &it, "catalogue.unknown_ground");
    it.asked.ground = DOSSIER_GROUND_SUPPLEMENT;
    way_expect_refusal(&hall, way_run_suspension, &it, "catalogue.unknown_ground");
    it.asked.ground = NULL;
    way_expect_refusal(&hall, way_run_suspension, &it, "dossier.not_suspended");
    hall_assign(&hall, &hall.health2, it.asked.task, dossier_claim);
    it.asked.ground = "hearing";
    way_expect_refusal(&hall, way_run_suspension, &it, "dossier.task_taken");
    it.who = &hall.health2;
    hall_write(&hall, way_run_suspension, &it, "hearing");
    way_expect_refusal(&hall, way_run_suspension, &it, "dossier.suspended_already");
    hall_end(&hall);
}

/* A task that is done takes its stop with it, and so does the end of the whole. */
static void test_ends_with_the_task(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "Task_review", "hearing");
    hall_clock(&hall, WAY_NOV(24, 10));
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-07|-");
    way_suspend(&hall, &hall.health, dossier, "Task_decision", "hearing");
    hall_clock(&hall, WAY_NOV(25, 10));
    hall_complete(&hall, &hall.health, dossier, "Task_decision", "approve", "准予");
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM clock_span WHERE to_at IS NULL"),
                     0);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-08|-");
    assert_true(json_bool(hall_step(&hall, dossier, "completed"), "on_time", false));
    hall_end(&hall);
}

/* ---- another calendar ------------------------------------------------------------------------ */

static bool run_holidays(Tx *tx, void *data, Error *err)
{
    const Hall *hall = data;
    return calendars_publish(tx, hall->app.calendars, HALL_TENANT, "cn-2026b",
                             "date,type,name\n2026-12-01,holiday,测试假\n", date_of(2026, 1, 1),
                             err);
}

/* Re-derivation knows the spans, and lets a clock stand that stands. */
static void test_rederivation(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int changed = 0;
    way_begin(&hall, test);
    Id moved = hall_accepted_hotel(&hall), stopped = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, moved, "Task_review", "hearing");
    way_suspend(&hall, &hall.health, stopped, "Task_review", "hearing");
    hall_clock(&hall, WAY_NOV(25, 10));
    way_suspend(&hall, &hall.health, moved, "Task_review", NULL);
    hall_write(&hall, run_holidays, &hall, "holidays");
    assert_true(dossier_rederive(&hall.app, &changed, &err));
    assert_int_equal(changed, 1);
    assert_string_equal(way_clock(&hall, moved), "2026-12-09|-");
    assert_string_equal(way_clock(&hall, stopped), "2026-12-04|hearing");
    way_suspend(&hall, &hall.health, stopped, "Task_review", NULL);
    assert_string_equal(way_clock(&hall, stopped), "2026-12-09|-");
    dossiers_agree(&hall);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_moves_by_the_days_taken_out),
        test_each_hall(test_steps_and_measures),
        test_each_hall(test_drawn_in_the_process),
        test_each_hall(test_unknown_ground_is_an_incident),
        test_each_hall(test_own_limit_passes),
        test_each_hall(test_own_limit_is_shared),
        test_each_hall(test_own_limit_by_table),
        test_each_hall(test_no_limit_that_is_none),
        test_each_hall(test_refusals),
        test_each_hall(test_ends_with_the_task),
        test_each_hall(test_rederivation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
