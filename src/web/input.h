#ifndef WEB_INPUT_H
#define WEB_INPUT_H

/*
 * Input: from the bytes of a query or body to checked values.
 *
 *   collect   bytes -> parts: one name and value each, as they were sent
 *   check     parts + the route's InputFields -> values, or one error for every bad field
 *
 * Pure: no request, no session. Everything lives in the arena; file contents point into the body.
 */
#include "web/web.h"

/* One name and value as they came. */
typedef struct InputPart {
    const char *name;  /* text; what is no text is told by is_bad_name, and shown escaped here */
    const char *value; /* may hold anything until checked; NUL behind it, but not behind a file */
    size_t length;
    const Json *json; /* from a JSON body: the value itself */
    bool is_bad_name;
    bool is_file;
    const char *file_name;
    const char *content_type;
} InputPart;

typedef LIST(InputPart) InputParts;

/* The checked values of one field. */
typedef struct InputValue {
    const InputField *field;
    LIST(const char *) texts; /* normalised, in order; numbers and dates too */
    LIST(InputFile) files;
    int64_t number; /* INT, ID, FEN (in fen), BOOL */
    Date date;
    const Json *form; /* FORM: never NULL */
} InputValue;

typedef struct Input {
    InputParts parts;
    LIST(InputValue) values; /* one for each field, in the order of the table */
    bool is_json;            /* the parts come from a JSON body */
} Input;

enum { PARTS_MOST = 2000 };

/* Adds one part (a parameter of the path). */
void input_add(Arena *arena, Input *input, const char *name, const char *value);

/* Adds the parts of a query. Error: input.too_many (ERROR_TOO_LARGE). */
MUST_CHECK bool input_collect_query(Arena *arena, Input *input, const char *query, Error *err);

/* Adds the parts of a body by its Content-Type. An empty body without a type has none. Errors:
 * input.type (ERROR_UNSUPPORTED), input.unreadable, input.too_many, and those of json_parse and
 * multipart_parse. */
MUST_CHECK bool input_collect_body(Arena *arena, Input *input, const char *content_type,
                                   const char *body, size_t length, Error *err);

/* Checks every part against the fields (ends with a field without a name; NULL: takes nothing) and
 * fills values. Reports every bad field at once, in the order of the table; a bad value that came
 * in the path is request.not_found (ERROR_NOT_FOUND). */
MUST_CHECK bool input_check(Arena *arena, Input *input, const InputField *fields, Error *err);

/* The first part of that name, or NULL. */
const InputPart *input_part(const Input *input, const char *name);

const InputValue *input_value(const Input *input, const char *name);

/* The longest text that a field takes, in code points. */
int64_t input_most(const InputField *field);

/* SHA-256 in hex of who is asked (method, path) and the checked values: the same for the same
 * input, however it was sent. Secrets are left out, since the result is stored. */
const char *input_fingerprint(Arena *arena, const Input *input, const char *method,
                              const char *path);

#endif
