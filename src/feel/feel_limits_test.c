/*
 * feel_limits_test.c - what somebody writes to hang the program ends at once, with a finding.
 *
 * The processor time of each case is bounded; so a wait of the machine for others does not count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "feel/feel.h"

enum { CASE_SECONDS = 2 }; /* generous: sanitizers and old machines; it is some ten milliseconds */

/* before + (repeated, count times) + middle + (closed, count times) */
typedef struct Case {
    const char *before;
    const char *repeated;
    const char *middle;
    const char *closed;
    int count;
    const char *code; /* of the error or the first finding; NULL: there is a value */
} Case;

/* size: table */
static const Case CASES[] = {
    /* depth of the text */
    {"", "(", "1", ")", 10000, "feel.depth"},
    {"", "[", "", "]", 10000, "feel.depth"},
    {"", "{a: ", "1", "}", 10000, "feel.depth"},
    {"", "-", "1", "", 10000, "feel.depth"},
    {"", "if true then ", "1", " else 1", 10000, "feel.depth"},
    {"", "for i in [1] return ", "i", "", 10000, "feel.depth"},
    {"", "function(x) ", "x", "", 10000, "feel.depth"},
    {"", "abs(", "1", ")", 10000, "feel.depth"},
    {"1 instance of ", "list<", "number", ">", 10000, "feel.syntax"},
    {"1", "+1", "", "", 10000, "feel.depth"},
    {"[1]", "[1]", "", "", 10000, "feel.depth"},
    {"a", ".a", "", "", 10000, "feel.depth"},
    {"x", " and x", "", "", 10000, "feel.depth"},
    {"", "((((((((((", "", "", 30000, "feel.size"},
    /* steps, memory, levels */
    {"for i in 1..1000000000 return i", "", "", "", 0, "feel.limit"},
    {"for a in 1..1000, b in 1..1000, c in 1..1000 return 1", "", "", "", 0, "feel.limit"},
    {"some i in 1..1000000000 satisfies false", "", "", "", 0, "feel.limit"},
    {"every i in 1..1000000000 satisfies true", "", "", "", 0, "feel.limit"},
    {"for d in @\"-999999999-01-01\"..@\"999999999-12-31\" return d", "", "", "", 0, "feel.limit"},
    {"(function(f) f(f))(function(f) f(f))", "", "", "", 0, "feel.limit"},
    {"for i in 1..100000 return partial", "", "", "", 0, "feel.limit"},
    {"count(distinct values(for i in 1..20000 return i))", "", "", "", 0, "feel.limit"},
    {"", "for x in [1, 2] return ", "string join(for i in 1..9999 return \"aaaaaaaa\")", "", 60,
     "feel.limit"},
    {"", "append(", "[1]", ", [1, 2, 3])", 90, NULL},
    /* wide instead of deep */
    {"for x in 1..1000 return {", "\"a\": 1, ", "b: 1}", "", 20000, "feel.duplicate_key"},
    {"[", "a, ", "a]", "", 60000, "feel.unknown_name"},
    {"1 in (", "a, ", "1)", "", 60000, "feel.unknown_name"},
    {"", "1 + 1, ", "", "", 20000, "feel.syntax"},
    /* patterns that go back and forth */
    {"matches(\"", "a", "b\", \"^(a+)+$\")", "", 60, "feel.limit"},
    {"matches(\"", "a", "b\", \"^(a|aa)+$\")", "", 60, "feel.limit"},
    {"replace(\"", "a", "!\", \"(.*)*x\", \"y\")", "", 60, "feel.limit"},
    {"matches(\"", "x", "\", \"(x+x+)+y\")", "", 60, "feel.limit"},
    {"matches(\"a\", \"", "(", "\")", "", 1000, "feel.value"},
    {"matches(\"a\", \"", "a", "\")", "", 5000, "feel.value"},
    {"matches(\"a\", \"((a{1000}){1000}){1000}\")", "", "", "", 0, NULL},
    {"count(split(\"", "a,", "\", \",\"))", "", 20000, NULL},
    /* numbers */
    {"9.99999 ** 999999999", "", "", "", 0, "feel.overflow"},
    {"exp(1000000)", "", "", "", 0, "feel.overflow"},
    {"", "9", "", "", 100000, "feel.syntax"},
    {"0.", "9", "", "", 100000, NULL},
    {"decimal(1, 6177)", "", "", "", 0, "feel.value"},
    {"@\"P", "9", "Y\"", "", 1000, "feel.literal"},
};

