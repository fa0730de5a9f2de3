#ifndef SUPERVISE_CORRECTION_STORE_H
#define SUPERVISE_CORRECTION_STORE_H

/* Rows of warnings and notices to structs and back. */
#include "apps/catalogue/catalogue.h"
#include "apps/supervise/correction.h"

typedef struct Warning {
    Id dossier;
    const char *number;
    Both item_name;
    const char *kind; /* early overdue */
    Id unit;
    Id officer;
    Instant due_at;
    Instant raised_at;
} Warning;
typedef LIST(Warning) Warnings;

typedef struct CorrectionAct {
    const char *kind; /* sent replied returned closed taken_back */
    Id officer;
    Instant at;
    const char *text;
} CorrectionAct;
typedef LIST(CorrectionAct) CorrectionActs;

/* Which notices a list shows; unit 0: of all units. */
typedef struct CorrectionQuery {
    Id unit;
    const char *state;
    Id after; /* 0: from the newest */
    int most;
} CorrectionQuery;

MUST_CHECK bool store_put_warning(Tx *tx, Id tenant, Id id, const Warning *warning, Error *err);
MUST_CHECK bool store_clear_warnings(Tx *tx, Error *err);
/* Due in [from, before), and half of its time has passed: what is settled on the spot is due within
 * the day, and would be warned of the moment it came in. */
typedef struct UnwarnedQuery {
    const char *kind;
    Instant now, from, before;
    int most;
} UnwarnedQuery;

/* Dossiers that nobody was warned of yet. */
MUST_CHECK bool store_unwarned(DbConn *conn, Arena *arena, Id tenant, const UnwarnedQuery *query,
                               Warnings *out, Error *err);
MUST_CHECK bool store_warnings(DbConn *conn, Arena *arena, Id tenant, Id unit, int most,
                               Warnings *out, Error *err);

/* Of all units: those of acceptance by silence since a moment. */
MUST_CHECK bool store_unserved(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                               Instant from, Instant before, int most, Warnings *out, Error *err);
/* Certificates still to be served that were warned of: of a unit (0: of all),
 * due before a moment. */
MUST_CHECK bool store_service_warnings(DbConn *conn, Arena *arena, Id tenant, Id unit,
                                       Instant before, int most, Warnings *out, Error *err);
MUST_CHECK bool store_silent_warnings(DbConn *conn, Arena *arena, Id tenant, Instant since,
                                      int most, Warnings *out, Error *err);

/* Of one officer of a unit; unit 0: of all. before is where "due soon" ends. */
MUST_CHECK bool store_waiting(DbConn *conn, Arena *arena, Id tenant, Id unit, Id officer,
                              Instant before, Waiting *out, Error *err);

MUST_CHECK bool store_add_correction(Tx *tx, Id tenant, const Correction *row, Error *err);
/* out_moved is false when it is no longer in the state that was read. */
MUST_CHECK bool store_move_correction(Tx *tx, Id tenant, const Correction *row, const char *before,
                                      bool *out_moved, Error *err);
MUST_CHECK bool store_add_act(Tx *tx, Id tenant, Id correction, const CorrectionAct *act,
                              Error *err);
MUST_CHECK bool store_acts(DbConn *conn, Arena *arena, Id tenant, Id correction,
                           CorrectionActs *out, Error *err);
/* correction.unknown (ERROR_NOT_FOUND), also for another unit's; unit 0: whosever. */
MUST_CHECK bool store_correction(DbConn *conn, Arena *arena, Id tenant, Id id, Id unit,
                                 Correction *out, Error *err);
MUST_CHECK bool store_corrections(DbConn *conn, Arena *arena, Id tenant,
                                  const CorrectionQuery *query, Corrections *out, Error *err);
MUST_CHECK bool store_corrections_of(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                     Corrections *out, Error *err);

#endif
