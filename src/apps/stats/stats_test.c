/*
 * stats_test.c - what is counted, on which day, under which names; that folding and replaying
 * change no sum; and the board's figures recounted from the story itself, without counters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "apps/stats/stats_figures.h"
#include "apps/stats/stats_sql.h"
#include "test_db.h"
#include "test_story.h"

static const JournalReader *const readers[] = {&stats_reader, NULL};

#define test_each(function) test_each_engine_with(function, .readers = readers)

/* ---- entries and sums ------------------------------------------------------------------------ */

#define ABOUT        "\"item\":\"hotel\",\"item_kind\":\"promised\""
#define STEPS(steps) "{" ABOUT ",\"steps\":[" steps "]}"
#define COMPLETED(outcome, on_time, used, limit, unit)                                             \
    "{\"step\":\"completed\",\"outcome\":\"" outcome "\",\"accepted\":true,\"on_time\":" on_time   \
    ",\"used_millidays\":" used ",\"statutory_limit\":" limit ",\"promised_limit\":10,"            \
    "\"limit_unit\":\"" unit "\"}"

static void append(TestDb *test, const char *kind, const char *data)
{
    static Id dossier;
    story_append(test, (StoryEntry){.kind = kind, .dossier = ++dossier, .actor = 12, .data = data});
}

static CounterSums sums_between(TestDb *test, Date from, Date to)
{
    Error err = ERROR_NONE;
    CounterSums sums = {0};
    DbConn *conn = db_reader(test->db, &err);
    if (!store_sums(conn, test->arena, STORY_TENANT, from, to, &sums, &err))
        test_db_fail(&err, "store_sums");
    db_release(conn);
    return sums;
}

static CounterSums all_sums(TestDb *test)
{
    return sums_between(test, date_of(2020, 1, 1), date_of(2030, 12, 31));
}

/* The sum of a name over everything; zeros where there is none. */
static CounterSum sum_of(TestDb *test, const char *name)
{
    CounterSums sums = all_sums(test);
    CounterSum all = {.name = name};
    list_each (CounterSum, sum, &sums) {
        if (!text_equal(sum->name, name))
            continue;
        all.total += sum->total;
        all.count += sum->count;
        for (int b = 0; b < STATS_BUCKETS; b++)
            all.histogram[b] += sum->histogram[b];
    }
    return all;
}

static void expect_sum(TestDb *test, const char *name, int64_t count, int64_t total)
{
    CounterSum sum = sum_of(test, name);
    if (sum.count != count || sum.total != total)
        fail_msg("%s is %lld, %lld", name, (long long)sum.count, (long long)sum.total);
}

/* Folds what there is; the number of portions that had something. */
static int fold_all(TestDb *test)
{
    App app = {.db = test->db};
    bool has_more = true;
    int portions = 0;
    for (; has_more; portions += has_more) {
        Error err = ERROR_NONE;
        if (!stats_fold(&app, &has_more, &err))
            test_db_fail(&err, "stats_fold");
    }
    return portions;
}

/* ---- what is counted ------------------------------------------------------------------------- */

static void test_a_filing_is_counted_where_it_belongs(TestDb *test)
{
    append(test, "dossier.filed", STEPS("{\"step\":\"stage\",\"stage\":\"intake\"}"));
    CounterSums sums = all_sums(test);
    assert_int_equal(sums.count, 1);
    assert_string_equal(sums.items[0].name, "filed");
    assert_string_equal(sums.items[0].item, "hotel");
    assert_string_equal(sums.items[0].kind, "promised");
    assert_int_equal(sums.items[0].unit, STORY_UNIT);
    assert_int_equal(sums.items[0].count, 1);
    assert_string_equal(story_field(test, "counter", "filed", "officer"), "12");
    assert_string_equal(story_field(test, "counter", "filed", "hall_window"), "0");
}

static void test_an_applicant_is_no_officer(TestDb *test)
{
    story_append(test, (StoryEntry){.kind = "dossier.filed",
                                    .dossier = 1,
                                    .actor_kind = "applicant",
                                    .actor = 99,
                                    .data = STEPS("")});
    assert_string_equal(story_field(test, "counter", "filed", "officer"), "0");
}

