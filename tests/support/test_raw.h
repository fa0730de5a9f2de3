#ifndef SUPPORT_TEST_RAW_H
#define SUPPORT_TEST_RAW_H

/*
 * Raw: a second way into a test's database, past the program: what is really stored, and whether
 * two moments are equal. Include it behind test_db.h.
 */
#include <sqlite3.h>

#include "base/text.h"
#include "service/crypto.h"

typedef struct Raw {
    Arena *arena;
    sqlite3 *sqlite; /* one of the two */
    PGconn *postgres;
} Raw;

/* ---- opening --------------------------------------------------------------------------------- */

static inline bool raw_take_file(void *data, const DbValue *columns)
{
    memcpy(data, columns[0].bytes.data, columns[0].bytes.size + 1);
    return false;
}

/* The file behind a SQLite database: ":memory:" is one too. */
static inline void raw_find_file(TestDb *test, char *out)
{
    static const DbType text[] = {DB_TEXT};
    static const Statement list = {.name = "raw_file",
                                   .sqlite = "SELECT file FROM pragma_database_list",
                                   .column_count = 1,
                                   .columns = text};
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    if (!conn || !db_run(conn, &list, NULL, raw_take_file, out, NULL, &err))
        test_db_fail(&err, "raw_find_file");
    db_release(conn);
}

static inline Raw raw_open(TestDb *test)
{
    Raw raw = {.arena = test->arena};
    char file[4096];
    if (db_engine(test->db) == DB_POSTGRES) {
        raw.postgres = PQconnectdb(test->url);
        assert_int_equal(PQstatus(raw.postgres), CONNECTION_OK);
        return raw;
    }
    raw_find_file(test, file);
    assert_int_equal(sqlite3_open(file, &raw.sqlite), SQLITE_OK);
    sqlite3_busy_timeout(raw.sqlite, 10000);
    return raw;
}

static inline void raw_close(Raw *raw)
{
    sqlite3_close(raw->sqlite);
    PQfinish(raw->postgres);
    *raw = (Raw){0};
}

/* ---- asking ---------------------------------------------------------------------------------- */

static inline void raw_add_value(Buffer *out, int column, const char *value)
{
    buffer_printf(out, "%s%s", column ? "|" : "", value ? value : "-");
}

static inline int raw_sqlite_row(void *data, int count, char **values, char **names)
{
    Buffer *out = data;
    (void)names;
    if (out->length)
        buffer_add_char(out, '\n');
    for (int i = 0; i < count; i++)
        raw_add_value(out, i, values[i]);
    return 0;
}

