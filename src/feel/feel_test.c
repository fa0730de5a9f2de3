/*
 * feel_test.c - runs the tables of cases in tests/feel, and the examples of the built-ins.
 *
 * A table is a text file, one case a line (blank lines and lines that begin with "#" do not count):
 *
 *     context {a: 1}            the variables of the cases that follow
 *     names Profit and loss; a+b       names that are known when reading them
 *     1 + 2 => 3                the value, written in FEEL; no findings allowed
 *     1 + "a" => null ! feel.operand 1:3      the first finding, its place may be left out
 *     test 5 | < 10, 20 => true        unary tests of an input
 *     1 + => ? 1:4 an expression       feel.syntax at that place, with those words in its message
 *     ((( => ? feel.depth 1:1          another error
 *
 * "\N" in an expression stands for a line break.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <glob.h>
#include <cmocka.h>

#include "feel/feel.h"

typedef struct Table {
    const char *path;
    int line;
    Arena *arena; /* of the table: context and names */
    FeelValue context;
    FeelNames *names;
    int cases;
    int failures;
} Table;

/* 2026-11-22T08:30:00.250Z, a Sunday */
static const Instant NOW = INT64_C(1795336200250);

static void report(Table *table, const char *expression, const char *what, const char *expected,
                   const char *got)
{
    print_error("%s:%d: %s\n    %s: expected %s\n    got %s\n", table->path, table->line,
                expression, what, expected, got);
    table->failures++;
}

/* ---- a calendar: Monday to Friday, announced until the end of 2026, none from 2030 on ---------
 */

static bool is_worked(Date day)
{
    return date_weekday(day) <= 5;
}

static void note_provisional(Date day, Date *out_provisional)
{
    if (date_is_none(*out_provisional) && date_compare(day, date_of(2026, 12, 31)) > 0)
        *out_provisional = day;
}

static bool add_workdays(void *data, Date from, int64_t count, Date *out, Date *out_provisional)
{
    (void)data;
    Date day = from;
    int step = count < 0 ? -1 : 1;
    if (count > 2000 || count < -2000 || date_compare(from, date_of(2030, 1, 1)) >= 0)
        return false;
    while (count == 0 ? !is_worked(day) : true) {
        day = date_plus(day, step);
        note_provisional(day, out_provisional);
        if (count && is_worked(day) && (count -= step) == 0)
            break;
    }
    *out = day;
    return true;
}

static bool count_workdays(void *data, Date a, Date b, int64_t *out, Date *out_provisional)
{
    (void)data;
    bool is_back = date_compare(b, a) < 0;
    Date day = is_back ? b : a, last = is_back ? a : b;
    if (date_compare(last, date_of(2030, 1, 1)) >= 0)
        return false;
    *out = 0;
    while (date_compare(day, last) < 0) {
        day = date_plus(day, 1);
        note_provisional(day, out_provisional);
        *out += is_worked(day) ? (is_back ? -1 : 1) : 0;
    }
    return true;
}

static const FeelWorkdays WORKDAYS = {.add = add_workdays, .between = count_workdays};

/* ---- one case -------------------------------------------------------------------------------- */

typedef struct Case {
    const char *source;
    const char *input; /* of unary tests, else NULL */
    const char *expected;
    const char *finding; /* "code" or "code line:column", NULL when none may be */
} Case;

static FeelValue evaluate(Table *table, Arena *arena, const char *source, FeelDialect dialect,
                          const FeelScope *scope, FeelFindings *findings, Error *err)
{
    FeelExpression *expression = feel_compile(arena, source, dialect, table->names, err);
    return expression ? feel_evaluate(expression, scope, arena, findings) : feel_null();
}

static FeelValue evaluate_plain(Table *table, Arena *arena, const char *source)
{
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelScope scope = {.variables = table->context, .now = NOW, .offset_minutes = 480};
    FeelValue value = evaluate(table, arena, source, FEEL_EXPRESSION, &scope, &findings, &err);
    if (error_is_set(&err) || findings.list.count)
        report(table, source, "the table's own value", "no trouble",
               error_is_set(&err) ? err.message : findings.list.items[0].message);
    return value;
}

