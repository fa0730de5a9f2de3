/*
 * dmn_table.c - <decisionTable> to a DmnTable: policy, columns, rules, every cell compiled.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { RULES_AT_MOST = 10000, COLUMNS_AT_MOST = 64 };

/* ---- policy ---------------------------------------------------------------------------------- */

/* The built-in of the same meaning, so that a sum here is a sum there. */
static bool read_aggregation(DmnParser *parser, const XmlElement *element, DmnTable *table)
{
    static const struct {
        const char *name;
        const char *source;
    } known[] = {{"SUM", "sum(l)"}, {"COUNT", "count(l)"}, {"MIN", "min(l)"}, {"MAX", "max(l)"}};
    const char *name = dmn_attribute(element, "aggregation");
    if (!name)
        return true;
    if (table->policy != HIT_COLLECT)
        return dmn_fail(parser, element, "dmn.hit_policy", "an aggregation without COLLECT");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(name, known[i].name))
            table->aggregate =
                feel_compile(parser->arena, known[i].source, FEEL_EXPRESSION, NULL, parser->err);
    return table->aggregate || dmn_fail(parser, element, "dmn.hit_policy", name);
}

static bool read_policy(DmnParser *parser, const XmlElement *element, DmnTable *table)
{
    const char *policy = dmn_attribute(element, "hitPolicy");
    if (text_equal(policy, "FIRST"))
        table->policy = HIT_FIRST;
    else if (text_equal(policy, "COLLECT"))
        table->policy = HIT_COLLECT;
    else if (policy && !text_equal(policy, "UNIQUE"))
        return dmn_fail(parser, element, "dmn.hit_policy", policy);
    return read_aggregation(parser, element, table);
}

/* ---- columns --------------------------------------------------------------------------------- */

static void add_input(DmnParser *parser, DmnTable *table, const XmlElement *element)
{
    const XmlElement *expression = dmn_child(element, "inputExpression");
    DmnInput input = {.label = dmn_attribute(element, "label")};
    int errors = parser->errors;
    input.expression = dmn_compile(parser, expression, FEEL_EXPRESSION, "input expression");
    input.type = dmn_type(parser, element, dmn_attribute(expression, "typeRef"));
    FeelExpression *allowed =
        dmn_compile(parser, dmn_child(element, "inputValues"), FEEL_UNARY_TESTS, "input values");
    if (allowed)
        input.type.allowed = allowed;
    if (!input.expression && parser->errors == errors)
        dmn_fail(parser, element, "dmn.expression", "an input needs an expression");
    list_add(parser->arena, &table->inputs, input);
}

static void add_output(DmnParser *parser, DmnTable *table, const XmlElement *element)
{
    DmnOutput output = {.name = dmn_attribute(element, "name")};
    output.type = dmn_type(parser, element, dmn_attribute(element, "typeRef"));
    FeelExpression *allowed =
        dmn_compile(parser, dmn_child(element, "outputValues"), FEEL_UNARY_TESTS, "output values");
    if (allowed)
        output.type.allowed = allowed;
    output.fallback = dmn_compile(parser, dmn_child(element, "defaultOutputEntry"), FEEL_EXPRESSION,
                                  "default output");
    list_add(parser->arena, &table->outputs, output);
}

static bool is_repeated_output(const DmnTable *table, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (text_equal(table->outputs.items[i].name, table->outputs.items[at].name))
            return true;
    return false;
}

static void check_columns(DmnParser *parser, const DmnTable *table, const XmlElement *element)
{
    if (!table->outputs.count)
        dmn_fail(parser, element, "dmn.rule", "a table needs an output");
    if (table->inputs.count + table->outputs.count > COLUMNS_AT_MOST)
        dmn_fail(parser, element, "dmn.too_large", "a table has 64 columns at most");
    if (table->aggregate && table->outputs.count > 1)
        dmn_fail(parser, element, "dmn.hit_policy", "an aggregation of several outputs");
    for (size_t i = 0; table->outputs.count > 1 && i < table->outputs.count; i++)
        if (text_is_empty(table->outputs.items[i].name) || is_repeated_output(table, i))
            dmn_fail(parser, element, "dmn.rule",
                     "each of several outputs needs a name of its own");
}

