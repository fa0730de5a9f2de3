/*
 * stats_dossiers.c - /board/dossiers: what lies behind a figure, from the supervisor's list; also
 * as a spreadsheet.
 */
#include "apps/stats/stats_internal.h"
#include "apps/supervise/supervise.h"
#include "service/list_export.h"

#include <math.h>
#include <string.h>

enum { PAGE_ROWS = 50, MILLIDAYS = 1000 };

static const char *const figure_choices[] = {"s01",  "s02",       "s03",  "s04", "s05",
                                             "s06",  "s07",       "s08",  "s09", "s10",
                                             "s10b", "withdrawn", "open", NULL};
static const char *const part_choices[] = {"counted", "base", "rest", NULL};
static const char *const stage_choices[] = {"intake", "review", "fee", "decision", "service", NULL};

const InputField stats_dossiers_input[] = {
    {"figure", INPUT_CHOICE, INPUT_REQUIRED, .choices = figure_choices},
    {"part", INPUT_CHOICE, 0, .choices = part_choices},
    {"stage", INPUT_CHOICE, 0, .choices = stage_choices},
    {"from", INPUT_DATE, 0},
    {"to", INPUT_DATE, 0},
    {"after", INPUT_PLACE, 0},
    {0},
};

/* What to list for a figure and its part: those in the numerator, those in the denominator, those
 * that it leaves out. The words are board.<figure>.name, .<part> and .<part>_label; a figure of one
 * part has no labels. */
typedef struct Listing {
    const char *figure;
    const char *part;
    SupervisedSet set;
} Listing;

static const Listing listings[] = {
    {"s01", "counted", SUPERVISED_COMPLETED},
    {"s01", "base", SUPERVISED_ACCEPTED},
    {"s01", "rest", SUPERVISED_STILL_OPEN},
    {"s02", "counted", SUPERVISED_ON_TIME},
    {"s02", "base", SUPERVISED_COMPLETED},
    {"s02", "rest", SUPERVISED_LATE},
    {"s03", "counted", SUPERVISED_COMPLETED},
    {"s04", "counted", SUPERVISED_ON_THE_SPOT},
    {"s04", "base", SUPERVISED_COMPLETED},
    {"s04", "rest", SUPERVISED_PROMISED},
    {"s05", "counted", SUPERVISED_EARLY},
    {"s05", "base", SUPERVISED_PROMISED},
    {"s05", "rest", SUPERVISED_NOT_EARLY},
    {"s06", "counted", SUPERVISED_LIMITED},
    {"s07", "counted", SUPERVISED_LIMITED},
    {"s08", "counted", SUPERVISED_PROMISED},
    {"s09", "counted", SUPERVISED_RATED},
    {"s09", "base", SUPERVISED_ENDED},
    {"s10", "counted", SUPERVISED_SATISFIED},
    {"s10", "base", SUPERVISED_RATED},
    {"s10", "rest", SUPERVISED_NOT_SATISFIED},
    {"s10b", "counted", SUPERVISED_AT_LEAST_BASIC},
    {"s10b", "base", SUPERVISED_RATED},
    {"s10b", "rest", SUPERVISED_NOT_AT_LEAST_BASIC},
    {"withdrawn", "counted", SUPERVISED_WITHDRAWN},
    {"open", "counted", SUPERVISED_OPEN},
};

static const Listing *find_listing(const char *figure, const char *part)
{
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++)
        if (text_equal(listings[i].figure, figure) && text_equal(listings[i].part, part))
            return &listings[i];
    return NULL;
}

static const Listing *asked_listing(Request *req, Error *err)
{
    const char *part = input_text(req, "part");
    const Listing *listing = find_listing(input_text(req, "figure"), part ? part : "counted");
    if (!listing)
        error_set(err, ERROR_INVALID, .code = "board.no_rest", .field = "part");
    return listing;
}

static bool is_late(const Supervised *row)
{
    return row->completed_at != INSTANT_NONE && row->due_at != INSTANT_NONE &&
           row->completed_at > row->due_at;
}

static FigureDossierView dossier_line(Request *req, const Supervised *row, Error *err)
{
    bool has_used = row->used_millidays != INT_NONE;
    return (FigureDossierView){
        .number = row->number,
        .item = req->language == LANGUAGE_EN ? row->item_name_en : row->item_name,
        .unit = stats_unit_name(req, row->unit, err),
        .kind = row->kind,
        .state = row->state,
        .accepted_at = row->accepted_at,
        .due_at = row->due_at,
        .completed_at = row->completed_at,
        .is_late = is_late(row),
        .has_used = has_used,
        .used_days = has_used ? stats_rounded((double)row->used_millidays / MILLIDAYS, 1000) : NAN,
        .statutory_limit = row->statutory_limit,
        .promised_limit = row->promised_limit,
        .grade = row->grade,
        .scale = row->scale,
        .rated_at = row->rated_at,
        .limit_unit = row->limit_unit};
}

