/*
 * values_test.c - what sqlgen generates, run on both databases: every type as parameter and as
 * column, every kind of nothing, every verb, and the migration's two dialects.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "db/migrate.h"
#include "storage/values_sql.h"
#include "test_db.h"

extern const Migration round_trip_migrations[];

/* The program's own steps and this one: a database refuses to lose what it has. */
static void migrate(TestDb *test)
{
    Migration known[32] = {{0}};
    size_t count = 0;
    for (const Migration *one = migrations; one->number && count < 30; one++)
        known[count++] = *one;
    known[count] = round_trip_migrations[0];
    known[count].number = 9999;
    Error err = ERROR_NONE;
    if (!migrate_to(test->db, known, NULL, &err))
        test_db_fail(&err, "migrate");
}

static bool put_it(Tx *tx, void *data, Error *err)
{
    int64_t changed = 0;
    return value_put(tx_conn(tx), data, &changed, err) &&
           (changed == 1 || error_set(err, ERROR_INTERNAL, .code = "test.changed"));
}

static void put(TestDb *test, ValuePutParams params)
{
    Error err = ERROR_NONE;
    if (!db_write(test->db, test->arena, put_it, &params, &err))
        test_db_fail(&err, "put");
}

static DbBytes bytes(const char *data, size_t size)
{
    return (DbBytes){.data = data, .size = size};
}

static ValueRow find(TestDb *test, Id id)
{
    Error err = ERROR_NONE;
    ValueRow row = {0};
    bool is_found = false;
    DbConn *conn = db_reader(test->db, &err);
    if (!conn || !value_find(conn, test->arena, id, &row, &is_found, &err))
        test_db_fail(&err, "find");
    assert_true(is_found);
    db_release(conn);
    return row;
}

static void test_every_type_comes_back(TestDb *test)
{
    migrate(test);
    put(test, (ValuePutParams){.id = INT64_MAX,
                               .number = INT64_MIN,
                               .amount = -1250,
                               .is_set = true,
                               .at = -1,
                               .day = date_of(2026, 11, 22),
                               .title = "某某宾馆 'quoted' \"and\" \\ 😀",
                               .note = "",
                               .content = bytes("\0\1\xff'", 4),
                               .attachment = bytes("", 0),
                               .share = 0.1});
    ValueRow row = find(test, INT64_MAX);
    assert_int_equal(row.number, INT64_MIN);
    assert_int_equal(row.amount, -1250);
    assert_true(row.is_set);
    assert_int_equal(row.at, -1);
    assert_int_equal(date_compare(row.day, date_of(2026, 11, 22)), 0);
    assert_string_equal(row.title, "某某宾馆 'quoted' \"and\" \\ 😀");
    assert_string_equal(row.note, "");
    assert_int_equal(row.content.size, 4);
    assert_memory_equal(row.content.data, "\0\1\xff'", 4);
    assert_non_null(row.attachment.data);
    assert_int_equal(row.attachment.size, 0);
    assert_true(row.share == 0.1);
}

static void test_every_nothing_comes_back(TestDb *test)
{
    migrate(test);
    put(test, (ValuePutParams){.id = 0, /* not nullable: a plain number */
                               .number = 0,
                               .amount = INT_NONE,
                               .at = INSTANT_NONE,
                               .day = DATE_NONE,
                               .title = "",
                               .content = bytes("", 0),
                               .share = (double)NAN});
    ValueRow row = find(test, 0);
    assert_int_equal(row.id, 0);
    assert_int_equal(row.amount, INT_NONE);
    assert_false(row.is_set);
    assert_int_equal(row.at, INSTANT_NONE);
    assert_true(date_is_none(row.day));
    assert_string_equal(row.title, "");
    assert_null(row.note); /* an explicit NULL, not the default */
    assert_null(row.attachment.data);
    assert_true(isnan(row.share));
}

static void test_a_missing_not_null_is_refused(TestDb *test)
{
    migrate(test);
    ValuePutParams params = {.id = 1, .title = NULL, .content = bytes("", 0)};
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, put_it, &params, &err));
    assert_string_equal(err.code, "db.failed");
    assert_non_null(strstr(err.detail, "value_put"));
}

static void put_three(TestDb *test)
{
    static const char *const titles[] = {"b", "B", "中"};
    for (int i = 0; i < 3; i++)
        put(test,
            (ValuePutParams){
                .id = i + 1, .number = 10 * (i + 1), .title = titles[i], .content = bytes("x", 1)});
}

