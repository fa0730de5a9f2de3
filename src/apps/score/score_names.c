/* score_names.c - who may see what, and the names of units, windows and persons. */
#include "apps/score/score_internal.h"

bool score_access(Request *req, ScoreAccess *out, Error *err)
{
    Rights rights = req->user.rights;
    bool is_at_desk = rights_have(rights, RIGHT_DESK_READ);
    *out = (ScoreAccess){.is_all = rights_have(rights, RIGHT_SUPERVISE_READ) ||
                                   rights_have(rights, RIGHT_BOARD_READ),
                         .is_head = is_at_desk && rights_have(rights, RIGHT_DOSSIER_LEAD)};
    return out->is_all || is_at_desk ||
           error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
}

bool score_names(Request *req, ScoreNames *out, Error *err)
{
    *out = (ScoreNames){.req = req};
    return org_units(req->conn, req->arena, req->tenant, &out->units, err) &&
           store_score_windows(req->conn, req->arena, req->tenant, &out->windows, err) &&
           store_score_persons(req->conn, req->arena, req->tenant, &out->persons, err);
}

const Unit *score_unit_of(const ScoreNames *names, Id id)
{
    list_each (const Unit, unit, &names->units)
        if (unit->id == id)
            return unit;
    return NULL;
}

const ScoreWindow *score_window_of(const ScoreNames *names, Id id)
{
    list_each (const ScoreWindow, window, &names->windows)
        if (window->id == id)
            return window;
    return NULL;
}

const ScorePerson *score_person_of(const ScoreNames *names, Id id)
{
    list_each (const ScorePerson, person, &names->persons)
        if (person->id == id)
            return person;
    return NULL;
}

const char *score_unit_name(const ScoreNames *names, Id id)
{
    return org_name_in(names->req, score_unit_of(names, id));
}

const char *score_person_name(const ScoreNames *names, Id id)
{
    const ScorePerson *person = score_person_of(names, id);
    if (!person)
        return NULL;
    return names->req->language == LANGUAGE_EN ? person->name_en : person->name;
}
