/*
 * multipart_fuzz.c - a content type (the first line) and a body (the rest).
 *
 * Parts must lie inside the body, behind each other, and hold no boundary.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(const MultipartPart *part, const char *from, const char *end)
{
    if (part->data < from || part->data > end || part->length > (size_t)(end - part->data))
        abort();
    if (!text_is_utf8(part->name, strlen(part->name)))
        abort();
    if (!part->filename != (part->text != NULL))
        abort();
    if (part->text && strlen(part->text) != part->length)
        abort();
    if (part->filename && strpbrk(part->filename, "/\\"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    const uint8_t *line_end = size ? memchr(data, '\n', size) : NULL;
    size_t type_length = line_end ? (size_t)(line_end - data) : 0;
    const char *type = arena_text_n(arena, (const char *)data, type_length);
    const char *body = (const char *)data + (line_end ? type_length + 1 : 0);
    const char *end = (const char *)data + size, *from = body;
    Error err = ERROR_NONE;
    Multipart form;
    bool is_good =
        multipart_parse(arena, type, body, (size_t)(end - body), &MULTIPART_LIMITS, &form, &err);
    if (is_good == error_is_set(&err))
        abort();
    for (size_t i = 0; is_good && i < form.count; i++) {
        check_part(&form.parts[i], from, end);
        from = form.parts[i].data + form.parts[i].length;
    }
    arena_destroy(arena);
    return 0;
}
