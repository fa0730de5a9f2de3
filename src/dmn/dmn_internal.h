#ifndef DMN_DMN_INTERNAL_H
#define DMN_DMN_INTERNAL_H

/*
 * The model, and what the files of the engine share.
 *
 *     dmn_files.c     files and imports -> trees                   dmn_run.c     a whole evaluation
 *     dmn_load.c      trees -> nodes, requirements
 *     dmn_boxed.c     expressions, compiled                        dmn_node.c    decisions,
 * services dmn_table.c     decision tables                              dmn_express.c boxed
 * expressions dmn_type.c      types and item definitions                   dmn_match.c   decision
 * tables dmn_check.c     static checks of tables                      dmn_fit.c     values and
 * types
 */
#include "dmn/dmn.h"
#include "format/xml.h"

typedef struct DmnNode DmnNode;
typedef struct DmnFile DmnFile;
typedef struct DmnExpr DmnExpr;

/* ---- types ----------------------------------------------------------------------------------- */

typedef enum DmnTypeKind {
    DMN_TYPE_ANY,
    DMN_TYPE_SIMPLE,   /* simple */
    DMN_TYPE_ALIAS,    /* base, restricted by allowed */
    DMN_TYPE_LIST,     /* of base */
    DMN_TYPE_CONTEXT,  /* parts; none: any context */
    DMN_TYPE_FUNCTION, /* giving base */
} DmnTypeKind;

typedef struct DmnType DmnType;

typedef struct DmnPart {
    const char *name;
    const DmnType *type; /* NULL: any */
} DmnPart;

struct DmnType {
    DmnTypeKind kind;
    FeelKind simple;
    const char *name; /* for people */
    const DmnType *base;
    LIST(DmnPart) parts;
    const FeelExpression *allowed; /* unary tests, or NULL */
    const char *allowed_source;
};

/* ---- expressions ----------------------------------------------------------------------------- */

typedef enum DmnExprKind {
    EXPR_BROKEN,   /* told as a problem when it was read */
    EXPR_LITERAL,  /* feel */
    EXPR_TABLE,    /* table */
    EXPR_CONTEXT,  /* parts; one without a name is the result */
    EXPR_LIST,     /* parts */
    EXPR_RELATION, /* names: the columns; parts: the cells, row by row */
    EXPR_FUNCTION, /* parameters, body in a */
    EXPR_INVOKE,   /* a: the function; parts: the arguments by name */
    EXPR_IF,       /* a then b else c */
    EXPR_FILTER,   /* a[b] */
    EXPR_FOR,      /* for name in a return b */
    EXPR_SOME,     /* some name in a satisfies b */
    EXPR_EVERY,
} DmnExprKind;

typedef struct DmnExprPart {
    const char *name;    /* NULL: none */
    const DmnType *type; /* of the variable */
    DmnExpr *expr;
} DmnExprPart;

struct DmnExpr {
    DmnExprKind kind;
    int line;
    const DmnType *type;  /* NULL: any */
    FeelExpression *feel; /* NULL: an empty text */
    struct DmnTable *table;
    DmnExpr *a, *b, *c;
    const char *name;
    LIST(DmnExprPart) parts;
    LIST(DmnPart) parameters;
    const char **columns;
    size_t column_count;
    bool is_external;
};

/* ---- tables ---------------------------------------------------------------------------------- */

typedef enum HitPolicy {
    HIT_UNIQUE,
    HIT_ANY,
    HIT_PRIORITY,
    HIT_FIRST,
    HIT_RULE_ORDER,
    HIT_OUTPUT_ORDER,
    HIT_COLLECT,
} HitPolicy;

typedef LIST(FeelExpression *) DmnTests;

typedef struct DmnInput {
    const char *id;             /* NULL when it has none */
    const char *label;          /* never NULL */
    FeelExpression *expression; /* NULL: told as a problem; the input is null */
    const DmnType *type;
    FeelExpression *allowed; /* unary tests, or NULL */
    DmnTests tests;          /* of its cells, each text once */
    int line;
} DmnInput;

typedef struct DmnOutput {
    const char *id;
    const char *label; /* as written; NULL for none */
    const char *name;  /* NULL for a single output without a name */
    const DmnType *type;
    FeelExpression *allowed;
    DmnTests ranks;           /* unary tests, highest priority first */
    FeelExpression *fallback; /* default output entry, or NULL */
} DmnOutput;

