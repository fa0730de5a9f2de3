/*
 * writer_bench.c - what the writer makes of the disk, against the disk's own rate.
 *
 *     writer_bench URL [CLIENTS [ROUNDS [WRITERS [BATCH [threads]]]]]
 *
 * Clients each keep one command in flight that writes about ten rows, as filing a dossier does.
 * Between the rounds of load, one-row commits of 1 KB (SQLite, WAL, synchronous=FULL) are timed in
 * a file beside it: the raw rate. Prints the medians and their ratio. "threads" lets each client be
 * a thread that waits in db_write; else clients submit again from the done callback.
 * URL names a new SQLite file or an empty PostgreSQL database.
 */
#include <sqlite3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "bench/writer_bench_sql.h"
#include "db/db.h"

enum { MOST_CLIENTS = 1024, MOST_ROUNDS = 25, ROUND_US = 2000000, RAW_US = 600000, KB = 1024 };

typedef struct Bench {
    Db *db;
    _Atomic int64_t done, failed;
    _Atomic int in_flight;
    _Atomic bool is_over;
    bool is_threaded;
    char answers[600];
    char state[900];
} Bench;

typedef struct Client {
    Bench *bench;
    pthread_t thread;
    int64_t number;
    int64_t started_us;
    int64_t slowest_us;
} Client;

/* ---- the command ----------------------------------------------------------------------------- */

static bool flush_counter(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    (void)key, (void)count;
    return bench_counter(tx_conn(tx), 1, tx_new_id(tx), instant_date(tx_now(tx), 480), 3, sums[0],
                         NULL, err);
}

static bool write_process(Tx *tx, const Bench *bench, Id dossier, Error *err)
{
    DbConn *conn = tx_conn(tx);
    Instant now = tx_now(tx), due = now + 7 * DAY_MS;
    DbBytes state = {.data = bench->state, .size = sizeof bench->state};
    return bench_clock(conn, 1, dossier, now, due, instant_date(due, 480), NULL, err) &&
           bench_instance(conn, 1, dossier, state, NULL, err) &&
           bench_task(conn, 1, tx_new_id(tx), dossier, 3, now, due, NULL, err) &&
           bench_access(conn, 1, 3, due, dossier, NULL, err);
}

static bool file_dossier(Tx *tx, void *data, Error *err)
{
    const Client *client = data;
    const Bench *bench = client->bench;
    DbConn *conn = tx_conn(tx);
    Id dossier = tx_new_id(tx);
    Instant now = tx_now(tx);
    BenchDossierVersionRow row;
    bool is_found = false;
    const char *number = arena_printf(tx_arena(tx), "%lld", (long long)dossier);
    DbBytes answers = {.data = bench->answers, .size = sizeof bench->answers};
    const int64_t one = 1;
    if (!bench_dossier_version(conn, tx_arena(tx), 1, dossier, &row, &is_found, err))
        return false;
    tx_add_delta(tx, flush_counter, "filed", &one, 1);
    return bench_dossier(conn, 1, dossier, number, 3, answers, now, NULL, err) &&
           bench_material(conn, 1, dossier, "plan", NULL, err) &&
           bench_material(conn, 1, dossier, "lease", NULL, err) &&
           write_process(tx, bench, dossier, err) &&
           bench_journal(conn, 1, tx_new_id(tx), dossier, now, 3,
                         "{\"item\":\"HYG-01\",\"state\":\"filed\",\"stage\":\"intake\"}", NULL,
                         err) &&
           bench_idempotency(conn, 1, number, now, NULL, err);
}

/* ---- clients --------------------------------------------------------------------------------- */

static void submit(Client *client);

static void note(Client *client, const Error *err)
{
    int64_t took = stopwatch_us() - client->started_us;
    if (took > client->slowest_us)
        client->slowest_us = took;
    atomic_fetch_add(err ? &client->bench->failed : &client->bench->done, 1);
    if (err && client->bench->failed == 1)
        fprintf(stderr, "%s: %s\n", err->code, err->detail ? err->detail : "");
}

static void on_done(void *data, const Error *err)
{
    Client *client = data;
    note(client, err);
    if (client->bench->is_over)
        atomic_fetch_sub(&client->bench->in_flight, 1);
    else
        submit(client);
}

static void submit(Client *client)
{
    Error err = ERROR_NONE;
    client->started_us = stopwatch_us();
    if (!db_submit(client->bench->db, file_dossier, client, on_done, &err))
        atomic_fetch_sub(&client->bench->in_flight, 1);
}

