#ifndef DMN_DMN_DIFFERENCE_H
#define DMN_DMN_DIFFERENCE_H

/*
 * What is different between two models, by meaning: for whoever reviews a change of a table.
 *
 *     two models -> elements matched by id, then by name -> changes, and tables put side by side
 *
 * White space, ids and the drawing are no difference. Columns are matched by id, then by what they
 * ask, then by label; rules by id, then by all of their cells, then by their conditions. Elements
 * of imported files are compared by name alone. A model with problems is compared as far as it was
 * read: look at dmn_problems first. Texts point into the models and the arena.
 */
#include "dmn/dmn.h"

typedef enum DmnChangeKind {
    DMN_ELEMENT_ADDED,
    DMN_ELEMENT_REMOVED,
    DMN_ELEMENT_RENAMED,
    DMN_ELEMENT_NOTE,      /* its description */
    DMN_VALUE_CHANGED,     /* the name or type of its value: "fee: number" */
    DMN_REQUIREMENT_ADDED, /* place: what is required */
    DMN_REQUIREMENT_REMOVED,
    DMN_LOGIC_CHANGED, /* an expression; texts are NULL where it is built otherwise */
    DMN_POLICY_CHANGED,
    DMN_INPUT_ADDED, /* place: the column's label */
    DMN_INPUT_REMOVED,
    DMN_INPUT_CHANGED,
    DMN_OUTPUT_ADDED,
    DMN_OUTPUT_REMOVED,
    DMN_OUTPUT_CHANGED,
    DMN_OUTPUT_MOVED, /* where the order of outputs is that of their priority */
    DMN_RULE_ADDED,
    DMN_RULE_REMOVED,
    DMN_RULE_MOVED,
    DMN_CELL_CHANGED, /* place: the column's label */
    DMN_RULE_NOTE,    /* an annotation: the legal basis */
    DMN_TYPE_ADDED,   /* an item definition: element is its name */
    DMN_TYPE_REMOVED,
    DMN_TYPE_CHANGED,
} DmnChangeKind;

typedef struct DmnChange {
    DmnChangeKind kind;
    DmnKind of;          /* what the element is; DMN_DECISION of a type */
    const char *element; /* its name, as it is afterwards where it still is */
    const char *place;
    size_t rule_before; /* from 1; 0: none */
    size_t rule_after;
    const char *before;
    const char *after;
} DmnChange;

/* ---- tables side by side --------------------------------------------------------------------- */

typedef enum DmnMark { DMN_SAME, DMN_ADDED, DMN_REMOVED, DMN_CHANGED } DmnMark;

typedef struct DmnCellPair {
    DmnMark mark;
    const char *before; /* NULL: the rule or column was not there */
    const char *after;
} DmnCellPair;

typedef enum DmnColumnKind { DMN_COLUMN_INPUT, DMN_COLUMN_OUTPUT, DMN_COLUMN_NOTE } DmnColumnKind;

typedef struct DmnColumnPair {
    DmnColumnKind kind;
    DmnMark mark;
    const char *label; /* NULL of a note */
} DmnColumnPair;

typedef struct DmnRulePair {
    DmnMark mark;
    bool is_moved;
    size_t before; /* from 1; 0: it was not there */
    size_t after;
    DmnCellPair *cells; /* one a column */
} DmnRulePair;

typedef struct DmnTablePair {
    const char *element;
    LIST(DmnColumnPair) columns;
    LIST(DmnRulePair) rules; /* as they are afterwards; a removed one where it stood */
    size_t left_out;         /* rules beyond DMN_PAIRED_CELLS_MAX */
} DmnTablePair;

enum { DMN_CHANGES_MAX = 500, DMN_PAIRED_CELLS_MAX = 50 * 1000 };

typedef struct DmnDifference {
    LIST(DmnChange) changes;   /* none: the models mean the same */
    size_t dropped;            /* changes beyond DMN_CHANGES_MAX */
    LIST(DmnTablePair) tables; /* in which anything is different */
} DmnDifference;

/* Compares the files themselves, not what they import. */
void dmn_compare(const DmnModel *before, const DmnModel *after, Arena *arena, DmnDifference *out);

/* "element_added" ...: for programs and as part of message keys. */
const char *dmn_change_name(DmnChangeKind kind);
const char *dmn_mark_name(DmnMark mark); /* same added removed changed */

#endif
