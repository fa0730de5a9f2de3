/* sheet_test.c - spreadsheets written and read again; what office programs write; what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "service/sheet.h"
#include "test_zip.h"

static int set_up(void **state)
{
    *state = arena_create(64 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

/* ---- files by hand --------------------------------------------------------------------------- */

#define MAIN "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const char types[] = "<Types/>";
static const char top[] = "<Relationships><Relationship Id='rId1' Type='" TYPE
                          "/officeDocument' Target='xl/workbook.xml'/></Relationships>";
static const char own[] =
    "<Relationships><Relationship Id='rId1' Type='" TYPE "/worksheet' Target='worksheets/s1.xml'/>"
    "<Relationship Id='rId2' Type='" TYPE "/worksheet' Target='/xl/worksheets/s2.xml'/>"
    "<Relationship Id='rId3' Type='" TYPE "/sharedStrings' Target='sharedStrings.xml'/>"
    "<Relationship Id='rId4' Type='" TYPE "/styles' Target='styles.xml'/></Relationships>";
static const char book[] = "<x:workbook xmlns:x='m' xmlns:r='" TYPE
                           "'><x:sheets><x:sheet name='规则' sheetId='1' r:id='rId1'/>"
                           "<x:sheet name='Two' sheetId='2' r:id='rId2'/></x:sheets></x:workbook>";
static const char strings[] =
    "<sst " MAIN "><si><t>住宿</t></si>"
    "<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb='0' "
    "eb='1'><t>yomi</t></rPh></si>"
    "<si><t xml:space='preserve'> kept </t></si><si><t>line_x000A_two</t></si></sst>";
static const char styles[] =
    "<styleSheet " MAIN "><numFmts><numFmt numFmtId='164' formatCode='yyyy\"年\"m\"月\"d\"日\"'/>"
    "<numFmt numFmtId='165' formatCode='[Red]0.00\"days\"'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='22'/><xf numFmtId='20'/>"
    "<xf numFmtId='164'/><xf numFmtId='165'/></cellXfs></styleSheet>";

/* A file with this first sheet's rows; the second says "second" in A1. */
static const char *file_of(Arena *arena, const char *rows, size_t *out_length)
{
    const char *first = arena_printf(
        arena, "<?xml version='1.0'?><worksheet " MAIN "><sheetData>%s</sheetData>%s</worksheet>",
        rows, "<mergeCells><mergeCell ref='A8:B9'/></mergeCells>");
    const ZipPart parts[] = {
        {"[Content_Types].xml", types, 0},
        {"_rels/.rels", top, 0},
        {"xl/workbook.xml", book, 0},
        {"xl/_rels/workbook.xml.rels", own, 0},
        {"xl/sharedStrings.xml", strings, 0},
        {"xl/styles.xml", styles, 0},
        {"xl/worksheets/s1.xml", first, 0},
        {"xl/worksheets/s2.xml",
         "<worksheet><sheetData><row><c t='inlineStr'><is><t>second</t></is></c></row></sheetData>"
         "</worksheet>",
         0},
        {0}};
    return test_zip(arena, parts, ZIP_CM_DEFLATE, out_length);
}

/* "A1=text;" for every cell of a sheet, or the error with its words. */
static const char *cells_of(Arena *arena, const char *data, size_t length, const char *name)
{
    Error err = ERROR_NONE;
    Sheet sheet;
    Buffer out = buffer_init(arena, 0);
    SheetBook *opened = sheet_open(arena, data, length, &SHEET_LIMITS, &err);
    if (!opened || !sheet_read(opened, name, &sheet, &err))
        return arena_printf(arena, "%s %s", err.code, err.field ? err.field : "-");
    list_each (const SheetCell, cell, &sheet.cells)
        buffer_printf(&out, "%s=%s;", sheet_place(arena, cell->row, cell->column), cell->text);
    return buffer_text(&out);
}

