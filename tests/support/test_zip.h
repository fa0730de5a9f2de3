#ifndef TEST_ZIP_H
#define TEST_ZIP_H

/*
 * A zip file of parts that a test writes down, as spreadsheets are. It and its bytes live in the
 * arena.
 */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"

typedef struct ZipPart {
    const char *name;
    const char *data;
    size_t length; /* 0: a text */
} ZipPart;

static inline void test_zip_add(zip_t *zip, const ZipPart *part, int method)
{
    size_t length = part->length ? part->length : strlen(part->data);
    zip_source_t *source = zip_source_buffer(zip, part->data, length, 0);
    int64_t index = zip_file_add(zip, part->name, source, 0);
    if (index < 0 || zip_set_file_compression(zip, (uint64_t)index, method, 0) != 0)
        abort();
}

/* Parts up to one without a name; method: ZIP_CM_STORE or ZIP_CM_DEFLATE. */
static inline const char *test_zip(Arena *arena, const ZipPart *parts, int method,
                                   size_t *out_length)
{
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(memory);
    zip_t *zip = zip_open_from_source(memory, ZIP_TRUNCATE, NULL);
    for (; parts->name; parts++)
        test_zip_add(zip, parts, method);
    if (zip_close(zip) != 0 || zip_source_open(memory) != 0)
        abort();
    zip_source_seek(memory, 0, SEEK_END);
    *out_length = (size_t)zip_source_tell(memory);
    char *bytes = arena_alloc(arena, *out_length);
    zip_source_seek(memory, 0, SEEK_SET);
    if (zip_source_read(memory, bytes, *out_length) != (int64_t)*out_length)
        abort();
    zip_source_close(memory);
    zip_source_free(memory);
    return bytes;
}

#endif
