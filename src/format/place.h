#ifndef FORMAT_PLACE_H
#define FORMAT_PLACE_H

/*
 * Place: where in a text something stands, for messages that a person can act on.
 *
 * Lines are separated by LF (so CR LF works too); line and column count from 1 and the column
 * counts code points, as editors show it. A Place only moves forward, so that locating every node
 * of a text costs one pass over it.
 */
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

typedef struct Place {
    const char *at;
    int line;
    int column;
} Place;

/* The beginning of a text. */
Place place_start(const char *text);

/* Moves the place forward to `to`, a position in the same text not before place->at. */
void place_move(Place *place, const char *to);

/* How many columns the bytes of a well-formed text take: its code points. */
int place_columns(const char *text, size_t length);

/* Fills err with an error at the place: line and column, also as {line} and {column} for the
 * translation, whose texts live in the arena. detail is a literal, for the log. Returns false. */
bool place_error(Arena *arena, const Place *place, ErrorKind kind, const char *code,
                 const char *detail, Error *err);

/* The first byte that does not belong to well-formed UTF-8 without NUL, or NULL when all does. */
const char *place_find_bad_utf8(const char *data, size_t length);

#endif
