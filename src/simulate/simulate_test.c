/*
 * simulate_test.c - what is drawn, when it happens, what is answered; and a whole run over a
 * program made of a few texts, which gives the same whatever the number of workers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <pthread.h>

#include "form/form_number.h"
#include "simulate/simulate.h"
#include "simulate/simulate_fill.h"
#include "simulate/simulate_people.h"
#include "simulate/simulate_plan.h"

static Arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int drop_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_arena, drop_arena)

/* Weekdays are worked; 1 May is a holiday and Sunday 27 April is worked. */
static CalendarTable *calendar(void)
{
    static const char csv[] = "2025-04-27,makeup,劳动节\n2025-05-01,holiday,劳动节\n";
    Error err = ERROR_NONE;
    CalendarLayer layer;
    assert_true(calendar_layer_parse(arena, "", csv, strlen(csv), &layer, &err));
    CalendarTable *table = calendar_build(
        arena,
        &(CalendarSpec){
            .layers = &layer, .layer_count = 1, .zone_offset_minutes = CALENDAR_ZONE_CHINA},
        &err);
    assert_non_null(table);
    return table;
}

static Json *json(const char *text)
{
    static const JsonLimits limits = {.bytes = 100000, .depth = 20};
    Error err = ERROR_NONE;
    Json *tree = json_parse(arena, text, strlen(text), &limits, &err);
    if (!tree)
        fail_msg("%s in %s", err.code, text);
    return tree;
}

/* ---- what is drawn --------------------------------------------------------------------------- */

