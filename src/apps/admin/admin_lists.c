/* admin_lists.c - what is in force and who works here: /admin/definitions, /admin/people. */
#include "apps/admin/admin_internal.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "format/json.h"
#include "service/definition.h"

#include <string.h>

enum { PAGE_ROWS = 100 };

/* ---- definitions ----------------------------------------------------------------------------- */

static void add_definitions(Request *req, const Definitions *all, DefinitionsView *view)
{
    size_t before = view->definitions.count;
    view->definitions.items =
        arena_grow(req->arena, view->definitions.items, before * sizeof *view->definitions.items,
                   (before + all->count) * sizeof *view->definitions.items);
    list_each (Definition, one, all)
        view->definitions.items[view->definitions.count++] =
            (DefinitionLineView){.kind = one->kind,
                                 .code = one->code,
                                 .version = one->version,
                                 .effective_from = one->effective_from,
                                 .hash = one->hash};
}

bool definitions_page(Request *req, Error *err)
{
    static const char *const kinds[] = {"item",     "process", "table",    "form",
                                        "template", "roles",   "calendar", "scenario"};
    DefinitionsView *view = arena_new(req->arena, DefinitionsView);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        Definitions all = {0};
        if (!definition_list(req->conn, req->arena, req->tenant, kinds[i], &all, err))
            return false;
        add_definitions(req, &all, view);
    }
    return request_show(req, &DefinitionsView_type, view);
}

/* ---- people ---------------------------------------------------------------------------------- */

static const char *unit_name(const Request *req, const Units *units, Id id)
{
    list_each (Unit, unit, units)
        if (unit->id == id)
            return org_name_in(req, unit);
    return NULL;
}

static bool show_units(Request *req, PeopleView *view, Units *units, Error *err)
{
    if (!org_units(req->conn, req->arena, req->tenant, units, err))
        return false;
    view->units.items = arena_array(req->arena, UnitLineView, units->count);
    list_each (Unit, unit, units)
        view->units.items[view->units.count++] =
            (UnitLineView){.code = unit->code,
                           .kind = unit->kind,
                           .name = org_name_in(req, unit),
                           .parent = unit_name(req, units, unit->parent),
                           .division = unit->division};
    return true;
}

/* The roles of the definition in force, by code; NULL when there is none. */
static bool read_roles(Request *req, const Json **out, Error *err)
{
    Definition roles;
    bool is_found;
    *out = NULL;
    if (!definition_in_force(req->conn, req->arena, req->tenant, "roles", "roles",
                             date_of(9999, 12, 31), &roles, &is_found, err))
        return false;
    if (!is_found)
        return true;
    const Json *tree =
        json_parse(req->arena, roles.content, strlen(roles.content), &JSON_LIMITS, err);
    *out = json_get(tree, "roles");
    return tree != NULL;
}

/* "window,handler" as people call them. */
static const char *role_names(const Request *req, const Json *roles, const char *codes)
{
    const char **parts;
    Buffer names = buffer_init(req->arena, 0);
    size_t count = text_split(req->arena, codes, ',', &parts);
    bool is_english = req->language == LANGUAGE_EN;
    for (size_t i = 0; i < count; i++) {
        const char *name = json_text(json_get(roles, parts[i]), is_english ? "name_en" : "name");
        if (i > 0)
            buffer_add(&names, is_english ? ", " : "、");
        buffer_add(&names, name ? name : parts[i]);
    }
    return buffer_text(&names);
}

static OfficerLineView officer_view(const Request *req, const Units *units, const Json *roles,
                                    const OfficerLine *officer)
{
    bool is_locked = officer->locked_until != INSTANT_NONE && officer->locked_until > req->now;
    return (OfficerLineView){.login = officer->login,
                             .name =
                                 req->language == LANGUAGE_EN ? officer->name_en : officer->name,
                             .unit = unit_name(req, units, officer->unit),
                             .roles = role_names(req, roles, officer->roles),
                             .state = is_locked ? "locked" : officer->state};
}

static bool show_officers(Request *req, PeopleView *view, const Units *units, Error *err)
{
    OfficerLines officers = {0};
    const Json *roles;
    const char *after = input_text(req, "after");
    if (!read_roles(req, &roles, err) ||
        !identity_officers(req->conn, req->arena, req->tenant, after ? after : "", PAGE_ROWS + 1,
                           &officers, err))
        return false;
    size_t shown = officers.count > PAGE_ROWS ? PAGE_ROWS : officers.count;
    view->officers.items = arena_array(req->arena, OfficerLineView, shown);
    for (size_t i = 0; i < shown; i++)
        view->officers.items[view->officers.count++] =
            officer_view(req, units, roles, &officers.items[i]);
    view->pager.shown = (int64_t)shown;
    if (officers.count > shown) {
        Buffer query = buffer_init(req->arena, 0);
        buffer_add(&query, "after=");
        view_put_url(&query, officers.items[shown - 1].login);
        view->pager.next_query = buffer_text(&query);
    }
    return true;
}

bool people_page(Request *req, Error *err)
{
    PeopleView *view = arena_new(req->arena, PeopleView);
    Units units = {0};
    return show_units(req, view, &units, err) && show_officers(req, view, &units, err) &&
           request_show(req, &PeopleView_type, view);
}
