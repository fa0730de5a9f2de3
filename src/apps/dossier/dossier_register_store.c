/* dossier_register_store.c - the only code that knows the columns of intake_register. */
#include "apps/dossier/dossier_register.h"
#include "apps/dossier/dossier_register_sql.h"

bool store_add_registered(Tx *tx, Id tenant, Id unit, Id dossier, Id officer, Instant at,
                          Error *err)
{
    return register_put(tx_conn(tx), tenant, unit, dossier, officer, at, NULL, err);
}

bool store_clear_register(Tx *tx, Error *err)
{
    return register_clear(tx_conn(tx), NULL, err);
}

bool store_register(DbConn *conn, Arena *arena, Id tenant, Id unit, Id before, int most,
                    RegisteredList *out, Error *err)
{
    RegisterListRows rows = {0};
    if (!register_list(conn, arena, tenant, unit, before ? before : INT64_MAX, most, &rows, err))
        return false;
    list_each (RegisterListRow, row, &rows)
        list_add(arena, out,
                 ((Registered){.dossier = row->dossier,
                               .number = row->number,
                               .item_name = {row->item_name, row->item_name_en},
                               .applicant_name = row->applicant_name,
                               .state = row->state,
                               .waits_for = row->waits_for,
                               .officer = row->officer,
                               .at = row->at,
                               .due_at = row->due_at,
                               .completed_at = row->completed_at}));
    return true;
}
