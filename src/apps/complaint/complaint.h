#ifndef COMPLAINT_COMPLAINT_H
#define COMPLAINT_COMPLAINT_H

/*
 * Complaints about how an office works (B05, B30): by web, phone, letter or visit.
 *
 *     registered -> accepted -> investigated -> decided -> replied -> rated
 *          '-> refused (with a reason)
 *
 * Supervisors handle them; the head of the office complained of reads the matter once it is
 * accepted and may answer it (`stated`), but is never told who complained. Whoever complains
 * follows by number and phone, reads the reply, and says once how content he is. How many working
 * days acceptance and reply may take is decided by the table `complaints`, decision `complaint`, of
 * the day of registration (inputs `subject`, `channel`; outputs `accept`, `reply`).
 *
 * Each act is a row that is never changed, with its words sealed, and an entry of the journal
 * (dossier 0, subject "complaint:ID").
 */
#include "service/app.h"

extern const Route complaint_routes[]; /* /complaints */

typedef struct Complaint {
    Id id;
    const char *number; /* 2026-00012 */
    const char *channel;
    const char *subject;
    Id unit;
    Id dossier;                 /* 0: about none */
    const char *dossier_number; /* NULL */
    const char *state;
    bool is_open;
    Instant registered_at;
    Instant due_at;
    int64_t reply_days;
    const char *finding; /* NULL */
    Id correction;       /* 0 */
    const char *grade;   /* NULL */
} Complaint;
typedef LIST(Complaint) Complaints;

/* What somebody complains of. */
typedef struct ComplaintMatter {
    const char *channel; /* web phone letter visit */
    const char *subject;
    const char *unit;           /* its code; may be NULL where a dossier is named */
    const char *dossier_number; /* NULL: about none */
    const char *name;
    const char *phone;
    const char *words;
} ComplaintMatter;

/* Registers a complaint; officer NULL: over the web. dossier.unknown and complaint.unit_required
 * (fields "number", "unit"), complaint.no_limits (ERROR_UNAVAILABLE) without the table. out lives
 * in the arena of tx. */
MUST_CHECK bool complaint_register(Tx *tx, App *app, const User *officer,
                                   const ComplaintMatter *matter, Complaint *out, Error *err);

/* Verbs of supervisors; each but accepting needs words (complaint.no_words, with the field of the
 * form that they are typed in). complaint.unknown; complaint.own_office (ERROR_CONFLICT) for those
 * of the office complained of; complaint.moved_on (ERROR_CONFLICT) out of turn. */
MUST_CHECK bool complaint_accept(Tx *tx, App *app, const User *supervisor, Id id, Error *err);
MUST_CHECK bool complaint_refuse(Tx *tx, App *app, const User *supervisor, Id id, const char *words,
                                 Error *err);
/* Writes down who was heard and what was seen; nothing is decided before (complaint.not_heard). */
MUST_CHECK bool complaint_hear(Tx *tx, App *app, const User *supervisor, Id id, const char *words,
                               Error *err);
MUST_CHECK bool complaint_decide(Tx *tx, App *app, const User *supervisor, Id id,
                                 const char *finding, const char *words, Error *err);
MUST_CHECK bool complaint_reply(Tx *tx, App *app, const User *supervisor, Id id, const char *words,
                                Error *err);

/* Sends the office a correction notice for what was found, once: complaint.no_dossier,
 * complaint.not_upheld, complaint.corrected_already (ERROR_CONFLICT). */
MUST_CHECK bool complaint_correct(Tx *tx, App *app, const User *supervisor, Id id,
                                  const char *words, Error *err);

/* The head of the office complained of answers, until it is decided. */
MUST_CHECK bool complaint_state(Tx *tx, App *app, const User *head, Id id, const char *words,
                                Error *err);

/* The complaint with this number, if this phone is the complainant's: complaint.not_found
 * (ERROR_INVALID, field "number") does not tell which of them was wrong. */
MUST_CHECK bool complaint_of(DbConn *conn, Arena *arena, App *app, const char *number,
                             const char *phone, Complaint *out, Error *err);

/* Says how content its complainant is, once, after the reply: complaint.moved_on. words may be
 * NULL. */
MUST_CHECK bool complaint_rate(Tx *tx, App *app, const char *number, const char *phone,
                               const char *grade, const char *words, Error *err);

#endif
