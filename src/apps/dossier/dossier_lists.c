/* dossier_lists.c - /my, /track, /desk, and the desk as a spreadsheet. */
#include <string.h>

#include "apps/cover/cover.h"
#include "apps/dossier/dossier_delivery.h"
#include "apps/dossier/dossier_extension.h"
#include "apps/dossier/dossier_number.h"
#include "apps/dossier/dossier_people.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/list_export.h"

enum { PAGE_ROWS = 50 };

/* ---- my -------------------------------------------------------------------------------------- */

static const char *own_step(Request *req, const OwnDossier *own)
{
    const char *step = both_in(own->step, req->language);
    if (own->waits_for)
        return request_text(req, "dossier.waits.own");
    if (own->completed_at == INSTANT_NONE && step)
        return step;
    return request_text(req, arena_printf(req->arena, "dossier.state.%s", own->state));
}

/* The answer that tells this application from others for the same service. */
static const char *what_about(Request *req, const OwnDossier *own)
{
    Error ignored = ERROR_NONE;
    App *app = request_app(req);
    const Item *item = catalogue_item_version(app, req->conn, own->item_definition, &ignored);
    if (!item || !item->about)
        return NULL;
    Dossier dossier = {.id = own->id, .answers = own->answers};
    const char *text = store_answers(app, req->arena, &dossier, &ignored);
    const Json *answers =
        text ? json_parse(req->arena, text, strlen(text), &JSON_LIMITS, &ignored) : NULL;
    const char *about = answers ? json_text(answers, item->about) : NULL;
    return text_is_empty(about) ? NULL : about;
}

static MyLineView my_line(Request *req, const OwnDossier *own)
{
    return (MyLineView){
        .number = own->number,
        .item = both_in(own->item_name, req->language),
        .about = what_about(req, own),
        .state = own->state,
        .stage = own->stage,
        .step = own_step(req, own),
        .filed_at = own->filed_at,
        .due_on = own->completed_at == INSTANT_NONE && !own->ground ? own->due_on : DATE_NONE,
        .waits_for = own->waits_for,
        .ground = own->completed_at == INSTANT_NONE ? pages_ground(req, own->ground) : NULL,
        .is_provisional = !date_is_none(own->provisional_from),
        .can_rate = own->completed_at != INSTANT_NONE && !own->is_rated};
}

bool my_page(Request *req, Error *err)
{
    MyView *view = arena_new(req->arena, MyView);
    OwnDossiers own = {0};
    Mandates letters = {0};
    Id party = req->user.is_verified ? req->user.party : 0;
    if (!store_own(req->conn, req->arena, req->tenant, req->user.id, party, input_id(req, "after"),
                   PAGE_ROWS + 1, &own, err) ||
        !identity_letters_of_person(req->conn, req->arena, req->tenant, party, &letters, err))
        return false;
    size_t shown = own.count > PAGE_ROWS ? PAGE_ROWS : own.count;
    view->dossiers.items = arena_array(req->arena, MyLineView, shown);
    for (size_t i = 0; i < shown; i++)
        if (!people_is_cut_off(&letters, own.items[i].party))
            view->dossiers.items[view->dossiers.count++] = my_line(req, &own.items[i]);
    view->pager.shown = (int64_t)shown;
    if (own.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)own.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "my.none"),
                               .text = request_text(req, "my.none_text"),
                               .path = "/items",
                               .label = request_text(req, "items.all")};
    return request_show(req, &MyView_type, view);
}

/* ---- track ----------------------------------------------------------------------------------- */

static const InputField track_fields[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"phone", INPUT_PHONE, INPUT_REQUIRED},
    {0},
};

static TrackView *track_view(Request *req)
{
    TrackView *view = arena_new(req->arena, TrackView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->number = request_field(req, track_fields, "number", NULL);
    view->phone = request_field(req, track_fields, "phone", NULL);
    view->typed_number = text_or_empty(request_typed(req, "number"));
    view->typed_phone = text_or_empty(request_typed(req, "phone"));
    return view;
}

bool track_page(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &TrackView_type, track_view(req));
}

/* The phone of the account that filed it, or the applicant's: his own account's, or what a window
 * wrote down. */
