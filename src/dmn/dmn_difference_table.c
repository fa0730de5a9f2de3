/*
 * dmn_difference_table.c - two decision tables compared and put side by side.
 *
 *     columns matched -> rules matched by id, cells, conditions -> the rules of both in one order
 *             -> cells compared -> changes, and the pair of tables where there are any
 */
#include "dmn/dmn_difference_internal.h"

#include <stdlib.h>
#include <string.h>

/* One column of the pair; -1: that side does not have it. */
typedef struct Pair {
    DmnColumnKind kind;
    int before, after;
} Pair;

typedef struct Side {
    const DmnTable *table;
    const char ***tests;  /* plain text of each test, by input */
    const char **outputs; /* plain texts, rule by rule */
    size_t *peers;        /* the rule of the other side, from 1; 0 none */
    size_t notes;         /* most annotations of a rule */
} Side;

typedef struct Tables {
    Comparison *work;
    Side before, after;
    LIST(Pair) columns;
} Tables;

/* ---- columns --------------------------------------------------------------------------------- */

static bool same_label(const char *a, const char *b)
{
    return !text_is_empty(a) && text_equal(a, b);
}

typedef bool (*SameColumn)(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k);

static bool input_id(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    (void)arena;
    return same_label(a->inputs.items[i].id, b->inputs.items[k].id);
}

static bool input_asks(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    return difference_same_feel(arena, a->inputs.items[i].expression,
                                b->inputs.items[k].expression);
}

static bool input_label(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    (void)arena;
    return same_label(a->inputs.items[i].label, b->inputs.items[k].label);
}

static bool output_id(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    (void)arena;
    return same_label(a->outputs.items[i].id, b->outputs.items[k].id);
}

static bool output_name(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    (void)arena;
    return same_label(a->outputs.items[i].name, b->outputs.items[k].name);
}

static bool output_only(Arena *arena, const DmnTable *a, size_t i, const DmnTable *b, size_t k)
{
    (void)arena, (void)i, (void)k;
    return a->outputs.count == 1 && b->outputs.count == 1;
}

/* The column of `before` for each of `after`: -1 where it is new. At most 256 columns, so squares
 * are cheap. */
static int *match_columns(const Tables *tables, size_t before, size_t after,
                          const SameColumn same[3])
{
    Arena *arena = tables->work->arena;
    int *found = arena_array(arena, int, after);
    bool *taken = arena_array(arena, bool, before);
    for (size_t k = 0; k < after; k++)
        found[k] = -1;
    for (size_t pass = 0; pass < 3; pass++)
        for (size_t k = 0; k < after; k++)
            for (size_t i = 0; found[k] < 0 && i < before; i++)
                if (!taken[i] &&
                    same[pass](arena, tables->before.table, i, tables->after.table, k)) {
                    found[k] = (int)i;
                    taken[i] = true;
                }
    return found;
}

static void pair_columns(Tables *tables, DmnColumnKind kind, size_t before, size_t after,
                         const int *found)
{
    Arena *arena = tables->work->arena;
    bool *taken = arena_array(arena, bool, before);
    for (size_t k = 0; k < after; k++) {
        list_add(arena, &tables->columns, ((Pair){kind, found[k], (int)k}));
        if (found[k] >= 0)
            taken[found[k]] = true;
    }
    for (size_t i = 0; i < before; i++)
        if (!taken[i])
            list_add(arena, &tables->columns, ((Pair){kind, (int)i, -1}));
}

static void find_columns(Tables *tables)
{
    static const SameColumn inputs[] = {input_id, input_asks, input_label};
    static const SameColumn outputs[] = {output_id, output_name, output_only};
    const DmnTable *before = tables->before.table, *after = tables->after.table;
    Arena *arena = tables->work->arena;
    pair_columns(tables, DMN_COLUMN_INPUT, before->inputs.count, after->inputs.count,
                 match_columns(tables, before->inputs.count, after->inputs.count, inputs));
    pair_columns(tables, DMN_COLUMN_OUTPUT, before->outputs.count, after->outputs.count,
                 match_columns(tables, before->outputs.count, after->outputs.count, outputs));
    size_t notes =
        tables->before.notes > tables->after.notes ? tables->before.notes : tables->after.notes;
    for (size_t i = 0; i < notes; i++)
        list_add(arena, &tables->columns, ((Pair){DMN_COLUMN_NOTE, (int)i, (int)i}));
}

