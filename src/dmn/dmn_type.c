/*
 * dmn_type.c - types by name: those of FEEL, those that older modellers wrote, and the item
 * definitions of a file and of its imports ("import.type").
 *
 *     <itemDefinition> -> base (a name, components, a function) -> with its allowed values
 *                      -> list of it, where it is a collection -> with its type constraint
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { TYPES_DEEP_AT_MOST = 64 };

/* As written; all others of a kind are the same as its first. */
static const DmnType known_types[] = {
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_STRING, .name = "string"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = "number"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = "integer"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = "long"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = "double"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = "decimal"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_BOOLEAN, .name = "boolean"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_DATE, .name = "date"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_TIME, .name = "time"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_DATE_TIME, .name = "date and time"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_DATE_TIME, .name = "dateTime"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_DAYS_TIME, .name = "days and time duration"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_DAYS_TIME, .name = "dayTimeDuration"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_YEARS_MONTHS, .name = "years and months duration"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_YEARS_MONTHS, .name = "yearMonthDuration"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_RANGE, .name = "range"},
    {.kind = DMN_TYPE_SIMPLE, .simple = FEEL_NULL, .name = "Null"},
    {.kind = DMN_TYPE_CONTEXT, .name = "context"},
    {.kind = DMN_TYPE_LIST, .name = "list"},
    {.kind = DMN_TYPE_FUNCTION, .name = "function"},
    {.kind = DMN_TYPE_ANY, .name = "Any"},
    {.kind = DMN_TYPE_ANY, .name = "any"},
};

static const DmnType *known_type(const char *name)
{
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++)
        if (text_equal(known_types[i].name, name))
            return &known_types[i];
    return NULL;
}

/* The type that takes everything; item definitions that are not read yet are none. */
static bool is_any(const DmnType *type)
{
    const DmnType *any = known_type("Any");
    return type == any || type == known_type("any");
}

/* "import.type"; for names without a dot NULL. */
static const DmnType *imported_type(const DmnFile *file, const char *name)
{
    list_each (const DmnFileImport, import, &file->imports) {
        size_t length = strlen(import->name);
        const char *local = length ? name + length + 1 : name;
        if (length && (strncmp(import->name, name, length) != 0 || name[length] != '.'))
            continue;
        const DmnType *type = map_get(&import->file->types, local);
        if (type)
            return type;
    }
    return NULL;
}

/* Older files write the prefix of a namespace: "feel:string", "ns1:tPerson". */
static const DmnType *prefixed_type(const DmnFile *file, const char *name)
{
    const char *colon = strchr(name, ':');
    const char *local = colon ? colon + 1 : NULL;
    const DmnType *type = NULL;
    if (!local)
        return NULL;
    type = strncmp(name, "feel:", 5) == 0 ? known_type(local) : map_get(&file->types, local);
    list_each (const DmnFileImport, import, &file->imports)
        if (!type)
            type = map_get(&import->file->types, local);
    return type ? type : known_type(local);
}

bool dmn_find_type(const DmnFile *file, const char *name, const DmnType **out)
{
    *out = map_get(&file->types, name);
    if (!*out)
        *out = known_type(name);
    if (!*out)
        *out = imported_type(file, name);
    if (!*out)
        *out = prefixed_type(file, name);
    return *out != NULL;
}

const DmnType *dmn_type(DmnParser *parser, const XmlElement *at, const char *name)
{
    const DmnType *type = NULL;
    const char *trimmed = name ? text_trim(parser->scratch, name) : "";
    if (*trimmed && !dmn_find_type(parser->file, trimmed, &type))
        dmn_problem(parser, at, "dmn.type", "there is no type named \"%s\"",
                    dmn_shortened(parser->scratch, trimmed, 80));
    return is_any(type) ? NULL : type;
}

/* ---- item definitions ------------------------------------------------------------------------ */

void dmn_declare_types(DmnParser *parser)
{
    DmnFile *file = parser->file;
    xml_each (one, file->root) {
        const char *name =
            dmn_is(parser, one, "itemDefinition") ? dmn_attribute(one, "name") : NULL;
        if (text_is_empty(name))
            continue;
        parser->place = name;
        if (map_has(&file->definitions, name)) {
            dmn_problem(parser, one, "dmn.repeated_name", "there is another type \"%s\"", name);
            continue;
        }
        DmnType *type = arena_new(parser->arena, DmnType);
        type->name = dmn_keep(parser, name);
        map_set(&file->definitions, type->name, (void *)one);
        map_set(&file->types, type->name, type);
    }
}

static void read_item(DmnParser *parser, const XmlElement *element, DmnType *out, int depth);

