/*
 * scenario_run.c - scenarios one after the other, each on its own; the report.
 */
#include "scenario/scenario_internal.h"

#include <string.h>

#include "base/text.h"
#include "calendar/calendar.h"
#include "scenario/scenario_hall.h"

/* ---- for steps ------------------------------------------------------------------------------- */

bool run_fail(Run *run, int line, const char *expected, const char *got)
{
    const GherkinStep *written = run->step->written;
    run->failure = (ScenarioFailure){
        .file = run->file->name,
        .line = line ? line : written->line,
        .column = written->column,
        .step = arena_printf(run->arena, "%s %s", written->keyword, written->text),
        .expected = expected,
        .got = got};
    return false;
}

const char *run_show(Run *run, FeelValue value)
{
    Buffer out = buffer_init(run->arena, 0);
    feel_to_json(&out, value);
    return buffer_text(&out);
}

bool run_value(Run *run, const FeelExpression *expression, int line, FeelValue *out)
{
    FeelFindings findings = {0};
    FeelScope scope = {
        .now = run->now, .offset_minutes = CALENDAR_ZONE_CHINA, .workdays = run->host->workdays};
    *out = feel_evaluate(expression, &scope, run->arena, &findings);
    if (!findings.list.count || !feel_is_null(*out))
        return true;
    const FeelFinding *first = &findings.list.items[0];
    return run_fail(run, line, arena_printf(run->arena, "a value of %s", feel_source(expression)),
                    arena_printf(run->arena, "%s: %s", first->code, first->message));
}

/* Days and moments in the answers of a program are texts: what looks the same as JSON is. */
bool run_expect(Run *run, const FeelExpression *expected, FeelValue got)
{
    FeelValue value;
    if (!run_value(run, expected, 0, &value))
        return false;
    if (feel_equal(value, got) == FEEL_YES)
        return true;
    const char *wanted = run_show(run, value), *found = run_show(run, got);
    bool is_day = value.kind != got.kind && got.kind == FEEL_STRING && value.kind != FEEL_NULL;
    return (is_day && text_equal(wanted, found)) || run_fail(run, 0, wanted, found);
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool begin(Run *run)
{
    const ScenarioProgram *program = run->host->program;
    Error err = ERROR_NONE;
    if (!run->scenario->needs_program || !program->begin || program->begin(program->data, &err))
        return true;
    run->step = &run->scenario->steps.items[0];
    return run_fail(run, 0, "the program is ready", err.detail ? err.detail : err.code);
}

static bool run_steps(Run *run)
{
    if (!begin(run))
        return false;
    list_each (const Step, step, &run->scenario->steps) {
        run->step = step;
        if (!step->row->run(run, step))
            return false;
        if (arena_is_over(run->arena))
            return run_fail(run, 0, "a run within its memory", "it takes too much");
    }
    return hall_settle(run);
}

static ScenarioOutcome run_one(const ScenarioFile *file, const Scenario *scenario,
                               const ScenarioHost *host, Arena *arena)
{
    Run run = {
        .file = file, .scenario = scenario, .host = host, .arena = arena, .now = INSTANT_NONE};
    ScenarioOutcome outcome = {
        .name = scenario->name, .line = scenario->line, .tags = scenario->tags};
    if (scenario->needs_program && !host->program) {
        outcome.result = SCENARIO_LEFT_OUT;
        return outcome;
    }
    run.hall = arena_new(arena, Hall);
    outcome.result = run_steps(&run) ? SCENARIO_PASSED : SCENARIO_FAILED;
    outcome.failure = run.failure;
    return outcome;
}

bool scenario_run(const ScenarioFile *file, const ScenarioHost *host, Arena *arena,
                  ScenarioReport *out)
{
    *out = (ScenarioReport){0};
    list_each (const Scenario, scenario, &file->scenarios) {
        ScenarioOutcome outcome = run_one(file, scenario, host, arena);
        list_add(arena, &out->outcomes, outcome);
        out->passed += outcome.result == SCENARIO_PASSED;
        out->failed += outcome.result == SCENARIO_FAILED;
        out->left_out += outcome.result == SCENARIO_LEFT_OUT;
    }
    return !out->failed;
}

bool scenario_refuse(const ScenarioReport *report, const char *file, Arena *arena, Error *err)
{
    list_each (const ScenarioOutcome, outcome, &report->outcomes) {
        const ScenarioFailure *failure = &outcome->failure;
        if (outcome->result != SCENARIO_FAILED)
            continue;
        const char *name = file ? file : failure->file;
        error_add(err, arena, ERROR_INVALID, .code = "scenario.failed", .field = name,
                  .line = failure->line, .column = failure->column,
                  .with = {{"place", arena_printf(arena, "%s:%d", name, failure->line)},
                           {"step", failure->step},
                           {"expected", failure->expected},
                           {"got", failure->got}});
    }
    return !report->failed;
}
