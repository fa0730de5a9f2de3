/* files_test.c - encrypted files: on the disk, by ticket, by row, swept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

#include "base/text.h"
#include "service/app.h"
#include "service/files.h"
#include "test_db.h"
#include "test_journal.h"

static const char pdf[] = "%PDF-1.4\nthe rental contract of 林小满";

typedef struct Shelf {
    TestDb *test;
    App app;
    const char *folder;
} Shelf;

static Shelf shelf_begin(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = {.test = test, .app = {.db = test->db, .clock = &test->clock, .tenant = 1}};
    shelf.folder = arena_printf(test->arena, "%s/files", test_folder(test));
    shelf.app.keys =
        keyring_open(test->arena, arena_printf(test->arena, "%s/keys", test_folder(test)), &err);
    shelf.app.files = files_open(test->arena, shelf.folder, &err);
    assert_non_null(shelf.app.files);
    return shelf;
}

static StoredFile kept(Shelf *shelf)
{
    Error err = ERROR_NONE;
    StoredFile file;
    if (!files_keep(shelf->app.files, shelf->test->arena, pdf, sizeof pdf - 1, &file, &err))
        fail_msg("%s (%s)", err.code, err.detail);
    return file;
}

static const char *path_of(const Shelf *shelf, const StoredFile *file)
{
    return arena_printf(shelf->test->arena, "%s/%.2s/%s", shelf->folder, file->name, file->name);
}

static size_t read_path(const char *path, char *out, size_t size)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t length = fread(out, 1, size, stream);
    fclose(stream);
    return length;
}

static void write_path(const char *path, const char *data, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(data, 1, size, stream), size);
    assert_int_equal(fclose(stream), 0);
}

/* ---- on the disk ----------------------------------------------------------------------------- */

static void test_gives_back_what_was_kept(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    DbBytes content;
    assert_int_equal(strlen(file.name), 32);
    assert_string_equal(file.media_type, "application/pdf");
    assert_int_equal(file.size, sizeof pdf - 1);
    assert_true(files_read(shelf.app.files, test->arena, &file, &content, &err));
    assert_int_equal(content.size, sizeof pdf - 1);
    assert_memory_equal(content.data, pdf, sizeof pdf - 1);
}

