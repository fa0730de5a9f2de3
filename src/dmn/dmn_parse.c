/*
 * dmn_parse.c - a DMN file to a DmnModel: XML tree -> decisions -> tables with every expression
 * compiled -> requirements resolved and found to be without a circle.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

#include "format/xml.h"

enum { ERRORS_AT_MOST = 20, RULES_AT_MOST = 10000, COLUMNS_AT_MOST = 64 };

typedef struct Parser {
    Arena *arena;
    DmnModel *model;
    FeelNames *names;
    Error *err;
    int errors;
    const char *place; /* the decision that is being read */
} Parser;

#define fail(parser, at, error_code, text) fail_at((parser), (at)->line, (error_code), (text))

static bool fail_at(Parser *parser, int line, const char *code, const char *message)
{
    if (parser->errors++ < ERRORS_AT_MOST)
        error_add(parser->err, parser->arena, ERROR_INVALID, .code = code, .field = parser->place,
                  .message = message, .line = line);
    return false;
}

static const char *attribute(const XmlElement *element, const char *name)
{
    return xml_attribute(element, NULL, name);
}

static const XmlElement *child(const XmlElement *element, const char *name)
{
    return xml_child(element, XML_ANY_NAMESPACE, name);
}

static bool is(const XmlElement *element, const char *name)
{
    return xml_is(element, XML_ANY_NAMESPACE, name);
}

/* The text of <text> inside, trimmed; "" when there is none. */
static const char *inner_text(Parser *parser, const XmlElement *element)
{
    const XmlElement *text = child(element, "text");
    return text ? text_trim(parser->arena, text->text) : "";
}

/* ---- expressions ----------------------------------------------------------------------------- */

/* What is in the element's <text>; NULL for an empty one (and, when it does not compile, an error).
 */
