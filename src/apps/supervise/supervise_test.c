/*
 * supervise_test.c - the live list is what the entries tell: each step, each clock, what is open;
 * and the same after a replay. The lists behind figures page without gaps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/supervise/supervise.h"
#include "apps/supervise/supervise_sql.h"
#include "test_db.h"
#include "test_story.h"

static const JournalReader *const readers[] = {&supervise_reader, NULL};

#define test_each(function) test_each_engine_with(function, .readers = readers)

/* ---- entries --------------------------------------------------------------------------------- */

#define FILED_MEMBERS                                                                              \
    "\"item\":\"hotel-hygiene\",\"item_kind\":\"promised\",\"number\":\"2026-1\",\"item_name\":"   \
    "\"卫生许可\",\"item_name_en\":\"Permit\",\"party\":\"5\",\"channel\":\"online\","         \
    "\"statutory_limit\":20,\"promised_limit\":10,\"limit_unit\":\"working_days\""
#define CREATED(task, name, unit)                                                                  \
    "{\"step\":\"task_created\",\"task\":\"" task "\",\"element\":\"E" task "\",\"name\":\"" name  \
    "\",\"name_en\":\"" name "-en\",\"stage\":\"review\",\"unit\":\"" unit                         \
    "\",\"officer\":\"0\",\"due_at\":null}"
#define DONE(task)   "{\"step\":\"task_completed\",\"task\":\"" task "\",\"outcome\":\"pass\"}"
#define STEPS(steps) "{\"item\":\"hotel-hygiene\",\"item_kind\":\"promised\",\"steps\":[" steps "]}"
#define FILED(steps) "{" FILED_MEMBERS ",\"steps\":[" steps "]}"

static const char *field(TestDb *test, const char *column)
{
    return story_field(test, "supervised", " dossier=1 ", column);
}

#define expect(test, column, value) assert_string_equal(field(test, column), value)

static void append(TestDb *test, const char *kind, const char *data)
{
    story_append(test, (StoryEntry){.kind = kind, .dossier = 1, .actor = 12, .data = data});
}

static void wait_minutes(TestDb *test, int minutes)
{
    clock_set(&test->clock, clock_now(&test->clock) + minutes * MINUTE_MS);
}

/* ---- one dossier ----------------------------------------------------------------------------- */

static void test_a_filed_dossier_waits_for_its_first_task(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "受理审查", "44")));
    expect(test, "number", "\"2026-1\"");
    expect(test, "item_code", "\"hotel-hygiene\"");
    expect(test, "item_name", "\"卫生许可\"");
    expect(test, "item_name_en", "\"Permit\"");
    expect(test, "kind", "\"promised\"");
    expect(test, "unit", "31");
    expect(test, "state", "\"filed\"");
    expect(test, "stage", "\"intake\"");
    expect(test, "step", "\"受理审查\"");
    expect(test, "step_en", "\"受理审查-en\"");
    expect(test, "step_unit", "44");
    expect(test, "officer", "0");
    expect(test, "since", "1795336200000");
    expect(test, "filed_at", "1795336200000");
    expect(test, "due_at", "null");
    expect(test, "accepted_at", "null");
    expect(test, "is_open", "1");
    expect(test, "has_incident", "0");
}

static void test_acceptance_starts_the_clock(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "受理", "44")));
    wait_minutes(test, 5);
    append(test, "task.completed",
           STEPS(DONE("100") ",{\"step\":\"accepted\",\"at\":1,\"due_at\":1795400000000,\"due_on\":"
                             "\"2026-11-23\",\"provisional_from\":\"2027-01-01\"},"
                             "{\"step\":\"stage\",\"stage\":\"review\"}," CREATED("101", "审核",
                                                                                  "45")));
    expect(test, "state", "\"accepted\"");
    expect(test, "stage", "\"review\"");
    expect(test, "due_at", "1795400000000");
    expect(test, "is_provisional", "1");
    expect(test, "accepted_at", "1795336500000"); /* the entry's moment, not the clock's start */
    expect(test, "step", "\"审核\"");
    expect(test, "step_unit", "45");
    expect(test, "since", "1795336500000");
}

