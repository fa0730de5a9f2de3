#ifndef IDENTITY_IDENTITY_TOTP_H
#define IDENTITY_IDENTITY_TOTP_H

/*
 * One-time codes of RFC 6238 as telephones make them: HMAC-SHA-1, six digits, a new one every
 * thirty seconds. Pure: a secret and a moment go in, a code comes out.
 */
#include "base/arena.h"
#include "base/time.h"

enum { TOTP_SECRET_LENGTH = 32, TOTP_DIGITS = 6, TOTP_PERIOD_S = 30, TOTP_DRIFT_STEPS = 1 };

/* A fresh secret: 160 random bits as 32 letters and digits of base32 (RFC 4648). */
const char *totp_secret(Arena *arena);

/* Random letters and digits of base32, five bits each. */
const char *totp_random(Arena *arena, size_t length);

/* Which thirty seconds since 1970 a moment lies in. */
int64_t totp_step(Instant at);

/* The code of one step. secret is what totp_secret gives. */
void totp_code(const char *secret, int64_t step, char out[TOTP_DIGITS + 1]);

/* The newest step, at most one away from now's, whose code this is; -1 when there is none. */
int64_t totp_find(const char *secret, const char *code, Instant now);

#endif
