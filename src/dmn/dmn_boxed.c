/*
 * dmn_boxed.c - expressions of a file to DmnExpr: literals compiled, boxes taken apart.
 *
 * Variables that a box brings in (entries, parameters, iterators) are added to the names in scope
 * before what can see them is compiled.
 */
#include "dmn/dmn_internal.h"

#include <assert.h>
#include <string.h>

static DmnExpr *expression(DmnParser *parser, const XmlElement *element);

static DmnExpr *new_expr(DmnParser *parser, const XmlElement *element, DmnExprKind kind)
{
    DmnExpr *expr = arena_new(parser->arena, DmnExpr);
    assert(element);
    expr->kind = kind;
    expr->line = element->line;
    return expr;
}

static void add_name(DmnParser *parser, const char *name)
{
    if (name)
        feel_names_add(parser->names, name);
}

static DmnExpr *broken(DmnParser *parser, const XmlElement *element, const char *what)
{
    dmn_problem(parser, element, "dmn.expression", "<%s>: %s", element->name, what);
    return new_expr(parser, element, EXPR_BROKEN);
}

/* The expression in a named child, or a broken one: nothing that a box needs may be missing. */
static DmnExpr *expression_of(DmnParser *parser, const XmlElement *element, const char *name)
{
    const XmlElement *child = dmn_child(parser, element, name);
    DmnExpr *expr = child ? dmn_expression_in(parser, child) : NULL;
    return expr ? expr
                : broken(parser, element,
                         arena_printf(parser->scratch, "an expression in <%s> is missing", name));
}

/* ---- the boxes ------------------------------------------------------------------------------- */

static DmnExpr *literal(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_LITERAL);
    bool ok = true;
    expr->feel = dmn_compile(parser, element, FEEL_EXPRESSION, "literal expression", &ok);
    if (dmn_child(parser, element, "importedValues"))
        ok = dmn_problem(parser, element, "dmn.unsupported", "imported values");
    if (!ok)
        expr->kind = EXPR_BROKEN;
    return expr;
}

static DmnExpr *table(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_TABLE);
    expr->table = dmn_table(parser, element);
    if (!expr->table)
        expr->kind = EXPR_BROKEN;
    return expr;
}

static DmnExpr *context(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_CONTEXT);
    xml_each (one, element) {
        if (!dmn_is(parser, one, "contextEntry"))
            continue;
        const XmlElement *variable = dmn_child(parser, one, "variable");
        const char *name = dmn_keep(parser, dmn_attribute(variable, "name"));
        DmnExprPart part = {.name = text_is_empty(name) ? NULL : name,
                            .type = dmn_type(parser, one, dmn_attribute(variable, "typeRef")),
                            .expr = dmn_expression_in(parser, one)};
        if (!part.expr)
            part.expr = broken(parser, one, "an entry needs an expression");
        list_add(parser->arena, &expr->parts, part);
        add_name(parser, part.name);
    }
    return expr;
}

static DmnExpr *list(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_LIST);
    xml_each (one, element) {
        DmnExprPart part = {.expr = expression(parser, one)};
        if (part.expr)
            list_add(parser->arena, &expr->parts, part);
    }
    return expr;
}

static void add_row(DmnParser *parser, const XmlElement *row, DmnExpr *expr)
{
    size_t before = expr->parts.count;
    xml_each (one, row) {
        DmnExprPart part = {.expr = expression(parser, one)};
        if (part.expr)
            list_add(parser->arena, &expr->parts, part);
    }
    if (expr->parts.count - before == expr->column_count)
        return;
    dmn_problem(parser, row, "dmn.expression",
                "a row of a relation needs one expression for each of its %zu columns",
                expr->column_count);
    expr->kind = EXPR_BROKEN;
}

static DmnExpr *relation(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_RELATION);
    LIST(const char *) columns = {0};
    LIST(const DmnType *) types = {0};
    xml_each (one, element)
        if (dmn_is(parser, one, "column")) {
            const char *name = dmn_keep(parser, dmn_attribute(one, "name"));
            list_add(parser->arena, &columns, name ? name : "");
            list_add(parser->scratch, &types, dmn_type(parser, one, dmn_attribute(one, "typeRef")));
        }
    expr->columns = columns.items;
    expr->column_count = columns.count;
    xml_each (one, element)
        if (dmn_is(parser, one, "row"))
            add_row(parser, one, expr);
    for (size_t i = 0; expr->kind == EXPR_RELATION && i < expr->parts.count && columns.count; i++)
        expr->parts.items[i].type = types.items[i % columns.count];
    return expr;
}

static void add_parameter(DmnParser *parser, const XmlElement *element, DmnExpr *expr)
{
    DmnPart part = {.name = dmn_keep(parser, dmn_attribute(element, "name")),
                    .type = dmn_type(parser, element, dmn_attribute(element, "typeRef"))};
    if (!part.name)
        part.name = "";
    list_add(parser->arena, &expr->parameters, part);
    add_name(parser, part.name);
}

