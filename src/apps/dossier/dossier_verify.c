/*
 * dossier_verify.c - /verify: whoever holds a paper asks whether this office issued it. A code that
 * cannot be one, one that was guessed, and one that is nobody's get the same answer on the same
 * way: both tables are asked, whatever the first one says.
 */
#include <string.h>

#include "apps/document/document.h"
#include "apps/dossier/dossier_paper_pages.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

static VerifyView *new_view(Request *req)
{
    VerifyView *view = arena_new(req->arena, VerifyView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->code = request_field(req, paper_verify_input, "code", NULL);
    view->issued_at = INSTANT_NONE;
    return view;
}

/* The name on the paper, in part. */
static const char *holder_of(Request *req, const char *content, Error *err)
{
    const Json *json = json_parse(req->arena, content, strlen(content), &JSON_LIMITS, err);
    const char *name = json_text(json, "applicant_name");
    return json ? document_masked_name(req->arena, name ? name : "") : NULL;
}

static bool show_genuine(Request *req, VerifyView *view, Id unit, const char *content, Error *err)
{
    view->is_genuine = true;
    view->issuer = org_unit_name(req, unit, err);
    view->holder.shown = holder_of(req, content, err);
    return view->holder.shown && !error_is_set(err);
}

static bool show_paper(Request *req, VerifyView *view, const Document *paper, Error *err)
{
    view->kind = paper->kind;
    view->title = both_in(paper->title, req->language);
    view->number = paper->number;
    view->issued_at = paper->issued_at;
    return show_genuine(req, view, paper->unit, paper->content, err);
}

static bool show_certificate(Request *req, VerifyView *view, const Certificate *certificate,
                             Error *err)
{
    Dossier dossier;
    Id unit = certificate->unit;
    if (!unit &&
        !dossier_by_id(req->conn, req->arena, req->tenant, certificate->dossier, &dossier, err))
        return false;
    view->kind = "certificate";
    view->title = both_in(certificate->title, req->language);
    view->number = certificate->number;
    view->issued_at = certificate->issued_at;
    return show_genuine(req, view, unit ? unit : dossier.unit, certificate->content, err);
}

/* What cannot be a code is looked for as well, under one that nobody has. */
static bool look_up(Request *req, VerifyView *view, const char *typed, Error *err)
{
    App *app = request_app(req);
    const char *code = document_code_read(req->arena, typed);
    bool is_paper, is_certificate;
    Document paper;
    Certificate certificate;
    code = code ? code : "-";
    if (!document_of_verify_code(req->conn, app, req->arena, code, &paper, &is_paper, err) ||
        !store_certificate_of_code(req->conn, app, req->arena, code, &certificate, &is_certificate,
                                   err))
        return false;
    view->is_asked = true;
    if (is_paper)
        return show_paper(req, view, &paper, err);
    return !is_certificate || show_certificate(req, view, &certificate, err);
}

bool verify_page(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &VerifyView_type, new_view(req));
}

static bool verify(Request *req, Error *err)
{
    VerifyView *view = new_view(req);
    return identity_may_try(request_app(req), req, err) &&
           look_up(req, view, input_text(req, "code"), err) &&
           request_show(req, &VerifyView_type, view);
}

bool verify_post(Request *req, Error *err)
{
    return verify(req, err);
}

bool verify_code_page(Request *req, Error *err)
{
    return verify(req, err);
}
