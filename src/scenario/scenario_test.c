/*
 * scenario_test.c - pure steps in both languages against a table: what passes, what fails and
 * where, what is no step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "scenario/scenario.h"

/* Fees by area: 100 a square metre beyond 20, from July 2026 on the half; two rules meet at 1000.
 */
static const char fees[] =
    "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' name='fees' "
    "namespace='urn:fees' id='fees'>"
    "<decision id='fee' name='Fee'><variable name='Fee'/><decisionTable hitPolicy='UNIQUE'>"
    "<input><inputExpression><text>area</text></inputExpression></input>"
    "<input><inputExpression><text>today() >= @\"2026-07-01\"</text></inputExpression></input>"
    "<output name='class'/><output name='amount'/>"
    "<rule><inputEntry><text>&lt;= 20</text></inputEntry><inputEntry><text>-</text></inputEntry>"
    "<outputEntry><text>\"free\"</text></outputEntry><outputEntry><text>0</text></outputEntry></"
    "rule>"
    "<rule><inputEntry><text>(20..1000]</text></inputEntry><inputEntry><text>false</text></"
    "inputEntry>"
    "<outputEntry><text>\"full\"</text></outputEntry><outputEntry><text>area * "
    "100</text></outputEntry></rule>"
    "<rule><inputEntry><text>(20..1000]</text></inputEntry><inputEntry><text>true</text></"
    "inputEntry>"
    "<outputEntry><text>\"half\"</text></outputEntry><outputEntry><text>area * "
    "50</text></outputEntry></rule>"
    "<rule><inputEntry><text>[1000..2000]</text></inputEntry><inputEntry><text>-</text></"
    "inputEntry>"
    "<outputEntry><text>\"much\"</text></outputEntry><outputEntry><text>9</text></outputEntry></"
    "rule>"
    "</decisionTable></decision></definitions>";

typedef struct Fixture {
    Arena *arena;
    DmnModel *model;
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    Error err = ERROR_NONE;
    fixture.arena = arena_create(32 * 1024 * 1024);
    fixture.model = dmn_parse(fixture.arena, fees, strlen(fees), &err);
    *state = &fixture;
    return fixture.model ? 0 : 1;
}