static bool has_phone(Request *req, const Dossier *dossier, const char *phone, bool *out,
                      Error *err)
{
    App *app = request_app(req);
    if (!identity_phone_is(app, req->conn, req->arena, dossier->account, phone, out, err))
        return false;
    return *out ||
           identity_party_phone_is(app, req->conn, req->arena, dossier->party, phone, out, err);
}

/* Number and phone must belong together; the answer does not tell which of them was wrong. */
static bool find_tracked(Request *req, Dossier *out, Error *err)
{
    Error problem = ERROR_NONE;
    bool is_own = false;
    if (!dossier_by_number(req->conn, req->arena, req->tenant, input_text(req, "number"), out,
                           &problem) &&
        problem.kind != ERROR_NOT_FOUND)
        return error_fill(err, problem);
    if (!error_is_set(&problem) && !has_phone(req, out, input_text(req, "phone"), &is_own, err))
        return false;
    return is_own ||
           error_set(err, ERROR_INVALID, .code = "dossier.not_tracked", .field = "number");
}

bool track_show(Request *req, Error *err)
{
    TrackView *view = track_view(req);
    Dossier dossier;
    ClockRow clock;
    Silence silence;
    bool has_clock;
    if (!identity_may_try(request_app(req), req, err) || !find_tracked(req, &dossier, err) ||
        !store_clock(req->conn, req->arena, req->tenant, dossier.id, &clock, &has_clock, err))
        return false;
    view->is_found = true;
    view->found_number = dossier.number;
    view->item = both_in(dossier.item_name, req->language);
    view->state = dossier.state;
    return pages_posted(req, &dossier, &view->carrier, &view->tracking, err) &&
           pages_silence(req, &dossier, &silence, err) &&
           pages_steps(req, &dossier, has_clock ? &clock : NULL, silence.is_accepted,
                       &view->steps.items, &view->steps.count, err) &&
           request_show(req, &TrackView_type, view);
}

/* One digit more, or "back": one less; "clear": none. Longer than any number it does not get. */
static const char *tapped(Request *req, const char *typed, const char *tap)
{
    enum { DIGITS_MOST = 18 };
    size_t length = strlen(typed);
    if (text_equal(tap, "clear"))
        return "";
    if (text_equal(tap, "back"))
        return arena_text_n(req->arena, typed, length ? length - 1 : 0);
    bool is_digit = tap && tap[0] >= '0' && tap[0] <= '9' && !tap[1];
    return is_digit && length < DIGITS_MOST ? arena_printf(req->arena, "%s%c", typed, tap[0])
                                            : typed;
}

/* Nothing is looked up, and nothing stands in an address: the page is shown again. */
bool track_tap(Request *req, Error *err)
{
    TrackView *view = track_view(req);
    const char *tap = input_text(req, "tap");
    (void)err;
    view->typed_number = text_or_empty(input_text(req, "number"));
    view->typed_phone = text_or_empty(input_text(req, "phone"));
    view->is_phone_next = text_equal(input_text(req, "field"), "phone");
    if (view->is_phone_next)
        view->typed_phone = tapped(req, view->typed_phone, tap);
    else
        view->typed_number = tapped(req, view->typed_number, tap);
    return request_show(req, &TrackView_type, view);
}

/* ---- desk ------------------------------------------------------------------------------------ */

static const Instant NO_DUE = INT64_C(9000000000000000);

static bool desk_line(Request *req, const DeskTask *desk, DeskLineView *out, Error *err)
{
    const Task *task = &desk->task;
    *out = (DeskLineView){.number = desk->number,
                          .item = both_in(desk->item_name, req->language),
                          .applicant = desk->applicant_name,
                          .step = both_in(task->name, req->language),
                          .kind = desk->kind,
                          .task = task->id,
                          .stage = task->stage,
                          .waits_for = desk->waits_for,
                          .ground = desk->ground,
                          .due_at = task->due_at,
                          .created_at = task->created_at,
                          .is_mine = task->assignee == req->user.id};
    if (task->assignee && !out->is_mine)
        out->officer = identity_officer_label(req, task->assignee, err);
    if (desk->ground) {
        out->lamp = pages_ground_lamp(req, pages_ground(req, desk->ground));
        return !error_is_set(err);
    }
    return pages_lamp(req, task->due_at, false, &out->lamp, err);
}

