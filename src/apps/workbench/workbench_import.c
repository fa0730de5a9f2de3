/*
 * workbench_import.c - workbooks of items: kept, made drafts of, published, thrown away.
 *
 *     workbook row -> drafts with its id -> workbench_publish -> the row is gone
 */
#include "apps/workbench/workbench.h"
#include "apps/workbench/workbench_store.h"

bool workbench_import(Tx *tx, App *app, const User *officer, const char *file_name,
                      DbBytes workbook, Id *out_id, Error *err)
{
    ItemsImport import = {.officer = officer->id,
                          .file_name = file_name,
                          .workbook = workbook,
                          .uploaded_at = tx_now(tx)};
    *out_id = import.id = tx_new_id(tx);
    return store_drop_looked_at(tx, app->tenant, officer->id, err) &&
           store_add_import(tx, app->tenant, &import, err);
}

static bool find(Tx *tx, App *app, Id id, ItemsImport *out, Error *err)
{
    if (!store_import(tx_conn(tx), tx_arena(tx), app->tenant, id, out, err))
        return false;
    return out->id || error_set(err, ERROR_NOT_FOUND, .code = "workbench.no_import");
}

/* ---- drafts ---------------------------------------------------------------------------------- */

/* It is not saved yet, and what it was read against is still what is in force. */
static bool may_save(Tx *tx, App *app, Id id, Id newest, Error *err)
{
    Id now;
    ItemsImport import;
    if (!find(tx, app, id, &import, err))
        return false;
    if (import.is_saved)
        return error_set(err, ERROR_CONFLICT, .code = "workbench.import_saved");
    return definition_newest_id(tx_conn(tx), app->tenant, &now, err) &&
           (now == newest || error_set(err, ERROR_CONFLICT, .code = "workbench.moved"));
}

static bool has_no_drafts(Tx *tx, App *app, const DefinitionSet *files, Error *err)
{
    list_each (const DefinitionFiles, one, files) {
        Draft draft;
        if (!store_draft(tx_conn(tx), tx_arena(tx), app->tenant, one->kind, one->code, &draft, err))
            return false;
        if (draft.revision)
            return error_set(err, ERROR_CONFLICT, .code = "workbench.conflict",
                             .field = "revision");
    }
    return true;
}

bool workbench_import_save(Tx *tx, App *app, const User *officer, Id import,
                           const DefinitionSet *files, Id newest, Error *err)
{
    if (!may_save(tx, app, import, newest, err) || !has_no_drafts(tx, app, files, err))
        return false;
    list_each (const DefinitionFiles, one, files) {
        Draft draft = {.files = *one,
                       .revision = tx_new_id(tx),
                       .officer = officer->id,
                       .saved_at = tx_now(tx)};
        if (!store_import_draft(tx, app->tenant, import, &draft, err))
            return false;
    }
    return store_import_is_saved(tx, app->tenant, import, err);
}

/* ---- the end of an import -------------------------------------------------------------------- */

bool workbench_import_publish(Tx *tx, App *app, const User *officer, Id import,
                              const Publication *what, Error *err)
{
    ItemsImport found;
    Definition first;
    if (!find(tx, app, import, &found, err))
        return false;
    if (!what->drafts.count)
        return error_set(err, ERROR_CONFLICT, .code = "workbench.conflict", .field = "revision");
    return workbench_publish(tx, app, officer, what, &first, err) &&
           store_drop_import(tx, app->tenant, import, err);
}

static bool tell_discarded(Tx *tx, App *app, const User *officer, const ItemsImport *import,
                           Error *err)
{
    Arena *arena = tx_arena(tx);
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "file", import->file_name);
    json_end_object(&json);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = "workbench.discarded",
                          .actor_kind = "officer",
                          .actor = officer->id,
                          .unit = officer->unit,
                          .subject = arena_printf(arena, "import:%lld", (long long)import->id),
                          .data = buffer_text(&text)};
    return journal_append(tx, &entry, err);
}

bool workbench_import_discard(Tx *tx, App *app, const User *officer, Id id, Error *err)
{
    ItemsImport import;
    if (!find(tx, app, id, &import, err))
        return false;
    if (import.officer != officer->id)
        return error_set(err, ERROR_FORBIDDEN, .code = "workbench.author", .field = "revision");
    return store_drop_drafts_of_import(tx, app->tenant, id, err) &&
           store_drop_import(tx, app->tenant, id, err) &&
           tell_discarded(tx, app, officer, &import, err);
}
