/*
 * feel_parser.c - operators by precedence climbing, paths, filters, calls, unary tests.
 *
 *     tokens -> parse_expression (depth is counted here) -> parse_binary -> parse_unary
 *            -> parse_postfix -> parse_primary -> FeelNode
 *
 * A function that fails returns NULL with the error set; the first error is the one that is told.
 */
#include "feel/feel_parser_internal.h"

#include <string.h>

/* ---- errors and tokens ----------------------------------------------------------------------- */

static void *refuse(Parser *parser, const char *code, const char *message)
{
    int line, column;
    source_position(parser->source, parser->at->offset, &line, &column);
    (void)error_set(parser->err, ERROR_INVALID, .code = code, .message = message, .line = line,
                    .column = column);
    return NULL;
}

/* The token as it is shown in a message: cut after 40 bytes, between characters. */
static const char *shown(const Parser *parser)
{
    size_t length = parser->at->length;
    if (parser->at->kind == TOKEN_END)
        return "the end";
    const char *text = parser->source + parser->at->offset;
    if (length > 40)
        for (length = 40; (text[length] & 0xC0) == 0x80;)
            length--;
    return arena_printf(parser->arena, "\"%.*s\"", (int)length, text);
}

void *parse_fail(Parser *parser, const char *expected)
{
    return refuse(parser, "feel.syntax",
                  arena_printf(parser->arena, "Found %s; expected %s.", shown(parser), expected));
}

bool parse_take(Parser *parser, TokenKind kind)
{
    if (parser->at->kind != kind)
        return false;
    parser->at++;
    return true;
}

bool parse_expect(Parser *parser, TokenKind kind, const char *expected)
{
    if (parse_take(parser, kind))
        return true;
    (void)parse_fail(parser, expected);
    return false;
}

bool token_is(const Parser *parser, const Token *token, const char *word)
{
    return token->kind == TOKEN_WORD && token->length == strlen(word) &&
           memcmp(parser->source + token->offset, word, token->length) == 0;
}

