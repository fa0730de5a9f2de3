/*
 * org.c - the organisation and what its roles may do.
 *
 * A snapshot per tenant (units by id and code, roles to rights) is read at first use and replaced
 * after a commit that changed it. Old snapshots are kept: they are small, and somebody may still
 * read them.
 */
#include "apps/org/org.h"

#include <pthread.h>
#include <string.h>

#include "apps/org/org_store.h"
#include "db/journal.h"
#include "format/json.h"
#include "service/definition.h"

enum { TENANTS_AT_MOST = 64 };

typedef struct Snapshot {
    Id tenant;
    Units units;
    Map by_code; /* code -> Unit */
    Map roles;   /* name -> Rights, boxed */
} Snapshot;

struct Org {
    pthread_mutex_t lock;
    Arena *arena; /* of all snapshots; guarded by lock */
    Snapshot *current[TENANTS_AT_MOST];
    size_t count;
};

Org *org_create(Arena *arena)
{
    Org *org = arena_new(arena, Org);
    pthread_mutex_init(&org->lock, NULL);
    org->arena = arena_create(0);
    return org;
}

void org_destroy(Org *org)
{
    if (!org)
        return;
    arena_destroy(org->arena);
    pthread_mutex_destroy(&org->lock);
}

/* ---- roles ----------------------------------------------------------------------------------- */

static bool add_right(Rights *rights, const char *role, const Json *name, Arena *arena, Error *err)
{
    Right right = right_of_name(name->text ? name->text : "");
    if (right == RIGHT_NONE)
        return error_add(err, arena, ERROR_INVALID, .code = "org.unknown_right", .field = role,
                         .line = name->line, .with = {{"right", name->text}, {"role", role}});
    *rights |= (Rights)1 << right;
    return true;
}

/* {"roles": {name: {"rights": [...]}}} into a map of boxed Rights. */
static bool read_roles(Arena *arena, const char *json, Map *out, Error *err)
{
    Json *tree = json_parse(arena, json, strlen(json), &JSON_LIMITS, err);
    bool is_good = tree != NULL;
    *out = map_init(arena);
    json_each (role, json_get(tree, "roles")) {
        Rights *rights = arena_new(arena, Rights);
        json_each (right, json_get(role, "rights"))
            is_good &= add_right(rights, role->name, right, arena, err);
        map_set(out, arena_text(arena, role->name), rights);
    }
    return is_good;
}

/* ---- snapshots ------------------------------------------------------------------------------- */

static bool load_roles(Arena *arena, DbConn *conn, Id tenant, Map *out, Error *err)
{
    Definition roles;
    bool is_found;
    *out = map_init(arena);
    if (!definition_in_force(conn, arena, tenant, "roles", "roles", date_of(9999, 12, 31), &roles,
                             &is_found, err))
        return false;
    return !is_found || read_roles(arena, roles.content, out, err);
}

static Snapshot *load(Org *org, DbConn *conn, Id tenant, Error *err)
{
    Snapshot *snapshot = arena_new(org->arena, Snapshot);
    snapshot->tenant = tenant;
    snapshot->by_code = map_init(org->arena);
    if (!org_store_units(conn, org->arena, tenant, &snapshot->units, err) ||
        !load_roles(org->arena, conn, tenant, &snapshot->roles, err))
        return NULL;
    list_each (Unit, unit, &snapshot->units)
        map_set(&snapshot->by_code, unit->code, unit);
    return snapshot;
}

static Snapshot *find_current(const Org *org, Id tenant)
{
    for (size_t i = 0; i < org->count; i++)
        if (org->current[i]->tenant == tenant)
            return org->current[i];
    return NULL;
}

static const Snapshot *snapshot_of(Org *org, DbConn *conn, Id tenant, Error *err)
{
    pthread_mutex_lock(&org->lock);
    Snapshot *snapshot = find_current(org, tenant);
    if (!snapshot && org->count < TENANTS_AT_MOST && (snapshot = load(org, conn, tenant, err)))
        org->current[org->count++] = snapshot;
    pthread_mutex_unlock(&org->lock);
    return snapshot;
}

