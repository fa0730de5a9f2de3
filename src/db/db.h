#ifndef DB_DB_H
#define DB_DB_H

/*
 * Db: one database, SQLite or PostgreSQL, behind one interface.
 *
 * Reading: a thread borrows a reader connection (db_reader), asks, and gives it back. A read sees
 * one consistent state for as long as it is borrowed inside db_read_begin/db_read_end.
 *
 * Writing: a Command runs on a writer thread inside a write transaction, with a Tx. Commands that
 * arrive together are committed together (group commit): SQLite has one writer, PostgreSQL several
 * (SERIALIZABLE; a serialization failure runs the command again). So a command
 *   - re-reads in the Tx what it decides on: what a page loaded is only a hint;
 *   - refuses before its first write: then the others of its batch are not disturbed. False after
 *     a write is an unexpected failure; the batch is rolled back and its commands run singly;
 *   - may run more than once: it sets its outputs afresh each time and keeps nothing outside.
 * Caches, wake-ups and mails belong into tx_after_commit.
 *
 * decisions.md 1, 2, 4, 5, 11, 12 explain why.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "db/statement.h"

typedef struct Db Db;
typedef struct Tx Tx;

typedef enum DbEngine { DB_SQLITE, DB_POSTGRES } DbEngine;

struct JournalReader;

typedef struct DbOptions {
    const Clock *clock;                         /* required */
    const struct JournalReader *const *readers; /* inside readers, NULL-terminated; journal.h */
    int reader_connections;                     /* 0: 4 */
    int writers;                                /* PostgreSQL only; 0: 4 */
    int batch_limit;                            /* commands a transaction; 0: 64 / 16 */
    bool is_read_only;                          /* verify and export beside a running server */
    int queue_limit;                            /* commands that may wait; 0: 4096 */
    const char *owner; /* who we are, for the lock file ("yimen serve"); NULL: the program's name */
    Arena *arena;      /* for texts of an error of db_open; NULL: they are kept for ever */
    const char *sqlite_vfs; /* NULL: SQLite's own; storage tests put a lossy one here */
} DbOptions;

/* Opens "path/to/file.db", ":memory:" or "postgresql://...". SQLite: WAL, synchronous FULL, STRICT
 * tables, one process (a lock file with the owner's name; db.locked names it). ":memory:" is a file
 * in a folder of its own under $TMPDIR, unsynced and deleted by db_close, so that it behaves as the
 * real thing. Errors: db.unavailable, db.locked (with {owner}), db.schema_newer (a later program
 * has migrated this database; with {number}). */
MUST_CHECK Db *db_open(const char *url, const DbOptions *options, Error *err);

/* Finishes the commands in the queue, stops the writers, closes. NULL is allowed. */
void db_close(Db *db);

DbEngine db_engine(const Db *db);

/* The inside readers that db_open was given; NULL when none. */
const struct JournalReader *const *db_readers(const Db *db);

/* Brings the schema to the newest version: each numbered migration in a transaction of its own.
 * Returns the number applied in out_applied (may be NULL). A newer schema than this program knows
 * is refused with db.schema_newer, an applied migration that reads otherwise now with
 * db.migration_changed (both with {number}). */
MUST_CHECK bool db_migrate(Db *db, int *out_applied, Error *err);

/* True when every migration that this program has is applied. */
MUST_CHECK bool db_is_current(Db *db, bool *out, Error *err);

/* ---- reading --------------------------------------------------------------------------------- */

/* A connection for this thread; waits up to 10 s for a free one. Give it back with db_release. */
MUST_CHECK DbConn *db_reader(Db *db, Error *err);
void db_release(DbConn *conn);

/* One consistent state for several statements. */
MUST_CHECK bool db_read_begin(DbConn *conn, Error *err);
void db_read_end(DbConn *conn);

DbEngine db_conn_engine(const DbConn *conn);

/* ---- writing --------------------------------------------------------------------------------- */

/* The work of one command. data belongs to the caller and must outlive `done`. */
typedef bool (*Command)(Tx *tx, void *data, Error *err);

/* Told once per submitted command, on a writer thread, after commit or failure. err is NULL when
 * the command is durable; else it lives until done returns. Must not block. */
typedef void (*CommandDone)(void *data, const Error *err);

