/*
 * dmn_run.c - a whole evaluation: from the caller's inputs to value, findings and steps.
 *
 *     dmn_evaluate -> one call of FEEL -> node (dmn_node.c) -> expressions -> findings claimed
 *
 * The call is the clock of all work: steps, depth and memory of every expression, function and
 * service inside count against one limit.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

/* ---- findings -------------------------------------------------------------------------------- */

static void add_finding(DmnRun *run, DmnFinding finding)
{
    if (run->out->findings.count < DMN_FINDINGS_MAX)
        list_add(run->arena, &run->out->findings, finding);
    else
        run->out->dropped++;
}

void dmn_claim(DmnRun *run, const DmnNode *node, int line)
{
    for (; run->claimed < run->feel.list.count; run->claimed++) {
        const FeelFinding *found = &run->feel.list.items[run->claimed];
        add_finding(run, (DmnFinding){.code = found->code,
                                      .message = found->message,
                                      .file = node->info.file,
                                      .element = node->info.name,
                                      .line = line,
                                      .source = found->source,
                                      .source_line = found->line,
                                      .source_column = found->column});
    }
}

FeelValue dmn_finding(const DmnEnv *env, int line, const char *code, const char *format, ...)
{
    DmnRun *run = env->frame->run;
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(run->arena, format, args);
    va_end(args);
    add_finding(run, (DmnFinding){.code = code,
                                  .message = message,
                                  .file = env->node->info.file,
                                  .element = env->node->info.name,
                                  .line = line ? line : env->node->info.line,
                                  .with = {{"what", message}, {"element", env->node->info.name}}});
    return feel_null();
}

/* ---- scopes ---------------------------------------------------------------------------------- */

FeelScope *dmn_scope(const DmnEnv *env, FeelValue variables)
{
    FeelScope *scope = arena_new(env->frame->run->arena, FeelScope);
    *scope = *env->scope;
    scope->parent = env->scope;
    scope->variables = variables;
    scope->has_input = false;
    scope->input = feel_null();
    return scope;
}

FeelScope *dmn_input_scope(const DmnEnv *env, FeelValue input)
{
    FeelScope *scope = dmn_scope(env, feel_null());
    scope->has_input = true;
    scope->input = input;
    return scope;
}

FeelValue dmn_feel(const DmnEnv *env, const FeelExpression *expression, const FeelScope *scope,
                   int line)
{
    DmnRun *run = env->frame->run;
    const DmnEnv *outer = run->env;
    run->env = env;
    FeelValue value = feel_call_expression(run->call, expression, scope);
    run->env = outer;
    if (run->claimed < run->feel.list.count)
        dmn_claim(run, env->node, line);
    return value;
}

DmnFrame *dmn_frame(DmnRun *run)
{
    size_t count = run->model->nodes.count;
    DmnFrame *frame = arena_new(run->arena, DmnFrame);
    (void)feel_call_spend(run->call, 1, count * (sizeof(FeelValue) + 1));
    frame->run = run;
    frame->values = arena_array(run->arena, FeelValue, count);
    frame->states = arena_alloc(run->arena, count);
    return frame;
}

/* ---- the whole ------------------------------------------------------------------------------- */

typedef struct Asked {
    DmnRun *run;
    const DmnNode *node;
} Asked;

/* The arguments of a service that is asked from outside. */
static FeelValue ask_service(DmnFrame *frame, const DmnNode *node)
{
    const DmnEnv env = {.frame = frame, .node = node, .scope = &frame->run->base};
    FeelValue *arguments = arena_array(frame->run->arena, FeelValue, node->parameters.count);
    for (size_t i = 0; i < node->parameters.count; i++) {
        const char *name = node->parameters.items[i].node->variable;
        const FeelValue *given = feel_member(frame->run->inputs, name);
        if (given)
            arguments[i] = *given;
        else
            dmn_finding(&env, 0, "dmn.no_input", "%s was not given", name);
    }
    return dmn_service(frame, node, arguments);
}

static FeelValue ask_knowledge(DmnFrame *frame, const DmnNode *node)
{
    const DmnExpr *function = node->logic;
    FeelValue value = dmn_node_function(frame, node);
    size_t count = function ? function->parameters.count : 0;
    FeelValue *arguments = arena_array(frame->run->arena, FeelValue, count);
    for (size_t i = 0; i < count; i++) {
        const FeelValue *given =
            feel_member(frame->run->inputs, function->parameters.items[i].name);
        arguments[i] = given ? *given : feel_null();
    }
    return feel_is_null(value) ? value
                               : feel_call_function(frame->run->call, value, arguments, count);
}

static FeelValue answer(FeelCall *call)
{
    Asked *asked = feel_call_data(call);
    asked->run->call = call;
    DmnFrame *frame = dmn_frame(asked->run);
    switch (asked->node->info.kind) {
    case DMN_SERVICE: return ask_service(frame, asked->node);
    case DMN_KNOWLEDGE: return ask_knowledge(frame, asked->node);
    default: return dmn_node_value(frame, asked->node);
    }
}

static void run_node(DmnRun *run, const DmnNode *node)
{
    Asked *asked = arena_new(run->arena, Asked);
    *asked = (Asked){.run = run, .node = node};
    FeelValue function = feel_native_named(run->arena, NULL, 0, answer, asked);
    run->out->value = feel_invoke(function, NULL, 0, &run->base, run->arena, &run->feel);
    dmn_claim(run, node, node->info.line);
    run->out->dropped += run->feel.dropped;
    if (run->is_stopped)
        run->out->value = feel_null();
}

