/*
 * dmn_decide.c - evaluates decisions: required ones first, then inputs, rules, outputs.
 *
 * One Deciding carries a whole call. Each decision is evaluated once in it, however many others
 * require it; what a decision requires is put into a scope of its own around the caller's.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { SHOWN_AT_MOST = 200 }; /* bytes of a value in an error */

typedef struct Deciding {
    const DmnModel *model;
    const FeelScope *scope; /* the caller's, never NULL */
    Arena *arena;
    DmnTrace *trace;         /* of the decision that was asked for; NULL for required ones */
    FeelFindings *findings;  /* NULL when nobody asks */
    const FeelValue **known; /* results by node; NULL where nothing is required */
    Error *err;
} Deciding;

/* What one table works on. */
typedef struct TableRun {
    Deciding *deciding;
    const DmnNode *node;
    const DmnTable *table;
    const FeelScope *scope;
    FeelScope *inputs; /* one scope per input, with its value as `?` */
} TableRun;

typedef struct Match {
    size_t rule; /* index */
    FeelValue output;
} Match;
typedef LIST(Match) Matches;

/* ---- finding --------------------------------------------------------------------------------- */

size_t dmn_decision_count(const DmnModel *model)
{
    return model->nodes.count;
}

const DmnDecision *dmn_decision(const DmnModel *model, size_t index)
{
    return index < model->nodes.count ? &model->nodes.items[index].info : NULL;
}

static const DmnNode *find(const DmnModel *model, const char *id_or_name)
{
    list_each (const DmnNode, node, &model->nodes)
        if (text_equal(node->info.id, id_or_name))
            return node;
    list_each (const DmnNode, node, &model->nodes)
        if (text_equal(node->info.name, id_or_name))
            return node;
    return NULL;
}