static const char *listing_text(Request *req, const char *figure, const char *part,
                                const char *what)
{
    return request_text(req, arena_printf(req->arena, "board.%s.%s%s", figure, part, what));
}

/* The parts of a figure, when it has more than one. */
static void show_parts(Request *req, const Listing *listing, FigureDossiersView *view)
{
    size_t count = 0;
    for (; part_choices[count]; count++)
        continue;
    view->parts.items = arena_array(req->arena, FigurePartView, count);
    for (size_t i = 0; i < count; i++) {
        const char *part = part_choices[i];
        if (find_listing(listing->figure, part))
            view->parts.items[view->parts.count++] =
                (FigurePartView){.part = part, .is_shown = text_equal(part, listing->part)};
    }
    for (size_t i = 0; view->parts.count > 1 && i < view->parts.count; i++)
        view->parts.items[i].label =
            listing_text(req, listing->figure, view->parts.items[i].part, "_label");
    if (view->parts.count == 1)
        view->parts.count = 0;
}

/* Whether grades are shown beside times. */
static bool has_ratings(const char *figure)
{
    return text_starts_with(figure, "s09") || text_starts_with(figure, "s10");
}

static void name_listing(Request *req, const Listing *listing, FigureDossiersView *view)
{
    const char *stage = input_text(req, "stage");
    view->figure = listing->figure;
    view->part = listing->part;
    view->is_now = listing->set == SUPERVISED_OPEN;
    view->has_ratings = has_ratings(listing->figure);
    view->name = listing_text(req, listing->figure, "name", "");
    view->meaning =
        view->is_now && stage
            ? request_text(req, "board.open.stage", "stage",
                           request_text(req, arena_printf(req->arena, "stage.%s", stage)))
            : listing_text(req, listing->figure, listing->part, "");
    show_parts(req, listing, view);
}

/* The same list, from its beginning. */
static const char *list_query(Request *req, const FigureDossiersView *view)
{
    const char *stage = input_text(req, "stage");
    return arena_printf(req->arena, "figure=%s&part=%s%s%s&%s", view->figure, view->part,
                        stage ? "&stage=" : "", stage ? stage : "", view->period_query);
}

static FigureDossiersView *listing_view(Request *req, const Listing *listing, const Period *period)
{
    FigureDossiersView *view = arena_new(req->arena, FigureDossiersView);
    name_listing(req, listing, view);
    view->from = period->from;
    view->to = period->to;
    view->period_query = stats_period_query(req, period);
    view->list_query = list_query(req, view);
    view->empty = (EmptyState){.title = request_text(req, "board.no_dossiers"),
                               .text = request_text(req, "board.no_dossiers_text")};
    return view;
}

static SupervisedQuery listing_query(Request *req, const Listing *listing, const Period *period)
{
    int zone = request_app(req)->zone_minutes;
    return (SupervisedQuery){.set = listing->set,
                             .from = date_start(period->from, zone),
                             .before = date_start(date_plus(period->to, 1), zone),
                             .stage = input_text(req, "stage")};
}

bool dossiers_page(Request *req, Error *err)
{
    Period period;
    SupervisedList rows = {0};
    const char *next = NULL;
    const Listing *listing = asked_listing(req, err);
    if (!listing || !stats_read_period(req, &period, err))
        return false;
    SupervisedQuery query = listing_query(req, listing, &period);
    query.after = input_text(req, "after");
    query.most = PAGE_ROWS;
    if (!supervise_find(req->conn, req->arena, req->tenant, &query, &rows, &next, err))
        return false;
    FigureDossiersView *view = listing_view(req, listing, &period);
    view->dossiers.items = arena_array(req->arena, FigureDossierView, rows.count);
    list_each (Supervised, row, &rows)
        view->dossiers.items[view->dossiers.count++] = dossier_line(req, row, err);
    view->pager.shown = (int64_t)rows.count;
    if (next)
        view->pager.next_query = arena_printf(req->arena, "%s&after=%s", view->list_query, next);
    return !error_is_set(err) && request_show(req, &FigureDossiersView_type, view);
}

/* ---- /board/dossiers.xlsx -------------------------------------------------------------------- */

