/*
 * statement_cache.c - which statements a connection has prepared: open addressing by the address
 * of the Statement, which is static for the life of the program.
 */
#include "db/db_internal.h"

#include <stdio.h>
#include <stdlib.h>

static size_t place_of(const StatementCache *cache, const Statement *statement)
{
    uint64_t hash = (uint64_t)(uintptr_t)statement * UINT64_C(0x9E3779B97F4A7C15);
    size_t place = (size_t)(hash >> 32) & (cache->capacity - 1);
    while (cache->keys[place] && cache->keys[place] != statement)
        place = (place + 1) & (cache->capacity - 1);
    return place;
}

void *statement_cache_get(const StatementCache *cache, const Statement *statement)
{
    if (cache->capacity == 0)
        return NULL;
    return cache->values[place_of(cache, statement)];
}

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

static void grow(StatementCache *cache)
{
    StatementCache bigger = {.capacity = cache->capacity ? cache->capacity * 2 : 64};
    bigger.keys = zeroed(bigger.capacity, sizeof *bigger.keys);
    bigger.values = zeroed(bigger.capacity, sizeof *bigger.values);
    for (size_t i = 0; i < cache->capacity; i++)
        if (cache->keys[i])
            statement_cache_put(&bigger, cache->keys[i], cache->values[i]);
    statement_cache_finish(cache);
    *cache = bigger;
}

void statement_cache_put(StatementCache *cache, const Statement *statement, void *value)
{
    if (cache->count * 2 >= cache->capacity)
        grow(cache);
    size_t place = place_of(cache, statement);
    if (!cache->keys[place])
        cache->count++;
    cache->keys[place] = statement;
    cache->values[place] = value;
}

void statement_cache_finish(StatementCache *cache)
{
    free(cache->keys);
    free(cache->values);
    *cache = (StatementCache){0};
}
