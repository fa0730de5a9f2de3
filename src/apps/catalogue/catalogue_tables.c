/*
 * catalogue_tables.c - tables that change on a day, or for a place alone: what a department decides
 * otherwise from the first of next month, or a township otherwise than its county.
 *
 *     folder with tables and their scenarios -> checked as a pack is
 *         -> everywhere: checked and rehearsed among what is in force
 *         -> a version each, from a day, for a division
 *
 * Rolling back is publishing the older content again: what was decided meanwhile keeps its version.
 * A decision that a newer version no longer has is made by the newest one that had it.
 */
#include <string.h>

#include "apps/catalogue/catalogue_internal.h"
#include "apps/catalogue/catalogue_pack.h"

/* "" or digits in parts: "99/9901/990101". */
static bool is_division(const char *path)
{
    size_t length = strlen(path);
    return strspn(path, "0123456789/") == length && length < 100 && !strstr(path, "//") &&
           *path != '/' && (!length || path[length - 1] != '/');
}

static bool is_taken(const PackPart *part, const char *division)
{
    return text_equal(part->kind, "table") || (text_equal(part->kind, "scenario") && !*division);
}

static bool check(const Pack *pack, const char *division, Error *err)
{
    if (!is_division(division))
        return error_set(err, ERROR_INVALID, .code = "pack.division", .field = "division");
    list_each (PackPart, part, &pack->parts)
        if (!is_taken(part, division))
            return error_set(err, ERROR_INVALID, .code = "pack.only_tables", .field = part->file);
    return true;
}

bool catalogue_check_tables(App *app, DbConn *conn, Arena *arena, const Pack *pack,
                            const char *division, Date day, Error *err)
{
    DefinitionSet set = {0};
    if (!check(pack, division, err))
        return false;
    list_each (PackPart, part, &pack->parts) {
        DefinitionFiles files;
        if (!catalogue_files(arena, &part->definition, &files, err))
            return false;
        list_add(arena, &set, files);
    }
    DefinitionScope scope = {day, division};
    return catalogue_check_files(app, conn, arena, &set, scope, err) &&
           catalogue_rehearse(app, conn, arena, &set, scope, err);
}

bool catalogue_publish_tables(Tx *tx, App *app, const Pack *pack, const char *division,
                              Date effective_from, int *out_published, Error *err)
{
    *out_published = 0;
    if (!check(pack, division, err))
        return false;
    tx_after_commit(tx, catalogue_forget, app->catalogue);
    list_each (PackPart, part, &pack->parts) {
        Definition published;
        if (!pack_publish_part(tx, app, part, (DefinitionScope){effective_from, division},
                               &published, err))
            return false;
        *out_published += 1;
    }
    return true;
}

/* ---- who is asked ---------------------------------------------------------------------------- */

/* The newest version before *definition that is in force all the same; 0 for none. */
static bool find_older(App *app, DbConn *conn, const char *code, const char *place, Date day,
                       Id *definition, Error *err)
{
    Arena *scratch = arena_create(0);
    Definition older;
    bool is_found = false, is_done = false;
    const Definition *newer = catalogue_version(app, conn, *definition, err);
    if (newer)
        is_done = definition_in_force_before(conn, scratch, app->tenant, "table", code, place, day,
                                             newer->version, &older, &is_found, err);
    *definition = is_found ? older.id : 0;
    if (!is_done)
        err->detail = NULL;
    arena_destroy(scratch);
    return is_done;
}

bool catalogue_deciding(App *app, DbConn *conn, const char *table, const char *decision,
                        const char *place, Date day, Id *out_definition, Error *err)
{
    if (!catalogue_in_force_at(app, conn, "table", table, place, day, out_definition, err))
        return false;
    while (*out_definition) {
        const DmnModel *model = catalogue_table(app, conn, *out_definition, err);
        if (!model)
            return false;
        if (dmn_find(model, decision))
            return true;
        if (!find_older(app, conn, table, place, day, out_definition, err))
            return false;
    }
    return error_set(err, ERROR_NOT_FOUND, .code = "dmn.unknown_decision", .field = decision,
                     .with = {{"decision", decision}});
}
