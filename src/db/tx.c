/*
 * tx.c - what a command may ask of its transaction, and the sums that a batch shares.
 *
 * A command adds hooks and deltas to lists of its own; only when it has succeeded they move into
 * the batch. So a refused command takes its share along by simply not being accepted.
 */
#include "db/db_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

DbConn *tx_conn(Tx *tx)
{
    return tx->conn;
}

Arena *tx_arena(Tx *tx)
{
    return tx->arena;
}

Instant tx_now(const Tx *tx)
{
    return tx->now;
}

Id tx_new_id(Tx *tx)
{
    return id_next(&tx->db->ids);
}

Db *tx_db(Tx *tx)
{
    return tx->db;
}

void tx_after_commit(Tx *tx, void (*hook)(void *data), void *data)
{
    list_add(tx->batch_arena, &tx->own_hooks, (Hook){.call = hook, .data = data});
}

void tx_add_delta(Tx *tx, DeltaFlush flush, const char *key, const int64_t *sums, size_t count)
{
    assert(count <= MOST_SUMS && !tx->is_flushing);
    Delta delta = {.flush = flush, .key = arena_text(tx->arena, key), .count = count};
    memcpy(delta.sums, sums, count * sizeof *sums);
    list_add(tx->arena, &tx->own_deltas, delta);
}

void tx_start_batch(Tx *tx)
{
    arena_clear(tx->batch_arena);
    tx->sums = map_init(tx->batch_arena);
    tx->hooks = (Hooks){0};
    tx->draws = (Draws){0};
    tx->rows = 0;
    tx->journal_state = 0;
}

void tx_start_command(Tx *tx, Arena *arena)
{
    arena_clear(arena);
    tx->arena = arena;
    tx->now = clock_now(tx->db->options.clock);
    tx->has_written = false;
    tx->entry_tree = NULL;
    tx->failure = ERROR_NONE;
    tx->own_deltas = (Deltas){0};
    tx->own_hooks = (Hooks){0};
}

static Delta *sum_for(Tx *tx, const Delta *delta)
{
    Delta *first = map_get(&tx->sums, delta->key), *sum = first;
    while (sum && sum->flush != delta->flush)
        sum = sum->next;
    if (sum)
        return sum;
    sum = arena_new(tx->batch_arena, Delta);
    *sum = (Delta){.flush = delta->flush, .count = delta->count, .next = first};
    sum->key = first ? first->key : arena_text(tx->batch_arena, delta->key);
    map_set(&tx->sums, sum->key, sum);
    return sum;
}

void tx_accept_command(Tx *tx)
{
    list_each (Delta, delta, &tx->own_deltas) {
        Delta *sum = sum_for(tx, delta);
        assert(sum->count == delta->count);
        for (size_t i = 0; i < delta->count; i++)
            sum->sums[i] += delta->sums[i];
    }
    list_each (Hook, hook, &tx->own_hooks)
        list_add(tx->batch_arena, &tx->hooks, *hook);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const MapEntry *)a)->key, ((const MapEntry *)b)->key);
}

static bool flush_key(Tx *tx, const Delta *sums, Error *err)
{
    for (const Delta *sum = sums; sum; sum = sum->next)
        if (!sum->flush(tx, sum->key, sum->sums, sum->count, err) || error_is_set(&tx->failure))
            return false;
    return true;
}

/* In order of key, so that two writers on PostgreSQL lock shared rows in the same order. */
static bool flush_deltas(Tx *tx, Error *err)
{
    size_t count = tx->sums.count;
    MapEntry *entries = arena_copy(tx->batch_arena, tx->sums.entries, count * sizeof *entries);
    qsort(entries, count, sizeof *entries, by_key);
    for (size_t i = 0; i < count; i++)
        if (!flush_key(tx, entries[i].value, err))
            return false;
    return true;
}

static bool give_back(Tx *tx, Error *err)
{
    list_each (Draw, draw, &tx->draws)
        if (draw->unused > 0 && !draw->source->give_back(tx, draw->key, draw->unused, err))
            return false;
    return true;
}

bool tx_flush(Tx *tx, Error *err)
{
    if (tx->sums.count == 0 && tx->draws.count == 0)
        return true;
    tx->arena = tx->batch_arena;
    tx->own_hooks = (Hooks){0};
    tx->is_flushing = true;
    bool is_flushed = flush_deltas(tx, err) && give_back(tx, err);
    tx->is_flushing = false;
    list_each (Hook, hook, &tx->own_hooks)
        list_add(tx->batch_arena, &tx->hooks, *hook);
    return is_flushed;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static Draw *draw_for(Tx *tx, const NumberSource *source, const char *key)
{
    list_each (Draw, draw, &tx->draws)
        if (draw->source == source && text_equal(draw->key, key))
            return draw;
    Draw draw = {.source = source, .key = arena_text(tx->batch_arena, key)};
    list_add(tx->batch_arena, &tx->draws, draw);
    return &tx->draws.items[tx->draws.count - 1];
}

bool tx_draw(Tx *tx, const NumberSource *source, const char *key, int64_t *out, Error *err)
{
    Draw *draw = draw_for(tx, source, key);
    if (draw->unused == 0) {
        int64_t most = (int64_t)tx->commands_left;
        if (!source->draw(tx, key, most, &draw->last, err))
            return false;
        draw->unused = most;
    }
    *out = draw->last - --draw->unused;
    return true;
}

bool tx_script(Tx *tx, const char *name, const char *sql, Error *err)
{
    Error failure = ERROR_NONE;
    tx->has_written = true;
    if (db_may_run(tx->db, name, &failure) &&
        tx->conn->engine->script(tx->conn, name, sql, &failure))
        return true;
    error_fill(&tx->failure, failure);
    return error_fill(err, failure);
}

void tx_run_hooks(Tx *tx)
{
    list_each (Hook, hook, &tx->hooks)
        hook->call(hook->data);
}
