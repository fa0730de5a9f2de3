/* dmn_grid_test.c - tables as rows: read, matched, written again with everything else as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "dmn/dmn_grid.h"

static int set_up(void **state)
{
    *state = arena_create(256 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?>\n"                                                                    \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"费用\" "         \
    "id=\"d\">\n"
#define COLUMNS                                                                                    \
    "    <input id=\"i1\" label=\"面积\"><inputExpression typeRef=\"number\">"                   \
    "<text>area</text></inputExpression></input>\n"                                                \
    "    <output id=\"o1\" label=\"费\" name=\"fee\" typeRef=\"number\"/>\n"
#define RULE_1                                                                                     \
    "    <rule id=\"r1\">\n      <description>价费〔2019〕3号</description>\n"                \
    "      <inputEntry id=\"r1i\">\n        <text>&lt; 50</text>\n      </inputEntry>\n"           \
    "      <outputEntry id=\"r1o\" x:a=\"1>0\" xmlns:x=\"x\"><text>100</text></outputEntry>\n"     \
    "    </rule>\n"
#define NOTE_2 "    <!-- 大的 <rule> -->\n"
#define RULE_2                                                                                     \
    "    <rule id=\"r2\">\n      <inputEntry id=\"r2i\"><text><![CDATA[>= "                        \
    "50]]></text></inputEntry>\n"                                                                  \
    "      <outputEntry id=\"r2o\"><text>200</text></outputEntry>\n    </rule>\n"
#define TABLE(rules)                                                                               \
    HEAD "  <decision id=\"fee\" name=\"收费\">\n"                                               \
         "   <decisionTable id=\"t\" hitPolicy=\"COLLECT\" aggregation=\"SUM\">\n" COLUMNS rules   \
         "   </decisionTable>\n  </decision>\n  <!-- 图 --><diagram/>\n</definitions>\n"

static DmnGrid grid_of(Arena *arena, const char *source)
{
    DmnGrids grids = {0};
    Error err = ERROR_NONE;
    if (!dmn_grids(arena, source, strlen(source), &grids, &err))
        fail_msg("%s at %d:%d", err.code, err.line, err.column);
    assert_true(grids.count >= 1);
    return grids.items[0];
}

static const char *written(Arena *arena, const char *source, DmnGrid *wanted)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    DmnGrid file = grid_of(arena, source);
    dmn_grid_match(&file, wanted, arena);
    if (!dmn_grid_write(arena, source, strlen(source), wanted, &out, &err))
        fail_msg("%s", err.code);
    return out;
}

static DmnGridRule rule_of(Arena *arena, const char *id, const char *in, const char *out,
                           const char *note)
{
    DmnGridRule rule = {.id = id, .cells = arena_array(arena, const char *, 3)};
    rule.cells[0] = in;
    rule.cells[1] = out;
    rule.cells[2] = note;
    return rule;
}

static void test_reads_a_table(void **state)
{
    DmnGrid grid = grid_of(*state, TABLE(RULE_1 NOTE_2 RULE_2));
    assert_string_equal(grid.id, "fee");
    assert_string_equal(grid.name, "收费");
    assert_string_equal(grid.policy, "COLLECT");
    assert_string_equal(grid.aggregation, "SUM");
    assert_int_equal(grid.columns.count, 3);
    assert_string_equal(grid.columns.items[0].expression, "area");
    assert_string_equal(grid.columns.items[0].type, "number");
    assert_string_equal(grid.columns.items[1].expression, "fee");
    assert_int_equal(grid.rules.count, 2);
    assert_string_equal(grid.rules.items[0].cells[0], "< 50");
    assert_string_equal(grid.rules.items[0].cells[2], "价费〔2019〕3号");
    assert_int_equal(grid.rules.items[0].lines[0], 9);
    assert_string_equal(grid.rules.items[1].cells[0], ">= 50");
    assert_string_equal(grid.rules.items[1].cells[2], "");
}

static void test_what_is_the_same_stays_byte_by_byte(void **state)
{
    const char *source = TABLE(RULE_1 NOTE_2 RULE_2);
    DmnGrid wanted = grid_of(*state, source);
    assert_string_equal(written(*state, source, &wanted), source);
}

static void test_only_a_changed_cell_changes(void **state)
{
    DmnGrid wanted = grid_of(*state, TABLE(RULE_1 NOTE_2 RULE_2));
    wanted.rules.items[0].cells[1] = "if a < b then 1 else 2";
    wanted.rules.items[1].cells[2] = "新依据 & 说明";
    assert_string_equal(
        written(*state, TABLE(RULE_1 NOTE_2 RULE_2), &wanted),
        TABLE("    <rule id=\"r1\">\n      <description>价费〔2019〕3号</description>\n"
              "      <inputEntry id=\"r1i\">\n        <text>&lt; 50</text>\n      </inputEntry>\n"
              "      <outputEntry id=\"r1o\" x:a=\"1>0\" xmlns:x=\"x\">"
              "<text>if a &lt; b then 1 else 2</text></outputEntry>\n    </rule>\n" NOTE_2
              "    <rule id=\"r2\">\n      <description>新依据 &amp; 说明</description>\n"
              "      <inputEntry id=\"r2i\"><text><![CDATA[>= 50]]></text></inputEntry>\n"
              "      <outputEntry id=\"r2o\"><text>200</text></outputEntry>\n    </rule>\n"));
}

static void test_rules_move_and_go(void **state)
{
    const char *source = TABLE(RULE_1 NOTE_2 RULE_2);
    DmnGrid all = grid_of(*state, source), wanted = all;
    wanted.rules.items = arena_array(*state, DmnGridRule, 1);
    wanted.rules.items[0] = all.rules.items[1];
    wanted.rules.count = 1;
    const char *out = written(*state, source, &wanted);
    assert_null(strstr(out, "id=\"r1\""));
    assert_non_null(strstr(out, "<!-- 大的 <rule> -->\n    <rule id=\"r2\">"));
    assert_non_null(strstr(out, "<!-- 图 --><diagram/>"));
    wanted.rules.count = 0;
    assert_int_equal(grid_of(*state, written(*state, source, &wanted)).rules.count, 0);
}

static void test_new_rules_get_ids_of_their_own(void **state)
{
    DmnGrid wanted = grid_of(*state, TABLE(RULE_1));
    list_add(*state, &wanted.rules, rule_of(*state, "r1", ">= 50", "200", "")); /* a copied row */
    list_add(*state, &wanted.rules, rule_of(*state, "", "-", "\"<&\"", "依据"));
    const char *out = written(*state, TABLE(RULE_1), &wanted);
    DmnGrid again = grid_of(*state, out);
    assert_int_equal(again.rules.count, 3);
    assert_string_equal(again.rules.items[0].id, "r1");
    assert_string_equal(again.rules.items[1].id, "Rule_fee_1");
    assert_string_equal(again.rules.items[2].id, "Rule_fee_2");
    assert_string_equal(again.rules.items[2].cells[1], "\"<&\"");
    assert_string_equal(again.rules.items[2].cells[2], "依据");
    list_add(*state, &again.rules, rule_of(*state, "", "1", "2", ""));
    assert_string_equal(grid_of(*state, written(*state, out, &again)).rules.items[3].id,
                        "Rule_fee_3");
}

