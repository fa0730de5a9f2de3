/*
 * feel_regex.c - XPath regular expressions over ICU.
 *
 *     pattern + flags -> Translator (checks, rewrites what ICU reads otherwise) -> uregex over a
 * UText of the input's own UTF-8, so that positions are byte offsets
 */
#include "feel/feel_regex.h"

#include <string.h>
#include <unicode/uregex.h>
#include <unicode/utext.h>

enum {
    PATTERN_MAX = 4096,            /* bytes */
    TIME_LIMIT = 1000,             /* ICU's unit: about a millisecond each */
    STACK_LIMIT = 2 * 1024 * 1024, /* bytes of backtracking */
};

struct Regex {
    FeelCall *call;
    URegularExpression *expression;
    UText *input;
    bool is_started;
    bool is_stopped;
};

/* ---- translation ----------------------------------------------------------------------------- */

typedef struct Translator {
    const char *at;
    Buffer out;
    int closed; /* groups that are complete: what \N may refer to */
    int open;   /* groups that are not */
    bool is_dot_all;
    const char *problem;
} Translator;

static bool refuse(Translator *translator, const char *problem)
{
    translator->problem = problem;
    return false;
}

/* XML name characters, \i and \c. */
static const char NAME_START[] = ":A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF"
                                 "\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F"
                                 "\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD";
static const char NAME_MORE[] = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040";

/* "\p{IsGreek}" names a block, which ICU calls by a property. */
static bool translate_property(Translator *translator)
{
    char kind = *translator->at++;
    const char *close = strchr(translator->at, '}');
    if (*translator->at != '{' || !close)
        return refuse(translator, "\\p needs a name in braces");
    const char *name = translator->at + 1;
    int length = (int)(close - name);
    if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") <
        (size_t)length)
        return refuse(translator, "\\p has a wrong name");
    if (length > 2 && strncmp(name, "Is", 2) == 0)
        buffer_printf(&translator->out, "\\%c{Block=%.*s}", kind, length - 2, name + 2);
    else
        buffer_printf(&translator->out, "\\%c{%.*s}", kind, length, name);
    translator->at = close + 1;
    return true;
}

static bool translate_back_reference(Translator *translator, bool is_in_class)
{
    int number = *translator->at++ - '0';
    if (is_in_class || number == 0)
        return refuse(translator, "a number behind \"\\\" has no meaning here");
    while (*translator->at >= '0' && *translator->at <= '9' &&
           number * 10 + (*translator->at - '0') <= translator->closed)
        number = number * 10 + (*translator->at++ - '0');
    if (number > translator->closed)
        return refuse(translator, "a reference goes to a group that is not complete before it");
    /* brackets keep a digit behind from being read as part of the number */
    buffer_printf(&translator->out, "(?:\\%d)", number);
    return true;
}

/* size: flat switch */
static bool translate_escape(Translator *translator, bool is_in_class)
{
    char c = *++translator->at;
    if (c >= '0' && c <= '9')
        return translate_back_reference(translator, is_in_class);
    if (c == 'p' || c == 'P')
        return translate_property(translator);
    if (!c || !strchr("nrt\\|.?*+(){}-[]^$sSdDwWiIcC", c))
        return refuse(translator, "an escape is unknown");
    translator->at++;
    switch (c) {
    case 's': buffer_add(&translator->out, "[ \\t\\n\\r]"); break;
    case 'S': buffer_add(&translator->out, "[^ \\t\\n\\r]"); break;
    case 'w': buffer_add(&translator->out, "[^\\p{P}\\p{Z}\\p{C}]"); break;
    case 'W': buffer_add(&translator->out, "[\\p{P}\\p{Z}\\p{C}]"); break;
    case 'i': buffer_printf(&translator->out, "[%s]", NAME_START); break;
    case 'I': buffer_printf(&translator->out, "[^%s]", NAME_START); break;
    case 'c': buffer_printf(&translator->out, "[%s%s]", NAME_START, NAME_MORE); break;
    case 'C': buffer_printf(&translator->out, "[^%s%s]", NAME_START, NAME_MORE); break;
    default: buffer_printf(&translator->out, "\\%c", c); break;
    }
    return true;
}

enum { CLASS_DEPTH_MAX = 10 };

