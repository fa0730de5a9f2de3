/*
 * workbench_trial.c - a table tried out: an official tells what is the case and sees what a
 * version, or the draft, answers. Nothing is written, so the address holds all of it.
 *
 *     file -> dmn_asks -> fields -> what was typed -> dmn_evaluate -> workbench_trial_show.c
 */
#include <string.h>

#include "apps/workbench/workbench_trial.h"
#include "service/calendars.h"

const InputField workbench_trial_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"of", INPUT_TEXT, 0, .most = 20, .label = "workbench.trial_source"},
    {"decision", INPUT_TEXT, 0, .most = 200, .label = "workbench.trial_decision"},
    {"rule", INPUT_INT, 0, .least = 1, .most = 10000, .label = "workbench.rule"},
    {"run", INPUT_BOOL, 0, .label = "workbench.trial_run"},
    {"inputs", INPUT_FORM, 0, .label = "workbench.trial_inputs"},
    {0},
};

enum { TYPED_MOST = 2000 };

/* ---- which file ------------------------------------------------------------------------------ */

/* Asked for none: the draft, or else what is in force. */
static bool choose(Request *req, Trial *trial, Error *err)
{
    TrialView *view = trial->view;
    Definitions versions = {0};
    Draft draft;
    const char *of = input_text(req, "of");
    if (text_is_empty(of))
        of = NULL;
    if (!workbench_versions(req, view->kind, view->code, &versions, err) ||
        !store_draft(req->conn, req->arena, req->tenant, view->kind, view->code, &draft, err))
        return false;
    const Definition *now = workbench_now(req, &versions);
    if (!now && !draft.revision)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    if (!of)
        of = draft.revision ? "draft" : arena_printf(req->arena, "%lld", (long long)now->id);
    view->version = of;
    view->source = request_field(req, workbench_trial_input, "of", NULL);
    workbench_source_choices(req, &versions, draft.revision != 0, view->version, &view->source);
    return true;
}

static bool load(Request *req, Trial *trial, Error *err)
{
    TrialView *view = trial->view;
    Source source;
    Error ignored = ERROR_NONE;
    const DmnProblem *problems;
    if (!workbench_source(req, view->kind, view->code, view->version, &source, err))
        return false;
    DmnSource file = {.name = arena_printf(req->arena, "%s.dmn", view->code),
                      .text = source.files.source,
                      .length = strlen(source.files.source)};
    DmnModel *model = dmn_load(req->arena, &file, NULL, err);
    if (!model)
        return false;
    trial->model = model;
    if (req->language == LANGUAGE_EN && source.files.english) /* one that cannot be read is none */
        trial->english = json_parse(req->arena, source.files.english, strlen(source.files.english),
                                    &JSON_LIMITS, &ignored);
    view->problems = (int64_t)dmn_problems(model, &problems);
    return true;
}

/* The first one where none is named. */
static bool choose_decision(Request *req, Trial *trial, Error *err)
{
    const char *name = input_text(req, "decision");
    if (text_is_empty(name))
        name = NULL;
    TrialView *view = trial->view;
    size_t count = dmn_decision_count(trial->model);
    trial->decision = name    ? dmn_find(trial->model, name)
                      : count ? dmn_decision(trial->model, 0)
                              : NULL;
    if (name && !trial->decision)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.trial_unknown",
                         .field = "decision");
    view->decision_name = trial->decision ? trial->decision->id : NULL;
    view->decision = request_field(req, workbench_trial_input, "decision", view->decision_name);
    view->decision.type = "choice";
    view->decision.is_required = true;
    view->decision.choices.items = arena_array(req->arena, FieldChoice, count);
    view->decision.choices.count = 0;
    for (size_t i = 0; i < count; i++) {
        const DmnDecision *one = dmn_decision(trial->model, i);
        view->decision.choices.items[view->decision.choices.count++] = (FieldChoice){
            .value = one->id, .label = one->name, .is_chosen = one == trial->decision};
    }
    return true;
}

/* ---- what is asked --------------------------------------------------------------------------- */

static const char *const type_names[] = {
    [DMN_ASK_ANY] = "any",         [DMN_ASK_TEXT] = "text", [DMN_ASK_NUMBER] = "number",
    [DMN_ASK_BOOLEAN] = "boolean", [DMN_ASK_DATE] = "date", [DMN_ASK_TEMPORAL] = "temporal",
    [DMN_ASK_CHOICE] = "choice",
};

/* Texts from a page; a program's JSON numbers and booleans come as they are written. */
static const char *typed(Request *req, const DmnAsk *ask)
{
    const Json *value = json_get(input_form(req, "inputs"), ask->path);
    if (!value || value->kind == JSON_NULL)
        return NULL;
    return value->kind == JSON_TEXT ? value->text : json_tree_text(req->arena, value);
}

static void add_choice(Request *req, FormField *field, const char *value, const char *label)
{
    (void)req;
    field->choices.items[field->choices.count++] =
        (FieldChoice){.value = value, .label = label, .is_chosen = text_equal(value, field->value)};
}

