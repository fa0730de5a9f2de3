/* feel_builtins_conversion.c - making values of text and of parts (10.3.4.1). */
#include "feel/feel_builtins.h"

#include <string.h>
#include "feel/feel_compile.h"
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

/* ---- number, string -------------------------------------------------------------------------- */

static FeelValue read_number(FeelCall *call, const char *text, size_t length)
{
    Decimal number;
    if (length && *text != '+' && decimal_from_text(text, length, &number))
        return feel_number(number);
    return feel_fail(call, "feel.value", "the text is no number");
}

static FeelValue number_plain(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0);
    return read_number(call, from.as.string.text, from.as.string.length);
}

static bool is_separator(const char *text, const char *allowed)
{
    return !text || (strlen(text) == 1 && strchr(allowed, *text));
}

/* Grouping signs are dropped and the decimal sign becomes a point. */
static FeelValue number_separated(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0);
    const char *grouping = feel_text(feel_argument(call, 1));
    const char *decimal = feel_text(feel_argument(call, 2));
    if (!is_separator(grouping, " ,.") || !is_separator(decimal, ".,") ||
        (grouping && decimal && *grouping == *decimal))
        return feel_fail(call, "feel.value",
                         "the separators must be two of space, \",\" and \".\"");
    if (!feel_call_spend(call, from.as.string.length / 64, from.as.string.length))
        return feel_null();
    char *plain = arena_alloc(feel_call_arena(call), from.as.string.length + 1);
    size_t length = 0;
    for (const char *at = from.as.string.text; *at; at++) {
        if (grouping && *at == *grouping)
            continue;
        if (decimal && *decimal == ',' && *at == '.')
            return feel_fail(call, "feel.value", "the text is no number");
        plain[length++] = decimal && *at == *decimal ? '.' : *at;
    }
    return read_number(call, plain, length);
}

static FeelValue string_of(FeelCall *call)
{
    FeelValue value = feel_argument(call, 0);
    if (value.kind == FEEL_NULL || value.kind == FEEL_STRING)
        return value;
    if (!feel_call_spend(call, value_weight(value), (size_t)value_weight(value) * 64))
        return feel_null();
    Buffer text = buffer_init(feel_call_arena(call), 0);
    value_write(&text, value, false);
    return string_of_buffer(&text);
}

/* ---- date, time, duration -------------------------------------------------------------------- */

static FeelValue refuse_text(FeelCall *call, FeelValue text)
{
    return feel_fail(call, "feel.value", "\"%.60s\" is none", text.as.string.text);
}

static FeelValue date_of_text(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0), date;
    if (!temporal_read_date(from.as.string.text, from.as.string.length, &date))
        return refuse_text(call, from);
    return date;
}

static FeelValue date_of_day(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0);
    return (FeelValue){.kind = FEEL_DATE, .year = from.year, .month = from.month, .day = from.day};
}

static FeelValue date_of_parts(FeelCall *call)
{
    int64_t year, month, day;
    if (!argument_int(call, 0, &year) || !argument_int(call, 1, &month) ||
        !argument_int(call, 2, &day))
        return feel_null();
    if (!civil_is_valid(year, month, day))
        return feel_fail(call, "feel.value", "there is no such day");
    return (FeelValue){
        .kind = FEEL_DATE, .year = (int32_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
}

static FeelValue date_time_of_text(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0), value;
    if (!temporal_read_date_time(feel_call_arena(call), from.as.string.text, from.as.string.length,
                                 &value))
        return refuse_text(call, from);
    return value;
}

static FeelValue date_time_of_parts(FeelCall *call)
{
    FeelValue day = feel_argument(call, 0), value = feel_argument(call, 1);
    value.kind = FEEL_DATE_TIME;
    value.year = day.year;
    value.month = day.month;
    value.day = day.day;
    return value;
}

static FeelValue time_of_text(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0), value;
    if (!temporal_read_time(feel_call_arena(call), from.as.string.text, from.as.string.length,
                            &value))
        return refuse_text(call, from);
    return value;
}

static FeelValue time_of_moment(FeelCall *call)
{
    FeelValue value = feel_argument(call, 0);
    if (value.kind == FEEL_DATE)
        value = temporal_midnight(value);
    value.kind = FEEL_TIME;
    value.year = 0;
    value.month = value.day = 0;
    return value;
}

/* Seconds with a fraction as nanoseconds; false outside 0 <= seconds < 60. */
static bool second_part(FeelValue second, int64_t *out_nanoseconds)
{
    Decimal scaled;
    return decimal_multiply(second.as.number, decimal_from_int64(NANOSECONDS_OF_SECOND), &scaled) &&
           decimal_round(scaled, 0, DECIMAL_DOWN, &scaled) &&
           decimal_to_int64(scaled, out_nanoseconds) && *out_nanoseconds >= 0 &&
           *out_nanoseconds < 60 * NANOSECONDS_OF_SECOND;
}

