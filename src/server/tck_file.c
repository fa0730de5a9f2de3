/*
 * tck_file.c - test files of the DMN TCK: <value>, <component>, <list> to FEEL values.
 */
#include "server/tck_file.h"

#include <string.h>

#include "base/text.h"
#include "format/xml.h"

#define SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

static const XmlLimits limits = {.bytes = (size_t)32 * 1024 * 1024,
                                 .depth = 100,
                                 .nodes = (size_t)2 * 1000 * 1000,
                                 .attributes = 64};

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_nil(const XmlElement *element)
{
    const char *nil = xml_attribute(element, SCHEMA_INSTANCE, "nil");
    return text_equal(nil, "true") || text_equal(nil, "1");
}

/* "string" of xsi:type="xsd:string"; "" when there is none. */
static const char *type_of(const XmlElement *value)
{
    const char *type = xml_attribute(value, SCHEMA_INSTANCE, "type");
    const char *colon = type ? strchr(type, ':') : NULL;
    return colon ? colon + 1 : type ? type : "";
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(text, words[i]))
            return true;
    return false;
}

/* A text that is none of its type stays a text, which equals nothing that is expected. */
static FeelValue scalar(Arena *arena, const XmlElement *value)
{
    static const char *const numbers[] = {"decimal", "double", "float", "integer",           "int",
                                          "long",    "short",  "byte",  "nonNegativeInteger"};
    static const char *const temporals[] = {
        "date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration"};
    const char *type = type_of(value), *text = text_trim(arena, value->text);
    Decimal number;
    FeelValue temporal;
    if (is_nil(value))
        return feel_null();
    if (is_one_of(type, numbers, sizeof numbers / sizeof numbers[0]))
        return decimal_from_text(text, strlen(text), &number) ? feel_number(number)
                                                              : feel_string(text);
    if (text_equal(type, "boolean"))
        return feel_boolean(text_equal(text, "true") || text_equal(text, "1"));
    if (is_one_of(type, temporals, sizeof temporals / sizeof temporals[0]))
        return feel_from_temporal_text(arena, text, &temporal) ? temporal : feel_string(text);
    return feel_string_copy(arena, value->text, strlen(value->text));
}

static FeelValue value_in(Arena *arena, const XmlElement *parent);

static FeelValue list_of(Arena *arena, const XmlElement *list)
{
    FeelValue *items = arena_array(arena, FeelValue, list->child_count);
    size_t count = 0;
    if (is_nil(list))
        return feel_null();
    xml_each (item, list)
        if (text_equal(item->name, "item"))
            items[count++] = value_in(arena, item);
    return feel_list(arena, items, count);
}

/* What stands inside an input, component, item or <expected>. */
static FeelValue value_in(Arena *arena, const XmlElement *parent)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    bool is_context = false;
    xml_each (one, parent) {
        const char *name = xml_attribute(one, NULL, "name");
        if (text_equal(one->name, "value"))
            return scalar(arena, one);
        if (text_equal(one->name, "list"))
            return list_of(arena, one);
        if (!text_equal(one->name, "component") || !name)
            continue;
        is_context = true;
        feel_context_put(&builder, name, is_nil(one) ? feel_null() : value_in(arena, one));
    }
    return is_context ? feel_context_end(&builder) : feel_null();
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void read_node(Arena *arena, const XmlElement *element, TckCase *out)
{
    const XmlElement *expected = xml_child(element, XML_ANY_NAMESPACE, "expected");
    const char *name = xml_attribute(element, NULL, "name");
    const char *is_error = xml_attribute(element, NULL, "errorResult");
    TckNode node = {.name = name ? name : "",
                    .expected = expected ? value_in(arena, expected) : feel_null(),
                    .is_error = text_equal(is_error, "true") || text_equal(is_error, "1")};
    list_add(arena, &out->nodes, node);
}

static TckCase read_case(Arena *arena, const XmlElement *element)
{
    const char *id = xml_attribute(element, NULL, "id");
    const char *type = xml_attribute(element, NULL, "type");
    FeelContextBuilder inputs = feel_context_begin(arena);
    TckCase out = {.id = id ? id : ""};
    if (type && !text_equal(type, "decision"))
        out.target = xml_attribute(element, NULL, "invocableName");
    xml_each (one, element) {
        const char *name = xml_attribute(one, NULL, "name");
        const char *uri = xml_attribute(one, NULL, "namespace");
        if (text_equal(one->name, "resultNode"))
            read_node(arena, one, &out);
        else if (text_equal(one->name, "inputNode") && name)
            feel_context_put(&inputs,
                             text_is_empty(uri) ? name : arena_printf(arena, "%s#%s", uri, name),
                             value_in(arena, one));
    }
    out.inputs = feel_context_end(&inputs);
    return out;
}

bool tck_read(Arena *arena, const char *text, size_t length, TckFile *out, Error *err)
{
    const XmlElement *root = xml_parse(arena, text, length, &limits, err);
    const char *model;
    *out = (TckFile){0};
    if (!root || !text_equal(root->name, "testCases"))
        return false;
    model = xml_child_text(root, XML_ANY_NAMESPACE, "modelName");
    out->model = model ? text_trim(arena, model) : "";
    xml_each (one, root)
        if (text_equal(one->name, "testCase"))
            list_add(arena, &out->cases, read_case(arena, one));
    return true;
}

/* ---- comparison ------------------------------------------------------------------------------ */

static bool is_near(Decimal a, Decimal b)
{
    static const char precision[] = "0.00000001";
    Decimal difference, bound;
    return decimal_compare(a, b) == 0 ||
           (decimal_subtract(a, b, &difference) &&
            decimal_from_text(precision, sizeof precision - 1, &bound) &&
            decimal_compare(decimal_abs(difference), bound) < 0);
}

static bool is_same_context(const FeelContext *expected, FeelValue got)
{
    if (got.as.context->count != expected->count)
        return false;
    for (size_t i = 0; i < expected->count; i++) {
        const FeelValue *member = feel_member(got, expected->entries[i].name);
        if (!member || !tck_is_same(expected->entries[i].value, *member))
            return false;
    }
    return true;
}

bool tck_is_same(FeelValue expected, FeelValue got)
{
    if (expected.kind != got.kind)
        return false;
    if (expected.kind == FEEL_NUMBER)
        return is_near(expected.as.number, got.as.number);
    if (expected.kind == FEEL_CONTEXT)
        return is_same_context(expected.as.context, got);
    if (expected.kind != FEEL_LIST)
        return feel_equal(expected, got) == FEEL_YES;
    if (feel_count(expected) != feel_count(got))
        return false;
    for (size_t i = 0; i < feel_count(expected); i++)
        if (!tck_is_same(feel_item(expected, i), feel_item(got, i)))
            return false;
    return true;
}
