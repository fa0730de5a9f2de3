/*
 * workbench_sheet_test.c - every table of every pack to a spreadsheet and back; what is changed,
 * moved, added; what is refused, with its cell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "apps/workbench/workbench_sheet.h"
#include "base/text.h"
#include "dmn/dmn_grid.h"
#include "service/sheet.h"

static int set_up(void **state)
{
    *state = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static const char *file_text(Arena *arena, const char *path)
{
    Buffer text = buffer_init(arena, 0);
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add_n(&text, piece, got);
    fclose(file);
    return buffer_text(&text);
}

static DmnGrids grids_of(Arena *arena, const char *source)
{
    DmnGrids grids = {0};
    Error err = ERROR_NONE;
    if (!dmn_grids(arena, source, strlen(source), &grids, &err))
        fail_msg("%s", err.code);
    return grids;
}

static const char *sheet_of(Arena *arena, const char *source, size_t *out_length)
{
    const char *data = NULL;
    Error err = ERROR_NONE;
    if (!workbench_sheet_write(arena, LANGUAGE_ZH, source, &data, out_length, &err))
        fail_msg("%s %s", err.code, err.detail);
    return data;
}

/* The table with neither rules nor anything in between: what comes back has only the sheet's. */
static const char *without_rules(Arena *arena, const char *source)
{
    DmnGrids grids = grids_of(arena, source);
    Error err = ERROR_NONE;
    list_each (DmnGrid, grid, &grids) {
        memset(&grid->rules, 0, sizeof grid->rules);
        if (!dmn_grid_write(arena, source, strlen(source), grid, &source, &err))
            fail_msg("%s", err.code);
    }
    return source;
}

static void expect_same_cells(const DmnGrids *a, const DmnGrids *b, const char *path)
{
    assert_int_equal(a->count, b->count);
    for (size_t t = 0; t < a->count; t++) {
        const DmnGrid *one = &a->items[t], *other = &b->items[t];
        assert_int_equal(one->rules.count, other->rules.count);
        for (size_t r = 0; r < one->rules.count; r++)
            for (size_t c = 0; c < one->columns.count; c++)
                if (strcmp(one->rules.items[r].cells[c], other->rules.items[r].cells[c]) != 0)
                    fail_msg("%s: table %s, rule %zu, column %zu: %s became %s", path, one->id,
                             r + 1, c + 1, one->rules.items[r].cells[c],
                             other->rules.items[r].cells[c]);
    }
}

static size_t round_trip(const char *path)
{
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    size_t length;
    const char *source = file_text(arena, path), *again = NULL;
    DmnGrids before = grids_of(arena, source);
    if (before.count) {
        const char *data = sheet_of(arena, source, &length);
        if (!workbench_sheet_read(arena, source, data, length, &again, &err))
            fail_msg("%s: %s %s", path, err.code, err.with[1].value);
        assert_string_equal(again, source);
        if (!workbench_sheet_read(arena, without_rules(arena, source), data, length, &again, &err))
            fail_msg("%s: %s %s", path, err.code, err.with[1].value);
        DmnGrids after = grids_of(arena, again);
        expect_same_cells(&before, &after, path);
    }
    size_t tables = before.count;
    arena_destroy(arena);
    return tables;
}

static void test_all_tables_of_all_packs(void **state)
{
    glob_t found;
    size_t tables = 0;
    (void)state;
    assert_int_equal(glob("packs/*/tables/*.dmn", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        tables += round_trip(found.gl_pathv[i]);
    globfree(&found);
    assert_true(tables >= 64);
}

/* ---- a small table --------------------------------------------------------------------------- */

static const char fees[] =
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"d\" "
    "namespace=\"n\">\n"
    "  <decision id=\"fee\" name=\"收费：甲/乙\">\n"
    "    <decisionTable id=\"t\">\n"
    "      <input id=\"i\" label=\"面积\"><inputExpression typeRef=\"number\"><text>area</text>"
    "</inputExpression></input>\n"
    "      <output id=\"o\" label=\"费\" name=\"fee\" typeRef=\"number\"/>\n"
    "      <rule id=\"small\">\n        <inputEntry id=\"si\"><text>&lt; 50</text></inputEntry>\n"
    "        <outputEntry id=\"so\"><text>100</text></outputEntry>\n      </rule>\n"
    "      <rule id=\"large\">\n        <inputEntry id=\"li\"><text>&gt;= 50</text></inputEntry>\n"
    "        <outputEntry id=\"lo\"><text>200</text></outputEntry>\n      </rule>\n"
    "    </decisionTable>\n  </decision>\n"
    "  <inputData id=\"area\" name=\"area\"/>\n</definitions>\n";

typedef struct Row {
    const char *id, *in, *out, *basis, *beyond;
} Row;

/* A sheet of that table with these rows; output: what its head says of the output's name. */
static bool read_rows(Arena *arena, const Row *rows, const char *output, const char **out,
                      Error *err)
{
    static const char *const head[][5] = {{"table:fee", "", "UNIQUE", "", ""},
                                          {"label", "", "renamed", "", ""},
                                          {"expression", "", "area", NULL, ""},
                                          {"type", "", "number", "number", ""},
                                          {"values", "", "", "", ""}};
    const char *data;
    size_t length;
    Error ignored = ERROR_NONE;
    SheetWriter *writer = sheet_writer(arena, &ignored);
    assert_true(sheet_begin(writer, "费", &ignored));
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 5; k++)
            sheet_text(writer, head[i][k] ? head[i][k] : output, SHEET_PLAIN);
        sheet_end_row(writer);
    }
    for (; rows->in; rows++) {
        const char *const cells[] = {rows->id, "", rows->in, rows->out, rows->basis, rows->beyond};
        for (int k = 0; k < 6; k++)
            sheet_text(writer, cells[k], SHEET_PLAIN);
        sheet_end_row(writer);
    }
    assert_true(sheet_finish(writer, &data, &length, &ignored));
    return workbench_sheet_read(arena, fees, data, length, out, err);
}

