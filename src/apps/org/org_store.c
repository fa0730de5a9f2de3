/* org_store.c - the only code that knows the columns of units, windows and posts. */
#include "apps/org/org_store.h"

#include "apps/org/org_sql.h"

bool org_store_tenant(Tx *tx, Id tenant, const char *code, const char *name, const char *name_en,
                      const char *division, Error *err)
{
    return org_tenant_put(tx_conn(tx), tenant, code, name, name_en, division, NULL, err);
}

bool org_store_short_name(Tx *tx, Id tenant, const char *short_name, Error *err)
{
    return org_tenant_set_short_name(tx_conn(tx), tenant, short_name, NULL, err);
}

bool org_store_find_tenant(DbConn *conn, Arena *arena, Id tenant, Tenant *out, bool *out_found,
                           Error *err)
{
    OrgTenantGetRow row = {0};
    if (!org_tenant_get(conn, arena, tenant, &row, out_found, err))
        return false;
    *out = (Tenant){.name = row.name,
                    .name_en = row.name_en,
                    .short_name = *out_found && *row.short_name ? row.short_name : row.name};
    return true;
}

bool org_store_unit(Tx *tx, Id tenant, const Unit *unit, Id *out_id, Error *err)
{
    OrgUnitPutParams params = {.tenant = tenant,
                               .id = tx_new_id(tx),
                               .parent = unit->parent,
                               .code = unit->code,
                               .kind = unit->kind,
                               .name = unit->name,
                               .name_en = unit->name_en,
                               .division = unit->division};
    OrgUnitOfCodeRow row;
    if (!org_unit_put(tx_conn(tx), &params, NULL, err) ||
        !org_unit_of_code(tx_conn(tx), tx_arena(tx), tenant, unit->code, &row, err))
        return false;
    *out_id = row.id;
    return true;
}

bool org_store_units(DbConn *conn, Arena *arena, Id tenant, Units *out, Error *err)
{
    OrgUnitListRows rows = {0};
    if (!org_unit_list(conn, arena, tenant, &rows, err))
        return false;
    list_each (OrgUnitListRow, row, &rows) {
        Unit unit = {.id = row->id,
                     .parent = row->parent,
                     .code = row->code,
                     .kind = row->kind,
                     .name = row->name,
                     .name_en = row->name_en,
                     .division = row->division};
        list_add(arena, out, unit);
    }
    return true;
}

bool org_store_window(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                      const char *name_en, Id *out_id, Error *err)
{
    OrgWindowOfCodeRow row;
    if (!org_window_put(tx_conn(tx), tenant, tx_new_id(tx), unit, code, name, name_en, NULL, err) ||
        !org_window_of_code(tx_conn(tx), tx_arena(tx), tenant, code, &row, err))
        return false;
    *out_id = row.id;
    return true;
}

bool org_store_post(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                    const char *name_en, Id holder_a, Id holder_b, Error *err)
{
    return org_post_put(tx_conn(tx),
                        &(OrgPostPutParams){.tenant = tenant,
                                            .id = tx_new_id(tx),
                                            .unit = unit,
                                            .code = code,
                                            .name = name,
                                            .name_en = name_en,
                                            .holder_a = holder_a,
                                            .holder_b = holder_b},
                        NULL, err);
}