static void test_the_day_is_the_day_in_china(TestDb *test)
{
    static const struct {
        int hour, minute; /* UTC, on 2026-11-22 */
        const char *day;
    } cases[] = {{0, 0, "\"2026-11-22\""},
                 {15, 59, "\"2026-11-22\""},
                 {16, 0, "\"2026-11-23\""},
                 {23, 59, "\"2026-11-23\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        clock_set(&test->clock, date_start(date_of(2026, 11, 22), 0) + cases[i].hour * HOUR_MS +
                                    cases[i].minute * MINUTE_MS);
        story_append(test, (StoryEntry){.kind = "dossier.filed",
                                        .dossier = (Id)i + 1,
                                        .unit = (Id)i + 50,
                                        .data = STEPS("")});
        const char *unit = arena_printf(test->arena, " unit=%d ", (int)i + 50);
        assert_string_equal(story_field(test, "counter", unit, "day"), cases[i].day);
    }
}

static void test_a_completion_is_counted_under_all_its_names(TestDb *test)
{
    append(test, "task.completed",
           STEPS("{\"step\":\"accepted\",\"due_at\":5}," COMPLETED("approved", "true", "2500", "20",
                                                                   "working_days")));
    expect_sum(test, "accepted", 1, 0);
    expect_sum(test, "completed", 1, 2500);
    expect_sum(test, "denied", 0, 0);
    expect_sum(test, "on_time", 1, 0);
    expect_sum(test, "statutory", 1, 20);
    expect_sum(test, "promised", 1, 10);
    expect_sum(test, "statutory_used", 1, 2500);
    expect_sum(test, "not_accepted", 0, 0);
    append(test, "timer.fired", STEPS(COMPLETED("denied", "false", "12000", "10", "working_days")));
    expect_sum(test, "completed", 2, 14500);
    expect_sum(test, "denied", 1, 0);
    expect_sum(test, "on_time", 1, 0);
    expect_sum(test, "statutory", 2, 30);
    expect_sum(test, "promised", 2, 20);
}

/* Neither before nor after acceptance is it a completion, or a refusal. */
/* Nobody completed a task, and yet it is accepted: on the day on which that came to light. */
static void test_acceptance_by_silence_is_acceptance(TestDb *test)
{
    append(test, "dossier.accepted_by_silence", STEPS("{\"step\":\"accepted\",\"at\":0}"));
    expect_sum(test, "accepted", 1, 0);
}

static void test_a_withdrawal_is_a_number_of_its_own(TestDb *test)
{
    append(test, "dossier.withdrawn",
           STEPS(COMPLETED("withdrawn", "true", "900", "20", "working_days")));
    append(test, "dossier.withdrawn",
           STEPS("{\"step\":\"completed\",\"outcome\":\"withdrawn\",\"accepted\":false}"));
    static const char *const others[] = {"completed", "not_accepted", "on_time",       "early",
                                         "promised",  "statutory",    "statutory_used"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        expect_sum(test, others[i], 0, 0);
    expect_sum(test, "withdrawn", 2, 0);
    CounterSums sums = all_sums(test);
    assert_int_equal(withdrawn_of(&sums), 2);
}

static void test_early_is_a_day_before_the_promised_one(TestDb *test)
{
    static const struct {
        const char *kind;
        int day, hour; /* when it is due, in China; it is completed on the 22nd at 16:30 */
        bool is_early;
    } cases[] = {{"promised", 22, 17, false},   {"promised", 22, 16, false},
                 {"promised", 21, 18, false},   {"promised", 23, 0, true},
                 {"promised", 23, 9, true},     {"joint", 24, 12, true},
                 {"on_the_spot", 24, 12, false}};
    int64_t expected = 0;
    clock_set(&test->clock, date_start(date_of(2026, 11, 22), 480) + 16 * HOUR_MS + 30 * MINUTE_MS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Instant due = date_start(date_of(2026, 11, cases[i].day), 480) + cases[i].hour * HOUR_MS;
        append(test, "task.completed",
               arena_printf(test->arena,
                            "{\"item\":\"a\",\"item_kind\":\"%s\",\"steps\":[{\"step\":"
                            "\"completed\",\"accepted\":true,\"due_at\":%lld}]}",
                            cases[i].kind, (long long)due));
        expected += cases[i].is_early;
        expect_sum(test, "early", expected, 0);
    }
}

static void test_a_refusal_to_accept_is_no_completion(TestDb *test)
{
    append(test, "task.completed",
           STEPS("{\"step\":\"not_accepted\",\"reason\":true},{\"step\":\"completed\",\"outcome\":"
                 "\"not_accepted\",\"accepted\":false}"));
    expect_sum(test, "not_accepted", 1, 0);
    expect_sum(test, "completed", 0, 0);
    expect_sum(test, "on_time", 0, 0);
}

static void test_only_limits_in_working_days_are_set_against_working_days(TestDb *test)
{
    append(test, "task.completed",
           STEPS(COMPLETED("approved", "true", "900", "30", "calendar_days")));
    append(test, "task.completed",
           STEPS(COMPLETED("approved", "true", "100", "4", "working_hours")));
    append(test, "task.completed", STEPS(COMPLETED("approved", "true", "50", "0", "working_days")));
    expect_sum(test, "completed", 3, 1050);
    expect_sum(test, "statutory", 0, 0);
    expect_sum(test, "statutory_used", 0, 0);
}

static void test_the_histogram_puts_times_into_their_bucket(TestDb *test)
{
    static const struct {
        const char *used;
        int bucket;
    } cases[] = {{"0", 0},     {"143", 0},   {"144", 1},   {"500", 1},   {"501", 2},  {"1000", 2},
                 {"1001", 3},  {"3000", 3},  {"3001", 4},  {"5000", 4},  {"5001", 5}, {"10000", 5},
                 {"10001", 6}, {"20000", 6}, {"20001", 7}, {"900000", 7}};
    int64_t expected[STATS_BUCKETS] = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        append(test, "task.completed",
               arena_printf(test->arena,
                            "{" ABOUT ",\"steps\":[{\"step\":\"completed\",\"accepted\":true,"
                            "\"used_millidays\":%s}]}",
                            cases[i].used));
        expected[cases[i].bucket]++;
        CounterSum sum = sum_of(test, "completed");
        assert_memory_equal(sum.histogram, expected, sizeof expected);
    }
}

