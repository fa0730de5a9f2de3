#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

/*
 * Scenario: Given/When/Then files that say what a definition does, run on a set clock.
 *
 *     text --scenario_read--> steps, each known --scenario_run--> passed, or the step that failed
 *
 * The format is Gherkin (format/gherkin.h); the steps are ours and fixed, each in English and in
 * Chinese (docs/scenarios.md lists them, scenario_steps gives them to programs). A text that is no
 * step is an error when the file is read.
 *
 * Two kinds of steps:
 *   pure     ask a decision of a table. They need the tables alone, which `tables` finds by code:
 *            those of a pack, of a draft that nobody published yet, or a mutant.
 *   program  apply, accept, complete tasks, move the clock, look. They speak the JSON API to
 *            `program`, in memory or over HTTP. Without one a scenario that has such a step is left
 *            out, which is told and is no failure.
 *
 * To check one table before it is published:
 *
 *     ScenarioFile *file = scenario_read(arena, "scenarios/fee.feature", text, length, &err);
 *     ScenarioHost host = {.tables = {find_draft, draft}, .workdays = workdays};
 *     ScenarioReport report;
 *     scenario_run(file, &host, arena, &report);
 *     if (report.failed)
 *         ... report.outcomes.items[i].failure: file, line, step, expected, got
 *
 * For a mutation run read the file once and run it with a `find` that gives the changed model; a
 * file that names no decision of the table (scenario_names_table) need not run.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "base/time.h"
#include "dmn/dmn.h"
#include "feel/feel.h"
#include "format/json.h"

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct ScenarioFile ScenarioFile;

/* Reads a file whole; name is told in failures and kept as a pointer. NULL with one error with line
 * and column: those of gherkin_parse and gherkin_expand; scenario.step ({found}; {expected}: the
 * step that comes nearest), scenario.table (the step needs a table, or takes none); of a FEEL
 * expression the error of feel_compile. */
MUST_CHECK ScenarioFile *scenario_read(Arena *arena, const char *name, const char *text,
                                       size_t length, Error *err);

/* Whether a pure step asks a table of this code. */
bool scenario_names_table(const ScenarioFile *file, const char *code);

/* The codes of all tables that pure steps ask, each once, in order; the number of them. */
size_t scenario_tables(const ScenarioFile *file, const char *const **out_codes);

/* The same for the items that are applied for, online or at a window. */
size_t scenario_items(const ScenarioFile *file, const char *const **out_codes);

/* Whether some scenario has a program step. */
bool scenario_needs_program(const ScenarioFile *file);

/* ---- what scenarios run against -------------------------------------------------------------- */

/* Finds a table by its code; NULL when there is none. The model must stay until the run is over. */
typedef struct ScenarioTables {
    const DmnModel *(*find)(void *data, const char *code);
    void *data;
} ScenarioTables;

/* What a program answered to one call. */
typedef struct ScenarioAnswer {
    int status;       /* of HTTP */
    const Json *json; /* NULL: the answer was none */
} ScenarioAnswer;

/*
 * A running program, asked the way any program asks it (docs/api.md). An account that was not used
 * before is logged in first; account "" asks without one. `path` begins with "/", body is JSON, or
 * NULL for a GET. False with an error only when there was no answer at all, or the log-in failed: a
 * refusal is an answer.
 */
typedef struct ScenarioProgram {
    bool (*send)(void *data, Arena *arena, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out, Error *err);
    /* Sets the clock, and has what is due by then done before it returns. */
    bool (*set_clock)(void *data, Instant now, Error *err);
    /* Called before each scenario that has program steps; NULL: not wanted. */
    bool (*begin)(void *data, Error *err);
    void *data;
} ScenarioProgram;

typedef struct ScenarioHost {
    ScenarioTables tables;          /* find NULL: no tables */
    const FeelWorkdays *workdays;   /* NULL: workdays.* are null */
    const ScenarioProgram *program; /* NULL: scenarios with program steps are left out */
} ScenarioHost;

/* ---- running --------------------------------------------------------------------------------- */

typedef struct ScenarioFailure {
    const char *file;
    int line; /* of the step, or of the row of its table */
    int column;
    const char *step;     /* with its keyword */
    const char *expected; /* values as JSON, or a plain English sentence */
    const char *got;
} ScenarioFailure;

typedef enum ScenarioResult { SCENARIO_PASSED, SCENARIO_FAILED, SCENARIO_LEFT_OUT } ScenarioResult;

typedef struct ScenarioOutcome {
    const char *name;
    int line;
    const char *const *tags; /* "@R05", ends with NULL */
    ScenarioResult result;
    ScenarioFailure failure; /* of SCENARIO_FAILED */
} ScenarioOutcome;

typedef struct ScenarioReport {
    LIST(ScenarioOutcome) outcomes;
    size_t passed;
    size_t failed;
    size_t left_out;
} ScenarioReport;

/* Runs every scenario, each on its own: none sees what another did, but in a program's database.
 * The report lives in arena. True when none failed. */
bool scenario_run(const ScenarioFile *file, const ScenarioHost *host, Arena *arena,
                  ScenarioReport *out);

/* Adds an error scenario.failed for each failure ({place} {step} {expected} {got}, with line and
 * column; `field` is the file, by another name unless NULL) behind what err holds. False when there
 * was one. */
bool scenario_refuse(const ScenarioReport *report, const char *file, Arena *arena, Error *err);

/* ---- the manual ------------------------------------------------------------------------------ */

/* One step as it is written: "..." stands for a text, <day> for a day or a moment, <n> for a
 * number, <expression> for FEEL up to the end of the line. */
typedef struct ScenarioStepDoc {
    const char *english;
    const char *chinese;
    const char *table; /* what the rows of its table are; NULL: it takes none */
    bool is_program;
} ScenarioStepDoc;

size_t scenario_steps(Arena *arena, const ScenarioStepDoc **out_steps);

#endif