static int tear_down(void **state)
{
    arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

static const DmnModel *find(void *data, const char *code)
{
    return text_equal(code, "fees") ? ((Fixture *)data)->model : NULL;
}

static ScenarioFile *read_text(Fixture *f, const char *text)
{
    Error err = ERROR_NONE;
    ScenarioFile *file = scenario_read(f->arena, "fees.feature", text, strlen(text), &err);
    if (!file)
        fail_msg("%s at %d:%d: expected %s", err.code, err.line, err.column, err.with[2].value);
    return file;
}

static ScenarioReport run_text(Fixture *f, const char *text)
{
    ScenarioHost host = {.tables = {find, f}};
    ScenarioReport report;
    ScenarioFile *file = read_text(f, text);
    bool is_fine = scenario_run(file, &host, f->arena, &report);
    assert_int_equal(is_fine, report.failed == 0);
    return report;
}

#define ASK "When the decision \"fee\" of \"fees\" is asked with\n | area | "

static const char english[] =
    "@R20\nFeature: Fees\nBackground:\n Given the date is 2026-03-01\n"
    "Scenario: free\n " ASK "20 |\n Then \"class\" of the answer is \"free\"\n And rule 1 fires\n"
    " And the answer is {class: \"free\", amount: 0}\n"
    "@R21\nScenario Outline: half\n Given the date is <day>\n " ASK "<area> |\n"
    " Then \"amount\" of the answer is <fee>\n And rules <rule> fire\n"
    " Examples:\n | day | area | fee | rule |\n | 2026-06-30 | 21 | 2100 | 2 |\n"
    " | 2026-07-01 00:00 | 21 | 21 * 50 | 3 |\n"
    "Scenario: nothing\n " ASK "5000 |\n Then there is no answer\n And no rule fires\n"
    "Scenario: two at once\n " ASK "1000 |\n Then the table refuses with \"dmn.not_unique\"\n";

static const char chinese[] =
    "# language: zh-CN\n功能: 收费\n背景:\n 假定 日期为 2026-03-01\n"
    "场景: 免费\n 当 按决策表“fees”求“fee”，条件为：\n  | area | 20 |\n"
    " 那么 结果的\"class\"为\"free\"\n 而且 命中规则 1\n 但是 结果为 {class: \"free\", amount: 0}\n"
    "场景: 没有\n 当按决策表\"fees\"求\"Fee\"，条件为\n  | area | 5000 |\n"
    " 那么没有结果\n 而且没有命中规则\n"
    "场景: 冲突\n 当按决策表\"fees\"求\"Fee\"，条件为\n  | area | 1000 |\n"
    " 那么决策表报错\"dmn.not_unique\"\n";

static void test_what_passes(void **state)
{
    Fixture *f = *state;
    ScenarioReport report = run_text(f, english);
    list_each (ScenarioOutcome, outcome, &report.outcomes)
        if (outcome->result == SCENARIO_FAILED)
            fail_msg("%s:%d: expected %s, got %s", outcome->name, outcome->failure.line,
                     outcome->failure.expected, outcome->failure.got);
    assert_int_equal(report.passed, 5);
    assert_string_equal(report.outcomes.items[2].name, "half (2026-07-01 00:00, 21, 21 * 50, 3)");
    assert_string_equal(report.outcomes.items[2].tags[1], "@R21");
    assert_null(report.outcomes.items[2].tags[2]);
    report = run_text(f, chinese);
    assert_int_equal(report.failed, 0);
    assert_int_equal(report.passed, 3);
}

static void test_what_fails(void **state)
{
    static const struct {
        const char *steps;
        int line;
        const char *expected, *got;
    } cases[] = {
        {ASK "20 |\nThen \"amount\" of the answer is 1", 5, "1", "0"},
        {ASK "20 |\nThen \"amount\" of the answer is \"0\"", 5, "\"0\"", "0"},
        {ASK "20 |\nThen \"sum\" of the answer is 1", 5, "an answer with \"sum\"",
         "{\"class\":\"free\",\"amount\":0}"},
        {ASK "20 |\nThen rules 1, 2 fire", 5, "rules 1, 2", "rules 1"},
        {ASK "5000 |\nThen rule 1 fires", 5, "rules 1", "no rule"},
        {ASK "20 |\nThen no rule fires", 5, "no rule", "rules 1"},
        {ASK "20 |\nThen there is no answer", 5, "null", "{\"class\":\"free\",\"amount\":0}"},
        {ASK "1000 |\nThen the table refuses with \"dmn.not\"", 5, "dmn.not", NULL},
        {ASK "20 |\nThen the table refuses with \"dmn.not_unique\"", 5, "dmn.not_unique",
         "{\"class\":\"free\",\"amount\":0}"},
        {ASK "1000 |\nThen there is no answer", 5, "null", NULL},
        {ASK "1 + \"a\" |\nThen there is no answer", 4, "a value of 1 + \"a\"", NULL},
        {"Then the answer is 3", 3, "a decision was asked before", "none was"},
        {"When the decision \"fee\" of \"toll\" is asked", 3, "a table with the code \"toll\"",
         "there is none"},
        {"When the decision \"toll\" of \"fees\" is asked", 3, "a decision \"toll\" in \"fees\"",
         "there is none"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ScenarioReport report =
            run_text(f, arena_printf(f->arena, "Feature: x\nScenario: y\n%s\n", cases[i].steps));
        assert_int_equal(report.failed, 1);
        const ScenarioFailure *failure = &report.outcomes.items[0].failure;
        if (failure->line != cases[i].line || !text_equal(failure->expected, cases[i].expected) ||
            (cases[i].got && !text_equal(failure->got, cases[i].got)))
            fail_msg("%s: line %d, expected %s, got %s", cases[i].steps, failure->line,
                     failure->expected, failure->got);
        assert_string_equal(failure->file, "fees.feature");
    }
}

/* One scenario's failure leaves the others alone, and becomes an error with its place. */
static void test_refuse(void **state)
{
    Fixture *f = *state;
    Error err = ERROR_NONE;
    ScenarioReport report = run_text(
        f, "Feature: x\nScenario: a\n" ASK "20 |\nThen the answer is 1\n"
           "Scenario: b\n" ASK "20 |\nThen rule 1 fires\nScenario: c\nThen no rule fires\n");
    assert_int_equal(report.passed, 1);
    assert_int_equal(report.failed, 2);
    assert_false(scenario_refuse(&report, NULL, f->arena, &err));
    assert_string_equal(err.code, "scenario.failed");
    assert_string_equal(err.with[0].value, "fees.feature:5");
    assert_string_equal(err.with[1].value, "Then the answer is 1");
    assert_int_equal(err.next->line, 11);
    assert_null(err.next->next);
}

static void test_what_is_no_step(void **state)
{
    static const struct {
        const char *step, *code;
        int line, column;
        const char *expected;
    } cases[] = {
        {"Then rules one fire", "scenario.step", 3, 12, "rules <numbers> fire"},
        {"Given the date is tomorrow", "scenario.step", 3, 19, "the date is <day>"},
        {"Given the date is 2026-02-30", "scenario.step", 3, 19, "the date is <day>"},
        {"When the decision \"a\" of b", "scenario.step", 3, 26,
         "the decision \"...\" of \"...\" is asked with"},
        {"Then the answer is 1 +", "feel.syntax", 3, 23, NULL},
        {ASK "1 + |", "feel.syntax", 4, 14, NULL},
        {"When the decision \"a\" of \"b\" is asked with", "scenario.table", 3, 6,
         "| name | expression |"},
        {"When the decision \"a\" of \"b\" is asked\n| a | 1 |", "scenario.table", 3, 6,
         "no table"},
        {ASK "1 | 2 |", "scenario.table", 4, 4, "| name | expression |"},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        const char *text = arena_printf(f->arena, "Feature: x\nScenario: y\n%s\n", cases[i].step);
        assert_null(scenario_read(f->arena, "x", text, strlen(text), &err));
        if (!text_equal(err.code, cases[i].code) || err.line != cases[i].line ||
            err.column != cases[i].column ||
            (cases[i].expected && !text_equal(err.with[2].value, cases[i].expected)))
            fail_msg("%s: %s at %d:%d, expected %s", cases[i].step, err.code, err.line, err.column,
                     err.with[2].value);
    }
}

static void test_which_tables(void **state)
{
    Fixture *f = *state;
    const char *const *codes;
    ScenarioFile *file = read_text(f, chinese);
    assert_int_equal(scenario_tables(file, &codes), 1);
    assert_string_equal(codes[0], "fees");
    assert_true(scenario_names_table(file, "fees"));
    assert_false(scenario_names_table(file, "toll"));
    assert_false(scenario_needs_program(file));
}

static const char *manual_text(Arena *arena)
{
    enum { MANUAL_MOST = 100000 };
    char *text = arena_alloc(arena, MANUAL_MOST);
    FILE *file = fopen("docs/scenarios.md", "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, MANUAL_MOST - 1, file);
    fclose(file);
    assert_true(length > 0 && length < MANUAL_MOST - 1);
    return text;
}

static void test_manual_names_every_step(void **state)
{
    Fixture *f = *state;
    const char *manual = manual_text(f->arena);
    const ScenarioStepDoc *steps;
    size_t count = scenario_steps(f->arena, &steps);
    for (size_t i = 0; i < count; i++)
        if (!strstr(manual,
                    arena_printf(f->arena, "| `%s` | `%s` |", steps[i].english, steps[i].chinese)))
            fail_msg("docs/scenarios.md lacks: %s", steps[i].english);
}

/* What the manual lists can be written: every pattern, with its places filled, is a step. */
static void test_steps_of_the_manual(void **state)
{
    static const char *const places[][2] = {{"\"...\"", "\"a\""},
                                            {"<day>", "2026-03-01"},
                                            {"<numbers>", "1"},
                                            {"<n>", "1"},
                                            {"<expression>", "1"}};
    Fixture *f = *state;
    const ScenarioStepDoc *steps;
    size_t count = scenario_steps(f->arena, &steps);
    assert_true(count >= 10);
    for (size_t i = 0; i < count * 2; i++) {
        Buffer out = buffer_init(f->arena, 0);
        const char *at = i % 2 ? steps[i / 2].chinese : steps[i / 2].english;
        buffer_add(&out, "Feature: x\nScenario: y\nGiven ");
        while (*at) {
            size_t p = 0;
            while (p < 5 && !text_starts_with(at, places[p][0]))
                p++;
            if (p == 5)
                buffer_add_char(&out, *at++);
            else {
                buffer_add(&out, places[p][1]);
                at += strlen(places[p][0]);
            }
        }
        buffer_add(&out, steps[i / 2].table ? "\n| a | 1 |\n" : "\n");
        assert_non_null(read_text(f, buffer_text(&out)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_passes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_manual_names_every_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_steps_of_the_manual, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
