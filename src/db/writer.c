/*
 * writer.c - the queue of commands and the threads that commit them in groups (decisions.md 2).
 *
 *     db_submit -> queue -> a writer takes what has gathered -> one transaction -> done, each
 *
 * A batch runs without savepoints: a command that refuses before its first write leaves nothing to
 * undo. When one fails after a write the batch is rolled back and its commands run singly. While a
 * commit waits for the disk the next batch gathers; so the group grows with the load by itself.
 */
#include "db/db_internal.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "db/queue.h"

enum { BATCH_RETRIES = 2, SINGLE_RETRIES = 20, COMMAND_MEMORY = 64 * 1024 * 1024 };

typedef struct Writer {
    WriterPool *pool;
    pthread_t thread;
    DbConn *conn;
    Tx tx;
    unsigned seed; /* of its pauses */
    bool had_conflict;
    Job *jobs; /* the batch; arenas and errors run beside it */
    Arena **arenas;
    Error *errors;
} Writer;

struct WriterPool {
    Db *db;
    Queue *queue;
    Writer *writers;
    int writer_count;
};

/* How an attempt at a transaction ended. */
typedef enum Outcome {
    ENDED,  /* committed, or failed for good: errors say which command how */
    UNDONE, /* a command failed after a write: run them singly */
    AGAIN   /* serialization, or the connection was lost before the commit */
} Outcome;

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

/* ---- one transaction ------------------------------------------------------------------------- */

static bool is_retryable(const Writer *writer, const Error *failure)
{
    return writer->conn->is_lost || text_equal(failure->code, "db.retry");
}

/* What the commands of a batch will read is asked for before the first of them runs. */
static void expect_reads(Writer *writer, size_t first, size_t count)
{
    if (!writer->conn->engine->can_expect)
        return;
    writer->conn->is_expecting = true;
    for (size_t i = first; i < first + count; i++) {
        const Job *job = &writer->jobs[i];
        if (!job->expect)
            continue;
        tx_start_command(&writer->tx, writer->arenas[i]);
        job->expect(&writer->tx, job->data);
    }
    writer->conn->is_expecting = false;
}

/* True when the batch can go on: the command succeeded or has refused before a write. The last one
 * waits for what it sent, so that a command that runs singly gets its own error; those before it
 * only hand it to the server, which works on it while the next one runs. */
static bool run_command(Writer *writer, size_t i, bool is_last)
{
    Tx *tx = &writer->tx;
    const Engine *engine = writer->conn->engine;
    Job *job = &writer->jobs[i];
    Error *err = &writer->errors[i];
    *err = ERROR_NONE;
    tx_start_command(tx, writer->arenas[i]);
    bool is_run = job->run(tx, job->data, err);
    if (!is_last && engine->push)
        engine->push(writer->conn);
    if (is_last && !error_is_set(&tx->failure) &&
        !engine->settle(writer->conn, &tx->rows, &tx->failure))
        is_run = false;
    if (error_is_set(&tx->failure)) {
        error_fill(err, tx->failure);
        return false;
    }
    if (is_run) {
        *err = ERROR_NONE;
        tx_accept_command(tx);
        return true;
    }
    if (!error_is_set(err))
        error_set(err, ERROR_INTERNAL, .code = "db.failed", .detail = "a command gave no error");
    return !tx->has_written;
}

static Outcome fail_all(Writer *writer, size_t first, size_t count, const Error *failure)
{
    for (size_t i = first; i < first + count; i++)
        error_fill(&writer->errors[i], *failure);
    return ENDED;
}

static Outcome undo(Writer *writer, const Error *failure)
{
    bool is_again = is_retryable(writer, failure);
    writer->conn->engine->rollback(writer->conn);
    writer->conn->tx = NULL;
    atomic_fetch_add(&writer->tx.db->rollbacks, 1);
    return is_again ? AGAIN : UNDONE;
}

static void count_success(Writer *writer, size_t first, size_t count, bool has_written)
{
    Db *db = writer->tx.db;
    int64_t commands = 0;
    for (size_t i = first; i < first + count; i++)
        commands += !error_is_set(&writer->errors[i]);
    atomic_fetch_add(&db->commands, commands);
    atomic_fetch_add(&db->commits, has_written);
    atomic_fetch_add(&db->rows, writer->tx.rows);
}

