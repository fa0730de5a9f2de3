/* sqlite_test.c - what only SQLite has: its settings, a disk that is full, files left by a crash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "test_db.h"
#include "test_lease.h"

typedef struct Disk {
    TestDb test;
    char folder[64];
} Disk;

static void open_disk(Disk *disk)
{
    *disk = (Disk){.test = {.arena = arena_create(0)}, .folder = "/tmp/yimen-test-XXXXXX"};
    assert_non_null(mkdtemp(disk->folder));
    disk->test.options = (DbOptions){.clock = &disk->test.clock, .arena = disk->test.arena};
    snprintf(disk->test.url, sizeof disk->test.url, "%s/city.db", disk->folder);
    disk->test.db = test_db_open(&disk->test);
    Error err = ERROR_NONE;
    assert_true(db_migrate(disk->test.db, NULL, &err));
}

static void close_disk(Disk *disk)
{
    db_close(disk->test.db);
    unlink(disk->test.url);
    unlink(arena_printf(disk->test.arena, "%s.lock", disk->test.url));
    assert_int_equal(rmdir(disk->folder), 0); /* the log was folded in */
    arena_destroy(disk->test.arena);
}

/* ---- settings -------------------------------------------------------------------------------- */

typedef struct Setting {
    const char *pragma;
    int64_t expected;
    int64_t found;
} Setting;

static bool read_settings(Tx *tx, void *data, Error *err)
{
    for (Setting *setting = data; setting->pragma; setting++) {
        /* Lives as long as the connection, as a Statement must. */
        static Statement statements[8];
        static size_t count;
        Statement *statement = &statements[count++];
        *statement = (Statement){.name = setting->pragma,
                                 .sqlite = setting->pragma,
                                 .column_count = 1,
                                 .columns = LEASE_COLUMNS};
        if (!db_run(tx_conn(tx), statement, NULL, lease_take_int, &setting->found, NULL, err))
            return false;
    }
    return true;
}

static void test_the_writer_is_durable(void **state)
{
    (void)state;
    Disk disk;
    open_disk(&disk);
    Setting settings[] = {
        {.pragma = "PRAGMA synchronous", .expected = 2},
        {.pragma = "PRAGMA foreign_keys", .expected = 1},
        {.pragma = "PRAGMA temp_store", .expected = 2},
        {.pragma = "PRAGMA wal_autocheckpoint", .expected = 1000},
        {.pragma = "PRAGMA trusted_schema", .expected = 0},
        {.pragma = "SELECT journal_mode = 'wal' FROM pragma_journal_mode", .expected = 1},
        {.pragma = NULL},
    };
    Error err = ERROR_NONE;
    if (!db_write(disk.test.db, disk.test.arena, read_settings, settings, &err))
        test_db_fail(&err, "settings");
    for (const Setting *setting = settings; setting->pragma; setting++)
        if (setting->found != setting->expected)
            fail_msg("%s is %lld", setting->pragma, (long long)setting->found);
    close_disk(&disk);
}

/* ---- a full disk ----------------------------------------------------------------------------- */

