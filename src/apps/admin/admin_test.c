/*
 * admin_test.c - a calendar that is loaded reaches every promise: after a crash in between, in
 * another process, and when a statement fails on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/admin/admin.h"
#include "apps/admin/admin_sql.h"
#include "test_hall.h"
#include "test_story.h"

#define HOTEL_ANSWERS                                                                              \
    "{\"unit_name\":\"青溪宾馆\",\"credit_code\":\"91350211M000100Y43\",\"address\":"          \
    "\"滨河路11号\",\"legal_name\":\"周知秋\",\"phone\":\"13912345679\",\"room_count\":20," \
    "\"floor_area\":800,\"air_conditioning\":\"split\",\"water_supply\":\"mains\"}"

/* The notice of a year to come, with a long festival in the middle of what was promised. */
#define NOTICE_2027                                                                                \
    "date,type,name\n2027-01-01,holiday,元旦\n2026-12-28,holiday,年终\n2026-12-29,holiday,年终\n"

/* ---- one hotel on its way -------------------------------------------------------------------- */

static const Json *json_of(Hall *hall, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(hall->arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        hall_fail(text, &err);
    return json;
}

typedef struct Filing {
    App *app;
    DossierFiling filing;
    Id id;
} Filing;

static bool run_filing(Tx *tx, void *data, Error *err)
{
    Filing *it = data;
    Dossier dossier;
    if (!dossier_file(tx, it->app, &it->filing, &dossier, err))
        return false;
    it->id = dossier.id;
    return true;
}

static const Item *hotel(Hall *hall, App *app)
{
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(app->db, &err);
    const Item *item = catalogue_item(app, conn, "hotel-hygiene",
                                      instant_date(clock_now(&hall->test->clock), 480), &err);
    db_release(conn);
    if (!item)
        hall_fail("hotel-hygiene", &err);
    return item;
}

static Id file_hotel(Hall *hall, App *app)
{
    Filing it = {.app = app,
                 .filing = {.item = hotel(hall, app),
                            .party = hall->applicant.party,
                            .account = hall->applicant.id,
                            .applicant_name = hall->applicant.name,
                            .channel = "online",
                            .actor_kind = "applicant",
                            .actor = hall->applicant.id,
                            .answers = json_of(hall, HOTEL_ANSWERS)}};
    hall_write(hall, run_filing, &it, "dossier_file");
    return it.id;
}

typedef struct Completing {
    App *app;
    const User *officer;
    TaskCompletion completion;
} Completing;

static bool run_completing(Tx *tx, void *data, Error *err)
{
    const Completing *it = data;
    return dossier_complete(tx, it->app, it->officer, &it->completion, err);
}

/* Files a hotel's application and accepts it, in a process of its own memory. */
static Id accept_hotel(Hall *hall, App *app)
{
    Completing it = {.app = app, .officer = &hall->window};
    Id dossier = file_hotel(hall, app);
    text_to_int64(raw_ask(&hall->raw, "SELECT id FROM task WHERE dossier = %lld AND state = 'open'",
                          (long long)dossier),
                  &it.completion.task);
    it.completion.values = json_of(hall, "{\"outcome\":\"accept\",\"opinion\":\"齐全\"}");
    it.completion.outcome = "accept";
    it.completion.opinion = "齐全";
    hall_write(hall, run_completing, &it, "dossier_complete");
    return dossier;
}

/* "due on|provisional from" of the clock. */
static const char *promise(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw,
                   "SELECT due_on, provisional_from FROM legal_clock WHERE dossier = %lld",
                   (long long)dossier);
}

/* ---- calendars ------------------------------------------------------------------------------- */

typedef struct Publishing {
    App *app;
    const char *code;
    const char *csv;
} Publishing;

static bool run_publishing(Tx *tx, void *data, Error *err)
{
    const Publishing *it = data;
    return calendars_publish(tx, it->app->calendars, HALL_TENANT, it->code, it->csv,
                             instant_date(tx_now(tx), 480), err);
}

static void publish(Hall *hall, App *app, const char *code, const char *csv)
{
    Publishing it = {.app = app, .code = code, .csv = csv};
    hall_write(hall, run_publishing, &it, code);
}

static void rederive(Hall *hall, App *app)
{
    Error err = ERROR_NONE;
    bool has_more = true;
    if (!admin_rederive(app, &has_more, &err))
        hall_fail("admin_rederive", &err);
    assert_false(has_more);
    (void)hall;
}

static int64_t entries(Hall *hall, const char *kind)
{
    return raw_number(
        &hall->raw,
        arena_printf(hall->arena, "SELECT COUNT(*) FROM journal WHERE kind = '%s'", kind));
}

/* The mark is the newest calendar definition. */
static bool is_applied(Hall *hall)
{
    const char *newest =
        raw_ask(&hall->raw, "SELECT MAX(id) FROM definition WHERE kind = 'calendar'");
    return text_equal(raw_ask(&hall->raw, "SELECT definition FROM calendar_applied"), newest);
}

static void begin_in_december(Hall *hall, TestDb *test)
{
    hall_begin(hall, test);
    hall_clock(hall, HALL_AT(date_of(2026, 12, 22), 10, 0));
    rederive(hall, &hall->app);
    assert_true(is_applied(hall));
}

/* Another process on the same database: its own memory, the same tables. */
static App other_process(Hall *hall)
{
    App mine = hall->app, other;
    hall_forget(hall);
    other = hall->app;
    hall->app = mine;
    return other;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_a_first_start_moves_nothing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    accept_hotel(&hall, &hall.app);
    assert_false(is_applied(&hall));
    rederive(&hall, &hall.app);
    assert_true(is_applied(&hall));
    assert_string_equal(raw_ask(&hall.raw, "SELECT changed FROM calendar_applied"), "0");
    assert_int_equal(entries(&hall, "clock.rederived"), 0);
    hall_end(&hall);
}

