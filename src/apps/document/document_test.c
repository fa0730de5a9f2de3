/* document_test.c - papers are numbered by kind and year, keep what they printed, and are found by
 * their code alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "apps/document/document.h"
#include "test_hall.h"

typedef struct Issue {
    Hall *hall;
    DocumentOrder order;
    Document issued;
} Issue;

/* A paper of a test's own: nothing else draws from its numbers. */
static bool define(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    Definition out;
    Date from = date_of(2024, 1, 1);
    static const char kinds[] =
        "{\"papers\":[{\"code\":\"leaflet\",\"title\":\"告知单\",\"title_en\":\"Leaflet\","
        "\"template\":\"business-licence\",\"number\":\"{{county}}告〔{{year}}〕第{{sequence}}号\"}"
        ","
        "{\"code\":\"lost\",\"title\":\"空\",\"title_en\":\"Lost\",\"template\":\"nowhere\","
        "\"number\":\"{{sequence}}\"}],\"en\":null}";
    return definition_publish(tx, HALL_TENANT, "papers", "papers", kinds, from, NULL, &out, err) &&
           org_put_short_name(tx, HALL_TENANT, "青溪", err) && hall != NULL;
}

static bool issue(Tx *tx, void *data, Error *err)
{
    Issue *it = data;
    Document out;
    if (!document_issue(tx, &it->hall->app, &it->order, &out, err))
        return false;
    Arena *arena = it->hall->arena;
    it->issued = out;
    it->issued.number = out.number ? arena_text(arena, out.number) : NULL;
    it->issued.code = out.code ? arena_text(arena, out.code) : NULL;
    it->issued.content = out.content ? arena_text(arena, out.content) : NULL;
    return true;
}

static Issue issue_of(Hall *hall, const char *kind, Id dossier, const char *values)
{
    return (Issue){.hall = hall,
                   .order = {.kind = kind,
                             .dossier = dossier,
                             .dossier_number = "202611205964187604",
                             .item_name = "开饭店",
                             .applicant_name = "林小满",
                             .unit = hall->market.unit,
                             .values = values}};
}

static Document issued(Hall *hall, const char *kind, Id dossier, const char *values)
{
    Issue it = issue_of(hall, kind, dossier, values);
    hall_write(hall, issue, &it, "document_issue");
    return it.issued;
}

static const char *refused(Hall *hall, const char *kind, Id unit)
{
    Issue it = issue_of(hall, kind, 7, NULL);
    Error err = ERROR_NONE;
    if (unit)
        it.order.unit = unit;
    assert_false(db_write(hall->test->db, hall->arena, issue, &it, &err));
    return err.code;
}

static void begin(Hall *hall, TestDb *test)
{
    hall_begin(hall, test);
    hall_write(hall, define, hall, "definitions");
    hall_forget(hall);
}

static void test_numbers(TestDb *test)
{
    Hall hall;
    begin(&hall, test);
    Document first = issued(&hall, "leaflet", 7, NULL), second = issued(&hall, "leaflet", 7, NULL);
    assert_string_equal(first.number, "青溪告〔2026〕第000001号");
    assert_string_equal(second.number, "青溪告〔2026〕第000002号");
    assert_string_equal(first.title.zh, "告知单");
    assert_string_equal(first.title.en, "Leaflet");
    assert_string_not_equal(first.code, second.code);
    hall_clock(&hall, HALL_AT(date_of(2027, 1, 4), 9, 0));
    assert_string_equal(issued(&hall, "leaflet", 7, NULL).number, "青溪告〔2027〕第000001号");
    hall_end(&hall);
}

