/*
 * journal_cursor_test.c - outside readers that are killed, fail and compete at random: each entry
 * reaches each of them once, in order.
 *
 * A child process writes, seals and reads until the parent kills it (kill -9), again and again.
 * In it, two threads share the cursor "notices" and one has "warnings"; their transactions fail at
 * random places. On PostgreSQL, transactions that begin early commit late. What a reader does for
 * an entry is one row, in the transaction that moves its cursor: a repetition would break the key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "test_db.h"
#include "test_journal.h"

enum { ROUNDS = 12, LARGEST_STEP = 20, ENTRIES_A_ROUND = 2 };

static const DbType texts[] = {DB_TEXT, DB_TEXT, DB_TEXT};
static const DbType one_int[] = {DB_INT};
#define DO_IT(one, two, three)                                                                     \
    "INSERT INTO idempotency (tenant, actor, key, fingerprint, status, at) VALUES (7, " one        \
    ", " two ", " three ", 0, 0)"
static const Statement do_it = {
    .name = "do_it",
    .sqlite = DO_IT("?1", "?2", "?3"),
    .postgres = DO_IT("$1", "$2", "$3"),
    .is_write = true,
    .param_count = 3,
    .params = texts,
};
static const Statement count_done = {
    .name = "count_done",
    .sqlite = "SELECT COUNT(*) FROM idempotency WHERE actor = ?1",
    .postgres = "SELECT COUNT(*) FROM idempotency WHERE actor = $1",
    .param_count = 1,
    .column_count = 1,
    .params = texts,
    .columns = one_int,
};
#define COUNT_NOT_DONE(one)                                                                        \
    "SELECT COUNT(*) FROM journal AS j WHERE NOT EXISTS (SELECT 1 FROM idempotency AS i"           \
    " WHERE i.tenant = 7 AND i.actor = " one " AND i.key = CAST(j.position AS TEXT)"               \
    " AND i.fingerprint = CAST(j.id AS TEXT))"
static const Statement count_not_done = {
    .name = "count_not_done",
    .sqlite = COUNT_NOT_DONE("?1"),
    .postgres = COUNT_NOT_DONE("$1"),
    .param_count = 1,
    .column_count = 1,
    .params = texts,
    .columns = one_int,
};

/* ---- a reader -------------------------------------------------------------------------------- */

typedef struct Reader {
    TestDb *test;
    const char *name;
    unsigned seed;
    Arena *arena;
    int64_t from;
    JournalEntries entries;
    bool is_failing;
    bool is_last; /* ends when there is nothing left */
} Reader;

static void give_up(const char *what, const Error *err)
{
    fprintf(stderr, "%s: %s (%s)\n", what, err->code ? err->code : "",
            err->detail ? err->detail : "");
    _exit(9);
}

static bool do_entries(Tx *tx, void *data, Error *err)
{
    Reader *reader = data;
    int64_t position = reader->from;
    list_each (JournalEntry, entry, &reader->entries) {
        char key[24], id[24];
        if (entry->position != ++position)
            give_up("not the next entry", &ERROR_NONE);
        snprintf(key, sizeof key, "%lld", (long long)entry->position);
        snprintf(id, sizeof id, "%lld", (long long)entry->id);
        DbValue values[] = {db_text(reader->name), db_text(key), db_text(id)};
        if (!db_run(tx_conn(tx), &do_it, values, NULL, NULL, NULL, err))
            return false;
    }
    return journal_advance(tx, reader->name, reader->from, position, err) &&
           (!reader->is_failing || error_set(err, ERROR_UNAVAILABLE, .code = "test.failing"));
}

static bool look(Reader *reader, Error *err)
{
    DbConn *conn = db_reader(reader->test->db, err);
    if (!conn)
        return false;
    int limit = 1 + rand_r(&reader->seed) % LARGEST_STEP;
    bool is_read = journal_cursor(conn, reader->name, &reader->from, err) &&
                   journal_read(conn, reader->arena, reader->from, limit, &reader->entries, err);
    db_release(conn);
    return is_read;
}

/* Failures that this test makes, or that a rival's faster step makes. */
static bool is_expected(const Error *err)
{
    static const char *const codes[] = {"test.failing", "journal.cursor_moved", "db.failed",
                                        "db.conflict", "db.unavailable"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(err->code, codes[i]) == 0)
            return true;
    return false;
}

static void *read_on(void *data)
{
    Reader *reader = data;
    reader->arena = arena_create(0);
    for (;;) {
        Error err = ERROR_NONE;
        arena_clear(reader->arena);
        reader->is_failing = !reader->is_last && rand_r(&reader->seed) % 4 == 0;
        if (!look(reader, &err))
            give_up("look", &err);
        if (reader->entries.count == 0 && reader->is_last)
            break;
        if (!reader->is_last && rand_r(&reader->seed) % 8 == 0)
            db_fail_statement(reader->test->db, 1 + rand_r(&reader->seed) % 20);
        if (reader->entries.count > 0 &&
            !db_write(reader->test->db, reader->arena, do_entries, reader, &err) &&
            !is_expected(&err))
            give_up("do_entries", &err);
    }
    arena_destroy(reader->arena);
    return NULL;
}

