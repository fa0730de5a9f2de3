/*
 * dossier_apply.c - /apply/{code}: the form of an item, its re-rendering, and filing.
 *
 *     prepare (worker): form checked -> state; act (writer): dossier_file
 */
#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_people.h"

typedef struct Application {
    const Item *item;
    Json *answers;
    Uploads uploads;
} Application;

bool apply_page(Request *req, Error *err)
{
    App *app = request_app(req);
    const Application *refused = req->state;
    Error hindrance = ERROR_NONE;
    Id form;
    const Item *item = pages_item(req, err);
    if (!item ||
        !catalogue_in_force(app, req->conn, "form", item->form_code, pages_today(req), &form, err))
        return false;
    ApplyView *view = arena_new(req->arena, ApplyView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->code = item->code;
    view->item = both_in(item->name, req->language);
    view->kind = item->kind;
    materials_ask(req, item, refused ? &refused->uploads : NULL, &view->materials.items,
                  &view->materials.count);
    if (!people_choice(req, item, &view->applicant, err))
        return false;
    if (!people_may_apply(req, item, &hindrance))
        view->hindrance = message_of_error(req->arena, req->language, &hindrance);
    view->has_applicant_choice = view->applicant.name != NULL;
    return known_apply(req, item, form, view, err) && request_show(req, &ApplyView_type, view);
}

/* ---- filing ---------------------------------------------------------------------------------- */

/* The same page with what was typed and uploaded: answers may have changed what is asked. */
bool apply_refresh(Request *req, Error *err)
{
    Error problems = ERROR_NONE;
    Application *application = arena_new(req->arena, Application);
    application->item = pages_item(req, err);
    if (!application->item)
        return false;
    req->state = application;
    if (!uploads_take_item(req, application->item, &application->uploads, &problems))
        return error_fill(err, problems);
    return apply_page(req, err);
}

bool apply_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    Id definition;
    Application *application = arena_new(req->arena, Application);
    application->item = pages_item(req, err);
    if (!application->item)
        return false;
    if (!application->item->is_online)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_online");
    req->state = application;
    Error problems = ERROR_NONE;
    /* What was uploaded is kept first, so that no mistake elsewhere loses it. */
    bool has_uploads = uploads_take_item(req, application->item, &application->uploads, &problems);
    if (!materials_check(req, application->item, err) ||
        !catalogue_in_force(app, req->conn, "form", application->item->form_code, pages_today(req),
                            &definition, err))
        return false;
    bool is_fine = pages_submit(req, definition, &application->answers, err);
    if (!has_uploads)
        error_append(err, req->arena, problems); /* with all that follow it */
    return is_fine && has_uploads;
}

static bool show_filed(Request *req, const Dossier *dossier)
{
    FiledView *view = arena_new(req->arena, FiledView);
    const char *location = arena_printf(req->arena, "/dossiers/%s", dossier->number);
    *view = (FiledView){.number = dossier->number,
                        .state = dossier->state,
                        .stage = dossier->stage,
                        .promised_limit = dossier->promised_limit,
                        .limit_unit = dossier->limit_unit};
    return request_done(req, 201, location, &FiledView_type, view, "dossier.filed.flash");
}

bool apply_act(Tx *tx, Request *req, Error *err)
{
    Application *application = req->state;
    App *app = request_app(req);
    Dossier dossier;
    DossierActor actor;
    DossierFiling filing = {.item = application->item,
                            .account = req->user.id,
                            .channel = "online",
                            .actor_kind = "applicant",
                            .actor = req->user.id,
                            .answers = application->answers,
                            .uploads = &application->uploads};
    filing.brought_count = input_all(req, "material", &filing.brought);
    return people_choose(req, tx_conn(tx), application->item, &filing, &actor, err) &&
           dossier_file(tx, app, &filing, &dossier, err) &&
           people_name(tx, app, &dossier, &actor, 0, "applicant", req->user.id, err) &&
           show_filed(req, &dossier);
}