static void test_ratings_are_counted_by_grade_and_scale(TestDb *test)
{
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":1,\"scale\":5,\"steps\":[]}");
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":4,\"scale\":5,\"steps\":[]}");
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":3,\"scale\":3,\"steps\":[]}");
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":6,\"scale\":5,\"steps\":[]}"); /* none */
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":0,\"scale\":5,\"steps\":[]}");
    append(test, "dossier.rated", "{" ABOUT ",\"grade\":9,\"scale\":10,\"steps\":[]}");
    expect_sum(test, "rated_5", 2, 5);
    expect_sum(test, "rated_3", 1, 3);
    expect_sum(test, "rated_10", 0, 0);
    assert_int_equal(sum_of(test, "rated_5").histogram[0], 1);
    assert_int_equal(sum_of(test, "rated_5").histogram[3], 1);
}

static void test_entries_of_other_kinds_count_nothing(TestDb *test)
{
    append(test, "task.claimed", STEPS(""));
    append(test, "clock.rederived", STEPS("{\"step\":\"due\",\"due_at\":5}"));
    append(test, "certificate.served", STEPS(""));
    append(test, "task.completed", STEPS("{\"step\":\"stage\",\"stage\":\"review\"}"));
    assert_int_equal(all_sums(test).count, 0);
}

static void test_a_period_holds_both_its_days(TestDb *test)
{
    for (int day = 20; day <= 24; day++) {
        clock_set(&test->clock, date_start(date_of(2026, 11, day), 480) + 9 * HOUR_MS);
        append(test, "dossier.filed", STEPS(""));
    }
    CounterSums sums = sums_between(test, date_of(2026, 11, 21), date_of(2026, 11, 23));
    assert_int_equal(sums.items[0].count, 3);
    assert_int_equal(sums_between(test, date_of(2026, 12, 1), date_of(2026, 12, 2)).count, 0);
}

/* ---- rows ------------------------------------------------------------------------------------ */

typedef struct Batch {
    int count;
} Batch;

static bool append_many(Tx *tx, void *data, Error *err)
{
    static Id dossier = 1000000;
    for (int i = 0; i < ((Batch *)data)->count; i++) {
        JournalEntry entry = story_entry(
            &(StoryEntry){.kind = "dossier.filed", .dossier = ++dossier, .data = STEPS("")});
        if (!journal_append(tx, &entry, err))
            return false;
    }
    return true;
}

static void test_a_batch_writes_a_counter_once(TestDb *test)
{
    Error err = ERROR_NONE;
    Batch batch = {.count = 40};
    int64_t rows = db_statistics(test->db).rows;
    assert_true(db_write(test->db, test->arena, append_many, &batch, &err));
    assert_int_equal(db_statistics(test->db).rows - rows, 40 + 1);
    expect_sum(test, "filed", 40, 0);
}

