/*
 * grid_fuzz.c - any file as decision tables in rows: written with the same rows it is the same
 * file; with other rows it has those.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dmn/dmn_grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *written(Arena *arena, const char *source, const DmnGrid *file, DmnGrid *wanted)
{
    const char *out = NULL;
    Error err = ERROR_NONE;
    dmn_grid_match(file, wanted, arena);
    if (dmn_grid_write(arena, source, strlen(source), wanted, &out, &err) == error_is_set(&err))
        abort();
    return out;
}

/* The last rule gets other cells, and a new one is put in front. */
static DmnGrid changed(Arena *arena, const DmnGrid *file)
{
    DmnGrid wanted = *file;
    memset(&wanted.rules, 0, sizeof wanted.rules);
    const char **cells = arena_array(arena, const char *, file->columns.count);
    for (size_t i = 0; i < file->columns.count; i++)
        cells[i] = "a < b & \"c\"]]>";
    list_add(arena, &wanted.rules, (DmnGridRule){.id = "", .cells = cells});
    for (size_t i = 0; i < file->rules.count; i++)
        list_add(arena, &wanted.rules, file->rules.items[i]);
    wanted.rules.items[wanted.rules.count - 1].cells = cells;
    return wanted;
}

static void check_rows(Arena *arena, const char *source, const DmnGrid *wanted, size_t table)
{
    DmnGrids grids = {0};
    Error err = ERROR_NONE;
    if (!dmn_grids(arena, source, strlen(source), &grids, &err) || grids.count <= table)
        abort();
    const DmnGrid *made = &grids.items[table];
    if (made->rules.count != wanted->rules.count)
        abort();
    for (size_t r = 0; r < made->rules.count; r++)
        for (size_t c = 0; c < made->columns.count; c++)
            if (strcmp(made->rules.items[r].cells[c], wanted->rules.items[r].cells[c]) != 0)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(128 * 1024 * 1024);
    const char *source = arena_text_n(arena, (const char *)data, size);
    DmnGrids grids = {0};
    Error err = ERROR_NONE;
    if (dmn_grids(arena, source, strlen(source), &grids, &err) && grids.count < 4)
        for (size_t t = 0; t < grids.count; t++) {
            DmnGrid same = grids.items[t];
            const char *out = written(arena, source, &grids.items[t], &same);
            if (out && strcmp(out, source) != 0)
                abort();
            DmnGrid other = changed(arena, &grids.items[t]);
            out = written(arena, source, &grids.items[t], &other);
            if (out)
                check_rows(arena, out, &other, t);
        }
    arena_destroy(arena);
    return 0;
}
