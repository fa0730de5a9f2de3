/* workbench_items_json.c - JSON of items: members exchanged, and two trees compared. */
#include "apps/workbench/workbench_items_internal.h"

#include <string.h>

static const ItemMember *member_of(const ItemMembers *members, const char *name)
{
    list_each (ItemMember, one, members)
        if (text_equal(one->name, name))
            return one;
    return NULL;
}

static void put(Buffer *out, Arena *arena, const char *name, const char *json, bool is_wide)
{
    bool is_first = out->length == 1;
    buffer_add(out, is_wide ? (is_first ? "\n  " : ",\n  ") : (is_first ? "" : ", "));
    buffer_printf(out, "%s: %s", items_quoted(arena, name), json);
}

const char *items_merge(Arena *arena, const Json *before, const ItemMembers *members, bool is_wide)
{
    Buffer out = buffer_init(arena, 0);
    buffer_add_char(&out, '{');
    json_each (old, before) {
        const ItemMember *changed = member_of(members, old->name);
        put(&out, arena, old->name, changed ? changed->json : json_tree_text(arena, old), is_wide);
    }
    list_each (ItemMember, one, members)
        if (!json_get(before, one->name))
            put(&out, arena, one->name, one->json, is_wide);
    buffer_add(&out, is_wide ? "\n}\n" : "}");
    return buffer_text(&out);
}

/* The parser of JSON has bounded how deep they nest. */
bool items_json_equal(const Json *a, const Json *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->count != b->count || a->boolean != b->boolean ||
        !text_equal(a->text, b->text))
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const Json *other = a->kind == JSON_OBJECT ? json_get(b, a->items[i]->name) : b->items[i];
        if (!items_json_equal(a->items[i], other))
            return false;
    }
    return true;
}

const char *items_quoted(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    json_add_quoted(&out, text);
    return buffer_text(&out);
}

/* Adds a part as a text of the list; blank ones are none. */
static size_t add_part(Buffer *out, Arena *arena, const char *start, size_t length, size_t count)
{
    const char *part = text_trim(arena, arena_text_n(arena, start, length));
    if (!*part)
        return count;
    buffer_printf(out, "%s%s", count ? ", " : "", items_quoted(arena, part));
    return count + 1;
}

/* Whether one of these signs stands here; how long it is. */
static size_t sign_at(const char *at, const char *const *signs)
{
    for (; *signs; signs++)
        if (text_starts_with(at, *signs))
            return strlen(*signs);
    return 0;
}

static const char *list_of(Arena *arena, const char *cell, const char *const *signs,
                           size_t *out_count)
{
    Buffer out = buffer_init(arena, 0);
    const char *start = cell, *at = cell;
    *out_count = 0;
    buffer_add_char(&out, '[');
    while (*at) {
        size_t length = sign_at(at, signs);
        if (length) {
            *out_count = add_part(&out, arena, start, (size_t)(at - start), *out_count);
            start = at + length;
        }
        at += length ? length : 1;
    }
    *out_count = add_part(&out, arena, start, (size_t)(at - start), *out_count);
    buffer_add_char(&out, ']');
    return buffer_text(&out);
}

const char *items_lines(Arena *arena, const char *cell, size_t *out_count)
{
    static const char *const signs[] = {"\n", "|", "｜", NULL};
    return list_of(arena, cell, signs, out_count);
}

const char *items_words(Arena *arena, const char *cell)
{
    static const char *const signs[] = {"\n", "|", "、", "，", "；", ",", ";", NULL};
    size_t count;
    return list_of(arena, cell, signs, &count);
}
