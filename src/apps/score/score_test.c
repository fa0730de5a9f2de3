/*
 * score_test.c - what points are given for is what the entries tell: whose, of which day, and the
 * same after a replay; sums keep to a rule's most.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/score/score_rules.h"
#include "apps/score/score_sql.h"
#include "test_db.h"
#include "test_story.h"

static const JournalReader *const readers[] = {&score_reader, NULL};

#define test_each(function) test_each_engine_with(function, .readers = readers)

/* ---- entries --------------------------------------------------------------------------------- */

enum { OFFICER = 12 };

/* 2026-11-20 in China; due on 2026-11-24 at 17:30. */
#define NOON INT64_C(1795147200000)
#define DUE  "1795512600000"
#define COMPLETED(kind, on_time, unit, outcome)                                                    \
    "{\"item\":\"hotel\",\"item_kind\":\"" kind "\",\"steps\":[{\"step\":\"task_completed\","      \
    "\"task\":\"1\",\"unit\":\"" unit "\",\"outcome\":\"x\"},{\"step\":\"completed\","             \
    "\"outcome\":\"" outcome "\",\"accepted\":true,\"on_time\":" on_time ",\"due_at\":" DUE "}]}"
#define RATED(grade) "{\"grade\":" grade ",\"scale\":5}"
#define CORRECTION                                                                                 \
    "{\"correction\":\"71\",\"dossier\":\"1\",\"number\":\"2026-1\",\"unit\":\"44\","              \
    "\"ground\":\"overdue\",\"reply_due_at\":" DUE "}"

/* Where no member of the row is asked for by its dossier, its kind tells it. */
#define HAVING(kind) "kind=\"" kind "\" "
#define expect(test, kind, column, value)                                                          \
    assert_string_equal(story_field(test, "score_event", HAVING(kind), column), value)

static void append(TestDb *test, Id dossier, const char *kind, const char *data)
{
    story_append(test,
                 (StoryEntry){.kind = kind, .dossier = dossier, .actor = OFFICER, .data = data});
}

/* An entry about no dossier has no version. */
static void append_apart(TestDb *test, const char *kind, const char *data)
{
    Error err = ERROR_NONE;
    JournalEntry entry = {.tenant = STORY_TENANT,
                          .kind = kind,
                          .actor_kind = "officer",
                          .actor = OFFICER,
                          .unit = STORY_UNIT,
                          .data = data};
    if (!db_write(test->db, test->arena, story_run, &entry, &err))
        test_db_fail(&err, kind);
}

static void set_days_after_noon(TestDb *test, int days)
{
    clock_set(&test->clock, NOON + days * DAY_MS);
}

static void expect_none(TestDb *test)
{
    assert_null(story_row(test, "score_event", " "));
}

/* ---- dossiers -------------------------------------------------------------------------------- */

static void test_a_completion_is_early_on_time_or_late(TestDb *test)
{
    set_days_after_noon(test, 3);
    append(test, 1, "task.completed", COMPLETED("promised", "true", "31", "approved"));
    expect(test, "completed.early", "day", "\"2026-11-23\"");
    expect(test, "completed.early", "unit", "31");
    expect(test, "completed.early", "officer", "12");
    set_days_after_noon(test, 4);
    append(test, 2, "task.completed", COMPLETED("promised", "true", "31", "denied"));
    expect(test, "completed.on_time", "dossier", "2");
    set_days_after_noon(test, 7);
    append(test, 3, "task.completed", COMPLETED("promised", "false", "31", "approved"));
    expect(test, "completed.late", "days", "3");
}

static void test_what_is_late_on_its_own_day_is_late_by_one(TestDb *test)
{
    clock_set(&test->clock, NOON + 4 * DAY_MS + 11 * HOUR_MS);
    append(test, 1, "task.completed", COMPLETED("promised", "false", "31", "approved"));
    expect(test, "completed.late", "days", "1");
}

static void test_nothing_on_the_spot_is_early(TestDb *test)
{
    set_days_after_noon(test, 0);
    append(test, 1, "task.completed", COMPLETED("on_the_spot", "true", "31", "approved"));
    expect(test, "completed.on_time", "days", "0");
}

static void test_who_finished_it_elsewhere_has_not_handled_it(TestDb *test)
{
    append(test, 1, "task.completed", COMPLETED("promised", "true", "44", "approved"));
    append(test, 1, "dossier.rated", RATED("5"));
    expect(test, "rated.dissatisfied", "officer", "0");
}

