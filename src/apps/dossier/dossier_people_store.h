#ifndef DOSSIER_DOSSIER_PEOPLE_STORE_H
#define DOSSIER_DOSSIER_PEOPLE_STORE_H

/* Rows of those who act on a dossier for its party, and of who took it back at a window. */
#include "apps/dossier/dossier_people.h"

MUST_CHECK bool store_add_actor(Tx *tx, App *app, Id dossier, const DossierActor *actor,
                                Error *err);
MUST_CHECK bool store_actors(DbConn *conn, Arena *arena, Id tenant, Id dossier, DossierActors *out,
                             Error *err);

/* An application that was taken back at a window. */
typedef struct Withdrawal {
    Id dossier;
    Id party;         /* who asked */
    const char *role; /* applicant by_letter guardian */
    const char *how;  /* DossierWithdrawal */
    Id officer;
    Id unit; /* of the window */
    Instant at;
} Withdrawal;

MUST_CHECK bool store_add_withdrawal(Tx *tx, App *app, const Withdrawal *row, Error *err);
MUST_CHECK bool store_withdrawal(DbConn *conn, Arena *arena, Id tenant, Id dossier, Withdrawal *out,
                                 bool *out_found, Error *err);

#endif