/* Whoever changes how numbers are drawn changes every figure that was ever written down. */
static void test_random_is_the_same_for_ever(void **state)
{
    (void)state;
    Random random = random_stream(7, 3), other = random_stream(7, 4), again = random_stream(7, 3);
    uint64_t first = random_next(&random);
    assert_int_equal(first, random_next(&again));
    assert_int_not_equal(first, random_next(&other));
    /* splitmix64 of 0, as its authors publish it */
    Random zero = {0};
    assert_true(random_next(&zero) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(random_next(&zero) == UINT64_C(0x6e789e6aa1b965f4));
}

static void test_random_stays_within_bounds(void **state)
{
    (void)state;
    Random random = random_stream(1, 1);
    const int weights[] = {0, 3, 0, 1};
    int drawn[4] = {0}, yes = 0;
    for (int i = 0; i < 4000; i++) {
        int64_t between = random_between(&random, -2, 2);
        assert_in_range(between + 2, 0, 4);
        drawn[random_weighted(&random, weights, 4)]++;
        yes += random_chance(&random, 25);
    }
    assert_int_equal(drawn[0] + drawn[2], 0);
    assert_in_range(drawn[1], 2800, 3200);
    assert_in_range(yes, 850, 1150);
    assert_int_equal(random_below(&random, 0), 0);
    assert_int_equal(random_below(&random, 1), 0);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void assert_all_differ(const char **texts, size_t count)
{
    qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 1; i < count; i++)
        assert_string_not_equal(texts[i - 1], texts[i]);
}

static void test_people_have_right_numbers_of_their_own(void **state)
{
    (void)state;
    enum { PEOPLE = 30000 };
    const char **ids = arena_array(arena, const char *, PEOPLE);
    const char **codes = arena_array(arena, const char *, PEOPLE);
    const char **phones = arena_array(arena, const char *, PEOPLE);
    for (int64_t i = 0; i < PEOPLE; i++) {
        Person person = person_of(arena, 7, i);
        assert_true(form_is_id_number(person.id_number));
        assert_true(form_is_credit_code(person.credit_code));
        assert_string_equal(form_phone(arena, person.phone), person.phone);
        assert_true(text_starts_with(person.id_number, "1999")); /* of no province */
        ids[i] = person.id_number;
        codes[i] = person.credit_code;
        phones[i] = person.phone;
    }
    assert_all_differ(ids, PEOPLE);
    assert_all_differ(codes, PEOPLE);
    assert_all_differ(phones, PEOPLE);
    assert_string_equal(person_of(arena, 7, 5).name, simulate_name(arena, 7, 5));
    assert_string_equal(person_of(arena, 7, 5).address, person_of(arena, 7, 5).address);
}

/* ---- when ------------------------------------------------------------------------------------ */

static void test_arrivals_at_a_window_are_in_open_hours(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    Plan plan;
    Date from = date_of(2025, 4, 21), to = date_of(2025, 5, 11);
    assert_true(plan_make(arena, calendar(), from, to, &plan, &err));
    Random random = random_stream(1, 1);
    int online_at_night = 0, online_on_days_off = 0;
    for (int i = 0; i < 3000; i++) {
        Instant at = plan_arrival(&plan, &random, false);
        Civil civil = instant_civil(at, CALENDAR_ZONE_CHINA);
        int minutes = civil.hour * 60 + civil.minute;
        assert_true(calendar_is_worked(plan.calendar, instant_date(at, CALENDAR_ZONE_CHINA)));
        assert_true((minutes >= 540 && minutes <= 720) || (minutes >= 810 && minutes <= 1050));
        assert_int_equal(at % (TICK_MINUTES * MINUTE_MS), 0);
        at = plan_arrival(&plan, &random, true);
        civil = instant_civil(at, CALENDAR_ZONE_CHINA);
        online_at_night += civil.hour >= 20 || civil.hour < 7;
        online_on_days_off +=
            !calendar_is_worked(plan.calendar, instant_date(at, CALENDAR_ZONE_CHINA));
    }
    assert_in_range(online_at_night, 300, 1200);
    assert_in_range(online_on_days_off, 150, 900);
}

static void test_a_period_of_days_off_has_no_plan(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    Plan plan;
    assert_false(
        plan_make(arena, calendar(), date_of(2025, 5, 1), date_of(2025, 5, 1), &plan, &err));
    assert_string_equal(err.code, "simulate.no_days");
}

static void test_work_is_done_in_working_time(void **state)
{
    (void)state;
    static const struct {
        const char *now;
        int64_t minutes;
        const char *wanted;
    } cases[] = {
        {"2025-04-28T09:00:00+08:00", 30, "2025-04-28T01:30:00.000Z"},
        {"2025-04-28T11:50:00+08:00", 30, "2025-04-28T05:50:00.000Z"}, /* behind the midday pause */
        {"2025-04-30T17:00:00+08:00", 60, "2025-05-02T01:30:00.000Z"}, /* behind the holiday */
        {"2025-04-28T09:00:00+08:00", 0, "2025-04-28T01:10:00.000Z"},  /* never at once */
        {"2025-04-28T09:00:00+08:00", 7, "2025-04-28T01:10:00.000Z"},  /* at the next tick */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        Instant now, at;
        assert_true(instant_parse(cases[i].now, &now));
        assert_true(plan_worked(calendar(), now, cases[i].minutes, &at, &err));
        assert_string_equal(instant_text(arena, at), cases[i].wanted);
    }
}

static void test_the_queue_gives_moments_in_order_and_equals_as_added(void **state)
{
    (void)state;
    EventQueue queue = {.arena = arena};
    Random random = random_stream(3, 3);
    assert_null(events_first(&queue));
    for (int64_t i = 0; i < 2000; i++)
        events_add(&queue, random_below(&random, 50), i);
    Event last = {.at = -1};
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(events_first(&queue)->at >= last.at, true);
        Event event = events_take(&queue);
        assert_true(event.at > last.at || event.life > last.life);
        last = event;
    }
    assert_null(events_first(&queue));
}

/* ---- what is answered ------------------------------------------------------------------------ */

static const char *filled(const char *field, bool is_against)
{
    static Random random;
    random = random_stream(5, 5);
    Person person = person_of(arena, 7, 9);
    Filling filling = {.arena = arena,
                       .random = &random,
                       .person = &person,
                       .today = date_of(2025, 4, 28),
                       .is_against = is_against};
    return fill_answer(&filling, json(field));
}

