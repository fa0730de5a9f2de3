#ifndef DMN_DMN_H
#define DMN_DMN_H

/*
 * DMN: decisions as tables and expressions (OMG DMN 1.1 to 1.5), as a pure engine.
 *
 *     file + imports --dmn_load--> DmnModel + problems --dmn_evaluate--> value + findings + steps
 *
 * A model is read once, every expression compiled, and immutable afterwards: threads may share it.
 * Nothing is read but the arguments: imported files come from a callback, the clock from the scope.
 *
 * The standard answers a mistake (two rules of a UNIQUE table match, a value is not of its type)
 * with null; here null never comes silently, each cause is a finding that names file, element and
 * place. Where a program must not go on with it, dmn_parse and dmn_decide refuse instead.
 * docs/dmn.md tells what is supported and lists the codes.
 */
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "feel/feel.h"

typedef struct DmnModel DmnModel;

/* ---- elements -------------------------------------------------------------------------------- */

typedef enum DmnKind { DMN_INPUT, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE } DmnKind;

/* One element of the requirements graph, as lists and checks see it. */
typedef struct DmnElement {
    DmnKind kind;
    const char *id;            /* its name where the file gives none, and the other way round */
    const char *name;          /* as shown; others see its value under its variable's name */
    const char *file;          /* the source's name */
    const char *namespace_uri; /* of its file; "" when there is none */
    int line;
    const char *type; /* of its value, as written; NULL for any */
    bool is_table;
    size_t rule_count;
} DmnElement;
typedef DmnElement DmnDecision;

/* ---- loading --------------------------------------------------------------------------------- */

typedef struct DmnSource {
    const char *name; /* shown in problems and findings: a path, a title */
    const char *text; /* UTF-8 */
    size_t length;
} DmnSource;

/* What an <import> asks for; location may be NULL. */
typedef struct DmnImport {
    const char *namespace_uri;
    const char *location;
    const char *from; /* the name of the source that imports */
} DmnImport;

/* Finds imported files. The text must stay until dmn_load returns. False when there is none: the
 * model then has a problem, and what needs the import evaluates to null. */
typedef struct DmnResolver {
    bool (*find)(void *data, const DmnImport *import, DmnSource *out);
    void *data;
} DmnResolver;

/* Something wrong in a file, told when it is read. What is not touched by it works all the same. */
typedef struct DmnProblem {
    const char *code;    /* stable: "dmn.expression" (docs/dmn.md lists them) */
    const char *message; /* English: what was found, what was expected */
    const char *file;
    const char *element; /* the id or name ("fee", "fee, rule 3") */
    int line;
    int column;
} DmnProblem;

enum { DMN_PROBLEMS_MAX = 50, DMN_FINDINGS_MAX = 100 };

/* Reads a file and all that it imports. NULL with the errors of xml_parse (also of an imported
 * file: `field` is its name), dmn.namespace or dmn.no_decision (it is no DMN file), or
 * dmn.too_large; everything else is a problem of the model. resolver may be NULL (no imports). */
MUST_CHECK DmnModel *dmn_load(Arena *arena, const DmnSource *source, const DmnResolver *resolver,
                              Error *err);

size_t dmn_problems(const DmnModel *model, const DmnProblem **out_problems);

/* The same for one file that must be without a problem: each is an error with `line` and `field` =
 * the element, and {what} the message. */
MUST_CHECK DmnModel *dmn_parse(Arena *arena, const char *xml, size_t length, Error *err);

/* ---- listing --------------------------------------------------------------------------------- */

/* All elements, those of the file itself first, in the order of the files. */
size_t dmn_element_count(const DmnModel *model);
const DmnElement *dmn_element(const DmnModel *model, size_t index);

