/*
 * org_test.c - units, windows, posts and what roles may do: the snapshot follows each commit and no
 * failure; each write path with every statement failing once.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_hall.h"

/* ---- commands -------------------------------------------------------------------------------- */

typedef struct Change {
    Hall *hall;
    Unit unit;
    Id id;
    const char *roles;
} Change;

static bool run_tenant(Tx *tx, void *data, Error *err)
{
    (void)data;
    return org_put_tenant(tx, HALL_TENANT, "demo", "新名", "New name", "99/9901", err);
}

static bool run_unit(Tx *tx, void *data, Error *err)
{
    Change *it = data;
    return org_put_unit(tx, it->hall->app.org, HALL_TENANT, &it->unit, &it->id, err);
}

static bool run_window(Tx *tx, void *data, Error *err)
{
    Change *it = data;
    return org_put_window(tx, HALL_TENANT, it->unit.id, "07", it->unit.name, "Window 7", &it->id,
                          err);
}

static bool run_post(Tx *tx, void *data, Error *err)
{
    const Change *it = data;
    return org_put_post(tx, HALL_TENANT, it->unit.id, "night", it->unit.name, "Night post",
                        it->hall->window.id, 0, err);
}

static bool run_roles(Tx *tx, void *data, Error *err)
{
    const Change *it = data;
    return org_publish_roles(tx, it->hall->app.org, HALL_TENANT, it->roles, err);
}

typedef struct Attempt {
    Command run;
    Change *change;
} Attempt;

static bool attempt_change(Hall *hall, void *data, Error *err)
{
    const Attempt *it = data;
    return db_write(hall->test->db, hall->arena, it->run, it->change, err);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static const Unit *unit_of(Hall *hall, const char *code)
{
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(hall->test->db, &err);
    const Unit *unit = org_unit_by_code(hall->app.org, conn, HALL_TENANT, code, &err);
    assert_false(error_is_set(&err));
    if (unit)
        assert_ptr_equal(org_unit(hall->app.org, conn, HALL_TENANT, unit->id, &err), unit);
    db_release(conn);
    return unit;
}

static Rights rights_of(Hall *hall, const char *first, const char *second)
{
    Error err = ERROR_NONE;
    const char *const roles[] = {first, second};
    Rights rights;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(org_rights(hall->app.org, conn, HALL_TENANT, roles, second ? 2 : 1, &rights, &err));
    db_release(conn);
    return rights;
}

/* ---- nothing half stored --------------------------------------------------------------------- */

static void test_every_statement_fails(TestDb *test)
{
    static const struct {
        const char *what;
        Command run;
    } cases[] = {{"org_put_tenant", run_tenant},
                 {"org_put_unit", run_unit},
                 {"org_put_window", run_window},
                 {"org_put_post", run_post},
                 {"org_publish_roles", run_roles}};
    Hall hall;
    hall_begin(&hall, test);
    Change change = {.hall = &hall,
                     .roles = "{\"roles\":{\"guest\":{\"rights\":[\"board.read\"]}}}"};
    change.unit = *unit_of(&hall, "HALL");
    change.unit.name = "改了名的窗口";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Attempt attempt = {.run = cases[i].run, .change = &change};
        assert_true(hall_fail_each(&hall, cases[i].what, attempt_change, &attempt, i % 2) >= 3);
    }
    assert_string_equal(unit_of(&hall, "HALL")->name, "改了名的窗口");
    assert_int_equal(rights_of(&hall, "guest", NULL), (Rights)1 << RIGHT_BOARD_READ);
    assert_int_equal(rights_of(&hall, "window", NULL), 0); /* no longer a role */
    assert_string_equal(raw_ask(&hall.raw, "SELECT name, holder_b FROM post WHERE code = 'night'"),
                        "改了名的窗口|-");
    hall_end(&hall);
}