/* ---- what goes on beside it ------------------------------------------------------------------ */

static bool append_one(Tx *tx, void *data, Error *err)
{
    (void)data;
    JournalEntry entry = {.tenant = TENANT,
                          .dossier = tx_new_id(tx),
                          .version = 1,
                          .kind = "dossier.filed",
                          .actor_kind = "applicant",
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

typedef struct Writer {
    TestDb *test;
    int ready; /* told when ENTRIES_A_ROUND are committed, however slow the machine */
} Writer;

static void *write_on(void *data)
{
    Writer *writer = data;
    int written = 0;
    Arena *arena = arena_create(0);
    for (;;) {
        Error err = ERROR_NONE;
        arena_clear(arena);
        bool is_written = db_write(writer->test->db, arena, append_one, NULL, &err);
        if (!is_written && !is_expected(&err))
            give_up("append_one", &err);
        if (is_written && ++written == ENTRIES_A_ROUND && write(writer->ready, "!", 1) != 1)
            give_up("pipe", &err);
    }
    return NULL;
}

/* Takes its id first and commits when others have long passed it. */
static void *commit_late(void *data)
{
    TestDb *test = data;
    PGconn *conn = PQconnectdb(test->url);
    for (int64_t id = (test->clock.set_at - TEST_NOW) + 1;; id++) {
        char sql[300];
        snprintf(sql, sizeof sql,
                 "INSERT INTO journal (tenant, id, dossier, version, at, kind, actor_kind, actor,"
                 " unit, data) VALUES (7, %lld, 0, 0, 1, 'late', 'system', 0, 0, '{}')",
                 (long long)id);
        PQclear(PQexec(conn, "BEGIN"));
        PQclear(PQexec(conn, sql));
        test_sleep_ms(7);
        PQclear(PQexec(conn, "COMMIT"));
    }
    return NULL;
}

static void seal_on(TestDb *test, const JournalKey *key)
{
    unsigned seed = (unsigned)test->clock.set_at;
    for (;;) {
        Error err = ERROR_NONE;
        if (!journal_seal(test->db, key, "sealer", 1 + rand_r(&seed) % 30, NULL, &err) &&
            !is_expected(&err))
            give_up("seal", &err);
        test_sleep_ms(1);
    }
}

static void live(TestDb *test, const JournalKey *key, int ready)
{
    Error err = ERROR_NONE;
    pthread_t thread;
    Writer writer = {.test = test, .ready = ready};
    Reader readers[] = {
        {.test = test, .name = "notices", .seed = (unsigned)test->clock.set_at},
        {.test = test, .name = "notices", .seed = (unsigned)test->clock.set_at + 1},
        {.test = test, .name = "warnings", .seed = (unsigned)test->clock.set_at + 2},
    };
    test->db = db_open(test->url, &test->options, &err);
    if (!test->db)
        give_up("db_open", &err);
    for (size_t i = 0; i < 3; i++)
        pthread_create(&thread, NULL, read_on, &readers[i]);
    pthread_create(&thread, NULL, write_on, &writer);
    if (db_engine(test->db) == DB_POSTGRES)
        pthread_create(&thread, NULL, commit_late, test);
    seal_on(test, key);
}

/* ---- the parent ------------------------------------------------------------------------------ */

static void live_and_be_killed(TestDb *test, const JournalKey *key, unsigned *seed)
{
    int ready[2], status;
    char sign;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0)
        live(test, key, ready[1]);
    close(ready[1]);
    bool is_alive = read(ready[0], &sign, 1) == 1;
    close(ready[0]);
    test_sleep_ms(20 + rand_r(seed) % 50);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(is_alive && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int64_t count(TestDb *test, const Statement *statement, const char *name)
{
    Error err = ERROR_NONE;
    int64_t sum = 0;
    DbValue values[] = {db_text(name)};
    DbConn *conn = db_reader(test->db, &err);
    assert_true(db_run(conn, statement, values, test_add_up, &sum, NULL, &err));
    db_release(conn);
    return sum;
}

static void test_killed_readers_neither_skip_nor_repeat(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    unsigned seed = 1974;
    db_close(test->db);
    test->db = NULL;
    for (int round = 1; round <= ROUNDS; round++) {
        clock_set(&test->clock, TEST_NOW + round * 1000);
        live_and_be_killed(test, key, &seed);
    }
    clock_set(&test->clock, TEST_NOW + (ROUNDS + 1) * 1000);
    test->db = test_db_open(test);

    Error err = ERROR_NONE;
    int sealed = 1;
    while (sealed > 0)
        assert_true(journal_seal(test->db, key, "sealer", 1000, &sealed, &err));
    static const char *const names[] = {"notices", "warnings"};
    for (size_t i = 0; i < 2; i++) {
        Reader last = {.test = test, .name = names[i], .is_last = true};
        read_on(&last);
    }
    JournalReport report;
    assert_true(journal_verify(test->db, key, test->arena, NULL, &report, &err));
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.unsealed_tail, 0);
    assert_true(report.sealed >= ROUNDS * ENTRIES_A_ROUND);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(count(test, &count_done, names[i]), report.sealed);
        assert_int_equal(count(test, &count_not_done, names[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_killed_readers_neither_skip_nor_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
