/*
 * feel_names.c - names in scope that are more than plain words, found by their first word.
 *
 * Only names of several tokens are kept: a single word needs no help from the scope to be read.
 *
 *     name -> tokens -> chain of the first token's hash -> longest match with the source
 */
#include "feel/feel.h"

#include <string.h>
#include "feel/feel_parser.h"

enum { CHAINS = 64 };

struct KnownName {
    struct KnownName *next;
    const char *text;
    const Token *tokens;
    size_t count; /* 0: out of scope */
    bool is_member;
};

struct FeelNames {
    Arena *arena;
    KnownName *chains[CHAINS];
};

FeelNames *feel_names_create(Arena *arena)
{
    FeelNames *names = arena_new(arena, FeelNames);
    names->arena = arena;
    return names;
}

static bool is_name_sign(const Token *token)
{
    switch (token->kind) {
    case TOKEN_DOT:
    case TOKEN_SLASH:
    case TOKEN_MINUS:
    case TOKEN_APOSTROPHE:
    case TOKEN_PLUS:
    case TOKEN_STAR:
    case TOKEN_POWER: return true;
    default: return false;
    }
}

static bool is_name(const Tokens *tokens)
{
    if (tokens->count < 2 || tokens->items[0].kind != TOKEN_WORD)
        return false;
    for (size_t i = 1; i + 1 < tokens->count; i++) {
        const Token *token = &tokens->items[i];
        if (!token_is_word(token) && token->kind != TOKEN_NUMBER && !is_name_sign(token))
            return false;
    }
    return true;
}

static bool read_name(Arena *arena, const char *text, Token few[TOKENS_FEW], Tokens *out)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > FEEL_SOURCE_MAX || !text_is_utf8(text, length))
        return false;
    return lexer_read(arena, text, length, few, out, NULL) && is_name(out);
}

bool feel_is_name(const char *text)
{
    Arena *arena = arena_create(0);
    Token few[TOKENS_FEW];
    Tokens tokens;
    bool is_one = read_name(arena, text, few, &tokens);
    arena_destroy(arena);
    return is_one;
}

KnownName *names_declare(FeelNames *names, const char *name)
{
    Token few[TOKENS_FEW];
    Tokens tokens;
    if (!read_name(names->arena, name, few, &tokens) || tokens.count < 3)
        return NULL;
    KnownName **chain = &names->chains[tokens.items[0].hash % CHAINS];
    KnownName *known = arena_new(names->arena, KnownName);
    *known = (KnownName){
        .next = *chain,
        .text = arena_text(names->arena, name),
        .tokens = arena_copy(names->arena, tokens.items, tokens.count * sizeof *tokens.items),
        .count = tokens.count - 1};
    *chain = known;
    return known;
}

void names_leave(KnownName *known, bool stays_member)
{
    known->is_member = true;
    if (!stays_member)
        known->count = 0;
}

static KnownName *find_name(const FeelNames *names, const char *name)
{
    for (size_t i = 0; i < CHAINS; i++)
        for (KnownName *known = names->chains[i]; known; known = known->next)
            if (strcmp(known->text, name) == 0)
                return known;
    return NULL;
}

static void add_name(FeelNames *names, const char *name, bool is_member)
{
    KnownName *known = name ? find_name(names, name) : NULL;
    if (known) {
        known->is_member &= is_member;
        return;
    }
    known = names_declare(names, name);
    if (known)
        known->is_member = is_member;
}

void feel_names_add(FeelNames *names, const char *name)
{
    add_name(names, name, false);
}

void feel_names_add_member(FeelNames *names, const char *name)
{
    add_name(names, name, true);
}

static void add_members(FeelNames *names, FeelValue value, bool is_member)
{
    for (size_t i = 0; value.kind == FEEL_LIST && i < value.as.list->count; i++)
        add_members(names, value.as.list->items[i], true);
    for (size_t i = 0; value.kind == FEEL_CONTEXT && i < value.as.context->count; i++) {
        add_name(names, value.as.context->entries[i].name, is_member);
        add_members(names, value.as.context->entries[i].value, true);
    }
}

void feel_names_add_value(FeelNames *names, FeelValue context)
{
    add_members(names, context, false);
}

/* Whether the source spells the known name: token by token, white space does not count. */
static bool is_spelled(const KnownName *known, const char *source, const Token *at)
{
    if (known->count == 0)
        return false;
    for (size_t i = 0; i < known->count; i++)
        if (at[i].kind == TOKEN_END || at[i].length != known->tokens[i].length ||
            memcmp(source + at[i].offset, known->text + known->tokens[i].offset, at[i].length) != 0)
            return false;
    return true;
}

const char *names_match(const FeelNames *names, const char *source, const Token *at,
                        bool with_members, size_t *out_count)
{
    const KnownName *best = NULL;
    if (!names)
        return NULL;
    for (const KnownName *known = names->chains[at->hash % CHAINS]; known; known = known->next)
        if ((with_members || !known->is_member) && (!best || known->count > best->count) &&
            is_spelled(known, source, at))
            best = known;
    if (best)
        *out_count = best->count;
    return best ? best->text : NULL;
}