bool parse_enter(Parser *parser)
{
    if (parser->nesting++ < FEEL_NESTING_MAX)
        return true;
    (void)refuse(parser, "feel.depth", "The expression is nested too deeply; split it.");
    return false;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

FeelNode *node_create(Parser *parser, NodeKind kind, const Token *from)
{
    FeelNode *node = arena_new(parser->arena, FeelNode);
    node->kind = (uint8_t)kind;
    node->offset = from->offset;
    return node;
}

static void raise(FeelNode *node, const FeelNode *child)
{
    if (child && child->height >= node->height)
        node->height = (uint16_t)(child->height + 1);
}

FeelNode *node_finish(Parser *parser, FeelNode *node)
{
    raise(node, node->left);
    raise(node, node->right);
    if (node->kind == NODE_IF || node->kind == NODE_BETWEEN)
        raise(node, node->as.third);
    for (size_t i = 0; i < node->count && node->items; i++)
        raise(node, node->items[i]);
    if (node->height > FEEL_HEIGHT_MAX)
        return refuse(parser, "feel.depth", "The expression is too deep; split it.");
    return node;
}

FeelNode *node_binary(Parser *parser, NodeKind kind, const Token *from, FeelNode *left,
                      FeelNode *right)
{
    if (!left || !right)
        return NULL;
    FeelNode *node = node_create(parser, kind, from);
    node->left = left;
    node->right = right;
    return node_finish(parser, node);
}

FeelNode *node_literal(Parser *parser, FeelValue value)
{
    FeelNode *node = node_create(parser, NODE_LITERAL, parser->at++);
    node->as.value = value;
    return node;
}

/* Nodes that hold a list end here. */
FeelNode **nodes_kept(Parser *parser, const NodeList *items, FeelNode **few)
{
    if (items->items != few || items->count == 0)
        return items->count ? items->items : NULL;
    return arena_copy(parser->arena, few, items->count * sizeof *few);
}

FeelNode *node_with_items(Parser *parser, NodeKind kind, const Token *from, const NodeList *items)
{
    FeelNode *node = node_create(parser, kind, from);
    node->items = items->items;
    node->count = (uint32_t)items->count;
    return node_finish(parser, node);
}

/* ---- unary comparisons ------------------------------------------------------------------------
 */

static char unary_operator(TokenKind kind)
{
    switch (kind) {
    case TOKEN_LESS: return '<';
    case TOKEN_LESS_EQUAL: return 'l';
    case TOKEN_GREATER: return '>';
    case TOKEN_GREATER_EQUAL: return 'g';
    case TOKEN_EQUAL: return '=';
    case TOKEN_NOT_EQUAL: return '!';
    default: return 0;
    }
}

/* "< 10": rule 7a. */
static FeelNode *parse_unary_comparison(Parser *parser)
{
    FeelNode *node = node_create(parser, NODE_UNARY, parser->at);
    node->mark = unary_operator((TokenKind)parser->at->kind);
    parser->at++;
    if (!parse_enter(parser))
        return NULL;
    node->left = parse_binary(parser, LEVEL_ADD);
    parser->nesting--;
    return node->left ? node_finish(parser, node) : NULL;
}

/* ---- names, paths, filters, calls ------------------------------------------------------------ */

static FeelNode *parse_name_or_input(Parser *parser)
{
    const Token *from = parser->at;
    if (token_is(parser, from, "?")) {
        parser->at++;
        return node_create(parser, NODE_INPUT, from);
    }
    FeelSymbol *symbol = parse_name(parser, parser->filters > 0);
    FeelNode *node = node_create(parser, NODE_NAME, from);
    node->as.symbol = symbol;
    return node;
}

static FeelNode *parse_path(Parser *parser, FeelNode *left)
{
    const Token *from = parser->at++;
    /* behind a point a keyword can be nothing but a name: workdays.between */
    if (!token_is_word(parser->at))
        return parse_fail(parser, "a name behind the \".\"");
    FeelNode *node = node_create(parser, NODE_PATH, from);
    node->left = left;
    node->as.symbol = parse_name(parser, true);
    return node_finish(parser, node);
}

static FeelNode *parse_filter(Parser *parser, FeelNode *left)
{
    const Token *from = parser->at++;
    parser->filters++;
    FeelNode *condition = parse_expression(parser);
    parser->filters--;
    if (!condition || !parse_expect(parser, TOKEN_RIGHT_BRACKET, "\"]\""))
        return NULL;
    return node_binary(parser, NODE_FILTER, from, left, condition);
}

static bool parse_argument(Parser *parser, bool is_named, NodeList *items, SymbolList *names)
{
    if (is_named) {
        const FeelSymbol *name = parse_declared_name(parser, TOKEN_COLON, "a parameter's name");
        if (!name || !parse_expect(parser, TOKEN_COLON, "\":\" behind the parameter's name"))
            return false;
        list_add(parser->arena, names, name);
    }
    FeelNode *item = parse_expression(parser);
    if (!item)
        return false;
    list_add(parser->arena, items, item);
    return true;
}

static FeelNode *parse_call(Parser *parser, FeelNode *callee)
{
    const Token *from = parser->at++;
    FeelNode *few[NODES_FEW];
    NodeList items = {.items = few, .capacity = NODES_FEW};
    SymbolList names = {0};
    bool is_named = is_named_argument(parser);
    if (parser->at->kind != TOKEN_RIGHT_PAREN) {
        do {
            if (!parse_argument(parser, is_named, &items, &names))
                return NULL;
        } while (parse_take(parser, TOKEN_COMMA));
    }
    if (!parse_expect(parser, TOKEN_RIGHT_PAREN, "\",\" or \")\""))
        return NULL;
    FeelNode *node = node_create(parser, NODE_CALL, from);
    node->left = callee;
    node->items = nodes_kept(parser, &items, few);
    node->count = (uint32_t)items.count;
    node->symbols = names.items;
    return node_finish(parser, node);
}

bool token_begins_operand(const Token *token)
{
    switch (token->kind) {
    case TOKEN_WORD:
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_AT:
    case TOKEN_MINUS:
    case TOKEN_LEFT_PAREN:
    case TOKEN_LEFT_BRACKET:
    case TOKEN_LEFT_BRACE:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NULL:
    case TOKEN_IF:
    case TOKEN_SOME:
    case TOKEN_EVERY: return true;
    default: return false;
    }
}

/* Inside the high end of an interval "[" closes it, unless an operand can begin behind it. */
static bool is_interval_end(const Parser *parser)
{
    return parser->in_endpoint && !token_begins_operand(parser->at + 1);
}

static FeelNode *parse_postfix(Parser *parser, FeelNode *node)
{
    while (node) {
        if (parser->at->kind == TOKEN_DOT)
            node = parse_path(parser, node);
        else if (parser->at->kind == TOKEN_LEFT_BRACKET && !is_interval_end(parser))
            node = parse_filter(parser, node);
        else if (parser->at->kind == TOKEN_LEFT_PAREN)
            node = parse_call(parser, node);
        else
            return node;
    }
    return NULL;
}

/* size: flat switch */
static FeelNode *parse_primary(Parser *parser)
{
    switch (parser->at->kind) {
    case TOKEN_NUMBER: return parse_number(parser, false);
    case TOKEN_STRING: return parse_string(parser);
    case TOKEN_AT: return parse_at(parser);
    case TOKEN_TRUE: return node_literal(parser, FEEL_TRUE);
    case TOKEN_FALSE: return node_literal(parser, FEEL_FALSE);
    case TOKEN_NULL: return node_literal(parser, feel_null());
    case TOKEN_WORD: return parse_name_or_input(parser);
    case TOKEN_LEFT_PAREN: return parse_parentheses(parser, false);
    case TOKEN_LEFT_BRACKET: return parse_list(parser);
    case TOKEN_RIGHT_BRACKET: return parse_open_range(parser);
    case TOKEN_LEFT_BRACE: return parse_context(parser);
    case TOKEN_IF: return parse_if(parser);
    case TOKEN_FOR:
    case TOKEN_SOME:
    case TOKEN_EVERY: return parse_iteration(parser);
    case TOKEN_FUNCTION: return parse_function(parser);
    default:
        return unary_operator((TokenKind)parser->at->kind) ? parse_unary_comparison(parser)
                                                           : parse_fail(parser, "an expression");
    }
}

/* ---- operators ------------------------------------------------------------------------------- */

static FeelNode *parse_instance_of(Parser *parser, FeelNode *left)
{
    while (left && token_is(parser, parser->at, "instance") &&
           token_is(parser, parser->at + 1, "of")) {
        FeelNode *node = node_create(parser, NODE_INSTANCE_OF, parser->at);
        parser->at += 2;
        node->left = left;
        node->as.type = parse_type(parser);
        left = node->as.type ? node_finish(parser, node) : NULL;
    }
    return left;
}

static FeelNode *parse_unary(Parser *parser)
{
    const Token *from = parser->at;
    FeelNode *node;
    if (!parse_take(parser, TOKEN_MINUS))
        return parse_instance_of(parser, parse_postfix(parser, parse_primary(parser)));
    if (parser->at->kind == TOKEN_NUMBER) /* rule 37: the sign belongs to the literal */
        return parse_instance_of(parser, parse_postfix(parser, parse_number(parser, true)));
    if (!parse_enter(parser))
        return NULL;
    node = node_create(parser, NODE_NEGATE, from);
    node->left = parse_unary(parser);
    parser->nesting--;
    return node->left ? node_finish(parser, node) : NULL;
}

typedef struct Operator {
    NodeKind node;
    int level; /* 0: no binary operator */
} Operator;

static Operator operator_of(TokenKind kind)
{
    switch (kind) {
    case TOKEN_OR: return (Operator){NODE_OR, LEVEL_OR};
    case TOKEN_AND: return (Operator){NODE_AND, LEVEL_AND};
    case TOKEN_EQUAL: return (Operator){NODE_EQUAL, LEVEL_COMPARE};
    case TOKEN_NOT_EQUAL: return (Operator){NODE_NOT_EQUAL, LEVEL_COMPARE};
    case TOKEN_LESS: return (Operator){NODE_LESS, LEVEL_COMPARE};
    case TOKEN_LESS_EQUAL: return (Operator){NODE_LESS_EQUAL, LEVEL_COMPARE};
    case TOKEN_GREATER: return (Operator){NODE_GREATER, LEVEL_COMPARE};
    case TOKEN_GREATER_EQUAL: return (Operator){NODE_GREATER_EQUAL, LEVEL_COMPARE};
    case TOKEN_BETWEEN: return (Operator){NODE_BETWEEN, LEVEL_COMPARE};
    case TOKEN_IN: return (Operator){NODE_IN, LEVEL_COMPARE};
    case TOKEN_PLUS: return (Operator){NODE_ADD, LEVEL_ADD};
    case TOKEN_MINUS: return (Operator){NODE_SUBTRACT, LEVEL_ADD};
    case TOKEN_STAR: return (Operator){NODE_MULTIPLY, LEVEL_MULTIPLY};
    case TOKEN_SLASH: return (Operator){NODE_DIVIDE, LEVEL_MULTIPLY};
    case TOKEN_POWER: return (Operator){NODE_POWER, LEVEL_POWER};
    default: return (Operator){0};
    }
}

static FeelNode *parse_binary_rest(Parser *parser, FeelNode *left, int level);

static FeelNode *parse_between(Parser *parser, const Token *from, FeelNode *left)
{
    FeelNode *node = node_create(parser, NODE_BETWEEN, from);
    node->left = left;
    node->right = parse_binary(parser, LEVEL_ADD);
    if (!node->right || !parse_expect(parser, TOKEN_AND, "\"and\" and the upper end"))
        return NULL;
    node->as.third = parse_binary(parser, LEVEL_ADD);
    return node->as.third ? node_finish(parser, node) : NULL;
}

/* Behind `in`. A "(" may open a list of tests, or be the start of an ordinary operand. */
static FeelNode *parse_in(Parser *parser, const Token *from, FeelNode *left)
{
    NodeList items = {0};
    FeelNode *tests;
    if (parser->at->kind == TOKEN_LEFT_PAREN) {
        if (!parse_enter(parser))
            return NULL;
        tests = parse_parentheses(parser, true);
        parser->nesting--;
        if (tests && tests->kind != NODE_TESTS)
            tests = parse_instance_of(parser, parse_postfix(parser, tests));
        if (tests && tests->kind != NODE_TESTS)
            tests = parse_binary_rest(parser, tests, LEVEL_ADD);
    } else {
        tests = parse_binary(parser, LEVEL_ADD);
    }
    if (!tests)
        return NULL;
    if (tests->kind == NODE_TESTS)
        items = (NodeList){.items = tests->items, .count = tests->count};
    else
        list_add(parser->arena, &items, tests);
    FeelNode *node = node_create(parser, NODE_IN, from);
    node->left = left;
    node->items = items.items;
    node->count = (uint32_t)items.count;
    return node_finish(parser, node);
}

static FeelNode *parse_binary_rest(Parser *parser, FeelNode *left, int level)
{
    while (left) {
        const Token *from = parser->at;
        Operator found = operator_of((TokenKind)from->kind);
        if (found.level == 0 || found.level < level)
            return left;
        parser->at++;
        if (found.node == NODE_BETWEEN)
            left = parse_between(parser, from, left);
        else if (found.node == NODE_IN)
            left = parse_in(parser, from, left);
        else
            left =
                node_binary(parser, found.node, from, left, parse_binary(parser, found.level + 1));
    }
    return NULL;
}

FeelNode *parse_binary(Parser *parser, int level)
{
    return parse_binary_rest(parser, parse_unary(parser), level);
}

FeelNode *parse_expression(Parser *parser)
{
    if (!parse_enter(parser))
        return NULL;
    bool was_in_endpoint = parser->in_endpoint;
    parser->in_endpoint = false;
    FeelNode *node = parse_binary(parser, LEVEL_OR);
    parser->in_endpoint = was_in_endpoint;
    parser->nesting--;
    return node;
}

/* ---- the whole text -------------------------------------------------------------------------- */

static FeelNode *parse_tests_until_end(Parser *parser, const Token *from)
{
    NodeList items = {0};
    if (!parse_items(parser, NULL, &items) || !parse_expect(parser, TOKEN_END, "\",\" or the end"))
        return NULL;
    return node_with_items(parser, NODE_TESTS, from, &items);
}

/* Rule 15. "not(...)" is a negation of tests only when it is all; else `not` is the built-in. */
static FeelNode *parse_tests(Parser *parser)
{
    const Token *from = parser->at;
    NodeList items = {0};
    if (from->kind == TOKEN_MINUS && from[1].kind == TOKEN_END)
        return node_with_items(parser, NODE_TESTS, from, &items);
    if (!token_is(parser, from, "not") || from[1].kind != TOKEN_LEFT_PAREN)
        return parse_tests_until_end(parser, from);
    parser->at += 2;
    if (!parse_items(parser, NULL, &items) ||
        !parse_expect(parser, TOKEN_RIGHT_PAREN, "\",\" or \")\""))
        return NULL;
    if (parser->at->kind != TOKEN_END) {
        parser->at = from;
        return parse_tests_until_end(parser, from);
    }
    FeelNode *node = node_with_items(parser, NODE_TESTS, from, &items);
    if (node)
        node->is_negated = true;
    return node;
}

bool parser_read(Arena *arena, const char *source, Tokens tokens, FeelDialect dialect,
                 const FeelNames *names, ParseResult *out, Error *err)
{
    Parser parser = {
        .arena = arena, .source = source, .at = tokens.items, .names = names, .err = err};
    FeelNode *root;
    parser.symbols = parser.few_symbols;
    parser.symbol_slots = SYMBOLS_FEW;
    if (dialect == FEEL_UNARY_TESTS) {
        root = parse_tests(&parser);
    } else {
        root = parse_expression(&parser);
        if (root && !parse_expect(&parser, TOKEN_END, "an operator or the end"))
            root = NULL;
    }
    if (!root)
        return false;
    *out = (ParseResult){.root = root,
                         .item = symbol_found(&parser, "item"),
                         .partial = symbol_found(&parser, "partial")};
    return true;
}
