/*
 * feel_lexer.c - one pass over the text, one table of signs, one of keywords.
 *
 *     source -> Lexer (a cursor) -> array of Token
 */
#include "feel/feel_lexer.h"

#include <string.h>
#include "base/list.h"
#include "base/text.h"

typedef struct Lexer {
    const char *source;
    const char *at;
    const char *end;
    Arena *arena;
    Error *err;
    LIST(Token) tokens;
} Lexer;

void source_position(const char *source, size_t offset, int *out_line, int *out_column)
{
    int line = 1, column = 1;
    for (size_t i = 0; i < offset && source[i]; i++) {
        if (source[i] == '\n') {
            line++;
            column = 1;
        } else if ((source[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    *out_line = line;
    *out_column = column;
}

static bool refuse(Lexer *lexer, const char *at, const char *message)
{
    int line, column;
    source_position(lexer->source, (size_t)(at - lexer->source), &line, &column);
    return error_set(lexer->err, ERROR_INVALID, .code = "feel.syntax", .message = message,
                     .line = line, .column = column);
}

/* ---- characters ------------------------------------------------------------------------------ */

typedef struct CodeRange {
    uint32_t first, last;
} CodeRange;

static bool is_within(const CodeRange *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

static bool is_space(uint32_t code)
{
    static const CodeRange spaces[] = {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},
                                       {0xA0, 0xA0},     {0x1680, 0x1680}, {0x180E, 0x180E},
                                       {0x2000, 0x200B}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                       {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
    return is_within(spaces, sizeof spaces / sizeof *spaces, code);
}

/* Rule 28 beyond ASCII. */
static bool is_name_start(uint32_t code)
{
    static const CodeRange starts[] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},
                                       {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},
                                       {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
                                       {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
    return is_within(starts, sizeof starts / sizeof *starts, code) && !is_space(code);
}

static bool is_name_part(uint32_t code)
{
    return code == 0xB7 || (code >= 0x300 && code <= 0x36F) || code == 0x203F || code == 0x2040 ||
           is_name_start(code);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_ascii_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?';
}

/* Bytes of the name character at `at`, 0 when there is none. */
static size_t name_character(const char *at, bool is_first)
{
    if ((unsigned char)*at < 0x80)
        return is_ascii_name_start(*at) || (!is_first && is_digit(*at));
    const char *next = at;
    uint32_t code = text_next(&next);
    return (is_first ? is_name_start(code) : is_name_part(code)) ? (size_t)(next - at) : 0;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static bool skip_comment(Lexer *lexer)
{
    if (lexer->at[1] == '/') {
        lexer->at += strcspn(lexer->at, "\n");
        return true;
    }
    const char *close = strstr(lexer->at + 2, "*/");
    if (!close)
        return refuse(lexer, lexer->at, "The comment is not closed; expected \"*/\".");
    lexer->at = close + 2;
    return true;
}

/* Moves behind white space and comments. */
static bool skip_space(Lexer *lexer)
{
    for (;;) {
        const char *next = lexer->at;
        if (*next > ' ' && *next != '/')
            return true;
        if (*lexer->at == '/' && (lexer->at[1] == '/' || lexer->at[1] == '*')) {
            if (!skip_comment(lexer))
                return false;
        } else if (*next && is_space(text_next(&next))) {
            lexer->at = next;
        } else {
            return true;
        }
    }
}

typedef struct Keyword {
    const char *text;
    TokenKind kind;
} Keyword;

static TokenKind word_kind(const char *text, size_t length)
{
    static const Keyword keywords[] = {
        {"and", TOKEN_AND},
        {"between", TOKEN_BETWEEN},
        {"else", TOKEN_ELSE},
        {"every", TOKEN_EVERY},
        {"false", TOKEN_FALSE},
        {"for", TOKEN_FOR},
        {"function", TOKEN_FUNCTION},
        {"if", TOKEN_IF},
        {"in", TOKEN_IN},
        {"null", TOKEN_NULL},
        {"or", TOKEN_OR},
        {"return", TOKEN_RETURN},
        {"satisfies", TOKEN_SATISFIES},
        {"some", TOKEN_SOME},
        {"then", TOKEN_THEN},
        {"true", TOKEN_TRUE},
    };
    if (length < 2 || length > 9)
        return TOKEN_WORD;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (*keywords[i].text == *text && strncmp(keywords[i].text, text, length) == 0 &&
            keywords[i].text[length] == 0)
            return keywords[i].kind;
    return TOKEN_WORD;
}

static Token read_word(Lexer *lexer)
{
    const char *start = lexer->at;
    uint32_t hash = 2166136261U;
    size_t size = name_character(lexer->at, true);
    while (size) {
        for (; size; size--)
            hash = (hash ^ (unsigned char)*lexer->at++) * 16777619U;
        size = name_character(lexer->at, false);
    }
    size_t length = (size_t)(lexer->at - start);
    return (Token){
        .kind = (uint8_t)word_kind(start, length), .length = (uint32_t)length, .hash = hash};
}

/* Rule 37. "1..5" is a number and dots, so a point counts only before a digit. */
static Token read_number(Lexer *lexer)
{
    const char *start = lexer->at, *at = start;
    at += strspn(at, "0123456789");
    if (*at == '.' && is_digit(at[1]))
        at += 1 + strspn(at + 1, "0123456789");
    if (*at == 'e' || *at == 'E') {
        const char *digits = at + 1 + (at[1] == '+' || at[1] == '-');
        if (is_digit(*digits))
            at = digits + strspn(digits, "0123456789");
    }
    lexer->at = at;
    return (Token){.kind = TOKEN_NUMBER, .length = (uint32_t)(at - start)};
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The code point of \uXXXX or \UXXXXXX; moves *at behind it. -1 when digits are missing. */
static int64_t read_code(const char **at)
{
    int digits = **at == 'u' ? 4 : 6;
    int64_t code = 0;
    for (int i = 1; i <= digits; i++) {
        int value = hex_value((*at)[i]);
        if (value < 0)
            return -1;
        code = code * 16 + value;
    }
    *at += digits + 1;
    return code;
}

/* One escape behind the backslash; a pair of surrogates is one. A backslash before anything else
 * stands for itself (rule 35), as in "\d+". -1: the code is no character. */
static int64_t read_escape(const char **at)
{
    static const char names[] = "ntr\"'\\", codes[] = "\n\t\r\"'\\";
    const char *found = **at ? strchr(names, **at) : NULL;
    if (found) {
        (*at)++;
        return codes[found - names];
    }
    int64_t code = **at == 'u' || **at == 'U' ? read_code(at) : -1;
    if (code < 0)
        return '\\';
    if (code >= 0xD800 && code < 0xDC00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        (*at)++;
        int64_t low = read_code(at);
        return low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
                                             : -1;
    }
    return code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? code : -1;
}

static bool read_string(Lexer *lexer, Token *out)
{
    const char *start = lexer->at, *at = start + 1;
    while (*at != '"') {
        if (*at == 0 || (*at >= 0x0A && *at <= 0x0D))
            return refuse(lexer, start, "The string is not closed on its line; expected '\"'.");
        if (*at++ != '\\')
            continue;
        const char *escape = at - 1;
        if (read_escape(&at) < 0)
            return refuse(lexer, escape, "The escape names no character.");
    }
    lexer->at = at + 1;
    *out = (Token){.kind = TOKEN_STRING, .length = (uint32_t)(lexer->at - start)};
    return true;
}

const char *lexer_string(Arena *arena, const char *source, const Token *token, size_t *out_length)
{
    const char *at = source + token->offset, *end = at + token->length - 1;
    at = memchr(at, '"', token->length);
    at++;
    if (!memchr(at, '\\', (size_t)(end - at))) {
        *out_length = (size_t)(end - at);
        return arena_text_n(arena, at, *out_length);
    }
    Buffer text = buffer_init(arena, 0);
    while (at < end) {
        size_t plain = strcspn(at, "\\\"");
        buffer_add_n(&text, at, plain);
        at += plain;
        if (at >= end)
            break;
        at++;
        buffer_add_code_point(&text, (uint32_t)read_escape(&at));
    }
    *out_length = text.length;
    return buffer_text(&text);
}

/* The sign at `at`, TOKEN_END when there is none; *out_length is 1 or 2. */
/* size: flat switch */
static TokenKind sign_at(const char *at, uint32_t *out_length)
{
    static const struct {
        char first, second;
        TokenKind kind;
    } pairs[] = {{'.', '.', TOKEN_DOTS},       {'*', '*', TOKEN_POWER},
                 {'-', '>', TOKEN_ARROW},      {'!', '=', TOKEN_NOT_EQUAL},
                 {'<', '=', TOKEN_LESS_EQUAL}, {'>', '=', TOKEN_GREATER_EQUAL}};
    *out_length = 2;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (at[0] == pairs[i].first && at[1] == pairs[i].second)
            return pairs[i].kind;
    *out_length = 1;
    switch (*at) {
    case '(': return TOKEN_LEFT_PAREN;
    case ')': return TOKEN_RIGHT_PAREN;
    case '[': return TOKEN_LEFT_BRACKET;
    case ']': return TOKEN_RIGHT_BRACKET;
    case '{': return TOKEN_LEFT_BRACE;
    case '}': return TOKEN_RIGHT_BRACE;
    case ',': return TOKEN_COMMA;
    case ':': return TOKEN_COLON;
    case '.': return TOKEN_DOT;
    case '+': return TOKEN_PLUS;
    case '-': return TOKEN_MINUS;
    case '*': return TOKEN_STAR;
    case '/': return TOKEN_SLASH;
    case '\'': return TOKEN_APOSTROPHE;
    case '=': return TOKEN_EQUAL;
    case '<': return TOKEN_LESS;
    case '>': return TOKEN_GREATER;
    default: return TOKEN_END;
    }
}

static bool read_sign(Lexer *lexer, Token *out)
{
    uint32_t length;
    TokenKind kind = sign_at(lexer->at, &length);
    const char *next = lexer->at;
    if (kind != TOKEN_END) {
        *out = (Token){.kind = (uint8_t)kind, .length = length};
        lexer->at += length;
        return true;
    }
    (void)text_next(&next);
    return refuse(lexer, lexer->at,
                  arena_printf(lexer->arena, "Found \"%.*s\", which begins nothing in FEEL.",
                               (int)(next - lexer->at), lexer->at));
}

static bool read_token(Lexer *lexer, Token *out)
{
    const char *at = lexer->at;
    if (name_character(at, true)) {
        *out = read_word(lexer);
        return true;
    }
    if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) {
        *out = read_number(lexer);
        return true;
    }
    if (*at == '"')
        return read_string(lexer, out);
    if (*at != '@')
        return read_sign(lexer, out);
    lexer->at++;
    lexer->at += strspn(lexer->at, " \t\r\n");
    if (*lexer->at != '"')
        return refuse(lexer, lexer->at, "Found \"@\" alone; expected a string behind it.");
    if (!read_string(lexer, out))
        return false;
    out->kind = TOKEN_AT;
    out->length = (uint32_t)(lexer->at - at);
    return true;
}

bool lexer_read(Arena *arena, const char *source, size_t length, Token few[TOKENS_FEW], Tokens *out,
                Error *err)
{
    Lexer lexer = {
        .source = source, .at = source, .end = source + length, .arena = arena, .err = err};
    bool is_short = length < TOKENS_FEW; /* one token for each byte at most, and the end */
    lexer.tokens.capacity = is_short ? TOKENS_FEW : length / 3 + 8;
    lexer.tokens.items = is_short ? few : arena_array(arena, Token, lexer.tokens.capacity);
    for (;;) {
        const char *before = lexer.at;
        if (!skip_space(&lexer))
            return false;
        Token token = {.kind = TOKEN_END};
        bool has_space = lexer.at != before;
        uint32_t offset = (uint32_t)(lexer.at - source);
        if (lexer.at < lexer.end && !read_token(&lexer, &token))
            return false;
        token.has_space = has_space;
        token.offset = offset;
        list_add(arena, &lexer.tokens, token);
        if (token.kind == TOKEN_END)
            break;
    }
    *out = (Tokens){.items = lexer.tokens.items, .count = lexer.tokens.count};
    return true;
}

bool token_is_word(const Token *token)
{
    return token->kind == TOKEN_WORD || token->kind >= TOKEN_AND;
}
