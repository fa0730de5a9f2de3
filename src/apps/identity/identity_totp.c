/* identity_totp.c - base32 (RFC 4648), HOTP (RFC 4226) and the step that makes it TOTP (RFC 6238).
 */
#include "apps/identity/identity_totp.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "service/crypto.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
enum { KEY_BYTES = TOTP_SECRET_LENGTH * 5 / 8, COUNTER_BYTES = 8, MODULUS = 1000000 };

const char *totp_random(Arena *arena, size_t length)
{
    unsigned char *random = arena_alloc(arena, length + 1);
    crypto_random(random, length);
    for (size_t i = 0; i < length; i++)
        random[i] = (unsigned char)letters[random[i] & 31];
    random[length] = '\0';
    return (const char *)random;
}

const char *totp_secret(Arena *arena)
{
    return totp_random(arena, TOTP_SECRET_LENGTH);
}

static void decode(const char *secret, unsigned char key[KEY_BYTES])
{
    uint64_t bits = 0;
    int held = 0;
    size_t count = 0;
    for (const char *at = secret; *at && count < KEY_BYTES; at++) {
        const char *letter = strchr(letters, *at);
        bits = bits << 5 | (uint64_t)(letter ? letter - letters : 0);
        held += 5;
        if (held >= 8) {
            held -= 8;
            key[count++] = (unsigned char)(bits >> held);
        }
    }
    memset(key + count, 0, KEY_BYTES - count);
}

int64_t totp_step(Instant at)
{
    return at / SECOND_MS / TOTP_PERIOD_S;
}

/* RFC 4226, 5.3: four bytes from where the last half byte points, without their sign. */
void totp_code(const char *secret, int64_t step, char out[TOTP_DIGITS + 1])
{
    unsigned char key[KEY_BYTES], counter[COUNTER_BYTES], digest[CRYPTO_SHA1_SIZE];
    decode(secret, key);
    for (int i = 0; i < COUNTER_BYTES; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (COUNTER_BYTES - 1 - i)));
    crypto_hmac_sha1(key, sizeof key, counter, sizeof counter, digest);
    const unsigned char *at = digest + (digest[CRYPTO_SHA1_SIZE - 1] & 15);
    uint32_t number =
        ((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3]) &
        0x7fffffffU;
    snprintf(out, TOTP_DIGITS + 1, "%06u", (unsigned)(number % MODULUS));
}

int64_t totp_find(const char *secret, const char *code, Instant now)
{
    int64_t found = -1;
    for (int64_t drift = -TOTP_DRIFT_STEPS; drift <= TOTP_DRIFT_STEPS; drift++) {
        char right[TOTP_DIGITS + 1];
        totp_code(secret, totp_step(now) + drift, right);
        if (text_equal_secret(code, right))
            found = totp_step(now) + drift;
    }
    return found;
}
