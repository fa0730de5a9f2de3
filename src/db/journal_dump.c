/*
 * journal_dump.c - every derived table as one text that is the same on both databases.
 *
 *     readers settle -> their tables -> columns from the catalogue -> SELECT ... ORDER BY key ->
 * lines
 *
 * A line is a row: the table, then each column by name with its value as JSON, bytes in
 * hexadecimal. The SELECTs are made here and not by sqlgen, since no list of tables is known when
 * building; they run on a connection of their own, which goes with them.
 */
#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"
#include "format/json.h"
#include "journal_dump_sql.h"

enum { MOST_COLUMNS = 64 };

typedef struct Dump {
    DbConn *conn;
    Arena *arena;
    Buffer *out;
    const char *table;
    JournalTableColumnsRows columns;
    DbType types[MOST_COLUMNS];
} Dump;

static bool type_of(const char *name, DbType *out)
{
    static const struct {
        const char *name;
        DbType type;
    } known[] = {
        {"INTEGER", DB_INT}, {"bigint", DB_INT},  {"TEXT", DB_TEXT}, {"text", DB_TEXT},
        {"BLOB", DB_BYTES},  {"bytea", DB_BYTES}, {"REAL", DB_REAL}, {"double precision", DB_REAL},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!text_equal(known[i].name, name))
            continue;
        *out = known[i].type;
        return true;
    }
    return false;
}

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
    buffer_add(dump->out, dump->table);
    for (size_t i = 0; i < dump->columns.count; i++) {
        buffer_printf(dump->out, " %s=", dump->columns.items[i].name);
        add_value(dump, &values[i]);
    }
    buffer_add_char(dump->out, '\n');
    arena_reset(dump->arena, mark);
    return true;
}

/* "a", "b" of the columns at these places of the key; all columns when place is -1. */
static void add_names(Buffer *sql, const Dump *dump, int64_t place)
{
    for (size_t i = 0; i < dump->columns.count; i++) {
        const JournalTableColumnsRow *column = &dump->columns.items[i];
        if (place < 0)
            buffer_printf(sql, "%s\"%s\"", i == 0 ? "" : ", ", column->name);
        else if (column->place == place)
            buffer_printf(sql, "%s\"%s\"", place == 1 ? "" : ", ", column->name);
    }
}

static const char *make_select(const Dump *dump)
{
    Buffer sql = buffer_init(dump->arena, 0);
    buffer_add(&sql, "SELECT ");
    add_names(&sql, dump, -1);
    buffer_printf(&sql, " FROM \"%s\" ORDER BY ", dump->table);
    for (int64_t place = 1; place <= (int64_t)dump->columns.count; place++)
        add_names(&sql, dump, place);
    return buffer_text(&sql);
}

static bool read_columns(Dump *dump, Error *err)
{
    dump->columns = (JournalTableColumnsRows){0};
    if (!journal_table_columns(dump->conn, dump->arena, dump->table, &dump->columns, err))
        return false;
    bool has_key = false, is_known = dump->columns.count <= MOST_COLUMNS;
    for (size_t i = 0; i < dump->columns.count && is_known; i++) {
        is_known = type_of(dump->columns.items[i].type, &dump->types[i]);
        has_key |= dump->columns.items[i].place == 1;
    }
    return (has_key && is_known) ||
           error_set(err, ERROR_INTERNAL, .code = "db.failed",
                     .detail =
                         db_keep_text(dump->conn->db,
                                      arena_printf(dump->arena, "%s is no table with a primary key",
                                                   dump->table)));
}

static bool dump_table(Dump *dump, Error *err)
{
    if (!read_columns(dump, err))
        return false;
    Statement *statement = arena_new(dump->arena, Statement);
    *statement = (Statement){
        .name = dump->table,
        .sqlite = make_select(dump),
        .column_count = (uint8_t)dump->columns.count,
        .columns = dump->types,
    };
    statement->postgres = statement->sqlite;
    return db_run(dump->conn, statement, NULL, add_row, dump, NULL, err);
}

static bool dump_readers(Dump *dump, Error *err)
{
    const JournalReader *const *readers = db_readers(dump->conn->db);
    for (; readers && *readers; readers++)
        for (const char *const *table = (*readers)->tables; table && *table; table++) {
            dump->table = *table;
            if (!dump_table(dump, err))
                return false;
        }
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
