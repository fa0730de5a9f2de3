/* supervise_pages.c - /supervise: rows of the reader -> lamps and names -> the live list. */
#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "apps/supervise/correction.h"
#include "apps/supervise/supervise_internal.h"
#include "apps/supervise/supervise_views_gen.h"
#include "service/calendars.h"
#include "service/list_export.h"

enum { PAGE_ROWS = 50 };

static const char *const show_choices[] = {"open", "near", "over", "incident", "completed", NULL};
static const char *const stage_choices[] = {"intake", "review", "fee", "decision", "service", NULL};
static const InputField supervise_input[] = {
    {"show", INPUT_CHOICE, 0, .choices = show_choices},
    {"stage", INPUT_CHOICE, 0, .choices = stage_choices},
    {"after", INPUT_PLACE, 0},
    {0},
};

/* ---- what is asked for ----------------------------------------------------------------------- */

static bool near_before(Request *req, Instant *out, Error *err)
{
    App *app = request_app(req);
    const CalendarTable *table = calendars_get(app->calendars, req->conn, req->tenant, err);
    if (table)
        *out = supervise_near(table, req->now);
    return table != NULL;
}

static Instant today(const Request *req)
{
    int zone = request_app(req)->zone_minutes;
    return date_start(instant_date(req->now, zone), zone);
}

static bool find_completed(Request *req, const char *after, int most, SupervisedList *out,
                           Error *err)
{
    SupervisedPastQuery query = {.from = today(req),
                                 .before = INT64_MAX,
                                 .after = supervised_place(req->arena, after, SUPERVISED_LAST),
                                 .most = most + 1};
    return store_supervised_completed(req->conn, req->arena, req->tenant, &query, out, err);
}

static bool find_open(Request *req, const char *show, Instant near, const char *after, int most,
                      SupervisedList *out, Error *err)
{
    SupervisedOpenQuery query = {.due_from = text_equal(show, "near") ? req->now : INSTANT_NONE + 1,
                                 .due_before = text_equal(show, "near")   ? near
                                               : text_equal(show, "over") ? req->now
                                                                          : INT64_MAX,
                                 .accepted_before = INT64_MAX,
                                 .has_incident = text_equal(show, "incident"),
                                 .is_running = text_equal(show, "near") || text_equal(show, "over"),
                                 .stage = input_text(req, "stage"),
                                 .after = supervised_place(req->arena, after, SUPERVISED_FIRST),
                                 .most = most + 1};
    return store_supervised_open(req->conn, req->arena, req->tenant, &query, out, err);
}

/* The rows of what is shown behind a place; *out_next: where the next ones begin, or NULL. */
static bool find_shown(Request *req, const char *show, Instant near, const char *after, int most,
                       SupervisedList *out, const char **out_next, Error *err)
{
    bool is_completed = text_equal(show, "completed");
    if (!(is_completed ? find_completed(req, after, most, out, err)
                       : find_open(req, show, near, after, most, out, err)))
        return false;
    *out_next = supervised_next(req->arena, out, most, is_completed ? BY_COMPLETED : BY_DUE);
    return true;
}

/* What has ended is in no stage. */
static bool check_stage(Request *req, const char *show, Error *err)
{
    return !text_equal(show, "completed") || !input_text(req, "stage") ||
           error_set(err, ERROR_INVALID, .code = "supervise.no_stage", .field = "stage");
}

/* ---- what is shown --------------------------------------------------------------------------- */

/* A clock that stands still is no completed dossier's. */
static bool show_lamp(Request *req, const Supervised *row, Lamp *out, Error *err)
{
    if (!row->is_open || text_is_empty(row->stop_ground))
        return dossier_lamp(req, row->due_at, !row->is_open, out, err);
    *out = (Lamp){.state = "grey", .text = request_text(req, "clock.suspended.short")};
    return true;
}