static void test_rules_are_changed_moved_and_added(void **state)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    const Row rows[] = {{"large", ">= 50", "250", "新文件第3条", ""},
                        {"", "", "", "", ""},
                        {"small", "< 50", "100", "", ""},
                        {"large", "null", "0", "", ""},
                        {0}};
    if (!read_rows(*state, rows, "fee", &out, &err))
        fail_msg("%s %s %s", err.code, err.with[1].value, err.with[2].value);
    DmnGrids grids = grids_of(*state, out);
    const DmnGrid *grid = &grids.items[0];
    assert_int_equal(grid->rules.count, 3);
    assert_string_equal(grid->rules.items[0].id, "large");
    assert_string_equal(grid->rules.items[0].cells[1], "250");
    assert_string_equal(grid->rules.items[0].cells[2], "新文件第3条");
    assert_string_equal(grid->rules.items[1].id, "small");
    assert_string_equal(grid->rules.items[2].id, "Rule_fee_1");
    assert_non_null(strstr(out, "<inputData id=\"area\" name=\"area\"/>"));
}

static void test_a_day_becomes_one_of_feel(void **state)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    const Row rows[] = {{"", "2026-11-23", "1", "2026-11-23", ""}, {0}};
    assert_true(read_rows(*state, rows, "fee", &out, &err));
    DmnGrids grids = grids_of(*state, out);
    assert_string_equal(grids.items[0].rules.items[0].cells[0], "date(\"2026-11-23\")");
    assert_string_equal(grids.items[0].rules.items[0].cells[2], "2026-11-23");
}

static void test_every_wrong_cell_is_named(void **state)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    const Row rows[] = {
        {"small", "[1..50", "100", "", ""}, {"large", ">= 50", "“二百”", "", ""}, {0}};
    assert_false(read_rows(*state, rows, "fee", &out, &err));
    assert_string_equal(err.code, "workbench.sheet_cell");
    assert_string_equal(err.with[0].value, "费");
    assert_string_equal(err.with[1].value, "C6");
    assert_non_null(err.next);
    assert_string_equal(err.next->with[1].value, "D7");
    assert_null(err.next->next);
}

static void test_other_heads_and_columns_are_refused(void **state)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    const Row rows[] = {{"small", "< 50", "100", "", "beyond"}, {0}};
    assert_false(read_rows(*state, rows, "price", &out, &err));
    assert_string_equal(err.code, "workbench.sheet_head");
    assert_string_equal(err.with[1].value, "D3");
    assert_string_equal(err.with[2].value, "fee");
    assert_string_equal(err.next->code, "workbench.sheet_column");
    assert_string_equal(err.next->with[1].value, "F6");
}

static void test_other_files_are_refused(void **state)
{
    const char *out = NULL, *data;
    size_t length;
    Error err = ERROR_NONE, other = ERROR_NONE;
    const char *source = file_text(*state, "packs/city-management/tables/proposal-steps.dmn");
    data = sheet_of(*state, source, &length);
    assert_false(workbench_sheet_read(*state, fees, data, length, &out, &err));
    assert_string_equal(err.code, "workbench.sheet_table");
    assert_false(workbench_sheet_read(*state, fees, "no", 2, &out, &other));
    assert_string_equal(other.code, "sheet.format");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_tables_of_all_packs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rules_are_changed_moved_and_added, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_day_becomes_one_of_feel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_wrong_cell_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_heads_and_columns_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_other_files_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
