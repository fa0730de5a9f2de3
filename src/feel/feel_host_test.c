/* feel_host_test.c - what a host sees of the engine: scopes, limits, functions, values, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "feel/feel.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

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

static FeelExpression *compile(Arena *arena, const char *source)
{
    Error err = ERROR_NONE;
    FeelExpression *expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, &err);
    if (!expression)
        fail_msg("%s: %d:%d %s", source, err.line, err.column, err.message);
    return expression;
}

static FeelValue run(Arena *arena, const char *source, const FeelScope *scope,
                     FeelFindings *findings)
{
    return feel_evaluate(compile(arena, source), scope, arena, findings);
}

static void assert_value(Arena *arena, FeelValue value, const char *expected)
{
    assert_string_equal(feel_to_text(arena, value), expected);
}

static FeelValue context_of(Arena *arena, const char *source)
{
    FeelValue value = run(arena, source, NULL, NULL);
    assert_int_equal(value.kind, FEEL_CONTEXT);
    return value;
}

static void assert_finding(const FeelFindings *findings, const char *code)
{
    assert_true(findings->list.count > 0);
    assert_string_equal(findings->list.items[0].code, code);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void test_size(void **state)
{
    (void)state;
    assert_int_equal(sizeof(FeelValue), 24);
    FeelValue zero;
    memset(&zero, 0, sizeof zero);
    assert_true(feel_is_null(zero));
}

static void test_conditions(void **state)
{
    (void)state;
    assert_true(feel_is_true(FEEL_TRUE));
    assert_false(feel_is_true(FEEL_FALSE));
    assert_false(feel_is_true(feel_null()));
    assert_false(feel_is_true(feel_int(1)));
    assert_int_equal(feel_condition(FEEL_TRUE), FEEL_YES);
    assert_int_equal(feel_condition(FEEL_FALSE), FEEL_NO);
    assert_int_equal(feel_condition(feel_null()), FEEL_UNKNOWN);
    assert_int_equal(feel_condition(feel_string("true")), FEEL_UNKNOWN);
}

static void test_scalars(void **state)
{
    Arena *arena = *state;
    int64_t number = 7;
    assert_true(feel_to_int64(feel_int(-5), &number));
    assert_int_equal(number, -5);
    assert_false(feel_to_int64(feel_string("5"), &number));
    assert_false(feel_to_int64(run(arena, "1.5", NULL, NULL), &number));
    assert_int_equal(number, -5);
    assert_string_equal(feel_text(feel_string("a")), "a");
    assert_null(feel_text(feel_int(1)));
    assert_true(feel_is_null(feel_string(NULL)));
    assert_string_equal(feel_text(feel_string_copy(arena, "abcdef", 3)), "abc");
    assert_string_equal(feel_kind_name(feel_months(1)), "years and months duration");
}

static void test_dates(void **state)
{
    Arena *arena = *state;
    Date date = date_of(2026, 11, 22), back;
    Instant moment;
    FeelValue value = feel_date(date);
    assert_value(arena, value, "2026-11-22");
    assert_true(feel_to_date(value, &back));
    assert_int_equal(back.day, date.day);
    assert_true(feel_is_null(feel_date(DATE_NONE)));
    assert_false(feel_to_date(feel_int(1), &back));
    assert_false(feel_to_date(run(arena, "@\"10000-01-01\"", NULL, NULL), &back));
    assert_true(feel_to_instant(value, 480, &moment));
    assert_true(moment == date_start(date, 480));
}

typedef struct InstantCase {
    Instant instant;
    int offset_minutes;
    const char *text;
} InstantCase;

static void test_instants(void **state)
{
    Arena *arena = *state;
    static const InstantCase cases[] = {
        {0, 0, "1970-01-01T00:00:00Z"},
        {-1, 0, "1969-12-31T23:59:59.999Z"},
        {1795336200250, 480, "2026-11-22T16:30:00.25+08:00"},
        {1795336200000, -210, "2026-11-22T05:00:00-03:30"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        FeelValue value = feel_instant(cases[i].instant, cases[i].offset_minutes);
        Instant back = 5;
        assert_value(arena, value, cases[i].text);
        assert_true(feel_to_instant(value, 0, &back));
        assert_true(back == cases[i].instant);
    }
    Instant back;
    assert_true(feel_is_null(feel_instant(INSTANT_NONE, 0)));
    FeelValue local = run(arena, "@\"2026-11-22T16:30:00\"", NULL, NULL);
    assert_true(feel_to_instant(local, 480, &back));
    assert_true(back == 1795336200000);
    FeelValue named = run(arena, "@\"2026-11-22T16:30:00@Asia/Shanghai\"", NULL, NULL);
    assert_true(feel_to_instant(named, 0, &back));
    assert_true(back == 1795336200000);
    assert_false(
        feel_to_instant(run(arena, "@\"999999999-12-31T00:00:00Z\"", NULL, NULL), 0, &back) &&
        back < 0);
    assert_false(feel_to_instant(run(arena, "@\"16:30:00\"", NULL, NULL), 0, &back));
}

static void test_durations(void **state)
{
    Arena *arena = *state;
    int64_t milliseconds;
    assert_value(arena, feel_milliseconds(-1500), "-PT1.5S");
    assert_value(arena, feel_milliseconds(90000), "PT1M30S");
    assert_value(arena, feel_months(-14), "-P1Y2M");
    assert_true(feel_to_milliseconds(feel_milliseconds(-1500), &milliseconds));
    assert_int_equal(milliseconds, -1500);
    assert_false(feel_to_milliseconds(feel_months(1), &milliseconds));
    assert_false(
        feel_to_milliseconds(run(arena, "@\"P999999999999D\" * 100", NULL, NULL), &milliseconds));
    FeelValue start = run(arena, "@\"2026-11-22T08:00:00Z\"", NULL, NULL);
    assert_value(arena, feel_plus_duration(arena, start, feel_milliseconds(3600000)),
                 "2026-11-22T09:00:00Z");
    assert_value(arena, feel_plus_duration(arena, start, feel_months(2)), "2027-01-22T08:00:00Z");
    assert_true(feel_is_null(feel_plus_duration(arena, start, feel_int(1))));
    assert_true(feel_is_null(feel_plus_duration(arena, start, start)));
}

static void test_temporal_text(void **state)
{
    Arena *arena = *state;
    static const char *const texts[] = {
        "2026-11-22", "08:30:00+08:00", "2026-11-22T08:30:00",
        "P1Y2M",      "P1DT2H",         "2026-11-22T08:30:00@Asia/Shanghai"};
    FeelValue value = feel_int(7);
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_true(feel_from_temporal_text(arena, texts[i], &value));
        assert_value(arena, value, texts[i]);
    }
    assert_false(feel_from_temporal_text(arena, "tomorrow", &value));
    assert_false(feel_from_temporal_text(arena, "", &value));
}

static void test_lists(void **state)
{
    Arena *arena = *state;
    FeelValue items[] = {feel_int(1), feel_string("a"), feel_null()};
    FeelValue list = feel_list(arena, items, 3);
    items[0] = feel_int(9); /* the list has its own copy */
    assert_value(arena, list, "[1, \"a\", null]");
    assert_int_equal(feel_count(list), 3);
    assert_value(arena, feel_item(list, 1), "a");
    assert_true(feel_is_null(feel_item(list, 3)));
    assert_int_equal(feel_count(feel_int(1)), 0);
    assert_value(arena, feel_list(arena, NULL, 0), "[]");
}

