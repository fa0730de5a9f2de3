#ifndef ORG_ORG_STORE_H
#define ORG_ORG_STORE_H

/* Rows of the organisation to structs and back. Found by code; a known code keeps its id. */
#include "apps/org/org.h"

MUST_CHECK bool org_store_tenant(Tx *tx, Id tenant, const char *code, const char *name,
                                 const char *name_en, const char *division, Error *err);
MUST_CHECK bool org_store_short_name(Tx *tx, Id tenant, const char *short_name, Error *err);
MUST_CHECK bool org_store_find_tenant(DbConn *conn, Arena *arena, Id tenant, Tenant *out,
                                      bool *out_found, Error *err);
MUST_CHECK bool org_store_unit(Tx *tx, Id tenant, const Unit *unit, Id *out_id, Error *err);
MUST_CHECK bool org_store_units(DbConn *conn, Arena *arena, Id tenant, Units *out, Error *err);
MUST_CHECK bool org_store_window(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                                 const char *name_en, Id *out_id, Error *err);
MUST_CHECK bool org_store_post(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                               const char *name_en, Id holder_a, Id holder_b, Error *err);

#endif
