#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

/*
 * RateLimit: how often somebody may do something. A token bucket for each key (an address, a phone
 * number), in bounded memory.
 *
 * Where there are more keys than room, the bucket that restrains least is forgotten: a flood of
 * addresses frees none of those that are being restrained now, unless they are more than the room.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

typedef struct RateLimit RateLimit;

typedef struct RateLimitOptions {
    const Clock *clock;
    int keys;       /* about how many are remembered; 0: 16384 (half a megabyte) */
    int burst;      /* so many at once; at least 1 */
    int per_minute; /* and then so many a minute; at least 1 */
} RateLimitOptions;

/* The caller destroys it. Safe from any thread. */
RateLimit *limit_create(const RateLimitOptions *options);
void limit_destroy(RateLimit *limit);

/* Takes one; false and request.too_often (ERROR_TOO_MANY, {seconds} until the next) when there is
 * none left. Texts of err live in arena. */
MUST_CHECK bool limit_take(RateLimit *limit, Arena *arena, const char *key, Error *err);

/* Gives one back: what was asked turned out to be harmless (a right password). */
void limit_give(RateLimit *limit, const char *key);

/* The key for an address: itself, or of IPv6 the first 64 bits, since a household has as many
 * addresses below them as it likes. */
const char *limit_key_of_peer(Arena *arena, const char *peer);

#endif
