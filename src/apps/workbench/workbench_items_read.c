/*
 * workbench_items_read.c - a workbook to rows of cells under known headings.
 *
 *     sheets by name -> headings, in either language and any order -> rows with something in them
 */
#include "apps/workbench/workbench_items_internal.h"

#include <string.h>

enum { HEAD_ROW = 1, FILE_ERRORS_MOST = 30 };

static const char example[] = "example";

typedef struct Reading {
    Arena *arena;
    ItemsBook *out;
    int count;      /* of errors about the file */
    size_t formula; /* of the sheet, the first that no row has passed yet */
    Error *err;
} Reading;

/* ---- what is wrong --------------------------------------------------------------------------- */

bool items_refuse(Arena *arena, ItemsRow *row, int column, const char *code, const char *name,
                  const char *value)
{
    int at = column >= 0 && row->table->at[column] ? row->table->at[column] : 1;
    return error_add(&row->problems, arena, ERROR_INVALID, .code = code, .field = "workbook",
                     .line = row->row, .column = at,
                     .with = {{"sheet", row->table->cells->name},
                              {"cell", sheet_place(arena, row->row, at)},
                              {name, value}});
}

static void refuse_heading(Reading *it, const Sheet *sheet, int column, const char *code,
                           const char *name)
{
    if (it->count++ < FILE_ERRORS_MOST)
        error_add(it->err, it->arena, ERROR_INVALID, .code = code, .field = "workbook",
                  .line = HEAD_ROW, .column = column,
                  .with = {{"sheet", sheet->name},
                           {"cell", sheet_place(it->arena, HEAD_ROW, column ? column : 1)},
                           {"name", name}});
}

/* ---- headings -------------------------------------------------------------------------------- */

/* The column that people call so, in either language; the number of columns for none. */
static size_t column_of(Arena *arena, ItemsSheet sheet, const char *heading)
{
    size_t count;
    items_columns(sheet, &count);
    for (size_t i = 0; i < count; i++)
        for (int language = 0; language < LANGUAGE_COUNT; language++)
            if (text_equal(items_heading(arena, (Language)language, sheet, i), heading))
                return i;
    return count;
}