static void test_a_claim_names_the_officer_and_a_release_nobody(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "受理", "44")));
    wait_minutes(test, 5);
    append(test, "task.claimed", "{\"task\":\"100\",\"steps\":[]}");
    expect(test, "officer", "12");
    expect(test, "since", "1795336200000"); /* the step is as old as it was */
    append(test, "task.released", "{\"task\":\"100\",\"steps\":[]}");
    expect(test, "officer", "0");
    append(test, "task.claimed", "{\"task\":\"999\",\"steps\":[]}"); /* no task of it */
    expect(test, "officer", "0");
}

static void test_of_two_open_steps_the_other_stays(TestDb *test)
{
    append(test, "dossier.filed",
           FILED(CREATED("100", "查档", "44") "," CREATED("101", "勘验", "45")));
    expect(test, "step", "\"查档\"");
    append(test, "task.claimed", "{\"task\":\"101\",\"steps\":[]}");
    expect(test, "officer", "0"); /* of the one that is shown */
    append(test, "task.completed", STEPS(DONE("100")));
    expect(test, "step", "\"勘验\"");
    expect(test, "step_unit", "45");
    expect(test, "officer", "12");
    wait_minutes(test, 9);
    append(test, "timer.fired", STEPS("{\"step\":\"task_cancelled\",\"task\":\"101\"}"));
    expect(test, "step", "\"\"");
    expect(test, "officer", "0");
    expect(test, "since", "1795336740000"); /* waiting since then */
    wait_minutes(test, 9);
    append(test, "timer.fired", STEPS("{\"step\":\"stage\",\"stage\":\"decision\"}"));
    expect(test, "since", "1795336740000");
}

static void test_incidents_are_told_until_the_last_is_mended(TestDb *test)
{
    append(test, "dossier.filed",
           FILED("{\"step\":\"incident\",\"incident\":\"8\",\"element\":\"A\",\"code\":\"x\"},"
                 "{\"step\":\"incident\",\"incident\":\"9\",\"element\":\"B\",\"code\":\"x\"}"));
    expect(test, "has_incident", "1");
    append(test, "incident.mended", STEPS("{\"step\":\"incident_resolved\",\"incident\":\"8\"}"));
    expect(test, "has_incident", "1");
    append(test, "incident.mended", STEPS("{\"step\":\"incident_resolved\",\"incident\":\"9\"}"));
    expect(test, "has_incident", "0");
}

static void test_a_moved_deadline_shows(TestDb *test)
{
    append(test, "dossier.filed",
           FILED("{\"step\":\"accepted\",\"at\":1,\"due_at\":1795400000000,"
                 "\"provisional_from\":\"2027-01-01\"}"));
    append(test, "clock.rederived",
           STEPS("{\"step\":\"due\",\"due_at\":1795500000000,\"provisional_from\":null}"));
    expect(test, "due_at", "1795500000000");
    expect(test, "is_provisional", "0");
    expect(test, "state", "\"accepted\"");
}

#define COMPLETED                                                                                  \
    "{\"step\":\"decided\",\"outcome\":\"denied\"},{\"step\":\"stage\",\"stage\":\"closed\"},"     \
    "{\"step\":\"completed\",\"outcome\":\"denied\",\"accepted\":true,\"on_time\":true,"           \
    "\"used_millidays\":2500,\"statutory_limit\":20,\"promised_limit\":10,"                        \
    "\"limit_unit\":\"working_days\"}"

static void test_completion_closes_everything(TestDb *test)
{
    append(
        test, "dossier.filed",
        FILED(CREATED("100", "审核", "44") "," CREATED(
            "101", "勘验",
            "45") ",{\"step\":\"incident\",\"incident\":\"8\",\"element\":\"A\",\"code\":\"x\"}"));
    wait_minutes(test, 60);
    append(test, "task.completed", STEPS(DONE("100") "," COMPLETED));
    expect(test, "state", "\"denied\"");
    expect(test, "stage", "\"closed\"");
    expect(test, "is_open", "0");
    expect(test, "has_incident", "0");
    expect(test, "step", "\"\"");
    expect(test, "completed_at", "1795339800000");
    expect(test, "used_millidays", "2500");
    expect(test, "statutory_limit", "20");
    expect(test, "promised_limit", "10");
    expect(test, "limit_unit", "\"working_days\"");
    expect(test, "open_parts", "\"{\\\"steps\\\":[],\\\"incidents\\\":[]}\"");
}