static void test_many_rows_in_the_same_order_on_both(TestDb *test)
{
    migrate(test);
    Error err = ERROR_NONE;
    ValueRows rows = {0};
    DbConn *conn = db_reader(test->db, &err);
    assert_true(value_list(conn, test->arena, &rows, &err));
    assert_int_equal(rows.count, 0);
    db_release(conn);
    put_three(test);
    conn = db_reader(test->db, &err);
    assert_true(value_list(conn, test->arena, &rows, &err));
    db_release(conn);
    static const char *const expected[] = {"B", "b", "中"}; /* by code point */
    assert_int_equal(rows.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(rows.items[i].title, expected[i]);
}

static bool double_it(Tx *tx, void *data, Error *err)
{
    ValueDoubleRow row;
    if (!value_double(tx_conn(tx), tx_arena(tx), *(Id *)data, &row, err))
        return false;
    *(Id *)data = row.number;
    return true;
}

static void test_a_write_that_returns(TestDb *test)
{
    migrate(test);
    put_three(test);
    Error err = ERROR_NONE;
    Id id = 2;
    int64_t rows = db_statistics(test->db).rows;
    assert_true(db_write(test->db, test->arena, double_it, &id, &err));
    assert_int_equal(id, 40);
    assert_int_equal(find(test, 2).number, 40);
    assert_int_equal(db_statistics(test->db).rows - rows, 1);
    id = 77;
    assert_false(db_write(test->db, test->arena, double_it, &id, &err));
    assert_string_equal(err.code, "db.failed");
    assert_string_equal(err.detail, "value_double: no row");
}

static bool delete_below(Tx *tx, void *data, Error *err)
{
    int64_t *least = data;
    return value_delete_below(tx_conn(tx), *least, least, err);
}

static void test_changed_rows_are_counted(TestDb *test)
{
    migrate(test);
    put_three(test);
    Error err = ERROR_NONE;
    int64_t number = 25;
    assert_true(db_write(test->db, test->arena, delete_below, &number, &err));
    assert_int_equal(number, 2);
    assert_true(db_write(test->db, test->arena, delete_below, &number, &err));
    assert_int_equal(number, 0);
}

static void test_sums_tests_and_casts(TestDb *test)
{
    migrate(test);
    Error err = ERROR_NONE;
    ValueSumsRow row;
    DbConn *conn = db_reader(test->db, &err);
    if (!value_sums(conn, test->arena, 15, &row, &err))
        test_db_fail(&err, "sums");
    assert_int_equal(row.sum, INT_NONE);
    assert_int_equal(row.count, 0);
    assert_true(isnan(row.mean));
    assert_false(row.is_any);
    db_release(conn);
    put_three(test);
    conn = db_reader(test->db, &err);
    assert_true(value_sums(conn, test->arena, 15, &row, &err));
    assert_int_equal(row.sum, 50);
    assert_int_equal(row.count, 2);
    assert_true(row.mean == 25.0);
    assert_true(row.is_any);
    assert_int_equal(row.wide, 5000000000);
    assert_string_equal(row.text, ":least's -- text");
    db_release(conn);
}

static void test_each_engine_has_its_own_text(TestDb *test)
{
    Error err = ERROR_NONE;
    ValueEngineRow row;
    DbConn *conn = db_reader(test->db, &err);
    assert_true(value_engine(conn, test->arena, "!", &row, &err));
    assert_string_equal(row.name, db_engine(test->db) == DB_SQLITE ? "sqlite!" : "postgres!");
    db_release(conn);
}

static bool add_engine(Tx *tx, void *data, Error *err)
{
    return engine_add(tx_conn(tx), data, NULL, err);
}

static void test_triggers_arrive_whole(TestDb *test)
{
    migrate(test);
    char name[] = "second";
    Error err = ERROR_NONE;
    assert_false(db_write(test->db, test->arena, add_engine, name, &err));
    assert_non_null(strstr(err.detail, "once; only"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_every_type_comes_back),
        test_each_engine(test_every_nothing_comes_back),
        test_each_engine(test_a_missing_not_null_is_refused),
        test_each_engine(test_many_rows_in_the_same_order_on_both),
        test_each_engine(test_a_write_that_returns),
        test_each_engine(test_changed_rows_are_counted),
        test_each_engine(test_sums_tests_and_casts),
        test_each_engine(test_each_engine_has_its_own_text),
        test_each_engine(test_triggers_arrive_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
