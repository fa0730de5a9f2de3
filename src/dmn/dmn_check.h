#ifndef DMN_DMN_CHECK_H
#define DMN_DMN_CHECK_H

/*
 * Static checks of decision tables: what somebody who draws one should look at before it is used.
 *
 * A column's cells divide its values into classes that no test can tell apart (each boundary, what
 * lies between two, what lies outside); one value of each stands for its class. Cells that depend
 * on anything but constants are taken as they may be: nothing is remarked on their account.
 */
#include "dmn/dmn.h"

typedef struct DmnRemark {
    const char *code; /* dmn.overlap, dmn.gap, dmn.unreachable, dmn.cell_type, dmn.unchecked */
    const char *message;
    const char *file;
    const char *element; /* name of the decision or knowledge model */
    int line;            /* of the rule, or the table */
    size_t rules[2];     /* from 1; 0: none */
} DmnRemark;
typedef LIST(DmnRemark) DmnRemarks;

enum { DMN_REMARKS_MAX = 100, DMN_GAPS_MAX = 10 };

/* Looks at every table of the model's files, at most DMN_REMARKS_MAX remarks and DMN_GAPS_MAX gaps
 * of one table:
 *     dmn.overlap      two rules of a UNIQUE table can match together; of an ANY table with
 *                      different outputs
 *     dmn.gap          no rule matches an input, and there is no default (not for COLLECT and the
 *                      orders, which may give nothing)
 *     dmn.unreachable  a rule can match nothing, or in a FIRST table nothing that earlier ones
 *                      leave
 *     dmn.cell_type    a constant in a cell is not of its column's type, or outside its values
 *     dmn.unchecked    the table is too large to be checked */
void dmn_check(const DmnModel *model, Arena *arena, DmnRemarks *out);

#endif
