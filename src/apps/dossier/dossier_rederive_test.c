/*
 * dossier_rederive_test.c - another holiday table: running clocks move, the provisional mark goes,
 * what was printed is journaled with its old date, a second run changes nothing, and one that was
 * interrupted is ended by the next. And everything derived can be derived again from the journal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

/* ---- notices --------------------------------------------------------------------------------- */

typedef struct Announcement {
    Hall *hall;
    const char *code;
    const char *rows;
} Announcement;

static bool run_notice(Tx *tx, void *data, Error *err)
{
    const Announcement *it = data;
    const char *csv = arena_printf(tx_arena(tx), "date,type,name\n%s", it->rows);
    return calendars_publish(tx, it->hall->app.calendars, HALL_TENANT, it->code, csv,
                             date_of(2026, 1, 1), err);
}

static void publish_notice(Hall *hall, const char *code, const char *rows)
{
    Announcement it = {.hall = hall, .code = code, .rows = rows};
    hall_write(hall, run_notice, &it, code);
}

static int rederive(Hall *hall)
{
    Error err = ERROR_NONE;
    int changed = -1;
    if (!dossier_rederive(&hall->app, &changed, &err))
        hall_fail("dossier_rederive", &err);
    dossiers_agree(hall);
    return changed;
}

static const char *due_on(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw,
                   "SELECT due_on, COALESCE(provisional_from, '-') FROM legal_clock WHERE dossier "
                   "= %lld",
                   (long long)dossier);
}

/* The date stands in every place where people read it. */
static void expect_due_everywhere(Hall *hall, Id dossier, const char *element)
{
    bool has_clock;
    ClockRow clock = hall_clock_of(hall, dossier, &has_clock);
    const char *due =
        arena_printf(hall->arena, "%lld|%lld", (long long)clock.due_at, (long long)clock.due_at);
    assert_int_equal(hall_task_row(hall, hall_task(hall, dossier, element)).due_at, clock.due_at);
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT MIN(due_at), MAX(due_at) FROM dossier_access WHERE dossier "
                                "= %lld",
                                (long long)dossier),
                        due);
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT due_at, is_provisional FROM supervised WHERE dossier = "
                                "%lld",
                                (long long)dossier),
                        arena_printf(hall->arena, "%lld|%d", (long long)clock.due_at,
                                     !date_is_none(clock.provisional_from)));
}

/* ---- what moves ------------------------------------------------------------------------------ */

static void test_running_clocks_move(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id running = hall_accepted_hotel(&hall), done = hall_approved_trader(&hall);
    Id filed = hall_file_hotel(&hall);
    const char *printed = due_on(&hall, done);
    publish_notice(&hall, "cn-2026b", "2026-11-20,holiday,甲\n2026-11-24,holiday,乙\n");
    assert_int_equal(rederive(&hall), 2); /* and until when the third is to be answered */
    assert_string_equal(due_on(&hall, running), "2026-12-08|-"); /* received on the 23rd, now */
    assert_string_equal(due_on(&hall, done), printed);
    assert_string_equal(due_on(&hall, filed), "");
    expect_due_everywhere(&hall, running, "Task_review");
    JournalEntries entries = hall_entries(&hall, running);
    const JournalEntry *told = &entries.items[entries.count - 1];
    const Json *data = hall_json(&hall, told->data);
    assert_string_equal(told->kind, "clock.rederived");
    assert_string_equal(told->actor_kind, "system");
    assert_string_equal(json_text(data, "old_due_on"), "2026-12-04");
    assert_string_equal(json_text(data, "new_due_on"), "2026-12-08");
    assert_string_equal(hall_last_steps(&hall, running), "clock.rederived: due");
    const char *prints = raw_prints(&hall.raw);
    assert_int_equal(rederive(&hall), 0);
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    hall_end(&hall);
}

/* A date beyond the announced years bears a mark until the notice comes. */
static void test_the_mark_goes(TestDb *test)
{
    static const struct {
        const char *notice;
        const char *due;
        int changed;
    } cases[] = {
        {"2027-01-01,holiday,元旦\n", "2027-01-11|-", 2}, /* the same date, but no mark */
        {"2027-01-01,holiday,元旦\n2027-01-04,holiday,测试假\n", "2027-01-12|-", 2},
        {"2027-01-01,holiday,元旦\n", "2027-01-11|-", 2},
    };
    Hall hall;
    hall_begin(&hall, test);
    hall_clock(&hall, HALL_AT(date_of(2026, 12, 25), 10, 0));
    Id first = hall_accepted_hotel(&hall), second = hall_accepted_hotel(&hall);
    Id today = hall_file_trader(&hall);
    assert_string_equal(due_on(&hall, first), "2027-01-11|2027-01-01");
    expect_due_everywhere(&hall, first, "Task_review");
    for (size_t i = 0; i < 3; i++) {
        publish_notice(&hall, "cn-2027", cases[i].notice);
        assert_int_equal(rederive(&hall), cases[i].changed);
        assert_string_equal(due_on(&hall, first), cases[i].due);
        assert_string_equal(due_on(&hall, second), cases[i].due);
        assert_string_equal(due_on(&hall, today), "2026-12-25|-");
        expect_due_everywhere(&hall, second, "Task_review");
    }
    hall_end(&hall);
}

