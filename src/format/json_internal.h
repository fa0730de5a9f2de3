#ifndef FORMAT_JSON_INTERNAL_H
#define FORMAT_JSON_INTERNAL_H

/* Shared by json.c and json_write.c. */
#include <stdbool.h>

/* Bytes that do not stand for themselves in a text: controls (NUL too), quote and backslash
 * (RFC 8259, 7). */
extern const bool json_is_special[256];

#endif