static void test_list_depth(void **state)
{
    Arena *arena = *state;
    FeelValue value = feel_int(1);
    for (int i = 0; i < FEEL_VALUE_DEPTH; i++) {
        value = feel_list(arena, &value, 1);
        assert_int_equal(value.kind, FEEL_LIST);
    }
    assert_true(feel_is_null(feel_list(arena, &value, 1)));
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "a", value);
    assert_true(feel_is_null(feel_context_end(&builder)));
}

/* Sharing makes a value of a million million nodes out of forty lists: it must not come into being.
 */
static void test_list_weight(void **state)
{
    Arena *arena = *state;
    FeelValue value = feel_int(1);
    int levels = 0;
    while (value.kind != FEEL_NULL && levels < 60) {
        FeelValue pair[] = {value, value};
        value = feel_list(arena, pair, 2);
        levels++;
    }
    assert_true(levels < 25);
}

static void test_contexts(void **state)
{
    Arena *arena = *state;
    FeelContextBuilder builder = feel_context_begin(arena);
    for (int i = 0; i < 100; i++)
        feel_context_put(&builder, arena_printf(arena, "name %d", i), feel_int(i));
    feel_context_put(&builder, "name 5", feel_string("again"));
    FeelValue context = feel_context_end(&builder);
    assert_int_equal(context.as.context->count, 100);
    assert_value(arena, *feel_member(context, "name 5"), "again");
    assert_value(arena, *feel_member(context, "name 99"), "99");
    assert_string_equal(context.as.context->entries[5].name, "name 5");
    assert_null(feel_member(context, "name 100"));
    assert_null(feel_member(feel_int(1), "a"));
    assert_ptr_equal(feel_member_hashed(context, "name 7", feel_hash("name 7")),
                     feel_member(context, "name 7"));
}

