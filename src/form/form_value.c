/*
 * form_value.c - the keys of a form and how its stored values read; errors in another language.
 */
#include "form/form_internal.h"

#include <string.h>

/* size: flat switch */
const char *form_type_name(const FormComponent *component)
{
    switch (component->type) {
    case FORM_TEXT:
        if (component->kind == FORM_PHONE)
            return "phone";
        return component->kind == FORM_EMAIL ? "email" : "text";
    case FORM_LINES: return "lines";
    case FORM_NUMBER:
        if (component->kind == FORM_MONEY)
            return "money";
        return component->decimals == 0 ? "int" : "number";
    case FORM_DATE: return "date";
    case FORM_TIME: return "time";
    case FORM_BOOL: return "bool";
    case FORM_RADIO: return "radio";
    case FORM_CHOICE: return "choice";
    case FORM_CHECKS: return "checks";
    case FORM_EXPRESSION:
    case FORM_STATIC: return "static";
    case FORM_GROUP: return "group";
    case FORM_SEPARATOR: break;
    }
    return "separator";
}

size_t form_keys(const Form *form, const FormKey **out_keys)
{
    *out_keys = form->keys.items;
    return form->keys.count;
}

const Json *form_value(const Json *values, const char *key)
{
    const Json *flat = json_get(values, key);
    const char *dot = strchr(key, '.');
    if (flat || !dot)
        return flat;
    for (size_t i = 0; values && values->kind == JSON_OBJECT && i < values->count; i++) {
        const Json *inner = values->items[i];
        if (strlen(inner->name) == (size_t)(dot - key) &&
            !strncmp(inner->name, key, (size_t)(dot - key)))
            return form_value(inner, dot + 1);
    }
    return NULL;
}

const char *form_default_text(const Form *form, const char *key, const FeelScope *scope,
                              Arena *arena)
{
    list_each (FormComponent, component, &form->components) {
        if (!text_equal(component->key, key))
            continue;
        if (!component->fallback_expression)
            return component->fallback ? form_json_show(component->fallback) : NULL;
        FeelValue value = feel_evaluate(component->fallback_expression, scope, arena, NULL);
        return feel_is_null(value) ? NULL : form_json_show(form_json_of(arena, value));
    }
    return NULL;
}

const char *form_first_option(const Form *form, const char *key)
{
    const FormComponent *component = map_get(&form->by_key, key);
    return component && component->choices.count ? component->choices.items[0].value : NULL;
}

static const char *option_text(const FormComponent *component, const Json *overlay,
                               const Json *value)
{
    const FormChoice *choice = form_option(&component->choices, value);
    const char *text = form_json_show(value);
    if (!choice)
        return text;
    const char *label =
        json_text(json_get(json_get(overlay, component->id), "values"), choice->value);
    return label ? label : choice->label;
}

static const char *list_text(const FormComponent *component, const Json *overlay, Arena *arena,
                             const Json *value)
{
    Buffer out = buffer_init(arena, 0);
    json_each (item, value) {
        const char *text = option_text(component, overlay, item);
        if (text && out.length)
            buffer_add(&out, overlay ? ", " : "、");
        buffer_add(&out, text ? text : "");
    }
    return buffer_text(&out);
}

const char *form_value_text(const Form *form, const Json *overlay, Arena *arena, const char *key,
                            const Json *value, const char *yes, const char *no)
{
    const FormComponent *component = map_get(&form->by_key, key);
    Buffer out = buffer_init(arena, 0);
    JsonWriter writer = json_writer(&out);
    if (!component || !value || value->kind == JSON_NULL)
        return "";
    if (value->kind == JSON_BOOL)
        return value->boolean ? yes : no;
    if (value->kind == JSON_ARRAY)
        return list_text(component, overlay, arena, value);
    if (value->kind != JSON_OBJECT)
        return option_text(component, overlay, value);
    json_put_tree(&writer, NULL, value);
    return buffer_text(&out);
}

static void set_param(Error *error, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof error->with / sizeof error->with[0]; i++)
        if (text_equal(error->with[i].name, name))
            error->with[i].value = value;
}

/* The values that a label may hold are not known here: they stay away. */
void form_translate_errors(const Form *form, const Json *overlay, Arena *arena, Error *err)
{
    for (Error *each = err; each; each = each->next) {
        bool is_own = each->field && text_starts_with(each->field, "form.");
        const FormComponent *component =
            is_own ? map_get(&form->by_key, each->field + strlen("form.")) : NULL;
        const char *label = component ? json_text(json_get(overlay, component->id), "label") : NULL;
        if (label)
            set_param(each, "label", form_text_show_source(label, component->key, NULL, arena));
    }
}
