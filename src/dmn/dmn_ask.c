/*
 * dmn_ask.c - what a decision wants to be told: the names in its expressions that nothing decides,
 * with what the columns and input data say of their types.
 */
#include "dmn/dmn_ask.h"

#include <string.h>

#include "dmn/dmn_classes.h"
#include "dmn/dmn_internal.h"

typedef struct Asking {
    Arena *arena;
    const DmnModel *model;
    const DmnNode *node; /* whose expressions are being read */
    Map *locals;         /* names that boxes of the node bring in */
    bool *seen;          /* by index of the node */
    const char *touched; /* the path of the expression that is being read */
    bool has_several;
    DmnAsks *out;
} Asking;

/* ---- types ----------------------------------------------------------------------------------- */

static const char *allowed_of(const DmnType *type)
{
    while (type && !type->allowed_source && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    return type ? type->allowed_source : NULL;
}

static void set_choices(Asking *asking, const char *allowed, DmnAsk *ask)
{
    Constants constants = {0};
    if (text_is_empty(allowed) || !constants_of(asking->arena, allowed, &constants))
        return;
    list_each (const FeelValue, value, &constants)
        if (value->kind != FEEL_STRING && value->kind != FEEL_NUMBER)
            return;
    ask->kind = DMN_ASK_CHOICE;
    list_each (const FeelValue, value, &constants)
        list_add(asking->arena, &ask->choices, *value);
}

static void set_type(Asking *asking, const DmnType *type, DmnAsk *ask)
{
    const char *allowed = allowed_of(type);
    while (type && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    if (!type || type->kind != DMN_TYPE_SIMPLE)
        return;
    ask->simple = type->simple;
    switch (type->simple) {
    case FEEL_STRING: ask->kind = DMN_ASK_TEXT; break;
    case FEEL_NUMBER: ask->kind = DMN_ASK_NUMBER; break;
    case FEEL_BOOLEAN: ask->kind = DMN_ASK_BOOLEAN; break;
    case FEEL_DATE: ask->kind = DMN_ASK_DATE; break;
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_DAYS_TIME:
    case FEEL_YEARS_MONTHS: ask->kind = DMN_ASK_TEMPORAL; break;
    default: return;
    }
    set_choices(asking, allowed, ask);
}

/* The type behind "name.part.part" of input data. */
static const DmnType *type_of_path(const Asking *asking, const char *path)
{
    const char **names;
    size_t count = text_split(asking->arena, path, '.', &names);
    const DmnType *type = NULL;
    list_each (DmnNode *, at, &asking->model->nodes)
        if ((*at)->info.kind == DMN_INPUT && text_equal((*at)->variable, names[0]))
            type = (*at)->type;
    for (size_t i = 1; type && i < count; i++) {
        const DmnType *part = NULL;
        while (type->kind == DMN_TYPE_ALIAS && type->base)
            type = type->base;
        list_each (const DmnPart, one, &type->parts)
            if (text_equal(one->name, names[i]))
                part = one->type;
        type = part;
    }
    return type;
}

/* ---- paths ----------------------------------------------------------------------------------- */

static DmnAsk *find_ask(Asking *asking, const char *path)
{
    list_each (DmnAsk, ask, asking->out)
        if (text_equal(ask->path, path))
            return ask;
    return NULL;
}

static void name_ask(DmnAsk *ask, const DmnInput *column)
{
    if (!text_equal(ask->label, ask->path))
        return;
    ask->label = column->label;
    ask->column = column->id;
}

/* column: that consists of the path alone, or NULL. */
static void add_path(Asking *asking, const char *path, const DmnInput *column)
{
    DmnAsk *ask = find_ask(asking, path);
    if (!ask) {
        if (asking->out->count == DMN_ASKS_MAX)
            return;
        list_add(asking->arena, asking->out, ((DmnAsk){.path = path, .label = path}));
        ask = &asking->out->items[asking->out->count - 1];
        set_type(asking, type_of_path(asking, path), ask);
    }
    if (!column)
        return;
    name_ask(ask, column);
    if (ask->kind == DMN_ASK_ANY)
        set_type(asking, column->type, ask);
    if (column->allowed && ask->kind != DMN_ASK_CHOICE)
        set_choices(asking, feel_source(column->allowed), ask);
}

static bool is_name_byte(char c)
{
    return (c & 0x80) || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Behind a name: ".part.part". */
static const char *end_of_path(const char *at)
{
    while (*at == '.' && is_name_byte(at[1]) && !(at[1] >= '0' && at[1] <= '9'))
        for (at++; is_name_byte(*at);)
            at++;
    return at;
}

static const char *behind_text(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\' && at[1];
    return *at ? at + 1 : at;
}

/* Every path that begins with the name in a plain source. */
static void add_paths(Asking *asking, const char *plain, const char *name, const DmnInput *column)
{
    size_t length = strlen(name);
    bool is_begin = true;
    for (const char *at = plain; *at;) {
        if (*at == '"') {
            at = behind_text(at);
            continue;
        }
        if (is_begin && strncmp(at, name, length) == 0 && !is_name_byte(at[length])) {
            const char *end = end_of_path(at + length);
            const char *path = arena_text_n(asking->arena, at, (size_t)(end - at));
            bool is_whole = at == plain && !*end;
            add_path(asking, path, is_whole ? column : NULL);
            asking->has_several |= asking->touched && !text_equal(asking->touched, path);
            asking->touched = path;
            at = end;
            continue;
        }
        is_begin = !is_name_byte(*at) && *at != '.';
        at++;
    }
}

/* ---- expressions ----------------------------------------------------------------------------- */

static bool is_decided(const Asking *asking, const char *name)
{
    if (map_has(asking->locals, name))
        return true;
    list_each (const DmnNeed, need, &asking->node->needs)
        if (need->node->info.kind != DMN_INPUT &&
            text_equal(need->import ? need->import : need->node->variable, name))
            return true;
    return false;
}

static void ask_feel(Asking *asking, const FeelExpression *expression, const DmnInput *column)
{
    const char *const *names;
    size_t count = expression ? feel_free_names(expression, &names) : 0;
    const char *plain = count ? feel_plain(asking->arena, expression) : NULL;
    asking->touched = NULL;
    asking->has_several = false;
    for (size_t i = 0; i < count; i++)
        if (!is_decided(asking, names[i]))
            add_paths(asking, plain, names[i], column);
    /* A column that asks for one thing alone, however it does so, has the words for it. */
    DmnAsk *ask = column && asking->touched && !asking->has_several
                      ? find_ask(asking, asking->touched)
                      : NULL;
    if (ask)
        name_ask(ask, column);
}

static void ask_table(Asking *asking, const DmnTable *table)
{
    list_each (const DmnInput, input, &table->inputs)
        ask_feel(asking, input->expression, input);
    list_each (const DmnInput, input, &table->inputs)
        list_each (FeelExpression *, test, &input->tests)
            ask_feel(asking, *test, NULL);
    list_each (const DmnRule, rule, &table->rules)
        for (size_t i = 0; rule->outputs && i < table->outputs.count; i++)
            ask_feel(asking, rule->outputs[i], NULL);
    list_each (const DmnOutput, output, &table->outputs)
        ask_feel(asking, output->fallback, NULL);
}

static void add_locals(Asking *asking, const DmnExpr *expr)
{
    if (!expr)
        return;
    if (expr->name)
        map_set(asking->locals, expr->name, asking);
    list_each (const DmnExprPart, part, &expr->parts) {
        if (part->name)
            map_set(asking->locals, part->name, asking);
        add_locals(asking, part->expr);
    }
    list_each (const DmnPart, parameter, &expr->parameters)
        map_set(asking->locals, parameter->name, asking);
    add_locals(asking, expr->a);
    add_locals(asking, expr->b);
    add_locals(asking, expr->c);
}

static void ask_expr(Asking *asking, const DmnExpr *expr)
{
    if (!expr)
        return;
    ask_feel(asking, expr->feel, NULL);
    if (expr->table)
        ask_table(asking, expr->table);
    list_each (const DmnExprPart, part, &expr->parts)
        ask_expr(asking, part->expr);
    ask_expr(asking, expr->a);
    ask_expr(asking, expr->b);
    ask_expr(asking, expr->c);
}

/* Requirements are at most REQUIREMENTS_DEEP_AT_MOST deep where they make no circle, and each node
 * is visited once. */
static void ask_node(Asking *asking, const DmnNode *node)
{
    Map locals = map_init(asking->arena);
    if (asking->seen[node->index] || node->is_circular)
        return;
    asking->seen[node->index] = true;
    asking->node = node;
    asking->locals = &locals;
    add_locals(asking, node->logic);
    ask_expr(asking, node->logic);
    list_each (const DmnNeed, need, &node->needs)
        if (need->node->info.kind != DMN_INPUT)
            ask_node(asking, need->node);
}

void dmn_asks(const DmnModel *model, const char *id_or_name, Arena *arena, DmnAsks *out)
{
    const DmnDecision *decision = dmn_find(model, id_or_name);
    Asking asking = {.arena = arena,
                     .model = model,
                     .seen = arena_array(arena, bool, model->nodes.count),
                     .out = out};
    *out = (DmnAsks){0};
    list_each (DmnNode *, at, &model->nodes)
        if (decision == &(*at)->info)
            ask_node(&asking, *at);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_feel(const char *typed, Arena *arena, FeelValue *out)
{
    Error ignored = ERROR_NONE;
    FeelFindings findings = {0};
    FeelExpression *expression = feel_compile(arena, typed, FEEL_EXPRESSION, NULL, &ignored);
    if (!expression)
        return false;
    *out = feel_evaluate(expression, NULL, arena, &findings);
    return !findings.list.count;
}

static bool read_number(const char *typed, Arena *arena, FeelValue *out)
{
    bool is_number = typed[strspn(typed, "+-.0123456789")] == '\0';
    return is_number && read_feel(*typed == '+' ? typed + 1 : typed, arena, out) &&
           out->kind == FEEL_NUMBER;
}

static bool read_boolean(const char *typed, FeelValue *out)
{
    bool is_true = text_equal(typed, "true");
    *out = is_true ? FEEL_TRUE : FEEL_FALSE;
    return is_true || text_equal(typed, "false");
}

static bool read_any(const char *typed, Arena *arena, FeelValue *out)
{
    if (strchr("\"[{@", *typed))
        return read_feel(typed, arena, out);
    if (!read_number(typed, arena, out) && !read_boolean(typed, out) &&
        !feel_from_temporal_text(arena, typed, out))
        *out = feel_string(typed);
    return true;
}

static bool read_choice(const DmnAsk *ask, const char *typed, Arena *arena, FeelValue *out)
{
    list_each (const FeelValue, value, &ask->choices) {
        const char *text = feel_text(*value);
        if (!text_equal(text ? text : feel_to_text(arena, *value), typed))
            continue;
        *out = *value;
        return true;
    }
    return false;
}

bool dmn_ask_read(const DmnAsk *ask, const char *typed, Arena *arena, FeelValue *out)
{
    const char *text = typed ? text_trim(arena, typed) : "";
    *out = feel_null();
    if (!*text)
        return true;
    switch (ask->kind) {
    case DMN_ASK_TEXT: *out = feel_string(text); return true;
    case DMN_ASK_NUMBER: return read_number(text, arena, out);
    case DMN_ASK_BOOLEAN: return read_boolean(text, out);
    case DMN_ASK_DATE: return feel_from_temporal_text(arena, text, out) && out->kind == FEEL_DATE;
    case DMN_ASK_TEMPORAL:
        return feel_from_temporal_text(arena, text, out) && out->kind == ask->simple;
    case DMN_ASK_CHOICE: return read_choice(ask, text, arena, out);
    case DMN_ASK_ANY: break;
    }
    return read_any(text, arena, out);
}

/* The members whose paths begin with prefix ("" or "answers."), as a context. */
static FeelValue inputs_below(const DmnAsks *asks, const FeelValue *values, const char *prefix,
                              Arena *arena)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    size_t length = strlen(prefix);
    Map done = map_init(arena);
    for (size_t i = 0; i < asks->count; i++) {
        const char *path = asks->items[i].path;
        if (!text_starts_with(path, prefix))
            continue;
        const char *dot = strchr(path + length, '.');
        const char *name =
            dot ? arena_text_n(arena, path + length, (size_t)(dot - path) - length) : path + length;
        const char *below = arena_printf(arena, "%s%s.", prefix, name);
        if (dot && !map_has(&done, name))
            feel_context_put(&builder, name, inputs_below(asks, values, below, arena));
        else if (!dot && !map_has(&done, name))
            feel_context_put(&builder, name, values[i]);
        if (dot)
            map_set(&done, name, asks->items);
    }
    return feel_context_end(&builder);
}

FeelValue dmn_ask_inputs(const DmnAsks *asks, const FeelValue *values, Arena *arena)
{
    return inputs_below(asks, values, "", arena);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const char *label_of_output(const DmnOutput *output)
{
    const char *label = text_is_empty(output->label) ? output->name : output->label;
    return label ? label : "";
}

static const char *const *shown_cells(const DmnTable *table, const DmnRule *rule, size_t notes,
                                      Arena *arena)
{
    size_t count = 0;
    const char **cells =
        arena_array(arena, const char *, table->inputs.count + table->outputs.count + notes);
    for (size_t i = 0; i < table->inputs.count; i++) {
        uint32_t test = rule->tests ? rule->tests[i] : 0;
        cells[count++] = test ? feel_source(table->inputs.items[i].tests.items[test - 1]) : "-";
    }
    for (size_t i = 0; i < table->outputs.count; i++)
        cells[count++] = rule->outputs && rule->outputs[i] ? feel_source(rule->outputs[i]) : "";
    for (size_t i = 0; i < notes; i++)
        cells[count++] =
            i < rule->annotation_count && rule->annotations[i] ? rule->annotations[i] : "";
    return cells;
}

static void show(const DmnTable *table, Arena *arena, DmnShownTable *out)
{
    static const char *const policies[] = {"UNIQUE",     "ANY",          "PRIORITY", "FIRST",
                                           "RULE ORDER", "OUTPUT ORDER", "COLLECT"};
    size_t notes = 0;
    *out = (DmnShownTable){.policy = policies[table->policy],
                           .inputs = table->inputs.count,
                           .outputs = table->outputs.count};
    list_each (const DmnRule, rule, &table->rules)
        notes = rule->annotation_count > notes ? rule->annotation_count : notes;
    list_each (const DmnInput, input, &table->inputs)
        list_add(arena, &out->columns, input->label);
    list_each (const DmnOutput, output, &table->outputs) {
        list_add(arena, &out->columns, label_of_output(output));
        list_add(arena, &out->output_names, output->name ? output->name : "");
    }
    for (size_t i = 0; i < notes; i++)
        list_add(arena, &out->columns, NULL);
    list_each (const DmnRule, rule, &table->rules)
        list_add(arena, &out->rules,
                 ((DmnShownRule){rule->id, rule->line, shown_cells(table, rule, notes, arena)}));
}

bool dmn_show_table(const DmnModel *model, const DmnElement *element, Arena *arena,
                    DmnShownTable *out)
{
    list_each (DmnNode *, at, &model->nodes) {
        const DmnExpr *logic = (*at)->logic;
        if (&(*at)->info != element || !logic)
            continue;
        if (logic->kind == EXPR_FUNCTION && logic->a)
            logic = logic->a;
        if (logic->kind != EXPR_TABLE || !logic->table)
            return false;
        show(logic->table, arena, out);
        return true;
    }
    return false;
}
