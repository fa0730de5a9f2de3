/*
 * limit.c - token buckets in a table of sets, as a processor's cache is built.
 *
 * A key's keyed hash chooses a set of eight buckets and is the name of its bucket: keys are not
 * stored. A level counts sixty-thousandths of a token, so that refilling by the millisecond loses
 * nothing to rounding.
 */
#include "web/limit.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"

enum { WAYS = 8, TOKEN = MINUTE_MS, DEFAULT_KEYS = 16384, SECRET_BYTES = 16 };

typedef struct Bucket {
    uint64_t name; /* 0: free */
    Instant seen_at;
    int64_t level;
} Bucket;

struct RateLimit {
    pthread_mutex_t lock;
    RateLimitOptions options;
    unsigned char secret[SECRET_BYTES];
    uint64_t set_count; /* a power of two */
    Bucket *buckets;
};

RateLimit *limit_create(const RateLimitOptions *options)
{
    RateLimit *limit = calloc(1, sizeof *limit);
    if (!limit)
        abort();
    limit->options = *options;
    uint64_t wanted = (uint64_t)(options->keys ? options->keys : DEFAULT_KEYS);
    for (limit->set_count = 1; limit->set_count * WAYS < wanted;)
        limit->set_count *= 2;
    limit->buckets = calloc(limit->set_count * WAYS, sizeof *limit->buckets);
    bool is_seeded = getrandom(limit->secret, SECRET_BYTES, 0) == SECRET_BYTES;
    if (!limit->buckets || !is_seeded)
        abort();
    pthread_mutex_init(&limit->lock, NULL);
    return limit;
}

void limit_destroy(RateLimit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->lock);
    free(limit->buckets);
    free(limit);
}

/* Nobody can choose keys that meet in one set without the secret. */
static uint64_t name_of(const RateLimit *limit, const char *key)
{
    unsigned char digest[EVP_MAX_MD_SIZE], input[SECRET_BYTES + 256];
    size_t length = strnlen(key, 256);
    memcpy(input, limit->secret, SECRET_BYTES);
    memcpy(input + SECRET_BYTES, key, length);
    if (EVP_Digest(input, SECRET_BYTES + length, digest, NULL, EVP_sha256(), NULL) != 1)
        abort();
    uint64_t name;
    memcpy(&name, digest, sizeof name);
    return name ? name : 1;
}

static int64_t level_now(const RateLimit *limit, const Bucket *bucket, Instant now)
{
    int64_t most = (int64_t)limit->options.burst * TOKEN;
    int64_t passed = now > bucket->seen_at ? now - bucket->seen_at : 0;
    /* After so long every bucket is full; more would overflow the product. */
    if (passed > DAY_MS)
        return most;
    int64_t level = bucket->level + passed * limit->options.per_minute;
    return level > most ? most : level;
}

/* The key's bucket, brought up to date; where there is none, the fullest of its set is taken. */
static Bucket *bucket_of(RateLimit *limit, const char *key, Instant now)
{
    uint64_t name = name_of(limit, key);
    Bucket *set = &limit->buckets[(name & (limit->set_count - 1)) * WAYS], *chosen = NULL;
    for (int i = 0; i < WAYS; i++) {
        set[i].level = level_now(limit, &set[i], now);
        set[i].seen_at = now;
        if (set[i].name == name)
            return &set[i];
        if (!set[i].name)
            set[i].level = INT64_MAX;
        if (!chosen || set[i].level > chosen->level)
            chosen = &set[i];
    }
    *chosen =
        (Bucket){.name = name, .seen_at = now, .level = (int64_t)limit->options.burst * TOKEN};
    return chosen;
}

static bool refuse(const RateLimit *limit, Arena *arena, int64_t level, Error *err)
{
    int64_t a_second = limit->options.per_minute * SECOND_MS;
    int64_t seconds = (TOKEN - level + a_second - 1) / a_second;
    return error_set(err, ERROR_TOO_MANY, .code = "request.too_often",
                     .with = {{"seconds", arena_printf(arena, "%lld", (long long)seconds)}});
}

bool limit_take(RateLimit *limit, Arena *arena, const char *key, Error *err)
{
    Instant now = clock_now(limit->options.clock);
    pthread_mutex_lock(&limit->lock);
    Bucket *bucket = bucket_of(limit, key, now);
    int64_t level = bucket->level;
    if (level >= TOKEN)
        bucket->level -= TOKEN;
    pthread_mutex_unlock(&limit->lock);
    return level >= TOKEN || refuse(limit, arena, level, err);
}

void limit_give(RateLimit *limit, const char *key)
{
    Instant now = clock_now(limit->options.clock);
    int64_t most = (int64_t)limit->options.burst * TOKEN;
    pthread_mutex_lock(&limit->lock);
    Bucket *bucket = bucket_of(limit, key, now);
    bucket->level = bucket->level + TOKEN > most ? most : bucket->level + TOKEN;
    pthread_mutex_unlock(&limit->lock);
}

const char *limit_key_of_peer(Arena *arena, const char *peer)
{
    struct in6_addr address;
    if (inet_pton(AF_INET6, peer, &address) != 1)
        return peer;
    return text_hex(arena, address.s6_addr, 8);
}