static void test_ranges(void **state)
{
    Arena *arena = *state;
    FeelValue range = feel_range(arena, feel_int(1), true, feel_int(5), false);
    assert_value(arena, range, "[1..5)");
    assert_int_equal(feel_range_has(range, feel_int(1)), FEEL_YES);
    assert_int_equal(feel_range_has(range, feel_int(5)), FEEL_NO);
    assert_int_equal(feel_range_has(range, feel_string("a")), FEEL_UNKNOWN);
    assert_int_equal(feel_range_has(feel_int(1), feel_int(1)), FEEL_UNKNOWN);
    assert_true(feel_is_null(feel_range(arena, feel_int(1), true, feel_string("a"), true)));
    assert_true(feel_is_null(feel_range(arena, feel_null(), true, feel_null(), true)));
    assert_int_equal(feel_range(arena, feel_int(1), true, feel_null(), true).kind, FEEL_RANGE);
}

/* ---- scopes ---------------------------------------------------------------------------------- */

static void test_scope_chain(void **state)
{
    Arena *arena = *state;
    FeelScope outer = {.variables = context_of(arena, "{a: 1, b: 2}")};
    FeelScope inner = {.parent = &outer, .variables = context_of(arena, "{b: 20, c: 30}")};
    assert_value(arena, run(arena, "[a, b, c]", &inner, NULL), "[1, 20, 30]");
    FeelScope none = {.parent = &outer};
    assert_value(arena, run(arena, "a + b", &none, NULL), "3");
}

static void test_without_scope(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    assert_value(arena, run(arena, "1 + 1", NULL, NULL), "2");
    assert_true(feel_is_null(run(arena, "a", NULL, NULL)));
    assert_true(feel_is_null(run(arena, "now()", NULL, &findings)));
    assert_finding(&findings, "feel.no_clock");
}

static void test_clock(void **state)
{
    Arena *arena = *state;
    FeelScope scope = {.now = 1795336200250, .offset_minutes = 480};
    assert_value(arena, run(arena, "now()", &scope, NULL), "2026-11-22T16:30:00.25+08:00");
    assert_value(arena, run(arena, "today()", &scope, NULL), "2026-11-22");
    scope.zone = "America/New_York";
    assert_value(arena, run(arena, "now()", &scope, NULL),
                 "2026-11-22T03:30:00.25@America/New_York");
    scope.zone = "No/Where";
    assert_value(arena, run(arena, "now()", &scope, NULL), "2026-11-22T16:30:00.25+08:00");
}

static void test_evaluate_again(void **state)
{
    Arena *arena = *state;
    FeelExpression *expression = compile(arena, "if x > 5 then \"big\" else \"small\"");
    Arena *scratch = arena_create(0);
    for (int i = 0; i < 10; i++) {
        ArenaMark mark = arena_mark(scratch);
        FeelContextBuilder builder = feel_context_begin(scratch);
        feel_context_put(&builder, "x", feel_int(i));
        FeelScope scope = {.variables = feel_context_end(&builder)};
        FeelValue value = feel_evaluate(expression, &scope, scratch, NULL);
        assert_string_equal(feel_text(value), i > 5 ? "big" : "small");
        arena_reset(scratch, mark);
    }
    arena_destroy(scratch);
}

