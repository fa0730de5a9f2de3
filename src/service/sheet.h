#ifndef SERVICE_SHEET_H
#define SERVICE_SHEET_H

/*
 * Sheet: spreadsheet files (xlsx) that people open in their office program, written and read.
 *
 * Writing is streamed: a row that was written is on the disk, not in memory, so a list of any
 * length takes the memory of one row. A text is always written as text and never as a formula,
 * whatever it begins with. Reading takes everything that office programs write (shared and inline
 * texts, dates by their style, merged cells), as text, and is bounded at the door: nothing is
 * unpacked to the disk, no part is held whole, no entity is expanded. Files with macros, encrypted
 * files and the old .xls format are refused by name. Formulas are not computed: their stored result
 * is read.
 *
 * A spreadsheet keeps 15 digits of a number. What has more (numbers of identity cards) is written
 * as text; what is read is rounded to 15, so 0.1 comes back as 0.1.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "base/time.h"

#define SHEET_CONTENT_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct SheetWriter SheetWriter;

typedef enum SheetLook {
    SHEET_PLAIN,
    SHEET_HEAD,  /* bold on grey: names of columns */
    SHEET_NOTE,  /* grey: an explanation, the filter in words */
    SHEET_TITLE, /* large and bold */
} SheetLook;

enum { SHEET_ROWS_MOST = 1000000, SHEET_TEXT_MOST = 32767 }; /* rows, and characters of a cell */

/* A file of which nothing is written. It lives in the arena and has temporary files, which go with
 * the arena. NULL with sheet.disk (ERROR_UNAVAILABLE). */
MUST_CHECK SheetWriter *sheet_writer(Arena *arena, Error *err);

/* Begins the next sheet of the file; the one before cannot be written to any more. A name has at
 * most 31 characters, none of []:*?/\ and is not taken; false with sheet.name when it has. */
MUST_CHECK bool sheet_begin(SheetWriter *writer, const char *name, Error *err);

/* How wide columns first..last (from 0) are, in characters; is_hidden: not shown. The rows from
 * the top down to `rows` stay in sight. Both before the first cell of the sheet. */
void sheet_width(SheetWriter *writer, int first, int last, double width, bool is_hidden);
void sheet_freeze(SheetWriter *writer, int rows);

/* The next cell of the row. NULL and "" leave it empty. Control characters are dropped; a text that
 * is too long fails sheet_finish. */
void sheet_text(SheetWriter *writer, const char *text, SheetLook look);
/* A decimal number as text ("12.50"); what is none, or has more than 15 digits, is a text. */
void sheet_number(SheetWriter *writer, const char *number);
/* DATE_NONE and INSTANT_NONE leave it empty. An instant is shown to the minute, at its place. */
void sheet_date(SheetWriter *writer, Date date);
void sheet_instant(SheetWriter *writer, Instant instant, int offset_minutes);
/* Ends the row. */
void sheet_end_row(SheetWriter *writer);

/* The finished file, mapped rather than loaded: it goes with the arena. Errors: sheet.disk, and
 * what was noted before: sheet.cell_length, sheet.rows. */
MUST_CHECK bool sheet_finish(SheetWriter *writer, const char **out_data, size_t *out_length,
                             Error *err);

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct SheetLimits {
    size_t bytes;    /* of the file */
    size_t unzipped; /* of all parts that are read, together */
    size_t ratio;    /* a part is at most so many times as long as what it was packed into */
    size_t sheets;
    int rows; /* of a sheet: the last one's number */
    int columns;
    size_t cells;      /* of a sheet: those with something in them */
    size_t cell_bytes; /* of one text */
    size_t strings;    /* shared texts, and bytes of all of them are bound by unzipped */
} SheetLimits;

/* 10 MiB packed, 32 MiB unpacked, 200 times, 50 sheets, 20 000 rows, 256 columns, 500 000 cells,
 * 32 KiB a cell, 200 000 texts. */
extern const SheetLimits SHEET_LIMITS;

typedef struct SheetBook SheetBook;

/* A file whose parts are there and whose texts and styles are read. It and all it gives live in the
 * arena; data must stay as long. NULL with sheet.size, sheet.format (no xlsx), sheet.encrypted,
 * sheet.macro, sheet.unzipped, sheet.part ({part} is missing or damaged), sheet.sheets,
 * sheet.strings. */
MUST_CHECK SheetBook *sheet_open(Arena *arena, const char *data, size_t length,
                                 const SheetLimits *limits, Error *err);

/* The names of its sheets, in their order. */
const char *const *sheet_names(const SheetBook *book, size_t *out_count);

typedef struct SheetCell {
    int row; /* from 1, as people count them */
    int column;
    const char *text; /* numbers plain, days 2026-11-23, moments 2026-11-23T08:30:00, true false */
} SheetCell;

typedef struct SheetMerge {
    int row, column, last_row, last_column;
} SheetMerge;

/* A cell that is computed. */
typedef struct SheetFormula {
    int row, column;
} SheetFormula;

typedef struct Sheet {
    const char *name;
    LIST(SheetCell) cells;       /* those with something in them, by row and column */
    LIST(SheetFormula) formulas; /* which of them are computed, or were not computed yet */
    LIST(SheetMerge) merges;
    int rows; /* the last one in which something stands */
    int columns;
} Sheet;

/* Reads one sheet. Errors name sheet, row and column: sheet.unknown, sheet.rows, sheet.columns,
 * sheet.cells, sheet.cell_length, sheet.error_value (#REF! and its like), sheet.date, and
 * sheet.part. */
MUST_CHECK bool sheet_read(SheetBook *book, const char *name, Sheet *out, Error *err);

/* What stands at a row and column, "" for nothing. All cells of a merged area have the text of its
 * first. */
const char *sheet_at(const Sheet *sheet, int row, int column);

/* "C7", the way people call it. */
const char *sheet_place(Arena *arena, int row, int column);

#endif
