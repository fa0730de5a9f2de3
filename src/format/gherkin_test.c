/* gherkin_test.c - trees of texts in both languages, outlines worked out, mistakes with their
 * place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "format/gherkin.h"

static int set_up(void **state)
{
    *state = arena_create(32 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static Gherkin *parse(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    Gherkin *tree = gherkin_parse(arena, text, strlen(text), &GHERKIN_LIMITS, &err);
    if (!tree)
        fail_msg("%s at %d:%d, expected %s, found %s", err.code, err.line, err.column,
                 err.with[2].value, err.with[3].value);
    return tree;
}

/* "G:text[a|b;c|d]{doc}" of each step, so that a test reads as one line. */
static const char *steps_text(Arena *arena, const GherkinSteps *steps)
{
    static const char *const roles[] = {"G", "W", "T"};
    Buffer out = buffer_init(arena, 0);
    list_each (const GherkinStep, step, steps) {
        buffer_printf(&out, "%s:%s", roles[step->role], step->text);
        list_each (const GherkinRow, row, &step->table) {
            buffer_add(&out, row == step->table.items ? "[" : ";");
            for (size_t i = 0; i < row->cells.count; i++)
                buffer_printf(&out, "%s%s", i ? "|" : "", row->cells.items[i].text);
        }
        buffer_add(&out, step->table.count ? "]" : "");
        if (step->doc)
            buffer_printf(&out, "{%s}", step->doc);
        buffer_add(&out, " ");
    }
    return buffer_text(&out);
}

static const char *expanded_text(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(arena, 0);
    const GherkinScenarios *all = gherkin_expand(arena, parse(arena, text), &GHERKIN_LIMITS, &err);
    if (!all)
        return arena_printf(arena, "%s %d %s", err.code, err.line, err.with[1].value);
    list_each (const GherkinScenario, scenario, all) {
        buffer_printf(&out, "%d %s", scenario->line, scenario->name);
        list_each (const GherkinTag, tag, &scenario->tags)
            buffer_printf(&out, " %s", tag->name);
        buffer_printf(&out, ": %s\n", steps_text(arena, &scenario->steps));
    }
    return buffer_text(&out);
}

static void test_english(void **state)
{
    Gherkin *tree =
        parse(*state, "\xEF\xBB\xBF# a comment\n@all @R01\nFeature: Fees\n  What a fee is.\n"
                      "  More.\n\n  Background:\n    Given a day\n\n  @R05\n  Scenario: one\n"
                      "    says something\n    When asked with\n      | a | b \\| c |\n"
                      "      # between\n      | \\\\ | x\\ny |\n    Then it is\n"
                      "    And more\n    * rest\n");
    assert_string_equal(tree->name, "Fees");
    assert_string_equal(tree->about, "What a fee is.\nMore.");
    assert_string_equal(tree->language, "en");
    assert_int_equal(tree->tags.count, 2);
    assert_int_equal(tree->line, 3);
    assert_string_equal(steps_text(*state, &tree->background), "G:a day ");
    assert_int_equal(tree->scenarios.count, 1);
    assert_string_equal(tree->scenarios.items[0].tags.items[0].name, "@R05");
    assert_string_equal(steps_text(*state, &tree->scenarios.items[0].steps),
                        "W:asked with[a|b | c;\\|x\ny] T:it is T:more T:rest ");
}

static void test_places(void **state)
{
    Gherkin *tree = parse(*state, "Feature: x\nScenario: y\n  Given a step\n    | 名 | v |\n");
    const GherkinStep *step = &tree->scenarios.items[0].steps.items[0];
    assert_int_equal(step->line, 3);
    assert_int_equal(step->column, 9);
    assert_int_equal(step->table.items[0].line, 4);
    assert_int_equal(step->table.items[0].cells.items[0].column, 7);
    assert_int_equal(step->table.items[0].cells.items[1].column, 11);
}

static void test_chinese(void **state)
{
    const char *text = "# language: zh-CN\n功能：收费\n背景:\n　　假定 日期为 2026-03-01\n"
                       "场景: 一\n当按决策表求值\n那么结果为 3\n而且没有别的\n假如*\n";
    assert_string_equal(expanded_text(*state, text),
                        "5 一: G:日期为 2026-03-01 W:按决策表求值 T:结果为 3 T:没有别的 G:* \n");
    assert_string_equal(parse(*state, text)->language, "zh-CN");
}

