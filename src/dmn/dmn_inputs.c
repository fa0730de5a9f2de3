/*
 * dmn_inputs.c - inputs from JSON, where dates are texts, to values of their declared types.
 */
#include "dmn/dmn_internal.h"

static FeelValue read_as(const DmnType *type, FeelValue plain, Arena *arena);

static bool is_temporal(FeelKind kind)
{
    return kind == FEEL_DATE || kind == FEEL_TIME || kind == FEEL_DATE_TIME ||
           kind == FEEL_YEARS_MONTHS || kind == FEEL_DAYS_TIME;
}

static FeelValue read_temporal(FeelKind kind, FeelValue plain, Arena *arena)
{
    const char *text = feel_text(plain);
    FeelValue value;
    bool is_one = text && is_temporal(kind) && feel_from_temporal_text(arena, text, &value) &&
                  (value.kind == kind || value.kind == FEEL_DATE);
    return is_one ? value : plain;
}

static FeelValue read_items(const DmnType *type, FeelValue plain, Arena *arena)
{
    if (plain.kind != FEEL_LIST)
        return read_as(type->base, plain, arena);
    FeelValue *items = arena_array(arena, FeelValue, feel_count(plain));
    for (size_t i = 0; i < feel_count(plain); i++)
        items[i] = read_as(type->base, feel_item(plain, i), arena);
    return feel_list(arena, items, feel_count(plain));
}

static const DmnType *type_of_part(const DmnType *type, const char *name)
{
    list_each (const DmnPart, part, &type->parts)
        if (text_equal(part->name, name))
            return part->type;
    return NULL;
}

static FeelValue read_parts(const DmnType *type, FeelValue plain, Arena *arena)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    if (plain.kind != FEEL_CONTEXT)
        return plain;
    for (size_t i = 0; i < plain.as.context->count; i++) {
        const FeelEntry *entry = &plain.as.context->entries[i];
        feel_context_put(&builder, entry->name,
                         read_as(type_of_part(type, entry->name), entry->value, arena));
    }
    return feel_context_end(&builder);
}

static FeelValue read_as(const DmnType *type, FeelValue plain, Arena *arena)
{
    while (type && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    if (!type)
        return plain;
    switch (type->kind) {
    case DMN_TYPE_SIMPLE: return read_temporal(type->simple, plain, arena);
    case DMN_TYPE_LIST: return read_items(type, plain, arena);
    case DMN_TYPE_CONTEXT: return read_parts(type, plain, arena);
    default: return plain;
    }
}

static const DmnType *type_of_input(const DmnModel *model, const char *name)
{
    list_each (DmnNode *, node, &model->nodes)
        if ((*node)->info.kind <= DMN_DECISION && text_equal((*node)->variable, name))
            return (*node)->type;
    return NULL;
}

FeelValue dmn_read_inputs(const DmnModel *model, FeelValue plain, Arena *arena)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    if (plain.kind != FEEL_CONTEXT)
        return plain;
    for (size_t i = 0; i < plain.as.context->count; i++) {
        const FeelEntry *entry = &plain.as.context->entries[i];
        feel_context_put(&builder, entry->name,
                         read_as(type_of_input(model, entry->name), entry->value, arena));
    }
    return feel_context_end(&builder);
}
