/*
 * urlencoded.c - "a=1&b=2" to pairs and back.
 *
 *     bytes -> pieces between "&" -> name, value -> decoded -> UTF-8 checked -> pairs
 */
#include "format/urlencoded.h"

#include <string.h>

#include "base/list.h"

const UrlLimits URL_LIMITS = {.bytes = (size_t)1024 * 1024, .pairs = 1000};

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of "%XX", or -1 when text does not begin with one. */
static int escaped_byte(const char *text, size_t length)
{
    if (length < 3 || text[0] != '%')
        return -1;
    int high = hex_value(text[1]), low = hex_value(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

char *urlencoded_decode(Arena *arena, const char *text, size_t length, bool is_form,
                        size_t *out_length)
{
    char *decoded = arena_alloc(arena, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        int byte = escaped_byte(text + i, length - i);
        if (byte >= 0)
            i += 2;
        else
            byte = is_form && text[i] == '+' ? ' ' : text[i];
        decoded[count++] = (char)byte;
    }
    *out_length = count;
    return decoded;
}

/* A decoded name or value, NULL when it is no UTF-8. */
static const char *decode_checked(Arena *arena, const char *text, size_t length)
{
    size_t count;
    const char *decoded = urlencoded_decode(arena, text, length, true, &count);
    return text_is_utf8(decoded, count) ? decoded : NULL;
}

static bool parse_pair(Arena *arena, const char *piece, size_t length, UrlPair *out, Error *err)
{
    const char *equals = memchr(piece, '=', length);
    size_t name_length = equals ? (size_t)(equals - piece) : length;
    size_t skipped = equals ? name_length + 1 : length;
    out->name = decode_checked(arena, piece, name_length);
    out->value = decode_checked(arena, piece + skipped, length - skipped);
    if (out->name && out->value)
        return true;
    return error_set(err, ERROR_INVALID, .code = "input.encoding", .field = out->name);
}

typedef LIST(UrlPair) PairList;

static bool add_piece(Arena *arena, const char *piece, size_t length, size_t most, PairList *pairs,
                      Error *err)
{
    UrlPair pair;
    if (length == 0)
        return true;
    if (pairs->count == most)
        return error_set(err, ERROR_TOO_LARGE, .code = "input.too_many");
    if (arena_is_over(arena))
        return error_set(err, ERROR_TOO_LARGE, .code = "input.size");
    if (!parse_pair(arena, piece, length, &pair, err))
        return false;
    list_add(arena, pairs, pair);
    return true;
}

bool urlencoded_parse(Arena *arena, const char *data, size_t length, const UrlLimits *limits,
                      UrlPairs *out, Error *err)
{
    PairList pairs = {0};
    if (length > limits->bytes)
        return error_set(err, ERROR_TOO_LARGE, .code = "input.size");
    const char *at = length ? data : "", *end = at + length;
    while (at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        const char *stop = next ? next : end;
        if (!add_piece(arena, at, (size_t)(stop - at), limits->pairs, &pairs, err))
            return false;
        at = next ? next + 1 : end;
    }
    *out = (UrlPairs){.items = pairs.items, .count = pairs.count};
    return true;
}

const char *urlencoded_get(const UrlPairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}

size_t urlencoded_all(const UrlPairs *pairs, Arena *arena, const char *name,
                      const char ***out_values)
{
    LIST(const char *) values = {0};
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            list_add(arena, &values, pairs->items[i].value);
    *out_values = values.items;
    return values.count;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool is_unreserved(unsigned char byte)
{
    bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    return is_letter || (byte >= '0' && byte <= '9') || (byte && strchr("-._~", byte));
}

void urlencoded_add_part(Buffer *url, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (is_unreserved(byte))
            buffer_add_char(url, *text);
        else
            buffer_add_n(url, (char[]){'%', digits[byte >> 4], digits[byte & 15]}, 3);
    }
}

void urlencoded_add_query(Buffer *url, const char *name, const char *value)
{
    buffer_add_char(url, strchr(buffer_text(url), '?') ? '&' : '?');
    urlencoded_add_part(url, name);
    buffer_add_char(url, '=');
    urlencoded_add_part(url, value);
}
