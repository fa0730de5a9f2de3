/*
 * form_submit.c - what was typed, checked: read and settled by form_state.c, then each visible
 * value against the limits of its component. Every problem is one error, in the order of the form.
 */
#include "form/form_internal.h"

#include <string.h>
#include <unicode/uregex.h>

enum {
    PATTERN_TIME = 100,          /* ICU's unit: up to a millisecond each */
    PATTERN_STACK = 1024 * 1024, /* bytes of backtracking */
};

typedef struct Check {
    FormState *state;
    size_t index;
    const FormComponent *component;
    const Json *value; /* of a component that holds one: not NULL */
    Error *err;
} Check;

/* ---- errors ---------------------------------------------------------------------------------- */

static bool refuse_with(const Check *check, const char *code, const char *name, const char *value)
{
    const FormComponent *component = check->component;
    Arena *arena = check->state->arena;
    const char *label = form_state_text(check->state, component, &component->label);
    return error_add(
        check->err, arena, ERROR_INVALID, .code = code,
        .field = arena_printf(arena, "form.%s", component->key),
        .with = {{"label", text_is_empty(label) ? component->key : label}, {name, value}});
}

static bool refuse(const Check *check, const char *code)
{
    return refuse_with(check, code, NULL, NULL);
}

static bool refuse_number(const Check *check, const char *code, const char *name, Decimal number)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_to_text(number, text);
    return refuse_with(check, code, name, arena_text(check->state->arena, text));
}

