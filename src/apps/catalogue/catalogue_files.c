/*
 * catalogue_files.c - definitions as the files that people edit: out of a version, checked against
 * what is in force, and published as the next version.
 *
 *     version {"kind": text or JSON, "en": overlay} -> files
 *     files + definitions in force on a day -> a pack of parsed parts -> pack_check_part, each
 */
#include "apps/catalogue/catalogue_pack.h"

#include <string.h>

/* ---- kinds ----------------------------------------------------------------------------------- */

const PackKind pack_kinds[] = {
    {"process", "processes", ".bpmn", .has_english = true},
    {"form", "forms", ".json", .has_english = true},
    {"table", "tables", ".dmn", .has_english = true},
    {"template", "templates", ".html"},
    {"item", "items", ".json", .is_json = true, .has_english = true},
    {"grounds", NULL, ".json", .is_json = true},
    {"papers", NULL, ".json", .is_json = true},
    {"rating", NULL, ".json", .is_json = true},
    {"scenario", "scenarios", ".feature"},
    {0},
};

const PackKind *pack_kind(const char *kind)
{
    for (const PackKind *one = pack_kinds; one->kind; one++)
        if (text_equal(one->kind, kind))
            return one;
    return NULL;
}

const char *catalogue_kind(size_t index)
{
    size_t count = sizeof pack_kinds / sizeof *pack_kinds - 1;
    return index < count ? pack_kinds[index].kind : NULL;
}

const char *catalogue_ending(const char *kind)
{
    const PackKind *known = pack_kind(kind);
    return known ? known->ending : NULL;
}

bool catalogue_is_single(const char *kind)
{
    const PackKind *known = pack_kind(kind);
    return known && !known->folder;
}

bool catalogue_has_english(const char *kind)
{
    const PackKind *known = pack_kind(kind);
    return known && known->has_english;
}

/* ---- content --------------------------------------------------------------------------------- */

const char *pack_content(Arena *arena, const DefinitionFiles *files)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    if (pack_kind(files->kind)->is_json)
        json_put_raw(&json, files->kind, files->source);
    else
        json_put_text(&json, files->kind, files->source);
    json_put_raw(&json, "en", files->english ? files->english : "null");
    json_end_object(&json);
    return buffer_text(&out);
}

