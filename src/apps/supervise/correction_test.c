/* correction_test.c - warnings are raised once for each date; notices go back and forth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/supervise/correction_store.h"
#include "format/json.h"
#include "test_hall.h"

/* ---- a hotel under review, and a supervisor -------------------------------------------------- */

typedef struct Play {
    Hall *hall;
    const char *number;
    Dossier dossier;
    Id id;
    const char *text;
    bool is_sufficient;
    User user;
    bool (*run)(Tx *tx, struct Play *step, Error *err);
} Play;

static bool run_step(Tx *tx, void *data, Error *err)
{
    Play *step = data;
    return step->run(tx, step, err);
}

/* NULL, or the code of what was refused. */
static const char *try_step(Play *step)
{
    Error err = ERROR_NONE;
    if (db_write(step->hall->test->db, step->hall->arena, run_step, step, &err))
        return NULL;
    return err.code;
}

static bool file(Tx *tx, Play *step, Error *err)
{
    Hall *hall = step->hall;
    const char *text = "{\"unit_name\":\"青溪县滨河宾馆\",\"credit_code\":\"91350100M000100Y43\","
                       "\"address\":\"青溪县滨河路88号\",\"legal_name\":\"周知秋\","
                       "\"phone\":\"13800000002\",\"room_count\":48,\"floor_area\":2600.5,"
                       "\"air_conditioning\":\"split\",\"water_supply\":\"mains\"}";
    const Json *answers = json_parse(tx_arena(tx), text, strlen(text), &JSON_LIMITS, err);
    const Item *item = catalogue_item(&hall->app, tx_conn(tx), "hotel-hygiene", HALL_FRIDAY, err);
    if (!answers || !item)
        return false;
    DossierFiling filing = {.item = item,
                            .party = hall->applicant.party,
                            .account = hall->applicant.id,
                            .applicant_name = hall->applicant.name,
                            .channel = "online",
                            .actor_kind = "applicant",
                            .actor = hall->applicant.id,
                            .answers = answers};
    bool is_filed = dossier_file(tx, &hall->app, &filing, &step->dossier, err);
    step->number = is_filed ? arena_text(hall->arena, step->dossier.number) : NULL;
    return is_filed;
}

static bool accept(Tx *tx, Play *step, Error *err)
{
    const char *text = "{\"outcome\":\"accept\",\"opinion\":\"予以受理。\"}";
    const Json *values = json_parse(tx_arena(tx), text, strlen(text), &JSON_LIMITS, err);
    TaskCompletion completion = {
        .task = step->id, .values = values, .outcome = "accept", .opinion = "予以受理。"};
    return values && dossier_complete(tx, &step->hall->app, &step->user, &completion, err);
}

static const char *number_of(Hall *hall, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *sql = arena_vprintf(hall->arena, format, args);
    va_end(args);
    return raw_ask(&hall->raw, "%s", sql);
}

static Play accepted_hotel(Hall *hall)
{
    Play step = {.hall = hall, .run = file, .user = hall->window};
    assert_null(try_step(&step));
    text_to_int64(number_of(hall, "SELECT id FROM task WHERE state = 'open'"), &step.id);
    step.run = accept;
    assert_null(try_step(&step));
    return step;
}

static void raise_all(Hall *hall)
{
    Error err = ERROR_NONE;
    bool is_more = true;
    while (is_more)
        if (!warning_raise(&hall->app, &is_more, &err))
            hall_fail("warning_raise", &err);
}

static Instant due_of(Hall *hall)
{
    int64_t due;
    assert_true(text_to_int64(number_of(hall, "SELECT due_at FROM supervised"), &due));
    return due;
}

#define expect(hall, value, ...) assert_string_equal(number_of((hall), __VA_ARGS__), (value))

/* ---- warnings -------------------------------------------------------------------------------- */

static void test_warns_one_working_day_before_once(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    accepted_hotel(&hall);
    raise_all(&hall);
    expect(&hall, "0", "SELECT COUNT(*) FROM warning");
    hall_clock(&hall, due_of(&hall) - 25 * HOUR_MS);
    raise_all(&hall);
    expect(&hall, "0", "SELECT COUNT(*) FROM warning");
    hall_clock(&hall, due_of(&hall) - 23 * HOUR_MS);
    raise_all(&hall);
    raise_all(&hall);
    expect(&hall, "early", "SELECT kind FROM warning");
    expect(&hall, "1", "SELECT COUNT(*) FROM journal WHERE kind = 'warning.raised'");
    hall_clock(&hall, due_of(&hall) + MINUTE_MS);
    raise_all(&hall);
    raise_all(&hall);
    expect(&hall, "2", "SELECT COUNT(*) FROM warning");
    expect(&hall, "1", "SELECT COUNT(*) FROM warning WHERE kind = 'overdue'");
    hall_end(&hall);
}