/* What failed is not in the snapshot, even when somebody asked meanwhile. */
static void test_snapshot_follows_commits_alone(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    const Unit *before = unit_of(&hall, "MARKET");
    Change change = {.hall = &hall, .unit = *before};
    change.unit.name = "没有改成";
    Attempt attempt = {.run = run_unit, .change = &change};
    db_fail_statement(test->db, 3);
    assert_false(attempt_change(&hall, &attempt, &err));
    db_fail_statement(test->db, 0);
    assert_string_equal(unit_of(&hall, "MARKET")->name, "县市场监督管理局");
    change.unit.name = "改成了";
    hall_write(&hall, run_unit, &change, "org_put_unit");
    assert_int_equal(change.id, before->id); /* found by its code */
    assert_string_equal(unit_of(&hall, "MARKET")->name, "改成了");
    assert_string_equal(before->name, "县市场监督管理局"); /* old snapshots stay readable */
    hall_end(&hall);
}

/* ---- units ----------------------------------------------------------------------------------- */

static void test_units(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Units all = {0};
    hall_begin(&hall, test);
    assert_null(unit_of(&hall, "NOPE"));
    assert_null(unit_of(&hall, ""));
    assert_null(unit_of(&hall, "hall"));
    Change change = {.hall = &hall,
                     .unit = {.code = "NEW",
                              .kind = "township",
                              .name = "新镇",
                              .name_en = "New Township",
                              .parent = unit_of(&hall, "CENTRE")->id,
                              .division = "99/9901/990101"}};
    hall_write(&hall, run_unit, &change, "NEW");
    const Unit *unit = unit_of(&hall, "NEW");
    assert_int_equal(unit->id, change.id);
    assert_int_equal(unit->parent, change.unit.parent);
    assert_string_equal(unit->division, "99/9901/990101");
    assert_int_equal(unit_of(&hall, "CENTRE")->parent, 0);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(org_units(conn, hall.arena, HALL_TENANT, &all, &err));
    assert_int_equal(all.count, raw_number(&hall.raw, "SELECT COUNT(*) FROM unit"));
    for (size_t i = 1; i < all.count; i++)
        assert_true(strcmp(all.items[i - 1].code, all.items[i].code) < 0);
    assert_null(org_unit(hall.app.org, conn, HALL_TENANT, 12345, &err));
    assert_null(org_unit_by_code(hall.app.org, conn, HALL_TENANT + 1, "HALL", &err));
    assert_false(error_is_set(&err));
    db_release(conn);
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind, subject, actor_kind FROM journal WHERE "
                                           "kind = 'org.changed' ORDER BY id DESC LIMIT 1"),
                        "org.changed|unit:NEW|system");
    hall_end(&hall);
}

/* ---- roles ----------------------------------------------------------------------------------- */

#define BIT(right) ((Rights)1 << RIGHT_##right)
#define WINDOW     (BIT(DESK_READ) | BIT(DESK_WORK) | BIT(DOSSIER_INTAKE) | BIT(PARTY_UNMASK))
#define SUPERVISOR (BIT(SUPERVISE_READ) | BIT(BOARD_READ) | BIT(SUPERVISE_WORK))

static void test_roles(TestDb *test)
{
    static const struct {
        const char *first, *second;
        Rights rights;
    } cases[] = {
        {"window", NULL, WINDOW},
        {"observer", NULL, BIT(SUPERVISE_READ)},
        {"bank", NULL, BIT(DESK_READ) | BIT(DESK_WORK)},
        {"unit_leader", NULL,
         BIT(DESK_READ) | BIT(DESK_WORK) | BIT(DOSSIER_LEAD) | BIT(PARTY_UNMASK)},
        {"auditor", NULL, BIT(SUPERVISE_READ) | BIT(PARTY_UNMASK)},
        {"handler", "window", WINDOW},
        {"handler", NULL, BIT(DESK_READ) | BIT(DESK_WORK) | BIT(PARTY_UNMASK)},
        {"supervisor", NULL, SUPERVISOR},
        {"supervisor", "window", SUPERVISOR | WINDOW},
        {"admin", NULL, BIT(ADMIN_READ) | BIT(ADMIN_WORK) | BIT(CALENDAR_WORK) | BIT(METRICS_READ)},
        {"nobody", NULL, 0},
        {"", "window", WINDOW},
        {"Window", NULL, 0},
    };
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(rights_of(&hall, cases[i].first, cases[i].second), cases[i].rights);
    hall_end(&hall);
}

