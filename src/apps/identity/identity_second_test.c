/*
 * identity_second_test.c - the second factor of officers: codes against the vectors of RFC 6238,
 * enrolling, logging in over HTTP, what wrong and used codes cost, and recovery codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/identity/identity_second.h"
#include "apps/identity/identity_totp.h"
#include "test_serve.h"

static const Route *const tables[] = {identity_routes, NULL};

/* ---- the code itself ------------------------------------------------------------------------- */

/* RFC 6238, appendix B: the key is "12345678901234567890", here in base32; six of eight digits. */
static const char SECRET[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static void test_vectors_of_the_rfc(void **state)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } cases[] = {
        {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(SECRET, totp_step(cases[i].at_s * SECOND_MS), code);
        assert_string_equal(code, cases[i].code);
    }
}

static void test_one_step_of_drift(void **state)
{
    (void)state;
    const Instant at = 1111111111 * SECOND_MS; /* one second into its step */
    const int64_t step = totp_step(at);
    assert_int_equal(totp_find(SECRET, "050471", at), step);
    assert_int_equal(totp_find(SECRET, "050471", at + 30 * SECOND_MS), step);
    assert_int_equal(totp_find(SECRET, "050471", at - 30 * SECOND_MS), step);
    assert_int_equal(totp_find(SECRET, "050471", at + 60 * SECOND_MS), -1);
    assert_int_equal(totp_find(SECRET, "050471", at - 60 * SECOND_MS), -1);
    assert_int_equal(totp_find(SECRET, "", at), -1);
    assert_int_equal(totp_find(SECRET, "0504711", at), -1);
    assert_int_equal(totp_find(SECRET, "50471", at), -1);
}

static void test_secrets_differ(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const char *first = totp_secret(arena), *second = totp_secret(arena);
    assert_int_equal(strlen(first), TOTP_SECRET_LENGTH);
    assert_int_equal(strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), TOTP_SECRET_LENGTH);
    assert_string_not_equal(first, second);
    arena_destroy(arena);
}

/* ---- a hall with an officer who enrols ------------------------------------------------------- */

typedef struct Enrolment {
    Hall *hall;
    Id officer;
    const char *code;
    SecondVerdict verdict;
    RecoveryCodes recovery;
} Enrolment;

static SecondFactor factor_of(Hall *hall, Id officer)
{
    Error err = ERROR_NONE;
    SecondFactor factor = {0};
    DbConn *conn = db_reader(hall->test->db, &err);
    if (!conn || !identity_second(&hall->app, conn, hall->arena, officer, &factor, &err))
        hall_fail("identity_second", &err);
    db_release(conn);
    return factor;
}

static bool begin(Tx *tx, void *data, Error *err)
{
    const Enrolment *it = data;
    return identity_second_begin(tx, &it->hall->app, it->officer, it->code, err);
}

static bool confirm(Tx *tx, void *data, Error *err)
{
    Enrolment *it = data;
    return identity_second_confirm(tx, &it->hall->app, it->hall->arena, it->officer, it->code,
                                   &it->recovery, err);
}

static bool take(Tx *tx, void *data, Error *err)
{
    Enrolment *it = data;
    return identity_second_take(tx, &it->hall->app, it->officer, it->code, &it->verdict, err);
}

/* What the officer's telephone shows, so many seconds from now. */
static const char *shown(Enrolment *it, int64_t later_s)
{
    char code[TOTP_DIGITS + 1];
    SecondFactor factor = factor_of(it->hall, it->officer);
    Instant now = clock_now(&it->hall->test->clock);
    totp_code(factor.secret, totp_step(now + later_s * SECOND_MS), code);
    return arena_text(it->hall->arena, code);
}

/* Six digits that no telephone shows now. */
static const char *wrong_code(Enrolment *it)
{
    const char *last = "000000";
    SecondFactor factor = factor_of(it->hall, it->officer);
    for (int i = 0; totp_find(factor.secret, last, clock_now(&it->hall->test->clock)) >= 0; i++)
        last = arena_printf(it->hall->arena, "%06d", i);
    return last;
}

static Enrolment enrolled(Hall *hall)
{
    Enrolment it = {.hall = hall, .officer = hall->window.id};
    hall_write(hall, begin, &it, "identity_second_begin");
    it.code = shown(&it, 0);
    hall_write(hall, confirm, &it, "identity_second_confirm");
    return it;
}

static const char *error_of(Hall *hall, Command run, Enrolment *it)
{
    Error err = ERROR_NONE;
    assert_false(db_write(hall->test->db, hall->arena, run, it, &err));
    return err.code;
}

static SecondVerdict verdict_of(Enrolment *it, const char *code)
{
    it->code = code;
    hall_write(it->hall, take, it, "identity_second_take");
    return it->verdict;
}