const DmnDecision *dmn_find(const DmnModel *model, const char *id_or_name)
{
    const DmnNode *node = find(model, id_or_name);
    return node ? &node->info : NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

static FeelValue evaluate(const Deciding *deciding, const FeelExpression *expression,
                          const FeelScope *scope)
{
    return feel_evaluate(expression, scope, deciding->arena, deciding->findings);
}

/* A scope inside another: clock, zone, limits and types go on. */
static FeelScope scope_inside(const FeelScope *parent)
{
    FeelScope scope = *parent;
    scope.parent = parent;
    scope.variables = feel_null();
    scope.has_input = false;
    scope.input = feel_null();
    return scope;
}

/* Three parameters at most: the web layer puts a label into the fourth. */
static bool refuse_value(const Deciding *deciding, const DmnNode *node, const char *code,
                         const char *what, const char *type, FeelValue value)
{
    Arena *arena = deciding->arena;
    const char *text = dmn_shortened(arena, feel_to_text(arena, value), SHOWN_AT_MOST);
    const char *where = arena_printf(arena, "%s: %s", node->info.name, what);
    return error_set(deciding->err, ERROR_INVALID, .code = code, .field = node->info.id,
                     .detail =
                         arena_printf(arena, "%s: %s: %s (%s)", node->info.name, code, text, what),
                     .with = {{"where", where}, {"value", text}, {"type", type}});
}

/* Null is a value of every type. `what` names the value to people: "input 2". */
static bool check_type(const Deciding *deciding, const DmnNode *node, const DmnType *type,
                       const char *what, const FeelScope *with_input)
{
    FeelValue value = with_input->input;
    if (feel_is_null(value))
        return true;
    if (type->kind && !text_equal(type->kind, feel_kind_name(value)))
        return refuse_value(deciding, node, "dmn.no_type", what, type->kind, value);
    return !type->allowed || feel_is_true(evaluate(deciding, type->allowed, with_input)) ||
           refuse_value(deciding, node, "dmn.not_allowed", what, "", value);
}

static bool check_result(const Deciding *deciding, const DmnNode *node, const DmnType *type,
                         const char *what, const FeelScope *scope, FeelValue value)
{
    if (!type->kind && !type->allowed)
        return true;
    FeelScope inner = scope_inside(scope);
    inner.has_input = true;
    inner.input = value;
    return check_type(deciding, node, type, what, &inner);
}

/* ---- inputs and rules ------------------------------------------------------------------------ */

static const char *input_name(const Deciding *deciding, const DmnTable *table, size_t index)
{
    const char *label = table->inputs.items[index].label;
    return text_is_empty(label) ? arena_printf(deciding->arena, "input %zu", index + 1) : label;
}

static bool read_inputs(TableRun *run)
{
    Deciding *deciding = run->deciding;
    run->inputs = arena_array(deciding->arena, FeelScope, run->table->inputs.count);
    for (size_t i = 0; i < run->table->inputs.count; i++) {
        const DmnInput *input = &run->table->inputs.items[i];
        FeelScope *scope = &run->inputs[i];
        *scope = scope_inside(run->scope);
        scope->has_input = true;
        scope->input = evaluate(deciding, input->expression, run->scope);
        if ((input->type.kind || input->type.allowed) &&
            !check_type(deciding, run->node, &input->type, input_name(deciding, run->table, i),
                        scope))
            return false;
        if (deciding->trace)
            list_add(deciding->arena, &deciding->trace->inputs, scope->input);
    }
    return true;
}

static bool matches(const TableRun *run, const DmnRule *rule)
{
    for (size_t i = 0; i < run->table->inputs.count; i++)
        if (rule->tests[i] &&
            !feel_is_true(evaluate(run->deciding, rule->tests[i], &run->inputs[i])))
            return false;
    return true;
}

/* ---- outputs --------------------------------------------------------------------------------- */

static bool read_cell(const TableRun *run, size_t column, const FeelExpression *cell,
                      FeelValue *out)
{
    const DmnOutput *output = &run->table->outputs.items[column];
    const char *name = text_is_empty(output->name) ? "output" : output->name;
    *out = cell ? evaluate(run->deciding, cell, run->scope) : feel_null();
    return check_result(run->deciding, run->node, &output->type, name, run->scope, *out);
}

/* The cells of one rule (or the defaults) as one value: alone, or a context by output name. */
static bool make_output(const TableRun *run, FeelExpression *const *cells, FeelValue *out)
{
    const DmnTable *table = run->table;
    if (table->outputs.count == 1)
        return read_cell(run, 0, cells[0], out);
    FeelContextBuilder builder = feel_context_begin(run->deciding->arena);
    for (size_t i = 0; i < table->outputs.count; i++) {
        FeelValue value;
        if (!read_cell(run, i, cells[i], &value))
            return false;
        feel_context_put(&builder, table->outputs.items[i].name, value);
    }
    *out = feel_context_end(&builder);
    return true;
}

static bool has_default(const DmnTable *table)
{
    list_each (const DmnOutput, output, &table->outputs)
        if (output->fallback)
            return true;
    return false;
}

static bool make_default(const TableRun *run, FeelValue *out)
{
    const DmnTable *table = run->table;
    FeelExpression **cells =
        arena_array(run->deciding->arena, FeelExpression *, table->outputs.count);
    for (size_t i = 0; i < table->outputs.count; i++)
        cells[i] = table->outputs.items[i].fallback;
    return make_output(run, cells, out);
}

static void note_fired(const TableRun *run, const Match *match)
{
    const DmnRule *rule = &run->table->rules.items[match->rule];
    DmnFired fired = {.rule = match->rule + 1,
                      .id = rule->id,
                      .annotations = rule->annotations,
                      .annotation_count = rule->annotation_count,
                      .output = match->output};
    if (run->deciding->trace)
        list_add(run->deciding->arena, &run->deciding->trace->fired, fired);
}

static bool refuse_second(const TableRun *run, size_t first, size_t second)
{
    const Deciding *deciding = run->deciding;
    const char *one = arena_printf(deciding->arena, "%zu", first + 1);
    const char *other = arena_printf(deciding->arena, "%zu", second + 1);
    return error_set(
        deciding->err, ERROR_INVALID, .code = "dmn.not_unique", .field = run->node->info.id,
        .detail = arena_printf(deciding->arena, "%s: rules %s and %s both match",
                               run->node->info.name, one, other),
        .with = {{"decision", run->node->info.name}, {"first", one}, {"second", other}});
}

static bool collect_matches(const TableRun *run, Matches *out)
{
    const DmnTable *table = run->table;
    Arena *arena = run->deciding->arena;
    for (size_t i = 0; i < table->rules.count && !arena_is_over(arena); i++) {
        Match match = {.rule = i};
        if (!matches(run, &table->rules.items[i]))
            continue;
        if (table->policy == HIT_UNIQUE && out->count)
            return refuse_second(run, out->items[0].rule, i);
        if (!make_output(run, table->rules.items[i].outputs, &match.output))
            return false;
        note_fired(run, &match);
        list_add(arena, out, match);
        if (table->policy == HIT_FIRST)
            break;
    }
    return true;
}

static FeelValue collected(const TableRun *run, const Matches *found)
{
    Arena *arena = run->deciding->arena;
    FeelValue *values = arena_array(arena, FeelValue, found->count);
    FeelContextBuilder builder = feel_context_begin(arena);
    for (size_t i = 0; i < found->count; i++)
        values[i] = found->items[i].output;
    FeelValue list = feel_list(arena, values, found->count);
    if (!run->table->aggregate)
        return list;
    feel_context_put(&builder, "l", list);
    FeelScope scope = scope_inside(run->scope);
    scope.variables = feel_context_end(&builder);
    return evaluate(run->deciding, run->table->aggregate, &scope);
}

static bool decide_table(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                         FeelValue *out)
{
    TableRun run = {.deciding = deciding, .node = node, .table = node->table, .scope = scope};
    Matches found = {0};
    *out = feel_null();
    if (!read_inputs(&run) || !collect_matches(&run, &found))
        return false;
    if (!found.count && has_default(node->table))
        return make_default(&run, out);
    if (node->table->policy == HIT_COLLECT)
        *out = collected(&run, &found);
    else if (found.count)
        *out = found.items[0].output;
    return true;
}

/* ---- decisions ------------------------------------------------------------------------------- */

static bool decide_node(Deciding *deciding, const DmnNode *node, FeelValue *out);

/* The result of a required decision, evaluated the first time that it is asked for. */
static const FeelValue *result_of(Deciding *deciding, size_t index)
{
    if (!deciding->known)
        deciding->known =
            arena_array(deciding->arena, const FeelValue *, deciding->model->nodes.count);
    if (deciding->known[index])
        return deciding->known[index];
    FeelValue *result = arena_new(deciding->arena, FeelValue);
    if (!decide_node(deciding, &deciding->model->nodes.items[index], result))
        return NULL;
    return deciding->known[index] = result;
}

/* What required decisions give, under their variables' names. */
static bool decide_required(Deciding *deciding, const DmnNode *node, FeelValue *out_results)
{
    FeelContextBuilder builder = feel_context_begin(deciding->arena);
    DmnTrace *trace = deciding->trace;
    deciding->trace = NULL;
    list_each (const size_t, at, &node->required) {
        const FeelValue *result = result_of(deciding, *at);
        if (!result)
            return false;
        feel_context_put(&builder, deciding->model->nodes.items[*at].variable, *result);
    }
    deciding->trace = trace;
    *out_results = feel_context_end(&builder);
    return true;
}

/* Requirements were found to be without a circle and at most 64 deep by dmn_parse. */
static bool decide_node(Deciding *deciding, const DmnNode *node, FeelValue *out)
{
    FeelScope inner = scope_inside(deciding->scope);
    const FeelScope *scope = node->required.count ? &inner : deciding->scope;
    if (node->required.count && !decide_required(deciding, node, &inner.variables))
        return false;
    if (node->table)
        return decide_table(deciding, node, scope, out);
    *out = evaluate(deciding, node->literal, scope);
    return check_result(deciding, node, &node->type, "result", scope, *out);
}

bool dmn_decide(const DmnModel *model, const char *id_or_name, const FeelScope *scope, Arena *arena,
                FeelValue *out, DmnTrace *out_trace, Error *err)
{
    static const FeelScope nothing = {.now = INSTANT_NONE};
    const DmnNode *node = find(model, id_or_name);
    Deciding deciding = {.model = model,
                         .scope = scope ? scope : &nothing,
                         .arena = arena,
                         .trace = out_trace,
                         .findings = out_trace ? &out_trace->findings : NULL,
                         .err = err};
    if (out_trace)
        *out_trace = (DmnTrace){0};
    if (!node)
        return error_set(err, ERROR_NOT_FOUND, .code = "dmn.unknown_decision", .field = id_or_name,
                         .with = {{"decision", id_or_name}});
    if (!decide_node(&deciding, node, out))
        return false;
    return !arena_is_over(arena) ||
           error_set(err, ERROR_TOO_LARGE, .code = "dmn.too_large", .with = {{"what", "memory"}});
}