static FeelValue time_of_parts(FeelCall *call)
{
    int64_t hour, minute, nanoseconds;
    FeelValue offset = feel_argument(call, 3), value = {.kind = FEEL_TIME};
    if (!argument_int(call, 0, &hour) || !argument_int(call, 1, &minute))
        return feel_null();
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        !second_part(feel_argument(call, 2), &nanoseconds))
        return feel_fail(call, "feel.value", "there is no such time");
    value.as.time.nanosecond = (hour * 3600 + minute * 60) * NANOSECONDS_OF_SECOND + nanoseconds;
    if (offset.kind == FEEL_NULL)
        return value;
    if (offset.as.span.seconds < -18L * 3600 || offset.as.span.seconds > 18L * 3600)
        return feel_fail(call, "feel.value", "the offset is beyond 18 hours");
    value.zone_kind = FEEL_ZONE_OFFSET;
    value.as.time.zone.offset_seconds = offset.as.span.seconds;
    return value;
}

static FeelValue duration_of_text(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0), value;
    if (!temporal_read_duration(from.as.string.text, from.as.string.length, &value))
        return refuse_text(call, from);
    return value;
}

static FeelValue months_between(FeelCall *call)
{
    FeelValue months;
    if (!temporal_months_between(feel_argument(call, 0), feel_argument(call, 1), &months))
        return feel_fail(call, "feel.value", "there is no duration between the two");
    return months;
}

/* ---- range ----------------------------------------------------------------------------------- */

static bool is_temporal_call(const FeelNode *node)
{
    static const char *const names[] = {"date", "date and time", "duration", "time"};
    if (node->kind != NODE_CALL || node->left->kind != NODE_NAME)
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != NODE_LITERAL)
            return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(node->left->as.symbol->text, names[i]) == 0)
            return true;
    return false;
}

/* Rule 67: a numeric, string, or date time literal; nothing else may be computed here. Blank text
 * is an open end: *out_value is null. */
static bool read_endpoint(FeelCall *call, const char *text, size_t length, FeelValue *out_value)
{
    Error err = ERROR_NONE;
    Arena *arena = feel_call_arena(call);
    *out_value = feel_null();
    for (; length && strchr(" \t\n\r", *text); text++)
        length--;
    if (length == 0)
        return true;
    if (*text == '(' || !feel_call_spend(call, length * 4, length * 64 + 4096))
        return false;
    FeelExpression *endpoint =
        compile_whole(arena, arena_text_n(arena, text, length), FEEL_EXPRESSION, NULL, &err);
    if (!endpoint)
        return false;
    if (endpoint->root->kind != NODE_LITERAL && !is_temporal_call(endpoint->root))
        return false;
    *out_value = feel_call_expression(call, endpoint, NULL);
    return kind_is_ordered(out_value->kind);
}

/* The ".." outside of quotes; NULL when there is none. */
static const char *find_dots(const char *text)
{
    bool is_quoted = false;
    for (; *text; text++) {
        if (*text == '\\' && is_quoted && text[1])
            text++;
        else if (*text == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && text[0] == '.' && text[1] == '.')
            return text;
    }
    return NULL;
}

/* Rule 66: an end that is left open takes a bracket that leaves it out, and "[2..)" is (>= 2). */
static FeelValue range_of_ends(FeelCall *call, FeelRange ends)
{
    Arena *arena = feel_call_arena(call);
    bool is_low_open = ends.low.kind == FEEL_NULL, is_high_open = ends.high.kind == FEEL_NULL;
    if ((is_low_open && (is_high_open || ends.is_low_included)) ||
        (is_high_open && ends.is_high_included))
        return feel_null();
    if (is_low_open)
        ends.comparison = ends.is_high_included ? 'l' : '<';
    if (is_high_open)
        ends.comparison = ends.is_low_included ? 'g' : '>';
    if (is_low_open || is_high_open)
        return range_over(arena, ends);
    return feel_range(arena, ends.low, ends.is_low_included, ends.high, ends.is_high_included);
}

static FeelValue range_of_text(FeelCall *call)
{
    FeelValue from = feel_argument(call, 0), range = {0};
    const char *text = from.as.string.text, *dots = find_dots(text);
    size_t length = from.as.string.length;
    FeelRange ends = {0};
    if (!dots || length < 4 || !strchr("[](", text[0]) || !strchr("])[", text[length - 1]))
        return refuse_text(call, from);
    ends.is_low_included = text[0] == '[';
    ends.is_high_included = text[length - 1] == ']';
    if (read_endpoint(call, text + 1, (size_t)(dots - text) - 1, &ends.low) &&
        read_endpoint(call, dots + 2, length - (size_t)(dots - text) - 3, &ends.high))
        range = range_of_ends(call, ends);
    return range.kind == FEEL_RANGE ? range : refuse_text(call, from);
}

