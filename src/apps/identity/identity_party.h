#ifndef IDENTITY_IDENTITY_PARTY_H
#define IDENTITY_IDENTITY_PARTY_H

/*
 * Parties: persons and firms, what they are known by, who acts for a firm, and who saw a hidden
 * value.
 *
 * A party that registered itself has a number that was merely typed: it finds nobody and opens
 * nothing (decisions.md 21). Parties that an officer wrote down are found by their number: the same
 * number is the same party. An officer who saw the original verifies a party; an account whose own
 * typed number turns out to be that of a recorded party then speaks for that party.
 *
 * Numbers and phones are sealed at party.identity_number and party.phone, found by blind index, and
 * given out masked; identity_unmask alone gives them whole, and writes down who saw them.
 */
#include "apps/identity/identity_number.h"
#include "base/list.h"
#include "db/db.h"
#include "service/app.h"
#include "web/web.h"

typedef struct Party {
    Id id;
    bool is_firm;
    const char *name;
    const char *identity_kind; /* NULL: no number is known */
    const char *number;        /* masked, or NULL */
    const char *phone;         /* masked: what a window wrote down, else the account's; or NULL */
    Id account;                /* 0: none */
    bool is_recorded;          /* an officer wrote it down, or verified it */
    bool is_verified;          /* an officer saw the original */
    Id verified_by;
    Instant verified_at;
} Party;

/* One party: identity.unknown_party (ERROR_NOT_FOUND). */
MUST_CHECK bool identity_party(App *app, DbConn *conn, Arena *arena, Id id, Party *out, Error *err);

/* The recorded party of a number (as identity_number_read gives it); out->id is 0 when there is
 * none. */
MUST_CHECK bool identity_party_by_number(App *app, DbConn *conn, Arena *arena, const char *kind,
                                         const char *number, Party *out, Error *err);

/* The party of the account with this phone; out->id is 0 when there is none. */
MUST_CHECK bool identity_party_by_phone(App *app, DbConn *conn, Arena *arena, const char *phone,
                                        Party *out, Error *err);

/* Whether a phone is the party's own: the one that a window wrote down, or that of its account. */
MUST_CHECK bool identity_party_phone_is(App *app, DbConn *conn, Arena *arena, Id party,
                                        const char *phone, bool *out, Error *err);

/* What an officer wrote down. */
typedef struct PartySpec {
    const char *kind;   /* of the document */
    const char *number; /* as identity_number_read gives it */
    const char *name;
    const char *phone;      /* eleven digits, or NULL: not told */
    bool is_original_seen;  /* the officer vouches for it */
    bool is_name_confirmed; /* though it differs from the one on file */
    Id officer;
    const char *name_field; /* of the form, for identity.name_differs */
} PartySpec;

/* The party of the number, made when there is none. A name that differs from the one on file is
 * identity.name_differs (ERROR_CONFLICT, with {name} and {number} masked) unless it was confirmed:
 * then the name on file becomes the typed one. Seeing the original verifies a party that was not.
 * Appends party.recorded, party.verified, party.changed: what applies. */
MUST_CHECK bool identity_party_record(Tx *tx, App *app, const PartySpec *spec, Id *out_party,
                                      Error *err);

/* The same check before the command, so that it is told together with all other mistakes. */
MUST_CHECK bool identity_party_check(App *app, DbConn *conn, Arena *arena, const PartySpec *spec,
                                     Error *err);

/* An officer saw the original of somebody with an account (or of a recorded party): the party is
 * verified under this name and number. When another recorded party has the number, the accounts
 * move there: *out_party. identity.number_differs (a recorded party has another number),
 * identity.name_differs. Appends party.verified. */
MUST_CHECK bool identity_party_verify(Tx *tx, App *app, Id party, const PartySpec *spec,
                                      Id *out_party, Error *err);

/* What a person says of himself: identity.verified_already (ERROR_CONFLICT) once an officer
 * vouches for it. Appends party.typed. */
MUST_CHECK bool identity_party_type(Tx *tx, App *app, Id party, Id account, const char *kind,
                                    const char *number, Error *err);

/* ---- letters --------------------------------------------------------------------------------- */

