/*
 * dmn_table.c - <decisionTable> to a DmnTable: policy, columns, rules, every cell compiled.
 *
 * How a table is drawn (rules as rows, as columns, as a cross table) changes nothing in the file
 * but the attribute preferredOrientation, and nothing here.
 */
#include "dmn/dmn_classes.h"
#include "dmn/dmn_internal.h"

#include <string.h>

enum { RULES_AT_MOST = 10000, COLUMNS_AT_MOST = 256 };

/* ---- policy ---------------------------------------------------------------------------------- */

/* The built-in of the same meaning, so that a sum here is a sum there. */
static bool read_aggregation(DmnParser *parser, const XmlElement *element, DmnTable *table)
{
    static const struct {
        const char *name;
        const char *source;
    } known[] = {{"SUM", "sum(l)"}, {"COUNT", "count(l)"}, {"MIN", "min(l)"}, {"MAX", "max(l)"}};
    const char *name = dmn_attribute(element, "aggregation");
    if (text_is_empty(name))
        return true;
    if (table->policy != HIT_COLLECT)
        return dmn_problem(parser, element, "dmn.hit_policy",
                           "the aggregation %s wants the hit policy COLLECT", name);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(name, known[i].name))
            table->aggregate =
                dmn_compile_text(parser, element, known[i].source, FEEL_EXPRESSION, "aggregation");
    return table->aggregate ||
           dmn_problem(parser, element, "dmn.hit_policy",
                       "the aggregation is SUM, COUNT, MIN or MAX, not %s", name);
}

static bool read_policy(DmnParser *parser, const XmlElement *element, DmnTable *table)
{
    static const struct {
        const char *name;
        HitPolicy policy;
    } known[] = {
        {"UNIQUE", HIT_UNIQUE},         {"ANY", HIT_ANY},
        {"PRIORITY", HIT_PRIORITY},     {"FIRST", HIT_FIRST},
        {"RULE ORDER", HIT_RULE_ORDER}, {"OUTPUT ORDER", HIT_OUTPUT_ORDER},
        {"COLLECT", HIT_COLLECT},
    };
    const char *name = dmn_attribute(element, "hitPolicy");
    if (text_is_empty(name))
        return read_aggregation(parser, element, table);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(name, known[i].name)) {
            table->policy = known[i].policy;
            return read_aggregation(parser, element, table);
        }
    return dmn_problem(parser, element, "dmn.hit_policy",
                       "the hit policy is UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER "
                       "or COLLECT, not %s",
                       name);
}

/* ---- columns --------------------------------------------------------------------------------- */

static void add_input(DmnParser *parser, DmnTable *table, const XmlElement *element, bool *ok)
{
    const XmlElement *expression = dmn_child(parser, element, "inputExpression");
    const char *label = dmn_attribute(element, "label");
    const char *id = dmn_attribute(element, "id");
    DmnInput input = {.id = id ? dmn_keep(parser, id) : NULL, .line = element->line};
    bool has_text = expression && *dmn_inner_text(parser, expression);
    input.expression = dmn_compile(parser, expression, FEEL_EXPRESSION, "input expression", ok);
    input.type = dmn_type(parser, element, dmn_attribute(expression, "typeRef"));
    input.allowed = dmn_compile(parser, dmn_child(parser, element, "inputValues"), FEEL_UNARY_TESTS,
                                "input values", ok);
    if (!has_text)
        dmn_problem(parser, element, "dmn.expression", "an input needs an expression");
    input.label = text_is_empty(label)
                      ? arena_printf(parser->arena, "input %zu", table->inputs.count + 1)
                      : dmn_keep(parser, label);
    list_add(parser->arena, &table->inputs, input);
}

size_t dmn_test_length(const char *source)
{
    int depth = 0;
    size_t i = 0;
    for (; source[i]; i++) {
        if (source[i] == '"') {
            for (i++; source[i] && source[i] != '"'; i++)
                i += source[i] == '\\' && source[i + 1];
            if (!source[i])
                return i;
        } else if (strchr("([{", source[i])) {
            depth++;
        } else if (strchr(")]}", source[i])) {
            depth -= depth > 0;
        } else if (source[i] == ',' && !depth) {
            break;
        }
    }
    return i;
}

