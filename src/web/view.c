/*
 * view.c - how values look: on pages, in both languages, and in JSON.
 *
 * The functions that viewgen calls. Each writes one value, already safe for text and quoted
 * attributes. Values that are not there (NULL, DATE_NONE, INSTANT_NONE, INT_NONE) print nothing.
 */
#include "web/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL = 64, WEEK_DAYS = 7 };

static const char *const weekdays[LANGUAGE_COUNT][7] = {
    {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}};
static const char *const months[12] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

/* ---- texts ----------------------------------------------------------------------------------- */

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void view_put_text(Buffer *out, const char *text)
{
    if (!text)
        return;
    for (;;) {
        size_t plain = strcspn(text, "&<>\"'");
        buffer_add_n(out, text, plain);
        text += plain;
        if (!*text)
            return;
        buffer_add(out, entity_of(*text++));
    }
}

void view_put_raw(Buffer *out, const char *html)
{
    if (html)
        buffer_add(out, html);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void view_put_url(Buffer *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const char *at = text; at && *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (is_unreserved(c))
            buffer_add_char(out, *at);
        else
            buffer_add_n(out, (char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
}

/* "//host" and "/\host" leave the site, and browsers drop tabs and line ends before they look. */
static bool is_own_path(const char *path)
{
    if (!path || !(*path == '/' || *path == '?' || *path == '#'))
        return false;
    if (path[0] == '/' && path[1] == '/')
        return false;
    for (const char *at = path; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f || *at == '\\')
            return false;
    return true;
}

void view_put_path(Buffer *out, const char *path)
{
    view_put_text(out, is_own_path(path) ? path : "#");
}

/* ---- numbers --------------------------------------------------------------------------------- */

void view_put_int(Buffer *out, const PageContext *page, int64_t value)
{
    (void)page;
    if (value != INT64_MIN)
        buffer_add_int64(out, value);
}

/* The digits of a magnitude with a comma before every third from the right. */
static void put_grouped(Buffer *out, uint64_t value)
{
    char text[SMALL];
    size_t at = sizeof(text);
    for (int count = 0; count == 0 || value; count++, value /= 10) {
        if (count && count % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + value % 10);
    }
    buffer_add_n(out, text + at, sizeof(text) - at);
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

void view_put_number(Buffer *out, const PageContext *page, int64_t value)
{
    (void)page;
    if (value == INT64_MIN)
        return;
    if (value < 0)
        buffer_add_char(out, '-');
    put_grouped(out, magnitude(value));
}

void view_put_double(Buffer *out, const PageContext *page, double value)
{
    (void)page;
    char text[SMALL];
    if (!isfinite(value) || fabs(value) >= 1e15)
        return;
    int length = snprintf(text, sizeof(text), "%.2f", value);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    buffer_add_n(out, text, (size_t)length);
}

void view_put_percent(Buffer *out, const PageContext *page, double share)
{
    (void)page;
    char text[SMALL];
    if (!isfinite(share) || fabs(share) >= 1e12)
        return;
    int length = snprintf(text, sizeof(text), "%.1f%%", share * 100);
    buffer_add_n(out, text, (size_t)length);
}

void view_put_fen(Buffer *out, const PageContext *page, Fen fen)
{
    (void)page;
    if (fen == INT64_MIN)
        return;
    uint64_t amount = magnitude(fen);
    buffer_add(out, fen < 0 ? "-¥" : "¥");
    put_grouped(out, amount / 100);
    buffer_add_n(out, (char[]){'.', (char)('0' + amount / 10 % 10), (char)('0' + amount % 10)}, 3);
}

/* ---- dates and times ------------------------------------------------------------------------- */

static void put_day(Buffer *out, Language language, Date date)
{
    char text[SMALL];
    int year, month, day;
    date_split(date, &year, &month, &day);
    int length = language == LANGUAGE_EN
                     ? snprintf(text, sizeof(text), "%d %s %d", day, months[month - 1], year)
                     : snprintf(text, sizeof(text), "%d年%d月%d日", year, month, day);
    buffer_add_n(out, text, (size_t)length);
}

static const char *weekday_name(Language language, Date date)
{
    return weekdays[language][date_weekday(date) - 1];
}

void view_put_date(Buffer *out, const PageContext *page, Date date)
{
    if (date_is_none(date))
        return;
    put_day(out, page->language, date);
    buffer_add(out, " (");
    buffer_add(out, weekday_name(page->language, date));
    buffer_add_char(out, ')');
}

void view_put_weekday(Buffer *out, const PageContext *page, Date date)
{
    if (!date_is_none(date))
        buffer_add(out, weekday_name(page->language, date));
}

void view_put_iso_date(Buffer *out, const PageContext *page, Date date)
{
    (void)page;
    char text[SMALL];
    if (date_is_none(date))
        return;
    int year, month, day;
    date_split(date, &year, &month, &day);
    int length = snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    buffer_add_n(out, text, (size_t)length);
}

void view_put_instant_date(Buffer *out, const PageContext *page, Instant at)
{
    if (at != INSTANT_NONE)
        view_put_date(out, page, instant_date(at, page->zone_minutes));
}

void view_put_instant_time(Buffer *out, const PageContext *page, Instant at)
{
    char text[SMALL];
    if (at == INSTANT_NONE)
        return;
    Civil civil = instant_civil(at, page->zone_minutes);
    int length = snprintf(text, sizeof(text), "%02d:%02d", civil.hour, civil.minute);
    buffer_add_n(out, text, (size_t)length);
}

void view_put_instant(Buffer *out, const PageContext *page, Instant at)
{
    if (at == INSTANT_NONE)
        return;
    put_day(out, page->language, instant_date(at, page->zone_minutes));
    buffer_add(out, page->language == LANGUAGE_EN ? ", " : " ");
    view_put_instant_time(out, page, at);
}

void view_put_iso_instant(Buffer *out, const PageContext *page, Instant at)
{
    char text[SMALL];
    if (at == INSTANT_NONE)
        return;
    view_put_iso_date(out, page, instant_date(at, page->zone_minutes));
    Civil civil = instant_civil(at, page->zone_minutes);
    int zone = page->zone_minutes;
    int away = zone < 0 ? -zone : zone;
    int length = snprintf(text, sizeof(text), "T%02d:%02d:%02d%c%02d:%02d", civil.hour,
                          civil.minute, civil.second, zone < 0 ? '-' : '+', away / 60, away % 60);
    buffer_add_n(out, text, (size_t)length);
}

static void put_counted(Buffer *out, const PageContext *page, const char *key, int64_t count)
{
    const char *value = arena_printf(page->arena, "%lld", (long long)count);
    view_put_message(out, page, key, &(MessageParam){"n", value}, 1);
}

void view_put_ago(Buffer *out, const PageContext *page, Instant at)
{
    if (at == INSTANT_NONE)
        return;
    int64_t passed = page->now - at;
    if (passed < 0 || passed >= WEEK_DAYS * DAY_MS)
        view_put_instant(out, page, at);
    else if (passed < MINUTE_MS)
        view_put_message(out, page, "ago.now", NULL, 0);
    else if (passed < HOUR_MS)
        put_counted(out, page, "ago.minutes", passed / MINUTE_MS);
    else if (passed < DAY_MS)
        put_counted(out, page, "ago.hours", passed / HOUR_MS);
    else
        put_counted(out, page, "ago.days", passed / DAY_MS);
}

/* ---- messages -------------------------------------------------------------------------------- */

void view_put_message(Buffer *out, const PageContext *page, const char *key,
                      const MessageParam *params, size_t count)
{
    const char *text = count ? message_text(page->arena, page->language, key, params, count)
                             : message_raw(page->language, key);
    view_put_text(out, text);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void view_json_int(JsonWriter *out, const char *name, int64_t value)
{
    if (value == INT64_MIN)
        json_put_null(out, name);
    else
        json_put_int(out, name, value);
}

void view_json_id(JsonWriter *out, const char *name, Id id)
{
    if (id == 0)
        json_put_null(out, name);
    else
        json_put_id(out, name, id);
}

void view_json_instant(JsonWriter *out, const char *name, Instant at)
{
    json_put_text(out, name, at == INSTANT_NONE ? NULL : instant_text(out->buffer->arena, at));
}

void view_json_date(JsonWriter *out, const char *name, Date date)
{
    json_put_text(out, name, date_is_none(date) ? NULL : date_text(out->buffer->arena, date));
}

void view_json_fen(JsonWriter *out, const char *name, Fen fen)
{
    if (fen == INT64_MIN) {
        json_put_null(out, name);
        return;
    }
    uint64_t amount = magnitude(fen);
    const char *text =
        arena_printf(out->buffer->arena, "%s%llu.%02llu", fen < 0 ? "-" : "",
                     (unsigned long long)(amount / 100), (unsigned long long)(amount % 100));
    json_put_text(out, name, text);
}

void view_json_double(JsonWriter *out, const char *name, double value)
{
    char text[SMALL];
    if (!isfinite(value)) {
        json_put_null(out, name);
        return;
    }
    /* The shortest digits that read back as the same number. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    json_put_raw(out, name, text);
}