static void test_content(TestDb *test)
{
    Hall hall;
    begin(&hall, test);
    Document paper = issued(&hall, "leaflet", 7, "{\"due_on\":\"2026-12-01\"}");
    Json *json = json_parse(hall.arena, paper.content, strlen(paper.content), &JSON_LIMITS, NULL);
    static const char *const expected[][2] = {{"number", "青溪告〔2026〕第000001号"},
                                              {"county", "青溪"},
                                              {"issued_on", "2026-11-20"},
                                              {"issued_on_words", "2026年11月20日"},
                                              {"dossier_number", "202611205964187604"},
                                              {"item_name", "开饭店"},
                                              {"applicant_name", "林小满"},
                                              {"due_on", "2026-12-01"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(json_text(json, expected[i][0]), expected[i][1]);
    assert_string_equal(json_text(json, "code"), paper.code);
    assert_true(text_ends_with(json_text(json, "verify_url"), paper.code));
    /* Rows tell nobody what was printed. */
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM document"), 1);
    assert_null(strstr(raw_ask(&hall.raw, "SELECT number, title, code FROM document"), "林小满"));
    hall_end(&hall);
}

static void test_no_paper(TestDb *test)
{
    Hall hall;
    begin(&hall, test);
    assert_int_equal(issued(&hall, "unheard_of", 7, NULL).id, 0);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM document"), 0);
    assert_string_equal(refused(&hall, "lost", 0), "catalogue.unknown");
    assert_string_equal(refused(&hall, "leaflet", 99), "document.no_unit");
    hall_end(&hall);
}

static void test_finding(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Documents list = {0};
    Document found;
    bool is_found;
    begin(&hall, test);
    Document mine = issued(&hall, "leaflet", 7, NULL), other = issued(&hall, "leaflet", 8, NULL);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(document_list(conn, &hall.app, hall.arena, 7, &list, &err));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].content, mine.content);
    assert_true(document_find(conn, &hall.app, hall.arena, 7, mine.id, &found, &err));
    assert_string_equal(found.number, mine.number);
    assert_true(
        document_of_verify_code(conn, &hall.app, hall.arena, other.code, &found, &is_found, &err));
    assert_true(is_found && found.id == other.id && found.dossier == 8);
    assert_true(document_of_verify_code(conn, &hall.app, hall.arena, "00000000000000000000", &found,
                                        &is_found, &err));
    assert_false(is_found);
    assert_false(document_find(conn, &hall.app, hall.arena, 7, other.id, &found, &err));
    assert_string_equal(err.code, "document.unknown");
    db_release(conn);
    hall_end(&hall);
}

/* ---- codes ----------------------------------------------------------------------------------- */

static void test_codes(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Map seen = map_init(arena);
    for (int i = 0; i < 2000; i++) {
        const char *code = document_code_new(arena);
        assert_int_equal(strlen(code), DOCUMENT_CODE_LENGTH);
        assert_int_equal(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), DOCUMENT_CODE_LENGTH);
        assert_string_equal(document_code_read(arena, document_code_words(arena, code)), code);
        assert_false(map_has(&seen, code));
        map_set(&seen, code, arena);
    }
    arena_destroy(arena);
}

static void test_typed_codes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"ABCDE-FGHJK-MNPQR-STVWX", "ABCDEFGHJKMNPQRSTVWX"},
        {"abcde fghjk mnpqr stvwx", "ABCDEFGHJKMNPQRSTVWX"},
        {"oil00-00000-00000-00000", "01100000000000000000"},
        {"0123456789ABCDEF0123456789ABCDEF", "0123456789ABCDEF0123456789ABCDEF"},
        {"ABCDE", NULL},
        {"", NULL},
        {NULL, NULL},
        {"UUUUU-UUUUU-UUUUU-UUUUU", NULL},
        {"ABCDE/FGHJK/MNPQR/STVWX", NULL},
        {"ABCDEFGHJKMNPQRSTVWX0", NULL},
        {"中文中文中文中文中文中文中文中文中文", NULL},
    };
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *code = document_code_read(arena, cases[i][0]);
        assert_true(text_equal(code, cases[i][1]));
    }
    arena_destroy(arena);
}

static void test_masked_names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"林小满", "林*满"}, {"周知", "周*"}, {"林", "林"}, {"青溪宾馆", "青**馆"}, {"", ""}};
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(document_masked_name(arena, cases[i][0]), cases[i][1]);
    arena_destroy(arena);
}

static void test_amount_words(void **state)
{
    (void)state;
    static const struct {
        Fen amount;
        const char *words;
    } cases[] = {
        {0, "人民币零元整"},
        {1, "人民币壹分"},
        {50, "人民币伍角整"},
        {100, "人民币壹元整"},
        {1000, "人民币壹拾元整"},
        {8000, "人民币捌拾元整"},
        {123450, "人民币壹仟贰佰叁拾肆元伍角整"},
        {123405, "人民币壹仟贰佰叁拾肆元零伍分"},
        {100500, "人民币壹仟零伍元整"},
        {1001000, "人民币壹万零壹拾元整"},
        {10050000, "人民币壹拾万零伍佰元整"},
        {10000000000, "人民币壹亿元整"},
        {1000000010000, "人民币壹佰亿零壹佰元整"},
        {99, "人民币玖角玖分"},
    };
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(document_amount_words(arena, cases[i].amount), cases[i].words);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_numbers),        test_each_hall(test_content),
        test_each_hall(test_no_paper),       test_each_hall(test_finding),
        cmocka_unit_test(test_codes),        cmocka_unit_test(test_typed_codes),
        cmocka_unit_test(test_masked_names), cmocka_unit_test(test_amount_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
