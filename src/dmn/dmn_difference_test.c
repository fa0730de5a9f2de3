/*
 * dmn_difference_test.c - what is told to be different between two models, and what is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "dmn/dmn_difference.h"

#define DEFINITIONS "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">"
#define TABLE_BEGIN                                                                                \
    "<decision id=\"fee\" name=\"fee\"><decisionTable>"                                            \
    "<input id=\"i1\" label=\"area\"><inputExpression typeRef=\"number\"><text>area</text>"        \
    "</inputExpression></input>"                                                                   \
    "<output id=\"o1\" name=\"amount\" typeRef=\"number\"/>"
#define TABLE_END "</decisionTable></decision>"
#define BASE                                                                                       \
    TABLE_BEGIN RULE("r1", "&lt; 10", "80", "law 1") RULE("r2", "[10..20]", "90 + area", "law 2")  \
        RULE("r3", "&gt; 20", "100", "law 3") TABLE_END
#define RULE(id, test, value, note)                                                                \
    "<rule id=\"" id "\"><description>" note "</description><inputEntry><text>" test               \
    "</text></inputEntry><outputEntry><text>" value "</text></outputEntry></rule>"

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(256 * 1024 * 1024);
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

static const char *or_none(const char *text)
{
    return text ? text : "~";
}

/* "kind element place before>after: text>text" a line. */
static const char *told(const DmnDifference *difference)
{
    Buffer out = buffer_init(arena, 0);
    list_each (const DmnChange, one, &difference->changes)
        buffer_printf(&out, "%s %s %s %zu>%zu %s > %s\n", dmn_change_name(one->kind), one->element,
                      or_none(one->place), one->rule_before, one->rule_after, or_none(one->before),
                      or_none(one->after));
    return buffer_text(&out);
}

static DmnDifference difference_of(const char *before, const char *after)
{
    DmnDifference out;
    dmn_compare(model_of(before), model_of(after), arena, &out);
    return out;
}

static void expect(const char *before, const char *after, const char *want)
{
    DmnDifference difference = difference_of(before, after);
    assert_string_equal(told(&difference), want);
}

/* ---- nothing --------------------------------------------------------------------------------- */