DmnExpr *dmn_function(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_FUNCTION);
    const char *kind = dmn_attribute(element, "kind");
    expr->is_external = kind && !text_equal(kind, "FEEL") && !text_equal(kind, "F");
    xml_each (one, element)
        if (dmn_is(parser, one, "formalParameter"))
            add_parameter(parser, one, expr);
    if (!expr->is_external)
        expr->a = dmn_expression_in(parser, element);
    expr->type = dmn_type(parser, element, dmn_attribute(element, "typeRef"));
    return expr;
}

static DmnExpr *invocation(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_INVOKE);
    expr->a = dmn_expression_in(parser, element);
    if (!expr->a)
        return broken(parser, element, "it does not say what is invoked");
    xml_each (one, element) {
        if (!dmn_is(parser, one, "binding"))
            continue;
        const XmlElement *parameter = dmn_child(parser, one, "parameter");
        DmnExprPart part = {.name = dmn_keep(parser, dmn_attribute(parameter, "name")),
                            .type = dmn_type(parser, one, dmn_attribute(parameter, "typeRef")),
                            .expr = dmn_expression_in(parser, one)};
        if (!part.name)
            return broken(parser, one, "a binding needs a parameter with a name");
        list_add(parser->arena, &expr->parts, part);
    }
    return expr;
}

static DmnExpr *conditional(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_IF);
    expr->a = expression_of(parser, element, "if");
    expr->b = expression_of(parser, element, "then");
    expr->c = expression_of(parser, element, "else");
    return expr;
}

static DmnExpr *filter(DmnParser *parser, const XmlElement *element)
{
    DmnExpr *expr = new_expr(parser, element, EXPR_FILTER);
    expr->a = expression_of(parser, element, "in");
    /* What items have is seen by its name alone inside. */
    list_each (const char *, name, &parser->file->odd_names)
        feel_names_add(parser->names, *name);
    expr->b = expression_of(parser, element, "match");
    return expr;
}

/* What an iterator walks: "1..10" is no expression of its own, so it is read as in `for`. */
static DmnExpr *domain(DmnParser *parser, const XmlElement *element)
{
    const XmlElement *in = dmn_child(parser, element, "in");
    const XmlElement *only = dmn_child(parser, in, "literalExpression");
    const char *source = only ? dmn_inner_text(parser, only) : "";
    Error ignored = ERROR_NONE;
    if (!strstr(source, "..") ||
        feel_compile(parser->scratch, source, FEEL_EXPRESSION, parser->names, &ignored))
        return expression_of(parser, element, "in");
    DmnExpr *expr = new_expr(parser, only, EXPR_LITERAL);
    expr->feel = dmn_compile_text(
        parser, only, arena_printf(parser->scratch, "for item in %s return item", source),
        FEEL_EXPRESSION, "iteration");
    if (!expr->feel)
        expr->kind = EXPR_BROKEN;
    return expr;
}

static DmnExpr *iterator(DmnParser *parser, const XmlElement *element, DmnExprKind kind)
{
    DmnExpr *expr = new_expr(parser, element, kind);
    expr->name = dmn_keep(parser, dmn_attribute(element, "iteratorVariable"));
    if (text_is_empty(expr->name))
        return broken(parser, element, "an iterator needs an iteratorVariable");
    expr->a = domain(parser, element);
    add_name(parser, expr->name);
    expr->b = expression_of(parser, element, kind == EXPR_FOR ? "return" : "satisfies");
    return expr;
}

static DmnExpr *for_iterator(DmnParser *parser, const XmlElement *element)
{
    return iterator(parser, element, EXPR_FOR);
}

static DmnExpr *some_iterator(DmnParser *parser, const XmlElement *element)
{
    return iterator(parser, element, EXPR_SOME);
}

static DmnExpr *every_iterator(DmnParser *parser, const XmlElement *element)
{
    return iterator(parser, element, EXPR_EVERY);
}

/* ---- which it is ----------------------------------------------------------------------------- */

static const struct Reader {
    const char *name;
    DmnExpr *(*read)(DmnParser *parser, const XmlElement *element);
} readers[] = {
    {"literalExpression", literal},
    {"decisionTable", table},
    {"context", context},
    {"list", list},
    {"relation", relation},
    {"functionDefinition", dmn_function},
    {"invocation", invocation},
    {"conditional", conditional},
    {"filter", filter},
    {"for", for_iterator},
    {"some", some_iterator},
    {"every", every_iterator},
};

/* NULL when the element is no expression. */
static DmnExpr *expression(DmnParser *parser, const XmlElement *element)
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (!dmn_is(parser, element, readers[i].name))
            continue;
        const DmnType *type = dmn_type(parser, element, dmn_attribute(element, "typeRef"));
        DmnExpr *expr = readers[i].read(parser, element);
        expr->type = type;
        return expr;
    }
    return NULL;
}

DmnExpr *dmn_expression_in(DmnParser *parser, const XmlElement *parent)
{
    DmnExpr *found = NULL;
    xml_each (one, parent) {
        DmnExpr *expr = found ? NULL : expression(parser, one);
        found = found ? found : expr;
    }
    return found;
}
