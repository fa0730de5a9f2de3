/*
 * dmn_check.c - checks of decision tables: overlaps, gaps, rules that never fire, constants of the
 * wrong type.
 *
 * A table is a box of classes (dmn_classes.c), one dimension for each column. Walks through it keep
 * the set of rules that match so far and turn back as soon as it is empty; a budget ends those that
 * would take too long, and then nothing is remarked.
 */
#include "dmn/dmn_check.h"

#include <string.h>

#include "dmn/dmn_classes.h"

enum { RULES_MAX = 2000, BUDGET = 300 * 1000, SHOWN_AT_MOST = 60 };

typedef struct Check {
    Arena *arena;   /* of the remarks */
    Arena *scratch; /* of one table */
    const DmnNode *node;
    const DmnTable *table;
    Column *columns;
    bool *is_known; /* by rule: all its cells are made of constants */
    size_t *picked; /* class by column, on a walk */
    size_t words;
    size_t budget;
    size_t gaps;
    DmnRemarks *out;
} Check;

static void remark(Check *check, const char *code, int line, size_t first, size_t second,
                   const char *message)
{
    DmnRemark one = {.code = code,
                     .message = arena_text(check->arena, message),
                     .file = check->node->info.file,
                     .element = check->node->info.name,
                     .line = line,
                     .rules = {first, second}};
    if (check->out->count < DMN_REMARKS_MAX)
        list_add(check->arena, check->out, one);
}

/* "amount = 50, kind = "hotel"": the first columns of what was picked. */
static const char *picked_text(const Check *check, size_t columns)
{
    Buffer text = buffer_init(check->scratch, 0);
    for (size_t i = 0; i < columns; i++) {
        const Column *column = &check->columns[i];
        FeelValue sample = column->classes.items[check->picked[i]].sample;
        bool is_other = sample.kind == FEEL_STRING && text_starts_with(feel_text(sample), "...");
        const char *value =
            is_other ? "another text"
                     : dmn_shortened(check->scratch, feel_to_text(check->scratch, sample),
                                     SHOWN_AT_MOST);
        const char *source =
            column->input->expression ? feel_source(column->input->expression) : "?";
        buffer_printf(&text, "%s%s = %s", i ? ", " : "",
                      dmn_shortened(check->scratch, source, SHOWN_AT_MOST), value);
    }
    return buffer_text(&text);
}

/* ---- overlaps -------------------------------------------------------------------------------- */

/* The first class that both match; classes.count where there is none. */
static size_t meeting_class(const Column *column, size_t a, size_t b)
{
    const uint64_t *one = column->by_rule + a * column->class_words;
    const uint64_t *other = column->by_rule + b * column->class_words;
    for (size_t i = 0; i < column->class_words; i++)
        if (one[i] & other[i])
            return i * 64 + (size_t)__builtin_ctzll(one[i] & other[i]);
    return column->classes.count;
}

/* Whether both match somewhere; picks where. */
static bool meet(Check *check, size_t a, size_t b)
{
    for (size_t i = 0; i < check->table->inputs.count; i++) {
        check->picked[i] = meeting_class(&check->columns[i], a, b);
        if (check->picked[i] == check->columns[i].classes.count)
            return false;
    }
    return true;
}

static bool has_same_outputs(const DmnTable *table, size_t a, size_t b)
{
    for (size_t i = 0; i < table->outputs.count; i++) {
        const FeelExpression *one = table->rules.items[a].outputs[i];
        const FeelExpression *other = table->rules.items[b].outputs[i];
        if (!text_equal(one ? feel_source(one) : NULL, other ? feel_source(other) : NULL))
            return false;
    }
    return true;
}

static void find_overlaps(Check *check)
{
    const DmnTable *table = check->table;
    bool is_any = table->policy == HIT_ANY;
    if (!is_any && table->policy != HIT_UNIQUE)
        return;
    for (size_t b = 1; b < table->rules.count && check->out->count < DMN_REMARKS_MAX; b++)
        for (size_t a = 0; check->is_known[b] && a < b; a++) {
            if (!check->is_known[a] || (is_any && has_same_outputs(table, a, b)) ||
                !meet(check, a, b))
                continue;
            remark(check, "dmn.overlap", table->rules.items[b].line, a + 1, b + 1,
                   arena_printf(check->scratch, "rules %zu and %zu both match%s%s%s", a + 1, b + 1,
                                is_any ? " and give different outputs" : "",
                                table->inputs.count ? ": " : "",
                                picked_text(check, table->inputs.count)));
        }
}

