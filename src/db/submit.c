/* submit.c - handing a command to the writers: without waiting, or with. */
#include "db/queue.h"

#include <assert.h>

static bool submit(Db *db, const Job *job, Error *err)
{
    if (!db->writers)
        return error_set(err, ERROR_UNAVAILABLE, .code = "db.read_only");
    return writers_submit(db->writers, job, err);
}

bool db_submit(Db *db, Command run, void *data, CommandDone done, Error *err)
{
    return submit(db, &(Job){.run = run, .data = data, .done = done}, err);
}

bool db_submit_expecting(Db *db, CommandExpect expect, Command run, void *data, CommandDone done,
                         Error *err)
{
    return submit(db, &(Job){.expect = expect, .run = run, .data = data, .done = done}, err);
}

typedef struct Waiting {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_ended;
    Command run;
    void *data;
    Db *db;
    Arena *arena; /* NULL: texts are kept with the Db */
    Error failure;
} Waiting;

static bool run_waiting(Tx *tx, void *data, Error *err)
{
    Waiting *waiting = data;
    return waiting->run(tx, waiting->data, err);
}

static void end_waiting(void *data, const Error *err)
{
    Waiting *waiting = data;
    pthread_mutex_lock(&waiting->lock);
    if (err && waiting->arena)
        waiting->failure = error_copy(waiting->arena, err);
    else if (err)
        db_keep_error(waiting->db, err, &waiting->failure);
    waiting->is_ended = true;
    pthread_cond_signal(&waiting->ended);
    pthread_mutex_unlock(&waiting->lock);
}

static bool write_and_wait(Db *db, Arena *arena, Command run, void *data, Sharing sharing,
                           Error *err)
{
    /* A writer that waited for itself would wait for ever. */
    assert(!db->writers || !writers_is_writer_thread(db->writers));
    Waiting waiting = {.run = run, .data = data, .db = db, .arena = arena};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.ended, NULL);
    Job job = {.run = run_waiting, .data = &waiting, .done = end_waiting, .sharing = sharing};
    bool is_queued = submit(db, &job, err);
    pthread_mutex_lock(&waiting.lock);
    while (is_queued && !waiting.is_ended)
        pthread_cond_wait(&waiting.ended, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    pthread_cond_destroy(&waiting.ended);
    pthread_mutex_destroy(&waiting.lock);
    if (!is_queued)
        return false;
    return !error_is_set(&waiting.failure) || error_fill(err, waiting.failure);
}

bool db_write(Db *db, Arena *arena, Command run, void *data, Error *err)
{
    return write_and_wait(db, arena, run, data, (Sharing){.is_alone = false}, err);
}

bool db_write_alone(Db *db, Arena *arena, DbIsolation isolation, Command run, void *data,
                    Error *err)
{
    Sharing sharing = {.is_alone = true, .isolation = isolation};
    return write_and_wait(db, arena, run, data, sharing, err);
}
