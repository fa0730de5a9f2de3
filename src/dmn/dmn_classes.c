/*
 * dmn_classes.c - a column's cells to classes of values: constants of all cells -> samples at,
 * between and outside of them -> each sample asked of each test -> those alike joined.
 */
#include "dmn/dmn_classes.h"

#include <stdlib.h>
#include <string.h>

/* ---- constants ------------------------------------------------------------------------------- */

static bool add_constant(Arena *arena, const char *source, Constants *out)
{
    Error ignored = ERROR_NONE;
    FeelFindings findings = {0};
    const char *const *names;
    FeelExpression *expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, &ignored);
    if (!expression || feel_free_names(expression, &names) || strchr(source, '?'))
        return false;
    FeelValue value = feel_evaluate(expression, NULL, arena, &findings);
    if (findings.list.count || value.kind == FEEL_RANGE || value.kind == FEEL_FUNCTION ||
        value.kind == FEEL_CONTEXT)
        return false;
    for (size_t i = 0; value.kind == FEEL_LIST && i < feel_count(value); i++)
        list_add(arena, out, feel_item(value, i));
    if (value.kind != FEEL_LIST && value.kind != FEEL_NULL)
        list_add(arena, out, value);
    return true;
}

/* "[1..5)": both ends. False when it is no interval. */
static bool add_ends(Arena *arena, const char *test, Constants *out, bool *is_interval)
{
    size_t length = strlen(test);
    const char *dots = strstr(test, "..");
    *is_interval = dots && length > 4 && strchr("[(]", test[0]) && strchr("])[", test[length - 1]);
    if (!*is_interval)
        return false;
    return add_constant(arena, arena_text_n(arena, test + 1, (size_t)(dots - test - 1)), out) &&
           add_constant(arena,
                        arena_text_n(arena, dots + 2, (size_t)(test + length - 1 - dots - 2)), out);
}

static bool add_test(Arena *arena, const char *test, Constants *out)
{
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "="};
    size_t length = strlen(test);
    bool is_interval;
    if (text_equal(test, "-"))
        return true;
    if (text_starts_with(test, "not(") && test[length - 1] == ')')
        return constants_of(arena, arena_text_n(arena, test + 4, length - 5), out);
    bool has_ends = add_ends(arena, test, out, &is_interval);
    if (is_interval)
        return has_ends;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (text_starts_with(test, signs[i]))
            return add_constant(arena, test + strlen(signs[i]), out);
    return add_constant(arena, test, out);
}

bool constants_of(Arena *arena, const char *source, Constants *out)
{
    while (*source) {
        size_t length = dmn_test_length(source);
        if (!add_test(arena, text_trim(arena, arena_text_n(arena, source, length)), out))
            return false;
        source += length + (source[length] == ',');
    }
    return true;
}

/* ---- samples --------------------------------------------------------------------------------- */

static int by_order(const void *a, const void *b)
{
    const FeelValue *one = a, *other = b;
    int order = 0;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return feel_order(*one, *other, &order) ? order : 0;
}

/* A little more or less: numbers by one, days by one, times by a second. */
static FeelValue beside(Arena *arena, FeelValue value, int step)
{
    Decimal number;
    switch (value.kind) {
    case FEEL_NUMBER:
        return decimal_add(value.as.number, decimal_from_int64(step), &number) ? feel_number(number)
                                                                               : value;
    case FEEL_DATE: return feel_plus_duration(arena, value, feel_milliseconds(step * 86400000LL));
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_TIME: return feel_plus_duration(arena, value, feel_milliseconds(step * 1000LL));
    case FEEL_YEARS_MONTHS: return feel_months(value.as.months + step);
    case FEEL_BOOLEAN: return feel_boolean(!value.as.boolean);
    default: return feel_null();
    }
}

static FeelValue between(Arena *arena, FeelValue low, FeelValue high)
{
    Decimal sum, half;
    int order;
    if (low.kind == FEEL_NUMBER && high.kind == FEEL_NUMBER &&
        decimal_add(low.as.number, high.as.number, &sum) &&
        decimal_divide(sum, decimal_from_int64(2), &half))
        return feel_number(half);
    FeelValue next = beside(arena, low, 1);
    return feel_order(next, high, &order) && order < 0 ? next : feel_null();
}

static bool takes_whole_numbers(const DmnInput *input)
{
    return input->type &&
           (text_equal(input->type->name, "integer") || text_equal(input->type->name, "long"));
}

