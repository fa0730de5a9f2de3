#ifndef FEEL_FEEL_COMPILE_H
#define FEEL_FEEL_COMPILE_H

/*
 * Tree to checked tree: constants are folded, built-ins found, free names listed. Private to the
 * engine; feel.h has the public verbs.
 */
#include "feel/feel.h"
#include "feel/feel_parser.h"

/* One test against a constant, or a constant expression's value. */
typedef struct ConstantTest {
    FeelValue value;
    char mark; /* 0, or a comparison as FeelRange's */
} ConstantTest;

/* Either a tree, or (root NULL) constants: most cells of decision tables. */
struct FeelExpression {
    const char *source;
    const FeelNode *root;
    const FeelSymbol *item;
    const FeelSymbol *partial;
    const ConstantTest *constants;
    uint16_t constant_count;
    bool are_tests; /* of constants: unary tests, else one value */
    bool is_negated;
    bool uses_partial;
    const char *const *free_names;
    size_t free_count;
};

/* Always the tree, as feel_compile. */
FeelExpression *compile_whole(Arena *arena, const char *source, FeelDialect dialect,
                              const FeelNames *known_names, Error *err);

/* feel_constant.c: the same without its tree when there are constants alone: what was taken from
 * the arena since the mark is given back. */
FeelExpression *expression_packed(Arena *arena, ArenaMark mark, const char *source,
                                  FeelExpression *whole);

/* The tree of a packed one, made again in the arena: for the finding that is due. */
const FeelExpression *expression_whole(const FeelExpression *expression, Arena *arena);

#endif
