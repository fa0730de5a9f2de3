#ifndef DMN_DMN_DIFFERENCE_INTERNAL_H
#define DMN_DMN_DIFFERENCE_INTERNAL_H

/* What the files of the comparison share:
 *     dmn_difference.c  elements, requirements, types, expressions
 *     dmn_difference_table.c  tables */
#include "dmn/dmn_difference.h"
#include "dmn/dmn_internal.h"

typedef struct Comparison {
    Arena *arena;
    DmnDifference *out;
    const DmnElement *element; /* that is being compared, as it is afterwards */
    size_t cells;              /* that were paired so far */
} Comparison;

/* Tells a change of the element at work. */
void difference_add(Comparison *work, DmnChange change);

bool difference_same_type(const DmnType *a, const DmnType *b);
const char *difference_type_name(const DmnType *type);

/* The text without what means nothing; "" for none. */
const char *difference_plain(Arena *arena, const FeelExpression *expression);
bool difference_same_feel(Arena *arena, const FeelExpression *a, const FeelExpression *b);
const char *difference_source(const FeelExpression *expression); /* "" for none */

void difference_tables(Comparison *work, const DmnTable *before, const DmnTable *after);

#endif
