#ifndef DMN_DMN_ASK_H
#define DMN_DMN_ASK_H

/*
 * What a decision wants to be told, so that a page can ask for it; and its tables, to be shown.
 *
 *     decision and all that it requires -> names that nothing decides ("answers.house_use")
 *             -> type of the column or input data -> what was typed -> value
 */
#include "dmn/dmn.h"

typedef enum DmnAskKind {
    DMN_ASK_ANY, /* no type is known */
    DMN_ASK_TEXT,
    DMN_ASK_NUMBER,
    DMN_ASK_BOOLEAN,
    DMN_ASK_DATE,
    DMN_ASK_TEMPORAL, /* a time, date and time or duration, in ISO 8601 */
    DMN_ASK_CHOICE,   /* of choices */
} DmnAskKind;

typedef struct DmnAsk {
    const char *path;   /* names with dots between */
    const char *column; /* the column's id; NULL for none */
    const char *label;  /* of the column that asks for it and nothing else; else the path */
    DmnAskKind kind;
    FeelKind simple; /* of DMN_ASK_TEMPORAL */
    LIST(FeelValue) choices;
} DmnAsk;
typedef LIST(DmnAsk) DmnAsks;

enum { DMN_ASKS_MAX = 100 };

/* What a decision of the file, by id or name, wants to be told, each once, in the order in which it
 * is found; at most DMN_ASKS_MAX. Paths whose names hold spaces behind a dot are cut there. */
void dmn_asks(const DmnModel *model, const char *id_or_name, Arena *arena, DmnAsks *out);

/* The value of what somebody typed; "" or NULL is null. Without a type a number, boolean, date or
 * time is what it looks like, what begins with " [ { or @ is read as FEEL, all else is text. False
 * when it is not of the kind. */
bool dmn_ask_read(const DmnAsk *ask, const char *typed, Arena *arena, FeelValue *out);

/* A context in which each path finds its value. values has one for each of asks. */
FeelValue dmn_ask_inputs(const DmnAsks *asks, const FeelValue *values, Arena *arena);

/* ---- tables as they are written -------------------------------------------------------------- */

typedef struct DmnShownRule {
    const char *id; /* NULL when it has none */
    int line;
    const char *const *cells; /* inputs, outputs, annotations; "-" and "" where empty */
} DmnShownRule;

typedef struct DmnShownTable {
    const char *policy;         /* "UNIQUE" ... */
    LIST(const char *) columns; /* labels of inputs and outputs; NULL for an annotation */
    size_t inputs, outputs;
    LIST(const char *) output_names; /* as the value has them; "" for an only one without */
    LIST(DmnShownRule) rules;
} DmnShownTable;

/* False when the element is not decided by a table. */
bool dmn_show_table(const DmnModel *model, const DmnElement *element, Arena *arena,
                    DmnShownTable *out);

#endif