static const char *label_of(const DmnTable *table, DmnColumnKind kind, int at)
{
    if (kind == DMN_COLUMN_INPUT)
        return table->inputs.items[at].label;
    const DmnOutput *output = &table->outputs.items[at];
    const char *label = text_is_empty(output->label) ? output->name : output->label;
    return label ? label : "";
}

static const char *column_text(Arena *arena, const char *label, const char *name,
                               const DmnType *type, const FeelExpression *allowed,
                               const FeelExpression *fallback)
{
    Buffer out = buffer_init(arena, 0);
    buffer_add(&out, text_is_empty(label) ? "" : label);
    if (!text_is_empty(name))
        buffer_printf(&out, "%s%s", out.length ? " = " : "", name);
    if (type)
        buffer_printf(&out, ": %s", difference_type_name(type));
    if (allowed)
        buffer_printf(&out, " [%s]", feel_source(allowed));
    if (fallback)
        buffer_printf(&out, " / %s", feel_source(fallback));
    return buffer_text(&out);
}

static const char *input_text(Arena *arena, const DmnInput *input)
{
    return column_text(arena, input->label, difference_source(input->expression), input->type,
                       input->allowed, NULL);
}

static const char *output_text(Arena *arena, const DmnOutput *output)
{
    return column_text(arena, output->label, output->name, output->type, output->allowed,
                       output->fallback);
}

static bool same_input(Arena *arena, const DmnInput *a, const DmnInput *b)
{
    return text_equal(a->label, b->label) &&
           difference_same_feel(arena, a->expression, b->expression) &&
           difference_same_feel(arena, a->allowed, b->allowed) &&
           difference_same_type(a->type, b->type);
}

static bool same_output(Arena *arena, const DmnOutput *a, const DmnOutput *b)
{
    bool has_labels = !text_is_empty(a->label) || !text_is_empty(b->label);
    return text_equal(a->name, b->name) && (!has_labels || text_equal(a->label, b->label)) &&
           difference_same_feel(arena, a->allowed, b->allowed) &&
           difference_same_feel(arena, a->fallback, b->fallback) &&
           difference_same_type(a->type, b->type);
}

static void tell_column(Tables *tables, const Pair *pair, DmnChangeKind kind)
{
    Arena *arena = tables->work->arena;
    const DmnTable *before = tables->before.table, *after = tables->after.table;
    DmnChange change = {.kind = kind};
    bool is_input = pair->kind == DMN_COLUMN_INPUT;
    change.place = pair->after >= 0 ? label_of(after, pair->kind, pair->after)
                                    : label_of(before, pair->kind, pair->before);
    if (pair->before >= 0)
        change.before = is_input ? input_text(arena, &before->inputs.items[pair->before])
                                 : output_text(arena, &before->outputs.items[pair->before]);
    if (pair->after >= 0)
        change.after = is_input ? input_text(arena, &after->inputs.items[pair->after])
                                : output_text(arena, &after->outputs.items[pair->after]);
    difference_add(tables->work, change);
}

static DmnMark mark_column(Tables *tables, const Pair *pair)
{
    Arena *arena = tables->work->arena;
    const DmnTable *before = tables->before.table, *after = tables->after.table;
    bool is_input = pair->kind == DMN_COLUMN_INPUT;
    if (pair->kind == DMN_COLUMN_NOTE)
        return DMN_SAME;
    if (pair->before < 0) {
        tell_column(tables, pair, is_input ? DMN_INPUT_ADDED : DMN_OUTPUT_ADDED);
        return DMN_ADDED;
    }
    if (pair->after < 0) {
        tell_column(tables, pair, is_input ? DMN_INPUT_REMOVED : DMN_OUTPUT_REMOVED);
        return DMN_REMOVED;
    }
    bool is_same = is_input ? same_input(arena, &before->inputs.items[pair->before],
                                         &after->inputs.items[pair->after])
                            : same_output(arena, &before->outputs.items[pair->before],
                                          &after->outputs.items[pair->after]);
    if (!is_same)
        tell_column(tables, pair, is_input ? DMN_INPUT_CHANGED : DMN_OUTPUT_CHANGED);
    return is_same ? DMN_SAME : DMN_CHANGED;
}

