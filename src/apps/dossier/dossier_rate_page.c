/*
 * dossier_rate_page.c - /rate/{token}: whoever holds the receipt rates, once and without logging
 * in; an officer who is logged in is told that nobody rates for a citizen.
 */
#include "apps/dossier/dossier_paper_pages.h"
#include "apps/dossier/dossier_rating.h"
#include "apps/identity/identity.h"

static bool show_grades(Request *req, RateView *view, Error *err)
{
    App *app = request_app(req);
    BothList grades = {0};
    const char *typed = request_typed(req, "grade");
    if (!rating_grades(app, req->conn, req->arena, instant_date(req->now, app->zone_minutes),
                       &grades, err))
        return false;
    view->comment = request_field(req, paper_rate_input, "comment", NULL);
    view->grade_error = request_error_of(req, "grade");
    view->grades.items = arena_array(req->arena, RateGradeView, grades.count);
    list_each (Both, grade, &grades) {
        size_t at = view->grades.count++;
        view->grades.items[at] = (RateGradeView){
            .grade = (int64_t)at + 1,
            .label = both_in(*grade, req->language),
            .icon = rating_icon(at, grades.count),
            .is_chosen = text_equal(typed, arena_printf(req->arena, "%zu", at + 1))};
    }
    return true;
}

bool rate_page(Request *req, Error *err)
{
    App *app = request_app(req);
    RateView *view = arena_new(req->arena, RateView);
    FieldErrors errors = request_errors(req);
    Dossier dossier;
    Rating rating;
    bool is_rated;
    if (!identity_may_try(app, req, err))
        return false;
    view->token = input_text(req, "token");
    Id id = rating_of_token(app, req->arena, view->token);
    if (!id)
        return error_set(err, ERROR_NOT_FOUND, .code = "rating.unknown");
    if (!dossier_by_id(req->conn, req->arena, req->tenant, id, &dossier, err) ||
        !store_rating(req->conn, req->arena, req->tenant, id, &rating, &is_rated, err))
        return false;
    view_list_set(&view->errors, &errors);
    view->item = both_in(dossier.item_name, req->language);
    view->is_officer = req->user.kind == USER_OFFICER;
    view->is_rated = is_rated;
    view->is_open = !is_rated && dossier.completed_at != INSTANT_NONE;
    return show_grades(req, view, err) && request_show(req, &RateView_type, view);
}

bool rate_token_act(Tx *tx, Request *req, Error *err)
{
    const char *back = arena_printf(req->arena, "/rate/%s", input_text(req, "token"));
    return dossier_rate_by_token(tx, request_app(req), &req->user, input_text(req, "token"),
                                 input_int(req, "grade", 0), input_text(req, "comment"), err) &&
           request_done(req, 200, back, NULL, NULL, "rating.thanks");
}
