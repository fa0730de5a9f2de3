/*
 * print_fuzz.c - any bytes as a paper.
 *
 * What is taken must become a page, twice the same; one in sixteen is set as a PDF, too, since that
 * takes a thousand times longer.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* cairo 1.16 leaks 768 bytes for each CFF type that it subsets; fontconfig keeps its caches. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\nleak:libfontconfig\nleak:libpango\n";
}

static void set(const PrintPaper *paper, Arena *arena)
{
    static const PrintAbout about = {.title = "t", .language = "zh-CN", .date = {20000}};
    Error err = ERROR_NONE;
    DbBytes pdf;
    if (!print_pdf(paper, arena, &about, &pdf, &err) != error_is_set(&err))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(64 * 1024 * 1024);
    Error err = ERROR_NONE;
    PrintPaper *paper = print_parse(arena, (const char *)data, size, &err);
    if (!paper != error_is_set(&err))
        abort();
    if (!paper && err.kind == ERROR_INVALID && (err.line < 1 || err.column < 1))
        abort();
    Buffer out[2] = {buffer_init(arena, 0), buffer_init(arena, 0)};
    for (int i = 0; paper && i < 2; i++)
        print_html(paper, &out[i]);
    if (strcmp(buffer_text(&out[0]), buffer_text(&out[1])) != 0)
        abort();
    if (paper && size < 4096 && size % 16 == 0)
        set(paper, arena);
    arena_destroy(arena);
    return 0;
}
