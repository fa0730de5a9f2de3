/*
 * dmn_match.c - evaluates decision tables: inputs once, then the rules, then what the hit policy
 * makes of those that match.
 */
#include "dmn/dmn_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct Match {
    size_t rule; /* index */
    FeelValue output;
    uint32_t *ranks; /* of its outputs, 0 the highest; only where the policy orders */
} Match;
typedef LIST(Match) Matches;

/* What one table works on. */
typedef struct TableRun {
    const DmnEnv *env;
    const DmnTable *table;
    const FeelScope **inputs; /* one scope per input, with its value as `?` */
    uint8_t **answers;        /* of its tests: 0 not asked yet, 1 no, 2 yes */
    DmnStep step;
    bool is_broken; /* something that makes the whole null was found, and told */
} TableRun;

/* ---- inputs ---------------------------------------------------------------------------------- */

static bool read_input(TableRun *run, size_t at)
{
    const DmnInput *input = &run->table->inputs.items[at];
    const DmnEnv *env = run->env;
    FeelValue raw =
        input->expression ? dmn_feel(env, input->expression, env->scope, input->line) : feel_null();
    FeelValue value = dmn_fit(env, input->type, raw, input->line, input->label);
    if (feel_is_null(value) && !feel_is_null(raw))
        return false;
    run->inputs[at] = dmn_input_scope(env, value);
    run->answers[at] = arena_alloc(env->frame->run->arena, input->tests.count);
    if (input->allowed && !feel_is_null(value) &&
        !feel_is_true(dmn_feel(env, input->allowed, run->inputs[at], input->line))) {
        (void)dmn_not_allowed(env, value, input->line, input->label);
        return false;
    }
    DmnStepInput shown = {.id = input->id,
                          .label = input->label,
                          .source = input->expression ? feel_source(input->expression) : "",
                          .value = value};
    list_add(env->frame->run->arena, &run->step.inputs, shown);
    return true;
}

static bool read_inputs(TableRun *run)
{
    Arena *arena = run->env->frame->run->arena;
    run->inputs = arena_array(arena, const FeelScope *, run->table->inputs.count);
    run->answers = arena_array(arena, uint8_t *, run->table->inputs.count);
    for (size_t i = 0; i < run->table->inputs.count; i++)
        if (!read_input(run, i))
            return false;
    return true;
}

static bool holds(const TableRun *run, size_t input, uint32_t test, int line)
{
    uint8_t *answer = &run->answers[input][test];
    if (!*answer) {
        const FeelExpression *expression = run->table->inputs.items[input].tests.items[test];
        *answer = feel_is_true(dmn_feel(run->env, expression, run->inputs[input], line)) ? 2 : 1;
    }
    return *answer == 2;
}

static bool matches(const TableRun *run, const DmnRule *rule)
{
    for (size_t i = 0; i < run->table->inputs.count; i++)
        if (rule->tests[i] && !holds(run, i, rule->tests[i] - 1, rule->line))
            return false;
    return true;
}

/* ---- outputs --------------------------------------------------------------------------------- */

static FeelValue read_cell(TableRun *run, const DmnOutput *output, const FeelExpression *cell,
                           int line)
{
    const DmnEnv *env = run->env;
    const char *name = text_is_empty(output->name) ? "output" : output->name;
    FeelValue raw = cell ? dmn_feel(env, cell, env->scope, line) : feel_null();
    FeelValue value = dmn_fit(env, output->type, raw, line, name);
    run->is_broken |= feel_is_null(value) && !feel_is_null(raw);
    if (output->allowed && !dmn_is_allowed(env, output->allowed, value)) {
        run->is_broken = true;
        return dmn_not_allowed(env, value, line, name);
    }
    return value;
}

/* The first rank whose test holds; those outside come last. */
static uint32_t rank_of(const TableRun *run, const DmnOutput *output, FeelValue value)
{
    const FeelScope *scope = dmn_input_scope(run->env, value);
    for (size_t i = 0; i < output->ranks.count; i++)
        if (feel_is_true(dmn_feel(run->env, output->ranks.items[i], scope, run->table->line)))
            return (uint32_t)i;
    return (uint32_t)output->ranks.count;
}

/* The cells of one rule (or the defaults) as one value: alone, or a context by output name. */
static FeelValue make_output(TableRun *run, FeelExpression *const *cells, int line, uint32_t *ranks)
{
    const DmnTable *table = run->table;
    FeelContextBuilder builder = feel_context_begin(run->env->frame->run->arena);
    for (size_t i = 0; i < table->outputs.count; i++) {
        const DmnOutput *output = &table->outputs.items[i];
        FeelValue value = read_cell(run, output, cells[i], line);
        if (ranks)
            ranks[i] = rank_of(run, output, value);
        if (table->outputs.count == 1)
            return value;
        feel_context_put(&builder, output->name, value);
    }
    return feel_context_end(&builder);
}

