/*
 * feel_parser_forms.c - names, and the forms that begin with a keyword or bring names into scope:
 * if, for, some, every, function, contexts; and types.
 *
 * A name is the longest that the scope knows at this place; failing that, all plain words side by
 * side, since two operands can never stand without an operator between them.
 */
#include "feel/feel_parser_internal.h"

#include <string.h>

/* ---- symbols --------------------------------------------------------------------------------- */

static FeelSymbol **find_slot(const Parser *parser, const char *text, size_t length, uint32_t hash)
{
    size_t mask = parser->symbol_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        FeelSymbol *symbol = parser->symbols[at];
        if (!symbol || (symbol->hash == hash && symbol->length == length &&
                        memcmp(symbol->text, text, length) == 0))
            return &parser->symbols[at];
    }
}

static void grow_symbols(Parser *parser)
{
    FeelSymbol **old = parser->symbols;
    size_t old_slots = parser->symbol_slots;
    parser->symbol_slots = old_slots ? old_slots * 2 : 16;
    parser->symbols = arena_array(parser->arena, FeelSymbol *, parser->symbol_slots);
    for (size_t i = 0; i < old_slots; i++)
        if (old[i])
            *find_slot(parser, old[i]->text, old[i]->length, old[i]->hash) = old[i];
}

const FeelSymbol *symbol_found(const Parser *parser, const char *text)
{
    static const FeelSymbol none = {.text = "", .is_searched = true};
    const FeelSymbol *found = *find_slot(parser, text, strlen(text), feel_hash(text));
    return found ? found : &none;
}

FeelSymbol *symbol_of(Parser *parser, const char *text, size_t length, uint32_t hash)
{
    if (parser->symbol_count * 2 >= parser->symbol_slots)
        grow_symbols(parser);
    FeelSymbol **slot = find_slot(parser, text, length, hash);
    if (!*slot) {
        *slot = arena_new(parser->arena, FeelSymbol);
        **slot = (FeelSymbol){.text = arena_text_n(parser->arena, text, length),
                              .length = (uint32_t)length,
                              .hash = hash};
        parser->symbol_count++;
    }
    return *slot;
}