static void *write_on(void *data)
{
    Client *client = data;
    Arena *arena = arena_create(0);
    while (!client->bench->is_over) {
        Error err = ERROR_NONE;
        client->started_us = stopwatch_us();
        bool is_written = db_write(client->bench->db, arena, file_dossier, client, &err);
        note(client, is_written ? NULL : &err);
        arena_clear(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static void load(Bench *bench, Client *clients, int count)
{
    bench->is_over = false;
    bench->in_flight = count;
    for (int i = 0; i < count; i++) {
        clients[i].slowest_us = 0;
        if (bench->is_threaded)
            pthread_create(&clients[i].thread, NULL, write_on, &clients[i]);
        else
            submit(&clients[i]);
    }
    usleep(ROUND_US);
    bench->is_over = true;
    for (int i = 0; i < count && bench->is_threaded; i++)
        pthread_join(clients[i].thread, NULL);
    while (!bench->is_threaded && bench->in_flight > 0)
        usleep(200);
}

/* ---- the raw rate ---------------------------------------------------------------------------- */

static sqlite3 *open_raw(const char *path)
{
    sqlite3 *raw = NULL;
    if (sqlite3_open(path, &raw) != SQLITE_OK ||
        sqlite3_exec(raw,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, data BLOB)",
                     NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(raw));
        exit(1);
    }
    return raw;
}

static double raw_rate(sqlite3 *raw)
{
    char data[KB];
    memset(data, 'r', sizeof data);
    sqlite3_stmt *insert = NULL;
    sqlite3_prepare_v2(raw, "INSERT INTO raw (data) VALUES (?1)", -1, &insert, NULL);
    int64_t start = stopwatch_us(), now = start, count = 0;
    for (; now - start < RAW_US; now = stopwatch_us(), count++) {
        sqlite3_bind_blob(insert, 1, data, sizeof data, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            exit(1);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    return (double)count * 1e6 / (double)(now - start);
}

/* ---- the report ------------------------------------------------------------------------------ */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_size);
    return values[count / 2];
}

static int64_t slowest(const Client *clients, int count)
{
    int64_t most = 0;
    for (int i = 0; i < count; i++)
        most = clients[i].slowest_us > most ? clients[i].slowest_us : most;
    return most;
}

static void measure(Bench *bench, Client *clients, int count, int rounds, sqlite3 *raw)
{
    double rates[MOST_ROUNDS], raws[MOST_ROUNDS];
    for (int i = 0; i < rounds; i++) {
        raws[i] = raw_rate(raw);
        int64_t start = stopwatch_us(), before = bench->done;
        DbStatistics first = db_statistics(bench->db);
        load(bench, clients, count);
        double seconds = (double)(stopwatch_us() - start) / 1e6;
        DbStatistics last = db_statistics(bench->db);
        rates[i] = (double)(bench->done - before) / seconds;
        double commands = (double)(last.commands - first.commands);
        printf("raw %6.0f/s  commands %6.0f/s  %4.1f rows a command  %5.1f commands a commit  "
               "slowest %lld ms  retries %lld\n",
               raws[i], rates[i], (double)(last.rows - first.rows) / commands,
               commands / (double)(last.commits - first.commits),
               (long long)slowest(clients, count) / 1000,
               (long long)(last.retries - first.retries));
    }
    double rate = median(rates, rounds), raw_median = median(raws, rounds);
    printf("median: raw %.0f/s, commands %.0f/s, ratio %.2f, failed %lld\n", raw_median, rate,
           rate / raw_median, (long long)bench->failed);
}

static int number_or(int argc, char **argv, int place, int fallback, int most)
{
    int64_t number = fallback;
    if (argc > place && (!text_to_int64(argv[place], &number) || number < 0 || number > most)) {
        fprintf(stderr, "writer_bench: %s is not a number from 0 to %d\n", argv[place], most);
        exit(2);
    }
    return (int)number;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: writer_bench URL [CLIENTS [ROUNDS [WRITERS [BATCH [threads]]]]]\n", stderr);
        return 2;
    }
    int count = number_or(argc, argv, 2, 64, MOST_CLIENTS);
    int rounds = number_or(argc, argv, 3, 5, MOST_ROUNDS);
    static Client clients[MOST_CLIENTS];
    Clock clock = {0};
    Bench bench = {.is_threaded = argc > 6};
    Error err = ERROR_NONE;
    DbOptions options = {.clock = &clock,
                         .writers = number_or(argc, argv, 4, 0, 64),
                         .batch_limit = number_or(argc, argv, 5, 0, 1024)};
    bench.db = db_open(argv[1], &options, &err);
    if (!bench.db || !db_migrate(bench.db, NULL, &err)) {
        fprintf(stderr, "%s: %s\n", err.code, err.detail ? err.detail : "");
        return 1;
    }
    for (int i = 0; i < count; i++)
        clients[i] = (Client){.bench = &bench, .number = i};
    char path[512];
    bool is_file = !strchr(argv[1], ':');
    snprintf(path, sizeof path, "%s-raw", is_file ? argv[1] : "writer_bench");
    sqlite3 *raw = open_raw(path);
    measure(&bench, clients, count, rounds, raw);
    sqlite3_close(raw);
    unlink(path);
    db_close(bench.db);
    return 0;
}
