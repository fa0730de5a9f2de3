/*
 * multipart.c - a form's body cut at its boundary lines.
 *
 *     content type -> boundary;  body -> (boundary line, headers, content) ... closing line
 *
 * A boundary line is CR LF, "--", the boundary, then "--" or the rest of an empty line; the same
 * letters with something else behind them are content.
 */
#include "format/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/list.h"
#include "base/text.h"

enum { BOUNDARY_MAX = 70, HEADERS_MAX = 8 * 1024 };

const MultipartLimits MULTIPART_LIMITS = {
    .parts = 200, .text_bytes = (size_t)1024 * 1024, .file_bytes = (size_t)50 * 1024 * 1024};

/* A stretch of the body. */
typedef struct Span {
    const char *at;
    const char *end;
} Span;

typedef struct Reader {
    Arena *arena;
    const MultipartLimits *limits;
    const char *mark; /* CR LF "--" boundary */
    size_t mark_length;
    Span rest;
    LIST(MultipartPart) parts;
    Error *err;
} Reader;

static bool fail_syntax(Reader *r, const char *detail)
{
    return error_set(r->err, ERROR_INVALID, .code = "multipart.syntax", .detail = detail);
}

/* ---- header values --------------------------------------------------------------------------- */

static void skip_blanks(Span *span)
{
    while (span->at < span->end && (*span->at == ' ' || *span->at == '\t'))
        span->at++;
}

/* Up to a stop byte or the end. */
static Span take_until(Span *span, const char *stops)
{
    Span taken = {span->at, span->at};
    while (taken.end < span->end && !(*taken.end && strchr(stops, *taken.end)))
        taken.end++;
    span->at = taken.end;
    while (taken.end > taken.at && (taken.end[-1] == ' ' || taken.end[-1] == '\t'))
        taken.end--;
    return taken;
}

static bool span_is(Span span, const char *word)
{
    size_t length = (size_t)(span.end - span.at);
    return strlen(word) == length && strncasecmp(span.at, word, length) == 0;
}

/* A value, without its quotes if it has any; escapes inside are still there. */
static Span take_value(Span *span)
{
    skip_blanks(span);
    if (span->at == span->end || *span->at != '"')
        return take_until(span, ";");
    Span value = {span->at + 1, span->at + 1};
    while (value.end < span->end && *value.end != '"')
        value.end += *value.end == '\\' && span->end - value.end > 1 && value.end[1] == '"' ? 2 : 1;
    span->at = value.end < span->end ? value.end + 1 : value.end;
    return value;
}

/* Only the quote is escaped by a backslash: old browsers send whole paths with bare backslashes as
 * file names. */
static char *unescape(Arena *arena, Span value)
{
    char *text = arena_alloc(arena, (size_t)(value.end - value.at) + 1), *out = text;
    for (const char *at = value.at; at < value.end; at++) {
        if (at[0] == '\\' && value.end - at > 1 && at[1] == '"')
            at++;
        *out++ = *at;
    }
    return text;
}

/* A parameter behind the first ";" of a header value, NULL when absent. */
static char *find_parameter(Arena *arena, Span value, const char *wanted)
{
    take_until(&value, ";");
    while (value.at < value.end) {
        value.at++;
        skip_blanks(&value);
        Span name = take_until(&value, "=;");
        if (value.at == value.end || *value.at == ';')
            continue;
        value.at++;
        Span found = take_value(&value);
        if (span_is(name, wanted))
            return unescape(arena, found);
        take_until(&value, ";");
    }
    return NULL;
}

/* Undoes what browsers do to the three characters that would end a quoted name. */
static void undo_percent(char *text)
{
    static const char *const codes[] = {"%22", "%0D", "%0A"};
    char *out = text;
    for (const char *at = text; *at;) {
        size_t i = 0;
        while (i < 3 && strncasecmp(at, codes[i], 3) != 0)
            i++;
        *out++ = i < 3 ? "\"\r\n"[i] : *at;
        at += i < 3 ? 3 : 1;
    }
    *out = 0;
}

