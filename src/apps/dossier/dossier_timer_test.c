/*
 * dossier_timer_test.c - timers: in the order of their due moments after a standstill, each once,
 * also when several schedulers reach for them at the same time.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

/* A task beside a wait of so long; then it is over. */
#define WAITING(duration)                                                                          \
    "<startEvent id='S'/>" FLOW("f1", "S", "W") "<intermediateCatchEvent id='W'>" TIMER(           \
        duration) "</intermediateCatchEvent>" FLOW("f2", "W", "E") "<endEvent id='E'/>"

/* ---- order ----------------------------------------------------------------------------------- */

static void test_due_order_after_a_standstill(TestDb *test)
{
    static const char *const durations[] = {"PT5H", "PT1H", "PT3H", "PT2H", "PT4H"};
    static const char *const expected = "PT1H\nPT2H\nPT3H\nPT4H\nPT5H";
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 5; i++) {
        const char *process = arena_printf(hall.arena, WAITING("%s"), durations[i]);
        hall_play(&hall, durations[i], process);
    }
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 10, 59));
    assert_int_equal(hall_fire(&hall), 0);
    hall_clock(&hall, HALL_AT(date_plus(HALL_FRIDAY, 3), 9, 0));
    assert_int_equal(hall_fire(&hall), 5);
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT d.item_code FROM journal j JOIN dossier d ON d.id = "
                                "j.dossier WHERE j.kind = 'timer.fired' ORDER BY j.id"),
                        expected);
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT COUNT(*), MIN(fired_at), MAX(fired_at) FROM timer WHERE "
                                "state = 'fired'"),
                        arena_printf(hall.arena, "5|%lld|%lld", (long long)clock_now(&test->clock),
                                     (long long)clock_now(&test->clock)));
    assert_int_equal(hall_fire(&hall), 0);
    hall_end(&hall);
}

/* The due moment itself is late enough; a millisecond before is not. */
static void test_the_very_moment(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "moment", WAITING("PT30M"));
    Instant due = HALL_AT(HALL_FRIDAY, 10, 30);
    hall_clock(&hall, due - 1);
    assert_int_equal(hall_fire(&hall), 0);
    hall_clock(&hall, due);
    assert_int_equal(hall_fire(&hall), 1);
    assert_int_equal(hall_dossier(&hall, dossier).completed_at, due);
    assert_string_equal(hall_last_steps(&hall, dossier), "timer.fired: stage completed");
    hall_end(&hall);
}

/* A reminder every hour, three times, beside the task; the task's end stops what is left. */
static const char cycle_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "A") USER_TASK(
    "A", "") "<boundaryEvent id='R' attachedToRef='A' cancelActivity='false'><timerEventDefinition>"
             "<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>" FLOW("f2", "R",
                                                                                          "B")
                 USER_TASK("B", "") FLOW("f3", "A", "E") FLOW("f4", "B", "E") "<endEvent id='E'/>";

static void test_cycles(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id missed = hall_play(&hall, "cycle", cycle_process);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 12, 30));
    assert_int_equal(hall_fire(&hall), 2); /* both that were missed, and the third is set */
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT state, due_at FROM timer WHERE dossier = %lld ORDER BY "
                                "due_at",
                                (long long)missed),
                        arena_printf(hall.arena, "fired|%lld\nfired|%lld\nset|%lld",
                                     (long long)HALL_AT(HALL_FRIDAY, 11, 0),
                                     (long long)HALL_AT(HALL_FRIDAY, 12, 0),
                                     (long long)HALL_AT(HALL_FRIDAY, 13, 0)));
    hall_complete(&hall, &hall.market, missed, "A", NULL, NULL);
    assert_string_equal(raw_ask(&hall.raw, "SELECT COUNT(*) FROM timer WHERE state = 'cancelled'"),
                        "1");
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 16, 0));
    assert_int_equal(hall_fire(&hall), 0);
    hall_complete(&hall, &hall.market, missed, "B", NULL, NULL);
    hall_complete(&hall, &hall.market, missed, "B", NULL, NULL);
    assert_string_equal(hall_state(&hall, missed), "filed closed");
    hall_end(&hall);
}

