#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * Error: what went wrong, told once, in parts.
 *
 * A verb that can fail takes `Error *err` last and returns the thing or NULL, or bool; NULL or
 * false means that err is filled. The caller owns the Error (usually on its stack, zeroed with
 * ERROR_NONE); texts inside live in an arena or are literals. Errors are created where they are
 * understood, passed up untouched, and rendered once: by the router as a page or as RFC 9457
 * problem JSON, by the command line on stderr.
 *
 * `code` is the message key: its translation is what the person reads, with {name} replaced from
 * `with`. `message` is a ready text that overrules the translation; engines use it for positions.
 */
#include <stdbool.h>
#include "base/arena.h"

#define MUST_CHECK __attribute__((warn_unused_result))

typedef enum ErrorKind {
    ERROR_NO_ERROR = 0,
    ERROR_INVALID,         /* 422 (400 for what cannot be read at all) */
    ERROR_UNAUTHENTICATED, /* 401: log in first */
    ERROR_FORBIDDEN,       /* 403 */
    ERROR_NOT_FOUND,       /* 404; also what the person may not know exists */
    ERROR_CONFLICT,        /* 409: someone was faster, or the state has moved */
    ERROR_TOO_LARGE,       /* 413 */
    ERROR_UNSUPPORTED,     /* 415 */
    ERROR_TOO_MANY,        /* 429 */
    ERROR_UNAVAILABLE,     /* 503: disk full, database away; try again later */
    ERROR_INTERNAL,        /* 500: our own bug */
} ErrorKind;

typedef struct ErrorParam {
    const char *name;
    const char *value;
} ErrorParam;

typedef struct Error {
    ErrorKind kind;      /* decides the HTTP status, nothing else does */
    const char *code;    /* stable name and message key: "dossier.already_decided" */
    const char *field;   /* form field or JSON path at fault, or NULL */
    const char *message; /* a ready text for the person, or NULL: translate code */
    const char *detail;  /* for the log only, never sent */
    ErrorParam with[4];  /* values for {name} in the translation */
    int line;            /* position in a parsed text, from 1; 0 where there is none */
    int column;
    struct Error *next; /* a form reports every bad field at once */
} Error;

#define ERROR_NONE ((Error){0})

/* Fills err (which may be NULL) with one error and returns false, so that a verb can write
 *     return error_set(err, ERROR_CONFLICT, .code = "dossier.decided", .field = "state");
 * An err that is already filled is left alone: the first cause is the one that is told. */
#define error_set(err, error_kind, ...)                                                            \
    error_refuse((err), (Error){.kind = (error_kind), __VA_ARGS__})
bool error_fill(Error *err, Error what);

/* error_fill, whose result a compiler and an analyzer can see. */
static inline bool error_refuse(Error *err, Error what)
{
    error_fill(err, what);
    return false;
}

/* Adds one more error behind those that err holds (used by checks that report every field).
 * The added node lives in the arena. Returns false, as error_set. */
#define error_add(err, arena, error_kind, ...)                                                     \
    error_append((err), (arena), (Error){.kind = (error_kind), __VA_ARGS__})
bool error_append(Error *err, Arena *arena, Error what);

/* True when err holds an error. */
bool error_is_set(const Error *err);

/* A copy of the whole list whose texts all live in the arena. */
Error error_copy(Arena *arena, const Error *err);

/* The kind's stable English name ("invalid", "not_found"), for logs and problem JSON. */
const char *error_kind_name(ErrorKind kind);

#endif
