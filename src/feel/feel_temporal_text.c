/*
 * feel_temporal_text.c - ISO 8601 text of dates, times and durations, as XML Schema part 2
 * restricts it and FEEL extends it ("@Europe/Paris" behind a time).
 *
 *     text -> Reader (a cursor that only moves on success) -> FeelValue, and back by temporal_write
 */
#include "feel/feel_temporal.h"

#include <inttypes.h>
#include <string.h>

typedef struct Reader {
    const char *at;
    const char *end;
} Reader;

static bool take(Reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool next_is_digit(const Reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

/* Between least and most digits; false when there are fewer. */
static bool take_digits(Reader *reader, int least, int most, int64_t *out)
{
    int count = 0;
    *out = 0;
    for (; count < most && next_is_digit(reader); count++)
        *out = *out * 10 + (*reader->at++ - '0');
    return count >= least;
}

/* Digits of a fraction as nanoseconds; further digits are cut off. No digit at all is zero. */
static int64_t take_fraction(Reader *reader)
{
    int64_t value = 0, unit = NANOSECONDS_OF_SECOND / 10;
    for (; next_is_digit(reader); unit /= 10)
        value += (*reader->at++ - '0') * unit;
    return value;
}

/* ---- dates and times ------------------------------------------------------------------------- */

static bool take_year(Reader *reader, int64_t *out)
{
    bool is_negative = take(reader, '-');
    const char *start = reader->at;
    if (!take_digits(reader, 4, 9, out))
        return false;
    if (reader->at - start > 4 && *start == '0')
        return false;
    if (is_negative && *out == 0)
        return false;
    if (is_negative)
        *out = -*out;
    return true;
}

static bool take_date(Reader *reader, FeelValue *out)
{
    int64_t year, month, day;
    if (!take_year(reader, &year) || !take(reader, '-') || !take_digits(reader, 2, 2, &month) ||
        !take(reader, '-') || !take_digits(reader, 2, 2, &day) || !civil_is_valid(year, month, day))
        return false;
    *out = (FeelValue){
        .kind = FEEL_DATE, .year = (int32_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
    return true;
}

static bool take_offset(Reader *reader, FeelValue *out)
{
    int sign = *reader->at == '-' ? -1 : 1;
    int64_t hours, minutes, seconds = 0;
    reader->at++;
    if (!take_digits(reader, 2, 2, &hours) || !take(reader, ':') ||
        !take_digits(reader, 2, 2, &minutes))
        return false;
    if (take(reader, ':') && !take_digits(reader, 2, 2, &seconds))
        return false;
    int64_t total = hours * 3600 + minutes * 60 + seconds;
    if (minutes > 59 || seconds > 59 || total > INT64_C(18) * 3600)
        return false;
    out->zone_kind = FEEL_ZONE_OFFSET;
    out->as.time.zone.offset_seconds = sign * total;
    return true;
}

static bool take_zone_name(Arena *arena, Reader *reader, FeelValue *out)
{
    size_t length = (size_t)(reader->end - reader->at);
    const char *name = arena_text_n(arena, reader->at, length > 64 ? 64 : length);
    if (!zone_is_known(name))
        return false;
    reader->at = reader->end;
    out->zone_kind = FEEL_ZONE_NAMED;
    out->as.time.zone.name = name;
    return true;
}

static bool take_zone(Arena *arena, Reader *reader, FeelValue *out)
{
    if (reader->at == reader->end)
        return true;
    if (take(reader, 'Z') || take(reader, 'z')) { /* the standard's examples have both */
        out->zone_kind = FEEL_ZONE_OFFSET;
        return true;
    }
    if (take(reader, '@'))
        return take_zone_name(arena, reader, out);
    return (*reader->at == '+' || *reader->at == '-') && take_offset(reader, out);
}

/* Everything behind the day. out_next_day: the time was 24:00:00. */
static bool take_time(Arena *arena, Reader *reader, FeelValue *out, bool *out_next_day)
{
    int64_t hour, minute, second, fraction = 0;
    if (!take_digits(reader, 2, 2, &hour) || !take(reader, ':') ||
        !take_digits(reader, 2, 2, &minute) || !take(reader, ':') ||
        !take_digits(reader, 2, 2, &second))
        return false;
    if (take(reader, '.')) {
        if (!next_is_digit(reader))
            return false;
        fraction = take_fraction(reader);
    }
    *out_next_day = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if (*out_next_day)
        hour = 0;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    out->as.time.nanosecond =
        (hour * 3600 + minute * 60 + second) * NANOSECONDS_OF_SECOND + fraction;
    out->as.time.zone.offset_seconds = 0;
    return take_zone(arena, reader, out) && reader->at == reader->end;
}

bool temporal_read_date(const char *text, size_t length, FeelValue *out)
{
    Reader reader = {.at = text, .end = text + length};
    FeelValue value;
    if (!take_date(&reader, &value) || reader.at != reader.end)
        return false;
    *out = value;
    return true;
}

bool temporal_read_time(Arena *arena, const char *text, size_t length, FeelValue *out)
{
    Reader reader = {.at = text, .end = text + length};
    FeelValue value = {.kind = FEEL_TIME};
    bool is_next_day = false;
    if (!take_time(arena, &reader, &value, &is_next_day))
        return false;
    *out = value;
    return true;
}

bool temporal_read_date_time(Arena *arena, const char *text, size_t length, FeelValue *out)
{
    Reader reader = {.at = text, .end = text + length};
    FeelValue value, next;
    bool is_next_day = false;
    if (!take_date(&reader, &value))
        return false;
    value.kind = FEEL_DATE_TIME;
    bool is_read = take(&reader, 'T') ? take_time(arena, &reader, &value, &is_next_day)
                                      : take_zone(arena, &reader, &value);
    if (!is_read || reader.at != reader.end)
        return false;
    if (is_next_day) {
        if (!civil_from_days(civil_to_days(value.year, value.month, value.day) + 1, &next))
            return false;
        value.year = next.year;
        value.month = next.month;
        value.day = next.day;
    }
    *out = value;
    return true;
}

/* ---- durations ------------------------------------------------------------------------------- */

enum { DURATION_DIGITS = 18 };

/* A number with one of the designators; they come in order, each at most once. Stops without
 * moving at what is no such component. */
static bool take_component(Reader *reader, const char **designators, int64_t *out, char *out_unit)
{
    Reader ahead = *reader;
    if (!take_digits(&ahead, 1, DURATION_DIGITS, out) || ahead.at == ahead.end)
        return false;
    const char *found = strchr(*designators, *ahead.at);
    if (!found || *ahead.at == 0)
        return false;
    *out_unit = *ahead.at++;
    *designators = found + 1;
    *reader = ahead;
    return true;
}

static bool add_scaled(int64_t *total, int64_t amount, int64_t scale)
{
    int64_t product;
    return !__builtin_mul_overflow(amount, scale, &product) &&
           !__builtin_add_overflow(*total, product, total);
}

static bool take_years_months(Reader *reader, int64_t *out_months)
{
    const char *designators = "YM";
    int64_t amount;
    char unit;
    bool has_any = false;
    *out_months = 0;
    while (take_component(reader, &designators, &amount, &unit)) {
        if (!add_scaled(out_months, amount, unit == 'Y' ? 12 : 1))
            return false;
        has_any = true;
    }
    return has_any && reader->at == reader->end;
}

/* "4.5S": seconds with a fraction, which no other component may have. */
static bool take_fractional_seconds(Reader *reader, int64_t *seconds, int64_t *out_nanosecond)
{
    Reader ahead = *reader;
    int64_t amount;
    if (!take_digits(&ahead, 1, DURATION_DIGITS, &amount) || !take(&ahead, '.'))
        return false;
    *out_nanosecond = take_fraction(&ahead);
    if (!take(&ahead, 'S') || !add_scaled(seconds, amount, 1))
        return false;
    *reader = ahead;
    return true;
}

static bool take_hours_minutes_seconds(Reader *reader, int64_t *seconds, int64_t *out_nanosecond)
{
    const char *designators = "HMS";
    int64_t amount;
    char unit;
    bool has_any = false;
    while (take_component(reader, &designators, &amount, &unit)) {
        if (!add_scaled(seconds, amount, unit == 'H' ? 3600 : unit == 'M' ? 60 : 1))
            return false;
        has_any = true;
    }
    if (*designators)
        has_any |= take_fractional_seconds(reader, seconds, out_nanosecond);
    return has_any;
}

static bool take_days_time(Reader *reader, int64_t *out_seconds, int64_t *out_nanosecond)
{
    const char *designators = "D";
    int64_t amount;
    char unit;
    *out_seconds = *out_nanosecond = 0;
    bool has_days = take_component(reader, &designators, &amount, &unit);
    if (has_days && !add_scaled(out_seconds, amount, SECONDS_OF_DAY))
        return false;
    if (!take(reader, 'T'))
        return has_days && reader->at == reader->end;
    return take_hours_minutes_seconds(reader, out_seconds, out_nanosecond) &&
           reader->at == reader->end;
}

bool temporal_read_duration(const char *text, size_t length, FeelValue *out)
{
    Reader reader = {.at = text, .end = text + length};
    bool is_negative = take(&reader, '-');
    int64_t months, seconds, nanosecond;
    if (!take(&reader, 'P'))
        return false;
    Reader again = reader;
    if (take_years_months(&reader, &months)) {
        *out = feel_months(is_negative ? -months : months);
        return true;
    }
    if (!take_days_time(&again, &seconds, &nanosecond))
        return false;
    *out = is_negative ? duration_of_span(-seconds, -nanosecond)
                       : duration_of_span(seconds, nanosecond);
    return true;
}

bool temporal_read_any(Arena *arena, const char *text, size_t length, FeelValue *out)
{
    if (temporal_read_duration(text, length, out) || temporal_read_date(text, length, out))
        return true;
    /* A date alone is a date, so here a date and time must have its time. */
    if (memchr(text, 'T', length) && temporal_read_date_time(arena, text, length, out))
        return true;
    return temporal_read_time(arena, text, length, out);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write_date(Buffer *buffer, FeelValue value)
{
    int64_t year = value.year;
    buffer_printf(buffer, "%s%04" PRId64 "-%02d-%02d", year < 0 ? "-" : "", year < 0 ? -year : year,
                  value.month, value.day);
}

/* ".25": without zeros at the end; nothing for zero. */
static void write_fraction(Buffer *buffer, int64_t nanosecond)
{
    if (nanosecond == 0)
        return;
    int digits = 9;
    for (; nanosecond % 10 == 0; nanosecond /= 10)
        digits--;
    buffer_printf(buffer, ".%0*" PRId64, digits, nanosecond);
}

static void write_offset(Buffer *buffer, int64_t offset)
{
    int64_t size = offset < 0 ? -offset : offset;
    if (offset == 0) {
        buffer_add(buffer, "Z");
        return;
    }
    buffer_printf(buffer, "%c%02" PRId64 ":%02" PRId64, offset < 0 ? '-' : '+', size / 3600,
                  size / 60 % 60);
    if (size % 60)
        buffer_printf(buffer, ":%02" PRId64, size % 60);
}

static void write_time(Buffer *buffer, FeelValue value)
{
    int64_t second = value.as.time.nanosecond / NANOSECONDS_OF_SECOND;
    buffer_printf(buffer, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, second / 3600, second / 60 % 60,
                  second % 60);
    write_fraction(buffer, value.as.time.nanosecond % NANOSECONDS_OF_SECOND);
    if (value.zone_kind == FEEL_ZONE_OFFSET)
        write_offset(buffer, value.as.time.zone.offset_seconds);
    if (value.zone_kind == FEEL_ZONE_NAMED)
        buffer_printf(buffer, "@%s", value.as.time.zone.name);
}

static void write_component(Buffer *buffer, uint64_t amount, char unit)
{
    if (amount)
        buffer_printf(buffer, "%" PRIu64 "%c", amount, unit);
}

static void write_months(Buffer *buffer, int64_t months)
{
    uint64_t size = months < 0 ? -(uint64_t)months : (uint64_t)months;
    buffer_add(buffer, months < 0 ? "-P" : "P");
    write_component(buffer, size / 12, 'Y');
    if (size % 12 || size == 0)
        buffer_printf(buffer, "%" PRIu64 "M", size % 12);
}

static void write_span(Buffer *buffer, FeelValue value)
{
    int64_t seconds = value.as.span.seconds, nanosecond = value.as.span.nanosecond;
    bool is_negative = seconds < 0;
    uint64_t size = is_negative ? -(uint64_t)seconds : (uint64_t)seconds;
    if (is_negative && nanosecond) {
        size--;
        nanosecond = NANOSECONDS_OF_SECOND - nanosecond;
    }
    uint64_t time = size % (uint64_t)SECONDS_OF_DAY;
    buffer_add(buffer, is_negative ? "-P" : "P");
    write_component(buffer, size / (uint64_t)SECONDS_OF_DAY, 'D');
    if (time == 0 && nanosecond == 0 && size != 0)
        return;
    buffer_add(buffer, "T");
    write_component(buffer, time / 3600, 'H');
    write_component(buffer, time / 60 % 60, 'M');
    if (time % 60 || nanosecond || size == 0) {
        buffer_printf(buffer, "%" PRIu64, time % 60);
        write_fraction(buffer, nanosecond);
        buffer_add(buffer, "S");
    }
}

void temporal_write(Buffer *buffer, FeelValue value)
{
    switch ((FeelKind)value.kind) {
    case FEEL_DATE: write_date(buffer, value); break;
    case FEEL_TIME: write_time(buffer, value); break;
    case FEEL_DATE_TIME:
        write_date(buffer, value);
        buffer_add(buffer, "T");
        write_time(buffer, value);
        break;
    case FEEL_YEARS_MONTHS: write_months(buffer, value.as.months); break;
    case FEEL_DAYS_TIME: write_span(buffer, value); break;
    default: break;
    }
}

bool feel_from_temporal_text(Arena *arena, const char *text, FeelValue *out)
{
    return temporal_read_any(arena, text, strlen(text), out);
}