/* A connection that is lost here leaves it open whether the commands are stored: they are told
 * db.unavailable, and whoever repeats them carries the same idempotency key. */
static Outcome commit(Writer *writer, size_t first, size_t count)
{
    DbConn *conn = writer->conn;
    Error failure = ERROR_NONE;
    bool is_made = db_may_run(conn->db, "commit", &failure) && conn->engine->commit(conn, &failure);
    if (is_made) {
        conn->tx = NULL;
        count_success(writer, first, count, true);
        tx_run_hooks(&writer->tx);
        return ENDED;
    }
    bool is_unknown = conn->is_lost;
    if (undo(writer, &failure) == AGAIN && !is_unknown)
        return AGAIN;
    return fail_all(writer, first, count, &failure);
}

static Outcome end_without_write(Writer *writer, size_t first, size_t count)
{
    writer->conn->engine->rollback(writer->conn);
    writer->conn->tx = NULL;
    count_success(writer, first, count, false);
    tx_run_hooks(&writer->tx);
    return ENDED;
}

static bool begin(Writer *writer, Error *err)
{
    DbConn *conn = writer->conn;
    tx_start_batch(&writer->tx);
    bool is_begun = !conn->is_lost && conn->engine->begin(conn, err);
    /* The server may have been restarted since the last batch. */
    if (conn->is_lost) {
        if (err)
            *err = ERROR_NONE;
        is_begun = conn->engine->reopen(conn, err) && conn->engine->begin(conn, err);
    }
    if (is_begun)
        conn->tx = &writer->tx;
    return is_begun;
}

static Outcome try_jobs(Writer *writer, size_t first, size_t count)
{
    Tx *tx = &writer->tx;
    Error failure = ERROR_NONE;
    for (size_t i = first; i < first + count; i++)
        writer->errors[i] = ERROR_NONE;
    writer->conn->isolation = writer->jobs[first].sharing.isolation;
    if (!begin(writer, &failure))
        return fail_all(writer, first, count, &failure);
    bool has_written = false;
    expect_reads(writer, first, count);
    for (size_t i = first; i < first + count; i++) {
        tx->commands_left = first + count - i;
        if (!run_command(writer, i, i == first + count - 1))
            return undo(writer, &tx->failure);
        has_written |= tx->has_written;
    }
    if (!has_written && tx->sums.count == 0)
        return end_without_write(writer, first, count);
    if (tx_flush(tx, &failure) && writer->conn->engine->settle(writer->conn, &tx->rows, &failure))
        return commit(writer, first, count);
    fail_all(writer, first, count, &failure);
    return undo(writer, error_is_set(&tx->failure) ? &tx->failure : &failure);
}

/* ---- a batch --------------------------------------------------------------------------------- */

static void answer(Writer *writer, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        const Error *err = &writer->errors[i];
        writer->jobs[i].done(writer->jobs[i].data, error_is_set(err) ? err : NULL);
    }
}

/* Two that met once shall not meet again: a pause that grows, of random length. */
static void pause_before(Writer *writer, int attempt)
{
    int64_t most_us = 200 << (attempt < 8 ? attempt : 8);
    int64_t pause_us = 50 + rand_r(&writer->seed) % most_us;
    struct timespec pause = {.tv_sec = 0, .tv_nsec = pause_us * 1000};
    nanosleep(&pause, NULL);
}

static Outcome try_repeatedly(Writer *writer, size_t first, size_t count)
{
    int retries = count > 1 ? BATCH_RETRIES : SINGLE_RETRIES;
    Outcome outcome = try_jobs(writer, first, count);
    for (int attempt = 0; outcome == AGAIN && attempt < retries; attempt++) {
        atomic_fetch_add(&writer->tx.db->retries, (int64_t)count);
        writer->had_conflict = true;
        pause_before(writer, attempt);
        outcome = try_jobs(writer, first, count);
    }
    return outcome;
}

static void run_alone(Writer *writer, size_t i)
{
    if (try_repeatedly(writer, i, 1) == AGAIN)
        writer->errors[i] = (Error){.kind = ERROR_UNAVAILABLE,
                                    .code = "db.unavailable",
                                    .detail = "other commands were in the way too often"};
    answer(writer, i, 1);
}

