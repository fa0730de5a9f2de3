/*
 * copy.c - table by table, row by row, in one transaction.
 *
 *     one state of the source -> SELECT in the order of the key -> INSERT on the target's writer
 */
#include "db/copy.h"

#include "db/db_internal.h"
#include "db/table.h"

typedef struct Copying {
    DbConn *source;
    Arena *arena;
    TableNames names;
    Table *table; /* at work */
    Copied copied;
    DbConn *target; /* of the transaction */
    Error *err;     /* of the row that failed */
} Copying;

/* ---- one table ------------------------------------------------------------------------------- */

static bool copy_row(void *data, const DbValue *values)
{
    Copying *copying = data;
    copying->copied.rows++;
    return db_run(copying->target, &copying->table->insert, values, NULL, NULL, NULL, copying->err);
}

static bool see_row(void *data, const DbValue *columns)
{
    (void)columns;
    *(bool *)data = true;
    return true;
}

static bool is_empty(Copying *copying, Error *err)
{
    bool has_row = false;
    return db_run(copying->target, &copying->table->any, NULL, see_row, &has_row, NULL, err) &&
           (!has_row || error_set(err, ERROR_CONFLICT, .code = "copy.not_empty"));
}

/* The columns come from the source: a target of the same schema has them too. */
static bool copy_table(Copying *copying, const char *name, Error *err)
{
    copying->table = arena_new(copying->arena, Table);
    copying->copied.tables++;
    return table_read(copying->source, copying->arena, name, copying->table, err) &&
           is_empty(copying, err) &&
           db_run(copying->source, &copying->table->select, NULL, copy_row, copying, NULL, err) &&
           !error_is_set(err);
}

static bool copy_all(Tx *tx, void *data, Error *err)
{
    Copying *copying = data;
    copying->target = tx_conn(tx);
    copying->copied = (Copied){0};
    copying->err = err;
    list_each (const char *, name, &copying->names)
        if (!copy_table(copying, *name, err))
            return false;
    return true;
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool is_of_this_schema(Db *db, Error *err)
{
    bool is_current;
    return db_is_current(db, &is_current, err) &&
           (is_current || error_set(err, ERROR_CONFLICT, .code = "copy.other_schema"));
}

bool db_copy(Db *from, Db *to, Arena *arena, Copied *out, Error *err)
{
    if (!is_of_this_schema(from, err) || !is_of_this_schema(to, err))
        return false;
    Copying copying = {.source = from->engine->open(from, CONN_READER, err), .arena = arena};
    if (!copying.source)
        return false;
    bool is_copied = db_read_begin(copying.source, err) &&
                     table_names_of(copying.source, copying.arena, &copying.names, err) &&
                     db_write_alone(to, arena, DB_SERIALIZABLE, copy_all, &copying, err);
    db_read_end(copying.source);
    from->engine->close(copying.source);
    *out = copying.copied;
    return is_copied;
}
