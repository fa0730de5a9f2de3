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
