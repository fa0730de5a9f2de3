#ifndef DB_TABLE_H
#define DB_TABLE_H

/*
 * Table: what a database itself says of one of its tables, and statements over all of its columns.
 *
 * For the few places that treat every table alike (dumps, copies); the SQL is made here and not by
 * sqlgen, since no list of tables is known when building. The statements live in the arena that
 * table_read was given, which must outlive every connection on which they run.
 */
#include "base/list.h"
#include "db/db.h"

enum { TABLE_COLUMNS_MOST = 64 };

typedef struct TableColumn {
    const char *name;
    DbType type;
    int64_t key_place; /* in the primary key, from 1; 0: not in it */
} TableColumn;

typedef struct Table {
    const char *name;
    LIST(TableColumn) columns; /* by name */
    Statement select;          /* every column of every row, in the order of the primary key */
    Statement insert;          /* one row, the same columns */
    Statement any;             /* one row of one column, if there is a row */
} Table;

/* The names of all tables that hold data, in order; not schema_version and lease. */
typedef LIST(const char *) TableNames;
MUST_CHECK bool table_names_of(DbConn *conn, Arena *arena, TableNames *out, Error *err);

/* A table as it is. db.failed when there is none, or it has no primary key, or a column of a type
 * that the schema does not use. */
MUST_CHECK bool table_read(DbConn *conn, Arena *arena, const char *name, Table *out, Error *err);

#endif
