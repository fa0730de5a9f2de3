/*
 * identity_test.c - sessions and their ends, lock-out and its end, accounts found by blind index
 * alone, officers and what they may do; each write path with every statement failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/identity/identity_internal.h"
#include "test_hall.h"

/* What a password looks like when it is stored; nobody checks it in this file. */
#define ENCODED "$argon2id$v=19$m=19456,t=2,p=1$AAAA$BBBB"

/* ---- accounts -------------------------------------------------------------------------------- */

typedef struct Registration {
    Hall *hall;
    const char *name;
    const char *phone;
    Id account;
} Registration;

static bool run_registration(Tx *tx, void *data, Error *err)
{
    Registration *it = data;
    return identity_register(tx, &it->hall->app, it->name, it->phone, ENCODED, &it->account, err);
}

static bool attempt_registration(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_registration, data, err);
}

static Id register_phone(Hall *hall, const char *phone)
{
    Registration it = {.hall = hall, .name = "林小满", .phone = phone};
    hall_write(hall, run_registration, &it, phone);
    return it.account;
}

static void test_registering(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin_empty(&hall, test);
    Registration it = {.hall = &hall, .name = "林小满", .phone = "13912345678"};
    assert_true(hall_fail_each(&hall, "identity_register", attempt_registration, &it, false) >= 5);
    assert_string_equal(raw_ask(&hall.raw, "SELECT p.name, p.assurance, a.state, a.password FROM "
                                           "account a JOIN party p ON p.id = a.party"),
                        "林小满|typed|active|" ENCODED);
    const char *prints = raw_prints(&hall.raw);
    assert_false(attempt_registration(&hall, &it, &err));
    assert_string_equal(err.code, "identity.phone_taken");
    assert_string_equal(err.field, "phone");
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    assert_int_not_equal(register_phone(&hall, "13912345679"), it.account);
    hall_end(&hall);
}

/* Nothing tells the phone but the key ring: not the tables, not another key. */
static void test_phones(TestDb *test)
{
    static const struct {
        const char *phone;
        bool is_his;
    } cases[] = {{"13912345678", true}, {"13912345679", false},
                 {"1391234567", false}, {"139123456780", false},
                 {"", false},           {"' OR 1=1 --", false}};
    Hall hall;
    Error err = ERROR_NONE;
    const char *masked;
    bool is_his;
    hall_begin_empty(&hall, test);
    Id account = register_phone(&hall, "13912345678");
    register_phone(&hall, "13912345679");
    const char *dump = raw_dump(&hall.raw);
    assert_null(strstr(dump, "13912345678"));
    assert_null(strstr(dump, text_hex(hall.arena, "13912345678", 11)));
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(
            identity_phone_is(&hall.app, conn, hall.arena, account, cases[i].phone, &is_his, &err));
        assert_int_equal(is_his, cases[i].is_his);
    }
    assert_true(identity_phone_is(&hall.app, conn, hall.arena, 0, "13912345678", &is_his, &err));
    assert_false(is_his);
    assert_true(identity_masked_phone(&hall.app, conn, hall.arena, account, &masked, &err));
    assert_string_equal(masked, "139****5678");
    assert_true(identity_masked_phone(&hall.app, conn, hall.arena, 1, &masked, &err));
    assert_string_equal(masked, "");
    raw_ask(&hall.raw,
            "UPDATE account SET phone = (SELECT phone FROM account WHERE id <> %lld) "
            "WHERE id = %lld",
            (long long)account, (long long)account);
    assert_false(identity_masked_phone(&hall.app, conn, hall.arena, account, &masked, &err));
    assert_string_equal(err.code, "crypto.unreadable");
    db_release(conn);
    hall_end(&hall);
}

/* ---- logging in ------------------------------------------------------------------------------ */

typedef struct Login {
    Hall *hall;
    const char *login;
    LoginRow row;
    const char *token;
    int64_t lifetime_s;
} Login;

