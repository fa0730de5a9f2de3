/*
 * scenario_program_test.c - program steps against a program that writes down what it is asked and
 * answers what the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "scenario/scenario.h"

static const char dossier[] = "{\"number\":\"7\",\"has_task\":true,\"task\":\"9\",\"state\":"
                              "\"accepted\",\"stage\":\"review\","
                              "\"clock\":{\"due_on\":\"2026-12-07\",\"is_suspended\":false},"
                              "\"certificates\":[{\"part\":\"a\"},{\"part\":\"b\"}],\"grade\":2}";

typedef struct Fake {
    Arena *arena;
    Buffer asked; /* "account path body\n" */
    int begins;
    bool is_away;
} Fake;

/* Paths with "refuse" are refused, accounts with "x" see nothing. */
static bool fake_send(void *data, Arena *arena, const char *account, const char *path,
                      const char *body, ScenarioAnswer *out, Error *err)
{
    Fake *fake = data;
    Error ignored = ERROR_NONE;
    const char *text = dossier;
    buffer_printf(&fake->asked, "%s %s %s\n", account, path, body ? body : "-");
    if (fake->is_away)
        return error_set(err, ERROR_UNAVAILABLE, .code = "fetch.failed", .detail = "away");
    *out = (ScenarioAnswer){.status = body ? 201 : 200};
    if (strstr(path, "refuse") || *account == 'x') {
        out->status = *account == 'x' ? 404 : 409;
        text = "{\"code\":\"a.refusal\",\"detail\":\"No.\"}";
    }
    out->json = json_parse(arena, text, strlen(text), &JSON_LIMITS, &ignored);
    return true;
}

static bool fake_clock(void *data, Instant now, Error *err)
{
    Fake *fake = data;
    (void)err;
    buffer_printf(&fake->asked, "clock %s\n", instant_text(fake->arena, now));
    return true;
}

static bool fake_begin(void *data, Error *err)
{
    Fake *fake = data;
    (void)err;
    fake->begins++;
    return true;
}

static int set_up(void **state)
{
    static Fake fake;
    fake = (Fake){.arena = arena_create(0)};
    fake.asked = buffer_init(fake.arena, 0);
    *state = &fake;
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(((Fake *)*state)->arena);
    return 0;
}

static ScenarioFile *read(Fake *fake, const char *steps)
{
    Error err = ERROR_NONE;
    const char *text = arena_printf(fake->arena, "Feature: x\nScenario: y\n%s", steps);
    ScenarioFile *file = scenario_read(fake->arena, "y.feature", text, strlen(text), &err);
    if (!file)
        fail_msg("%s at %d:%d: %s", err.code, err.line, err.column, steps);
    return file;
}

static ScenarioReport run(Fake *fake, const char *steps)
{
    ScenarioFile *file = read(fake, steps);
    ScenarioProgram program = {fake_send, fake_clock, fake_begin, fake};
    ScenarioHost host = {.program = &program};
    ScenarioReport report;
    scenario_run(file, &host, fake->arena, &report);
    return report;
}

#define APPLY "Given \"me\" applies for \"tea\" with\n | name | \"a\" |\n"

static void test_what_is_sent(void **state)
{
    static const char *const cases[][2] = {
        {"Given the date is 2026-03-01 14:30\n" APPLY,
         "clock 2026-03-01T06:30:00.000Z\nme /apply/tea {\"form\":{\"name\":\"a\"}}\n"},
        {"Given the date is 2026-03-01\nGiven \"me\" applies for \"tea\" with\n | day | today() "
         "|\n | kinds | [\"a\", 1 + 1] |\n"
         " | material | [\"id\"] |\n",
         "clock 2026-03-01T01:00:00.000Z\n"
         "me /apply/tea "
         "{\"material\":[\"id\"],\"form\":{\"day\":\"2026-03-01\",\"kinds\":[\"a\",2]}}\n"},
        {"Given \"w\" takes in \"tea\" with\n | form.a | 1 |\n | kind | \"b\" |\n | form.c | true "
         "|\n",
         "w /intake/tea {\"kind\":\"b\",\"form\":{\"a\":1,\"c\":true}}\n"},
        {APPLY "When \"m\" completes the task with \"ok\" and says \"a \\\"b\\\"\"\n",
         "me /apply/tea {\"form\":{\"name\":\"a\"}}\nm /dossiers/7 -\n"
         "m /dossiers/7/tasks/9/complete "
         "{\"form\":{\"outcome\":\"ok\",\"opinion\":\"a \\\"b\\\"\"}}\n"},
        {APPLY "When \"m\" sends \"/dossiers/{number}/tasks/{task}/claim\" with\n | a.b | 1 |\n",
         "me /apply/tea {\"form\":{\"name\":\"a\"}}\nm /dossiers/7 -\n"
         "m /dossiers/7/tasks/9/claim {\"a\":{\"b\":1}}\n"},
        {APPLY "When \"me\" rates it with grade 3\nAnd \"me\" withdraws the application and says "
               "\"no\"\n",
         "me /apply/tea {\"form\":{\"name\":\"a\"}}\nme /dossiers/7/rating {\"grade\":3}\n"
         "me /dossiers/7/withdraw {\"withdraw_reason\":\"no\"}\n"},
    };
    Fake *fake = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fake->asked = buffer_init(fake->arena, 0);
        ScenarioReport report = run(fake, cases[i][0]);
        if (report.failed)
            fail_msg("%s: %s", report.outcomes.items[0].failure.step,
                     report.outcomes.items[0].failure.got);
        assert_string_equal(buffer_text(&fake->asked), cases[i][1]);
    }
    assert_int_equal(fake->begins, sizeof cases / sizeof cases[0]);
}