static void test_enrolling(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = {.hall = &hall, .officer = hall.window.id, .code = "123456"};
    assert_string_equal(error_of(&hall, confirm, &it), "identity.second_none");
    it.code = NULL;
    hall_write(&hall, begin, &it, "identity_second_begin");
    const char *first = factor_of(&hall, it.officer).secret;
    hall_write(&hall, begin, &it, "identity_second_begin");
    SecondFactor factor = factor_of(&hall, it.officer);
    assert_string_not_equal(first, factor.secret); /* a secret that waited is replaced */
    assert_true(factor.is_pending && !factor.is_active);
    it.code = wrong_code(&it);
    assert_string_equal(error_of(&hall, confirm, &it), "identity.second_first_wrong");
    it.code = shown(&it, 0);
    hall_write(&hall, confirm, &it, "identity_second_confirm");
    assert_string_equal(error_of(&hall, confirm, &it), "identity.second_active");
    it.code = NULL;
    assert_string_equal(error_of(&hall, begin, &it), "identity.second_active");
    factor = factor_of(&hall, it.officer);
    assert_true(factor.is_active && factor.codes_left == RECOVERY_CODES);
    const char *dump = raw_dump(&hall.raw);
    assert_null(strstr(dump, factor.secret)); /* sealed */
    assert_null(strstr(dump, it.recovery.codes[0]));
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM journal WHERE kind = 'second_factor.enrolled'"),
        1);
    hall_end(&hall);
}

static void test_a_code_is_right_once(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    assert_int_equal(verdict_of(&it, shown(&it, 0)), SECOND_USED);   /* it was spent on enrolling */
    assert_int_equal(verdict_of(&it, shown(&it, -30)), SECOND_USED); /* and so is an older one */
    assert_int_equal(verdict_of(&it, wrong_code(&it)), SECOND_WRONG);
    const char *next = shown(&it, 30);
    const char *spaced = arena_printf(hall.arena, "%.3s %s", next, next + 3);
    assert_int_equal(verdict_of(&it, spaced), SECOND_RIGHT);
    assert_int_equal(verdict_of(&it, next), SECOND_USED);
    hall_clock(&hall, clock_now(&test->clock) + 90 * SECOND_MS);
    assert_int_equal(verdict_of(&it, next), SECOND_WRONG);
    assert_int_equal(verdict_of(&it, shown(&it, 0)), SECOND_RIGHT);
    Enrolment other = {.hall = &hall, .officer = hall.window2.id};
    assert_int_equal(verdict_of(&other, shown(&it, 0)), SECOND_WRONG); /* he has none */
    hall_end(&hall);
}

static void test_recovery_codes(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    const char *typed = text_lower(hall.arena, it.recovery.codes[3]);
    assert_int_equal(verdict_of(&it, typed), SECOND_RIGHT);
    assert_int_equal(verdict_of(&it, it.recovery.codes[3]), SECOND_USED);
    assert_int_equal(verdict_of(&it, "AAAA-AAAA-AAAA-AAAA"), SECOND_WRONG);
    assert_int_equal(factor_of(&hall, it.officer).codes_left, RECOVERY_CODES - 1);
    assert_int_equal(
        raw_number(&hall.raw,
                   "SELECT COUNT(*) FROM journal WHERE kind = 'second_factor.recovery_used'"),
        1);
    hall_end(&hall);
}

/* Another telephone: by the present code or a recovery code alone; old codes are worth nothing. */
static void test_replacing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    const char *first = factor_of(&hall, it.officer).secret, *old = it.recovery.codes[0];
    it.code = wrong_code(&it);
    assert_string_equal(error_of(&hall, begin, &it), "identity.second_wrong");
    it.code = shown(&it, 0); /* it was spent on enrolling */
    assert_string_equal(error_of(&hall, begin, &it), "identity.second_used");
    assert_true(factor_of(&hall, it.officer).is_active);
    it.code = it.recovery.codes[1];
    hall_write(&hall, begin, &it, "identity_second_begin");
    SecondFactor factor = factor_of(&hall, it.officer);
    assert_true(factor.is_pending && factor.codes_left == 0);
    assert_string_not_equal(first, factor.secret);
    it.code = shown(&it, 0);
    hall_write(&hall, confirm, &it, "identity_second_confirm");
    assert_int_equal(factor_of(&hall, it.officer).codes_left, RECOVERY_CODES);
    assert_int_equal(verdict_of(&it, old), SECOND_WRONG);
    it.code = shown(&it, 30);
    hall_write(&hall, begin, &it, "identity_second_begin");
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM journal WHERE kind = 'second_factor.replaced'"),
        2);
    hall_end(&hall);
}

