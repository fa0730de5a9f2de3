#ifndef DMN_DMN_H
#define DMN_DMN_H

/*
 * DMN: decisions as tables (OMG DMN 1.1 to 1.5 files), as a pure engine.
 *
 * A model is read once and is immutable; dmn_decide evaluates a decision, and the decisions that it
 * requires, over the variables of a scope. Now: decision tables with the hit policies UNIQUE,
 * FIRST and COLLECT (with its aggregations), and literal expressions. What is not supported yet is
 * refused by dmn_parse with the element's name, never ignored.
 *
 * Where the standard gives null for a mistake (more than one rule of a UNIQUE table matches, an
 * input outside its allowed values), dmn_decide refuses instead: an official's table must not go on
 * silently.
 */
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "feel/feel.h"

typedef struct DmnModel DmnModel;

/* One decision, as lists and checks see it. */
typedef struct DmnDecision {
    const char *id;
    const char *name;
    int line;
    bool is_table;
    size_t rule_count;
} DmnDecision;

/* One rule that matched. */
typedef struct DmnFired {
    size_t rule; /* from 1, in the order of the table */
    const char *id;
    const char *const *annotations; /* "" where the cell is empty; a rule's description (so does
                                       dmn-js write its annotations) comes first */
    size_t annotation_count;
    FeelValue output;
} DmnFired;

/* How a decision came about: inputs in the order of the table, rules that matched, in order. Only
 * of the decision that was asked for. */
typedef struct DmnTrace {
    LIST(FeelValue) inputs;
    LIST(DmnFired) fired;
    FeelFindings findings;
} DmnTrace;

/* The decisions of a DMN file. On failure NULL and a list of errors with `line` and `field` = the
 * id or name of the element (rules as "id, rule 3"): those of xml_parse, and dmn.no_decision,
 * dmn.unsupported, dmn.repeated_name, dmn.hit_policy, dmn.rule (a rule has not as many entries as
 * the table has columns), dmn.expression, dmn.requirement (unknown or circular), dmn.type,
 * dmn.too_large. */
MUST_CHECK DmnModel *dmn_parse(Arena *arena, const char *xml, size_t length, Error *err);

size_t dmn_decision_count(const DmnModel *model);
const DmnDecision *dmn_decision(const DmnModel *model, size_t index);
/* By id or by name; NULL when unknown. */
const DmnDecision *dmn_find(const DmnModel *model, const char *id_or_name);

/* Evaluates a decision. The result lives in arena: a single output as its value, several as a
 * context, COLLECT as a list (or its aggregate); null when no rule matches and there is no default.
 * out_trace (may be NULL) is zeroed first. Errors: dmn.unknown_decision (ERROR_NOT_FOUND),
 * dmn.not_unique (names the rules), dmn.not_allowed (an input or output outside its values),
 * dmn.no_type (an input or output is not of its declared type), dmn.too_large (the arena is full).
 * `detail` tells them in English. */
MUST_CHECK bool dmn_decide(const DmnModel *model, const char *id_or_name, const FeelScope *scope,
                           Arena *arena, FeelValue *out, DmnTrace *out_trace, Error *err);

#endif
