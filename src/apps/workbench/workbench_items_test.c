/*
 * workbench_items_test.c - workbooks of items: what their rows become, what is told of wrong ones,
 * and how they come to be in force together with their limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/workbench/workbench_items_internal.h"
#include "apps/workbench/workbench_store.h"
#include "test_hall.h"

enum { CELLS_MOST = 30 };
#define DAY date_of(2026, 12, 1)

/* ---- workbooks ------------------------------------------------------------------------------- */

static const char *const item_heads[] = {
    "事项编码",         "事项名称", "事项名称（英文）", "事项简介",
    "事项简介（英文）", "办理部门", "办理地点和时间",   "办理地点和时间（英文）",
    "办件类型",         "主题",     "法定时限",         "承诺时限",
    "时限单位",         "收费说明", "收费说明（英文）", "申请条件",
    "申请条件（英文）", NULL};
/* The same in English, moved about, with one that is left out. */
static const char *const english_heads[] = {"Name",
                                            "Code",
                                            "Name in English",
                                            "Summary",
                                            "Summary in English",
                                            "Department",
                                            "Kind",
                                            "Topic",
                                            "Where and when",
                                            "Where and when in English",
                                            "Statutory limit",
                                            "Promised limit",
                                            "Unit of the limits",
                                            "Fees",
                                            "Fees in English",
                                            NULL};

static const char *const event[] = {"outdoor-event",
                                    "户外活动备案",
                                    "Outdoor event",
                                    "办活动要备案。",
                                    "An event is notified.",
                                    "CITY",
                                    "一楼",
                                    "Ground floor",
                                    "承诺件",
                                    "开店办企业",
                                    "20",
                                    "5",
                                    "工作日",
                                    "不收费",
                                    "Free",
                                    "第一\n第二",
                                    "One\nTwo",
                                    NULL};
static const char *const basis_heads[] = {
    "事项编码", "法律法规名称", "法律法规名称（英文）", "条款", "条款（英文）", "核对日期", NULL};
static const char *const event_basis[] = {
    "outdoor-event", "市容条例", "Regulation on Appearance", "第十四条", "Article 14",
    "2026-11-01",    NULL};

typedef struct Book {
    const char *const *rows[8]; /* of items, under their heads */
    const char *const *heads;
    const char *const *basis; /* NULL: no sheet of them */
} Book;

static void write_row(SheetWriter *writer, const char *const *cells)
{
    for (; *cells; cells++)
        sheet_text(writer, *cells, SHEET_PLAIN);
    sheet_end_row(writer);
}

static DbBytes write_book(Arena *arena, const Book *book)
{
    Error err = ERROR_NONE;
    const char *data;
    size_t length;
    SheetWriter *writer = sheet_writer(arena, &err);
    assert_true(sheet_begin(writer, "事项", &err));
    write_row(writer, book->heads);
    for (size_t i = 0; book->rows[i]; i++)
        write_row(writer, book->rows[i]);
    if (book->basis) {
        assert_true(sheet_begin(writer, "Legal bases", &err));
        write_row(writer, basis_heads);
        write_row(writer, book->basis);
    }
    assert_true(sheet_finish(writer, &data, &length, &err));
    return (DbBytes){data, length};
}

static ItemsPlan plan_of(Hall *hall, DbBytes data)
{
    Error err = ERROR_NONE;
    ItemsPlan plan;
    DbConn *conn = db_reader(hall->test->db, &err);
    if (!items_plan(&hall->app, conn, hall->arena, LANGUAGE_ZH, data.data, data.size, DAY, &plan,
                    &err))
        hall_fail("items_plan", &err);
    db_release(conn);
    return plan;
}

