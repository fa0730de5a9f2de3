/*
 * feel_parser_brackets.c - literals, and what stands in brackets: nested expressions, lists,
 * intervals.
 *
 * Which of them a bracket opens shows only behind its first expression: "..", "," or the end.
 */
#include "feel/feel_parser_internal.h"

/* ---- literals -------------------------------------------------------------------------------- */

FeelNode *parse_number(Parser *parser, bool is_negative)
{
    Decimal number;
    if (!decimal_from_text(parser->source + parser->at->offset, parser->at->length, &number))
        return parse_fail(parser, "a number within the range of 34 digits and 10^6144");
    return node_literal(parser, feel_number(is_negative ? decimal_negate(number) : number));
}

FeelNode *parse_string(Parser *parser)
{
    FeelValue value = {.kind = FEEL_STRING};
    value.as.string.text =
        lexer_string(parser->arena, parser->source, parser->at, &value.as.string.length);
    return node_literal(parser, value);
}

/* What is no date, time or duration is null when evaluated, as the standard has it. */
FeelNode *parse_at(Parser *parser)
{
    FeelNode *node = parse_string(parser);
    FeelValue value;
    if (feel_from_temporal_text(parser->arena, node->as.value.as.string.text, &value))
        node->as.value = value;
    else
        node->kind = NODE_BAD_AT;
    return node;
}

/* ---- brackets -------------------------------------------------------------------------------- */

/* Behind "..": reads the high end and the closing bracket. */
static FeelNode *parse_range_end(Parser *parser, const Token *from, FeelNode *low, bool is_included)
{
    bool was_in_endpoint = parser->in_endpoint;
    if (!parse_enter(parser))
        return NULL;
    parser->in_endpoint = true;
    FeelNode *high = parse_binary(parser, LEVEL_OR);
    parser->in_endpoint = was_in_endpoint;
    parser->nesting--;
    FeelNode *range = node_binary(parser, NODE_RANGE, from, low, high);
    if (!range)
        return NULL;
    if (is_included)
        range->mark |= RANGE_LOW_INCLUDED;
    if (parse_take(parser, TOKEN_RIGHT_BRACKET)) {
        range->mark |= RANGE_HIGH_INCLUDED;
        return range;
    }
    if (parse_take(parser, TOKEN_RIGHT_PAREN) || parse_take(parser, TOKEN_LEFT_BRACKET))
        return range;
    return parse_fail(parser, "\"]\", \")\" or \"[\" to close the interval");
}

/* Expressions between commas; the caller reads what closes them. */
bool parse_items(Parser *parser, FeelNode *first, NodeList *out)
{
    FeelNode *few[NODES_FEW];
    NodeList items = {.items = few, .capacity = NODES_FEW};
    if (first)
        list_add(parser->arena, &items, first);
    while (!first || parse_take(parser, TOKEN_COMMA)) {
        FeelNode *item = parse_expression(parser);
        if (!item)
            return false;
        list_add(parser->arena, &items, item);
        first = item;
    }
    *out = (NodeList){.items = nodes_kept(parser, &items, few), .count = items.count};
    return true;
}

/* "(": a nested expression, an open interval or, behind `in`, a list of tests. */
FeelNode *parse_parentheses(Parser *parser, bool may_be_tests)
{
    const Token *from = parser->at++;
    FeelNode *first = parse_expression(parser);
    if (!first)
        return NULL;
    if (parse_take(parser, TOKEN_DOTS))
        return parse_range_end(parser, from, first, false);
    if (!may_be_tests || parser->at->kind != TOKEN_COMMA)
        return parse_expect(parser, TOKEN_RIGHT_PAREN, "\")\"") ? first : NULL;
    NodeList items = {0};
    if (!parse_items(parser, first, &items) ||
        !parse_expect(parser, TOKEN_RIGHT_PAREN, "\",\" or \")\""))
        return NULL;
    return node_with_items(parser, NODE_TESTS, from, &items);
}

FeelNode *parse_list(Parser *parser)
{
    const Token *from = parser->at++;
    NodeList items = {0};
    if (parse_take(parser, TOKEN_RIGHT_BRACKET))
        return node_with_items(parser, NODE_LIST, from, &items);
    FeelNode *first = parse_expression(parser);
    if (!first)
        return NULL;
    if (parse_take(parser, TOKEN_DOTS))
        return parse_range_end(parser, from, first, true);
    if (!parse_items(parser, first, &items) ||
        !parse_expect(parser, TOKEN_RIGHT_BRACKET, "\",\" or \"]\""))
        return NULL;
    return node_with_items(parser, NODE_LIST, from, &items);
}

/* "]1..5]" */
FeelNode *parse_open_range(Parser *parser)
{
    const Token *from = parser->at;
    if (!token_begins_operand(from + 1))
        return parse_fail(parser, "an expression");
    parser->at++;
    FeelNode *low = parse_expression(parser);
    if (!low || !parse_expect(parser, TOKEN_DOTS, "\"..\""))
        return NULL;
    return parse_range_end(parser, from, low, false);
}
