/*
 * dmn_type.c - names of types: those of FEEL, those that older modellers wrote, and the item
 * definitions of the file. Of a structure only that it is a context counts.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { TYPES_DEEP_AT_MOST = 16 };

/* As written, and as feel_kind_name says; NULL for any. */
static const struct KnownType {
    const char *name;
    const char *kind;
} known_types[] = {
    {"string", "string"},
    {"number", "number"},
    {"integer", "number"},
    {"long", "number"},
    {"double", "number"},
    {"decimal", "number"},
    {"boolean", "boolean"},
    {"date", "date"},
    {"time", "time"},
    {"date and time", "date and time"},
    {"dateTime", "date and time"},
    {"days and time duration", "days and time duration"},
    {"dayTimeDuration", "days and time duration"},
    {"years and months duration", "years and months duration"},
    {"yearMonthDuration", "years and months duration"},
    {"context", "context"},
    {"Any", NULL},
    {"any", NULL},
};

static const struct KnownType *known_type(const char *name)
{
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++)
        if (text_equal(known_types[i].name, name))
            return &known_types[i];
    return NULL;
}

static DmnType type_of(DmnParser *parser, const XmlElement *at, const char *name, int depth);

static const XmlElement *allowed_of(const XmlElement *definition)
{
    const XmlElement *allowed = dmn_child(definition, "allowedValues");
    return allowed ? allowed : dmn_child(definition, "typeConstraint");
}

static DmnType type_of_definition(DmnParser *parser, const XmlElement *definition, int depth)
{
    const XmlElement *base = dmn_child(definition, "typeRef"), *allowed = allowed_of(definition);
    const char *name = base ? text_trim(parser->arena, base->text) : NULL;
    bool is_list = text_equal(dmn_attribute(definition, "isCollection"), "true");
    if (is_list && allowed)
        dmn_fail(parser, definition, "dmn.unsupported", "allowed values of a collection");
    if (is_list)
        return (DmnType){.kind = "list"};
    if (!base)
        return (DmnType){.kind = dmn_child(definition, "itemComponent") ? "context" : NULL};
    DmnType type = type_of(parser, definition, name, depth + 1);
    FeelExpression *own = dmn_compile(parser, allowed, FEEL_UNARY_TESTS, "allowed values");
    if (own)
        type.allowed = own;
    return type;
}

static DmnType type_of(DmnParser *parser, const XmlElement *at, const char *name, int depth)
{
    const char *colon = name ? strrchr(name, ':') : NULL;
    const char *local = colon ? colon + 1 : name;
    const XmlElement *definition = local ? map_get(&parser->types, local) : NULL;
    const struct KnownType *known = local ? known_type(local) : NULL;
    if (text_is_empty(local))
        return (DmnType){0};
    if (depth > TYPES_DEEP_AT_MOST)
        dmn_fail(parser, at, "dmn.type", "item definitions refer to each other in a circle");
    else if (definition)
        return type_of_definition(parser, definition, depth);
    else if (known)
        return (DmnType){.kind = known->kind};
    else
        dmn_fail(parser, at, "dmn.type", local);
    return (DmnType){0};
}

DmnType dmn_type(DmnParser *parser, const XmlElement *at, const char *name)
{
    return type_of(parser, at, name, 0);
}
