/*
 * dmn_load.c - a DMN file and what it imports (dmn_files.c) to a DmnModel.
 *
 *     sources -> trees (imports first found, then read) -> types and nodes of each file declared
 *             -> types read -> requirements linked -> logic compiled -> circles marked
 *
 * Trees, names in scope and other helpers live in a scratch arena that ends with the load; what the
 * model keeps is copied.
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum {
    NODES_AT_MOST = 5000,
    REQUIREMENTS_DEEP_AT_MOST = 200,
    ODD_NAMES_AT_MOST = 5000,
    NAMES_WORK_AT_MOST = 20 * 1000 * 1000, /* comparisons of names in one file */
    SHOWN_AT_MOST = 80,                    /* bytes of a source in a problem */
};

/* ---- helpers --------------------------------------------------------------------------------- */

static void add_problem(DmnParser *parser, int line, int column, const char *code,
                        const char *element, const char *message)
{
    DmnModel *model = parser->model;
    DmnProblem problem = {.code = code,
                          .message = message,
                          .file = parser->file->name,
                          .element = dmn_keep(parser, element),
                          .line = line,
                          .column = column};
    if (model->problems.count < DMN_PROBLEMS_MAX)
        list_add(parser->arena, &model->problems, problem);
    else
        model->dropped++;
}

bool dmn_problem(DmnParser *parser, const XmlElement *at, const char *code, const char *format, ...)
{
    va_list args;
    if (parser->model->problems.count >= DMN_PROBLEMS_MAX) {
        parser->model->dropped++;
        return false;
    }
    va_start(args, format);
    const char *message = arena_vprintf(parser->arena, format, args);
    va_end(args);
    add_problem(parser, at->line, at->column, code, parser->place ? parser->place : at->name,
                message);
    return false;
}

const char *dmn_shortened(Arena *arena, const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most)
        return text;
    for (length = most; length && ((unsigned char)text[length] & 0xC0) == 0x80;)
        length--;
    return arena_printf(arena, "%.*s...", (int)length, text);
}

bool dmn_is(const DmnParser *parser, const XmlElement *element, const char *name)
{
    return xml_is(element, parser->file->root->namespace_uri, name);
}

const XmlElement *dmn_child(const DmnParser *parser, const XmlElement *element, const char *name)
{
    return xml_child(element, parser->file->root->namespace_uri, name);
}

const char *dmn_attribute(const XmlElement *element, const char *name)
{
    return xml_attribute(element, NULL, name);
}

const char *dmn_keep(DmnParser *parser, const char *text)
{
    return text ? arena_text(parser->arena, text) : NULL;
}

const char *dmn_inner_text(DmnParser *parser, const XmlElement *element)
{
    const XmlElement *text = dmn_child(parser, element, "text");
    return text ? text_trim(parser->scratch, text->text) : "";
}

/* "feel", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/".
 */
static bool is_feel(const char *language)
{
    return text_is_empty(language) || strcasestr(language, "feel");
}

FeelExpression *dmn_compile_text(DmnParser *parser, const XmlElement *element, const char *source,
                                 FeelDialect dialect, const char *what)
{
    Error problem = ERROR_NONE;
    FeelExpression *expression =
        feel_compile(parser->arena, source, dialect, parser->names, &problem);
    if (!expression)
        dmn_problem(parser, element, "dmn.expression", "%s: %s Line %d, column %d of: %s", what,
                    problem.message ? problem.message : problem.code, problem.line, problem.column,
                    dmn_shortened(parser->scratch, source, SHOWN_AT_MOST));
    return expression;
}