static const char *skip_text(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* Where a JSON value that is known to be well-formed ends: at the comma or bracket behind it. */
static const char *value_end(const char *at)
{
    int depth = 0;
    while (*at) {
        if (*at == '"') {
            at = skip_text(at);
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
            return at;
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    }
    return at;
}

/* The text of a member of the outermost object, white space included. */
static const char *raw_member(Arena *arena, const char *content, const char *name)
{
    const char *at = content;
    while (*at && at[1]) {
        const char *begin = at + 1;
        const char *value = skip_text(begin) + 1;
        const char *end = value_end(value);
        size_t length = strlen(name);
        if (strncmp(begin + 1, name, length) == 0 && begin[length + 1] == '"')
            return arena_text_n(arena, value, (size_t)(end - value));
        at = end;
    }
    return NULL;
}

bool catalogue_files(Arena *arena, const Definition *definition, DefinitionFiles *out, Error *err)
{
    JsonLimits limits = {.bytes = (size_t)8 * 1024 * 1024, .depth = 64};
    const char *content = definition->content;
    const PackKind *kind = pack_kind(definition->kind);
    const Json *json = kind ? json_parse(arena, content, strlen(content), &limits, err) : NULL;
    if (!json)
        return error_set(err, ERROR_NOT_FOUND, .code = "definition.unknown");
    const Json *english = json_get(json, "en");
    *out = (DefinitionFiles){.kind = kind->kind,
                             .code = definition->code,
                             .source = kind->is_json ? raw_member(arena, content, kind->kind)
                                                     : json_text(json, kind->kind)};
    if (english && english->kind == JSON_OBJECT)
        out->english = raw_member(arena, content, "en");
    return out->source || error_set(err, ERROR_INTERNAL, .code = "catalogue.content");
}

/* ---- checking -------------------------------------------------------------------------------- */

static const char *file_of(Arena *arena, const char *kind, const char *code)
{
    return arena_printf(arena, "%s%s", code, catalogue_ending(kind));
}

/* Passes over a code that is not in force yet on that day. */
static bool add_in_force(App *app, DbConn *conn, Pack *pack, const char *kind, const char *code,
                         DefinitionScope scope, Error *err)
{
    Id id;
    Error problem = ERROR_NONE;
    if (!catalogue_in_force_at(app, conn, kind, code, scope.division, scope.from, &id, &problem))
        return problem.kind == ERROR_NOT_FOUND || error_fill(err, problem);
    const Parsed *parsed = catalogue_parsed(app, conn, id, err);
    PackPart part = {.kind = kind, .code = code, .file = file_of(pack->arena, kind, code)};
    if (!parsed)
        return false;
    part.parsed = *parsed;
    list_add(pack->arena, &pack->parts, part);
    return true;
}

static bool add_kind(App *app, DbConn *conn, Pack *pack, const char *kind, DefinitionScope scope,
                     Error *err)
{
    Definitions all = {0};
    if (!definition_list(conn, pack->arena, app->tenant, kind, &all, err))
        return false;
    list_each (Definition, one, &all) {
        if (!pack_find(pack, kind, one->code) &&
            !add_in_force(app, conn, pack, kind, one->code, scope, err))
            return false;
    }
    return true;
}

/* What stands in a file that is JSON must be an object or a list, and its overlay an object. */
static bool check_json(Arena *arena, const char *file, const char *text, Error *err)
{
    Error problem = ERROR_NONE;
    if (json_parse(arena, text, strlen(text), &JSON_LIMITS, &problem))
        return true;
    return error_add(err, arena, problem.kind, .code = problem.code, .field = file,
                     .line = problem.line, .column = problem.column);
}

static bool parse_files(Arena *arena, const DefinitionFiles *files, PackPart *out, Error *err)
{
    const char *english = arena_printf(arena, "%s.en.json", files->code);
    *out = (PackPart){
        .kind = files->kind, .code = files->code, .file = file_of(arena, files->kind, files->code)};
    bool is_json = pack_kind(files->kind)->is_json;
    bool is_right = !is_json || check_json(arena, out->file, files->source, err);
    if (files->english)
        is_right = check_json(arena, english, files->english, err) && is_right;
    if (!is_right)
        return false;
    out->definition = (Definition){
        .kind = files->kind, .code = files->code, .content = pack_content(arena, files)};
    Error problems = ERROR_NONE;
    if (catalogue_parse(arena, &out->definition, &out->parsed, &problems))
        return true;
    for (const Error *problem = &problems; problem; problem = problem->next)
        error_add(err, arena, problem->kind, .code = problem->code, .field = out->file,
                  .message = problem->message, .line = problem->line, .column = problem->column,
                  .with = {problem->with[0],
                           problem->with[1],
                           problem->with[2],
                           {"element", problem->field ? problem->field : ""}});
    return false;
}

bool pack_among(App *app, DbConn *conn, const DefinitionSet *set, DefinitionScope scope, Pack *pack,
                Error *err)
{
    bool is_right = true;
    list_each (DefinitionFiles, files, set) {
        PackPart part;
        is_right = parse_files(pack->arena, files, &part, err) && is_right;
        list_add(pack->arena, &pack->parts, part);
    }
    for (const PackKind *kind = pack_kinds; is_right && kind->kind; kind++)
        is_right = add_kind(app, conn, pack, kind->kind, scope, err);
    return is_right;
}

/* What is a place's own are tables alone. */
static bool check_kinds(const DefinitionSet *set, DefinitionScope scope, Error *err)
{
    list_each (DefinitionFiles, files, set)
        if (*scope.division && !text_equal(files->kind, "table"))
            return error_set(err, ERROR_INVALID, .code = "pack.only_tables", .field = files->code);
    return true;
}

bool catalogue_check_files(App *app, DbConn *conn, Arena *arena, const DefinitionSet *set,
                           DefinitionScope scope, Error *err)
{
    Pack pack = {.arena = arena, .folder = ""};
    bool is_right = true;
    if (!check_kinds(set, scope, err) || !pack_among(app, conn, set, scope, &pack, err))
        return false;
    for (size_t i = 0; i < pack.parts.count; i++) {
        const PackPart *part = &pack.parts.items[i];
        /* Forms and tables refer to nothing but themselves: what is in force was checked. And
         * scenarios tell what holds everywhere. */
        bool is_apart = (i >= set->count && (part->parsed.form || part->parsed.table)) ||
                        (*scope.division && part->parsed.scenario);
        is_right = (is_apart || pack_check_part(&pack, part, err)) && is_right;
    }
    return is_right;
}

bool catalogue_publish_files(Tx *tx, App *app, const DefinitionFiles *files, DefinitionScope scope,
                             Definition *out, Error *err)
{
    enum { PARSED_BYTES_MOST = 64 * 1024 * 1024 };
    PackPart part;
    Error problem = ERROR_NONE;
    tx_after_commit(tx, catalogue_forget, app->catalogue);
    Arena *scratch = arena_create(PARSED_BYTES_MOST);
    bool is_right = parse_files(scratch, files, &part, &problem);
    if (is_right) {
        part.definition.content = arena_text(tx_arena(tx), part.definition.content);
        is_right = pack_publish_part(tx, app, &part, scope, out, &problem);
    }
    if (!is_right)
        error_fill(err, error_copy(tx_arena(tx), &problem));
    arena_destroy(scratch);
    return is_right;
}