static void test_a_refusal_to_accept_is_told(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "受理", "44")));
    append(test, "task.completed",
           STEPS(DONE("100") ",{\"step\":\"not_accepted\",\"reason\":true},{\"step\":\"completed\","
                             "\"outcome\":\"not_accepted\",\"accepted\":false}"));
    expect(test, "state", "\"not_accepted\"");
    expect(test, "is_open", "0");
    expect(test, "accepted_at", "null");
    expect(test, "used_millidays", "null");
}

static void test_service_changes_nothing_that_is_shown(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "审核", "44")));
    const char *entry = field(test, "last_entry"), *parts = field(test, "open_parts");
    append(test, "certificate.served", "{\"certificate\":\"5\",\"steps\":[]}");
    assert_string_not_equal(field(test, "last_entry"), entry);
    expect(test, "open_parts", parts);
    expect(test, "step", "\"审核\"");
}

static void test_a_rating_is_kept_and_moves_nothing(TestDb *test)
{
    static const char *const nonsense[] = {"{\"grade\":0,\"scale\":5}", "{\"grade\":6,\"scale\":5}",
                                           "{\"grade\":1,\"scale\":9}", "{}"};
    append(test, "dossier.filed", FILED(CREATED("100", "审核", "44")));
    const char *parts = field(test, "open_parts");
    expect(test, "rated_at", "null");
    expect(test, "grade", "0");
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        const char *entry = field(test, "last_entry");
        append(test, "dossier.rated", nonsense[i]);
        expect(test, "rated_at", "null");
        assert_string_not_equal(field(test, "last_entry"), entry);
    }
    wait_minutes(test, 5);
    append(test, "dossier.rated", "{\"grade\":2,\"scale\":5,\"steps\":[]}");
    expect(test, "rated_at", "1795336500000");
    expect(test, "grade", "2");
    expect(test, "scale", "5");
    expect(test, "step", "\"审核\"");
    expect(test, "open_parts", parts);
    append(test, "task.claimed", "{\"task\":\"100\",\"steps\":[]}"); /* a later entry keeps it */
    expect(test, "grade", "2");
}

static void test_what_is_not_known_is_passed_over(TestDb *test)
{
    append(test, "task.completed", STEPS(DONE("100"))); /* of a dossier that nobody filed */
    assert_null(story_row(test, "supervised", " dossier=1 "));
    append(test, "dossier.filed", FILED("{\"step\":\"sung\",\"song\":1},{\"stage\":\"review\"},7"));
    expect(test, "stage", "\"intake\"");
}

static void test_each_entry_writes_one_row(TestDb *test)
{
    static const char *const kinds[] = {"dossier.filed", "task.claimed", "task.completed",
                                        "clock.rederived", "dossier.rated"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        int64_t rows = db_statistics(test->db).rows;
        append(test, kinds[i], i == 0 ? FILED(CREATED("100", "审核", "44")) : STEPS(DONE("7")));
        assert_int_equal(db_statistics(test->db).rows - rows, 2); /* the entry's own is the other */
    }
}

/* ---- a statement that fails ------------------------------------------------------------------ */

static void test_a_failing_statement_leaves_entry_and_row_alone(TestDb *test)
{
    append(test, "dossier.filed", FILED(CREATED("100", "审核", "44")));
    const char *before = story_dump(test);
    for (int n = 1; n < 20; n++) {
        Error err = ERROR_NONE;
        JournalEntry entry = story_entry(
            &(StoryEntry){.kind = "task.completed", .dossier = 1, .data = STEPS(COMPLETED)});
        db_fail_statement(test->db, n);
        bool is_done = db_write(test->db, test->arena, story_run, &entry, &err);
        int left = db_fail_statement(test->db, 0);
        if (is_done) {
            assert_int_not_equal(left, 0);
            return;
        }
        assert_string_equal(err.code, "db.failed");
        assert_string_equal(story_dump(test), before);
    }
    fail_msg("it never succeeds");
}

/* ---- replay ---------------------------------------------------------------------------------- */

static unsigned draw(unsigned *seed, unsigned below)
{
    return (unsigned)rand_r(seed) % below;
}

