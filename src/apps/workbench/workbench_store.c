/* workbench_store.c - the only code of this capability that knows columns. */
#include "apps/workbench/workbench_store.h"

#include "apps/workbench/workbench_sql.h"

bool store_draft(DbConn *conn, Arena *arena, Id tenant, const char *kind, const char *code,
                 Draft *out, Error *err)
{
    DraftFindRow row = {0};
    bool is_found;
    if (!draft_find(conn, arena, tenant, kind, code, &row, &is_found, err))
        return false;
    *out = (Draft){.files = {.kind = kind, .code = code}, .saved_at = INSTANT_NONE};
    if (!is_found)
        return true;
    out->files.source = row.source;
    out->files.english = text_is_empty(row.english) ? NULL : row.english;
    out->revision = row.revision;
    out->officer = row.officer;
    out->saved_at = row.saved_at;
    return true;
}

bool store_drafts(DbConn *conn, Arena *arena, Id tenant, const char *kind, DraftLines *out,
                  Error *err)
{
    DraftListRows rows = {0};
    if (!draft_list(conn, arena, tenant, kind, &rows, err))
        return false;
    list_each (DraftListRow, row, &rows)
        list_add(arena, out, ((DraftLine){row->code, row->officer, row->saved_at}));
    return true;
}

bool store_draft_names(DbConn *conn, Arena *arena, Id tenant, DraftNames *out, Error *err)
{
    DraftAllRows rows = {0};
    if (!draft_all(conn, arena, tenant, DRAFTS_TOGETHER, &rows, err))
        return false;
    list_each (DraftAllRow, row, &rows)
        list_add(arena, out, ((DraftName){row->kind, row->code, row->revision}));
    return true;
}

bool store_put_draft(Tx *tx, Id tenant, const Draft *draft, Error *err)
{
    DraftPutParams params = {.tenant = tenant,
                             .kind = draft->files.kind,
                             .code = draft->files.code,
                             .source = draft->files.source,
                             .english = draft->files.english ? draft->files.english : "",
                             .revision = draft->revision,
                             .officer = draft->officer,
                             .saved_at = draft->saved_at};
    return draft_put(tx_conn(tx), &params, NULL, err);
}

bool store_drop_draft(Tx *tx, Id tenant, const char *kind, const char *code, Error *err)
{
    return draft_drop(tx_conn(tx), tenant, kind, code, NULL, err);
}

bool store_add_publication(Tx *tx, Id tenant, Id definition, const Published *row, Error *err)
{
    return publication_insert(tx_conn(tx), tenant, definition, row->officer, row->reason,
                              row->back_to, NULL, err);
}

bool store_publication(DbConn *conn, Arena *arena, Id tenant, Id definition, Published *out,
                       Error *err)
{
    PublicationFindRow row = {0};
    bool is_found;
    if (!publication_find(conn, arena, tenant, definition, &row, &is_found, err))
        return false;
    *out = is_found ? (Published){row.officer, row.reason, row.back_to} : (Published){0};
    return true;
}

/* ---- imports --------------------------------------------------------------------------------- */

bool store_add_import(Tx *tx, Id tenant, const ItemsImport *import, Error *err)
{
    return import_insert(tx_conn(tx), tenant, import->id, import->officer, import->file_name,
                         import->workbook, import->uploaded_at, NULL, err);
}

bool store_import(DbConn *conn, Arena *arena, Id tenant, Id id, ItemsImport *out, Error *err)
{
    ImportFindRow row = {0};
    bool is_found;
    *out = (ItemsImport){0};
    if (!import_find(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (is_found)
        *out = (ItemsImport){row.id,       row.officer,     row.file_name,
                             row.workbook, row.uploaded_at, row.is_saved};
    return true;
}

bool store_imports(DbConn *conn, Arena *arena, Id tenant, int most, ItemsImports *out, Error *err)
{
    ImportListRows rows = {0};
    if (!import_list(conn, arena, tenant, most, &rows, err))
        return false;
    list_each (ImportListRow, row, &rows)
        list_add(arena, out,
                 ((ItemsImport){.id = row->id,
                                .officer = row->officer,
                                .file_name = row->file_name,
                                .uploaded_at = row->uploaded_at,
                                .is_saved = row->is_saved}));
    return true;
}

bool store_import_is_saved(Tx *tx, Id tenant, Id id, Error *err)
{
    return import_saved(tx_conn(tx), tenant, id, NULL, err);
}

bool store_drop_import(Tx *tx, Id tenant, Id id, Error *err)
{
    return import_drop(tx_conn(tx), tenant, id, NULL, err);
}

bool store_drop_looked_at(Tx *tx, Id tenant, Id officer, Error *err)
{
    return import_drop_looked_at(tx_conn(tx), tenant, officer, NULL, err);
}

bool store_import_draft(Tx *tx, Id tenant, Id import, const Draft *draft, Error *err)
{
    DraftImportParams params = {.tenant = tenant,
                                .kind = draft->files.kind,
                                .code = draft->files.code,
                                .source = draft->files.source,
                                .english = draft->files.english ? draft->files.english : "",
                                .revision = draft->revision,
                                .officer = draft->officer,
                                .saved_at = draft->saved_at,
                                .import = import};
    return draft_import(tx_conn(tx), &params, NULL, err);
}

bool store_drafts_of_import(DbConn *conn, Arena *arena, Id tenant, Id import, DefinitionSet *files,
                            DraftNames *names, Error *err)
{
    DraftOfImportRows rows = {0};
    if (!draft_of_import(conn, arena, tenant, import, &rows, err))
        return false;
    list_each (DraftOfImportRow, row, &rows) {
        const char *english = text_is_empty(row->english) ? NULL : row->english;
        list_add(arena, files, ((DefinitionFiles){row->kind, row->code, row->source, english}));
        list_add(arena, names, ((DraftName){row->kind, row->code, row->revision}));
    }
    return true;
}

bool store_drop_drafts_of_import(Tx *tx, Id tenant, Id import, Error *err)
{
    return draft_drop_import(tx_conn(tx), tenant, import, NULL, err);
}