static bool show_line(Request *req, const Supervised *row, SuperviseLineView *out, Error *err)
{
    bool is_english = req->language == LANGUAGE_EN;
    const char *step = is_english ? row->step_en : row->step;
    *out = (SuperviseLineView){.number = row->number,
                               .item = is_english ? row->item_name_en : row->item_name,
                               .kind = row->kind,
                               .unit = org_unit_name(req, row->unit, err),
                               .state = row->state,
                               .stage = row->stage,
                               .step = text_is_empty(step) ? NULL : step,
                               .officer = identity_officer_label(req, row->officer, err),
                               .since = row->since,
                               .filed_at = row->filed_at,
                               .due_at = row->due_at,
                               .completed_at = row->completed_at,
                               .is_provisional = row->is_provisional,
                               .has_incident = row->has_incident,
                               .stop_ground = *row->stop_ground ? row->stop_ground : NULL,
                               .waits_for = *row->waits_for ? row->waits_for : NULL};
    if (row->is_open && out->stop_ground) {
        out->stop_ground_name = dossier_ground_name(req, row->stop_ground);
        out->due_at = INSTANT_NONE; /* what is stored is where it stood when the clock stopped */
    }
    if (row->step_unit && row->step_unit != row->unit)
        out->step_unit = org_unit_name(req, row->step_unit, err);
    return !error_is_set(err) && show_lamp(req, row, &out->lamp, err);
}

static bool show_lines(Request *req, const SupervisedList *rows, SuperviseView *view, Error *err)
{
    view->dossiers.items = arena_array(req->arena, SuperviseLineView, rows->count);
    list_each (Supervised, row, rows) {
        if (!show_line(req, row, &view->dossiers.items[view->dossiers.count++], err))
            return false;
    }
    return true;
}

static bool show_counts(Request *req, Instant near, SuperviseView *view, Error *err)
{
    SupervisedCounts counts;
    if (!store_supervised_counts(req->conn, req->tenant, req->now, near, today(req), &counts, err))
        return false;
    view->open = counts.open;
    view->near = counts.near;
    view->over = counts.over;
    view->incident = counts.incident;
    view->completed = counts.completed;
    Waiting waiting;
    if (!correction_waiting(req, &waiting, err))
        return false;
    view->warnings = waiting.warnings;
    view->sent = waiting.notices;
    view->replied = waiting.replied;
    return true;
}

static bool show_stages(Request *req, SuperviseView *view, Error *err)
{
    StageCounts counts = {0};
    if (!supervise_stages(req->conn, req->arena, req->tenant, &counts, err))
        return false;
    view->stages.items = arena_array(req->arena, SuperviseStageView, counts.count);
    list_each (StageCount, count, &counts)
        view->stages.items[view->stages.count++] =
            (SuperviseStageView){.stage = count->stage,
                                 .open = count->open,
                                 .is_shown = text_equal(count->stage, input_text(req, "stage"))};
    return true;
}

/* What the list shows, without its place. */
static const char *list_query(Request *req, const char *show)
{
    const char *stage = input_text(req, "stage");
    return stage ? arena_printf(req->arena, "show=%s&stage=%s", show, stage)
                 : arena_printf(req->arena, "show=%s", show);
}

static const char *own_query(Request *req, const char *show)
{
    SupervisedPlace none = {0};
    SupervisedPlace place = supervised_place(req->arena, input_text(req, "after"), none);
    const char *list = list_query(req, show);
    if (place.at == none.at && place.dossier == none.dossier)
        return list;
    return arena_printf(req->arena, "%s&after=%lld.%lld", list, (long long)place.at,
                        (long long)place.dossier);
}

static SuperviseView *new_view(Request *req, const char *show)
{
    SuperviseView *view = arena_new(req->arena, SuperviseView);
    const char *stage = input_text(req, "stage");
    view->show = show;
    view->stage = stage ? stage : "";
    view->at = req->now;
    view->own_query = own_query(req, show);
    view->list_query = list_query(req, show);
    view->empty = (EmptyState){
        .title = request_text(req, "supervise.none"),
        .text = request_text(req, stage ? "supervise.none.stage"
                                        : arena_printf(req->arena, "supervise.none.%s", show))};
    return view;
}

static bool find_rows(Request *req, SuperviseView *view, SupervisedList *out, Error *err)
{
    Instant near;
    const char *next;
    if (!check_stage(req, view->show, err) || !near_before(req, &near, err) ||
        !show_counts(req, near, view, err) || !show_stages(req, view, err) ||
        !find_shown(req, view->show, near, input_text(req, "after"), PAGE_ROWS, out, &next, err))
        return false;
    if (next)
        view->pager.next_query =
            arena_printf(req->arena, "%s&after=%s", list_query(req, view->show), next);
    view->pager.shown = (int64_t)out->count;
    return true;
}

static bool supervise_page(Request *req, Error *err)
{
    const char *show = input_text(req, "show");
    SuperviseView *view = new_view(req, show ? show : "open");
    SupervisedList rows = {0};
    return find_rows(req, view, &rows, err) && show_lines(req, &rows, view, err) &&
           request_show(req, &SuperviseView_type, view);
}