static void test_a_withdrawal_and_other_steps_give_nothing(TestDb *test)
{
    append(test, 1, "task.completed", COMPLETED("promised", "true", "31", "withdrawn"));
    append(test, 2, "task.completed", "{\"steps\":[{\"step\":\"stage\",\"stage\":\"review\"}]}");
    append(
        test, 3, "task.completed",
        "{\"steps\":[{\"step\":\"completed\",\"outcome\":\"not_accepted\",\"accepted\":false}]}");
    expect_none(test);
}

static void test_a_rating_is_of_who_completed(TestDb *test)
{
    append(test, 1, "task.completed", COMPLETED("promised", "true", "31", "approved"));
    append(test, 1, "dossier.rated", RATED("2"));
    expect(test, "rated.satisfied", "officer", "12");
    append(test, 2, "dossier.rated", RATED("3"));
    expect(test, "rated.fair", "officer", "0");
    append(test, 3, "dossier.rated", RATED("9"));
    assert_null(story_row(test, "score_event", " dossier=3 "));
}

static void test_silence_is_of_who_had_the_step(TestDb *test)
{
    append(test, 1, "dossier.accepted_by_silence",
           "{\"unit\":\"44\",\"officer\":\"9\",\"due_at\":1,\"steps\":[]}");
    expect(test, "accepted_by_silence", "unit", "44");
    expect(test, "accepted_by_silence", "officer", "9");
}

/* ---- supervision ----------------------------------------------------------------------------- */

static void test_only_overdue_warnings_count(TestDb *test)
{
    append_apart(test, "warning.raised",
                 "{\"dossier\":\"1\",\"kind\":\"early\",\"unit\":\"44\",\"officer\":\"9\"}");
    expect_none(test);
    append_apart(test, "warning.raised",
                 "{\"dossier\":\"1\",\"kind\":\"overdue\",\"unit\":\"44\",\"officer\":\"9\"}");
    expect(test, "warning.overdue", "dossier", "1");
    expect(test, "warning.overdue", "unit", "44");
    expect(test, "warning.overdue", "officer", "9");
}

static void test_a_notice_is_of_the_unit_that_has_to_reply(TestDb *test)
{
    static const char *const kinds[] = {"sent", "returned", "closed", "taken_back"};
    set_days_after_noon(test, 3);
    append_apart(test, "correction.replied", CORRECTION);
    expect_none(test);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        append_apart(test, arena_printf(test->arena, "correction.%s", kinds[i]), CORRECTION);
    set_days_after_noon(test, 6);
    append_apart(test, "correction.replied", CORRECTION);
    expect(test, "correction.sent", "unit", "44");
    expect(test, "correction.sent", "officer", "0");
    expect(test, "correction.sent", "matter", "71");
    expect(test, "correction.returned", "unit", "44");
    expect(test, "correction.closed", "unit", "44");
    expect(test, "correction.taken_back", "unit", "44");
    expect(test, "correction.replied_late", "day", "\"2026-11-26\"");
}

static void test_a_complaint_tells_no_dossier(TestDb *test)
{
    append_apart(test, "complaint.decided",
                 "{\"complaint\":\"5\",\"number\":\"2026-00001\",\"unit\":\"44\",\"dossier\":\"1\","
                 "\"finding\":\"not_upheld\"}");
    expect_none(test);
    append_apart(test, "complaint.decided",
                 "{\"complaint\":\"5\",\"number\":\"2026-00002\",\"unit\":\"44\",\"dossier\":\"1\","
                 "\"finding\":\"partly\"}");
    expect(test, "complaint.partly", "dossier", "0");
    expect(test, "complaint.partly", "matter", "5");
    expect(test, "complaint.partly", "number", "\"2026-00002\"");
}

static void test_a_replay_gives_the_same_rows(TestDb *test)
{
    append(test, 1, "task.completed", COMPLETED("promised", "false", "31", "approved"));
    append(test, 1, "dossier.rated", RATED("5"));
    append_apart(test, "correction.sent", CORRECTION);
    story_expect_rebuild(test);
}

/* ---- pages ----------------------------------------------------------------------------------- */

enum { ON_A_PAGE = 2, EVENTS = 7, PLENTY = 100 };

static ScoreEvents read_events(TestDb *test, ScoreQuery query)
{
    ScoreEvents events = {0};
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    if (!conn || !store_score_events(conn, test->arena, STORY_TENANT, &query, &events, &err))
        test_db_fail(&err, "store_score_events");
    db_release(conn);
    return events;
}

