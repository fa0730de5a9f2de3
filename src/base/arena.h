#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Arena: memory that is given back all at once.
 *
 * Everything that lives as long as a request, a parse or an evaluation comes from one arena and is
 * never freed singly. Memory is zeroed and aligned for any type. An arena belongs to one thread at
 * a time. In sanitizer builds (ARENA_EACH_MALLOC) every allocation is its own malloc, so that the
 * checkers see overruns.
 *
 * Allocation never returns NULL: true exhaustion of the machine aborts. An arena has a limit in
 * bytes; passing it does not fail at once (callers would have to check everywhere) but is_over
 * becomes true, and parsers and engines, which are the ones that grow with input, ask and stop
 * with ERROR_TOO_LARGE. At four times the limit the program aborts: that is a missing check.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Arena Arena;

typedef struct ArenaMark {
    void *block;
    size_t used;
    size_t total;
} ArenaMark;

/* An empty arena. limit_bytes 0 means no limit. Destroy it with arena_destroy. */
Arena *arena_create(size_t limit_bytes);

/* Runs the hooks, last registered first, and frees everything. NULL is allowed. */
void arena_destroy(Arena *arena);

/* As arena_destroy, but the arena stays, empty, and keeps one block for its next use: for arenas
 * that serve one request after another. */
void arena_clear(Arena *arena);

/* size zeroed bytes, aligned to 16. size 0 gives a valid unique pointer. */
void *arena_alloc(Arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/* A grown copy of an earlier allocation, in place when it was the last one. old may be NULL. */
void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size)
    __attribute__((returns_nonnull));

/* A copy of size bytes. */
void *arena_copy(Arena *arena, const void *data, size_t size) __attribute__((returns_nonnull));

/* A copy of a NUL-terminated text, or of its first length bytes. */
char *arena_text(Arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_text_n(Arena *arena, const char *text, size_t length) __attribute__((returns_nonnull));

/* A formatted text, as printf does. */
char *arena_printf(Arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_vprintf(Arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), returns_nonnull));

/* Scratch use inside loops: everything allocated after the mark is given back by the reset.
 * Hooks registered after the mark stay registered, so do not register any in between. */
ArenaMark arena_mark(const Arena *arena);
void arena_reset(Arena *arena, ArenaMark mark);

/* Calls hook(data) when the arena is destroyed: for files, statements, handles. */
void arena_on_destroy(Arena *arena, void (*hook)(void *data), void *data);

/* Bytes handed out so far, and whether they passed the limit. */
size_t arena_used(const Arena *arena);
bool arena_is_over(const Arena *arena);

#define arena_new(arena, Type)          ((Type *)arena_alloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))

#endif
