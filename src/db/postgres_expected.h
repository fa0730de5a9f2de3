#ifndef DB_POSTGRES_EXPECTED_H
#define DB_POSTGRES_EXPECTED_H

/*
 * Reads that the commands of a batch have announced (CommandExpect in db.h): a statement, its
 * values, and the answer once it has come. Used by postgres.c alone.
 */
#include <libpq-fe.h>
#include "db/statement.h"

typedef struct PgExpected {
    const Statement *statement; /* NULL: used */
    const DbValue *params;
    PGresult *answer;
} PgExpected;

typedef struct PgExpectations PgExpectations;

PgExpectations *pg_expectations_create(void);
void pg_expectations_destroy(PgExpectations *all);

/* Forgets all of them and their answers: a transaction begins or ends. */
void pg_expectations_clear(PgExpectations *all);

/* Notes one, with a copy of its values, unless they are full; it stays where it is until clear. */
bool pg_expectations_full(const PgExpectations *all);
PgExpected *pg_expect(PgExpectations *all, const Statement *statement, const DbValue *params);

/* The oldest one for the same statement and values that is not used yet, or NULL. */
PgExpected *pg_expected_find(PgExpectations *all, const Statement *statement,
                             const DbValue *params);

/* Used: frees the answer, and the same read goes to the server from now on. */
void pg_expected_end(PgExpected *expected);

#endif
