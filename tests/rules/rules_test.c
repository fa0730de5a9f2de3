/*
 * rules_test.c - the rules of amounts and of time limits: every one has a table, every row of a
 * table a scenario.
 *
 *     packs/<system>/tables/CODE.dmn        -> models, <rule> elements
 *     packs/<system>/scenarios/CODE.feature -> scenarios, their tags
 *
 * Each scenario passes; each requirement has one; the tables have no gaps and overlaps; whatever is
 * shown has its English; and without any one row some scenario fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "calendar/calendar_feel.h"
#include "dmn/dmn_check.h"
#include "format/json.h"
#include "format/xml.h"
#include "scenario/scenario.h"

enum { MODEL_BYTES = 16 * 1024 * 1024 };

/* The rules of amounts and entitlements, then those of time limits and calendars. R15 and others
 * that only report a level are default values. */
static const char *const requirements[] = {
    "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11",  "R12", "R13",
    "R14", "R15", "R16", "R17", "R18", "R19", "R20", "R21", "R22", "R23", "R23b", "R24", "R25",
    "R26", "R27", "R30", "R31", "R32", "R33", "R34", "R35", "R36", "R37", "R38",  "R39", "R40",
    "R41", "R42", "R43", "R44", "R45", "R46", "R47", "R48", "R49", "R50", "R51",  "R52", "R53",
    "R54", "R55", "R56", "R57", "R58", "R59", "R60", "R61", "R62", "R63", "R64",  "R65",
};

/* Where two sources, or two clauses of one, contradict each other, and the table has both readings,
 * or an amount is the place's to enter. */
static const char *const questions[] = {"Q01", "Q13", "Q14", "Q16", "Q17"};

/* Of the former both readings, each with the tag of the scenario that shows it. */
static const char *const readings[] = {"Q01-form",    "Q01-review", "Q13-item",
                                       "Q13-project", "Q14-public", "Q14-invited"};

typedef struct Table {
    const char *file;
    const char *code;
    const char *text;
    const DmnModel *model;
} Table;

typedef struct Shown {
    const char *file;
    ScenarioFile *scenarios;
} Shown;

typedef struct Rules {
    Arena *arena;
    const FeelWorkdays *workdays;
    LIST(Table) tables;
    LIST(Shown) files;
} Rules;

/* ---- reading --------------------------------------------------------------------------------- */

static const char *read_file(Arena *arena, const char *name)
{
    FILE *file = fopen(name, "rb");
    Buffer text = buffer_init(arena, 0);
    char part[4096];
    size_t length;
    if (!file)
        fail_msg("%s is not there", name);
    while ((length = fread(part, 1, sizeof part, file)) > 0)
        buffer_add_n(&text, part, length);
    fclose(file);
    return buffer_text(&text);
}

/* "packs/x/tables/CODE.dmn" -> "CODE". */
static const char *code_of(Arena *arena, const char *file)
{
    const char *name = strrchr(file, '/') + 1;
    return arena_text_n(arena, name, (size_t)(strrchr(name, '.') - name));
}

static void fail_error(const char *file, const Error *err)
{
    const char *what = "";
    for (size_t i = 0; i < sizeof err->with / sizeof *err->with; i++)
        if (text_equal(err->with[i].name, "what") || text_equal(err->with[i].name, "expected"))
            what = err->with[i].value;
    fail_msg("%s:%d: %s %s", file, err->line, err->code, what);
}

static void read_table(Rules *rules, const char *file)
{
    Error err = ERROR_NONE;
    Table table = {.file = arena_text(rules->arena, file), .code = code_of(rules->arena, file)};
    table.text = read_file(rules->arena, file);
    table.model = dmn_parse(rules->arena, table.text, strlen(table.text), &err);
    if (!table.model)
        fail_error(file, &err);
    list_add(rules->arena, &rules->tables, table);
}

static void read_scenarios(Rules *rules, const char *file)
{
    Error err = ERROR_NONE;
    Shown shown = {.file = arena_text(rules->arena, file)};
    const char *text = read_file(rules->arena, file);
    shown.scenarios = scenario_read(rules->arena, shown.file, text, strlen(text), &err);
    if (!shown.scenarios)
        fail_error(file, &err);
    list_add(rules->arena, &rules->files, shown);
}

/* The service hall's own limits and fees are shown by the stories of its items; of its tables
 * only who decides, what is taken off a fee, and what scores count, are rules of their own. */
