/* document_store.c - the only code that knows the columns of papers. */
#include "apps/document/document_store.h"

#include "apps/document/document_sql.h"

static SealPlace place_of(const App *app, Id id)
{
    return (SealPlace){.tenant = app->tenant, .table = "document", .column = "content", .row = id};
}

bool document_store_draw(Tx *tx, App *app, const char *kind, int year, int64_t *out, Error *err)
{
    DocumentSeriesDrawRow row;
    if (!document_series_draw(tx_conn(tx), tx_arena(tx), app->tenant, kind, year, &row, err))
        return false;
    *out = row.last;
    return true;
}

bool document_store_add(Tx *tx, App *app, const Document *document, Error *err)
{
    DbBytes sealed =
        keyring_seal(app->keys, tx_arena(tx), place_of(app, document->id), document->content);
    return document_insert(tx_conn(tx),
                           &(DocumentInsertParams){.tenant = app->tenant,
                                                   .id = document->id,
                                                   .dossier = document->dossier,
                                                   .kind = document->kind,
                                                   .number = document->number,
                                                   .code = document->code,
                                                   .unit = document->unit,
                                                   .title = document->title.zh,
                                                   .title_en = document->title.en,
                                                   .template = document->template,
                                                   .content = sealed,
                                                   .issued_at = document->issued_at},
                           NULL, err);
}

static bool from_row(App *app, Arena *arena, const DocumentRow *row, Document *out, Error *err)
{
    *out = (Document){.id = row->id,
                      .dossier = row->dossier,
                      .kind = row->kind,
                      .number = row->number,
                      .code = row->code,
                      .title = {row->title, row->title_en},
                      .unit = row->unit,
                      .template = row->template,
                      .issued_at = row->issued_at};
    out->content = keyring_unseal(app->keys, arena, place_of(app, row->id), row->content, err);
    return out->content != NULL;
}

bool document_store_list(DbConn *conn, App *app, Arena *arena, Id dossier, Documents *out,
                         Error *err)
{
    DocumentRows rows = {0};
    if (!document_of_dossier(conn, arena, app->tenant, dossier, &rows, err))
        return false;
    list_each (DocumentRow, row, &rows) {
        Document one;
        if (!from_row(app, arena, row, &one, err))
            return false;
        list_add(arena, out, one);
    }
    return true;
}

bool document_store_get(DbConn *conn, App *app, Arena *arena, Id id, Document *out, bool *out_found,
                        Error *err)
{
    DocumentRow row = {0};
    return document_by_key(conn, arena, app->tenant, id, &row, out_found, err) &&
           (!*out_found || from_row(app, arena, &row, out, err));
}

bool document_store_of_code(DbConn *conn, App *app, Arena *arena, const char *code, Document *out,
                            bool *out_found, Error *err)
{
    DocumentRow row = {0};
    return document_of_code(conn, arena, app->tenant, code, &row, out_found, err) &&
           (!*out_found || from_row(app, arena, &row, out, err));
}
