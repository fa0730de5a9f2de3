/*
 * dmn_decide.c - evaluates decisions: required ones first, then inputs, rules, outputs.
 *
 * One Deciding carries a whole call. Results of required decisions are put into a scope of their
 * own around the caller's.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

typedef struct Deciding {
    const DmnModel *model;
    Arena *arena;
    DmnTrace *trace; /* of the decision that was asked for; NULL for required ones */
    FeelFindings findings;
    Error *err;
} Deciding;

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
    list_each (DmnNode, node, &model->nodes)
        if (text_equal(node->info.id, id_or_name))
            return node;
    list_each (DmnNode, node, &model->nodes)
        if (text_equal(node->info.name, id_or_name))
            return node;
    return NULL;
}

const DmnDecision *dmn_find(const DmnModel *model, const char *id_or_name)
{
    const DmnNode *node = find(model, id_or_name);
    return node ? &node->info : NULL;
}

/* ---- inputs and rules ------------------------------------------------------------------------ */

static bool is_allowed(Deciding *deciding, const FeelExpression *allowed, const FeelScope *scope,
                       FeelValue value)
{
    FeelScope inner = {.parent = scope,
                       .has_input = true,
                       .input = value,
                       .now = scope->now,
                       .offset_minutes = scope->offset_minutes};
    return !allowed || feel_is_null(value) ||
           feel_is_true(feel_evaluate(allowed, &inner, deciding->arena, &deciding->findings));
}

static bool fail_value(Deciding *deciding, const DmnNode *node, const char *code, const char *what,
                       FeelValue value)
{
    return error_set(deciding->err, ERROR_INVALID, .code = code, .field = node->info.id,
                     .message = arena_printf(deciding->arena, "%s: %s: %s", node->info.name, what,
                                             feel_to_text(deciding->arena, value)));
}

static bool read_inputs(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                        FeelValue *out_inputs)
{
    for (size_t i = 0; i < node->table->inputs.count; i++) {
        const DmnInput *input = &node->table->inputs.items[i];
        out_inputs[i] =
            feel_evaluate(input->expression, scope, deciding->arena, &deciding->findings);
        if (!is_allowed(deciding, input->allowed, scope, out_inputs[i]))
            return fail_value(deciding, node, "dmn.not_allowed", "an input is not among its values",
                              out_inputs[i]);
        if (deciding->trace)
            list_add(deciding->arena, &deciding->trace->inputs, out_inputs[i]);
    }
    return true;
}

static bool matches(Deciding *deciding, const DmnTable *table, const DmnRule *rule,
                    const FeelScope *scope, const FeelValue *inputs)
{
    for (size_t i = 0; i < table->inputs.count; i++) {
        FeelScope inner = {.parent = scope,
                           .has_input = true,
                           .input = inputs[i],
                           .now = scope->now,
                           .offset_minutes = scope->offset_minutes};
        if (rule->tests[i] && !feel_is_true(feel_evaluate(rule->tests[i], &inner, deciding->arena,
                                                          &deciding->findings)))
            return false;
    }
    return true;
}

/* ---- outputs --------------------------------------------------------------------------------- */

static bool has_type(const char *type, FeelValue value)
{
    return !type || feel_is_null(value) || text_equal(type, feel_kind_name(value));
}

static bool check_output(Deciding *deciding, const DmnNode *node, const DmnOutput *output,
                         const FeelScope *scope, FeelValue value)
{
    if (!has_type(output->type, value))
        return fail_value(deciding, node, "dmn.no_type",
                          arena_printf(deciding->arena, "an output is no %s", output->type), value);
    return is_allowed(deciding, output->allowed, scope, value) ||
           fail_value(deciding, node, "dmn.not_allowed", "an output is not among its values",
                      value);
}

/* The cells of one rule (or the defaults) as one value: alone, or a context by output name. */
static bool make_output(Deciding *deciding, const DmnNode *node, FeelExpression *const *cells,
                        const FeelScope *scope, FeelValue *out)
{
    const DmnTable *table = node->table;
    FeelContextBuilder builder = feel_context_begin(deciding->arena);
    for (size_t i = 0; i < table->outputs.count; i++) {
        const DmnOutput *output = &table->outputs.items[i];
        FeelValue value = cells[i]
                              ? feel_evaluate(cells[i], scope, deciding->arena, &deciding->findings)
                              : feel_null();
        if (!check_output(deciding, node, output, scope, value))
            return false;
        *out = value;
        feel_context_put(&builder, output->name ? output->name : "", value);
    }
    if (table->outputs.count > 1)
        *out = feel_context_end(&builder);
    return true;
}

static bool make_default(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                         FeelValue *out)
{
    const DmnTable *table = node->table;
    FeelExpression **cells = arena_array(deciding->arena, FeelExpression *, table->outputs.count);
    bool has_default = false;
    for (size_t i = 0; i < table->outputs.count; i++) {
        cells[i] = table->outputs.items[i].fallback;
        has_default |= cells[i] != NULL;
    }
    *out = feel_null();
    return !has_default || make_output(deciding, node, cells, scope, out);
}

static void note_fired(Deciding *deciding, const DmnTable *table, const Match *match)
{
    const DmnRule *rule = &table->rules.items[match->rule];
    DmnFired fired = {.rule = match->rule + 1,
                      .id = rule->id,
                      .annotations = rule->annotations,
                      .annotation_count = rule->annotation_count,
                      .output = match->output};
    if (deciding->trace)
        list_add(deciding->arena, &deciding->trace->fired, fired);
}