static void test_unary_tests(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelExpression *tests = feel_compile(arena, "< 5, > 10", FEEL_UNARY_TESTS, NULL, &err);
    FeelExpression *dash = feel_compile(arena, " - ", FEEL_UNARY_TESTS, NULL, &err);
    assert_non_null(tests);
    assert_non_null(dash);
    assert_true(feel_is_irrelevant(dash));
    assert_false(feel_is_irrelevant(tests));
    FeelScope scope = {.has_input = true, .input = feel_int(12)};
    assert_true(feel_is_true(feel_evaluate(tests, &scope, arena, NULL)));
    scope.input = feel_int(7);
    assert_int_equal(feel_condition(feel_evaluate(tests, &scope, arena, NULL)), FEEL_NO);
    assert_true(feel_is_null(feel_evaluate(tests, NULL, arena, &findings)));
    assert_finding(&findings, "feel.no_input");
    assert_true(feel_is_true(feel_evaluate(dash, NULL, arena, NULL)));
}

/* ---- reading --------------------------------------------------------------------------------- */

static void assert_refused(Arena *arena, const char *source, ErrorKind kind, const char *code)
{
    Error err = ERROR_NONE;
    assert_null(feel_compile(arena, source, FEEL_EXPRESSION, NULL, &err));
    assert_int_equal(err.kind, kind);
    assert_string_equal(err.code, code);
    assert_non_null(err.message);
}

static char *repeated(Arena *arena, const char *open, int count, const char *middle,
                      const char *close)
{
    Buffer text = buffer_init(arena, 0);
    for (int i = 0; i < count; i++)
        buffer_add(&text, open);
    buffer_add(&text, middle);
    for (int i = 0; i < count; i++)
        buffer_add(&text, close);
    return arena_text(arena, buffer_text(&text));
}

static void test_refused_sources(void **state)
{
    Arena *arena = *state;
    assert_refused(arena, "", ERROR_INVALID, "feel.syntax");
    assert_refused(arena, "   ", ERROR_INVALID, "feel.syntax");
    assert_refused(arena, "\"\xFF\"", ERROR_INVALID, "feel.encoding");
    assert_refused(arena, "\xED\xA0\x80", ERROR_INVALID, "feel.encoding");
    assert_refused(arena, repeated(arena, "1", 300000, "1", ""), ERROR_TOO_LARGE, "feel.size");
}

/* Whatever nests is refused with an error long before the stack ends. */
static void test_nesting(void **state)
{
    Arena *arena = *state;
    static const char *const forms[][3] = {
        {"(", "1", ")"},
        {"[", "1", "]"},
        {"{a: ", "1", "}"},
        {"-", "a", ""},
        {"if true then ", "1", " else 2"},
        {"for i in [1] return ", "1", ""},
        {"some x in [1] satisfies ", "true", ""},
        {"function(x) ", "1", ""},
        {"abs(", "1", ")"},
        {"[1][", "1", "]"},
        {"< ", "1", ""},
        {"[1..", "2", "]"},
        {"]1..", "2", "]"},
        {"](", "1", ")..2["},
        {"1 in (", "1", ")"},
        {"1 in ", "1", ""},
        {"1 between 0 and ", "1", ""},
        {"1 + (", "1", ")"},
        {"@\"P1D\" = [", "1", "]"},
        {"{\"a-b\": ", "1", "}"},
    };
    for (size_t i = 0; i < COUNT(forms); i++) {
        Error err = ERROR_NONE;
        const char *deep = repeated(arena, forms[i][0], 5000, forms[i][1], forms[i][2]);
        FeelExpression *expression = feel_compile(arena, deep, FEEL_EXPRESSION, NULL, &err);
        if (expression) /* left-associative: wide, not deep */
            (void)feel_evaluate(expression, NULL, arena, NULL);
        else
            assert_true(error_is_set(&err));
        const char *shallow = repeated(arena, forms[i][0], 20, forms[i][1], forms[i][2]);
        assert_non_null(compile(arena, shallow));
    }
}