static void add_times(Buffer *out, const char *text, int count)
{
    for (int i = 0; i < count; i++)
        buffer_add(out, text);
}

static const char *run(Arena *arena, const Case *one)
{
    Buffer source = buffer_init(arena, 0);
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    buffer_add(&source, one->before);
    add_times(&source, one->repeated, one->count);
    buffer_add(&source, one->middle);
    add_times(&source, one->closed, one->count);
    FeelExpression *expression =
        feel_compile(arena, buffer_text(&source), FEEL_EXPRESSION, NULL, &err);
    if (!expression)
        return err.code;
    size_t before = arena_used(arena);
    FeelValue value = feel_evaluate(expression, NULL, arena, &findings);
    assert_true(arena_used(arena) - before < 2 * FEEL_LIMITS.bytes);
    if (findings.list.count == 0)
        return NULL;
    assert_true(feel_is_null(value) || strcmp(findings.list.items[0].code, "feel.limit") != 0);
    return findings.list.items[0].code;
}

static void test_all_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Arena *arena = arena_create(256 << 20);
        clock_t start = clock();
        const char *code = run(arena, &CASES[i]);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        const char *wanted = CASES[i].code;
        if (!code != !wanted || (code && strcmp(code, wanted) != 0))
            fail_msg("case %zu, %s%s...: %s", i, CASES[i].before, CASES[i].repeated,
                     code ? code : "a value");
        if (seconds > CASE_SECONDS)
            fail_msg("case %zu, %s%s...: %.3f s", i, CASES[i].before, CASES[i].repeated, seconds);
        arena_destroy(arena);
    }
}

/* Names that differ: contexts, parameters and arguments of thousands, again and again. */
static const char *numbered(Arena *arena, const char *before, const char *format, int count,
                            const char *after)
{
    Buffer text = buffer_init(arena, 0);
    buffer_add(&text, before);
    for (int i = 0; i < count; i++) {
        buffer_printf(&text, "%sn%d", i ? ", " : "", i);
        buffer_add(&text, format);
    }
    buffer_add(&text, after);
    return buffer_text(&text);
}

static void test_thousands_of_names(void **state)
{
    (void)state;
    Arena *arena = arena_create(256 << 20);
    const char *call = numbered(arena, ") 1)(", ": 1", 6000, ")");
    const char *sources[] = {
        numbered(arena, "for x in 1..1000 return {", ": 1", 20000, "}"),
        numbered(arena, "{", ": 1", 20000, ", r: for x in 1..1000000 return nothing}"),
        numbered(arena, "for x in 1..1000 return (function(", "", 6000, call),
        numbered(arena, "for ", " in [1, 2]", 9000, " return 1"),
        numbered(arena, "1 instance of context<", ": number", 12000, ">"),
    };
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        Error err = ERROR_NONE;
        FeelFindings findings = {0};
        clock_t start = clock();
        FeelExpression *expression = feel_compile(arena, sources[i], FEEL_EXPRESSION, NULL, &err);
        assert_non_null(expression);
        (void)feel_evaluate(expression, NULL, arena, &findings);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds > CASE_SECONDS)
            fail_msg("%.60s...: %.3f s", sources[i], seconds);
    }
    arena_destroy(arena);
}

/* Once compiled, an evaluation takes no memory that the arena does not give back. */
static void test_no_memory_beyond_the_arena(void **state)
{
    (void)state;
    Arena *kept = arena_create(0), *arena = arena_create(0);
    Error err = ERROR_NONE;
    FeelExpression *expression = feel_compile(
        kept, "sum(for i in [1, 2, 3] return i * 2) + string length(upper case(\"a\" + \"b\"))",
        FEEL_EXPRESSION, NULL, &err);
    assert_non_null(expression);
    size_t compiled = arena_used(kept);
    for (int i = 0; i < 1000; i++) {
        int64_t number;
        FeelFindings findings = {0};
        ArenaMark mark = arena_mark(arena);
        assert_true(feel_to_int64(feel_evaluate(expression, NULL, arena, &findings), &number));
        assert_int_equal(number, 14);
        arena_reset(arena, mark);
    }
    assert_int_equal(arena_used(kept), compiled);
    assert_true(arena_used(arena) < 65536);
    arena_destroy(arena);
    arena_destroy(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_end),
        cmocka_unit_test(test_thousands_of_names),
        cmocka_unit_test(test_no_memory_beyond_the_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
