/*
 * feel_plain.c - a source without what means nothing: white space and comments.
 */
#include <string.h>

#include "base/text.h"
#include "feel/feel.h"
#include "feel/feel_lexer.h"

static bool would_run_together(const Token *before, const Token *token)
{
    bool is_word = token_is_word(token) || token->kind == TOKEN_NUMBER;
    return token->has_space && is_word && (token_is_word(before) || before->kind == TOKEN_NUMBER);
}

const char *feel_plain(Arena *arena, const FeelExpression *expression)
{
    const char *source = feel_source(expression);
    Token few[TOKENS_FEW];
    Tokens tokens;
    Error ignored = ERROR_NONE;
    Buffer out = buffer_init(arena, 0);
    if (!lexer_read(arena, source, strlen(source), few, &tokens, &ignored))
        return source;
    for (size_t i = 0; i < tokens.count && tokens.items[i].kind != TOKEN_END; i++) {
        if (i && would_run_together(&tokens.items[i - 1], &tokens.items[i]))
            buffer_add_char(&out, ' ');
        buffer_add_n(&out, source + tokens.items[i].offset, tokens.items[i].length);
    }
    return buffer_text(&out);
}