/* A task with a date of its own keeps it. */
static void test_own_dates_stay(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier =
        hall_play(&hall, "own-date",
                  "<startEvent id='S'/>" FLOW("f1", "S", "V") SERVICE("V", "dossier.accept")
                      FLOW("f2", "V", "P") "<parallelGateway id='P'/>" FLOW("f3", "P", "A")
                          FLOW("f4", "P", "B") USER_TASK("A", "")
                              USER_TASK("B", "<zeebe:taskSchedule dueDate='=duration(\"P2D\")'/>")
                                  FLOW("f5", "A", "E") FLOW("f6", "B", "E") "<endEvent id='E'/>");
    Instant own = HALL_AT(date_plus(HALL_FRIDAY, 2), 10, 0);
    publish_notice(&hall, "cn-2026b", "2026-11-24,holiday,乙\n");
    assert_int_equal(rederive(&hall), 1);
    assert_int_equal(hall_task_row(&hall, hall_task(&hall, dossier, "B")).due_at, own);
    expect_due_everywhere(&hall, dossier, "A");
    hall_end(&hall);
}

/* ---- what cannot be derived ------------------------------------------------------------------ */

static bool try_mending(Hall *hall, Id incident, Error *err)
{
    HallMending it = {.hall = hall, .incident = incident};
    return db_write(hall->test->db, hall->arena, hall_run_mending, &it, err);
}

/* Three clocks, the second of which has a limit that is none: the others move, its date stays, an
 * administrator hears of it once, and has it derived again when its limit is one. */
static void test_one_that_cannot_be_derived(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Id first = hall_accepted_hotel(&hall), stuck = hall_accepted_hotel(&hall);
    Id third = hall_accepted_hotel(&hall);
    raw_ask(&hall.raw, "UPDATE legal_clock SET limit_amount = -5 WHERE dossier = %lld",
            (long long)stuck);
    publish_notice(&hall, "cn-2026b", "2026-11-20,holiday,甲\n2026-11-24,holiday,乙\n");
    assert_int_equal(rederive(&hall), 2);
    assert_string_equal(due_on(&hall, first), "2026-12-08|-");
    assert_string_equal(due_on(&hall, stuck), "2026-12-04|-");
    assert_string_equal(due_on(&hall, third), "2026-12-08|-");
    assert_string_equal(hall_last_steps(&hall, stuck), "clock.rederived: incident");
    Incidents open = hall_incidents(&hall);
    assert_int_equal(open.count, 1);
    assert_int_equal(open.items[0].dossier, stuck);
    assert_string_equal(open.items[0].code, "limit.bad_amount");
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM supervised WHERE has_incident = 1"), 1);
    const char *prints = raw_prints(&hall.raw);
    assert_int_equal(rederive(&hall), 0); /* told once */
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    assert_false(try_mending(&hall, open.items[0].id, &err));
    assert_string_equal(err.code, "limit.bad_amount");
    raw_ask(&hall.raw, "UPDATE legal_clock SET limit_amount = 10 WHERE dossier = %lld",
            (long long)stuck);
    hall_mend(&hall, open.items[0].id, NULL);
    dossiers_agree(&hall);
    assert_string_equal(due_on(&hall, stuck), "2026-12-08|-");
    assert_int_equal(hall_incidents(&hall).count, 0);
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM supervised WHERE has_incident = 1"), 0);
    hall_end(&hall);
}

/* The next run that can derive it ends the incident by itself. */
static void test_the_next_run_mends(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    raw_ask(&hall.raw, "UPDATE legal_clock SET limit_amount = -5");
    assert_int_equal(rederive(&hall), 0);
    assert_int_equal(hall_incidents(&hall).count, 1);
    raw_ask(&hall.raw, "UPDATE legal_clock SET limit_amount = 10");
    assert_int_equal(rederive(&hall), 0);
    assert_int_equal(hall_incidents(&hall).count, 0);
    assert_string_equal(hall_last_steps(&hall, dossier), "clock.rederived: incident_resolved");
    hall_end(&hall);
}

/* ---- interrupted ----------------------------------------------------------------------------- */

