#ifndef SCENARIO_SCENARIO_INTERNAL_H
#define SCENARIO_SCENARIO_INTERNAL_H

/* A file that was read and a run of it: what the files of this module share. */
#include "format/gherkin.h"
#include "scenario/scenario.h"

typedef struct Run Run;
typedef struct Step Step;

enum { ARGUMENTS_MAX = 4 };

/* What stands behind a step. */
typedef enum StepTable { TABLE_NONE, TABLE_VALUES } StepTable;

/*
 * One step that can be written: its pattern in both languages, and what it does. In a pattern "..."
 * stands for a quoted text, <day> for a day or moment, <n> for a number, <numbers> for several,
 * <expression> for FEEL up to the end. Arguments are numbered in the order of the English pattern;
 * `order` gives for each of the Chinese pattern its number, where that differs.
 */
typedef struct StepRow {
    const char *english;
    const char *chinese;
    const char *order; /* "10": the first of the Chinese pattern is argument 1; NULL: the same */
    StepTable table;
    const char *rows; /* what its rows are, for the manual */
    bool (*run)(Run *run, const Step *step);
    bool names_item; /* its second argument is the code of an item */
} StepRow;

extern const StepRow pure_steps[];    /* end at a row without pattern */
extern const StepRow program_steps[]; /* the same */

typedef struct Argument {
    const char *text;
    int column;
    FeelExpression *expression; /* of <expression> */
    Instant moment;             /* of <day> */
} Argument;

/* A row "| name | expression |". */
typedef struct NamedExpression {
    const char *name;
    FeelExpression *expression;
    int line;
    int column;
} NamedExpression;

struct Step {
    const StepRow *row;
    const GherkinStep *written;
    bool is_program;
    Argument arguments[ARGUMENTS_MAX];
    LIST(NamedExpression) values;
};

typedef struct Scenario {
    const char *name;
    int line;
    const char *const *tags;
    bool needs_program;
    LIST(Step) steps;
} Scenario;

typedef LIST(const char *) Codes;

struct ScenarioFile {
    const char *name;
    LIST(Scenario) scenarios;
    Codes tables; /* that are asked, each once, in order */
    Codes items;  /* that are applied for, likewise */
};

/* One scenario while it runs. */
struct Run {
    const ScenarioFile *file;
    const Scenario *scenario;
    const ScenarioHost *host;
    Arena *arena;
    Instant now; /* INSTANT_NONE until a step sets it */
    const Step *step;
    ScenarioFailure failure;
    /* of the decision that was asked last */
    bool is_asked;
    FeelValue answer;
    DmnTrace trace;
    const char *refusal; /* why the table gave no answer at all; NULL: it did */
    struct Hall *hall;   /* of program steps (scenario_hall.h) */
};

/* ---- matching (scenario_match.c) ------------------------------------------------------------- */

/* Whether text is this step; fills arguments and, always, how many bytes of text fit. */
bool step_matches(Arena *arena, const char *pattern, const char *text, Argument *out_arguments,
                  size_t *out_fit);

/* The moment of "2026-03-01" (its nine o'clock in China), "2026-03-01 14:30" or an instant. */
bool moment_parse(const char *text, Instant *out);

/* ---- running --------------------------------------------------------------------------------- */

/* Ends the scenario at the running step; false. line 0: that of the step. */
bool run_fail(Run *run, int line, const char *expected, const char *got);

/* The value of an expression on the run's clock. False when it is null for an error, or for
 * nothing that an expression may be null for: then the scenario has failed. */
bool run_value(Run *run, const FeelExpression *expression, int line, FeelValue *out);

/* A value as JSON, as failures show it. */
const char *run_show(Run *run, FeelValue value);

/* Compares and fails the step where the two differ. */
bool run_expect(Run *run, const FeelExpression *expected, FeelValue got);

#endif
