#ifndef DMN_DMN_INTERNAL_H
#define DMN_DMN_INTERNAL_H

/*
 * The parsed model: dmn_parse.c, dmn_table.c and dmn_type.c make it, dmn_decide.c runs it; nobody
 * changes it afterwards.
 */
#include "dmn/dmn.h"
#include "format/xml.h"

typedef enum HitPolicy { HIT_UNIQUE, HIT_FIRST, HIT_COLLECT } HitPolicy;

/* What values must be: kind is as feel_kind_name says, NULL for any. */
typedef struct DmnType {
    const char *kind;
    FeelExpression *allowed; /* unary tests, or NULL */
} DmnType;

typedef struct DmnInput {
    const char *label;
    FeelExpression *expression;
    DmnType type;
} DmnInput;

typedef struct DmnOutput {
    const char *name; /* NULL for a single output without a name */
    DmnType type;
    FeelExpression *fallback; /* default output entry, or NULL */
} DmnOutput;

typedef struct DmnRule {
    const char *id;
    FeelExpression **tests;   /* one per input; NULL for "-" */
    FeelExpression **outputs; /* one per output; NULL for an empty cell */
    const char **annotations;
    size_t annotation_count;
} DmnRule;

typedef struct DmnTable {
    HitPolicy policy;
    FeelExpression *aggregate; /* over the list `l`, or NULL */
    LIST(DmnInput) inputs;
    LIST(DmnOutput) outputs;
    LIST(DmnRule) rules;
} DmnTable;

typedef struct DmnNode {
    DmnDecision info;
    const char *variable; /* the name under which others see the result */
    DmnType type;         /* of a literal expression's result */
    DmnTable *table;
    FeelExpression *literal;
    LIST(const char *) required_ids; /* as written: ids of decisions */
    LIST(size_t) required;           /* their indexes */
    int height;                      /* while parsing: longest way down the requirements */
} DmnNode;

struct DmnModel {
    LIST(DmnNode) nodes;
};

/* ---- parsing --------------------------------------------------------------------------------- */

typedef struct DmnParser {
    Arena *arena;
    DmnModel *model;
    FeelNames *names;
    Map types;            /* name -> XmlElement of its itemDefinition */
    const char *language; /* of expressions that do not name theirs */
    const char *place;    /* the decision, rule or type that is being read */
    Error *err;
    int errors;
} DmnParser;

/* Adds an error at the element's line with {what}, {element} and {line}; returns false. */
bool dmn_fail(DmnParser *parser, const XmlElement *at, const char *code, const char *what);

/* The text, or its beginning where it has more than that many bytes: whole code points only. */
const char *dmn_shortened(Arena *arena, const char *text, size_t most);

/* Looks in any namespace: the files of DMN 1.1 to 1.5 differ in it. */
bool dmn_is(const XmlElement *element, const char *name);
const XmlElement *dmn_child(const XmlElement *element, const char *name);
const char *dmn_attribute(const XmlElement *element, const char *name);
const char *dmn_inner_text(DmnParser *parser, const XmlElement *element);

/* What is in the element's <text>; NULL for an empty one (and, when it is wrong, an error). what
 * names it to people: "input entry". */
FeelExpression *dmn_compile(DmnParser *parser, const XmlElement *element, FeelDialect dialect,
                            const char *what);

/* The type of that name, as written at the element: NULL is any. */
DmnType dmn_type(DmnParser *parser, const XmlElement *at, const char *name);

/* The table, or NULL with errors. */
DmnTable *dmn_table(DmnParser *parser, const XmlElement *element);

#endif