static void test_a_command_that_is_undone_counts_nothing(TestDb *test)
{
    Error err = ERROR_NONE;
    JournalEntry entry =
        story_entry(&(StoryEntry){.kind = "dossier.filed", .dossier = 1, .data = STEPS("")});
    db_fail_statement(test->db, 3); /* 1 and 2: the entry, whether a rebuild runs; 3: the delta */
    assert_false(db_write(test->db, test->arena, story_run, &entry, &err));
    db_fail_statement(test->db, 0);
    assert_int_equal(all_sums(test).count, 0);
}

/* ---- folding --------------------------------------------------------------------------------- */

/* Sums as text, so that two moments can be compared. */
static const char *sums_text(TestDb *test)
{
    Buffer out = buffer_init(test->arena, 0);
    CounterSums sums = all_sums(test);
    list_each (CounterSum, sum, &sums) {
        buffer_printf(&out, "%lld %s %s %s %lld %lld", (long long)sum->unit, sum->item, sum->kind,
                      sum->name, (long long)sum->total, (long long)sum->count);
        for (int b = 0; b < STATS_BUCKETS; b++)
            buffer_printf(&out, " %lld", (long long)sum->histogram[b]);
        buffer_add_char(&out, '\n');
    }
    return buffer_text(&out);
}

static void append_some(TestDb *test, int count)
{
    for (int i = 0; i < count; i++) {
        const char *step = i % 3 ? COMPLETED("approved", "true", "2500", "20", "working_days")
                                 : COMPLETED("denied", "false", "400", "20", "working_days");
        append(test, i % 2 ? "dossier.filed" : "task.completed",
               arena_printf(test->arena, STEPS("%s"), step));
    }
}

static void test_folding_changes_no_sum(TestDb *test)
{
    append_some(test, 30);
    const char *before = sums_text(test);
    assert_int_equal(fold_all(test), 1);
    assert_string_equal(sums_text(test), before);
    assert_int_equal(fold_all(test), 0);
    append_some(test, 7); /* on top of what is folded */
    const char *later = sums_text(test);
    assert_string_not_equal(later, before);
    assert_int_equal(fold_all(test), 1);
    assert_string_equal(sums_text(test), later);
}

static void test_folding_is_done_in_portions(TestDb *test)
{
    append_some(test, 200); /* about five deltas each */
    const char *before = sums_text(test);
    assert_true(fold_all(test) >= 2);
    assert_string_equal(sums_text(test), before);
}

static bool put_delta(Tx *tx, void *data, Error *err)
{
    return store_delta(tx, data, err);
}

/* What a reopened dossier will take back. */
static void test_negative_deltas_are_taken_off(TestDb *test)
{
    Error err = ERROR_NONE;
    append(test, "task.completed",
           STEPS(COMPLETED("approved", "true", "2500", "20", "working_days")));
    fold_all(test);
    CounterDelta delta = {.tenant = STORY_TENANT,
                          .day = "2026-11-22",
                          .officer = 12,
                          .sum = {.unit = STORY_UNIT,
                                  .item = "hotel",
                                  .kind = "promised",
                                  .name = "completed",
                                  .total = -2500,
                                  .count = -1,
                                  .histogram = {0, 0, 0, -1}}};
    assert_true(db_write(test->db, test->arena, put_delta, &delta, &err));
    expect_sum(test, "completed", 0, 0);
    fold_all(test);
    expect_sum(test, "completed", 0, 0);
    assert_int_equal(sum_of(test, "completed").histogram[3], 0);
    expect_sum(test, "on_time", 1, 0);
}

static void test_a_fold_that_fails_keeps_every_delta(TestDb *test)
{
    App app = {.db = test->db};
    append_some(test, 10);
    const char *before = sums_text(test);
    for (int n = 1; n < 20; n++) {
        Error err = ERROR_NONE;
        bool has_more;
        db_fail_statement(test->db, n);
        bool is_done = stats_fold(&app, &has_more, &err);
        int left = db_fail_statement(test->db, 0);
        assert_string_equal(sums_text(test), before);
        if (is_done) {
            assert_int_not_equal(left, 0);
            assert_true(n > 4); /* tenant, bound, fold and delete have each failed */
            return;
        }
    }
    fail_msg("it never succeeds");
}

static void test_a_replay_gives_the_same_counters(TestDb *test)
{
    append_some(test, 60);
    fold_all(test);
    append_some(test, 25); /* some deltas are folded, some are not */
    story_expect_rebuild(test);
    append_some(test, 5);
    story_expect_rebuild(test);
}

