#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * Text: helpers for NUL-terminated UTF-8, and Buffer, a text that grows in an arena.
 *
 * Inside the program every text is valid UTF-8 without NUL: the edge (http, format, db) checks with
 * text_is_utf8 and refuses the rest, so nobody below checks again. Lengths are in bytes unless the
 * name says code points.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* True when the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong) without NUL. */
bool text_is_utf8(const char *data, size_t length);

/* Equality that takes NULL (equal only to NULL). */
bool text_equal(const char *a, const char *b);
bool text_is_empty(const char *text); /* NULL or "" */
bool text_is_blank(const char *text); /* NULL, "" or white space alone, as text_trim takes it */
const char *text_or_empty(const char *text); /* "" for NULL */
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* Number of code points in a well-formed text. */
size_t text_length(const char *text);

/* The code point at *position; moves *position behind it. 0 at the end. */
uint32_t text_next(const char **position);

/* The text without white space (Unicode White_Space of the ASCII and CJK range) at both ends. */
const char *text_trim(Arena *arena, const char *text);

/* ASCII letters to lower case. */
char *text_lower(Arena *arena, const char *text);

/* Whole-text integer: optional sign, digits, nothing else, no overflow. False leaves *out alone. */
bool text_to_int64(const char *text, int64_t *out);

/* The digits of a whole number, with a sign where it is negative; out has room for INT64_TEXT_SIZE
 * bytes. The length without the closing NUL. */
enum { INT64_TEXT_SIZE = 21 };
size_t text_of_int64(char *out, int64_t value);

/* The parts one behind the other in out. False where they need more than size bytes with the
 * closing NUL; out then has what found room. */
bool text_put(char *out, size_t size, const char *const *parts, size_t count);

/* Splits at a one-byte separator; parts live in the arena. Returns the number of parts. */
size_t text_split(Arena *arena, const char *text, char separator, const char ***out_parts);

/* Compares in constant time; for secrets. */
bool text_equal_secret(const char *a, const char *b);

/* Bytes to lower-case hexadecimal and back. Decoding false on odd length or a wrong digit. */
char *text_hex(Arena *arena, const void *data, size_t length);
bool text_unhex(const char *hex, void *out, size_t length);

/* ---- Buffer ---------------------------------------------------------------------------------- */

typedef struct Buffer {
    Arena *arena;
    char *data; /* always NUL-terminated once something was added */
    size_t length;
    size_t capacity;
    size_t limit; /* 0: none; what passes it is dropped and is_over set */
    bool is_over;
} Buffer;

/* An empty buffer; limit_bytes is its maximum for life, 0 for none. */
Buffer buffer_init(Arena *arena, size_t limit_bytes);

void buffer_add(Buffer *buffer, const char *text);
void buffer_add_n(Buffer *buffer, const char *data, size_t length);
void buffer_add_char(Buffer *buffer, char c);
void buffer_add_code_point(Buffer *buffer, uint32_t code_point);
void buffer_add_int64(Buffer *buffer, int64_t value);
void buffer_printf(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, never NULL; it stays valid until the next addition. */
const char *buffer_text(const Buffer *buffer);

#endif
