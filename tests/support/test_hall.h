#ifndef SUPPORT_TEST_HALL_H
#define SUPPORT_TEST_HALL_H

/*
 * Hall: a service hall on a test's database, made as the server makes it: keys, calendar, roles,
 * the pack service-hall, and the demonstration county. Include it behind cmocka's headers; open
 * the database with hall_readers:
 *
 *     static void test_files(TestDb *test)
 *     {
 *         Hall hall;
 *         hall_begin(&hall, test);
 *         ...
 *         hall_end(&hall);
 *     }
 *     const struct CMUnitTest tests[] = { test_each_hall(test_files) };
 *
 * Tests run in the project's root folder.
 */
#include "apps/catalogue/catalogue.h"
#include "apps/demo/demo.h"
#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "apps/score/score.h"
#include "apps/stats/stats.h"
#include "apps/supervise/correction.h"
#include "apps/supervise/supervise.h"
#include "service/calendars.h"
#include "service/files.h"
#include "test_db.h"
#include "test_journal.h"
#include "test_raw.h"

enum { HALL_TENANT = 1, HALL_FILE_MOST = 1024 * 1024 };

/* 2026-11-20 is a Friday; in China's time. */
#define HALL_AT(day, hour, minute) (date_start((day), 480) + (hour)*HOUR_MS + (minute)*MINUTE_MS)
#define HALL_FRIDAY                date_of(2026, 11, 20)
#define HALL_PHONE                 "13800000001"

static const JournalReader *const hall_readers[] = {
    &catalogue_search_reader,
    &dossier_access_reader,
    &supervise_reader,
    &warning_reader,
    &stats_reader,
    &score_reader,
    NULL,
};

#define test_each_hall(function) test_each_engine_with(function, .readers = hall_readers)

typedef struct Hall {
    TestDb *test;
    Arena *arena; /* the test's */
    App app;
    Raw raw;
    const char *keys; /* file of the key ring */
    const char *roles;
    const char *holidays;
    const Pack *pack;
    User window, window2, market, market2, health, health2, supervisor, admin;
    User applicant, applicant2;
} Hall;

static inline void hall_fail(const char *what, const Error *err)
{
    fail_msg("%s: %s %s (%s)", what, err->code ? err->code : "", err->field ? err->field : "",
             err->detail ? err->detail : "");
}

static inline const char *hall_read(Arena *arena, const char *file)
{
    FILE *stream = fopen(file, "rb");
    char *text = arena_alloc(arena, HALL_FILE_MOST);
    if (!stream)
        fail_msg("%s is not there", file);
    size_t length = fread(text, 1, HALL_FILE_MOST - 1, stream);
    fclose(stream);
    text[length] = 0;
    return text;
}

/* ---- caches and clock ------------------------------------------------------------------------ */

static inline void hall_drop_catalogue(void *data)
{
    catalogue_destroy(data);
}

static inline void hall_drop_org(void *data)
{
    org_destroy(data);
}

static inline void hall_drop_calendars(void *data)
{
    calendars_destroy(data);
}

/* What a fresh process has: nothing in memory. What there was stays until the test ends, since the
 * test may still point into it. */
static inline void hall_forget(Hall *hall)
{
    hall->app.calendars = calendars_create(hall->arena);
    hall->app.org = org_create(hall->arena);
    hall->app.catalogue = catalogue_create(hall->arena);
    hall->app.last_number = 0;
    arena_on_destroy(hall->arena, hall_drop_catalogue, hall->app.catalogue);
    arena_on_destroy(hall->arena, hall_drop_org, hall->app.org);
    arena_on_destroy(hall->arena, hall_drop_calendars, hall->app.calendars);
}

static inline void hall_clock(Hall *hall, Instant at)
{
    clock_set(&hall->test->clock, at);
}

/* ---- writing --------------------------------------------------------------------------------- */

static inline void hall_write(Hall *hall, Command run, void *data, const char *what)
{
    Error err = ERROR_NONE;
    if (!db_write(hall->test->db, hall->arena, run, data, &err))
        hall_fail(what, &err);
}

static inline bool hall_publish(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    int published;
    Date from = date_of(2024, 1, 1);
    return org_publish_roles(tx, hall->app.org, HALL_TENANT, hall->roles, err) &&
           calendars_publish(tx, hall->app.calendars, HALL_TENANT, "cn", hall->holidays, from,
                             err) &&
           catalogue_publish_pack(tx, &hall->app, hall->pack, from, &published, err);
}

/* ---- people ---------------------------------------------------------------------------------- */

static inline User hall_officer(Hall *hall, const char *login)
{
    Error err = ERROR_NONE;
    User user = {.kind = USER_OFFICER, .name = login};
    const char **roles, *lines = raw_ask(&hall->raw,
                                         "SELECT role FROM officer_role r JOIN officer o ON o.id = "
                                         "r.officer WHERE o.login = '%s'",
                                         login);
    size_t count = text_split(hall->arena, lines, '\n', &roles);
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_known =
        identity_officer_by_login(conn, hall->arena, HALL_TENANT, login, &user.id, &err) &&
        org_rights(hall->app.org, conn, HALL_TENANT, roles, count, &user.rights, &err);
    db_release(conn);
    if (!is_known || !user.id)
        fail_msg("officer %s is not there", login);
    text_to_int64(raw_ask(&hall->raw, "SELECT unit FROM officer WHERE login = '%s'", login),
                  &user.unit);
    return user;
}

