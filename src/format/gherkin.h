#ifndef FORMAT_GHERKIN_H
#define FORMAT_GHERKIN_H

/*
 * Gherkin: Given/When/Then texts in, tree out, with the line and column of every part.
 *
 * The subset of https://cucumber.io/docs/gherkin/reference that scenarios need: Feature,
 * Background, Scenario, Scenario Outline with Examples, the steps, tags, data tables, doc strings
 * and comments; no Rule. Keywords are English, or the zh-CN ones behind "# language: zh-CN" in the
 * first line. Behind a Chinese keyword the colon may be the full-width one, too.
 *
 *     text --gherkin_parse--> tree as it stands --gherkin_expand--> scenarios to run
 *
 * What a step means is nobody's business here. Texts live in the arena.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

/* "And", "But" and "*" are of the step before them. */
typedef enum GherkinRole { GHERKIN_GIVEN, GHERKIN_WHEN, GHERKIN_THEN } GherkinRole;

typedef struct GherkinCell {
    const char *text; /* without the spaces around it; \| \\ \n are undone */
    int column;       /* where it begins */
} GherkinCell;

typedef struct GherkinRow {
    int line;
    LIST(GherkinCell) cells; /* in one table all rows have the same number */
} GherkinRow;

typedef LIST(GherkinRow) GherkinTable;

typedef struct GherkinTag {
    const char *name; /* "@R05" */
    int line;
    int column;
} GherkinTag;

typedef LIST(GherkinTag) GherkinTags;

typedef struct GherkinStep {
    GherkinRole role;
    const char *keyword; /* as written, without a space behind it */
    const char *text;    /* what follows */
    int line;
    int column;         /* of text */
    GherkinTable table; /* empty when there is none */
    const char *doc;    /* of a doc string, or NULL */
    int doc_line;       /* its first line */
} GherkinStep;

typedef LIST(GherkinStep) GherkinSteps;

typedef struct GherkinExamples {
    const char *name;
    GherkinTags tags;
    int line;
    GherkinTable table; /* the first row names the columns */
} GherkinExamples;

typedef struct GherkinScenario {
    const char *name;
    GherkinTags tags; /* its own */
    int line;
    int column;
    bool is_outline;
    GherkinSteps steps;
    LIST(GherkinExamples) examples;
} GherkinScenario;

typedef struct Gherkin {
    const char *language; /* "en" or "zh-CN" */
    const char *name;     /* of the feature */
    const char *about;    /* the lines below its name; "" when there are none */
    GherkinTags tags;
    int line;
    GherkinSteps background;
    LIST(GherkinScenario) scenarios;
} Gherkin;

typedef struct GherkinLimits {
    size_t bytes;     /* longest text */
    size_t cells;     /* of a row */
    size_t scenarios; /* after expansion */
    size_t steps;     /* after expansion, of all scenarios together */
} GherkinLimits;

/* 1 MiB, 100 cells, 5,000 scenarios, 50,000 steps. */
extern const GherkinLimits GHERKIN_LIMITS;

/* The tree of data. On failure NULL and one error with line and column: gherkin.syntax ({expected}
 * and {found}), gherkin.columns (a row has more or fewer cells than the first of its table),
 * gherkin.language, gherkin.encoding (ERROR_INVALID), gherkin.size (ERROR_TOO_LARGE). */
MUST_CHECK Gherkin *gherkin_parse(Arena *arena, const char *data, size_t length,
                                  const GherkinLimits *limits, Error *err);

/* Scenarios as they run: steps of the background first, tags of the feature and of the examples
 * too, and an outline once for each row of its examples, its name followed by " (a, b)", its line
 * that of the row, and <name> replaced in texts, cells and doc strings. Lines and columns stay
 * those of the text. NULL with gherkin.placeholder ({name}: no column of the examples has it) or
 * gherkin.size. */
typedef LIST(GherkinScenario) GherkinScenarios;
MUST_CHECK const GherkinScenarios *gherkin_expand(Arena *arena, const Gherkin *tree,
                                                  const GherkinLimits *limits, Error *err);

#endif
