#ifndef DB_POSTGRES_VALUE_H
#define DB_POSTGRES_VALUE_H

/*
 * Values on PostgreSQL's wire, in its binary format: parameters go out with explicit types, so that
 * statements need no casts; columns come back as what the server made of them (a sum of bigint is a
 * numeric, an EXISTS a bool) and become the declared type. Used by postgres.c alone.
 */
#include <libpq-fe.h>
#include "db/statement.h"

enum { MOST_PARAMS = 480, MOST_COLUMNS = 64 };

/* What PQsendQueryPrepared takes; points into the values that it was made of. */
typedef struct PgParams {
    int count;
    const char *values[MOST_PARAMS];
    int lengths[MOST_PARAMS];
    int formats[MOST_PARAMS];
    uint64_t numbers[MOST_PARAMS]; /* in network order */
} PgParams;

void pg_params_fill(PgParams *out, const DbValue *values, int count);

/* Copies `count` values; their texts and bytes into arena. */
void pg_values_copy(Arena *arena, DbValue *out, const DbValue *values, int count);

/* Whether two values are the same, bit by bit; NULL is the same as NULL. */
bool pg_value_is_same(const DbValue *a, const DbValue *b);

/* The type that a parameter is declared with. */
Oid pg_type_of(DbType type);

/* True when a column of the server's type can become `type`. */
bool pg_type_fits(Oid given, DbType type);

/* Column i of a row of a binary result as `type`. False: the server's type does not fit. */
bool pg_column(const PGresult *result, int row, int i, DbType type, DbValue *out);

#endif