/* More clocks than one batch: what the first batch moved stays, the next run does the rest. */
static void test_an_interrupted_run_is_ended(TestDb *test)
{
    enum { CLOCKS = 205, BATCH = 200 };
    static const char moved[] = "SELECT COUNT(*) FROM journal WHERE kind = 'clock.rederived'";
    Hall hall;
    int changed;
    hall_begin(&hall, test);
    HallItem item = {.hall = &hall,
                     .code = "many",
                     .process = "<startEvent id='S'/>" FLOW("f1", "S", "V")
                         SERVICE("V", "dossier.accept") FLOW("f2", "V", "A") USER_TASK("A", "")};
    hall_write(&hall, hall_run_item, &item, "many");
    for (int i = 0; i < CLOCKS; i++) {
        HallFiling it = hall_filing(&hall, "many", "{}");
        hall_write(&hall, hall_run_filing, &it, "many");
    }
    publish_notice(&hall, "cn-2026b", "2026-11-24,holiday,乙\n");
    /* A later and later statement fails, until it is one of the second batch. */
    for (int n = 1000; raw_number(&hall.raw, moved) == 0; n += 20) {
        Error err = ERROR_NONE;
        db_fail_statement(test->db, n);
        assert_false(dossier_rederive(&hall.app, &changed, &err));
        assert_string_equal(err.code, "db.failed");
        db_fail_statement(test->db, 0);
    }
    assert_int_equal(raw_number(&hall.raw, moved), BATCH);
    assert_int_equal(rederive(&hall), CLOCKS - BATCH);
    assert_int_equal(raw_number(&hall.raw, moved), CLOCKS);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM legal_clock WHERE due_on = "
                                           "'2026-12-07'"),
                     CLOCKS);
    hall_end(&hall);
}

/* ---- derived again --------------------------------------------------------------------------- */

static const char *dump_of(Hall *hall)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(hall->arena, 0);
    if (!journal_dump_derived(hall->test->db, &out, &err))
        hall_fail("journal_dump_derived", &err);
    return buffer_text(&out);
}

/* Some of everything: on the spot, promised, denied, refused, claimed, incident, timer, moved. */
static void tell_a_mixed_story(Hall *hall)
{
    hall_approved_trader(hall);
    Id claimed = hall_file_trader(hall), refused = hall_file_hotel(hall);
    hall_assign(hall, &hall->market, hall_task(hall, claimed, "Task_decide"), dossier_claim);
    hall_complete(hall, &hall->window, refused, "Task_intake", "refuse", "不属于受理范围");
    Id hotel = hall_accepted_hotel(hall);
    publish_notice(hall, "cn-2026b", "2026-11-24,holiday,乙\n");
    assert_int_equal(rederive(hall), 2 - 1);
    hall_play(hall, "stuck",
              "<startEvent id='S'/>" FLOW("f1", "S", "A") USER_TASK("A", FOR_UNIT("NOPE")));
    hall_play(hall, "mended",
              "<startEvent id='S'/>" FLOW("f1", "S", "A")
                  USER_TASK("A", FOR_UNIT("=[if u = null then \"NOPE\" else u]")));
    hall_mend(hall, hall_incidents(hall).items[1].id, "{\"u\":\"HALL\"}");
    hall_play(hall, "timed",
              "<startEvent id='S'/>" FLOW("f1", "S", "A")
                  USER_TASK("A", "") "<boundaryEvent id='L' attachedToRef='A'>" TIMER(
                      "PT1H") "</boundaryEvent>" FLOW("f2", "L", "B")
                      USER_TASK("B", FOR_UNIT("HEALTH")));
    hall_clock(hall, HALL_AT(date_plus(HALL_FRIDAY, 20), 12, 0));
    assert_int_equal(hall_fire(hall), 1);
    hall_complete(hall, &hall->health, hotel, "Task_review", "pass", "合格");
    hall_complete(hall, &hall->health, hotel, "Task_decision", "deny", "超过期限");
}

static void test_derived_again(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int rebuilt = 0;
    hall_begin(&hall, test);
    tell_a_mixed_story(&hall);
    const char *before = dump_of(&hall);
    assert_non_null(strstr(before, "dossier_access "));
    assert_non_null(strstr(before, "supervised "));
    assert_non_null(strstr(before, "counter "));
    assert_non_null(strstr(before, "score_event "));
    assert_non_null(strstr(before, "item_term "));
    for (int i = 0; i < 2; i++) {
        assert_true(journal_rebuild(test->db, NULL, true, &rebuilt, &err));
        assert_int_equal(rebuilt, 6);
        assert_string_equal(dump_of(&hall), before);
    }
    Id later = hall_approved_trader(&hall); /* and it goes on */
    assert_int_equal(
        raw_number(&hall.raw, arena_printf(hall.arena,
                                           "SELECT COUNT(*) FROM supervised WHERE dossier = "
                                           "%lld",
                                           (long long)later)),
        1);
    hall_end(&hall);
}

/* The same from sealed entries, by position. */
static void test_derived_again_when_sealed(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int rebuilt = 0;
    hall_begin(&hall, test);
    JournalKey *key = test_key(test);
    tell_a_mixed_story(&hall);
    test_seal(test, key, 7); /* a few, then all, then some more that are not */
    test_seal(test, key, 10000);
    hall_approved_trader(&hall);
    const char *before = dump_of(&hall);
    assert_true(journal_rebuild(test->db, NULL, true, &rebuilt, &err));
    assert_string_equal(dump_of(&hall), before);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_running_clocks_move), test_each_hall(test_the_mark_goes),
        test_each_hall(test_own_dates_stay),      test_each_hall(test_one_that_cannot_be_derived),
        test_each_hall(test_the_next_run_mends),  test_each_hall(test_an_interrupted_run_is_ended),
        test_each_hall(test_derived_again),       test_each_hall(test_derived_again_when_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
