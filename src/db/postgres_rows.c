/* postgres_rows.c - the texts of statements with several rows, and the cache of them. */
#include "db/postgres_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/db_internal.h"
#include "db/postgres_value.h"

struct PgRowsCache {
    Arena *arena;
    StatementCache rows;
};

PgRowsCache *pg_rows_create(void)
{
    PgRowsCache *cache = calloc(1, sizeof *cache);
    if (!cache) {
        fputs("out of memory\n", stderr);
        abort();
    }
    cache->arena = arena_create(0);
    return cache;
}

void pg_rows_destroy(PgRowsCache *cache)
{
    statement_cache_finish(&cache->rows);
    arena_destroy(cache->arena);
    free(cache);
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_word_at(const char *from, const char *at, const char *to, size_t length)
{
    return (at == from || !is_word(at[-1])) && (at + length == to || !is_word(at[length]));
}

static bool has_word(const char *from, const char *to, const char *word, size_t length)
{
    for (const char *at = from; at + length <= to; at++)
        if (memcmp(at, word, length) == 0 && is_word_at(from, at, to, length))
            return true;
    return false;
}

/* Whether the name at `at` can only be a column's. Back over a list of plain names stands what the
 * list is: SELECT a, b or WHERE a or a parenthesis, but FROM a, b. */
static bool is_column(const char *from, const char *at)
{
    static const char *const before_columns[] = {"SELECT", "WHERE", "AND", "BY", "SET"};
    while (at > from && (islower((unsigned char)at[-1]) || strchr("_, \n", at[-1])))
        at--;
    if (at == from)
        return false;
    if (strchr(".(=", at[-1]))
        return true;
    size_t length = 0;
    while (at - length > from && isupper((unsigned char)at[-1 - (ptrdiff_t)length]))
        length++;
    for (size_t i = 0; i < sizeof before_columns / sizeof before_columns[0]; i++)
        if (strlen(before_columns[i]) == length &&
            memcmp(at - length, before_columns[i], length) == 0)
            return true;
    return false;
}

bool pg_names(const char *sql, const char *table)
{
    size_t length = strlen(table);
    const char *end = sql + strlen(sql);
    for (const char *at = sql; (at = strstr(at, table)); at++)
        if (is_word_at(sql, at, end, length) && !is_column(sql, at))
            return true;
    return false;
}

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \n");
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Copies a text whose parameters $1, $2 ... become `prefix` and their number, counted on. */
static void add_text(Buffer *out, const char *from, const char *to, const char *prefix, int shift)
{
    for (const char *at = from; at < to; at++) {
        if (*at != '$' || !isdigit((unsigned char)at[1])) {
            buffer_add_char(out, *at);
            continue;
        }
        int number = 0;
        for (; isdigit((unsigned char)at[1]); at++)
            number = number * 10 + (at[1] - '0');
        buffer_add(out, prefix);
        buffer_add_int64(out, number + shift);
    }
}

/* "(VALUES (0, $1, $2), (1, $3, $4)) AS v (n, p1, p2)" */
static void add_values(Buffer *out, int params, int rows)
{
    buffer_add(out, "(VALUES ");
    for (int i = 0; i < rows; i++) {
        buffer_add(out, i > 0 ? ", (" : "(");
        buffer_add_int64(out, i);
        for (int k = 1; k <= params; k++) {
            buffer_add(out, ", $");
            buffer_add_int64(out, i * params + k);
        }
        buffer_add(out, ")");
    }
    buffer_add(out, ") AS v (n");
    for (int k = 1; k <= params; k++) {
        buffer_add(out, ", p");
        buffer_add_int64(out, k);
    }
    buffer_add(out, ")");
}

/* An INSERT in three: up to the row, the row in its parentheses, what follows. */
typedef struct Parts {
    const char *row, *rest;
} Parts;

/* False when it has another shape; texts in quotes may hold no parenthesis. */
static bool split_insert(const char *sql, Parts *out)
{
    if (!text_starts_with(sql, "INSERT INTO ") || strstr(sql, "SELECT") ||
        strstr(sql, "DO UPDATE") || strstr(sql, "RETURNING"))
        return false;
    const char *values = strstr(sql, "VALUES (");
    if (!values)
        return false;
    const char *row = values + strlen("VALUES "), *end = strchr(row, ')');
    if (!end || memchr(row + 1, '(', (size_t)(end - row - 1)))
        return false;
    *out = (Parts){.row = row, .rest = end + 1};
    return true;
}

static void add_insert(Buffer *out, const Statement *one, int rows)
{
    Parts parts = {0};
    split_insert(one->postgres, &parts);
    buffer_add_n(out, one->postgres, (size_t)(parts.row - one->postgres));
    for (int i = 0; i < rows; i++) {
        buffer_add(out, i > 0 ? ", " : "");
        add_text(out, parts.row, parts.rest, "$", i * one->param_count);
    }
    buffer_add(out, parts.rest);
}

static void add_update(Buffer *out, const Statement *one, int rows)
{
    const char *sql = one->postgres, *where = strstr(sql, "WHERE ");
    add_text(out, sql, where, "v.p", 0);
    buffer_add(out, "FROM ");
    add_values(out, one->param_count, rows);
    buffer_add(out, " ");
    add_text(out, where, sql + strlen(sql), "v.p", 0);
}

static void add_select(Buffer *out, const Statement *one, int rows)
{
    const char *sql = one->postgres;
    buffer_add(out, "SELECT v.n, r.* FROM ");
    add_values(out, one->param_count, rows);
    buffer_add(out, " CROSS JOIN LATERAL (");
    add_text(out, sql, sql + strlen(sql), "v.p", 0);
    buffer_add(out, ") AS r");
}

/* ---- what a statement is --------------------------------------------------------------------- */

/* One "column = $3" of a condition; the place behind it, or NULL. */
static const char *read_comparison(const char *at, const char **out_column, size_t *out_length,
                                   int *out_param)
{
    const char *column = skip_spaces(at), *end = column;
    while (is_word(*end))
        end++;
    at = skip_spaces(end);
    if (end == column || *at != '=')
        return NULL;
    at = skip_spaces(at + 1);
    if (*at != '$')
        return NULL;
    int number = 0;
    for (at++; isdigit((unsigned char)*at); at++)
        number = number * 10 + (*at - '0');
    *out_column = column;
    *out_length = (size_t)(end - column);
    *out_param = number - 1;
    return skip_spaces(at);
}

/* A column that the statement sets tells no rows apart: an earlier call may have changed it. */
static bool find_keys(PgRows *rows, const char *set, const char *where)
{
    const char *column, *at = where + strlen("WHERE ");
    size_t length;
    int param;
    while ((at = read_comparison(at, &column, &length, &param))) {
        if (!has_word(set, where, column, length) && rows->key_count < PG_MOST_KEYS)
            rows->keys[rows->key_count++] = param;
        if (!*at)
            return rows->key_count > 0;
        if (!text_starts_with(at, "AND "))
            return false;
        at += strlen("AND ");
    }
    return false;
}

static bool is_update(PgRows *rows, const char *sql)
{
    const char *set = strstr(sql, "SET "), *where = strstr(sql, "WHERE ");
    return text_starts_with(sql, "UPDATE ") && set && where && set < where &&
           !strstr(sql, "SELECT") && !strstr(sql, "FROM ") && !strstr(sql, "RETURNING") &&
           find_keys(rows, set, where);
}

static PgRowsKind recognise(PgRows *rows, const char *sql)
{
    Parts parts;
    if (text_starts_with(sql, "SELECT "))
        return PG_SELECT;
    if (split_insert(sql, &parts))
        return PG_INSERT;
    return is_update(rows, sql) ? PG_UPDATE : PG_ONE_ROW;
}

static const Statement *with_rows(Arena *arena, PgRowsKind kind, const Statement *one, int count)
{
    static void (*const add[])(Buffer *, const Statement *, int) = {
        [PG_INSERT] = add_insert, [PG_UPDATE] = add_update, [PG_SELECT] = add_select};
    int params = one->param_count * count;
    Buffer text = buffer_init(arena, 0);
    add[kind](&text, one, count);
    DbType *types = arena_array(arena, DbType, (size_t)params);
    for (int i = 0; i < params; i++)
        types[i] = one->params[i % one->param_count];
    Statement *many = arena_new(arena, Statement);
    *many = *one;
    many->postgres = buffer_text(&text);
    many->param_count = (uint16_t)params;
    many->params = types;
    return many;
}

static PgRows *make(Arena *arena, const Statement *one)
{
    PgRows *rows = arena_new(arena, PgRows);
    *rows = (PgRows){.one = one};
    if (one->param_count > 0)
        rows->kind = recognise(rows, one->postgres);
    if (rows->kind == PG_ONE_ROW)
        return rows;
    int sizes = rows->kind == PG_SELECT ? PG_SIZES : PG_WRITE_SIZES;
    for (int i = 0; i < sizes && (one->param_count << i) <= MOST_PARAMS; i++) {
        rows->most = 1 << i;
        rows->of_size[i] = i ? with_rows(arena, rows->kind, one, rows->most) : one;
    }
    const char *verb = rows->kind == PG_INSERT ? "INSERT INTO " : "UPDATE ";
    const char *name = one->postgres + strlen(verb);
    if (rows->kind != PG_SELECT)
        rows->table = arena_text_n(arena, name, strcspn(name, " (\n"));
    return rows;
}

const PgRows *pg_rows_of(PgRowsCache *cache, const Statement *one)
{
    PgRows *rows = statement_cache_get(&cache->rows, one);
    if (!rows) {
        rows = make(cache->arena, one);
        statement_cache_put(&cache->rows, one, rows);
    }
    return rows->kind == PG_ONE_ROW ? NULL : rows;
}

const Statement *pg_rows_for(const PgRows *rows, int count, int *out_rows)
{
    int size = 0;
    if (rows->kind == PG_INSERT)
        while (2 << size <= count && 2 << size <= rows->most)
            size++;
    else
        while (1 << size < count && 2 << size <= rows->most)
            size++;
    *out_rows = 1 << size;
    return rows->of_size[size];
}
