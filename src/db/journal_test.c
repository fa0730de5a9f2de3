/* journal_test.c - appending, inside readers, reading, cursors, the canonical dump. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "format/json.h"
#include "test_db.h"
#include "test_journal.h"

static JournalEntries read_all(TestDb *test, int64_t after, int limit)
{
    Error err = ERROR_NONE;
    JournalEntries entries;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(journal_read(conn, test->arena, after, limit, &entries, &err));
    db_release(conn);
    return entries;
}

/* ---- appending ------------------------------------------------------------------------------- */

static void test_an_entry_comes_back_as_it_was_written(TestDb *test)
{
    Error err = ERROR_NONE;
    JournalEntry entry = {
        .tenant = TENANT,
        .dossier = 99,
        .version = 1,
        .kind = "dossier.filed",
        .actor_kind = "applicant",
        .actor = 5,
        .unit = 3,
        .subject = "item:旅馆-01",
        .data = "{\"name\":\"一门\"}",
    };
    assert_true(db_write(test->db, test->arena, test_append, &entry, &err));
    assert_true(entry.id > 0);
    assert_int_equal(entry.at, TEST_NOW);

    DbConn *conn = db_reader(test->db, &err);
    JournalEntries entries;
    assert_true(journal_of_dossier(conn, test->arena, TENANT, 99, &entries, &err));
    db_release(conn);
    assert_int_equal(entries.count, 1);
    const JournalEntry *read = &entries.items[0];
    assert_int_equal(read->id, entry.id);
    assert_int_equal(read->tenant, TENANT);
    assert_int_equal(read->dossier, 99);
    assert_int_equal(read->version, 1);
    assert_int_equal(read->at, TEST_NOW);
    assert_string_equal(read->kind, "dossier.filed");
    assert_string_equal(read->actor_kind, "applicant");
    assert_int_equal(read->actor, 5);
    assert_int_equal(read->unit, 3);
    assert_string_equal(read->subject, "item:旅馆-01");
    assert_string_equal(read->data, "{\"name\":\"一门\"}");
    assert_int_equal(read->position, 0);
}

static void test_a_version_that_is_taken_is_a_conflict(TestDb *test)
{
    Error err = ERROR_NONE;
    test_entry(test, "dossier.filed", 1, 1);
    JournalEntry again = {.tenant = TENANT,
                          .dossier = 1,
                          .version = 1,
                          .kind = "dossier.accepted",
                          .actor_kind = "officer",
                          .data = "{}"};
    assert_false(db_write(test->db, test->arena, test_append, &again, &err));
    assert_string_equal(err.code, "db.conflict");
    assert_int_equal(err.kind, ERROR_CONFLICT);
    test_entry(test, "calendar.changed", 0, 0); /* about no dossier: as many as there are */
    test_entry(test, "calendar.changed", 0, 0);
}