static void test_folding_beside_a_replay_loses_nothing(TestDb *test)
{
    Error err = ERROR_NONE;
    append_some(test, 40);
    const char *before = story_dump(test);
    assert_true(journal_rebuild(test->db, "stats.counters", true, NULL, &err));
    fold_all(test);
    assert_true(journal_rebuild(test->db, "stats.counters", true, NULL, &err));
    assert_string_equal(story_dump(test), before);
}

/* ---- figures, recounted ---------------------------------------------------------------------- */

enum { DOSSIERS = 240, UNITS = 3, ITEMS = 3, MONTHS = 4 };

/* A dossier of the story, as a clerk would note it on paper. */
typedef struct Case {
    Date filed, accepted, completed, rated; /* DATE_NONE: not yet */
    Date due;
    Id unit;
    int item;          /* item 0 is on the spot, item 1 promised, item 2 joint */
    bool is_withdrawn; /* what was completed was withdrawn instead */
    bool is_on_time, is_in_calendar_days;
    int64_t used, limit, promise;
    int grade, scale;
} Case;

static const char *const item_codes[ITEMS] = {"trader", "hotel", "restaurant"};
static const char *const item_kinds[ITEMS] = {"on_the_spot", "promised", "joint"};

static unsigned draw(unsigned *seed, unsigned below)
{
    return (unsigned)rand_r(seed) % below;
}

static Case draw_case(unsigned *seed)
{
    Case one = {.filed = date_plus(date_of(2026, 8, 1), (int)draw(seed, 100)),
                .accepted = DATE_NONE,
                .completed = DATE_NONE,
                .rated = DATE_NONE,
                .unit = 50 + (Id)draw(seed, UNITS),
                .item = (int)draw(seed, ITEMS),
                .is_on_time = draw(seed, 10) > 0,
                .used = draw(seed, 15000),
                .limit = 5 + draw(seed, 20),
                .promise = 1 + draw(seed, 5),
                .is_in_calendar_days = draw(seed, 8) == 0,
                .is_withdrawn = draw(seed, 9) == 0,
                .scale = draw(seed, 2) ? 5 : 3};
    if (draw(seed, 5) > 0)
        one.accepted = date_plus(one.filed, (int)draw(seed, 4));
    if (!date_is_none(one.accepted) && draw(seed, 4) > 0)
        one.completed = date_plus(one.accepted, (int)draw(seed, 15));
    one.due = date_plus(one.filed, (int)draw(seed, 20));
    one.grade = 1 + (int)draw(seed, (unsigned)one.scale);
    if (!date_is_none(one.completed) && draw(seed, 3) > 0)
        one.rated = date_plus(one.completed, (int)draw(seed, 10));
    return one;
}

static void tell(TestDb *test, const Case *one, Id dossier, Date day, const char *kind,
                 const char *step)
{
    clock_set(&test->clock, date_start(day, 480) + 10 * HOUR_MS);
    story_append(
        test, (StoryEntry){.kind = kind,
                           .dossier = dossier,
                           .unit = one->unit,
                           .actor = 3,
                           .data = arena_printf(
                               test->arena, "{\"item\":\"%s\",\"item_kind\":\"%s\",\"steps\":[%s]}",
                               item_codes[one->item], item_kinds[one->item], step)});
}

static void tell_case(TestDb *test, const Case *one, Id dossier)
{
    tell(test, one, dossier, one->filed, "dossier.filed", "");
    if (!date_is_none(one->accepted))
        tell(test, one, dossier, one->accepted, "task.completed",
             "{\"step\":\"accepted\",\"due_at\":5}");
    if (date_is_none(one->completed))
        return;
    const char *step = arena_printf(
        test->arena,
        "{\"step\":\"completed\",\"outcome\":\"%s\",\"accepted\":true,\"on_time\":%s,"
        "\"used_millidays\":%lld,\"statutory_limit\":%lld,\"promised_limit\":%lld,"
        "\"due_at\":%lld,\"limit_unit\":\"%s\"}",
        one->is_withdrawn ? "withdrawn" : "approved", one->is_on_time ? "true" : "false",
        (long long)one->used, (long long)one->limit, (long long)one->promise,
        (long long)(date_start(one->due, 480) + 11 * HOUR_MS),
        one->is_in_calendar_days ? "calendar_days" : "working_days");
    tell(test, one, dossier, one->completed,
         one->is_withdrawn ? "dossier.withdrawn" : "task.completed", step);
    if (date_is_none(one->rated))
        return;
    clock_set(&test->clock, date_start(one->rated, 480) + 12 * HOUR_MS);
    story_append(test,
                 (StoryEntry){.kind = "dossier.rated",
                              .dossier = dossier,
                              .unit = one->unit,
                              .data = arena_printf(test->arena,
                                                   "{\"item\":\"%s\",\"item_kind\":\"%s\","
                                                   "\"grade\":%d,\"scale\":%d,\"steps\":[]}",
                                                   item_codes[one->item], item_kinds[one->item],
                                                   one->grade, one->scale)});
}

