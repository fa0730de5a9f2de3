/*
 * feel_compile.c - from text to a tree that can be evaluated again and again.
 *
 *     source -> lexer_read -> parser_read -> check (one walk, bottom up) -> FeelExpression
 *
 * The walk folds what is constant, finds the built-ins that names may mean, notes where closures
 * are made and where `?` is used, and collects the names that must come from the scope.
 */
#include "feel/feel_compile.h"

#include <string.h>
#include "feel/feel_builtins.h"
#include "feel/feel_value.h"

/* Names that the expression itself brings, innermost first. */
typedef struct Local {
    const FeelSymbol *symbol;
    const struct Local *outer;
} Local;

typedef struct Checker {
    Arena *arena;
    ParseResult parsed;
    LIST(const char *) free_names;
    bool uses_partial;
    uint32_t contexts;
    int filters; /* inside a filter a free name may be a member of the item */
} Checker;

static void check(Checker *checker, FeelNode *node, const Local *locals);

static bool is_local(const Local *locals, const FeelSymbol *symbol)
{
    for (; locals; locals = locals->outer)
        if (locals->symbol == symbol)
            return true;
    return false;
}

static void find_builtin(FeelSymbol *symbol)
{
    if (symbol->is_searched)
        return;
    symbol->is_searched = true;
    symbol->builtin = builtin_find(symbol->text, symbol->length, &symbol->builtin_count);
}

static void note_free_name(Checker *checker, const FeelSymbol *symbol)
{
    list_each (const char *, name, &checker->free_names)
        if (*name == symbol->text)
            return;
    list_add(checker->arena, &checker->free_names, symbol->text);
}

static void check_name(Checker *checker, const FeelNode *node, const Local *locals)
{
    FeelSymbol *symbol = node->as.symbol;
    if (symbol == checker->parsed.partial)
        checker->uses_partial = true;
    if (is_local(locals, symbol))
        return;
    find_builtin(symbol);
    if (!symbol->builtin && !checker->filters)
        note_free_name(checker, symbol);
}

/* ---- constants ------------------------------------------------------------------------------- */

static bool are_literals(const FeelNode *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != NODE_LITERAL)
            return false;
    return true;
}

static void become_literal(FeelNode *node, FeelValue value)
{
    node->kind = NODE_LITERAL;
    node->as.value = value;
}

static void fold_list(Checker *checker, FeelNode *node)
{
    if (!are_literals(node))
        return;
    FeelValue *items = arena_array(checker->arena, FeelValue, node->count);
    for (size_t i = 0; i < node->count; i++)
        items[i] = node->items[i]->as.value;
    FeelValue list = list_over(checker->arena, items, node->count);
    if (list.kind == FEEL_LIST)
        become_literal(node, list);
}