static void expect_cells(Arena *arena, const char *rows, const char *expected)
{
    size_t length;
    const char *data = file_of(arena, rows, &length);
    assert_string_equal(cells_of(arena, data, length, "规则"), expected);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_values(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>",
         "A1=住宿;C1=rich text;"},
        {"<row r='2'><c r='B2' t='s'><v>2</v></c><c r='C2' t='s'><v>3</v></c></row>",
         "B2= kept ;C2=line\ntwo;"},
        {"<row><c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r></is></c></row>", "A1=ab;"},
        {"<row r='1'><c r='A1'><v>12.5</v></c><c r='B1'><v>0.10000000000000001</v></c>"
         "<c r='C1'><v>1E3</v></c><c r='D1'><v>-9.949999999999999</v></c></row>",
         "A1=12.5;B1=0.1;C1=1000;D1=-9.95;"},
        {"<row r='1'><c r='A1' t='b'><v>1</v></c><c r='B1' t='b'><v>0</v></c></row>",
         "A1=true;B1=false;"},
        {"<row r='1'><c r='A1' s='1'><v>46349</v></c><c r='B1' s='2'><v>46349.354166666664</v></c>"
         "<c r='C1' s='3'><v>0.5</v></c><c r='D1' s='4'><v>1</v></c><c r='E1' "
         "s='5'><v>46349</v></c>"
         "</row>",
         "A1=2026-11-23;B1=2026-11-23T08:30:00;C1=12:00:00;D1=1900-01-01;E1=46349;"},
        {"<row r='1'><c r='A1' t='str'><f>B1&amp;C1</f><v>result</v></c></row>", "A1=result;"},
        {"<row r='3'><c r='A3' s='1'/><c r='AB3'><v>7</v></c></row>", "AB3=7;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_cells(*state, cases[i][0], cases[i][1]);
}

static void test_places_are_told(void **state)
{
    static const char *const cases[][2] = {
        {"<row r='7'><c r='C7' t='e'><v>#REF!</v></c></row>", "sheet.error_value C7"},
        {"<row r='2'><c r='B2' t='s'><v>9</v></c></row>", "sheet.value B2"},
        {"<row r='2'><c r='B2' t='s'><v>-1</v></c></row>", "sheet.value B2"},
        {"<row r='2'><c r='B2'><v>twelve</v></c></row>", "sheet.value B2"},
        {"<row r='2'><c r='B3'><v>1</v></c></row>", "sheet.value B2"},
        {"<row r='2'><c r='B2'><v>1</v></c><c r='A2'><v>1</v></c></row>", "sheet.value A2"},
        {"<row r='2'/><row r='2'/>", "sheet.value A2"},
        {"<row r='4'><c r='A4' s='1'><v>60</v></c></row>", "sheet.date A4"},
        {"<row r='4'><c r='A4' s='1'><v>-3</v></c></row>", "sheet.date A4"},
        {"<row r='4'><c r='A4' s='1'><v>1e300</v></c></row>", "sheet.date A4"},
        {"<row r='1'><c r='IW1'><v>1</v></c></row>", "sheet.columns IW1"},
        {"<row r='20001'><c r='A20001'><v>1</v></c></row>", "sheet.rows A20001"},
        {"<row r='1'><c r='A1'><v>1</row>", "sheet.part -"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (strstr(cases[i][1], "A2") && strstr(cases[i][0], "/><row"))
            expect_cells(*state, cases[i][0], "sheet.value 2");
        else
            expect_cells(*state, cases[i][0], cases[i][1]);
    }
}

static void test_long_texts_are_refused(void **state)
{
    char *text = arena_alloc(*state, 40001);
    memset(text, 'x', 40000);
    expect_cells(*state,
                 arena_printf(*state, "<row r='5'><c r='D5' t='str'><v>%s</v></c></row>", text),
                 "sheet.cell_length D5");
    expect_cells(*state, "<row r='90000'><c r='A90000'/></row>", "");
}

static void test_merged_cells_share_a_text(void **state)
{
    size_t length;
    Error err = ERROR_NONE;
    Sheet sheet;
    const char *data = file_of(
        *state, "<row r='8'><c r='A8' t='s'><v>0</v></c><c r='C8'><v>1</v></c></row>", &length);
    SheetBook *opened = sheet_open(*state, data, length, &SHEET_LIMITS, &err);
    assert_non_null(opened);
    assert_true(sheet_read(opened, "规则", &sheet, &err));
    assert_string_equal(sheet_at(&sheet, 8, 1), "住宿");
    assert_string_equal(sheet_at(&sheet, 9, 2), "住宿");
    assert_string_equal(sheet_at(&sheet, 9, 3), "");
    assert_string_equal(sheet_at(&sheet, 10, 1), "");
}

static void test_sheets_by_name(void **state)
{
    size_t length, count;
    Error err = ERROR_NONE;
    const char *data = file_of(*state, "", &length);
    SheetBook *opened = sheet_open(*state, data, length, &SHEET_LIMITS, &err);
    const char *const *names = sheet_names(opened, &count);
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "规则");
    assert_string_equal(cells_of(*state, data, length, "Two"), "A1=second;");
    assert_string_equal(cells_of(*state, data, length, "Three"), "sheet.unknown -");
}

/* ---- what is refused at the door ------------------------------------------------------------- */

static void expect_refused(Arena *arena, const char *data, size_t length, const char *code)
{
    Error err = ERROR_NONE;
    assert_null(sheet_open(arena, data, length, &SHEET_LIMITS, &err));
    assert_string_equal(err.code, code);
}

static void expect_parts_refused(Arena *arena, const ZipPart *parts, const char *code)
{
    size_t length;
    const char *data = test_zip(arena, parts, ZIP_CM_DEFLATE, &length);
    expect_refused(arena, data, length, code);
}

static void test_other_files_are_refused(void **state)
{
    size_t length;
    const char *good = file_of(*state, "", &length);
    expect_refused(*state, "", 0, "sheet.format");
    expect_refused(*state, "name,fee\n", 9, "sheet.format");
    expect_refused(*state, good, length / 2, "sheet.format");
    expect_refused(*state, good, (size_t)11 << 20, "sheet.size");
    expect_refused(*state, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", 12, "sheet.encrypted");
    expect_parts_refused(*state, (const ZipPart[]){{"word/document.xml", "<d/>", 0}, {0}},
                         "sheet.format");
    expect_parts_refused(
        *state,
        (const ZipPart[]){{"[Content_Types].xml", types, 0}, {"xl/vbaProject.bin", "x", 0}, {0}},
        "sheet.macro");
    expect_parts_refused(
        *state,
        (const ZipPart[]){
            {"[Content_Types].xml",
             "<Types><Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>"
             "</Types>",
             0},
            {0}},
        "sheet.macro");
    expect_parts_refused(
        *state, (const ZipPart[]){{"[Content_Types].xml", types, 0}, {"_rels/.rels", top, 0}, {0}},
        "sheet.part");
}

static void test_entities_are_refused(void **state)
{
    static const char bomb[] = "<!DOCTYPE t [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><t>&b;</t>";
    static const char outside[] = "<!DOCTYPE t SYSTEM 'file:///etc/passwd'><t/>";
    expect_parts_refused(*state, (const ZipPart[]){{"[Content_Types].xml", bomb, 0}, {0}},
                         "sheet.part");
    expect_parts_refused(*state, (const ZipPart[]){{"[Content_Types].xml", outside, 0}, {0}},
                         "sheet.part");
}

static void test_bombs_are_refused(void **state)
{
    enum { LARGE = 4 * 1024 * 1024 };
    char *blanks = arena_alloc(*state, LARGE);
    memset(blanks, ' ', LARGE);
    memcpy(blanks, "<Types>", 7);
    memcpy(blanks + LARGE - 8, "</Types>", 8);
    expect_parts_refused(*state, (const ZipPart[]){{"[Content_Types].xml", blanks, LARGE}, {0}},
                         "sheet.unzipped");
}

static void test_deep_nesting_is_refused(void **state)
{
    Buffer deep = buffer_init(*state, 0);
    for (int i = 0; i < 100; i++)
        buffer_add(&deep, "<t>");
    expect_parts_refused(*state,
                         (const ZipPart[]){{"[Content_Types].xml", buffer_text(&deep), 0}, {0}},
                         "sheet.part");
}

/* ---- writing --------------------------------------------------------------------------------- */

static SheetWriter *begun(Arena *arena, const char *name)
{
    Error err = ERROR_NONE;
    SheetWriter *writer = sheet_writer(arena, &err);
    assert_non_null(writer);
    assert_true(sheet_begin(writer, name, &err));
    return writer;
}

static const char *finished(SheetWriter *writer, size_t *out_length)
{
    const char *data = NULL;
    Error err = ERROR_NONE;
    if (!sheet_finish(writer, &data, out_length, &err))
        fail_msg("%s (%s)", err.code, err.detail);
    return data;
}

static void test_written_is_read_again(void **state)
{
    size_t length;
    SheetWriter *writer = begun(*state, "清单");
    sheet_width(writer, 0, 1, 30, false);
    sheet_width(writer, 2, 2, 5, true);
    sheet_freeze(writer, 2);
    sheet_text(writer, "筛选：<全部> & \"其他\"", SHEET_NOTE);
    sheet_end_row(writer);
    sheet_text(writer, "a\nb", SHEET_HEAD);
    sheet_text(writer, NULL, SHEET_PLAIN);
    sheet_number(writer, "12.50");
    sheet_number(writer, "9.95");
    sheet_number(writer, "330106199001011234");
    sheet_number(writer, "123456789012345000");
    sheet_number(writer, "none");
    sheet_end_row(writer);
    sheet_date(writer, date_of(2026, 11, 23));
    sheet_date(writer, DATE_NONE);
    sheet_instant(writer, instant_of((Civil){2026, 11, 23, 0, 30, 0, 0}, 0), 480);
    sheet_instant(writer, INSTANT_NONE, 480);
    sheet_end_row(writer);
    Error err = ERROR_NONE;
    assert_true(sheet_begin(writer, "Two", &err));
    sheet_text(writer, "二", SHEET_TITLE);
    sheet_end_row(writer);
    const char *data = finished(writer, &length);
    assert_string_equal(cells_of(*state, data, length, "清单"),
                        "A1=筛选：<全部> & \"其他\";A2=a\nb;C2=12.5;D2=9.95;"
                        "E2=330106199001011234;F2=123456789012345000;G2=none;"
                        "A3=2026-11-23;C3=2026-11-23T08:30:00;");
    assert_string_equal(cells_of(*state, data, length, "Two"), "A1=二;");
}

/* What strangers typed is never a formula, and no control character gets in. */
static void test_texts_stay_texts(void **state)
{
    static const char *const texts[] = {
        "=1+1",    "+86",     "-1",    "@SUM(A1)",     "=cmd|' /C calc'!A0",
        "_x0041_", "_x005F_", "\ttab", "http://x.cn/", "12"};
    size_t length;
    Buffer expected = buffer_init(*state, 0);
    SheetWriter *writer = begun(*state, "A");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sheet_text(writer, texts[i], SHEET_PLAIN);
        sheet_end_row(writer);
        buffer_printf(&expected, "A%zu=%s;", i + 1, texts[i]);
    }
    sheet_text(writer, "bell\x07 \xEF\xBF\xBF end", SHEET_PLAIN);
    buffer_add(&expected, "A11=bell  end;");
    const char *data = finished(writer, &length);
    assert_string_equal(cells_of(*state, data, length, "A"), buffer_text(&expected));
    zip_t *zip = zip_open_from_source(zip_source_buffer_create(data, length, 0, NULL), 0, NULL);
    zip_file_t *part = zip_fopen(zip, "xl/worksheets/sheet1.xml", 0);
    char xml[8192] = "";
    assert_true(zip_fread(part, xml, sizeof xml - 1) > 0);
    assert_null(strstr(xml, "<f>"));
    assert_null(strstr(xml, "<v>"));
    zip_fclose(part);
    zip_discard(zip);
}

static void test_writer_refuses(void **state)
{
    Error err = ERROR_NONE;
    const char *data;
    size_t length;
    SheetWriter *writer = begun(*state, "A");
    assert_false(sheet_begin(writer, "a/b", &err));
    assert_string_equal(err.code, "sheet.name");
    err = ERROR_NONE;
    assert_false(sheet_begin(writer, "A", &err));
    assert_string_equal(err.code, "sheet.name");
    char *text = arena_alloc(*state, SHEET_TEXT_MOST + 2);
    memset(text, 'x', SHEET_TEXT_MOST + 1);
    sheet_end_row(writer);
    sheet_text(writer, "ok", SHEET_PLAIN);
    sheet_text(writer, text, SHEET_PLAIN);
    sheet_text(writer, "after", SHEET_PLAIN);
    err = ERROR_NONE;
    assert_false(sheet_finish(writer, &data, &length, &err));
    assert_string_equal(err.code, "sheet.cell_length");
    assert_string_equal(err.with[1].value, "2");
    assert_string_equal(err.with[2].value, "2");
}

/* Rows go to the disk: twenty thousand take no more of the arena than one. */
static void test_memory_is_constant(void **state)
{
    size_t length, before;
    SheetWriter *writer = begun(*state, "A");
    before = arena_used(*state);
    for (int row = 0; row < 20000; row++) {
        for (int column = 0; column < 5; column++)
            sheet_text(writer, "浙江省示范县政务服务中心", SHEET_PLAIN);
        sheet_end_row(writer);
    }
    assert_true(arena_used(*state) <= before + 1024);
    const char *data = finished(writer, &length);
    Error err = ERROR_NONE;
    Sheet sheet;
    SheetBook *opened = sheet_open(*state, data, length, &SHEET_LIMITS, &err);
    assert_non_null(opened);
    assert_true(sheet_read(opened, "A", &sheet, &err));
    assert_int_equal(sheet.cells.count, 100000);
}

static void test_an_unfinished_file_is_gone(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    SheetWriter *writer = begun(arena, "A");
    sheet_text(writer, "never finished", SHEET_PLAIN);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_texts_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merged_cells_share_a_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sheets_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_files_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_entities_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bombs_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deep_nesting_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_written_is_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts_stay_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory_is_constant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_unfinished_file_is_gone, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