/* After a commit that changed the organisation: the next reader loads it anew. */
static void forget(void *data)
{
    Org *org = data;
    pthread_mutex_lock(&org->lock);
    org->count = 0;
    pthread_mutex_unlock(&org->lock);
}

/* ---- asking ---------------------------------------------------------------------------------- */

const Unit *org_unit(Org *org, DbConn *conn, Id tenant, Id id, Error *err)
{
    const Snapshot *snapshot = snapshot_of(org, conn, tenant, err);
    if (!snapshot)
        return NULL;
    list_each (Unit, unit, &snapshot->units)
        if (unit->id == id)
            return unit;
    return NULL;
}

const Unit *org_unit_by_code(Org *org, DbConn *conn, Id tenant, const char *code, Error *err)
{
    const Snapshot *snapshot = snapshot_of(org, conn, tenant, err);
    return snapshot ? map_get(&snapshot->by_code, code) : NULL;
}

bool org_rights(Org *org, DbConn *conn, Id tenant, const char *const *roles, size_t count,
                Rights *out, Error *err)
{
    const Snapshot *snapshot = snapshot_of(org, conn, tenant, err);
    *out = 0;
    for (size_t i = 0; snapshot && i < count; i++) {
        const Rights *rights = map_get(&snapshot->roles, roles[i]);
        *out |= rights ? *rights : 0;
    }
    return snapshot != NULL;
}

bool org_units(DbConn *conn, Arena *arena, Id tenant, Units *out, Error *err)
{
    return org_store_units(conn, arena, tenant, out, err);
}

/* ---- changing -------------------------------------------------------------------------------- */

static bool note_change(Tx *tx, Id tenant, const char *what, const char *code, Error *err)
{
    JournalEntry entry = {.tenant = tenant,
                          .kind = "org.changed",
                          .actor_kind = "system",
                          .subject = arena_printf(tx_arena(tx), "%s:%s", what, code),
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

bool org_put_tenant(Tx *tx, Id tenant, const char *code, const char *name, const char *name_en,
                    const char *division, Error *err)
{
    return org_store_tenant(tx, tenant, code, name, name_en, division, err) &&
           note_change(tx, tenant, "tenant", code, err);
}

bool org_put_short_name(Tx *tx, Id tenant, const char *short_name, Error *err)
{
    return org_store_short_name(tx, tenant, short_name, err) &&
           note_change(tx, tenant, "tenant", short_name, err);
}

bool org_tenant(DbConn *conn, Arena *arena, Id tenant, Tenant *out, Error *err)
{
    bool is_found;
    if (!org_store_find_tenant(conn, arena, tenant, out, &is_found, err))
        return false;
    return is_found || error_set(err, ERROR_UNAVAILABLE, .code = "org.no_tenant");
}

bool org_put_unit(Tx *tx, Org *org, Id tenant, const Unit *unit, Id *out_id, Error *err)
{
    tx_after_commit(tx, forget, org);
    return org_store_unit(tx, tenant, unit, out_id, err) &&
           note_change(tx, tenant, "unit", unit->code, err);
}

bool org_put_window(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                    const char *name_en, Id *out_id, Error *err)
{
    return org_store_window(tx, tenant, unit, code, name, name_en, out_id, err) &&
           note_change(tx, tenant, "window", code, err);
}

bool org_put_post(Tx *tx, Id tenant, Id unit, const char *code, const char *name,
                  const char *name_en, Id holder_a, Id holder_b, Error *err)
{
    return org_store_post(tx, tenant, unit, code, name, name_en, holder_a, holder_b, err) &&
           note_change(tx, tenant, "post", code, err);
}

bool org_publish_roles(Tx *tx, Org *org, Id tenant, const char *json, Error *err)
{
    Map roles;
    Definition published;
    Date from = date_of(2000, 1, 1);
    if (!read_roles(tx_arena(tx), json, &roles, err))
        return false;
    tx_after_commit(tx, forget, org);
    return definition_publish(tx, tenant, "roles", "roles", json, from, NULL, &published, err);
}
