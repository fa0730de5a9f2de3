/*
 * feel_builtins_strings.c - functions on strings (10.3.4.3), counted in code points.
 */
#include "feel/feel_builtins.h"

#include <string.h>
#include <unicode/ucasemap.h>
#include "feel/feel_regex.h"
#include "feel/feel_value.h"

static FeelValue slice(FeelCall *call, FeelValue whole, size_t start, size_t end)
{
    if (start == 0 && end == whole.as.string.length)
        return whole;
    if (!feel_call_spend(call, (end - start) / 64, end - start))
        return feel_null();
    return feel_string_copy(feel_call_arena(call), whole.as.string.text + start, end - start);
}

/* ---- length and parts ------------------------------------------------------------------------ */

static FeelValue string_length(FeelCall *call)
{
    return feel_int((int64_t)text_length(feel_argument(call, 0).as.string.text));
}

/* The byte at which the code point of that index begins; the end when there are fewer. */
static size_t byte_of(const char *text, size_t index)
{
    const char *at = text;
    for (; *at && index; index--)
        (void)text_next(&at);
    return (size_t)(at - text);
}

static FeelValue string_substring(FeelCall *call)
{
    FeelValue string = feel_argument(call, 0);
    size_t count = text_length(string.as.string.text), start;
    int64_t position, length = INT64_MAX;
    bool has_length = feel_argument(call, 2).kind != FEEL_NULL;
    if (!argument_whole(call, 1, &position) || (has_length && !argument_whole(call, 2, &length)))
        return feel_null();
    if (!position_index(position, count, &start))
        return feel_fail(call, "feel.index", "the string has no character %lld",
                         (long long)position);
    if (length < 1)
        return feel_fail(call, "feel.value", "the length must be 1 at least");
    size_t from = byte_of(string.as.string.text, start);
    size_t to = string.as.string.length;
    if ((uint64_t)length < count - start)
        to = from + byte_of(string.as.string.text + from, (size_t)length);
    return slice(call, string, from, to);
}

static const char *find(FeelCall *call)
{
    return strstr(feel_argument(call, 0).as.string.text, feel_argument(call, 1).as.string.text);
}

static FeelValue substring_before(FeelCall *call)
{
    FeelValue string = feel_argument(call, 0);
    const char *found = find(call);
    return slice(call, string, 0, found ? (size_t)(found - string.as.string.text) : 0);
}

static FeelValue substring_after(FeelCall *call)
{
    FeelValue string = feel_argument(call, 0);
    const char *found = find(call);
    size_t end = string.as.string.length;
    if (!found)
        return slice(call, string, end, end);
    return slice(call, string,
                 (size_t)(found - string.as.string.text) + feel_argument(call, 1).as.string.length,
                 end);
}

static FeelValue string_contains(FeelCall *call)
{
    return feel_boolean(find(call) != NULL);
}

static FeelValue string_starts_with(FeelCall *call)
{
    return feel_boolean(
        text_starts_with(feel_text(feel_argument(call, 0)), feel_text(feel_argument(call, 1))));
}

static FeelValue string_ends_with(FeelCall *call)
{
    return feel_boolean(
        text_ends_with(feel_text(feel_argument(call, 0)), feel_text(feel_argument(call, 1))));
}

/* ---- case ------------------------------------------------------------------------------------ */

typedef int32_t CaseMapping(const UCaseMap *map, char *to, int32_t to_size, const char *from,
                            int32_t from_length, UErrorCode *status);

/* Full Unicode mapping without a language: "straße" becomes "STRASSE". */
static FeelValue map_case(FeelCall *call, CaseMapping *mapping)
{
    FeelValue string = feel_argument(call, 0);
    size_t size = string.as.string.length * 3 + 1; /* no mapping grows UTF-8 more than that */
    UErrorCode status = U_ZERO_ERROR;
    if (size > INT32_MAX || !feel_call_spend(call, size / 64, size))
        return feel_null();
    UCaseMap *map = ucasemap_open("", 0, &status);
    if (U_FAILURE(status))
        return feel_fail(call, "feel.value", "case mapping is not available");
    char *text = arena_alloc(feel_call_arena(call), size);
    int32_t length = mapping(map, text, (int32_t)size, string.as.string.text,
                             (int32_t)string.as.string.length, &status);
    ucasemap_close(map);
    return U_SUCCESS(status) ? string_over(text, (size_t)length)
                             : feel_fail(call, "feel.value", "the text cannot be mapped");
}

static FeelValue string_upper(FeelCall *call)
{
    return map_case(call, ucasemap_utf8ToUpper);
}

