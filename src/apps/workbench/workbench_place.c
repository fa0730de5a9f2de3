/*
 * workbench_place.c - where a table is in force: everywhere, or for a township or village of its
 * own.
 */
#include "apps/org/org.h"
#include "apps/workbench/workbench_internal.h"

#include <string.h>

static bool has_place(const Unit *unit)
{
    return (text_equal(unit->kind, "township") || text_equal(unit->kind, "village")) &&
           !text_is_empty(unit->division);
}

static bool is_place(const Units *units, const char *division)
{
    list_each (Unit, unit, units)
        if (has_place(unit) && text_equal(unit->division, division))
            return true;
    return false;
}

bool workbench_place(Request *req, const char *kind, const char **out, Error *err)
{
    Units units = {0};
    const char *place = input_text(req, "place");
    *out = place ? place : "";
    if (text_is_empty(place))
        return true;
    if (!text_equal(kind, "table"))
        return error_set(err, ERROR_INVALID, .code = "pack.only_tables", .field = "place");
    return org_units(req->conn, req->arena, req->tenant, &units, err) &&
           (is_place(&units, place) ||
            error_set(err, ERROR_INVALID, .code = "workbench.place_unknown", .field = "place"));
}

bool workbench_place_field(Request *req, FormField *out, Error *err)
{
    Units units = {0};
    if (!org_units(req->conn, req->arena, req->tenant, &units, err))
        return false;
    *out = request_field(req, workbench_publish_input, "place", NULL);
    out->type = "choice";
    out->hint = request_text(req, "workbench.where_hint");
    out->choices.items = arena_array(req->arena, FieldChoice, units.count + 1);
    out->choices.count = 0;
    out->choices.items[out->choices.count++] = (FieldChoice){
        .value = "",
        .label = request_text(req, "workbench.everywhere"),
        .is_chosen = text_is_empty(out->value),
    };
    list_each (Unit, unit, &units)
        if (has_place(unit))
            out->choices.items[out->choices.count++] =
                (FieldChoice){.value = unit->division,
                              .label = org_name_in(req, unit),
                              .is_chosen = text_equal(out->value, unit->division)};
    return true;
}

const char *workbench_place_name(Request *req, const char *division, Error *err)
{
    Units units = {0};
    if (text_is_empty(division) || !org_units(req->conn, req->arena, req->tenant, &units, err))
        return NULL;
    list_each (Unit, unit, &units)
        if (has_place(unit) && text_equal(unit->division, division))
            return org_name_in(req, unit);
    return division;
}
