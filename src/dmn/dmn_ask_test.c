/*
 * dmn_ask_test.c - what decisions want to be told, and what typed texts become.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "dmn/dmn_ask.h"

#define DEFINITIONS "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">"

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(64 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static const DmnModel *model_of(const char *inner)
{
    Error err = ERROR_NONE;
    const char *xml = arena_printf(arena, DEFINITIONS "%s</definitions>", inner);
    DmnModel *model = dmn_parse(arena, xml, strlen(xml), &err);
    if (!model)
        fail_msg("%s: %s", err.code, err.with[0].value ? err.with[0].value : "");
    return model;
}

static const char fee[] =
    "<itemDefinition name=\"place\"><itemComponent name=\"since\"><typeRef>date</typeRef>"
    "</itemComponent></itemDefinition>"
    "<inputData id=\"p\" name=\"p\"><variable name=\"p\" typeRef=\"place\"/></inputData>"
    "<decision id=\"fee\" name=\"fee\">"
    "<informationRequirement><requiredDecision href=\"#more\"/></informationRequirement>"
    "<informationRequirement><requiredInput href=\"#p\"/></informationRequirement>"
    "<decisionTable><input label=\"use\"><inputExpression typeRef=\"string\"><text>answers.use"
    "</text></inputExpression><inputValues><text>\"home\",\"shop\"</text></inputValues></input>"
    "<input label=\"small\"><inputExpression typeRef=\"boolean\"><text>small</text>"
    "</inputExpression></input><output name=\"amount\" typeRef=\"number\"/>"
    "<rule><description>law 1</description><inputEntry><text>\"home\"</text></inputEntry>"
    "<inputEntry><text>-</text></inputEntry><outputEntry><text>80 + "
    "more</text></outputEntry></rule>"
    "<rule><inputEntry><text>\"shop\"</text></inputEntry><inputEntry><text>true</text></inputEntry>"
    "<outputEntry><text>if p.since &gt; date(\"2020-01-01\") then 1 else 2</text></outputEntry>"
    "</rule></decisionTable></decision>"
    "<decision id=\"more\" name=\"more\"><literalExpression><text>10 * answers.copies + "
    "string length(\"answers.not\")</text></literalExpression></decision>";

static void lists_what_is_asked(void **state)
{
    (void)state;
    static const char *const kinds[] = {"any",  "text",     "number", "boolean",
                                        "date", "temporal", "choice"};
    DmnAsks asks;
    Buffer out = buffer_init(arena, 0);
    dmn_asks(model_of(fee), "fee", arena, &asks);
    list_each (const DmnAsk, ask, &asks)
        buffer_printf(&out, "%s %s %s %zu\n", ask->path, ask->label, kinds[ask->kind],
                      ask->choices.count);
    assert_string_equal(buffer_text(&out), "answers.use use choice 2\n"
                                           "small small boolean 0\n"
                                           "p.since p.since date 0\n"
                                           "answers.copies answers.copies any 0\n");
    dmn_asks(model_of(fee), "nothing", arena, &asks);
    assert_int_equal(asks.count, 0);
}

static void reads_what_was_typed(void **state)
{
    (void)state;
    static const struct {
        DmnAskKind kind;
        const char *typed;
        const char *want; /* NULL: refused */
    } cases[] = {
        {DMN_ASK_TEXT, " 80 ", "\"80\""},   {DMN_ASK_NUMBER, "80.50", "80.5"},
        {DMN_ASK_NUMBER, "-3", "-3"},       {DMN_ASK_NUMBER, "+3", "3"},
        {DMN_ASK_NUMBER, "3-", NULL},       {DMN_ASK_NUMBER, "1e5", NULL},
        {DMN_ASK_NUMBER, "many", NULL},     {DMN_ASK_BOOLEAN, "true", "true"},
        {DMN_ASK_BOOLEAN, "yes", NULL},     {DMN_ASK_DATE, "2026-12-01", "\"2026-12-01\""},
        {DMN_ASK_DATE, "2026-02-30", NULL}, {DMN_ASK_DATE, "08:00:00", NULL},
        {DMN_ASK_ANY, "", "null"},          {DMN_ASK_ANY, "12", "12"},
        {DMN_ASK_ANY, "\"12\"", "\"12\""},  {DMN_ASK_ANY, "home", "\"home\""},
        {DMN_ASK_ANY, "[1,2]", "[1,2]"},    {DMN_ASK_ANY, "[1,", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DmnAsk ask = {.kind = cases[i].kind};
        FeelValue value;
        Buffer json = buffer_init(arena, 0);
        assert_int_equal(dmn_ask_read(&ask, cases[i].typed, arena, &value), cases[i].want != NULL);
        feel_to_json(&json, value);
        if (cases[i].want)
            assert_string_equal(buffer_text(&json), cases[i].want);
    }
}

static void puts_values_in_their_places(void **state)
{
    (void)state;
    const DmnModel *model = model_of(fee);
    DmnAsks asks;
    DmnResult result;
    Error err = ERROR_NONE;
    FeelValue values[4], inputs;
    static const char *const typed[] = {"home", "false", "2026-01-01", "3"};
    dmn_asks(model, "fee", arena, &asks);
    assert_int_equal(asks.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(dmn_ask_read(&asks.items[i], typed[i], arena, &values[i]));
    assert_false(dmn_ask_read(&asks.items[0], "garage", arena, &inputs));
    inputs = dmn_ask_inputs(&asks, values, arena);
    FeelScope scope = {.variables = inputs};
    assert_true(dmn_evaluate(model, "fee", inputs, &scope, arena, &result, &err));
    assert_string_equal(feel_to_text(arena, result.value), "121");
}

static void shows_tables(void **state)
{
    (void)state;
    const DmnModel *model = model_of(fee);
    DmnShownTable table;
    assert_true(dmn_show_table(model, dmn_find(model, "fee"), arena, &table));
    assert_string_equal(table.policy, "UNIQUE");
    assert_int_equal(table.columns.count, 4);
    assert_null(table.columns.items[3]);
    assert_int_equal(table.rules.count, 2);
    assert_string_equal(table.rules.items[0].cells[1], "-");
    assert_string_equal(table.rules.items[0].cells[2], "80 + more");
    assert_string_equal(table.rules.items[0].cells[3], "law 1");
    assert_string_equal(table.rules.items[1].cells[3], "");
    assert_false(dmn_show_table(model, dmn_find(model, "more"), arena, &table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_what_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_what_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(puts_values_in_their_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shows_tables, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