/* A step that is legal JSON but comes in any order. */
static const char *any_step(TestDb *test, unsigned *seed)
{
    unsigned task = 100 + draw(seed, 4), at = draw(seed, 1000);
    switch (draw(seed, 7)) {
    case 0:
        return arena_printf(test->arena,
                            "{\"step\":\"task_created\",\"task\":\"%u\",\"name\":\"步骤%u\","
                            "\"name_en\":\"Step\",\"unit\":\"%u\"}",
                            task, task, at);
    case 1: return arena_printf(test->arena, "{\"step\":\"task_completed\",\"task\":\"%u\"}", task);
    case 2: return arena_printf(test->arena, "{\"step\":\"due\",\"due_at\":%u}", at);
    case 3: return arena_printf(test->arena, "{\"step\":\"accepted\",\"due_at\":%u}", at);
    case 4: return arena_printf(test->arena, "{\"step\":\"incident\",\"incident\":\"%u\"}", task);
    case 5:
        return arena_printf(test->arena, "{\"step\":\"incident_resolved\",\"incident\":\"%u\"}",
                            task);
    default: return COMPLETED;
    }
}

static void test_a_replay_gives_the_same_rows(TestDb *test)
{
    static const char *const kinds[] = {"task.claimed", "task.released", "task.completed",
                                        "timer.fired",  "dossier.rated", "clock.rederived"};
    unsigned seed = 20261122;
    for (int i = 0; i < 150; i++) {
        Id dossier = 1 + i % 12;
        StoryEntry entry = {.kind = i < 12 ? "dossier.filed" : kinds[draw(&seed, 6)],
                            .dossier = dossier,
                            .actor = 1 + draw(&seed, 3)};
        const char *steps =
            arena_printf(test->arena, "%s,%s", any_step(test, &seed), any_step(test, &seed));
        entry.data = arena_printf(test->arena, "{" FILED_MEMBERS ",\"task\":\"%u\",\"steps\":[%s]}",
                                  100 + draw(&seed, 4), steps);
        wait_minutes(test, 1);
        story_append(test, entry);
    }
    story_expect_rebuild(test);
}

/* ---- lists behind figures -------------------------------------------------------------------- */

/* Dossiers 1..12 accepted a minute apart; from 6 on completed, every other one late. */
static void file_many(TestDb *test)
{
    for (int i = 1; i <= 12; i++) {
        Instant due = TEST_NOW + (i % 2 ? 1000 : -1000) * MINUTE_MS;
        const char *data = arena_printf(
            test->arena,
            "{\"item\":\"%s\",\"item_kind\":\"%s\",\"number\":\"2026-%d\",\"item_name\":\"甲\","
            "\"item_name_en\":\"A\",\"steps\":[%s%s%s]}",
            i % 3 ? "a" : "b", i % 3 ? "promised" : "on_the_spot", i,
            i == 1 ? ""
                   : arena_printf(test->arena, "{\"step\":\"accepted\",\"due_at\":%lld}",
                                  (long long)due),
            i >= 6 ? "," : "", i >= 6 ? COMPLETED : "");
        wait_minutes(test, 1);
        story_append(test, (StoryEntry){.kind = "dossier.filed", .dossier = i, .data = data});
    }
}

/* The dossiers of a set, page by page, as "6 8 10". */
static const char *found(TestDb *test, SupervisedSet set, int from_minute, int before_minute,
                         int most)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(test->arena, 0);
    SupervisedQuery query = {.set = set,
                             .from = TEST_NOW + from_minute * MINUTE_MS,
                             .before = TEST_NOW + before_minute * MINUTE_MS,
                             .most = most};
    DbConn *conn = db_reader(test->db, &err);
    do {
        SupervisedList rows = {0};
        if (!supervise_find(conn, test->arena, STORY_TENANT, &query, &rows, &query.after, &err))
            test_db_fail(&err, "supervise_find");
        assert_true(rows.count <= (size_t)most);
        list_each (Supervised, row, &rows)
            buffer_printf(&out, "%s%lld", out.length ? " " : "", (long long)row->dossier);
    } while (query.after);
    db_release(conn);
    return buffer_text(&out);
}

