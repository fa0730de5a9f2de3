#ifndef FORMAT_URLENCODED_H
#define FORMAT_URLENCODED_H

/*
 * application/x-www-form-urlencoded (WHATWG URL standard): bodies of forms, query strings, and the
 * parts of URLs that we build.
 *
 * Reading is lenient as the standard is: empty pairs are skipped, a pair without "=" has an empty
 * value, a "%" without two hexadecimal digits stays. Then every name and value must be UTF-8
 * without NUL.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct UrlPair {
    const char *name;
    const char *value;
} UrlPair;

/* In the order of the text; a name may stand more than once. */
typedef struct UrlPairs {
    UrlPair *items;
    size_t count;
} UrlPairs;

typedef struct UrlLimits {
    size_t bytes;
    size_t pairs;
} UrlLimits;

/* 1 MiB and 1000 pairs. */
extern const UrlLimits URL_LIMITS;

/* The pairs of a body, or of a query without its "?". False with input.encoding (ERROR_INVALID,
 * field: the name, or NULL when the name itself is at fault), input.size or input.too_many
 * (ERROR_TOO_LARGE). */
MUST_CHECK bool urlencoded_parse(Arena *arena, const char *data, size_t length,
                                 const UrlLimits *limits, UrlPairs *out, Error *err);

/* The first value of a name, or NULL. */
const char *urlencoded_get(const UrlPairs *pairs, const char *name);

/* All values of a name in their order, in the arena. Returns how many. */
size_t urlencoded_all(const UrlPairs *pairs, Arena *arena, const char *name,
                      const char ***out_values);

/* Decodes "%XX", and "+" as a space where is_form. The result has a NUL behind it but may hold
 * others and any bytes: *out_length counts them, the caller checks. */
char *urlencoded_decode(Arena *arena, const char *text, size_t length, bool is_form,
                        size_t *out_length);

/* Adds one part of a path or query with everything but RFC 3986's unreserved characters encoded. */
void urlencoded_add_part(Buffer *url, const char *text);

/* Adds "name=value" to a URL, behind "?" or, when it has one, "&". */
void urlencoded_add_query(Buffer *url, const char *name, const char *value);

#endif