/* Of the file itself: id and name of its <definitions>, "" when absent. */
const char *dmn_model_id(const DmnModel *model);
const char *dmn_model_name(const DmnModel *model);
/* The decisions of the file itself. */
size_t dmn_decision_count(const DmnModel *model);
const DmnDecision *dmn_decision(const DmnModel *model, size_t index);
/* A decision of the file itself, by id or else by name; NULL when unknown. */
const DmnDecision *dmn_find(const DmnModel *model, const char *id_or_name);

/* ---- evaluating ------------------------------------------------------------------------------ */

/* One rule that matched. */
typedef struct DmnFired {
    size_t rule; /* from 1, in the order of the table */
    const char *id;
    const char *const *annotations; /* "" where the cell is empty; a rule's description (so does
                                       dmn-js write its annotations) comes first */
    size_t annotation_count;
    FeelValue output;
} DmnFired;

typedef struct DmnStepInput {
    const char *id; /* of the input in the file; NULL when it has none */
    const char *label;
    const char *source; /* its expression as written; "" when that was told as a problem */
    FeelValue value;
} DmnStepInput;

/* One decision or table that was evaluated, in the order in which they ended. */
typedef struct DmnStep {
    const DmnElement *element;
    bool is_table;
    LIST(DmnStepInput) inputs; /* of a table, in its order */
    LIST(DmnFired) fired;
    FeelValue result;
} DmnStep;

/* Why something is null, or not what was meant. */
typedef struct DmnFinding {
    const char *code;    /* stable: "dmn.not_unique", or one of FEEL's */
    const char *message; /* English */
    const char *file;
    const char *element; /* name of the decision, knowledge model or service */
    int line;            /* of the expression or element in the file */
    const char *source;  /* of FEEL's: the expression, with the place in it; else NULL */
    int source_line;
    int source_column;
    ErrorParam with[3]; /* of the engine's own: values for its translation */
} DmnFinding;

typedef struct DmnResult {
    FeelValue value;
    LIST(DmnFinding) findings;
    size_t dropped; /* findings beyond DMN_FINDINGS_MAX */
    LIST(DmnStep) steps;
} DmnResult;

/* Evaluates a decision, a service or a knowledge model of the file by id or name. inputs is a
 * context: input data by name (those of an imported file under its import's name, or as
 * "namespace#name", or by name alone); for a service also its input decisions, for a knowledge
 * model its parameters. Each element sees what it requires and what the scope holds (functions of
 * the host, clock, limits; may be NULL), as the standard has it. The result lives in arena; a
 * service of several output decisions gives a context by their names. False with
 * dmn.unknown_decision (ERROR_NOT_FOUND) or dmn.too_large. */
MUST_CHECK bool dmn_evaluate(const DmnModel *model, const char *id_or_name, FeelValue inputs,
                             const FeelScope *scope, Arena *arena, DmnResult *out, Error *err);

/* Inputs as they come from JSON, where texts are dates, times and durations when the input data of
 * that name (or its component) is of such a type: those become what they say. All else stays. */
FeelValue dmn_read_inputs(const DmnModel *model, FeelValue plain, Arena *arena);

/* How a decision came about: inputs in the order of the table, rules that matched, in order. Only
 * of the decision that was asked for. */
typedef struct DmnTrace {
    LIST(DmnStepInput) inputs;
    LIST(DmnFired) fired;
    FeelFindings findings;
} DmnTrace;

/* For programs that must not go on with a mistake: input data are the variables of the scope, which
 * every decision sees, and a finding of the engine's own is an error: dmn.not_unique (names the
 * rules), dmn.not_any, dmn.not_allowed (outside its values), dmn.no_type, dmn.requirement,
 * dmn.priority, dmn.external, dmn.too_large; dmn.unknown_decision is ERROR_NOT_FOUND. Findings of
 * FEEL stay in the trace. out_trace may be NULL and is zeroed first. */
MUST_CHECK bool dmn_decide(const DmnModel *model, const char *id_or_name, const FeelScope *scope,
                           Arena *arena, FeelValue *out, DmnTrace *out_trace, Error *err);

#endif