static LoginRow find_login(Hall *hall, const char *login)
{
    Error err = ERROR_NONE;
    LoginRow row;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(identity_find_login(&hall->app, conn, hall->arena, login, &row, &err));
    db_release(conn);
    return row;
}

static bool run_failure(Tx *tx, void *data, Error *err)
{
    const Login *it = data;
    App *app = &it->hall->app;
    LoginRow row;
    return identity_find_login(app, tx_conn(tx), tx_arena(tx), it->login, &row, err) &&
           identity_note_failure(tx, app, &row, err);
}

static bool run_success(Tx *tx, void *data, Error *err)
{
    Login *it = data;
    App *app = &it->hall->app;
    LoginRow row;
    return identity_find_login(app, tx_conn(tx), tx_arena(tx), it->login, &row, err) &&
           identity_note_success(tx, app, &row, err) &&
           identity_open_session(tx, app, &row, it->token, &it->lifetime_s, err);
}

static void fail_times(Hall *hall, const char *login, int times)
{
    Login it = {.hall = hall, .login = login};
    for (int i = 0; i < times; i++)
        hall_write(hall, run_failure, &it, "identity_note_failure");
}

static bool is_locked(Hall *hall, const char *login)
{
    LoginRow row = find_login(hall, login);
    return identity_is_locked(&row, clock_now(&hall->test->clock));
}

/* Who is found by what is typed: blanks and capitals do not matter, all else does. */
static void test_finding_logins(TestDb *test)
{
    static const struct {
        const char *typed;
        const char *of; /* login of an officer, "phone", or "" for nobody */
    } cases[] = {
        {"w001", "w001"}, {" W001 ", "w001"},        {"admin", "admin"}, {HALL_PHONE, "phone"},
        {"w0012", ""},    {"13800009999", ""},       {"", ""},           {"%", ""},
        {"w001'--", ""},  {" " HALL_PHONE, "phone"}, {"W001\n", "w001"},
    };
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        LoginRow row = find_login(&hall, cases[i].typed);
        Id id = 0;
        bool is_phone = text_equal(cases[i].of, "phone");
        if (*cases[i].of)
            id = is_phone ? hall.applicant.id : hall_officer(&hall, cases[i].of).id;
        assert_int_equal(row.id, id);
        assert_int_equal(row.is_officer, id && !is_phone);
    }
    hall_end(&hall);
}

static void test_lock_out(TestDb *test)
{
    static const char *const logins[] = {"w001", HALL_PHONE};
    enum { LOCK_MINUTES = 15 };
    Hall hall;
    hall_begin(&hall, test);
    Instant now = clock_now(&test->clock);
    for (size_t i = 0; i < 2; i++) {
        hall_clock(&hall, now);
        fail_times(&hall, logins[i], 4);
        assert_false(is_locked(&hall, logins[i]));
        fail_times(&hall, logins[i], 1);
        assert_true(is_locked(&hall, logins[i]));
        hall_clock(&hall, now + LOCK_MINUTES * MINUTE_MS - 1);
        assert_true(is_locked(&hall, logins[i]));
        hall_clock(&hall, now + LOCK_MINUTES * MINUTE_MS);
        assert_false(is_locked(&hall, logins[i]));
        fail_times(&hall, logins[i], 4); /* counting begins anew */
        assert_false(is_locked(&hall, logins[i]));
        fail_times(&hall, logins[i], 1);
        assert_true(is_locked(&hall, logins[i]));
    }
    assert_false(is_locked(&hall, "w002"));
    hall_end(&hall);
}

static bool attempt_failure(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_failure, data, err);
}

static bool attempt_success(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_success, data, err);
}

static bool attempt_sweep(Hall *hall, void *data, Error *err)
{
    (void)data;
    return identity_sweep(&hall->app, err);
}

