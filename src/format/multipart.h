#ifndef FORMAT_MULTIPART_H
#define FORMAT_MULTIPART_H

/*
 * multipart/form-data (RFC 7578 over RFC 2046): a complete body into its parts.
 *
 * Nothing is copied but names and texts: `data` points into the body, which must outlive the
 * parts. Browsers write '"', CR and LF in names as %22, %0D, %0A (WHATWG HTML); these are undone.
 */
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

typedef struct MultipartPart {
    const char *name;
    const char *filename;     /* last part of the path; NULL: a plain field; "": none was chosen */
    const char *content_type; /* of a file, as the sender says; NULL when it does not */
    const char *text;         /* of a plain field: its value, UTF-8 without NUL; else NULL */
    const char *data;
    size_t length;
} MultipartPart;

typedef struct Multipart {
    MultipartPart *parts; /* in the order of the body; a name may stand more than once */
    size_t count;
} Multipart;

typedef struct MultipartLimits {
    size_t parts;
    size_t text_bytes; /* of one plain field */
    size_t file_bytes; /* of one file */
} MultipartLimits;

/* 200 parts, 1 MiB a field, 50 MiB a file. */
extern const MultipartLimits MULTIPART_LIMITS;

/* The parts of a body whose Content-Type header has this value. False with multipart.boundary,
 * multipart.syntax, input.encoding (field: the name; ERROR_INVALID), multipart.transfer_encoding
 * (ERROR_UNSUPPORTED), input.size (field: the name) or input.too_many (ERROR_TOO_LARGE). */
MUST_CHECK bool multipart_parse(Arena *arena, const char *content_type, const char *body,
                                size_t length, const MultipartLimits *limits, Multipart *out,
                                Error *err);

/* The first part of that name, or NULL. */
const MultipartPart *multipart_find(const Multipart *form, const char *name);

#endif
