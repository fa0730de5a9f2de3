#ifndef DMN_DMN_INTERNAL_H
#define DMN_DMN_INTERNAL_H

/* The parsed model: dmn_parse.c makes it, dmn_decide.c runs it; nobody changes it afterwards. */
#include "dmn/dmn.h"

typedef enum HitPolicy { HIT_UNIQUE, HIT_FIRST, HIT_COLLECT } HitPolicy;
typedef enum Aggregation {
    AGGREGATE_NONE,
    AGGREGATE_SUM,
    AGGREGATE_COUNT,
    AGGREGATE_MIN,
    AGGREGATE_MAX
} Aggregation;

typedef struct DmnInput {
    const char *label;
    FeelExpression *expression;
    FeelExpression *allowed; /* unary tests, or NULL */
} DmnInput;

typedef struct DmnOutput {
    const char *name; /* NULL for a single output without a name */
    const char *type; /* string number boolean date ..., or NULL: any */
    FeelExpression *allowed;
    FeelExpression *fallback; /* default output entry, or NULL */
} DmnOutput;

typedef struct DmnRule {
    const char *id;
    FeelExpression **tests;   /* one per input; NULL for "-" */
    FeelExpression **outputs; /* one per output */
    const char **annotations;
    size_t annotation_count;
} DmnRule;

typedef struct DmnTable {
    HitPolicy policy;
    Aggregation aggregation;
    LIST(DmnInput) inputs;
    LIST(DmnOutput) outputs;
    LIST(DmnRule) rules;
} DmnTable;

typedef struct DmnNode {
    DmnDecision info;
    const char *variable; /* the name under which others see the result */
    DmnTable *table;
    FeelExpression *literal;
    LIST(const char *) required_ids; /* as written: ids of decisions */
    LIST(size_t) required;           /* their indexes */
} DmnNode;

struct DmnModel {
    LIST(DmnNode) nodes;
};

#endif