static void test_rules_without_an_id_are_found_by_what_they_say(void **state)
{
    DmnGrid file = grid_of(*state, TABLE(RULE_1 RULE_2)), wanted = file;
    wanted.rules.items = arena_array(*state, DmnGridRule, 2);
    wanted.rules.items[0] = rule_of(*state, "", ">= 50", "200", "");
    wanted.rules.items[1] = rule_of(*state, "", ">= 50", "200", "");
    dmn_grid_match(&file, &wanted, *state);
    assert_int_equal(wanted.rules.items[0].origin, 2);
    assert_int_equal(wanted.rules.items[1].origin, 0);
}

static void test_an_empty_table_is_filled(void **state)
{
    DmnGrid wanted = grid_of(*state, TABLE(""));
    assert_int_equal(wanted.rules.count, 0);
    list_add(*state, &wanted.rules, rule_of(*state, "", "< 50", "100", ""));
    DmnGrid again = grid_of(*state, written(*state, TABLE(""), &wanted));
    assert_string_equal(again.rules.items[0].cells[0], "< 50");
}

static void test_prefixes_are_kept(void **state)
{
    const char *source =
        "<m:definitions xmlns:m='https://www.omg.org/spec/DMN/20191111/MODEL/' name='a' id='a'>"
        "<m:decision id='x' name='x'><m:decisionTable id='t'><m:input id='i'><m:inputExpression>"
        "<m:text>a</m:text></m:inputExpression></m:input><m:output id='o'/><m:annotation name='n'/>"
        "<m:rule id='r'><m:inputEntry id='e'/><m:outputEntry id='f'><m:text>1</m:text>"
        "</m:outputEntry></m:rule></m:decisionTable></m:decision></m:definitions>";
    DmnGrid wanted = grid_of(*state, source);
    assert_int_equal(wanted.columns.count, 4);
    wanted.rules.items[0].cells[0] = "2";
    wanted.rules.items[0].cells[3] = "note";
    const char *out = written(*state, source, &wanted);
    assert_non_null(strstr(out, "<m:inputEntry id=\"e\"><m:text>2</m:text></m:inputEntry>"));
    assert_string_equal(grid_of(*state, out).rules.items[0].cells[3], "note");
}

