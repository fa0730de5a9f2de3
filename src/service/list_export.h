#ifndef SERVICE_LIST_EXPORT_H
#define SERVICE_LIST_EXPORT_H

/*
 * List export: what a page lists, as a spreadsheet: the same rows behind the same right, all pages
 * of it. The first line says in words what was filtered and when.
 *
 *     route (heavy) -> list_export -> rows(after) -> rows(after) ... -> file
 *
 * Rows are read by keyset, LIST_EXPORT_PAGE at a time, and go to the disk; what a page of rows took
 * in memory is given back before the next.
 */
#include "service/sheet.h"
#include "web/web.h"

enum { LIST_EXPORT_PAGE = 200, LIST_EXPORT_ROWS = 100000 };

typedef struct ExportColumn {
    const char *label; /* message key; NULL behind the last */
    double width;      /* in characters */
} ExportColumn;

typedef struct ListExport {
    const char *name;   /* of sheet and file, in the person's language */
    const char *filter; /* what is listed, in words */
    const ExportColumn *columns;
    /* Writes the rows behind `after` (NULL: the first), at most LIST_EXPORT_PAGE, each ended.
     * *out_next is where the next ones begin, NULL behind the last; it may live in req->arena. */
    bool (*rows)(Request *req, const char *after, SheetWriter *writer, void *state,
                 const char **out_next, Error *err);
    void *state;
} ListExport;

/* Answers with the file; where there are more than LIST_EXPORT_ROWS its last line says so. */
MUST_CHECK bool list_export(Request *req, const ListExport *what, Error *err);

/* Answers with a spreadsheet under this name (".xlsx" is added). */
bool sheet_send(Request *req, const char *name, const char *data, size_t length);

/* A cell with a lamp's words. */
void sheet_lamp(Request *req, SheetWriter *writer, const Lamp *lamp);

#endif
