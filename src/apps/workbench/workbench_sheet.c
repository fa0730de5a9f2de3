/*
 * workbench_sheet.c - decision tables to a spreadsheet, and a spreadsheet's rules into the tables
 * of a file; see workbench_sheet.h for how a sheet looks.
 */
#include "apps/workbench/workbench_sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "dmn/dmn.h"
#include "dmn/dmn_grid.h"
#include "service/sheet.h"

enum {
    MARK_COLUMN = 1, /* hidden: the id of the table, of a rule */
    NUMBER_COLUMN,
    FIRST_COLUMN, /* the first input */
    TABLE_ROW = 1,
    LABEL_ROW,
    EXPRESSION_ROW,
    TYPE_ROW,
    VALUES_ROW,
    FIRST_RULE,
    NAME_MOST = 31,
};

static const char mark[] = "table:";

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct Writing {
    Arena *arena;
    Language language;
    SheetWriter *writer;
} Writing;

static const char *words(const Writing *it, const char *key)
{
    return message_raw(it->language, key);
}

static void write_guide(Writing *it)
{
    static const char *const keys[] = {"workbench.sheet_guide_1", "workbench.sheet_guide_2",
                                       "workbench.sheet_guide_3", "workbench.sheet_guide_4",
                                       "workbench.sheet_guide_5", "workbench.sheet_guide_6",
                                       "workbench.sheet_guide_7", "workbench.sheet_guide_8"};
    sheet_width(it->writer, 0, 0, 100, false);
    sheet_text(it->writer, words(it, "workbench.sheet_guide"), SHEET_TITLE);
    sheet_end_row(it->writer);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        sheet_text(it->writer, words(it, keys[i]), SHEET_PLAIN);
        sheet_end_row(it->writer);
    }
}

/* A line of the head: its mark, what it is called, and a text of every column. */
typedef enum HeadLine { HEAD_LABEL, HEAD_EXPRESSION, HEAD_TYPE, HEAD_VALUES } HeadLine;

static const char *const head_marks[] = {"label", "expression", "type", "values"};
static const char *const head_keys[] = {"workbench.sheet_label", "workbench.sheet_expression",
                                        "workbench.sheet_type", "workbench.sheet_values"};

static const char *head_text(const DmnGridColumn *column, HeadLine line)
{
    switch (line) {
    case HEAD_LABEL: return column->label;
    case HEAD_EXPRESSION: return column->expression;
    case HEAD_TYPE: return column->type;
    case HEAD_VALUES: return column->allowed;
    }
    return "";
}

static void write_head_line(Writing *it, const DmnGrid *grid, HeadLine line)
{
    sheet_text(it->writer, head_marks[line], SHEET_NOTE);
    sheet_text(it->writer, words(it, head_keys[line]), SHEET_HEAD);
    list_each (const DmnGridColumn, column, &grid->columns) {
        bool is_basis = line == HEAD_LABEL && column->kind == DMN_GRID_NOTE && !*column->label;
        sheet_text(it->writer,
                   is_basis ? words(it, "workbench.sheet_basis") : head_text(column, line),
                   line == HEAD_LABEL ? SHEET_HEAD : SHEET_NOTE);
    }
    sheet_end_row(it->writer);
}

static const char *policy_text(Arena *arena, const DmnGrid *grid)
{
    return *grid->aggregation ? arena_printf(arena, "%s %s", grid->policy, grid->aggregation)
                              : grid->policy;
}

static void write_grid(Writing *it, const DmnGrid *grid)
{
    int last = FIRST_COLUMN + (int)grid->columns.count - 2;
    sheet_width(it->writer, 0, 0, 12, true);
    sheet_width(it->writer, 1, 1, 14, false);
    sheet_width(it->writer, 2, last, 26, false);
    sheet_freeze(it->writer, VALUES_ROW);
    sheet_text(it->writer, arena_printf(it->arena, "%s%s", mark, grid->id), SHEET_NOTE);
    sheet_text(it->writer, words(it, "workbench.sheet_policy"), SHEET_HEAD);
    sheet_text(it->writer, policy_text(it->arena, grid), SHEET_NOTE);
    sheet_text(it->writer, grid->name, SHEET_TITLE);
    sheet_end_row(it->writer);
    for (int line = HEAD_LABEL; line <= HEAD_VALUES; line++)
        write_head_line(it, grid, (HeadLine)line);
    for (size_t i = 0; i < grid->rules.count; i++) {
        const DmnGridRule *rule = &grid->rules.items[i];
        sheet_text(it->writer, rule->id, SHEET_NOTE);
        sheet_number(it->writer, arena_printf(it->arena, "%zu", i + 1));
        for (size_t k = 0; k < grid->columns.count; k++)
            sheet_text(it->writer, rule->cells[k], SHEET_PLAIN);
        sheet_end_row(it->writer);
    }
}

