/*
 * admin.c - /admin: open incidents and the state of the system; the route table.
 *
 *     admin -> verbs of dossier, org, identity, service, db; it has no facts of its own
 */
#include "apps/admin/admin_internal.h"
#include "apps/admin/admin_version.h"
#include "apps/dossier/dossier.h"

enum { PAGE_ROWS = 50 };

static const InputField admin_input[] = {{"after", INPUT_ID, 0}, {0}};
static const InputField incident_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};
static const InputField mend_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"variables", INPUT_LINES, 0, .most = 20000},
    {0},
};

/* ---- /admin ---------------------------------------------------------------------------------- */

static bool show_incidents(Request *req, AdminView *view, Error *err)
{
    DossierIncidents open = {0};
    if (!dossier_open_incidents(req->conn, req->arena, req->tenant, input_id(req, "after"),
                                PAGE_ROWS + 1, &open, err))
        return false;
    size_t shown = open.count > PAGE_ROWS ? PAGE_ROWS : open.count;
    view->incidents.items = arena_array(req->arena, IncidentLineView, shown);
    for (; view->incidents.count < shown; view->incidents.count++) {
        const DossierIncident *incident = &open.items[view->incidents.count];
        view->incidents.items[view->incidents.count] =
            (IncidentLineView){.id = incident->id,
                               .number = incident->number,
                               .item = both_in(incident->item_name, req->language),
                               .element = incident->element,
                               .code = incident->code,
                               .message = incident->message,
                               .raised_at = incident->raised_at};
    }
    view->pager.shown = (int64_t)shown;
    if (open.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)open.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "admin.no_incidents"),
                               .text = request_text(req, "admin.no_incidents_text")};
    return true;
}

static void show_system(Request *req, AdminView *view)
{
    Db *db = request_app(req)->db;
    DbStatistics statistics = db_statistics(db);
    view->at = req->now;
    view->version = ADMIN_VERSION;
    view->database = db_engine(db) == DB_SQLITE ? "SQLite" : "PostgreSQL";
    view->commands = statistics.commands;
    view->commits = statistics.commits;
    view->rows = statistics.rows;
    view->rollbacks = statistics.rollbacks;
    view->retries = statistics.retries;
    view->waiting = statistics.queue_length;
}

bool admin_page(Request *req, Error *err)
{
    AdminView *view = arena_new(req->arena, AdminView);
    show_system(req, view);
    return show_incidents(req, view, err) && request_show(req, &AdminView_type, view);
}

const Route admin_routes[] = {
    ROUTE_GET("/admin", RIGHT_ADMIN_READ, admin_page, &AdminView_type, admin_input,
              "Open incidents and the state of the system"),
    ROUTE_GET("/admin/incidents/{id}", RIGHT_ADMIN_READ, incident_page, &MendView_type,
              incident_input, "One open incident"),
    ROUTE_POST("/admin/incidents/{id}/mend", RIGHT_ADMIN_WORK, mend_prepare, mend_act,
               incident_page, NULL, mend_input, "Try a failed step again"),
    ROUTE_END,
};
