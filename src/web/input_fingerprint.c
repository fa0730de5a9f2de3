/*
 * input_fingerprint.c - one hash of what a request asks, to tell a repeated request from another
 * one under the same Idempotency-Key.
 *
 * Every item is written with its length, so that no two inputs give the same bytes.
 */
#include "web/input.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static void add_item(Buffer *out, const char *data, size_t length)
{
    buffer_printf(out, "%zu:", length);
    buffer_add_n(out, data, length);
}

static void add_item_text(Buffer *out, const char *text)
{
    add_item(out, text, strlen(text));
}

static int by_name(const void *a, const void *b)
{
    const Json *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static void add_json(Arena *arena, Buffer *out, const Json *json);

/* Members in the order of their names: the order in which they were sent says nothing. */
static void add_object(Arena *arena, Buffer *out, const Json *json)
{
    const Json **members = arena_array(arena, const Json *, json->count);
    for (size_t i = 0; i < json->count; i++)
        members[i] = json->items[i];
    if (json->count)
        qsort(members, json->count, sizeof *members, by_name);
    for (size_t i = 0; i < json->count; i++) {
        add_item_text(out, members[i]->name);
        add_json(arena, out, members[i]);
    }
}

static void add_json(Arena *arena, Buffer *out, const Json *json)
{
    buffer_printf(out, "%d(%zu ", json->kind, json->count);
    if (json->kind == JSON_OBJECT)
        add_object(arena, out, json);
    else if (json->kind == JSON_ARRAY)
        json_each (item, json)
            add_json(arena, out, item);
    else if (json->kind == JSON_BOOL)
        buffer_add(out, json->boolean ? "true" : "false");
    else if (json->text)
        add_item_text(out, json->text);
    buffer_add(out, ")");
}

static const char *digest(Arena *arena, const void *data, size_t length)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    int is_done = EVP_Digest(data, length, hash, &size, EVP_sha256(), NULL);
    assert(is_done == 1);
    return text_hex(arena, hash, size);
}

static void add_value(Arena *arena, Buffer *out, const InputValue *value)
{
    add_item_text(out, value->field->name);
    if (value->field->type == INPUT_SECRET)
        return;
    buffer_printf(out, "%zu;", value->texts.count);
    for (size_t i = 0; i < value->texts.count; i++)
        add_item_text(out, value->texts.items[i]);
    list_each (const InputFile, file, &value->files) {
        add_item_text(out, file->key);
        add_item_text(out, file->name);
        add_item_text(out, digest(arena, file->data, file->size));
    }
    if (value->form)
        add_json(arena, out, value->form);
}

const char *input_fingerprint(Arena *arena, const Input *input, const char *method,
                              const char *path)
{
    Buffer out = buffer_init(arena, 0);
    add_item_text(&out, method);
    add_item_text(&out, path);
    list_each (const InputValue, value, &input->values)
        add_value(arena, &out, value);
    return digest(arena, out.data, out.length);
}
