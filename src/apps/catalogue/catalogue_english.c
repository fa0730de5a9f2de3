/*
 * catalogue_english.c - which texts of a form lack their English (decisions.md 26).
 *
 *     form schema, component by component -> texts that are not plain ASCII -> the overlay's
 *     {component id: {"label", "description", "text", "values": {value: label}}}
 *
 * A text without Chinese ("WLAN", "m2") reads the same in both languages and needs none.
 */
#include "apps/catalogue/catalogue_internal.h"

typedef struct Search {
    Arena *arena;
    const char *file; /* for errors */
    const Json *english;
    Error *err;
    bool is_good;
} Search;

static bool needs_english(const char *text)
{
    for (; text && *text; text++)
        if ((unsigned char)*text >= 0x80)
            return true;
    return false;
}

static void expect(Search *search, const Json *component, const char *id, const Json *texts,
                   const char *name, const char *english_name)
{
    const char *english = json_text(texts, english_name);
    if (!needs_english(json_text(component, name)) || !text_is_empty(english))
        return;
    search->is_good =
        error_add(search->err, search->arena, ERROR_INVALID, .code = "pack.no_english",
                  .field = search->file, .line = component->line,
                  .message = arena_printf(search->arena, "%s:%d: %s has no English %s",
                                          search->file, component->line, id, english_name));
}

static void check_options(Search *search, const Json *component, const char *id, const Json *texts)
{
    const Json *english = json_get(texts, "values");
    json_each (option, json_get(component, "values")) {
        const char *value = json_text(option, "value");
        if (value)
            expect(search, option, id, english, "label", value);
    }
}

static void check_component(Search *search, const Json *component)
{
    static const char *const names[][2] = {{"label", "label"},
                                           {"dateLabel", "label"},
                                           {"timeLabel", "label"},
                                           {"description", "description"},
                                           {"text", "text"}};
    const char *id = json_text(component, "id");
    const char *shown = id ? id : "a component without id";
    const Json *texts = id ? json_get(search->english, id) : NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect(search, component, shown, texts, names[i][0], names[i][1]);
    check_options(search, component, shown, texts);
}

/* The parser of forms has bounded how deep groups nest. */
static void check_list(Search *search, const Json *components)
{
    json_each (component, components) {
        check_component(search, component);
        check_list(search, json_get(component, "components"));
    }
}

bool catalogue_check_form_english(Arena *arena, const char *file, const Json *schema,
                                  const Json *english, Error *err)
{
    Search search = {.arena = arena, .file = file, .english = english, .err = err, .is_good = true};
    check_list(&search, json_get(schema, "components"));
    return search.is_good;
}
