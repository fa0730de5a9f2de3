/*
 * input_collect.c - bytes of a query or body to parts.
 */
#include "web/input.h"

#include <string.h>

#include "format/multipart.h"
#include "format/urlencoded.h"
#include "http/protocol.h"

static bool is_over(const Input *input, Error *err)
{
    if (input->parts.count < PARTS_MOST)
        return false;
    error_set(err, ERROR_TOO_LARGE, .code = "input.too_many");
    return true;
}

/* A name that can be shown in an error: bytes that are no text as %XX. */
static const char *shown_name(Arena *arena, const char *name, size_t length)
{
    Buffer out = buffer_init(arena, 200);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)name[i];
        if (byte >= 0x20 && byte < 0x7F)
            buffer_add_char(&out, name[i]);
        else
            buffer_printf(&out, "%%%02X", byte);
    }
    return buffer_text(&out);
}

static InputPart *add_part(Arena *arena, Input *input, const char *name, size_t name_length)
{
    bool is_bad = !text_is_utf8(name, name_length);
    InputPart part = {.name = is_bad ? shown_name(arena, name, name_length) : name,
                      .is_bad_name = is_bad,
                      .value = ""};
    list_add(arena, &input->parts, part);
    return &input->parts.items[input->parts.count - 1];
}

void input_add(Arena *arena, Input *input, const char *name, const char *value)
{
    InputPart *part = add_part(arena, input, name, strlen(name));
    part->value = value;
    part->length = strlen(value);
}

/* ---- a=1&b=2 --------------------------------------------------------------------------------- */

/* The part of text before the separator, or all; *at moves behind it. */
static const char *cut(const char **at, const char *end, char separator, size_t *out_length)
{
    const char *start = *at, *stop = memchr(start, separator, (size_t)(end - start));
    *out_length = (size_t)((stop ? stop : end) - start);
    *at = stop ? stop + 1 : end;
    return start;
}

static void add_pair(Arena *arena, Input *input, const char *pair, size_t length)
{
    const char *at = pair, *end = pair + length;
    size_t name_length, value_length;
    const char *name = cut(&at, end, '=', &name_length);
    name = urlencoded_decode(arena, name, name_length, true, &name_length);
    const char *value = urlencoded_decode(arena, at, (size_t)(end - at), true, &value_length);
    InputPart *part = add_part(arena, input, name, name_length);
    part->value = value;
    part->length = value_length;
}

/* Every pair is kept, also what is no text: the check names each, and keeps what was typed in the
 * others. */
static bool collect_pairs(Arena *arena, Input *input, const char *text, size_t length, Error *err)
{
    const char *at = text, *end = text + length;
    while (at < end) {
        size_t pair_length;
        const char *pair = cut(&at, end, '&', &pair_length);
        if (pair_length && is_over(input, err))
            return false;
        if (pair_length)
            add_pair(arena, input, pair, pair_length);
    }
    return true;
}

bool input_collect_query(Arena *arena, Input *input, const char *query, Error *err)
{
    return collect_pairs(arena, input, query, strlen(query), err);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *text_of(const Json *json)
{
    switch (json->kind) {
    case JSON_TEXT:
    case JSON_NUMBER: return json->text;
    case JSON_BOOL: return json->boolean ? "true" : "false";
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
    return "";
}

static bool add_json(Arena *arena, Input *input, const char *name, const Json *json, Error *err)
{
    if (is_over(input, err))
        return false;
    InputPart *part = add_part(arena, input, name, strlen(name));
    part->json = json;
    part->value = text_of(json);
    part->length = strlen(part->value);
    return true;
}

/* An array gives one part for each of its items; null gives none, as if it were absent. */
static bool collect_member(Arena *arena, Input *input, const Json *member, Error *err)
{
    if (member->kind != JSON_ARRAY)
        return add_json(arena, input, member->name, member, err);
    json_each (item, member)
        if (!add_json(arena, input, member->name, item, err))
            return false;
    return true;
}

static bool collect_json(Arena *arena, Input *input, const char *body, size_t length, Error *err)
{
    const JsonLimits limits = {.bytes = length + 1, .depth = JSON_LIMITS.depth};
    const Json *tree = json_parse(arena, body, length, &limits, err);
    if (!tree)
        return false;
    if (tree->kind != JSON_OBJECT)
        return error_set(err, ERROR_INVALID, .code = "input.unreadable",
                         .detail = "the body is no JSON object");
    input->is_json = true;
    json_each (member, tree)
        if (!collect_member(arena, input, member, err))
            return false;
    return true;
}

/* ---- multipart ------------------------------------------------------------------------------- */

static bool collect_multipart(Arena *arena, Input *input, const char *content_type,
                              const char *body, size_t length, Error *err)
{
    const MultipartLimits limits = {
        .parts = MULTIPART_LIMITS.parts, .text_bytes = length, .file_bytes = length};
    Multipart form;
    if (!multipart_parse(arena, content_type, body, length, &limits, &form, err))
        return false;
    for (size_t i = 0; i < form.count; i++) {
        const MultipartPart *from = &form.parts[i];
        InputPart *part = add_part(arena, input, from->name, strlen(from->name));
        part->is_file = from->filename != NULL;
        part->file_name = from->filename;
        part->content_type = from->content_type;
        part->value = part->is_file ? from->data : from->text;
        part->length = part->is_file ? from->length : strlen(from->text);
    }
    return true;
}

/* ---- by content type ------------------------------------------------------------------------- */

bool input_collect_body(Arena *arena, Input *input, const char *content_type, const char *body,
                        size_t length, Error *err)
{
    if (!content_type && length == 0)
        return true;
    if (media_type_is(content_type, "application/x-www-form-urlencoded"))
        return collect_pairs(arena, input, body, length, err);
    if (media_type_is(content_type, "multipart/form-data"))
        return collect_multipart(arena, input, content_type, body, length, err);
    if (media_type_is(content_type, "application/json"))
        return collect_json(arena, input, body, length, err);
    return error_set(err, ERROR_UNSUPPORTED, .code = "input.type");
}