/* What a sheet may be called: the table's name as far as it goes, with its number where that name
 * is taken. */
static bool begin_sheet(Writing *it, const DmnGrid *grid, size_t number, Error *err)
{
    enum { NUMBER_ROOM = 6 };
    Error taken = ERROR_NONE;
    Buffer name = buffer_init(it->arena, 0);
    const char *at = grid->name;
    for (int i = 0; i < NAME_MOST - NUMBER_ROOM && *at; i++) {
        uint32_t c = text_next(&at);
        buffer_add_code_point(&name, c < 0x80 && strchr("[]:*?/\\'", (int)c) ? ' ' : c);
    }
    const char *trimmed = text_trim(it->arena, buffer_text(&name));
    return sheet_begin(it->writer, trimmed, &taken) ||
           sheet_begin(it->writer, arena_printf(it->arena, "%s %zu", trimmed, number), err);
}

bool workbench_sheet_write(Arena *arena, Language language, const char *source,
                           const char **out_data, size_t *out_length, Error *err)
{
    DmnGrids grids = {0};
    if (!dmn_grids(arena, source, strlen(source), &grids, err))
        return false;
    if (!grids.count)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.sheet_none");
    Writing it = {arena, language, sheet_writer(arena, err)};
    if (!it.writer || !sheet_begin(it.writer, words(&it, "workbench.sheet_guide"), err))
        return false;
    write_guide(&it);
    for (size_t i = 0; i < grids.count; i++) {
        if (!begin_sheet(&it, &grids.items[i], i + 1, err))
            return false;
        write_grid(&it, &grids.items[i]);
    }
    return sheet_finish(it.writer, out_data, out_length, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A table that a sheet has, and in which rows of the sheet its rules stand. */
typedef struct SheetGrid {
    const Sheet *sheet;
    DmnGrid wanted;
    LIST(int) rows;
} SheetGrid;

typedef struct Reading {
    Arena *arena;
    DmnGrids file;
    LIST(SheetGrid) grids;
    int count; /* of errors */
    Error *err;
} Reading;

static void refuse(Reading *it, const Sheet *sheet, int row, int column, const char *code,
                   const char *name, const char *value)
{
    if (it->count++ < WORKBENCH_SHEET_ERRORS)
        error_add(it->err, it->arena, ERROR_INVALID, .code = code, .field = "sheet", .line = row,
                  .column = column,
                  .with = {{"sheet", sheet->name},
                           {"cell", sheet_place(it->arena, row, column)},
                           {name, value}});
}

static const DmnGrid *find_grid(const DmnGrids *grids, const char *id)
{
    list_each (const DmnGrid, grid, grids)
        if (text_equal(grid->id, id))
            return grid;
    return NULL;
}

static bool has_grid(const Reading *it, const char *id)
{
    list_each (const SheetGrid, each, &it->grids)
        if (text_equal(each->wanted.id, id))
            return true;
    return false;
}

/* The lines above the rules must be those of the draft: they say what the cells below mean. */
static void check_head(Reading *it, const Sheet *sheet, const DmnGrid *file)
{
    const char *policy = policy_text(it->arena, file);
    if (!text_equal(text_trim(it->arena, sheet_at(sheet, TABLE_ROW, FIRST_COLUMN)), policy))
        refuse(it, sheet, TABLE_ROW, FIRST_COLUMN, "workbench.sheet_head", "wanted", policy);
    for (int line = HEAD_EXPRESSION; line <= HEAD_VALUES; line++)
        for (size_t i = 0; i < file->columns.count; i++) {
            int row = LABEL_ROW + line, column = FIRST_COLUMN + (int)i;
            const char *wanted = head_text(&file->columns.items[i], (HeadLine)line);
            if (!text_equal(text_trim(it->arena, sheet_at(sheet, row, column)), wanted))
                refuse(it, sheet, row, column, "workbench.sheet_head", "wanted", wanted);
        }
}

/* A day that the office program took for one is FEEL's date. */
static const char *cell_text(Reading *it, const Sheet *sheet, int row, int column, bool is_note)
{
    Date day;
    const char *text = text_trim(it->arena, sheet_at(sheet, row, column));
    return !is_note && date_parse(text, &day) ? arena_printf(it->arena, "date(\"%s\")", text)
                                              : text;
}

static void read_rule(Reading *it, SheetGrid *grid, int row)
{
    size_t count = grid->wanted.columns.count;
    DmnGridRule rule = {.id = text_trim(it->arena, sheet_at(grid->sheet, row, MARK_COLUMN)),
                        .cells = arena_array(it->arena, const char *, count)};
    bool is_empty = true;
    for (size_t i = 0; i < count; i++) {
        bool is_note = grid->wanted.columns.items[i].kind == DMN_GRID_NOTE;
        rule.cells[i] = cell_text(it, grid->sheet, row, FIRST_COLUMN + (int)i, is_note);
        is_empty &= !*rule.cells[i];
    }
    for (int column = FIRST_COLUMN + (int)count; column <= grid->sheet->columns; column++)
        if (*sheet_at(grid->sheet, row, column))
            refuse(it, grid->sheet, row, column, "workbench.sheet_column", "text",
                   sheet_at(grid->sheet, row, column));
    if (is_empty)
        return;
    list_add(it->arena, &grid->wanted.rules, rule);
    list_add(it->arena, &grid->rows, row);
}

static void read_grid(Reading *it, const Sheet *sheet, const char *id)
{
    const DmnGrid *file = find_grid(&it->file, id);
    if (!file || has_grid(it, id)) {
        refuse(it, sheet, TABLE_ROW, MARK_COLUMN,
               file ? "workbench.sheet_twice" : "workbench.sheet_table", "table", id);
        return;
    }
    SheetGrid grid = {.sheet = sheet, .wanted = *file};
    memset(&grid.wanted.rules, 0, sizeof grid.wanted.rules);
    check_head(it, sheet, file);
    for (int row = FIRST_RULE; row <= sheet->rows; row++)
        read_rule(it, &grid, row);
    dmn_grid_match(file, &grid.wanted, it->arena);
    list_add(it->arena, &it->grids, grid);
}

/* Every sheet with the mark of a table; others are the person's own. */
static bool read_sheets(Reading *it, SheetBook *book)
{
    size_t count;
    const char *const *names = sheet_names(book, &count);
    for (size_t i = 0; i < count; i++) {
        Sheet *sheet = arena_new(it->arena, Sheet);
        if (!sheet_read(book, names[i], sheet, it->err))
            return false;
        const char *first = sheet_at(sheet, TABLE_ROW, MARK_COLUMN);
        if (text_starts_with(first, mark))
            read_grid(it, sheet, text_trim(it->arena, first + strlen(mark)));
    }
    if (!it->grids.count && !error_is_set(it->err))
        error_set(it->err, ERROR_INVALID, .code = "workbench.sheet_none", .field = "sheet");
    return !error_is_set(it->err);
}

/* ---- cells that the engine cannot read ------------------------------------------------------- */

/* Whether a cell is new, or other than in the file: what was wrong before is the checks' to tell.
 */
static bool is_changed(const DmnGrid *file, const DmnGridRule *rule, size_t column)
{
    return !rule->origin ||
           !text_equal(rule->cells[column], file->rules.items[rule->origin - 1].cells[column]);
}

static void refuse_at_line(Reading *it, const SheetGrid *grid, const DmnGrid *made,
                           const DmnProblem *problem)
{
    const DmnGrid *file = find_grid(&it->file, grid->wanted.id);
    for (size_t r = 0; r < made->rules.count && r < grid->wanted.rules.count; r++)
        for (size_t c = 0; c < made->columns.count; c++)
            if (made->rules.items[r].lines[c] == problem->line &&
                is_changed(file, &grid->wanted.rules.items[r], c)) {
                refuse(it, grid->sheet, grid->rows.items[r], FIRST_COLUMN + (int)c,
                       "workbench.sheet_cell", "what", problem->message);
                return;
            }
}

static bool check_cells(Reading *it, const char *made)
{
    DmnGrids grids = {0};
    const DmnProblem *problems;
    DmnSource source = {"sheet", made, strlen(made)};
    const DmnModel *model = dmn_load(it->arena, &source, NULL, it->err);
    if (!model || !dmn_grids(it->arena, made, strlen(made), &grids, it->err))
        return false;
    size_t count = dmn_problems(model, &problems);
    for (size_t i = 0; i < count; i++)
        list_each (const SheetGrid, grid, &it->grids)
            refuse_at_line(it, grid, find_grid(&grids, grid->wanted.id), &problems[i]);
    return !error_is_set(it->err);
}

bool workbench_sheet_read(Arena *arena, const char *source, const char *data, size_t length,
                          const char **out_source, Error *err)
{
    SheetLimits limits = SHEET_LIMITS;
    Reading it = {.arena = arena, .err = err};
    limits.rows = 5000;
    limits.unzipped = 16 << 20;
    const char *made = source;
    if (!dmn_grids(arena, source, strlen(source), &it.file, err))
        return false;
    SheetBook *book = sheet_open(arena, data, length, &limits, err);
    if (!book || !read_sheets(&it, book))
        return false;
    list_each (const SheetGrid, grid, &it.grids)
        if (!dmn_grid_write(arena, made, strlen(made), &grid->wanted, &made, err))
            return false;
    *out_source = made;
    return check_cells(&it, made);
}