static void fold_range(Checker *checker, FeelNode *node)
{
    if (node->mark == RANGE_ITERATION || node->left->kind != NODE_LITERAL ||
        node->right->kind != NODE_LITERAL)
        return;
    FeelValue range =
        feel_range(checker->arena, node->left->as.value, node->mark & RANGE_LOW_INCLUDED,
                   node->right->as.value, node->mark & RANGE_HIGH_INCLUDED);
    if (range.kind == FEEL_RANGE)
        become_literal(node, range);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void inherit(FeelNode *node, const FeelNode *child, bool with_input)
{
    if (!child)
        return;
    node->makes_functions |= child->makes_functions;
    node->uses_input |= with_input && child->uses_input;
}

static void check_child(Checker *checker, FeelNode *node, FeelNode *child, const Local *locals)
{
    if (!child)
        return;
    check(checker, child, locals);
    inherit(node, child, true);
}

static void check_items(Checker *checker, FeelNode *node, const Local *locals, bool with_input)
{
    for (size_t i = 0; i < node->count; i++) {
        check(checker, node->items[i], locals);
        inherit(node, node->items[i], with_input);
    }
}

/* Each domain sees the variables before it; the body sees all of them. */
static void check_iteration(Checker *checker, FeelNode *node, const Local *locals)
{
    Local *scopes = arena_array(checker->arena, Local, node->count + 1);
    for (size_t i = 0; i < node->count; i++) {
        check_child(checker, node, node->items[i], locals);
        scopes[i] = (Local){.symbol = node->symbols[i], .outer = locals};
        locals = &scopes[i];
    }
    Local partial = {.symbol = checker->parsed.partial, .outer = locals};
    check_child(checker, node, node->right, node->kind == NODE_FOR ? &partial : locals);
}

/* Once, so that evaluating a context does not compare each key with all others. */
static FeelNode *find_repeated(Checker *checker, const FeelNode *node)
{
    uint32_t number = ++checker->contexts;
    for (size_t i = 0; i < node->count; i++) {
        FeelSymbol *key = (FeelSymbol *)(uintptr_t)node->symbols[i]; /* of this parse */
        if (key->seen_in == number)
            return node->items[i];
        key->seen_in = number;
    }
    return NULL;
}

/* Each entry sees those before it. */
static void check_context(Checker *checker, FeelNode *node, const Local *locals)
{
    node->right = find_repeated(checker, node);
    Local *scopes = arena_array(checker->arena, Local, node->count + 1);
    for (size_t i = 0; i < node->count; i++) {
        check_child(checker, node, node->items[i], locals);
        scopes[i] = (Local){.symbol = node->symbols[i], .outer = locals};
        locals = &scopes[i];
    }
}

static void check_function(Checker *checker, FeelNode *node, const Local *locals)
{
    Local *scopes = arena_array(checker->arena, Local, node->count + 1);
    for (size_t i = 0; i < node->count; i++) {
        scopes[i] = (Local){.symbol = node->symbols[i], .outer = locals};
        locals = &scopes[i];
    }
    check(checker, node->right, locals);
    node->makes_functions = true;
}

static void check_filter(Checker *checker, FeelNode *node, const Local *locals)
{
    Local item = {.symbol = checker->parsed.item, .outer = locals};
    check_child(checker, node, node->left, locals);
    checker->filters++;
    check_child(checker, node, node->right, &item);
    checker->filters--;
}

/* "workdays.add": a built-in, unless there is a variable of the first name. */
static bool check_spaced_builtin(Checker *checker, FeelNode *node, const Local *locals)
{
    const FeelSymbol *space = node->left->as.symbol;
    if (node->left->kind != NODE_NAME || !builtin_is_space(space->text) || is_local(locals, space))
        return false;
    FeelSymbol *symbol = arena_new(checker->arena, FeelSymbol);
    symbol->text = arena_printf(checker->arena, "%s.%s", space->text, node->as.symbol->text);
    symbol->length = (uint32_t)strlen(symbol->text);
    find_builtin(symbol);
    if (!symbol->builtin)
        return false;
    node->symbols = arena_array(checker->arena, const FeelSymbol *, 1);
    node->symbols[0] = symbol;
    return true;
}

/* size: flat switch */
static void check(Checker *checker, FeelNode *node, const Local *locals)
{
    switch ((NodeKind)node->kind) {
    case NODE_NAME: check_name(checker, node, locals); return;
    case NODE_INPUT: node->uses_input = true; return;
    case NODE_PATH:
        if (!check_spaced_builtin(checker, node, locals))
            check_child(checker, node, node->left, locals);
        return;
    case NODE_FILTER: check_filter(checker, node, locals); return;
    case NODE_FOR:
    case NODE_SOME:
    case NODE_EVERY: check_iteration(checker, node, locals); return;
    case NODE_CONTEXT: check_context(checker, node, locals); return;
    case NODE_FUNCTION: check_function(checker, node, locals); return;
    case NODE_IN: /* the tests have an input of their own */
        check_child(checker, node, node->left, locals);
        check_items(checker, node, locals, false);
        return;
    case NODE_LIST:
        check_items(checker, node, locals, true);
        fold_list(checker, node);
        return;
    case NODE_RANGE:
        check_child(checker, node, node->left, locals);
        check_child(checker, node, node->right, locals);
        fold_range(checker, node);
        return;
    case NODE_IF:
    case NODE_BETWEEN: check_child(checker, node, node->as.third, locals); break;
    default: break;
    }
    check_child(checker, node, node->left, locals);
    check_child(checker, node, node->right, locals);
    if (node->items)
        check_items(checker, node, locals, node->kind != NODE_TESTS);
}

/* ---- public ---------------------------------------------------------------------------------- */

FeelExpression *compile_whole(Arena *arena, const char *source, FeelDialect dialect,
                              const FeelNames *known_names, Error *err)
{
    size_t length = strlen(source);
    Token few[TOKENS_FEW];
    Tokens tokens;
    Checker checker = {.arena = arena};
    if (length > FEEL_SOURCE_MAX) {
        (void)error_set(err, ERROR_TOO_LARGE, .code = "feel.size",
                        .message = "The expression is longer than 256 KiB.");
        return NULL;
    }
    if (!text_is_utf8(source, length)) {
        (void)error_set(err, ERROR_INVALID, .code = "feel.encoding", .line = 1, .column = 1,
                        .message = "The expression is not UTF-8 text.");
        return NULL;
    }
    source = arena_text_n(arena, source, length);
    if (!lexer_read(arena, source, length, few, &tokens, err) ||
        !parser_read(arena, source, tokens, dialect, known_names, &checker.parsed, err))
        return NULL;
    check(&checker, checker.parsed.root, NULL);
    FeelExpression *expression = arena_new(arena, FeelExpression);
    *expression = (FeelExpression){.source = source,
                                   .root = checker.parsed.root,
                                   .item = checker.parsed.item,
                                   .partial = checker.parsed.partial,
                                   .uses_partial = checker.uses_partial,
                                   .free_names = checker.free_names.items,
                                   .free_count = checker.free_names.count};
    return expression;
}

FeelExpression *feel_compile(Arena *arena, const char *source, FeelDialect dialect,
                             const FeelNames *known_names, Error *err)
{
    ArenaMark mark = arena_mark(arena);
    FeelExpression *whole = compile_whole(arena, source, dialect, known_names, err);
    return whole ? expression_packed(arena, mark, source, whole) : NULL;
}

const char *feel_source(const FeelExpression *expression)
{
    return expression->source;
}

size_t feel_free_names(const FeelExpression *expression, const char *const **out_names)
{
    *out_names = expression->free_names;
    return expression->free_count;
}

bool feel_is_irrelevant(const FeelExpression *expression)
{
    const FeelNode *root = expression->root;
    return root && root->kind == NODE_TESTS && root->count == 0;
}
