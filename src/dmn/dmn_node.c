/*
 * dmn_node.c - the elements of the graph: each is evaluated once in a frame, after what it
 * requires.
 *
 *     input data  <- the caller's inputs, made to fit their type
 *     decision    <- a scope of its requirements -> its logic -> made to fit its variable
 *     knowledge   <- a function: parameters made to fit -> body
 *     service     <- a function: a frame of its own that knows the parameters alone
 */
#include "dmn/dmn_internal.h"

enum { STEPS_AT_MOST = 1000 };

void dmn_add_step(DmnRun *run, DmnStep step)
{
    if (run->out->steps.count < STEPS_AT_MOST)
        list_add(run->arena, &run->out->steps, step);
}

/* ---- input data ------------------------------------------------------------------------------ */

static const FeelValue *in_scopes(const FeelScope *scope, const char *name)
{
    const FeelValue *found = NULL;
    for (; scope && !found; scope = scope->parent)
        found = feel_member(scope->variables, name);
    return found;
}

static const FeelValue *imported_input(const DmnRun *run, const DmnNode *node)
{
    const FeelValue *found = NULL;
    const char *full = arena_printf(run->arena, "%s#%s", node->info.namespace_uri, node->variable);
    list_each (const DmnFileImport, import, &run->model->files.items[0]->imports) {
        const FeelValue *group =
            import->file == node->file && !found ? feel_member(run->inputs, import->name) : NULL;
        if (group)
            found = feel_member(*group, node->variable);
        if (import->file == node->file && !found)
            found = feel_member(run->inputs,
                                arena_printf(run->arena, "%s.%s", import->name, node->variable));
    }
    return found ? found : feel_member(run->inputs, full);
}

static const FeelValue *given_input(const DmnFrame *frame, const DmnNode *node)
{
    const DmnRun *run = frame->run;
    const FeelValue *found = NULL;
    if (frame->is_closed)
        return NULL;
    if (node->file != run->model->files.items[0])
        found = imported_input(run, node);
    if (!found)
        found = feel_member(run->inputs, node->variable);
    if (!found)
        found = feel_member(run->inputs, node->info.name);
    return found || !run->is_open ? found : in_scopes(&run->base, node->variable);
}

static FeelValue input_value(const DmnEnv *env)
{
    const DmnNode *node = env->node;
    const FeelValue *given = given_input(env->frame, node);
    if (!given)
        return dmn_finding(env, 0, "dmn.no_input", "%s was not given", node->variable);
    return dmn_fit(env, node->type, *given, 0, node->info.name);
}

/* ---- scopes ---------------------------------------------------------------------------------- */

/* What comes through one import, as one context. */
static FeelValue imported_needs(DmnFrame *frame, const DmnNeeds *needs, const char *import)
{
    FeelContextBuilder builder = feel_context_begin(frame->run->arena);
    list_each (const DmnNeed, need, needs)
        if (text_equal(need->import, import))
            feel_context_put(&builder, need->node->variable, dmn_node_value(frame, need->node));
    return feel_context_end(&builder);
}

static bool is_first_of_import(const DmnNeeds *needs, const DmnNeed *need)
{
    for (const DmnNeed *before = needs->items; before < need; before++)
        if (text_equal(before->import, need->import))
            return false;
    return true;
}

static FeelScope *scope_of(DmnFrame *frame, const DmnNode *node)
{
    FeelContextBuilder builder = feel_context_begin(frame->run->arena);
    const DmnEnv env = {.frame = frame, .node = node, .scope = &frame->run->base};
    list_each (const DmnNeed, need, &node->needs) {
        if (!need->import)
            feel_context_put(&builder, need->node->variable, dmn_node_value(frame, need->node));
        else if (is_first_of_import(&node->needs, need))
            feel_context_put(&builder, need->import,
                             imported_needs(frame, &node->needs, need->import));
    }
    return dmn_scope(&env, feel_context_end(&builder));
}

/* ---- decisions ------------------------------------------------------------------------------- */

static FeelValue decision_value(const DmnEnv *outer)
{
    const DmnNode *node = outer->node;
    if (node->is_circular)
        return dmn_finding(outer, 0, "dmn.requirement",
                           "what it requires comes back to it, or is too deep");
    if (!node->logic)
        return dmn_finding(outer, 0, "dmn.no_logic", "it has no table or expression");
    DmnEnv env = *outer;
    env.scope = scope_of(outer->frame, node);
    FeelValue value = dmn_express(&env, node->logic);
    value = dmn_fit(&env, node->type, value, 0, "result");
    if (node->logic->kind != EXPR_TABLE)
        dmn_add_step(env.frame->run, (DmnStep){.element = &node->info, .result = value});
    return value;
}

FeelValue dmn_node_value(DmnFrame *frame, const DmnNode *node)
{
    const DmnEnv env = {.frame = frame, .node = node, .scope = &frame->run->base};
    FeelValue value;
    if (frame->states[node->index] == NODE_KNOWN)
        return frame->values[node->index];
    if (frame->states[node->index] == NODE_RUNNING)
        return dmn_finding(&env, 0, "dmn.requirement", "what it requires comes back to it");
    frame->states[node->index] = NODE_RUNNING;
    switch (node->info.kind) {
    case DMN_INPUT: value = input_value(&env); break;
    case DMN_DECISION: value = decision_value(&env); break;
    default: value = dmn_node_function(frame, node); break;
    }
    frame->values[node->index] = value;
    frame->states[node->index] = NODE_KNOWN;
    return value;
}

/* ---- functions ------------------------------------------------------------------------------- */

typedef struct Closure {
    DmnEnv env; /* scope NULL: made of the node's requirements at the first call */
    const DmnExpr *function;
} Closure;

