/*
 * identity_login_test.c - logging in and out over HTTP: what is told and what is not, what a wrong
 * password costs, and that a lock holds for the right password too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_serve.h"
#include "web/limit.h"

static const Route *const tables[] = {identity_routes, NULL};

static const char *log_in(Serve *serve, const char *login, const char *password)
{
    const char *json =
        arena_printf(serve->hall->arena, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    return serve_post(serve, &(Post){.path = "/login", .json = json});
}

/* The whole answer but its time. */
static const char *told(const char *answer)
{
    return answer_body(answer);
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void test_right_and_wrong(TestDb *test)
{
    static const struct {
        const char *login, *password;
        int status;
    } cases[] = {
        {"w001", "demo-2026", 200},        {" W001 ", "demo-2026", 200},
        {HALL_PHONE, "demo-2026", 200},    {"w001", "demo-2027", 422},
        {"w001", "DEMO-2026", 422},        {"nobody", "demo-2026", 422},
        {"13800000009", "demo-2026", 422},
    };
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = log_in(&serve, cases[i].login, cases[i].password);
        serve_expect(answer, cases[i].status, NULL);
        assert_int_equal(serve_session_of(&serve, answer) != NULL, cases[i].status == 200);
    }
    const char *wrong = told(log_in(&serve, "w002", "wrong"));
    const char *unknown = told(log_in(&serve, "w999", "wrong"));
    assert_string_equal(wrong, unknown); /* nobody learns which logins there are */
    assert_non_null(strstr(wrong, "identity.wrong_login"));
    serve_end(&serve);
    hall_end(&hall);
}

static void test_the_fifth_wrong_password_locks(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    for (int i = 0; i < 5; i++)
        serve_expect(log_in(&serve, "w001", "wrong"), 422, "identity.wrong_login");
    serve_expect(log_in(&serve, "w001", "demo-2026"), 429, "identity.locked");
    serve_expect(log_in(&serve, "w001", "wrong"), 429, "identity.locked");
    serve_expect(log_in(&serve, "w002", "demo-2026"), 200, NULL);
    hall_clock(&hall, clock_now(&test->clock) + 15 * MINUTE_MS);
    serve_expect(log_in(&serve, "w001", "demo-2026"), 200, NULL);
    serve_end(&serve);
    hall_end(&hall);
}

static int64_t quickest_us(Serve *serve, const char *login)
{
    int64_t quickest = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t began = stopwatch_us();
        serve_expect(log_in(serve, login, "wrong"), 422, "identity.wrong_login");
        int64_t took = stopwatch_us() - began;
        quickest = took < quickest ? took : quickest;
    }
    return quickest;
}

/* 19 MiB in two passes take longer than this on any machine; a busy one only makes it more. */
enum { LEAST_HASH_US = 3000 };

/* A login that does not exist takes the time of one that does: a hash is made for it too. */
static void test_an_unknown_login_costs_a_hash(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    raw_ask(&hall.raw, "UPDATE officer SET state = 'left' WHERE login = 'm001'");
    Serve serve = serve_begin(&hall, tables);
    assert_true(quickest_us(&serve, "w999") > LEAST_HASH_US);
    assert_true(quickest_us(&serve, "m001") > LEAST_HASH_US);
    serve_end(&serve);
    hall_end(&hall);
}

/* An address has so many tries, whoever it says it is. */
static void test_tries_of_an_address(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    hall.app.tries =
        limit_create(&(RateLimitOptions){.clock = &test->clock, .burst = 2, .per_minute = 1});
    Serve serve = serve_begin(&hall, tables);
    serve_expect(log_in(&serve, "w001", "demo-2026"), 200, NULL);
    serve_expect(log_in(&serve, "w999", "wrong"), 422, NULL);
    serve_expect(log_in(&serve, "w002", "demo-2026"), 429, "request.too_often");
    hall_clock(&hall, clock_now(&test->clock) + MINUTE_MS);
    serve_expect(log_in(&serve, "w002", "demo-2026"), 200, NULL);
    serve_end(&serve);
    limit_destroy(hall.app.tries);
    hall_end(&hall);
}

/* ---- registering, logging out ---------------------------------------------------------------- */

static void test_register_then_log_in(TestDb *test)
{
    const char *json =
        "{\"name\":\"吴桐\",\"phone\":\"+86 139 0000 1111\",\"password\":\"pass-word\"}";
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    const Post post = {.path = "/register", .json = json, .key = "register-0001"};
    serve_expect(serve_post(&serve, &post), 201, "Location: /login");
    serve_expect(serve_post(&serve, &post), 201, "Location: /login"); /* the first answer again */
    const Post other = {.path = "/register", .json = json, .key = "register-0002"};
    serve_expect(serve_post(&serve, &other), 409, "identity.phone_taken");
    serve_expect(log_in(&serve, "13900001111", "pass-word"), 200, NULL);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM party WHERE name = '吴桐'"), 1);
    assert_null(strstr(raw_dump(&hall.raw), "pass-word"));
    serve_end(&serve);
    hall_end(&hall);
}

static bool is_signed_in(Hall *hall, const char *token)
{
    Error err = ERROR_NONE;
    User user;
    const char *csrf;
    bool is_found;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(identity_session(&hall->app, conn, hall->arena, token,
                                 clock_now(&hall->test->clock), &user, &csrf, &is_found, &err));
    db_release(conn);
    return is_found;
}

static void test_logging_out(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    const char *first = serve_session_of(&serve, log_in(&serve, "w001", "demo-2026"));
    const char *second = serve_session_of(&serve, log_in(&serve, "w001", "demo-2026"));
    assert_string_not_equal(first, second);
    assert_true(is_signed_in(&hall, first) && is_signed_in(&hall, second));
    const Post out = {.path = "/logout", .json = "{}", .session = first};
    serve_expect(serve_post(&serve, &out), 200, "yimen_session=;");
    assert_false(is_signed_in(&hall, first));
    assert_true(is_signed_in(&hall, second));
    serve_end(&serve);
    hall_end(&hall);
}

/* A statement that fails leaves no session, and no cookie that leads nowhere. */
static void test_every_statement_of_logging_in_fails(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    raw_ask(&hall.raw, "UPDATE officer SET failed_logins = 2");
    Serve serve = serve_begin(&hall, tables);
    const char *before = raw_prints(&hall.raw), *answer = "";
    int n = 0;
    while (answer_status(answer) != 200) {
        db_fail_statement(test->db, ++n);
        answer = log_in(&serve, "w001", "demo-2026");
        db_fail_statement(test->db, 0);
        if (answer_status(answer) == 200)
            break;
        serve_expect(answer, 500, "db.failed");
        assert_null(serve_session_of(&serve, answer));
        assert_null(raw_difference(hall.arena, before, raw_prints(&hall.raw)));
    }
    assert_true(n > 3);
    assert_true(is_signed_in(&hall, serve_session_of(&serve, answer)));
    serve_end(&serve);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_right_and_wrong),
        test_each_hall(test_the_fifth_wrong_password_locks),
        test_each_hall(test_an_unknown_login_costs_a_hash),
        test_each_hall(test_tries_of_an_address),
        test_each_hall(test_register_then_log_in),
        test_each_hall(test_logging_out),
        test_each_hall(test_every_statement_of_logging_in_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