static void spaces_and_ids_are_no_difference(void **state)
{
    (void)state;
    expect(BASE, BASE, "");
    expect(BASE,
           TABLE_BEGIN RULE("a", " &lt;  10", " 80 ", "law 1 ")
               RULE("b", "[ 10 .. 20 ]", "90+area /* m2 */", "law 2")
                   RULE("c", "&gt;20", "100", "law 3") TABLE_END,
           "");
    expect("<decision id=\"a\" name=\"x\"><literalExpression><text>1 + 2</text>"
           "</literalExpression></decision>",
           "<decision id=\"b\" name=\"x\"><literalExpression><text>1+2</text>"
           "</literalExpression></decision>",
           "");
    expect("<decision id=\"a\" name=\"x\"><literalExpression><text>\"a  b\"</text>"
           "</literalExpression></decision>",
           "<decision id=\"a\" name=\"x\"><literalExpression><text>\"a b\"</text>"
           "</literalExpression></decision>",
           "logic_changed x ~ 0>0 \"a  b\" > \"a b\"\n");
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void tells_changed_cells(void **state)
{
    (void)state;
    expect(BASE,
           TABLE_BEGIN RULE("r1", "&lt; 12", "80", "law 1")
               RULE("r2", "[10..20]", "95 + area", "law 2a") RULE("r3", "&gt; 20", "100", "law 3")
                   TABLE_END,
           "cell_changed fee area 1>1 < 10 > < 12\n"
           "cell_changed fee amount 2>2 90 + area > 95 + area\n"
           "rule_note fee ~ 2>2 law 2 > law 2a\n");
}

static void tells_rules_that_came_and_went(void **state)
{
    (void)state;
    expect(BASE,
           TABLE_BEGIN RULE("r1", "&lt; 10", "80", "law 1") RULE("r4", "0", "1", "")
               RULE("r3", "&gt; 20", "100", "law 3") TABLE_END,
           "rule_added fee ~ 0>2 ~ > ~\n"
           "rule_removed fee ~ 2>0 ~ > ~\n");
}

static void tells_rules_that_moved(void **state)
{
    (void)state;
    expect(BASE,
           TABLE_BEGIN RULE("r3", "&gt; 20", "100", "law 3") RULE("r1", "&lt; 10", "80", "law 1")
               RULE("r2", "[10..20]", "90 + area", "law 2") TABLE_END,
           "rule_moved fee ~ 3>1 ~ > ~\n");
}

static void matches_rules_by_content_without_ids(void **state)
{
    (void)state;
    expect(BASE,
           TABLE_BEGIN RULE("x1", "&gt; 20", "100", "law 3") RULE("x2", "&lt; 10", "85", "law 1")
               RULE("x3", "[10..20]", "90 + area", "law 2") TABLE_END,
           "rule_moved fee ~ 3>1 ~ > ~\n"
           "cell_changed fee amount 1>2 80 > 85\n");
}

/* ---- columns, policy ------------------------------------------------------------------------- */

#define WIDER(policy, label)                                                                       \
    "<decision id=\"fee\" name=\"fee\"><decisionTable hitPolicy=\"" policy "\">"                   \
    "<input id=\"i1\" label=\"" label "\"><inputExpression typeRef=\"number\"><text>area</text>"   \
    "</inputExpression></input><input id=\"i2\" label=\"use\"><inputExpression><text>use</text>"   \
    "</inputExpression></input><output id=\"o1\" name=\"amount\" typeRef=\"number\"/>"             \
    "<rule id=\"r1\"><inputEntry><text>1</text></inputEntry><inputEntry><text>\"a\"</text>"        \
    "</inputEntry><outputEntry><text>1</text></outputEntry></rule>" TABLE_END
#define NARROWER                                                                                   \
    TABLE_BEGIN "<rule id=\"r1\"><inputEntry><text>1</text></inputEntry><outputEntry>"             \
                "<text>1</text></outputEntry></rule>" TABLE_END

static void tells_columns_and_policy(void **state)
{
    (void)state;
    expect(NARROWER, WIDER("UNIQUE", "area"), "input_added fee use 0>0 ~ > use = use\n");
    expect(WIDER("UNIQUE", "area"), NARROWER, "input_removed fee use 0>0 use = use > ~\n");
    expect(WIDER("UNIQUE", "area"), WIDER("FIRST", "area in m2"),
           "policy_changed fee ~ 0>0 UNIQUE > FIRST\n"
           "input_changed fee area in m2 0>0 area = area: number > area in m2 = area: number\n");
}

static void pairs_the_cells(void **state)
{
    (void)state;
    DmnDifference out = difference_of(BASE, TABLE_BEGIN RULE("r1", "&lt; 10", "80", "law 1") RULE(
                                                "r2", "[10..20]", "95 + area", "law 2") TABLE_END);
    assert_int_equal(out.tables.count, 1);
    const DmnTablePair *table = &out.tables.items[0];
    assert_int_equal(table->columns.count, 3);
    assert_int_equal(table->columns.items[2].kind, DMN_COLUMN_NOTE);
    assert_int_equal(table->rules.count, 3);
    assert_int_equal(table->rules.items[0].mark, DMN_SAME);
    assert_int_equal(table->rules.items[1].mark, DMN_CHANGED);
    assert_string_equal(table->rules.items[1].cells[1].before, "90 + area");
    assert_string_equal(table->rules.items[1].cells[1].after, "95 + area");
    assert_int_equal(table->rules.items[2].mark, DMN_REMOVED);
    assert_null(table->rules.items[2].cells[0].after);
}

/* ---- the rest of a model --------------------------------------------------------------------- */

#define GRAPH(need, type)                                                                          \
    "<inputData id=\"a\" name=\"a\"/><inputData id=\"b\" name=\"b\"/>"                             \
    "<decision id=\"x\" name=\"x\"><variable name=\"x\" typeRef=\"" type "\"/>"                    \
    "<informationRequirement><requiredInput href=\"#" need "\"/></informationRequirement>"         \
    "<literalExpression><text>1</text></literalExpression></decision>"

static void tells_requirements_types_and_names(void **state)
{
    (void)state;
    expect(GRAPH("a", "number"), GRAPH("b", "string"),
           "value_changed x ~ 0>0 x: number > x: string\n"
           "requirement_removed x a 0>0 ~ > ~\n"
           "requirement_added x b 0>0 ~ > ~\n");
}

static void tells_elements(void **state)
{
    (void)state;
    const char *one = "<decision id=\"a\" name=\"one\"><literalExpression><text>1</text>"
                      "</literalExpression></decision>";
    const char *renamed = "<decision id=\"a\" name=\"first\"><description>since May</description>"
                          "<literalExpression><text>2</text></literalExpression></decision>"
                          "<itemDefinition name=\"t\"><typeRef>string</typeRef></itemDefinition>"
                          "<inputData id=\"b\" name=\"b\"/>";
    expect(one, renamed,
           "element_added b ~ 0>0 ~ > ~\n"
           "element_renamed first ~ 0>0 one > first\n"
           "element_note first ~ 0>0  > since May\n"
           "logic_changed first ~ 0>0 1 > 2\n"
           "type_added t ~ 0>0 ~ > ~\n");
    expect(renamed, one,
           "element_removed b ~ 0>0 ~ > ~\n"
           "element_renamed one ~ 0>0 first > one\n"
           "element_note one ~ 0>0 since May > \n"
           "logic_changed one ~ 0>0 2 > 1\n"
           "type_removed t ~ 0>0 ~ > ~\n");
}

static void tells_types(void **state)
{
    (void)state;
    const char *before = "<itemDefinition name=\"t\"><typeRef>string</typeRef><allowedValues>"
                         "<text>\"a\"</text></allowedValues></itemDefinition>"
                         "<decision id=\"x\" name=\"x\"><literalExpression><text>1</text>"
                         "</literalExpression></decision>";
    const char *after = "<itemDefinition name=\"t\"><typeRef>string</typeRef><allowedValues>"
                        "<text>\"a\",\"b\"</text></allowedValues></itemDefinition>"
                        "<decision id=\"x\" name=\"x\"><literalExpression><text>1</text>"
                        "</literalExpression></decision>";
    expect(before, before, "");
    expect(before, after, "type_changed t ~ 0>0 \"a\" > \"a\",\"b\"\n");
}

static void bounds_what_it_tells(void **state)
{
    (void)state;
    Buffer before = buffer_init(arena, 0), after = buffer_init(arena, 0);
    buffer_add(&before, TABLE_BEGIN);
    buffer_add(&after, TABLE_BEGIN);
    for (int i = 0; i < 2000; i++) {
        const char *rule = "<rule id=\"r%d\"><inputEntry><text>%d</text></inputEntry>"
                           "<outputEntry><text>%d</text></outputEntry></rule>";
        buffer_add(&before, arena_printf(arena, rule, i, i, i));
        buffer_add(&after, arena_printf(arena, rule, i, i, i + 1));
    }
    buffer_add(&before, TABLE_END);
    buffer_add(&after, TABLE_END);
    DmnDifference out = difference_of(buffer_text(&before), buffer_text(&after));
    assert_int_equal(out.changes.count, DMN_CHANGES_MAX);
    assert_int_equal(out.dropped, 2000 - DMN_CHANGES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spaces_and_ids_are_no_difference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_changed_cells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_rules_that_came_and_went, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_rules_that_moved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(matches_rules_by_content_without_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_columns_and_policy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pairs_the_cells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_requirements_types_and_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_elements, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds_what_it_tells, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