static void test_a_loaded_notice_makes_a_provisional_date_firm(TestDb *test)
{
    Hall hall;
    begin_in_december(&hall, test);
    Id dossier = accept_hotel(&hall, &hall.app);
    const char *before = promise(&hall, dossier);
    assert_null(strstr(before, "|-")); /* provisional from a day of 2027 */
    publish(&hall, &hall.app, "cn-2027", NOTICE_2027);
    assert_false(is_applied(&hall));
    rederive(&hall, &hall.app);
    const char *after = promise(&hall, dossier);
    assert_non_null(strstr(after, "|-"));
    assert_true(strcmp(after, before) > 0); /* two more holidays on the way */
    assert_int_equal(entries(&hall, "clock.rederived"), 1);
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT is_provisional FROM supervised WHERE dossier = %lld",
                                (long long)dossier),
                        "0");
    assert_string_equal(raw_ask(&hall.raw, "SELECT changed FROM calendar_applied"), "1");
    rederive(&hall, &hall.app); /* nothing is due */
    assert_int_equal(entries(&hall, "clock.rederived"), 1);
    story_expect_rebuild(test);
    hall_end(&hall);
}

static void test_a_crash_before_the_derivation_loses_nothing(TestDb *test)
{
    Hall hall;
    begin_in_december(&hall, test);
    Id dossier = accept_hotel(&hall, &hall.app);
    publish(&hall, &hall.app, "cn-2027", NOTICE_2027);
    hall_forget(&hall); /* the program ends here and starts again */
    rederive(&hall, &hall.app);
    assert_non_null(strstr(promise(&hall, dossier), "|-"));
    assert_true(is_applied(&hall));
    hall_end(&hall);
}

static void test_another_process_notices(TestDb *test)
{
    Hall hall;
    begin_in_december(&hall, test);
    App other = other_process(&hall);
    Id early = accept_hotel(&hall, &other); /* it has loaded the old table */
    publish(&hall, &hall.app, "cn-2027", NOTICE_2027);
    rederive(&hall, &hall.app);
    assert_non_null(strstr(promise(&hall, early), "|-"));
    Id late = accept_hotel(&hall, &other); /* still promised by the old table */
    assert_null(strstr(promise(&hall, late), "|-"));
    rederive(&hall, &other);
    assert_string_equal(promise(&hall, late), promise(&hall, early));
    Id last = accept_hotel(&hall, &other);
    assert_string_equal(promise(&hall, last), promise(&hall, early));
    rederive(&hall, &other);
    assert_int_equal(entries(&hall, "clock.rederived"), 2);
    hall_end(&hall);
}

/* Whatever fails on the way, the job goes on the next time and the promises come out right. */
static void test_a_failure_is_caught_up(TestDb *test)
{
    Hall hall;
    begin_in_december(&hall, test);
    Id first = accept_hotel(&hall, &hall.app), second = accept_hotel(&hall, &hall.app);
    publish(&hall, &hall.app, "cn-2027", NOTICE_2027);
    int failures = 0;
    for (int n = 1; !is_applied(&hall); n++, failures++) {
        Error err = ERROR_NONE;
        bool has_more;
        db_fail_statement(test->db, n);
        bool is_done = admin_rederive(&hall.app, &has_more, &err);
        db_fail_statement(test->db, 0);
        assert_int_equal(is_done, is_applied(&hall));
        assert_true(n < 100);
    }
    assert_true(failures > 3);
    assert_non_null(strstr(promise(&hall, first), "|-"));
    assert_string_equal(promise(&hall, second), promise(&hall, first));
    assert_int_equal(entries(&hall, "clock.rederived"), 2);
    hall_end(&hall);
}

static void test_hours_of_the_nation_hold(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    publish(&hall, &hall.app, "cn-2027",
            "date,type,name,hours\n2027-01-01,holiday,元旦,\n"
            "2027-01-01,hours,1-5,08:00-12:00 14:00-16:00\n");
    DbConn *conn = db_reader(test->db, &err);
    const CalendarTable *table = calendars_get(hall.app.calendars, conn, HALL_TENANT, &err);
    db_release(conn);
    assert_non_null(table);
    Date day = date_of(2027, 3, 3); /* a Wednesday */
    assert_int_equal(calendar_closing(table, day), HALL_AT(day, 16, 0));
    assert_int_equal(calendar_closing(table, HALL_FRIDAY), HALL_AT(HALL_FRIDAY, 17, 30));
    hall_end(&hall);
}

static void test_open_incidents_are_listed_to_administrators(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    DossierIncidents open = {0};
    DossierIncident one;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(dossier_open_incidents(conn, hall.arena, HALL_TENANT, 0, 10, &open, &err));
    assert_int_equal(open.count, 0);
    assert_false(dossier_incident(conn, hall.arena, HALL_TENANT, 5, &one, &err));
    assert_string_equal(err.code, "dossier.unknown_incident");
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    db_release(conn);
    hall_end(&hall);
}

static void test_every_statement_can_be_prepared(TestDb *test)
{
    story_check_statements(test, admin_statements);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_a_first_start_moves_nothing),
        test_each_hall(test_a_loaded_notice_makes_a_provisional_date_firm),
        test_each_hall(test_a_crash_before_the_derivation_loses_nothing),
        test_each_hall(test_another_process_notices),
        test_each_hall(test_a_failure_is_caught_up),
        test_each_hall(test_hours_of_the_nation_hold),
        test_each_hall(test_open_incidents_are_listed_to_administrators),
        test_each_hall(test_every_statement_can_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
