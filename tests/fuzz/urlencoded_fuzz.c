/*
 * urlencoded_fuzz.c - any bytes as a form body: pairs that are read come back from a URL built of
 * them.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/urlencoded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(Arena *arena, const UrlPairs *pairs)
{
    Buffer url = buffer_init(arena, 0);
    for (size_t i = 0; i < pairs->count; i++)
        urlencoded_add_query(&url, pairs->items[i].name, pairs->items[i].value);
    UrlPairs again;
    if (pairs->count == 0)
        return;
    if (!urlencoded_parse(arena, url.data + 1, url.length - 1, &URL_LIMITS, &again, NULL) ||
        again.count != pairs->count)
        abort();
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, again.items[i].name) != 0 ||
            strcmp(pairs->items[i].value, again.items[i].value) != 0)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    Error err = ERROR_NONE;
    UrlPairs pairs;
    bool is_good = urlencoded_parse(arena, (const char *)data, size, &URL_LIMITS, &pairs, &err);
    if (is_good == error_is_set(&err))
        abort();
    if (is_good)
        check_again(arena, &pairs);
    size_t length;
    urlencoded_decode(arena, (const char *)data, size, false, &length);
    if (length > size)
        abort();
    arena_destroy(arena);
    return 0;
}