/* Success forgets the failures before it, opens one session, and all that in one transaction. */
static void test_success(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Login it = {.hall = &hall, .login = "w001", .token = crypto_token(hall.arena)};
    hall_fail_each(&hall, "identity_note_failure", attempt_failure, &it, false);
    fail_times(&hall, "w001", 3);
    assert_int_equal(find_login(&hall, "w001").failed_logins, 4);
    hall_fail_each(&hall, "log-in", attempt_success, &it, false);
    assert_int_equal(find_login(&hall, "w001").failed_logins, 0);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM session"), 1);
    assert_null(strstr(raw_dump(&hall.raw), it.token));
    hall_clock(&hall, clock_now(&test->clock) + 2 * DAY_MS);
    hall_fail_each(&hall, "identity_sweep", attempt_sweep, NULL, false);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM session"), 0);
    hall_end(&hall);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static const char *open_session(Hall *hall, const char *login, int64_t *out_lifetime_s)
{
    Login it = {.hall = hall, .login = login, .token = crypto_token(hall->arena)};
    hall_write(hall, run_success, &it, "identity_open_session");
    if (out_lifetime_s)
        *out_lifetime_s = it.lifetime_s;
    return it.token;
}

static bool has_session(Hall *hall, const char *token, User *out, const char **out_csrf)
{
    Error err = ERROR_NONE;
    bool is_found;
    DbConn *conn = db_reader(hall->test->db, &err);
    if (!identity_session(&hall->app, conn, hall->arena, token, clock_now(&hall->test->clock), out,
                          out_csrf, &is_found, &err))
        hall_fail("identity_session", &err);
    db_release(conn);
    return is_found;
}

static bool run_logout(Tx *tx, void *data, Error *err)
{
    return identity_close_session(tx, data, err);
}

static void test_sessions_end(TestDb *test)
{
    static const struct {
        const char *login;
        int64_t hours;
    } cases[] = {{"w001", 12}, {HALL_PHONE, 24}};
    Hall hall;
    User user;
    const char *csrf;
    int64_t lifetime_s;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 2; i++) {
        Instant now = clock_now(&test->clock);
        const char *token = open_session(&hall, cases[i].login, &lifetime_s);
        assert_int_equal(lifetime_s, cases[i].hours * 3600);
        hall_clock(&hall, now + cases[i].hours * HOUR_MS - 1);
        assert_true(has_session(&hall, token, &user, &csrf));
        hall_clock(&hall, now + cases[i].hours * HOUR_MS);
        assert_false(has_session(&hall, token, &user, &csrf));
    }
    const char *first = open_session(&hall, "w001", NULL);
    const char *second = open_session(&hall, "w001", NULL);
    hall_write(&hall, run_logout, (void *)first, "identity_close_session");
    assert_false(has_session(&hall, first, &user, &csrf));
    assert_true(has_session(&hall, second, &user, &csrf)); /* another device */
    static const char *const made_up[] = {"", "x", "0", "' OR '1'='1"};
    for (size_t i = 0; i < 4; i++)
        assert_false(has_session(&hall, made_up[i], &user, &csrf));
    const char *hash = raw_ask(&hall.raw, "SELECT token FROM session WHERE ended_at IS NULL "
                                          "ORDER BY id DESC LIMIT 1");
    assert_false(has_session(&hall, hash, &user, &csrf)); /* what the table holds is no token */
    hall_end(&hall);
}

typedef struct Playing {
    Hall *hall;
    const char *login, *token;
    Instant until;
} Playing;

static bool run_play(Tx *tx, void *data, Error *err)
{
    Playing *it = data;
    return identity_play(tx, &it->hall->app, it->login, it->token, &it->until, err);
}