FeelExpression *dmn_compile(DmnParser *parser, const XmlElement *element, FeelDialect dialect,
                            const char *what, bool *out_ok)
{
    const char *source = element ? dmn_inner_text(parser, element) : "";
    const char *own = dmn_attribute(element, "expressionLanguage");
    const char *language = own ? own : parser->file->language;
    FeelExpression *expression = NULL;
    if (!*source)
        return NULL;
    if (is_feel(language))
        expression = dmn_compile_text(parser, element, source, dialect, what);
    else
        dmn_problem(parser, element, "dmn.unsupported", "%s: expressions are FEEL here, not %s",
                    what, dmn_shortened(parser->scratch, language, SHOWN_AT_MOST));
    if (!expression && out_ok)
        *out_ok = false;
    return expression;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static bool kind_of(const DmnParser *parser, const XmlElement *element, DmnKind *out)
{
    static const struct {
        const char *name;
        DmnKind kind;
    } kinds[] = {{"decision", DMN_DECISION},
                 {"inputData", DMN_INPUT},
                 {"businessKnowledgeModel", DMN_KNOWLEDGE},
                 {"decisionService", DMN_SERVICE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (dmn_is(parser, element, kinds[i].name)) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

/* Others may find it by its id or, in files without ids, by its name. */
static void declare_node(DmnParser *parser, const XmlElement *element, DmnKind kind)
{
    const char *name = dmn_keep(parser, dmn_attribute(element, "name"));
    const char *id = dmn_keep(parser, dmn_attribute(element, "id"));
    const XmlElement *variable = dmn_child(parser, element, "variable");
    const char *seen = dmn_keep(parser, dmn_attribute(variable, "name"));
    const XmlElement *note = dmn_child(parser, element, "description");
    DmnNode *node = arena_new(parser->arena, DmnNode);
    *node = (DmnNode){.info = {.kind = kind,
                               .id = text_is_empty(id) ? name : id,
                               .name = text_is_empty(name) ? id : name,
                               .file = parser->file->name,
                               .namespace_uri = parser->file->namespace_uri,
                               .line = element->line,
                               .type = dmn_keep(parser, dmn_attribute(variable, "typeRef"))},
                      .index = parser->model->nodes.count,
                      .note = note ? text_trim(parser->arena, note->text) : "",
                      .file = parser->file,
                      .element = element};
    parser->place = node->info.id;
    if (text_is_empty(node->info.id)) {
        dmn_problem(parser, element, "dmn.repeated_name", "<%s> needs a name", element->name);
        return;
    }
    node->variable = text_is_empty(seen) ? node->info.name : seen;
    if (map_has(&parser->file->ids, node->info.id) ||
        map_has(&parser->file->names, node->info.name))
        dmn_problem(parser, element, "dmn.repeated_name",
                    "the file has another element of this id, or of the name \"%s\"",
                    node->info.name);
    map_set(&parser->file->ids, node->info.id, node);
    map_set(&parser->file->names, node->info.name, node);
    list_add(parser->arena, &parser->model->nodes, node);
}

static bool is_plain_name(const char *name)
{
    return !name || !strpbrk(name, ".-+*/' ");
}

/* Names with signs or spaces that FEEL must know to read them behind a dot: of components, columns,
 * entries and nodes, wherever they stand in the tree. */
static void collect_odd_names(DmnParser *parser, const XmlElement *element, Map *seen)
{
    static const char *const holders[] = {"itemComponent", "output", "column", "variable",
                                          "decision"};
    const char *name = dmn_attribute(element, "name");
    bool holds = false;
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++)
        holds |= text_equal(element->name, holders[i]);
    if (holds && !is_plain_name(name) && !map_has(seen, name) &&
        parser->file->odd_names.count < ODD_NAMES_AT_MOST) {
        map_set(seen, name, (void *)name);
        list_add(parser->scratch, &parser->file->odd_names, name);
    }
    xml_each (child, element) /* as deep as the tree may be */
        collect_odd_names(parser, child, seen);
}

static bool is_full(const DmnParser *parser, bool *out)
{
    return *out = parser->model->nodes.count >= NODES_AT_MOST;
}

static void declare_file(DmnParser *parser, DmnFile *file)
{
    Map seen = map_init(parser->scratch);
    DmnKind kind;
    bool is_over = false;
    parser->file = file;
    file->first_node = parser->model->nodes.count;
    dmn_declare_types(parser);
    xml_each (one, file->root) {
        if (kind_of(parser, one, &kind) && !is_full(parser, &is_over))
            declare_node(parser, one, kind);
        collect_odd_names(parser, one, &seen);
    }
    parser->place = NULL;
    file->node_end = parser->model->nodes.count;
    if (is_over)
        dmn_problem(parser, file->root, "dmn.too_large", "files have %d elements at most",
                    NODES_AT_MOST);
}

/* ---- requirements ---------------------------------------------------------------------------- */

static const DmnFileImport *import_of(const DmnFile *file, const char *uri, size_t length)
{
    list_each (DmnFileImport, import, &file->imports)
        if (strlen(import->file->namespace_uri) == length &&
            memcmp(import->file->namespace_uri, uri, length) == 0)
            return import;
    return NULL;
}

/* "#id", "id", or "namespace#id" of this file or of one that it imports. */
static bool find_need(DmnParser *parser, const char *href, DmnNeed *out)
{
    const DmnFile *file = parser->file;
    const char *mark = strrchr(href, '#');
    size_t length = mark ? (size_t)(mark - href) : 0;
    bool is_own = !length || (strlen(file->namespace_uri) == length &&
                              memcmp(file->namespace_uri, href, length) == 0);
    const DmnFileImport *import = is_own ? NULL : import_of(file, href, length);
    if (!is_own && !import)
        return false;
    out->import = import && *import->name ? import->name : NULL;
    out->node = map_get(&(import ? import->file : file)->ids, mark ? mark + 1 : href);
    return out->node != NULL;
}

static bool has_need(const DmnNeeds *needs, const DmnNode *node)
{
    list_each (const DmnNeed, need, needs)
        if (need->node == node)
            return true;
    return false;
}

static void add_need(DmnParser *parser, const XmlElement *element, DmnNeeds *needs)
{
    const char *href = dmn_attribute(element, "href");
    DmnNeed need = {0};
    if (!href || !find_need(parser, href, &need))
        dmn_problem(parser, element, "dmn.requirement",
                    "<%s href=\"%s\"> names nothing in this file or its imports", element->name,
                    href ? dmn_shortened(parser->scratch, href, SHOWN_AT_MOST) : "");
    else if (!has_need(needs, need.node))
        list_add(parser->arena, needs, need);
}

static void link_requirement(DmnParser *parser, DmnNode *node, const XmlElement *element)
{
    static const char *const names[] = {"requiredDecision", "requiredInput", "requiredKnowledge"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const XmlElement *required = dmn_child(parser, element, names[i]);
        if (required)
            add_need(parser, required, &node->needs);
    }
}

static void link_node(DmnParser *parser, DmnNode *node)
{
    parser->place = node->info.id;
    xml_each (one, node->element) {
        if (dmn_is(parser, one, "informationRequirement") ||
            dmn_is(parser, one, "knowledgeRequirement"))
            link_requirement(parser, node, one);
        else if (dmn_is(parser, one, "outputDecision"))
            add_need(parser, one, &node->outputs);
        else if (node->info.kind == DMN_SERVICE && dmn_is(parser, one, "inputData"))
            add_need(parser, one, &node->parameters);
    }
    xml_each (one, node->element) /* parameters are data first, then decisions (10.4) */
        if (dmn_is(parser, one, "inputDecision"))
            add_need(parser, one, &node->parameters);
    if (node->info.kind == DMN_SERVICE && !node->outputs.count)
        dmn_problem(parser, node->element, "dmn.requirement",
                    "a decision service needs an output decision");
}

/* The longest way down the required data and decisions, measured once: -1 marks the way that is
 * being walked. 0 when it comes back to itself or is too long. Knowledge may require itself: each
 * call counts against FEEL's limits. */
static int height_of(DmnNode *node, int depth)
{
    int height = 0;
    if (node->height > 0)
        return node->height;
    if (node->height < 0 || depth >= REQUIREMENTS_DEEP_AT_MOST)
        return 0;
    node->height = -1;
    list_each (const DmnNeed, need, &node->needs) {
        DmnKind kind = need->node->info.kind;
        int below = kind == DMN_DECISION ? height_of(need->node, depth + 1) : 1;
        if (!below) {
            node->height = 0;
            return 0;
        }
        height = below > height ? below : height;
    }
    return node->height = height + 1;
}

static void mark_circles(DmnParser *parser)
{
    int told = 0;
    list_each (DmnNode *, at, &parser->model->nodes) {
        DmnNode *node = *at;
        /* One circle is told by its first members; walking it again for each would take squares. */
        if (node->info.kind != DMN_DECISION || told > DMN_PROBLEMS_MAX) {
            node->is_circular = node->info.kind == DMN_DECISION;
            continue;
        }
        int height = height_of(node, 0);
        node->is_circular = !height || height > REQUIREMENTS_DEEP_AT_MOST;
        if (!node->is_circular)
            continue;
        told++;
        parser->file = node->file;
        parser->place = node->info.id;
        dmn_problem(parser, node->element, "dmn.requirement",
                    "decisions require each other in a circle, or more than %d deep",
                    REQUIREMENTS_DEEP_AT_MOST);
    }
}

/* ---- logic ----------------------------------------------------------------------------------- */

static FeelNames *member_names(DmnParser *parser, const DmnFile *file)
{
    FeelNames *names = feel_names_create(parser->scratch);
    list_each (const char *, name, &file->odd_names)
        feel_names_add_member(names, *name);
    list_each (const DmnFileImport, import, &file->imports)
        list_each (const char *, name, &import->file->odd_names)
            feel_names_add_member(names, *name);
    return names;
}

/* What the node can see. In files with very many names the nodes share them, for the time that it
 * would take. */
static FeelNames *names_of(DmnParser *parser, const DmnNode *node)
{
    DmnFile *file = node->file;
    size_t odd = file->odd_names.count + 64;
    bool is_shared = odd * odd * parser->model->nodes.count > NAMES_WORK_AT_MOST;
    FeelNames *names = file->shared ? file->shared : member_names(parser, file);
    if (is_shared)
        file->shared = names;
    list_each (const DmnNeed, need, &node->needs) {
        feel_names_add(names, need->import ? need->import : need->node->variable);
        if (need->import)
            feel_names_add_member(names, need->node->variable);
    }
    return names;
}

static void compile_node(DmnParser *parser, DmnNode *node)
{
    const XmlElement *logic = dmn_child(parser, node->element, "encapsulatedLogic");
    parser->place = node->info.id;
    parser->names = names_of(parser, node);
    node->type = dmn_type(parser, node->element, node->info.type);
    if (node->info.kind == DMN_DECISION)
        node->logic = dmn_expression_in(parser, node->element);
    else if (node->info.kind == DMN_KNOWLEDGE && logic)
        node->logic = dmn_function(parser, logic);
    if (node->logic && node->logic->kind == EXPR_TABLE) {
        node->info.is_table = true;
        node->info.rule_count = node->logic->table->rules.count;
    }
}

/* What is only good while loading must not be seen afterwards. */
static void forget(DmnModel *model)
{
    list_each (DmnNode *, node, &model->nodes)
        (*node)->element = NULL;
    list_each (DmnFile *, file, &model->files) {
        (*file)->root = NULL;
        (*file)->shared = NULL;
        memset(&(*file)->odd_names, 0, sizeof(*file)->odd_names);
        memset(&(*file)->definitions, 0, sizeof(*file)->definitions);
        memset(&(*file)->ids, 0, sizeof(*file)->ids);
        memset(&(*file)->names, 0, sizeof(*file)->names);
    }
}

static void read_model(DmnParser *parser)
{
    DmnModel *model = parser->model;
    model->walk = feel_compile(parser->arena, "for item in domain return item", FEEL_EXPRESSION,
                               NULL, parser->err);
    for (size_t i = 0; i < model->files.count; i++)
        declare_file(parser, model->files.items[i]);
    for (size_t i = 0; i < model->files.count; i++) {
        parser->file = model->files.items[i];
        parser->names = feel_names_create(parser->scratch);
        dmn_read_types(parser);
    }
    list_each (DmnNode *, node, &model->nodes) {
        parser->file = (*node)->file;
        link_node(parser, *node);
    }
    mark_circles(parser);
    list_each (DmnNode *, node, &model->nodes) {
        parser->file = (*node)->file;
        if (!arena_is_over(parser->arena))
            compile_node(parser, *node);
    }
}

static DmnModel *load(DmnParser *parser, const DmnSource *source)
{
    parser->model = arena_new(parser->arena, DmnModel);
    if (!dmn_read_files(parser, source))
        return NULL;
    read_model(parser);
    forget(parser->model);
    if (!arena_is_over(parser->arena))
        return parser->model;
    error_set(parser->err, ERROR_TOO_LARGE, .code = "dmn.too_large", .with = {{"what", "memory"}});
    return NULL;
}

DmnModel *dmn_load(Arena *arena, const DmnSource *source, const DmnResolver *resolver, Error *err)
{
    Error own = ERROR_NONE;
    DmnParser parser = {
        .arena = arena, .scratch = arena_create(0), .resolver = resolver, .err = err ? err : &own};
    DmnModel *model = load(&parser, source);
    arena_destroy(parser.scratch);
    return model;
}

size_t dmn_problems(const DmnModel *model, const DmnProblem **out_problems)
{
    *out_problems = model->problems.items;
    return model->problems.count;
}

/* The same texts for whoever must refuse. */
DmnModel *dmn_parse(Arena *arena, const char *xml, size_t length, Error *err)
{
    const DmnSource source = {.name = "", .text = xml, .length = length};
    DmnModel *model = dmn_load(arena, &source, NULL, err);
    if (!model)
        return NULL;
    if (!model->problems.count && dmn_decision_count(model))
        return model;
    if (!model->problems.count)
        error_set(err, ERROR_INVALID, .code = "dmn.no_decision", .line = 1,
                  .with = {{"what", "the file has no decision"}});
    list_each (const DmnProblem, problem, &model->problems)
        error_add(err, arena, ERROR_INVALID, .code = problem->code, .field = problem->element,
                  .line = problem->line,
                  .with = {{"what", problem->message},
                           {"element", problem->element},
                           {"line", arena_printf(arena, "%d", problem->line)}});
    return NULL;
}
