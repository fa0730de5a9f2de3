/* admin_incidents.c - one open incident: what failed, and the form that tries its step again. */
#include "apps/admin/admin_internal.h"
#include "apps/dossier/dossier.h"

#include <string.h>

#define EXAMPLE "{\"answer\": true}"

const InputField admin_mend_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"variables", INPUT_LINES, 0, .most = 20000},
    {0},
};

/* Also the page again after a refused mending, with what was typed. */
bool incident_page(Request *req, Error *err)
{
    MendView *view = arena_new(req->arena, MendView);
    FieldErrors errors = request_errors(req);
    DossierIncident incident;
    if (!dossier_incident(req->conn, req->arena, req->tenant, input_id(req, "id"), &incident, err))
        return false;
    *view = (MendView){.id = incident.id,
                       .number = incident.number,
                       .item = both_in(incident.item_name, req->language),
                       .element = incident.element,
                       .code = incident.code,
                       .message = incident.message,
                       .raised_at = incident.raised_at,
                       .variables = request_field(req, admin_mend_input, "variables", NULL)};
    view->variables.hint = request_text(req, "admin.variables_hint", "example", EXAMPLE);
    view_list_set(&view->errors, &errors);
    return request_show(req, &MendView_type, view);
}

/* Variables are a JSON object or nothing; the place of a mistake is told. */
bool mend_prepare(Request *req, Error *err)
{
    const char *text = input_text(req, "variables");
    Error problem = ERROR_NONE;
    if (text_is_empty(text))
        return true;
    Json *variables = json_parse(req->arena, text, strlen(text), &JSON_LIMITS, &problem);
    if (!variables)
        return error_set(err, ERROR_INVALID, .code = "admin.bad_variables", .field = "variables",
                         .line = problem.line, .column = problem.column,
                         .with = {{"line", arena_printf(req->arena, "%d", problem.line)},
                                  {"column", arena_printf(req->arena, "%d", problem.column)}});
    if (variables->kind != JSON_OBJECT)
        return error_set(err, ERROR_INVALID, .code = "admin.no_object", .field = "variables",
                         .with = {{"example", EXAMPLE}});
    req->state = variables;
    return true;
}

bool mend_act(Tx *tx, Request *req, Error *err)
{
    return dossier_mend(tx, request_app(req), &req->user, input_id(req, "id"), req->state, err) &&
           request_done(req, 200, "/admin", NULL, NULL, "admin.mended");
}
