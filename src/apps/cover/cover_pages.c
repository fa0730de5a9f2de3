/* cover_pages.c - /cover: the posts of a unit, who is away, and the forms to say so. */
#include "apps/cover/cover_gap.h"
#include "apps/cover/cover_store.h"
#include "apps/cover/cover_views_gen.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/calendars.h"

enum { ABSENCES_MOST = 500 };

static const char *const reasons[] = {"leave", "trip", "training", "meeting", "other", NULL};

static const InputField absence_input[] = {
    {"officer", INPUT_ID, 0, .label = "cover.officer"},
    {"away_from", INPUT_DATE, INPUT_REQUIRED, .label = "cover.from"},
    {"away_to", INPUT_DATE, INPUT_REQUIRED, .label = "cover.to"},
    {"reason", INPUT_CHOICE, INPUT_REQUIRED, .choices = reasons, .label = "cover.reason"},
    {0},
};
static const InputField end_input[] = {
    {"absence", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};
static const InputField post_input[] = {
    {"post", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"holder_a", INPUT_ID, 0, .label = "cover.a"},
    {"holder_b", INPUT_ID, 0, .label = "cover.b"},
    {0},
};

/* What the page is made of: a unit's, or (supervisors) everybody's. */
typedef struct Cover {
    Request *req;
    Id unit; /* 0: all */
    Date today;
    const CalendarTable *table;
    Posts posts;
    Absences absences;
    StaffList staff;
} Cover;

/* ---- reading --------------------------------------------------------------------------------- */

/* Supervisors see every unit; others their own. */
static bool scope_of(Request *req, Cover *out, Error *err)
{
    bool is_supervisor = rights_have(req->user.rights, RIGHT_SUPERVISE_READ);
    bool is_at_desk = rights_have(req->user.rights, RIGHT_DESK_READ);
    if (!is_supervisor && !is_at_desk)
        return error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
    out->req = req;
    out->unit = is_at_desk ? req->user.unit : 0;
    out->today = instant_date(req->now, request_app(req)->zone_minutes);
    return true;
}

static bool read_cover(Cover *cover, Error *err)
{
    Request *req = cover->req;
    cover->table = calendars_get(request_app(req)->calendars, req->conn, req->tenant, err);
    return cover->table &&
           store_posts(req->conn, req->arena, req->tenant, cover->unit, &cover->posts, err) &&
           store_absences(req->conn, req->arena, req->tenant, cover->unit, cover->today,
                          ABSENCES_MOST, &cover->absences, err) &&
           (!cover->unit ||
            store_staff(req->conn, req->arena, req->tenant, cover->unit, &cover->staff, err));
}

/* ---- showing --------------------------------------------------------------------------------- */

/* A choice among the officers of the unit; `chosen` 0: nobody. */
static FormField staff_field(Cover *cover, const InputField *fields, const char *name, Id chosen,
                             const char *nobody)
{
    Request *req = cover->req;
    const char *typed = request_typed(req, name);
    const char *value = typed    ? typed
                        : chosen ? arena_printf(req->arena, "%lld", (long long)chosen)
                                 : "";
    FormField field = request_field(req, fields, name, value);
    field.type = "choice";
    field.choices.items = arena_array(req->arena, FieldChoice, cover->staff.count + 1);
    field.choices.items[field.choices.count++] =
        (FieldChoice){.value = "", .label = request_text(req, nobody), .is_chosen = !*value};
    list_each (Staff, one, &cover->staff) {
        const char *id = arena_printf(req->arena, "%lld", (long long)one->id);
        const char *label = req->language == LANGUAGE_EN ? one->name_en : one->name;
        field.choices.items[field.choices.count++] =
            (FieldChoice){.value = id,
                          .label = arena_printf(req->arena, "%s (%s)", label, one->login),
                          .is_chosen = text_equal(id, value)};
    }
    return field;
}

static void show_gaps(Cover *cover, const Post *post, PostView *out)
{
    Gaps gaps = gaps_of(cover->table, cover->req->arena, post, &cover->absences, cover->today);
    out->gaps.items = arena_array(cover->req->arena, GapView, gaps.count);
    list_each (Gap, gap, &gaps)
        out->gaps.items[out->gaps.count++] =
            (GapView){gap->from, gap->to, date_compare(gap->from, gap->to) == 0};
}

static PostView post_view(Cover *cover, const Post *post, bool is_head, Error *err)
{
    Request *req = cover->req;
    PostView view = {.id = post->id,
                     .code = post->code,
                     .unit = org_unit_name(req, post->unit, err),
                     .name = req->language == LANGUAGE_EN ? post->name_en : post->name,
                     .a = identity_officer_label(req, post->a, err),
                     .b = identity_officer_label(req, post->b, err),
                     .is_a_away = post->a && gap_is_away(&cover->absences, post->a, cover->today),
                     .is_b_away = post->b && gap_is_away(&cover->absences, post->b, cover->today)};
    show_gaps(cover, post, &view);
    if (is_head) {
        view.is_open = input_id(req, "post") == post->id;
        view.holder_a = staff_field(cover, post_input, "holder_a", post->a, "cover.nobody");
        view.holder_b = staff_field(cover, post_input, "holder_b", post->b, "cover.nobody");
    }
    return view;
}

static bool show_posts(Cover *cover, CoverView *view, Error *err)
{
    view->posts.items = arena_array(cover->req->arena, PostView, cover->posts.count);
    list_each (Post, post, &cover->posts) {
        PostView one = post_view(cover, post, view->is_head, err);
        if (cover->unit || one.gaps.count)
            view->posts.items[view->posts.count++] = one;
    }
    return !error_is_set(err);
}

static bool show_absences(Cover *cover, CoverView *view, Error *err)
{
    Request *req = cover->req;
    view->absences.items = arena_array(req->arena, AbsenceView, cover->absences.count);
    list_each (Absence, one, &cover->absences)
        view->absences.items[view->absences.count++] =
            (AbsenceView){.id = one->id,
                          .officer = identity_officer_label(req, one->officer, err),
                          .unit = org_unit_name(req, one->unit, err),
                          .from = one->from,
                          .to = one->to,
                          .reason = one->reason,
                          .is_now = date_compare(one->from, cover->today) <= 0,
                          .can_end = view->is_head || one->officer == req->user.id};
    return !error_is_set(err);
}

static void show_staff(Cover *cover, CoverView *view)
{
    Request *req = cover->req;
    view->staff.items = arena_array(req->arena, StaffView, cover->staff.count);
    list_each (Staff, one, &cover->staff)
        view->staff.items[view->staff.count++] =
            (StaffView){.id = one->id,
                        .login = one->login,
                        .name = req->language == LANGUAGE_EN ? one->name_en : one->name};
}

static void show_form(Cover *cover, CoverView *view)
{
    Request *req = cover->req;
    view->can_note = cover->unit != 0;
    view->away_from = request_field(req, absence_input, "away_from", NULL);
    view->away_to = request_field(req, absence_input, "away_to", NULL);
    view->reason = request_field(req, absence_input, "reason", NULL);
    if (!view->is_head)
        return;
    show_staff(cover, view);
    view->officer = staff_field(cover, absence_input, "officer", req->user.id, "cover.myself");
}

static bool cover_page(Request *req, Error *err)
{
    CoverView *view = arena_new(req->arena, CoverView);
    Cover cover = {0};
    if (!scope_of(req, &cover, err) || !read_cover(&cover, err))
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->unit = cover.unit ? org_unit_name(req, cover.unit, err) : NULL;
    view->is_head = cover.unit && rights_have(req->user.rights, RIGHT_DOSSIER_LEAD);
    view->empty = (EmptyState){.title = request_text(req, "cover.none"),
                               .text = request_text(req, "cover.none_text")};
    show_form(&cover, view);
    return show_posts(&cover, view, err) && show_absences(&cover, view, err) &&
           request_show(req, &CoverView_type, view);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static bool note_act(Tx *tx, Request *req, Error *err)
{
    Absence absence = {.officer = input_id(req, "officer"),
                       .from = input_date(req, "away_from"),
                       .to = input_date(req, "away_to"),
                       .reason = input_text(req, "reason")};
    return cover_note_absence(tx, request_app(req), &req->user, &absence, NULL, err) &&
           request_done(req, 200, "/cover", NULL, NULL, "cover.noted.flash");
}

static bool end_act(Tx *tx, Request *req, Error *err)
{
    return cover_end_absence(tx, request_app(req), &req->user, input_id(req, "absence"), err) &&
           request_done(req, 200, "/cover", NULL, NULL, "cover.ended.flash");
}

static bool hold_act(Tx *tx, Request *req, Error *err)
{
    return cover_hold_post(tx, request_app(req), &req->user, input_id(req, "post"),
                           input_id(req, "holder_a"), input_id(req, "holder_b"), err) &&
           request_done(req, 200, "/cover", NULL, NULL, "cover.held.flash");
}

const Route cover_routes[] = {
    ROUTE_GET("/cover", RIGHT_SIGNED_IN, cover_page, &CoverView_type, NULL,
              "Posts with their holders, who is away, and when nobody holds a post"),
    ROUTE_POST("/cover/absences", RIGHT_DESK_READ, NULL, note_act, cover_page, NULL, absence_input,
               "Note that an officer will be away"),
    ROUTE_POST("/cover/absences/{absence}/end", RIGHT_DESK_READ, NULL, end_act, cover_page, NULL,
               end_input, "Note that an officer is back"),
    ROUTE_POST("/cover/posts/{post}", RIGHT_DOSSIER_LEAD, NULL, hold_act, cover_page, NULL,
               post_input, "Say who holds a post"),
    ROUTE_END,
};
