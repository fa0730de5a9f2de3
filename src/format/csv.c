/*
 * csv.c - CSV read row by row out of one text, and written field by field.
 *
 *     text -> encoding check -> field, field ... line end -> row
 *
 * The reader keeps only its position, so a large table costs the memory of the rows that the
 * caller keeps (mark and reset the arena between rows to keep none).
 */
#include "format/csv.h"

#include <string.h>

#include "base/list.h"
#include "format/place.h"

const CsvLimits CSV_LIMITS = {.bytes = (size_t)16 * 1024 * 1024,
                              .rows = 500000,
                              .columns = 256,
                              .field_bytes = (size_t)64 * 1024};

struct CsvReader {
    Arena *arena;
    const CsvLimits *limits;
    const char *at;
    const char *end;
    Place place; /* not ahead of `at` */
    const char **names;
    size_t count;
    size_t row_count;
};

static bool fail(CsvReader *r, ErrorKind kind, const char *code, const char *detail, Error *err)
{
    place_move(&r->place, r->at);
    return place_error(r->arena, &r->place, kind, code, detail, err);
}

static bool fail_syntax(CsvReader *r, const char *detail, Error *err)
{
    return fail(r, ERROR_INVALID, "csv.syntax", detail, err);
}

static bool take(CsvReader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* A line end or the end of the text. */
static bool take_line_end(CsvReader *r)
{
    if (r->end - r->at >= 2 && r->at[0] == '\r' && r->at[1] == '\n') {
        r->at += 2;
        return true;
    }
    return take(r, '\n') || r->at == r->end;
}

static bool is_too_long(const CsvReader *r, size_t length)
{
    return length > r->limits->field_bytes || arena_is_over(r->arena);
}

static const char *fail_size(CsvReader *r, Error *err)
{
    fail(r, ERROR_TOO_LARGE, "csv.size", "field too long or memory used up", err);
    return NULL;
}

/* The closing quote of a field: one that no second quote follows. */
static const char *find_close(const CsvReader *r)
{
    const char *at = r->at;
    while ((at = memchr(at, '"', (size_t)(r->end - at)))) {
        if (at + 1 == r->end || at[1] != '"')
            return at;
        at += 2;
    }
    return NULL;
}

static const char *read_quoted(CsvReader *r, Error *err)
{
    const char *close = find_close(r);
    if (!close) {
        fail_syntax(r, "the quote is not closed", err);
        return NULL;
    }
    if (is_too_long(r, (size_t)(close - r->at)))
        return fail_size(r, err);
    char *field = arena_alloc(r->arena, (size_t)(close - r->at) + 1), *out = field;
    for (; r->at < close; r->at++) {
        *out++ = *r->at;
        r->at += *r->at == '"';
    }
    r->at = close + 1;
    return field;
}

static const char *read_plain(CsvReader *r, Error *err)
{
    const char *start = r->at;
    while (r->at < r->end && *r->at != ',' && *r->at != '\n' && *r->at != '\r' && *r->at != '"')
        r->at++;
    if (r->at < r->end && *r->at == '"') {
        fail_syntax(r, "a quote inside a field without quotes", err);
        return NULL;
    }
    size_t length = (size_t)(r->at - start);
    return is_too_long(r, length) ? fail_size(r, err) : arena_text_n(r->arena, start, length);
}

static const char *read_field(CsvReader *r, Error *err)
{
    return take(r, '"') ? read_quoted(r, err) : read_plain(r, err);
}

typedef LIST(const char *) Fields;

/* One row's fields, up to and with its line end. */
static bool read_fields(CsvReader *r, Fields *fields, Error *err)
{
    do {
        if (fields->count == r->limits->columns)
            return fail(r, ERROR_TOO_LARGE, "csv.size", "too many columns", err);
        const char *field = read_field(r, err);
        if (!field)
            return false;
        list_add(r->arena, fields, field);
    } while (take(r, ','));
    return take_line_end(r) || fail_syntax(r, "a comma or a line end is wanted", err);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool check_names(const CsvReader *r, Error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        bool is_good = *r->names[i] != 0;
        for (size_t j = 0; j < i && is_good; j++)
            is_good = strcmp(r->names[i], r->names[j]) != 0;
        if (!is_good)
            return error_set(err, ERROR_INVALID, .code = "csv.header", .field = r->names[i],
                             .line = 1, .column = 1, .with = {{"name", r->names[i]}});
    }
    return true;
}

static bool read_names(CsvReader *r, Error *err)
{
    Fields fields = {0};
    if (r->at == r->end)
        return fail(r, ERROR_INVALID, "csv.header", "the text is empty", err);
    if (!read_fields(r, &fields, err))
        return false;
    r->names = fields.items;
    r->count = fields.count;
    return check_names(r, err);
}

static bool check_text(CsvReader *r, Error *err)
{
    size_t length = (size_t)(r->end - r->at);
    if (length > r->limits->bytes)
        return fail(r, ERROR_TOO_LARGE, "csv.size", "the text is too long", err);
    const char *bad = place_find_bad_utf8(r->at, length);
    if (!bad)
        return true;
    r->at = bad;
    return fail(r, ERROR_INVALID, "csv.encoding", "not UTF-8, or NUL", err);
}

CsvReader *csv_open(Arena *arena, const char *data, size_t length, const CsvLimits *limits,
                    Error *err)
{
    const char *start = length ? data : "";
    CsvReader *reader = arena_new(arena, CsvReader);
    *reader = (CsvReader){.arena = arena,
                          .limits = limits,
                          .at = start,
                          .end = start + length,
                          .place = place_start(start)};
    if (!check_text(reader, err))
        return NULL;
    if (length >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0) {
        reader->at = start + 3;
        reader->place = place_start(reader->at);
    }
    return read_names(reader, err) ? reader : NULL;
}

const char *const *csv_names(const CsvReader *reader, size_t *out_count)
{
    *out_count = reader->count;
    return (const char *const *)reader->names;
}

size_t csv_column(const CsvReader *reader, const char *name)
{
    size_t i = 0;
    while (i < reader->count && strcmp(reader->names[i], name) != 0)
        i++;
    return i;
}

const char *csv_get(const CsvReader *reader, const CsvRow *row, const char *name)
{
    size_t column = csv_column(reader, name);
    return column < reader->count ? row->fields[column] : NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void skip_empty_lines(CsvReader *r)
{
    while (r->count > 1 && r->at < r->end && (*r->at == '\n' || *r->at == '\r'))
        if (!take_line_end(r))
            return;
}

/* The place of a row that has too many or too few fields is its beginning. */
static bool check_count(const CsvReader *r, size_t count, const Place *begin, Error *err)
{
    if (count == r->count)
        return true;
    const char *missing = count < r->count ? r->names[count] : NULL;
    place_error(r->arena, begin, ERROR_INVALID, "csv.columns", "not one field per name", err);
    if (err && !err->field)
        err->field = missing;
    return false;
}

bool csv_next(CsvReader *reader, CsvRow *out_row, Error *err)
{
    skip_empty_lines(reader);
    if (reader->at == reader->end)
        return false;
    place_move(&reader->place, reader->at);
    Place begin = reader->place;
    Fields fields = {0};
    if (reader->row_count++ == reader->limits->rows)
        return fail(reader, ERROR_TOO_LARGE, "csv.size", "too many rows", err);
    if (!read_fields(reader, &fields, err) || !check_count(reader, fields.count, &begin, err))
        return false;
    *out_row = (CsvRow){.fields = fields.items, .count = fields.count, .line = begin.line};
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

CsvWriter csv_writer(Buffer *buffer)
{
    return (CsvWriter){.buffer = buffer};
}

static void add_quoted(Buffer *buffer, const char *text)
{
    buffer_add_char(buffer, '"');
    for (;;) {
        size_t run = strcspn(text, "\"");
        buffer_add_n(buffer, text, run);
        text += run;
        if (!*text)
            break;
        buffer_add(buffer, "\"\"");
        text++;
    }
    buffer_add_char(buffer, '"');
}

/* A row of one empty field would be an empty line, and a byte order mark at the start of the text
 * would be skipped. */
static bool needs_quotes(const CsvWriter *writer, const char *text)
{
    bool is_lost_alone = !writer->is_in_row && (!*text || text_starts_with(text, "\xEF\xBB\xBF"));
    return is_lost_alone || strpbrk(text, ",\"\r\n");
}

void csv_put(CsvWriter *writer, const char *text)
{
    const char *field = text ? text : "";
    bool is_quoted = needs_quotes(writer, field);
    if (writer->is_in_row)
        buffer_add_char(writer->buffer, ',');
    writer->is_in_row = true;
    if (is_quoted)
        add_quoted(writer->buffer, field);
    else
        buffer_add(writer->buffer, field);
}

void csv_put_inert(CsvWriter *writer, const char *text)
{
    bool is_formula = !text_is_empty(text) && strchr("=+-@\t\r", *text);
    csv_put(writer, is_formula ? arena_printf(writer->buffer->arena, "'%s", text) : text);
}

void csv_end_row(CsvWriter *writer)
{
    buffer_add(writer->buffer, "\r\n");
    writer->is_in_row = false;
}
