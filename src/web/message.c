/*
 * message.c - what people read: a key and values become a text in the reader's language.
 *
 *     key -> slot -> entry -> raw text of the language -> {name} and {n|one|other} resolved
 *
 * Texts are plain: whoever puts one into HTML escapes the whole of it, values included.
 */
#include "web/message.h"

#include <stdlib.h>
#include <string.h>
#include "web/message_table.h"

static const char *const tags[LANGUAGE_COUNT] = {"zh-CN", "en"};
static const char *const primary[LANGUAGE_COUNT] = {"zh", "en"};

enum { HEADER_MOST = 1000, PARAMS_OF_ERROR = 4 };

const char *language_tag(Language language)
{
    return tags[language];
}

/* Quality of an Accept-Language entry in thousandths; RFC 9110 12.4.2. Unreadable is 0. */
static int quality_of(const char *params, size_t length)
{
    const char *mark = memchr(params, 'q', length);
    if (!mark)
        return 1000;
    const char *end = params + length;
    int value = 0, scale = 1000;
    for (const char *at = mark + 1; at < end && scale > 0; at++) {
        if (*at >= '0' && *at <= '9') {
            value += (*at - '0') * scale;
            scale /= 10;
        } else if (*at != '=' && *at != '.' && *at != ' ') {
            return 0;
        }
    }
    return value > 1000 ? 1000 : value;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* True when the range "EN-gb" is the primary language "en" or a kind of it. */
static bool range_is(const char *range, size_t length, const char *wanted)
{
    size_t size = strlen(wanted);
    if (length < size || (length > size && range[size] != '-' && range[size] != '_'))
        return false;
    for (size_t i = 0; i < size; i++)
        if (lower(range[i]) != wanted[i])
            return false;
    return true;
}

/* One entry "en-GB;q=0.8": takes its language when it is liked better than *best. */
static void weigh_range(const char *entry, size_t length, int *best, Language *out)
{
    while (length && *entry == ' ')
        entry++, length--;
    const char *semicolon = memchr(entry, ';', length);
    size_t size = semicolon ? (size_t)(semicolon - entry) : length;
    int quality = semicolon ? quality_of(semicolon, length - size) : 1000;
    while (size && entry[size - 1] == ' ')
        size--;
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (quality > *best && range_is(entry, size, primary[i])) {
            *best = quality;
            *out = (Language)i;
        }
}

Language language_of(const char *accept_language, Language fallback)
{
    Language language = fallback;
    int best = 0;
    const char *at = accept_language;
    while (at && *at && at - accept_language < HEADER_MOST) {
        size_t length = strcspn(at, ",");
        weigh_range(at, length, &best, &language);
        at += length;
        if (*at == ',')
            at++;
    }
    return language;
}

static const MessageEntry *entry_of(const char *key)
{
    uint32_t hash = 2166136261u;
    for (const char *at = key; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    uint32_t mask = message_slot_count - 1;
    for (uint32_t slot = hash & mask; message_slots[slot]; slot = (slot + 1) & mask) {
        const MessageEntry *entry = &message_entries[message_slots[slot] - 1];
        if (!strcmp(entry->key, key))
            return entry;
    }
    return NULL;
}

const char *message_raw(Language language, const char *key)
{
    if (!key)
        return "";
    const MessageEntry *entry = entry_of(key);
    return entry ? entry->text[language] : key;
}

bool message_exists(const char *key)
{
    return key && entry_of(key);
}

static const char *param_value(const MessageParam *params, size_t count, const char *name,
                               size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (params[i].name && strlen(params[i].name) == length &&
            !memcmp(params[i].name, name, length))
            return params[i].value ? params[i].value : "";
    return NULL;
}

/* Whether English says "one day" for this number. */
static bool is_one(const char *value)
{
    return !strcmp(value, "1") || !strcmp(value, "-1");
}

/* Puts what stands between braces, {name} or {n|one|other}. An unknown name stays visible. */
static void put_brace(Buffer *out, const char *inner, size_t length, const MessageParam *params,
                      size_t count)
{
    const char *bar = memchr(inner, '|', length);
    size_t name_length = bar ? (size_t)(bar - inner) : length;
    const char *value = param_value(params, count, inner, name_length);
    if (!value) {
        buffer_add_char(out, '{');
        buffer_add_n(out, inner, length);
        buffer_add_char(out, '}');
        return;
    }
    if (!bar) {
        buffer_add(out, value);
        return;
    }
    const char *one = bar + 1;
    size_t rest = length - name_length - 1;
    const char *second = memchr(one, '|', rest);
    size_t one_length = second ? (size_t)(second - one) : rest;
    if (is_one(value) || !second)
        buffer_add_n(out, one, one_length);
    else
        buffer_add_n(out, second + 1, rest - one_length - 1);
}

const char *message_text(Arena *arena, Language language, const char *key,
                         const MessageParam *params, size_t count)
{
    const char *at = message_raw(language, key);
    if (!strchr(at, '{'))
        return at;
    Buffer out = buffer_init(arena, 0);
    for (;;) {
        const char *open = strchr(at, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        if (!close)
            break;
        buffer_add_n(&out, at, (size_t)(open - at));
        put_brace(&out, open + 1, (size_t)(close - open - 1), params, count);
        at = close + 1;
    }
    buffer_add(&out, at);
    return buffer_text(&out);
}

/* The place of an error fills {line} and {column}, unless the error fills them itself. */
static size_t add_place(Arena *arena, const Error *err, MessageParam *params, size_t count)
{
    if (!err->line)
        return count;
    params[count++] = (MessageParam){"line", arena_printf(arena, "%d", err->line)};
    params[count++] = (MessageParam){"column", arena_printf(arena, "%d", err->column)};
    return count;
}

const char *message_of_error(Arena *arena, Language language, const Error *err)
{
    if (err->message)
        return err->message;
    const char *key = err->code;
    if (!message_exists(key))
        key = arena_printf(arena, "error.%s", error_kind_name(err->kind));
    MessageParam params[PARAMS_OF_ERROR + 2];
    size_t count = 0;
    for (size_t i = 0; i < PARAMS_OF_ERROR; i++)
        if (err->with[i].name)
            params[count++] = (MessageParam){err->with[i].name, err->with[i].value};
    count = add_place(arena, err, params, count);
    return message_text(arena, language, key, params, count);
}
