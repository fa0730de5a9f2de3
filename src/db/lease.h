#ifndef DB_LEASE_H
#define DB_LEASE_H

/*
 * Lease: of several processes on one database, one does a certain work: sealing, timers.
 *
 * A lease has an end, so that work goes on when its owner dies, and a fence: a number that grows
 * each time the lease is taken. Clocks and pauses can make two processes believe that they hold
 * it; the fence decides. So who works under a lease calls lease_keep in the very Tx that writes:
 * with a stale fence it fails and nothing is written.
 */
#include "db/db.h"

typedef struct Lease {
    const char *name;  /* "journal.seal" */
    const char *owner; /* of the process: host and pid */
    int64_t fence;     /* from 1 */
    Instant expires_at;
} Lease;

/* Takes the lease when nobody holds it, its end has passed, or owner itself had it (the fence grows
 * then too: what an earlier self began is over). name and owner are kept by pointer in *out.
 * Errors: lease.held (ERROR_CONFLICT). */
MUST_CHECK bool lease_take(Tx *tx, const char *name, const char *owner, int64_t duration_ms,
                           Lease *out, Error *err);

/* Extends the lease to duration_ms from now and locks it to the end of this Tx. A lease whose end
 * has passed but that nobody took is kept. Errors: lease.lost (ERROR_CONFLICT). */
MUST_CHECK bool lease_keep(Tx *tx, Lease *lease, int64_t duration_ms, Error *err);

/* Ends the lease now, so that another may take it at once; nothing when it is lost already. */
MUST_CHECK bool lease_release(Tx *tx, const Lease *lease, Error *err);

#endif
