#ifndef IDENTITY_IDENTITY_H
#define IDENTITY_IDENTITY_H

/*
 * Identity: who is at the other end. Applicants log in by mobile phone and password, officers by
 * staff number and password; both get a session whose token is only in the cookie.
 *
 * Five wrong passwords lock a login for fifteen minutes; the answer does not tell whether the
 * login exists. An identity that a person merely typed opens nothing (decisions.md 21): a
 * self-registered account sees what it filed itself, no more.
 */
#include "apps/identity/identity_party.h" /* persons and firms: a part of this manual */
#include "db/db.h"
#include "service/app.h"
#include "web/web.h"

extern const Route identity_routes[]; /* /login /register /logout */

/* The user behind a session token: fills user (kind, id, party, unit, name, rights, session) and
 * out_csrf. out_found false when there is none, or it has expired. One statement. */
MUST_CHECK bool identity_session(App *app, DbConn *conn, Arena *arena, const char *token,
                                 Instant now, User *out, const char **out_csrf, bool *out_found,
                                 Error *err);

/* Whether the user of a request that was only remembered (service/user_memory.h) is still the same
 * in all that decides; request.user_changed otherwise. On the writer, before the command. */
MUST_CHECK bool identity_confirm(Tx *tx, App *app, const Request *req, Error *err);

/* Announces what identity_confirm will read (CommandExpect). */
void identity_expect_confirm(Tx *tx, const Request *req);

/* The CSRF token of a session token, or of the anonymous cookie. */
const char *identity_csrf(Arena *arena, const char *token);

typedef struct OfficerSpec {
    const char *login;
    const char *name;
    const char *name_en;
    const char *password_encoded; /* from password_hash: hash before the command */
    Id unit;
    Id hall_window; /* 0 none */
    const char *const *roles;
    size_t role_count;
} OfficerSpec;

/* Makes an officer, or updates the one with this login, whose state stays as it is: one who left is
 * not let in by it. Staff numbers are kept in lower case. Appends officer.changed. */
MUST_CHECK bool identity_put_officer(Tx *tx, Id tenant, const OfficerSpec *officer, Id *out_id,
                                     Error *err);

/* Makes a party and its account: identity.phone_taken (field "phone"). phone is ten digits after
 * the 1, as INPUT_PHONE gives it. Appends account.registered. */
MUST_CHECK bool identity_register(Tx *tx, App *app, const char *name, const char *phone,
                                  const char *password_encoded, Id *out_account, Error *err);

/* Opens a session of a known account without a password, for a program that plays everybody of its
 * own database (yimen simulate); no route leads here. token is new (crypto_token).
 * identity.wrong_login when nobody active has this login. */
MUST_CHECK bool identity_play(Tx *tx, App *app, const char *login, const char *token,
                              Instant *out_until, Error *err);

/* An active officer by staff number; 0 when there is none. */
MUST_CHECK bool identity_officer_by_login(DbConn *conn, Arena *arena, Id tenant, const char *login,
                                          Id *out_officer, Error *err);

/* Names for pages: an officer's name, "" when unknown. */
MUST_CHECK bool identity_officer_name(DbConn *conn, Arena *arena, Id tenant, Id officer,
                                      const char **out_zh, const char **out_en, Error *err);
/* The same in the page's language; NULL for 0, nobody (err tells of a failed read). */
const char *identity_officer_label(Request *req, Id officer, Error *err);

typedef struct OfficerLine {
    Id id;
    Id unit;
    const char *login;
    const char *name;
    const char *name_en;
    const char *state;    /* active locked left */
    Instant locked_until; /* INSTANT_NONE: not locked by wrong passwords */
    const char *roles;    /* comma separated, "" for none */
} OfficerLine;
typedef LIST(OfficerLine) OfficerLines;

/* A page of officers by staff number, behind `after` ("": from the first). */
MUST_CHECK bool identity_officers(DbConn *conn, Arena *arena, Id tenant, const char *after,
                                  int most, OfficerLines *out, Error *err);

/* Whether a phone belongs to an account, without opening it (blind index). */
MUST_CHECK bool identity_phone_is(App *app, DbConn *conn, Arena *arena, Id account,
                                  const char *phone, bool *out, Error *err);

/* Takes one of the tries of the request's address: request.too_often when there is none left. For
 * log-ins and for look-ups that could be guessed. */
MUST_CHECK bool identity_may_try(App *app, const Request *req, Error *err);

/* An applicant's phone, masked: 138****5678. */
MUST_CHECK bool identity_masked_phone(App *app, DbConn *conn, Arena *arena, Id account,
                                      const char **out, Error *err);

/* Ends sessions that are over; a scheduler job. */
MUST_CHECK bool identity_sweep(App *app, Error *err);

#endif
