/*
 * rawcommit.c - the raw limit: one-row 1 KB commits of SQLite with synchronous FULL, a second's
 * worth.
 *
 *     rawcommit FILE SECONDS        prints commits a second
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

int main(int argc, char **argv)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    char row[1024];
    if (argc != 3 || sqlite3_open(argv[1], &db) != SQLITE_OK)
        return 2;
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, data BLOB);",
                 NULL, NULL, NULL);
    if (sqlite3_prepare_v2(db, "INSERT INTO raw (data) VALUES (?1)", -1, &insert, NULL) !=
        SQLITE_OK)
        return 1;
    memset(row, 'x', sizeof row);
    int64_t began = stopwatch_us(), until = began + (int64_t)(strtod(argv[2], NULL) * 1e6);
    long commits = 0;
    for (; stopwatch_us() < until; commits++) {
        sqlite3_bind_blob(insert, 1, row, sizeof row, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            return 1;
        sqlite3_reset(insert);
    }
    printf("%.1f\n", (double)commits * 1e6 / (double)(stopwatch_us() - began));
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return 0;
}
