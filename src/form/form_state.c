/*
 * form_state.c - all values of a form at once.
 *
 *     typed or known values -> read one by one -> settled together
 *
 * What is hidden, read-only or computed depends on values, and values depend on it (those of hidden
 * components are dropped). settle() asks all expressions again with the answers of the pass before
 * until nothing changes; a form that contradicts itself keeps the answers of the last pass.
 */
#include "form/form_internal.h"

#include <string.h>

enum { PASSES_MOST = 12 };

/* ---- finding values by key ------------------------------------------------------------------- */

static const Json *json_at(const Json *values, const FormComponent *component)
{
    const Json *flat = json_get(values, component->key);
    for (size_t i = 0; !flat && values && i < component->path_count; i++)
        values = json_get(values, component->path[i]);
    return flat ? flat : values;
}

static FeelValue feel_at(FeelValue values, const FormComponent *component)
{
    const FeelValue *flat = feel_member(values, component->key);
    if (flat)
        return *flat;
    for (size_t i = 0; i < component->path_count; i++) {
        const FeelValue *inner = feel_member(values, component->path[i]);
        values = inner ? *inner : feel_null();
    }
    return values;
}

/* What the caller's scope knows under the key: the fixed values of read-only components. */
static const Json *known_in_scope(const FormState *state, const FormComponent *component)
{
    FeelValue value = feel_null();
    for (const FeelScope *scope = state->outer; scope && feel_is_null(value); scope = scope->parent)
        value = feel_at(scope->variables, component);
    return form_json_of(state->arena, value);
}

static bool fits(const FormState *state, const FormComponent *component, const Json *value)
{
    const char *problem;
    bool is_choice = component->type == FORM_RADIO || component->type == FORM_CHOICE;
    return form_read(component, value, state->arena, &problem) && !problem &&
           (!is_choice || component->choices_expression || form_option(&component->choices, value));
}

/* What the caller knows of what the component asks for; NULL: nothing that could stand there. */
static const Json *fact_of(const FormState *state, const FormComponent *component)
{
    const FeelValue *facts = feel_member(state->outer->variables, FORM_FACTS);
    const FeelValue *fact = facts && component->fact ? feel_member(*facts, component->fact) : NULL;
    const Json *value = fact ? form_json_of(state->arena, *fact) : NULL;
    return value && fits(state, component, value) ? value : NULL;
}

