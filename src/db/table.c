/* table.c - columns of a table from the database's own catalogue, and SQL over all of them. */
#include "db/table.h"

#include "base/text.h"
#include "db/db_internal.h"
#include "table_sql.h"

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

bool table_names_of(DbConn *conn, Arena *arena, TableNames *out, Error *err)
{
    TableNamesRows rows = {0};
    if (!table_names(conn, arena, &rows, err))
        return false;
    *out = (TableNames){.items = arena_array(arena, const char *, rows.count)};
    for (size_t i = 0; i < rows.count; i++)
        out->items[out->count++] = rows.items[i].name;
    return true;
}

/* ---- statements ------------------------------------------------------------------------------ */

/* "a", "b" of the columns at this place of the key; all columns when place is -1. */
static void add_names(Buffer *sql, const Table *table, int64_t place)
{
    const char *between = place > 1 ? ", " : "";
    list_each (const TableColumn, column, &table->columns)
        if (place < 0 || column->key_place == place) {
            buffer_printf(sql, "%s\"%s\"", between, column->name);
            between = ", ";
        }
}

static const char *select_text(Arena *arena, const Table *table)
{
    Buffer sql = buffer_init(arena, 0);
    buffer_add(&sql, "SELECT ");
    add_names(&sql, table, -1);
    buffer_printf(&sql, " FROM \"%s\" ORDER BY ", table->name);
    for (int64_t place = 1; place <= (int64_t)table->columns.count; place++)
        add_names(&sql, table, place);
    return buffer_text(&sql);
}

static const char *insert_text(Arena *arena, const Table *table, char sign)
{
    Buffer sql = buffer_init(arena, 0);
    buffer_printf(&sql, "INSERT INTO \"%s\" (", table->name);
    add_names(&sql, table, -1);
    buffer_add(&sql, ") VALUES (");
    for (size_t i = 1; i <= table->columns.count; i++)
        buffer_printf(&sql, "%s%c%zu", i == 1 ? "" : ", ", sign, i);
    buffer_add(&sql, ")");
    return buffer_text(&sql);
}

static void make_statements(Arena *arena, Table *table)
{
    static const DbType one_int = DB_INT;
    size_t count = table->columns.count;
    DbType *types = arena_array(arena, DbType, count);
    for (size_t i = 0; i < count; i++)
        types[i] = table->columns.items[i].type;
    table->select = (Statement){.name = table->name,
                                .sqlite = select_text(arena, table),
                                .column_count = (uint8_t)count,
                                .columns = types};
    table->select.postgres = table->select.sqlite;
    table->insert = (Statement){.name = table->name,
                                .sqlite = insert_text(arena, table, '?'),
                                .postgres = insert_text(arena, table, '$'),
                                .is_write = true,
                                .param_count = (uint16_t)count,
                                .params = types};
    table->any = (Statement){
        .name = table->name,
        .sqlite = arena_printf(arena, "SELECT CAST(1 AS BIGINT) FROM \"%s\" LIMIT 1", table->name),
        .column_count = 1,
        .columns = &one_int};
    table->any.postgres = table->any.sqlite;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool take_column(Arena *arena, const TableColumnsRow *row, Table *out)
{
    TableColumn column = {.name = row->name, .key_place = row->place};
    if (out->columns.count >= TABLE_COLUMNS_MOST || !type_of(row->type, &column.type))
        return false;
    list_add(arena, &out->columns, column);
    return true;
}

bool table_read(DbConn *conn, Arena *arena, const char *name, Table *out, Error *err)
{
    TableColumnsRows rows = {0};
    bool has_key = false, is_known = true;
    if (!table_columns(conn, arena, name, &rows, err))
        return false;
    *out = (Table){.name = arena_text(arena, name)};
    list_each (const TableColumnsRow, row, &rows) {
        is_known = is_known && take_column(arena, row, out);
        has_key |= row->place == 1;
    }
    if (!has_key || !is_known)
        return db_fault(conn->db, err, ERROR_INTERNAL, "db.failed",
                        "%s is no table with a primary key", name);
    make_statements(arena, out);
    return true;
}
