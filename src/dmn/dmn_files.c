/*
 * dmn_files.c - a DMN file and all that it imports to trees, each file once.
 *
 *     source -> tree, of a DMN version that is known -> its imports, found by the caller's resolver
 */
#include "dmn/dmn_internal.h"

#include <string.h>

enum { FILES_AT_MOST = 100, FILES_DEEP_AT_MOST = 32, SHOWN_AT_MOST = 80 };

static const XmlLimits limits = {.bytes = (size_t)8 * 1024 * 1024,
                                 .depth = 200,
                                 .nodes = (size_t)1000 * 1000,
                                 .attributes = 128};

/* ---- files ----------------------------------------------------------------------------------- */

static bool is_known_namespace(const char *uri)
{
    static const char *const known[] = {
        "http://www.omg.org/spec/DMN/20130901",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    };
    for (size_t i = 0; uri && i < sizeof known / sizeof known[0]; i++)
        if (text_equal(known[i], uri))
            return true;
    return !uri;
}

static XmlElement *read_tree(DmnParser *parser, const DmnSource *source)
{
    Error problem = ERROR_NONE;
    XmlElement *root = xml_parse(parser->scratch, source->text, source->length, &limits, &problem);
    if (root && text_equal(root->name, "definitions") && is_known_namespace(root->namespace_uri))
        return root;
    if (!root)
        problem = error_copy(parser->arena, &problem);
    else if (text_equal(root->name, "definitions"))
        error_set(&problem, ERROR_INVALID, .code = "dmn.namespace", .line = root->line,
                  .with = {{"what", dmn_keep(parser, root->namespace_uri)}});
    else
        error_set(&problem, ERROR_INVALID, .code = "dmn.no_decision", .line = root->line,
                  .with = {{"what", "the root element is not <definitions>"}});
    if (!problem.field && !text_is_empty(source->name))
        problem.field = dmn_keep(parser, source->name);
    error_fill(parser->err, problem);
    return NULL;
}

static DmnFile *find_file(const DmnModel *model, const char *namespace_uri)
{
    list_each (DmnFile *, file, &model->files)
        if (text_equal((*file)->namespace_uri, namespace_uri))
            return *file;
    return NULL;
}

static DmnFile *read_file(DmnParser *parser, const DmnSource *source)
{
    XmlElement *root = read_tree(parser, source);
    if (!root)
        return NULL;
    DmnFile *file = arena_new(parser->arena, DmnFile);
    const char *uri = dmn_attribute(root, "namespace");
    const char *id = dmn_attribute(root, "id"), *title = dmn_attribute(root, "name");
    *file = (DmnFile){.name = dmn_keep(parser, source->name ? source->name : ""),
                      .id = dmn_keep(parser, id ? id : ""),
                      .title = dmn_keep(parser, title ? title : ""),
                      .namespace_uri = dmn_keep(parser, uri ? uri : ""),
                      .language = dmn_keep(parser, dmn_attribute(root, "expressionLanguage")),
                      .types = map_init(parser->arena),
                      .definitions = map_init(parser->scratch),
                      .ids = map_init(parser->scratch),
                      .names = map_init(parser->scratch),
                      .root = root};
    list_add(parser->arena, &parser->model->files, file);
    return file;
}

/* DMN's own: the type of an import is the namespace of a DMN version. */
static bool is_dmn_import(const XmlElement *element)
{
    const char *type = dmn_attribute(element, "importType");
    return text_is_empty(type) || strstr(type, "/DMN/");
}

static bool read_imports(DmnParser *parser, DmnFile *file, int depth);

/* The file of an import, read when it was not yet; NULL and a problem, or an error. */
static DmnFile *import_file(DmnParser *parser, const XmlElement *element, const char *uri,
                            int depth)
{
    DmnFile *importer = parser->file, *file = find_file(parser->model, uri);
    const DmnResolver *resolver = parser->resolver;
    DmnImport import = {.namespace_uri = uri,
                        .location = dmn_attribute(element, "locationURI"),
                        .from = importer->name};
    DmnSource source = {0};
    if (file)
        return file;
    if (depth >= FILES_DEEP_AT_MOST || parser->model->files.count >= FILES_AT_MOST) {
        dmn_problem(parser, element, "dmn.too_large", "imports go too deep, or are too many");
        return NULL;
    }
    if (!resolver || !resolver->find(resolver->data, &import, &source)) {
        dmn_problem(parser, element, "dmn.import", "no file has the namespace \"%s\"",
                    dmn_shortened(parser->scratch, uri, SHOWN_AT_MOST));
        return NULL;
    }
    file = read_file(parser, &source);
    if (file && !text_equal(file->namespace_uri, uri)) {
        dmn_problem(parser, element, "dmn.import", "the file \"%s\" has another namespace: \"%s\"",
                    file->name, dmn_shortened(parser->scratch, file->namespace_uri, SHOWN_AT_MOST));
        file->namespace_uri = dmn_keep(parser, uri);
    }
    bool is_read = file && read_imports(parser, file, depth + 1);
    parser->file = importer;
    return is_read ? file : NULL;
}

static bool read_import(DmnParser *parser, const XmlElement *element, int depth)
{
    const char *name = dmn_attribute(element, "name"), *uri = dmn_attribute(element, "namespace");
    parser->place = name ? name : uri;
    if (!is_dmn_import(element))
        return true;
    DmnFileImport import = {.name = dmn_keep(parser, name ? name : "")};
    import.file = import_file(parser, element, uri ? uri : "", depth);
    if (import.file)
        list_add(parser->arena, &parser->file->imports, import);
    return !error_is_set(parser->err);
}

static bool read_imports(DmnParser *parser, DmnFile *file, int depth)
{
    parser->file = file;
    xml_each (one, file->root)
        if (dmn_is(parser, one, "import") && !read_import(parser, one, depth))
            return false;
    parser->place = NULL;
    return true;
}

bool dmn_read_files(DmnParser *parser, const DmnSource *source)
{
    DmnFile *file = read_file(parser, source);
    return file && read_imports(parser, file, 0);
}
