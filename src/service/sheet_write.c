/*
 * sheet_write.c - cells in their order -> a spreadsheet file, through libxlsxwriter in its mode of
 * constant memory: each finished row goes to a temporary file.
 *
 * Texts are prepared here: the library would write control characters as escapes that not every
 * office program reads, and takes "_x0041_" in a text for such an escape.
 */
#include "service/sheet.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/decimal.h"
#include "base/text.h"

enum { EXACT_DIGITS = 15 };

struct SheetWriter {
    Arena *arena;
    lxw_workbook *book; /* NULL: finished */
    lxw_worksheet *sheet;
    lxw_format *looks[SHEET_TITLE + 1];
    lxw_format *day, *moment;
    const char *path;
    void *map;
    size_t map_length;
    const char *sheet_name;
    int row, column; /* from 0, where the next cell goes */
    Error failed;
};

/* ---- the file -------------------------------------------------------------------------------- */

static void let_go(void *data)
{
    SheetWriter *writer = data;
    if (writer->book)
        workbook_close(writer->book);
    writer->book = NULL;
    unlink(writer->path);
    if (writer->map)
        munmap(writer->map, writer->map_length);
}

static lxw_format *look_of(lxw_workbook *book, SheetLook look)
{
    lxw_format *format = workbook_add_format(book);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (look == SHEET_PLAIN || look == SHEET_HEAD)
        format_set_text_wrap(format);
    if (look == SHEET_HEAD || look == SHEET_TITLE)
        format_set_bold(format);
    if (look == SHEET_HEAD)
        format_set_bg_color(format, 0xE9ECEF);
    if (look == SHEET_NOTE)
        format_set_font_color(format, 0x495057);
    if (look == SHEET_TITLE)
        format_set_font_size(format, 14);
    return format;
}

static lxw_format *format_of_time(lxw_workbook *book, const char *pattern)
{
    lxw_format *format = workbook_add_format(book);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_align(format, LXW_ALIGN_LEFT);
    format_set_num_format(format, pattern);
    return format;
}

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return text_is_empty(folder) ? "/tmp" : folder;
}

SheetWriter *sheet_writer(Arena *arena, Error *err)
{
    SheetWriter *writer = arena_new(arena, SheetWriter);
    char *path = arena_printf(arena, "%s/yimen-sheet-XXXXXX", temporary_folder());
    int file = mkstemp(path);
    if (file < 0) {
        error_set(err, ERROR_UNAVAILABLE, .code = "sheet.disk", .detail = path);
        return NULL;
    }
    close(file);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE,
                                    .tmpdir = arena_text(arena, temporary_folder())};
    *writer = (SheetWriter){.arena = arena, .path = path};
    writer->book = workbook_new_opt(path, &options);
    for (int look = SHEET_PLAIN; look <= SHEET_TITLE; look++)
        writer->looks[look] = look_of(writer->book, (SheetLook)look);
    writer->day = format_of_time(writer->book, "yyyy-mm-dd");
    writer->moment = format_of_time(writer->book, "yyyy-mm-dd hh:mm");
    arena_on_destroy(arena, let_go, writer);
    return writer;
}

bool sheet_begin(SheetWriter *writer, const char *name, Error *err)
{
    if (text_is_empty(name) || workbook_validate_sheet_name(writer->book, name) != LXW_NO_ERROR)
        return error_set(err, ERROR_INVALID, .code = "sheet.name", .with = {{"sheet", name}});
    writer->sheet = workbook_add_worksheet(writer->book, name);
    writer->sheet_name = arena_text(writer->arena, name);
    writer->row = writer->column = 0;
    return writer->sheet != NULL || error_set(err, ERROR_UNAVAILABLE, .code = "sheet.disk");
}

void sheet_width(SheetWriter *writer, int first, int last, double width, bool is_hidden)
{
    lxw_row_col_options options = {.hidden = is_hidden};
    worksheet_set_column_opt(writer->sheet, (lxw_col_t)first, (lxw_col_t)last, width, NULL,
                             &options);
}

void sheet_freeze(SheetWriter *writer, int rows)
{
    worksheet_freeze_panes(writer->sheet, (lxw_row_t)rows, 0);
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Whether "_xHHHH_" stands here: spreadsheets read it as the character of that number. */
static bool is_escape(const char *text)
{
    if (strncmp(text, "_x", 2) != 0)
        return false;
    for (int i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)text[i]))
            return false;
    return text[6] == '_';
}

static bool is_dropped(unsigned char c)
{
    return c < ' ' && c != '\n' && c != '\t';
}

