#ifndef SUPPORT_TEST_DB_H
#define SUPPORT_TEST_DB_H

/*
 * TestDb: a fresh, migrated database for one test, on each engine in turn. Include it behind
 * cmocka's headers:
 *
 *     static void test_files_a_dossier(TestDb *test)
 *     {
 *         assert_true(db_write(test->db, test->arena, file_it, &order, &err));
 *     }
 *     const struct CMUnitTest tests[] = { test_each_engine(test_files_a_dossier) };
 *
 * gives two tests, "... on sqlite" and "... on postgres". The second needs a server: its URL stands
 * in YIMEN_TEST_PG (tests/pg run COMMAND), else it is reported as skipped. Each test has a schema
 * of its own there, which stays until the server goes.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "test_skip.h"

/* 2026-11-22T08:30:00Z; the clock stands until clock_set. */
#define TEST_NOW INT64_C(1795336200000)

typedef struct TestDb {
    Db *db;
    Arena *arena;
    Clock clock;
    DbOptions options; /* as it was opened, for opening it again */
    char url[600];
} TestDb;

typedef struct TestDbCase {
    void (*run)(TestDb *test);
    DbEngine engine;
    DbOptions options; /* fields that matter to the test; clock and arena are filled in */
} TestDbCase;

/* clang-format off */
#define test_each_engine(function) test_each_engine_with(function, .reader_connections = 0)
#define test_each_engine_with(function, ...)                           \
    test_on_engine(function, " on sqlite", DB_SQLITE, __VA_ARGS__),    \
    test_on_engine(function, " on postgres", DB_POSTGRES, __VA_ARGS__)
#define test_on_engine(function, suffix, engine, ...)                  \
    {#function suffix, test_db_run, NULL, NULL, &(TestDbCase){function, engine, {__VA_ARGS__}}}
/* clang-format on */

static inline void test_db_fail(const Error *err, const char *what)
{
    fail_msg("%s: %s (%s)", what, err->code, err->detail ? err->detail : "");
}

/* Makes an empty schema and writes the URL that leads into it. */
static inline void test_db_make_schema(const char *server, TestDb *test)
{
    static int number;
    char name[64], sql[100];
    snprintf(name, sizeof name, "test_%ld_%d", (long)getpid(), ++number);
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", name);
    snprintf(test->url, sizeof test->url, "%s%coptions=-csearch_path%%3D%s", server,
             strchr(server, '?') ? '&' : '?', name);
    PGconn *conn = PQconnectdb(server);
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* Opens test->url with the test's options; not migrated. */
static inline Db *test_db_open(TestDb *test)
{
    Error err = ERROR_NONE;
    Db *db = db_open(test->url, &test->options, &err);
    if (!db)
        test_db_fail(&err, test->url);
    return db;
}

/* Closes and opens again what lives longer than one Db: PostgreSQL, or a file. */
static inline void test_db_reopen(TestDb *test)
{
    db_close(test->db);
    test->db = test_db_open(test);
}

/* Closes, and goes on with an empty, migrated database of the same engine. */
static inline void test_db_renew(TestDb *test)
{
    Error err = ERROR_NONE;
    DbEngine engine = db_engine(test->db);
    db_close(test->db);
    if (engine == DB_POSTGRES)
        test_db_make_schema(getenv("YIMEN_TEST_PG"), test);
    else
        snprintf(test->url, sizeof test->url, ":memory:");
    test->db = test_db_open(test);
    if (!db_migrate(test->db, NULL, &err))
        test_db_fail(&err, "db_migrate");
}

static inline void test_db_run(void **state)
{
    const TestDbCase *one = *state;
    const char *server = getenv("YIMEN_TEST_PG");
    if (one->engine == DB_POSTGRES && !server)
        skip_because("no PostgreSQL: YIMEN_TEST_PG is not set");
    TestDb test = {.arena = arena_create(0), .options = one->options, .url = ":memory:"};
    clock_set(&test.clock, TEST_NOW);
    test.options.clock = &test.clock;
    test.options.arena = test.arena;
    if (one->engine == DB_POSTGRES)
        test_db_make_schema(server, &test);
    test.db = test_db_open(&test);
    Error err = ERROR_NONE;
    if (!db_migrate(test.db, NULL, &err))
        test_db_fail(&err, "db_migrate");
    one->run(&test);
    db_close(test.db);
    arena_destroy(test.arena);
}

#endif
