/* dossier_rating.c - rating tokens: 16 hexadecimal digits of the id, 26 of its keyed hash. */
#include "apps/dossier/dossier_rating.h"

#include <string.h>

enum { ID_DIGITS = 16, HASH_DIGITS = 26 };

const char *rating_token(const App *app, Arena *arena, Id dossier)
{
    const char *about =
        arena_printf(arena, "%lld:%lld", (long long)app->tenant, (long long)dossier);
    const char *hash = keyring_blind(app->keys, arena, "rating", about);
    return arena_printf(arena, "%016llx%.*s", (unsigned long long)dossier, HASH_DIGITS, hash);
}

Id rating_of_token(const App *app, Arena *arena, const char *token)
{
    unsigned char bytes[ID_DIGITS / 2];
    uint64_t id = 0;
    bool is_token = token && strlen(token) == ID_DIGITS + HASH_DIGITS &&
                    text_unhex(arena_text_n(arena, token, ID_DIGITS), bytes, sizeof bytes);
    for (size_t i = 0; is_token && i < sizeof bytes; i++)
        id = id << 8 | bytes[i];
    if (!is_token || id == 0 || id > INT64_MAX)
        return 0;
    return text_equal_secret(rating_token(app, arena, (Id)id), token) ? (Id)id : 0;
}

const char *rating_url(const App *app, Arena *arena, Id dossier)
{
    return arena_printf(arena, "%s/rate/%s", app->site ? app->site : "",
                        rating_token(app, arena, dossier));
}
