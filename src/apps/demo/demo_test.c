/*
 * demo_test.c - the demonstration county: whole or not at all, once; and what the pack's processes
 * ask for is there: units, letters, people who may do each step.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_hall.h"

#define PROCESSES "packs/service-hall/processes"

/* ---- loading --------------------------------------------------------------------------------- */

static void test_loaded_once(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    bool is_new = true;
    hall_begin(&hall, test);
    /* Village points and townships: one of them is shown for all. */
    enum { SHOWN_BY_ANOTHER = 59 + 20 };
    size_t logins = hall.app.demo_logins.count;
    const char *before = raw_prints(&hall.raw);
    DemoCounty *county = demo_read(hall.arena, "packs/demo-county/county.json", &err);
    assert_non_null(county);
    assert_true(demo_load(&hall.app, hall.arena, county, &is_new, &err));
    assert_false(is_new);
    assert_null(raw_difference(hall.arena, before, raw_prints(&hall.raw)));
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM officer"), 125);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM account") +
                         raw_number(&hall.raw, "SELECT COUNT(*) FROM officer"),
                     (int64_t)logins + SHOWN_BY_ANOTHER);
    hall_end(&hall);
}

static void test_every_account_says_what_it_may(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    assert_true(hall.app.demo_logins.count > 20);
    list_each (DemoLogin, login, &hall.app.demo_logins) {
        bool is_told = strstr(login->label, "：") && strstr(login->label_en, ": ");
        if (!is_told || text_ends_with(login->label_en, ": "))
            fail_msg("%s: %s / %s", login->login, login->label, login->label_en);
        for (const char *at = login->label_en; *at; at++)
            if ((unsigned char)*at >= 0xE4 && (unsigned char)*at <= 0xE9)
                fail_msg("%s has Chinese in its English line", login->login);
    }
    hall_end(&hall);
}

/* A newcomer applies for a firm at once. */
static void test_a_firm_with_a_letter(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Mandates letters = {0};
    Party person;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(identity_party_by_phone(&hall.app, conn, hall.arena, "13800000003", &person, &err));
    assert_true(person.is_verified);
    assert_true(
        identity_letters_of_person(conn, hall.arena, HALL_TENANT, person.id, &letters, &err));
    db_release(conn);
    assert_int_equal(letters.count, 1);
    assert_string_equal(letters.items[0].firm_name, "青溪县知味餐饮有限公司");
    Date today = instant_date(clock_now(&hall.test->clock), CALENDAR_ZONE_CHINA);
    assert_true(identity_letter_covers(&letters.items[0], "open-restaurant", today));
    hall_end(&hall);
}

/* ---- what the processes ask for -------------------------------------------------------------- */

static bool has_unit(Hall *hall, const char *code)
{
    return raw_number(
               &hall->raw,
               arena_printf(hall->arena, "SELECT COUNT(*) FROM unit WHERE code = '%s'", code)) == 1;
}

/* candidateGroups="=[&#34;CODE&#34;]": each unit is there, and somebody works in it. */
static void expect_units(Hall *hall, const char *file, int *out_found)
{
    static const char before[] = "candidateGroups=\"=[&#34;";
    const char *at = hall_read(hall->arena, file);
    while ((at = strstr(at, before))) {
        at += strlen(before);
        const char *code = arena_text_n(hall->arena, at, strcspn(at, "&"));
        const char *sql = "SELECT COUNT(*) FROM officer o JOIN unit u ON u.id = o.unit "
                          "WHERE u.code = '%s'";
        if (!has_unit(hall, code) ||
            raw_number(&hall->raw, arena_printf(hall->arena, sql, code)) == 0)
            fail_msg("%s: nobody works in %s", file, code);
        ++*out_found;
    }
}

static void test_units_of_processes(TestDb *test)
{
    static const char *const townships[] = {"TOWN-QINGSHI", "TOWN-BAISHUI"};
    Hall hall;
    struct dirent *entry;
    int found = 0;
    hall_begin(&hall, test);
    DIR *folder = opendir(PROCESSES);
    assert_non_null(folder);
    while ((entry = readdir(folder)))
        if (text_ends_with(entry->d_name, ".bpmn"))
            expect_units(&hall, arena_printf(hall.arena, PROCESSES "/%s", entry->d_name), &found);
    closedir(folder);
    assert_true(found > 10);
    const char *form = hall_read(hall.arena, "packs/service-hall/forms/homestead.json");
    for (size_t i = 0; i < 2; i++) {
        assert_true(has_unit(&hall, townships[i]));
        assert_non_null(strstr(form, townships[i]));
    }
    hall_end(&hall);
}

