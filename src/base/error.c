/* error.c - filling, chaining and copying of Error lists. */
#include "base/error.h"

#include <stddef.h>

bool error_is_set(const Error *err)
{
    return err && err->kind != ERROR_NO_ERROR;
}

bool error_fill(Error *err, Error what)
{
    if (err && !error_is_set(err))
        *err = what;
    return false;
}

bool error_append(Error *err, Arena *arena, Error what)
{
    if (!err)
        return false;
    if (!error_is_set(err))
        return error_fill(err, what);
    Error *last = err;
    while (last->next)
        last = last->next;
    last->next = arena_copy(arena, &what, sizeof what);
    return false;
}

static const char *copy_or_null(Arena *arena, const char *text)
{
    return text ? arena_text(arena, text) : NULL;
}

static Error copy_one(Arena *arena, const Error *err)
{
    Error copy = *err;
    copy.code = copy_or_null(arena, err->code);
    copy.field = copy_or_null(arena, err->field);
    copy.message = copy_or_null(arena, err->message);
    copy.detail = copy_or_null(arena, err->detail);
    for (size_t i = 0; i < sizeof copy.with / sizeof copy.with[0]; i++) {
        copy.with[i].name = copy_or_null(arena, err->with[i].name);
        copy.with[i].value = copy_or_null(arena, err->with[i].value);
    }
    copy.next = NULL;
    return copy;
}

Error error_copy(Arena *arena, const Error *err)
{
    Error head = copy_one(arena, err);
    Error *last = &head;
    for (const Error *each = err->next; each; each = each->next) {
        Error copy = copy_one(arena, each);
        last->next = arena_copy(arena, &copy, sizeof copy);
        last = last->next;
    }
    return head;
}

const char *error_kind_name(ErrorKind kind)
{
    static const char *const names[] = {
        "none",      "invalid",     "unauthenticated", "forbidden",   "not_found", "conflict",
        "too_large", "unsupported", "too_many",        "unavailable", "internal",
    };
    return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : "internal";
}