/* ---- gaps ------------------------------------------------------------------------------------ */

static bool has_default(const DmnTable *table)
{
    list_each (const DmnOutput, output, &table->outputs)
        if (output->fallback)
            return true;
    return false;
}

static bool intersect(const Check *check, const uint64_t *a, const uint64_t *b, uint64_t *out)
{
    uint64_t any = 0;
    for (size_t i = 0; i < check->words; i++)
        any |= out[i] = a[i] & b[i];
    return any != 0;
}

static void walk_gaps(Check *check, size_t at, const uint64_t *alive)
{
    uint64_t *next = arena_array(check->scratch, uint64_t, check->words);
    if (at == check->table->inputs.count)
        return;
    for (size_t i = 0; i < check->columns[at].classes.count; i++) {
        if (check->gaps >= DMN_GAPS_MAX || check->budget == 0)
            return;
        check->budget--;
        check->picked[at] = i;
        if (intersect(check, alive, check->columns[at].classes.items[i].rules, next)) {
            walk_gaps(check, at + 1, next);
            continue;
        }
        check->gaps++;
        remark(check, "dmn.gap", check->table->line, 0, 0,
               arena_printf(check->scratch, "no rule matches %s", picked_text(check, at + 1)));
    }
}

static uint64_t *all_rules(const Check *check)
{
    uint64_t *all = arena_array(check->scratch, uint64_t, check->words);
    for (size_t i = 0; i < check->table->rules.count; i++)
        set_add(all, i);
    return all;
}

static void find_gaps(Check *check)
{
    if (check->table->policy >= HIT_RULE_ORDER || has_default(check->table) ||
        !check->table->rules.count)
        return;
    check->budget = BUDGET;
    walk_gaps(check, 0, all_rules(check));
}

/* ---- rules that never fire ------------------------------------------------------------------- */

/* Whether the rule matches somewhere where none of `before` does. */
static bool is_free(Check *check, size_t at, size_t rule, const uint64_t *before)
{
    uint64_t *next = arena_array(check->scratch, uint64_t, check->words);
    if (at == check->table->inputs.count || check->budget == 0)
        return check->budget == 0;
    for (size_t i = 0; i < check->columns[at].classes.count; i++) {
        const uint64_t *rules = check->columns[at].classes.items[i].rules;
        if (!set_has(rules, rule))
            continue;
        check->budget -= check->budget > 0;
        if (!intersect(check, before, rules, next) || is_free(check, at + 1, rule, next))
            return true;
    }
    return false;
}

static bool can_match(const Check *check, size_t rule)
{
    for (size_t i = 0; i < check->table->inputs.count; i++) {
        bool has = false;
        for (size_t at = 0; !has && at < check->columns[i].classes.count; at++)
            has = set_has(check->columns[i].classes.items[at].rules, rule);
        if (!has)
            return false;
    }
    return true;
}

static void find_unreachable(Check *check)
{
    uint64_t *before = arena_array(check->scratch, uint64_t, check->words);
    for (size_t i = 0; i < check->table->rules.count; i++) {
        ArenaMark mark = arena_mark(check->scratch);
        int line = check->table->rules.items[i].line;
        check->budget = BUDGET / 10;
        if (check->is_known[i] && !can_match(check, i))
            remark(check, "dmn.unreachable", line, i + 1, 0,
                   arena_printf(check->scratch, "rule %zu can match nothing", i + 1));
        else if (check->table->policy == HIT_FIRST && check->is_known[i] && i &&
                 !is_free(check, 0, i, before))
            remark(check, "dmn.unreachable", line, i + 1, 0,
                   arena_printf(check->scratch,
                                "rule %zu never fires: the rules before it take all that it "
                                "matches",
                                i + 1));
        arena_reset(check->scratch, mark);
        if (check->is_known[i])
            set_add(before, i);
    }
}

/* ---- types ----------------------------------------------------------------------------------- */

