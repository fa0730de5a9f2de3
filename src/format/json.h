#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

/*
 * JSON (RFC 8259): text in, tree out; and a writer.
 *
 * Numbers keep their text, so that nothing is lost on the way to a decimal (FEEL has 34 digits, a
 * double has 17): this is why the parser is ours. Objects keep the order of their members; a
 * repeated name is an error. Texts are checked UTF-8; "\u0000" is refused, as everywhere.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"

typedef enum JsonKind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT,
} JsonKind;

typedef struct Json {
    JsonKind kind;
    bool boolean;
    const char *text;    /* of a text; the literal of a number */
    const char *name;    /* of a member, within its object; else NULL */
    struct Json **items; /* of an array or object */
    size_t count;
    int line; /* where it begins (a member: its name), from 1; 0 for built trees */
    int column;
} Json;

/* Walks the items of an array or the members of an object; NULL is walked as empty. */
#define json_each(item, json)                                                                      \
    for (const Json *item##_of_ = (json), *const *item##_at_ = json_items(item##_of_),             \
                    *const *item##_end_ = json_items_end(item##_of_),                              \
                    *item = item##_at_ < item##_end_ ? *item##_at_ : NULL;                         \
         item; item = ++item##_at_ < item##_end_ ? *item##_at_ : NULL)

/* The two ends of that walk; both NULL where there is nothing to walk. */
static inline const Json *const *json_items(const Json *json)
{
    return json && json->count ? (const Json *const *)json->items : NULL;
}

static inline const Json *const *json_items_end(const Json *json)
{
    return json && json->count ? (const Json *const *)json->items + json->count : NULL;
}

typedef struct JsonLimits {
    size_t bytes; /* longest text taken; at most the limit of the arena */
    size_t depth; /* deepest nesting */
    bool is_own;  /* this program wrote it: lines and columns are not counted, errors carry none */
} JsonLimits;

/* 1 MiB and 64 levels. */
extern const JsonLimits JSON_LIMITS;
/* The same for what this program wrote itself. */
extern const JsonLimits JSON_OWN;

/* The tree of data, in the arena. On failure NULL and one error with line and column:
 * json.syntax, json.depth, json.repeated_name (field: the name), json.encoding (ERROR_INVALID),
 * json.size (ERROR_TOO_LARGE: the text, or the tree for its arena). */
MUST_CHECK Json *json_parse(Arena *arena, const char *data, size_t length, const JsonLimits *limits,
                            Error *err);

/* A member by name, NULL when absent or when json is no object (or NULL itself). */
const Json *json_get(const Json *json, const char *name);

/* A member's text ("" and numbers' literals included), or NULL when absent or of another kind. */
const char *json_text(const Json *json, const char *name);

/* A member's whole number; fallback when absent, fractional, or out of range. */
int64_t json_int(const Json *json, const char *name, int64_t fallback);
/* A member's id as json_put_id writes it: a text of digits; 0 when absent or none. */
int64_t json_id(const Json *json, const char *name);
bool json_bool(const Json *json, const char *name, bool fallback);

/* Member names that are not in the NULL-terminated list `known`: adds json.unknown_name for each,
 * with its position. True when there are none. For files that people write by hand. */
bool json_check_names(const Json *json, const char *const *known, Arena *arena, Error *err);

/* ---- writing --------------------------------------------------------------------------------- */

/* A writer of compact JSON into a Buffer; it places commas. Names may be NULL inside arrays. */
typedef struct JsonWriter {
    Buffer *buffer;
    int depth;
    bool is_first[64];
} JsonWriter;

JsonWriter json_writer(Buffer *buffer);
void json_begin_object(JsonWriter *writer, const char *name);
void json_end_object(JsonWriter *writer);
void json_begin_array(JsonWriter *writer, const char *name);
void json_end_array(JsonWriter *writer);
void json_put_text(JsonWriter *writer, const char *name, const char *text); /* NULL: null */
void json_put_int(JsonWriter *writer, const char *name, int64_t value);
void json_put_id(JsonWriter *writer, const char *name, int64_t id); /* as a text */
void json_put_bool(JsonWriter *writer, const char *name, bool value);
void json_put_null(JsonWriter *writer, const char *name);
void json_put_raw(JsonWriter *writer, const char *name, const char *json); /* trusted JSON */
void json_put_tree(JsonWriter *writer, const char *name, const Json *tree);

/* A tree as a text of its own; NULL gives "null". */
const char *json_tree_text(Arena *arena, const Json *tree);

/* Adds text as a JSON string with its quotes. */
void json_add_quoted(Buffer *buffer, const char *text);

#endif
