/*
 * form_link.c - what only the whole form tells: that keys and ids stand once, the list of keys, and
 * which components others ask about.
 */
#include "form/form_internal.h"

#include <string.h>

enum { ERRORS_MOST = 20 };

typedef struct Linker {
    Arena *arena;
    Form *form;
    Error *err;
    int errors;
} Linker;

static void fail(Linker *linker, const FormComponent *component, const char *code, const char *what)
{
    if (linker->errors++ < ERRORS_MOST)
        form_fail(linker->arena, linker->err, component->line, component->id, code, what);
}

static bool holds_value(const FormComponent *component)
{
    return component->key && component->type != FORM_GROUP;
}

/* A key may neither stand twice nor lie inside another ("a" and "a.b"). */
static void check_keys(Linker *linker)
{
    Map *by_key = &linker->form->by_key;
    *by_key = map_init(linker->arena);
    list_each (FormComponent, component, &linker->form->components) {
        if (holds_value(component) && map_set(by_key, component->key, component))
            fail(linker, component, "form.repeated_key", component->key);
    }
    list_each (FormComponent, component, &linker->form->components) {
        const char *key = holds_value(component) ? component->key : "";
        for (const char *dot = strchr(key, '.'); dot; dot = strchr(dot + 1, '.'))
            if (map_has(by_key, arena_text_n(linker->arena, key, (size_t)(dot - key))))
                fail(linker, component, "form.repeated_key", key);
    }
}

static void check_ids(Linker *linker)
{
    Map ids = map_init(linker->arena);
    list_each (FormComponent, component, &linker->form->components) {
        if (map_set(&ids, component->id, component))
            fail(linker, component, "form.schema", "the id stands twice");
    }
}

static void list_keys(Linker *linker)
{
    list_each (const FormComponent, component, &linker->form->components) {
        bool is_shown = !component->computed || component->label.source;
        FormKey key = {.key = component->key,
                       .id = component->id,
                       .label = component->label.source ? component->label.source : component->key,
                       .type = form_type_name(component),
                       .fact = component->fact,
                       .is_personal =
                           component->kind == FORM_PHONE || component->kind == FORM_ID_NUMBER};
        if (holds_value(component) && is_shown)
            list_add(linker->arena, &linker->form->keys, key);
    }
}

/* True when the component lies under the name, as seen from a group with these parts. */
static bool is_under(const FormComponent *component, const FormComponent *asking, size_t skip,
                     const char *name)
{
    if (component->path_count <= skip || !text_equal(component->path[skip], name))
        return false;
    for (size_t i = 0; i < skip; i++)
        if (!text_equal(component->path[i], asking->path[i]))
            return false;
    return true;
}

static void mark_refresh(Linker *linker, const FormComponent *asking, const FeelExpression *asked)
{
    const char *const *names;
    size_t count = asked ? feel_free_names(asked, &names) : 0;
    for (size_t i = 0; i < count; i++) {
        bool is_any = text_equal(names[i], "this") || text_equal(names[i], "parent");
        list_each (FormComponent, component, &linker->form->components) {
            bool is_meant = is_any || is_under(component, asking, 0, names[i]) ||
                            is_under(component, asking, asking->scope_count, names[i]);
            if (component != asking && holds_value(component) && is_meant)
                component->is_refresh = true;
        }
    }
}

static void mark_text(Linker *linker, const FormComponent *asking, const FormText *text)
{
    list_each (const FormTextPart, part, &text->parts)
        mark_refresh(linker, asking, part->expression);
}

static void find_dependencies(Linker *linker)
{
    list_each (FormComponent, component, &linker->form->components) {
        mark_refresh(linker, component, component->hide);
        mark_refresh(linker, component, component->readonly);
        mark_refresh(linker, component, component->computed);
        mark_refresh(linker, component, component->choices_expression);
        mark_text(linker, component, &component->label);
        mark_text(linker, component, &component->hint);
        mark_text(linker, component, &component->text);
        linker->form->is_dynamic |= component->hide || component->readonly || component->computed;
    }
}

bool form_link(Form *form, Arena *arena, Error *err)
{
    Linker linker = {.arena = arena, .form = form, .err = err};
    check_keys(&linker);
    check_ids(&linker);
    list_keys(&linker);
    find_dependencies(&linker);
    return !linker.errors;
}