/* The first output that differs decides where priorities do. */
static void compare_output_order(Tables *tables)
{
    HitPolicy policy = tables->after.table->policy;
    int last = -1;
    if (policy != HIT_PRIORITY && policy != HIT_OUTPUT_ORDER)
        return;
    list_each (const Pair, pair, &tables->columns) {
        if (pair->kind != DMN_COLUMN_OUTPUT || pair->before < 0 || pair->after < 0)
            continue;
        if (pair->before < last)
            tell_column(tables, pair, DMN_OUTPUT_MOVED);
        last = pair->before > last ? pair->before : last;
    }
}

/* ---- policy ---------------------------------------------------------------------------------- */

static const char *policy_text(Arena *arena, const DmnTable *table)
{
    static const char *const names[] = {"UNIQUE",     "ANY",          "PRIORITY", "FIRST",
                                        "RULE ORDER", "OUTPUT ORDER", "COLLECT"};
    const char *name = names[table->policy];
    return table->aggregate ? arena_printf(arena, "%s %s", name, feel_source(table->aggregate))
                            : name;
}

static void compare_policy(Tables *tables)
{
    Arena *arena = tables->work->arena;
    const char *before = policy_text(arena, tables->before.table);
    const char *after = policy_text(arena, tables->after.table);
    if (!text_equal(before, after))
        difference_add(tables->work,
                       (DmnChange){.kind = DMN_POLICY_CHANGED, .before = before, .after = after});
}

/* ---- cells ----------------------------------------------------------------------------------- */

static Side side_of(Arena *arena, const DmnTable *table)
{
    Side side = {
        .table = table,
        .tests = arena_array(arena, const char **, table->inputs.count),
        .outputs = arena_array(arena, const char *, table->rules.count * table->outputs.count + 1),
        .peers = arena_array(arena, size_t, table->rules.count)};
    for (size_t i = 0; i < table->inputs.count; i++) {
        const DmnInput *input = &table->inputs.items[i];
        side.tests[i] = arena_array(arena, const char *, input->tests.count);
        for (size_t k = 0; k < input->tests.count; k++)
            side.tests[i][k] = difference_plain(arena, input->tests.items[k]);
    }
    for (size_t i = 0; i < table->rules.count; i++) {
        const DmnRule *rule = &table->rules.items[i];
        side.notes = rule->annotation_count > side.notes ? rule->annotation_count : side.notes;
        for (size_t k = 0; k < table->outputs.count; k++)
            side.outputs[i * table->outputs.count + k] =
                rule->outputs ? difference_plain(arena, rule->outputs[k]) : "";
    }
    return side;
}

/* What a cell means, or (is_shown) how it is written. */
static const char *cell(const Side *side, size_t rule, DmnColumnKind kind, int column,
                        bool is_shown)
{
    const DmnTable *table = side->table;
    const DmnRule *of = &table->rules.items[rule];
    if (kind == DMN_COLUMN_NOTE)
        return (size_t)column < of->annotation_count && of->annotations[column]
                   ? of->annotations[column]
                   : "";
    if (kind == DMN_COLUMN_OUTPUT) {
        const FeelExpression *output = of->outputs ? of->outputs[column] : NULL;
        return is_shown ? difference_source(output)
                        : side->outputs[rule * table->outputs.count + (size_t)column];
    }
    uint32_t test = of->tests ? of->tests[column] : 0;
    if (!test)
        return "-";
    return is_shown ? feel_source(table->inputs.items[column].tests.items[test - 1])
                    : side->tests[column][test - 1];
}

/* ---- rules ----------------------------------------------------------------------------------- */

typedef enum RuleKey { BY_ID, BY_CELLS, BY_CONDITIONS } RuleKey;

