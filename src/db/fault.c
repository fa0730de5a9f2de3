/*
 * fault.c - errors of the database, with details that outlive the connection.
 *
 * An Error of db_run has no arena to live in, and a connection goes on to its next user before the
 * error is logged. So details are kept with the Db, each different text once. They are few (names
 * of statements and constraints); should something make many, a general text takes over.
 */
#include "db/db_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TEXTS = 1000, LONGEST_TEXT = 512 };

const char *db_keep_text(Db *db, const char *text)
{
    FaultTexts *faults = &db->faults;
    pthread_mutex_lock(&faults->lock);
    const char *kept = map_get(&faults->texts, text);
    if (!kept && faults->texts.count < MOST_TEXTS) {
        char *copy = arena_text(faults->arena, text);
        map_set(&faults->texts, copy, copy);
        kept = copy;
    }
    pthread_mutex_unlock(&faults->lock);
    return kept ? kept : "one of too many different database errors";
}

bool db_fault(Db *db, Error *err, ErrorKind kind, const char *code, const char *format, ...)
{
    char text[LONGEST_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(err, kind, .code = code, .detail = db_keep_text(db, text));
}

static const char *keep_or_null(Db *db, const char *text)
{
    return text ? db_keep_text(db, text) : NULL;
}

bool db_keep_error(Db *db, const Error *failure, Error *err)
{
    Error kept = *failure;
    kept.code = keep_or_null(db, failure->code);
    kept.field = keep_or_null(db, failure->field);
    kept.message = keep_or_null(db, failure->message);
    kept.detail = keep_or_null(db, failure->detail);
    for (size_t i = 0; i < sizeof kept.with / sizeof kept.with[0]; i++) {
        kept.with[i].name = keep_or_null(db, failure->with[i].name);
        kept.with[i].value = keep_or_null(db, failure->with[i].value);
    }
    kept.next = NULL;
    return error_fill(err, kept);
}

bool column_check(Db *db, const Statement *statement, const DbValue *columns, Error *err)
{
    for (int i = 0; i < statement->column_count; i++) {
        bool may_be_null = !(statement->not_null >> i & 1);
        if (columns[i].is_null && !may_be_null)
            return db_fault(db, err, ERROR_INTERNAL, "db.failed", "%s: column %d is NULL",
                            statement->name, i + 1);
    }
    return true;
}