static void test_deep_types(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    const char *deep = repeated(arena, "list<", 5000, "number", ">");
    assert_null(feel_compile(arena, arena_printf(arena, "1 instance of %s", deep), FEEL_EXPRESSION,
                             NULL, &err));
    assert_string_equal(err.code, "feel.syntax");
    const char *shallow = repeated(arena, "list<", 20, "number", ">");
    assert_value(arena, run(arena, arena_printf(arena, "[] instance of %s", shallow), NULL, NULL),
                 "true");
}

static void test_long_chains(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    assert_value(arena, run(arena, repeated(arena, "1+", 800, "1", ""), NULL, NULL), "801");
    assert_null(
        feel_compile(arena, repeated(arena, "1+", 5000, "1", ""), FEEL_EXPRESSION, NULL, &err));
    assert_string_equal(err.code, "feel.depth");
    FeelValue list =
        run(arena, repeated(arena, "[", 1, repeated(arena, "1,", 5000, "1", ""), "]"), NULL, NULL);
    assert_int_equal(feel_count(list), 5001);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a",  "first name", "Profit and loss", "a-b", "a+b*c/d.e'f", "姓名",
        "_x", "?x",         "item 1",          "a1",  "état civil"};
    static const char *const bad[] = {"",   "1a",   "a(b", "a,b",  "\"a\"", "a\"", "-a",
                                      "if", "a[1]", "a:b", "\xFF", "a>b",   "null"};
    for (size_t i = 0; i < COUNT(good); i++)
        if (!feel_is_name(good[i]))
            fail_msg("%s is a name", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (feel_is_name(bad[i]))
            fail_msg("%s is no name", bad[i]);
    assert_false(feel_is_name(NULL));
}

static void test_known_names(void **state)
{
    Arena *arena = *state;
    Error err = ERROR_NONE;
    FeelNames *names = feel_names_create(arena);
    FeelValue variables = context_of(arena, "{\"a-b\": 1, p: [{\"x+y\": 2}]}");
    feel_names_add_value(names, variables);
    feel_names_add(names, NULL);
    feel_names_add(names, "1 is no name");
    FeelScope scope = {.variables = variables};
    FeelExpression *expression =
        feel_compile(arena, "a-b + p[1].x+y", FEEL_EXPRESSION, names, &err);
    assert_non_null(expression);
    assert_value(arena, feel_evaluate(expression, &scope, arena, NULL), "3");
    /* a member's name is no variable's name */
    FeelFindings findings = {0};
    expression = feel_compile(arena, "x+y", FEEL_EXPRESSION, names, &err);
    assert_non_null(expression);
    assert_true(feel_is_null(feel_evaluate(expression, &scope, arena, &findings)));
    assert_string_equal(findings.list.items[0].message, "There is nothing named \"x\" here.");
}

