#ifndef SUPERVISE_CORRECTION_H
#define SUPERVISE_CORRECTION_H

/*
 * Warning and correcting (B03): before a promise breaks its officer and the supervisor are warned;
 * a supervisor sends the unit a correction notice, the unit replies, the supervisor finds the reply
 * sufficient or returns it.
 *
 *     sent -> replied -> closed
 *       |  <- returned --'
 *       '-> taken_back                   (by a supervisor, while no reply is there)
 *
 * Each act is a row that is never changed and an entry of the journal (dossier 0, subject
 * "correction:ID"), so that supervision writes nothing that approving reads or locks.
 */
#include "service/app.h"

extern const JournalReader warning_reader;
extern const Route correction_routes[]; /* /corrections */

/* Raises what is due: "early" one working day before the promise runs out, yet never before half of
 * its time has passed; "overdue" once it has; once for each date. A stopped clock warns of nothing.
 * A bounded portion; a scheduler job. */
MUST_CHECK bool warning_raise(App *app, bool *out_more, Error *err);

typedef struct Correction {
    Id id;
    Id dossier;
    const char *number; /* of the dossier */
    Id unit;
    const char *ground; /* overdue step reason fee authority other */
    const char *state;  /* sent replied closed taken_back */
    Instant sent_at;
    Instant reply_due_at;
    Instant closed_at; /* INSTANT_NONE */
} Correction;
typedef LIST(Correction) Corrections;

/* Sends a notice about a dossier to the unit that has its step, or else is responsible for it; the
 * reply is due after three working days. dossier.unknown, correction.no_text (field "text"). */
MUST_CHECK bool correction_send(Tx *tx, App *app, const User *supervisor, const char *number,
                                const char *ground, const char *text, Id *out_id, Error *err);

/* The unit's reply: correction.unknown for officers of other units, correction.not_waiting. */
MUST_CHECK bool correction_reply(Tx *tx, App *app, const User *officer, Id id, const char *text,
                                 Error *err);

/* The supervisor's check of a reply: closed, or returned with what is still missing (then the text
 * is required) and three more working days. correction.unknown, correction.no_reply. */
MUST_CHECK bool correction_check(Tx *tx, App *app, const User *supervisor, Id id,
                                 bool is_sufficient, const char *text, Error *err);

/* A supervisor takes a notice back that waits for its reply, with a reason: correction.unknown,
 * correction.not_waiting, correction.no_text. */
MUST_CHECK bool correction_take_back(Tx *tx, App *app, const User *supervisor, Id id,
                                     const char *text, Error *err);

/* What waits for an officer, or for supervisors, as their start pages count it; see App.waiting. */
MUST_CHECK bool correction_waiting(Request *req, Waiting *out, Error *err);

#endif