/* ---- rules ----------------------------------------------------------------------------------- */

static size_t count_children(const XmlElement *element, const char *name)
{
    size_t count = 0;
    xml_each (one, element)
        count += dmn_is(one, name);
    return count;
}

/* dmn-js keeps what it shows as annotations in the rule's description, in no entry of its own. */
static bool is_annotation(const XmlElement *element)
{
    return dmn_is(element, "annotationEntry") || dmn_is(element, "description");
}

static const char *annotation(DmnParser *parser, const XmlElement *element)
{
    return dmn_is(element, "description") ? text_trim(parser->arena, element->text)
                                          : dmn_inner_text(parser, element);
}

static size_t count_annotations(const XmlElement *rule)
{
    size_t count = 0;
    xml_each (one, rule)
        count += is_annotation(one);
    return count;
}

/* "-" needs no asking. */
static FeelExpression *test_of(DmnParser *parser, const XmlElement *element)
{
    FeelExpression *test = dmn_compile(parser, element, FEEL_UNARY_TESTS, "input entry");
    return test && feel_is_irrelevant(test) ? NULL : test;
}

/* A rule's cells, once their number is known to be right. */
static DmnRule read_cells(DmnParser *parser, const DmnTable *table, const XmlElement *element)
{
    size_t test = 0, output = 0, note = 0;
    DmnRule rule = {.id = dmn_attribute(element, "id"),
                    .tests = arena_array(parser->arena, FeelExpression *, table->inputs.count),
                    .outputs = arena_array(parser->arena, FeelExpression *, table->outputs.count),
                    .annotation_count = count_annotations(element)};
    rule.annotations = arena_array(parser->arena, const char *, rule.annotation_count);
    xml_each (one, element) {
        if (dmn_is(one, "inputEntry"))
            rule.tests[test++] = test_of(parser, one);
        else if (dmn_is(one, "outputEntry"))
            rule.outputs[output++] = dmn_compile(parser, one, FEEL_EXPRESSION, "output entry");
        else if (is_annotation(one))
            rule.annotations[note++] = annotation(parser, one);
    }
    return rule;
}

static void add_rule(DmnParser *parser, DmnTable *table, const XmlElement *element,
                     const char *decision)
{
    size_t number = table->rules.count + 1;
    bool fits = count_children(element, "inputEntry") == table->inputs.count &&
                count_children(element, "outputEntry") == table->outputs.count;
    parser->place = arena_printf(parser->arena, "%s, rule %zu", decision, number);
    DmnRule rule = {0};
    if (fits)
        rule = read_cells(parser, table, element);
    else
        dmn_fail(parser, element, "dmn.rule",
                 "a rule needs one entry for each input and each output");
    list_add(parser->arena, &table->rules, rule);
}

static void read_rules(DmnParser *parser, DmnTable *table, const XmlElement *element)
{
    const char *decision = parser->place;
    if (count_children(element, "rule") > RULES_AT_MOST) {
        dmn_fail(parser, element, "dmn.too_large", "a table has 10000 rules at most");
        return;
    }
    xml_each (one, element) {
        if (dmn_is(one, "rule") && !arena_is_over(parser->arena))
            add_rule(parser, table, one, decision);
    }
    parser->place = decision;
}

DmnTable *dmn_table(DmnParser *parser, const XmlElement *element)
{
    DmnTable *table = arena_new(parser->arena, DmnTable);
    int errors = parser->errors;
    if (!read_policy(parser, element, table))
        return NULL;
    xml_each (one, element) {
        if (dmn_is(one, "input"))
            add_input(parser, table, one);
        else if (dmn_is(one, "output"))
            add_output(parser, table, one);
    }
    check_columns(parser, table, element);
    read_rules(parser, table, element);
    return parser->errors == errors ? table : NULL;
}