static const char *cleaned(Arena *arena, const char *text)
{
    Buffer buffer = buffer_init(arena, 0);
    for (const char *at = text; *at; at++) {
        if (is_escape(at))
            buffer_add(&buffer, "_x005F");
        if (strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0)
            at += 2; /* U+FFFE and U+FFFF are in no XML */
        else if (!is_dropped((unsigned char)*at))
            buffer_add_char(&buffer, *at);
    }
    return buffer_text(&buffer);
}

static void note_failure(SheetWriter *writer, const char *code, int limit)
{
    error_set(&writer->failed, ERROR_TOO_LARGE, .code = code,
              .with = {{"sheet", writer->sheet_name},
                       {"row", arena_printf(writer->arena, "%d", writer->row + 1)},
                       {"column", arena_printf(writer->arena, "%d", writer->column + 1)},
                       {"limit", arena_printf(writer->arena, "%d", limit)}});
}

void sheet_text(SheetWriter *writer, const char *text, SheetLook look)
{
    ArenaMark mark = arena_mark(writer->arena);
    bool is_kept = text && *text && !error_is_set(&writer->failed);
    const char *clean = is_kept ? cleaned(writer->arena, text) : "";
    if (text_length(clean) > SHEET_TEXT_MOST)
        note_failure(writer, "sheet.cell_length", SHEET_TEXT_MOST);
    else if (*clean)
        worksheet_write_string(writer->sheet, (lxw_row_t)writer->row, (lxw_col_t)writer->column,
                               clean, writer->looks[look]);
    if (!error_is_set(&writer->failed))
        arena_reset(writer->arena, mark);
    writer->column++;
}

/* Digits without the zeros at both ends. */
static int significant_digits(const char *number)
{
    int digits = 0, zeros = 0;
    for (; *number && *number != 'E'; number++) {
        if (!isdigit((unsigned char)*number) || (*number == '0' && digits == 0))
            continue;
        zeros = *number == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

void sheet_number(SheetWriter *writer, const char *number)
{
    char plain[DECIMAL_TEXT_SIZE];
    Decimal value;
    if (number && decimal_from_text(number, strlen(number), &value)) {
        decimal_to_text(value, plain);
        if (significant_digits(plain) <= EXACT_DIGITS && !strchr(plain, 'E')) {
            worksheet_write_number(writer->sheet, (lxw_row_t)writer->row, (lxw_col_t)writer->column,
                                   decimal_to_double(value), writer->looks[SHEET_PLAIN]);
            writer->column++;
            return;
        }
    }
    sheet_text(writer, number, SHEET_PLAIN);
}

static void put_time(SheetWriter *writer, Civil civil, lxw_format *format)
{
    lxw_datetime time = {civil.year, civil.month,  civil.day,
                         civil.hour, civil.minute, civil.second};
    worksheet_write_datetime(writer->sheet, (lxw_row_t)writer->row, (lxw_col_t)writer->column,
                             &time, format);
}

void sheet_date(SheetWriter *writer, Date date)
{
    Civil civil = {0};
    if (!date_is_none(date)) {
        date_split(date, &civil.year, &civil.month, &civil.day);
        put_time(writer, civil, writer->day);
    }
    writer->column++;
}

void sheet_instant(SheetWriter *writer, Instant instant, int offset_minutes)
{
    if (instant != INSTANT_NONE)
        put_time(writer, instant_civil(instant, offset_minutes), writer->moment);
    writer->column++;
}

void sheet_end_row(SheetWriter *writer)
{
    writer->column = 0;
    if (++writer->row > SHEET_ROWS_MOST)
        note_failure(writer, "sheet.rows", SHEET_ROWS_MOST);
}

/* ---- the end --------------------------------------------------------------------------------- */

static bool map_file(SheetWriter *writer, Error *err)
{
    struct stat about;
    int file = open(writer->path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0 || about.st_size == 0) {
        if (file >= 0)
            close(file);
        return error_set(err, ERROR_UNAVAILABLE, .code = "sheet.disk", .detail = writer->path);
    }
    writer->map_length = (size_t)about.st_size;
    void *map = mmap(NULL, writer->map_length, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    unlink(writer->path);
    writer->map = map == MAP_FAILED ? NULL : map;
    return writer->map || error_set(err, ERROR_UNAVAILABLE, .code = "sheet.disk");
}

bool sheet_finish(SheetWriter *writer, const char **out_data, size_t *out_length, Error *err)
{
    lxw_error problem = workbook_close(writer->book);
    writer->book = NULL;
    if (error_is_set(&writer->failed))
        return error_fill(err, writer->failed);
    if (problem != LXW_NO_ERROR)
        return error_set(err, ERROR_UNAVAILABLE, .code = "sheet.disk",
                         .detail = lxw_strerror(problem));
    if (!map_file(writer, err))
        return false;
    *out_data = writer->map;
    *out_length = writer->map_length;
    return true;
}
