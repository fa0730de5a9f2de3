#ifndef DB_DB_INTERNAL_H
#define DB_DB_INTERNAL_H

/*
 * What the files of this folder share: the connection, the two engines' interface, the open
 * database and the transaction of a writer. Nobody outside src/db includes this header.
 */
#include <pthread.h>
#include <stdatomic.h>
#include "base/list.h"
#include "db/db.h"
#include "db/migrate.h"

typedef struct Engine Engine;

/* ---- prepared statements of one connection --------------------------------------------------- */

/* Statement pointer -> the engine's prepared form; statements are never forgotten. */
typedef struct StatementCache {
    const Statement **keys;
    void **values;
    size_t count;
    size_t capacity; /* a power of two */
} StatementCache;

void *statement_cache_get(const StatementCache *cache, const Statement *statement);
void statement_cache_put(StatementCache *cache, const Statement *statement, void *value);
void statement_cache_finish(StatementCache *cache);

/* ---- connections and engines ----------------------------------------------------------------- */

typedef enum ConnRole { CONN_READER, CONN_WRITER } ConnRole;

struct DbConn {
    Db *db;
    const Engine *engine;
    ConnRole role;
    Tx *tx;                /* of the writer thread that runs on it, while a transaction is open */
    bool is_reading;       /* between db_read_begin and db_read_end */
    bool is_expecting;     /* reads are announced only (CommandExpect) */
    bool is_lost;          /* the server went away: reopen before the next use */
    DbIsolation isolation; /* of the next write transaction */
    StatementCache cache;
    DbConn *next; /* in the list of free readers */
};

/* One call of a statement, so that engines pass one thing around. */
typedef struct StatementCall {
    const Statement *statement;
    const DbValue *params;
    DbRowFn on_row;
    void *data;
    int64_t *out_changed;
    int64_t changed; /* what the engine knows it changed when run returns */
} StatementCall;

struct Engine {
    DbEngine kind;
    int writers; /* default numbers */
    int batch_limit;
    bool can_expect; /* run() takes announced reads while conn->is_expecting */

    DbConn *(*open)(Db *db, ConnRole role, Error *err);
    bool (*reopen)(DbConn *conn, Error *err); /* after is_lost */
    void (*close)(DbConn *conn);

    /* A writer begins a write transaction, a reader one consistent state. */
    bool (*begin)(DbConn *conn, Error *err);
    bool (*commit)(DbConn *conn, Error *err);
    void (*rollback)(DbConn *conn);

    bool (*run)(DbConn *conn, StatementCall *call, Error *err);

    /* Prepares only. */
    bool (*check)(DbConn *conn, const Statement *statement, Error *err);

    /* Waits for statements that run() has sent without waiting; adds to *changed. */
    bool (*settle)(DbConn *conn, int64_t *changed, Error *err);

    /* Lets the server begin with what run() has sent, without waiting. NULL: nothing to do. */
    void (*push)(DbConn *conn);

    /* Runs SQL without parameters or rows: migrations. */
    bool (*script)(DbConn *conn, const char *name, const char *sql, Error *err);
};

extern const Engine sqlite_engine;
extern const Engine postgres_engine;

/* Checks that column i of the row may be as it is; db.failed otherwise. */
bool column_check(Db *db, const Statement *statement, const DbValue *columns, Error *err);

/* ---- faults ---------------------------------------------------------------------------------- */

/* Fills err; the detail is formatted and kept as long as the Db, once for each different text. */
bool db_fault(Db *db, Error *err, ErrorKind kind, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The text itself; a general one when too many different ones have come. */
const char *db_keep_text(Db *db, const char *text);

/* Fills err with a copy of failure whose texts are kept so; without the errors behind it. */
bool db_keep_error(Db *db, const Error *failure, Error *err);

/* ---- the open database ----------------------------------------------------------------------- */

typedef struct ReaderPool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    DbConn *free;
    int open;
    int limit;
} ReaderPool;

