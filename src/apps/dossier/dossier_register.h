#ifndef DOSSIER_DOSSIER_REGISTER_H
#define DOSSIER_DOSSIER_REGISTER_H

/*
 * The register of what a window or village point took in on behalf (收件登记簿, 代办台账): when,
 * whose, what, who took it in, and how far it is. Derived from the journal (dossier.taken_in).
 */
#include "apps/dossier/dossier_pages.h"

typedef struct Registered {
    Id dossier;
    const char *number;
    Both item_name;
    const char *applicant_name;
    const char *state;
    const char *waits_for; /* "supplement", or NULL */
    Id officer;
    Instant at;
    Instant due_at;       /* INSTANT_NONE: no clock runs */
    Instant completed_at; /* INSTANT_NONE: open */
} Registered;
typedef LIST(Registered) RegisteredList;

MUST_CHECK bool store_add_registered(Tx *tx, Id tenant, Id unit, Id dossier, Id officer, Instant at,
                                     Error *err);
MUST_CHECK bool store_clear_register(Tx *tx, Error *err);

/* What a unit took in, newest first, below an id (0: from the newest). */
MUST_CHECK bool store_register(DbConn *conn, Arena *arena, Id tenant, Id unit, Id before, int most,
                               RegisteredList *out, Error *err);

/* GET /intake/register and /intake/register.xlsx */
bool register_page(Request *req, Error *err);
bool register_export(Request *req, Error *err);

#endif
