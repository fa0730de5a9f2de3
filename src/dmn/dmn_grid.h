#ifndef DMN_DMN_GRID_H
#define DMN_DMN_GRID_H

/*
 * Grids: the decision tables of a file as rows of texts, the way a spreadsheet shows them; and the
 * file again with other rows.
 *
 *     file --dmn_grids--> grids --(somebody edits)--> rows --dmn_grid_match, dmn_grid_write--> file
 *
 * Only the rules of a table change, and of a rule only the cells that differ: ids, diagrams,
 * comments and every other byte of the file stay.
 */
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

typedef enum DmnGridKind { DMN_GRID_INPUT, DMN_GRID_OUTPUT, DMN_GRID_NOTE } DmnGridKind;

typedef struct DmnGridColumn {
    DmnGridKind kind;
    const char *label;      /* never NULL, like the rest */
    const char *expression; /* of an input; the name of an output */
    const char *type;
    const char *allowed; /* unary tests */
} DmnGridColumn;

typedef struct DmnGridRule {
    const char *id;     /* "" for none */
    const char **cells; /* trimmed, one a column: inputs, outputs, notes */
    int *lines;         /* where each stands in the file, 0 nowhere; NULL: not from a file */
    size_t origin;      /* of a rule that is to be written: which one of the file it is, from 1; 0 a
                           new one */
} DmnGridRule;

typedef struct DmnGrid {
    const char *id; /* of the decision */
    const char *name;
    const char *policy;      /* as the file writes it; "UNIQUE" where it writes nothing */
    const char *aggregation; /* "" for none */
    LIST(DmnGridColumn) columns;
    LIST(DmnGridRule) rules;
} DmnGrid;
typedef LIST(DmnGrid) DmnGrids;

/* The tables of the decisions of a file, in their order. The first column of notes is the rule's
 * description, where dmn-js writes its annotations; those of DMN 1.3 follow. Errors are those of
 * xml_parse, and dmn.grid (a rule has more or fewer cells than there are columns). */
MUST_CHECK bool dmn_grids(Arena *arena, const char *source, size_t length, DmnGrids *out,
                          Error *err);

/* Sets the origin of each wanted rule: the rule of the file with its id, or else one that says the
 * same; none for the second copy of a rule. */
void dmn_grid_match(const DmnGrid *file, DmnGrid *wanted, Arena *arena);

/* The file with the rules of one of its tables replaced: those with an origin keep their ids and
 * what did not change. dmn.grid when the file has no such table, or two decisions of that
 * id. */
MUST_CHECK bool dmn_grid_write(Arena *arena, const char *source, size_t length,
                               const DmnGrid *wanted, const char **out, Error *err);

#endif