/* One symbol of several tokens, with single spaces where there is any space between them. */
static FeelSymbol *join_tokens(Parser *parser, const Token *from, size_t count)
{
    if (count == 1)
        return symbol_of(parser, parser->source + from->offset, from->length, from->hash);
    Buffer text = buffer_init(parser->arena, 0);
    for (size_t i = 0; i < count; i++) {
        if (i && from[i].has_space)
            buffer_add_char(&text, ' ');
        buffer_add_n(&text, parser->source + from[i].offset, from[i].length);
    }
    return symbol_of(parser, buffer_text(&text), text.length, feel_hash(buffer_text(&text)));
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_sequence(const Parser *parser, const Token *at, const char *const *words)
{
    for (; *words; words++, at++)
        if (at->kind == TOKEN_END || at->length != strlen(*words) ||
            memcmp(parser->source + at->offset, *words, at->length) != 0)
            return false;
    return true;
}

/* The built-in functions and types whose names hold a keyword. */
static size_t builtin_words(const Parser *parser, const Token *at)
{
    static const char *const date_and_time[] = {"date", "and", "time", NULL};
    static const char *const months[] = {"years", "and", "months", "duration", NULL};
    static const char *const days[] = {"days", "and", "time", "duration", NULL};
    if (at[1].kind != TOKEN_AND)
        return 0;
    if (is_sequence(parser, at, months) || is_sequence(parser, at, days))
        return 4;
    return is_sequence(parser, at, date_and_time) ? 3 : 0;
}

/* A word that can only go on with a name. */
static bool is_plain_word(const Parser *parser, const Token *at)
{
    return at->kind == TOKEN_WORD && !token_is(parser, at, "?") &&
           !(token_is(parser, at, "instance") && token_is(parser, at + 1, "of"));
}

static size_t plain_words(const Parser *parser, const Token *at)
{
    size_t count = 1;
    while (is_plain_word(parser, &at[count]))
        count++;
    return count;
}

FeelSymbol *parse_name(Parser *parser, bool is_member)
{
    const Token *from = parser->at;
    size_t count = builtin_words(parser, from), local_count = 0, known_count = 0;
    const char *known = names_match(parser->names, parser->source, from, is_member, &known_count);
    const char *local = names_match(parser->locals, parser->source, from, is_member, &local_count);
    if (local && local_count >= known_count) {
        known = local;
        known_count = local_count;
    }
    if (known && known_count > count && !is_plain_word(parser, &from[known_count])) {
        parser->at += known_count;
        return symbol_of(parser, known, strlen(known), feel_hash(known));
    }
    if (count == 0)
        count = plain_words(parser, from);
    parser->at += count;
    return join_tokens(parser, from, count);
}

static bool can_be_in_name(const Token *token)
{
    switch (token->kind) {
    case TOKEN_NUMBER:
    case TOKEN_DOT:
    case TOKEN_SLASH:
    case TOKEN_MINUS:
    case TOKEN_APOSTROPHE:
    case TOKEN_PLUS:
    case TOKEN_STAR:
    case TOKEN_POWER: return true;
    default: return token_is_word(token);
    }
}

/* Names that plain_words would read again need not be remembered. */
static void declare(Parser *parser, const char *name)
{
    if (!name[strcspn(name, " .,/-'+*")])
        return;
    if (!parser->locals)
        parser->locals = feel_names_create(parser->arena);
    KnownName *known = names_declare(parser->locals, name);
    if (known)
        list_add(parser->arena, &parser->declared, known);
}

static void leave_scope(Parser *parser, size_t declared_before, bool stay_members)
{
    while (parser->declared.count > declared_before)
        names_leave(parser->declared.items[--parser->declared.count], stay_members);
}

FeelSymbol *parse_declared_name(Parser *parser, TokenKind stop, const char *expected)
{
    const Token *from = parser->at;
    size_t count = 0;
    if (from->kind != TOKEN_WORD)
        return parse_fail(parser, expected);
    while (from[count].kind != stop && can_be_in_name(&from[count]))
        count++;
    parser->at += count;
    return join_tokens(parser, from, count);
}

bool is_named_argument(const Parser *parser)
{
    const Token *at = parser->at;
    if (at->kind != TOKEN_WORD)
        return false;
    while (can_be_in_name(at))
        at++;
    return at->kind == TOKEN_COLON;
}

/* ---- if, for, some, every ---------------------------------------------------------------------
 */

FeelNode *parse_if(Parser *parser)
{
    FeelNode *node = node_create(parser, NODE_IF, parser->at++);
    node->left = parse_expression(parser);
    if (!node->left || !parse_expect(parser, TOKEN_THEN, "\"then\""))
        return NULL;
    node->right = parse_expression(parser);
    if (!node->right || !parse_expect(parser, TOKEN_ELSE, "\"else\""))
        return NULL;
    node->as.third = parse_expression(parser);
    return node->as.third ? node_finish(parser, node) : NULL;
}

/* The source of an iteration: a list, or "low..high" which may also count down. */
static FeelNode *parse_domain(Parser *parser)
{
    const Token *from = parser->at;
    FeelNode *low = parse_expression(parser);
    if (!low || !parse_take(parser, TOKEN_DOTS))
        return low;
    FeelNode *node = node_create(parser, NODE_RANGE, from);
    node->mark = RANGE_ITERATION;
    node->left = low;
    node->right = parse_expression(parser);
    return node->right ? node_finish(parser, node) : NULL;
}

static bool parse_iterator(Parser *parser, NodeList *items, SymbolList *names)
{
    const FeelSymbol *name = parse_declared_name(parser, TOKEN_IN, "the name of a variable");
    if (!name || !parse_expect(parser, TOKEN_IN, "\"in\""))
        return false;
    FeelNode *domain = parse_domain(parser);
    if (!domain)
        return false;
    declare(parser, name->text);
    list_add(parser->arena, items, domain);
    list_add(parser->arena, names, name);
    return true;
}

FeelNode *parse_iteration(Parser *parser)
{
    const Token *from = parser->at++;
    bool is_for = from->kind == TOKEN_FOR;
    size_t declared = parser->declared.count;
    NodeList items = {0};
    SymbolList names = {0};
    do {
        if (!parse_iterator(parser, &items, &names))
            return NULL;
    } while (parse_take(parser, TOKEN_COMMA));
    if (is_for ? !parse_expect(parser, TOKEN_RETURN, "\",\" or \"return\"")
               : !parse_expect(parser, TOKEN_SATISFIES, "\",\" or \"satisfies\""))
        return NULL;
    FeelNode *node = node_create(parser,
                                 is_for                     ? NODE_FOR
                                 : from->kind == TOKEN_SOME ? NODE_SOME
                                                            : NODE_EVERY,
                                 from);
    node->right = parse_expression(parser);
    leave_scope(parser, declared, false);
    node->items = items.items;
    node->symbols = names.items;
    node->count = (uint32_t)items.count;
    return node->right ? node_finish(parser, node) : NULL;
}

/* ---- functions and contexts ------------------------------------------------------------------ */

typedef LIST(const FeelType *) TypeList;

static bool parse_parameter(Parser *parser, SymbolList *names, TypeList *types)
{
    const FeelSymbol *name = parse_declared_name(parser, TOKEN_COLON, "a parameter's name");
    if (!name)
        return false;
    declare(parser, name->text);
    const FeelType *type = NULL;
    if (parse_take(parser, TOKEN_COLON) && !(type = parse_type(parser)))
        return false;
    list_add(parser->arena, names, name);
    list_add(parser->arena, types, type);
    return true;
}

FeelNode *parse_function(Parser *parser)
{
    FeelNode *node = node_create(parser, NODE_FUNCTION, parser->at++);
    SymbolList names = {0};
    TypeList types = {0};
    size_t declared = parser->declared.count;
    if (!parse_expect(parser, TOKEN_LEFT_PAREN, "\"(\" and the parameters"))
        return NULL;
    if (parser->at->kind != TOKEN_RIGHT_PAREN) {
        do {
            if (!parse_parameter(parser, &names, &types))
                return NULL;
        } while (parse_take(parser, TOKEN_COMMA));
    }
    if (!parse_expect(parser, TOKEN_RIGHT_PAREN, "\",\" or \")\""))
        return NULL;
    if (token_is(parser, parser->at, "external")) {
        parser->at++;
        node->mark = 'e';
    }
    node->right = parse_expression(parser);
    leave_scope(parser, declared, false);
    node->symbols = names.items;
    node->as.types = types.items;
    node->count = (uint32_t)names.count;
    return node->right ? node_finish(parser, node) : NULL;
}

static FeelSymbol *parse_key(Parser *parser)
{
    if (parser->at->kind != TOKEN_STRING)
        return parse_declared_name(parser, TOKEN_COLON, "a name or a string as key");
    size_t length;
    const char *text = lexer_string(parser->arena, parser->source, parser->at, &length);
    parser->at++;
    return symbol_of(parser, text, length, feel_hash(text));
}

FeelNode *parse_context(Parser *parser)
{
    FeelNode *node = node_create(parser, NODE_CONTEXT, parser->at++);
    NodeList items = {0};
    SymbolList names = {0};
    size_t declared = parser->declared.count;
    bool is_empty = parser->at->kind == TOKEN_RIGHT_BRACE;
    while (!is_empty) {
        const FeelSymbol *key = parse_key(parser);
        if (!key || !parse_expect(parser, TOKEN_COLON, "\":\" behind the key"))
            return NULL;
        FeelNode *value = parse_expression(parser);
        if (!value)
            return NULL;
        declare(parser, key->text);
        list_add(parser->arena, &items, value);
        list_add(parser->arena, &names, key);
        if (!parse_take(parser, TOKEN_COMMA))
            break;
    }
    if (!parse_expect(parser, TOKEN_RIGHT_BRACE, "\",\" or \"}\""))
        return NULL;
    leave_scope(parser, declared, true);
    node->items = items.items;
    node->symbols = names.items;
    node->count = (uint32_t)items.count;
    return node_finish(parser, node);
}

/* ---- types ----------------------------------------------------------------------------------- */

typedef struct SimpleType {
    const char *name;
    TypeKind kind;
    FeelKind value_kind;
} SimpleType;

static FeelType *type_of_name(Parser *parser, const char *name)
{
    static const SimpleType simple[] = {
        {"Any", TYPE_ANY, FEEL_NULL},
        {"Null", TYPE_NULL, FEEL_NULL},
        {"number", TYPE_KIND, FEEL_NUMBER},
        {"string", TYPE_KIND, FEEL_STRING},
        {"boolean", TYPE_KIND, FEEL_BOOLEAN},
        {"date", TYPE_KIND, FEEL_DATE},
        {"time", TYPE_KIND, FEEL_TIME},
        {"date and time", TYPE_KIND, FEEL_DATE_TIME},
        {"years and months duration", TYPE_KIND, FEEL_YEARS_MONTHS},
        {"days and time duration", TYPE_KIND, FEEL_DAYS_TIME},
        {"list", TYPE_LIST, FEEL_LIST},
        {"context", TYPE_CONTEXT, FEEL_CONTEXT},
        {"range", TYPE_RANGE, FEEL_RANGE},
        {"function", TYPE_FUNCTION, FEEL_FUNCTION},
    };
    FeelType *type = arena_new(parser->arena, FeelType);
    *type = (FeelType){.kind = TYPE_OF_HOST, .name = name};
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
        if (strcmp(simple[i].name, name) == 0) {
            type->kind = simple[i].kind;
            type->value_kind = simple[i].value_kind;
        }
    return type;
}

static bool add_part(Parser *parser, TypeList *parts)
{
    const FeelType *part = parse_type(parser);
    if (part)
        list_add(parser->arena, parts, part);
    return part != NULL;
}

/* "<name: type, ...>" of contexts and "<type, ...>" of the others, behind the "<". */
static bool parse_type_parts(Parser *parser, FeelType *type)
{
    TypeList parts = {0};
    LIST(const char *) names = {0};
    bool is_empty = type->kind == TYPE_FUNCTION && parser->at->kind == TOKEN_GREATER;
    while (!is_empty) {
        if (type->kind == TYPE_CONTEXT) {
            const FeelSymbol *name = parse_declared_name(parser, TOKEN_COLON, "a member's name");
            if (!name || !parse_expect(parser, TOKEN_COLON, "\":\" and the member's type"))
                return false;
            list_add(parser->arena, &names, name->text);
        }
        if (!add_part(parser, &parts))
            return false;
        if (type->kind == TYPE_LIST || type->kind == TYPE_RANGE || !parse_take(parser, TOKEN_COMMA))
            break;
    }
    if (!parse_expect(parser, TOKEN_GREATER, "\">\""))
        return false;
    if (type->kind == TYPE_FUNCTION &&
        (!parse_expect(parser, TOKEN_ARROW, "\"->\" and the type of the result") ||
         !add_part(parser, &parts)))
        return false;
    type->parts = parts.items;
    type->names = names.items;
    type->count = parts.count;
    return true;
}

static FeelType *parse_type_name(Parser *parser)
{
    if (parser->at->kind == TOKEN_FUNCTION) {
        parser->at++;
        return type_of_name(parser, "function");
    }
    if (parse_take(parser, TOKEN_NULL))
        return type_of_name(parser, "Null");
    if (parser->at->kind != TOKEN_WORD)
        return parse_fail(parser, "the name of a type");
    const char *name = parse_name(parser, false)->text;
    while (parser->at->kind == TOKEN_DOT && parser->at[1].kind == TOKEN_WORD) {
        parser->at++;
        name = arena_printf(parser->arena, "%s.%s", name, parse_name(parser, true)->text);
    }
    return type_of_name(parser, name);
}

const FeelType *parse_type(Parser *parser)
{
    if (parser->nesting >= FEEL_NESTING_MAX)
        return parse_fail(parser, "a type that is less deep");
    FeelType *type = parse_type_name(parser);
    if (!type || type->kind < TYPE_LIST || type->kind == TYPE_OF_HOST ||
        parser->at->kind != TOKEN_LESS)
        return type;
    parser->at++;
    parser->nesting++;
    bool is_read = parse_type_parts(parser, type);
    parser->nesting--;
    return is_read ? type : NULL;
}