static void test_free_names(void **state)
{
    Arena *arena = *state;
    const char *const *names;
    FeelExpression *expression =
        compile(arena, "a + sum(b) + (for i in c.d return i + a)[item > e] + "
                       "{k: 1, m: k + f}.m + (function(x) x + g)(1)");
    static const char *const expected[] = {"a", "b", "c", "f", "g"};
    assert_int_equal(feel_free_names(expression, &names), COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(names[i], expected[i]);
    assert_int_equal(feel_free_names(compile(arena, "1 + 2"), &names), 0);
}

static void test_source_is_kept(void **state)
{
    Arena *arena = *state;
    char text[] = "1 + x";
    FeelExpression *expression = compile(arena, text);
    FeelFindings findings = {0};
    memset(text, '#', sizeof text - 1);
    assert_string_equal(feel_source(expression), "1 + x");
    (void)feel_evaluate(expression, NULL, arena, &findings);
    assert_string_equal(findings.list.items[0].source, "1 + x");
    assert_int_equal(findings.list.items[0].offset, 4);
}

/* ---- findings -------------------------------------------------------------------------------- */

static void test_findings_are_bounded(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    FeelValue value = run(arena, "count(for i in 1..1000 return nothing)", NULL, &findings);
    assert_value(arena, value, "1000");
    assert_int_equal(findings.list.count, FEEL_FINDINGS_MAX);
    assert_int_equal(findings.dropped, 1000 - FEEL_FINDINGS_MAX);
}

static void test_findings_error(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    Error err = ERROR_NONE;
    (void)run(arena, "1 +\n nothing", NULL, &findings);
    assert_false(feel_findings_error(&findings, arena, &err));
    assert_string_equal(err.code, "feel.unknown_name");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 2);
    FeelFindings none = {0};
    err = ERROR_NONE;
    assert_false(feel_findings_error(&none, arena, &err));
    assert_string_equal(err.code, "feel.null");
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* Each of these would run very long, very deep or very big. */
static void test_limits(void **state)
{
    (void)state;
    static const char *const sources[] = {
        "for i in 1..1000000000 return i",
        "some i in 1..1000000000 satisfies i < 0",
        "every i in 1..1000000000 satisfies i > 0",
        "for i in 1..100000, j in 1..100000 return 1",
        "count(for i in 1..999999999999 return [i])",
        "{f: function(f, n) f(f, n + 1), r: f(f, 0)}.r",
        "{f: function(f) f(f) + 1, r: f(f)}.r",
        "for i in 1..100 return if i = 1 then \"abcdefgh\" else partial[-1] + partial[-1]",
        "for i in 1..100000 return [partial[-1]]",
        "for i in 1..100000 return if i = 1 then 1 else [partial[-1], partial[-1]]",
        "for i in 1..100000 return partial",
        "sort(for i in 1..100000 return 100000 - i, function(x, y) x < y)",
        "distinct values(for i in 1..100000 return i)",
        "for i in 1..100000 return index of(for j in 1..1000 return j, i)",
        "for i in 1..1000000 return matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(a+)+$\")",
        "for i in 1..40 return replace(if i = 1 then \"aa\" else partial[-1], \"a\", \"aaaaaa\")",
        "for i in 1..100 return if i = 1 then \"ab\" else string join(partial, partial[-1])",
        "for i in 1..100 return flatten([1, partial, partial])",
        "for i in 1..100 return concatenate(partial, partial, partial, partial, partial)",
        "for i in 1..30 return context put(if i = 1 then {} else partial[-1], string(i), partial)",
    };
    for (size_t i = 0; i < COUNT(sources); i++) {
        Arena *arena = arena_create(32 << 20);
        FeelFindings findings = {0};
        FeelLimits limits = {.steps = 200000, .depth = 500, .bytes = 4 << 20};
        FeelScope scope = {.limits = &limits};
        FeelValue value = run(arena, sources[i], &scope, &findings);
        bool is_told = false;
        list_each (FeelFinding, finding, &findings.list)
            is_told |= strcmp(finding->code, "feel.limit") == 0;
        if (!is_told)
            fail_msg("%s: no limit is told, the value is a %s", sources[i], feel_kind_name(value));
        assert_true(arena_used(arena) < 24 << 20);
        arena_destroy(arena);
    }
}

static void test_limit_of_steps(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    FeelLimits limits = {.steps = 5, .depth = 100, .bytes = 1 << 20};
    FeelScope scope = {.limits = &limits};
    assert_value(arena, run(arena, "1 + 2 + 3", &scope, &findings), "6");
    assert_int_equal(findings.list.count, 0);
    assert_true(feel_is_null(run(arena, "1 + 2 + 3 + 4", &scope, &findings)));
    assert_finding(&findings, "feel.limit");
    assert_int_equal(findings.list.count, 1);
}

static void test_arena_limit(void **state)
{
    (void)state;
    Arena *arena = arena_create(256 * 1024);
    FeelFindings findings = {0};
    FeelValue value = run(arena, "for i in 1..1000000 return [i, i, i]", NULL, &findings);
    assert_true(feel_is_null(value));
    assert_finding(&findings, "feel.limit");
    arena_destroy(arena);
}

/* ---- functions of the host ------------------------------------------------------------------- */

static FeelValue add_days(FeelCall *call)
{
    int64_t days;
    int *calls = feel_call_data(call);
    (*calls)++;
    assert_int_equal(feel_argument_count(call), 2);
    assert_non_null(feel_call_arena(call));
    if (!feel_to_int64(feel_argument(call, 1), &days))
        return feel_fail(call, "feel.value", "%s is not whole", "days");
    return feel_plus_duration(feel_call_arena(call), feel_argument(call, 0),
                              feel_milliseconds(days * DAY_MS));
}

static const FeelNative ADD_DAYS = {
    "add",
    {{"from", FEEL_TAKES(FEEL_DATE)}, {"days", FEEL_TAKES(FEEL_NUMBER)}},
    add_days,
    "A day so many days later.",
    {"workdays.add(@\"2026-11-20\", 1) = @\"2026-11-21\""}};

static void test_native(void **state)
{
    Arena *arena = *state;
    int calls = 0;
    FeelFindings findings = {0};
    FeelContextBuilder library = feel_context_begin(arena), variables = feel_context_begin(arena);
    feel_context_put(&library, "add", feel_native(arena, &ADD_DAYS, &calls));
    feel_context_put(&variables, "workdays", feel_context_end(&library));
    FeelScope scope = {.variables = feel_context_end(&variables)};
    assert_value(arena, run(arena, "workdays.add(@\"2026-11-20\", 1)", &scope, NULL), "2026-11-21");
    assert_value(arena, run(arena, "workdays.add(days: 2, from: @\"2026-11-20\")", &scope, NULL),
                 "2026-11-22");
    assert_int_equal(calls, 2);
    assert_true(feel_is_null(run(arena, "workdays.add(\"x\", 1)", &scope, &findings)));
    assert_finding(&findings, "feel.argument");
    assert_int_equal(calls, 2);
    FeelFindings own = {0};
    assert_true(feel_is_null(run(arena, "1 + workdays.add(@\"2026-11-20\", 1.5)", &scope, &own)));
    assert_finding(&own, "feel.value");
    assert_string_equal(own.list.items[0].message, "add: days is not whole");
    assert_int_equal(own.list.items[0].column, 17);
}

/* As business knowledge does it: the body is an expression with the parameters as variables. */
typedef struct Knowledge {
    const FeelExpression *body;
    const FeelScope *outer;
} Knowledge;

static FeelValue run_knowledge(FeelCall *call)
{
    const Knowledge *knowledge = feel_call_data(call);
    FeelContextBuilder builder = feel_context_begin(feel_call_arena(call));
    feel_context_put(&builder, "n", feel_argument(call, 0));
    FeelScope scope = {.parent = knowledge->outer, .variables = feel_context_end(&builder)};
    return feel_call_expression(call, knowledge->body, &scope);
}

static void test_named_native(void **state)
{
    Arena *arena = *state;
    static const char *names[] = {"n"};
    FeelScope scope = {0};
    FeelFindings findings = {0};
    Knowledge knowledge = {.body = compile(arena, "if n <= 1 then 1 else n * factorial(n - 1)"),
                           .outer = &scope};
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "factorial",
                     feel_native_named(arena, names, 1, run_knowledge, &knowledge));
    scope.variables = feel_context_end(&builder);
    assert_value(arena, run(arena, "factorial(20)", &scope, &findings), "2432902008176640000");
    assert_value(arena, run(arena, "factorial(n: 3)", &scope, &findings), "6");
    assert_int_equal(findings.list.count, 0);
    assert_true(feel_is_null(run(arena, "factorial(1, 2)", &scope, &findings)));
    assert_finding(&findings, "feel.arity");
    FeelFindings endless = {0};
    assert_true(feel_is_null(run(arena, "factorial(1e9)", &scope, &endless)));
    assert_finding(&endless, "feel.limit");
}

