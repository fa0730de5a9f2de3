/*
 * dmn_parse.c - a DMN file to a DmnModel: XML tree -> names and types of the file -> decisions,
 * with every expression compiled -> requirements resolved and found to be without a circle.
 */
#include "dmn/dmn_internal.h"

#include <string.h>
#include <strings.h>

enum {
    ERRORS_AT_MOST = 20,
    DECISIONS_AT_MOST = 1000,
    REQUIREMENTS_DEEP_AT_MOST = 64,
    NAMES_DEEP_AT_MOST = 16,
    SHOWN_AT_MOST = 80, /* bytes of a source in an error */
};

/* ---- helpers --------------------------------------------------------------------------------- */

bool dmn_fail(DmnParser *parser, const XmlElement *at, const char *code, const char *what)
{
    const char *place = parser->place ? parser->place : at->name;
    const char *line = arena_printf(parser->arena, "%d", at->line);
    if (parser->errors++ < ERRORS_AT_MOST)
        error_add(parser->err, parser->arena, ERROR_INVALID, .code = code, .field = place,
                  .line = at->line, .with = {{"what", what}, {"element", place}, {"line", line}});
    return false;
}

const char *dmn_shortened(Arena *arena, const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most)
        return text;
    for (length = most; length && ((unsigned char)text[length] & 0xC0) == 0x80;)
        length--;
    return arena_text_n(arena, text, length);
}

bool dmn_is(const XmlElement *element, const char *name)
{
    return xml_is(element, XML_ANY_NAMESPACE, name);
}

const XmlElement *dmn_child(const XmlElement *element, const char *name)
{
    return xml_child(element, XML_ANY_NAMESPACE, name);
}

const char *dmn_attribute(const XmlElement *element, const char *name)
{
    return xml_attribute(element, NULL, name);
}

/* The text of <text> inside, trimmed; "" when there is none. */
const char *dmn_inner_text(DmnParser *parser, const XmlElement *element)
{
    const XmlElement *text = dmn_child(element, "text");
    return text ? text_trim(parser->arena, text->text) : "";
}

/* "feel", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/".
 */
static bool is_feel(const char *language)
{
    return text_is_empty(language) || strcasestr(language, "feel");
}

FeelExpression *dmn_compile(DmnParser *parser, const XmlElement *element, FeelDialect dialect,
                            const char *what)
{
    const char *source = element ? dmn_inner_text(parser, element) : "";
    const char *own = dmn_attribute(element, "expressionLanguage");
    const char *language = own ? own : parser->language;
    Error problem = ERROR_NONE;
    if (!*source)
        return NULL;
    if (!is_feel(language)) {
        dmn_fail(parser, element, "dmn.unsupported",
                 arena_printf(parser->arena, "%s in %s", what,
                              dmn_shortened(parser->arena, language, SHOWN_AT_MOST)));
        return NULL;
    }
    FeelExpression *expression =
        feel_compile(parser->arena, source, dialect, parser->names, &problem);
    if (!expression)
        dmn_fail(parser, element, "dmn.expression",
                 arena_printf(parser->arena, "%s: %s (%s)", what,
                              problem.message ? problem.message : problem.code,
                              dmn_shortened(parser->arena, source, SHOWN_AT_MOST)));
    return expression;
}

/* ---- decisions ------------------------------------------------------------------------------- */

static void read_requirement(DmnParser *parser, DmnNode *node, const XmlElement *element)
{
    const char *href = dmn_attribute(dmn_child(element, "requiredDecision"), "href");
    if (!href)
        return;
    const char *mark = strchr(href, '#');
    const char *id = mark ? mark + 1 : href;
    list_add(parser->arena, &node->required_ids, id);
}

static bool is_other_logic(const XmlElement *element)
{
    static const char *const names[] = {
        "context", "invocation", "relation", "list",  "conditional", "functionDefinition",
        "for",     "every",      "some",     "filter"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dmn_is(element, names[i]))
            return true;
    return false;
}

