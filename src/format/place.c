/* place.c - counts lines and columns between two positions; makes errors that carry them. */
#include "format/place.h"

#include "base/text.h"

Place place_start(const char *text)
{
    return (Place){.at = text, .line = 1, .column = 1};
}

void place_move(Place *place, const char *to)
{
    for (; place->at < to; place->at++) {
        unsigned char byte = (unsigned char)*place->at;
        if (byte == '\n') {
            place->line++;
            place->column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            place->column++;
        }
    }
}

int place_columns(const char *text, size_t length)
{
    Place place = place_start(text);
    place_move(&place, text + length);
    return place.column - 1;
}

bool place_error(Arena *arena, const Place *place, ErrorKind kind, const char *code,
                 const char *detail, Error *err)
{
    return error_set(err, kind, .code = code, .detail = detail, .line = place->line,
                     .column = place->column,
                     .with = {{"line", arena_printf(arena, "%d", place->line)},
                              {"column", arena_printf(arena, "%d", place->column)}});
}

/* Length of the well-formed sequence at the start of data, 0 when there is none. */
static size_t sequence_at(const char *data, size_t length)
{
    for (size_t size = 1; size <= 4 && size <= length; size++)
        if (text_is_utf8(data, size))
            return size;
    return 0;
}

const char *place_find_bad_utf8(const char *data, size_t length)
{
    if (text_is_utf8(data, length))
        return NULL;
    size_t at = 0, size;
    while (at < length && (size = sequence_at(data + at, length - at)) > 0)
        at += size;
    return data + at;
}