static FeelValue string_lower(FeelCall *call)
{
    return map_case(call, ucasemap_utf8ToLower);
}

/* ---- patterns -------------------------------------------------------------------------------- */

static FeelValue string_matches(FeelCall *call)
{
    size_t start, end;
    Regex *regex = regex_open(call, feel_argument(call, 0), feel_argument(call, 1),
                              feel_text(feel_argument(call, 2)));
    if (!regex)
        return feel_null();
    bool is_found = regex_next(regex, &start, &end);
    bool is_stopped = regex_is_stopped(regex);
    regex_close(regex);
    return is_stopped ? feel_null() : feel_boolean(is_found);
}

/* The number behind "$": the longest that names a group; a first digit always counts. */
static int group_number(const char **at, int count)
{
    int number = *(*at)++ - '0';
    while (**at >= '0' && **at <= '9' && number * 10 + (**at - '0') <= count)
        number = number * 10 + (*(*at)++ - '0');
    return number;
}

/* Adds the replacement with its groups; false when it is malformed. */
static bool add_replacement(Regex *regex, Buffer *out, const char *text, const char *replacement)
{
    int count = regex_group_count(regex);
    for (const char *at = replacement; *at;) {
        size_t start, end;
        if (*at == '\\' && (at[1] == '\\' || at[1] == '$')) {
            buffer_add_char(out, at[1]);
            at += 2;
        } else if (*at == '$' && at[1] >= '0' && at[1] <= '9') {
            at++;
            int group = group_number(&at, count);
            if (group <= count && regex_group(regex, group, &start, &end))
                buffer_add_n(out, text + start, end - start);
        } else if (*at == '\\' || *at == '$') {
            return false;
        } else {
            buffer_add_char(out, *at++);
        }
    }
    return true;
}

/* Everything up to the end, each match replaced. False when the replacement is malformed, or a
 * limit is passed. */
static bool replace_all(FeelCall *call, Regex *regex, Buffer *out, bool is_literal)
{
    FeelValue input = feel_argument(call, 0), replacement = feel_argument(call, 2);
    const char *text = input.as.string.text;
    size_t done = 0, start, end;
    while (regex_next(regex, &start, &end)) {
        size_t before = out->length;
        buffer_add_n(out, text + done, start - done);
        if (is_literal)
            buffer_add_n(out, replacement.as.string.text, replacement.as.string.length);
        else if (!add_replacement(regex, out, text, replacement.as.string.text)) {
            (void)feel_fail(call, "feel.value",
                            "\"$\" and \"\\\" in the replacement need a \"\\\"");
            return false;
        }
        if (!feel_call_spend(call, (out->length - before) / 64, out->length))
            return false;
        done = end;
    }
    buffer_add_n(out, text + done, input.as.string.length - done);
    return !regex_is_stopped(regex);
}

static FeelValue string_replace(FeelCall *call)
{
    FeelValue input = feel_argument(call, 0);
    const char *flags = feel_text(feel_argument(call, 3));
    Regex *regex = regex_open(call, input, feel_argument(call, 1), flags);
    if (!regex)
        return feel_null();
    Buffer out = buffer_init(feel_call_arena(call), 0);
    bool takes_nothing = regex_takes_nothing(regex);
    bool is_done =
        !takes_nothing && replace_all(call, regex, &out, flags && strchr(flags, 'q') != NULL);
    regex_close(regex);
    if (takes_nothing)
        return feel_fail(call, "feel.value", "the pattern matches nothing at all everywhere");
    return is_done ? string_of_buffer(&out) : feel_null();
}

static FeelValue string_split(FeelCall *call)
{
    FeelValue input = feel_argument(call, 0);
    ListBuilder builder = list_begin(call);
    size_t done = 0, start, end;
    Regex *regex = regex_open(call, input, feel_argument(call, 1), NULL);
    if (!regex)
        return feel_null();
    if (regex_takes_nothing(regex)) {
        regex_close(regex);
        return feel_fail(call, "feel.value", "the delimiter matches nothing at all everywhere");
    }
    while (regex_next(regex, &start, &end) && list_put(&builder, slice(call, input, done, start)))
        done = end;
    list_put(&builder, slice(call, input, done, input.as.string.length));
    bool is_stopped = regex_is_stopped(regex);
    regex_close(regex);
    return is_stopped ? feel_null() : list_end(&builder);
}

/* ---- join ------------------------------------------------------------------------------------ */

