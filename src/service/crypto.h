#ifndef SERVICE_CRYPTO_H
#define SERVICE_CRYPTO_H

/*
 * Crypto: sealing of fields, blind indexes, tokens and passwords.
 *
 * Fields are sealed with AES-256-GCM (NIST SP 800-38D): a sealed value carries the number of its
 * key, so keys can rotate; the place (tenant, table, column, row) is authenticated, so a value
 * that was moved does not open. The key file lives outside database and backup, mode 0600.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/id.h"
#include "db/statement.h"

typedef struct KeyRing KeyRing;

/* Reads the key file, or makes one with a fresh key when it is absent. A file that others may read
 * is refused. Errors: crypto.key_file. */
MUST_CHECK KeyRing *keyring_open(Arena *arena, const char *file, Error *err);

/* Where a value lives; a value opens only at the place that it was sealed for. */
typedef struct SealPlace {
    Id tenant;
    const char *table;
    const char *column;
    Id row;
} SealPlace;

/* Seals a text with the newest key; the result lives in the arena. */
DbBytes keyring_seal(const KeyRing *keys, Arena *arena, SealPlace place, const char *text);

/* Opens a sealed value: crypto.unreadable (ERROR_INTERNAL) when it was altered, moved, or its key
 * is gone. The text lives in the arena. */
MUST_CHECK const char *keyring_unseal(const KeyRing *keys, Arena *arena, SealPlace place,
                                      DbBytes sealed, Error *err);

/* HMAC-SHA-256 of a normalised value as hex: finds a row without storing the value. `use` keeps
 * indexes of different columns apart. */
const char *keyring_blind(const KeyRing *keys, Arena *arena, const char *use, const char *value);

enum { CRYPTO_KEY_SIZE = 32 };

/* AES-256-GCM under a key of one's own (a file's): nonce, ciphertext and tag; `about` is
 * authenticated with it. Both live in the arena; at most 1 GiB. Decrypting gives false when the
 * bytes were altered or belong elsewhere. */
DbBytes crypto_encrypt(Arena *arena, const unsigned char key[CRYPTO_KEY_SIZE], const char *about,
                       DbBytes data);
MUST_CHECK bool crypto_decrypt(Arena *arena, const unsigned char key[CRYPTO_KEY_SIZE],
                               const char *about, DbBytes sealed, DbBytes *out);

void crypto_random(void *out, size_t size);

/* 256 random bits as 43 characters of base64url. */
const char *crypto_token(Arena *arena);

/* SHA-256 as 64 hexadecimal digits. */
const char *crypto_hash(Arena *arena, const void *data, size_t length);

enum { CRYPTO_SHA1_SIZE = 20 };

/* HMAC-SHA-1 (RFC 2104), for one-time codes alone: telephones know no other. */
void crypto_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
                      unsigned char out[CRYPTO_SHA1_SIZE]);

/* Argon2id (RFC 9106, second recommended option scaled down: 19 MiB, 2 passes, 1 lane, as OWASP
 * gives it) in its encoded form. Slow on purpose: never on a writer or web worker. At most four
 * run at once (76 MiB); others wait. */
MUST_CHECK const char *password_hash(Arena *arena, const char *password, Error *err);
bool password_matches(const char *encoded, const char *password);

/* Spends the time of one check: for log-ins of accounts that do not exist. */
void password_check_nothing(const char *password);

#endif
