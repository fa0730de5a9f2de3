#ifndef DB_COPY_H
#define DB_COPY_H

/*
 * Copy: every row of one database in another, of either engine. A backup is a copy into a new
 * SQLite file; a restore is the copy back, and the way from one machine to PostgreSQL.
 *
 * The source is read in one consistent state, whatever is written to it meanwhile; the target gets
 * all rows in one transaction, or none. Leases stay behind: they belong to running processes.
 */
#include "db/db.h"

typedef struct Copied {
    int64_t tables;
    int64_t rows;
} Copied;

/* Both are migrated to this program's schema (copy.other_schema else), and the target holds no rows
 * yet (copy.not_empty; both ERROR_CONFLICT). arena outlives the target: its connection keeps the
 * statements that are made there. */
MUST_CHECK bool db_copy(Db *from, Db *to, Arena *arena, Copied *out, Error *err);

#endif
