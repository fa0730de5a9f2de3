/*
 * scenario_match.c - a step's text against a pattern.
 *
 *     pattern, text -> literals side by side, "..." and <...> taken out -> arguments
 *
 * One space of the pattern is any number of spaces in the text, and none where either neighbour is
 * Chinese: people write both. A quoted text may stand in "" or “”; in "" a quote is \".
 */
#include "scenario/scenario_internal.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "calendar/calendar.h"
#include "format/place.h"

enum { NINE = 9 };

typedef struct Match {
    Arena *arena;
    const char *pattern;
    const char *text;
    const char *at; /* in text */
    Argument *arguments;
    size_t count;
} Match;

static bool starts(const char *text, const char *with)
{
    return text_starts_with(text, with);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool keep(Match *m, const char *start, const char *end)
{
    if (m->count == ARGUMENTS_MAX)
        return false;
    m->arguments[m->count++] =
        (Argument){.text = arena_text_n(m->arena, start, (size_t)(end - start)),
                   .column = place_columns(m->text, (size_t)(start - m->text))};
    return true;
}

/* \" is a quote inside quotes. */
static const char *unescaped(Arena *arena, const char *text)
{
    if (!strstr(text, "\\\""))
        return text;
    Buffer out = buffer_init(arena, 0);
    for (; *text; text++)
        if (!text_starts_with(text, "\\\""))
            buffer_add_char(&out, *text);
    return buffer_text(&out);
}

static bool take_quoted(Match *m)
{
    bool is_chinese = starts(m->at, "“");
    const char *close = is_chinese ? "”" : "\"";
    if (!is_chinese && *m->at != '"')
        return false;
    const char *start = m->at + strlen(is_chinese ? "“" : "\"");
    const char *end = strstr(start, close);
    while (end && !is_chinese && end[-1] == '\\')
        end = strstr(end + 1, close);
    if (!end)
        return false;
    m->at = end + strlen(close);
    if (!keep(m, start, end))
        return false;
    m->arguments[m->count - 1].text = unescaped(m->arena, m->arguments[m->count - 1].text);
    return true;
}

static bool take_set(Match *m, const char *set)
{
    const char *start = m->at, *end = start + strspn(start, set);
    while (end > start && end[-1] == ' ')
        end--;
    m->at = end;
    return end > start && keep(m, start, end);
}

/* "1, 3" or "1、3". */
static bool take_numbers(Match *m)
{
    const char *start = m->at, *end = start;
    while (*end) {
        size_t size = starts(end, "、") || starts(end, "，") ? 3 : strspn(end, "0123456789, ") > 0;
        if (!size)
            break;
        end += size;
    }
    while (end > start && end[-1] == ' ')
        end--;
    m->at = end;
    return end > start && isdigit((unsigned char)*start) && keep(m, start, end);
}

static bool take_rest(Match *m)
{
    const char *start = m->at, *end = start + strlen(start);
    m->at = end;
    return end > start && keep(m, start, end);
}

bool moment_parse(const char *text, Instant *out)
{
    Date day;
    int hour = NINE, minute = 0;
    char iso[11] = {0};
    size_t length = strlen(text);
    if (length < 10)
        return false;
    memcpy(iso, text, 10);
    if (!date_parse(iso, &day))
        return instant_parse(text, out);
    if (length == 16 && (text[10] == ' ' || text[10] == 'T') && text[13] == ':') {
        for (size_t i = 11; i < 16; i++)
            if (i != 13 && !isdigit((unsigned char)text[i]))
                return false;
        hour = (text[11] - '0') * 10 + text[12] - '0';
        minute = (text[14] - '0') * 10 + text[15] - '0';
    } else if (length != 10) {
        return instant_parse(text, out);
    }
    if (hour > 23 || minute > 59)
        return false;
    *out = date_start(day, CALENDAR_ZONE_CHINA) + hour * HOUR_MS + minute * MINUTE_MS;
    return true;
}

static bool take_day(Match *m)
{
    return take_set(m, "0123456789-:T. Z+") &&
           moment_parse(m->arguments[m->count - 1].text, &m->arguments[m->count - 1].moment);
}

/* ---- patterns -------------------------------------------------------------------------------- */

static bool take_place(Match *m, const char **pattern)
{
    static const struct {
        const char *mark;
        bool (*take)(Match *m);
    } places[] = {{"\"...\"", take_quoted},
                  {"<day>", take_day},
                  {"<numbers>", take_numbers},
                  {"<n>", NULL},
                  {"<expression>", take_rest}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (starts(*pattern, places[i].mark)) {
            *pattern += strlen(places[i].mark);
            return places[i].take ? places[i].take(m) : take_set(m, "0123456789.-");
        }
    return false;
}

static void skip_spaces(const char **at)
{
    *at += strspn(*at, " \t");
}

/* A colon that people write before a table means nothing. */
static bool is_at_end(const char *at)
{
    skip_spaces(&at);
    if (*at == ':')
        at++;
    else if (starts(at, "："))
        at += strlen("：");
    skip_spaces(&at);
    return !*at;
}

/* One piece of the pattern: a place, a space, or a byte. */
static bool take_piece(Match *m, const char **pattern)
{
    bool is_wide = ((unsigned char)**pattern & 0x80) || ((unsigned char)*m->at & 0x80);
    if (**pattern == ' ') {
        skip_spaces(pattern);
        is_wide = is_wide || ((unsigned char)**pattern & 0x80);
        if (*m->at != ' ' && *m->at != '\t' && !is_wide)
            return false;
        skip_spaces(&m->at);
        return true;
    }
    if (is_wide || **pattern == '"' || **pattern == '<')
        skip_spaces(&m->at);
    if (**pattern == '"' || **pattern == '<')
        return take_place(m, pattern);
    if (**pattern != *m->at)
        return false;
    ++*pattern;
    m->at++;
    return true;
}

bool step_matches(Arena *arena, const char *pattern, const char *text, Argument *out_arguments,
                  size_t *out_fit)
{
    Match m = {arena, pattern, text, text, out_arguments, 0};
    bool fits = true;
    while (*pattern && fits) {
        *out_fit = (size_t)(m.at - text);
        fits = take_piece(&m, &pattern);
    }
    if (!fits)
        return false;
    *out_fit = (size_t)(m.at - text);
    return is_at_end(m.at);
}
