/* postgres_group.c - rows that wait, by statement. */
#include "db/postgres_group.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/db_internal.h"
#include "db/postgres_value.h"

enum { MOST_GROUPS = 63 };

typedef struct Group {
    const PgRows *rows;
    int first, count; /* rows that wait */
    DbValue *values;  /* room for as many as the largest statement takes */
} Group;

struct PgGroups {
    PgRowsCache *rows;
    Arena *arena;  /* of the groups */
    Arena *values; /* of texts and bytes that wait */
    int count;
    Group groups[MOST_GROUPS];
    StatementCache places; /* statement -> its group */
    StatementCache named;  /* statement -> bits of the groups whose tables it names, and IS_KNOWN */
};

static const uint64_t IS_KNOWN = UINT64_C(1) << MOST_GROUPS;

PgGroups *pg_groups_create(PgRowsCache *rows)
{
    PgGroups *all = calloc(1, sizeof *all);
    if (!all) {
        fputs("out of memory\n", stderr);
        abort();
    }
    all->rows = rows;
    all->arena = arena_create(0);
    all->values = arena_create(0);
    return all;
}

void pg_groups_destroy(PgGroups *all)
{
    statement_cache_finish(&all->places);
    statement_cache_finish(&all->named);
    arena_destroy(all->values);
    arena_destroy(all->arena);
    free(all);
}

void pg_groups_clear(PgGroups *all)
{
    for (int i = 0; i < all->count; i++)
        all->groups[i].first = all->groups[i].count = 0;
    arena_clear(all->values);
}

/* ---- joining --------------------------------------------------------------------------------- */

bool pg_groups_can_take(PgGroups *all, const Statement *statement)
{
    if (statement_cache_get(&all->places, statement))
        return true;
    const PgRows *rows = pg_rows_of(all->rows, statement);
    if (!rows || rows->kind == PG_SELECT || all->count == MOST_GROUPS)
        return false;
    size_t values = (size_t)rows->most * statement->param_count;
    Group *group = &all->groups[all->count++];
    *group = (Group){.rows = rows, .values = arena_array(all->arena, DbValue, values)};
    statement_cache_put(&all->places, statement, group);
    statement_cache_finish(&all->named); /* they do not know this group's table */
    return true;
}

void pg_groups_take(PgGroups *all, const Statement *statement, const DbValue *params)
{
    Group *group = statement_cache_get(&all->places, statement);
    ptrdiff_t at = (ptrdiff_t)(group->first + group->count) * statement->param_count;
    pg_values_copy(all->values, group->values + at, params, statement->param_count);
    group->count++;
}

static bool has_same_keys(const PgRows *rows, const DbValue *a, const DbValue *b)
{
    for (int i = 0; i < rows->key_count; i++)
        if (!pg_value_is_same(&a[rows->keys[i]], &b[rows->keys[i]]))
            return false;
    return true;
}

/* An update of a row that waits to be updated has to see that first. */
static bool may_join(const Group *group, const DbValue *params)
{
    const Statement *one = group->rows->one;
    if (group->rows->kind == PG_INSERT || !one)
        return true;
    const DbValue *row = group->values;
    for (int i = 0; i < group->count; i++, row += one->param_count)
        if (has_same_keys(group->rows, row, params))
            return false;
    return true;
}

/* ---- leaving --------------------------------------------------------------------------------- */

/* The groups whose tables a statement names, as bits; looked for once, since it takes long. */
static uint64_t named_by(PgGroups *all, const Statement *statement)
{
    uint64_t bits = (uint64_t)(uintptr_t)statement_cache_get(&all->named, statement);
    if (bits)
        return bits;
    bits = IS_KNOWN;
    for (int i = 0; i < all->count; i++)
        if (pg_names(statement->postgres, all->groups[i].rows->table))
            bits |= UINT64_C(1) << i;
    statement_cache_put(&all->named, statement, (void *)(uintptr_t)bits);
    return bits;
}

static bool is_due(const Group *group, bool is_named, const Statement *before,
                   const DbValue *params, bool is_joining)
{
    if (group->count == group->rows->most || group->first > 0)
        return true;
    return is_named && !(is_joining && group->rows->one == before && may_join(group, params));
}

static void fill_up(const Group *group, int rows)
{
    int params = group->rows->one->param_count;
    for (int i = group->count * params; i < rows * params; i++)
        group->values[i] = (DbValue){.type = group->rows->one->params[i % params], .is_null = true};
}

/* Only inserts leave in several statements: the others are filled up. */
static void leave(Group *group, const Statement **out_statement, const DbValue **out_params)
{
    int rows, width = group->rows->one->param_count;
    *out_statement = pg_rows_for(group->rows, group->count, &rows);
    *out_params = group->values + (ptrdiff_t)group->first * width;
    if (rows > group->count)
        fill_up(group, rows);
    group->count -= rows < group->count ? rows : group->count;
    group->first = group->count > 0 ? group->first + rows : 0;
}

bool pg_groups_next(PgGroups *all, const Statement *statement, const DbValue *params,
                    bool is_joining, const Statement **out_statement, const DbValue **out_params)
{
    uint64_t named = statement ? named_by(all, statement) : UINT64_MAX;
    for (int i = 0; i < all->count; i++) {
        Group *group = &all->groups[i];
        if (group->count == 0 || !is_due(group, named >> i & 1, statement, params, is_joining))
            continue;
        leave(group, out_statement, out_params);
        return true;
    }
    return false;
}
