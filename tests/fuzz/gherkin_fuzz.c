/*
 * gherkin_fuzz.c - any bytes as scenarios: what is read hangs together, what is expanded has no
 * outline left, and steps that are known run to an end without tables.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/gherkin.h"
#include "scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    if (!text || !text_is_utf8(text, strlen(text)))
        abort();
}

static void check_table(const GherkinTable *table)
{
    list_each (const GherkinRow, row, table) {
        if (row->line < 1 || row->cells.count != table->items[0].cells.count)
            abort();
        list_each (const GherkinCell, cell, &row->cells) {
            check_text(cell->text);
            if (cell->column < 1)
                abort();
        }
    }
}

static void check_steps(const GherkinSteps *steps)
{
    list_each (const GherkinStep, step, steps) {
        check_text(step->text);
        check_text(step->keyword);
        if (step->line < 1 || step->column < 1 || (step->doc && step->table.count))
            abort();
        check_table(&step->table);
    }
}

static void check_expanded(Arena *arena, const Gherkin *tree)
{
    Error err = ERROR_NONE;
    const GherkinScenarios *all = gherkin_expand(arena, tree, &GHERKIN_LIMITS, &err);
    if (!all != error_is_set(&err))
        abort();
    if (!all)
        return;
    list_each (const GherkinScenario, scenario, all) {
        if (scenario->is_outline || scenario->examples.count)
            abort();
        check_text(scenario->name);
        check_steps(&scenario->steps);
    }
}

static void check_steps_run(Arena *arena, const char *text, size_t length)
{
    Error err = ERROR_NONE;
    ScenarioHost host = {0};
    ScenarioReport report;
    ScenarioFile *file = scenario_read(arena, "x", text, length, &err);
    if (!file != error_is_set(&err))
        abort();
    if (!file)
        return;
    scenario_run(file, &host, arena, &report);
    if (report.passed + report.failed + report.left_out != report.outcomes.count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    Error err = ERROR_NONE;
    Gherkin *tree = gherkin_parse(arena, (const char *)data, size, &GHERKIN_LIMITS, &err);
    if (!tree != error_is_set(&err))
        abort();
    if (tree) {
        check_text(tree->name);
        check_text(tree->about);
        check_steps(&tree->background);
        list_each (const GherkinScenario, scenario, &tree->scenarios)
            check_steps(&scenario->steps);
        check_expanded(arena, tree);
        check_steps_run(arena, (const char *)data, size);
    }
    arena_destroy(arena);
    return 0;
}