enum {
    TAKES_SEPARATOR = TAKES_STRING | FEEL_TAKES(FEEL_NULL),
    TAKES_OFFSET = FEEL_TAKES(FEEL_DAYS_TIME) | FEEL_TAKES(FEEL_NULL) | FEEL_OPTIONAL,
};

/* size: table */
static const FeelNative ROWS[] = {
    {"date",
     {{"from", TAKES_STRING}},
     date_of_text,
     "The date of an ISO 8601 text.",
     {"date(\"2012-12-25\") = @\"2012-12-25\"", "date(\"2012-02-30\") = null"}},
    {"date",
     {{"from", TAKES_DAY}},
     date_of_day,
     "The day of a date and time.",
     {"date(@\"2012-12-25T11:00:00Z\") = @\"2012-12-25\""}},
    {"date",
     {{"year", TAKES_NUMBER}, {"month", TAKES_NUMBER}, {"day", TAKES_NUMBER}},
     date_of_parts,
     "The date of a year, month and day.",
     {"date(2012, 12, 25) = @\"2012-12-25\""}},
    {"date and time",
     {{"from", TAKES_STRING}},
     date_time_of_text,
     "The date and time of an ISO 8601 text; midnight when it has no time.",
     {"date and time(\"2012-12-24T23:59:00\") = @\"2012-12-24T23:59:00\""}},
    {"date and time",
     {{"date", TAKES_DAY}, {"time", FEEL_TAKES(FEEL_TIME)}},
     date_time_of_parts,
     "A day and a time of day put together.",
     {"date and time(@\"2012-12-24\", @\"23:59:00\") = @\"2012-12-24T23:59:00\""}},
    {"duration",
     {{"from", TAKES_STRING}},
     duration_of_text,
     "The duration of an ISO 8601 text, of days and time or of years and months.",
     {"duration(\"P2DT20H\") = @\"P2DT20H\"", "duration(\"P26M\") = @\"P2Y2M\""}},
    {"number",
     {{"from", TAKES_STRING}},
     number_plain,
     "The number of a text as FEEL writes numbers.",
     {"number(\"1500.5\") = 1500.5"}},
    {"number",
     {{"from", TAKES_STRING},
      {"grouping separator", TAKES_SEPARATOR},
      {"decimal separator", TAKES_SEPARATOR}},
     number_separated,
     "The number of a text with grouping and decimal signs.",
     {"number(\"1 000,0\", \" \", \",\") = 1000"}},
    {"range",
     {{"from", TAKES_STRING}},
     range_of_text,
     "The interval of a text: brackets around two literals, one of which may be left out.",
     {"range(\"[18..21)\") = [18..21)", "range(\"[2..)\") = (>= 2)", "range(\"[..]\") = null"}},
    {"string",
     {{"from", FEEL_TAKES_ANY}},
     string_of,
     "The text of a value.",
     {"string(1.1) = \"1.1\"", "string(null) = null", "string([1, \"a\"]) = \"[1, \\\"a\\\"]\""}},
    {"time",
     {{"from", TAKES_STRING}},
     time_of_text,
     "The time of an ISO 8601 text.",
     {"time(\"23:59:00Z\") = @\"23:59:00Z\""}},
    {"time",
     {{"from", FEEL_TAKES(FEEL_TIME) | TAKES_DAY}},
     time_of_moment,
     "The time of day of a date and time.",
     {"time(@\"2012-12-25T11:00:00Z\") = @\"11:00:00Z\""}},
    {"time",
     {{"hour", TAKES_NUMBER},
      {"minute", TAKES_NUMBER},
      {"second", TAKES_NUMBER},
      {"offset", TAKES_OFFSET}},
     time_of_parts,
     "The time of an hour, minute and second, with an offset or local.",
     {"time(23, 59, 0) = @\"23:59:00\"", "time(8, 0, 0, @\"PT8H\") = @\"08:00:00+08:00\""}},
    {"years and months duration",
     {{"from", TAKES_DAY}, {"to", TAKES_DAY}},
     months_between,
     "The whole months between two days.",
     {"years and months duration(@\"2011-12-22\", @\"2013-08-24\") = @\"P1Y8M\""}},
};

const FeelFamily FEEL_CONVERSION_FUNCTIONS = FEEL_FAMILY(ROWS);