typedef struct DmnRule {
    const char *id;
    int line;
    bool is_broken;           /* a cell could not be read */
    uint32_t *tests;          /* one per input: 0 for "-", else 1 + index into its tests */
    FeelExpression **outputs; /* one per output; NULL for an empty cell */
    const char **annotations;
    size_t annotation_count;
} DmnRule;

typedef struct DmnTable {
    HitPolicy policy;
    FeelExpression *aggregate; /* over the list `l`, or NULL */
    int line;
    LIST(DmnInput) inputs;
    LIST(DmnOutput) outputs;
    LIST(DmnRule) rules;
} DmnTable;

/* ---- the graph ------------------------------------------------------------------------------- */

/* Something that a node requires, under the import's name where it comes from another file. */
typedef struct DmnNeed {
    DmnNode *node;
    const char *import; /* NULL: seen under its own name */
} DmnNeed;
typedef LIST(DmnNeed) DmnNeeds;

struct DmnNode {
    DmnElement info;
    size_t index; /* into the model's nodes */
    DmnFile *file;
    const char *variable;      /* the name under which others see it */
    const char *note;          /* its description; "" for none */
    const DmnType *type;       /* of the variable */
    DmnExpr *logic;            /* NULL: none; of knowledge an EXPR_FUNCTION */
    DmnNeeds needs;            /* input data, decisions, knowledge */
    DmnNeeds outputs;          /* of a service */
    DmnNeeds parameters;       /* of a service: input data, then input decisions */
    bool is_circular;          /* its requirements come back to it, or are too deep */
    int height;                /* while loading */
    const XmlElement *element; /* while loading */
};

typedef struct DmnFileImport {
    const char *name;
    DmnFile *file;
} DmnFileImport;

struct DmnFile {
    const char *name;       /* of the source */
    const char *id, *title; /* of its <definitions> */
    const char *namespace_uri;
    const char *language;
    LIST(DmnFileImport) imports;
    Map types; /* name -> DmnType */
    size_t first_node, node_end;
    /* while loading */
    const XmlElement *root;
    Map definitions;              /* name -> XmlElement of its itemDefinition */
    Map ids;                      /* id -> DmnNode */
    Map names;                    /* name -> DmnNode */
    FeelNames *shared;            /* names, shared by the nodes of a very large file */
    LIST(const char *) odd_names; /* names of parts that FEEL must know beforehand */
};

struct DmnModel {
    FeelExpression *walk; /* the items of the range `domain` */
    LIST(DmnFile *) files;
    LIST(DmnNode *) nodes;
    LIST(DmnProblem) problems;
    size_t dropped; /* problems beyond DMN_PROBLEMS_MAX */
};

/* ---- loading --------------------------------------------------------------------------------- */

typedef struct DmnParser {
    Arena *arena;   /* of the model */
    Arena *scratch; /* given back when loading ends: trees, names */
    DmnModel *model;
    const DmnResolver *resolver;
    DmnFile *file;     /* that is being read */
    FeelNames *names;  /* in scope of the node that is being read */
    const char *place; /* the node, rule or type that is being read */
    bool is_over;
    Error *err;
} DmnParser;

