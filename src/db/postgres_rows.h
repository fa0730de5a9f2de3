#ifndef DB_POSTGRES_ROWS_H
#define DB_POSTGRES_ROWS_H

/*
 * A statement for one row made into one for several: half or more of what a statement on one row
 * costs PostgreSQL, and its client, is the statement around it. Used by postgres_group.c for
 * writes and by postgres_expected.c for announced reads.
 *
 *     INSERT INTO t (a, b) VALUES ($1, $2)  ->  INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)
 *     UPDATE t SET b = $2 WHERE a = $1
 *         ->  UPDATE t SET b = v.p2 FROM (VALUES (0, $1, $2), (1, $3, $4)) AS v (n, p1, p2)
 *              WHERE a = v.p1
 *     SELECT b FROM t WHERE a = $1
 *         ->  SELECT v.n, r.* FROM (VALUES (0, $1), (1, $2)) AS v (n, p1)
 *               CROSS JOIN LATERAL (SELECT b FROM t WHERE a = v.p1) AS r
 *
 * There are a few sizes rather than any number: each is prepared and planned once a connection.
 */
#include "db/statement.h"

enum {
    PG_SIZES = 5,       /* 1 << 0 to 1 << 4 rows */
    PG_WRITE_SIZES = 4, /* to 1 << 3: the server works on them while the next commands run */
    PG_MOST_KEYS = 8
};

typedef enum PgRowsKind { PG_ONE_ROW, PG_INSERT, PG_UPDATE, PG_SELECT } PgRowsKind;

typedef struct PgRows {
    PgRowsKind kind;
    const Statement *one;
    const Statement *of_size[PG_SIZES]; /* with 1 << i rows; NULL: too many parameters */
    int most;                           /* rows of the largest */
    const char *table;                  /* of a write */
    /* Of an UPDATE: parameters that its condition compares with columns that it does not set. Two
     * calls that differ in one of them change different rows. */
    int key_count;
    int keys[PG_MOST_KEYS];
} PgRows;

typedef struct PgRowsCache PgRowsCache;

PgRowsCache *pg_rows_create(void);
void pg_rows_destroy(PgRowsCache *cache);

/* The forms of a statement, made when first asked for; NULL when it can have none: an INSERT must
 * read INSERT INTO table (...) VALUES (...), at most with ON CONFLICT ... DO NOTHING, an UPDATE
 * must be WHERE column = $1 AND column = $2 ..., a SELECT must have a parameter. */
const PgRows *pg_rows_of(PgRowsCache *cache, const Statement *one);

/* The form for `count` rows: an INSERT's takes as many or fewer, the others' as many, or more,
 * which are filled up with NULLs and find nothing. The number of rows goes to out_rows. */
const Statement *pg_rows_for(const PgRows *rows, int count, int *out_rows);

/* Whether `sql` names the table: as a whole word where no column can stand. In doubt
 * true. */
bool pg_names(const char *sql, const char *table);

#endif
