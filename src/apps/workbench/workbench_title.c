/* workbench_title.c - what definitions call themselves. */
#include "apps/workbench/workbench_internal.h"

const char *workbench_own_name(Request *req, const char *kind, const char *code)
{
    App *app = request_app(req);
    Date today = instant_date(req->now, app->zone_minutes);
    Error ignored = ERROR_NONE;
    Id definition;
    if (text_equal(kind, "item")) {
        const Item *item = catalogue_item(app, req->conn, code, today, &ignored);
        return item ? both_in(item->name, req->language) : NULL;
    }
    if (!catalogue_in_force(app, req->conn, kind, code, today, &definition, &ignored))
        return NULL;
    return catalogue_own_name(app, req->conn, kind, definition, req->language);
}

const char *workbench_title(Request *req, const char *kind, const char *code)
{
    const char *name = workbench_own_name(req, kind, code);
    return name ? arena_printf(req->arena, "%s · %s", name, code) : code;
}
