/*
 * dossier_access.c - row scope, derived from entries: which unit may see which dossier, in order of
 * due date. A unit that had a task keeps its access; dossiers without a clock stand last.
 */
#include "apps/dossier/dossier_internal.h"

static const Instant FAR_FUTURE = INT64_C(9000000000000000);

/* What an entry says of access. */
typedef struct Change {
    Tx *tx;
    const JournalEntry *entry;
    LIST(Id) units; /* each once */
    Instant due_at; /* INSTANT_NONE: not said */
    bool is_new;
    bool is_completed;
} Change;

static void note_unit(Change *change, Id unit)
{
    bool is_noted = unit == 0;
    list_each (Id, noted, &change->units)
        is_noted = is_noted || *noted == unit;
    if (!is_noted)
        list_add(tx_arena(change->tx), &change->units, unit);
}

static void note_step(Change *change, const Json *step)
{
    const char *name = json_text(step, "step");
    if (text_equal(name, "task_created") || text_equal(name, "service_due"))
        note_unit(change, json_id(step, "unit"));
    else if (text_equal(name, "accepted") || text_equal(name, "due"))
        change->due_at = json_int(step, "due_at", FAR_FUTURE);
    else if (text_equal(name, "completed"))
        change->is_completed = true;
}

static bool add_unit(const Change *change, Id unit, Error *err)
{
    const JournalEntry *entry = change->entry;
    Instant due_at = change->due_at == INSTANT_NONE ? FAR_FUTURE : change->due_at;
    bool has_rows, has_access = false;
    if (change->is_new)
        return store_add_access(change->tx, entry->tenant, unit, due_at, entry->dossier, err);
    if (!store_has_access(change->tx, entry->tenant, unit, entry->dossier, &has_access, err))
        return false;
    if (has_access)
        return true;
    return store_access_due(change->tx, entry->tenant, entry->dossier, &due_at, &has_rows, err) &&
           store_add_access(change->tx, entry->tenant, unit, has_rows ? due_at : FAR_FUTURE,
                            entry->dossier, err);
}

/* What is completed in the same entry is no longer due: moving its rows would be work for nothing.
 */
static bool move(const Change *change, Error *err)
{
    if (change->is_new || change->is_completed || change->due_at == INSTANT_NONE)
        return true;
    return store_move_access(change->tx, change->entry->tenant, change->entry->dossier,
                             change->due_at, err);
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    Change change = {.tx = tx,
                     .entry = entry,
                     .due_at = INSTANT_NONE,
                     .is_new = text_equal(entry->kind, "dossier.filed")};
    if (!data)
        return false;
    if (change.is_new) /* whoever is responsible sees it from the first entry on */
        note_unit(&change, entry->unit);
    if (text_equal(entry->kind, "dossier.taken_in")) /* and so does the window that took it in */
        note_unit(&change, json_id(data, "intake_unit"));
    json_each (step, json_get(data, "steps"))
        note_step(&change, step);
    if (!move(&change, err))
        return false;
    list_each (Id, unit, &change.units)
        if (!add_unit(&change, *unit, err))
            return false;
    return true;
}

static const char *const kinds[] = {"dossier.*",       "task.completed",  "timer.fired",
                                    "incident.mended", "clock.rederived", NULL};
static const char *const tables[] = {"dossier_access", NULL};

const JournalReader dossier_access_reader = {.name = "dossier.access",
                                             .version = 4,
                                             .kinds = kinds,
                                             .tables = tables,
                                             .apply = apply,
                                             .clear = store_clear_access};