/* What is settled on the spot is due within the day: no warning the moment it comes in. */
static void test_warns_of_a_short_promise_when_half_of_it_is_gone(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    accepted_hotel(&hall);
    raw_ask(&hall.raw, "UPDATE supervised SET accepted_at = due_at - 6 * 3600000");
    hall_clock(&hall, due_of(&hall) - 4 * HOUR_MS);
    raise_all(&hall);
    expect(&hall, "0", "SELECT COUNT(*) FROM warning");
    hall_clock(&hall, due_of(&hall) - 3 * HOUR_MS);
    raise_all(&hall);
    expect(&hall, "early", "SELECT kind FROM warning");
    hall_end(&hall);
}

static void test_warns_the_unit_that_has_the_step(TestDb *test)
{
    Error err = ERROR_NONE;
    Hall hall;
    Warnings mine = {0}, others = {0};
    hall_begin(&hall, test);
    accepted_hotel(&hall);
    hall_clock(&hall, due_of(&hall) - HOUR_MS);
    raise_all(&hall);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(store_warnings(conn, hall.arena, HALL_TENANT, hall.health.unit, 9, &mine, &err));
    assert_true(store_warnings(conn, hall.arena, HALL_TENANT, hall.market.unit, 9, &others, &err));
    db_release(conn);
    assert_int_equal(mine.count, 1);
    assert_int_equal(others.count, 0);
    hall_end(&hall);
}

static void test_a_replay_gives_the_same_warnings(TestDb *test)
{
    Error err = ERROR_NONE;
    Hall hall;
    int rebuilt;
    hall_begin(&hall, test);
    accepted_hotel(&hall);
    hall_clock(&hall, due_of(&hall) - HOUR_MS);
    raise_all(&hall);
    Buffer before = buffer_init(hall.arena, 0), after = buffer_init(hall.arena, 0);
    assert_true(journal_dump_derived(test->db, &before, &err));
    assert_true(journal_rebuild(test->db, NULL, true, &rebuilt, &err));
    assert_true(journal_dump_derived(test->db, &after, &err));
    assert_string_equal(buffer_text(&before), buffer_text(&after));
    hall_end(&hall);
}

/* ---- notices --------------------------------------------------------------------------------- */

static bool send_notice(Tx *tx, Play *step, Error *err)
{
    return correction_send(tx, &step->hall->app, &step->user, step->number, "overdue", step->text,
                           &step->id, err);
}

static bool reply(Tx *tx, Play *step, Error *err)
{
    return correction_reply(tx, &step->hall->app, &step->user, step->id, step->text, err);
}

static bool check(Tx *tx, Play *step, Error *err)
{
    return correction_check(tx, &step->hall->app, &step->user, step->id, step->is_sufficient,
                            step->text, err);
}

static const char *act(Play *step, bool (*run)(Tx *, Play *, Error *), const User *user,
                       const char *text)
{
    step->run = run;
    step->user = *user;
    step->text = text;
    return try_step(step);
}

static void test_a_notice_goes_back_and_forth(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    assert_null(act(&step, send_notice, &hall.supervisor, "超过时限，请说明。"));
    expect(&hall, "sent", "SELECT state FROM correction");
    expect(&hall, "1", "SELECT COUNT(*) FROM correction WHERE unit = %lld",
           (long long)hall.health.unit);
    assert_null(act(&step, reply, &hall.health, "已安排核查。"));
    expect(&hall, "replied", "SELECT state FROM correction");
    step.is_sufficient = false;
    assert_null(act(&step, check, &hall.supervisor, "请写明完成日期。"));
    expect(&hall, "sent", "SELECT state FROM correction");
    assert_null(act(&step, reply, &hall.health2, "二十五日前完成。"));
    step.is_sufficient = true;
    assert_null(act(&step, check, &hall.supervisor, NULL));
    expect(&hall, "closed", "SELECT state FROM correction");
    expect(&hall, "5", "SELECT COUNT(*) FROM correction_act");
    expect(&hall, "5", "SELECT COUNT(*) FROM journal WHERE kind LIKE 'correction.%%'");
    expect(&hall, "0",
           "SELECT COUNT(*) FROM journal WHERE kind LIKE 'correction.%%' AND data LIKE '%%安排%%'");
    hall_end(&hall);
}

static void test_the_reply_is_due_after_three_working_days(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    assert_null(act(&step, send_notice, &hall.supervisor, "请说明。"));
    /* Friday the 20th: Monday, Tuesday, Wednesday the 25th. */
    int64_t due;
    text_to_int64(number_of(&hall, "SELECT reply_due_at FROM correction"), &due);
    assert_string_equal(date_text(hall.arena, instant_date(due, CALENDAR_ZONE_CHINA)),
                        "2026-11-25");
    hall_end(&hall);
}