static void test_what_passes(void **state)
{
    ScenarioReport report =
        run(*state, APPLY "Then the application is \"accepted\"\n"
                          "And the application is at the stage \"review\"\n"
                          "And the application is due on 2026-12-07\nAnd the clock runs\n"
                          "And there are 2 certificates\n"
                          "And \"certificates.part\" of the application is [\"a\", \"b\"]\n"
                          "And \"clock.due_on\" of the application is @\"2026-12-07\"\n"
                          "And the application is with \"m1, m2\"\n"
                          "And the application is not with \"x1、x2\"\n"
                          "When \"m\" looks at \"/refuse\"\nThen it is refused with \"a.refusal\"\n"
                          "When \"m\" looks at \"/refuse\"\nThen it is refused with status 409\n"
                          "When \"m\" looks at \"/desk\"\nThen \"grade\" of what came is 2\n");
    if (report.failed)
        fail_msg("line %d: expected %s, got %s", report.outcomes.items[0].failure.line,
                 report.outcomes.items[0].failure.expected, report.outcomes.items[0].failure.got);
}

static void test_what_fails(void **state)
{
    static const struct {
        const char *steps;
        int line;
        const char *expected, *got;
    } cases[] = {
        {"Then the application is \"accepted\"", 3, "an application was made before", "none was"},
        {APPLY "Then the application is \"denied\"", 5, "\"denied\"", "\"accepted\""},
        {APPLY "Then the application is due on 2026-12-08", 5, "\"2026-12-08\"", "\"2026-12-07\""},
        {APPLY "Then the clock stands", 5, "the clock stands", "it runs"},
        {APPLY "Then there are 3 certificates", 5, "3", "2"},
        {APPLY "Then the application is with \"m, x\"", 5, "a task: m, x", "no task: x"},
        {APPLY "Then the application is not with \"m, x\"", 5, "no task: m, x", "a task: m"},
        {APPLY "Then \"grade\" of the application is \"2\"", 5, "\"2\"", "2"},
        {APPLY "Then it is refused with \"a.refusal\"", 5, "refused with a.refusal", "201"},
        {"When \"m\" looks at \"/refuse\"", 3, "it is done", "409 a.refusal: No."},
        {"When \"m\" looks at \"/refuse\"\n" APPLY, 3, "it is done", "409 a.refusal: No."},
        {"When \"m\" looks at \"/refuse\"\nThen it is refused with \"b\"", 4, "refused with b",
         "409 a.refusal: No."},
        {"When \"m\" looks at \"desk\"", 3, "a path that begins with /", "desk"},
        {APPLY "When \"x\" lets the clock run", 5, "\"x\" may see /dossiers/7",
         "404 a.refusal: No."},
    };
    Fake *fake = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ScenarioReport report = run(fake, cases[i].steps);
        const ScenarioFailure *failure = &report.outcomes.items[0].failure;
        assert_int_equal(report.failed, 1);
        if (failure->line != cases[i].line || !text_equal(failure->expected, cases[i].expected) ||
            !text_equal(failure->got, cases[i].got))
            fail_msg("%s: line %d, expected %s, got %s", cases[i].steps, failure->line,
                     failure->expected, failure->got);
    }
    fake->is_away = true;
    ScenarioReport report = run(fake, APPLY);
    assert_string_equal(report.outcomes.items[0].failure.got, "fetch.failed: away");
}

/* Without a program what needs one is left out, and that is no failure. */
static void test_which_items(void **state)
{
    const char *const *items;
    ScenarioFile *file =
        read(*state, APPLY APPLY "Given \"w\" takes in \"coffee\" with\n | a | 1 |\n"
                                 "* \"m\"申请\"tea-shop\"，填写\n | a | 1 |\n"
                                 "When \"m\" looks at \"/items/cake\"\n");
    assert_int_equal(scenario_items(file, &items), 3);
    assert_string_equal(items[0], "tea");
    assert_string_equal(items[1], "coffee");
    assert_string_equal(items[2], "tea-shop");
    assert_int_equal(scenario_items(read(*state, "Given the date is 2026-03-01\n"), &items), 0);
}

static void test_left_out(void **state)
{
    Fake *fake = *state;
    Error err = ERROR_NONE;
    ScenarioHost host = {0};
    ScenarioReport report;
    const char *text =
        "Feature: x\nScenario: y\n" APPLY "Scenario: z\nGiven the date is 2026-01-01\n";
    ScenarioFile *file = scenario_read(fake->arena, "y", text, strlen(text), &err);
    assert_true(scenario_needs_program(file));
    assert_true(scenario_run(file, &host, fake->arena, &report));
    assert_int_equal(report.left_out, 1);
    assert_int_equal(report.passed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_passes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_items, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_left_out, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("scenario_program", tests, NULL, NULL);
}
