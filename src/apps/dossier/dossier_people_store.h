#ifndef DOSSIER_DOSSIER_PEOPLE_STORE_H
#define DOSSIER_DOSSIER_PEOPLE_STORE_H

/* Rows of those who act on a dossier for its party. */
#include "apps/dossier/dossier_people.h"

MUST_CHECK bool store_add_actor(Tx *tx, App *app, Id dossier, const DossierActor *actor,
                                Error *err);
MUST_CHECK bool store_actors(DbConn *conn, Arena *arena, Id tenant, Id dossier, DossierActors *out,
                             Error *err);

#endif
