/*
 * catalogue_rehearse.c - scenarios of the whole program, before what they are about is published.
 *
 *     files among what is in force -> definitions -> a program in memory
 *     scenarios that concern the files -> run there -> errors
 *
 * Which they concern is told by codes that stand in texts. That may be one too many, never one too
 * few.
 */
#include "apps/catalogue/catalogue_pack.h"

#include <ctype.h>
#include <string.h>

#include "service/rehearsal.h"

enum { REHEARSED_BYTES_MOST = 256 * 1024 * 1024 };

/* ---- what is in force there ------------------------------------------------------------------ */

/* What is in force keeps its content in the database. */
static bool read_content(App *app, DbConn *conn, const Pack *pack, PackPart *part, Error *err)
{
    return part->definition.content ||
           definition_by_id(conn, pack->arena, app->tenant, part->parsed.about.id,
                            &part->definition, err);
}

/* ---- which scenarios ------------------------------------------------------------------------- */

static bool is_code_char(char c)
{
    return islower((unsigned char)c) || isdigit((unsigned char)c) || c == '-';
}

/* Whether a code stands in a text, and not as a part of a longer one. */
static bool mentions(const char *text, const char *code)
{
    size_t length = strlen(code);
    for (const char *at = strstr(text, code); at; at = strstr(at + 1, code))
        if ((at == text || !is_code_char(at[-1])) && !is_code_char(at[length]))
            return true;
    return false;
}

static bool part_mentions(const Pack *pack, const char *kind, const char *code, const char *what)
{
    const PackPart *part = pack_find(pack, kind, code);
    return part && mentions(part->definition.content, what);
}

/* An item's own text names its form, tables and templates, its process what the tasks need. */
static bool item_has(const Pack *pack, const char *code, const DefinitionFiles *files)
{
    const PackPart *item = pack_find(pack, "item", code);
    if (!item)
        return false;
    if (text_equal(files->kind, "item"))
        return text_equal(files->code, code);
    return mentions(item->definition.content, files->code) ||
           part_mentions(pack, "process", item->parsed.item->process_code, files->code);
}

/* Every dossier has papers, grounds and a rating. */
static bool is_everywhere(const Pack *pack, const DefinitionFiles *files)
{
    return catalogue_is_single(files->kind) ||
           (text_equal(files->kind, "template") &&
            part_mentions(pack, "papers", "papers", files->code));
}

static bool is_concerned(const Pack *pack, const PackPart *part, const DefinitionFiles *files)
{
    const char *const *items;
    size_t count = scenario_items(part->parsed.scenario, &items);
    if (text_equal(files->kind, "scenario"))
        return text_equal(files->code, part->code);
    if (!count || is_everywhere(pack, files))
        return true;
    for (size_t i = 0; i < count; i++)
        if (item_has(pack, items[i], files))
            return true;
    return false;
}

static bool must_run(const Pack *pack, const PackPart *part, const DefinitionSet *set)
{
    if (!part->parsed.scenario || !scenario_needs_program(part->parsed.scenario))
        return false;
    list_each (DefinitionFiles, files, set)
        if (is_concerned(pack, part, files))
            return true;
    return false;
}

/* Whether a step of its process is done by letter: the county that is loaded there has such
 * letters.
 */
static bool has_letters(const Pack *pack, const Item *item)
{
    const PackPart *process = pack_find(pack, "process", item->process_code);
    const BpmnModel *model = process ? process->parsed.process : NULL;
    for (size_t i = 0; model && i < bpmn_element_count(model); i++)
        if (pack_value(bpmn_element(model, i)->properties, "authorisation"))
            return true;
    return false;
}

static bool is_named(const Pack *pack, const PackPart *item)
{
    list_each (const PackPart, part, &pack->parts)
        if (part->parsed.scenario && mentions(part->definition.content, item->code))
            return true;
    return false;
}

/* Every scenario begins with a program of its own: there an item that none names is not missed, and
 * a catalogue has hundreds. */
static bool is_needed(const Pack *pack, const PackPart *part)
{
    return !part->parsed.item || is_named(pack, part) || has_letters(pack, part->parsed.item);
}

static bool read_definitions(App *app, DbConn *conn, Pack *pack, Definitions *out, Error *err)
{
    list_each (PackPart, part, &pack->parts)
        if (!read_content(app, conn, pack, part, err))
            return false;
    list_each (const PackPart, part, &pack->parts)
        if (is_needed(pack, part))
            list_add(pack->arena, out, part->definition);
    return true;
}

/* ---- running --------------------------------------------------------------------------------- */

static bool run_part(const Pack *pack, const PackPart *part, const ScenarioProgram *program,
                     Error *err)
{
    ScenarioReport report;
    ScenarioHost host = pack_scenario_host(pack);
    host.program = program;
    return scenario_run(part->parsed.scenario, &host, pack->arena, &report) ||
           scenario_refuse(&report, part->file, pack->arena, err);
}

static bool run_all(const Rehearsal *rehearsal, const Pack *pack, const DefinitionSet *set,
                    const Definitions *definitions, Error *err)
{
    ScenarioProgram *program = rehearsal->open(rehearsal, pack->arena, definitions, err);
    bool is_right = program != NULL;
    if (!program)
        return false;
    list_each (PackPart, part, &pack->parts)
        if (must_run(pack, part, set))
            is_right = run_part(pack, part, program, err) && is_right;
    rehearsal->close(rehearsal, program);
    return is_right;
}

static bool rehearse(App *app, DbConn *conn, Arena *arena, const DefinitionSet *set,
                     DefinitionScope scope, Error *err)
{
    Pack pack = {.arena = arena, .folder = ""};
    Definitions definitions = {0};
    return pack_among(app, conn, set, scope, &pack, err) &&
           read_definitions(app, conn, &pack, &definitions, err) &&
           run_all(app->rehearsal, &pack, set, &definitions, err);
}

bool catalogue_rehearse(App *app, DbConn *conn, Arena *arena, const DefinitionSet *set,
                        DefinitionScope scope, Error *err)
{
    Error problems = ERROR_NONE;
    if (!app->rehearsal || *scope.division)
        return true;
    Arena *scratch = arena_create(REHEARSED_BYTES_MOST);
    bool is_right = rehearse(app, conn, scratch, set, scope, &problems);
    if (!is_right)
        error_fill(err, error_copy(arena, &problems));
    arena_destroy(scratch);
    return is_right;
}
