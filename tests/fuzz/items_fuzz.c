/*
 * items_fuzz.c - any texts as the cells of an item, its materials and its legal bases: whatever
 * stands in them, the files that are made of them are JSON, and each wrong cell is told once.
 *
 * Cells are divided by the unit separator, 0x1f.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "apps/workbench/workbench_items_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MOST = 64 * 1024, ROWS = 2 };

typedef struct Cells {
    const char **texts;
    size_t count, next;
} Cells;

static const char *next_cell(Arena *arena, Cells *cells)
{
    return cells->next < cells->count ? text_trim(arena, cells->texts[cells->next++]) : "";
}

static ItemsRow *row_of(Arena *arena, ItemsTable *table, ItemsSheet sheet, Cells *cells)
{
    size_t count;
    Sheet *own = arena_new(arena, Sheet);
    ItemsRow *row = arena_new(arena, ItemsRow);
    own->name = "sheet";
    items_columns(sheet, &count);
    *table = (ItemsTable){.sheet = sheet, .cells = own};
    row->table = table;
    row->row = 2;
    for (size_t i = 0; i < count; i++) {
        table->at[i] = (int)i + 1;
        row->cells[i] = next_cell(arena, cells);
    }
    return row;
}

static void expect_json(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    if (!json_parse(arena, text, strlen(text), &JSON_LIMITS, &err) && err.kind != ERROR_TOO_LARGE &&
        !text_equal(err.code, "json.repeated_name"))
        abort();
}

static void make(Arena *arena, Cells *cells, const DefinitionFiles *before, ItemLine *line)
{
    ItemsTable tables[ITEMS_SHEETS];
    ItemsKnown known = {
        .processes = map_init(arena), .forms = map_init(arena), .templates = map_init(arena)};
    ItemMaking making = {.arena = arena, .known = &known, .before = before};
    making.row = row_of(arena, &tables[ITEMS_OF], ITEMS_OF, cells);
    for (int i = 0; i < ROWS; i++) {
        list_add(arena, &making.materials,
                 row_of(arena, &tables[MATERIALS_OF], MATERIALS_OF, cells));
        list_add(arena, &making.bases, row_of(arena, &tables[BASES_OF], BASES_OF, cells));
    }
    items_make(&making, line);
    expect_json(arena, line->files.source);
    expect_json(arena, line->files.english);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SIZE_MOST || !text_is_utf8((const char *)data, size))
        return 0;
    Arena *arena = arena_create(0);
    Cells cells = {0};
    ItemLine line = {.code = "fuzzed"}, again = {.code = "fuzzed"};
    cells.count =
        text_split(arena, arena_text_n(arena, (const char *)data, size), '\x1f', &cells.texts);
    make(arena, &cells, NULL, &line);
    cells.next = 0;
    make(arena, &cells, &line.files, &again);
    arena_destroy(arena);
    return 0;
}
