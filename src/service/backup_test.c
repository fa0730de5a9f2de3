/*
 * backup_test.c - what was backed up comes back on either engine, files included; a backup that
 * fails leaves the one before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <utime.h>

#include "service/app.h"
#include "service/backup.h"
#include "test_db.h"
#include "test_journal.h"

static const char pdf[] = "%PDF-1.4\nthe rental contract of 林小满";

typedef struct Hall {
    TestDb *test;
    App app;
    const char *folder; /* of the backup */
    BackupReport report;
} Hall;

static Hall hall_begin(TestDb *test)
{
    Error err = ERROR_NONE;
    Hall hall = {.test = test, .app = {.db = test->db, .clock = &test->clock, .tenant = 1}};
    hall.folder = arena_printf(test->arena, "%s/backup", test_folder(test));
    hall.app.keys =
        keyring_open(test->arena, arena_printf(test->arena, "%s/keys", test_folder(test)), &err);
    hall.app.files =
        files_open(test->arena, arena_printf(test->arena, "%s/files", test_folder(test)), &err);
    assert_non_null(hall.app.files);
    return hall;
}

typedef struct Adding {
    App *app;
    StoredFile file;
    Id id;
} Adding;

static bool add_row(Tx *tx, void *data, Error *err)
{
    Adding *adding = data;
    return files_add(tx, adding->app, &adding->file, &adding->id, err);
}

static Adding add_file(Hall *hall)
{
    Error err = ERROR_NONE;
    Adding adding = {.app = &hall->app};
    if (!files_keep(hall->app.files, hall->test->arena, pdf, sizeof pdf - 1, &adding.file, &err) ||
        !db_write(hall->test->db, hall->test->arena, add_row, &adding, &err))
        test_db_fail(&err, "files_add");
    return adding;
}

static bool take(Hall *hall, Error *err)
{
    *err = ERROR_NONE;
    return backup_take(hall->test->db, hall->app.files, hall->folder, hall->test->arena,
                       &hall->report, err);
}

static void take_well(Hall *hall)
{
    Error err;
    if (!take(hall, &err))
        test_db_fail(&err, "backup_take");
}

/* Into an empty database and an empty folder; the App goes on with them. */
static bool restore(Hall *hall, Arena *arena, Error *err)
{
    const char *files = arena_printf(hall->test->arena, "%s/files", test_folder(hall->test));
    *err = ERROR_NONE;
    test_db_renew(hall->test);
    hall->app.db = hall->test->db;
    hall->app.files = files_open(hall->test->arena, files, err);
    return hall->app.files &&
           backup_restore(hall->folder, hall->test->db, hall->app.files, arena, &hall->report, err);
}

static void check_file(Hall *hall, Id id)
{
    Error err = ERROR_NONE;
    StoredFile file;
    DbBytes bytes;
    DbConn *conn = db_reader(hall->app.db, &err);
    assert_non_null(conn);
    if (!files_find(conn, &hall->app, hall->test->arena, id, &file, &err) ||
        !files_read(hall->app.files, hall->test->arena, &file, &bytes, &err))
        test_db_fail(&err, "files_read");
    db_release(conn);
    assert_int_equal(bytes.size, sizeof pdf - 1);
    assert_memory_equal(bytes.data, pdf, sizeof pdf - 1);
}

static const char *backed_up(const Hall *hall, const StoredFile *file)
{
    return arena_printf(hall->test->arena, "%s/yimen.db.files/%.2s/%s", hall->folder, file->name,
                        file->name);
}

/* ---- there and back -------------------------------------------------------------------------- */

static void test_what_was_backed_up_comes_back(TestDb *test)
{
    Error err;
    Hall hall = hall_begin(test);
    Arena *arena = arena_create(0);
    test_story(test, 1, 20);
    Adding file = add_file(&hall);
    const char *before = test_dump(test);
    take_well(&hall);
    assert_int_equal(hall.report.files, 1);
    int64_t rows = hall.report.copied.rows;
    if (!restore(&hall, arena, &err))
        test_db_fail(&err, "backup_restore");
    assert_int_equal(hall.report.copied.rows, rows);
    assert_int_equal(hall.report.new_files, 1);
    assert_string_equal(test_dump(test), before);
    check_file(&hall, file.id);
    test_db_renew(test); /* before what its connection keeps goes */
    arena_destroy(arena);
}

