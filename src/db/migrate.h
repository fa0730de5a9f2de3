#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

/*
 * Migration: one numbered step of the schema, as sqlgen embeds it from db/migrations.
 *
 * What was applied is kept in the table schema_version(number, name, hash, applied_at). The hash is
 * over the words of the file, not over its comments and spaces.
 */
#include "db/db.h"

typedef struct Migration {
    int number;                /* from 1, rising, gaps allowed; 0 ends the table */
    const char *name;          /* "journal" */
    const char *hash;          /* SHA-256, hexadecimal */
    const char *const *sqlite; /* statements, NULL-terminated */
    const char *const *postgres;
} Migration;

/* What this program has. */
extern const Migration migrations[];

/* As db_migrate and db_is_current, with another table: for the tests of migration itself. */
MUST_CHECK bool migrate_to(Db *db, const Migration *known, int *out_applied, Error *err);
MUST_CHECK bool migrate_is_current(Db *db, const Migration *known, bool *out, Error *err);

/* Refuses a database with a migration that is newer than all that are known (db.schema_newer), or
 * that reads otherwise here (db.migration_changed). Missing ones are no fault. */
MUST_CHECK bool migrate_check_history(Db *db, const Migration *known, Error *err);

#endif