static void test_sets_hold_what_their_figure_counts(TestDb *test)
{
    static const struct {
        SupervisedSet set;
        int from, before;
        const char *expected;
    } cases[] = {
        {SUPERVISED_STILL_OPEN, 0, 100, "2 4 3 5"}, /* most urgent first; 1 is not accepted */
        {SUPERVISED_STILL_OPEN, 3, 5, "4 3"},
        {SUPERVISED_OPEN, 3, 5, "2 4 3 5 1"}, /* now, accepted or not */
        {SUPERVISED_ACCEPTED, 0, 100, "12 11 10 9 8 7 6 5 4 3 2"},
        {SUPERVISED_ACCEPTED, 4, 7, "6 5 4"},
        {SUPERVISED_ON_THE_SPOT, 0, 100, "12 9 6"},
        {SUPERVISED_ENDED, 0, 100, "12 11 10 9 8 7 6"},
        {SUPERVISED_LIMITED, 0, 100, "12 11 10 9 8 7 6"},
        {SUPERVISED_WITHDRAWN, 0, 100, ""},
        {SUPERVISED_RATED, 0, 100, ""},
        {SUPERVISED_COMPLETED, 0, 100, "12 11 10 9 8 7 6"},
        {SUPERVISED_COMPLETED, 7, 9, "8 7"}, /* the end is not included */
        {SUPERVISED_ON_TIME, 0, 100, "11 9 7"},
        {SUPERVISED_LATE, 0, 100, "12 10 8 6"},
        {SUPERVISED_PROMISED, 0, 100, "11 10 8 7"},
        {SUPERVISED_COMPLETED, 50, 100, ""},
    };
    file_many(test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int most = 1; most < 9; most += 3)
            assert_string_equal(found(test, cases[i].set, cases[i].from, cases[i].before, most),
                                cases[i].expected);
}

static void test_dossiers_of_one_moment_page_without_gaps(TestDb *test)
{
    for (int i = 1; i <= 7; i++) {
        const char *data = arena_printf(test->arena,
                                        "{\"number\":\"2026-%d\",\"steps\":[{\"step\":\"accepted\","
                                        "\"due_at\":5000}%s]}",
                                        i, i > 3 ? "," COMPLETED : "");
        story_append(test, (StoryEntry){.kind = "dossier.filed", .dossier = i, .data = data});
    }
    assert_string_equal(found(test, SUPERVISED_COMPLETED, 0, 1, 2), "7 6 5 4");
    assert_string_equal(found(test, SUPERVISED_STILL_OPEN, 0, 1, 2), "1 2 3");
}

/* One dossier that ends, minute by minute; then perhaps rated. */
static void end_one(TestDb *test, Id dossier, const char *kind, const char *step,
                    const char *rating)
{
    wait_minutes(test, 1);
    story_append(test, (StoryEntry){.kind = "dossier.filed",
                                    .dossier = dossier,
                                    .data = arena_printf(test->arena,
                                                         "{\"item_kind\":\"%s\",\"steps\":[%s]}",
                                                         kind, step)});
    if (rating)
        story_append(test,
                     (StoryEntry){.kind = "dossier.rated", .dossier = dossier, .data = rating});
}

#define ENDED(outcome, due, unit)                                                                  \
    "{\"step\":\"accepted\",\"due_at\":" due "},{\"step\":\"completed\",\"outcome\":\"" outcome    \
    "\",\"accepted\":true,\"statutory_limit\":20,\"limit_unit\":\"" unit "\"}"
#define RATED(grade, scale) "{\"grade\":" grade ",\"scale\":" scale "}"
#define SAME_DAY            "1795359600000" /* 2026-11-22 23:00 in China */
#define NEXT_DAY            "1795363200000" /* midnight */

