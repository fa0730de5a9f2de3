#ifndef DB_POSTGRES_GROUP_H
#define DB_POSTGRES_GROUP_H

/*
 * Writes of one kind, gathered over the commands of a batch and sent as one statement with several
 * rows (postgres_rows.h). Gathered are inserts and updates whose row count nobody asks for. They
 * wait until a statement comes that names their table, until there are enough of them, or until the
 * batch ends; an update also does not wait together with another one of the same row. Used by
 * postgres.c alone.
 */
#include "db/postgres_rows.h"

typedef struct PgGroups PgGroups;

PgGroups *pg_groups_create(PgRowsCache *rows);
void pg_groups_destroy(PgGroups *all);

/* Forgets the rows that wait. */
void pg_groups_clear(PgGroups *all);

/* Whether the statement is one that can wait. */
bool pg_groups_can_take(PgGroups *all, const Statement *statement);

/* Keeps a copy of the values for later; after what pg_groups_next gave for it was sent. */
void pg_groups_take(PgGroups *all, const Statement *statement, const DbValue *params);

/* The next statement that has to be sent before `statement` is run with params, or before it joins
 * those that wait, or because its rows are enough; NULL: all have to be. False: none. Valid until
 * pg_groups_take is called. */
bool pg_groups_next(PgGroups *all, const Statement *statement, const DbValue *params,
                    bool is_joining, const Statement **out_statement, const DbValue **out_params);

#endif