static const char *first_problem(Hall *hall, const ItemLine *line)
{
    assert_true(error_is_set(&line->problems));
    return message_of_error(hall->arena, LANGUAGE_EN, &line->problems);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void test_a_new_item_and_its_rule(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Book book = {{event}, item_heads, event_basis};
    ItemsPlan plan = plan_of(&hall, write_book(hall.arena, &book));
    assert_int_equal(plan.counts[ITEM_NEW], 1);
    assert_true(items_plan_is_right(&plan, false));
    const ItemLine *line = &plan.lines.items[0];
    assert_string_equal(line->name.en, "Outdoor event");
    assert_non_null(strstr(line->files.source, "\"process\": \"general-promised\""));
    assert_non_null(strstr(line->files.source, "\"conditions\": [\"第一\", \"第二\"]"));
    assert_non_null(strstr(line->files.english, "\"conditions\": [\"One\", \"Two\"]"));
    assert_non_null(strstr(line->files.source, "\"checked_on\": \"2026-11-01\""));
    assert_non_null(strstr(plan.limits.source, "\"outdoor-event\""));
    assert_non_null(strstr(plan.limits.source, "《市容条例》第十四条；承诺5个工作日。"));
    assert_non_null(strstr(plan.limits.english, "Regulation on Appearance, Article 14; promised "
                                                "within 5 working days."));
    hall_end(&hall);
}

static void test_headings_in_english_in_any_order(TestDb *test)
{
    static const char *const row[] = {"户外活动备案",
                                      "outdoor-event",
                                      "Outdoor event",
                                      "办活动要备案。",
                                      "An event is notified.",
                                      "CITY",
                                      "Time-promised",
                                      "Starting a business",
                                      "一楼",
                                      "Ground floor",
                                      "20",
                                      "0",
                                      "months",
                                      "不收费",
                                      "Free",
                                      NULL};
    Hall hall;
    hall_begin(&hall, test);
    Book book = {{row}, english_heads, event_basis};
    ItemsPlan plan = plan_of(&hall, write_book(hall.arena, &book));
    assert_int_equal(plan.counts[ITEM_NEW], 1);
    assert_non_null(strstr(plan.limits.english, "promised on the spot"));
    hall_end(&hall);
}

static void test_what_is_there_is_changed_cell_by_cell(TestDb *test)
{
    static const char *const heads[] = {
        "事项编码", "收费说明", "收费说明（英文）", "法定时限", "承诺时限", "时限单位", NULL};
    static const char *const fee[] = {"hotel-hygiene", "免费", "Free", NULL};
    static const char *const limit[] = {"food-licence", "", "", "10", "5", "工作日", NULL};
    static const char *const same[] = {"outdoor-ad", "", "", "20", "7", "working_days", NULL};
    static const char *all[ITEMS_COLUMNS_MOST + 1];
    size_t count = 0;
    for (; heads[count]; count++)
        all[count] = heads[count];
    for (size_t i = 1; item_heads[i]; i++)
        if (!strstr(item_heads[i], "收费") && !strstr(item_heads[i], "时限"))
            all[count++] = item_heads[i];
    all[count] = NULL;
    Hall hall;
    hall_begin(&hall, test);
    Book book = {{fee, limit, same}, all, NULL};
    ItemsPlan plan = plan_of(&hall, write_book(hall.arena, &book));
    assert_int_equal(plan.counts[ITEM_CHANGED], 2);
    assert_int_equal(plan.counts[ITEM_SAME], 1);
    const ItemLine *line = &plan.lines.items[0];
    assert_int_equal(line->changes.count, 2);
    assert_string_equal(line->changes.items[0], "import.items.fee_note");
    assert_non_null(strstr(line->files.source, "\"materials_by\""));
    assert_string_equal(plan.lines.items[1].changes.items[0], "import.limits");
    assert_non_null(strstr(plan.limits.source, "<outputEntry id=\"Rule_food_licence_promised\">\n"
                                               "          <text>5</text>"));
    assert_non_null(strstr(plan.limits.english, "\"Rule_food_licence\": \""));
    hall_end(&hall);
}

static void test_wrong_rows_are_told_and_left_out(TestDb *test)
{
    static const char *bad[CELLS_MOST];
    for (size_t i = 0; event[i]; i++)
        bad[i] = event[i];
    bad[ITEM_CODE] = "other-event";
    bad[11] = "21";
    Hall hall;
    hall_begin(&hall, test);
    Book book = {{event, bad, event}, item_heads, event_basis};
    ItemsPlan plan = plan_of(&hall, write_book(hall.arena, &book));
    assert_int_equal(plan.counts[ITEM_NEW], 1);
    assert_int_equal(plan.counts[ITEM_WRONG], 2);
    assert_false(items_plan_is_right(&plan, false));
    assert_true(items_plan_is_right(&plan, true));
    assert_non_null(strstr(first_problem(&hall, &plan.lines.items[1]), "L3: the promise"));
    assert_non_null(
        strstr(first_problem(&hall, &plan.lines.items[2]), "A4: this code stands in A2"));
    assert_null(strstr(plan.limits.source, "other-event"));
    DefinitionSet files = {0};
    items_plan_files(hall.arena, &plan, &files);
    assert_int_equal(files.count, 2);
    hall_end(&hall);
}

static void test_other_files(TestDb *test)
{
    static const char *const two[] = {"事项编码", "事项编码", NULL};
    static const char *const nothing[] = {NULL};
    Hall hall;
    ItemsBook out;
    Error none = ERROR_NONE, heads = ERROR_NONE, empty = ERROR_NONE;
    hall_begin(&hall, test);
    assert_false(items_read(hall.arena, "no", 2, &out, &none));
    assert_string_equal(none.code, "sheet.format");
    Book book = {{nothing}, two, NULL};
    DbBytes data = write_book(hall.arena, &book);
    assert_false(items_read(hall.arena, data.data, data.size, &out, &heads));
    assert_string_equal(heads.code, "import.heading_twice");
    book.heads = item_heads;
    data = write_book(hall.arena, &book);
    assert_false(items_read(hall.arena, data.data, data.size, &out, &empty));
    assert_string_equal(empty.code, "import.empty");
    hall_end(&hall);
}

/* ---- an import from beginning to end --------------------------------------------------------- */

typedef struct Importing {
    Hall *hall;
    const User *officer;
    DbBytes workbook;
    DefinitionSet files;
    Publication what;
    Id newest, import;
} Importing;

static bool run_import(Tx *tx, void *data, Error *err)
{
    Importing *it = data;
    return workbench_import(tx, &it->hall->app, it->officer, "a.xlsx", it->workbook, &it->import,
                            err);
}

static bool run_save(Tx *tx, void *data, Error *err)
{
    Importing *it = data;
    return workbench_import_save(tx, &it->hall->app, it->officer, it->import, &it->files,
                                 it->newest, err);
}

static bool run_publish(Tx *tx, void *data, Error *err)
{
    Importing *it = data;
    return workbench_import_publish(tx, &it->hall->app, it->officer, it->import, &it->what, err);
}

static bool run_discard(Tx *tx, void *data, Error *err)
{
    Importing *it = data;
    return workbench_import_discard(tx, &it->hall->app, it->officer, it->import, err);
}

static bool attempt(Importing *it, bool (*run)(Tx *, void *, Error *), Error *err)
{
    *err = ERROR_NONE;
    return db_write(it->hall->test->db, it->hall->arena, run, it, err);
}

static void succeed(Importing *it, bool (*run)(Tx *, void *, Error *), const char *what)
{
    Error err;
    if (!attempt(it, run, &err))
        hall_fail(what, &err);
}

static void refused(Importing *it, bool (*run)(Tx *, void *, Error *), const char *code)
{
    Error err;
    assert_false(attempt(it, run, &err));
    assert_string_equal(err.code, code);
}

static void read_newest(Importing *it)
{
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(it->hall->test->db, &err);
    assert_true(definition_newest_id(conn, HALL_TENANT, &it->newest, &err));
    db_release(conn);
}

static void read_drafts(Importing *it)
{
    Error err = ERROR_NONE;
    DefinitionSet files = {0};
    DbConn *conn = db_reader(it->hall->test->db, &err);
    it->what = (Publication){.newest = it->newest, .from = DAY, .division = "", .reason = "清理"};
    assert_true(store_drafts_of_import(conn, it->hall->arena, HALL_TENANT, it->import, &files,
                                       &it->what.drafts, &err));
    db_release(conn);
}

static void begin_import(Importing *it, Hall *hall)
{
    Book book = {{event}, item_heads, event_basis};
    *it = (Importing){.hall = hall, .officer = &hall->admin};
    it->workbook = write_book(hall->arena, &book);
    ItemsPlan plan = plan_of(hall, it->workbook);
    items_plan_files(hall->arena, &plan, &it->files);
    read_newest(it);
    succeed(it, run_import, "workbench_import");
}

static void test_from_workbook_to_versions(TestDb *test)
{
    Hall hall;
    Importing it;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    begin_import(&it, &hall);
    it.newest++;
    refused(&it, run_save, "workbench.moved");
    it.newest--;
    succeed(&it, run_save, "workbench_import_save");
    refused(&it, run_save, "workbench.import_saved");
    read_drafts(&it);
    assert_int_equal(it.what.drafts.count, 2);
    succeed(&it, run_publish, "workbench_import_publish");
    refused(&it, run_publish, "workbench.no_import");
    DbConn *conn = db_reader(test->db, &err);
    const Item *item = catalogue_item(&hall.app, conn, "outdoor-event", DAY, &err);
    ItemLimits limits;
    assert_non_null(item);
    assert_true(
        catalogue_limits(&hall.app, conn, hall.arena, item, DAY, feel_null(), &limits, &err));
    assert_int_equal(limits.statutory, 20);
    assert_int_equal(limits.promised, 5);
    db_release(conn);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_draft"), 0);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_import"), 0);
    ItemsPlan again = plan_of(&hall, it.workbook);
    assert_int_equal(again.counts[ITEM_SAME], 1);
    hall_end(&hall);
}

