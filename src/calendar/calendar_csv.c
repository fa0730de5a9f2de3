/*
 * calendar_csv.c - the text of a layer: days and hours.
 *
 *     text -> lines -> fields (quotes undone) -> rule of a day, or hours of weekdays -> layer
 *
 * The file is written by people, so every refusal names line and column. A day that stands twice
 * is refused: nobody could say which of the two was meant.
 */
#include "calendar/calendar_internal.h"

#include <string.h>

#include "base/list.h"
#include "base/text.h"

enum { FIELDS_MAX = 4, NAME_MAX_BYTES = 200, HOURS_TEXT_MAX = 80 };

static const char *const field_names[FIELDS_MAX] = {"date", "type", "name", "hours"};

typedef struct Field {
    const char *text;
    int column; /* of its first byte in the line, from 1 */
} Field;

typedef struct CsvReader {
    Arena *arena;
    const char *at;
    const char *end;
    int line;
    Error *err;
    Field fields[FIELDS_MAX];
    int field_count;
    uint8_t *seen; /* one byte for each day that a table covers */
    LIST(CalendarRule) rules;
    LIST(CalendarHours) hours;
} CsvReader;

static bool refuse(CsvReader *reader, const char *code, int column, int field)
{
    return error_set(reader->err, ERROR_INVALID, .code = code,
                     .field = field >= 0 && field < FIELDS_MAX ? field_names[field] : NULL,
                     .line = reader->line, .column = column);
}

/* ---- hours ----------------------------------------------------------------------------------- */

bool calendar_hours_valid(const CalendarDayHours *hours)
{
    if (hours->count < 1 || hours->count > CALENDAR_SPANS_MAX)
        return false;
    for (int i = 0, free_from = 0; i < hours->count; i++) {
        CalendarSpan span = hours->spans[i];
        if (span.from < free_from || span.to <= span.from || span.to > 24 * 60)
            return false;
        free_from = span.to;
    }
    return true;
}

/* Reads "HH:MM" up to 24:00. */
static bool read_minute(const char **at, int16_t *out)
{
    int digits[5];
    for (int i = 0; i < 5; i++) {
        char c = (*at)[i];
        if (i == 2 ? c != ':' : c < '0' || c > '9')
            return false;
        digits[i] = c - '0';
    }
    int hour = digits[0] * 10 + digits[1];
    int minute = digits[3] * 10 + digits[4];
    if (minute > 59 || hour * 60 + minute > 24 * 60)
        return false;
    *out = (int16_t)(hour * 60 + minute);
    *at += 5;
    return true;
}

static bool read_span(const char **at, CalendarSpan *out)
{
    if (!read_minute(at, &out->from) || **at != '-')
        return false;
    (*at)++;
    return read_minute(at, &out->to);
}

bool calendar_hours_parse(const char *text, CalendarDayHours *out_hours, Error *err)
{
    CalendarDayHours hours = {0};
    const char *at = text;
    bool is_good = true;
    while (is_good && hours.count < CALENDAR_SPANS_MAX) {
        is_good = read_span(&at, &hours.spans[hours.count]);
        hours.count++;
        if (*at != ' ')
            break;
        at++;
    }
    if (!is_good || *at != '\0' || !calendar_hours_valid(&hours))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_hours", .field = "hours",
                         .column = (int)(at - text) + 1);
    *out_hours = hours;
    return true;
}

char *calendar_hours_text(Arena *arena, const CalendarDayHours *hours)
{
    Buffer buffer = buffer_init(arena, 0);
    for (int i = 0; i < hours->count; i++) {
        CalendarSpan span = hours->spans[i];
        buffer_printf(&buffer, "%s%02d:%02d-%02d:%02d", i ? " " : "", span.from / 60,
                      span.from % 60, span.to / 60, span.to % 60);
    }
    return arena_text(arena, buffer_text(&buffer));
}