/* The priority of output values is their order in the list. */
static void read_ranks(DmnParser *parser, const XmlElement *element, const char *source,
                       DmnOutput *output)
{
    while (*source && output->ranks.count < RULES_AT_MOST) {
        size_t length = dmn_test_length(source);
        const char *one = arena_text_n(parser->scratch, source, length);
        FeelExpression *test =
            dmn_compile_text(parser, element, one, FEEL_UNARY_TESTS, "output values");
        source += length + (source[length] == ',');
        if (test)
            list_add(parser->arena, &output->ranks, test);
    }
}

static const char *allowed_of(const DmnType *type)
{
    while (type && !type->allowed_source && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    return type ? type->allowed_source : NULL;
}

static void add_output(DmnParser *parser, DmnTable *table, const XmlElement *element, bool *ok)
{
    const XmlElement *values = dmn_child(parser, element, "outputValues");
    DmnOutput output = {.id = dmn_keep(parser, dmn_attribute(element, "id")),
                        .label = dmn_keep(parser, dmn_attribute(element, "label")),
                        .name = dmn_keep(parser, dmn_attribute(element, "name"))};
    output.type = dmn_type(parser, element, dmn_attribute(element, "typeRef"));
    output.allowed = dmn_compile(parser, values, FEEL_UNARY_TESTS, "output values", ok);
    output.fallback = dmn_compile(parser, dmn_child(parser, element, "defaultOutputEntry"),
                                  FEEL_EXPRESSION, "default output", ok);
    const char *order = output.allowed ? feel_source(output.allowed) : allowed_of(output.type);
    if (order && (table->policy == HIT_PRIORITY || table->policy == HIT_OUTPUT_ORDER))
        read_ranks(parser, element, order, &output);
    list_add(parser->arena, &table->outputs, output);
}

static bool is_repeated_output(const DmnTable *table, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (text_equal(table->outputs.items[i].name, table->outputs.items[at].name))
            return true;
    return false;
}

static bool has_ranks(const DmnTable *table)
{
    list_each (const DmnOutput, output, &table->outputs)
        if (output->ranks.count)
            return true;
    return false;
}

static bool check_columns(DmnParser *parser, const DmnTable *table, const XmlElement *element)
{
    size_t columns = table->inputs.count + table->outputs.count;
    if (!table->outputs.count)
        return dmn_problem(parser, element, "dmn.rule", "a table needs an output");
    if (columns > COLUMNS_AT_MOST)
        return dmn_problem(parser, element, "dmn.too_large", "a table has %d columns at most",
                           COLUMNS_AT_MOST);
    if (table->aggregate && table->outputs.count > 1)
        return dmn_problem(parser, element, "dmn.hit_policy",
                           "an aggregation of several outputs means nothing");
    if ((table->policy == HIT_PRIORITY || table->policy == HIT_OUTPUT_ORDER) && !has_ranks(table))
        return dmn_problem(parser, element, "dmn.hit_policy",
                           "%s wants an order of priorities: give an output its values",
                           dmn_attribute(element, "hitPolicy"));
    return true;
}

/* A table that is still being drawn can be evaluated all the same. */
static void name_outputs(DmnParser *parser, const DmnTable *table, const XmlElement *element)
{
    bool is_named = true;
    for (size_t i = 0; table->outputs.count > 1 && i < table->outputs.count; i++) {
        DmnOutput *output = &table->outputs.items[i];
        bool has_own = !text_is_empty(output->name) && !is_repeated_output(table, i);
        is_named &= has_own;
        if (!has_own)
            output->name = arena_printf(parser->arena, "output %zu", i + 1);
    }
    if (!is_named)
        dmn_problem(parser, element, "dmn.rule", "each of several outputs needs a name of its own");
}

/* ---- rules ----------------------------------------------------------------------------------- */

static size_t count_children(const DmnParser *parser, const XmlElement *element, const char *name)
{
    size_t count = 0;
    xml_each (one, element)
        count += dmn_is(parser, one, name);
    return count;
}

/* dmn-js keeps what it shows as annotations in the rule's description, in no entry of its own. */
static bool is_annotation(const DmnParser *parser, const XmlElement *element)
{
    return dmn_is(parser, element, "annotationEntry") || dmn_is(parser, element, "description");
}

static const char *annotation(DmnParser *parser, const XmlElement *element)
{
    return dmn_keep(parser, dmn_is(parser, element, "description")
                                ? text_trim(parser->scratch, element->text)
                                : dmn_inner_text(parser, element));
}

/* "-" needs no asking, and what stands in many cells of a column is read and asked once. */
static uint32_t test_of(DmnParser *parser, DmnInput *input, Map *known, const XmlElement *element,
                        bool *ok)
{
    const char *source = dmn_inner_text(parser, element);
    uintptr_t number = (uintptr_t)map_get(known, source);
    if (!*source || number)
        return (uint32_t)number;
    FeelExpression *test = dmn_compile(parser, element, FEEL_UNARY_TESTS, "input entry", ok);
    if (!test || feel_is_irrelevant(test))
        return 0;
    list_add(parser->arena, &input->tests, test);
    number = input->tests.count;
    map_set(known, source, (void *)number);
    return (uint32_t)number;
}

/* A rule's cells, once their number is known to be right. */
static void read_cells(DmnParser *parser, const DmnTable *table, Map *known,
                       const XmlElement *element, DmnRule *rule)
{
    size_t test = 0, output = 0, note = 0;
    bool ok = true;
    rule->tests = arena_array(parser->arena, uint32_t, table->inputs.count);
    rule->outputs = arena_array(parser->arena, FeelExpression *, table->outputs.count);
    xml_each (one, element)
        rule->annotation_count += is_annotation(parser, one);
    if (rule->annotation_count)
        rule->annotations = arena_array(parser->arena, const char *, rule->annotation_count);
    xml_each (one, element) {
        if (dmn_is(parser, one, "inputEntry")) {
            rule->tests[test] = test_of(parser, &table->inputs.items[test], &known[test], one, &ok);
            test++;
        } else if (dmn_is(parser, one, "outputEntry"))
            rule->outputs[output++] =
                dmn_compile(parser, one, FEEL_EXPRESSION, "output entry", &ok);
        else if (rule->annotations && is_annotation(parser, one))
            rule->annotations[note++] = annotation(parser, one);
    }
    rule->is_broken = !ok;
}

static void add_rule(DmnParser *parser, DmnTable *table, Map *known, const XmlElement *element,
                     const char *owner)
{
    DmnRule rule = {.id = dmn_keep(parser, dmn_attribute(element, "id")), .line = element->line};
    parser->place = arena_printf(parser->scratch, "%s, rule %zu", owner, table->rules.count + 1);
    if (count_children(parser, element, "inputEntry") == table->inputs.count &&
        count_children(parser, element, "outputEntry") == table->outputs.count)
        read_cells(parser, table, known, element, &rule);
    else
        rule.is_broken = !dmn_problem(parser, element, "dmn.rule",
                                      "a rule needs one entry for each input (%zu) and each "
                                      "output (%zu)",
                                      table->inputs.count, table->outputs.count);
    list_add(parser->arena, &table->rules, rule);
}

static bool read_rules(DmnParser *parser, DmnTable *table, const XmlElement *element)
{
    const char *owner = parser->place;
    bool is_whole = true;
    Map *known = arena_array(parser->scratch, Map, table->inputs.count);
    for (size_t i = 0; i < table->inputs.count; i++)
        known[i] = map_init(parser->scratch);
    size_t count = count_children(parser, element, "rule");
    if (count > RULES_AT_MOST)
        return dmn_problem(parser, element, "dmn.too_large", "a table has %d rules at most",
                           RULES_AT_MOST);
    /* A list that grows would leave its shorter copies in the model. */
    table->rules.items = arena_array(parser->arena, DmnRule, count);
    table->rules.capacity = count;
    xml_each (one, element)
        if (dmn_is(parser, one, "rule") && !arena_is_over(parser->arena)) {
            add_rule(parser, table, known, one, owner);
            is_whole &= !table->rules.items[table->rules.count - 1].is_broken;
        }
    parser->place = owner;
    return is_whole;
}

DmnTable *dmn_table(DmnParser *parser, const XmlElement *element)
{
    DmnTable *table = arena_new(parser->arena, DmnTable);
    bool ok = true;
    table->line = element->line;
    if (!read_policy(parser, element, table))
        return NULL;
    xml_each (one, element) {
        if (dmn_is(parser, one, "input"))
            add_input(parser, table, one, &ok);
        else if (dmn_is(parser, one, "output"))
            add_output(parser, table, one, &ok);
    }
    if (!check_columns(parser, table, element))
        return NULL;
    name_outputs(parser, table, element);
    return read_rules(parser, table, element) && ok ? table : NULL;
}
