#include "apps/org/org.h"
#include "service/app.h"

const char *org_name_in(const Request *req, const Unit *unit)
{
    if (!unit)
        return "";
    return req->language == LANGUAGE_EN ? unit->name_en : unit->name;
}

const char *org_unit_name(Request *req, Id unit, Error *err)
{
    if (!unit)
        return "";
    return org_name_in(req, org_unit(request_app(req)->org, req->conn, req->tenant, unit, err));
}

const char *org_unit_name_by_code(Request *req, const char *code, Error *err)
{
    Org *org = request_app(req)->org;
    return org_name_in(req, org_unit_by_code(org, req->conn, req->tenant, code, err));
}
