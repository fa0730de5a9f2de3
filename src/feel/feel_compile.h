#ifndef FEEL_FEEL_COMPILE_H
#define FEEL_FEEL_COMPILE_H

/*
 * Tree to checked tree: constants are folded, built-ins found, free names listed. Private to the
 * engine; feel.h has the public verbs.
 */
#include "feel/feel.h"
#include "feel/feel_parser.h"

struct FeelExpression {
    const char *source;
    const FeelNode *root;
    const FeelSymbol *item;
    const FeelSymbol *partial;
    bool uses_partial;
    bool is_constant; /* unary tests of constants: most cells of decision tables */
    const char *const *free_names;
    size_t free_count;
};

#endif
