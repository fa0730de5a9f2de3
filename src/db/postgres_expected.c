/*
 * postgres_expected.c - announced reads in a list of bounded length, searched from the front: a
 * batch has about a hundred, and a comparison of two addresses decides for most of them.
 */
#include "db/postgres_expected.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/postgres_value.h"

enum { MOST_EXPECTED = 512 };

struct PgExpectations {
    PgRowsCache *rows;
    Arena *arena; /* of the values */
    int count, sent, answer_count;
    PgExpected items[MOST_EXPECTED];
    PgAnswer answers[MOST_EXPECTED];
};

PgExpectations *pg_expectations_create(PgRowsCache *rows)
{
    PgExpectations *all = calloc(1, sizeof *all);
    if (!all) {
        fputs("out of memory\n", stderr);
        abort();
    }
    all->rows = rows;
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
    for (int i = 0; i < all->answer_count; i++)
        PQclear(all->answers[i].result);
    all->count = all->sent = all->answer_count = 0;
    arena_clear(all->arena);
}

bool pg_expect(PgExpectations *all, const Statement *statement, const DbValue *params)
{
    if (all->count == MOST_EXPECTED)
        return false;
    DbValue *copy = arena_array(all->arena, DbValue, statement->param_count + (size_t)1);
    pg_values_copy(all->arena, copy, params, statement->param_count);
    all->items[all->count++] = (PgExpected){.statement = statement, .params = copy, .number = -1};
    return true;
}

/* ---- sending --------------------------------------------------------------------------------- */

static PgAnswer *new_answer(PgExpectations *all)
{
    PgAnswer *answer = &all->answers[all->answer_count++];
    answer->result = NULL;
    return answer;
}

/* Those from `first` on with its statement that are not sent yet, at most as many as the largest
 * form takes. */
static int gather(PgExpectations *all, int first, int most, PgExpected *out[])
{
    int count = 0;
    for (int i = first; i < all->count && count < most; i++)
        if (!all->items[i].answer && all->items[i].statement == all->items[first].statement)
            out[count++] = &all->items[i];
    return count;
}

static const DbValue *values_of(PgExpectations *all, PgExpected *const *items, int count, int rows)
{
    const Statement *statement = items[0]->statement;
    int width = statement->param_count;
    DbValue *values = arena_array(all->arena, DbValue, (size_t)(rows * width));
    for (int i = 0; i < rows * width; i++)
        values[i] = i / width < count
                        ? items[i / width]->params[i % width]
                        : (DbValue){.type = statement->params[i % width], .is_null = true};
    return values;
}

bool pg_expected_next(PgExpectations *all, const Statement **out_statement,
                      const DbValue **out_params, PgAnswer **out_answer)
{
    while (all->sent < all->count && all->items[all->sent].answer)
        all->sent++;
    if (all->sent == all->count)
        return false;
    PgExpected *first = &all->items[all->sent], *items[1 << PG_SIZES] = {first};
    const PgRows *rows = pg_rows_of(all->rows, first->statement);
    int size = 1, count = rows ? gather(all, all->sent, rows->most, items) : 1;
    *out_statement = rows ? pg_rows_for(rows, count, &size) : first->statement;
    *out_params = values_of(all, items, count, size);
    *out_answer = new_answer(all);
    for (int i = 0; i < count; i++) {
        items[i]->answer = *out_answer;
        items[i]->number = size > 1 ? i : -1;
    }
    return true;
}

/* ---- using ----------------------------------------------------------------------------------- */

static bool has_values(const PgExpected *expected, const DbValue *params)
{
    for (int i = 0; i < expected->statement->param_count; i++)
        if (!pg_value_is_same(&expected->params[i], &params[i]))
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
    expected->statement = NULL;
}