/* NULL: the rule has no key of that kind. */
static const char *key_of(const Tables *tables, bool is_before, size_t rule, RuleKey by)
{
    const Side *side = is_before ? &tables->before : &tables->after;
    Buffer key = buffer_init(tables->work->arena, 0);
    size_t inputs = 0;
    if (by == BY_ID)
        return side->table->rules.items[rule].id;
    list_each (const Pair, pair, &tables->columns) {
        bool is_used = pair->before >= 0 && pair->after >= 0 && pair->kind != DMN_COLUMN_NOTE &&
                       (by == BY_CELLS || pair->kind == DMN_COLUMN_INPUT);
        if (!is_used)
            continue;
        inputs++;
        buffer_add(&key,
                   cell(side, rule, pair->kind, is_before ? pair->before : pair->after, false));
        buffer_add_char(&key, '\x1f');
    }
    return inputs ? buffer_text(&key) : NULL;
}

/* Rules of one key are taken in their order. */
static void match_rules(Tables *tables, RuleKey by)
{
    Arena *arena = tables->work->arena;
    size_t count = tables->before.table->rules.count;
    size_t *next = arena_array(arena, size_t, count + 1); /* the rule behind of the same key */
    Map first = map_init(arena);
    for (size_t i = count; i-- > 0;) {
        const char *key = tables->before.peers[i] ? NULL : key_of(tables, true, i, by);
        if (!key)
            continue;
        next[i + 1] = (size_t)(uintptr_t)map_get(&first, key);
        map_set(&first, key, (void *)(uintptr_t)(i + 1));
    }
    for (size_t k = 0; k < tables->after.table->rules.count; k++) {
        const char *key = tables->after.peers[k] ? NULL : key_of(tables, false, k, by);
        size_t found = key ? (size_t)(uintptr_t)map_get(&first, key) : 0;
        if (!found)
            continue;
        map_set(&first, key, (void *)(uintptr_t)next[found]);
        tables->before.peers[found - 1] = k + 1;
        tables->after.peers[k] = found;
    }
}

/* The rules of `after` that keep the order of before: the longest run of rising peers (patience
 * sorting). All other matched ones moved. */
static bool *find_kept(const Tables *tables)
{
    Arena *arena = tables->work->arena;
    size_t count = tables->after.table->rules.count, length = 0;
    const size_t *peers = tables->after.peers;
    bool *kept = arena_array(arena, bool, count);
    size_t *tops = arena_array(arena, size_t, count + 1); /* by length: the rule it ends with */
    size_t *back = arena_array(arena, size_t, count + 1); /* the rule before it, from 1 */
    for (size_t k = 0; k < count; k++) {
        size_t low = 0, high = length;
        if (!peers[k])
            continue;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (peers[tops[middle]] < peers[k])
                low = middle + 1;
            else
                high = middle;
        }
        back[k] = low ? tops[low - 1] + 1 : 0;
        tops[low] = k;
        length += low == length;
    }
    for (size_t at = length ? tops[length - 1] + 1 : 0; at; at = back[at - 1])
        kept[at - 1] = true;
    return kept;
}

static DmnMark mark_of(const Pair *pair, size_t before, size_t after)
{
    if (!before || pair->before < 0)
        return DMN_ADDED;
    return !after || pair->after < 0 ? DMN_REMOVED : DMN_SAME;
}

static bool same_cell(const Tables *tables, const Pair *pair, size_t before, size_t after)
{
    return text_equal(cell(&tables->before, before - 1, pair->kind, pair->before, false),
                      cell(&tables->after, after - 1, pair->kind, pair->after, false));
}

static DmnCellPair pair_cells(const Tables *tables, const Pair *pair, size_t before, size_t after)
{
    DmnCellPair out = {.mark = mark_of(pair, before, after)};
    if (before && pair->before >= 0)
        out.before = cell(&tables->before, before - 1, pair->kind, pair->before, true);
    if (after && pair->after >= 0)
        out.after = cell(&tables->after, after - 1, pair->kind, pair->after, true);
    if (out.mark == DMN_SAME && !same_cell(tables, pair, before, after))
        out.mark = DMN_CHANGED;
    return out;
}

