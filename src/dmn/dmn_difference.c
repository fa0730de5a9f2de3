/*
 * dmn_difference.c - two models compared by meaning: their elements, what each requires and how it
 * is decided; and their types. Tables: dmn_difference_table.c.
 */
#include "dmn/dmn_difference_internal.h"

#include <string.h>

enum { TYPES_DEEP_AT_MOST = 64 };

static const char *const change_names[] = {
    [DMN_ELEMENT_ADDED] = "element_added",
    [DMN_ELEMENT_REMOVED] = "element_removed",
    [DMN_ELEMENT_RENAMED] = "element_renamed",
    [DMN_ELEMENT_NOTE] = "element_note",
    [DMN_VALUE_CHANGED] = "value_changed",
    [DMN_REQUIREMENT_ADDED] = "requirement_added",
    [DMN_REQUIREMENT_REMOVED] = "requirement_removed",
    [DMN_LOGIC_CHANGED] = "logic_changed",
    [DMN_POLICY_CHANGED] = "policy_changed",
    [DMN_INPUT_ADDED] = "input_added",
    [DMN_INPUT_REMOVED] = "input_removed",
    [DMN_INPUT_CHANGED] = "input_changed",
    [DMN_OUTPUT_ADDED] = "output_added",
    [DMN_OUTPUT_REMOVED] = "output_removed",
    [DMN_OUTPUT_CHANGED] = "output_changed",
    [DMN_OUTPUT_MOVED] = "output_moved",
    [DMN_RULE_ADDED] = "rule_added",
    [DMN_RULE_REMOVED] = "rule_removed",
    [DMN_RULE_MOVED] = "rule_moved",
    [DMN_CELL_CHANGED] = "cell_changed",
    [DMN_RULE_NOTE] = "rule_note",
    [DMN_TYPE_ADDED] = "type_added",
    [DMN_TYPE_REMOVED] = "type_removed",
    [DMN_TYPE_CHANGED] = "type_changed",
};

const char *dmn_change_name(DmnChangeKind kind)
{
    return change_names[kind];
}

const char *dmn_mark_name(DmnMark mark)
{
    static const char *const names[] = {"same", "added", "removed", "changed"};
    return names[mark];
}

void difference_add(Comparison *work, DmnChange change)
{
    if (!change.element && work->element) {
        change.element = work->element->name;
        change.of = work->element->kind;
    }
    if (work->out->changes.count < DMN_CHANGES_MAX)
        list_add(work->arena, &work->out->changes, change);
    else
        work->out->dropped++;
}

/* ---- texts ----------------------------------------------------------------------------------- */

const char *difference_source(const FeelExpression *expression)
{
    return expression ? feel_source(expression) : "";
}

const char *difference_plain(Arena *arena, const FeelExpression *expression)
{
    return expression ? feel_plain(arena, expression) : "";
}

bool difference_same_feel(Arena *arena, const FeelExpression *a, const FeelExpression *b)
{
    return text_equal(difference_source(a), difference_source(b)) ||
           text_equal(difference_plain(arena, a), difference_plain(arena, b));
}

/* ---- types ----------------------------------------------------------------------------------- */

const char *difference_type_name(const DmnType *type)
{
    return type && type->name ? type->name : "";
}

static bool same_parts(const DmnType *a, const DmnType *b, int depth);

/* What has a name was compared under it; what has none is compared here. */
static bool same_type(const DmnType *a, const DmnType *b, bool is_named, int depth)
{
    if (!a || !b || depth > TYPES_DEEP_AT_MOST)
        return a == b;
    if (a->kind != b->kind)
        return false;
    if (a->kind == DMN_TYPE_SIMPLE)
        return a->simple == b->simple;
    if (is_named && a->name && b->name)
        return text_equal(a->name, b->name);
    return text_equal(a->allowed_source, b->allowed_source) &&
           same_type(a->base, b->base, true, depth + 1) && same_parts(a, b, depth + 1);
}

static bool same_parts(const DmnType *a, const DmnType *b, int depth)
{
    bool is_same = a->parts.count == b->parts.count;
    for (size_t i = 0; is_same && i < a->parts.count; i++) {
        const DmnPart *one = &a->parts.items[i], *other = &b->parts.items[i];
        is_same =
            text_equal(one->name, other->name) && same_type(one->type, other->type, true, depth);
    }
    return is_same;
}

bool difference_same_type(const DmnType *a, const DmnType *b)
{
    return same_type(a, b, true, 0);
}

