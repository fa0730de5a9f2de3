/* dossier_admin.c - what administrators and supervisors may know: open incidents, lamps. */
#include "apps/dossier/dossier_pages.h"

static DossierIncident incident_of(const Incident *incident)
{
    return (DossierIncident){.id = incident->id,
                             .dossier = incident->dossier,
                             .number = incident->number,
                             .item_name = incident->item_name,
                             .element = incident->element,
                             .code = incident->code,
                             .message = incident->message,
                             .raised_at = incident->raised_at};
}

bool dossier_open_incidents(DbConn *conn, Arena *arena, Id tenant, Id after, int most,
                            DossierIncidents *out, Error *err)
{
    Incidents open = {0};
    if (!store_open_incidents(conn, arena, tenant, after, most, &open, err))
        return false;
    list_each (Incident, incident, &open)
        list_add(arena, out, incident_of(incident));
    return true;
}

bool dossier_incident(DbConn *conn, Arena *arena, Id tenant, Id id, DossierIncident *out,
                      Error *err)
{
    Incident known;
    DossierIncidents open = {0};
    if (!store_incident(conn, arena, tenant, id, &known, err))
        return false;
    if (known.resolved_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.mended_already");
    if (!dossier_open_incidents(conn, arena, tenant, id - 1, 1, &open, err))
        return false;
    if (!open.count || open.items[0].id != id) /* mended between the two questions */
        return error_set(err, ERROR_CONFLICT, .code = "dossier.mended_already");
    *out = open.items[0];
    return true;
}

bool dossier_lamp(Request *req, Instant due_at, bool is_stopped, Lamp *out, Error *err)
{
    return pages_lamp(req, due_at, is_stopped, out, err);
}

const char *dossier_ground_name(Request *req, const char *code)
{
    return pages_ground(req, code);
}