static bool collect_matches(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                            const FeelValue *inputs, Matches *out)
{
    const DmnTable *table = node->table;
    for (size_t i = 0; i < table->rules.count; i++) {
        Match match = {.rule = i};
        if (!matches(deciding, table, &table->rules.items[i], scope, inputs))
            continue;
        if (!make_output(deciding, node, table->rules.items[i].outputs, scope, &match.output))
            return false;
        note_fired(deciding, table, &match);
        list_add(deciding->arena, out, match);
        if (table->policy == HIT_FIRST)
            break;
    }
    return true;
}

/* ---- hit policies ---------------------------------------------------------------------------- */

static bool fail_not_unique(Deciding *deciding, const DmnNode *node, const Matches *found)
{
    return error_set(deciding->err, ERROR_INVALID, .code = "dmn.not_unique", .field = node->info.id,
                     .message = arena_printf(deciding->arena, "%s: rules %zu and %zu both match",
                                             node->info.name, found->items[0].rule + 1,
                                             found->items[1].rule + 1));
}

/* The built-in of the same meaning, so that a sum here is a sum there. */
static FeelValue aggregate(Deciding *deciding, Aggregation how, FeelValue list)
{
    static const char *const sources[] = {"", "sum(l)", "count(l)", "min(l)", "max(l)"};
    FeelContextBuilder builder = feel_context_begin(deciding->arena);
    Error ignored = ERROR_NONE;
    feel_context_put(&builder, "l", list);
    FeelScope scope = {.variables = feel_context_end(&builder)};
    FeelExpression *expression =
        feel_compile(deciding->arena, sources[how], FEEL_EXPRESSION, NULL, &ignored);
    return expression ? feel_evaluate(expression, &scope, deciding->arena, &deciding->findings)
                      : feel_null();
}

static FeelValue collected(Deciding *deciding, const DmnTable *table, const Matches *found)
{
    FeelValue *values = arena_array(deciding->arena, FeelValue, found->count);
    for (size_t i = 0; i < found->count; i++)
        values[i] = found->items[i].output;
    FeelValue list = feel_list(deciding->arena, values, found->count);
    if (table->aggregation == AGGREGATE_NONE)
        return list;
    return aggregate(deciding, table->aggregation, list);
}

static bool decide_table(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                         FeelValue *out)
{
    const DmnTable *table = node->table;
    FeelValue *inputs = arena_array(deciding->arena, FeelValue, table->inputs.count);
    Matches found = {0};
    if (!read_inputs(deciding, node, scope, inputs) ||
        !collect_matches(deciding, node, scope, inputs, &found))
        return false;
    if (found.count == 0 && table->policy != HIT_COLLECT)
        return make_default(deciding, node, scope, out);
    if (table->policy == HIT_COLLECT)
        *out = collected(deciding, table, &found);
    else
        *out = found.items[0].output;
    return table->policy != HIT_UNIQUE || found.count == 1 ||
           fail_not_unique(deciding, node, &found);
}

/* ---- decisions ------------------------------------------------------------------------------- */

static bool decide_node(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                        FeelValue *out);

/* What required decisions give, under their variables' names. */
static bool decide_required(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                            FeelValue *out_results)
{
    FeelContextBuilder builder = feel_context_begin(deciding->arena);
    DmnTrace *trace = deciding->trace;
    deciding->trace = NULL;
    list_each (size_t, at, &node->required) {
        const DmnNode *required = &deciding->model->nodes.items[*at];
        FeelValue result;
        if (!decide_node(deciding, required, scope, &result))
            return false;
        feel_context_put(&builder, required->variable, result);
    }
    deciding->trace = trace;
    *out_results = feel_context_end(&builder);
    return true;
}

/* Requirements were found to be without a circle and at most 64 deep by dmn_parse. */
static bool decide_node(Deciding *deciding, const DmnNode *node, const FeelScope *scope,
                        FeelValue *out)
{
    FeelScope inner = {.parent = scope,
                       .now = scope->now,
                       .offset_minutes = scope->offset_minutes,
                       .zone = scope->zone,
                       .limits = scope->limits,
                       .type_check = scope->type_check,
                       .type_data = scope->type_data};
    if (!decide_required(deciding, node, scope, &inner.variables))
        return false;
    if (node->table)
        return decide_table(deciding, node, &inner, out);
    *out = feel_evaluate(node->literal, &inner, deciding->arena, &deciding->findings);
    return true;
}

bool dmn_decide(const DmnModel *model, const char *id_or_name, const FeelScope *scope, Arena *arena,
                FeelValue *out, DmnTrace *out_trace, Error *err)
{
    static const FeelScope nothing = {.now = INSTANT_NONE};
    const DmnNode *node = find(model, id_or_name);
    Deciding deciding = {.model = model, .arena = arena, .trace = out_trace, .err = err};
    if (out_trace)
        *out_trace = (DmnTrace){0};
    if (!node)
        return error_set(err, ERROR_NOT_FOUND, .code = "dmn.unknown_decision", .field = id_or_name);
    bool is_done = decide_node(&deciding, node, scope ? scope : &nothing, out);
    if (out_trace)
        out_trace->findings = deciding.findings;
    return is_done;
}
