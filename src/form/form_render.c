/*
 * form_render.c - a form and what is known of its values as the controls of a page.
 */
#include "form/form_internal.h"

#include <string.h>

typedef struct Renderer {
    FormState *state;
    const Json *overlay; /* of the whole form */
    FormControls *out;
} Renderer;

/* ---- texts ----------------------------------------------------------------------------------- */

/* A text in the language of the overlay, else as the form has it. */
static const char *text_in(Renderer *renderer, const FormComponent *component, const char *name,
                           const FormText *text)
{
    const Json *own = json_get(renderer->overlay, component->id);
    const char *source = json_text(own, name);
    if (!source)
        return form_state_text(renderer->state, component, text);
    const char *fallback = text->source ? text->source : "";
    return form_state_source(renderer->state, component, source, fallback);
}

/* "Area" with the unit "m2" as "Area (m2)". */
static const char *label_of(Renderer *renderer, const FormComponent *component)
{
    const char *label = text_in(renderer, component, "label", &component->label);
    const char *unit = json_text(json_get(renderer->overlay, component->id), "unit");
    if (!unit)
        unit = component->unit;
    if (text_is_empty(label) || text_is_empty(unit))
        return label;
    return arena_printf(renderer->state->arena, renderer->overlay ? "%s (%s)" : "%s（%s）", label,
                        unit);
}

/* ---- values ---------------------------------------------------------------------------------- */

static const char *value_text(const FormComponent *component, const FormReading *reading,
                              const Json *value)
{
    if (component->type == FORM_BOOL)
        return value && value->boolean ? "true" : NULL;
    if (component->type == FORM_CHECKS)
        return NULL; /* its options tell */
    /* What cannot be read is shown as it was typed. */
    bool is_typed = !reading->is_readonly && reading->raw && reading->raw->kind == JSON_TEXT;
    return form_json_show(is_typed ? reading->raw : value);
}

static bool is_chosen(const Json *value, const FormChoice *choice)
{
    if (!value || value->kind != JSON_ARRAY)
        return text_equal(form_json_show(value), choice->value);
    json_each (item, value) {
        if (text_equal(form_json_show(item), choice->value))
            return true;
    }
    return false;
}

static void add_options(Renderer *renderer, const FormComponent *component, const Json *value,
                        FormControl *control)
{
    FormChoices choices;
    Arena *arena = renderer->state->arena;
    form_options(renderer->state, component, json_get(renderer->overlay, component->id), &choices);
    list_each (const FormChoice, choice, &choices) {
        FormOption option = {
            .value = choice->value, .label = choice->label, .is_chosen = is_chosen(value, choice)};
        list_add(arena, &control->options, option);
    }
}

static int64_t max_length_of(Renderer *renderer, const FormComponent *component)
{
    Decimal most;
    int64_t length;
    bool has_length = component->type == FORM_TEXT || component->type == FORM_LINES;
    if (!has_length || !form_state_bound(renderer->state, component, &component->most, &most) ||
        !decimal_to_int64(most, &length))
        return 0;
    return length;
}

/* ---- controls -------------------------------------------------------------------------------- */

static FormControl control_of(Renderer *renderer, const FormComponent *component)
{
    return (FormControl){.id = component->id,
                         .type = form_type_name(component),
                         .label = label_of(renderer, component),
                         .hint = text_in(renderer, component, "description", &component->hint),
                         .depth = component->depth};
}

static void add_field(Renderer *renderer, size_t index)
{
    FormState *state = renderer->state;
    const FormComponent *component = &state->form->components.items[index];
    const FormReading *reading = &state->readings[index];
    const Json *value = form_state_value(state, index);
    FormControl control = control_of(renderer, component);
    control.key = component->key;
    if (text_is_empty(control.label))
        control.label = component->key;
    control.value = value_text(component, reading, value);
    control.fact = reading->is_known ? component->fact : NULL;
    control.is_required = component->is_required && !reading->is_readonly;
    control.is_readonly = reading->is_readonly;
    control.is_refresh = component->is_refresh;
    control.max_length = max_length_of(renderer, component);
    add_options(renderer, component, value, &control);
    list_add(state->arena, renderer->out, control);
}

/* A text component is one control for each of its paragraphs. */
static void add_paragraphs(Renderer *renderer, const FormComponent *component)
{
    FormParagraphs paragraphs = {0};
    Arena *arena = renderer->state->arena;
    const char *source = text_in(renderer, component, "text", &component->text);
    form_paragraphs(arena, source ? source : "", &paragraphs);
    for (size_t i = 0; i < paragraphs.count; i++) {
        FormControl control = {.id = component->id,
                               .type = "static",
                               .label = paragraphs.items[i].heading,
                               .value = paragraphs.items[i].text,
                               .depth = component->depth};
        if (i)
            control.id = arena_printf(arena, "%s-%zu", component->id, i + 1);
        list_add(arena, renderer->out, control);
    }
}

/* A result with a label is shown, one without is only computed. */
static void add_result(Renderer *renderer, size_t index)
{
    const FormComponent *component = &renderer->state->form->components.items[index];
    const Json *value = form_state_value(renderer->state, index);
    FormControl control = control_of(renderer, component);
    Buffer text = buffer_init(renderer->state->arena, 0);
    JsonWriter writer = json_writer(&text);
    if (text_is_empty(control.label))
        return;
    control.value = form_json_show(value);
    if (value && !control.value) {
        json_put_tree(&writer, NULL, value);
        control.value = buffer_text(&text);
    }
    list_add(renderer->state->arena, renderer->out, control);
}

static void add_control(Renderer *renderer, size_t index)
{
    const FormComponent *component = &renderer->state->form->components.items[index];
    switch (component->type) {
    case FORM_STATIC: add_paragraphs(renderer, component); break;
    case FORM_EXPRESSION: add_result(renderer, index); break;
    case FORM_GROUP:
    case FORM_SEPARATOR:
        list_add(renderer->state->arena, renderer->out, control_of(renderer, component));
        break;
    case FORM_TEXT:
    case FORM_LINES:
    case FORM_NUMBER:
    case FORM_DATE:
    case FORM_TIME:
    case FORM_BOOL:
    case FORM_RADIO:
    case FORM_CHOICE:
    case FORM_CHECKS: add_field(renderer, index); break;
    }
}

bool form_render(const Form *form, const Json *overlay, FeelValue values, const FeelScope *scope,
                 Arena *arena, FormControls *out, Error *err)
{
    FormState state = form_state_known(form, values, scope, arena);
    Renderer renderer = {.state = &state, .overlay = overlay, .out = out};
    *out = (FormControls){0};
    for (size_t i = 0; i < form->components.count && !arena_is_over(arena); i++)
        if (!state.readings[i].is_hidden)
            add_control(&renderer, i);
    return !arena_is_over(arena) || error_set(err, ERROR_TOO_LARGE, .code = "form.too_large");
}
