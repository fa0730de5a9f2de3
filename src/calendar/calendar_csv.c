/*
 * calendar_csv.c - the text of a layer: days and hours.
 *
 *     text -> rows (format/csv.h) -> rule of a day, or hours of weekdays -> layer
 *
 * The file is written by people, so every refusal names line and column. A day that stands twice
 * is refused: nobody could say which of the two was meant.
 */
#include "calendar/calendar_internal.h"

#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "format/csv.h"

enum { FIELDS_MAX = 4, NAME_MAX_BYTES = 200 };
enum { FIELD_DATE, FIELD_TYPE, FIELD_NAME, FIELD_HOURS };

static const char *const field_names[FIELDS_MAX] = {"date", "type", "name", "hours"};

typedef struct LayerReader {
    Arena *arena;
    Error *err;
    CsvRow row;
    uint8_t *seen; /* one byte for each day that a table covers */
    LIST(CalendarRule) rules;
    LIST(CalendarHours) hours;
} LayerReader;

/* Where a field begins in its line, from 1 (fields before it that are quoted count without their
 * quotes). */
static int column_of(const LayerReader *reader, size_t field)
{
    size_t column = 1;
    for (size_t i = 0; i < field; i++)
        column += strlen(reader->row.fields[i]) + 1;
    return (int)column;
}

/* Refuses a field, at an offset into it. */
static bool refuse(LayerReader *reader, const char *code, size_t field, int offset)
{
    size_t at = field < reader->row.count ? field : 0;
    return error_set(reader->err, ERROR_INVALID, .code = code, .field = field_names[field],
                     .line = reader->row.line, .column = column_of(reader, at) + offset);
}

static bool read_date(LayerReader *reader, Date *out)
{
    Date first = date_of(CALENDAR_FIRST_YEAR, 1, 1);
    Date last = date_of(CALENDAR_LAST_YEAR, 12, 31);
    Date date;
    if (!date_parse(reader->row.fields[FIELD_DATE], &date) || date.day < first.day ||
        date.day > last.day)
        return refuse(reader, "calendar.bad_date", FIELD_DATE, 0);
    *out = date;
    return true;
}

static bool read_hours(LayerReader *reader, bool is_required, CalendarDayHours *out)
{
    const char *text = reader->row.count == FIELDS_MAX ? reader->row.fields[FIELD_HOURS] : "";
    Error where = ERROR_NONE;
    if (text[0] == '\0')
        return !is_required || refuse(reader, "calendar.bad_hours", FIELD_HOURS, 0);
    if (!calendar_hours_parse(text, out, &where))
        return refuse(reader, "calendar.bad_hours", FIELD_HOURS, where.column - 1);
    return true;
}

/* A name is shown on pages and paper: short, and without control characters. */
static bool check_name(LayerReader *reader)
{
    const char *name = reader->row.fields[FIELD_NAME];
    size_t length = strlen(name);
    bool is_good = length <= NAME_MAX_BYTES;
    for (size_t i = 0; is_good && i < length; i++)
        is_good = (unsigned char)name[i] >= 0x20 && name[i] != 0x7f;
    return is_good || refuse(reader, "calendar.bad_name", FIELD_NAME, 0);
}

static bool add_day(LayerReader *reader, CalendarKind kind)
{
    CalendarRule rule = {.kind = kind, .name = reader->row.fields[FIELD_NAME]};
    if (!read_date(reader, &rule.date) || !check_name(reader) ||
        !read_hours(reader, kind == CALENDAR_HALF, &rule.hours))
        return false;

    uint8_t *seen = &reader->seen[rule.date.day - date_of(CALENDAR_FIRST_YEAR, 1, 1).day];
    if (*seen)
        return refuse(reader, "calendar.repeated_date", FIELD_DATE, 0);
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

static bool add_hours(LayerReader *reader)
{
    CalendarHours week = {.to = DATE_NONE};
    CalendarDayHours hours = {0};
    const char *at = reader->row.fields[FIELD_NAME];
    int first, last;
    if (!read_date(reader, &week.from))
        return false;
    if (!read_weekdays(&at, &first, &last) || !read_season(&at, &week))
        return refuse(reader, "calendar.bad_weekdays", FIELD_NAME, 0);
    if (!read_hours(reader, true, &hours))
        return false;
    for (int weekday = first; weekday <= last; weekday++)
        week.weekdays[weekday] = hours;
    list_add(reader->arena, &reader->hours, week);
    return true;
}

static bool read_row(LayerReader *reader)
{
    static const struct {
        const char *name;
        CalendarKind kind;
    } kinds[] = {{"holiday", CALENDAR_HOLIDAY},
                 {"makeup", CALENDAR_MAKEUP},
                 {"half", CALENDAR_HALF},
                 {"working", CALENDAR_WORKING}};
    const char *type = reader->row.fields[FIELD_TYPE];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(type, kinds[i].name) == 0)
            return add_day(reader, kinds[i].kind);
    if (strcmp(type, "hours") == 0)
        return add_hours(reader);
    return refuse(reader, "calendar.bad_type", FIELD_TYPE, 0);
}

/* Whether the columns are ours, in our order. */
static bool check_names(const char *const *names, size_t count, Error *err)
{
    bool is_good = count == FIELD_HOURS || count == FIELDS_MAX;
    for (size_t i = 0; is_good && i < count; i++)
        is_good = strcmp(names[i], field_names[i]) == 0;
    return is_good ||
           error_set(err, ERROR_INVALID, .code = "calendar.bad_header", .line = 1, .column = 1);
}

/* Reads the first line: the names, or in a file without them the first day. */
static bool read_first(LayerReader *reader, const CsvReader *csv)
{
    Date date;
    size_t count;
    const char *const *names = csv_names(csv, &count);
    if (!date_parse(names[0], &date))
        return check_names(names, count, reader->err);
    if (count != FIELD_HOURS && count != FIELDS_MAX)
        return check_names(names, count, reader->err);
    reader->row = (CsvRow){arena_copy(reader->arena, names, count * sizeof *names), count, 1};
    return read_row(reader);
}

static bool read_rows(LayerReader *reader, const char *text, size_t length)
{
    CsvLimits limits = CSV_LIMITS;
    limits.bytes = CALENDAR_TEXT_MAX;
    limits.rows = CALENDAR_RULES_MAX;
    CsvReader *csv = csv_open(reader->arena, text, length, &limits, reader->err);
    if (!csv || !read_first(reader, csv))
        return false;

    Error end = ERROR_NONE;
    while (csv_next(csv, &reader->row, &end))
        if (!read_row(reader))
            return false;
    return !error_is_set(&end) || error_fill(reader->err, end);
}

bool calendar_layer_parse(Arena *arena, const char *division, const char *text, size_t length,
                          CalendarLayer *out_layer, Error *err)
{
    int32_t first = date_of(CALENDAR_FIRST_YEAR, 1, 1).day;
    int32_t end = date_of(CALENDAR_LAST_YEAR + 1, 1, 1).day;
    LayerReader reader = {.arena = arena, .err = err};
    reader.seen = arena_array(arena, uint8_t, (size_t)(end - first));
    if (length > 0 && !read_rows(&reader, text, length))
        return false;
    *out_layer = (CalendarLayer){.division = division,
                                 .rules = reader.rules.items,
                                 .rule_count = reader.rules.count,
                                 .hours = reader.hours.items,
                                 .hours_count = reader.hours.count};
    return true;
}
