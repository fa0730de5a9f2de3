/* admin_store.c - the only code of this capability that knows columns. */
#include "apps/admin/admin_store.h"

#include "apps/admin/admin_sql.h"

bool store_applied(DbConn *conn, Id tenant, CalendarApplied *out, Error *err)
{
    AppliedGetRow row = {0};
    bool is_found;
    *out = (CalendarApplied){.applied_at = INSTANT_NONE};
    if (!applied_get(conn, NULL, tenant, &row, &is_found, err))
        return false;
    if (is_found)
        *out = (CalendarApplied){row.definition, row.applied_at, row.changed};
    return true;
}

bool store_apply(Tx *tx, Id tenant, const CalendarApplied *applied, Error *err)
{
    return applied_put(tx_conn(tx), tenant, applied->definition, applied->applied_at,
                       applied->changed, NULL, err);
}
