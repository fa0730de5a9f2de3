#ifndef IDENTITY_IDENTITY_SECOND_H
#define IDENTITY_IDENTITY_SECOND_H

/*
 * The second factor of officers: a code of their telephone (RFC 6238) beside the password, and
 * eight recovery codes for the day on which the telephone is lost.
 *
 *     nothing -> identity_second_begin -> pending -> identity_second_confirm -> active
 *
 * Only an active one is asked for. A code is right once: neither it nor an older one is taken
 * again. The secret is sealed at its row; of recovery codes only an HMAC is kept.
 */
#include "apps/identity/identity.h"

enum { RECOVERY_CODES = 8, RECOVERY_CODE_LENGTH = 16 };

typedef struct SecondFactor {
    bool is_pending;
    bool is_active; /* neither: there is none */
    const char *login;
    const char *secret; /* base32, opened */
    int64_t last_step;
    int64_t codes_left; /* recovery codes that are not used yet */
    Instant confirmed_at;
} SecondFactor;

MUST_CHECK bool identity_second(App *app, DbConn *conn, Arena *arena, Id officer, SecondFactor *out,
                                Error *err);

/* Makes a fresh secret that waits for its first code; one that waited is forgotten. One in use
 * gives way to `typed` alone, its own code or a recovery code (NULL: none was given): until the
 * first code of the fresh one, the password is enough. identity.second_active,
 * identity.second_wrong, identity.second_used (field "second_code"). Appends
 * second_factor.replaced when one was in use. */
MUST_CHECK bool identity_second_begin(Tx *tx, App *app, Id officer, const char *typed, Error *err);

typedef struct RecoveryCodes {
    const char *codes[RECOVERY_CODES]; /* as people read them: ABCD-EFGH-JKLM-NPQR */
} RecoveryCodes;

/* The first code: from now on it is asked for at log-in. Gives the recovery codes, which are never
 * seen again; they live in arena, which outlives the command. identity.second_none,
 * identity.second_active, identity.second_first_wrong (field "second_code"). Appends
 * second_factor.enrolled. */
MUST_CHECK bool identity_second_confirm(Tx *tx, App *app, Arena *arena, Id officer,
                                        const char *typed, RecoveryCodes *out, Error *err);

typedef enum SecondVerdict { SECOND_WRONG, SECOND_USED, SECOND_RIGHT } SecondVerdict;

/* Whether what was typed is the code of now or an unused recovery code; a right one is spent by
 * this very call. Appends second_factor.recovery_used. */
MUST_CHECK bool identity_second_take(Tx *tx, App *app, Id officer, const char *typed,
                                     SecondVerdict *out, Error *err);

/* The error of a code that is not right; false. */
bool identity_second_refuse(SecondVerdict verdict, Error *err);

/* The text behind the QR code: otpauth://totp/... as telephones read it. */
const char *identity_second_uri(Arena *arena, const char *issuer, const SecondFactor *factor);

#endif