CalendarHours calendar_hours_uniform(const CalendarDayHours *hours)
{
    CalendarHours week = {.from = DATE_NONE, .to = DATE_NONE};
    for (int weekday = 1; weekday <= 5; weekday++)
        week.weekdays[weekday] = *hours;
    return week;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* Reads a quoted field; *at stands behind the opening quote, and ends behind the closing one. */
static bool read_quoted(CsvReader *reader, const char **at, const char *end, Field *out)
{
    Buffer buffer = buffer_init(reader->arena, 0);
    for (; *at < end; (*at)++) {
        if (**at == '"' && (*at + 1 == end || (*at)[1] != '"'))
            break;
        if (**at == '"')
            (*at)++;
        buffer_add_char(&buffer, **at);
    }
    if (*at == end)
        return refuse(reader, "calendar.bad_quotes", out->column, -1);
    (*at)++;
    out->text = arena_text(reader->arena, buffer_text(&buffer));
    return true;
}

static bool read_plain(CsvReader *reader, const char **at, const char *end, Field *out)
{
    const char *from = *at;
    while (*at < end && **at != ',' && **at != '"')
        (*at)++;
    out->text = arena_text_n(reader->arena, from, (size_t)(*at - from));
    return true;
}

/* Splits one line at its commas. */
static bool read_fields(CsvReader *reader, const char *line, const char *end)
{
    const char *at = line;
    reader->field_count = 0;
    for (;;) {
        int column = (int)(at - line) + 1;
        if (reader->field_count == FIELDS_MAX)
            return refuse(reader, "calendar.bad_columns", column, -1);
        Field *field = &reader->fields[reader->field_count++];
        field->column = column;
        bool is_quoted = at < end && *at == '"';
        at += is_quoted;
        if (!(is_quoted ? read_quoted(reader, &at, end, field)
                        : read_plain(reader, &at, end, field)))
            return false;
        if (at == end)
            return true;
        if (*at != ',')
            return refuse(reader, "calendar.bad_quotes", (int)(at - line) + 1, -1);
        at++;
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool read_date(CsvReader *reader, Date *out)
{
    Date first = date_of(CALENDAR_FIRST_YEAR, 1, 1);
    Date last = date_of(CALENDAR_LAST_YEAR, 12, 31);
    Date date;
    if (!date_parse(reader->fields[0].text, &date) || date.day < first.day || date.day > last.day)
        return refuse(reader, "calendar.bad_date", reader->fields[0].column, 0);
    *out = date;
    return true;
}

static bool read_hours(CsvReader *reader, bool is_required, CalendarDayHours *out)
{
    const Field *field = &reader->fields[3];
    bool has_text = reader->field_count == FIELDS_MAX && field->text[0] != '\0';
    Error where = ERROR_NONE;
    int column = reader->field_count == FIELDS_MAX ? field->column : 1;
    if (!has_text)
        return !is_required || refuse(reader, "calendar.bad_hours", column, 3);
    if (strlen(field->text) > HOURS_TEXT_MAX)
        return refuse(reader, "calendar.bad_hours", column, 3);
    if (!calendar_hours_parse(field->text, out, &where))
        return refuse(reader, "calendar.bad_hours", column + where.column - 1, 3);
    return true;
}

/* A name is shown on pages and paper: short, and without control characters. */
static bool check_name(CsvReader *reader)
{
    const char *name = reader->fields[2].text;
    size_t length = strlen(name);
    bool is_good = length <= NAME_MAX_BYTES;
    for (size_t i = 0; is_good && i < length; i++)
        is_good = (unsigned char)name[i] >= 0x20 && name[i] != 0x7f;
    return is_good || refuse(reader, "calendar.bad_name", reader->fields[2].column, 2);
}

static bool add_day(CsvReader *reader, CalendarKind kind)
{
    CalendarRule rule = {.kind = kind, .name = reader->fields[2].text};
    if (!read_date(reader, &rule.date) || !check_name(reader) ||
        !read_hours(reader, kind == CALENDAR_HALF, &rule.hours))
        return false;

    uint8_t *seen = &reader->seen[rule.date.day - date_of(CALENDAR_FIRST_YEAR, 1, 1).day];
    if (*seen)
        return refuse(reader, "calendar.repeated_date", reader->fields[0].column, 0);
    *seen = 1;
    list_add(reader->arena, &reader->rules, rule);
    return true;
}

/* Reads "1-5" or "6". */
static bool read_weekdays(const char **at, int *out_first, int *out_last)
{
    if (**at < '1' || **at > '7')
        return false;
    *out_first = *out_last = *(*at)++ - '0';
    if (**at != '-')
        return true;
    (*at)++;
    if (**at < '1' || **at > '7')
        return false;
    *out_last = *(*at)++ - '0';
    return *out_first <= *out_last;
}

/* Reads "0601" as 601; a day that the month never has is no day. */
static bool read_season_day(const char **at, int *out)
{
    int value = 0;
    for (int i = 0; i < 4; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    return date_is_valid(2024, value / 100, value % 100);
}

static bool read_season(const char **at, CalendarHours *out)
{
    if (**at == '\0')
        return true;
    if (*(*at)++ != ' ' || !read_season_day(at, &out->season_from) || *(*at)++ != '-')
        return false;
    return read_season_day(at, &out->season_to) && **at == '\0';
}

static bool add_hours(CsvReader *reader)
{
    CalendarHours week = {.to = DATE_NONE};
    CalendarDayHours hours = {0};
    const char *at = reader->fields[2].text;
    int first, last;
    if (!read_date(reader, &week.from))
        return false;
    if (!read_weekdays(&at, &first, &last) || !read_season(&at, &week))
        return refuse(reader, "calendar.bad_weekdays", reader->fields[2].column, 2);
    if (!read_hours(reader, true, &hours))
        return false;
    for (int weekday = first; weekday <= last; weekday++)
        week.weekdays[weekday] = hours;
    list_add(reader->arena, &reader->hours, week);
    return true;
}

static bool read_row(CsvReader *reader)
{
    static const struct {
        const char *name;
        CalendarKind kind;
    } kinds[] = {{"holiday", CALENDAR_HOLIDAY},
                 {"makeup", CALENDAR_MAKEUP},
                 {"half", CALENDAR_HALF},
                 {"working", CALENDAR_WORKING}};
    if (reader->field_count < 3)
        return refuse(reader, "calendar.bad_columns", 1, -1);
    if (reader->rules.count + reader->hours.count >= CALENDAR_RULES_MAX)
        return error_set(reader->err, ERROR_TOO_LARGE, .code = "calendar.too_large",
                         .line = reader->line);

    const char *type = reader->fields[1].text;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(type, kinds[i].name) == 0)
            return add_day(reader, kinds[i].kind);
    if (strcmp(type, "hours") == 0)
        return add_hours(reader);
    return refuse(reader, "calendar.bad_type", reader->fields[1].column, 1);
}

/* Whether the fields are the names of the columns; a file may also begin with its first day. */
static bool is_header(const CsvReader *reader)
{
    if (reader->field_count < 3)
        return false;
    for (int i = 0; i < reader->field_count; i++)
        if (strcmp(reader->fields[i].text, field_names[i]) != 0)
            return false;
    return true;
}

static bool read_line(CsvReader *reader, bool *is_first)
{
    const char *line = reader->at;
    const char *newline = memchr(line, '\n', (size_t)(reader->end - line));
    const char *end = newline ? newline : reader->end;
    reader->at = newline ? newline + 1 : reader->end;
    reader->line++;
    if (end > line && end[-1] == '\r')
        end--;
    if (end == line)
        return true;
    if (!read_fields(reader, line, end))
        return false;

    bool is_names = *is_first && is_header(reader);
    *is_first = false;
    return is_names || read_row(reader);
}

bool calendar_layer_parse(Arena *arena, const char *division, const char *text, size_t length,
                          CalendarLayer *out_layer, Error *err)
{
    if (length > CALENDAR_TEXT_MAX)
        return error_set(err, ERROR_TOO_LARGE, .code = "calendar.too_large");
    if (!text_is_utf8(text, length))
        return error_set(err, ERROR_INVALID, .code = "calendar.bad_encoding");

    int32_t days =
        date_of(CALENDAR_LAST_YEAR + 1, 1, 1).day - date_of(CALENDAR_FIRST_YEAR, 1, 1).day;
    CsvReader reader = {.arena = arena, .at = text, .end = text + length, .err = err};
    reader.seen = arena_array(arena, uint8_t, (size_t)days);
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        reader.at += 3;

    bool is_first = true;
    while (reader.at < reader.end)
        if (!read_line(&reader, &is_first))
            return false;
    *out_layer = (CalendarLayer){.division = division,
                                 .rules = reader.rules.items,
                                 .rule_count = reader.rules.count,
                                 .hours = reader.hours.items,
                                 .hours_count = reader.hours.count};
    return true;
}
