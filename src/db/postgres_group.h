#ifndef DB_POSTGRES_GROUP_H
#define DB_POSTGRES_GROUP_H

/*
 * Inserts of one kind, gathered over the commands of a batch and sent as one statement with several
 * rows: half of what a single-row insert costs PostgreSQL is the statement around it. Gathered are
 * those whose row count nobody asks for and whose text is INSERT INTO table (...) VALUES (...), at
 * most followed by ON CONFLICT ... DO NOTHING. They wait until a statement comes that names their
 * table, until there are enough of them, or until the batch ends. Used by postgres.c alone.
 */
#include "db/statement.h"

typedef struct PgGroups PgGroups;

PgGroups *pg_groups_create(void);
void pg_groups_destroy(PgGroups *all);

/* Forgets the rows that wait. */
void pg_groups_clear(PgGroups *all);

/* Keeps a copy of the values for later; false: this statement cannot wait. */
bool pg_groups_take(PgGroups *all, const Statement *statement, const DbValue *params);

/* The next statement that has to be sent before one with the text `sql` (NULL: all have to be), or
 * because its rows are enough; false: none. Valid until pg_groups_take is called. */
bool pg_groups_next(PgGroups *all, const char *sql, const Statement **out_statement,
                    const DbValue **out_params);

#endif