static const char *pair_label(const Tables *tables, const Pair *pair)
{
    if (pair->kind == DMN_COLUMN_NOTE)
        return NULL;
    return pair->after >= 0 ? label_of(tables->after.table, pair->kind, pair->after)
                            : label_of(tables->before.table, pair->kind, pair->before);
}

static void tell_rule(Tables *tables, DmnChangeKind kind, size_t before, size_t after)
{
    difference_add(tables->work,
                   (DmnChange){.kind = kind, .rule_before = before, .rule_after = after});
}

static void tell_cells(Tables *tables, DmnRulePair *rule)
{
    for (size_t i = 0; i < tables->columns.count; i++) {
        const Pair *pair = &tables->columns.items[i];
        const DmnCellPair *cells = &rule->cells[i];
        if (cells->mark != DMN_CHANGED)
            continue;
        rule->mark = DMN_CHANGED;
        difference_add(
            tables->work,
            (DmnChange){.kind = pair->kind == DMN_COLUMN_NOTE ? DMN_RULE_NOTE : DMN_CELL_CHANGED,
                        .place = pair_label(tables, pair),
                        .rule_before = rule->before,
                        .rule_after = rule->after,
                        .before = cells->before,
                        .after = cells->after});
    }
}

/* One rule of the pair: 0 for the side that does not have it. */
static void add_rule(Tables *tables, DmnTablePair *out, size_t before, size_t after, bool is_moved)
{
    Arena *arena = tables->work->arena;
    ArenaMark mark = arena_mark(arena);
    size_t count = tables->columns.count;
    DmnRulePair rule = {.before = before, .after = after, .is_moved = is_moved};
    rule.cells = arena_array(arena, DmnCellPair, count);
    for (size_t i = 0; i < count; i++)
        rule.cells[i] = pair_cells(tables, &tables->columns.items[i], before, after);
    if (!before || !after) {
        rule.mark = before ? DMN_REMOVED : DMN_ADDED;
        tell_rule(tables, before ? DMN_RULE_REMOVED : DMN_RULE_ADDED, before, after);
    } else {
        if (is_moved)
            tell_rule(tables, DMN_RULE_MOVED, before, after);
        tell_cells(tables, &rule);
    }
    bool is_quiet = rule.mark == DMN_SAME && !is_moved;
    if (tables->work->cells + count <= DMN_PAIRED_CELLS_MAX) {
        tables->work->cells += count;
        list_add(arena, &out->rules, rule);
    } else {
        out->left_out++;
        if (is_quiet)
            arena_reset(arena, mark);
    }
}

static void compare_rules(Tables *tables, DmnTablePair *out)
{
    const bool *kept = find_kept(tables);
    size_t count = tables->before.table->rules.count, next = 0;
    for (size_t k = 0; k < tables->after.table->rules.count; k++) {
        size_t peer = tables->after.peers[k];
        for (; kept[k] && next < peer - 1; next++)
            if (!tables->before.peers[next])
                add_rule(tables, out, next + 1, 0, false);
        add_rule(tables, out, peer, k + 1, peer && !kept[k]);
    }
    for (; next < count; next++)
        if (!tables->before.peers[next])
            add_rule(tables, out, next + 1, 0, false);
}

/* ---- both ------------------------------------------------------------------------------------ */

void difference_tables(Comparison *work, const DmnTable *before, const DmnTable *after)
{
    Tables tables = {
        .work = work, .before = side_of(work->arena, before), .after = side_of(work->arena, after)};
    DmnTablePair pair = {.element = work->element->name};
    size_t told = work->out->changes.count + work->out->dropped;
    compare_policy(&tables);
    find_columns(&tables);
    list_each (const Pair, column, &tables.columns)
        list_add(work->arena, &pair.columns,
                 ((DmnColumnPair){.kind = column->kind,
                                  .mark = mark_column(&tables, column),
                                  .label = pair_label(&tables, column)}));
    compare_output_order(&tables);
    match_rules(&tables, BY_ID);
    match_rules(&tables, BY_CELLS);
    match_rules(&tables, BY_CONDITIONS);
    compare_rules(&tables, &pair);
    if (work->out->changes.count + work->out->dropped > told)
        list_add(work->arena, &work->out->tables, pair);
}