/* "due.id" of the last row shown. */
static void split_after(Request *req, const char *after, Instant *out_due, Id *out_id)
{
    *out_due = INT64_MIN;
    *out_id = 0;
    (void)place_split(req->arena, after, out_due, out_id);
}

/* Whose tasks: "&mine=1", "&for=123" of somebody who is away, or "" for all. */
static const char *whose(Request *req, const DeskView *view)
{
    if (view->acting_for)
        return arena_printf(req->arena, "&for=%lld", (long long)view->acting_for);
    return view->is_mine ? "&mine=1" : "";
}

/* What else is chosen, behind "after=..."; "" for nothing. */
static const char *chosen(Request *req, const char *who, const char *stage)
{
    return *stage ? arena_printf(req->arena, "%s&stage=%s", who, stage) : who;
}

/* Where a page of the desk begins that follows this row. */
static const char *desk_place(Request *req, const Task *last)
{
    Instant due = last->due_at == INSTANT_NONE ? NO_DUE : last->due_at;
    return arena_printf(req->arena, "%lld.%lld", (long long)due, (long long)last->id);
}

static const char *desk_next(Request *req, const Task *last, const DeskView *view)
{
    return arena_printf(req->arena, "after=%s%s", desk_place(req, last),
                        chosen(req, whose(req, view), view->stage));
}

const char *const dossier_stages[] = {"intake", "review", "fee", "decision", "service", NULL};

static StageChipView stage_chip(Request *req, const DeskView *view, const char *stage)
{
    const char *query = chosen(req, whose(req, view), stage);
    const char *key = arena_printf(req->arena, "stage.%s", stage);
    return (StageChipView){.stage = stage,
                           .label = request_text(req, *stage ? key : "desk.stages"),
                           .query = *query ? query + 1 : "mine=0",
                           .is_chosen = text_equal(view->stage, stage)};
}

/* The five stages of the hall: 受理 审核 交费 办结 发证. */
static void show_stages(Request *req, DeskView *view)
{
    const char *all = chosen(req, "", view->stage);
    const char *own = chosen(req, whose(req, view), view->stage);
    view->mine_query = chosen(req, "&mine=1", view->stage) + 1;
    view->all_query = *all ? all + 1 : "mine=0";
    view->own_query = *own ? own + 1 : "mine=0";
    view->stages.items = arena_array(req->arena, StageChipView, 8);
    view->stages.items[view->stages.count++] = stage_chip(req, view, "");
    for (size_t i = 0; dossier_stages[i]; i++)
        view->stages.items[view->stages.count++] = stage_chip(req, view, dossier_stages[i]);
}

static bool show_waiting(Request *req, DeskView *view, Error *err)
{
    App *app = request_app(req);
    Waiting waiting = {0};
    if (app->waiting && !app->waiting(req, &waiting, err))
        return false;
    view->warnings = waiting.warnings;
    view->notices = waiting.notices;
    return !rights_have(req->user.rights, RIGHT_DOSSIER_LEAD) ||
           store_count_extensions(req->conn, req->arena, req->tenant, req->user.unit,
                                  &view->extensions, err);
}

/* Those who are away and for whom this officer acts. */
static bool show_acting(Request *req, DeskView *view, Error *err)
{
    CoveredList away = {0};
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    if (!cover_absent_of(req->conn, req->arena, req->tenant, req->user.id, today, &away, err))
        return false;
    view->acting.items = arena_array(req->arena, ActingView, away.count);
    list_each (Covered, one, &away) {
        const char *who = arena_printf(req->arena, "&for=%lld", (long long)one->officer);
        view->acting.items[view->acting.count++] =
            (ActingView){.officer = one->officer,
                         .name = identity_officer_label(req, one->officer, err),
                         .until = one->until,
                         .query = chosen(req, who, view->stage) + 1,
                         .is_chosen = one->officer == view->acting_for};
    }
    return !error_is_set(err);
}

/* What was asked for, behind a place. */
static bool find_tasks(Request *req, const char *after, int most, DeskTasks *out, Error *err)
{
    DeskQuery query = {.unit = req->user.unit,
                       .mine = input_bool(req, "mine") ? req->user.id : input_id(req, "for"),
                       .stage = input_text(req, "stage") ? input_text(req, "stage") : "",
                       .most = most + 1};
    split_after(req, after, &query.due_after, &query.id_after);
    return store_desk(req->conn, req->arena, req->tenant, &query, out, err);
}