/* A simulation plays whom the database knows, for as long as a session lasts, and nobody else. */
static void test_playing_somebody(TestDb *test)
{
    Hall hall;
    User user;
    const char *csrf;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Instant now = clock_now(&test->clock);
    Playing it = {.hall = &hall, .login = "w001", .token = crypto_token(hall.arena)};
    hall_write(&hall, run_play, &it, "identity_play");
    assert_int_equal(it.until, now + 12 * HOUR_MS);
    assert_true(has_session(&hall, it.token, &user, &csrf));
    assert_int_equal(user.kind, USER_OFFICER);
    hall_clock(&hall, it.until);
    assert_false(has_session(&hall, it.token, &user, &csrf));

    it = (Playing){.hall = &hall, .login = "nobody", .token = crypto_token(hall.arena)};
    assert_false(db_write(test->db, hall.arena, run_play, &it, &err));
    assert_string_equal(err.code, "identity.wrong_login");
    assert_false(has_session(&hall, it.token, &user, &csrf));
    hall_end(&hall);
}

/* Who is no longer there, or of another county, has no session. */
static void test_sessions_of_those_who_left(TestDb *test)
{
    Hall hall;
    User user;
    const char *csrf;
    hall_begin(&hall, test);
    const char *officer = open_session(&hall, "w001", NULL);
    const char *applicant = open_session(&hall, HALL_PHONE, NULL);
    raw_ask(&hall.raw, "UPDATE officer SET state = 'left' WHERE login = 'w001'");
    raw_ask(&hall.raw, "UPDATE account SET state = 'locked'");
    assert_false(has_session(&hall, officer, &user, &csrf));
    assert_false(has_session(&hall, applicant, &user, &csrf));
    raw_ask(&hall.raw, "UPDATE officer SET state = 'active'");
    assert_true(has_session(&hall, officer, &user, &csrf));
    hall.app.tenant = 2;
    assert_false(has_session(&hall, officer, &user, &csrf));
    hall_end(&hall);
}

static void test_who_is_there(TestDb *test)
{
    Hall hall;
    User user;
    const char *csrf, *other_csrf;
    hall_begin(&hall, test);
    const char *token = open_session(&hall, "s001", NULL);
    assert_true(has_session(&hall, token, &user, &csrf));
    assert_int_equal(user.kind, USER_OFFICER);
    assert_int_equal(user.id, hall.supervisor.id);
    assert_int_equal(user.unit, hall.supervisor.unit);
    assert_string_equal(user.name, "程月明");
    assert_string_equal(user.name_en, "Cheng Yueming");
    assert_true(rights_have(user.rights, RIGHT_SUPERVISE_READ));
    assert_true(rights_have(user.rights, RIGHT_SIGNED_IN));
    assert_false(rights_have(user.rights, RIGHT_DESK_WORK));
    assert_false(rights_have(user.rights, RIGHT_APPLY));
    assert_string_equal(csrf, identity_csrf(hall.arena, token));
    const char *other = open_session(&hall, HALL_PHONE, NULL);
    assert_true(has_session(&hall, other, &user, &other_csrf));
    assert_int_equal(user.kind, USER_APPLICANT);
    assert_int_equal(user.id, hall.applicant.id);
    assert_int_equal(user.party, hall.applicant.party);
    assert_int_equal(user.unit, 0);
    assert_true(rights_have(user.rights, RIGHT_APPLY));
    assert_false(rights_have(user.rights, RIGHT_DESK_READ));
    assert_string_not_equal(csrf, other_csrf);
    assert_string_not_equal(csrf, identity_csrf(hall.arena, open_session(&hall, "s001", NULL)));
    assert_int_equal(strlen(csrf), 32);
    hall_end(&hall);
}

/* ---- officers -------------------------------------------------------------------------------- */

typedef struct Officer {
    OfficerSpec spec;
    Id id;
} Officer;

static bool run_officer(Tx *tx, void *data, Error *err)
{
    Officer *it = data;
    return identity_put_officer(tx, HALL_TENANT, &it->spec, &it->id, err);
}

static bool attempt_officer(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_officer, data, err);
}

static const char *roles_of(Hall *hall, const char *login)
{
    return raw_ask(&hall->raw,
                   "SELECT role FROM officer_role r JOIN officer o ON o.id = r.officer WHERE "
                   "o.login = '%s' ORDER BY role",
                   login);
}