static void test_doc_strings(void **state)
{
    assert_string_equal(
        expanded_text(*state,
                      "Feature: x\nScenario: y\n  Given d\n    \"\"\"\n    a\n      b\n\n"
                      "    # no comment\n    \\\"\\\"\\\"\n    \"\"\"\n  Then e\n  ```\n  ```\n"),
        "2 y: G:d{a\n  b\n\n# no comment\n\"\"\"} T:e{} \n");
}

static void test_outlines(void **state)
{
    assert_string_equal(
        expanded_text(*state,
                      "@f\nFeature: x\n@s\nScenario Outline: of <a>\n When <a> < <b> and < 3\n"
                      "  | <b> | <a><a> |\n@e\nExamples: one\n | a | b |\n | 1 | 2 |\n"
                      "Examples:\n | b | a |\n | \\|x | <b> |\nScenario: z\n Then <a>\n"),
        "10 of 1 (1, 2) @f @s @e: W:1 < 2 and < 3[2|11] \n"
        "13 of <b> (|x, <b>) @f @s: W:<b> < |x and < 3[|x|<b><b>] \n"
        "14 z @f: T:<a> \n");
    assert_string_equal(expanded_text(*state,
                                      "Feature: x\nScenario Outline: y\nGiven <c>\nExamples:\n"
                                      "|a|\n|1|\n"),
                        "gherkin.placeholder 3 c");
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *code;
        int line, column;
    } cases[] = {
        {"", "gherkin.syntax", 1, 1},
        {"Scenario: x", "gherkin.syntax", 1, 1},
        {"Feature x", "gherkin.syntax", 1, 1},
        {"Feature: x\nFeature: y", "gherkin.syntax", 2, 1},
        {"Feature: x\nGiven y", "gherkin.syntax", 2, 1},
        {"Feature: x\nScenario: y\n And z", "gherkin.syntax", 3, 2},
        {"Feature: x\nScenario: y\n Given z\n  Nonsense", "gherkin.syntax", 4, 3},
        {"Feature: x\nScenario: y\n Given a\n Givenz", "gherkin.syntax", 4, 2},
        {"Feature: x\nScenario: y\n Given z\n | a | b |\n | 1 |", "gherkin.columns", 5, 2},
        {"Feature: x\nScenario: y\n Given z\n | a | b", "gherkin.syntax", 4, 9},
        {"Feature: x\nScenario: y\n | a |", "gherkin.syntax", 3, 2},
        {"Feature: x\nScenario: y\n Given z\n \"\"\"\n a", "gherkin.syntax", 4, 2},
        {"Feature: x\nScenario: y\n Given z\n |\n", "gherkin.columns", 4, 2},
        {"Feature: x\nScenario Outline: y\n Given z", "gherkin.syntax", 3, 1},
        {"Feature: x\nScenario: y\nExamples:\n", "gherkin.syntax", 3, 1},
        {"Feature: x\nScenario: y\nBackground:\n", "gherkin.syntax", 3, 1},
        {"Feature: x\n@a b\nScenario: y\n", "gherkin.syntax", 2, 4},
        {"Feature: x\n@a\n", "gherkin.syntax", 2, 1},
        {"# language: fr\nFeature: x\n", "gherkin.language", 1, 13},
        {"Feature: x\n\xFF", "gherkin.encoding", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        Gherkin *tree =
            gherkin_parse(*state, cases[i].text, strlen(cases[i].text), &GHERKIN_LIMITS, &err);
        assert_null(tree);
        if (!text_equal(err.code, cases[i].code) || err.line != cases[i].line ||
            err.column != cases[i].column)
            fail_msg("%s: %s at %d:%d", cases[i].text, err.code, err.line, err.column);
    }
}

static void test_limits(void **state)
{
    const char *text =
        "Feature: x\nScenario Outline: y\nGiven <a>\nThen <a>\nExamples:\n|a|\n|1|\n|2|\n|3|\n";
    static const GherkinLimits limits[] = {{.bytes = 20, .cells = 9, .scenarios = 9, .steps = 9},
                                           {.bytes = 999, .cells = 0, .scenarios = 9, .steps = 9},
                                           {.bytes = 999, .cells = 9, .scenarios = 2, .steps = 9},
                                           {.bytes = 999, .cells = 9, .scenarios = 9, .steps = 5}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        Error err = ERROR_NONE;
        Gherkin *tree = gherkin_parse(*state, text, strlen(text), &limits[i], &err);
        assert_true(!tree || !gherkin_expand(*state, tree, &limits[i], &err));
        assert_string_equal(err.code, "gherkin.size");
        assert_int_equal(err.kind, ERROR_TOO_LARGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_english, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chinese, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_doc_strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outlines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("gherkin", tests, NULL, NULL);
}