static void test_sets_tell_days_grades_and_withdrawals_apart(TestDb *test)
{
    end_one(test, 1, "promised", ENDED("approved", NEXT_DAY, "working_days"), RATED("1", "3"));
    end_one(test, 2, "joint", ENDED("approved", SAME_DAY, "calendar_days"), RATED("2", "3"));
    end_one(test, 3, "on_the_spot", ENDED("denied", NEXT_DAY, "working_days"), RATED("3", "3"));
    end_one(test, 4, "promised", ENDED("withdrawn", NEXT_DAY, "working_days"), RATED("2", "5"));
    end_one(test, 5, "promised",
            "{\"step\":\"completed\",\"outcome\":\"withdrawn\",\"accepted\":false}", NULL);
    end_one(test, 6, "joint",
            "{\"step\":\"completed\",\"outcome\":\"not_accepted\",\"accepted\":false}",
            RATED("3", "5"));
    static const struct {
        SupervisedSet set;
        const char *expected;
    } cases[] = {{SUPERVISED_COMPLETED, "3 2 1"},      {SUPERVISED_ACCEPTED, "4 3 2 1"},
                 {SUPERVISED_ENDED, "6 5 4 3 2 1"},    {SUPERVISED_WITHDRAWN, "5 4"},
                 {SUPERVISED_PROMISED, "2 1"},         {SUPERVISED_EARLY, "1"},
                 {SUPERVISED_NOT_EARLY, "2"},          {SUPERVISED_LIMITED, "3 1"},
                 {SUPERVISED_RATED, "6 4 3 2 1"},      {SUPERVISED_SATISFIED, "4 1"},
                 {SUPERVISED_NOT_SATISFIED, "6 3 2"},  {SUPERVISED_AT_LEAST_BASIC, "6 4 2 1"},
                 {SUPERVISED_NOT_AT_LEAST_BASIC, "3"}, {SUPERVISED_STILL_OPEN, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int most = 1; most < 4; most++)
            assert_string_equal(found(test, cases[i].set, 0, 100, most), cases[i].expected);
}

static void test_each_stage_counts_what_it_lists(TestDb *test)
{
    static const char *const stages[] = {"review", "fee", "review", "review", "sideways"};
    Error err = ERROR_NONE;
    StageCounts counts = {0};
    for (int i = 0; i < 5; i++)
        end_one(test, i + 1, "promised",
                arena_printf(test->arena, "{\"step\":\"stage\",\"stage\":\"%s\"}%s", stages[i],
                             i == 3 ? "," COMPLETED : ""),
                NULL);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(supervise_stages(conn, test->arena, STORY_TENANT, &counts, &err));
    Buffer text = buffer_init(test->arena, 0);
    list_each (StageCount, count, &counts) {
        SupervisedQuery query = {.set = SUPERVISED_OPEN, .stage = count->stage, .most = 50};
        SupervisedList rows = {0};
        const char *next;
        assert_true(supervise_find(conn, test->arena, STORY_TENANT, &query, &rows, &next, &err));
        assert_int_equal(rows.count, count->open);
        buffer_printf(&text, "%s %lld ", count->stage, (long long)count->open);
    }
    db_release(conn);
    assert_string_equal(buffer_text(&text),
                        "intake 0 review 2 fee 1 decision 0 service 0 sideways 1 ");
}

static void test_a_place_that_cannot_be_read_is_the_top(TestDb *test)
{
    static const char *const places[] = {NULL, "", "x", "1", "1.2.3", "9999999999999999999999.1"};
    file_many(test);
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        SupervisedQuery query = {
            .set = SUPERVISED_COMPLETED, .before = INT64_MAX, .after = places[i], .most = 50};
        SupervisedList rows = {0};
        const char *next = "";
        assert_true(supervise_find(conn, test->arena, STORY_TENANT, &query, &rows, &next, &err));
        assert_int_equal(rows.count, 7);
        assert_null(next);
    }
    db_release(conn);
}

static void test_another_tenant_sees_nothing(TestDb *test)
{
    file_many(test);
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    SupervisedQuery query = {.set = SUPERVISED_COMPLETED, .before = INT64_MAX, .most = 50};
    SupervisedList rows = {0};
    const char *next;
    assert_true(supervise_find(conn, test->arena, STORY_TENANT + 1, &query, &rows, &next, &err));
    assert_int_equal(rows.count, 0);
    db_release(conn);
}

static void test_every_statement_can_be_prepared(TestDb *test)
{
    story_check_statements(test, supervise_statements);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each(test_a_filed_dossier_waits_for_its_first_task),
        test_each(test_acceptance_starts_the_clock),
        test_each(test_a_claim_names_the_officer_and_a_release_nobody),
        test_each(test_of_two_open_steps_the_other_stays),
        test_each(test_incidents_are_told_until_the_last_is_mended),
        test_each(test_a_moved_deadline_shows),
        test_each(test_completion_closes_everything),
        test_each(test_a_refusal_to_accept_is_told),
        test_each(test_service_changes_nothing_that_is_shown),
        test_each(test_a_rating_is_kept_and_moves_nothing),
        test_each(test_what_is_not_known_is_passed_over),
        test_each(test_each_entry_writes_one_row),
        test_each(test_a_failing_statement_leaves_entry_and_row_alone),
        test_each(test_a_replay_gives_the_same_rows),
        test_each(test_sets_hold_what_their_figure_counts),
        test_each(test_sets_tell_days_grades_and_withdrawals_apart),
        test_each(test_each_stage_counts_what_it_lists),
        test_each(test_dossiers_of_one_moment_page_without_gaps),
        test_each(test_a_place_that_cannot_be_read_is_the_top),
        test_each(test_another_tenant_sees_nothing),
        test_each(test_every_statement_can_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
