#ifndef DOSSIER_DOSSIER_EXTENSION_H
#define DOSSIER_DOSSIER_EXTENSION_H

/*
 * More time to decide (延长办理期限). What cannot be decided within the limit may be extended once:
 * an officer asks with a reason, the head of the responsible unit grants it before the limit has
 * passed, and the applicant is told the reason and the new date (Administrative Licensing Law
 * article 42). How much, the item's table says (docs/packs.md, `extension`).
 *
 *     officer -> reason -> asked -> head -> granted: the clock has more to count, a paper goes out
 *                                        -> refused: with words; may be asked for again
 */
#include "apps/dossier/dossier_pages.h"

/* Asks for it from an open task of the officer's unit; out_id may be NULL. Refuses what
 * dossier_complete refuses of a task, and: dossier.no_clock (not accepted yet),
 * extension.decided_dossier, extension.asked_already, extension.granted_already (once only),
 * extension.too_late (the limit has passed), extension.none (the item's table gives no more time),
 * extension.reason_required. */
MUST_CHECK bool dossier_ask_extension(Tx *tx, App *app, const User *officer, Id task,
                                      const char *reason, Id *out_id, Error *err);

/* The head grants it, or refuses with words. Refuses: extension.unknown (ERROR_NOT_FOUND; also of
 * another unit), extension.decided_already, extension.own (nobody grants his own),
 * extension.words_required, extension.too_late, extension.decided_dossier. */
MUST_CHECK bool dossier_decide_extension(Tx *tx, App *app, const User *head, Id extension,
                                         bool is_granted, const char *words, Error *err);

/* ---- rows ------------------------------------------------------------------------------------ */

typedef struct Extension {
    Id id;
    Id dossier;
    Id task;
    Id unit; /* whose head decides */
    Id officer;
    const char *state; /* asked granted refused */
    const char *reason;
    int64_t amount; /* in the unit of the dossier's limit */
    Both basis;
    Instant asked_at;
    Id decided_by;
    Instant decided_at; /* INSTANT_NONE */
    const char *decision;
    Date due_before; /* granted: the promise before and after; else DATE_NONE */
    Date due_after;
} Extension;
typedef LIST(Extension) Extensions;

/* One that waits for the head of a unit. */
typedef struct AskedExtension {
    Id id;
    const char *number;
    Both item_name;
    const char *applicant_name;
    Id officer;
    const char *reason;
    int64_t amount;
    const char *limit_unit;
    Both basis;
    Instant asked_at;
    Date due_on;
    Instant due_at;
} AskedExtension;
typedef LIST(AskedExtension) AskedExtensions;

MUST_CHECK bool store_add_extension(Tx *tx, App *app, const Extension *extension, Error *err);
MUST_CHECK bool store_decide_extension(Tx *tx, App *app, const Extension *extension, Error *err);
MUST_CHECK bool store_extensions(DbConn *conn, Arena *arena, Id tenant, Id dossier, Extensions *out,
                                 Error *err);
/* extension.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool store_extension(DbConn *conn, Arena *arena, Id tenant, Id id, Extension *out,
                                Error *err);
MUST_CHECK bool store_extension_queue(DbConn *conn, Arena *arena, Id tenant, Id unit, Id after,
                                      int most, AskedExtensions *out, Error *err);
MUST_CHECK bool store_count_extensions(DbConn *conn, Arena *arena, Id tenant, Id unit, int64_t *out,
                                       Error *err);

/* ---- pages ----------------------------------------------------------------------------------- */

extern const InputField dossier_extend_input[], dossier_decide_extension_input[];

/* The extensions of a dossier as its page shows them, and the form to ask for one. */
MUST_CHECK bool pages_extensions(Request *req, const Dossier *dossier, const ClockRow *clock,
                                 DossierView *view, Error *err);

bool extend_act(Tx *tx, Request *req, Error *err);
bool extensions_page(Request *req, Error *err);
bool extension_grant_act(Tx *tx, Request *req, Error *err);
bool extension_refuse_act(Tx *tx, Request *req, Error *err);

#endif