static bool bound_of(const Check *check, const FormBound *bound, Decimal *out)
{
    return form_state_bound(check->state, check->component, bound, out);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Searches as JavaScript's test() does; a pattern that takes too long has not matched. */
static bool matches(const FormPattern *compiled, const char *text)
{
    UErrorCode status = U_ZERO_ERROR;
    URegularExpression *pattern = uregex_clone(compiled, &status);
    UText *input = utext_openUTF8(NULL, text, -1, &status);
    uregex_setUText(pattern, input, &status);
    uregex_setTimeLimit(pattern, PATTERN_TIME, &status);
    uregex_setStackLimit(pattern, PATTERN_STACK, &status);
    bool is_found = uregex_find(pattern, 0, &status) && U_SUCCESS(status);
    utext_close(input);
    uregex_close(pattern);
    return is_found;
}

static bool check_text(const Check *check)
{
    const FormComponent *component = check->component;
    Decimal bound, length = decimal_from_int64((int64_t)text_length(check->value->text));
    if (bound_of(check, &component->most, &bound) && decimal_compare(length, bound) > 0)
        return refuse_number(check, "input.too_long", "most", bound);
    if (bound_of(check, &component->least, &bound) && decimal_compare(length, bound) < 0)
        return refuse_number(check, "input.too_short", "least", bound);
    return !component->pattern || matches(component->pattern, check->value->text) ||
           refuse(check, "form.pattern");
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool check_decimals(const Check *check, Decimal number)
{
    Decimal rounded;
    int decimals = check->component->decimals;
    bool is_fine = decimals < 0 || !decimal_round(number, decimals, DECIMAL_DOWN, &rounded) ||
                   decimal_compare(number, rounded) == 0;
    if (is_fine)
        return true;
    return decimals == 0
               ? refuse(check, "input.not_a_number")
               : refuse_number(check, "form.decimals", "decimals", decimal_from_int64(decimals));
}

static bool check_number(const Check *check)
{
    const FormComponent *component = check->component;
    Decimal number = DECIMAL_ZERO, bound, rest;
    const char *text = check->value->text;
    if (!decimal_from_text(text, strlen(text), &number) || !check_decimals(check, number))
        return false;
    if (bound_of(check, &component->least, &bound) && decimal_compare(number, bound) < 0)
        return refuse_number(check, "input.too_small", "least", bound);
    if (bound_of(check, &component->most, &bound) && decimal_compare(number, bound) > 0)
        return refuse_number(check, "input.too_large", "most", bound);
    if (bound_of(check, &component->step, &bound) && decimal_modulo(number, bound, &rest) &&
        !decimal_is_zero(rest))
        return refuse_number(check, "form.step", "step", bound);
    return true;
}

/* ---- dates and choices ----------------------------------------------------------------------- */

static bool check_date(const Check *check)
{
    Date date, today;
    FormState *state = check->state;
    if (!check->component->is_not_past)
        return true;
    FeelValue now = feel_evaluate(state->form->today, state->outer, state->arena, NULL);
    if (!feel_to_date(now, &today) || !date_parse(check->value->text, &date))
        return true;
    return date_compare(date, today) >= 0 || refuse(check, "form.passed_date");
}

/* The chosen options in the order in which they are offered; NULL when one is not offered. */
static Json *chosen_of(const Check *check)
{
    Arena *arena = check->state->arena;
    FormChoices offered;
    size_t found = 0;
    form_options(check->state, check->component, NULL, &offered);
    Json *list = arena_new(arena, Json);
    *list = (Json){.kind = JSON_ARRAY, .items = arena_array(arena, Json *, offered.count)};
    json_each (item, check->value)
        found += form_option(&offered, item) != NULL;
    list_each (const FormChoice, choice, &offered) {
        bool is_chosen = false;
        json_each (item, check->value)
            is_chosen |= text_equal(form_json_show(item), choice->value);
        if (is_chosen)
            list->items[list->count++] = arena_copy(arena, choice->json, sizeof *choice->json);
    }
    return found == check->value->count ? list : NULL;
}

static bool check_choice(const Check *check, const Json **out)
{
    FormChoices offered;
    form_options(check->state, check->component, NULL, &offered);
    const FormChoice *choice = form_option(&offered, check->value);
    if (!choice)
        return refuse(check, "input.not_a_choice");
    *out = choice->json;
    return true;
}

static bool check_checks(const Check *check, const Json **out)
{
    const Json *chosen = chosen_of(check);
    if (!chosen)
        return refuse(check, "input.not_a_choice");
    *out = chosen;
    return true;
}

/* ---- one component --------------------------------------------------------------------------- */

static const char *code_of_missing(const FormComponent *component)
{
    switch (component->type) {
    case FORM_BOOL: return "form.tick";
    case FORM_RADIO:
    case FORM_CHOICE:
    case FORM_CHECKS: return "input.required_choice";
    case FORM_TEXT:
    case FORM_LINES:
    case FORM_NUMBER:
    case FORM_DATE:
    case FORM_TIME:
    case FORM_EXPRESSION:
    case FORM_STATIC:
    case FORM_GROUP:
    case FORM_SEPARATOR: break;
    }
    return "input.required";
}

/* The value as it is stored, or false with an error. */
static bool check_value(const Check *check, const Json **out)
{
    *out = check->value;
    switch (check->component->type) {
    case FORM_TEXT:
    case FORM_LINES: return check_text(check);
    case FORM_NUMBER: return check_number(check);
    case FORM_DATE: return check_date(check);
    case FORM_RADIO:
    case FORM_CHOICE: return check_choice(check, out);
    case FORM_CHECKS: return check_checks(check, out);
    case FORM_TIME:
    case FORM_BOOL:
    case FORM_EXPRESSION:
    case FORM_STATIC:
    case FORM_GROUP:
    case FORM_SEPARATOR: break;
    }
    return true;
}

static bool check_typed(const Check *check, const Json **out)
{
    const FormReading *reading = &check->state->readings[check->index];
    bool is_missing = check->component->type == FORM_BOOL ? !check->value || !check->value->boolean
                                                          : !check->value;
    if (reading->problem)
        return refuse(check, reading->problem);
    if (is_missing && check->component->is_required)
        return refuse(check, code_of_missing(check->component));
    return !check->value || check_value(check, out);
}

static const Json *stored(const Check *check, const Json *value)
{
    static const Json no = {.kind = JSON_BOOL};
    if (!value)
        return check->component->type == FORM_BOOL ? &no : NULL;
    if (value->kind == JSON_NUMBER && check->component->is_stored_as_text)
        return form_json_text(check->state->arena, value->text);
    return value;
}

/* What is read-only or computed is not the person's to mend: it is taken as it is. */
static void submit_component(const Check *check, Json *object)
{
    const FormComponent *component = check->component;
    const Json *value = check->value;
    bool is_own = component->computed || check->state->readings[check->index].is_readonly;
    if (component->is_disabled || (!is_own && !check_typed(check, &value)))
        return;
    value = stored(check, value);
    if (value)
        form_json_put(check->state->arena, object, component->path, component->path_count, value);
}

/* ---- names that the form does not have ------------------------------------------------------- */

static bool is_inside(const Form *form, const char *key)
{
    map_each (known, &form->by_key) {
        if (text_starts_with(known->key, key) && known->key[strlen(key)] == '.')
            return true;
    }
    return false;
}

static void check_names(const Form *form, const Json *object, const char *around, Arena *arena,
                        Error *err)
{
    json_each (each, object) {
        const char *key = *around ? arena_printf(arena, "%s.%s", around, each->name) : each->name;
        if (map_has(&form->by_key, key))
            continue;
        if (each->kind == JSON_OBJECT && is_inside(form, key))
            check_names(form, each, key, arena, err);
        else
            error_add(err, arena, ERROR_INVALID, .code = "input.unknown",
                      .field = arena_printf(arena, "form.%s", key), .with = {{"name", key}});
    }
}

bool form_submit(const Form *form, const Json *typed, bool is_strict, const FeelScope *scope,
                 Arena *arena, Json **out_values, Error *err)
{
    FormState state = form_state_typed(form, typed, scope, arena);
    Json *object = arena_new(arena, Json);
    Error problems = ERROR_NONE;
    object->kind = JSON_OBJECT;
    for (size_t i = 0; i < form->components.count && !arena_is_over(arena); i++) {
        const FormComponent *component = &form->components.items[i];
        Check check = {&state, i, component, form_state_value(&state, i), &problems};
        if (component->key && component->type != FORM_GROUP && !state.readings[i].is_hidden)
            submit_component(&check, object);
    }
    if (is_strict && typed && typed->kind == JSON_OBJECT)
        check_names(form, typed, "", arena, &problems);
    if (arena_is_over(arena))
        return error_set(err, ERROR_TOO_LARGE, .code = "form.too_large");
    if (error_is_set(&problems))
        return error_fill(err, problems);
    *out_values = object;
    return true;
}