/* Those that the column can have at all. */
static void add_sample(const DmnInput *input, Arena *arena, FeelValue value, Constants *out)
{
    const DmnType *type = input->type;
    FeelScope scope = {.has_input = true, .input = value};
    int64_t whole;
    if (feel_is_null(value) || (takes_whole_numbers(input) && !feel_to_int64(value, &whole)))
        return;
    if (input->allowed && !feel_is_true(feel_evaluate(input->allowed, &scope, arena, NULL)))
        return;
    for (; type; type = type->kind == DMN_TYPE_ALIAS ? type->base : NULL)
        if ((type->allowed && !feel_is_true(feel_evaluate(type->allowed, &scope, arena, NULL))) ||
            (type->kind == DMN_TYPE_SIMPLE && type->simple != value.kind))
            return;
    list_add(arena, out, value);
}

/* A text that is none of the others. */
static FeelValue other_text(Arena *arena, const Constants *constants)
{
    const char *text = "...";
    list_each (const FeelValue, constant, constants)
        if (constant->kind == FEEL_STRING && text_starts_with(feel_text(*constant), text))
            text = arena_printf(arena, "%s.", feel_text(*constant));
    return feel_string(text);
}

static void sample(const DmnInput *input, Arena *arena, Constants *constants, Constants *out)
{
    if (constants->count)
        qsort(constants->items, constants->count, sizeof *constants->items, by_order);
    bool has_text = false;
    for (size_t i = 0; i < constants->count; i++) {
        FeelValue one = constants->items[i];
        bool is_last = i + 1 == constants->count || constants->items[i + 1].kind != one.kind;
        has_text |= one.kind == FEEL_STRING;
        if (i == 0 || constants->items[i - 1].kind != one.kind)
            add_sample(input, arena, beside(arena, one, -1), out);
        add_sample(input, arena, one, out);
        add_sample(input, arena,
                   is_last ? beside(arena, one, 1) : between(arena, one, constants->items[i + 1]),
                   out);
    }
    if (has_text || !constants->count)
        add_sample(input, arena, other_text(arena, constants), out);
}

/* ---- classes --------------------------------------------------------------------------------- */

static void add_class(const DmnTable *table, size_t at, Arena *arena, FeelValue value, Column *out)
{
    const DmnInput *input = out->input;
    size_t words = set_words(table->rules.count);
    FeelScope scope = {.has_input = true, .input = value};
    bool *holds = arena_array(arena, bool, input->tests.count + 1);
    ColumnClass one = {.sample = value, .rules = arena_array(arena, uint64_t, words)};
    holds[0] = true; /* "-" */
    for (size_t i = 0; i < input->tests.count; i++)
        holds[i + 1] = !out->is_known[i] ||
                       feel_is_true(feel_evaluate(input->tests.items[i], &scope, arena, NULL));
    for (size_t i = 0; i < table->rules.count; i++)
        if (holds[table->rules.items[i].tests[at]])
            set_add(one.rules, i);
    list_each (const ColumnClass, known, &out->classes)
        if (memcmp(known->rules, one.rules, words * sizeof *one.rules) == 0)
            return;
    list_add(arena, &out->classes, one);
}

/* The same turned round: two rules meet where their classes do. */
static void turn_round(const DmnTable *table, Arena *arena, Column *out)
{
    out->class_words = set_words(out->classes.count);
    out->by_rule = arena_array(arena, uint64_t, out->class_words * table->rules.count);
    for (size_t at = 0; at < out->classes.count; at++)
        for (size_t rule = 0; rule < table->rules.count; rule++)
            if (set_has(out->classes.items[at].rules, rule))
                set_add(out->by_rule + rule * out->class_words, at);
}

bool column_read(const DmnTable *table, size_t at, Arena *arena, Column *out)
{
    const DmnInput *input = &table->inputs.items[at];
    Constants constants = {0}, samples = {0};
    *out = (Column){.input = input, .is_known = arena_array(arena, bool, input->tests.count)};
    for (size_t i = 0; i < input->tests.count; i++) {
        const char *const *names;
        out->is_known[i] = feel_free_names(input->tests.items[i], &names) == 0 &&
                           constants_of(arena, feel_source(input->tests.items[i]), &constants);
    }
    if (input->allowed)
        (void)constants_of(arena, feel_source(input->allowed), &constants);
    for (const DmnType *type = input->type; type;
         type = type->kind == DMN_TYPE_ALIAS ? type->base : NULL)
        if (type->allowed_source)
            (void)constants_of(arena, type->allowed_source, &constants);
    sample(input, arena, &constants, &samples);
    if (samples.count * (input->tests.count + table->rules.count / 16 + 1) > CLASS_WORK_MAX)
        return false;
    if (!samples.count) /* constants of another type alone */
        list_add(arena, &samples, feel_null());
    list_each (const FeelValue, value, &samples)
        add_class(table, at, arena, *value, out);
    turn_round(table, arena, out);
    return true;
}
