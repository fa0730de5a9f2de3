#ifndef SERVICE_SHEET_INTERNAL_H
#define SERVICE_SHEET_INTERNAL_H

/* The parts of a spreadsheet file, for sheet_read.c (the book) and sheet_cells.c (one sheet). */
#include <stdint.h>
#include "base/text.h"
#include "service/sheet.h"

struct XML_ParserStruct;

/* One sheet of the book, and where it lies. */
typedef struct SheetPart {
    const char *name;
    const char *path;
} SheetPart;

typedef enum SheetStyle { STYLE_NUMBER, STYLE_DAY, STYLE_MOMENT, STYLE_TIME } SheetStyle;

struct SheetBook {
    Arena *arena;
    struct zip *zip;
    SheetLimits limits;
    size_t unzipped; /* bytes so far */
    LIST(SheetPart) sheets;
    LIST(const char *) names;
    LIST(const char *) strings;
    LIST(SheetStyle) styles; /* of cellXfs */
    bool is_1904;
};

/* Elements of a part as they come, by names without prefix. A walk stops when *err is filled. */
typedef struct SheetWalk {
    SheetBook *book;
    const char *part;
    struct XML_ParserStruct *parser;
    Error *err;
    void *state;
    void (*start)(struct SheetWalk *walk, const char *name, const char **attributes);
    void (*end)(struct SheetWalk *walk, const char *name);
    void (*text)(struct SheetWalk *walk, const char *data, size_t length); /* may be NULL */
    int depth;
} SheetWalk;

/* Reads a part of the file through walk->start and the rest. False with sheet.part, sheet.unzipped
 * or what the walk found. */
MUST_CHECK bool sheet_walk(SheetWalk *walk);

/* The value of an attribute without prefix, or NULL. */
const char *sheet_attribute(const char **attributes, const char *name);

/* Makes "_xHHHH_" the character of that number again. */
const char *sheet_unescaped(Arena *arena, const char *text);

#endif