typedef struct Mandate {
    Id id;
    Id firm, person;
    const char *firm_name;
    const char *person_name;
    const char *letter_no;
    const char *items; /* codes joined by commas, "*" for every item */
    Date valid_until;  /* last day */
    Id verified_by;
    Instant verified_at;
    Instant revoked_at; /* INSTANT_NONE while it stands */
    const char *reason; /* of the revocation, or NULL */
} Mandate;
typedef LIST(Mandate) Mandates;

/* Whether a letter covers an item (code; NULL: any) on a day. */
bool identity_letter_covers(const Mandate *letter, const char *item, Date today);

/* The newest hundred letters of a firm, or of a person. */
MUST_CHECK bool identity_letters_of_firm(DbConn *conn, Arena *arena, Id tenant, Id firm,
                                         Mandates *out, Error *err);
MUST_CHECK bool identity_letters_of_person(DbConn *conn, Arena *arena, Id tenant, Id person,
                                           Mandates *out, Error *err);

/* Writes down a letter that an officer saw (letter->firm, person, letter_no, items, valid_until,
 * verified_by). identity.not_a_firm, identity.letter_past (its last day is over). Appends
 * letter.recorded. */
MUST_CHECK bool identity_letter_add(Tx *tx, App *app, const Mandate *letter, Id *out, Error *err);

/* What identity_letter_add would refuse, before anything is written. */
MUST_CHECK bool identity_letter_check(Tx *tx, App *app, const Mandate *letter, Error *err);

/* Takes a letter back: identity.unknown_letter (ERROR_NOT_FOUND), identity.letter_revoked
 * (ERROR_CONFLICT). Appends letter.revoked. */
MUST_CHECK bool identity_letter_revoke(Tx *tx, App *app, Id firm, Id letter, Id officer,
                                       const char *reason, Error *err);

/* The letter by which a person may act for a firm in an item today; refused with field
 * "applicant": identity.letter_none, identity.letter_was_revoked, identity.letter_expired (with
 * {day}), identity.letter_scope. All ERROR_FORBIDDEN. */
MUST_CHECK bool identity_letter_for(DbConn *conn, Arena *arena, Id tenant, Id person, Id firm,
                                    const char *item, Date today, Mandate *out, Error *err);

/* ---- unmasking ------------------------------------------------------------------------------- */

typedef struct Unmasking {
    const User *officer;
    Id party;
    const char *dossier; /* number, or NULL */
    const char *field;   /* identity_number, phone, or the key of an answer */
    const char *reason;
} Unmasking;

/* Writes down that somebody is shown a value whole; appends party.unmasked. To be committed before
 * the value is shown. */
MUST_CHECK bool identity_note_unmasking(Tx *tx, App *app, const Unmasking *unmasking, Error *err);

/* A party's identity_number or phone in the open, NULL in *out when there is none. Only after
 * identity_note_unmasking. */
MUST_CHECK bool identity_party_secret(App *app, DbConn *conn, Arena *arena, Id party,
                                      const char *field, const char **out, Error *err);

/* The answer of a route that shows a value whole. */
extern const ViewType UnmaskedView_type;

/* Writes it down in a command of its own, then answers the request with the page of the value:
 * label (ready text) says what it is, name whose, back where to go on. unmask.nothing
 * (ERROR_NOT_FOUND) when value is NULL. For routes without act, off the web workers. */
MUST_CHECK bool identity_show_unmasked(Request *req, const Unmasking *unmasking, const char *label,
                                       const char *name, const char *value, const char *back,
                                       Error *err);

typedef struct UnmaskingLine {
    Id id;
    Instant at;
    const char *officer_login;
    const char *officer_name;
    const char *officer_name_en;
    Id unit;
    const char *party_name;
    const char *dossier; /* number, or NULL */
    const char *field;
    const char *reason;
} UnmaskingLine;
typedef LIST(UnmaskingLine) UnmaskingLines;

/* Newest first, behind the id `before` (0: from the newest). */
MUST_CHECK bool identity_unmaskings(DbConn *conn, Arena *arena, Id tenant, Id before, int most,
                                    UnmaskingLines *out, Error *err);

#endif