static void test_officers(TestDb *test)
{
    static const char *const both[] = {"window", "supervisor"}, *const one[] = {"leader"};
    Hall hall;
    hall_begin(&hall, test);
    Officer it = {.spec = {.login = "x100",
                           .name = "新来",
                           .name_en = "Xin Lai",
                           .password_encoded = ENCODED,
                           .unit = hall.window.unit,
                           .roles = both,
                           .role_count = 2}};
    hall_fail_each(&hall, "a new officer", attempt_officer, &it, false);
    assert_string_equal(roles_of(&hall, "x100"), "supervisor\nwindow");
    Id id = it.id;
    it.spec.roles = one;
    it.spec.role_count = 1;
    it.spec.unit = hall.health.unit;
    it.spec.name = "调走";
    hall_fail_each(&hall, "a changed officer", attempt_officer, &it, false);
    assert_int_equal(it.id, id);
    assert_string_equal(roles_of(&hall, "x100"), "leader");
    assert_string_equal(raw_ask(&hall.raw, "SELECT name, unit FROM officer WHERE login = 'x100'"),
                        arena_printf(hall.arena, "调走|%lld", (long long)hall.health.unit));
    hall_end(&hall);
}

/* A staff number is one, however it is written. */
static void test_staff_numbers(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Id id;
    hall_begin(&hall, test);
    Officer it = {.spec = {.login = "X200",
                           .name = "大写",
                           .name_en = "Capital",
                           .password_encoded = ENCODED,
                           .unit = hall.window.unit}};
    hall_write(&hall, run_officer, &it, "X200");
    assert_int_equal(find_login(&hall, "x200").id, it.id);
    assert_int_equal(find_login(&hall, "X200").id, it.id);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(identity_officer_by_login(conn, hall.arena, HALL_TENANT, "X200", &id, &err));
    assert_int_equal(id, it.id);
    db_release(conn);
    Id first = it.id;
    it.spec.login = "x200";
    hall_write(&hall, run_officer, &it, "x200");
    assert_int_equal(it.id, first);
    hall_end(&hall);
}

/* Who left is changed as everybody else, and stays away. */
static void test_officer_who_left(TestDb *test)
{
    static const char *const roles[] = {"window"};
    Hall hall;
    hall_begin(&hall, test);
    raw_ask(&hall.raw, "UPDATE officer SET state = 'left' WHERE login = 'w001'");
    Officer it = {.spec = {.login = "w001",
                           .name = "杜文溪",
                           .name_en = "Du Wenxi",
                           .password_encoded = ENCODED,
                           .unit = hall.window.unit,
                           .roles = roles,
                           .role_count = 1}};
    hall_write(&hall, run_officer, &it, "w001");
    assert_int_equal(it.id, hall.window.id);
    assert_false(find_login(&hall, "w001").is_active);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM officer_role WHERE officer = 0"),
                     0);
    assert_string_equal(roles_of(&hall, "w001"), "window");
    hall_end(&hall);
}

static void test_names(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    const char *zh, *en;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(
        identity_officer_name(conn, hall.arena, HALL_TENANT, hall.window.id, &zh, &en, &err));
    assert_string_equal(zh, "杜文溪");
    assert_string_equal(en, "Du Wenxi");
    assert_true(identity_officer_name(conn, hall.arena, HALL_TENANT, 1, &zh, &en, &err));
    assert_string_equal(zh, "");
    assert_string_equal(en, "");
    db_release(conn);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_registering),
        test_each_hall(test_phones),
        test_each_hall(test_finding_logins),
        test_each_hall(test_lock_out),
        test_each_hall(test_success),
        test_each_hall(test_sessions_end),
        test_each_hall(test_playing_somebody),
        test_each_hall(test_sessions_of_those_who_left),
        test_each_hall(test_who_is_there),
        test_each_hall(test_officers),
        test_each_hall(test_staff_numbers),
        test_each_hall(test_officer_who_left),
        test_each_hall(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