static void read_headings(Reading *it, ItemsTable *table)
{
    size_t count;
    const ItemsColumn *columns = items_columns(table->sheet, &count);
    for (int at = 1; at <= table->cells->columns; at++) {
        const char *heading = text_trim(it->arena, sheet_at(table->cells, HEAD_ROW, at));
        size_t column = column_of(it->arena, table->sheet, heading);
        if (!*heading)
            continue;
        if (column == count)
            refuse_heading(it, table->cells, at, "import.heading_unknown", heading);
        else if (table->at[column])
            refuse_heading(it, table->cells, at, "import.heading_twice", heading);
        else
            table->at[column] = at;
    }
    for (size_t i = 0; i < count; i++)
        if (columns[i].is_required && !table->at[i])
            refuse_heading(it, table->cells, 0, "import.heading_missing",
                           items_heading(it->arena, LANGUAGE_ZH, table->sheet, i));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void read_cells(Reading *it, ItemsRow *row)
{
    size_t count;
    const ItemsTable *table = row->table;
    const ItemsColumn *columns = items_columns(table->sheet, &count);
    for (size_t i = 0; i < count; i++) {
        row->cells[i] = "";
        if (table->at[i])
            row->cells[i] = text_trim(it->arena, sheet_at(table->cells, row->row, table->at[i]));
        if (text_length(row->cells[i]) > (size_t)columns[i].most)
            items_refuse(it->arena, row, (int)i, "import.too_long", "most",
                         arena_printf(it->arena, "%d", columns[i].most));
    }
}

static bool is_blank(const ItemsRow *row)
{
    size_t count;
    items_columns(row->table->sheet, &count);
    for (size_t i = 0; i < count; i++)
        if (*row->cells[i])
            return false;
    return true;
}

/* What stands beside the columns was meant for one of them. */
static void check_beyond(Reading *it, ItemsRow *row)
{
    const Sheet *cells = row->table->cells;
    for (int at = 1; at <= cells->columns; at++)
        if (*sheet_at(cells, row->row, at) && !*text_trim(it->arena, sheet_at(cells, HEAD_ROW, at)))
            error_add(&row->problems, it->arena, ERROR_INVALID, .code = "import.beyond",
                      .field = "workbook", .line = row->row, .column = at,
                      .with = {{"sheet", cells->name},
                               {"cell", sheet_place(it->arena, row->row, at)},
                               {"value", sheet_at(cells, row->row, at)}});
}

static void note_place(Reading *it, ItemsRow *row, int column, const char *code)
{
    error_add(&row->problems, it->arena, ERROR_INVALID, .code = code, .field = "workbook",
              .line = row->row, .column = column,
              .with = {{"sheet", row->table->cells->name},
                       {"cell", sheet_place(it->arena, row->row, column)}});
}

/* A formula shows what was computed when somebody saved; a merged cell, what another row says. */
static void check_cells(Reading *it, ItemsRow *row)
{
    const Sheet *cells = row->table->cells;
    for (; it->formula < cells->formulas.count; it->formula++) {
        const SheetFormula *formula = &cells->formulas.items[it->formula];
        if (formula->row > row->row)
            break;
        if (formula->row == row->row)
            note_place(it, row, formula->column, "import.formula");
    }
    list_each (const SheetMerge, merge, &cells->merges)
        if (merge->row <= row->row && merge->last_row >= row->row)
            note_place(it, row, merge->column, "import.merged");
    check_beyond(it, row);
}

static int rows_most(ItemsSheet sheet)
{
    return sheet == ITEMS_OF ? ITEMS_MOST : ITEMS_PARTS_MOST;
}

static void read_rows(Reading *it, const ItemsTable *table)
{
    ItemsRows *rows = &it->out->rows[table->sheet];
    it->formula = 0;
    for (int at = HEAD_ROW + 1; at <= table->cells->rows; at++) {
        ItemsRow row = {.table = table, .row = at};
        read_cells(it, &row);
        if (is_blank(&row) || text_equal(row.cells[ITEM_CODE], example))
            continue;
        check_cells(it, &row);
        list_add(it->arena, rows, row);
    }
    if (rows->count > (size_t)rows_most(table->sheet))
        error_add(it->err, it->arena, ERROR_TOO_LARGE, .code = "import.rows", .field = "workbook",
                  .with = {{"sheet", table->cells->name},
                           {"limit", arena_printf(it->arena, "%d", rows_most(table->sheet))}});
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static bool is_named(Arena *arena, const char *name, ItemsSheet sheet)
{
    const char *key = arena_printf(arena, "import.sheet.%s", items_sheet_name(sheet));
    for (int language = 0; language < LANGUAGE_COUNT; language++)
        if (text_equal(message_raw((Language)language, key), name))
            return true;
    return false;
}

static bool read_sheet(Reading *it, SheetBook *book, const char *name, ItemsSheet sheet)
{
    ItemsTable *table = &it->out->tables[sheet];
    Sheet *cells = arena_new(it->arena, Sheet);
    if (table->cells)
        return error_set(it->err, ERROR_INVALID, .code = "import.sheet_twice", .field = "workbook",
                         .with = {{"sheet", name}});
    if (!sheet_read(book, name, cells, it->err))
        return false;
    *table = (ItemsTable){.sheet = sheet, .cells = cells};
    read_headings(it, table);
    if (!error_is_set(it->err))
        read_rows(it, table);
    return true;
}

static bool read_book(Reading *it, SheetBook *book)
{
    size_t count;
    const char *const *names = sheet_names(book, &count);
    for (size_t i = 0; i < count; i++)
        for (int sheet = 0; sheet < ITEMS_SHEETS; sheet++)
            if (is_named(it->arena, names[i], (ItemsSheet)sheet) &&
                !read_sheet(it, book, names[i], (ItemsSheet)sheet))
                return false;
    if (error_is_set(it->err))
        return false;
    if (!it->out->tables[ITEMS_OF].cells)
        return error_set(it->err, ERROR_INVALID, .code = "import.file_unknown",
                         .field = "workbook");
    return it->out->rows[ITEMS_OF].count ||
           error_set(it->err, ERROR_INVALID, .code = "import.empty", .field = "workbook");
}

bool items_read(Arena *arena, const char *data, size_t length, ItemsBook *out, Error *err)
{
    SheetLimits limits = SHEET_LIMITS;
    Reading it = {.arena = arena, .out = out, .err = err};
    limits.bytes = ITEMS_FILE_MOST;
    limits.sheets = 12;
    limits.rows = ITEMS_PARTS_MOST + 1000;
    limits.columns = 60;
    limits.cells = 150000;
    limits.unzipped = 12 << 20;
    *out = (ItemsBook){0};
    SheetBook *book = sheet_open(arena, data, length, &limits, err);
    return book && read_book(&it, book);
}

bool items_can_read(Arena *arena, const char *data, size_t length, Error *err)
{
    ItemsBook book;
    return items_read(arena, data, length, &book, err);
}
