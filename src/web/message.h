#ifndef WEB_MESSAGE_H
#define WEB_MESSAGE_H

/*
 * Messages: everything a person reads, by key, in zh-CN and English. The tables are generated from
 * the *.messages files beside the code (docs/generators.md).
 */
#include "base/error.h"
#include "base/text.h"

typedef enum Language { LANGUAGE_ZH, LANGUAGE_EN, LANGUAGE_COUNT } Language;

/* "zh-CN", "en"; and the best match for an Accept-Language header or a stored name. */
const char *language_tag(Language language);
Language language_of(const char *accept_language, Language fallback);

/* The raw text of a key; the key itself when it is unknown (a test hunts those). */
const char *message_raw(Language language, const char *key);
bool message_exists(const char *key);

typedef struct MessageParam {
    const char *name;
    const char *value;
} MessageParam;

/* The text with {name} and {n|one|other} resolved, in the arena. */
const char *message_text(Arena *arena, Language language, const char *key,
                         const MessageParam *params, size_t count);

/* What the person reads for one error: its message, or the translation of its code. */
const char *message_of_error(Arena *arena, Language language, const Error *err);

#endif