static void test_thrown_away_by_its_author(TestDb *test)
{
    Hall hall;
    Importing it;
    hall_begin(&hall, test);
    begin_import(&it, &hall);
    Id first = it.import;
    succeed(&it, run_import, "workbench_import");
    assert_true(it.import != first);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_import"), 1);
    succeed(&it, run_save, "workbench_import_save");
    ItemsPlan other = plan_of(&hall, it.workbook);
    assert_non_null(strstr(first_problem(&hall, &other.lines.items[0]), "there is a draft"));
    it.officer = &hall.supervisor;
    refused(&it, run_discard, "workbench.author");
    it.officer = &hall.admin;
    succeed(&it, run_discard, "workbench_import_discard");
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_draft"), 0);
    refused(&it, run_discard, "workbench.no_import");
    hall_end(&hall);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void test_lines_and_words(void **state)
{
    (void)state;
    size_t count;
    Arena *arena = arena_create(0);
    assert_string_equal(items_lines(arena, " 一 \n\n二|三", &count), "[\"一\", \"二\", \"三\"]");
    assert_int_equal(count, 3);
    assert_string_equal(items_words(arena, "开店、酒店，a b; \"c\""),
                        "[\"开店\", \"酒店\", \"a b\", \"\\\"c\\\"\"]");
    assert_string_equal(items_lines(arena, "", &count), "[]");
    arena_destroy(arena);
}

static void test_members_are_exchanged(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    const char *text = "{\"a\":1,\"b\":[1,2]}";
    ItemMembers members = {0};
    Json *before = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    list_add(arena, &members, ((ItemMember){"a", "2"}));
    list_add(arena, &members, ((ItemMember){"c", "null"}));
    const char *made = items_merge(arena, before, &members, false);
    assert_string_equal(made, "{\"a\": 2, \"b\": [1,2], \"c\": null}");
    Json *after = json_parse(arena, made, strlen(made), &JSON_LIMITS, &err);
    assert_false(items_json_equal(before, after));
    assert_true(items_json_equal(json_get(before, "b"), json_get(after, "b")));
    assert_false(items_json_equal(before, NULL));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_and_words),
        cmocka_unit_test(test_members_are_exchanged),
        test_each_hall(test_a_new_item_and_its_rule),
        test_each_hall(test_headings_in_english_in_any_order),
        test_each_hall(test_what_is_there_is_changed_cell_by_cell),
        test_each_hall(test_wrong_rows_are_told_and_left_out),
        test_each_hall(test_other_files),
        test_each_hall(test_from_workbook_to_versions),
        test_each_hall(test_thrown_away_by_its_author),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