/* A closure is called after its evaluation, with the scope struct that made it gone. */
static FeelValue make_closure(Arena *arena)
{
    FeelScope scope = {.variables = context_of(arena, "{factor: 3}")};
    return run(arena, "function(x) x * factor", &scope, NULL);
}

static void test_invoke(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    FeelValue closure = make_closure(arena), argument = feel_int(7);
    assert_int_equal(closure.kind, FEEL_FUNCTION);
    assert_value(arena, feel_invoke(closure, &argument, 1, NULL, arena, NULL), "21");
    assert_true(feel_is_null(feel_invoke(closure, NULL, 0, NULL, arena, &findings)));
    assert_finding(&findings, "feel.arity");
    FeelFindings other = {0};
    assert_true(feel_is_null(feel_invoke(feel_int(1), NULL, 0, NULL, arena, &other)));
    assert_finding(&other, "feel.not_callable");
    FeelValue builtin = run(arena, "abs", NULL, NULL);
    argument = feel_int(-4);
    assert_value(arena, feel_invoke(builtin, &argument, 1, NULL, arena, NULL), "4");
}

static bool is_even_type(void *data, const char *type_name, FeelValue value, bool *out_known)
{
    int64_t number;
    (void)data;
    *out_known = strcmp(type_name, "tEven") == 0;
    return feel_to_int64(value, &number) && number % 2 == 0;
}