static bool is_read(const char *file)
{
    return !text_starts_with(file, "packs/service-hall/") || strstr(file, "/authorisation.") ||
           strstr(file, "/fee-reductions.") || strstr(file, "/scores.");
}

static void read_all(Rules *rules, const char *pattern, void (*read)(Rules *, const char *))
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (is_read(found.gl_pathv[i]))
            read(rules, found.gl_pathv[i]);
    globfree(&found);
}

static int set_up(void **state)
{
    static Rules rules;
    rules.arena = arena_create(0);
    const char *holidays = read_file(rules.arena, "packs/calendar/cn-workdays.csv");
    rules.workdays = calendar_feel_of_text(rules.arena, holidays, strlen(holidays));
    read_all(&rules, "packs/*/tables/*.dmn", read_table);
    read_all(&rules, "packs/*/scenarios/*.feature", read_scenarios);
    *state = &rules;
    return rules.workdays && rules.tables.count && rules.files.count ? 0 : 1;
}

static int tear_down(void **state)
{
    arena_destroy(((Rules *)*state)->arena);
    return 0;
}

/* ---- running --------------------------------------------------------------------------------- */

/* The tables as they are, but one of them changed. */
typedef struct Mutation {
    const Rules *rules;
    const char *code;
    const DmnModel *model;
} Mutation;

static const DmnModel *find_table(void *data, const char *code)
{
    const Mutation *mutation = data;
    if (text_equal(mutation->code, code))
        return mutation->model;
    list_each (Table, table, &mutation->rules->tables)
        if (text_equal(table->code, code))
            return table->model;
    return NULL;
}

static ScenarioReport run_file(const Rules *rules, Arena *arena, const Shown *shown,
                               Mutation *mutation)
{
    ScenarioHost host = {.tables = {find_table, mutation}, .workdays = rules->workdays};
    ScenarioReport report;
    bool is_fine = scenario_run(shown->scenarios, &host, arena, &report);
    assert_int_equal(is_fine, report.failed == 0);
    return report;
}

static void test_all_scenarios_pass(void **state)
{
    const Rules *rules = *state;
    Mutation none = {.rules = rules};
    size_t passed = 0, failed = 0;
    list_each (Shown, shown, &rules->files) {
        ScenarioReport report = run_file(rules, rules->arena, shown, &none);
        passed += report.passed;
        failed += report.failed + report.left_out;
        list_each (ScenarioOutcome, one, &report.outcomes)
            if (one->result == SCENARIO_FAILED)
                print_error("%s:%d: %s: expected %s, got %s\n", one->failure.file,
                            one->failure.line, one->name, one->failure.expected, one->failure.got);
    }
    print_message("%zu scenarios of %zu tables\n", passed, rules->tables.count);
    assert_int_equal(failed, 0);
}

/* ---- which requirement is shown where -------------------------------------------------------- */

static bool has_tag(const ScenarioOutcome *outcome, const char *name)
{
    for (const char *const *tag = outcome->tags; *tag; tag++)
        if (text_equal(*tag + 1, name))
            return true;
    return false;
}

/* Prints the first scenario that shows it. */
static bool is_shown(const Rules *rules, const char *name)
{
    Mutation none = {.rules = rules};
    list_each (Shown, shown, &rules->files) {
        ScenarioReport report = run_file(rules, rules->arena, shown, &none);
        list_each (ScenarioOutcome, one, &report.outcomes)
            if (one->result == SCENARIO_PASSED && has_tag(one, name)) {
                print_message("%-5s %s:%d %s\n", name, shown->file, one->line, one->name);
                return true;
            }
    }
    print_error("%s: no scenario shows it\n", name);
    return false;
}

static void test_each_requirement_is_shown(void **state)
{
    size_t missing = 0;
    for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
        missing += !is_shown(*state, requirements[i]);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        missing += !is_shown(*state, questions[i]);
    assert_int_equal(missing, 0);
}

static void test_both_readings_are_shown(void **state)
{
    size_t missing = 0;
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        missing += !is_shown(*state, readings[i]);
    assert_int_equal(missing, 0);
}

/* ---- without a row --------------------------------------------------------------------------- */

/* The next <rule> element at or behind `from`; NULL when there is none. */
static const char *find_rule(const char *from, const char **out_end)
{
    static const char last[] = "</rule>";
    const char *begin = strstr(from, "<rule ");
    *out_end = begin ? strstr(begin, last) : NULL;
    if (!*out_end)
        return NULL;
    *out_end += strlen(last);
    return begin;
}

