/*
 * feel_fuzz.c - reads and evaluates whatever comes, with small limits.
 *
 * The first byte chooses the dialect and whether names are known; the rest is the source. A value
 * that comes out is written, encoded, decoded and compared with itself.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "feel/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static FeelValue variables_of(Arena *arena)
{
    static const char source[] = "{a: 1, b: \"text\", c: [1, 2, {d: @\"2026-11-22\"}], "
                                 "f: function(x, y: number) x + y, \"a-b\": [1..5], n: null}";
    Error err = ERROR_NONE;
    FeelExpression *expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, &err);
    assert(expression);
    return feel_evaluate(expression, NULL, arena, NULL);
}

/* Every day is worked; the calendar ends with 2030. */
static bool add_days(void *data, Date from, int64_t count, Date *out, Date *out_provisional)
{
    (void)data;
    if (count < -10000 || count > 10000 || date_compare(from, date_of(2030, 12, 31)) > 0)
        return false;
    *out = date_plus(from, (int)count);
    *out_provisional = *out;
    return true;
}

static bool count_days(void *data, Date a, Date b, int64_t *out, Date *out_provisional)
{
    (void)data;
    *out = date_compare(a, b);
    *out_provisional = b;
    return date_compare(b, date_of(2030, 12, 31)) <= 0;
}

static void check_value(Arena *arena, FeelValue value)
{
    Error err = ERROR_NONE;
    FeelValue back;
    Buffer encoded = buffer_init(arena, 0), plain = buffer_init(arena, 0);
    (void)feel_to_text(arena, value);
    feel_to_json(&plain, value);
    if (!feel_encode(&encoded, value, &err))
        return;
    bool is_decoded = feel_decode(arena, buffer_text(&encoded), encoded.length, &back, &err);
    assert(is_decoded);
    assert(back.kind == value.kind);
    assert(strcmp(feel_to_text(arena, value), feel_to_text(arena, back)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    Arena *arena = arena_create(64 << 20);
    Error err = ERROR_NONE;
    FeelFindings findings = {0};
    FeelLimits limits = {.steps = 20000, .depth = 200, .bytes = 1 << 20};
    static const FeelWorkdays workdays = {.add = add_days, .between = count_days};
    FeelScope scope = {.variables = variables_of(arena),
                       .workdays = &workdays,
                       .limits = &limits,
                       .now = 1795336200250,
                       .offset_minutes = 480,
                       .has_input = data[0] & 1,
                       .input = feel_int(5)};
    FeelNames *names = feel_names_create(arena);
    feel_names_add_value(names, scope.variables);
    char *source = arena_text_n(arena, (const char *)data + 1, size - 1);
    FeelExpression *expression =
        feel_compile(arena, source, data[0] & 1 ? FEEL_UNARY_TESTS : FEEL_EXPRESSION,
                     data[0] & 2 ? names : NULL, &err);
    assert((expression != NULL) != error_is_set(&err));
    if (expression) {
        FeelValue value = feel_evaluate(expression, &scope, arena, &findings);
        if (value.kind != FEEL_NULL)
            check_value(arena, value);
    } else {
        assert(err.message && (err.line > 0 || strcmp(err.code, "feel.size") == 0));
    }
    arena_destroy(arena);
    return 0;
}