static void compare_types(Comparison *work, const Map *before, const Map *after)
{
    map_each (entry, before) {
        const DmnType *now = map_get(after, entry->key);
        if (!now)
            difference_add(
                work,
                (DmnChange){.kind = DMN_TYPE_REMOVED, .of = DMN_DECISION, .element = entry->key});
        else if (!same_type(entry->value, now, false, 0))
            difference_add(work,
                           (DmnChange){.kind = DMN_TYPE_CHANGED,
                                       .of = DMN_DECISION,
                                       .element = entry->key,
                                       .before = ((const DmnType *)entry->value)->allowed_source,
                                       .after = now->allowed_source});
    }
    map_each (entry, after)
        if (!map_has(before, entry->key))
            difference_add(
                work,
                (DmnChange){.kind = DMN_TYPE_ADDED, .of = DMN_DECISION, .element = entry->key});
}

/* ---- expressions ----------------------------------------------------------------------------- */

static void compare_logic(Comparison *work, const DmnExpr *before, const DmnExpr *after);

static bool same_shape(const DmnExpr *before, const DmnExpr *after)
{
    bool is_same =
        before->kind == after->kind && before->parts.count == after->parts.count &&
        before->parameters.count == after->parameters.count &&
        before->column_count == after->column_count && before->is_external == after->is_external &&
        text_equal(before->name, after->name) && difference_same_type(before->type, after->type);
    for (size_t i = 0; is_same && i < before->parts.count; i++)
        is_same = text_equal(before->parts.items[i].name, after->parts.items[i].name) &&
                  difference_same_type(before->parts.items[i].type, after->parts.items[i].type);
    for (size_t i = 0; is_same && i < before->parameters.count; i++)
        is_same =
            text_equal(before->parameters.items[i].name, after->parameters.items[i].name) &&
            difference_same_type(before->parameters.items[i].type, after->parameters.items[i].type);
    for (size_t i = 0; is_same && i < before->column_count; i++)
        is_same = text_equal(before->columns[i], after->columns[i]);
    return is_same;
}

static const char *literal_of(const DmnExpr *expr)
{
    return expr && expr->kind == EXPR_LITERAL ? difference_source(expr->feel) : NULL;
}

static void compare_inside(Comparison *work, const DmnExpr *before, const DmnExpr *after)
{
    if (before->kind == EXPR_LITERAL &&
        !difference_same_feel(work->arena, before->feel, after->feel))
        difference_add(work, (DmnChange){.kind = DMN_LOGIC_CHANGED,
                                         .before = literal_of(before),
                                         .after = literal_of(after)});
    if (before->kind == EXPR_TABLE)
        difference_tables(work, before->table, after->table);
    for (size_t i = 0; i < before->parts.count; i++)
        compare_logic(work, before->parts.items[i].expr, after->parts.items[i].expr);
    compare_logic(work, before->a, after->a);
    compare_logic(work, before->b, after->b);
    compare_logic(work, before->c, after->c);
}

/* As deep as a file may nest boxes. */
static void compare_logic(Comparison *work, const DmnExpr *before, const DmnExpr *after)
{
    if (!before && !after)
        return;
    if (before && after && same_shape(before, after))
        compare_inside(work, before, after);
    else
        difference_add(work, (DmnChange){.kind = DMN_LOGIC_CHANGED,
                                         .before = literal_of(before),
                                         .after = literal_of(after)});
}

/* ---- elements -------------------------------------------------------------------------------- */

/* Which node of the other model each node of the file itself is; NULL for none. */
typedef struct Peers {
    const DmnModel *before, *after;
    DmnNode **of_before;
    DmnNode **of_after;
} Peers;

static bool is_own(const DmnModel *model, const DmnNode *node)
{
    return node->file == model->files.items[0];
}

static Map nodes_by(Arena *arena, const DmnModel *model, bool is_by_id)
{
    Map map = map_init(arena);
    list_each (DmnNode *, at, &model->nodes)
        if (is_own(model, *at))
            map_set(&map, is_by_id ? (*at)->info.id : (*at)->info.name, *at);
    return map;
}

static void match_nodes(Peers *peers, Arena *arena, bool is_by_id)
{
    Map others = nodes_by(arena, peers->after, is_by_id);
    list_each (DmnNode *, at, &peers->before->nodes) {
        DmnNode *node = *at;
        DmnNode *other = map_get(&others, is_by_id ? node->info.id : node->info.name);
        if (!is_own(peers->before, node) || peers->of_before[node->index] || !other ||
            peers->of_after[other->index] || other->info.kind != node->info.kind)
            continue;
        peers->of_before[node->index] = other;
        peers->of_after[other->index] = node;
    }
}