/* Queues a command. False (err filled, done not called) when the queue is full
 * (db.queue_full, ERROR_UNAVAILABLE), the database is closing (db.closing) or was opened read-only
 * (db.read_only).
 * A command during which a statement failed has failed, even if it returns true: its error is the
 * statement's. On PostgreSQL a write that asks for no out_changed may be told of its failure only
 * when a later statement reads, or when the batch ends. */
MUST_CHECK bool db_submit(Db *db, Command run, void *data, CommandDone done, Error *err);

/* Announces what a command will read: calls the typed functions that it will call, and ignores what
 * they return, which is nothing yet. On PostgreSQL the reads of all commands of a batch travel
 * together, and each is answered when the command runs the same statement with the same values for
 * the first time; elsewhere, and when a batch is run again singly, it is not called. Such an answer
 * does not show what other commands of the batch wrote, so announce only what a unique key guards:
 * two commands that change the same collide there, are undone and run singly. */
typedef void (*CommandExpect)(Tx *tx, void *data);

/* db_submit of a command that announces its reads. */
MUST_CHECK bool db_submit_expecting(Db *db, CommandExpect expect, Command run, void *data,
                                    CommandDone done, Error *err);

/* db_submit, waiting for the end: for the command line, schedulers and tests; never in
 * a worker of the web server. Texts of err are copied into arena; without one (NULL: jobs, which
 * have nowhere to keep them) they live as long as the Db. */
MUST_CHECK bool db_write(Db *db, Arena *arena, Command run, void *data, Error *err);

typedef enum DbIsolation { DB_SERIALIZABLE, DB_READ_COMMITTED } DbIsolation;

/* As db_write, but in a transaction that no other command shares: for work that must not meet what
 * others of its batch have left to be flushed (a rebuild), or that must not be tracked against
 * them. DB_READ_COMMITTED, on PostgreSQL only, is for work that is right by row locks and unique
 * keys alone (sealing): then neither side is ever rolled back for having read what the other wrote.
 */
MUST_CHECK bool db_write_alone(Db *db, Arena *arena, DbIsolation isolation, Command run, void *data,
                               Error *err);

DbConn *tx_conn(Tx *tx);      /* for the typed functions of sqlgen */
Arena *tx_arena(Tx *tx);      /* memory of this run of the command; gone after done */
Instant tx_now(const Tx *tx); /* one moment for the whole command */
Id tx_new_id(Tx *tx);         /* the next id */
Db *tx_db(Tx *tx);

/* Calls hook(data) after this transaction is durable; never when it is rolled back. */
void tx_after_commit(Tx *tx, void (*hook)(void *data), void *data);

/* Work that several commands of one batch share, summed before it is written (decision 2): the
 * deltas of one key are added up, and flush writes them before the commit.
 * key is copied; sums has `count` numbers, at most 24. A command that is undone takes its deltas
 * along. */
typedef bool (*DeltaFlush)(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err);
void tx_add_delta(Tx *tx, DeltaFlush flush, const char *key, const int64_t *sums, size_t count);

/* The next number of a row that all draw from. The first command of a batch that asks draws `most`
 * numbers at once, one for each command that may still ask; what the batch did not use is given
 * back before the commit. The row is locked meanwhile, and a batch that is undone has drawn
 * nothing: so there are no gaps. `key` names the row and is copied. */
typedef struct NumberSource {
    /* Takes `most` numbers; the last of them in out_last. */
    bool (*draw)(Tx *tx, const char *key, int64_t most, int64_t *out_last, Error *err);
    /* Gives the highest `unused` back. */
    bool (*give_back)(Tx *tx, const char *key, int64_t unused, Error *err);
} NumberSource;
MUST_CHECK bool tx_draw(Tx *tx, const NumberSource *source, const char *key, int64_t *out,
                        Error *err);

/* ---- measuring and testing ------------------------------------------------------------------- */

typedef struct DbStatistics {
    int64_t commands;  /* committed */
    int64_t commits;   /* durable transactions */
    int64_t rows;      /* rows inserted, updated, deleted by statements */
    int64_t rollbacks; /* batches undone */
    int64_t retries;   /* commands run again */
    int64_t queue_length;
} DbStatistics;
DbStatistics db_statistics(const Db *db);

/* Makes the n-th statement from now on (1: the next) that runs inside a Tx fail with db.failed,
 * once; 0 switches it off. A COMMIT counts too. Returns the number that was left. For the tests of
 * every write path: submit one command at a time, since a batch is run again singly. */
int db_fail_statement(Db *db, int n);

#endif
