#ifndef SUPPORT_TEST_JOURNAL_H
#define SUPPORT_TEST_JOURNAL_H

/*
 * What the tests of the journal share: entries by the dozen, two small inside readers on tables of
 * the kernel, a key, and a way to the tables behind the program's back. Include it behind
 * test_db.h.
 */
#include <dirent.h>
#include <ftw.h>
#include <sqlite3.h>
#include <time.h>

#include "db/journal.h"

#define TENANT 7

/* ---- a folder, a file, raw SQL --------------------------------------------------------------- */

static inline int test_folder_entry(const char *path, const struct stat *about, int kind,
                                    struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static inline void test_folder_remove(void *data)
{
    nftw(data, test_folder_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new folder that goes with the test's arena. */
static inline const char *test_folder(TestDb *test)
{
    const char *parent = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
    char *path = arena_printf(test->arena, "%s/yimen-test-XXXXXX", parent);
    assert_non_null(mkdtemp(path));
    arena_on_destroy(test->arena, test_folder_remove, path);
    return path;
}

/* On SQLite, goes on with a file whose path test->url is, so that it can be opened twice. */
static inline void test_journal_in_file(TestDb *test)
{
    Error err = ERROR_NONE;
    if (db_engine(test->db) != DB_SQLITE)
        return;
    snprintf(test->url, sizeof test->url, "%s/test.db", test_folder(test));
    test_db_reopen(test);
    if (!db_migrate(test->db, NULL, &err))
        test_db_fail(&err, "db_migrate");
}

static inline void test_sql_sqlite(const char *path, const char *sql)
{
    sqlite3 *handle;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 10000);
    if (sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(handle);
}

static inline void test_sql_postgres(const char *url, const char *sql)
{
    PGconn *conn = PQconnectdb(url);
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* Runs SQL behind the program's back; on SQLite after test_journal_in_file. */
static inline void test_sql(TestDb *test, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *sql = arena_vprintf(test->arena, format, args);
    va_end(args);
    if (db_engine(test->db) == DB_SQLITE)
        test_sql_sqlite(test->url, sql);
    else
        test_sql_postgres(test->url, sql);
}

static inline JournalKey *test_key(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *file = arena_printf(test->arena, "%s/journal.key", test_folder(test));
    JournalKey *key = journal_key_open(test->arena, file, &err);
    if (!key)
        test_db_fail(&err, "journal_key_open");
    return key;
}

/* ---- entries --------------------------------------------------------------------------------- */

static inline bool test_append(Tx *tx, void *data, Error *err)
{
    JournalEntry *entry = data;
    entry->id = 0;
    return journal_append(tx, entry, err);
}

/* One entry about a dossier (0: about none), in a transaction of its own. Gives its id. */
static inline Id test_entry(TestDb *test, const char *kind, Id dossier, int64_t version)
{
    Error err = ERROR_NONE;
    JournalEntry entry = {
        .tenant = TENANT,
        .dossier = dossier,
        .version = version,
        .kind = kind,
        .actor_kind = "officer",
        .actor = 12,
        .unit = dossier % 3 + 1,
        .subject = dossier ? NULL : "item:HYG-01",
        .data = arena_printf(test->arena, "{\"step\":%lld}", (long long)version),
    };
    if (!db_write(test->db, test->arena, test_append, &entry, &err))
        test_db_fail(&err, kind);
    return entry.id;
}

/* Entries first .. last of a small story: dossiers are filed, accepted, and every other completed.
 */
static inline void test_story(TestDb *test, int first, int last)
{
    static const char *const kinds[] = {"dossier.filed", "dossier.accepted", "task.completed",
                                        "dossier.completed"};
    for (int i = first; i <= last; i++) {
        int dossier = (i - 1) / 4 + 1, step = (i - 1) % 4;
        bool is_open = dossier % 2 == 0 && step == 3;
        test_entry(test, is_open ? "dossier.rated" : kinds[step], dossier, step + 1);
    }
}

typedef struct TestMany {
    Id first_dossier;
    int count;
} TestMany;

static inline bool test_append_many(Tx *tx, void *data, Error *err)
{
    const TestMany *many = data;
    for (int i = 0; i < many->count; i++) {
        JournalEntry entry = {
            .tenant = TENANT,
            .dossier = many->first_dossier + i,
            .version = 1,
            .kind = "dossier.filed",
            .actor_kind = "applicant",
            .actor = 5,
            .unit = i % 3 + 1,
            .data = "{\"channel\":\"online\"}",
        };
        if (!journal_append(tx, &entry, err))
            return false;
    }
    return true;
}

/* `count` dossiers filed in one transaction. */
static inline void test_many(TestDb *test, Id first_dossier, int count)
{
    Error err = ERROR_NONE;
    TestMany many = {.first_dossier = first_dossier, .count = count};
    if (!db_write(test->db, test->arena, test_append_many, &many, &err))
        test_db_fail(&err, "test_many");
}

static inline int test_seal(TestDb *test, const JournalKey *key, int limit)
{
    Error err = ERROR_NONE;
    int sealed = -1;
    if (!journal_seal(test->db, key, "test:1", limit, &sealed, &err))
        test_db_fail(&err, "journal_seal");
    return sealed;
}

/* ---- a writer that is held up -----------------------------------------------------------------
 */

static inline void test_sleep_ms(int ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000L};
    nanosleep(&pause, NULL);
}

/* Waits (ten seconds at most) until so many commands are in the queue. */
static inline void test_wait_for_queue(Db *db, int64_t length)
{
    for (int i = 0; i < 10000 && db_statistics(db).queue_length != length; i++)
        test_sleep_ms(1);
}

static inline bool test_hold(Tx *tx, void *data, Error *err)
{
    (void)err;
    test_wait_for_queue(tx_db(tx), (int64_t)(intptr_t)data);
    return true;
}

static inline void test_hold_done(void *data, const Error *err)
{
    (void)data, (void)err;
}

/* Holds the one writer up until `length` commands stand behind. */
static inline void test_hold_writer(TestDb *test, int length)
{
    Error err = ERROR_NONE;
    void *data = (void *)(intptr_t)length;
    assert_true(db_submit(test->db, test_hold, data, test_hold_done, &err));
    test_wait_for_queue(test->db, 0);
}

/* ---- inside readers -------------------------------------------------------------------------- */

static const DbType test_four_ints[] = {DB_INT, DB_INT, DB_INT, DB_INT};
static const Statement test_access_insert = {
    .name = "test_access_insert",
    .sqlite = "INSERT INTO dossier_access (tenant, unit, due_at, dossier) VALUES (?1, ?2, ?3, ?4)",
    .postgres =
        "INSERT INTO dossier_access (tenant, unit, due_at, dossier) VALUES ($1, $2, $3, $4)",
    .is_write = true,
    .param_count = 4,
    .params = test_four_ints,
};
static const Statement test_access_delete = {
    .name = "test_access_delete",
    .sqlite = "DELETE FROM dossier_access WHERE tenant = ?1 AND dossier = ?2",
    .postgres = "DELETE FROM dossier_access WHERE tenant = $1 AND dossier = $2",
    .is_write = true,
    .param_count = 2,
    .params = test_four_ints,
};
static const Statement test_access_clear = {
    .name = "test_access_clear",
    .sqlite = "DELETE FROM dossier_access",
    .postgres = "DELETE FROM dossier_access",
    .is_write = true,
};

/* Open dossiers: a row when filed, gone when completed. Applying twice, or only the second half,
 * breaks a key or leaves another row. */
static inline bool test_access_apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    DbValue values[] = {db_int(entry->tenant), db_int(entry->unit), db_int(entry->at),
                        db_int(entry->dossier)};
    DbValue key[] = {db_int(entry->tenant), db_int(entry->dossier)};
    if (strcmp(entry->kind, "dossier.filed") == 0)
        return db_run(tx_conn(tx), &test_access_insert, values, NULL, NULL, NULL, err);
    if (strcmp(entry->kind, "dossier.completed") == 0)
        return db_run(tx_conn(tx), &test_access_delete, key, NULL, NULL, NULL, err);
    return true;
}

static inline bool test_access_clear_all(Tx *tx, Error *err)
{
    return db_run(tx_conn(tx), &test_access_clear, NULL, NULL, NULL, NULL, err);
}

#define TEST_COUNTER_UPSERT(one, two, three)                                                       \
    "INSERT INTO counter VALUES (" one ", '2026-11-22', 0, 0, 0, '', '', " two ", " three          \
    ", 0, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT (tenant, day, name, unit, hall_window, officer, "    \
    "item, kind) DO UPDATE SET total = counter.total + excluded.total"
static const DbType test_counter_params[] = {DB_INT, DB_TEXT, DB_INT};
static const Statement test_counter_add = {
    .name = "test_counter_add",
    .sqlite = TEST_COUNTER_UPSERT("?1", "?2", "?3"),
    .postgres = TEST_COUNTER_UPSERT("$1", "$2", "$3"),
    .is_write = true,
    .param_count = 3,
    .params = test_counter_params,
};
static const Statement test_counter_clear = {
    .name = "test_counter_clear",
    .sqlite = "DELETE FROM counter",
    .postgres = "DELETE FROM counter",
    .is_write = true,
};
static inline bool test_counter_flush(Tx *tx, const char *key, const int64_t *sums, size_t count,
                                      Error *err)
{
    assert_int_equal(count, 1);
    DbValue values[] = {db_int(TENANT), db_text(key), db_int(sums[0])};
    return db_run(tx_conn(tx), &test_counter_add, values, NULL, NULL, NULL, err);
}

/* How often each kind came, by deltas that a batch shares. */
static inline bool test_counter_apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    (void)err;
    int64_t one = 1;
    tx_add_delta(tx, test_counter_flush, entry->kind, &one, 1);
    return true;
}

static inline bool test_counter_clear_all(Tx *tx, Error *err)
{
    return db_run(tx_conn(tx), &test_counter_clear, NULL, NULL, NULL, NULL, err);
}

static const char *const test_access_kinds[] = {"dossier.filed", "dossier.completed", NULL};
static const char *const test_access_tables[] = {"dossier_access", NULL};
static const char *const test_counter_kinds[] = {"dossier.*", NULL};
static const char *const test_counter_tables[] = {"counter", NULL};
static const JournalReader test_access_reader = {
    .name = "test.access",
    .version = 1,
    .kinds = test_access_kinds,
    .tables = test_access_tables,
    .apply = test_access_apply,
    .clear = test_access_clear_all,
};
static const JournalReader test_counter_reader = {
    .name = "test.counter",
    .version = 1,
    .kinds = test_counter_kinds,
    .tables = test_counter_tables,
    .apply = test_counter_apply,
    .clear = test_counter_clear_all,
};
static const JournalReader *const test_readers[] = {&test_access_reader, &test_counter_reader,
                                                    NULL};

static inline const char *test_dump(TestDb *test)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(test->arena, 0);
    if (!journal_dump_derived(test->db, &out, &err))
        test_db_fail(&err, "journal_dump_derived");
    return buffer_text(&out);
}

/* The rows of a SELECT of one integer, summed: for counting. */
static inline bool test_add_up(void *data, const DbValue *columns)
{
    *(int64_t *)data += columns[0].integer;
    return true;
}

#endif