/* ---- as a spreadsheet ------------------------------------------------------------------------ */

static const InputField export_input[] = {
    {"show", INPUT_CHOICE, 0, .choices = show_choices},
    {"stage", INPUT_CHOICE, 0, .choices = stage_choices},
    {0},
};
static const ExportColumn columns[] = {{"supervise.left", 18},
                                       {"supervise.number", 22},
                                       {"supervise.item", 34},
                                       {"supervise.unit", 22},
                                       {"supervise.step", 24},
                                       {"supervise.step_unit", 22},
                                       {"supervise.remarks", 24},
                                       {"supervise.officer", 14},
                                       {"supervise.since_or_completed", 18},
                                       {"supervise.due", 18},
                                       {NULL, 0}};

typedef struct ShownList {
    const char *show;
    Instant near;
} ShownList;

/* What stands as badges behind the step on the page. */
static const char *remarks(Request *req, const SuperviseLineView *line)
{
    Buffer text = buffer_init(req->arena, 0);
    const char *const texts[] = {
        line->has_incident ? request_text(req, "supervise.incident") : NULL,
        line->waits_for ? request_text(req, "supervise.waits") : NULL,
        line->stop_ground && line->stop_ground_name && !line->waits_for
            ? request_text(req, "supervise.stopped_why", "ground", line->stop_ground_name)
            : NULL,
        line->due_at != INSTANT_NONE && line->is_provisional
            ? request_text(req, "supervise.provisional")
            : NULL};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i])
            buffer_printf(&text, "%s%s", text.length ? "；" : "", texts[i]);
    return buffer_text(&text);
}

static void write_line(Request *req, SheetWriter *writer, const SuperviseLineView *line)
{
    int zone = request_app(req)->zone_minutes;
    const char *state =
        request_text(req, arena_printf(req->arena, "supervise.state.%s", line->state));
    const char *nobody = line->step ? request_text(req, "supervise.nobody") : NULL;
    sheet_lamp(req, writer, &line->lamp);
    sheet_text(writer, line->number, SHEET_PLAIN);
    sheet_text(writer, line->item, SHEET_PLAIN);
    sheet_text(writer, line->unit, SHEET_PLAIN);
    sheet_text(writer, line->step ? line->step : state, SHEET_PLAIN);
    sheet_text(writer, line->step ? line->step_unit : NULL, SHEET_PLAIN);
    sheet_text(writer, remarks(req, line), SHEET_PLAIN);
    sheet_text(writer, line->officer ? line->officer : nobody, SHEET_PLAIN);
    sheet_instant(writer, line->completed_at != INSTANT_NONE ? line->completed_at : line->since,
                  zone);
    sheet_instant(writer, line->due_at, zone);
    sheet_end_row(writer);
}

static bool write_lines(Request *req, const char *after, SheetWriter *writer, void *state,
                        const char **out_next, Error *err)
{
    const ShownList *list = state;
    SupervisedList rows = {0};
    SuperviseLineView line;
    if (!find_shown(req, list->show, list->near, after, LIST_EXPORT_PAGE, &rows, out_next, err))
        return false;
    list_each (Supervised, row, &rows) {
        if (!show_line(req, row, &line, err))
            return false;
        write_line(req, writer, &line);
    }
    return true;
}

static bool supervise_export(Request *req, Error *err)
{
    const char *stage = input_text(req, "stage");
    ShownList list = {.show = input_text(req, "show") ? input_text(req, "show") : "open"};
    const char *show = request_text(req, arena_printf(req->arena, "supervise.show.%s", list.show));
    ListExport what = {
        .name = request_text(req, "supervise.title"),
        .filter = stage
                      ? request_text(req, "supervise.export_stage", "show", show, "stage",
                                     request_text(req, arena_printf(req->arena, "stage.%s", stage)))
                      : show,
        .columns = columns,
        .rows = write_lines,
        .state = &list};
    return check_stage(req, list.show, err) && near_before(req, &list.near, err) &&
           list_export(req, &what, err);
}

const Route supervise_routes[] = {
    ROUTE_GET("/supervise", RIGHT_SUPERVISE_READ, supervise_page, &SuperviseView_type,
              supervise_input, "The live list of every dossier"),
    ROUTE_GET_HEAVY("/supervise.xlsx", RIGHT_SUPERVISE_READ, supervise_export, NULL, export_input,
                    "The live list, all of it, as a spreadsheet"),
    ROUTE_END,
};