/* Files of this process may not grow beyond `bytes`: the disk is full for whoever writes. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static rlim_t size_of(TestDb *test, const char *ending)
{
    struct stat file;
    const char *path = arena_printf(test->arena, "%s%s", test->url, ending);
    return stat(path, &file) == 0 ? (rlim_t)file.st_size : 0;
}

static bool put_long(Tx *tx, void *data, Error *err)
{
    LeaseWork *work = data;
    const char *name = arena_printf(tx_arena(tx), "%s%0*d", work->name, 20000, 0);
    work->runs++;
    return lease_put(tx_conn(tx), name, 1, err);
}

static void submit_batch(TestDb *test, LeaseWork *works, size_t count)
{
    Gate gate;
    sem_t ended;
    Error err = ERROR_NONE;
    sem_init(&ended, 0, 0);
    gate_close(test, &gate);
    for (size_t i = 0; i < count; i++) {
        works[i].when_done = &ended;
        assert_true(db_submit(test->db, put_long, &works[i], lease_done, &err));
    }
    gate_open(&gate);
    for (size_t i = 0; i < count; i++)
        sem_wait(&ended);
}

static void test_a_full_disk_fails_the_whole_batch_and_passes(void **state)
{
    (void)state;
    Disk disk;
    open_disk(&disk);
    TestDb *test = &disk.test;
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    for (int round = 0; round < 3; round++) {
        LeaseWork works[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
        limit_files(size_of(test, "-wal") + 4096);
        submit_batch(test, works, 3);
        limit_files(before.rlim_cur);
        for (size_t i = 0; i < 3; i++) {
            assert_non_null(works[i].code);
            assert_string_equal(works[i].code, "db.unavailable");
            assert_int_equal(works[i].done, 1);
        }
        assert_int_equal(lease_now(test, NULL), round);
        LeaseWork one = {.name = arena_printf(test->arena, "%d", round)};
        Error err = ERROR_NONE; /* there is room again, and nothing to repair */
        if (!db_write(test->db, test->arena, lease_work, &one, &err))
            test_db_fail(&err, "after");
        assert_int_equal(lease_now(test, NULL), round + 1);
    }
    close_disk(&disk);
}

/* ---- statements ------------------------------------------------------------------------------ */

static bool run_inside(void *data, const DbValue *columns)
{
    (void)columns;
    void **arguments = data;
    Error *err = arguments[2];
    bool is_run = db_run(arguments[0], arguments[1], NULL, run_inside, data, NULL, err);
    assert_false(is_run);
    return false;
}

static void test_a_statement_does_not_run_inside_itself(void **state)
{
    (void)state;
    Disk disk;
    open_disk(&disk);
    Error err = ERROR_NONE, inner = ERROR_NONE;
    DbConn *conn = db_reader(disk.test.db, &err);
    void *arguments[] = {conn, (void *)&LEASE_COUNT, &inner};
    assert_true(db_run(conn, &LEASE_COUNT, NULL, run_inside, arguments, NULL, &err));
    assert_string_equal(inner.detail, "lease_count: runs inside itself");
    int64_t count = -1;
    assert_true(db_run(conn, &LEASE_COUNT, NULL, lease_take_int, &count, NULL, &err));
    assert_int_equal(count, 0);
    db_release(conn);
    close_disk(&disk);
}

static bool put_in_missing_parent(Tx *tx, void *data, Error *err)
{
    (void)data;
    static const Statement create = {.name = "create",
                                     .sqlite =
                                         "CREATE TABLE child (p TEXT REFERENCES lease (name))",
                                     .is_write = true};
    static const Statement insert = {
        .name = "insert", .sqlite = "INSERT INTO child (p) VALUES ('none')", .is_write = true};
    return db_run(tx_conn(tx), &create, NULL, NULL, NULL, NULL, err) &&
           db_run(tx_conn(tx), &insert, NULL, NULL, NULL, NULL, err);
}

static void test_a_foreign_key_is_a_conflict(void **state)
{
    (void)state;
    Disk disk;
    open_disk(&disk);
    Error err = ERROR_NONE;
    assert_false(db_write(disk.test.db, disk.test.arena, put_in_missing_parent, NULL, &err));
    assert_string_equal(err.code, "db.conflict");
    close_disk(&disk);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void assert_private(Disk *disk, const char *ending)
{
    struct stat about;
    const char *path = arena_printf(disk->test.arena, "%s%s", disk->test.url, ending);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

/* What people entrusted is for the program's own user, even under a careless umask. */
static void test_files_are_private(void **state)
{
    (void)state;
    Disk disk;
    mode_t kept = umask(0);
    open_disk(&disk);
    umask(kept);
    assert_private(&disk, "");
    assert_private(&disk, "-wal");
    assert_private(&disk, "-shm");
    assert_private(&disk, ".lock");
    close_disk(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_writer_is_durable),
        cmocka_unit_test(test_a_full_disk_fails_the_whole_batch_and_passes),
        cmocka_unit_test(test_a_statement_does_not_run_inside_itself),
        cmocka_unit_test(test_a_foreign_key_is_a_conflict),
        cmocka_unit_test(test_files_are_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
