/* list.c - growth of lists; Map as open addressing over an entry array in order of insertion. */
#include "base/list.h"

#include <string.h>

void *list_grow(Arena *arena, void *items, size_t item_size, size_t count, size_t *capacity)
{
    size_t grown = *capacity ? *capacity * 2 : 8;
    *capacity = grown;
    return arena_grow(arena, items, count * item_size, grown * item_size);
}

Map map_init(Arena *arena)
{
    return (Map){.arena = arena};
}

/* FNV-1a; keys come from checked, bounded input, so a keyed hash is not needed. */
static uint32_t hash_of(const char *key)
{
    uint32_t hash = 2166136261U;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619U;
    return hash;
}

static uint32_t *find_slot(const Map *map, const char *key, uint32_t hash)
{
    size_t mask = map->slot_count - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t index = map->slots[at];
        const MapEntry *entry = index ? &map->entries[index - 1] : NULL;
        if (!entry || (entry->hash == hash && strcmp(entry->key, key) == 0))
            return &map->slots[at];
    }
}

static void grow_slots(Map *map)
{
    map->slot_count = map->slot_count ? map->slot_count * 2 : 16;
    map->slots = arena_array(map->arena, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].hash) = (uint32_t)(i + 1);
}

void *map_set(Map *map, const char *key, void *value)
{
    if (map->count * 2 >= map->slot_count)
        grow_slots(map);
    uint32_t hash = hash_of(key);
    uint32_t *slot = find_slot(map, key, hash);
    if (*slot) {
        MapEntry *entry = &map->entries[*slot - 1];
        void *before = entry->value;
        entry->value = value;
        return before;
    }
    if (map->count == map->capacity)
        map->entries =
            list_grow(map->arena, map->entries, sizeof *map->entries, map->count, &map->capacity);
    map->entries[map->count] = (MapEntry){.key = key, .value = value, .hash = hash};
    *slot = (uint32_t)++map->count;
    return NULL;
}

static const MapEntry *find_entry(const Map *map, const char *key)
{
    if (!map->slot_count)
        return NULL;
    uint32_t index = *find_slot(map, key, hash_of(key));
    return index ? &map->entries[index - 1] : NULL;
}

void *map_get(const Map *map, const char *key)
{
    const MapEntry *entry = find_entry(map, key);
    return entry ? entry->value : NULL;
}

bool map_has(const Map *map, const char *key)
{
    return find_entry(map, key) != NULL;
}
