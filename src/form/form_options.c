/*
 * form_options.c - the options of a choice: written in the form, or the list that an expression
 * gives: of scalars, or of contexts with value and label.
 */
#include "form/form_internal.h"

const FormChoice *form_option(const FormChoices *choices, const Json *value)
{
    const char *text = form_json_show(value);
    list_each (const FormChoice, choice, choices) {
        if (text && text_equal(choice->value, text))
            return choice;
    }
    return NULL;
}

static void add_item(Arena *arena, FeelValue item, FormChoices *out)
{
    const FeelValue *value = feel_member(item, "value"), *label = feel_member(item, "label");
    Json *json = form_json_of(arena, value ? *value : item);
    const char *text = form_json_show(json);
    if (text_is_empty(text))
        return;
    FormChoice choice = {.value = text, .label = text, .json = json};
    if (label && !feel_is_null(*label))
        choice.label = feel_to_text(arena, *label);
    list_add(arena, out, choice);
}

static const char *label_in(const Json *overlay, const FormChoice *choice)
{
    const char *label = json_text(json_get(overlay, "values"), choice->value);
    return label ? label : choice->label;
}

void form_options(FormState *state, const FormComponent *component, const Json *overlay,
                  FormChoices *out)
{
    FormChoices found = component->choices;
    if (component->choices_expression) {
        FeelValue list = form_state_evaluate(state, component, component->choices_expression);
        found = (FormChoices){0};
        for (size_t i = 0; i < feel_count(list) && i < FORM_OPTIONS_MOST; i++)
            add_item(state->arena, feel_item(list, i), &found);
    }
    *out = found;
    if (!overlay || !found.count)
        return;
    out->items = arena_copy(state->arena, found.items, sizeof *found.items * found.count);
    list_each (FormChoice, choice, out)
        choice->label = label_in(overlay, choice);
}