static void test_fields_are_filled_by_type_and_name(void **state)
{
    (void)state;
    Person person = person_of(arena, 7, 9);
    const struct {
        const char *field, *wanted;
    } cases[] = {
        {"{\"name\":\"form.unit_name\",\"type\":\"text\",\"value\":\"有\",\"is_required\":true}",
         "\"有\""},
        {"{\"name\":\"form.operator_id_number\",\"type\":\"text\",\"is_required\":true}",
         arena_printf(arena, "\"%s\"", person.id_number)},
        {"{\"name\":\"form.credit_code\",\"type\":\"text\",\"is_required\":true}",
         arena_printf(arena, "\"%s\"", person.credit_code)},
        {"{\"name\":\"form.phone\",\"type\":\"phone\",\"is_required\":true}",
         arena_printf(arena, "\"%s\"", person.phone)},
        {"{\"name\":\"form.kinds\",\"type\":\"checks\",\"choices\":[{\"value\":\"a\",\"is_chosen\":"
         "true},{\"value\":\"b\",\"is_chosen\":true}]}",
         "[\"a\",\"b\"]"},
        {"{\"name\":\"form.more\",\"type\":\"text\",\"is_required\":false}", NULL},
        {"{\"name\":\"form.none\",\"type\":\"radio\",\"is_required\":true,\"choices\":[]}", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *got = filled(cases[i].field, false);
        if (cases[i].wanted)
            assert_string_equal(got, cases[i].wanted);
        else
            assert_null(got);
    }
    assert_null(fill_key(json("{\"name\":\"form.a\",\"type\":\"group\"}")));
    assert_null(fill_key(json("{\"name\":\"note\",\"type\":\"text\"}")));
}

#define OUTCOMES                                                                                   \
    "{\"name\":\"form.outcome\",\"type\":\"radio\",\"is_required\":true,\"choices\":["             \
    "{\"value\":\"approve\"},{\"value\":\"deny\"},{\"value\":\"return\"}]}"
#define OPINION                                                                                    \
    "{\"name\":\"form.opinion\",\"type\":\"lines\",\"is_required\":true,\"value\":\"准予。\"}"

static void test_who_decides_against_says_why_himself(void **state)
{
    (void)state;
    assert_string_equal(filled(OUTCOMES, false), "\"approve\"");
    assert_string_not_equal(filled(OUTCOMES, true), "\"approve\"");
    assert_string_equal(filled(OPINION, false), "\"准予。\"");
    assert_string_not_equal(filled(OPINION, true), "\"准予。\"");
    assert_true(fill_is_against("disagree"));
    assert_false(fill_is_against("agree"));
    assert_false(fill_is_against(NULL));
}

/* ---- a whole run ----------------------------------------------------------------------------- */

/* A program that remembers of each application how many tasks are done, and what was asked of it:
 * moments, paths without numbers, and bodies, summed so that the order does not matter. */
enum { DOSSIERS = 200, TASKS_EACH = 2 };

typedef struct FakeProgram {
    pthread_mutex_t lock;
    Instant now;
    int filed;
    int done[DOSSIERS + 1];
    uint64_t sum;
    int moments, under_way;
    int fails_at; /* the request that is answered with 500; 0: none */
    int requests;
} FakeProgram;

static uint64_t hash(uint64_t sum, const char *text)
{
    for (; *text; text++)
        if (*text < '0' || *text > '9')
            sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return sum;
}

static Json *parsed(Arena *own, const char *text)
{
    static const JsonLimits limits = {.bytes = 100000, .depth = 20};
    Error err = ERROR_NONE;
    return json_parse(own, text, strlen(text), &limits, &err);
}

static const char form[] =
    "{\"fields\":[{\"name\":\"form.business_name\",\"type\":\"text\",\"is_required\":true},"
    "{\"name\":\"form.owned\",\"type\":\"radio\",\"is_required\":true,\"is_refresh\":true,"
    "\"choices\":[{\"value\":\"own\"},{\"value\":\"rented\"}]}],\"materials\":[{\"code\":\"id\"}]}";

static const char *dossier_text(Arena *own, const FakeProgram *fake, int number)
{
    int done = fake->done[number];
    return arena_printf(
        own,
        "{\"completed_at\":%s,\"withdrawn_at\":null,\"waits_for\":null,\"has_clock\":true,"
        "\"unit\":\"局\",\"extensions\":[{\"id\":\"1\",\"state\":\"asked\"}],"
        "\"clock\":{\"is_suspended\":false},\"materials\":[{\"code\":\"id\",\"is_required\":true,"
        "\"is_brought\":true}],\"has_task\":true,\"task\":\"%d\",\"task_refusal\":null,"
        "\"fields\":[" OUTCOMES "," OPINION "],"
        "\"tasks\":[{\"id\":\"%d\",\"name\":\"审查\",\"unit\":\"局\",\"state\":\"open\"}]}",
        done >= TASKS_EACH ? "\"2025-01-01\"" : "null", done + 1, done + 1);
}

static int number_in(const char *path)
{
    int number = 0;
    if (!text_starts_with(path, "/dossiers/"))
        return 0;
    for (path += strlen("/dossiers/"); *path >= '0' && *path <= '9'; path++)
        number = number * 10 + (*path - '0');
    return number;
}

/* With the lock held. */
static void answer(FakeProgram *fake, Arena *own, const char *path, const char *body,
                   ScenarioAnswer *out)
{
    int number = number_in(path);
    *out = (ScenarioAnswer){.status = 200};
    if (text_ends_with(path, "/refresh"))
        out->json = parsed(own, form);
    else if (number && !body)
        out->json = parsed(own, dossier_text(own, fake, number));
    else if (number && text_ends_with(path, "/complete"))
        fake->done[number]++;
    else if (number || text_starts_with(path, "/extensions/"))
        return;
    else if (strstr(body, "\"business_name\":\"\""))
        *out = (ScenarioAnswer){422, parsed(own, "{\"code\":\"input.required\"}")};
    else
        *out = (ScenarioAnswer){
            201, parsed(own, arena_printf(own, "{\"number\":\"%d\"}", ++fake->filed))};
}

/* What a form asks is asked once or more, as threads meet; so it does not count. */
static bool fake_send(void *data, Arena *own, const char *account, const char *path,
                      const char *body, ScenarioAnswer *out, Error *err)
{
    FakeProgram *fake = data;
    (void)err;
    pthread_mutex_lock(&fake->lock);
    bool is_form = text_ends_with(path, "/refresh") || (!body && !text_equal(account, "s001"));
    if (!is_form)
        fake->sum += hash(hash(hash((uint64_t)fake->now, account), path), body ? body : "");
    answer(fake, own, path, body, out);
    if (++fake->requests == fake->fails_at)
        *out = (ScenarioAnswer){.status = 503};
    pthread_mutex_unlock(&fake->lock);
    return true;
}

static bool fake_clock(void *data, Instant now, Error *err)
{
    FakeProgram *fake = data;
    (void)err;
    assert_true(now >= fake->now);
    fake->now = now;
    fake->moments++;
    return true;
}

static SimulateSpec spec_of(int workers)
{
    SimulateSpec spec = {.dossiers = DOSSIERS,
                         .from = date_of(2025, 4, 21),
                         .to = date_of(2025, 5, 11),
                         .seed = 7,
                         .calendar = calendar(),
                         .watcher = "s001",
                         .accounts = 5,
                         .workers = workers};
    SimulateItem item = {"item", 1, false};
    SimulateOfficer window = {"w001", "杜", "局", true}, other = {"m001", "方", "局", false};
    list_add(arena, &spec.items, item);
    list_add(arena, &spec.officers, other);
    list_add(arena, &spec.officers, window);
    list_add(arena, &spec.grounds, "hearing");
    return spec;
}

static bool play(int workers, int fails_at, FakeProgram *fake, SimulateReport *out, Error *err)
{
    SimulateSpec spec = spec_of(workers);
    *fake = (FakeProgram){.fails_at = fails_at};
    pthread_mutex_init(&fake->lock, NULL);
    ScenarioProgram program = {.send = fake_send, .set_clock = fake_clock, .data = fake};
    return simulate_run(&spec, &program, arena, out, err);
}

static void test_workers_change_nothing(void **state)
{
    (void)state;
    SimulateReport one = {0}, many = {0};
    Error err = ERROR_NONE;
    static FakeProgram first, second;
    assert_true(play(0, 0, &first, &one, &err));
    assert_true(play(8, 0, &second, &many, &err));
    assert_int_equal(one.counts.arrived, DOSSIERS);
    assert_int_equal(one.counts.filed, DOSSIERS);
    assert_int_equal(one.counts.surprises, 0);
    assert_true(one.is_whole && many.is_whole);
    assert_true(one.counts.mistaken > 0 && one.counts.notices > 0 && one.counts.stops > 0);
    assert_true(one.counts.extensions > 0);
    assert_true(one.counts.completed_tasks > DOSSIERS);
    assert_int_equal(one.counts.completed_tasks, many.counts.completed_tasks);
    assert_int_equal(one.counts.rated, many.counts.rated);
    assert_int_equal(first.moments, second.moments);
    assert_true(first.sum == second.sum);
}

static void test_a_program_that_fails_ends_the_run(void **state)
{
    (void)state;
    SimulateReport report = {0};
    static FakeProgram fake;
    for (int workers = 0; workers <= 4; workers += 4) {
        Error err = ERROR_NONE;
        assert_false(play(workers, 50, &fake, &report, &err));
        assert_string_equal(err.code, "simulate.answer");
        assert_string_equal(err.with[1].value, "503");
    }
}

static void test_an_interrupted_run_is_not_whole(void **state)
{
    (void)state;
    static atomic_bool is_interrupted = true;
    SimulateSpec spec = spec_of(2);
    spec.is_interrupted = &is_interrupted;
    FakeProgram fake = {0};
    pthread_mutex_init(&fake.lock, NULL);
    ScenarioProgram program = {.send = fake_send, .set_clock = fake_clock, .data = &fake};
    SimulateReport report;
    Error err = ERROR_NONE;
    assert_true(simulate_run(&spec, &program, arena, &report, &err));
    assert_false(report.is_whole);
    assert_int_equal(fake.requests, 0);
}

static void test_nobody_and_nothing_is_refused(void **state)
{
    (void)state;
    FakeProgram fake = {0};
    ScenarioProgram program = {.send = fake_send, .set_clock = fake_clock, .data = &fake};
    SimulateReport report;
    Error err = ERROR_NONE;
    SimulateSpec spec = spec_of(1);
    spec.items.count = 0;
    assert_false(simulate_run(&spec, &program, arena, &report, &err));
    assert_string_equal(err.code, "simulate.no_items");
    err = ERROR_NONE;
    spec = spec_of(1);
    spec.officers.count = 1;
    assert_false(simulate_run(&spec, &program, arena, &report, &err));
    assert_string_equal(err.code, "simulate.no_officers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_random_is_the_same_for_ever),
        CASE(test_random_stays_within_bounds),
        CASE(test_people_have_right_numbers_of_their_own),
        CASE(test_arrivals_at_a_window_are_in_open_hours),
        CASE(test_a_period_of_days_off_has_no_plan),
        CASE(test_work_is_done_in_working_time),
        CASE(test_the_queue_gives_moments_in_order_and_equals_as_added),
        CASE(test_fields_are_filled_by_type_and_name),
        CASE(test_who_decides_against_says_why_himself),
        CASE(test_workers_change_nothing),
        CASE(test_a_program_that_fails_ends_the_run),
        CASE(test_an_interrupted_run_is_not_whole),
        CASE(test_nobody_and_nothing_is_refused),
    };
    return cmocka_run_group_tests_name("simulate", tests, NULL, NULL);
}