static void test_shows_nothing_on_the_disk(TestDb *test)
{
    char bytes[1000];
    struct stat about;
    Shelf shelf = shelf_begin(test);
    StoredFile first = kept(&shelf), second = kept(&shelf);
    size_t length = read_path(path_of(&shelf, &first), bytes, sizeof bytes);
    assert_null(memmem(bytes, length, "rental", 6));
    assert_string_not_equal(first.name, second.name);
    assert_string_not_equal(first.hash, second.hash); /* equal contents, nothing shared */
    assert_string_equal(first.hash, crypto_hash(test->arena, bytes, length));
    assert_int_equal(stat(path_of(&shelf, &first), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(shelf.folder, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
}

static void test_sees_each_changed_byte(TestDb *test)
{
    char bytes[1000];
    DbBytes content;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    const char *path = path_of(&shelf, &file);
    size_t length = read_path(path, bytes, sizeof bytes);
    for (size_t i = 0; i < length; i++) {
        Error err = ERROR_NONE;
        bytes[i] ^= 1;
        write_path(path, bytes, length);
        assert_false(files_read(shelf.app.files, test->arena, &file, &content, &err));
        assert_string_equal(err.code, "files.altered");
        bytes[i] ^= 1;
    }
}

static void test_tells_what_is_missing_or_short(TestDb *test)
{
    Error short_one = ERROR_NONE, missing = ERROR_NONE, strange = ERROR_NONE;
    DbBytes content;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    assert_int_equal(truncate(path_of(&shelf, &file), 20), 0);
    assert_false(files_read(shelf.app.files, test->arena, &file, &content, &short_one));
    assert_string_equal(short_one.code, "files.altered");
    assert_int_equal(unlink(path_of(&shelf, &file)), 0);
    assert_false(files_read(shelf.app.files, test->arena, &file, &content, &missing));
    assert_string_equal(missing.code, "files.missing");
    file.name = "../../../../../../../etc/passwd0";
    assert_false(files_read(shelf.app.files, test->arena, &file, &content, &strange));
    assert_string_equal(strange.code, "files.missing");
}

static void test_another_files_bytes_do_not_open(TestDb *test)
{
    char bytes[1000];
    Error err = ERROR_NONE;
    DbBytes content;
    Shelf shelf = shelf_begin(test);
    StoredFile first = kept(&shelf), second = kept(&shelf);
    size_t length = read_path(path_of(&shelf, &second), bytes, sizeof bytes);
    write_path(path_of(&shelf, &first), bytes, length);
    assert_false(files_read(shelf.app.files, test->arena, &first, &content, &err));
    assert_string_equal(err.code, "files.altered");
}

static void test_refuses_by_content(TestDb *test)
{
    static const struct {
        const char *data;
        size_t size;
        const char *code;
    } cases[] = {
        {"", 0, "files.empty"},      {"<html><script>", 14, "files.type"},
        {"GIF89a", 6, "files.type"}, {"%PDF", 4, "files.type"},
        {"PK\3\4", 4, "files.type"}, {"MZ\x90", 3, "files.type"},
    };
    Shelf shelf = shelf_begin(test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        StoredFile file;
        assert_false(
            files_keep(shelf.app.files, test->arena, cases[i].data, cases[i].size, &file, &err));
        assert_string_equal(err.code, cases[i].code);
    }
    Error large = ERROR_NONE;
    StoredFile file;
    char *data = arena_alloc(test->arena, FILE_BYTES_MOST + 1);
    memcpy(data, "%PDF-", 5);
    assert_false(
        files_keep(shelf.app.files, test->arena, data, FILE_BYTES_MOST + 1, &file, &large));
    assert_string_equal(large.code, "files.too_large");
}

static void test_knows_kinds(void **state)
{
    (void)state;
    assert_string_equal(files_media_type("\xff\xd8\xff\xe0 JFIF", 9), "image/jpeg");
    assert_string_equal(files_media_type("\x89PNG\r\n\x1a\n....", 12), "image/png");
    assert_string_equal(files_media_type("\0\0\0\x18"
                                         "ftypheic",
                                         12),
                        "image/heic");
    assert_string_equal(files_media_type("PK\3\4"
                                         "..........................OFD.xml",
                                         37),
                        "application/ofd");
    assert_null(files_media_type("PK\3\4"
                                 "..........................mimetype",
                                 38));
    assert_true(files_is_shown("image/png"));
    assert_false(files_is_shown("image/heic"));
}

static void test_a_folder_that_cannot_be_made(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    const char *inside = arena_printf(test->arena, "%s/below", path_of(&shelf, &file));
    assert_null(files_open(test->arena, inside, &err));
    assert_string_equal(err.code, "files.folder");
}

/* ---- tickets --------------------------------------------------------------------------------- */

static void test_a_ticket_finds_its_file(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf), found;
    const char *title;
    DbBytes content;
    const char *ticket = files_ticket(&shelf.app, test->arena, &file, "合同.pdf", "applicant:7");
    assert_null(strstr(ticket, file.name));
    assert_true(
        files_of_ticket(&shelf.app, test->arena, ticket, "applicant:7", &found, &title, &err));
    assert_string_equal(title, "合同.pdf");
    assert_string_equal(found.hash, file.hash);
    assert_true(files_read(shelf.app.files, test->arena, &found, &content, &err));
}

static void assert_no_ticket(Shelf *shelf, const char *ticket, const char *owner)
{
    Error err = ERROR_NONE;
    StoredFile found;
    const char *title;
    assert_false(
        files_of_ticket(&shelf->app, shelf->test->arena, ticket, owner, &found, &title, &err));
    assert_string_equal(err.code, "files.ticket");
}

static void test_refuses_other_tickets(TestDb *test)
{
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    char *ticket = arena_text(
        test->arena, files_ticket(&shelf.app, test->arena, &file, "合同.pdf", "applicant:7"));
    assert_no_ticket(&shelf, ticket, "applicant:8");
    assert_no_ticket(&shelf, "", "applicant:7");
    assert_no_ticket(&shelf, "zz", "applicant:7");
    assert_no_ticket(&shelf, "0123456789abcdef", "applicant:7");
    ticket[40] = ticket[40] == '0' ? '1' : '0';
    assert_no_ticket(&shelf, ticket, "applicant:7");
}

static void age(const char *path, int64_t seconds)
{
    static const Clock system_clock;
    time_t then = (time_t)(clock_now(&system_clock) / SECOND_MS - seconds);
    assert_int_equal(utime(path, &(struct utimbuf){.actime = then, .modtime = then}), 0);
}

static void test_a_ticket_ends_before_its_file_is_swept(TestDb *test)
{
    Error err = ERROR_NONE;
    int64_t swept;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    const char *ticket = files_ticket(&shelf.app, test->arena, &file, "合同.pdf", "applicant:7");
    age(path_of(&shelf, &file), 21 * 3600);
    assert_no_ticket(&shelf, ticket, "applicant:7");
    assert_true(files_sweep(&shelf.app, &swept, &err));
    assert_int_equal(swept, 0);
}

/* ---- rows and sweeping ----------------------------------------------------------------------- */

typedef struct Adding {
    App *app;
    const StoredFile *file;
    Id id;
} Adding;

static bool add(Tx *tx, void *data, Error *err)
{
    Adding *adding = data;
    return files_add(tx, adding->app, adding->file, &adding->id, err);
}

static void test_a_row_keeps_the_key(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf), found;
    DbBytes content;
    Adding adding = {.app = &shelf.app, .file = &file};
    assert_true(db_write(test->db, test->arena, add, &adding, &err));
    DbConn *conn = db_reader(test->db, &err);
    assert_true(files_find(conn, &shelf.app, test->arena, adding.id, &found, &err));
    assert_true(files_read(shelf.app.files, test->arena, &found, &content, &err));
    assert_int_equal(content.size, sizeof pdf - 1);
    assert_false(files_find(conn, &shelf.app, test->arena, adding.id + 1, &found, &err));
    assert_string_equal(err.code, "files.unknown");
    db_release(conn);
}

static void test_one_row_a_file(TestDb *test)
{
    Error err = ERROR_NONE;
    Shelf shelf = shelf_begin(test);
    StoredFile file = kept(&shelf);
    Adding adding = {.app = &shelf.app, .file = &file};
    assert_true(db_write(test->db, test->arena, add, &adding, &err));
    assert_false(db_write(test->db, test->arena, add, &adding, &err));
    assert_string_equal(err.code, "files.taken");
}

static void test_sweeps_what_no_row_tells_of(TestDb *test)
{
    Error err = ERROR_NONE;
    int64_t swept;
    Shelf shelf = shelf_begin(test);
    StoredFile told = kept(&shelf), orphan = kept(&shelf), fresh = kept(&shelf);
    Adding adding = {.app = &shelf.app, .file = &told};
    assert_true(db_write(test->db, test->arena, add, &adding, &err));
    age(path_of(&shelf, &told), 25 * 3600);
    age(path_of(&shelf, &orphan), 25 * 3600);
    assert_true(files_sweep(&shelf.app, &swept, &err));
    assert_int_equal(swept, 1);
    assert_int_equal(access(path_of(&shelf, &told), R_OK), 0);
    assert_int_equal(access(path_of(&shelf, &fresh), R_OK), 0);
    assert_int_not_equal(access(path_of(&shelf, &orphan), R_OK), 0);
}

#define on_disk(function) test_on_engine(function, "", DB_SQLITE, .reader_connections = 0)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_disk(test_gives_back_what_was_kept),
        on_disk(test_shows_nothing_on_the_disk),
        on_disk(test_sees_each_changed_byte),
        on_disk(test_tells_what_is_missing_or_short),
        on_disk(test_another_files_bytes_do_not_open),
        on_disk(test_refuses_by_content),
        cmocka_unit_test(test_knows_kinds),
        on_disk(test_a_folder_that_cannot_be_made),
        on_disk(test_a_ticket_finds_its_file),
        on_disk(test_refuses_other_tickets),
        on_disk(test_a_ticket_ends_before_its_file_is_swept),
        test_each_engine(test_a_row_keeps_the_key),
        test_each_engine(test_one_row_a_file),
        test_each_engine(test_sweeps_what_no_row_tells_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
