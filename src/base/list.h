#ifndef BASE_LIST_H
#define BASE_LIST_H

/*
 * List and Map: the two containers, both in an arena.
 *
 * LIST(Type) declares a growing array; it is zero-initialised and added to with list_add:
 *     LIST(Task) tasks = {0};
 *     list_add(arena, &tasks, task);
 *     list_each(Task, one, &tasks) ...
 * Views use VIEW_LIST(Type) (items and count only), which a LIST converts to by list_view.
 *
 * Map keeps text keys in order of insertion and finds them by hash.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

#define LIST(Type)                                                                                 \
    struct {                                                                                       \
        Type *items;                                                                               \
        size_t count;                                                                              \
        size_t capacity;                                                                           \
    }

#define list_add(arena, list, ...)                                                                 \
    do {                                                                                           \
        if ((list)->count == (list)->capacity)                                                     \
            (list)->items = list_grow((arena), (list)->items, sizeof(*(list)->items),              \
                                      (list)->count, &(list)->capacity);                           \
        (list)->items[(list)->count++] = (__VA_ARGS__);                                            \
    } while (0)

/* Walks a list: `name` is a pointer to each element in turn. */
#define list_each(Type, name, list)                                                                \
    for (Type *name = (list)->items; name && name < (list)->items + (list)->count; name++)

void *list_grow(Arena *arena, void *items, size_t item_size, size_t count, size_t *capacity);

typedef struct MapEntry {
    const char *key;
    void *value;
    uint32_t hash;
} MapEntry;

typedef struct Map {
    Arena *arena;
    MapEntry *entries; /* in order of insertion */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index + 1 into entries, 0 free; size is a power of two */
    size_t slot_count;
} Map;

/* An empty map whose entries live in the arena. Keys are kept by pointer. */
Map map_init(Arena *arena);

/* Sets the value of key; an existing key keeps its place. Returns the value that was there. */
void *map_set(Map *map, const char *key, void *value);

/* The value, or NULL when the key is absent (or its value is NULL: ask map_has). */
void *map_get(const Map *map, const char *key);
bool map_has(const Map *map, const char *key);

#define map_each(name, map)                                                                        \
    for (MapEntry *name = (map)->entries; name && name < (map)->entries + (map)->count; name++)

#endif
