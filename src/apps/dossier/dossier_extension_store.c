/* dossier_extension_store.c - rows of extensions. */
#include "apps/dossier/dossier_extension.h"

#include "apps/dossier/dossier_extension_sql.h"

bool store_add_extension(Tx *tx, App *app, const Extension *extension, Error *err)
{
    return extension_insert(tx_conn(tx),
                            &(ExtensionInsertParams){.tenant = app->tenant,
                                                     .id = extension->id,
                                                     .dossier = extension->dossier,
                                                     .task = extension->task,
                                                     .unit = extension->unit,
                                                     .officer = extension->officer,
                                                     .reason = extension->reason,
                                                     .amount = extension->amount,
                                                     .basis = extension->basis.zh,
                                                     .basis_en = extension->basis.en,
                                                     .asked_at = extension->asked_at},
                            NULL, err);
}

bool store_decide_extension(Tx *tx, App *app, const Extension *extension, Error *err)
{
    return extension_decide(tx_conn(tx),
                            &(ExtensionDecideParams){.tenant = app->tenant,
                                                     .id = extension->id,
                                                     .state = extension->state,
                                                     .decided_by = extension->decided_by,
                                                     .decided_at = extension->decided_at,
                                                     .decision = extension->decision,
                                                     .due_before = extension->due_before,
                                                     .due_after = extension->due_after},
                            NULL, err);
}

static Extension extension_of(const ExtensionRow *row)
{
    return (Extension){.id = row->id,
                       .dossier = row->dossier,
                       .task = row->task,
                       .unit = row->unit,
                       .officer = row->officer,
                       .state = row->state,
                       .reason = row->reason,
                       .amount = row->amount,
                       .basis = {row->basis, row->basis_en},
                       .asked_at = row->asked_at,
                       .decided_by = row->decided_by,
                       .decided_at = row->decided_at,
                       .decision = row->decision,
                       .due_before = row->due_before,
                       .due_after = row->due_after};
}

bool store_extensions(DbConn *conn, Arena *arena, Id tenant, Id dossier, Extensions *out,
                      Error *err)
{
    ExtensionRows rows = {0};
    if (!extension_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (ExtensionRow, row, &rows)
        list_add(arena, out, extension_of(row));
    return true;
}

bool store_extension(DbConn *conn, Arena *arena, Id tenant, Id id, Extension *out, Error *err)
{
    ExtensionRow row = {0};
    bool is_found;
    if (!extension_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "extension.unknown");
    *out = extension_of(&row);
    return true;
}

bool store_extension_queue(DbConn *conn, Arena *arena, Id tenant, Id unit, Id after, int most,
                           AskedExtensions *out, Error *err)
{
    ExtensionQueueRows rows = {0};
    if (!extension_queue(conn, arena, tenant, unit, after, most, &rows, err))
        return false;
    list_each (ExtensionQueueRow, row, &rows) {
        AskedExtension asked = {.id = row->id,
                                .number = row->number,
                                .item_name = {row->item_name, row->item_name_en},
                                .applicant_name = row->applicant_name,
                                .officer = row->officer,
                                .reason = row->reason,
                                .amount = row->amount,
                                .limit_unit = row->limit_unit,
                                .basis = {row->basis, row->basis_en},
                                .asked_at = row->asked_at,
                                .due_on = row->due_on,
                                .due_at = row->due_at};
        list_add(arena, out, asked);
    }
    return true;
}

bool store_count_extensions(DbConn *conn, Arena *arena, Id tenant, Id unit, int64_t *out,
                            Error *err)
{
    ExtensionCountRow row = {0};
    if (!extension_count(conn, arena, tenant, unit, &row, err))
        return false;
    *out = row.count;
    return true;
}