/* Each letter names an item and a step of its process that asks for one. */
static void test_letters(TestDb *test)
{
    static const char *const letters[][3] = {{"m003", "food-licence", "Task_decision"},
                                             {"m003", "open-restaurant", "Task_market_opinion"},
                                             {"c002", "outdoor-ad", "Task_decision"},
                                             {"c002", "open-restaurant", "Task_city_opinion"},
                                             {"t001", "road-transport", "Task_decision"}};
    Hall hall;
    hall_begin(&hall, test);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM authorisation"), 5);
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        const char *const *letter = letters[i];
        const char *sql = "SELECT COUNT(*) FROM authorisation a JOIN officer o ON o.id = a.officer "
                          "WHERE o.login = '%s' AND a.item = '%s' AND a.element = '%s' "
                          "AND a.unit = o.unit";
        assert_int_equal(
            raw_number(&hall.raw, arena_printf(hall.arena, sql, letter[0], letter[1], letter[2])),
            1);
        const char *process =
            hall_read(hall.arena, arena_printf(hall.arena, PROCESSES "/%s.bpmn", letter[1]));
        const char *task = strstr(process, arena_printf(hall.arena, "id=\"%s\"", letter[2]));
        assert_non_null(task);
        const char *required = strstr(task, "name=\"authorisation\" value=\"required\"");
        assert_true(required && required < strstr(task, "</bpmn:userTask>"));
    }
    hall_end(&hall);
}

/* ---- files that do not fit ------------------------------------------------------------------- */

#define COUNTY(officers, letters)                                                                  \
    "{\"tenant\": {\"code\": \"x\", \"name\": \"X\", \"name_en\": \"X\", \"division\": \"99\"}, "  \
    "\"password\": \"demo-2026\", \"units\": [{\"code\": \"HALL\", \"kind\": \"section\", "        \
    "\"name\": \"H\", \"name_en\": \"H\"}], \"officers\": [" officers                              \
    "], \"authorisations\": [" letters "]}"
#define CLERK "{\"login\": \"zz01\", \"name\": \"Z\", \"unit\": \"HALL\", \"roles\": [\"admin\"]}"
#define LETTER(officer, item, until)                                                               \
    "{\"officer\": \"" officer "\", \"item\": \"" item "\", \"element\": \"*\", \"letter_no\": "   \
    "\"1\", \"valid_from\": \"2026-01-01\", \"valid_until\": \"" until "\"}"

static const struct {
    const char *text;
    const char *code;
} bad_counties[] = {
    {COUNTY("{\"login\": \"zz01\", \"name\": \"Z\", \"unit\": \"NOPE\", \"roles\": []}", ""),
     "pack.reference"},
    {COUNTY(CLERK, LETTER("zz01", "food-licence", "some day")), "pack.missing"},
    {COUNTY(CLERK, LETTER("zz01", "food-licence", "2025-01-01")), "authorisation.dates"},
    {COUNTY(CLERK, LETTER("zz02", "food-licence", "2027-01-01")), "authorisation.unknown_officer"},
    {COUNTY(CLERK, LETTER("zz01", "food", "2027-01-01")), "catalogue.unknown_item"},
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void test_whole_or_not_at_all(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    const char *path = arena_printf(hall.arena, "%s/county.json", test_folder(test));
    const char *before = raw_prints(&hall.raw);
    for (size_t i = 0; i < sizeof bad_counties / sizeof bad_counties[0]; i++) {
        Error err = ERROR_NONE;
        bool is_new;
        write_file(path, bad_counties[i].text);
        DemoCounty *county = demo_read(hall.arena, path, &err);
        assert_non_null(county);
        assert_false(demo_load(&hall.app, hall.arena, county, &is_new, &err));
        assert_string_equal(err.code, bad_counties[i].code);
        assert_null(raw_difference(hall.arena, before, raw_prints(&hall.raw)));
    }
    unlink(path);
    hall_end(&hall);
}

static void test_no_file(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    assert_null(demo_read(arena, "packs/demo-county/nowhere.json", &err));
    assert_string_equal(err.code, "pack.file");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_loaded_once),
        test_each_hall(test_every_account_says_what_it_may),
        test_each_hall(test_a_firm_with_a_letter),
        test_each_hall(test_units_of_processes),
        test_each_hall(test_letters),
        test_each_hall(test_whole_or_not_at_all),
        cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