static void run_batch(Writer *writer, size_t count)
{
    if (count > 1 && try_repeatedly(writer, 0, count) == ENDED) {
        answer(writer, 0, count);
        return;
    }
    if (count > 1)
        atomic_fetch_add(&writer->tx.db->retries, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        run_alone(writer, i);
}

static void *write_until_closed(void *data)
{
    Writer *writer = data;
    Queue *queue = writer->pool->queue;
    size_t limit = (size_t)writer->pool->db->options.batch_limit, count;
    while ((count = queue_take(queue, writer->jobs, limit)) > 0) {
        writer->had_conflict = false;
        run_batch(writer, count);
        if (job_needs_lane(writer->jobs))
            queue_leave(queue, writer->had_conflict);
    }
    return NULL;
}

bool writers_submit(WriterPool *pool, const Job *job, Error *err)
{
    return queue_add(pool->queue, *job, err);
}

int64_t writers_queue_length(const WriterPool *pool)
{
    return (int64_t)queue_length(pool->queue);
}

/* ---- start and stop -------------------------------------------------------------------------- */

static bool open_writer(WriterPool *pool, Writer *writer, Error *err)
{
    Db *db = pool->db;
    size_t limit = (size_t)db->options.batch_limit;
    writer->pool = pool;
    writer->seed = (unsigned)(uintptr_t)writer ^ (unsigned)clock_now(db->options.clock);
    writer->conn = db->engine->open(db, CONN_WRITER, err);
    if (!writer->conn)
        return false;
    writer->jobs = zeroed(limit, sizeof *writer->jobs);
    writer->errors = zeroed(limit, sizeof *writer->errors);
    writer->arenas = zeroed(limit, sizeof(Arena *));
    for (size_t i = 0; i < limit; i++)
        writer->arenas[i] = arena_create(COMMAND_MEMORY);
    writer->tx = (Tx){.db = db, .conn = writer->conn, .batch_arena = arena_create(COMMAND_MEMORY)};
    return true;
}

static void close_writer(Writer *writer)
{
    if (!writer->conn)
        return;
    size_t limit = (size_t)writer->pool->db->options.batch_limit;
    for (size_t i = 0; i < limit; i++)
        arena_destroy(writer->arenas[i]);
    arena_destroy(writer->tx.batch_arena);
    free(writer->arenas);
    free(writer->errors);
    free(writer->jobs);
    writer->conn->engine->close(writer->conn);
}

/* Signals are for the thread that runs the server. */
static bool start_thread(Writer *writer, Error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&writer->thread, NULL, write_until_closed, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code == 0 || db_fault(writer->pool->db, err, ERROR_UNAVAILABLE, "db.unavailable",
                                 "no thread: %s", strerror(code));
}

WriterPool *writers_start(Db *db, Error *err)
{
    WriterPool *pool = zeroed(1, sizeof *pool);
    pool->db = db;
    pool->queue = queue_create((size_t)db->options.queue_limit, db->options.writers);
    pool->writers = zeroed((size_t)db->options.writers, sizeof *pool->writers);
    for (int i = 0; i < db->options.writers; i++) {
        Writer *writer = &pool->writers[i];
        if (!open_writer(pool, writer, err) || !start_thread(writer, err)) {
            close_writer(writer);
            writers_stop(pool);
            writers_close(pool);
            return NULL;
        }
        pool->writer_count++;
    }
    return pool;
}

void writers_stop(WriterPool *pool)
{
    if (!pool)
        return;
    queue_close(pool->queue);
    for (int i = 0; i < pool->writer_count; i++)
        pthread_join(pool->writers[i].thread, NULL);
}

void writers_close(WriterPool *pool)
{
    if (!pool)
        return;
    for (int i = 0; i < pool->writer_count; i++)
        close_writer(&pool->writers[i]);
    queue_destroy(pool->queue);
    free(pool->writers);
    free(pool);
}

bool writers_is_writer_thread(const WriterPool *pool)
{
    for (int i = 0; i < pool->writer_count; i++)
        if (pthread_equal(pool->writers[i].thread, pthread_self()))
            return true;
    return false;
}