static FeelValue make_default(TableRun *run)
{
    const DmnTable *table = run->table;
    FeelExpression **cells =
        arena_array(run->env->frame->run->arena, FeelExpression *, table->outputs.count);
    bool has_default = false;
    for (size_t i = 0; i < table->outputs.count; i++) {
        cells[i] = table->outputs.items[i].fallback;
        has_default |= cells[i] != NULL;
    }
    if (has_default)
        return make_output(run, cells, table->line, NULL);
    if (table->policy >= HIT_RULE_ORDER && !table->aggregate)
        return feel_list(run->env->frame->run->arena, NULL, 0);
    return dmn_finding(run->env, table->line, "dmn.no_rule",
                       "no rule matches, and there is no default");
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void note_fired(TableRun *run, const Match *match)
{
    const DmnRule *rule = &run->table->rules.items[match->rule];
    DmnFired fired = {.rule = match->rule + 1,
                      .id = rule->id,
                      .annotations = (const char *const *)rule->annotations,
                      .annotation_count = rule->annotation_count,
                      .output = match->output};
    list_add(run->env->frame->run->arena, &run->step.fired, fired);
}

static bool refuse_pair(TableRun *run, const char *code, const char *what, size_t first,
                        size_t second)
{
    DmnRun *whole = run->env->frame->run;
    size_t before = whole->out->findings.count;
    dmn_finding(run->env, run->table->rules.items[second].line, code, "rules %zu and %zu %s",
                first + 1, second + 1, what);
    if (whole->out->findings.count > before) {
        DmnFinding *finding = &whole->out->findings.items[before];
        finding->with[0] = (ErrorParam){"decision", run->env->node->info.name};
        finding->with[1] = (ErrorParam){"first", arena_printf(whole->arena, "%zu", first + 1)};
        finding->with[2] = (ErrorParam){"second", arena_printf(whole->arena, "%zu", second + 1)};
    }
    run->is_broken = true;
    return false;
}

/* False when the rules behind need not be asked. */
static bool add_match(TableRun *run, size_t rule, Matches *out)
{
    const DmnTable *table = run->table;
    Arena *arena = run->env->frame->run->arena;
    Match match = {.rule = rule};
    if (table->policy == HIT_UNIQUE && out->count)
        return refuse_pair(run, "dmn.not_unique", "both match", out->items[0].rule, rule);
    if (table->policy == HIT_PRIORITY || table->policy == HIT_OUTPUT_ORDER)
        match.ranks = arena_array(arena, uint32_t, table->outputs.count);
    match.output = make_output(run, table->rules.items[rule].outputs, table->rules.items[rule].line,
                               match.ranks);
    note_fired(run, &match);
    if (table->policy == HIT_ANY && out->count &&
        feel_equal(out->items[0].output, match.output) != FEEL_YES)
        return refuse_pair(run, "dmn.not_any", "both match and give different outputs",
                           out->items[0].rule, rule);
    list_add(arena, out, match);
    return table->policy != HIT_FIRST;
}

static void collect_matches(TableRun *run, Matches *out)
{
    const DmnRule *rules = run->table->rules.items;
    Arena *arena = run->env->frame->run->arena;
    for (size_t i = 0; i < run->table->rules.count && !arena_is_over(arena); i++)
        if (matches(run, &rules[i]) && !add_match(run, i, out))
            return;
}

/* ---- policies -------------------------------------------------------------------------------- */

/* Whether a comes before b: the first output that differs in rank decides, then the rules' order.
 */
static bool comes_before(const DmnTable *table, const Match *a, const Match *b)
{
    for (size_t i = 0; i < table->outputs.count; i++)
        if (a->ranks[i] != b->ranks[i])
            return a->ranks[i] < b->ranks[i];
    return a->rule < b->rule;
}

static FeelValue highest(const TableRun *run, const Matches *found)
{
    const Match *best = found->items;
    assert(found->count > 0);
    list_each (const Match, match, found)
        if (comes_before(run->table, match, best))
            best = match;
    return best->output;
}

/* Merging halves keeps ten thousand hits cheap. */
static void sort_by_rank(const DmnTable *table, Match *items, Match *spare, size_t count)
{
    size_t half = count / 2, a = 0, b = half;
    if (count < 2)
        return;
    sort_by_rank(table, items, spare, half);
    sort_by_rank(table, items + half, spare, count - half);
    for (size_t i = 0; i < count; i++) {
        bool takes_a = b == count || (a < half && comes_before(table, &items[a], &items[b]));
        spare[i] = takes_a ? items[a++] : items[b++];
    }
    memcpy(items, spare, count * sizeof *items);
}

static FeelValue collected(TableRun *run, const Matches *found)
{
    Arena *arena = run->env->frame->run->arena;
    const DmnTable *table = run->table;
    FeelValue *values = arena_array(arena, FeelValue, found->count);
    if (table->policy == HIT_OUTPUT_ORDER)
        sort_by_rank(table, found->items, arena_array(arena, Match, found->count), found->count);
    for (size_t i = 0; i < found->count; i++)
        values[i] = found->items[i].output;
    FeelValue list = feel_list(arena, values, found->count);
    if (!table->aggregate)
        return list;
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "l", list);
    return dmn_feel(run->env, table->aggregate, dmn_scope(run->env, feel_context_end(&builder)),
                    table->line);
}

static bool is_count(const DmnTable *table)
{
    return table->aggregate && text_equal(feel_source(table->aggregate), "count(l)");
}

static FeelValue decide(TableRun *run)
{
    Matches found = {0};
    if (!read_inputs(run))
        return feel_null();
    collect_matches(run, &found);
    if (!found.count && !run->is_broken && !is_count(run->table))
        return make_default(run);
    if (run->is_broken || (!found.count && !is_count(run->table)))
        return feel_null();
    switch (run->table->policy) {
    case HIT_PRIORITY: return highest(run, &found);
    case HIT_RULE_ORDER:
    case HIT_OUTPUT_ORDER:
    case HIT_COLLECT: return collected(run, &found);
    default: return found.count ? found.items[0].output : feel_null();
    }
}

FeelValue dmn_run_table(const DmnEnv *env, const DmnTable *table)
{
    TableRun run = {.env = env, .table = table};
    FeelValue value = decide(&run);
    run.step.element = &env->node->info;
    run.step.is_table = true;
    run.step.result = value;
    dmn_add_step(env->frame->run, run.step);
    return value;
}