/* ---- logging in ------------------------------------------------------------------------------ */

static const char *give_password(Serve *serve, const char *login, const char *password)
{
    const char *json =
        arena_printf(serve->hall->arena, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    return serve_post(serve, &(Post){.path = "/login", .json = json});
}

static const char *give_code(Serve *serve, const char *half, const char *code)
{
    const char *json = arena_printf(serve->hall->arena, "{\"second_code\":\"%s\"}", code);
    return serve_post(serve, &(Post){.path = "/login/code", .json = json, .session = half});
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

static const char *half_of(Serve *serve)
{
    const char *answer = give_password(serve, "w001", "demo-2026");
    serve_expect(answer, 200, "Location: /login/code");
    return serve_session_of(serve, answer);
}

static void test_the_password_alone_opens_nothing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    Serve serve = serve_begin(&hall, tables);
    const char *half = half_of(&serve);
    assert_false(is_signed_in(&hall, half));
    serve_expect(give_code(&serve, half, shown(&it, 0)), 422, "identity.second_used");
    const char *answer = give_code(&serve, half, shown(&it, 30));
    serve_expect(answer, 200, "Location: /desk");
    const char *whole = serve_session_of(&serve, answer);
    assert_string_not_equal(half, whole);
    assert_true(is_signed_in(&hall, whole));
    assert_false(is_signed_in(&hall, half));
    serve_expect(give_code(&serve, half, shown(&it, 60)), 409, "identity.half_over");
    serve_expect(give_code(&serve, whole, shown(&it, 60)), 409, "identity.half_over");
    serve_expect(give_password(&serve, "w002", "demo-2026"), 200, "Location: /desk");
    serve_end(&serve);
    hall_end(&hall);
}

static void test_five_minutes_for_the_code(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    Serve serve = serve_begin(&hall, tables);
    const char *half = half_of(&serve);
    hall_clock(&hall, clock_now(&test->clock) + 5 * MINUTE_MS);
    serve_expect(give_code(&serve, half, shown(&it, 0)), 409, "identity.half_over");
    half = half_of(&serve);
    serve_expect(give_code(&serve, half, shown(&it, 0)), 200, NULL);
    serve_end(&serve);
    hall_end(&hall);
}

/* The password being right does not give back the tries for the code. */
static void test_the_fifth_wrong_code_locks(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    Serve serve = serve_begin(&hall, tables);
    const char *half = NULL;
    for (int i = 0; i < 5; i++) {
        half = half_of(&serve);
        serve_expect(give_code(&serve, half, wrong_code(&it)), 422, "identity.second_wrong");
    }
    serve_expect(give_code(&serve, half, shown(&it, 30)), 429, "identity.code_locked");
    serve_expect(give_password(&serve, "w001", "demo-2026"), 429, "identity.locked");
    hall_clock(&hall, clock_now(&test->clock) + 15 * MINUTE_MS);
    half = half_of(&serve);
    serve_expect(give_code(&serve, half, shown(&it, 0)), 200, NULL);
    assert_int_equal(
        raw_number(&hall.raw, "SELECT failed_logins FROM officer WHERE login = 'w001'"), 0);
    serve_end(&serve);
    hall_end(&hall);
}

/* A statement that fails spends no code and opens nothing. */
static void test_every_statement_of_a_code_fails(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Enrolment it = enrolled(&hall);
    Serve serve = serve_begin(&hall, tables);
    const char *half = half_of(&serve), *code = it.recovery.codes[0];
    const char *before = raw_prints(&hall.raw), *answer = "";
    int n = 0;
    for (;;) {
        db_fail_statement(test->db, ++n);
        answer = give_code(&serve, half, code);
        db_fail_statement(test->db, 0);
        if (answer_status(answer) == 200)
            break;
        serve_expect(answer, 500, "db.failed");
        assert_null(serve_session_of(&serve, answer));
        if (raw_difference(hall.arena, before, raw_prints(&hall.raw)))
            break; /* the command is done; only the answer failed */
    }
    assert_true(n > 5);
    serve_expect(give_code(&serve, half_of(&serve), code), 422, "identity.second_used");
    serve_end(&serve);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_rfc),
        cmocka_unit_test(test_one_step_of_drift),
        cmocka_unit_test(test_secrets_differ),
        test_each_hall(test_enrolling),
        test_each_hall(test_a_code_is_right_once),
        test_each_hall(test_recovery_codes),
        test_each_hall(test_replacing),
        test_each_hall(test_the_password_alone_opens_nothing),
        test_each_hall(test_five_minutes_for_the_code),
        test_each_hall(test_the_fifth_wrong_code_locks),
        test_each_hall(test_every_statement_of_a_code_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
