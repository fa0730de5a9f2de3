/*
 * postgres_group.c - rows that wait, by statement; and the statements with 2, 4, 8, 16 rows that
 * are made of one with a single row.
 *
 *     INSERT INTO t (a, b) VALUES ($1, $2)  ->  INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)
 *
 * A few sizes rather than any number: each is prepared and planned once a connection.
 */
#include "db/postgres_group.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "db/postgres_value.h"

enum { SIZES = 5 }; /* 1 << 0 to 1 << 4 rows */

typedef struct Group {
    const Statement *statement;      /* with one row */
    const Statement *of_size[SIZES]; /* with 1 << i rows; NULL: too many parameters */
    const char *table;
    int most;         /* rows of the largest */
    int first, count; /* rows that wait */
    DbValue *values;  /* room for `most` rows */
} Group;

struct PgGroups {
    Arena *arena;  /* of the groups */
    Arena *values; /* of texts and bytes that wait */
    LIST(Group) groups;
};

PgGroups *pg_groups_create(void)
{
    PgGroups *all = calloc(1, sizeof *all);
    if (!all) {
        fputs("out of memory\n", stderr);
        abort();
    }
    all->arena = arena_create(0);
    all->values = arena_create(0);
    return all;
}

void pg_groups_destroy(PgGroups *all)
{
    arena_destroy(all->values);
    arena_destroy(all->arena);
    free(all);
}

void pg_groups_clear(PgGroups *all)
{
    list_each (Group, group, &all->groups)
        group->first = group->count = 0;
    arena_clear(all->values);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* A statement's text in three: up to the row, the row in its parentheses, what follows. */
typedef struct Parts {
    const char *row, *rest;
} Parts;

/* False when it has another shape; texts in quotes may hold no parenthesis. */
static bool split(const char *sql, Parts *out)
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

/* The row again, its parameters counted on by `shift`. */
static void add_row(Buffer *out, Parts parts, int shift)
{
    for (const char *at = parts.row; at < parts.rest; at++) {
        buffer_add_char(out, *at);
        if (*at != '$')
            continue;
        int number = 0;
        for (; isdigit((unsigned char)at[1]); at++)
            number = number * 10 + (at[1] - '0');
        buffer_add_int64(out, number + shift);
    }
}

static const Statement *with_rows(Arena *arena, const Statement *one, Parts parts, int rows)
{
    int params = one->param_count;
    Buffer text = buffer_init(arena, 0);
    buffer_add_n(&text, one->postgres, (size_t)(parts.row - one->postgres));
    for (int i = 0; i < rows; i++) {
        buffer_add(&text, i > 0 ? ", " : "");
        add_row(&text, parts, i * params);
    }
    buffer_add(&text, parts.rest);
    DbType *types = arena_array(arena, DbType, (size_t)(rows * params));
    for (int i = 0; i < rows * params; i++)
        types[i] = one->params[i % params];
    Statement *many = arena_new(arena, Statement);
    *many = *one;
    many->postgres = buffer_text(&text);
    many->param_count = (uint8_t)(rows * params);
    many->params = types;
    return many;
}

static const char *table_of(Arena *arena, const char *sql)
{
    const char *name = sql + strlen("INSERT INTO ");
    return arena_text_n(arena, name, strcspn(name, " (\n"));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static Group *group_for(PgGroups *all, const Statement *statement)
{
    Parts parts;
    list_each (Group, known, &all->groups)
        if (known->statement == statement)
            return known;
    if (statement->param_count == 0 || !split(statement->postgres, &parts))
        return NULL;
    Group group = {.statement = statement, .table = table_of(all->arena, statement->postgres)};
    for (int i = 0; i < SIZES && (statement->param_count << i) <= MOST_PARAMS; i++) {
        group.most = 1 << i;
        group.of_size[i] = i ? with_rows(all->arena, statement, parts, group.most) : statement;
    }
    group.values = arena_array(all->arena, DbValue, (size_t)(group.most * statement->param_count));
    list_add(all->arena, &all->groups, group);
    return &all->groups.items[all->groups.count - 1];
}

bool pg_groups_take(PgGroups *all, const Statement *statement, const DbValue *params)
{
    Group *group = group_for(all, statement);
    if (!group)
        return false;
    DbValue *row =
        group->values + (ptrdiff_t)(group->first + group->count) * statement->param_count;
    pg_values_copy(all->values, row, params, statement->param_count);
    group->count++;
    return true;
}

/* As a whole word; the name of an index or of another table may begin with it. */
static bool names(const char *sql, const char *table)
{
    size_t length = strlen(table);
    for (const char *at = strstr(sql, table); at; at = strstr(at + length, table))
        if (!isalnum((unsigned char)at[length]) && at[length] != '_')
            return true;
    return false;
}

static void next_of(Group *group, const Statement **out_statement, const DbValue **out_params)
{
    int size = SIZES - 1;
    while (!group->of_size[size] || (1 << size) > group->count)
        size--;
    *out_statement = group->of_size[size];
    *out_params = group->values + (ptrdiff_t)group->first * group->statement->param_count;
    group->count -= 1 << size;
    group->first = group->count > 0 ? group->first + (1 << size) : 0;
}

bool pg_groups_next(PgGroups *all, const char *sql, const Statement **out_statement,
                    const DbValue **out_params)
{
    list_each (Group, group, &all->groups) {
        bool is_due = !sql || group->count == group->most || group->first > 0 ||
                      (group->count > 0 && names(sql, group->table));
        if (!is_due || group->count == 0)
            continue;
        next_of(group, out_statement, out_params);
        return true;
    }
    return false;
}