static void check_error(Table *table, Arena *arena, const Case *one, const Error *err)
{
    const char *wanted = one->expected + 2;
    const char *code = strncmp(wanted, "feel.", 5) == 0 ? "" : "feel.syntax ";
    const char *got = error_is_set(err)
                          ? arena_printf(arena, "%s %d:%d", err->code, err->line, err->column)
                          : "no error";
    const char *place = arena_printf(arena, "%s%s", code, wanted);
    size_t length = strcspn(place, " ");
    length += place[length] ? 1 + strcspn(place + length + 1, " ") : 0;
    if (strncmp(place, got, length) != 0 || strlen(got) != length) {
        report(table, one->source, "error", place, got);
        return;
    }
    if (place[length] && !strstr(err->message, place + length + 1))
        report(table, one->source, "message", place + length + 1, err->message);
}

static void check_findings(Table *table, Arena *arena, const Case *one,
                           const FeelFindings *findings)
{
    const FeelFinding *first = findings->list.count ? &findings->list.items[0] : NULL;
    if (!one->finding) {
        if (first)
            report(table, one->source, "finding", "none", first->message);
        return;
    }
    const char *got =
        first ? arena_printf(arena, "%s %d:%d", first->code, first->line, first->column) : "none";
    size_t length = strchr(one->finding, ' ') ? strlen(got) : strcspn(got, " ");
    if (strlen(one->finding) != length || strncmp(got, one->finding, length) != 0)
        report(table, one->source, "finding", one->finding, got);
}

static void check_value(Table *table, Arena *arena, const Case *one, FeelValue got)
{
    FeelValue expected = evaluate_plain(table, arena, one->expected);
    const char *expected_text = feel_to_text(arena, expected);
    const char *text = feel_to_text(arena, got);
    if (expected.kind != got.kind || strcmp(text, expected_text) != 0)
        report(table, one->source, "value",
               arena_printf(arena, "%s %s", feel_kind_name(expected), expected_text),
               arena_printf(arena, "%s %s", feel_kind_name(got), text));
}

static void run_case(Table *table, const Case *one)
{
    Arena *arena = arena_create(64 << 20);
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelScope scope = {.variables = table->context,
                       .now = NOW,
                       .offset_minutes = 480,
                       .workdays = &WORKDAYS,
                       .has_input = one->input != NULL};
    if (one->input)
        scope.input = evaluate_plain(table, arena, one->input);
    FeelValue got =
        evaluate(table, arena, one->source, one->input ? FEEL_UNARY_TESTS : FEEL_EXPRESSION, &scope,
                 &findings, &err);
    table->cases++;
    if (strncmp(one->expected, "? ", 2) == 0) {
        check_error(table, arena, one, &err);
    } else if (error_is_set(&err)) {
        report(table, one->source, "reading", "success",
               arena_printf(arena, "%d:%d %s", err.line, err.column, err.message));
    } else {
        check_value(table, arena, one, got);
        check_findings(table, arena, one, &findings);
    }
    arena_destroy(arena);
}

/* ---- one table ------------------------------------------------------------------------------- */

static char *cut(char *text, const char *separator)
{
    char *found = strstr(text, separator);
    if (!found)
        return NULL;
    *found = 0;
    return found + strlen(separator);
}

static void add_names(Table *table, char *list)
{
    table->names = feel_names_create(table->arena);
    for (char *name = list, *rest; name; name = rest) {
        rest = cut(name, "; ");
        if (*name == '.')
            feel_names_add_member(table->names, name + 1);
        else
            feel_names_add(table->names, name);
    }
}

static void break_lines(char *text)
{
    for (char *found; (found = strstr(text, "\\N"));) {
        *found = '\n';
        memmove(found + 1, found + 2, strlen(found + 2) + 1);
    }
}