const InputField stats_export_input[] = {
    {"figure", INPUT_CHOICE, INPUT_REQUIRED, .choices = figure_choices},
    {"part", INPUT_CHOICE, 0, .choices = part_choices},
    {"stage", INPUT_CHOICE, 0, .choices = stage_choices},
    {"from", INPUT_DATE, 0},
    {"to", INPUT_DATE, 0},
    {0},
};
enum { COLUMNS_OF_TIMES = 10 };
static const ExportColumn export_columns[] = {{"board.number", 22},
                                              {"board.item", 34},
                                              {"board.unit", 22},
                                              {"board.accepted_at", 18},
                                              {"board.due_at", 18},
                                              {"board.completed_at", 18},
                                              {"board.remarks", 10},
                                              {"board.used", 14},
                                              {"board.promised_limit", 16},
                                              {"board.limit", 16},
                                              {"board.rated_at", 18},
                                              {"board.grade", 16},
                                              {NULL, 0}};

static const char *limit_text(Request *req, const FigureDossierView *line, int64_t limit)
{
    if (!line->statutory_limit)
        return NULL;
    return request_text(req, arena_printf(req->arena, "board.limit.%s", line->limit_unit), "n",
                        stats_whole(req, limit));
}

static void write_grade(Request *req, SheetWriter *writer, const FigureDossierView *line)
{
    if (has_ratings(input_text(req, "figure"))) {
        sheet_instant(writer, line->rated_at, request_app(req)->zone_minutes);
        sheet_text(writer,
                   line->grade
                       ? request_text(req, "board.grade_of", "grade", stats_whole(req, line->grade),
                                      "scale", stats_whole(req, line->scale))
                       : NULL,
                   SHEET_PLAIN);
    }
    sheet_end_row(writer);
}

static void write_dossier(Request *req, SheetWriter *writer, const FigureDossierView *line)
{
    int zone = request_app(req)->zone_minutes;
    bool is_open = line->completed_at == INSTANT_NONE;
    const char *remark = is_open ? "board.still_open" : line->is_late ? "board.late" : NULL;
    sheet_text(writer, line->number, SHEET_PLAIN);
    sheet_text(writer, line->item, SHEET_PLAIN);
    sheet_text(writer, line->unit, SHEET_PLAIN);
    sheet_instant(writer, line->accepted_at, zone);
    sheet_instant(writer, line->due_at, zone);
    sheet_instant(writer, line->completed_at, zone);
    sheet_text(writer, remark ? request_text(req, remark) : NULL, SHEET_PLAIN);
    sheet_number(writer, line->has_used ? arena_printf(req->arena, "%.3f", line->used_days) : NULL);
    sheet_text(writer, limit_text(req, line, line->promised_limit), SHEET_PLAIN);
    sheet_text(writer, limit_text(req, line, line->statutory_limit), SHEET_PLAIN);
    write_grade(req, writer, line);
}

static bool write_dossiers(Request *req, const char *after, SheetWriter *writer, void *state,
                           const char **out_next, Error *err)
{
    SupervisedQuery query = *(const SupervisedQuery *)state;
    SupervisedList rows = {0};
    query.after = after;
    query.most = LIST_EXPORT_PAGE;
    if (!supervise_find(req->conn, req->arena, req->tenant, &query, &rows, out_next, err))
        return false;
    list_each (Supervised, row, &rows) {
        FigureDossierView line = dossier_line(req, row, err);
        if (error_is_set(err))
            return false;
        write_dossier(req, writer, &line);
    }
    return true;
}

bool dossiers_export(Request *req, Error *err)
{
    Period period;
    const Listing *listing = asked_listing(req, err);
    if (!listing || !stats_read_period(req, &period, err))
        return false;
    SupervisedQuery query = listing_query(req, listing, &period);
    const FigureDossiersView *view = listing_view(req, listing, &period);
    ExportColumn columns[sizeof export_columns / sizeof export_columns[0]];
    memcpy(columns, export_columns, sizeof columns);
    if (!view->has_ratings)
        columns[COLUMNS_OF_TIMES].label = NULL;
    const char *days_covered =
        request_text(req, "board.period", "from", date_text(req->arena, period.from), "to",
                     date_text(req->arena, period.to));
    ListExport what = {.name = view->name,
                       .filter = view->is_now ? view->meaning
                                              : request_text(req, "board.export_filter", "meaning",
                                                             view->meaning, "period", days_covered),
                       .columns = columns,
                       .rows = write_dossiers,
                       .state = &query};
    return list_export(req, &what, err);
}