/* Which of the two was meant nobody can tell. */
static void test_two_decisions_of_one_id_are_not_written(void **state)
{
    static const char source[] =
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"n\" id=\"d\">"
        "<decision id=\"fee\"><decisionTable id=\"t\"><output id=\"o\"/></decisionTable></decision>"
        "<decision id=\"fee\"><decisionTable id=\"u\"><output id=\"p\"/></decisionTable></decision>"
        "</definitions>";
    DmnGrids grids = {0};
    const char *out;
    Error err = ERROR_NONE;
    assert_true(dmn_grids(*state, source, strlen(source), &grids, &err));
    assert_int_equal(grids.count, 2);
    assert_false(dmn_grid_write(*state, source, strlen(source), &grids.items[1], &out, &err));
    assert_string_equal(err.code, "dmn.grid");
    assert_string_equal(err.field, "fee");
}

static void test_what_cannot_be_a_grid_is_refused(void **state)
{
    DmnGrids grids = {0};
    Error err = ERROR_NONE;
    const char *odd = TABLE("<rule id=\"r\"><inputEntry><text>1</text></inputEntry></rule>");
    assert_false(dmn_grids(*state, odd, strlen(odd), &grids, &err));
    assert_string_equal(err.code, "dmn.grid");
    err = ERROR_NONE;
    assert_false(dmn_grids(*state, "<a", 2, &grids, &err));
    assert_string_equal(err.code, "xml.syntax");
    DmnGrid wanted = grid_of(*state, TABLE(RULE_1));
    const char *source = TABLE(RULE_1), *out;
    wanted.id = "other";
    err = ERROR_NONE;
    assert_false(dmn_grid_write(*state, source, strlen(source), &wanted, &out, &err));
    assert_string_equal(err.code, "dmn.grid");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_a_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_the_same_stays_byte_by_byte, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_only_a_changed_cell_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rules_move_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_new_rules_get_ids_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rules_without_an_id_are_found_by_what_they_say, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_an_empty_table_is_filled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_prefixes_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_decisions_of_one_id_are_not_written, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_a_grid_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
