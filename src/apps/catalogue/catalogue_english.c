/*
 * catalogue_english.c - which texts of a form or a table lack their English (decisions.md 26).
 *
 *     form schema, component by component -> texts that are not plain ASCII -> the overlay's
 *     {component id: {"label", "description", "text", "values": {value: label}}}
 *     table, decision by decision, rule by rule -> {decision or rule id: English}
 *
 * A text without Chinese ("WLAN", "m2") reads the same in both languages and needs none.
 */
#include "apps/catalogue/catalogue_internal.h"

#include <string.h>

#include "format/xml.h"

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

/* ---- tables ---------------------------------------------------------------------------------- */

/* What officers read of it: the file's and a decision's name, a rule's legal basis. NULL for any
 * other element. */
static const char *shown_text(const XmlElement *element)
{
    if (xml_is(element, XML_ANY_NAMESPACE, "definitions") ||
        xml_is(element, XML_ANY_NAMESPACE, "decision"))
        return xml_attribute(element, NULL, "name");
    if (xml_is(element, XML_ANY_NAMESPACE, "rule"))
        return xml_child_text(element, XML_ANY_NAMESPACE, "description");
    return NULL;
}

/* The parser of XML has bounded how deep elements nest. */
static void check_element(Search *search, const XmlElement *element)
{
    const char *id = xml_attribute(element, NULL, "id");
    if (needs_english(shown_text(element)) &&
        (!id || text_is_empty(json_text(search->english, id))))
        search->is_good = error_add(
            search->err, search->arena, ERROR_INVALID, .code = "pack.no_english",
            .field = search->file, .line = element->line,
            .message = arena_printf(search->arena, "%s:%d: %s has no English", search->file,
                                    element->line, id ? id : "an element without id"));
    xml_each (child, element)
        check_element(search, child);
}

bool catalogue_check_table_english(Arena *arena, const char *file, const char *table,
                                   const Json *english, Error *err)
{
    Search search = {.arena = arena, .file = file, .english = english, .err = err, .is_good = true};
    const XmlElement *root = xml_parse(arena, table, strlen(table), &XML_LIMITS, err);
    if (!root)
        return false;
    check_element(&search, root);
    return search.is_good;
}