static FeelExpression *compile(Parser *parser, const XmlElement *element, FeelDialect dialect,
                               const char *what)
{
    const char *source = element ? inner_text(parser, element) : "";
    Error problem = ERROR_NONE;
    if (!*source)
        return NULL;
    FeelExpression *expression =
        feel_compile(parser->arena, source, dialect, parser->names, &problem);
    if (!expression)
        fail(parser, element, "dmn.expression",
             arena_printf(parser->arena, "%s: %s (%s, column %d)", what,
                          problem.message ? problem.message : problem.code, source,
                          problem.column));
    return expression;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static bool read_policy(Parser *parser, const XmlElement *element, DmnTable *table)
{
    const char *policy = attribute(element, "hitPolicy"), *how = attribute(element, "aggregation");
    static const char *const aggregations[] = {"SUM", "COUNT", "MIN", "MAX"};
    if (policy && text_equal(policy, "FIRST"))
        table->policy = HIT_FIRST;
    else if (policy && text_equal(policy, "COLLECT"))
        table->policy = HIT_COLLECT;
    else if (policy && !text_equal(policy, "UNIQUE"))
        return fail(parser, element, "dmn.hit_policy",
                    arena_printf(parser->arena, "hit policy %s is not supported", policy));
    for (size_t i = 0; how && i < sizeof aggregations / sizeof aggregations[0]; i++)
        if (text_equal(how, aggregations[i]))
            table->aggregation = (Aggregation)(AGGREGATE_SUM + i);
    return true;
}

static void add_input(Parser *parser, DmnTable *table, const XmlElement *element)
{
    const XmlElement *expression = child(element, "inputExpression");
    DmnInput input = {.label = attribute(element, "label")};
    input.expression = compile(parser, expression, FEEL_EXPRESSION, "input expression");
    input.allowed =
        compile(parser, child(element, "inputValues"), FEEL_UNARY_TESTS, "input values");
    if (!input.expression && !parser->errors)
        fail(parser, element, "dmn.expression", "an input needs an expression");
    list_add(parser->arena, &table->inputs, input);
}

static const char *type_name(const char *type)
{
    static const char *const plain[] = {"string", "number", "boolean", "date"};
    const char *local = type ? strrchr(type, ':') : NULL;
    local = local ? local + 1 : type;
    for (size_t i = 0; local && i < sizeof plain / sizeof plain[0]; i++)
        if (text_equal(local, plain[i]))
            return plain[i];
    return NULL;
}

static void add_output(Parser *parser, DmnTable *table, const XmlElement *element)
{
    DmnOutput output = {.name = attribute(element, "name"),
                        .type = type_name(attribute(element, "typeRef"))};
    output.allowed =
        compile(parser, child(element, "outputValues"), FEEL_UNARY_TESTS, "output values");
    output.fallback =
        compile(parser, child(element, "defaultOutputEntry"), FEEL_EXPRESSION, "default output");
    list_add(parser->arena, &table->outputs, output);
}

static size_t count_children(const XmlElement *element, const char *name)
{
    size_t count = 0;
    xml_each (one, element)
        count += is(one, name);
    return count;
}

/* dmn-js keeps what it shows as annotations in the rule's description, in no entry of its own. */
static bool is_annotation(const XmlElement *element)
{
    return is(element, "annotationEntry") || is(element, "description");
}

static const char *annotation(Parser *parser, const XmlElement *element)
{
    return is(element, "description") ? text_trim(parser->arena, element->text)
                                      : inner_text(parser, element);
}

static size_t count_annotations(const XmlElement *rule)
{
    size_t count = 0;
    xml_each (one, rule)
        count += is_annotation(one);
    return count;
}

/* A rule's cells, once their number is known to be right. */
static DmnRule read_cells(Parser *parser, const DmnTable *table, const XmlElement *element)
{
    size_t test = 0, output = 0, note = 0;
    DmnRule rule = {.id = attribute(element, "id"),
                    .tests = arena_array(parser->arena, FeelExpression *, table->inputs.count),
                    .outputs = arena_array(parser->arena, FeelExpression *, table->outputs.count),
                    .annotation_count = count_annotations(element)};
    rule.annotations = arena_array(parser->arena, const char *, rule.annotation_count);
    xml_each (one, element) {
        if (is(one, "inputEntry"))
            rule.tests[test++] = compile(parser, one, FEEL_UNARY_TESTS, "input entry");
        else if (is(one, "outputEntry"))
            rule.outputs[output++] = compile(parser, one, FEEL_EXPRESSION, "output entry");
        else if (is_annotation(one))
            rule.annotations[note++] = annotation(parser, one);
    }
    return rule;
}

static bool add_rule(Parser *parser, DmnTable *table, const XmlElement *element)
{
    size_t number = table->rules.count + 1;
    bool fits = count_children(element, "inputEntry") == table->inputs.count &&
                count_children(element, "outputEntry") == table->outputs.count;
    parser->place =
        arena_printf(parser->arena, "%s, rule %zu",
                     parser->model->nodes.items[parser->model->nodes.count - 1].info.id, number);
    if (!fits)
        return fail(parser, element, "dmn.rule",
                    "a rule needs one entry for each input and each output");
    if (number > RULES_AT_MOST)
        return fail(parser, element, "dmn.too_large", "a table has 10000 rules at most");
    DmnRule rule = read_cells(parser, table, element);
    list_add(parser->arena, &table->rules, rule);
    return true;
}

static void check_columns(Parser *parser, const DmnTable *table, const XmlElement *element)
{
    if (!table->outputs.count)
        fail(parser, element, "dmn.rule", "a table needs an output");
    if (table->inputs.count + table->outputs.count > COLUMNS_AT_MOST)
        fail(parser, element, "dmn.too_large", "a table has 64 columns at most");
    for (size_t i = 0; table->outputs.count > 1 && i < table->outputs.count; i++)
        if (text_is_empty(table->outputs.items[i].name))
            fail(parser, element, "dmn.rule", "each of several outputs needs a name");
}

static DmnTable *read_table(Parser *parser, const XmlElement *element)
{
    DmnTable *table = arena_new(parser->arena, DmnTable);
    const char *place = parser->place;
    if (!read_policy(parser, element, table))
        return NULL;
    xml_each (one, element) {
        if (is(one, "input"))
            add_input(parser, table, one);
        else if (is(one, "output"))
            add_output(parser, table, one);
    }
    check_columns(parser, table, element);
    xml_each (one, element)
        if (is(one, "rule") && !parser->errors)
            add_rule(parser, table, one);
    parser->place = place;
    return table;
}

/* ---- decisions ------------------------------------------------------------------------------- */

static void read_requirement(Parser *parser, DmnNode *node, const XmlElement *element)
{
    const XmlElement *decision = child(element, "requiredDecision");
    const char *href = attribute(decision, "href");
    if (!href)
        return;
    const char *mark = strchr(href, '#');
    const char *id = mark ? mark + 1 : href;
    list_add(parser->arena, &node->required_ids, id);
}

/* The logic of a decision: a table or a literal expression. */
static void read_logic(Parser *parser, DmnNode *node, const XmlElement *element)
{
    static const char *const later[] = {
        "context", "invocation", "relation", "list",  "conditional", "functionDefinition",
        "for",     "every",      "some",     "filter"};
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        if (is(element, later[i]))
            fail(parser, element, "dmn.unsupported",
                 arena_printf(parser->arena, "<%s> is not supported yet", later[i]));
    if (is(element, "informationRequirement"))
        read_requirement(parser, node, element);
    else if (is(element, "knowledgeRequirement"))
        fail(parser, element, "dmn.unsupported", "business knowledge models are not supported yet");
    else if (is(element, "decisionTable"))
        node->table = read_table(parser, element);
    else if (is(element, "literalExpression"))
        node->literal = compile(parser, element, FEEL_EXPRESSION, "literal expression");
}

static bool is_known(const DmnModel *model, const char *name)
{
    list_each (DmnNode, node, &model->nodes)
        if (text_equal(node->info.name, name) || text_equal(node->info.id, name))
            return true;
    return false;
}

static void add_decision(Parser *parser, const XmlElement *element)
{
    const char *name = attribute(element, "name"), *id = attribute(element, "id");
    const char *variable = attribute(child(element, "variable"), "name");
    DmnNode node = {
        .info = {.id = id ? id : name, .name = name ? name : id, .line = element->line}};
    parser->place = node.info.id ? node.info.id : "decision";
    if (!node.info.id || is_known(parser->model, node.info.name)) {
        fail(parser, element, "dmn.repeated_name", "a decision needs a name of its own");
        return;
    }
    node.variable = variable ? variable : node.info.name;
    list_add(parser->arena, &parser->model->nodes, node);
    size_t at = parser->model->nodes.count - 1;
    xml_each (one, element)
        read_logic(parser, &parser->model->nodes.items[at], one);

    DmnNode *added = &parser->model->nodes.items[at];
    added->info.is_table = added->table != NULL;
    added->info.rule_count = added->table ? added->table->rules.count : 0;
    if (!added->table && !added->literal && !parser->errors)
        fail(parser, element, "dmn.unsupported", "a decision needs a table or an expression");
}

/* Names of inputs and decisions may hold spaces and signs: FEEL must know them beforehand. */
static void collect_names(Parser *parser, const XmlElement *definitions)
{
    xml_each (one, definitions) {
        const char *variable = attribute(child(one, "variable"), "name");
        const char *name = variable ? variable : attribute(one, "name");
        if (name && (is(one, "inputData") || is(one, "decision")))
            feel_names_add(parser->names, name);
    }
}

static void read_definition(Parser *parser, const XmlElement *element)
{
    parser->place = attribute(element, "name");
    if (is(element, "decision"))
        add_decision(parser, element);
    else if (is(element, "businessKnowledgeModel") || is(element, "decisionService") ||
             is(element, "import"))
        fail(parser, element, "dmn.unsupported",
             arena_printf(parser->arena, "<%s> is not supported yet", element->name));
}

/* ---- requirements ---------------------------------------------------------------------------- */

static bool find_node(const DmnModel *model, const char *id, size_t *out)
{
    for (size_t i = 0; i < model->nodes.count; i++)
        if (text_equal(model->nodes.items[i].info.id, id)) {
            *out = i;
            return true;
        }
    return false;
}

static void resolve(Parser *parser, DmnNode *node)
{
    list_each (const char *, id, &node->required_ids) {
        size_t at;
        if (find_node(parser->model, *id, &at))
            list_add(parser->arena, &node->required, at);
        else
            fail_at(parser, node->info.line, "dmn.requirement",
                    arena_printf(parser->arena, "no decision has the id %s", *id));
    }
}

/* Longest way down the requirements; more steps than decisions means a circle. */
static bool has_circle(const DmnModel *model, size_t at, size_t depth)
{
    const DmnNode *node = &model->nodes.items[at];
    if (depth > model->nodes.count || depth > 64)
        return true;
    list_each (size_t, required, &node->required)
        if (has_circle(model, *required, depth + 1))
            return true;
    return false;
}

static void check_requirements(Parser *parser)
{
    for (size_t i = 0; i < parser->model->nodes.count; i++) {
        DmnNode *node = &parser->model->nodes.items[i];
        parser->place = node->info.id;
        resolve(parser, node);
    }
    for (size_t i = 0; !parser->errors && i < parser->model->nodes.count; i++)
        if (has_circle(parser->model, i, 0)) {
            parser->place = parser->model->nodes.items[i].info.id;
            fail_at(parser, parser->model->nodes.items[i].info.line, "dmn.requirement",
                    "decisions require each other in a circle, or more than 64 deep");
        }
}

DmnModel *dmn_parse(Arena *arena, const char *xml, size_t length, Error *err)
{
    XmlElement *root = xml_parse(arena, xml, length, &XML_LIMITS, err);
    if (!root)
        return NULL;
    Parser parser = {.arena = arena,
                     .model = arena_new(arena, DmnModel),
                     .names = feel_names_create(arena),
                     .err = err,
                     .place = "definitions"};
    if (!is(root, "definitions")) {
        fail(&parser, root, "dmn.no_decision", "the root element is not <definitions>");
        return NULL;
    }
    collect_names(&parser, root);
    xml_each (one, root)
        read_definition(&parser, one);
    check_requirements(&parser);
    parser.place = "definitions";
    if (!parser.errors && !parser.model->nodes.count)
        fail(&parser, root, "dmn.no_decision", "the file has no decision");
    if (!parser.errors && arena_is_over(arena))
        error_set(err, ERROR_TOO_LARGE, .code = "dmn.too_large");
    return parser.errors || error_is_set(err) ? NULL : parser.model;
}