static const DmnNode *find(const DmnModel *model, const char *id_or_name, bool decisions_only)
{
    size_t end = model->files.count ? model->files.items[0]->node_end : 0;
    for (int by_name = 0; by_name < 2; by_name++)
        for (size_t i = 0; i < end; i++) {
            const DmnNode *node = model->nodes.items[i];
            bool is_it = text_equal(by_name ? node->info.name : node->info.id, id_or_name) &&
                         (node->info.kind == DMN_DECISION || (!decisions_only && node->info.kind));
            if (is_it)
                return node;
        }
    return NULL;
}

static bool fail_unknown(Error *err, const char *id_or_name)
{
    return error_set(err, ERROR_NOT_FOUND, .code = "dmn.unknown_decision", .field = id_or_name,
                     .with = {{"decision", id_or_name}});
}

/* Functions that the result may hold keep the run: nothing of it is on a stack. */
static DmnRun *new_run(const DmnModel *model, const FeelScope *scope, Arena *arena)
{
    DmnRun *run = arena_new(arena, DmnRun);
    run->arena = arena;
    run->model = model;
    run->base = scope ? *scope : (FeelScope){.now = INSTANT_NONE};
    run->type_check = run->base.type_check;
    run->type_data = run->base.type_data;
    run->base.type_check = dmn_type_check;
    run->base.type_data = run;
    run->out = arena_new(arena, DmnResult);
    return run;
}

static bool is_within(Arena *arena, Error *err)
{
    return !arena_is_over(arena) ||
           error_set(err, ERROR_TOO_LARGE, .code = "dmn.too_large", .with = {{"what", "memory"}});
}

bool dmn_evaluate(const DmnModel *model, const char *id_or_name, FeelValue inputs,
                  const FeelScope *scope, Arena *arena, DmnResult *out, Error *err)
{
    const DmnNode *node = find(model, id_or_name, false);
    *out = (DmnResult){0};
    if (!node)
        return fail_unknown(err, id_or_name);
    DmnRun *run = new_run(model, scope, arena);
    run->inputs = inputs;
    run_node(run, node);
    *out = *run->out;
    return is_within(arena, err);
}

/* ---- for programs that refuse ---------------------------------------------------------------- */

/* The step that ended last is that of the decision itself: a service may have run it before. */
static void fill_trace(const DmnRun *run, const DmnNode *node, DmnTrace *out)
{
    const DmnStep *own = NULL;
    out->findings = run->feel;
    list_each (const DmnStep, step, &run->out->steps)
        if (step->element == &node->info && node->info.is_table)
            own = step;
    if (!own)
        return;
    list_each (const DmnStepInput, input, &own->inputs)
        list_add(run->arena, &out->inputs, *input);
    list_each (const DmnFired, fired, &own->fired)
        list_add(run->arena, &out->fired, *fired);
}

/* A mistake of the engine's own; an input that was not given is none here. */
static bool is_mistake(const DmnFinding *finding)
{
    return text_starts_with(finding->code, "dmn.") && !text_equal(finding->code, "dmn.no_input") &&
           !text_equal(finding->code, "dmn.no_rule");
}

static bool refuse(const DmnRun *run, const DmnFinding *finding, Error *err)
{
    const DmnNode *node = NULL;
    list_each (DmnNode *, one, &run->model->nodes)
        if (text_equal((*one)->info.name, finding->element))
            node = *one;
    return error_set(
        err, ERROR_INVALID, .code = finding->code, .field = node ? node->info.id : finding->element,
        .detail = arena_printf(run->arena, "%s: %s", finding->element, finding->message),
        .with = {finding->with[0], finding->with[1], finding->with[2]});
}

bool dmn_decide(const DmnModel *model, const char *id_or_name, const FeelScope *scope, Arena *arena,
                FeelValue *out, DmnTrace *out_trace, Error *err)
{
    const DmnNode *node = find(model, id_or_name, true);
    if (out_trace)
        *out_trace = (DmnTrace){0};
    if (!node)
        return fail_unknown(err, id_or_name);
    DmnRun *run = new_run(model, scope, arena);
    run->is_open = true;
    run_node(run, node);
    if (out_trace)
        fill_trace(run, node, out_trace);
    list_each (const DmnFinding, finding, &run->out->findings)
        if (is_mistake(finding))
            return refuse(run, finding, err);
    *out = run->out->value;
    return is_within(arena, err);
}

/* ---- lists ----------------------------------------------------------------------------------- */

size_t dmn_element_count(const DmnModel *model)
{
    return model->nodes.count;
}

const DmnElement *dmn_element(const DmnModel *model, size_t index)
{
    return index < model->nodes.count ? &model->nodes.items[index]->info : NULL;
}

const char *dmn_model_id(const DmnModel *model)
{
    return model->files.count ? model->files.items[0]->id : "";
}

const char *dmn_model_name(const DmnModel *model)
{
    return model->files.count ? model->files.items[0]->title : "";
}

static const DmnNode *decision_at(const DmnModel *model, size_t *index)
{
    size_t end = model->files.count ? model->files.items[0]->node_end : 0;
    for (size_t i = 0; i < end; i++)
        if (model->nodes.items[i]->info.kind == DMN_DECISION && (*index)-- == 0)
            return model->nodes.items[i];
    return NULL;
}

size_t dmn_decision_count(const DmnModel *model)
{
    size_t asked = SIZE_MAX;
    (void)decision_at(model, &asked);
    return SIZE_MAX - asked;
}

const DmnDecision *dmn_decision(const DmnModel *model, size_t index)
{
    const DmnNode *node = decision_at(model, &index);
    return node ? &node->info : NULL;
}

const DmnDecision *dmn_find(const DmnModel *model, const char *id_or_name)
{
    const DmnNode *node = find(model, id_or_name, true);
    return node ? &node->info : NULL;
}
