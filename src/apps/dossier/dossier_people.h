#ifndef DOSSIER_DOSSIER_PEOPLE_H
#define DOSSIER_DOSSIER_PEOPLE_H

/*
 * The people of a dossier: its applicant, and who acts for the applicant: the person to whom a firm
 * gave a letter, or a guardian. Also who may follow it without having filed it.
 */
#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"

typedef struct DossierActor {
    Id party;
    const char *role; /* by_letter guardian */
    const char *name; /* as it was then */
    const char *letter_no;
    Date valid_until; /* DATE_NONE: not told */
} DossierActor;
typedef LIST(DossierActor) DossierActors;

/* Names who acts on a dossier that was just filed (actor->party 0: nobody does), and which unit's
 * window took it in (0: none did). Appends dossier.taken_in, or dossier.actor_named. */
MUST_CHECK bool people_name(Tx *tx, App *app, Dossier *dossier, const DossierActor *actor,
                            Id intake_unit, const char *actor_kind, Id who, Error *err);

/* Whether an applicant may follow a dossier: what his account filed, unless it was for a firm that
 * took its letter back; and once a window has verified him, what was taken in for him or by him. */
MUST_CHECK bool people_may_follow(DbConn *conn, Arena *arena, Id tenant, const Dossier *dossier,
                                  const User *user, bool *out, Error *err);

/* Whether a firm took back every letter that a person had. */
bool people_is_cut_off(const Mandates *letters, Id firm);

/* ---- applying for a firm --------------------------------------------------------------------- */

/* The choice "for whom", when the applicant has letters that cover the item; else no field
 * (out->name NULL). */
MUST_CHECK bool people_choice(Request *req, const Item *item, FormField *out, Error *err);

/* Whether the applicant of a page may apply for himself, or has a letter by which he applies for a
 * firm: the same errors before anything is filled in. */
MUST_CHECK bool people_may_apply(Request *req, const Item *item, Error *err);

/* Whom the applicant files for: himself, or the firm of a letter that covers the item today. Fills
 * party, applicant_name and *out_actor. Errors: those of identity_letter_for;
 * dossier.identity_needed, dossier.identity_unverified (the item asks for it). */
MUST_CHECK bool people_choose(Request *req, DbConn *conn, const Item *item, DossierFiling *filing,
                              DossierActor *out_actor, Error *err);

/* ---- pages ----------------------------------------------------------------------------------- */

/* The people of a dossier as its page shows them, numbers in part only. */
MUST_CHECK bool people_show(Request *req, const Dossier *dossier, DossierView *view, Error *err);

/* POST /dossiers/{number}/unmask */
bool dossier_unmask(Request *req, Error *err);

extern const InputField dossier_unmask_input[];

/* The window's intake, dossier_intake.c. */
extern const InputField intake_list_input[];
extern const InputField intake_input[];
bool intake_list(Request *req, Error *err);
bool intake_page(Request *req, Error *err);
bool intake_refresh(Request *req, Error *err);
bool intake_recall(Request *req, Error *err);
bool intake_prepare(Request *req, Error *err);
bool intake_act(Tx *tx, Request *req, Error *err);

#endif
