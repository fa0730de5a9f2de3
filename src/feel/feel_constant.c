/*
 * feel_constant.c - expressions and unary tests of constants alone: most cells of decision tables.
 *
 *     tree of literals -> Packing (on the stack) -> the arena goes back to the mark -> one piece of
 *     memory: FeelExpression, constants, intervals, texts, source
 *
 * They are answered without a machine. Where a finding is due (kinds that cannot be compared) the
 * tree is read again from the source: that is rare, and keeps a cell at a third of its tree's size.
 */
#include "feel/feel_eval.h"

#include <assert.h>
#include <string.h>
#include "feel/feel_value.h"

enum { CONSTANTS_MAX = 8, TEXTS_MAX = 512 };

typedef struct Packing {
    ConstantTest constants[CONSTANTS_MAX];
    FeelRange ranges[CONSTANTS_MAX];
    size_t count;
    size_t range_count;
    char texts[TEXTS_MAX];
    size_t text_length;
    bool are_tests;
    bool is_negated;
} Packing;

/* ---- packing --------------------------------------------------------------------------------- */

/* A flat value, its text moved; false for what holds other values, or memory of its own. */
static bool pack_flat(Packing *packing, FeelValue *value)
{
    if (value->kind == FEEL_TIME || value->kind == FEEL_DATE_TIME)
        return value->zone_kind != FEEL_ZONE_NAMED;
    if (value->kind != FEEL_STRING)
        return value->kind < FEEL_LIST;
    size_t size = value->as.string.length + 1;
    if (size > TEXTS_MAX - packing->text_length)
        return false;
    char *text = packing->texts + packing->text_length;
    memcpy(text, value->as.string.text, size);
    value->as.string.text = text;
    packing->text_length += size;
    return true;
}

static bool pack_value(Packing *packing, FeelValue *value)
{
    if (value->kind != FEEL_RANGE)
        return pack_flat(packing, value);
    FeelRange *range = &packing->ranges[packing->range_count++];
    *range = *value->as.range;
    value->as.range = range;
    return pack_flat(packing, &range->low) && pack_flat(packing, &range->high);
}

static bool pack_node(Packing *packing, const FeelNode *node)
{
    const FeelNode *literal = node->kind == NODE_UNARY ? node->left : node;
    if (literal->kind != NODE_LITERAL || packing->count == CONSTANTS_MAX)
        return false;
    ConstantTest *constant = &packing->constants[packing->count++];
    *constant = (ConstantTest){.value = literal->as.value,
                               .mark = node->kind == NODE_UNARY ? node->mark : '\0'};
    return pack_value(packing, &constant->value);
}

static bool pack(Packing *packing, const FeelNode *root)
{
    packing->are_tests = root->kind == NODE_TESTS;
    packing->is_negated = root->is_negated;
    if (!packing->are_tests)
        return root->kind == NODE_LITERAL && pack_node(packing, root);
    for (size_t i = 0; i < root->count; i++)
        if (!pack_node(packing, root->items[i]))
            return false;
    return root->count > 0;
}

/* ---- unpacking: pointers go from the stack to the arena -------------------------------------- */

static void move_text(const Packing *packing, const char *texts, FeelValue *value)
{
    if (value->kind == FEEL_STRING)
        value->as.string.text = texts + (value->as.string.text - packing->texts);
}

FeelExpression *expression_packed(Arena *arena, ArenaMark mark, const char *source,
                                  FeelExpression *whole)
{
    Packing packing;
    packing.count = packing.range_count = packing.text_length = 0;
    if (!pack(&packing, whole->root))
        return whole;
    arena_reset(arena, mark);

    size_t constants_size = packing.count * sizeof(ConstantTest);
    size_t ranges_size = packing.range_count * sizeof(FeelRange);
    size_t source_size = strlen(source) + 1;
    char *at = arena_alloc(arena, sizeof(FeelExpression) + constants_size + ranges_size +
                                      packing.text_length + source_size);
    FeelExpression *expression = (FeelExpression *)(void *)at;
    ConstantTest *constants = (ConstantTest *)(void *)(at + sizeof(FeelExpression));
    FeelRange *ranges = (FeelRange *)(void *)((char *)constants + constants_size);
    char *texts = (char *)ranges + ranges_size;
    memcpy(constants, packing.constants, constants_size);
    memcpy(ranges, packing.ranges, ranges_size);
    memcpy(texts, packing.texts, packing.text_length);
    memcpy(texts + packing.text_length, source, source_size);
    for (size_t i = 0; i < packing.range_count; i++) {
        move_text(&packing, texts, &ranges[i].low);
        move_text(&packing, texts, &ranges[i].high);
    }
    for (size_t i = 0; i < packing.count; i++) {
        FeelValue *value = &constants[i].value;
        move_text(&packing, texts, value);
        if (value->kind == FEEL_RANGE)
            value->as.range = ranges + (value->as.range - packing.ranges);
    }
    *expression = (FeelExpression){.source = texts + packing.text_length,
                                   .constants = constants,
                                   .constant_count = (uint16_t)packing.count,
                                   .are_tests = packing.are_tests,
                                   .is_negated = packing.is_negated};
    return expression;
}

/* ---- answering ------------------------------------------------------------------------------- */

/* One true test is enough; what cannot be compared leaves it to the tree. */
static bool run_constants(const FeelExpression *expression, FeelValue input, FeelValue *out)
{
    FeelTruth truth = FEEL_NO;
    if (value_weight(input) > TEXTS_MAX) /* work that would have to be counted */
        return false;
    for (size_t i = 0; i < expression->constant_count && truth == FEEL_NO; i++) {
        const ConstantTest *constant = &expression->constants[i];
        truth = constant->mark ? compare_by(constant->mark, input, constant->value)
                               : value_test(constant->value, input);
    }
    *out = truth_value(expression->is_negated ? truth_not(truth) : truth);
    return truth != FEEL_UNKNOWN;
}

bool constant_answer(const FeelExpression *expression, const FeelScope *scope, FeelValue *out)
{
    if (expression->root)
        return false;
    if (expression->are_tests)
        return scope && scope->has_input && run_constants(expression, scope->input, out);
    *out = expression->constants[0].value;
    return true;
}

const FeelExpression *expression_whole(const FeelExpression *expression, Arena *arena)
{
    Error err = ERROR_NONE;
    if (expression->root)
        return expression;
    FeelDialect dialect = expression->are_tests ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    FeelExpression *whole = compile_whole(arena, expression->source, dialect, NULL, &err);
    assert(whole); /* it was read before */
    return whole;
}
