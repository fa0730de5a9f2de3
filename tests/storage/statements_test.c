/*
 * statements_test.c - every statement of every module, prepared against the migrated schema of both
 * databases: a typo in what only PostgreSQL runs never reaches a user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"

/* As sqlgen --list writes it down. */
typedef struct StatementFile {
    const char *name;
    const Statement *const *statements;
} StatementFile;
extern const StatementFile statement_files[];

static int check_file(DbConn *conn, const StatementFile *file, int *out_wrong)
{
    int count = 0;
    for (const Statement *const *each = file->statements; *each; each++, count++) {
        Error err = ERROR_NONE;
        if (db_check_statement(conn, *each, &err))
            continue;
        print_error("%s.sql: %s\n", file->name, err.detail);
        ++*out_wrong;
    }
    return count;
}

static void test_every_statement_can_be_prepared(TestDb *test)
{
    int count = 0, wrong = 0;
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    assert_non_null(conn);
    for (const StatementFile *file = statement_files; file->name; file++)
        count += check_file(conn, file, &wrong);
    db_release(conn);
    print_message("%d statements\n", count);
    assert_int_equal(wrong, 0);
    assert_true(count > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_every_statement_can_be_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