static void read_expression(DmnParser *parser, DmnNode *node, const XmlElement *element)
{
    if (node->table || node->literal)
        dmn_fail(parser, element, "dmn.unsupported", "more than one table or expression");
    else if (dmn_is(element, "decisionTable"))
        node->table = dmn_table(parser, element);
    else
        node->literal = dmn_compile(parser, element, FEEL_EXPRESSION, "literal expression");
}

static void read_part(DmnParser *parser, DmnNode *node, const XmlElement *element)
{
    if (dmn_is(element, "informationRequirement"))
        read_requirement(parser, node, element);
    else if (dmn_is(element, "decisionTable") || dmn_is(element, "literalExpression"))
        read_expression(parser, node, element);
    else if (dmn_is(element, "knowledgeRequirement") || is_other_logic(element))
        dmn_fail(parser, element, "dmn.unsupported",
                 arena_printf(parser->arena, "<%s>", element->name));
}

static bool is_taken(const DmnModel *model, const char *name)
{
    list_each (const DmnNode, node, &model->nodes)
        if (text_equal(node->info.name, name) || text_equal(node->info.id, name))
            return true;
    return false;
}

static DmnNode node_of(const XmlElement *element)
{
    const char *name = dmn_attribute(element, "name"), *id = dmn_attribute(element, "id");
    const char *variable = dmn_attribute(dmn_child(element, "variable"), "name");
    DmnNode node = {.info = {.id = text_is_empty(id) ? name : id,
                             .name = text_is_empty(name) ? id : name,
                             .line = element->line}};
    node.variable = text_is_empty(variable) ? node.info.name : variable;
    return node;
}

static void add_decision(DmnParser *parser, const XmlElement *element)
{
    DmnNode node = node_of(element);
    int errors = parser->errors;
    parser->place = node.info.id;
    if (text_is_empty(node.info.id) || is_taken(parser->model, node.info.name) ||
        is_taken(parser->model, node.info.id)) {
        dmn_fail(parser, element, "dmn.repeated_name", "a decision needs a name of its own");
        return;
    }
    node.type = dmn_type(parser, element, dmn_attribute(dmn_child(element, "variable"), "typeRef"));
    xml_each (one, element)
        read_part(parser, &node, one);
    node.info.is_table = node.table != NULL;
    node.info.rule_count = node.table ? node.table->rules.count : 0;
    if (!node.table && !node.literal && parser->errors == errors)
        dmn_fail(parser, element, "dmn.unsupported", "a decision without table or expression");
    list_add(parser->arena, &parser->model->nodes, node);
}

/* ---- definitions ----------------------------------------------------------------------------- */

static void add_components(DmnParser *parser, const XmlElement *definition, int depth)
{
    xml_each (one, definition) {
        const char *name = dmn_is(one, "itemComponent") ? dmn_attribute(one, "name") : NULL;
        if (name)
            feel_names_add_member(parser->names, name);
        if (name && depth < NAMES_DEEP_AT_MOST)
            add_components(parser, one, depth + 1);
    }
}

/* Names may hold spaces and signs: FEEL must know them beforehand. */
static void collect_names(DmnParser *parser, const XmlElement *definitions)
{
    xml_each (one, definitions) {
        const char *variable = dmn_attribute(dmn_child(one, "variable"), "name");
        const char *own = dmn_attribute(one, "name");
        const char *name = variable ? variable : own;
        if (name && (dmn_is(one, "inputData") || dmn_is(one, "decision")))
            feel_names_add(parser->names, name);
        if (own && dmn_is(one, "itemDefinition")) {
            map_set(&parser->types, own, (void *)one);
            add_components(parser, one, 0);
        }
    }
}