static void test_each_act_in_its_state_and_by_its_unit(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    assert_string_equal(act(&step, send_notice, &hall.supervisor, " "), "correction.no_text");
    assert_null(act(&step, send_notice, &hall.supervisor, "请说明。"));
    step.is_sufficient = true;
    assert_string_equal(act(&step, check, &hall.supervisor, NULL), "correction.no_reply");
    assert_string_equal(act(&step, reply, &hall.market, "不是我们。"), "correction.unknown");
    assert_string_equal(act(&step, reply, &hall.health, ""), "correction.no_text");
    assert_null(act(&step, reply, &hall.health, "已办。"));
    assert_string_equal(act(&step, reply, &hall.health, "再答一次。"), "correction.not_waiting");
    step.is_sufficient = false;
    assert_string_equal(act(&step, check, &hall.supervisor, NULL), "correction.no_text");
    assert_string_equal(act(&step, check, &hall.supervisor, " "), "correction.no_text");
    step.is_sufficient = true;
    assert_null(act(&step, check, &hall.supervisor, "可以。"));
    assert_string_equal(act(&step, check, &hall.supervisor, "可以。"), "correction.no_reply");
    step.id = 77;
    assert_string_equal(act(&step, check, &hall.supervisor, "可以。"), "correction.unknown");
    step.number = "202611225964187604";
    assert_string_equal(act(&step, send_notice, &hall.supervisor, "请说明。"), "dossier.unknown");
    hall_end(&hall);
}

static bool take_back(Tx *tx, Play *step, Error *err)
{
    return correction_take_back(tx, &step->hall->app, &step->user, step->id, step->text, err);
}

static void test_taken_back_before_it_is_answered(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    assert_null(act(&step, send_notice, &hall.supervisor, "请说明。"));
    assert_string_equal(act(&step, take_back, &hall.supervisor, " "), "correction.no_text");
    assert_null(act(&step, take_back, &hall.supervisor, "发错了办件。"));
    expect(&hall, "taken_back", "SELECT state FROM correction WHERE closed_at IS NOT NULL");
    expect(&hall, "1", "SELECT COUNT(*) FROM journal WHERE kind = 'correction.taken_back'");
    expect(&hall, "0", "SELECT COUNT(*) FROM journal WHERE data LIKE '%%发错%%'");
    assert_string_equal(act(&step, reply, &hall.health, "已办。"), "correction.not_waiting");
    assert_null(act(&step, send_notice, &hall.supervisor, "请说明。"));
    assert_null(act(&step, reply, &hall.health, "已办。"));
    assert_string_equal(act(&step, take_back, &hall.supervisor, "不用了。"),
                        "correction.not_waiting");
    hall_end(&hall);
}

/* ---- what waits ------------------------------------------------------------------------------ */

static const char *waiting(Hall *hall, Id unit, Id officer)
{
    Error err = ERROR_NONE;
    Waiting out;
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_done = store_waiting(conn, hall->arena, HALL_TENANT, unit, officer,
                                 clock_now(&hall->test->clock) + 86400000, &out, &err);
    db_release(conn);
    assert_true(is_done);
    return arena_printf(hall->arena, "%d %d %d", (int)out.warnings, (int)out.notices,
                        (int)out.replied);
}

/* Two warnings of one case are one case; a clock that stands still hurries nobody. */
static void test_what_waits(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    Id health = hall.health.unit;
    assert_string_equal(waiting(&hall, health, hall.health.id), "0 0 0");
    assert_null(act(&step, send_notice, &hall.supervisor, "请说明。"));
    hall_clock(&hall, due_of(&hall) - 3600000);
    raise_all(&hall);
    assert_string_equal(waiting(&hall, health, hall.health.id), "1 1 0");
    hall_clock(&hall, due_of(&hall) + 3600000);
    raise_all(&hall);
    assert_string_equal(waiting(&hall, health, hall.health.id), "1 1 0");
    assert_string_equal(waiting(&hall, hall.market.unit, hall.market.id), "0 0 0");
    assert_string_equal(waiting(&hall, 0, hall.supervisor.id), "1 1 0");
    assert_null(act(&step, reply, &hall.health, "已办。"));
    assert_string_equal(waiting(&hall, 0, hall.supervisor.id), "1 0 1");
    raw_ask(&hall.raw, "UPDATE supervised SET officer = 4711");
    assert_string_equal(waiting(&hall, health, hall.health.id), "0 0 0");
    raw_ask(&hall.raw, "UPDATE supervised SET officer = 0, stop_ground = 'hearing'");
    assert_string_equal(waiting(&hall, 0, hall.supervisor.id), "0 0 1");
    hall_end(&hall);
}

static bool attempt_send(Hall *hall, void *data, Error *err)
{
    Play *step = data;
    return db_write(hall->test->db, hall->arena, run_step, step, err);
}

static void test_a_failing_statement_leaves_nothing(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Play step = accepted_hotel(&hall);
    step.run = send_notice;
    step.user = hall.supervisor;
    step.text = "请说明。";
    hall_fail_each(&hall, "correction_send", attempt_send, &step, false);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_warns_one_working_day_before_once),
        test_each_hall(test_warns_of_a_short_promise_when_half_of_it_is_gone),
        test_each_hall(test_warns_the_unit_that_has_the_step),
        test_each_hall(test_a_replay_gives_the_same_warnings),
        test_each_hall(test_a_notice_goes_back_and_forth),
        test_each_hall(test_the_reply_is_due_after_three_working_days),
        test_each_hall(test_each_act_in_its_state_and_by_its_unit),
        test_each_hall(test_taken_back_before_it_is_answered),
        test_each_hall(test_what_waits),
        test_each_hall(test_a_failing_statement_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
