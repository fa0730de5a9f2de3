/*
 * journal_dump.c - every derived table as one text that is the same on both databases.
 *
 *     readers settle -> their tables -> columns from the catalogue -> SELECT ... ORDER BY key ->
 * lines
 *
 * A line is a row: the table, then each column by name with its value as JSON, bytes in
 * hexadecimal. The statements of table.h run on a connection of their own, which goes with them.
 */
#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"
#include "db/table.h"
#include "format/json.h"

typedef struct Dump {
    DbConn *conn;
    Arena *arena;
    Buffer *out;
    Table *table;
} Dump;

static void add_value(Dump *dump, const DbValue *value)
{
    if (value->is_null)
        buffer_add(dump->out, "null");
    else if (value->type == DB_INT)
        buffer_add_int64(dump->out, value->integer);
    else if (value->type == DB_REAL)
        buffer_printf(dump->out, "%.17g", value->real);
    else if (value->type == DB_TEXT)
        json_add_quoted(dump->out, db_get_text(dump->arena, value));
    else
        buffer_printf(dump->out, "x%s",
                      text_hex(dump->arena, value->bytes.data, value->bytes.size));
}

static bool add_row(void *data, const DbValue *values)
{
    Dump *dump = data;
    ArenaMark mark = arena_mark(dump->arena);
    buffer_add(dump->out, dump->table->name);
    for (size_t i = 0; i < dump->table->columns.count; i++) {
        buffer_printf(dump->out, " %s=", dump->table->columns.items[i].name);
        add_value(dump, &values[i]);
    }
    buffer_add_char(dump->out, '\n');
    arena_reset(dump->arena, mark);
    return true;
}

static bool dump_table(Dump *dump, const char *name, Error *err)
{
    dump->table = arena_new(dump->arena, Table);
    return table_read(dump->conn, dump->arena, name, dump->table, err) &&
           db_run(dump->conn, &dump->table->select, NULL, add_row, dump, NULL, err);
}

static bool dump_readers(Dump *dump, Error *err)
{
    const JournalReader *const *readers = db_readers(dump->conn->db);
    for (; readers && *readers; readers++)
        for (const char *const *table = (*readers)->tables; table && *table; table++)
            if (!dump_table(dump, *table, err))
                return false;
    return true;
}

/* ---- settling -------------------------------------------------------------------------------- */

typedef struct Settling {
    const JournalReader *reader;
    bool has_more;
} Settling;

static bool settle_portion(Tx *tx, void *data, Error *err)
{
    Settling *settling = data;
    settling->has_more = false;
    return settling->reader->settle(tx, &settling->has_more, err);
}

/* Alone, as a rebuild is: what others of the batch have not flushed yet comes behind. */
static bool settle_readers(Db *db, Arena *arena, Error *err)
{
    const JournalReader *const *readers = db_readers(db);
    for (; readers && *readers; readers++) {
        Settling settling = {.reader = *readers, .has_more = (*readers)->settle != NULL};
        while (settling.has_more)
            if (!db_write_alone(db, arena, DB_SERIALIZABLE, settle_portion, &settling, err))
                return false;
    }
    return true;
}

bool journal_dump_derived(Db *db, Buffer *out, Error *err)
{
    if (!settle_readers(db, out->arena, err))
        return false;
    DbConn *conn = db->engine->open(db, CONN_READER, err);
    if (!conn)
        return false;
    Dump dump = {.conn = conn, .arena = arena_create(0), .out = out};
    bool is_dumped = db_read_begin(conn, err) && dump_readers(&dump, err);
    db_read_end(conn);
    db->engine->close(conn);
    arena_destroy(dump.arena);
    return is_dumped;
}