/* A file with a fault changes nothing, and each fault is named. */
static void test_bad_roles(TestDb *test)
{
    static const struct {
        const char *json;
        const char *code;
        const char *role, *right; /* of the first error */
        size_t errors;
    } cases[] = {
        {"{\"roles\":{\"a\":{\"rights\":[\"desk.read\",\"desk.fly\"]}}}", "org.unknown_right", "a",
         "desk.fly", 1},
        {"{\"roles\":{\"a\":{\"rights\":[\"x\"]},\"b\":{\"rights\":[\"y\",\"board.read\",\"z\"]}}}",
         "org.unknown_right", "a", "x", 3},
        {"{\"roles\":{\"a\":{\"rights\":[\"\"]}}}", "org.unknown_right", "a", "", 1},
        {"{\"roles\":{\"a\":{\"rights\":[1]}}}", "org.unknown_right", "a", "1", 1},
        {"{\"roles\":{\"a\":{\"rights\":[null]}}}", "org.unknown_right", "a", NULL, 1},
        {"{\"roles\":", "json.syntax", NULL, NULL, 1},
    };
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        Change change = {.hall = &hall, .roles = cases[i].json};
        const char *prints = raw_prints(&hall.raw);
        assert_false(db_write(test->db, hall.arena, run_roles, &change, &err));
        assert_string_equal(err.code, cases[i].code);
        assert_true(text_equal(err.field, cases[i].role));
        if (cases[i].role)
            assert_true(text_equal(err.with[0].value, cases[i].right));
        size_t errors = 0;
        for (const Error *each = &err; each; each = each->next)
            errors++;
        assert_int_equal(errors, cases[i].errors);
        assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    }
    assert_int_equal(rights_of(&hall, "window", NULL), WINDOW);
    hall_end(&hall);
}

/* ---- many readers ---------------------------------------------------------------------------- */

typedef struct Reader {
    Hall *hall;
    _Atomic bool *is_over;
    int asked, wrong;
} Reader;

static void *read_on(void *data)
{
    Reader *reader = data;
    while (!*reader->is_over || !reader->asked) {
        Error err = ERROR_NONE;
        DbConn *conn = db_reader(reader->hall->test->db, &err);
        const Unit *unit =
            org_unit_by_code(reader->hall->app.org, conn, HALL_TENANT, "MARKET", &err);
        reader->wrong += !unit || strcmp(unit->code, "MARKET") != 0 || error_is_set(&err);
        db_release(conn);
        reader->asked++;
    }
    return NULL;
}

static void test_readers_beside_changes(TestDb *test)
{
    enum { READERS = 2, CHANGES = 20 };
    Hall hall;
    pthread_t threads[READERS];
    Reader readers[READERS];
    _Atomic bool is_over = false;
    hall_begin(&hall, test);
    Change change = {.hall = &hall, .unit = *unit_of(&hall, "MARKET")};
    for (int i = 0; i < READERS; i++) {
        readers[i] = (Reader){.hall = &hall, .is_over = &is_over};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 0; i < CHANGES; i++) {
        change.unit.name = arena_printf(hall.arena, "第%d次", i);
        hall_write(&hall, run_unit, &change, "org_put_unit");
    }
    is_over = true;
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 0);
    }
    assert_string_equal(unit_of(&hall, "MARKET")->name, "第19次");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_every_statement_fails),
        test_each_hall(test_snapshot_follows_commits_alone),
        test_each_hall(test_units),
        test_each_hall(test_roles),
        test_each_hall(test_bad_roles),
        test_each_hall(test_readers_beside_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
