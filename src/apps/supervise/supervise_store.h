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
    bool is_running;   /* not those whose clock stands: their date no longer holds */
    const char *stage; /* NULL all */
    SupervisedPlace after;
    int most;
} SupervisedOpenQuery;

/* What ended, was accepted or was rated in [from, before); 0 in the others is no condition. */
typedef struct SupervisedPastQuery {
    Instant from, before;
    int ended;       /* 1 accepted and completed, 2 withdrawn */
    int spot;        /* 1 on the spot, 2 promised */
    int timing;      /* 1 on time, 2 late, 3 before the promised day, 4 not before it */
    bool is_limited; /* only those whose limits are in working days */
    int mood;        /* 1 better than the middle grade, 2 not, 3 the middle one or better, 4 not */
    SupervisedPlace after;
    int most;
} SupervisedPastQuery;

MUST_CHECK bool store_supervised_insert(Tx *tx, Id tenant, const Supervised *row, Error *err);
MUST_CHECK bool store_supervised_update(Tx *tx, Id tenant, const Supervised *row, Error *err);
MUST_CHECK bool store_supervised_touch(Tx *tx, Id tenant, Id dossier, Id entry, Error *err);
MUST_CHECK bool store_supervised_rate(Tx *tx, Id tenant, const Supervised *row, Error *err);
MUST_CHECK bool store_supervised_clear(Tx *tx, Error *err);
MUST_CHECK bool store_supervised_get(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                     Supervised *out, bool *out_found, Error *err);
MUST_CHECK bool store_supervised_open(DbConn *conn, Arena *arena, Id tenant,
                                      const SupervisedOpenQuery *query, SupervisedList *out,
                                      Error *err);
MUST_CHECK bool store_supervised_completed(DbConn *conn, Arena *arena, Id tenant,
                                           const SupervisedPastQuery *query, SupervisedList *out,
                                           Error *err);
MUST_CHECK bool store_supervised_accepted(DbConn *conn, Arena *arena, Id tenant,
                                          const SupervisedPastQuery *query, SupervisedList *out,
                                          Error *err);
MUST_CHECK bool store_supervised_rated(DbConn *conn, Arena *arena, Id tenant,
                                       const SupervisedPastQuery *query, SupervisedList *out,
                                       Error *err);
MUST_CHECK bool store_supervised_stages(DbConn *conn, Arena *arena, Id tenant, StageCounts *out,
                                        Error *err);
MUST_CHECK bool store_supervised_counts(DbConn *conn, Id tenant, Instant now, Instant near_before,
                                        Instant today, SupervisedCounts *out, Error *err);

#endif
