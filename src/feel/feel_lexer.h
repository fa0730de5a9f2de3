#ifndef FEEL_FEEL_LEXER_H
#define FEEL_FEEL_LEXER_H

/*
 * Text to tokens (10.3.1.2, grammar rules 27 to 37 and 60 to 66). Private to the engine.
 *
 * Names are not put together here, since only the parser knows which are in scope: every word is a
 * token of its own, and so is every sign that a name may hold.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_AT, /* @"...": covers both */
    TOKEN_LEFT_PAREN,
    TOKEN_RIGHT_PAREN,
    TOKEN_LEFT_BRACKET,
    TOKEN_RIGHT_BRACKET,
    TOKEN_LEFT_BRACE,
    TOKEN_RIGHT_BRACE,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_DOT,
    TOKEN_DOTS, /* .. */
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_POWER, /* ** */
    TOKEN_SLASH,
    TOKEN_APOSTROPHE,
    TOKEN_ARROW, /* -> */
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUAL,
    /* keywords: they end a name unless a name in scope holds them */
    TOKEN_AND,
    TOKEN_BETWEEN,
    TOKEN_ELSE,
    TOKEN_EVERY,
    TOKEN_FALSE,
    TOKEN_FOR,
    TOKEN_FUNCTION,
    TOKEN_IF,
    TOKEN_IN,
    TOKEN_NULL,
    TOKEN_OR,
    TOKEN_RETURN,
    TOKEN_SATISFIES,
    TOKEN_SOME,
    TOKEN_THEN,
    TOKEN_TRUE,
} TokenKind;

typedef struct Token {
    uint8_t kind;
    bool has_space; /* white space or a comment before it */
    uint32_t offset;
    uint32_t length;
    uint32_t hash; /* of words and keywords, as feel_hash */
} Token;

typedef struct Tokens {
    Token *items; /* the last is TOKEN_END */
    size_t count;
} Tokens;

/* Tokens are needed while parsing alone: those of a short text find room with the caller. */
enum { TOKENS_FEW = 48 };

/* All tokens of source, which is checked UTF-8, in `few` or the arena. False with feel.syntax and
 * the place. */
bool lexer_read(Arena *arena, const char *source, size_t length, Token few[TOKENS_FEW], Tokens *out,
                Error *err);

/* Line (from 1) and column (from 1, in code points) of a byte offset. */
void source_position(const char *source, size_t offset, int *out_line, int *out_column);

/* The text of a string or at-literal token without quotes and escapes. */
const char *lexer_string(Arena *arena, const char *source, const Token *token, size_t *out_length);

/* True for words and keywords. */
bool token_is_word(const Token *token);

#endif
