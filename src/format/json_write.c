/*
 * json_write.c - JSON text straight into a Buffer, without a tree in between.
 *
 * The writer keeps one flag per open level, whether the next value is its first, and so places the
 * commas. Runs of plain bytes are added in one piece; only quotes, backslashes and control
 * characters are escaped.
 */
#include "format/json.h"

#include <assert.h>

#include "format/json_internal.h"

const bool json_is_special[256] = {true,         true,         true, true, true, true, true,
                                   true,         true,         true, true, true, true, true,
                                   true,         true,         true, true, true, true, true,
                                   true,         true,         true, true, true, true, true,
                                   true,         true,         true, true, /* U+0000 to U+001F */
                                   ['"'] = true, ['\\'] = true};

static void add_escaped(Buffer *buffer, unsigned char byte)
{
    static const char letters[] = "btn?fr"; /* U+0008 .. U+000D; VT has none */
    char pair[2] = {'\\', (char)byte};
    if (byte >= 8 && byte <= 13 && byte != 11)
        pair[1] = letters[byte - 8];
    if (byte >= 0x20 || pair[1] != (char)byte)
        buffer_add_n(buffer, pair, 2);
    else
        buffer_printf(buffer, "\\u%04x", byte);
}

void json_add_quoted(Buffer *buffer, const char *text)
{
    buffer_add_char(buffer, '"');
    for (const char *at = text; *at;) {
        const char *run = at;
        while (!json_is_special[(unsigned char)*at]) /* NUL is special */
            at++;
        buffer_add_n(buffer, run, (size_t)(at - run));
        if (*at)
            add_escaped(buffer, (unsigned char)*at++);
    }
    buffer_add_char(buffer, '"');
}

JsonWriter json_writer(Buffer *buffer)
{
    return (JsonWriter){.buffer = buffer, .is_first = {true}};
}

/* The comma before a value, and its name. */
static void begin_value(JsonWriter *writer, const char *name)
{
    if (!writer->is_first[writer->depth])
        buffer_add_char(writer->buffer, ',');
    writer->is_first[writer->depth] = false;
    if (!name)
        return;
    json_add_quoted(writer->buffer, name);
    buffer_add_char(writer->buffer, ':');
}

static void begin_container(JsonWriter *writer, const char *name, char bracket)
{
    begin_value(writer, name);
    buffer_add_char(writer->buffer, bracket);
    writer->depth++;
    assert(writer->depth < (int)(sizeof writer->is_first / sizeof writer->is_first[0]));
    writer->is_first[writer->depth] = true;
}

static void end_container(JsonWriter *writer, char bracket)
{
    assert(writer->depth > 0);
    writer->depth--;
    buffer_add_char(writer->buffer, bracket);
}

void json_begin_object(JsonWriter *writer, const char *name)
{
    begin_container(writer, name, '{');
}

void json_end_object(JsonWriter *writer)
{
    end_container(writer, '}');
}

void json_begin_array(JsonWriter *writer, const char *name)
{
    begin_container(writer, name, '[');
}

void json_end_array(JsonWriter *writer)
{
    end_container(writer, ']');
}

void json_put_raw(JsonWriter *writer, const char *name, const char *json)
{
    begin_value(writer, name);
    buffer_add(writer->buffer, json);
}

void json_put_text(JsonWriter *writer, const char *name, const char *text)
{
    if (!text) {
        json_put_null(writer, name);
        return;
    }
    begin_value(writer, name);
    json_add_quoted(writer->buffer, text);
}

void json_put_int(JsonWriter *writer, const char *name, int64_t value)
{
    begin_value(writer, name);
    buffer_add_int64(writer->buffer, value);
}

void json_put_id(JsonWriter *writer, const char *name, int64_t id)
{
    begin_value(writer, name);
    buffer_add_char(writer->buffer, '"');
    buffer_add_int64(writer->buffer, id);
    buffer_add_char(writer->buffer, '"');
}

void json_put_bool(JsonWriter *writer, const char *name, bool value)
{
    json_put_raw(writer, name, value ? "true" : "false");
}

void json_put_null(JsonWriter *writer, const char *name)
{
    json_put_raw(writer, name, "null");
}

static void add_tree(Buffer *buffer, const Json *tree);

static void add_items(Buffer *buffer, const Json *tree, char open, char close)
{
    buffer_add_char(buffer, open);
    for (size_t i = 0; i < tree->count; i++) {
        if (i)
            buffer_add_char(buffer, ',');
        if (tree->kind == JSON_OBJECT) {
            json_add_quoted(buffer, tree->items[i]->name);
            buffer_add_char(buffer, ':');
        }
        add_tree(buffer, tree->items[i]);
    }
    buffer_add_char(buffer, close);
}

/* Beside the writer's own levels: a tree may be as deep as the limit it was parsed under. */
static void add_tree(Buffer *buffer, const Json *tree)
{
    switch (tree->kind) {
    case JSON_NULL: buffer_add(buffer, "null"); break;
    case JSON_BOOL: buffer_add(buffer, tree->boolean ? "true" : "false"); break;
    case JSON_NUMBER: buffer_add(buffer, tree->text); break;
    case JSON_TEXT: json_add_quoted(buffer, tree->text); break;
    case JSON_ARRAY: add_items(buffer, tree, '[', ']'); break;
    case JSON_OBJECT: add_items(buffer, tree, '{', '}'); break;
    }
}

void json_put_tree(JsonWriter *writer, const char *name, const Json *tree)
{
    if (!tree) {
        json_put_null(writer, name);
        return;
    }
    begin_value(writer, name);
    add_tree(writer->buffer, tree);
}

const char *json_tree_text(Arena *arena, const Json *tree)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter writer = json_writer(&text);
    json_put_tree(&writer, NULL, tree);
    return buffer_text(&text);
}
