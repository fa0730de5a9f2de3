/* text.c - UTF-8, small text helpers, and Buffer. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Length of the sequence that a lead byte opens, 0 for a byte that opens none. */
static int sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    if (lead >= 0xF0 && lead < 0xF5)
        return 4;
    return 0;
}

static bool is_well_formed(const unsigned char *at, int length)
{
    for (int i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return false;
    bool is_overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool is_surrogate = at[0] == 0xED && at[1] >= 0xA0;
    bool is_too_large = at[0] == 0xF4 && at[1] >= 0x90;
    return !is_overlong && !is_surrogate && !is_too_large;
}

/* Moves over bytes that are ASCII and not NUL, eight at a time. */
static const unsigned char *skip_ascii(const unsigned char *at, const unsigned char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t eight;
    for (; end - at >= 8; at += 8) {
        memcpy(&eight, at, 8);
        bool has_other = ((eight | (eight - ones)) & tops) != 0;
        if (has_other)
            break;
    }
    return at;
}

bool text_is_utf8(const char *data, size_t length)
{
    const unsigned char *at = (const unsigned char *)data, *end = at + length;
    while ((at = skip_ascii(at, end)) < end) {
        int size = sequence_length(*at);
        if (size == 0 || *at == 0 || end - at < size || (size > 1 && !is_well_formed(at, size)))
            return false;
        at += size;
    }
    return true;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_is_empty(const char *text)
{
    return !text || !*text;
}

const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

bool text_starts_with(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
    size_t length = text ? strlen(text) : 0, tail = strlen(suffix);
    return text && length >= tail && strcmp(text + length - tail, suffix) == 0;
}

size_t text_length(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

uint32_t text_next(const char **position)
{
    const unsigned char *at = (const unsigned char *)*position;
    if (!*at)
        return 0;
    int size = sequence_length(*at);
    uint32_t code = size == 1   ? *at
                    : size == 2 ? *at & 0x1FU
                    : size == 3 ? *at & 0x0FU
                                : *at & 0x07U;
    for (int i = 1; i < size; i++)
        code = code << 6 | (at[i] & 0x3FU);
    *position += size ? size : 1;
    return code;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || (code >= 9 && code <= 13) || code == 0x85 || code == 0xA0 ||
           code == 0x3000 || (code >= 0x2000 && code <= 0x200B) || code == 0xFEFF;
}

bool text_is_blank(const char *text)
{
    const char *at = text ? text : "";
    while (*at)
        if (!is_space(text_next(&at)))
            return false;
    return true;
}

const char *text_trim(Arena *arena, const char *text)
{
    const char *start = text, *at = text;
    while (*at && is_space(text_next(&at)))
        start = at;
    const char *end = start;
    for (at = start; *at;)
        if (!is_space(text_next(&at)))
            end = at;
    return arena_text_n(arena, start, (size_t)(end - start));
}

char *text_lower(Arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *at = copy; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at += 'a' - 'A';
    return copy;
}

bool text_to_int64(const char *text, int64_t *out)
{
    if (!text)
        return false;
    bool is_negative = *text == '-';
    const char *at = text + (*text == '-' || *text == '+');
    if (!*at)
        return false;
    uint64_t value = 0, most = is_negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    for (; *at; at++) {
        if (*at < '0' || *at > '9')
            return false;
        uint64_t digit = (uint64_t)(*at - '0');
        if (value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = is_negative ? (int64_t)(~value + 1) : (int64_t)value;
    return true;
}

size_t text_of_int64(char *out, int64_t value)
{
    char digits[INT64_TEXT_SIZE];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? ~(uint64_t)value + 1 : (uint64_t)value;
    digits[--at] = 0;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    memcpy(out, digits + at, sizeof digits - at);
    return sizeof digits - at - 1;
}

bool text_put(char *out, size_t size, const char *const *parts, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        for (const char *part = parts[i]; *part; part++) {
            if (at + 1 >= size)
                return out[at] = 0, false;
            out[at++] = *part;
        }
    out[at] = 0;
    return true;
}

size_t text_split(Arena *arena, const char *text, char separator, const char ***out_parts)
{
    size_t count = 1;
    for (const char *at = text; *at; at++)
        count += *at == separator;
    const char **parts = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, (char[]){separator, 0});
        parts[i] = arena_text_n(arena, text, length);
        text += length + 1;
    }
    *out_parts = parts;
    return count;
}

bool text_equal_secret(const char *a, const char *b)
{
    size_t length = strlen(a), other = strlen(b);
    unsigned difference = length != other;
    for (size_t i = 0; i < length && i < other; i++)
        difference |= (unsigned char)a[i] ^ (unsigned char)b[i];
    return difference == 0;
}

char *text_hex(Arena *arena, const void *data, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    char *hex = arena_alloc(arena, length * 2 + 1);
    for (size_t i = 0; i < length; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    return hex;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool text_unhex(const char *hex, void *out, size_t length)
{
    unsigned char *bytes = out;
    if (strlen(hex) != length * 2)
        return false;
    for (size_t i = 0; i < length; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

/* ---- Buffer ---------------------------------------------------------------------------------- */

Buffer buffer_init(Arena *arena, size_t limit_bytes)
{
    return (Buffer){.arena = arena, .limit = limit_bytes};
}

static void grow(Buffer *buffer, size_t wanted)
{
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    while (capacity < wanted)
        capacity *= 2;
    buffer->data = arena_grow(buffer->arena, buffer->data, buffer->capacity, capacity);
    buffer->capacity = capacity;
}

void buffer_add_n(Buffer *buffer, const char *data, size_t length)
{
    if (buffer->limit && length > buffer->limit - buffer->length) {
        buffer->is_over = true;
        length = buffer->limit - buffer->length;
    }
    size_t wanted = buffer->length + length + 1;
    if (wanted > buffer->capacity)
        grow(buffer, wanted);
    if (length)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = 0;
}

void buffer_add(Buffer *buffer, const char *text)
{
    buffer_add_n(buffer, text, strlen(text));
}

void buffer_add_char(Buffer *buffer, char c)
{
    bool is_at_edge =
        buffer->length + 2 > buffer->capacity || (buffer->limit && buffer->length >= buffer->limit);
    if (is_at_edge) {
        buffer_add_n(buffer, &c, 1);
        return;
    }
    buffer->data[buffer->length++] = c;
    buffer->data[buffer->length] = 0;
}

void buffer_add_code_point(Buffer *buffer, uint32_t code)
{
    char bytes[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(leads[size] | code);
    buffer_add_n(buffer, bytes, size);
}

void buffer_add_int64(Buffer *buffer, int64_t value)
{
    char digits[INT64_TEXT_SIZE];
    size_t length = text_of_int64(digits, value);
    buffer_add_n(buffer, digits, length);
}

void buffer_printf(Buffer *buffer, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length >= 0 && (size_t)length < sizeof small)
        buffer_add_n(buffer, small, (size_t)length);
    else if (length >= 0)
        buffer_add_n(buffer, arena_vprintf(buffer->arena, format, again), (size_t)length);
    va_end(again);
}

const char *buffer_text(const Buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}
