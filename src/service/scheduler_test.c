/* scheduler_test.c - jobs run when their time has come, at once when woken, again after failing. */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "service/scheduler.h"

/* What the jobs here count; they know it as their App. */
struct App {
    _Atomic int often, seldom, failed, greedy, slow;
    _Atomic bool is_slow;
    sem_t ran_seldom, entered, may_leave;
};

enum { SELDOM_MS = 3600000 };

static bool run_often(struct App *app, bool *out_more, Error *err)
{
    (void)out_more, (void)err;
    app->often++;
    return true;
}

static bool run_seldom(struct App *app, bool *out_more, Error *err)
{
    (void)out_more, (void)err;
    app->seldom++;
    sem_post(&app->ran_seldom);
    return true;
}

static bool run_failing(struct App *app, bool *out_more, Error *err)
{
    *out_more = true; /* of no account when it fails */
    app->failed++;
    return error_set(err, ERROR_UNAVAILABLE, .code = "test.failed");
}

/* Has always more to do. */
static bool run_greedy(struct App *app, bool *out_more, Error *err)
{
    (void)err;
    app->greedy++;
    *out_more = true;
    return true;
}

static bool run_slow(struct App *app, bool *out_more, Error *err)
{
    (void)out_more, (void)err;
    sem_post(&app->entered);
    sem_wait(&app->may_leave);
    app->slow++;
    return true;
}

static void begin(struct App *app)
{
    *app = (struct App){0};
    sem_init(&app->ran_seldom, 0, 0);
    sem_init(&app->entered, 0, 0);
    sem_init(&app->may_leave, 0, 0);
}

static Scheduler *start(struct App *app, const Job *jobs)
{
    Error err = ERROR_NONE;
    Scheduler *scheduler = scheduler_start(app, jobs, &err);
    assert_non_null(scheduler);
    return scheduler;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Waits, ten seconds at most, until a count is reached. */
static void wait_for(_Atomic int *count, int least)
{
    for (int i = 0; i < 10000 && *count < least; i++)
        pause_ms(1);
    assert_true(*count >= least);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_each_has_its_rhythm(void **state)
{
    (void)state;
    static const Job jobs[] = {{"often", 2, run_often}, {"seldom", SELDOM_MS, run_seldom}, {0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    wait_for(&app.often, 20);
    assert_int_equal(app.seldom, 1); /* once at the start */
    scheduler_stop(scheduler);
    int often = app.often;
    pause_ms(20);
    assert_int_equal(app.often, often); /* and nothing after the end */
}

static void test_waking(void **state)
{
    (void)state;
    static const Job jobs[] = {
        {"seldom", SELDOM_MS, run_seldom}, {"other", SELDOM_MS, run_often}, {0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    for (int i = 0; i < 20; i++) {
        sem_wait(&app.ran_seldom);
        scheduler_wake(scheduler, "seldom");
    }
    sem_wait(&app.ran_seldom);
    scheduler_wake(scheduler, "no such job");
    scheduler_wake(NULL, "seldom");
    pause_ms(20);
    assert_int_equal(app.seldom, 21);
    assert_int_equal(app.often, 1); /* nobody woke that one */
    scheduler_stop(scheduler);
}

/* Woken while it runs, it runs once more: what came meanwhile is not left behind. */
static void test_woken_while_it_runs(void **state)
{
    (void)state;
    static const Job jobs[] = {{"slow", SELDOM_MS, run_slow}, {0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    sem_wait(&app.entered);
    scheduler_wake(scheduler, "slow");
    scheduler_wake(scheduler, "slow");
    sem_post(&app.may_leave);
    sem_wait(&app.entered);
    sem_post(&app.may_leave);
    wait_for(&app.slow, 2);
    pause_ms(20);
    assert_int_equal(app.slow, 2); /* twice woken is once more */
    scheduler_stop(scheduler);
}

static void test_a_failing_job_runs_again(void **state)
{
    (void)state;
    static const Job jobs[] = {{"failing", 5, run_failing}, {"often", 1, run_often}, {0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    wait_for(&app.failed, 5);
    wait_for(&app.often, 10); /* the others go on */
    scheduler_stop(scheduler);
}

static void test_a_greedy_job_leaves_room(void **state)
{
    (void)state;
    static const Job jobs[] = {{"greedy", 1, run_greedy}, {"often", 1, run_often}, {0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    wait_for(&app.often, 5);
    assert_true(app.greedy > 50); /* many portions in a row, and again */
    scheduler_stop(scheduler);
}

static void *let_leave(void *data)
{
    pause_ms(30);
    sem_post(&((struct App *)data)->may_leave);
    return NULL;
}

static void test_stop_waits_for_the_running_job(void **state)
{
    (void)state;
    static const Job jobs[] = {{"slow", SELDOM_MS, run_slow}, {0}};
    struct App app;
    pthread_t thread;
    begin(&app);
    Scheduler *scheduler = start(&app, jobs);
    sem_wait(&app.entered);
    assert_int_equal(pthread_create(&thread, NULL, let_leave, &app), 0);
    scheduler_stop(scheduler);
    assert_int_equal(app.slow, 1);
    pthread_join(thread, NULL);
}

static void test_nothing_to_do(void **state)
{
    (void)state;
    static const Job none[] = {{0}};
    struct App app;
    begin(&app);
    Scheduler *scheduler = start(&app, none);
    pause_ms(5);
    scheduler_stop(scheduler);
    scheduler_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_rhythm),
        cmocka_unit_test(test_waking),
        cmocka_unit_test(test_woken_while_it_runs),
        cmocka_unit_test(test_a_failing_job_runs_again),
        cmocka_unit_test(test_a_greedy_job_leaves_room),
        cmocka_unit_test(test_stop_waits_for_the_running_job),
        cmocka_unit_test(test_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
