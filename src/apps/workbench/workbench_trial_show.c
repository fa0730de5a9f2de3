/*
 * workbench_trial_show.c - what a trial gave: values, steps, findings, and tables with the rules
 * that fired.
 */
#include <string.h>

#include "apps/workbench/workbench_trial.h"

enum { STEPS_SHOWN = 100, CELLS_SHOWN = 20 * 1000 };

/* ---- values ---------------------------------------------------------------------------------- */

static const char *value_text(Request *req, FeelValue value)
{
    const char *text = feel_text(value);
    if (feel_is_null(value))
        return request_text(req, "workbench.trial_null");
    return text ? text : feel_to_text(req->arena, value);
}

/* ---- steps ----------------------------------------------------------------------------------- */

const char *trial_overlaid(const Trial *trial, const char *element, const char *fallback)
{
    const char *text = trial->english && element ? json_text(trial->english, element) : NULL;
    return text ? text : fallback;
}

static TrialFiredView show_fired(Request *req, const Trial *trial, const DmnFired *fired)
{
    TrialFiredView view = {.rule = (int64_t)fired->rule, .value = value_text(req, fired->output)};
    view.notes.items = arena_array(req->arena, Text, fired->annotation_count);
    for (size_t i = 0; i < fired->annotation_count; i++)
        if (!text_is_empty(fired->annotations[i]))
            view.notes.items[view.notes.count++] =
                i ? fired->annotations[i] : trial_overlaid(trial, fired->id, fired->annotations[i]);
    return view;
}

static TrialStepView show_step(Request *req, const Trial *trial, const DmnStep *step)
{
    TrialStepView view = {.name = step->element->name,
                          .value = value_text(req, step->result),
                          .is_table = step->is_table,
                          .has_none = step->is_table && !step->fired.count};
    view.inputs.items = arena_array(req->arena, TrialValueView, step->inputs.count);
    view.fired.items = arena_array(req->arena, TrialFiredView, step->fired.count);
    list_each (const DmnStepInput, input, &step->inputs)
        view.inputs.items[view.inputs.count++] = (TrialValueView){
            trial_overlaid(trial, input->id, input->label), value_text(req, input->value)};
    list_each (const DmnFired, fired, &step->fired)
        view.fired.items[view.fired.count++] = show_fired(req, trial, fired);
    return view;
}

static TrialFindingView show_finding(Request *req, const DmnFinding *finding)
{
    Error error = {.kind = ERROR_INVALID, .code = finding->code, .message = finding->message};
    memcpy(error.with, finding->with, sizeof finding->with);
    return (TrialFindingView){.code = finding->code,
                              .text = workbench_problem_text(req, &error),
                              .element = finding->element,
                              .line = finding->line,
                              .source = finding->source};
}

static void show_result(Request *req, Trial *trial)
{
    TrialView *view = trial->view;
    const DmnResult *result = &trial->result;
    view->value = value_text(req, result->value);
    view->steps.items = arena_array(req->arena, TrialStepView, result->steps.count);
    view->findings.items = arena_array(req->arena, TrialFindingView, result->findings.count);
    list_each (const DmnStep, step, &result->steps)
        if (view->steps.count < STEPS_SHOWN)
            view->steps.items[view->steps.count++] = show_step(req, trial, step);
    list_each (const DmnFinding, finding, &result->findings)
        view->findings.items[view->findings.count++] = show_finding(req, finding);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static bool has_fired(const Trial *trial, const DmnElement *element, size_t rule)
{
    list_each (const DmnStep, step, &trial->result.steps)
        if (step->element == element)
            list_each (const DmnFired, fired, &step->fired)
                if (fired->rule == rule)
                    return true;
    return false;
}

static TrialRuleView show_rule(Request *req, const Trial *trial, const DmnElement *element,
                               const DmnShownTable *table, size_t rule)
{
    bool is_asked = element == trial->decision && input_int(req, "rule", 0) == (int64_t)rule;
    TrialRuleView view = {.rule = (int64_t)rule,
                          .is_marked = is_asked || has_fired(trial, element, rule)};
    view.anchor = is_asked ? "rule" : NULL;
    view.cells.items = arena_array(req->arena, Text, table->columns.count);
    for (size_t i = 0; i < table->columns.count; i++)
        view.cells.items[view.cells.count++] = table->rules.items[rule - 1].cells[i];
    return view;
}

static TrialTableView show_table(Request *req, const Trial *trial, const DmnElement *element,
                                 const DmnShownTable *table)
{
    size_t most = CELLS_SHOWN / (table->columns.count + 1);
    TrialTableView view = {.name = element->name, .policy = table->policy};
    view.columns.items = arena_array(req->arena, TrialColumnView, table->columns.count);
    view.rules.items = arena_array(req->arena, TrialRuleView, table->rules.count);
    for (size_t i = 0; i < table->columns.count; i++)
        view.columns.items[view.columns.count++] = (TrialColumnView){
            table->columns.items[i], i >= table->inputs && i < table->inputs + table->outputs};
    for (size_t i = 1; i <= table->rules.count; i++) {
        TrialRuleView rule = show_rule(req, trial, element, table, i);
        if (view.rules.count < most || rule.is_marked)
            view.rules.items[view.rules.count++] = rule;
        else
            view.left_out++;
    }
    return view;
}

/* The table of the decision that is tried first, then those that it may need. */
static void show_tables(Request *req, Trial *trial)
{
    TrialView *view = trial->view;
    size_t count = dmn_decision_count(trial->model);
    view->tables.items = arena_array(req->arena, TrialTableView, count);
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            const DmnElement *element = dmn_decision(trial->model, i);
            DmnShownTable table;
            if ((element == trial->decision) == (pass == 0) &&
                dmn_show_table(trial->model, element, req->arena, &table))
                view->tables.items[view->tables.count++] = show_table(req, trial, element, &table);
        }
}

void trial_show(Request *req, Trial *trial)
{
    if (trial->view->is_run)
        show_result(req, trial);
    show_tables(req, trial);
}