static inline void raw_ask_sqlite(Raw *raw, const char *sql, Buffer *out)
{
    char *message = NULL;
    if (sqlite3_exec(raw->sqlite, sql, raw_sqlite_row, out, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static inline void raw_ask_postgres(Raw *raw, const char *sql, Buffer *out)
{
    PGresult *result = PQexec(raw->postgres, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(raw->postgres));
    for (int row = 0; row < PQntuples(result); row++) {
        if (row)
            buffer_add_char(out, '\n');
        for (int i = 0; i < PQnfields(result); i++)
            raw_add_value(out, i, PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i));
    }
    PQclear(result);
}

/* Runs SQL that both databases understand and gives its rows as "a|b" lines, NULL as "-". */
static inline const char *raw_ask(Raw *raw, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline const char *raw_ask(Raw *raw, const char *format, ...)
{
    Buffer out = buffer_init(raw->arena, 0);
    va_list args;
    va_start(args, format);
    const char *sql = arena_vprintf(raw->arena, format, args);
    va_end(args);
    if (raw->sqlite)
        raw_ask_sqlite(raw, sql, &out);
    else
        raw_ask_postgres(raw, sql, &out);
    return buffer_text(&out);
}

/* One whole number; -1 when there is no row or a NULL. */
static inline int64_t raw_number(Raw *raw, const char *sql)
{
    int64_t number = -1;
    text_to_int64(raw_ask(raw, "%s", sql), &number);
    return number;
}

/* ---- everything ------------------------------------------------------------------------------ */

static inline size_t raw_tables(Raw *raw, const char ***out)
{
    const char *names =
        raw->sqlite ? raw_ask(raw, "SELECT name FROM sqlite_master WHERE type = 'table' AND name "
                                   "NOT LIKE 'sqlite_%%' ORDER BY name")
                    : raw_ask(raw, "SELECT tablename FROM pg_tables WHERE schemaname = "
                                   "current_schema() ORDER BY tablename");
    return text_split(raw->arena, names, '\n', out);
}

static inline void raw_add_sqlite_value(Buffer *out, sqlite3_stmt *statement, int i)
{
    const void *blob = sqlite3_column_blob(statement, i);
    size_t size = (size_t)sqlite3_column_bytes(statement, i);
    if (sqlite3_column_type(statement, i) == SQLITE_BLOB)
        buffer_add(out, text_hex(out->arena, blob, size));
    else
        raw_add_value(out, 0, (const char *)sqlite3_column_text(statement, i));
    buffer_add_char(out, '|');
}

static inline void raw_add_sqlite_table(Raw *raw, Arena *arena, const char *table, Buffer *out)
{
    sqlite3_stmt *statement;
    const char *sql = arena_printf(arena, "SELECT * FROM \"%s\" ORDER BY 1, 2, 3", table);
    if (sqlite3_prepare_v2(raw->sqlite, sql, -1, &statement, NULL) != SQLITE_OK) {
        sql = arena_printf(arena, "SELECT * FROM \"%s\" ORDER BY 1", table);
        assert_int_equal(sqlite3_prepare_v2(raw->sqlite, sql, -1, &statement, NULL), SQLITE_OK);
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            raw_add_sqlite_value(out, statement, i);
        buffer_add_char(out, '\n');
    }
    sqlite3_finalize(statement);
}

/* Every row of every table but the published definitions, whose scenarios tell of the same invented
 * people as the tests; bytes in lower-case hexadecimal. */
static inline const char *raw_dump(Raw *raw)
{
    const char **tables;
    size_t count = raw_tables(raw, &tables);
    Buffer out = buffer_init(raw->arena, 0);
    for (size_t i = 0; i < count; i++) {
        if (text_equal(tables[i], "definition"))
            continue;
        buffer_printf(&out, "== %s\n", tables[i]);
        if (raw->sqlite)
            raw_add_sqlite_table(raw, raw->arena, tables[i], &out);
        else
            buffer_printf(&out, "%s\n",
                          raw_ask(raw, "SELECT t::text FROM \"%s\" t ORDER BY 1", tables[i]));
    }
    return buffer_text(&out);
}

static inline const char *raw_prints_of_sqlite(Raw *raw, const char **tables, size_t count)
{
    Buffer prints = buffer_init(raw->arena, 0);
    Arena *scratch = arena_create(0);
    for (size_t i = 0; i < count; i++) {
        Buffer rows = buffer_init(scratch, 0);
        raw_add_sqlite_table(raw, scratch, tables[i], &rows);
        buffer_printf(&prints, "%s %s\n", tables[i],
                      crypto_hash(scratch, buffer_text(&rows), rows.length));
        arena_clear(scratch);
    }
    arena_destroy(scratch);
    return buffer_text(&prints);
}

static inline const char *raw_prints_of_postgres(Raw *raw, const char **tables, size_t count)
{
    Buffer sql = buffer_init(raw->arena, 0);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&sql,
                      "%sSELECT '%s ' || md5(COALESCE(string_agg(t::text, ' ' ORDER BY t::text), "
                      "'')) FROM \"%s\" t",
                      i ? " UNION ALL " : "", tables[i], tables[i]);
    buffer_add(&sql, " ORDER BY 1"); /* workers side by side keep no order */
    return raw_ask(raw, "%s", buffer_text(&sql));
}

/* One line per table with a hash of all its rows: equal when nothing has changed. */
static inline const char *raw_prints(Raw *raw)
{
    const char **tables;
    size_t count = raw_tables(raw, &tables);
    return raw->sqlite ? raw_prints_of_sqlite(raw, tables, count)
                       : raw_prints_of_postgres(raw, tables, count);
}

/* The first table that differs between two prints; NULL when they are equal. */
static inline const char *raw_difference(Arena *arena, const char *before, const char *after)
{
    const char **was, **is;
    size_t was_count = text_split(arena, before, '\n', &was);
    size_t is_count = text_split(arena, after, '\n', &is);
    for (size_t i = 0; i < was_count && i < is_count; i++)
        if (!text_equal(was[i], is[i]))
            return is[i];
    return was_count == is_count ? NULL : "a table more or less";
}

#endif