/* Tells a problem at the element; returns false. */
bool dmn_problem(DmnParser *parser, const XmlElement *at, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The text, or its beginning where it has more than that many bytes: whole code points only. */
const char *dmn_shortened(Arena *arena, const char *text, size_t most);

/* Elements of DMN itself: in the namespace of the file's root. */
bool dmn_is(const DmnParser *parser, const XmlElement *element, const char *name);
const XmlElement *dmn_child(const DmnParser *parser, const XmlElement *element, const char *name);
/* An attribute, or NULL; in scratch memory. */
const char *dmn_attribute(const XmlElement *element, const char *name);
/* A copy for the model; NULL stays NULL. */
const char *dmn_keep(DmnParser *parser, const char *text);
/* The trimmed text of <text> inside; "" when there is none. */
const char *dmn_inner_text(DmnParser *parser, const XmlElement *element);

/* What is in the element's <text>; NULL for an empty one, and with *out_ok (may be NULL) false when
 * it is wrong. what names it to people: "input entry". */
FeelExpression *dmn_compile(DmnParser *parser, const XmlElement *element, FeelDialect dialect,
                            const char *what, bool *out_ok);
FeelExpression *dmn_compile_text(DmnParser *parser, const XmlElement *element, const char *source,
                                 FeelDialect dialect, const char *what);

/* The expression of a parent: its first child that is one; NULL when there is none. */
DmnExpr *dmn_expression_in(DmnParser *parser, const XmlElement *parent);
/* An EXPR_FUNCTION of <functionDefinition> or <encapsulatedLogic>. */
DmnExpr *dmn_function(DmnParser *parser, const XmlElement *element);
DmnTable *dmn_table(DmnParser *parser, const XmlElement *element);

/* dmn_files.c: trees of the source and of all that it imports, into the model's files; what is
 * found afterwards is in parser->file. False with an error. */
bool dmn_read_files(DmnParser *parser, const DmnSource *source);

/* dmn_type.c */
void dmn_declare_types(DmnParser *parser);
void dmn_read_types(DmnParser *parser);
/* The type of that name in the file, as written at the element: NULL is any. */
const DmnType *dmn_type(DmnParser *parser, const XmlElement *at, const char *name);
/* The same when running; false when there is none. */
bool dmn_find_type(const DmnFile *file, const char *name, const DmnType **out);

/* ---- running --------------------------------------------------------------------------------- */

/* One evaluation. Everything runs inside one call of FEEL, so that its limits hold for the whole;
 * `call` is the innermost one. */
typedef struct DmnRun {
    Arena *arena;
    const DmnModel *model;
    FeelScope base; /* around everything: the caller's */
    FeelValue inputs;
    bool is_open; /* input data are looked up in base too */
    FeelCall *call;
    FeelFindings feel; /* as FEEL records them; claimed into the result with their place */
    size_t claimed;
    DmnResult *out;
    int depth;
    bool is_stopped;          /* too deep: the whole is null */
    const struct DmnEnv *env; /* where FEEL is at work */
    FeelTypeCheck type_check; /* the caller's */
    void *type_data;
} DmnRun;

/* What is known of each node; a service's call has a frame of its own. */
typedef struct DmnFrame {
    DmnRun *run;
    FeelValue *values;
    uint8_t *states; /* 0, or NODE_ */
    bool is_closed;  /* of a service: nothing but its parameters is given */
} DmnFrame;

enum { NODE_RUNNING = 1, NODE_KNOWN = 2 };

/* Where an expression is evaluated. */
typedef struct DmnEnv {
    DmnFrame *frame;
    const DmnNode *node;
    const FeelScope *scope;
} DmnEnv;

DmnFrame *dmn_frame(DmnRun *run);
FeelValue dmn_node_value(DmnFrame *frame, const DmnNode *node);
/* A knowledge model or service as a function. */
FeelValue dmn_node_function(DmnFrame *frame, const DmnNode *node);
FeelValue dmn_service(DmnFrame *frame, const DmnNode *node, const FeelValue *arguments);

/* A scope inside another, in the arena since functions may keep it. */
FeelScope *dmn_scope(const DmnEnv *env, FeelValue variables);
FeelScope *dmn_input_scope(const DmnEnv *env, FeelValue input);

FeelValue dmn_feel(const DmnEnv *env, const FeelExpression *expression, const FeelScope *scope,
                   int line);
/* Moves what FEEL found into the result, with its place. */
void dmn_claim(DmnRun *run, const DmnNode *node, int line);
/* Records a finding and gives null. */
FeelValue dmn_finding(const DmnEnv *env, int line, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

FeelValue dmn_express(const DmnEnv *env, const DmnExpr *expr);
FeelValue dmn_closure(const DmnEnv *env, const DmnExpr *function);
void dmn_add_step(DmnRun *run, DmnStep step);
FeelValue dmn_run_table(const DmnEnv *env, const DmnTable *table);

/* A value as a type wants it: as it is, put into a list, taken out of one, or null with a finding.
 * what names it to people. */
FeelValue dmn_fit(const DmnEnv *env, const DmnType *type, FeelValue value, int line,
                  const char *what);
/* Whether it is among the values; null is. */
bool dmn_is_allowed(const DmnEnv *env, const FeelExpression *allowed, FeelValue value);
FeelValue dmn_not_allowed(const DmnEnv *env, FeelValue value, int line, const char *what);
bool dmn_type_check(void *data, const char *name, FeelValue value, bool *out_known);

#endif
