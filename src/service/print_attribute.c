/* print_attribute.c - values of attributes: classes, millimetres, shares of a width, pictures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/print_internal.h"

bool print_has_word(const char *words, const char *word, size_t length)
{
    for (const char *at = words; length && (at = strstr(at, word)); at++) {
        bool begins = at == words || at[-1] == ' ';
        if (begins && (at[length] == ' ' || at[length] == 0))
            return true;
    }
    return false;
}

bool print_has_style(const PrintNode *node, const char *word)
{
    return print_has_word(node->style, word, strlen(word));
}

/* A plain number, at most 1000: "28", "12.5". */
static bool read_number(const char *text, double *out)
{
    size_t length = strlen(text), digits = strspn(text, "0123456789");
    bool is_whole = digits == length;
    bool is_number = digits > 0 && digits < 5 && length < 9 &&
                     (is_whole || (text[digits] == '.' &&
                                   strspn(text + digits + 1, "0123456789") == length - digits - 1));
    *out = is_number ? strtod(text, NULL) : 0;
    return is_number && *out <= 1000;
}

static bool read_shares(Arena *arena, PrintNode *node, const char *value)
{
    const char **parts;
    size_t count = text_split(arena, value, ' ', &parts);
    if (count == 0 || count > sizeof node->shares / sizeof *node->shares)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_number(parts[i], &node->shares[i]) || node->shares[i] <= 0)
            return false;
    node->share_count = count;
    return true;
}

/* ---- images ---------------------------------------------------------------------------------- */

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* Base64 of RFC 4648 without line ends. */
static bool read_base64(Arena *arena, PrintNode *node, const char *text)
{
    size_t length = strlen(text), size = 0;
    unsigned bits = 0;
    int held = 0;
    unsigned char *bytes = arena_alloc(arena, length);
    while (length && text[length - 1] == '=')
        length--;
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[size++] = (unsigned char)(bits >> held);
        }
    }
    node->value = (const char *)bytes;
    node->value_size = size;
    return size > 24 && size <= PRINT_IMAGE_MAX;
}

/* A PNG of at most 4000 pixels a side, so that no small file becomes a huge picture. */
static bool read_image(Arena *arena, PrintNode *node, const char *value)
{
    static const char prefix[] = "data:image/png;base64,";
    static const unsigned char begin[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
                                          0,    0,   0,   13,  'I',  'H',  'D',  'R'};
    if (!text_starts_with(value, prefix) || !read_base64(arena, node, value + strlen(prefix)))
        return false;
    const unsigned char *png = (const unsigned char *)node->value;
    bool is_small = png[16] == 0 && png[17] == 0 && (png[18] << 8 | png[19]) <= 4000 &&
                    png[20] == 0 && png[21] == 0 && (png[22] << 8 | png[23]) <= 4000;
    node->source = value;
    return memcmp(png, begin, sizeof begin) == 0 && is_small;
}

/* ---- one attribute --------------------------------------------------------------------------- */

static bool take_style(const char *styles, PrintNode *node, const char *value)
{
    const char *at = value;
    while (*at) {
        size_t length = strcspn(at, " ");
        char word[16];
        if (length >= sizeof word)
            return false;
        memcpy(word, at, length);
        word[length] = 0;
        if (length && !print_has_word(styles, word, length))
            return false;
        at += length + (at[length] == ' ');
    }
    node->style = value;
    return true;
}

static bool take_span(PrintNode *node, const char *value)
{
    double span;
    bool is_span = read_number(value, &span) && span >= 1 && span <= 12 && span == floor(span);
    node->span = is_span ? (int)span : 1;
    return is_span;
}

bool print_take_attribute(Arena *arena, const char *styles, PrintNode *node, const char *name,
                          const char *value)
{
    if (text_equal(name, "class"))
        return take_style(styles, node, value);
    if (text_equal(name, "data-widths"))
        return read_shares(arena, node, value);
    if (text_equal(name, "data-x"))
        return read_number(value, &node->x);
    if (text_equal(name, "data-y"))
        return read_number(value, &node->y);
    if (text_equal(name, "data-width") || text_equal(name, "data-size"))
        return read_number(value, &node->width) && node->width > 0;
    if (text_equal(name, "colspan"))
        return take_span(node, value);
    if (text_equal(name, "src"))
        return read_image(arena, node, value);
    if (text_equal(name, "data-value"))
        node->value = value;
    if (text_equal(name, "alt"))
        node->alt = value;
    return true;
}
