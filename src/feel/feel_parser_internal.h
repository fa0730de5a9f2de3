#ifndef FEEL_FEEL_PARSER_INTERNAL_H
#define FEEL_FEEL_PARSER_INTERNAL_H

/*
 * What the parts of the parser share: feel_parser.c reads operators, paths and calls,
 * feel_parser_brackets.c literals and brackets, feel_parser_forms.c the forms that begin with a
 * keyword or bring names, and types.
 */
#include "feel/feel_parser.h"

typedef LIST(FeelNode *) NodeList;
typedef LIST(const FeelSymbol *) SymbolList;

enum { SYMBOLS_FEW = 16 };

typedef struct Parser {
    Arena *arena;
    const char *source;
    const Token *at;
    const FeelNames *names;
    FeelNames *locals; /* names of this expression that hold signs or keywords; or NULL */
    LIST(KnownName *) declared;
    FeelSymbol **symbols; /* by hash, size is a power of two */
    size_t symbol_slots;
    size_t symbol_count;
    FeelSymbol *few_symbols[SYMBOLS_FEW];
    int nesting;
    int filters;      /* filters around: members are in scope */
    bool in_endpoint; /* a "[" may be the end of an open interval */
    Error *err;
} Parser;

/* Precedences of rule 4 and following, lowest first. */
enum { LEVEL_OR = 1, LEVEL_AND, LEVEL_COMPARE, LEVEL_ADD, LEVEL_MULTIPLY, LEVEL_POWER };

/* feel_parser.c */
FeelNode *parse_expression(Parser *parser);
FeelNode *parse_binary(Parser *parser, int level);
void *parse_fail(Parser *parser, const char *expected); /* NULL, with the error set */
bool parse_expect(Parser *parser, TokenKind kind, const char *expected);
bool parse_take(Parser *parser, TokenKind kind);
bool token_is(const Parser *parser, const Token *token, const char *word);
FeelNode *node_create(Parser *parser, NodeKind kind, const Token *from);
FeelNode *node_finish(Parser *parser, FeelNode *node); /* NULL when too high */

FeelNode *node_binary(Parser *parser, NodeKind kind, const Token *from, FeelNode *left,
                      FeelNode *right);
FeelNode *node_literal(Parser *parser, FeelValue value); /* of the current token, which is taken */
FeelNode *node_with_items(Parser *parser, NodeKind kind, const Token *from, const NodeList *items);
/* Nodes that were gathered in the caller's own room, as many as there are. */
enum { NODES_FEW = 8 };
FeelNode **nodes_kept(Parser *parser, const NodeList *items, FeelNode **few);
bool token_begins_operand(const Token *token);
bool parse_enter(Parser *parser); /* one level deeper; the caller counts nesting down again */

/* feel_parser_brackets.c */
FeelNode *parse_number(Parser *parser, bool is_negative);
FeelNode *parse_string(Parser *parser);
FeelNode *parse_at(Parser *parser);
FeelNode *parse_parentheses(Parser *parser, bool may_be_tests); /* tests: behind `in` */
FeelNode *parse_list(Parser *parser);
FeelNode *parse_open_range(Parser *parser);
/* Expressions between commas, after `first` when it is given; the caller reads what closes them. */
bool parse_items(Parser *parser, FeelNode *first, NodeList *out);

/* feel_parser_forms.c */
FeelNode *parse_if(Parser *parser);
FeelNode *parse_iteration(Parser *parser); /* for, some, every */
FeelNode *parse_function(Parser *parser);
FeelNode *parse_context(Parser *parser);
const FeelType *parse_type(Parser *parser);
FeelSymbol *parse_name(Parser *parser, bool is_member);
/* The name before `stop`, of any tokens that a name may hold; NULL with the error set. */
FeelSymbol *parse_declared_name(Parser *parser, TokenKind stop, const char *expected);
bool is_named_argument(const Parser *parser);
FeelSymbol *symbol_of(Parser *parser, const char *text, size_t length, uint32_t hash);
/* The same, or one that no name equals when it did not occur. */
const FeelSymbol *symbol_found(const Parser *parser, const char *text);

#endif