static void add_choices(Request *req, const DmnAsk *ask, FormField *field)
{
    field->type = "choice";
    field->choices.items = arena_array(req->arena, FieldChoice, ask->choices.count + 2);
    if (ask->kind == DMN_ASK_BOOLEAN) {
        add_choice(req, field, "true", request_text(req, "word.yes"));
        add_choice(req, field, "false", request_text(req, "word.no"));
    }
    list_each (const FeelValue, value, &ask->choices) {
        const char *text = feel_text(*value);
        text = text ? text : feel_to_text(req->arena, *value);
        add_choice(req, field, text, text);
    }
}

static FormField field_of(Request *req, const Trial *trial, const DmnAsk *ask)
{
    FormField field = {.name = arena_printf(req->arena, "inputs.%s", ask->path),
                       .type = "text",
                       .label = trial_overlaid(trial, ask->column, ask->label),
                       .value = typed(req, ask)};
    const char *path = text_equal(ask->label, ask->path) ? NULL : ask->path;
    const char *how = ask->kind == DMN_ASK_ANY ? request_text(req, "workbench.trial_any")
                      : ask->kind == DMN_ASK_TEMPORAL
                          ? request_text(req, "workbench.trial_temporal")
                          : NULL;
    field.hint = path && how ? arena_printf(req->arena, "%s · %s", path, how) : path ? path : how;
    if (ask->kind == DMN_ASK_NUMBER)
        field.type = "number";
    if (ask->kind == DMN_ASK_DATE)
        field.type = "date";
    if (ask->kind == DMN_ASK_CHOICE || ask->kind == DMN_ASK_BOOLEAN)
        add_choices(req, ask, &field);
    return field;
}

static void show_asks(Request *req, Trial *trial)
{
    TrialView *view = trial->view;
    view->fields.items = arena_array(req->arena, FormField, trial->asks.count);
    view->asks.items = arena_array(req->arena, TrialAskView, trial->asks.count);
    list_each (const DmnAsk, ask, &trial->asks) {
        view->fields.items[view->fields.count++] = field_of(req, trial, ask);
        view->asks.items[view->asks.count++] =
            (TrialAskView){ask->path, ask->label, type_names[ask->kind], typed(req, ask)};
    }
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void refuse_input(Request *req, const DmnAsk *ask, FormField *field, Error *err)
{
    const char *kind = type_names[ask->kind];
    const char *type = request_text(req, arena_printf(req->arena, "workbench.trial_type.%s", kind));
    error_add(err, req->arena, ERROR_INVALID, .code = "workbench.trial_wrong", .field = field->name,
              .with = {{"label", ask->label}, {"type", type}});
    field->error = request_text(req, "workbench.trial_wrong", "label", ask->label, "type", type);
}

/* Every wrong one is told. */
static bool read_inputs(Request *req, Trial *trial, FeelValue *out, Error *err)
{
    FeelValue *values = arena_array(req->arena, FeelValue, trial->asks.count);
    for (size_t i = 0; i < trial->asks.count; i++) {
        const DmnAsk *ask = &trial->asks.items[i];
        const char *text = typed(req, ask);
        if ((text && strlen(text) > TYPED_MOST) || !dmn_ask_read(ask, text, req->arena, &values[i]))
            refuse_input(req, ask, &trial->view->fields.items[i], err);
    }
    *out = dmn_ask_inputs(&trial->asks, values, req->arena);
    return !error_is_set(err);
}

/* A page shows what is wrong beside what was typed. */
static void show_errors(Request *req, TrialView *view)
{
    view->errors.items = arena_array(req->arena, FieldError, view->fields.count);
    for (size_t i = 0; i < view->fields.count; i++)
        if (view->fields.items[i].error)
            view->errors.items[view->errors.count++] =
                (FieldError){view->fields.items[i].name, view->fields.items[i].error};
}

static bool run(Request *req, Trial *trial, Error *err)
{
    App *app = request_app(req);
    Error wrong = ERROR_NONE;
    FeelValue inputs;
    if (!read_inputs(req, trial, &inputs, &wrong)) {
        show_errors(req, trial->view);
        return !req->wants_json || error_fill(err, wrong);
    }
    FeelScope scope = calendars_scope(app, req->conn, req->arena, inputs, req->now);
    if (!dmn_evaluate(trial->model, trial->decision->id, inputs, &scope, req->arena, &trial->result,
                      err))
        return false;
    trial->view->is_run = true;
    return true;
}

bool trial_page(Request *req, Error *err)
{
    Trial trial = {.view = arena_new(req->arena, TrialView)};
    TrialView *view = trial.view;
    if (!workbench_name(req, &view->kind, &view->code, err))
        return false;
    if (!text_equal(view->kind, "table"))
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    view->title = workbench_title(req, view->kind, view->code);
    if (!choose(req, &trial, err) || !load(req, &trial, err) || !choose_decision(req, &trial, err))
        return false;
    if (trial.decision) {
        dmn_asks(trial.model, trial.decision->id, req->arena, &trial.asks);
        show_asks(req, &trial);
        if (input_bool(req, "run") && !run(req, &trial, err))
            return false;
        trial_show(req, &trial);
    }
    return request_show(req, &TrialView_type, view);
}
