/*
 * arena.c - a chain of blocks that grow in size; the newest is filled from the front.
 *
 * With ARENA_EACH_MALLOC (sanitizer builds) a block holds exactly one allocation.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024 };

typedef struct Block {
    struct Block *previous;
    size_t size;
    size_t used;
    size_t padding; /* keeps data aligned to 16 */
    char data[];
} Block;

typedef struct Hook {
    struct Hook *previous;
    void (*call)(void *data);
    void *data;
} Hook;

struct Arena {
    Block *block;
    Hook *hooks;
    size_t total;
    size_t limit;
    size_t next_size;
};

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

Arena *arena_create(size_t limit_bytes)
{
    Arena *arena = allocate(sizeof *arena);
    *arena = (Arena){.limit = limit_bytes, .next_size = FIRST_BLOCK};
    return arena;
}

static void free_blocks_after(Arena *arena, const Block *last)
{
    while (arena->block && arena->block != last) {
        Block *block = arena->block;
        arena->block = block->previous;
        free(block);
    }
}

static void run_hooks(Arena *arena)
{
    for (Hook *hook = arena->hooks; hook; hook = hook->previous)
        hook->call(hook->data);
    arena->hooks = NULL;
}

void arena_destroy(Arena *arena)
{
    if (!arena)
        return;
    run_hooks(arena);
    free_blocks_after(arena, NULL);
    free(arena);
}

/* The newest block is the largest of the doubling ones; a giant made for one big allocation goes,
 * or one large request would hold its memory for ever. */
static Block *block_to_keep(const Arena *arena)
{
#ifdef ARENA_EACH_MALLOC
    const size_t largest = 0;
#else
    const size_t largest = LARGEST_BLOCK;
#endif
    return arena->block && arena->block->size <= largest ? arena->block : NULL;
}

void arena_clear(Arena *arena)
{
    run_hooks(arena);
    Block *kept = block_to_keep(arena);
    if (kept)
        arena->block = kept->previous;
    free_blocks_after(arena, NULL);
    if (kept)
        *kept = (Block){.size = kept->size};
    arena->block = kept;
    arena->total = 0;
}

#ifndef ARENA_EACH_MALLOC
static size_t rounded(size_t size)
{
    if (size == 0)
        size = 1;
    assert(size <= SIZE_MAX / 2);
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}
#endif

static void add_block(Arena *arena, size_t size)
{
#ifdef ARENA_EACH_MALLOC
    size_t capacity = size;
#else
    size_t capacity = size > arena->next_size ? size : arena->next_size;
    if (arena->next_size < LARGEST_BLOCK)
        arena->next_size *= 2;
#endif
    Block *block = allocate(sizeof *block + capacity);
    *block = (Block){.previous = arena->block, .size = capacity};
    arena->block = block;
}

/* Memory as it lies there. */
static void *take(Arena *arena, size_t size)
{
#ifdef ARENA_EACH_MALLOC
    size_t wanted = size ? size : 1;
    add_block(arena, wanted);
#else
    size_t wanted = rounded(size);
    if (!arena->block || arena->block->size - arena->block->used < wanted)
        add_block(arena, wanted);
#endif
    arena->total += wanted;
    if (arena->limit && arena->total / 4 > arena->limit) {
        fputs("arena: a caller missed arena_is_over\n", stderr);
        abort();
    }
    void *memory = arena->block->data + arena->block->used;
    arena->block->used += wanted;
    return memory;
}

void *arena_alloc(Arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size)
{
    if (!old)
        return arena_alloc(arena, new_size);
    assert(new_size >= old_size);
#ifndef ARENA_EACH_MALLOC
    Block *block = arena->block;
    size_t had = rounded(old_size), wanted = rounded(new_size);
    bool is_last = block && (char *)old + had == block->data + block->used;
    if (is_last && block->size - block->used >= wanted - had) {
        block->used += wanted - had;
        arena->total += wanted - had;
        memset((char *)old + old_size, 0, wanted - old_size);
        return old;
    }
#endif
    void *grown = arena_alloc(arena, new_size);
    return memcpy(grown, old, old_size);
}

void *arena_copy(Arena *arena, const void *data, size_t size)
{
    void *copy = take(arena, size);
    return size ? memcpy(copy, data, size) : copy;
}

char *arena_text(Arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}

char *arena_text_n(Arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

char *arena_vprintf(Arena *arena, const char *format, va_list args)
{
    char small[256];
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    assert(length >= 0);
    bool is_small = (size_t)length < sizeof small;
    char *text = is_small ? arena_text_n(arena, small, (size_t)length)
                          : arena_alloc(arena, (size_t)length + 1);
    if (!is_small)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){.block = arena->block,
                       .used = arena->block ? arena->block->used : 0,
                       .total = arena->total};
}

void arena_reset(Arena *arena, ArenaMark mark)
{
    free_blocks_after(arena, mark.block);
    if (arena->block)
        arena->block->used = mark.used;
    arena->total = mark.total;
}

void arena_on_destroy(Arena *arena, void (*hook)(void *data), void *data)
{
    Hook *node = arena_new(arena, Hook);
    *node = (Hook){.previous = arena->hooks, .call = hook, .data = data};
    arena->hooks = node;
}

size_t arena_used(const Arena *arena)
{
    return arena->total;
}

bool arena_is_over(const Arena *arena)
{
    return arena->limit && arena->total > arena->limit;
}
