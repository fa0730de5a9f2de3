#ifndef SUPPORT_TEST_LEASE_H
#define SUPPORT_TEST_LEASE_H

/*
 * Numbers under names, in the table `lease`: something to write and read for the tests of storage
 * itself. Include it behind test_db.h.
 */
#include <pthread.h>
#include <semaphore.h>

#include "db/db.h"

static const DbType LEASE_PARAMS[] = {DB_TEXT, DB_INT};
static const DbType LEASE_COLUMNS[] = {DB_INT};

/* clang-format off */
static const Statement LEASE_PUT = {
    .name = "lease_put", .is_write = true, .param_count = 2, .params = LEASE_PARAMS,
    .sqlite = "INSERT INTO lease (name, owner, fence, expires_at) VALUES (?1, 'test', ?2, 0)",
    .postgres = "INSERT INTO lease (name, owner, fence, expires_at) VALUES ($1, 'test', $2, 0)"};
static const Statement LEASE_ADD = {
    .name = "lease_add", .is_write = true, .param_count = 2, .params = LEASE_PARAMS,
    .sqlite = "UPDATE lease SET fence = fence + ?2 WHERE name = ?1",
    .postgres = "UPDATE lease SET fence = fence + $2 WHERE name = $1"};
static const Statement LEASE_GET = {
    .name = "lease_get", .param_count = 1, .params = LEASE_PARAMS,
    .column_count = 1, .columns = LEASE_COLUMNS, .not_null = 1,
    .sqlite = "SELECT fence FROM lease WHERE name = ?1",
    .postgres = "SELECT fence FROM lease WHERE name = $1"};
static const Statement LEASE_COUNT = {
    .name = "lease_count", .column_count = 1, .columns = LEASE_COLUMNS, .not_null = 1,
    .sqlite = "SELECT count(*) FROM lease",
    .postgres = "SELECT count(*) FROM lease"};
/* clang-format on */

static inline bool lease_put(DbConn *conn, const char *name, int64_t number, Error *err)
{
    const DbValue values[] = {db_text(name), db_int(number)};
    return db_run(conn, &LEASE_PUT, values, NULL, NULL, NULL, err);
}

static inline bool lease_add(DbConn *conn, const char *name, int64_t number, Error *err)
{
    const DbValue values[] = {db_text(name), db_int(number)};
    return db_run(conn, &LEASE_ADD, values, NULL, NULL, NULL, err);
}

static inline bool lease_take_int(void *data, const DbValue *columns)
{
    *(int64_t *)data = db_get_int(&columns[0], -1);
    return false;
}

/* -1 when there is none of that name. */
static inline bool lease_get(DbConn *conn, const char *name, int64_t *out, Error *err)
{
    const DbValue values[] = {db_text(name)};
    *out = -1;
    return db_run(conn, &LEASE_GET, values, lease_take_int, out, NULL, err);
}

/* What a reader sees now. */
static inline int64_t lease_now(TestDb *test, const char *name)
{
    Error err = ERROR_NONE;
    int64_t number = -1;
    DbConn *conn = db_reader(test->db, &err);
    bool is_read =
        conn && (name ? lease_get(conn, name, &number, &err)
                      : db_run(conn, &LEASE_COUNT, NULL, lease_take_int, &number, NULL, &err));
    db_release(conn);
    if (!is_read)
        test_db_fail(&err, "lease_now");
    return number;
}

/* One command of the usual kinds, and how it ended. */
typedef struct LeaseWork {
    const char *name;
    int64_t number;
    bool refuses;    /* before its first write */
    bool fails_late; /* after it */
    bool ignores;    /* returns true whatever its statements say */
    int runs;
    int done;         /* times that done was called */
    const char *code; /* of its error, NULL when it is durable */
    sem_t *when_done;
} LeaseWork;

static inline bool lease_work(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    work->runs++;
    if (work->refuses)
        return error_set(err, ERROR_INVALID, .code = "test.refused");
    bool is_put = lease_put(tx_conn(tx), work->name, work->number, err);
    if (work->fails_late)
        return error_set(err, ERROR_INVALID, .code = "test.late");
    return is_put || work->ignores;
}

static inline void lease_done(void *data, const Error *err)
{
    LeaseWork *work = data;
    work->done++;
    work->code = err ? err->code : NULL;
    if (work->when_done)
        sem_post(work->when_done);
}

/* Holds the writer until the gate is opened, so that what is submitted meanwhile is one batch. */
typedef struct Gate {
    sem_t entered, opened, left;
} Gate;

static inline bool gate_hold(Tx *tx, void *data, Error *err)
{
    (void)tx, (void)err;
    Gate *gate = data;
    sem_post(&gate->entered);
    sem_wait(&gate->opened);
    return true;
}

static inline void gate_left(void *data, const Error *err)
{
    (void)err;
    sem_post(&((Gate *)data)->left);
}

static inline void gate_close(TestDb *test, Gate *gate)
{
    Error err = ERROR_NONE;
    sem_init(&gate->entered, 0, 0);
    sem_init(&gate->opened, 0, 0);
    sem_init(&gate->left, 0, 0);
    assert_true(db_submit(test->db, gate_hold, gate, gate_left, &err));
    sem_wait(&gate->entered);
}

static inline void gate_open(Gate *gate)
{
    sem_post(&gate->opened);
    sem_wait(&gate->left);
}

/* Submits all as one batch and waits until each has been answered. Needs .writers = 1. */
static inline void lease_batch(TestDb *test, LeaseWork *works, size_t count)
{
    Gate gate;
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < count; i++) {
        works[i].when_done = &ended;
        assert_true(db_submit(test->db, lease_work, &works[i], lease_done, &err));
    }
    gate_open(&gate);
    for (size_t i = 0; i < count; i++)
        sem_wait(&ended);
}

#endif
