#ifndef IDENTITY_IDENTITY_INTERNAL_H
#define IDENTITY_IDENTITY_INTERNAL_H

/* What identity_pages.c needs beside the public verbs. */
#include "apps/identity/identity_store.h"

/* The officer or account behind what was typed as login; out->id 0 when there is none. */
MUST_CHECK bool identity_find_login(App *app, DbConn *conn, Arena *arena, const char *login,
                                    LoginRow *out, Error *err);
bool identity_is_locked(const LoginRow *login, Instant now);
MUST_CHECK bool identity_note_failure(Tx *tx, App *app, LoginRow *login, Error *err);
MUST_CHECK bool identity_note_success(Tx *tx, App *app, LoginRow *login, Error *err);
MUST_CHECK bool identity_open_session(Tx *tx, App *app, const LoginRow *login, const char *token,
                                      int64_t *out_lifetime_s, Error *err);
/* Between the right password and the right code: five minutes in which the token opens nothing but
 * the page that asks for the code. */
MUST_CHECK bool identity_open_half(Tx *tx, App *app, const LoginRow *login, const char *token,
                                   int64_t *out_lifetime_s, Error *err);
/* Whom such a token waits for; out->id 0 when it waits for nobody, or no longer. */
MUST_CHECK bool identity_find_half(App *app, DbConn *conn, Arena *arena, const char *token,
                                   Instant now, LoginRow *out, Error *err);
MUST_CHECK bool identity_close_session(Tx *tx, const char *token, Error *err);

#endif
