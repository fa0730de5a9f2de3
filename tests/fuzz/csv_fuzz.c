/*
 * csv_fuzz.c - any bytes as CSV: what is read, written again and read again is the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(CsvWriter *writer, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!text_is_utf8(fields[i], strlen(fields[i])))
            abort();
        csv_put(writer, fields[i]);
    }
    csv_end_row(writer);
}

/* The same table in our own spelling; NULL when the text is refused. */
static const char *rewritten(Arena *arena, const char *text, size_t length)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(arena, 0);
    CsvWriter writer = csv_writer(&out);
    CsvReader *reader = csv_open(arena, text, length, &CSV_LIMITS, &err);
    if (!reader != error_is_set(&err))
        abort();
    if (!reader)
        return NULL;
    size_t count;
    const char *const *names = csv_names(reader, &count);
    write_row(&writer, names, count);
    CsvRow row;
    int line = 0;
    while (csv_next(reader, &row, &err)) {
        if (row.count != count || row.line <= line)
            abort();
        line = row.line;
        write_row(&writer, row.fields, row.count);
    }
    return error_is_set(&err) ? NULL : buffer_text(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    const char *once = rewritten(arena, (const char *)data, size);
    if (once) {
        const char *twice = rewritten(arena, once, strlen(once));
        if (!twice || strcmp(once, twice) != 0)
            abort();
    }
    arena_destroy(arena);
    return 0;
}
