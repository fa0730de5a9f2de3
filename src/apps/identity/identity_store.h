#ifndef IDENTITY_IDENTITY_STORE_H
#define IDENTITY_IDENTITY_STORE_H

/* Rows of sessions, officers, parties and accounts to structs and back. */
#include "apps/identity/identity.h"

typedef struct SessionRow {
    Id tenant;
    Id id;
    bool is_officer;
    Id user;
    Instant expires_at;
    bool is_ended;
    bool is_active; /* the officer or account behind it */
    Id unit;
    Id party;
    bool is_verified;
    const char *name;
    const char *name_en;
    const char *roles; /* comma separated, or NULL */
} SessionRow;

/* What logging in needs to know of an officer or account. */
typedef struct LoginRow {
    Id id; /* 0: no such login */
    bool is_officer;
    bool is_active;
    const char *password; /* encoded */
    int64_t failed_logins;
    Instant locked_until;
    bool has_second_factor; /* a confirmed one */
} LoginRow;

MUST_CHECK bool identity_store_session(DbConn *conn, Arena *arena, const char *token_hash,
                                       SessionRow *out, bool *out_found, Error *err);
/* kind: applicant, officer, or half: an officer whose code is still asked for. */
MUST_CHECK bool identity_store_add_session(Tx *tx, Id tenant, const char *token_hash,
                                           const char *kind, Id user, Instant expires_at,
                                           Error *err);
/* The officer of a half session; out is left as it is when there is none. */
MUST_CHECK bool identity_store_half(DbConn *conn, Arena *arena, Id tenant, const char *token_hash,
                                    Instant now, LoginRow *out, Error *err);
MUST_CHECK bool identity_store_end_session(Tx *tx, const char *token_hash, Error *err);
MUST_CHECK bool identity_store_sweep(Tx *tx, Error *err);

/* By staff number, else by phone (its blind index; NULL when the login is no phone). */
MUST_CHECK bool identity_store_login(DbConn *conn, Arena *arena, Id tenant, const char *login,
                                     const char *phone_blind, LoginRow *out, Error *err);
MUST_CHECK bool identity_store_note_login(Tx *tx, Id tenant, const LoginRow *login, Error *err);

MUST_CHECK bool identity_store_officer(Tx *tx, Id tenant, const OfficerSpec *officer, Id *out_id,
                                       Error *err);
MUST_CHECK bool identity_store_party(Tx *tx, Id tenant, Id id, const char *kind, const char *name,
                                     Error *err);
typedef struct AccountSpec {
    Id id;
    Id party;
    DbBytes phone; /* sealed */
    const char *phone_blind;
    const char *password_encoded;
} AccountSpec;
MUST_CHECK bool identity_store_account(Tx *tx, Id tenant, const AccountSpec *account, Error *err);
MUST_CHECK bool identity_store_phone(DbConn *conn, Arena *arena, Id tenant, Id account,
                                     DbBytes *out, bool *out_found, Error *err);

#endif
