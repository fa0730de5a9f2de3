#ifndef ORG_ORG_H
#define ORG_ORG_H

/*
 * Org: units, windows and posts of a county, and which rights a role bundles.
 *
 * Units and roles change rarely and are asked on every request, so Org keeps an immutable snapshot
 * per tenant; a change replaces it after its commit. Pointers into a snapshot stay valid for the
 * life of the program.
 */
#include "base/list.h"
#include "db/db.h"
#include "web/web.h"

typedef struct Org Org;

typedef struct Unit {
    Id id;
    Id parent; /* 0 at the top */
    const char *code;
    const char *kind; /* centre department section township village */
    const char *name;
    const char *name_en;
    const char *division;
} Unit;

typedef LIST(Unit) Units;

/* The controller of the data: a county or a city. */
typedef struct Tenant {
    const char *name;
    const char *name_en;
    const char *short_name; /* in numbers of papers: 青溪; its name when none was given */
} Tenant;

/* Lives in the arena of the server. */
Org *org_create(Arena *arena);
void org_destroy(Org *org);

/* A unit by id or by code; NULL without an error when there is none (err stays clean). */
const Unit *org_unit(Org *org, DbConn *conn, Id tenant, Id id, Error *err);
const Unit *org_unit_by_code(Org *org, DbConn *conn, Id tenant, const char *code, Error *err);

/* The rights of a list of role names, from the definition of kind "roles" in force: the union.
 * Unknown roles give nothing. */
MUST_CHECK bool org_rights(Org *org, DbConn *conn, Id tenant, const char *const *roles,
                           size_t count, Rights *out, Error *err);

/* The county: org.no_tenant (ERROR_UNAVAILABLE) before it has been made. */
MUST_CHECK bool org_tenant(DbConn *conn, Arena *arena, Id tenant, Tenant *out, Error *err);

/* Names on pages, in the page's language. A unit's own, "" for NULL; that of an id, "" for 0 and
 * for what is unknown (err tells of a failed read alone). */
const char *org_name_in(const Request *req, const Unit *unit);
const char *org_unit_name(Request *req, Id unit, Error *err);
const char *org_unit_name_by_code(Request *req, const char *code, Error *err);

/* Every unit, by code. */
MUST_CHECK bool org_units(DbConn *conn, Arena *arena, Id tenant, Units *out, Error *err);

/* Makes or renames the tenant, a unit, a window, a post (found by code); appends org.changed. */
MUST_CHECK bool org_put_tenant(Tx *tx, Id tenant, const char *code, const char *name,
                               const char *name_en, const char *division, Error *err);
/* The name in numbers of papers and in seals. */
MUST_CHECK bool org_put_short_name(Tx *tx, Id tenant, const char *short_name, Error *err);
MUST_CHECK bool org_put_unit(Tx *tx, Org *org, Id tenant, const Unit *unit, Id *out_id, Error *err);
MUST_CHECK bool org_put_window(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                               const char *name_en, Id *out_id, Error *err);
MUST_CHECK bool org_put_post(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                             const char *name_en, Id holder_a, Id holder_b, Error *err);

/* Publishes roles.json ({"roles": {"window": {"name":, "name_en":, "rights": [...]}}}): refused
 * with org.unknown_right naming the role and right. */
MUST_CHECK bool org_publish_roles(Tx *tx, Org *org, Id tenant, const char *json, Error *err);

#endif