/* "[a-z-[aeiou]]": ICU writes the subtraction with two signs, and gives "&" a meaning. */
static bool translate_class(Translator *translator, int depth)
{
    translator->at++;
    buffer_add(&translator->out, "[");
    if (*translator->at == '^') {
        buffer_add(&translator->out, "^");
        translator->at++;
    }
    bool is_empty = true;
    for (; *translator->at != ']'; is_empty = false) {
        char c = *translator->at;
        if (c == 0)
            return refuse(translator, "a \"[\" is not closed");
        if (c == '\\') {
            if (!translate_escape(translator, true))
                return false;
        } else if (c == '-' && translator->at[1] == '[' && !is_empty) {
            buffer_add(&translator->out, "--");
            translator->at++;
            if (depth >= CLASS_DEPTH_MAX || !translate_class(translator, depth + 1))
                return refuse(translator, "a subtraction in brackets is wrong");
            if (*translator->at != ']')
                return refuse(translator, "nothing may follow a subtraction in brackets");
        } else if (c == '[') {
            return refuse(translator, "a \"[\" inside brackets needs a \"\\\"");
        } else {
            if (c == '&' || c == '^' || c == '{' || c == '}' || c == '$' || c == ':')
                buffer_add(&translator->out, "\\");
            buffer_add_char(&translator->out, c);
            translator->at++;
        }
    }
    if (is_empty)
        return refuse(translator, "there is nothing between \"[\" and \"]\"");
    translator->at++;
    buffer_add(&translator->out, "]");
    return true;
}

static bool translate_group_start(Translator *translator)
{
    translator->at++;
    buffer_add(&translator->out, "(");
    if (*translator->at != '?') {
        translator->open++;
        return true;
    }
    if (translator->at[1] != ':')
        return refuse(translator, "\"(?\" has no meaning");
    buffer_add(&translator->out, "?:");
    translator->at += 2;
    return true;
}

static bool translate_one(Translator *translator)
{
    char c = *translator->at;
    switch (c) {
    case '\\': return translate_escape(translator, false);
    case '[': return translate_class(translator, 0);
    case '(': return translate_group_start(translator);
    case ')':
        if (translator->open) {
            translator->open--;
            translator->closed++;
        }
        break;
    case '.':
        translator->at++;
        buffer_add(&translator->out, translator->is_dot_all ? "(?s:.)" : "[^\\n\\r]");
        return true;
    case '+':
        if (translator->at[1] == '+')
            return refuse(translator, "\"++\" has no meaning");
        break;
    default: break;
    }
    buffer_add_char(&translator->out, c);
    translator->at++;
    return true;
}

/* The flag x: white space outside of brackets does not count. */
static const char *without_space(Arena *arena, const char *pattern)
{
    Buffer out = buffer_init(arena, 0);
    int depth = 0;
    for (const char *at = pattern; *at; at++) {
        bool is_escaped = at > pattern && at[-1] == '\\';
        if (*at == '[' && !is_escaped)
            depth++;
        if (*at == ']' && !is_escaped && depth)
            depth--;
        if (depth || !strchr(" \t\n\r", *at))
            buffer_add_char(&out, *at);
    }
    return buffer_text(&out);
}

static const char *quoted(Arena *arena, const char *pattern)
{
    Buffer out = buffer_init(arena, 0);
    for (; *pattern; pattern++) {
        if (strchr("\\|.?*+(){}[]^$#&-", *pattern))
            buffer_add_char(&out, '\\');
        buffer_add_char(&out, *pattern);
    }
    return buffer_text(&out);
}

/* The pattern for ICU; NULL with *out_problem. */
static const char *translate(Arena *arena, const char *pattern, const char *flags,
                             const char **out_problem)
{
    Translator translator = {.out = buffer_init(arena, 0), .is_dot_all = strchr(flags, 's')};
    if (strchr(flags, 'q'))
        return quoted(arena, pattern);
    translator.at = strchr(flags, 'x') ? without_space(arena, pattern) : pattern;
    while (*translator.at)
        if (!translate_one(&translator)) {
            *out_problem = translator.problem;
            return NULL;
        }
    return buffer_text(&translator.out);
}

/* ---- running --------------------------------------------------------------------------------- */

static uint32_t icu_flags(const char *flags)
{
    uint32_t bits = 0;
    if (strchr(flags, 'i'))
        bits |= UREGEX_CASE_INSENSITIVE;
    if (strchr(flags, 'm'))
        bits |= UREGEX_MULTILINE | UREGEX_UNIX_LINES;
    return bits;
}

/* "$" is the very end in XPath, and for ICU also before the last line's end. */
static const char *strict_end(Arena *arena, const char *pattern)
{
    Buffer out = buffer_init(arena, 0);
    int depth = 0;
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1]) {
            buffer_add_char(&out, *pattern++);
            buffer_add_char(&out, *pattern);
            continue;
        }
        depth += *pattern == '[' ? 1 : *pattern == ']' ? -1 : 0;
        if (*pattern == '$' && depth == 0)
            buffer_add(&out, "\\z");
        else
            buffer_add_char(&out, *pattern);
    }
    return buffer_text(&out);
}

