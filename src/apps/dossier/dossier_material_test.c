/*
 * dossier_material_test.c - which materials are asked for: one rule for the page, filing, papers
 * and supplements; what an expression of a pack may count with; their order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

typedef struct Asking {
    const char *condition;
    const char *answers;
    bool is_asked;
    bool is_unsure;
} Asking;

static const Asking askings[] = {
    {NULL, "{}", true, false},
    {"area > 100", "{\"area\":150}", true, false},
    {"area > 100", "{\"area\":50}", false, false},
    {"area > 100", "{}", true, true}, /* not answered yet: listed until it is */
    {"area > 100", "{\"area\":\"many\"}", true, true},
    {"kind = \"own\"", "{}", false, false}, /* null is not "own": that is an answer */
    /* 1 to 7 October 2026 are a holiday. */
    {"workdays.add(date(from), 1) = date(\"2026-10-08\")", "{\"from\":\"2026-09-30\"}", true,
     false},
    {"workdays.add(date(from), 1) = date(\"2026-10-01\")", "{\"from\":\"2026-09-30\"}", false,
     false},
};

static void test_asking(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(hall.test->db, &err);
    for (size_t i = 0; i < sizeof askings / sizeof askings[0]; i++) {
        const Asking *one = &askings[i];
        ItemMaterial material = {.code = "m"};
        FeelValue answers = feel_from_json(hall.arena, hall_json(&hall, one->answers));
        FeelScope scope =
            calendars_scope(&hall.app, conn, hall.arena, answers, clock_now(&hall.test->clock));
        bool is_unsure;
        if (one->condition)
            material.condition =
                feel_compile(hall.arena, one->condition, FEEL_EXPRESSION, NULL, &err);
        if (material_is_asked_for(&material, &scope, hall.arena, &is_unsure) != one->is_asked ||
            is_unsure != one->is_unsure)
            fail_msg("%s with %s", one->condition, one->answers);
    }
    db_release(conn);
    hall_end(&hall);
}

/* Without a calendar a condition on working days cannot be told; nothing else suffers. */
static void test_no_calendar(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    bool is_unsure;
    hall_begin(&hall, test);
    App bare = hall.app;
    bare.calendars = NULL;
    ItemMaterial material = {
        .condition =
            feel_compile(hall.arena, "workdays.add(date(\"2026-09-30\"), 1) > date(\"2026-10-01\")",
                         FEEL_EXPRESSION, NULL, &err)};
    FeelScope scope = calendars_scope(&bare, NULL, hall.arena, feel_null(), 0);
    assert_null(scope.workdays);
    assert_true(material_is_asked_for(&material, &scope, hall.arena, &is_unsure));
    assert_true(is_unsure);
    hall_end(&hall);
}

/* A guide's list and a dossier's are read side by side. */
static void test_order(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    const Item *item = hall_item(&hall, "hotel-hygiene");
    MaterialStates states = {0};
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(store_materials(conn, hall.arena, HALL_TENANT, dossier, &states, &err));
    db_release(conn);
    assert_true(states.count > 2);
    size_t at = 0;
    list_each (ItemMaterial, material, &item->materials)
        if (at < states.count && text_equal(states.items[at].code, material->code))
            at++;
    assert_int_equal(at, states.count);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_asking),
        test_each_hall(test_no_calendar),
        test_each_hall(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
