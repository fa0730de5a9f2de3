#ifndef ADMIN_ADMIN_STORE_H
#define ADMIN_ADMIN_STORE_H

/* The one table of this capability: how far the calendar has been applied to running clocks. */
#include "db/db.h"

typedef struct CalendarApplied {
    Id definition; /* 0: none yet */
    Instant applied_at;
    int64_t changed; /* clocks that moved, or lost their provisional mark */
} CalendarApplied;

MUST_CHECK bool store_applied(DbConn *conn, Id tenant, CalendarApplied *out, Error *err);
MUST_CHECK bool store_apply(Tx *tx, Id tenant, const CalendarApplied *applied, Error *err);

#endif
