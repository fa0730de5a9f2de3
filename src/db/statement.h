#ifndef DB_STATEMENT_H
#define DB_STATEMENT_H

/*
 * Statement: one named piece of SQL, as sqlgen writes it down (docs/generators.md), and the values
 * that go in and come out. Capabilities never use this header by hand: they call the typed
 * functions that sqlgen generates from their .sql file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"

typedef struct DbConn DbConn;

typedef enum DbType { DB_INT, DB_TEXT, DB_BYTES, DB_REAL } DbType;

typedef struct DbBytes {
    const void *data; /* NULL: SQL NULL */
    size_t size;
} DbBytes;

typedef struct DbValue {
    DbType type;
    bool is_null;
    int64_t integer;
    double real;
    DbBytes bytes; /* of a text (without its NUL) or bytes */
} DbValue;

typedef struct Statement {
    const char *name;     /* "dossier_find", for errors and failure injection */
    const char *sqlite;   /* text with ?1, ?2 ... */
    const char *postgres; /* text with $1, $2 ... */
    bool is_write;
    uint16_t param_count;
    uint8_t column_count;
    const DbType *params;
    const DbType *columns;
    uint64_t not_null; /* bit i: column i may not be NULL (db.failed) */
} Statement;

/* Called for each row; columns and their bytes are valid during the call only. False stops. */
typedef bool (*DbRowFn)(void *data, const DbValue *columns);

/* Runs a statement with its parameters. Every row goes to on_row (NULL when there are none);
 * out_changed (may be NULL) gets the number of rows that a write changed. The prepared form is kept
 * with the connection. Errors: db.unavailable (disk full, read-only, connection lost), db.conflict
 * (unique or foreign key), db.retry (serialization; the writer handles it), db.failed (our bug).
 * A write on a connection that is not inside a Tx is refused (assert). */
MUST_CHECK bool db_run(DbConn *conn, const Statement *statement, const DbValue *params,
                       DbRowFn on_row, void *data, int64_t *out_changed, Error *err);

/* Prepares the statement without running it and compares its columns with what it declares: for the
 * test that goes through all statements on both databases. Errors: db.failed. */
MUST_CHECK bool db_check_statement(DbConn *conn, const Statement *statement, Error *err);

/* Constructors and readers that generated code uses. */
DbValue db_int(int64_t value);
DbValue db_int_or_none(int64_t value); /* INT_NONE is NULL */
DbValue db_id(Id id);                  /* 0 is NULL */
DbValue db_text(const char *text);     /* NULL is NULL */
DbValue db_bytes(DbBytes bytes);
DbValue db_real(double value);
DbValue db_instant(Instant instant);         /* INSTANT_NONE is NULL */
DbValue db_date(Date date, char buffer[16]); /* stored as text 2026-11-22; DATE_NONE is NULL */

#define INT_NONE INT64_MIN /* a NULL of a nullable int or Fen column */

const char *db_get_text(Arena *arena, const DbValue *column); /* NULL for NULL */
DbBytes db_get_bytes(Arena *arena, const DbValue *column);
int64_t db_get_int(const DbValue *column, int64_t when_null);
double db_get_real(const DbValue *column); /* NAN for NULL */
Date db_get_date(const DbValue *column);

#endif
