/* dossier_files_store.c - rows of material_file. */
#include "apps/dossier/dossier_files_store.h"

#include "apps/dossier/dossier_files_sql.h"

static SealPlace title_place(const App *app, Id id)
{
    return (SealPlace){
        .tenant = app->tenant, .table = "material_file", .column = "title", .row = id};
}

bool store_add_file(Tx *tx, App *app, Id dossier, const MaterialFile *file, Error *err)
{
    MaterialFileInsertParams params = {
        .tenant = app->tenant,
        .id = file->id,
        .dossier = dossier,
        .material = file->material,
        .file = file->file,
        .title = keyring_seal(app->keys, tx_arena(tx), title_place(app, file->id), file->title),
        .uploaded_by_kind = file->uploaded_by_kind,
        .uploaded_by = file->uploaded_by,
        .uploaded_at = tx_now(tx)};
    return material_file_insert(tx_conn(tx), &params, NULL, err);
}

bool store_files(DbConn *conn, App *app, Arena *arena, Id dossier, MaterialFiles *out, Error *err)
{
    MaterialFileListRows rows = {0};
    if (!material_file_list(conn, arena, app->tenant, dossier, &rows, err))
        return false;
    list_each (MaterialFileListRow, row, &rows) {
        const char *title =
            keyring_unseal(app->keys, arena, title_place(app, row->id), row->title, err);
        if (!title)
            return false;
        list_add(arena, out,
                 ((MaterialFile){.id = row->id,
                                 .material = row->material,
                                 .title = title,
                                 .media_type = row->media_type,
                                 .size = row->size,
                                 .uploaded_by_kind = row->uploaded_by_kind,
                                 .uploaded_by = row->uploaded_by,
                                 .uploaded_at = row->uploaded_at,
                                 .replaced_at = row->replaced_at}));
    }
    return true;
}

bool store_file(DbConn *conn, App *app, Arena *arena, Id dossier, Id id, MaterialFile *out,
                Error *err)
{
    MaterialFileFindRow row;
    bool is_found;
    if (!material_file_find(conn, arena, app->tenant, dossier, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "files.unknown");
    *out = (MaterialFile){.id = id, .file = row.file};
    out->title = keyring_unseal(app->keys, arena, title_place(app, id), row.title, err);
    return out->title != NULL;
}

bool store_replace_files(Tx *tx, App *app, Id dossier, const char *material, Error *err)
{
    return material_file_replace(tx_conn(tx), app->tenant, dossier, material, tx_now(tx), NULL,
                                 err);
}