static void test_a_timeline_is_in_order_of_version_and_of_its_dossier(TestDb *test)
{
    Error err = ERROR_NONE;
    test_story(test, 1, 12);
    DbConn *conn = db_reader(test->db, &err);
    JournalEntries entries;
    assert_true(journal_of_dossier(conn, test->arena, TENANT, 2, &entries, &err));
    assert_int_equal(entries.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(entries.items[i].version, i + 1);
    assert_true(journal_of_dossier(conn, test->arena, TENANT + 1, 2, &entries, &err));
    assert_int_equal(entries.count, 0);
    assert_true(journal_of_dossier(conn, test->arena, TENANT, 0, &entries, &err));
    assert_int_equal(entries.count, 0);
    db_release(conn);
}

/* ---- inside readers -------------------------------------------------------------------------- */

static void test_inside_readers_are_never_behind(TestDb *test)
{
    test_story(test, 1, 11);
    assert_string_equal(
        test_dump(test),
        "dossier_access dossier=2 due_at=1795336200000 tenant=7 unit=3\n"
        "dossier_access dossier=3 due_at=1795336200000 tenant=7 unit=1\n"
        "counter count=0 day=\"2026-11-22\" h0=0 h1=0 h2=0 h3=0 h4=0 h5=0 h6=0 h7=0 hall_window=0 "
        "item=\"\" kind=\"\" name=\"dossier.accepted\" officer=0 tenant=7 total=3 unit=0\n"
        "counter count=0 day=\"2026-11-22\" h0=0 h1=0 h2=0 h3=0 h4=0 h5=0 h6=0 h7=0 hall_window=0 "
        "item=\"\" kind=\"\" name=\"dossier.completed\" officer=0 tenant=7 total=1 unit=0\n"
        "counter count=0 day=\"2026-11-22\" h0=0 h1=0 h2=0 h3=0 h4=0 h5=0 h6=0 h7=0 hall_window=0 "
        "item=\"\" kind=\"\" name=\"dossier.filed\" officer=0 tenant=7 total=3 unit=0\n"
        "counter count=0 day=\"2026-11-22\" h0=0 h1=0 h2=0 h3=0 h4=0 h5=0 h6=0 h7=0 hall_window=0 "
        "item=\"\" kind=\"\" name=\"dossier.rated\" officer=0 tenant=7 total=1 unit=0\n");
}

static bool append_and_refuse(Tx *tx, void *data, Error *err)
{
    return test_append(tx, data, err) && error_set(err, ERROR_CONFLICT, .code = "test.refused");
}

static void test_a_command_that_fails_leaves_neither_entry_nor_rows(TestDb *test)
{
    Error err = ERROR_NONE;
    test_story(test, 1, 3);
    const char *before = test_dump(test);
    JournalEntry entry = {.tenant = TENANT,
                          .dossier = 5,
                          .version = 1,
                          .kind = "dossier.filed",
                          .actor_kind = "officer",
                          .data = "{}"};
    assert_false(db_write(test->db, test->arena, append_and_refuse, &entry, &err));
    assert_string_equal(err.code, "test.refused");
    assert_string_equal(test_dump(test), before);
    test_entry(test, "dossier.filed", 5, 1);
}

/* Whatever statement of an append fails: nothing half stored. */
static void test_each_statement_of_an_append_may_fail(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *before = test_dump(test);
    int failures = 0;
    for (int n = 1; n < 20; n++) {
        JournalEntry entry = {.tenant = TENANT,
                              .dossier = 1,
                              .version = 1,
                              .kind = "dossier.filed",
                              .actor_kind = "officer",
                              .data = "{}"};
        err = ERROR_NONE;
        db_fail_statement(test->db, n);
        bool is_written = db_write(test->db, test->arena, test_append, &entry, &err);
        db_fail_statement(test->db, 0);
        if (is_written)
            break;
        failures++;
        assert_string_equal(test_dump(test), before);
    }
    assert_true(failures >= 4); /* insert, readers, their rows, commit */
}

static bool never(Tx *tx, const JournalEntry *entry, Error *err)
{
    (void)tx;
    return error_set(err, ERROR_INTERNAL, .code = "test.unwanted", .detail = entry->kind);
}

static bool clear_nothing(Tx *tx, Error *err)
{
    (void)tx, (void)err;
    return true;
}

/* A reader that fails on whatever it is shown: so only kinds it wants bring an entry down. */
static void test_kinds_choose_what_a_reader_sees(TestDb *test)
{
    static const char *const kinds[] = {"task.*", "dossier.filed", "x", NULL};
    static const JournalReader picky = {
        .name = "test.picky", .version = 1, .kinds = kinds, .apply = never, .clear = clear_nothing};
    static const JournalReader *const readers[] = {&picky, NULL};
    static const struct {
        const char *kind;
        bool is_wanted;
    } cases[] = {
        {"task.completed", true},
        {"task.", true},
        {"task", false},
        {"tasks.x", false},
        {"dossier.filed", true},
        {"dossier.filed2", false},
        {"dossier.file", false},
        {"x", true},
        {"", false},
        {"xx", false},
        {"dossier.*", false},
    };
    test->options.readers = readers;
    test_db_reopen(test);
    Error err = ERROR_NONE;
    assert_true(db_migrate(test->db, NULL, &err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JournalEntry entry = {
            .tenant = TENANT, .kind = cases[i].kind, .actor_kind = "system", .data = "{}"};
        err = ERROR_NONE;
        bool is_written = db_write(test->db, test->arena, test_append, &entry, &err);
        if (is_written == cases[i].is_wanted)
            fail_msg("\"%s\" %s", cases[i].kind, is_written ? "was not shown" : err.code);
    }
}

static const Json *trees[4];
static size_t tree_count;

static bool look_at(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *tree = journal_data(tx, entry, err);
    if (tree && tree_count < 4)
        trees[tree_count++] = tree;
    if (tree)
        assert_string_equal(json_text(tree, "n"), entry->subject);
    return tree != NULL;
}

/* Two entries whose data stand in the same memory, one after the other. */
static bool append_twice(Tx *tx, void *data, Error *err)
{
    (void)data;
    char text[16];
    JournalEntry entry = {.tenant = TENANT, .kind = "x", .actor_kind = "system", .data = text};
    for (int i = 1; i <= 2; i++) {
        snprintf(text, sizeof text, "{\"n\":\"%d\"}", i);
        entry.id = 0;
        entry.subject = arena_printf(tx_arena(tx), "%d", i);
        if (!journal_append(tx, &entry, err))
            return false;
    }
    return true;
}

static void test_readers_share_the_tree_of_an_entry(TestDb *test)
{
    static const JournalReader one = {
        .name = "test.one", .version = 1, .apply = look_at, .clear = clear_nothing};
    static const JournalReader other = {
        .name = "test.other", .version = 1, .apply = look_at, .clear = clear_nothing};
    static const JournalReader *const readers[] = {&one, &other, NULL};
    test->options.readers = readers;
    test_db_reopen(test);
    Error err = ERROR_NONE;
    assert_true(db_migrate(test->db, NULL, &err));
    tree_count = 0;
    assert_true(db_write(test->db, test->arena, append_twice, NULL, &err));
    assert_int_equal(tree_count, 4);
    assert_ptr_equal(trees[0], trees[1]);
    assert_ptr_equal(trees[2], trees[3]);
    assert_ptr_not_equal(trees[0], trees[2]);
    JournalEntry bad = {.tenant = TENANT, .kind = "x", .actor_kind = "system", .data = "{"};
    assert_false(db_write(test->db, test->arena, test_append, &bad, &err));
    assert_string_equal(err.code, "json.syntax");
}

/* ---- reading and cursors --------------------------------------------------------------------- */

static void test_outside_readers_see_sealed_entries_only(TestDb *test)
{
    JournalKey *key = test_key(test);
    test_story(test, 1, 10);
    assert_int_equal(read_all(test, 0, 100).count, 0);
    assert_int_equal(test_seal(test, key, 7), 7);
    JournalEntries entries = read_all(test, 0, 100);
    assert_int_equal(entries.count, 7);
    for (size_t i = 0; i < entries.count; i++)
        assert_int_equal(entries.items[i].position, i + 1);
    assert_int_equal(read_all(test, 5, 100).count, 2);
    assert_int_equal(read_all(test, 2, 3).count, 3);
    assert_int_equal(read_all(test, 2, 3).items[0].position, 3);
    assert_int_equal(read_all(test, 7, 3).count, 0);
}

typedef struct Step {
    const char *name;
    int64_t from, to;
} Step;

static bool advance(Tx *tx, void *data, Error *err)
{
    const Step *step = data;
    return journal_advance(tx, step->name, step->from, step->to, err);
}

static bool try_advance(TestDb *test, Step step, Error *err)
{
    *err = ERROR_NONE;
    return db_write(test->db, test->arena, advance, &step, err);
}

static int64_t cursor_of(TestDb *test, const char *name)
{
    Error err = ERROR_NONE;
    int64_t position = -1;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(journal_cursor(conn, name, &position, &err));
    db_release(conn);
    return position;
}

static void test_a_cursor_moves_only_from_where_it_is(TestDb *test)
{
    Error err;
    assert_int_equal(cursor_of(test, "notices"), 0);
    assert_true(try_advance(test, (Step){"notices", 0, 5}, &err));
    assert_int_equal(cursor_of(test, "notices"), 5);
    assert_int_equal(cursor_of(test, "warnings"), 0);
    assert_true(try_advance(test, (Step){"notices", 5, 9}, &err));

    static const int64_t wrong[] = {0, 5, 8, 10};
    for (size_t i = 0; i < 4; i++) {
        assert_false(try_advance(test, (Step){"notices", wrong[i], 12}, &err));
        assert_string_equal(err.code, "journal.cursor_moved");
        assert_int_equal(err.kind, ERROR_CONFLICT);
    }
    assert_int_equal(cursor_of(test, "notices"), 9);
    assert_false(try_advance(test, (Step){"warnings", 3, 4}, &err)); /* it has not begun */
    assert_string_equal(err.code, "journal.cursor_moved");
}

/* ---- the dump -------------------------------------------------------------------------------- */

static void test_a_dump_is_in_order_of_the_key_whatever_the_order_of_writing(TestDb *test)
{
    test_entry(test, "dossier.filed", 300, 1);
    test_entry(test, "dossier.filed", 2, 1);
    test_entry(test, "dossier.filed", 30, 1);
    const char *dump = test_dump(test);
    const char *first = strstr(dump, "dossier=2 "), *second = strstr(dump, "dossier=30 ");
    const char *third = strstr(dump, "dossier=300 "); /* as numbers, not as texts */
    assert_true(first && second && third && first < second && second < third);
}

static void test_a_reader_of_an_unknown_table_is_named(TestDb *test)
{
    static const char *const tables[] = {"no_such_table", NULL};
    static const JournalReader lost = {
        .name = "test.lost", .tables = tables, .apply = never, .clear = clear_nothing};
    static const JournalReader *const readers[] = {&lost, NULL};
    test->options.readers = readers;
    test_db_reopen(test);
    Error err = ERROR_NONE;
    Buffer out = buffer_init(test->arena, 0);
    assert_false(journal_dump_derived(test->db, &out, &err));
    assert_non_null(strstr(err.detail, "no_such_table"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_an_entry_comes_back_as_it_was_written),
        test_each_engine(test_a_version_that_is_taken_is_a_conflict),
        test_each_engine(test_a_timeline_is_in_order_of_version_and_of_its_dossier),
        test_each_engine_with(test_inside_readers_are_never_behind, .readers = test_readers),
        test_each_engine_with(test_a_command_that_fails_leaves_neither_entry_nor_rows,
                              .readers = test_readers),
        test_each_engine_with(test_each_statement_of_an_append_may_fail, .readers = test_readers),
        test_each_engine(test_kinds_choose_what_a_reader_sees),
        test_each_engine(test_readers_share_the_tree_of_an_entry),
        test_each_engine(test_outside_readers_see_sealed_entries_only),
        test_each_engine(test_a_cursor_moves_only_from_where_it_is),
        test_each_engine_with(test_a_dump_is_in_order_of_the_key_whatever_the_order_of_writing,
                              .readers = test_readers),
        test_each_engine(test_a_reader_of_an_unknown_table_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
