/*
 * sheet_cells.c - one sheet: rows and cells as they come -> texts at their places.
 *
 * A cell's text is what a person sees as its value: a number without the rounding errors of binary
 * fractions, a day as a day where the style says so.
 */
#include "service/sheet_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

enum { EXACT_DIGITS = 15, MERGES_MOST = 2000, VALUE_MOST = 32 * 1024 };

typedef struct CellsState {
    Sheet *sheet;
    int row, column; /* of the cell that is being read */
    char type;       /* 'n' 's' 'i' (inline) 't' (of a formula) 'b' 'e' 'd' */
    size_t style;
    Buffer text;
    bool is_in_value, is_in_cell;
    int phonetic;
} CellsState;

/* ---- places ---------------------------------------------------------------------------------- */

const char *sheet_place(Arena *arena, int row, int column)
{
    char letters[8] = "";
    size_t at = sizeof letters - 1;
    for (int rest = column; rest > 0 && at > 0; rest = (rest - 1) / 26)
        letters[--at] = (char)('A' + (rest - 1) % 26);
    return arena_printf(arena, "%s%d", letters + at, row);
}

/* "C7" -> row and column; false when it is no such place. Moves *text behind it. */
static bool read_place(const char **text, int *out_row, int *out_column)
{
    int64_t row = 0, column = 0;
    const char *at = *text;
    for (; isalpha((unsigned char)*at) && column < 100000; at++)
        column = column * 26 + toupper((unsigned char)*at) - 'A' + 1;
    for (; isdigit((unsigned char)*at) && row < 100000000; at++)
        row = row * 10 + *at - '0';
    bool is_place = row > 0 && column > 0;
    *text = at;
    *out_row = (int)row;
    *out_column = (int)column;
    return is_place;
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static void refuse(SheetWalk *walk, ErrorKind kind, const char *code, const char *name,
                   const char *value)
{
    const CellsState *state = walk->state;
    Arena *arena = walk->book->arena;
    error_set(walk->err, kind, .code = code, .field = sheet_place(arena, state->row, state->column),
              .line = state->row, .column = state->column,
              .with = {{"sheet", state->sheet->name},
                       {"row", arena_printf(arena, "%d", state->row)},
                       {"column", arena_printf(arena, "%d", state->column)},
                       {name, value}});
}

static void refuse_limit(SheetWalk *walk, const char *code, size_t limit)
{
    refuse(walk, ERROR_TOO_LARGE, code, "limit", arena_printf(walk->book->arena, "%zu", limit));
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Rounded to what a spreadsheet keeps, plain. NULL when it is no number. */
static const char *number_text(Arena *arena, const char *text)
{
    char plain[DECIMAL_TEXT_SIZE];
    Decimal value;
    const char *trimmed = text_trim(arena, text);
    if (!decimal_from_text(trimmed, strlen(trimmed), &value))
        return NULL;
    char short_text[48];
    snprintf(short_text, sizeof short_text, "%.*g", EXACT_DIGITS, decimal_to_double(value));
    if (!decimal_from_text(short_text, strlen(short_text), &value))
        return NULL;
    decimal_to_text(value, plain);
    return arena_text(arena, plain);
}

/* Days since the epoch of the book; its year 1900 had a 29 February, which nobody can mean. */
static bool day_of(const SheetBook *book, int64_t serial, Date *out)
{
    if (book->is_1904) {
        *out = date_plus(date_of(1904, 1, 1), (int)serial);
        return true;
    }
    *out = date_plus(date_of(1899, 12, serial < 60 ? 31 : 30), (int)serial);
    return serial > 0 && serial != 60;
}

static const char *clock_text(Arena *arena, int64_t seconds)
{
    return arena_printf(arena, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                        (int)(seconds % 60));
}

static const char *time_text(const SheetBook *book, const char *text, SheetStyle style)
{
    enum { DAY_SECONDS = 86400, LAST_SERIAL = 2958465 }; /* 9999-12-31 */
    char *end;
    Date day;
    double value = strtod(text, &end);
    if (*end || !(value >= 0 && value < LAST_SERIAL + 1.0))
        return NULL;
    int64_t seconds = (int64_t)(value * DAY_SECONDS + 0.5), days = seconds / DAY_SECONDS;
    const char *clock = clock_text(book->arena, seconds % DAY_SECONDS);
    if (style == STYLE_TIME && days == 0)
        return clock;
    if (days > LAST_SERIAL || !day_of(book, days, &day))
        return NULL;
    const char *date = date_text(book->arena, day);
    return style == STYLE_DAY && seconds % DAY_SECONDS == 0
               ? date
               : arena_printf(book->arena, "%sT%s", date, clock);
}

static const char *numeric_text(SheetWalk *walk, const char *text)
{
    const CellsState *state = walk->state;
    SheetBook *book = walk->book;
    SheetStyle style =
        state->style < book->styles.count ? book->styles.items[state->style] : STYLE_NUMBER;
    const char *number = number_text(book->arena, text);
    if (!number) {
        refuse(walk, ERROR_INVALID, "sheet.value", "value", text);
        return NULL;
    }
    const char *shown = style == STYLE_NUMBER ? number : time_text(book, number, style);
    if (!shown)
        refuse(walk, ERROR_INVALID, "sheet.date", "value", number);
    return shown;
}

static const char *shared_text(SheetWalk *walk, const char *text)
{
    int64_t index;
    const SheetBook *book = walk->book;
    if (!text_to_int64(text_trim(book->arena, text), &index) || index < 0 ||
        (size_t)index >= book->strings.count) {
        refuse(walk, ERROR_INVALID, "sheet.value", "value", text);
        return NULL;
    }
    if (!book->strings.items[index])
        refuse_limit(walk, "sheet.cell_length", book->limits.cell_bytes);
    return book->strings.items[index];
}

/* NULL when it was refused. */
static const char *cell_text(SheetWalk *walk)
{
    const CellsState *state = walk->state;
    const char *text = buffer_text(&state->text);
    switch (state->type) {
    case 's': return shared_text(walk, text);
    case 'b': return text_equal(text, "1") || text_equal(text, "true") ? "true" : "false";
    case 'n': return numeric_text(walk, text);
    case 'e': refuse(walk, ERROR_INVALID, "sheet.error_value", "value", text); return NULL;
    default: return sheet_unescaped(walk->book->arena, text);
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

static char type_of(const char *type)
{
    if (!type || text_equal(type, "n"))
        return 'n';
    if (text_equal(type, "inlineStr"))
        return 'i';
    return text_equal(type, "str") ? 't' : *type;
}

static bool is_behind_last(const CellsState *state)
{
    const Sheet *sheet = state->sheet;
    if (!sheet->cells.count)
        return true;
    const SheetCell *last = &sheet->cells.items[sheet->cells.count - 1];
    return state->row > last->row || (state->row == last->row && state->column > last->column);
}

static void begin_cell(SheetWalk *walk, const char **attributes)
{
    CellsState *state = walk->state;
    const SheetLimits *limits = &walk->book->limits;
    const char *place = sheet_attribute(attributes, "r");
    const char *style = sheet_attribute(attributes, "s");
    int64_t index = 0;
    int row = state->row, column = 0;
    state->column++;
    if (place && read_place(&place, &row, &column))
        state->column = column;
    if (state->row < 1 || row != state->row)
        refuse(walk, ERROR_INVALID, "sheet.value", "value", place ? place : "");
    else if (state->column > limits->columns)
        refuse_limit(walk, "sheet.columns", (size_t)limits->columns);
    if (style)
        text_to_int64(style, &index);
    state->style = index >= 0 ? (size_t)index : 0;
    state->type = type_of(sheet_attribute(attributes, "t"));
    state->text = buffer_init(walk->book->arena, limits->cell_bytes);
    state->is_in_cell = true;
}

static void end_cell(SheetWalk *walk)
{
    CellsState *state = walk->state;
    Sheet *sheet = state->sheet;
    state->is_in_cell = false;
    if (state->text.is_over)
        refuse_limit(walk, "sheet.cell_length", walk->book->limits.cell_bytes);
    if (error_is_set(walk->err) || state->text.length == 0)
        return;
    const char *text = cell_text(walk);
    if (text_is_empty(text))
        return;
    if (!is_behind_last(state))
        refuse(walk, ERROR_INVALID, "sheet.value", "value", text);
    else if (sheet->cells.count == walk->book->limits.cells)
        refuse_limit(walk, "sheet.cells", walk->book->limits.cells);
    else
        list_add(walk->book->arena, &sheet->cells, (SheetCell){state->row, state->column, text});
    sheet->rows = state->row;
    if (state->column > sheet->columns)
        sheet->columns = state->column;
}

static void begin_row(SheetWalk *walk, const char **attributes)
{
    CellsState *state = walk->state;
    const char *number = sheet_attribute(attributes, "r");
    int64_t row = state->row + 1;
    if (number && (!text_to_int64(number, &row) || row <= state->row || row > INT32_MAX)) {
        refuse(walk, ERROR_INVALID, "sheet.value", "value", number);
        return;
    }
    state->row = (int)row;
    state->column = 0;
}

/* Rows in which nothing stands may go on for ever: only what stands somewhere counts. */
static void check_row(SheetWalk *walk)
{
    const CellsState *state = walk->state;
    if (state->row > walk->book->limits.rows && state->text.length > 0)
        refuse_limit(walk, "sheet.rows", (size_t)walk->book->limits.rows);
}

static void add_merge(SheetWalk *walk, const char *area)
{
    CellsState *state = walk->state;
    SheetMerge merge;
    if (!area || !read_place(&area, &merge.row, &merge.column) || *area++ != ':' ||
        !read_place(&area, &merge.last_row, &merge.last_column))
        return;
    if (state->sheet->merges.count == MERGES_MOST)
        refuse_limit(walk, "sheet.merges", MERGES_MOST);
    else
        list_add(walk->book->arena, &state->sheet->merges, merge);
}

static void add_formula(SheetWalk *walk)
{
    const CellsState *state = walk->state;
    if (state->is_in_cell && state->sheet->formulas.count < walk->book->limits.cells)
        list_add(walk->book->arena, &state->sheet->formulas,
                 ((SheetFormula){state->row, state->column}));
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void on_start(SheetWalk *walk, const char *name, const char **attributes)
{
    CellsState *state = walk->state;
    if (text_equal(name, "row"))
        begin_row(walk, attributes);
    else if (text_equal(name, "c"))
        begin_cell(walk, attributes);
    else if (text_equal(name, "rPh"))
        state->phonetic++;
    else if (text_equal(name, "v") || text_equal(name, "t"))
        state->is_in_value = state->is_in_cell && state->phonetic == 0;
    else if (text_equal(name, "f"))
        add_formula(walk);
    else if (text_equal(name, "mergeCell"))
        add_merge(walk, sheet_attribute(attributes, "ref"));
}

static void on_end(SheetWalk *walk, const char *name)
{
    CellsState *state = walk->state;
    if (text_equal(name, "v") || text_equal(name, "t"))
        state->is_in_value = false;
    else if (text_equal(name, "rPh"))
        state->phonetic--;
    else if (text_equal(name, "c") && state->is_in_cell) {
        check_row(walk);
        end_cell(walk);
    }
}

static void on_text(SheetWalk *walk, const char *data, size_t length)
{
    CellsState *state = walk->state;
    if (state->is_in_value)
        buffer_add_n(&state->text, data, length);
}

static const SheetPart *find_part(const SheetBook *book, const char *name)
{
    list_each (const SheetPart, part, &book->sheets)
        if (text_equal(part->name, name))
            return part;
    return NULL;
}

bool sheet_read(SheetBook *book, const char *name, Sheet *out, Error *err)
{
    const SheetPart *part = find_part(book, name);
    Error wrong = ERROR_NONE;
    if (!part)
        return error_set(err, ERROR_INVALID, .code = "sheet.unknown", .with = {{"sheet", name}});
    *out = (Sheet){.name = part->name};
    CellsState state = {.sheet = out};
    SheetWalk walk = {.book = book,
                      .part = part->path,
                      .err = &wrong,
                      .state = &state,
                      .start = on_start,
                      .end = on_end,
                      .text = on_text};
    return sheet_walk(&walk) || error_fill(err, wrong);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static const char *own_text(const Sheet *sheet, int row, int column)
{
    size_t low = 0, high = sheet->cells.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const SheetCell *cell = &sheet->cells.items[middle];
        if (cell->row == row && cell->column == column)
            return cell->text;
        if (cell->row < row || (cell->row == row && cell->column < column))
            low = middle + 1;
        else
            high = middle;
    }
    return "";
}

const char *sheet_at(const Sheet *sheet, int row, int column)
{
    const char *text = own_text(sheet, row, column);
    if (*text)
        return text;
    list_each (const SheetMerge, merge, &sheet->merges)
        if (row >= merge->row && row <= merge->last_row && column >= merge->column &&
            column <= merge->last_column)
            return own_text(sheet, merge->row, merge->column);
    return "";
}