static void test_only_new_files_are_brought(TestDb *test)
{
    Hall hall = hall_begin(test);
    add_file(&hall);
    take_well(&hall);
    take_well(&hall);
    assert_int_equal(hall.report.files, 1);
    assert_int_equal(hall.report.new_files, 0);
    add_file(&hall);
    take_well(&hall);
    assert_int_equal(hall.report.files, 2);
    assert_int_equal(hall.report.new_files, 1);
}

static void test_files_without_a_row_are_swept(TestDb *test)
{
    Hall hall = hall_begin(test);
    Adding erased = add_file(&hall), kept = add_file(&hall);
    take_well(&hall);
    test_journal_in_file(test); /* SQL beside the program needs a file on SQLite */
    struct utimbuf long_ago = {.actime = 1000, .modtime = 1000};
    assert_int_equal(utime(backed_up(&hall, &erased.file), &long_ago), 0);
    assert_int_equal(utime(backed_up(&hall, &kept.file), &long_ago), 0);
    hall.app.db = test->db;
    if (db_engine(test->db) == DB_POSTGRES)
        test_sql(test, "DELETE FROM file WHERE name = '%s'", erased.file.name);
    take_well(&hall);
    assert_int_not_equal(access(backed_up(&hall, &erased.file), F_OK), 0);
    if (db_engine(test->db) == DB_POSTGRES)
        assert_int_equal(access(backed_up(&hall, &kept.file), F_OK), 0);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static void test_a_file_that_is_not_as_stored_is_told(TestDb *test)
{
    Error err;
    Hall hall = hall_begin(test);
    Adding file = add_file(&hall);
    take_well(&hall);
    FILE *stream = fopen(backed_up(&hall, &file.file), "r+b");
    assert_non_null(stream);
    fseek(stream, 20, SEEK_SET);
    fputc(fgetc(stream) ^ 1, stream);
    fclose(stream);
    Arena *arena = arena_create(0);
    assert_false(restore(&hall, arena, &err));
    assert_string_equal(err.code, "files.altered");
    assert_string_equal(err.detail, file.file.name);
    test_db_renew(test);
    arena_destroy(arena);
}

static void test_a_failed_backup_leaves_the_one_before(TestDb *test)
{
    Error err;
    struct stat before, after;
    Hall hall = hall_begin(test);
    test_story(test, 1, 10);
    take_well(&hall);
    const char *database = arena_printf(test->arena, "%s/yimen.db", hall.folder);
    assert_int_equal(stat(database, &before), 0);
    Adding gone = add_file(&hall);
    FileStore *files = hall.app.files;
    hall.app.files = files_open(test->arena, test_folder(test), &err); /* without the file */
    assert_false(take(&hall, &err));
    assert_string_equal(err.code, "files.missing");
    assert_string_equal(err.detail, gone.file.name);
    assert_int_equal(stat(database, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    hall.app.files = files;
    take_well(&hall);
    assert_int_equal(hall.report.new_files, 1);
}

static void test_a_folder_without_a_backup_is_told(TestDb *test)
{
    Error err;
    Hall hall = hall_begin(test);
    Arena *arena = arena_create(0);
    assert_false(restore(&hall, arena, &err));
    assert_string_equal(err.code, "backup.none");
    hall.folder = "/dev/null/nowhere";
    assert_false(take(&hall, &err));
    assert_string_equal(err.code, "backup.folder");
    test_db_renew(test);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_what_was_backed_up_comes_back),
        test_each_engine(test_only_new_files_are_brought),
        test_each_engine(test_files_without_a_row_are_swept),
        test_each_engine(test_a_file_that_is_not_as_stored_is_told),
        test_each_engine(test_a_failed_backup_leaves_the_one_before),
        test_each_engine(test_a_folder_without_a_backup_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
