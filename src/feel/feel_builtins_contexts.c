/* feel_builtins_contexts.c - functions on contexts (10.3.4.9 and 10.3.4.10). */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_value.h"

static FeelValue end_context(FeelCall *call, FeelContextBuilder *builder)
{
    FeelValue context = feel_context_end(builder);
    return context.kind == FEEL_CONTEXT
               ? context
               : feel_fail(call, "feel.limit", "the context is too deep or too big");
}

static void put_entries(FeelContextBuilder *builder, FeelValue context)
{
    for (size_t i = 0; i < context.as.context->count; i++)
        feel_context_put(builder, context.as.context->entries[i].name,
                         context.as.context->entries[i].value);
}

static bool pay_for_context(FeelCall *call, FeelValue context)
{
    size_t count = context.as.context->count;
    return feel_call_spend(call, count, count * 3 * sizeof(FeelEntry));
}

static FeelValue get_value(FeelCall *call)
{
    const char *key = feel_text(feel_argument(call, 1));
    const FeelValue *member = feel_member(feel_argument(call, 0), key);
    return member ? *member : feel_fail(call, "feel.unknown_member", "there is no \"%s\"", key);
}

static FeelValue get_at_path(FeelCall *call)
{
    FeelValue value = feel_argument(call, 0);
    const FeelList *keys = argument_list(call, 1);
    for (size_t i = 0; i < keys->count; i++) {
        const char *key = feel_text(keys->items[i]);
        const FeelValue *member = key ? feel_member(value, key) : NULL;
        if (!key)
            return feel_fail(call, "feel.value", "key %zu is no string", i + 1);
        if (!member)
            return feel_fail(call, "feel.unknown_member", "key %zu leads nowhere", i + 1);
        value = *member;
    }
    return value;
}

static FeelValue get_entries(FeelCall *call)
{
    FeelValue context = feel_argument(call, 0);
    ListBuilder builder = list_begin(call);
    for (size_t i = 0; i < context.as.context->count; i++) {
        const FeelEntry *from = &context.as.context->entries[i];
        if (!feel_call_spend(call, 1, 4 * sizeof(FeelEntry)))
            return feel_null();
        FeelContextBuilder entry = feel_context_begin(feel_call_arena(call));
        feel_context_put(&entry, "key", feel_string(from->name));
        feel_context_put(&entry, "value", from->value);
        list_put(&builder, feel_context_end(&entry));
    }
    return list_end(&builder);
}

static FeelValue context_of_entries(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    FeelContextBuilder builder = feel_context_begin(feel_call_arena(call));
    if (!feel_call_spend(call, list->count, list->count * 3 * sizeof(FeelEntry)))
        return feel_null();
    for (size_t i = 0; i < list->count; i++) {
        const FeelValue *key = feel_member(list->items[i], "key");
        const FeelValue *value = feel_member(list->items[i], "value");
        if (!key || key->kind != FEEL_STRING || !value)
            return feel_fail(call, "feel.value", "entry %zu is not {key: string, value: Any}",
                             i + 1);
        size_t before = builder.entries.count;
        feel_context_put(&builder, feel_text(*key), *value);
        if (builder.entries.count == before)
            return feel_fail(call, "feel.duplicate_key", "two entries are named \"%s\"",
                             feel_text(*key));
    }
    return end_context(call, &builder);
}

static FeelValue with_entry(FeelCall *call, FeelValue context, const char *key, FeelValue value)
{
    if (!pay_for_context(call, context))
        return feel_null();
    FeelContextBuilder builder = feel_context_begin(feel_call_arena(call));
    put_entries(&builder, context);
    feel_context_put(&builder, key, value);
    return end_context(call, &builder);
}

static FeelValue context_put(FeelCall *call)
{
    return with_entry(call, feel_argument(call, 0), feel_text(feel_argument(call, 1)),
                      feel_argument(call, 2));
}

/* Contexts along the path, from the outside in; missing ones are empty. */
static FeelValue put_at_path(FeelCall *call, FeelValue context, const FeelList *keys, size_t level)
{
    const char *key = feel_text(keys->items[level]);
    if (!key)
        return feel_fail(call, "feel.value", "key %zu is no string", level + 1);
    if (level + 1 == keys->count)
        return with_entry(call, context, key, feel_argument(call, 2));
    const FeelValue *found = feel_member(context, key);
    FeelContextBuilder none = feel_context_begin(feel_call_arena(call));
    FeelValue inner = found ? *found : feel_context_end(&none);
    if (inner.kind != FEEL_CONTEXT)
        return feel_fail(call, "feel.value", "\"%s\" is no context", key);
    inner = put_at_path(call, inner, keys, level + 1);
    return inner.kind == FEEL_NULL ? inner : with_entry(call, context, key, inner);
}

static FeelValue context_put_path(FeelCall *call)
{
    const FeelList *keys = argument_list(call, 1);
    if (keys->count == 0 || keys->count > FEEL_VALUE_DEPTH)
        return feel_fail(call, "feel.value", "there must be 1 to %d keys", FEEL_VALUE_DEPTH);
    return put_at_path(call, feel_argument(call, 0), keys, 0);
}

static FeelValue context_merge(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    FeelContextBuilder builder = feel_context_begin(feel_call_arena(call));
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != FEEL_CONTEXT)
            return feel_fail(call, "feel.value", "item %zu is no context", i + 1);
        if (!pay_for_context(call, list->items[i]))
            return feel_null();
        put_entries(&builder, list->items[i]);
    }
    return end_context(call, &builder);
}

/* size: table */
static const FeelNative ROWS[] = {
    {"context",
     {{"entries", TAKES_LIST}},
     context_of_entries,
     "A context of a list of {key, value}.",
     {"context([{key: \"a\", value: 1}]) = {a: 1}"}},
    {"context merge",
     {{"contexts", TAKES_LIST}},
     context_merge,
     "One context of the entries of all; later ones win.",
     {"context merge([{a: 1}, {a: 2, b: 3}]) = {a: 2, b: 3}"}},
    {"context put",
     {{"context", TAKES_CONTEXT}, {"key", TAKES_STRING}, {"value", FEEL_TAKES_ANY}},
     context_put,
     "The context with an entry added or replaced.",
     {"context put({a: 1}, \"b\", 2) = {a: 1, b: 2}"}},
    {"context put",
     {{"context", TAKES_CONTEXT}, {"keys", TAKES_LIST}, {"value", FEEL_TAKES_ANY}},
     context_put_path,
     "The context with an entry added or replaced at the end of a path of keys.",
     {"context put({a: {b: 1}}, [\"a\", \"b\"], 2) = {a: {b: 2}}"}},
    {"get entries",
     {{"m", TAKES_CONTEXT}},
     get_entries,
     "The entries as a list of {key, value}.",
     {"get entries({a: 1}) = [{key: \"a\", value: 1}]"}},
    {"get value",
     {{"m", TAKES_CONTEXT}, {"key", TAKES_STRING}},
     get_value,
     "The value of an entry.",
     {"get value({a: 1}, \"a\") = 1", "get value({a: 1}, \"b\") = null"}},
    {"get value",
     {{"m", TAKES_CONTEXT}, {"keys", TAKES_LIST}},
     get_at_path,
     "The value at the end of a path of keys.",
     {"get value({a: {b: 1}}, [\"a\", \"b\"]) = 1"}},
};

const FeelFamily FEEL_CONTEXT_FUNCTIONS = FEEL_FAMILY(ROWS);