static bool has_node(const DmnNeeds *needs, const DmnNode *node)
{
    list_each (const DmnNeed, need, needs)
        if (need->node == node)
            return true;
    return false;
}

static bool has_imported(const DmnNeeds *needs, const DmnNode *node)
{
    list_each (const DmnNeed, need, needs)
        if (text_equal(need->node->info.namespace_uri, node->info.namespace_uri) &&
            text_equal(need->node->info.name, node->info.name))
            return true;
    return false;
}

/* Tells what is required of those that the other side does not require. */
static void compare_needs(Comparison *work, const DmnModel *model, DmnNode *const *peers,
                          const DmnNeeds *needs, const DmnNeeds *others, DmnChangeKind kind)
{
    list_each (const DmnNeed, need, needs) {
        const DmnNode *node = need->node;
        bool is_there = is_own(model, node)
                            ? peers[node->index] && has_node(others, peers[node->index])
                            : has_imported(others, node);
        if (!is_there)
            difference_add(work, (DmnChange){.kind = kind, .place = node->info.name});
    }
}

static void compare_requirements(Comparison *work, const Peers *peers, const DmnNode *before,
                                 const DmnNode *after)
{
    const DmnNeeds *const pairs[][2] = {{&before->needs, &after->needs},
                                        {&before->outputs, &after->outputs},
                                        {&before->parameters, &after->parameters}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        compare_needs(work, peers->before, peers->of_before, pairs[i][0], pairs[i][1],
                      DMN_REQUIREMENT_REMOVED);
        compare_needs(work, peers->after, peers->of_after, pairs[i][1], pairs[i][0],
                      DMN_REQUIREMENT_ADDED);
    }
}

static const char *value_text(Arena *arena, const DmnNode *node)
{
    return node->type
               ? arena_printf(arena, "%s: %s", node->variable, difference_type_name(node->type))
               : node->variable;
}

/* Where no variable is written the name is its name: renaming is told once. */
static bool same_variable(const DmnNode *before, const DmnNode *after)
{
    bool is_default = text_equal(before->variable, before->info.name) &&
                      text_equal(after->variable, after->info.name);
    return is_default || text_equal(before->variable, after->variable);
}

static void compare_nodes(Comparison *work, const Peers *peers, const DmnNode *before,
                          const DmnNode *after)
{
    work->element = &after->info;
    if (!text_equal(before->info.name, after->info.name))
        difference_add(work, (DmnChange){.kind = DMN_ELEMENT_RENAMED,
                                         .before = before->info.name,
                                         .after = after->info.name});
    if (!same_variable(before, after) || !difference_same_type(before->type, after->type))
        difference_add(work, (DmnChange){.kind = DMN_VALUE_CHANGED,
                                         .before = value_text(work->arena, before),
                                         .after = value_text(work->arena, after)});
    if (!text_equal(before->note, after->note))
        difference_add(
            work,
            (DmnChange){.kind = DMN_ELEMENT_NOTE, .before = before->note, .after = after->note});
    compare_requirements(work, peers, before, after);
    compare_logic(work, before->logic, after->logic);
}

static void tell_lone(Comparison *work, const DmnModel *model, DmnNode *const *peers,
                      DmnChangeKind kind)
{
    list_each (DmnNode *, at, &model->nodes)
        if (is_own(model, *at) && !peers[(*at)->index])
            difference_add(
                work,
                (DmnChange){.kind = kind, .of = (*at)->info.kind, .element = (*at)->info.name});
}

void dmn_compare(const DmnModel *before, const DmnModel *after, Arena *arena, DmnDifference *out)
{
    Comparison work = {.arena = arena, .out = out};
    Peers peers = {.before = before,
                   .after = after,
                   .of_before = arena_array(arena, DmnNode *, before->nodes.count),
                   .of_after = arena_array(arena, DmnNode *, after->nodes.count)};
    *out = (DmnDifference){0};
    match_nodes(&peers, arena, true);
    match_nodes(&peers, arena, false);
    tell_lone(&work, before, peers.of_before, DMN_ELEMENT_REMOVED);
    tell_lone(&work, after, peers.of_after, DMN_ELEMENT_ADDED);
    list_each (DmnNode *, at, &after->nodes)
        if (is_own(after, *at) && peers.of_after[(*at)->index])
            compare_nodes(&work, &peers, peers.of_after[(*at)->index], *at);
    compare_types(&work, &before->files.items[0]->types, &after->files.items[0]->types);
}
