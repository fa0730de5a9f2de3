#ifndef DB_POSTGRES_EXPECTED_H
#define DB_POSTGRES_EXPECTED_H

/*
 * Reads that the commands of a batch have announced (CommandExpect in db.h): a statement, its
 * values, and the answer once it has come. Those of one statement are asked for together, with one
 * statement of several rows (postgres_rows.h). Used by postgres.c alone.
 */
#include <libpq-fe.h>
#include "db/postgres_rows.h"

/* The answer to several reads. */
typedef struct PgAnswer {
    PGresult *result; /* NULL: has not come yet */
} PgAnswer;

typedef struct PgExpected {
    const Statement *statement; /* NULL: used */
    const DbValue *params;
    PgAnswer *answer; /* NULL: not sent yet */
    int number;       /* its rows have this number in their first column; -1: all rows are its */
} PgExpected;

typedef struct PgExpectations PgExpectations;

PgExpectations *pg_expectations_create(PgRowsCache *rows);
void pg_expectations_destroy(PgExpectations *all);

/* Forgets all of them and their answers: a transaction begins or ends. */
void pg_expectations_clear(PgExpectations *all);

/* Notes one, with a copy of its values; false: there are enough. */
bool pg_expect(PgExpectations *all, const Statement *statement, const DbValue *params);

/* The next statement to be sent for what was noted, and where its answer goes; false: none. */
bool pg_expected_next(PgExpectations *all, const Statement **out_statement,
                      const DbValue **out_params, PgAnswer **out_answer);

/* The oldest one for the same statement and values that is not used yet, or NULL. */
PgExpected *pg_expected_find(PgExpectations *all, const Statement *statement,
                             const DbValue *params);

/* Used: the same read goes to the server from now on. */
void pg_expected_end(PgExpected *expected);

#endif