static char *find_name(Arena *arena, Span value, const char *wanted)
{
    char *name = find_parameter(arena, value, wanted);
    if (name)
        undo_percent(name);
    return name;
}

static const char *last_of_path(const char *path)
{
    for (const char *at = path; *at; at++)
        if (*at == '/' || *at == '\\')
            path = at + 1;
    return path;
}

/* ---- one part -------------------------------------------------------------------------------- */

static bool read_disposition(Reader *r, Span value, MultipartPart *part)
{
    Span rest = value;
    if (!span_is(take_until(&rest, ";"), "form-data"))
        return fail_syntax(r, "Content-Disposition is not form-data");
    part->name = find_name(r->arena, value, "name");
    const char *path = find_name(r->arena, value, "filename");
    part->filename = path ? last_of_path(path) : NULL;
    return true;
}

static bool read_header(Reader *r, Span line, MultipartPart *part)
{
    Span name = take_until(&line, ":");
    if (line.at == line.end)
        return fail_syntax(r, "a header without colon");
    line.at++;
    skip_blanks(&line);
    if (span_is(name, "content-disposition"))
        return read_disposition(r, line, part);
    if (span_is(name, "content-type"))
        part->content_type = arena_text_n(r->arena, line.at, (size_t)(line.end - line.at));
    bool is_encoded = span_is(name, "content-transfer-encoding") && !span_is(line, "binary") &&
                      !span_is(line, "8bit") && !span_is(line, "7bit");
    if (is_encoded)
        return error_set(r->err, ERROR_UNSUPPORTED, .code = "multipart.transfer_encoding");
    return true;
}

/* The headers of a part, up to and with the empty line. */
static bool read_headers(Reader *r, MultipartPart *part)
{
    const char *start = r->rest.at;
    for (;;) {
        const char *end = memmem(r->rest.at, (size_t)(r->rest.end - r->rest.at), "\r\n", 2);
        if (!end || end - start > HEADERS_MAX)
            return fail_syntax(r, "headers without end, or too long");
        Span line = {r->rest.at, end};
        r->rest.at = end + 2;
        if (line.at == line.end)
            return true;
        if (memchr(line.at, 0, (size_t)(end - line.at)))
            return error_set(r->err, ERROR_INVALID, .code = "input.encoding");
        if (!read_header(r, line, part))
            return false;
    }
}

/* Texts of names and of the content type; they are short. */
static bool is_text(const char *text)
{
    return !text || text_is_utf8(text, strlen(text));
}

static bool check_part(Reader *r, MultipartPart *part)
{
    bool is_file = part->filename != NULL;
    if (!part->name)
        return fail_syntax(r, "a part without name");
    if (!is_text(part->name))
        return error_set(r->err, ERROR_INVALID, .code = "input.encoding");
    size_t most = is_file ? r->limits->file_bytes : r->limits->text_bytes;
    if (part->length > most || arena_is_over(r->arena))
        return error_set(r->err, ERROR_TOO_LARGE, .code = "input.size", .field = part->name);
    bool is_good = is_text(part->filename) && is_text(part->content_type) &&
                   (is_file || text_is_utf8(part->data, part->length));
    if (!is_good)
        return error_set(r->err, ERROR_INVALID, .code = "input.encoding", .field = part->name);
    if (!is_file)
        part->text = arena_text_n(r->arena, part->data, part->length);
    return true;
}

/* ---- the body -------------------------------------------------------------------------------- */

typedef enum LineKind { LINE_NONE, LINE_NEXT, LINE_LAST } LineKind;

