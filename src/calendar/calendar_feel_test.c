/* calendar_feel_test.c - FEEL's working days on the table of the nation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "calendar/calendar_feel.h"

static const FeelWorkdays *national_workdays(Arena *arena)
{
    char *text = arena_alloc(arena, 1 << 18);
    FILE *file = fopen("packs/calendar/cn-workdays.csv", "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, 1 << 18, file);
    fclose(file);
    const FeelWorkdays *workdays = calendar_feel_of_text(arena, text, length);
    assert_non_null(workdays);
    assert_null(calendar_feel_of_text(arena, "no such table", 13));
    return workdays;
}

typedef struct Case {
    const char *source;
    const char *value;
    const char *finding; /* or NULL */
} Case;

static const Case CASES[] = {
    /* the National Day of 2026: 1 to 7 October off, 20 September and 10 October worked */
    {"workdays.add(@\"2026-09-30\", 1)", "2026-10-08", NULL},
    {"workdays.add(@\"2026-10-03\", 0)", "2026-10-08", NULL},
    {"workdays.add(@\"2026-10-08\", -1)", "2026-09-30", NULL},
    {"workdays.between(@\"2026-09-30\", @\"2026-10-08\")", "1", NULL},
    {"workdays.between(@\"2026-10-08\", @\"2026-09-30\")", "-1", NULL},
    {"workdays.between(@\"2026-09-18\", @\"2026-09-20\")", "1", NULL},
    {"workdays.add(@\"2026-11-20T16:59:00+08:00\", 5)", "2026-11-27", NULL},
    {"workdays.between(@\"2090-01-01\", @\"2090-01-08\") > 0", "true", "feel.provisional"},
    {"workdays.add(@\"2099-12-31\", 1)", "null", "feel.calendar"},
    {"workdays.add(@\"1948-12-31\", 1)", "null", "feel.calendar"},
    {"workdays.between(@\"2099-01-01\", @\"2101-01-01\")", "null", "feel.calendar"},
};

static void test_cases(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    FeelScope outer = {.workdays = national_workdays(arena)};
    FeelScope scope = {.parent = &outer};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Error err = ERROR_NONE;
        FeelFindings findings = {0};
        FeelExpression *expression =
            feel_compile(arena, CASES[i].source, FEEL_EXPRESSION, NULL, &err);
        assert_non_null(expression);
        FeelValue value = feel_evaluate(expression, &scope, arena, &findings);
        const char *finding = findings.list.count ? findings.list.items[0].code : NULL;
        if (strcmp(feel_to_text(arena, value), CASES[i].value) != 0)
            fail_msg("%s: %s", CASES[i].source, feel_to_text(arena, value));
        if (!CASES[i].finding != !finding || (finding && strcmp(finding, CASES[i].finding) != 0))
            fail_msg("%s: found %s", CASES[i].source, finding ? finding : "nothing");
    }
    arena_destroy(arena);
}

static void test_without_a_calendar(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelExpression *expression =
        feel_compile(arena, "workdays.add(@\"2026-11-20\", 1)", FEEL_EXPRESSION, NULL, &err);
    assert_true(feel_is_null(feel_evaluate(expression, NULL, arena, &findings)));
    assert_string_equal(findings.list.items[0].code, "feel.no_calendar");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_without_a_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