static const Json *default_of(const FormState *state, const FormComponent *component)
{
    if (!component->fallback_expression)
        return component->fallback;
    FeelValue value =
        feel_evaluate(component->fallback_expression, state->outer, state->arena, NULL);
    return form_json_of(state->arena, value);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

const Json *form_state_value(const FormState *state, size_t index)
{
    const FormReading *reading = &state->readings[index];
    if (reading->is_hidden)
        return NULL;
    if (state->form->components.items[index].computed)
        return reading->computed;
    return reading->is_readonly ? reading->fixed : reading->typed;
}

/* What expressions see of an empty component, as in form-js: a box without a tick is false. */
static const Json *empty_of(const FormComponent *component)
{
    static const Json no = {.kind = JSON_BOOL}, nothing = {.kind = JSON_TEXT, .text = ""},
                      none = {.kind = JSON_ARRAY}, null = {.kind = JSON_NULL};
    switch (component->type) {
    case FORM_BOOL: return &no;
    case FORM_TEXT:
    case FORM_LINES: return &nothing;
    case FORM_CHECKS: return &none;
    case FORM_NUMBER:
    case FORM_DATE:
    case FORM_TIME:
    case FORM_RADIO:
    case FORM_CHOICE:
    case FORM_EXPRESSION:
    case FORM_STATIC:
    case FORM_GROUP:
    case FORM_SEPARATOR: break;
    }
    return &null;
}

/* The values of what is visible, as a context. */
static FeelValue data_of(FormState *state)
{
    Json object = {.kind = JSON_OBJECT};
    if (state->has_data)
        return state->data;
    for (size_t i = 0; i < state->form->components.count && !arena_is_over(state->arena); i++) {
        const FormComponent *component = &state->form->components.items[i];
        const Json *value = form_state_value(state, i);
        bool is_seen =
            component->key && component->type != FORM_GROUP && !state->readings[i].is_hidden;
        if (is_seen)
            form_json_put(state->arena, &object, component->path, component->path_count,
                          value ? value : empty_of(component));
    }
    state->data = feel_from_json(state->arena, &object);
    state->has_data = true;
    return state->data;
}

/* Scopes of an expression, the innermost last: the caller's, the form's values, `this` and
 * `parent`, the values of the group with a path that the component is in. */
typedef struct Scopes {
    FeelScope data;
    FeelScope names;
    FeelScope local;
} Scopes;

static const FeelScope *make_scopes(FormState *state, const FormComponent *component, Scopes *out)
{
    FeelContextBuilder names = feel_context_begin(state->arena);
    FeelValue local = data_of(state), parent = feel_null();
    for (size_t i = 0; i < component->scope_count; i++) {
        const FeelValue *inner = feel_member(local, component->path[i]);
        parent = local;
        local = inner ? *inner : feel_null();
    }
    feel_context_put(&names, "this", local);
    feel_context_put(&names, "parent", parent);
    out->data = out->names = out->local = *state->outer;
    out->data.parent = state->outer;
    out->data.variables = state->data;
    out->names.parent = &out->data;
    out->names.variables = feel_context_end(&names);
    out->local.parent = &out->names;
    out->local.variables = component->scope_count ? local : feel_null();
    return &out->local;
}

FeelValue form_state_evaluate(FormState *state, const FormComponent *component,
                              const FeelExpression *expression)
{
    Scopes scopes;
    const FeelScope *scope = make_scopes(state, component, &scopes);
    return feel_evaluate(expression, scope, state->arena, NULL);
}

const char *form_state_text(FormState *state, const FormComponent *component, const FormText *text)
{
    Scopes scopes;
    if (!text->source || (text->parts.count == 1 && text->parts.items[0].literal))
        return form_text_show(text, NULL, state->arena);
    return form_text_show(text, make_scopes(state, component, &scopes), state->arena);
}

const char *form_state_source(FormState *state, const FormComponent *component, const char *source,
                              const char *fallback)
{
    Scopes scopes;
    if (*source != '=' && !strstr(source, "{{"))
        return source;
    return form_text_show_source(source, fallback, make_scopes(state, component, &scopes),
                                 state->arena);
}

bool form_state_bound(FormState *state, const FormComponent *component, const FormBound *bound,
                      Decimal *out)
{
    *out = bound->number;
    if (!bound->expression)
        return bound->is_set;
    FeelValue value = form_state_evaluate(state, component, bound->expression);
    if (value.kind == FEEL_NUMBER)
        *out = value.as.number;
    return value.kind == FEEL_NUMBER;
}

/* ---- settling -------------------------------------------------------------------------------- */

static bool ask(FormState *state, const FormComponent *component, const FeelExpression *expression)
{
    return expression && feel_is_true(form_state_evaluate(state, component, expression));
}

static bool is_same(Arena *arena, const Json *a, const Json *b)
{
    if (!a || !b)
        return a == b;
    Buffer one = buffer_init(arena, 0), other = buffer_init(arena, 0);
    JsonWriter to_one = json_writer(&one), to_other = json_writer(&other);
    json_put_tree(&to_one, NULL, a);
    json_put_tree(&to_other, NULL, b);
    return text_equal(buffer_text(&one), buffer_text(&other));
}

/* What a component is in this pass, by the values of the pass before. */
static FormReading next_reading(FormState *state, size_t index, const FormReading *next)
{
    const FormComponent *component = &state->form->components.items[index];
    FormReading reading = state->readings[index];
    bool is_inside = component->parent != FORM_NO_PARENT;
    reading.is_hidden =
        (is_inside && next[component->parent].is_hidden) || ask(state, component, component->hide);
    if (reading.is_hidden)
        return reading;
    if (component->readonly)
        reading.is_readonly = ask(state, component, component->readonly);
    if (component->computed)
        reading.computed =
            form_json_of(state->arena, form_state_evaluate(state, component, component->computed));
    return reading;
}

static bool has_changed(Arena *arena, const FormReading *a, const FormReading *b)
{
    return a->is_hidden != b->is_hidden || a->is_readonly != b->is_readonly ||
           !is_same(arena, a->computed, b->computed);
}

static void settle(FormState *state)
{
    size_t count = state->form->components.count;
    bool is_changed = state->form->is_dynamic;
    for (int pass = 0; is_changed && pass < PASSES_MOST && !arena_is_over(state->arena); pass++) {
        FormReading *next = arena_array(state->arena, FormReading, count);
        is_changed = false;
        for (size_t i = 0; i < count && !arena_is_over(state->arena); i++) {
            next[i] = next_reading(state, i, next);
            is_changed |= has_changed(state->arena, &state->readings[i], &next[i]);
        }
        state->readings = next;
        state->has_data = state->has_data && !is_changed;
    }
}

/* ---- beginning ------------------------------------------------------------------------------- */

static FormState begin(const Form *form, const FeelScope *outer, Arena *arena)
{
    static const FeelScope nothing = {.now = INSTANT_NONE};
    FormState state = {.form = form, .outer = outer ? outer : &nothing, .arena = arena};
    state.readings = arena_array(arena, FormReading, form->components.count);
    for (size_t i = 0; i < form->components.count; i++)
        state.readings[i].is_readonly = form->components.items[i].is_readonly;
    return state;
}

static bool can_be_readonly(const FormComponent *component)
{
    return component->is_readonly || component->readonly;
}

static void take(FormState *state, size_t index, const Json *raw, const Json *fixed)
{
    const FormComponent *component = &state->form->components.items[index];
    FormReading *reading = &state->readings[index];
    const char *ignored;
    reading->raw = raw;
    reading->typed = form_read(component, raw, state->arena, &reading->problem);
    if (fixed)
        reading->fixed = form_read(component, fixed, state->arena, &ignored);
}

static bool holds_value(const FormComponent *component)
{
    return component->key && component->type != FORM_GROUP && !component->computed;
}

FormState form_state_typed(const Form *form, const Json *typed, const FeelScope *outer,
                           Arena *arena)
{
    FormState state = begin(form, outer, arena);
    for (size_t i = 0; i < form->components.count && !arena_is_over(arena); i++) {
        const FormComponent *component = &form->components.items[i];
        const Json *fixed = NULL;
        if (!holds_value(component))
            continue;
        if (can_be_readonly(component)) {
            fixed = known_in_scope(&state, component);
            fixed = fixed ? fixed : default_of(&state, component);
        }
        take(&state, i, json_at(typed, component), fixed);
    }
    settle(&state);
    return state;
}

static bool has_any(const Form *form, FeelValue values)
{
    list_each (const FormComponent, component, &form->components) {
        if (holds_value(component) && !feel_is_null(feel_at(values, component)))
            return true;
    }
    return false;
}

/* A browser sends nothing for a box without a tick: once something was typed, an absent one is
 * empty, while an absent text was not on the page before and starts with its default. */
static bool is_absent_when_empty(const FormComponent *component)
{
    return component->type == FORM_BOOL || component->type == FORM_RADIO ||
           component->type == FORM_CHECKS;
}

FormState form_state_known(const Form *form, FeelValue values, const FeelScope *outer, Arena *arena)
{
    FormState state = begin(form, outer, arena);
    bool is_begun = has_any(form, values);
    for (size_t i = 0; i < form->components.count && !arena_is_over(arena); i++) {
        const FormComponent *component = &form->components.items[i];
        if (!holds_value(component))
            continue;
        const Json *raw = form_json_of(arena, feel_at(values, component));
        const Json *fact = can_be_readonly(component) ? NULL : fact_of(&state, component);
        if (!raw && !(is_begun && is_absent_when_empty(component)))
            raw = fact ? fact : default_of(&state, component);
        state.readings[i].is_known = fact && raw == fact;
        const Json *fixed = can_be_readonly(component) ? known_in_scope(&state, component) : NULL;
        take(&state, i, raw, fixed ? fixed : raw);
    }
    settle(&state);
    return state;
}