typedef struct Recount {
    int64_t filed, accepted, completed, on_time, used, limit, promised, promised_used;
    int64_t limited_used, promise, early, withdrawn, ended, rated, satisfied, at_least_basic;
} Recount;

static bool is_within(Date day, Date from, Date to)
{
    return !date_is_none(day) && date_compare(day, from) >= 0 && date_compare(day, to) <= 0;
}

/* What the words on the buttons are worth: of three or five, best first. */
static const char *const words_of_3[] = {"satisfied", "fair", "not"};
static const char *const words_of_5[] = {"satisfied", "satisfied", "fair", "not", "not"};

static void count_rated(Recount *sum, const Case *one, Date from, Date to)
{
    if (!is_within(one->rated, from, to))
        return;
    const char *word = (one->scale == 3 ? words_of_3 : words_of_5)[one->grade - 1];
    sum->rated++;
    sum->satisfied += text_equal(word, "satisfied");
    sum->at_least_basic += !text_equal(word, "not");
}

static void count_ended(Recount *sum, const Case *one)
{
    sum->ended++;
    sum->withdrawn += one->is_withdrawn;
    if (one->is_withdrawn)
        return;
    sum->completed++;
    sum->on_time += one->is_on_time;
    sum->used += one->used;
    if (!one->is_in_calendar_days) {
        sum->limit += one->limit;
        sum->limited_used += one->used;
        sum->promise += one->promise;
    }
    if (one->item == 0)
        return;
    sum->promised++;
    sum->promised_used += one->used;
    sum->early += date_compare(one->completed, one->due) < 0;
}

/* With a pencil: over the cases themselves. unit 0 and item -1 are all. */
static Recount recount(const Case *cases, Id unit, int item, Date from, Date to)
{
    Recount sum = {0};
    for (int i = 0; i < DOSSIERS; i++) {
        const Case *one = &cases[i];
        if ((unit && one->unit != unit) || (item >= 0 && one->item != item))
            continue;
        sum.filed += is_within(one->filed, from, to);
        sum.accepted += is_within(one->accepted, from, to);
        count_rated(&sum, one, from, to);
        if (is_within(one->completed, from, to))
            count_ended(&sum, one);
    }
    return sum;
}

static void expect_near(double actual, double expected)
{
    if (fabs(actual - expected) > 1e-9)
        fail_msg("%.12f is not %.12f", actual, expected);
}

static void check_figures(TestDb *test, const Case *cases, Date from, Date to)
{
    Figure figures[FIGURE_COUNT];
    CounterSums sums = sums_between(test, from, to);
    Recount all = recount(cases, 0, -1, from, to);
    figures_of(&sums, figures);
    assert_true(all.completed > 0 && all.promised > 0);
    assert_true(all.early > 0 && all.early < all.promised && all.withdrawn > 0);
    assert_true(all.satisfied > 0 && all.satisfied < all.at_least_basic &&
                all.at_least_basic < all.rated);
    const struct {
        const char *key;
        int64_t numerator, denominator;
    } expected[FIGURE_COUNT] = {{"s01", all.completed, all.accepted},
                                {"s02", all.on_time, all.completed},
                                {"s03", all.completed, all.completed},
                                {"s04", all.completed - all.promised, all.completed},
                                {"s05", all.early, all.promised},
                                {"s06", all.promise, all.limit},
                                {"s07", all.limited_used, all.limit * 1000},
                                {"s08", all.promised_used, all.promised},
                                {"s09", all.rated, all.ended},
                                {"s10", all.satisfied, all.rated},
                                {"s10b", all.at_least_basic, all.rated}};
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        double share = (double)expected[i].numerator / (double)expected[i].denominator;
        bool is_reduction = i == 5 || i == 6;
        assert_string_equal(figures[i].key, expected[i].key);
        assert_int_equal(figures[i].numerator, expected[i].numerator);
        assert_int_equal(figures[i].denominator, expected[i].denominator);
        expect_near(figures[i].value, is_reduction ? 1 - share : i == 7 ? share / 1000 : share);
    }
    assert_int_equal(withdrawn_of(&sums), all.withdrawn);
}

