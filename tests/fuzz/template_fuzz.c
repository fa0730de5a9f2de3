/*
 * template_fuzz.c - any bytes as a template, then (behind the first NUL) as its values.
 *
 * What compiles must render within its limits; the same again must give the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fixed[] =
    "{\"a\":[1,{\"a\":[]},\"<x>\"],\"b\":{\"c\":{\"a\":true}},\"c\":null,\"l\":[[1,2],[{}]]}";

static void note(void *data, const char *name, int line, int column)
{
    if (!*name || line < 1 || column < 1)
        abort();
    ++*(size_t *)data;
}

static void render(Arena *arena, const Template *template, const Json *values)
{
    size_t seen[2] = {0};
    Buffer out[2];
    for (int i = 0; i < 2; i++) {
        TemplateFindings findings = {.report = note, .data = &seen[i]};
        Error err = ERROR_NONE;
        out[i] = buffer_init(arena, 64 * 1024);
        if (!template_render(template, values, &out[i], &findings, &err) != error_is_set(&err))
            abort();
    }
    if (seen[0] != seen[1] || strcmp(buffer_text(&out[0]), buffer_text(&out[1])) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    Arena *arena = arena_create(64 * 1024 * 1024);
    const uint8_t *nul = memchr(data, 0, size);
    size_t length = nul ? (size_t)(nul - data) : size;
    const char *json = nul ? (const char *)nul + 1 : fixed;
    size_t json_length = nul ? size - length - 1 : sizeof fixed - 1;
    Json *values = json_parse(arena, json, json_length, &JSON_LIMITS, NULL);
    for (int flags = 0; flags < 4; flags++) {
        Error err = ERROR_NONE;
        Template *template =
            template_compile(arena, (const char *)data, length, (TemplateFlags)flags, &err);
        if (!template != error_is_set(&err))
            abort();
        if (template)
            render(arena, template, values);
    }
    arena_destroy(arena);
    return 0;
}