/* An interrupting timer takes the task away from whoever has it. */
static void test_taken_away(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier =
        hall_play(&hall, "away",
                  "<startEvent id='S'/>" FLOW("f1", "S", "A")
                      USER_TASK("A", "") "<boundaryEvent id='L' attachedToRef='A'>" TIMER(
                          "PT1H") "</boundaryEvent>" FLOW("f2", "L", "B") USER_TASK("B", "")
                          FLOW("f3", "A", "E") FLOW("f4", "B", "E") "<endEvent id='E'/>");
    Id task = hall_task(&hall, dossier, "A");
    hall_assign(&hall, &hall.market, task, dossier_claim);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 11, 0));
    assert_int_equal(hall_fire(&hall), 1);
    assert_string_equal(hall_last_steps(&hall, dossier),
                        "timer.fired: task_created task_cancelled");
    assert_int_equal(json_id(hall_step(&hall, dossier, "task_cancelled"), "task"), task);
    HallWork it = hall_completion(&hall, &hall.market, task, "approve", "好");
    assert_string_equal(hall_refusal(&hall, hall_run_work, &it, NULL), "dossier.task_done");
    hall_end(&hall);
}

/* ---- a timer that cannot fire holds nobody up ------------------------------------------------ */

static void test_a_broken_dossier_does_not_stop_the_others(TestDb *test)
{
    Hall hall;
    bool has_more;
    int failed = 0;
    hall_begin(&hall, test);
    Id broken = hall_play(&hall, "broken", WAITING("PT1H"));
    Id sound = hall_play(&hall, "sound", WAITING("PT2H"));
    raw_ask(&hall.raw,
            "UPDATE process_instance SET state = (SELECT state FROM process_instance "
            "WHERE dossier = %lld) WHERE dossier = %lld",
            (long long)sound, (long long)broken);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 14, 0));
    for (int i = 0; i < 5; i++) {
        Error err = ERROR_NONE;
        failed += !dossier_fire_timers(&hall.app, &has_more, &err);
    }
    assert_true(failed > 0);
    assert_int_not_equal(hall_dossier(&hall, sound).completed_at, INSTANT_NONE);
    hall_end(&hall);
}

/* ---- two at once ----------------------------------------------------------------------------- */

typedef struct Racer {
    App *app;
    int fired;
    int failed;
} Racer;

static void *race(void *data)
{
    Racer *racer = data;
    bool has_more = true;
    for (int i = 0; i < 200 && has_more; i++) {
        Error err = ERROR_NONE;
        if (!dossier_fire_timers(racer->app, &has_more, &err)) {
            racer->failed++;
            has_more = true;
        }
        racer->fired += has_more;
    }
    return NULL;
}

static void test_two_schedulers(TestDb *test)
{
    enum { DOSSIERS = 12, RACERS = 3 };
    Hall hall;
    pthread_t threads[RACERS];
    hall_begin(&hall, test);
    hall_play(&hall, "race", WAITING("PT1H"));
    for (int i = 1; i < DOSSIERS; i++)
        hall_file(&hall, "race", TRADER_ANSWERS);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 12, 0));
    Racer racers[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (Racer){.app = &hall.app};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(racers[i].failed, 0);
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM journal WHERE kind = "
                                           "'timer.fired'"),
                     DOSSIERS);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM dossier WHERE stage = 'closed' "
                                           "AND version = 2"),
                     DOSSIERS);
    dossiers_agree(&hall);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_due_order_after_a_standstill),
        test_each_hall(test_the_very_moment),
        test_each_hall(test_cycles),
        test_each_hall(test_taken_away),
        test_each_hall(test_a_broken_dossier_does_not_stop_the_others),
        test_each_hall(test_two_schedulers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