static void check_line(const TotalLine *line, Recount expected)
{
    assert_int_equal(line->filed, expected.filed);
    assert_int_equal(line->accepted, expected.accepted);
    assert_int_equal(line->completed, expected.completed);
    assert_int_equal(line->on_time, expected.on_time);
    assert_int_equal(line->used_millidays, expected.used);
}

static int item_of(const char *code)
{
    int item = 0;
    while (item < ITEMS - 1 && !text_equal(item_codes[item], code))
        item++;
    return item;
}

static void check_tables(TestDb *test, const Case *cases, Date from, Date to)
{
    CounterSums sums = sums_between(test, from, to);
    TotalLines units = {0}, items = {0};
    totals_by_unit(&sums, test->arena, &units);
    totals_by_item(&sums, test->arena, &items);
    assert_int_equal(units.count, UNITS);
    assert_int_equal(items.count, ITEMS);
    list_each (TotalLine, line, &units)
        check_line(line, recount(cases, line->unit, -1, from, to));
    list_each (TotalLine, line, &items)
        check_line(line, recount(cases, 0, item_of(line->item), from, to));
}

static void check_months(TestDb *test, const Case *cases)
{
    Error err = ERROR_NONE;
    MonthSums sums = {0};
    MonthLines months = {0};
    DbConn *conn = db_reader(test->db, &err);
    assert_true(store_months(conn, test->arena, STORY_TENANT, date_of(2026, 8, 1),
                             date_of(2026, 11, 30), &sums, &err));
    db_release(conn);
    months_of(&sums, test->arena, &months);
    assert_int_equal(months.count, MONTHS);
    for (int i = 0; i < MONTHS; i++) {
        Date from = date_of(2026, 8 + i, 1), to = date_plus(date_of(2026, 9 + i, 1), -1);
        Recount expected = recount(cases, 0, -1, from, to);
        assert_string_equal(months.items[i].month,
                            arena_text_n(test->arena, date_text(test->arena, from), 7));
        assert_int_equal(months.items[i].filed, expected.filed);
        assert_int_equal(months.items[i].accepted, expected.accepted);
        assert_int_equal(months.items[i].completed, expected.completed);
        assert_int_equal(months.items[i].on_time, expected.on_time);
    }
}

static void test_the_board_says_what_a_recount_says(TestDb *test)
{
    unsigned seed = 17277;
    Case *cases = arena_array(test->arena, Case, DOSSIERS);
    for (int i = 0; i < DOSSIERS; i++) {
        cases[i] = draw_case(&seed);
        tell_case(test, &cases[i], i + 1);
        if (i == DOSSIERS / 2)
            fold_all(test);
    }
    check_figures(test, cases, date_of(2026, 1, 1), date_of(2026, 12, 31));
    check_figures(test, cases, date_of(2026, 9, 1), date_of(2026, 9, 30));
    check_tables(test, cases, date_of(2026, 1, 1), date_of(2026, 12, 31));
    check_tables(test, cases, date_of(2026, 10, 5), date_of(2026, 10, 25));
    check_months(test, cases);
}

/* ---- arithmetic alone ------------------------------------------------------------------------ */

static void test_without_a_denominator_there_is_no_figure(TestDb *test)
{
    Figure figures[FIGURE_COUNT];
    CounterSums none = all_sums(test);
    figures_of(&none, figures);
    for (int i = 0; i < FIGURE_COUNT; i++)
        assert_false(figures[i].has_value);
    append(test, "task.completed", STEPS("{\"step\":\"accepted\",\"due_at\":5}"));
    CounterSums accepted = all_sums(test);
    figures_of(&accepted, figures);
    assert_true(figures[0].has_value); /* nothing of it is completed: 0 % */
    expect_near(figures[0].value, 0);
    for (int i = 1; i < FIGURE_COUNT; i++)
        assert_false(figures[i].has_value);
}

