#ifndef SUPERVISE_SUPERVISE_STORE_H
#define SUPERVISE_SUPERVISE_STORE_H

/* Rows of supervised dossiers to structs and back: the only code here that knows columns. */
#include "apps/supervise/supervise.h"

/* Dossiers without a clock stand at the end of a list that is ordered by due date. */
#define SUPERVISED_NO_DUE INT64_C(9000000000000000)

typedef struct SupervisedCounts {
    int64_t open, near, over, incident, completed;
} SupervisedCounts;

/* Where a page begins: behind this moment (due or completed) and dossier. */
typedef struct SupervisedPlace {
    Instant at;
    Id dossier;
} SupervisedPlace;

typedef struct SupervisedOpenQuery {
    Instant due_from, due_before;
    Instant accepted_from, accepted_before; /* 0 is "not accepted" */
    bool has_incident;
    SupervisedPlace after;
    int most;
} SupervisedOpenQuery;

typedef struct SupervisedCompletedQuery {
    Instant from, before;
    const char *kind; /* "" all */
    int timing;       /* 0 all, 1 on time, 2 late */
    bool is_accepted; /* only those whose clock ran */
    SupervisedPlace after;
    int most;
} SupervisedCompletedQuery;

MUST_CHECK bool store_supervised_insert(Tx *tx, Id tenant, const Supervised *row, Error *err);
MUST_CHECK bool store_supervised_update(Tx *tx, Id tenant, const Supervised *row, Error *err);
MUST_CHECK bool store_supervised_touch(Tx *tx, Id tenant, Id dossier, Id entry, Error *err);
MUST_CHECK bool store_supervised_clear(Tx *tx, Error *err);
MUST_CHECK bool store_supervised_get(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                     Supervised *out, bool *out_found, Error *err);
MUST_CHECK bool store_supervised_open(DbConn *conn, Arena *arena, Id tenant,
                                      const SupervisedOpenQuery *query, SupervisedList *out,
                                      Error *err);
MUST_CHECK bool store_supervised_completed(DbConn *conn, Arena *arena, Id tenant,
                                           const SupervisedCompletedQuery *query,
                                           SupervisedList *out, Error *err);
MUST_CHECK bool store_supervised_counts(DbConn *conn, Id tenant, Instant now, Instant near_before,
                                        Instant today, SupervisedCounts *out, Error *err);

#endif