bool desk_page(Request *req, Error *err)
{
    DeskView *view = arena_new(req->arena, DeskView);
    DeskTasks tasks = {0};
    view->is_mine = input_bool(req, "mine");
    view->acting_for = view->is_mine ? 0 : input_id(req, "for");
    view->stage = input_text(req, "stage") ? input_text(req, "stage") : "";
    show_stages(req, view);
    view->unit = org_unit_name(req, req->user.unit, err);
    if (!find_tasks(req, input_text(req, "after"), PAGE_ROWS, &tasks, err))
        return false;
    size_t shown = tasks.count > PAGE_ROWS ? PAGE_ROWS : tasks.count;
    view->tasks.items = arena_array(req->arena, DeskLineView, shown);
    for (; view->tasks.count < shown; view->tasks.count++)
        if (!desk_line(req, &tasks.items[view->tasks.count], &view->tasks.items[view->tasks.count],
                       err))
            return false;
    if (!show_waiting(req, view, err) || !show_acting(req, view, err))
        return false;
    view->pager.shown = (int64_t)shown;
    if (tasks.count > shown)
        view->pager.next_query = desk_next(req, &tasks.items[shown - 1].task, view);
    view->empty = (EmptyState){.title = request_text(req, "desk.none"),
                               .text = request_text(req, "desk.none_text")};
    return request_show(req, &DeskView_type, view);
}

/* ---- desk as a spreadsheet ------------------------------------------------------------------- */

static const ExportColumn desk_columns[] = {
    {"desk.left", 18}, {"dossier.number", 22}, {"dossier.item", 34}, {"dossier.applicant", 20},
    {"desk.step", 20}, {"desk.who", 14},       {"desk.due", 18},     {NULL, 0}};

static const char *who_has_it(Request *req, const DeskLineView *line)
{
    if (line->is_mine)
        return request_text(req, "desk.me");
    return line->officer ? line->officer : request_text(req, "desk.nobody");
}

static void write_task(Request *req, SheetWriter *writer, const DeskLineView *line)
{
    const char *waits =
        line->waits_for
            ? request_text(req, arena_printf(req->arena, "dossier.waits.%s", line->waits_for))
            : NULL;
    sheet_lamp(req, writer, &line->lamp);
    sheet_text(writer, line->number, SHEET_PLAIN);
    sheet_text(writer, line->item, SHEET_PLAIN);
    sheet_text(writer, line->applicant, SHEET_PLAIN);
    sheet_text(writer, waits ? arena_printf(req->arena, "%s（%s）", line->step, waits) : line->step,
               SHEET_PLAIN);
    sheet_text(writer, who_has_it(req, line), SHEET_PLAIN);
    sheet_instant(writer, line->ground ? INSTANT_NONE : line->due_at,
                  request_app(req)->zone_minutes);
    sheet_end_row(writer);
}

static bool write_tasks(Request *req, const char *after, SheetWriter *writer, void *state,
                        const char **out_next, Error *err)
{
    DeskTasks tasks = {0};
    DeskLineView line;
    (void)state;
    if (!find_tasks(req, after, LIST_EXPORT_PAGE, &tasks, err))
        return false;
    for (size_t i = 0; i < tasks.count && i < LIST_EXPORT_PAGE; i++) {
        if (!desk_line(req, &tasks.items[i], &line, err))
            return false;
        write_task(req, writer, &line);
    }
    if (tasks.count > LIST_EXPORT_PAGE)
        *out_next = desk_place(req, &tasks.items[LIST_EXPORT_PAGE - 1].task);
    return true;
}

bool desk_export(Request *req, Error *err)
{
    const char *stage = input_text(req, "stage");
    const char *stage_name =
        request_text(req, stage ? arena_printf(req->arena, "stage.%s", stage) : "desk.stages");
    const char *whose = request_text(req, input_bool(req, "mine") ? "desk.mine" : "desk.all");
    ListExport what = {.name = request_text(req, "desk.title"),
                       .filter = request_text(req, "desk.export_filter", "unit",
                                              org_unit_name(req, req->user.unit, err), "whose",
                                              whose, "stage", stage_name),
                       .columns = desk_columns,
                       .rows = write_tasks};
    return !error_is_set(err) && list_export(req, &what, err);
}
