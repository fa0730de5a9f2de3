/*
 * postgres_expected.c - announced reads in a list of bounded length, searched from the front: a
 * batch has about a hundred, and a comparison of two addresses decides for most of them.
 */
#include "db/postgres_expected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres_value.h"

enum { MOST_EXPECTED = 256 };

struct PgExpectations {
    Arena *arena; /* of the values */
    int count;
    PgExpected items[MOST_EXPECTED];
};

PgExpectations *pg_expectations_create(void)
{
    PgExpectations *all = calloc(1, sizeof *all);
    if (!all) {
        fputs("out of memory\n", stderr);
        abort();
    }
    all->arena = arena_create(0);
    return all;
}

void pg_expectations_destroy(PgExpectations *all)
{
    pg_expectations_clear(all);
    arena_destroy(all->arena);
    free(all);
}

void pg_expectations_clear(PgExpectations *all)
{
    for (int i = 0; i < all->count; i++)
        PQclear(all->items[i].answer);
    all->count = 0;
    arena_clear(all->arena);
}

bool pg_expectations_full(const PgExpectations *all)
{
    return all->count == MOST_EXPECTED;
}

PgExpected *pg_expect(PgExpectations *all, const Statement *statement, const DbValue *params)
{
    DbValue *copy = arena_array(all->arena, DbValue, statement->param_count + (size_t)1);
    pg_values_copy(all->arena, copy, params, statement->param_count);
    PgExpected *expected = &all->items[all->count++];
    *expected = (PgExpected){.statement = statement, .params = copy};
    return expected;
}

static bool is_same(const DbValue *a, const DbValue *b)
{
    if (a->is_null || b->is_null || a->type != b->type)
        return a->is_null && b->is_null;
    switch (a->type) {
    case DB_INT: return a->integer == b->integer;
    /* As bits on purpose: a NaN is the same as itself, and -0 is not 0. */
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    case DB_REAL: return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    default: break;
    }
    return a->bytes.size == b->bytes.size &&
           (a->bytes.size == 0 || memcmp(a->bytes.data, b->bytes.data, a->bytes.size) == 0);
}

static bool has_values(const PgExpected *expected, const DbValue *params)
{
    for (int i = 0; i < expected->statement->param_count; i++)
        if (!is_same(&expected->params[i], &params[i]))
            return false;
    return true;
}

PgExpected *pg_expected_find(PgExpectations *all, const Statement *statement, const DbValue *params)
{
    for (int i = 0; i < all->count; i++)
        if (all->items[i].statement == statement && has_values(&all->items[i], params))
            return &all->items[i];
    return NULL;
}

void pg_expected_end(PgExpected *expected)
{
    PQclear(expected->answer);
    *expected = (PgExpected){0};
}
