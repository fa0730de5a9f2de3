/* user_memory.c - a table of places under one lock; the hash of a token chooses its place. */
#include "service/user_memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/crypto.h"

enum { PLACES = 1024, HASH_LENGTH = 64, LONGEST_NAME = 120 };
static const Instant LIFE_MS = MINUTE_MS;

typedef struct Place {
    char hash[HASH_LENGTH + 1]; /* not the token: what is in memory may end in a core file */
    Instant at;
    User user; /* without its names */
    char name[LONGEST_NAME], name_en[LONGEST_NAME];
} Place;

struct UserMemory {
    pthread_mutex_t lock;
    Place places[PLACES];
};

UserMemory *user_memory_create(void)
{
    UserMemory *memory = calloc(1, sizeof *memory);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    pthread_mutex_init(&memory->lock, NULL);
    return memory;
}

void user_memory_destroy(UserMemory *memory)
{
    if (!memory)
        return;
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

static Place *place_of(UserMemory *memory, const char *hash)
{
    char digits[5] = {hash[0], hash[1], hash[2], hash[3], 0};
    return &memory->places[strtoul(digits, NULL, 16) % PLACES];
}

static bool fits(const char *text)
{
    return text && strlen(text) < LONGEST_NAME;
}

void user_memory_keep(UserMemory *memory, const char *token, const User *user, Instant now)
{
    if (!memory || !fits(user->name) || !fits(user->name_en))
        return;
    Arena *arena = arena_create(0);
    const char *hash = crypto_hash(arena, token, strlen(token));
    pthread_mutex_lock(&memory->lock);
    Place *place = place_of(memory, hash);
    *place = (Place){.at = now, .user = *user};
    snprintf(place->hash, sizeof place->hash, "%s", hash);
    snprintf(place->name, sizeof place->name, "%s", user->name);
    snprintf(place->name_en, sizeof place->name_en, "%s", user->name_en);
    place->user.name = place->user.name_en = NULL;
    pthread_mutex_unlock(&memory->lock);
    arena_destroy(arena);
}

bool user_memory_find(UserMemory *memory, Arena *arena, const char *token, Instant now, User *out)
{
    if (!memory)
        return false;
    const char *hash = crypto_hash(arena, token, strlen(token));
    pthread_mutex_lock(&memory->lock);
    const Place *place = place_of(memory, hash);
    bool is_known =
        text_equal_secret(place->hash, hash) && now - place->at < LIFE_MS && now >= place->at;
    if (is_known) {
        *out = place->user;
        out->name = arena_text(arena, place->name);
        out->name_en = arena_text(arena, place->name_en);
    }
    pthread_mutex_unlock(&memory->lock);
    return is_known;
}