static DmnType *new_type(DmnParser *parser, DmnTypeKind kind, const char *name)
{
    DmnType *type = arena_new(parser->arena, DmnType);
    type->kind = kind;
    type->name = name;
    return type;
}

static void read_components(DmnParser *parser, const XmlElement *element, DmnType *out, int depth)
{
    out->kind = DMN_TYPE_CONTEXT;
    xml_each (one, element) {
        const char *name = dmn_keep(parser, dmn_attribute(one, "name"));
        if (!dmn_is(parser, one, "itemComponent") || !name)
            continue;
        DmnType *type = new_type(parser, DMN_TYPE_ANY, name);
        read_item(parser, one, type, depth + 1);
        list_add(parser->arena, &out->parts, (DmnPart){.name = name, .type = type});
    }
}

static void read_function(DmnParser *parser, const XmlElement *element, DmnType *out)
{
    out->kind = DMN_TYPE_FUNCTION;
    out->base = dmn_type(parser, element, dmn_attribute(element, "outputTypeRef"));
    xml_each (one, element)
        if (dmn_is(parser, one, "parameters"))
            list_add(parser->arena, &out->parts,
                     (DmnPart){.name = dmn_keep(parser, dmn_attribute(one, "name")),
                               .type = dmn_type(parser, one, dmn_attribute(one, "typeRef"))});
}

/* What an item definition says of one value: a name, components or a function. */
static void read_base(DmnParser *parser, const XmlElement *element, DmnType *out, int depth)
{
    const XmlElement *base = dmn_child(parser, element, "typeRef");
    const XmlElement *function = dmn_child(parser, element, "functionItem");
    if (base) {
        out->kind = DMN_TYPE_ALIAS;
        out->base = dmn_type(parser, element, base->text);
    } else if (dmn_child(parser, element, "itemComponent")) {
        read_components(parser, element, out, depth);
    } else if (function) {
        read_function(parser, function, out);
    } else {
        out->kind = DMN_TYPE_ANY;
    }
}

static void restrict_type(DmnParser *parser, const XmlElement *constraint, DmnType *type)
{
    type->allowed = dmn_compile(parser, constraint, FEEL_UNARY_TESTS, "allowed values", NULL);
    if (type->allowed)
        type->allowed_source = feel_source(type->allowed);
}

/* allowedValues hold for each item of a collection, the typeConstraint for the whole type. */
static void read_item(DmnParser *parser, const XmlElement *element, DmnType *out, int depth)
{
    const XmlElement *allowed = dmn_child(parser, element, "allowedValues");
    const XmlElement *constraint = dmn_child(parser, element, "typeConstraint");
    const char *is_collection = dmn_attribute(element, "isCollection");
    bool is_list = text_equal(is_collection, "true") || text_equal(is_collection, "1");
    if (depth > TYPES_DEEP_AT_MOST) {
        dmn_problem(parser, element, "dmn.type", "components are more than %d deep",
                    TYPES_DEEP_AT_MOST);
        return;
    }
    DmnType *one =
        is_list || (allowed && constraint) ? new_type(parser, DMN_TYPE_ANY, out->name) : out;
    read_base(parser, element, one, depth);
    if (allowed)
        restrict_type(parser, allowed, one);
    if (one != out) {
        out->kind = is_list ? DMN_TYPE_LIST : DMN_TYPE_ALIAS;
        out->base = one;
    }
    if (constraint)
        restrict_type(parser, constraint, out);
}

/* Names that lead to each other: every value would have to be looked at for ever. Components may
 * come back to their type, since values end. */
static void break_circle(DmnParser *parser, const XmlElement *element, DmnType *type)
{
    const DmnType *at = type;
    for (int depth = 0; at && depth <= TYPES_DEEP_AT_MOST; depth++)
        at = at->kind == DMN_TYPE_ALIAS || at->kind == DMN_TYPE_LIST ? at->base : NULL;
    if (!at)
        return;
    dmn_problem(parser, element, "dmn.type",
                "item definitions refer to each other in a circle, or more than %d deep",
                TYPES_DEEP_AT_MOST);
    type->kind = DMN_TYPE_ANY;
    type->base = NULL;
}

void dmn_read_types(DmnParser *parser)
{
    map_each (entry, &parser->file->definitions) {
        parser->place = entry->key;
        read_item(parser, entry->value, map_get(&parser->file->types, entry->key), 0);
    }
    map_each (entry, &parser->file->definitions) {
        parser->place = entry->key;
        break_circle(parser, entry->value, map_get(&parser->file->types, entry->key));
    }
    parser->place = NULL;
}