static void run_line(Table *table, char *line)
{
    Case one = {.source = line};
    line[strcspn(line, "\n")] = 0;
    if (*line == 0 || *line == '#')
        return;
    if (strncmp(line, "context {", 9) == 0) {
        table->context = evaluate_plain(table, table->arena, line + 8);
        return;
    }
    if (strncmp(line, "names ", 6) == 0) {
        add_names(table, line + 6);
        return;
    }
    char *expected = cut(line, " => ");
    if (!expected) {
        report(table, line, "the table", "a line with =>", "none");
        return;
    }
    one.expected = expected;
    one.finding = cut(expected, " ! ");
    if (strncmp(line, "test ", 5) == 0) {
        one.input = line + 5;
        one.source = cut(line + 5, " | ");
    }
    break_lines((char *)(uintptr_t)one.source);
    run_case(table, &one);
}

static void run_table(const char *path, int *cases, int *failures)
{
    char line[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    Table table = {.path = path, .arena = arena_create(0)};
    while (fgets(line, sizeof line, file)) {
        table.line++;
        run_line(&table, line);
    }
    fclose(file);
    arena_destroy(table.arena);
    *cases += table.cases;
    *failures += table.failures;
}

static void test_tables(void **state)
{
    (void)state;
    glob_t found;
    int cases = 0, failures = 0;
    assert_int_equal(glob("tests/feel/*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        run_table(found.gl_pathv[i], &cases, &failures);
    globfree(&found);
    print_message("%d cases, %d failures\n", cases, failures);
    assert_true(cases > 1000);
    assert_int_equal(failures, 0);
}

/* ---- the built-ins' own examples ------------------------------------------------------------- */

static void check_example(const FeelNative *native, const char *example)
{
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelScope scope = {.now = NOW, .workdays = &WORKDAYS};
    FeelExpression *expression = feel_compile(arena, example, FEEL_EXPRESSION, NULL, &err);
    if (!expression)
        fail_msg("%s: %s: %s", native->name, example, err.message);
    FeelValue value = feel_evaluate(expression, &scope, arena, &findings);
    if (!feel_is_true(value))
        fail_msg("%s: %s is not true: %s", native->name, example,
                 findings.list.count ? findings.list.items[0].message : "no finding");
    arena_destroy(arena);
}

static void test_examples(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const FeelNative *const *natives;
    size_t count = feel_builtins(arena, &natives);
    assert_true(count > 90);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(natives[i]->doc);
        assert_non_null(natives[i]->examples[0]);
        if (i)
            assert_true(strcmp(natives[i - 1]->name, natives[i]->name) <= 0);
        for (size_t k = 0; k < 3 && natives[i]->examples[k]; k++)
            check_example(natives[i], natives[i]->examples[k]);
    }
    arena_destroy(arena);
}

/* The manual's examples, as they stand on the page. */
static void test_manual(void **state)
{
    (void)state;
    static const FeelNative page = {.name = "docs/feel-builtins.md"};
    char line[1024];
    bool is_example = false;
    int count = 0;
    FILE *file = fopen("docs/feel-builtins.md", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "```", 3) == 0) {
            is_example = strcmp(line, "```feel") == 0;
        } else if (is_example) {
            check_example(&page, line);
            count++;
        }
    }
    fclose(file);
    assert_true(count > 120);
}

/* Every name is found from an expression: the tables must be sorted for that. */
static void test_builtins_are_found(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    const FeelNative *const *natives;
    size_t count = feel_builtins(arena, &natives);
    for (size_t i = 0; i < count; i++) {
        const char *source = arena_printf(arena, "%s = %s", natives[i]->name, natives[i]->name);
        Error err = ERROR_NONE;
        FeelExpression *expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, &err);
        if (!expression)
            fail_msg("%s: %s", source, err.message);
        FeelFindings findings = {0};
        if (!feel_is_true(feel_evaluate(expression, NULL, arena, &findings)))
            fail_msg("%s is not found", natives[i]->name);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_manual),
        cmocka_unit_test(test_builtins_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