/* Whether the rule's annotation names the requirement: "R02" stands in "R02、Q01", not in "R023".
 */
static bool names(const char *begin, const char *end, const char *requirement)
{
    size_t length = strlen(requirement);
    for (const char *at = begin; at + length < end; at++)
        if (strncmp(at, requirement, length) == 0 && !isalnum((unsigned char)at[length]))
            return true;
    return false;
}

static bool is_of_rule(const ScenarioOutcome *outcome, const char *begin, const char *end)
{
    for (const char *const *tag = outcome->tags; *tag; tag++)
        if (names(begin, end, *tag + 1))
            return true;
    return false;
}

/* Whether a scenario of the rule's own requirement fails without it. */
static bool is_noticed(const Rules *rules, const Table *table, const char *begin, const char *end)
{
    Arena *arena = arena_create(MODEL_BYTES);
    Error err = ERROR_NONE;
    const char *text = arena_printf(arena, "%.*s%s", (int)(begin - table->text), table->text, end);
    Mutation mutation = {.rules = rules, .code = table->code};
    mutation.model = dmn_parse(arena, text, strlen(text), &err);
    if (!mutation.model)
        fail_error(table->file, &err);
    bool is_seen = false;
    list_each (Shown, shown, &rules->files) {
        if (!scenario_names_table(shown->scenarios, table->code))
            continue;
        ScenarioReport report = run_file(rules, arena, shown, &mutation);
        list_each (ScenarioOutcome, one, &report.outcomes)
            is_seen |= one->result == SCENARIO_FAILED && is_of_rule(one, begin, end);
    }
    arena_destroy(arena);
    return is_seen;
}

static void test_no_row_can_go(void **state)
{
    const Rules *rules = *state;
    size_t rows = 0, unseen = 0;
    list_each (Table, table, &rules->tables) {
        const char *end = table->text, *begin;
        while ((begin = find_rule(end, &end))) {
            rows++;
            if (is_noticed(rules, table, begin, end))
                continue;
            unseen++;
            print_error("%s: no scenario notices that %.60s... is gone\n", table->file, begin);
        }
    }
    print_message("%zu rows taken out one by one\n", rows);
    assert_true(rows > 0);
    assert_int_equal(unseen, 0);
}

/* ---- what a reader meets --------------------------------------------------------------------- */

static void test_no_remarks(void **state)
{
    const Rules *rules = *state;
    size_t count = 0;
    list_each (Table, table, &rules->tables) {
        DmnRemarks remarks = {0};
        dmn_check(table->model, rules->arena, &remarks);
        count += remarks.count;
        list_each (DmnRemark, remark, &remarks)
            print_error("%s:%d: %s: %s\n", table->file, remark->line, remark->code,
                        remark->message);
    }
    assert_int_equal(count, 0);
}

static bool is_shown_to_people(const XmlElement *element)
{
    static const char *const names[] = {"decision", "input", "output", "rule", "inputData"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (xml_is(element, XML_ANY_NAMESPACE, names[i]))
            return true;
    return false;
}

static size_t count_missing(const char *file, const XmlElement *element, const Json *english)
{
    size_t missing = 0;
    const char *id = xml_attribute(element, NULL, "id");
    if (is_shown_to_people(element) && text_is_empty(json_text(english, id))) {
        print_error("%s:%d: %s has no English\n", file, element->line, id);
        missing++;
    }
    xml_each (child, element)
        missing += count_missing(file, child, english);
    return missing;
}

static void test_all_texts_have_english(void **state)
{
    const Rules *rules = *state;
    size_t missing = 0;
    list_each (Table, table, &rules->tables) {
        Error err = ERROR_NONE;
        const char *overlay =
            read_file(rules->arena, arena_printf(rules->arena, "%.*s.en.json",
                                                 (int)(strlen(table->file) - 4), table->file));
        const Json *english =
            json_parse(rules->arena, overlay, strlen(overlay), &JSON_LIMITS, &err);
        const XmlElement *root =
            xml_parse(rules->arena, table->text, strlen(table->text), &XML_LIMITS, &err);
        assert_non_null(english);
        assert_non_null(root);
        missing += count_missing(table->file, root, english);
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_scenarios_pass),
        cmocka_unit_test(test_each_requirement_is_shown),
        cmocka_unit_test(test_both_readings_are_shown),
        cmocka_unit_test(test_no_row_can_go),
        cmocka_unit_test(test_no_remarks),
        cmocka_unit_test(test_all_texts_have_english),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