/* Every event comes once and in order, whatever page it is on. */
static void expect_paged(TestDb *test, ScoreQuery query)
{
    query.most = PLENTY;
    ScoreEvents all = read_events(test, query);
    assert_int_equal(all.count, EVENTS);
    query.most = ON_A_PAGE;
    for (size_t at = 0; at < all.count;) {
        ScoreEvents page = read_events(test, query);
        assert_true(page.count > 0);
        list_each (ScoreEvent, event, &page)
            assert_int_equal(event->entry, all.items[at++].entry);
        query.to = page.items[page.count - 1].day;
        query.after = page.items[page.count - 1].entry;
    }
    query.from = date_plus(query.from, 1); /* behind the last there is nothing on its day */
    assert_int_equal(read_events(test, query).count, 0);
}

static void test_points_page_without_gaps(TestDb *test)
{
    for (int i = 0; i < EVENTS; i++) {
        set_days_after_noon(test, i / 3);
        append_apart(test, "warning.raised",
                     "{\"dossier\":\"1\",\"kind\":\"overdue\",\"unit\":\"44\",\"officer\":\"9\"}");
    }
    append_apart(test, "warning.raised",
                 "{\"dossier\":\"1\",\"kind\":\"overdue\",\"unit\":\"45\",\"officer\":\"8\"}");
    ScoreQuery query = {
        .from = date_of(2026, 11, 20), .to = date_of(2026, 11, 30), .kind = "", .after = INT64_MAX};
    query.unit = 44;
    expect_paged(test, query);
    query.unit = 0;
    query.officer = 9;
    expect_paged(test, query);
    query.kind = "completed.late";
    query.most = PLENTY;
    assert_int_equal(read_events(test, query).count, 0);
}

/* ---- sums ------------------------------------------------------------------------------------ */

static void test_sums_keep_to_the_most_of_their_rule(TestDb *test)
{
    static const ScoreRule early = {
        .kind = "completed.early", .id = "a", .points = 10, .most = 500};
    static const ScoreRule late = {
        .kind = "completed.late", .id = "b", .points = -200, .most = INT_NONE};
    ScoreTallies tallies = {0};
    score_tally_add(test->arena, score_tally(test->arena, &tallies, 1), &early, 49);
    score_tally_add(test->arena, score_tally(test->arena, &tallies, 1), &late, 1);
    score_tally_add(test->arena, score_tally(test->arena, &tallies, 1), &late, 2);
    score_tally_add(test->arena, score_tally(test->arena, &tallies, 2), &early, 200);
    assert_int_equal(tallies.count, 2);
    assert_int_equal(score_tally_points(&tallies.items[0], ""), 490 - 600);
    assert_int_equal(score_tally_points(&tallies.items[0], "completed.late"), -600);
    assert_int_equal(score_tally_count(&tallies.items[0], "completed."), 52);
    assert_int_equal(score_tally_points(&tallies.items[1], ""), 500);
}

static void test_points_are_shown_without_idle_zeros(TestDb *test)
{
    static const struct {
        int64_t points;
        bool is_signed;
        const char *text;
    } cases[] = {{9850, false, "98.5"}, {10, true, "+0.1"},    {-5, true, "-0.05"},
                 {-200, true, "-2"},    {0, true, "0"},        {10000, false, "100"},
                 {-150, false, "-1.5"}, {1234, true, "+12.34"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(score_text(test->arena, cases[i].points, cases[i].is_signed),
                            cases[i].text);
}

static void test_every_statement_can_be_prepared(TestDb *test)
{
    story_check_statements(test, score_statements);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each(test_a_completion_is_early_on_time_or_late),
        test_each(test_what_is_late_on_its_own_day_is_late_by_one),
        test_each(test_nothing_on_the_spot_is_early),
        test_each(test_who_finished_it_elsewhere_has_not_handled_it),
        test_each(test_a_withdrawal_and_other_steps_give_nothing),
        test_each(test_a_rating_is_of_who_completed),
        test_each(test_silence_is_of_who_had_the_step),
        test_each(test_only_overdue_warnings_count),
        test_each(test_a_notice_is_of_the_unit_that_has_to_reply),
        test_each(test_a_complaint_tells_no_dossier),
        test_each(test_a_replay_gives_the_same_rows),
        test_each(test_points_page_without_gaps),
        test_each(test_sums_keep_to_the_most_of_their_rule),
        test_each(test_points_are_shown_without_idle_zeros),
        test_each(test_every_statement_can_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