/* What stands behind the letters of a boundary; moves behind the line. */
static LineKind take_line_rest(Span *span)
{
    if (span->end - span->at >= 2 && memcmp(span->at, "--", 2) == 0)
        return LINE_LAST;
    Span rest = *span;
    skip_blanks(&rest);
    if (rest.end - rest.at < 2 || memcmp(rest.at, "\r\n", 2) != 0)
        return LINE_NONE;
    span->at = rest.at + 2;
    return LINE_NEXT;
}

/* Moves behind the next boundary line; *out_content is what stands before it. */
static LineKind take_content(Reader *r, Span *out_content)
{
    *out_content = r->rest;
    for (;;) {
        const char *mark =
            memmem(r->rest.at, (size_t)(r->rest.end - r->rest.at), r->mark, r->mark_length);
        if (!mark)
            return LINE_NONE;
        r->rest.at = mark + r->mark_length;
        out_content->end = mark;
        LineKind kind = take_line_rest(&r->rest);
        if (kind != LINE_NONE)
            return kind;
    }
}

/* The first boundary may stand at the very beginning, where no CR LF precedes it. */
static LineKind take_first_line(Reader *r)
{
    Span preamble, behind = r->rest;
    size_t length = r->mark_length - 2;
    LineKind kind = LINE_NONE;
    if ((size_t)(behind.end - behind.at) >= length && !memcmp(behind.at, r->mark + 2, length)) {
        behind.at += length;
        kind = take_line_rest(&behind);
    }
    if (kind == LINE_NONE)
        return take_content(r, &preamble);
    r->rest = behind;
    return kind;
}

/* An empty content leaves "headers CR LF CR LF boundary" with the two line ends shared, so the
 * boundary is looked for from the second one on. */
static LineKind read_part(Reader *r)
{
    MultipartPart part = {0};
    Span content;
    if (r->parts.count == r->limits->parts) {
        error_set(r->err, ERROR_TOO_LARGE, .code = "input.too_many");
        return LINE_NONE;
    }
    if (!read_headers(r, &part))
        return LINE_NONE;
    const char *start = r->rest.at;
    r->rest.at -= 2;
    LineKind kind = take_content(r, &content);
    if (kind == LINE_NONE) {
        fail_syntax(r, "the closing boundary is missing");
        return LINE_NONE;
    }
    part.data = start;
    part.length = content.end > start ? (size_t)(content.end - start) : 0;
    if (!check_part(r, &part))
        return LINE_NONE;
    list_add(r->arena, &r->parts, part);
    return kind;
}

static bool read_body(Reader *r)
{
    LineKind kind = take_first_line(r);
    if (kind == LINE_NONE)
        return fail_syntax(r, "the boundary is not in the body");
    while (kind == LINE_NEXT)
        kind = read_part(r);
    return kind == LINE_LAST;
}

/* RFC 2046: at most 70 characters of a small set; blanks inside only. */
static bool is_boundary(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > BOUNDARY_MAX || text[length - 1] == ' ')
        return false;
    return strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "'()+_,-./:=? ") == length;
}

bool multipart_parse(Arena *arena, const char *content_type, const char *body, size_t length,
                     const MultipartLimits *limits, Multipart *out, Error *err)
{
    Span header = {content_type, content_type + strlen(content_type)}, type = header;
    const char *boundary = find_parameter(arena, header, "boundary");
    if (!span_is(take_until(&type, ";"), "multipart/form-data") || !is_boundary(boundary))
        return error_set(err, ERROR_INVALID, .code = "multipart.boundary");
    const char *start = length ? body : "";
    Reader r = {.arena = arena,
                .limits = limits,
                .mark = arena_printf(arena, "\r\n--%s", boundary),
                .mark_length = strlen(boundary) + 4,
                .rest = {start, start + length},
                .err = err};
    if (!read_body(&r))
        return false;
    *out = (Multipart){.parts = r.parts.items, .count = r.parts.count};
    return true;
}

const MultipartPart *multipart_find(const Multipart *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->parts[i].name, name) == 0)
            return &form->parts[i];
    return NULL;
}
