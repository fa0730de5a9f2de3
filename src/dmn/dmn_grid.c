/*
 * dmn_grid.c - decision tables read as rows of texts, and rows matched with those of a file.
 */
#include "dmn/dmn_grid_internal.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

static const XmlElement *child_of(const XmlElement *element, const char *name)
{
    return element ? xml_child(element, element->namespace_uri, name) : NULL;
}

static const char *text_in(Arena *arena, const XmlElement *element)
{
    const XmlElement *text = child_of(element, "text");
    return text ? text_trim(arena, text->text) : "";
}

static const char *attribute_of(const XmlElement *element, const char *name)
{
    return text_or_empty(xml_attribute(element, NULL, name));
}

static DmnGridColumn input_column(Arena *arena, const XmlElement *input)
{
    const XmlElement *expression = child_of(input, "inputExpression");
    return (DmnGridColumn){.kind = DMN_GRID_INPUT,
                           .label = attribute_of(input, "label"),
                           .expression = text_in(arena, expression),
                           .type = attribute_of(expression, "typeRef"),
                           .allowed = text_in(arena, child_of(input, "inputValues"))};
}

static DmnGridColumn output_column(Arena *arena, const XmlElement *output)
{
    return (DmnGridColumn){.kind = DMN_GRID_OUTPUT,
                           .label = attribute_of(output, "label"),
                           .expression = attribute_of(output, "name"),
                           .type = attribute_of(output, "typeRef"),
                           .allowed = text_in(arena, child_of(output, "outputValues"))};
}

static void read_columns(Arena *arena, const XmlElement *table, DmnGrid *out)
{
    xml_each (child, table)
        if (xml_is(child, table->namespace_uri, "input"))
            list_add(arena, &out->columns, input_column(arena, child));
    xml_each (child, table)
        if (xml_is(child, table->namespace_uri, "output"))
            list_add(arena, &out->columns, output_column(arena, child));
    list_add(arena, &out->columns, (DmnGridColumn){DMN_GRID_NOTE, "", "", "", ""});
    xml_each (child, table)
        if (xml_is(child, table->namespace_uri, "annotation"))
            list_add(arena, &out->columns,
                     (DmnGridColumn){DMN_GRID_NOTE, attribute_of(child, "name"), "", "", ""});
}

bool grid_parts(const XmlElement *rule, const DmnGrid *grid, const XmlElement **out)
{
    static const char *const names[] = {"inputEntry", "outputEntry", "annotationEntry"};
    size_t column = 0;
    for (int kind = DMN_GRID_INPUT; kind <= DMN_GRID_NOTE; kind++) {
        if (kind == DMN_GRID_NOTE)
            out[column++] = child_of(rule, "description");
        xml_each (child, rule) {
            if (!xml_is(child, rule->namespace_uri, names[kind]))
                continue;
            if (column >= grid->columns.count ||
                grid->columns.items[column].kind != (DmnGridKind)kind)
                return false;
            out[column++] = child;
        }
        while (kind == DMN_GRID_NOTE && column < grid->columns.count)
            out[column++] = NULL;
        if (column < grid->columns.count && grid->columns.items[column].kind == (DmnGridKind)kind)
            return false;
    }
    return true;
}

static bool read_rule(Arena *arena, const XmlElement *rule, DmnGrid *grid, Error *err)
{
    size_t count = grid->columns.count;
    const XmlElement **parts = arena_array(arena, const XmlElement *, count);
    DmnGridRule out = {.id = attribute_of(rule, "id"),
                       .cells = arena_array(arena, const char *, count),
                       .lines = arena_array(arena, int, count)};
    if (!grid_parts(rule, grid, parts))
        return error_set(err, ERROR_INVALID, .code = "dmn.grid", .field = grid->id,
                         .line = rule->line, .column = rule->column);
    for (size_t i = 0; i < count; i++) {
        bool is_description = parts[i] && strcmp(parts[i]->name, "description") == 0;
        out.cells[i] = is_description ? text_trim(arena, parts[i]->text) : text_in(arena, parts[i]);
        out.lines[i] = parts[i] ? parts[i]->line : 0;
    }
    list_add(arena, &grid->rules, out);
    return true;
}

static bool read_grid(Arena *arena, const XmlElement *decision, const XmlElement *table,
                      DmnGrids *out, Error *err)
{
    const char *policy = attribute_of(table, "hitPolicy");
    const char *id = attribute_of(decision, "id"), *name = attribute_of(decision, "name");
    DmnGrid grid = {.id = *id ? id : name,
                    .name = *name ? name : id,
                    .policy = *policy ? policy : "UNIQUE",
                    .aggregation = attribute_of(table, "aggregation")};
    read_columns(arena, table, &grid);
    xml_each (child, table)
        if (xml_is(child, table->namespace_uri, "rule") && !read_rule(arena, child, &grid, err))
            return false;
    list_add(arena, out, grid);
    return true;
}

const XmlElement *grid_table(const XmlElement *root, const char *id)
{
    const XmlElement *found = NULL;
    xml_each (decision, root) {
        bool is_decision = xml_is(decision, root->namespace_uri, "decision");
        const char *own = attribute_of(decision, "id");
        if (!is_decision || !text_equal(*own ? own : attribute_of(decision, "name"), id))
            continue;
        if (found)
            return NULL;
        found = decision;
    }
    return child_of(found, "decisionTable");
}

bool dmn_grids(Arena *arena, const char *source, size_t length, DmnGrids *out, Error *err)
{
    const XmlElement *root = xml_parse(arena, source, length, &XML_LIMITS, err);
    if (!root)
        return false;
    xml_each (decision, root) {
        bool is_decision = xml_is(decision, root->namespace_uri, "decision");
        const XmlElement *table = is_decision ? child_of(decision, "decisionTable") : NULL;
        if (table && !read_grid(arena, decision, table, out, err))
            return false;
    }
    return true;
}

/* ---- matching -------------------------------------------------------------------------------- */

static bool is_same_rule(const DmnGrid *grid, const DmnGridRule *a, const DmnGridRule *b)
{
    for (size_t i = 0; i < grid->columns.count; i++)
        if (!text_equal(a->cells[i], b->cells[i]))
            return false;
    return true;
}

static size_t find_rule(const DmnGrid *file, const DmnGridRule *rule, const bool *is_taken,
                        bool by_id)
{
    for (size_t i = 0; i < file->rules.count; i++) {
        const DmnGridRule *other = &file->rules.items[i];
        if (!is_taken[i] && (by_id ? *rule->id && text_equal(rule->id, other->id)
                                   : is_same_rule(file, rule, other)))
            return i + 1;
    }
    return 0;
}

void dmn_grid_match(const DmnGrid *file, DmnGrid *wanted, Arena *arena)
{
    bool *is_taken = arena_array(arena, bool, file->rules.count);
    for (int by_id = 1; by_id >= 0; by_id--)
        list_each (DmnGridRule, rule, &wanted->rules) {
            if (!rule->origin)
                rule->origin = find_rule(file, rule, is_taken, by_id);
            if (rule->origin)
                is_taken[rule->origin - 1] = true;
        }
}
