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
static const InputField people_input[] = {{"after", INPUT_TEXT, 0, .most = 60}, {0}};

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

static bool show_system(Request *req, SystemView *view, Error *err)
{
    Db *db = request_app(req)->db;
    DbStatistics statistics = db_statistics(db);
    *view = (SystemView){.version = ADMIN_VERSION,
                         .database = db_engine(db) == DB_SQLITE ? "SQLite" : "PostgreSQL",
                         .commands = statistics.commands,
                         .commits = statistics.commits,
                         .rows = statistics.rows,
                         .rollbacks = statistics.rollbacks,
                         .retries = statistics.retries,
                         .waiting = statistics.queue_length};
    return journal_size(req->conn, &view->sealed, &view->unsealed, err);
}

static bool admin_page(Request *req, Error *err)
{
    AdminView *view = arena_new(req->arena, AdminView);
    view->at = req->now;
    return show_system(req, &view->system, err) && show_incidents(req, view, err) &&
           request_show(req, &AdminView_type, view);
}

const Route admin_routes[] = {
    ROUTE_GET("/admin", RIGHT_ADMIN_READ, admin_page, &AdminView_type, admin_input,
              "Open incidents and the state of the system"),
    ROUTE_GET("/admin/incidents/{id}", RIGHT_ADMIN_READ, incident_page, &MendView_type,
              incident_input, "One open incident"),
    ROUTE_POST("/admin/incidents/{id}/mend", RIGHT_ADMIN_WORK, mend_prepare, mend_act,
               incident_page, NULL, admin_mend_input, "Try a failed step again"),
    ROUTE_GET("/admin/calendar", RIGHT_ADMIN_READ, calendar_page, &CalendarView_type, NULL,
              "The calendars in force"),
    ROUTE_POST("/admin/calendar", RIGHT_CALENDAR_WORK, load_prepare, load_act, calendar_page,
               &CalendarLoadedView_type, admin_calendar_input,
               "Load a holiday table or local exceptions"),
    ROUTE_GET("/admin/definitions", RIGHT_ADMIN_READ, definitions_page, &DefinitionsView_type, NULL,
              "The newest version of every definition"),
    ROUTE_GET("/admin/people", RIGHT_ADMIN_READ, people_page, &PeopleView_type, people_input,
              "Units, and officers with their roles"),
    ROUTE_END,
};