/* What the type of a function says of its result: its output type, or (so write many) the type. */
static const DmnType *result_type(const DmnType *type)
{
    const DmnType *plain = type;
    while (plain && plain->kind == DMN_TYPE_ALIAS)
        plain = plain->base;
    return plain && plain->kind == DMN_TYPE_FUNCTION ? plain->base : type;
}

/* False when an argument is not of its parameter's type: then the body is not run. */
static bool fit_argument(const DmnEnv *env, const DmnType *type, FeelValue *value, const char *name,
                         int line)
{
    bool was_null = feel_is_null(*value);
    *value = dmn_fit(env, type, *value, line, name);
    return was_null || !feel_is_null(*value);
}

static FeelValue run_body(Closure *closure, FeelCall *call)
{
    const DmnExpr *function = closure->function;
    DmnEnv env = closure->env;
    FeelContextBuilder builder = feel_context_begin(env.frame->run->arena);
    if (function->is_external)
        return dmn_finding(&env, function->line, "dmn.external",
                           "functions in other languages than FEEL are not run");
    if (!function->a)
        return dmn_finding(&env, function->line, "dmn.no_logic", "the function has no body");
    for (size_t i = 0; i < function->parameters.count; i++) {
        const DmnPart *parameter = &function->parameters.items[i];
        FeelValue value = feel_argument(call, i);
        if (!fit_argument(&env, parameter->type, &value, parameter->name, function->line))
            return feel_null();
        feel_context_put(&builder, parameter->name, value);
    }
    env.scope = dmn_scope(&env, feel_context_end(&builder));
    FeelValue value = dmn_express(&env, function->a);
    return dmn_fit(&env, result_type(function->type), value, function->line, "result");
}

/* A knowledge model's result fits its variable as well. */
static FeelValue call_closure(FeelCall *call)
{
    Closure *closure = feel_call_data(call);
    const DmnNode *node = closure->env.node;
    DmnRun *run = closure->env.frame->run;
    FeelCall *outer = run->call;
    run->call = call;
    if (!closure->env.scope)
        closure->env.scope = scope_of(closure->env.frame, node);
    FeelValue value = run_body(closure, call);
    if (closure->function == node->logic && node->info.kind == DMN_KNOWLEDGE)
        value = dmn_fit(&closure->env, result_type(node->type), value, 0, "result");
    run->call = outer;
    return value;
}

static FeelValue closure_over(const DmnEnv *env, const DmnExpr *function)
{
    Arena *arena = env->frame->run->arena;
    Closure *closure = arena_new(arena, Closure);
    const char **names = arena_array(arena, const char *, function->parameters.count);
    *closure = (Closure){.env = *env, .function = function};
    for (size_t i = 0; i < function->parameters.count; i++)
        names[i] = function->parameters.items[i].name;
    return feel_native_named(arena, names, function->parameters.count, call_closure, closure);
}

FeelValue dmn_closure(const DmnEnv *env, const DmnExpr *function)
{
    return closure_over(env, function);
}

/* ---- services -------------------------------------------------------------------------------- */

FeelValue dmn_service(DmnFrame *outer, const DmnNode *node, const FeelValue *arguments)
{
    DmnRun *run = outer->run;
    DmnFrame *frame = dmn_frame(run);
    const DmnEnv env = {.frame = frame, .node = node, .scope = &run->base};
    FeelContextBuilder builder = feel_context_begin(run->arena);
    frame->is_closed = true;
    for (size_t i = 0; i < node->parameters.count; i++) {
        const DmnNode *parameter = node->parameters.items[i].node;
        FeelValue value = arguments[i];
        if (!fit_argument(&env, parameter->type, &value, parameter->info.name, 0))
            return feel_null();
        frame->values[parameter->index] = value;
        frame->states[parameter->index] = NODE_KNOWN;
    }
    list_each (const DmnNeed, output, &node->outputs)
        feel_context_put(&builder, output->node->variable, dmn_node_value(frame, output->node));
    FeelValue value = node->outputs.count == 1 ? frame->values[node->outputs.items[0].node->index]
                                               : feel_context_end(&builder);
    return dmn_fit(&env, result_type(node->type), value, 0, "result");
}

typedef struct ServiceCall {
    DmnFrame *frame;
    const DmnNode *node;
} ServiceCall;

static FeelValue call_service(FeelCall *call)
{
    const ServiceCall *service = feel_call_data(call);
    DmnRun *run = service->frame->run;
    FeelCall *outer = run->call;
    size_t count = service->node->parameters.count;
    FeelValue *arguments = arena_array(run->arena, FeelValue, count);
    for (size_t i = 0; i < count; i++)
        arguments[i] = feel_argument(call, i);
    run->call = call;
    FeelValue value = dmn_service(service->frame, service->node, arguments);
    run->call = outer;
    return value;
}

static FeelValue service_function(DmnFrame *frame, const DmnNode *node)
{
    Arena *arena = frame->run->arena;
    size_t count = node->parameters.count;
    ServiceCall *service = arena_new(arena, ServiceCall);
    const char **names = arena_array(arena, const char *, count);
    *service = (ServiceCall){.frame = frame, .node = node};
    for (size_t i = 0; i < count; i++)
        names[i] = node->parameters.items[i].node->variable;
    return feel_native_named(arena, names, count, call_service, service);
}

FeelValue dmn_node_function(DmnFrame *frame, const DmnNode *node)
{
    const DmnEnv env = {.frame = frame, .node = node};
    if (node->info.kind == DMN_SERVICE)
        return service_function(frame, node);
    if (!node->logic)
        return dmn_finding(&env, 0, "dmn.no_logic", "the knowledge model has no function");
    return closure_over(&env, node->logic);
}