static const DmnType *plain_type(const DmnType *type)
{
    while (type && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    return type && type->kind == DMN_TYPE_SIMPLE ? type : NULL;
}

static void check_constant(Check *check, const DmnType *type, FeelValue value, size_t rule,
                           const char *column)
{
    const DmnType *plain = plain_type(type);
    if (!plain || feel_is_null(value) || value.kind == plain->simple ||
        (plain->simple == FEEL_DATE_TIME && value.kind == FEEL_DATE))
        return;
    remark(check, "dmn.cell_type", check->table->rules.items[rule].line, rule + 1, 0,
           arena_printf(
               check->scratch, "rule %zu, %s: %s is no %s", rule + 1, column,
               dmn_shortened(check->scratch, feel_to_text(check->scratch, value), SHOWN_AT_MOST),
               plain->name));
}

static void check_test(Check *check, size_t rule, size_t at)
{
    const DmnInput *input = &check->table->inputs.items[at];
    uint32_t test = check->table->rules.items[rule].tests[at];
    Constants constants = {0};
    if (!test || !check->columns[at].is_known[test - 1])
        return;
    (void)constants_of(check->scratch, feel_source(input->tests.items[test - 1]), &constants);
    list_each (const FeelValue, constant, &constants)
        check_constant(check, input->type, *constant, rule, input->label);
}

static void check_cell(Check *check, size_t rule, size_t at)
{
    const DmnOutput *output = &check->table->outputs.items[at];
    const FeelExpression *cell = check->table->rules.items[rule].outputs[at];
    const char *const *names;
    FeelFindings findings = {0};
    const char *name = text_is_empty(output->name) ? "output" : output->name;
    if (!cell || feel_free_names(cell, &names))
        return;
    FeelScope scope = {.has_input = true};
    scope.input = feel_evaluate(cell, NULL, check->scratch, &findings);
    if (findings.list.count)
        return;
    check_constant(check, output->type, scope.input, rule, name);
    if (output->allowed && !feel_is_null(scope.input) &&
        !feel_is_true(feel_evaluate(output->allowed, &scope, check->scratch, NULL)))
        remark(check, "dmn.cell_type", check->table->rules.items[rule].line, rule + 1, 0,
               arena_printf(check->scratch, "rule %zu, %s: %s is not among its values", rule + 1,
                            name,
                            dmn_shortened(check->scratch, feel_to_text(check->scratch, scope.input),
                                          SHOWN_AT_MOST)));
}

static void check_types(Check *check)
{
    for (size_t rule = 0; rule < check->table->rules.count; rule++) {
        for (size_t at = 0; at < check->table->inputs.count; at++)
            check_test(check, rule, at);
        for (size_t at = 0; at < check->table->outputs.count; at++)
            check_cell(check, rule, at);
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static bool read_columns(Check *check)
{
    const DmnTable *table = check->table;
    size_t columns = table->inputs.count;
    if (table->rules.count > RULES_MAX)
        return false;
    check->words = set_words(table->rules.count);
    check->columns = arena_array(check->scratch, Column, columns);
    check->picked = arena_array(check->scratch, size_t, columns);
    check->is_known = arena_array(check->scratch, bool, table->rules.count);
    for (size_t i = 0; i < columns; i++)
        if (!column_read(table, i, check->scratch, &check->columns[i]))
            return false;
    for (size_t rule = 0; rule < table->rules.count; rule++) {
        check->is_known[rule] = true;
        for (size_t i = 0; i < columns; i++) {
            uint32_t test = table->rules.items[rule].tests[i];
            check->is_known[rule] &= !test || check->columns[i].is_known[test - 1];
        }
    }
    return true;
}

static void check_table(Check *check, const DmnTable *table)
{
    check->table = table;
    check->gaps = 0;
    check->scratch = arena_create(0);
    if (read_columns(check)) {
        find_overlaps(check);
        find_gaps(check);
        find_unreachable(check);
        check_types(check);
    } else {
        remark(check, "dmn.unchecked", table->line, 0, 0, "the table is too large to be checked");
    }
    arena_destroy(check->scratch);
}

static void check_expression(Check *check, const DmnExpr *expr)
{
    if (!expr)
        return;
    if (expr->kind == EXPR_TABLE)
        check_table(check, expr->table);
    check_expression(check, expr->a);
    check_expression(check, expr->b);
    check_expression(check, expr->c);
    list_each (const DmnExprPart, part, &expr->parts)
        check_expression(check, part->expr);
}

void dmn_check(const DmnModel *model, Arena *arena, DmnRemarks *out)
{
    Check check = {.arena = arena, .out = out};
    *out = (DmnRemarks){0};
    list_each (DmnNode *, node, &model->nodes) {
        check.node = *node;
        check_expression(&check, (*node)->logic);
    }
}