enum { STEPS_OF_TICK = 10000 }; /* ICU asks after as many of its own */

static UBool U_CALLCONV may_go_on(const void *context, int32_t ticks)
{
    (void)ticks;
    const Regex *regex = context;
    return feel_call_spend(regex->call, STEPS_OF_TICK, 0);
}

static bool icu_open(Regex *regex, FeelValue input, const char *pattern, uint32_t flags)
{
    UErrorCode status = U_ZERO_ERROR;
    UParseError place;
    UText *text = utext_openUTF8(NULL, pattern, -1, &status);
    regex->expression = uregex_openUText(text, flags, &place, &status);
    utext_close(text);
    if (U_FAILURE(status))
        return false;
    regex->input =
        utext_openUTF8(NULL, input.as.string.text, (int64_t)input.as.string.length, &status);
    uregex_setText(regex->expression, u"", 0, &status);
    uregex_setTimeLimit(regex->expression, TIME_LIMIT, &status);
    uregex_setStackLimit(regex->expression, STACK_LIMIT, &status);
    uregex_setMatchCallback(regex->expression, may_go_on, regex, &status);
    return U_SUCCESS(status);
}

Regex *regex_open(FeelCall *call, FeelValue input, FeelValue pattern, const char *flags)
{
    const char *problem = "it has a wrong form";
    Regex *regex = arena_new(feel_call_arena(call), Regex);
    regex->call = call;
    flags = flags ? flags : "";
    if (pattern.as.string.length > PATTERN_MAX || strspn(flags, "smixq") != strlen(flags)) {
        (void)feel_fail(call, "feel.value",
                        "the pattern is too long, or its flags are not of smixq");
        return NULL;
    }
    /* patterns are short, so twenty times their length covers all rewriting */
    if (!feel_call_spend(call, pattern.as.string.length, pattern.as.string.length * 20 + 1024))
        return NULL;
    const char *translated =
        translate(feel_call_arena(call), pattern.as.string.text, flags, &problem);
    if (translated && !strchr(flags, 'm') && !strchr(flags, 'q'))
        translated = strict_end(feel_call_arena(call), translated);
    if (translated && !*translated)
        translated = "(?:)"; /* ICU refuses a pattern of nothing */
    if (translated && icu_open(regex, input, translated, icu_flags(flags)))
        return regex;
    regex_close(regex);
    (void)feel_fail(call, "feel.value", "the pattern cannot be used: %s", problem);
    return NULL;
}

void regex_close(Regex *regex)
{
    uregex_close(regex->expression);
    utext_close(regex->input);
    regex->expression = NULL;
    regex->input = NULL;
}

/* Asked on the empty text that icu_open has set; then the real input takes its place. */
static bool begin(Regex *regex)
{
    UErrorCode status = U_ZERO_ERROR;
    uregex_setUText(regex->expression, regex->input, &status);
    return U_SUCCESS(status);
}

bool regex_takes_nothing(Regex *regex)
{
    UErrorCode status = U_ZERO_ERROR;
    bool takes = uregex_matches(regex->expression, 0, &status);
    return U_SUCCESS(status) && takes;
}

bool regex_next(Regex *regex, size_t *out_start, size_t *out_end)
{
    UErrorCode status = U_ZERO_ERROR;
    if (!regex->is_started) {
        regex->is_started = true;
        if (!begin(regex))
            return false;
    }
    bool is_found = uregex_findNext(regex->expression, &status);
    if (U_FAILURE(status)) {
        regex->is_stopped = true;
        (void)feel_fail(regex->call, "feel.limit", "the pattern takes too long on this text");
        return false;
    }
    if (!is_found || !feel_call_spend(regex->call, 1, 0))
        return false;
    return regex_group(regex, 0, out_start, out_end);
}

bool regex_is_stopped(const Regex *regex)
{
    return regex->is_stopped;
}

bool regex_group(Regex *regex, int group, size_t *out_start, size_t *out_end)
{
    UErrorCode status = U_ZERO_ERROR;
    int64_t start = uregex_start64(regex->expression, group, &status);
    int64_t end = uregex_end64(regex->expression, group, &status);
    if (U_FAILURE(status) || start < 0)
        return false;
    *out_start = (size_t)start;
    *out_end = (size_t)end;
    return true;
}

int regex_group_count(const Regex *regex)
{
    UErrorCode status = U_ZERO_ERROR;
    return uregex_groupCount(regex->expression, &status);
}
