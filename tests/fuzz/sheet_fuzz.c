/*
 * sheet_fuzz.c - any bytes as a spreadsheet: what is read is bounded and in order, and what is
 * read, written and read again is the same.
 *
 * A zip file's checksums keep a fuzzer out of the XML. So bytes that are no zip file are taken as
 * the first sheet of one, which is packed here.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/sheet.h"
#include "test_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const SheetLimits limits = {.bytes = 1 << 20,
                                   .unzipped = 1 << 20,
                                   .ratio = 200,
                                   .sheets = 5,
                                   .rows = 500,
                                   .columns = 30,
                                   .cells = 2000,
                                   .cell_bytes = 1000,
                                   .strings = 500};

static const char relations[] = "<r><Relationship Id='a' Type='/officeDocument' Target='w'/></r>";
static const char own[] = "<r><Relationship Id='a' Type='/worksheet' Target='1'/>"
                          "<Relationship Id='b' Type='/sharedStrings' Target='2'/>"
                          "<Relationship Id='c' Type='/styles' Target='3'/></r>";
static const char book[] = "<w xmlns:r='r'><sheets><sheet name='A' r:id='a'/></sheets></w>";
static const char strings[] = "<s><si><t>one</t></si><si><t>=two</t></si></s>";
static const char styles[] = "<s><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
                             "<xf numFmtId='22'/><xf numFmtId='18'/></cellXfs></s>";

/* A file whose first sheet these bytes are. */
static const char *packed(Arena *arena, const uint8_t *data, size_t size, size_t *out_length)
{
    const ZipPart parts[] = {{"[Content_Types].xml", "<t/>", 0},
                             {"_rels/.rels", relations, 0},
                             {"_rels/w.rels", own, 0},
                             {"w", book, 0},
                             {"1", size ? (const char *)data : " ", size},
                             {"2", strings, 0},
                             {"3", styles, 0},
                             {0}};
    return test_zip(arena, parts, ZIP_CM_STORE, out_length);
}

static void check_order(const Sheet *sheet)
{
    const SheetCell *before = NULL;
    list_each (const SheetCell, cell, &sheet->cells) {
        if (cell->row < 1 || cell->row > limits.rows || cell->column < 1 ||
            cell->column > limits.columns || !text_is_utf8(cell->text, strlen(cell->text)))
            abort();
        if (before && (cell->row < before->row ||
                       (cell->row == before->row && cell->column <= before->column)))
            abort();
        if (strcmp(sheet_at(sheet, cell->row, cell->column), cell->text) != 0)
            abort();
        before = cell;
    }
}

/* Every sheet of a file; the first one that can be read is given out. */
static bool read_all(Arena *arena, const char *data, size_t length, Sheet *out)
{
    Error err = ERROR_NONE;
    size_t count, read = 0;
    SheetBook *opened = sheet_open(arena, data, length, &limits, &err);
    if (!opened != error_is_set(&err))
        abort();
    const char *const *names = opened ? sheet_names(opened, &count) : NULL;
    for (size_t i = 0; names && i < count; i++) {
        Sheet sheet;
        Error wrong = ERROR_NONE;
        if (sheet_read(opened, names[i], &sheet, &wrong) == error_is_set(&wrong))
            abort();
        if (error_is_set(&wrong))
            continue;
        check_order(&sheet);
        if (read++ == 0)
            *out = sheet;
    }
    return read > 0;
}

static void write_again(Arena *arena, const Sheet *sheet)
{
    Error err = ERROR_NONE;
    const char *data;
    size_t length;
    Sheet again = {0};
    SheetWriter *writer = sheet_writer(arena, &err);
    if (!writer || !sheet_begin(writer, "A", &err))
        abort();
    for (int row = 1; row <= sheet->rows; row++) {
        for (int column = 1; column <= sheet->columns; column++)
            sheet_text(writer, sheet_at(sheet, row, column), SHEET_PLAIN);
        sheet_end_row(writer);
    }
    if (!sheet_finish(writer, &data, &length, &err) || !read_all(arena, data, length, &again))
        abort();
    list_each (const SheetCell, cell, &again.cells)
        if (strcmp(cell->text, sheet_at(sheet, cell->row, cell->column)) != 0 &&
            !strpbrk(sheet_at(sheet, cell->row, cell->column),
                     "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15"
                     "\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\xEF"))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(64 * 1024 * 1024);
    bool is_zip = size > 4 && memcmp(data, "PK", 2) == 0;
    const char *bytes = (const char *)data;
    size_t length = size;
    Sheet sheet = {0};
    if (!is_zip && size <= 100000)
        bytes = packed(arena, data, size, &length);
    if (read_all(arena, bytes, length, &sheet) && sheet.cells.count < 200)
        write_again(arena, &sheet);
    arena_destroy(arena);
    return 0;
}