static FeelValue string_join(FeelCall *call)
{
    const FeelList *list = argument_list(call, 0);
    FeelValue delimiter = feel_argument(call, 1);
    Buffer out = buffer_init(feel_call_arena(call), 0);
    bool is_first = true;
    for (size_t i = 0; i < list->count; i++) {
        FeelValue item = list->items[i];
        if (item.kind == FEEL_NULL)
            continue;
        if (item.kind != FEEL_STRING)
            return feel_fail(call, "feel.value", "item %zu is no string", i + 1);
        if (!is_first && delimiter.kind == FEEL_STRING)
            buffer_add_n(&out, delimiter.as.string.text, delimiter.as.string.length);
        buffer_add_n(&out, item.as.string.text, item.as.string.length);
        is_first = false;
        if (!feel_call_spend(call, item.as.string.length / 64, out.length))
            return feel_null();
    }
    return string_of_buffer(&out);
}

enum { TAKES_FLAGS = TAKES_STRING | FEEL_TAKES(FEEL_NULL) | FEEL_OPTIONAL };

/* size: table */
static const FeelNative ROWS[] = {
    {"contains",
     {{"string", TAKES_STRING}, {"match", TAKES_STRING}},
     string_contains,
     "Whether match occurs in the string.",
     {"contains(\"foobar\", \"oba\") = true"}},
    {"ends with",
     {{"string", TAKES_STRING}, {"match", TAKES_STRING}},
     string_ends_with,
     "Whether the string ends with match.",
     {"ends with(\"foobar\", \"r\") = true"}},
    {"lower case",
     {{"string", TAKES_STRING}},
     string_lower,
     "The string in lower case.",
     {"lower case(\"aBc4\") = \"abc4\""}},
    {"matches",
     {{"input", TAKES_STRING}, {"pattern", TAKES_STRING}, {"flags", TAKES_FLAGS}},
     string_matches,
     "Whether the regular expression occurs in the input.",
     {"matches(\"foobar\", \"^fo*b\") = true", "matches(\"ABC\", \"b\", \"i\") = true"}},
    {"replace",
     {{"input", TAKES_STRING},
      {"pattern", TAKES_STRING},
      {"replacement", TAKES_STRING},
      {"flags", TAKES_FLAGS}},
     string_replace,
     "The input with every match of the regular expression replaced; $1 is the first group.",
     {"replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\") = \"[1=ab][2=]cd\""}},
    {"split",
     {{"string", TAKES_STRING}, {"delimiter", TAKES_STRING}},
     string_split,
     "The parts between matches of a regular expression.",
     {"split(\"John Doe\", \"\\\\s\") = [\"John\", \"Doe\"]",
      "split(\"a;b;\", \";\") = [\"a\", \"b\", \"\"]"}},
    {"starts with",
     {{"string", TAKES_STRING}, {"match", TAKES_STRING}},
     string_starts_with,
     "Whether the string starts with match.",
     {"starts with(\"foobar\", \"fo\") = true"}},
    {"string join",
     {{"list", TAKES_LIST}, {"delimiter", TAKES_FLAGS}},
     string_join,
     "The strings of a list put together, nulls left out.",
     {"string join([\"a\", null, \"c\"], \"_\") = \"a_c\""}},
    {"string length",
     {{"string", TAKES_STRING}},
     string_length,
     "The number of characters.",
     {"string length(\"foo\") = 3", "string length(\"\\U01F40E\") = 1"}},
    {"substring",
     {{"string", TAKES_STRING},
      {"start position", TAKES_NUMBER},
      {"length", TAKES_NUMBER | FEEL_OPTIONAL}},
     string_substring,
     "The characters from a position on, all or a number of them.",
     {"substring(\"foobar\", 3, 3) = \"oba\"", "substring(\"foobar\", -2, 1) = \"a\""}},
    {"substring after",
     {{"string", TAKES_STRING}, {"match", TAKES_STRING}},
     substring_after,
     "What stands behind the first match; empty without one.",
     {"substring after(\"foobar\", \"ob\") = \"ar\""}},
    {"substring before",
     {{"string", TAKES_STRING}, {"match", TAKES_STRING}},
     substring_before,
     "What stands before the first match; empty without one.",
     {"substring before(\"foobar\", \"bar\") = \"foo\""}},
    {"upper case",
     {{"string", TAKES_STRING}},
     string_upper,
     "The string in upper case.",
     {"upper case(\"aBc4\") = \"ABC4\""}},
};

const FeelFamily FEEL_STRING_FUNCTIONS = FEEL_FAMILY(ROWS);