static void test_grades_of_any_scale_have_a_middle(TestDb *test)
{
    static const struct {
        int scale, satisfied, at_least_basic;
    } cases[] = {{1, 0, 1}, {2, 1, 1}, {3, 1, 2}, {4, 2, 2}, {5, 2, 3}, {7, 3, 4}, {8, 4, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Figure figures[FIGURE_COUNT];
        CounterSums sums = {0};
        CounterSum sum = {.name = arena_printf(test->arena, "rated_%d", cases[i].scale)};
        for (int grade = 1; grade <= cases[i].scale; grade++)
            sum.histogram[grade - 1] = 1;
        list_add(test->arena, &sums, sum);
        figures_of(&sums, figures);
        assert_int_equal(figures[9].denominator, cases[i].scale);
        assert_int_equal(figures[9].numerator, cases[i].satisfied);
        assert_int_equal(figures[10].numerator, cases[i].at_least_basic);
    }
}

static void test_the_published_share_of_instant_items_is_reproduced(TestDb *test)
{
    Figure figures[FIGURE_COUNT];
    CounterSums sums = {0};
    CounterSum spot = {.name = "completed", .kind = "on_the_spot", .count = 71996};
    CounterSum promised = {.name = "completed", .kind = "promised", .count = 164989};
    list_add(test->arena, &sums, spot);
    list_add(test->arena, &sums, promised);
    figures_of(&sums, figures);
    assert_string_equal(figures[3].code, "S04");
    assert_int_equal(figures[3].denominator, 236985);
    assert_string_equal(arena_printf(test->arena, "%.1f", figures[3].value * 100), "30.4");
}

static void test_published_figures_are_reproduced(TestDb *test)
{
    static const struct {
        int64_t completed, accepted;
        const char *published;
    } cases[] = {{16931, 17277, "98.0"}, {10000, 10213, "97.9"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Figure figures[FIGURE_COUNT];
        CounterSums sums = {0};
        list_add(test->arena, &sums, (CounterSum){.name = "accepted", .count = cases[i].accepted});
        list_add(test->arena, &sums,
                 (CounterSum){.name = "completed", .count = cases[i].completed});
        figures_of(&sums, figures);
        assert_string_equal(figures[0].code, "S01");
        assert_string_equal(arena_printf(test->arena, "%.1f", figures[0].value * 100),
                            cases[i].published);
    }
}

static void test_the_median_lies_in_its_bucket(TestDb *test)
{
    static const struct {
        int64_t histogram[STATS_BUCKETS];
        int bucket;
    } cases[] = {
        {{0}, -1},
        {{1}, 0},
        {{0, 0, 0, 0, 0, 0, 0, 4}, 7},
        {{2, 0, 3}, 2},
        {{3, 0, 2}, 0},
        {{2, 0, 2}, 0}, /* the lower of the two middle ones */
        {{1, 1, 1, 1, 1}, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CounterSums sums = {0};
        CounterSum sum = {.name = "completed", .kind = "promised"};
        memcpy(sum.histogram, cases[i].histogram, sizeof sum.histogram);
        list_add(test->arena, &sums, sum);
        sum.kind = "on_the_spot"; /* does not count */
        sum.histogram[1] += 100;
        list_add(test->arena, &sums, sum);
        assert_int_equal(median_bucket(&sums), cases[i].bucket);
    }
}

static void test_every_statement_can_be_prepared(TestDb *test)
{
    story_check_statements(test, stats_statements);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each(test_a_filing_is_counted_where_it_belongs),
        test_each(test_an_applicant_is_no_officer),
        test_each(test_the_day_is_the_day_in_china),
        test_each(test_a_completion_is_counted_under_all_its_names),
        test_each(test_a_refusal_to_accept_is_no_completion),
        test_each(test_acceptance_by_silence_is_acceptance),
        test_each(test_a_withdrawal_is_a_number_of_its_own),
        test_each(test_early_is_a_day_before_the_promised_one),
        test_each(test_grades_of_any_scale_have_a_middle),
        test_each(test_the_published_share_of_instant_items_is_reproduced),
        test_each(test_only_limits_in_working_days_are_set_against_working_days),
        test_each(test_the_histogram_puts_times_into_their_bucket),
        test_each(test_ratings_are_counted_by_grade_and_scale),
        test_each(test_entries_of_other_kinds_count_nothing),
        test_each(test_a_period_holds_both_its_days),
        test_each(test_a_batch_writes_a_counter_once),
        test_each(test_a_command_that_is_undone_counts_nothing),
        test_each(test_folding_changes_no_sum),
        test_each(test_folding_is_done_in_portions),
        test_each(test_negative_deltas_are_taken_off),
        test_each(test_a_fold_that_fails_keeps_every_delta),
        test_each(test_a_replay_gives_the_same_counters),
        test_each(test_folding_beside_a_replay_loses_nothing),
        test_each(test_the_board_says_what_a_recount_says),
        test_each(test_without_a_denominator_there_is_no_figure),
        test_each(test_published_figures_are_reproduced),
        test_each(test_the_median_lies_in_its_bucket),
        test_each(test_every_statement_can_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