static inline User hall_applicant(Hall *hall, int place)
{
    const char **columns;
    User user = {.kind = USER_APPLICANT, .rights = (Rights)1 << RIGHT_APPLY};
    const char *row = raw_ask(&hall->raw,
                              "SELECT a.id, a.party, p.name FROM account a JOIN party p ON p.id = "
                              "a.party ORDER BY a.id LIMIT 1 OFFSET %d",
                              place);
    assert_int_equal(text_split(hall->arena, row, '|', &columns), 3);
    text_to_int64(columns[0], &user.id);
    text_to_int64(columns[1], &user.party);
    user.name = columns[2];
    return user;
}

static inline void hall_find_people(Hall *hall)
{
    hall->window = hall_officer(hall, "w001");
    hall->window2 = hall_officer(hall, "w002");
    hall->market = hall_officer(hall, "m001");
    hall->market2 = hall_officer(hall, "m002");
    hall->health = hall_officer(hall, "h001");
    hall->health2 = hall_officer(hall, "h002");
    hall->supervisor = hall_officer(hall, "s001");
    hall->admin = hall_officer(hall, "admin");
    hall->applicant = hall_applicant(hall, 0);
    hall->applicant2 = hall_applicant(hall, 1);
}

/* ---- begin and end --------------------------------------------------------------------------- */

static inline void hall_fill_app(Hall *hall)
{
    Error err = ERROR_NONE;
    App *app = &hall->app;
    app->db = hall->test->db;
    app->clock = &hall->test->clock;
    app->tenant = HALL_TENANT;
    app->zone_minutes = CALENDAR_ZONE_CHINA;
    app->process_name = "test 1";
    hall->keys = arena_printf(hall->arena, "%s/yimen.keys", test_folder(hall->test));
    app->keys = keyring_open(hall->arena, hall->keys, &err);
    assert_non_null(app->keys);
    app->files = files_open(hall->arena, test_folder(hall->test), &err);
    assert_non_null(app->files);
    hall_forget(hall);
}

/* The clock stands at Friday 2026-11-20, ten o'clock in China, a working day. */
static inline void hall_begin_empty(Hall *hall, TestDb *test)
{
    *hall = (Hall){.test = test, .arena = test->arena};
    clock_set(&test->clock, HALL_AT(HALL_FRIDAY, 10, 0));
    hall_fill_app(hall);
    hall->raw = raw_open(test);
}

static inline void hall_begin(Hall *hall, TestDb *test)
{
    Error err = ERROR_NONE;
    bool is_new = false;
    hall_begin_empty(hall, test);
    hall->roles = hall_read(hall->arena, "packs/service-hall/roles.json");
    hall->holidays = hall_read(hall->arena, "packs/calendar/cn-workdays.csv");
    hall->pack = catalogue_read_pack(hall->arena, "packs/service-hall", &err);
    if (!hall->pack)
        hall_fail("catalogue_read_pack", &err);
    hall_write(hall, hall_publish, hall, "hall_publish");
    DemoCounty *county = demo_read(hall->arena, "packs/demo-county/county.json", &err);
    if (!county || !demo_load(&hall->app, hall->arena, county, &is_new, &err))
        hall_fail("demo_load", &err);
    assert_true(is_new);
    hall_find_people(hall);
}

static inline void hall_end(Hall *hall)
{
    raw_close(&hall->raw);
}

/* ---- every statement failing once ------------------------------------------------------------ */

/* Something that writes in one transaction; false with err when it did not. */
typedef bool (*HallAttempt)(Hall *hall, void *data, Error *err);

/* As hall_fail_each, for n = 1, 1 + stride, ...: for what takes very many statements. */
static inline int hall_fail_some(Hall *hall, const char *what, HallAttempt attempt, void *data,
                                 bool is_cold, int stride)
{
    enum { STATEMENTS_MOST = 4000 };
    const char *before = raw_prints(&hall->raw);
    for (int n = 1; n < STATEMENTS_MOST; n += stride) {
        Error err = ERROR_NONE;
        if (is_cold)
            hall_forget(hall);
        db_fail_statement(hall->test->db, n);
        bool is_done = attempt(hall, data, &err);
        int left = db_fail_statement(hall->test->db, 0);
        const char *table = raw_difference(hall->arena, before, raw_prints(&hall->raw));
        if (is_done && (left == 0 || !table))
            fail_msg("%s: statement %d failed and nobody noticed, or nothing is stored", what, n);
        if (is_done)
            return n - 1;
        if (!text_equal(err.code, "db.failed"))
            hall_fail(arena_printf(hall->arena, "%s, statement %d", what, n), &err);
        if (table)
            fail_msg("%s: after statement %d failed this differs: %s", what, n, table);
    }
    fail_msg("%s: never succeeds", what);
    return 0;
}

/* Lets the n-th statement fail, for n = 1, 2, ... until the attempt succeeds; after each failure
 * every table is as before. Returns how many statements there were. is_cold: each attempt begins
 * with empty caches, so that what fills them fails too. */
static inline int hall_fail_each(Hall *hall, const char *what, HallAttempt attempt, void *data,
                                 bool is_cold)
{
    return hall_fail_some(hall, what, attempt, data, is_cold, 1);
}

#endif
