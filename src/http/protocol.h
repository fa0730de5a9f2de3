#ifndef HTTP_PROTOCOL_H
#define HTTP_PROTOCOL_H

/*
 * Protocol: the small texts inside HTTP messages. Pure functions.
 */
#include <stdbool.h>
#include "base/arena.h"

/* How much a client wants a media type, in thousandths (RFC 9110, 12.5.1): the most specific range
 * that matches decides; 0 when none does. accept NULL or empty means everything: 1000. */
int accept_quality(const char *accept, const char *type);

/* The same for a content coding in Accept-Encoding (12.5.3). A missing header means that only
 * "identity" is wanted; "identity" is taken unless it is ruled out. */
int accept_encoding_quality(const char *accept_encoding, const char *coding);

/* True when If-None-Match names the entity tag (weak comparison) or is "*". NULL is false. */
bool etag_matches(const char *if_none_match, const char *etag);

/* The value of a cookie in a Cookie header, in the arena, or NULL. */
const char *cookie_find(Arena *arena, const char *cookie_header, const char *name);

/* True when a header value of the form "type/subtype; params" has this media type, in any case. */
bool media_type_is(const char *header, const char *type);

/* "Content Too Large"; "Status" for numbers that are not in RFC 9110 or 6585. */
const char *status_reason(int status);

#endif
