/*
 * protocol.c - quality values, entity tags, cookies, media types.
 *
 * Everything here reads what a client sent, so nothing trusts its form: what cannot be understood
 * is skipped or absent, and the caller decides what absence means.
 */
#include "http/protocol.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

/* ---- lists with quality values --------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "0.8" in thousandths; 1000 for what is no number. */
static int quality_of(const char *text, const char *end)
{
    if (text >= end || (*text != '0' && *text != '1'))
        return 1000;
    int quality = (*text - '0') * 1000, unit = 100;
    if (++text < end && *text == '.')
        for (text++; text < end && *text >= '0' && *text <= '9' && unit; text++, unit /= 10)
            quality += (*text - '0') * unit;
    return quality > 1000 ? 1000 : quality;
}

/* The q parameter among ";a=b;q=0.5", 1000 without one. */
static int quality_in(const char *parameters, const char *end)
{
    for (const char *at = parameters; at < end; at++) {
        if (*at != ';')
            continue;
        do
            at++;
        while (at < end && is_blank(*at));
        if (end - at > 1 && (*at | 0x20) == 'q' && at[1] == '=')
            return quality_of(at + 2, end);
        at--;
    }
    return 1000;
}

/* One element of a comma list: its token without blanks, its quality. */
typedef struct Element {
    const char *token;
    size_t length;
    int quality;
} Element;

static bool element_next(const char **at, Element *out)
{
    while (**at == ',' || is_blank(**at))
        (*at)++;
    if (!**at)
        return false;
    const char *start = *at, *end = start + strcspn(start, ",");
    const char *token_end = start + strcspn(start, ",;");
    *at = end;
    *out = (Element){.token = start, .quality = quality_in(token_end, end)};
    while (token_end > start && is_blank(token_end[-1]))
        token_end--;
    out->length = (size_t)(token_end - start);
    return true;
}

static bool element_is(const Element *element, const char *token, size_t length)
{
    return element->length == length && strncasecmp(element->token, token, length) == 0;
}

/* 3: the type itself, 2: its family, 1: everything, 0: no match. */
static int specificity(const Element *range, const char *type)
{
    size_t family = strcspn(type, "/") + 1;
    if (element_is(range, type, strlen(type)))
        return 3;
    if (range->length == family + 1 && range->token[family] == '*' &&
        strncasecmp(range->token, type, family) == 0)
        return 2;
    return element_is(range, "*/*", 3) || element_is(range, "*", 1);
}

int accept_quality(const char *accept, const char *type)
{
    if (text_is_empty(accept))
        return 1000;
    Element range;
    int best = 0, quality = 0;
    while (element_next(&accept, &range)) {
        int rank = specificity(&range, type);
        if (rank > best || (rank && rank == best && range.quality > quality)) {
            best = rank;
            quality = range.quality;
        }
    }
    return quality;
}

int accept_encoding_quality(const char *accept_encoding, const char *coding)
{
    bool is_identity = strcasecmp(coding, "identity") == 0;
    int quality = is_identity ? 1000 : 0;
    if (!accept_encoding)
        return quality;
    Element each;
    bool is_named = false;
    while (element_next(&accept_encoding, &each)) {
        if (element_is(&each, coding, strlen(coding))) {
            quality = each.quality;
            is_named = true;
        } else if (element_is(&each, "*", 1) && !is_named) {
            quality = each.quality;
        }
    }
    return quality;
}

static const char *without_weak(const char *etag)
{
    return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

bool etag_matches(const char *if_none_match, const char *etag)
{
    if (!if_none_match)
        return false;
    const char *wanted = without_weak(etag);
    size_t length = strlen(wanted);
    for (const char *at = if_none_match; *at;) {
        at += strspn(at, ", \t");
        if (*at == '*')
            return true;
        at = without_weak(at);
        if (strncmp(at, wanted, length) == 0 && strchr(", \t", at[length]))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

/* ---- cookies and media types ------------------------------------------------------------------
 */

const char *cookie_find(Arena *arena, const char *cookie_header, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = cookie_header; at && *at;) {
        at += strspn(at, "; \t");
        size_t size = strcspn(at, ";");
        if (size > length && at[length] == '=' && strncmp(at, name, length) == 0) {
            const char *value = at + length + 1, *end = at + size;
            while (end > value && is_blank(end[-1]))
                end--;
            return arena_text_n(arena, value, (size_t)(end - value));
        }
        at += size;
    }
    return NULL;
}

bool media_type_is(const char *header, const char *type)
{
    if (!header)
        return false;
    header += strspn(header, " \t");
    size_t length = strlen(type);
    return strncasecmp(header, type, length) == 0 && strchr("; \t", header[length]);
}

/* size: table */
const char *status_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Status";
}
