#ifndef FORMAT_CSV_H
#define FORMAT_CSV_H

/*
 * CSV (RFC 4180): rows of a text whose first row names the columns; and a writer.
 *
 * Lines end with CR LF or LF; a byte order mark is skipped (spreadsheets write one); lines without
 * a byte are skipped where there is more than one column. Every row has as many fields as there
 * are names. Errors name the line and, where one is at fault, the column's name as field.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct CsvLimits {
    size_t bytes;
    size_t rows;
    size_t columns;
    size_t field_bytes;
} CsvLimits;

/* 16 MiB, 500 000 rows, 256 columns, 64 KiB a field. */
extern const CsvLimits CSV_LIMITS;

typedef struct CsvReader CsvReader;

typedef struct CsvRow {
    const char **fields; /* as many as there are columns */
    size_t count;
    int line; /* where the row begins, from 1 (the names are on line 1) */
} CsvRow;

/* A reader that has read the names. It and all it gives live in the arena; data must stay until
 * the last row was read. NULL with csv.size (ERROR_TOO_LARGE), csv.encoding, csv.syntax, csv.header
 * (no names, an empty one, or one twice; ERROR_INVALID). */
MUST_CHECK CsvReader *csv_open(Arena *arena, const char *data, size_t length,
                               const CsvLimits *limits, Error *err);

/* The next row. False at the end, and on csv.syntax, csv.columns (too many or too few fields) or
 * csv.size: then err is set. */
MUST_CHECK bool csv_next(CsvReader *reader, CsvRow *out_row, Error *err);

/* The names in their order, and the index of one; count when there is none of that name. */
const char *const *csv_names(const CsvReader *reader, size_t *out_count);
size_t csv_column(const CsvReader *reader, const char *name);

/* A row's field by column name; NULL when there is no such column. */
const char *csv_get(const CsvReader *reader, const CsvRow *row, const char *name);

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct CsvWriter {
    Buffer *buffer;
    bool is_in_row;
} CsvWriter;

CsvWriter csv_writer(Buffer *buffer);

/* Adds a field, quoted where it must be. NULL is written as "". */
void csv_put(CsvWriter *writer, const char *text);

/* The same for texts that strangers typed and people open in a spreadsheet: one that would be taken
 * for a formula (it begins with = + - @, tab or CR) gets an apostrophe in front. */
void csv_put_inert(CsvWriter *writer, const char *text);

/* Ends the row with CR LF. */
void csv_end_row(CsvWriter *writer);

#endif