static void read_definition(DmnParser *parser, const XmlElement *element)
{
    parser->place = dmn_attribute(element, "name");
    if (dmn_is(element, "decision"))
        add_decision(parser, element);
    else if (dmn_is(element, "businessKnowledgeModel") || dmn_is(element, "decisionService") ||
             dmn_is(element, "import"))
        dmn_fail(parser, element, "dmn.unsupported",
                 arena_printf(parser->arena, "<%s>", element->name));
}

static void read_definitions(DmnParser *parser, const XmlElement *root)
{
    parser->language = dmn_attribute(root, "expressionLanguage");
    collect_names(parser, root);
    xml_each (one, root) {
        if (parser->model->nodes.count >= DECISIONS_AT_MOST && dmn_is(one, "decision")) {
            dmn_fail(parser, one, "dmn.too_large", "a file has 1000 decisions at most");
            return;
        }
        if (!arena_is_over(parser->arena))
            read_definition(parser, one);
    }
    parser->place = NULL;
    if (!parser->model->nodes.count && !parser->errors)
        dmn_fail(parser, root, "dmn.no_decision", "the file has no decision");
}

/* ---- requirements ---------------------------------------------------------------------------- */

static bool fail_requirement(DmnParser *parser, const DmnNode *node, const char *what)
{
    const XmlElement at = {.name = "decision", .line = node->info.line};
    parser->place = node->info.id;
    return dmn_fail(parser, &at, "dmn.requirement", what);
}

static bool find_node(const DmnModel *model, const char *id, size_t *out)
{
    for (size_t i = 0; i < model->nodes.count; i++)
        if (text_equal(model->nodes.items[i].info.id, id)) {
            *out = i;
            return true;
        }
    return false;
}

static void resolve(DmnParser *parser, DmnNode *node)
{
    list_each (const char *, id, &node->required_ids) {
        size_t at;
        if (find_node(parser->model, *id, &at))
            list_add(parser->arena, &node->required, at);
        else
            fail_requirement(parser, node,
                             arena_printf(parser->arena, "no decision has the id %s", *id));
    }
}

/* The longest way down the requirements of a node, measured once: -1 marks the way that is being
 * walked. 0 when it comes back to itself or is too long. */
static int height_of(DmnModel *model, size_t at, int depth)
{
    DmnNode *node = &model->nodes.items[at];
    int height = 0;
    if (node->height > 0)
        return node->height;
    if (node->height < 0 || depth >= REQUIREMENTS_DEEP_AT_MOST)
        return 0;
    node->height = -1;
    list_each (const size_t, required, &node->required) {
        int below = height_of(model, *required, depth + 1);
        if (!below)
            return 0;
        height = below > height ? below : height;
    }
    return node->height = height + 1;
}

static void check_requirements(DmnParser *parser)
{
    DmnModel *model = parser->model;
    list_each (DmnNode, node, &model->nodes)
        resolve(parser, node);
    for (size_t i = 0; !parser->errors && i < model->nodes.count; i++) {
        int height = height_of(model, i, 0);
        if (!height || height > REQUIREMENTS_DEEP_AT_MOST)
            fail_requirement(parser, &model->nodes.items[i],
                             "decisions require each other in a circle, or more than 64 deep");
    }
}

DmnModel *dmn_parse(Arena *arena, const char *xml, size_t length, Error *err)
{
    XmlElement *root = xml_parse(arena, xml, length, &XML_LIMITS, err);
    if (!root)
        return NULL;
    DmnParser parser = {.arena = arena,
                        .model = arena_new(arena, DmnModel),
                        .names = feel_names_create(arena),
                        .types = map_init(arena),
                        .err = err};
    if (dmn_is(root, "definitions"))
        read_definitions(&parser, root);
    else
        dmn_fail(&parser, root, "dmn.no_decision", "the root element is not <definitions>");
    if (!parser.errors)
        check_requirements(&parser);
    if (!parser.errors && arena_is_over(arena))
        error_set(err, ERROR_TOO_LARGE, .code = "dmn.too_large", .with = {{"what", "memory"}});
    return parser.errors || arena_is_over(arena) ? NULL : parser.model;
}