typedef struct WriterPool WriterPool;

typedef struct FaultTexts {
    pthread_mutex_t lock;
    Arena *arena;
    Map texts;
} FaultTexts;

struct Db {
    const Engine *engine;
    DbOptions options;
    char *url;        /* PostgreSQL: as given; SQLite: the path of the file */
    char *folder;     /* SQLite ":memory:": the private folder, deleted at the end; else NULL */
    int lock_file;    /* SQLite: the locked descriptor, -1 none */
    bool is_unsynced; /* SQLite ":memory:" */
    bool has_node;    /* PostgreSQL: ids.node is leased */
    IdSource ids;
    FaultTexts faults;
    ReaderPool readers;
    WriterPool *writers;

    _Atomic int64_t commands, commits, rows, rollbacks, retries;
    _Atomic int fail_after; /* statements until one fails; 0 off */
};

/* Takes what SQLite needs before the first connection: the path, the lock, the private folder. */
bool sqlite_files_open(Db *db, Error *err);
void sqlite_files_close(Db *db);

/* Counts one statement of a Tx for db_fail_statement; false: this is the one that fails. */
bool db_may_run(Db *db, const char *name, Error *err);

/* Starts the writer threads, one connection each. Stop finishes the queue and ends the threads,
 * close closes their connections: last of all, since only a writing connection tidies up. */
WriterPool *writers_start(Db *db, Error *err);
void writers_stop(WriterPool *pool);
void writers_close(WriterPool *pool);
/* How a command shares its transaction. */
typedef struct Sharing {
    bool is_alone;
    DbIsolation isolation; /* other than DB_SERIALIZABLE only when alone */
} Sharing;

struct Job;
bool writers_submit(WriterPool *pool, const struct Job *job, Error *err);
int64_t writers_queue_length(const WriterPool *pool);
bool writers_is_writer_thread(const WriterPool *pool);

/* ---- transactions ---------------------------------------------------------------------------- */

typedef struct Hook {
    void (*call)(void *data);
    void *data;
} Hook;

enum { MOST_SUMS = 24 };

typedef struct Delta {
    DeltaFlush flush;
    const char *key;
    int64_t sums[MOST_SUMS];
    size_t count;
    struct Delta *next; /* in a batch: another flush with the same key */
} Delta;

typedef LIST(Hook) Hooks;
typedef LIST(Delta) Deltas;

/* Numbers drawn for a batch: last - unused + 1 is the next. */
typedef struct Draw {
    const NumberSource *source;
    const char *key;
    int64_t last, unused;
} Draw;

typedef LIST(Draw) Draws;

/* One writer's transaction; the part below `command` is of the command that runs now. */
struct Tx {
    Db *db;
    DbConn *conn;
    Arena *batch_arena; /* until the batch is answered */
    Map sums;           /* key -> Delta, of the commands that succeeded */
    Hooks hooks;
    Draws draws;
    size_t commands_left; /* of the batch, with the one that runs */
    int64_t rows;
    int journal_state; /* what journal.c asks once a transaction; 0: not yet */

    Arena *arena; /* of the command */
    Instant now;
    bool has_written;
    bool is_flushing;
    const char *entry_data; /* of the entry that inside readers look at, and its tree */
    const struct Json *entry_tree;
    Error failure; /* of its first statement that failed */
    Deltas own_deltas;
    Hooks own_hooks;
};

/* Between begin and commit of one batch. */
void tx_start_batch(Tx *tx);
void tx_start_command(Tx *tx, Arena *arena);

/* Takes the command's deltas and hooks into the batch. */
void tx_accept_command(Tx *tx);

/* Runs SQL without parameters inside the transaction: migrations. */
bool tx_script(Tx *tx, const char *name, const char *sql, Error *err);

/* Writes what the batch shares: the summed deltas in order of key, and numbers drawn but unused. */
bool tx_flush(Tx *tx, Error *err);
void tx_run_hooks(Tx *tx);

#endif
