/*
 * dossier_access.c - row scope, derived from entries: which unit may see which dossier, in order of
 * due date. A unit that had a task keeps its access; dossiers without a clock stand last.
 */
#include <string.h>

#include "apps/dossier/dossier_internal.h"

static const Instant FAR_FUTURE = INT64_C(9000000000000000);

static bool add_unit(Tx *tx, const JournalEntry *entry, Id unit, Error *err)
{
    Instant due_at = FAR_FUTURE;
    bool has_rows, has_access;
    if (!unit || !store_has_access(tx, entry->tenant, unit, entry->dossier, &has_access, err))
        return !unit;
    if (has_access)
        return true;
    if (!store_access_due(tx, entry->tenant, entry->dossier, &due_at, &has_rows, err))
        return false;
    return store_add_access(tx, entry->tenant, unit, has_rows ? due_at : FAR_FUTURE, entry->dossier,
                            err);
}

static bool apply_step(Tx *tx, const JournalEntry *entry, const Json *step, Error *err)
{
    const char *name = json_text(step, "step");
    if (text_equal(name, "task_created"))
        return add_unit(tx, entry, json_id(step, "unit"), err);
    if (text_equal(name, "accepted") || text_equal(name, "due"))
        return store_move_access(tx, entry->tenant, entry->dossier,
                                 json_int(step, "due_at", FAR_FUTURE), err);
    return true;
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    Json *data = json_parse(tx_arena(tx), entry->data, strlen(entry->data), &JSON_LIMITS, err);
    if (!data || !add_unit(tx, entry, entry->unit, err))
        return false;
    json_each (step, json_get(data, "steps"))
        if (!apply_step(tx, entry, step, err))
            return false;
    return true;
}

static const char *const kinds[] = {"dossier.filed",   "task.completed",  "timer.fired",
                                    "incident.mended", "clock.rederived", NULL};
static const char *const tables[] = {"dossier_access", NULL};

const JournalReader dossier_access_reader = {.name = "dossier.access",
                                             .version = 1,
                                             .kinds = kinds,
                                             .tables = tables,
                                             .apply = apply,
                                             .clear = store_clear_access};
