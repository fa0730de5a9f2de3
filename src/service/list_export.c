/* list_export.c - rows of a list, page by page, into a spreadsheet; see list_export.h. */
#include "service/list_export.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "format/urlencoded.h"
#include "service/app.h"

enum { PLACE_SIZE = 64, SHEET_NAME_MOST = 31 };

bool sheet_send(Request *req, const char *name, const char *data, size_t length)
{
    Buffer value = buffer_init(req->arena, 0);
    buffer_add(&value, "attachment; filename*=UTF-8''");
    urlencoded_add_part(&value, name);
    buffer_add(&value, ".xlsx");
    request_set_header(req, "Content-Disposition", buffer_text(&value));
    return request_send(req, 200, SHEET_CONTENT_TYPE, data, length);
}

void sheet_lamp(Request *req, SheetWriter *writer, const Lamp *lamp)
{
    const char *state = request_text(req, arena_printf(req->arena, "lamp.%s", lamp->state));
    sheet_text(writer, lamp->text ? lamp->text : state, SHEET_PLAIN);
}

static void write_head(Request *req, const ListExport *what, SheetWriter *writer)
{
    Civil now = instant_civil(req->now, request_app(req)->zone_minutes);
    const char *at = arena_printf(req->arena, "%04d-%02d-%02d %02d:%02d", now.year, now.month,
                                  now.day, now.hour, now.minute);
    for (int i = 0; what->columns[i].label; i++)
        sheet_width(writer, i, i, what->columns[i].width, false);
    sheet_freeze(writer, 2);
    sheet_text(writer, request_text(req, "export.filter", "filter", what->filter, "at", at),
               SHEET_NOTE);
    sheet_end_row(writer);
    for (const ExportColumn *column = what->columns; column->label; column++)
        sheet_text(writer, request_text(req, column->label), SHEET_HEAD);
    sheet_end_row(writer);
}

/* One page of rows, in memory of its own. place: where they begin, "" the first; afterwards where
 * the next begin, "" behind the last. */
static bool write_page(Request *req, const ListExport *what, SheetWriter *writer, char *place,
                       Error *err)
{
    Arena *own = req->arena;
    const char *next = NULL;
    Error problem = ERROR_NONE;
    req->arena = arena_create(0);
    bool is_written = what->rows(req, *place ? place : NULL, writer, what->state, &next, &problem);
    snprintf(place, PLACE_SIZE, "%s", next ? next : "");
    if (!is_written)
        error_fill(err, error_copy(own, &problem));
    arena_destroy(req->arena);
    req->arena = own;
    return is_written;
}

static bool write_rows(Request *req, const ListExport *what, SheetWriter *writer, Error *err)
{
    char place[PLACE_SIZE] = "";
    for (int rows = 0; rows < LIST_EXPORT_ROWS; rows += LIST_EXPORT_PAGE) {
        if (!write_page(req, what, writer, place, err))
            return false;
        if (!*place)
            return true;
    }
    const char *most = arena_printf(req->arena, "%d", LIST_EXPORT_ROWS);
    sheet_text(writer, request_text(req, "export.more", "n", most), SHEET_NOTE);
    sheet_end_row(writer);
    return true;
}

/* As much of a name as the name of a sheet may be. */
static const char *sheet_name(Arena *arena, const char *name)
{
    Buffer out = buffer_init(arena, 0);
    for (int i = 0; i < SHEET_NAME_MOST && *name; i++) {
        uint32_t c = text_next(&name);
        buffer_add_code_point(&out, c < 0x80 && strchr("[]:*?/\\'", (int)c) ? ' ' : c);
    }
    return text_trim(arena, buffer_text(&out));
}

bool list_export(Request *req, const ListExport *what, Error *err)
{
    const char *data;
    size_t length;
    SheetWriter *writer = sheet_writer(req->arena, err);
    if (!writer || !sheet_begin(writer, sheet_name(req->arena, what->name), err))
        return false;
    write_head(req, what, writer);
    return write_rows(req, what, writer, err) && sheet_finish(writer, &data, &length, err) &&
           sheet_send(req, what->name, data, length);
}