static FeelValue call_with_names(FeelCall *call)
{
    static const char *const names[] = {"b", "a"};
    const FeelValue values[] = {feel_int(1), feel_int(10)};
    return feel_call_named(call, feel_argument(call, 0), names, values, 2);
}

static void test_call_named(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    static const FeelNative native = {
        .name = "named",
        .parameters = {{"f", FEEL_TAKES(FEEL_FUNCTION)}},
        .call = call_with_names,
    };
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "named", feel_native(arena, &native, NULL));
    FeelScope scope = {.variables = feel_context_end(&builder)};
    assert_value(arena, run(arena, "named(function(a, b) a - b)", &scope, &findings), "9");
    assert_value(arena, run(arena, "named(function(a, b, c) [a, b, c])", &scope, &findings),
                 "[10, 1, null]");
    assert_int_equal(findings.list.count, 0);
    assert_true(feel_is_null(run(arena, "named(function(a, c) a)", &scope, &findings)));
    assert_finding(&findings, "feel.arity");
}

static void test_host_types(void **state)
{
    Arena *arena = *state;
    FeelFindings findings = {0};
    FeelScope scope = {.type_check = is_even_type};
    assert_value(arena, run(arena, "4 instance of tEven", &scope, &findings), "true");
    assert_value(arena, run(arena, "5 instance of tEven", &scope, &findings), "false");
    assert_value(arena, run(arena, "[2, 4] instance of list<tEven>", &scope, &findings), "true");
    assert_value(arena, run(arena, "(function(x: tEven) x)(6)", &scope, &findings), "6");
    assert_value(arena, run(arena, "(function(x: tEven) x)([6])", &scope, &findings), "6");
    assert_int_equal(findings.list.count, 0);
    assert_true(feel_is_null(run(arena, "5 instance of tOdd", &scope, NULL)));
    assert_true(feel_is_null(run(arena, "(function(x: tEven) x)(7)", &scope, &findings)));
    assert_finding(&findings, "feel.type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size),           cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_scalars),        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_instants),       cmocka_unit_test(test_durations),
        cmocka_unit_test(test_temporal_text),  cmocka_unit_test(test_lists),
        cmocka_unit_test(test_list_depth),     cmocka_unit_test(test_list_weight),
        cmocka_unit_test(test_contexts),       cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_scope_chain),    cmocka_unit_test(test_without_scope),
        cmocka_unit_test(test_clock),          cmocka_unit_test(test_evaluate_again),
        cmocka_unit_test(test_unary_tests),    cmocka_unit_test(test_refused_sources),
        cmocka_unit_test(test_nesting),        cmocka_unit_test(test_deep_types),
        cmocka_unit_test(test_long_chains),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_known_names),    cmocka_unit_test(test_free_names),
        cmocka_unit_test(test_source_is_kept), cmocka_unit_test(test_findings_are_bounded),
        cmocka_unit_test(test_findings_error), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limit_of_steps), cmocka_unit_test(test_arena_limit),
        cmocka_unit_test(test_native),         cmocka_unit_test(test_named_native),
        cmocka_unit_test(test_invoke),         cmocka_unit_test(test_host_types),
        cmocka_unit_test(test_call_named),
    };
    struct CMUnitTest ready[COUNT(tests)];
    for (size_t i = 0; i < COUNT(tests); i++) {
        ready[i] = tests[i];
        ready[i].setup_func = set_up;
        ready[i].teardown_func = tear_down;
    }
    return cmocka_run_group_tests(ready, NULL, NULL);
}
