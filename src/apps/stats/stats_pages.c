/*
 * stats_pages.c - /board: counters of a period -> figures, tables, trend; /board/dossiers: what
 * lies behind a figure, from the supervisor's list.
 */
#include "apps/catalogue/catalogue.h"
#include "apps/org/org.h"
#include "apps/stats/stats_figures.h"
#include "apps/stats/stats_views_gen.h"
#include "apps/supervise/supervise.h"

#include <math.h>

enum { PAGE_ROWS = 50, MILLIDAYS = 1000 };

static const char *const figure_choices[] = {"s01",  "s02",       "s03",  "s04", "s05",
                                             "s06",  "s07",       "s08",  "s09", "s10",
                                             "s10b", "withdrawn", "open", NULL};
static const char *const part_choices[] = {"counted", "base", "rest", NULL};
static const char *const stage_choices[] = {"intake", "review", "fee", "decision", "service", NULL};

static const InputField board_input[] = {
    {"from", INPUT_DATE, 0},
    {"to", INPUT_DATE, 0},
    {0},
};
static const char *const dark_choices[] = {"on", "off", NULL};
static const InputField dark_input[] = {
    {"screen", INPUT_CHOICE, INPUT_IN_PATH | INPUT_REQUIRED, .choices = dark_choices},
    {0},
};
static const InputField dossiers_input[] = {
    {"figure", INPUT_CHOICE, INPUT_REQUIRED, .choices = figure_choices},
    {"part", INPUT_CHOICE, 0, .choices = part_choices},
    {"stage", INPUT_CHOICE, 0, .choices = stage_choices},
    {"from", INPUT_DATE, 0},
    {"to", INPUT_DATE, 0},
    {"after", INPUT_PLACE, 0},
    {0},
};

/* ---- the period ------------------------------------------------------------------------------ */

typedef struct Period {
    Date from, to; /* both included */
} Period;

/* The year up to today, unless dates are given. */
static bool read_period(Request *req, Period *out, Error *err)
{
    int year, month, day;
    out->to = input_date(req, "to");
    if (date_is_none(out->to))
        out->to = instant_date(req->now, request_app(req)->zone_minutes);
    date_split(out->to, &year, &month, &day);
    out->from = input_date(req, "from");
    if (date_is_none(out->from))
        out->from = date_of(year, 1, 1);
    return date_compare(out->from, out->to) <= 0 ||
           error_set(err, ERROR_INVALID, .code = "board.bad_period", .field = "to");
}

static FormField date_field(Request *req, const char *name, Date date)
{
    return request_field(req, board_input, name, date_text(req->arena, date));
}

/* ---- names ----------------------------------------------------------------------------------- */

static const char *unit_name(Request *req, Id id, Error *err)
{
    const Unit *unit = id ? org_unit(request_app(req)->org, req->conn, req->tenant, id, err) : NULL;
    if (!unit)
        return request_text(req, "board.no_unit");
    return req->language == LANGUAGE_EN ? unit->name_en : unit->name;
}

/* An item that is no longer offered goes by its code. */
static const char *item_name(Request *req, const char *code, Date day)
{
    Error unknown = ERROR_NONE;
    const Item *item = catalogue_item(request_app(req), req->conn, code, day, &unknown);
    return item ? both_in(item->name, req->language) : code;
}

static const char *figure_text(Request *req, const Figure *figure, const char *part)
{
    return request_text(req, arena_printf(req->arena, "board.%s.%s", figure->key, part));
}

/* ---- figures --------------------------------------------------------------------------------- */

static double rounded(double value, double places)
{
    return round(value * places) / places;
}

static const char *whole(Request *req, int64_t value)
{
    return arena_printf(req->arena, "%lld", (long long)value);
}

static const char *days(Request *req, int64_t millidays)
{
    return arena_printf(req->arena, "%.2f", (double)millidays / MILLIDAYS);
}

/* Two places; what is not all is never shown as 100 %. */
static const char *share_text(Request *req, double share)
{
    double percent = rounded(share * 100, 100);
    if (percent >= 100 && share < 1)
        percent = 99.99;
    return arena_printf(req->arena, "%.2f%%", percent);
}

static const char *shown_value(Request *req, const Figure *figure)
{
    if (!figure->has_value)
        return NULL;
    return figure->is_share ? share_text(req, figure->value)
                            : arena_printf(req->arena, "%.2f", figure->value);
}

/* The two numbers of a figure, as somebody with the list in hand would recount them. S06 is of
 * whole days already. */
static const char *recount_text(Request *req, const Figure *figure)
{
    bool has_limit = text_equal(figure->code, "S07");
    bool is_in_days = has_limit || !figure->is_share;
    return request_text(
        req, arena_printf(req->arena, "board.%s.recount", figure->key), "a",
        is_in_days ? days(req, figure->numerator) : whole(req, figure->numerator), "b",
        has_limit ? days(req, figure->denominator) : whole(req, figure->denominator));
}

static const char *median_text(Request *req, const CounterSums *sums)
{
    int bucket = median_bucket(sums);
    return bucket < 0 ? NULL
                      : request_text(req, arena_printf(req->arena, "board.median.%d", bucket));
}

static const char *period_query(Request *req, const Period *period)
{
    return arena_printf(req->arena, "from=%s&to=%s", date_text(req->arena, period->from),
                        date_text(req->arena, period->to));
}

static const char *link_text(Request *req, const char *figure, const Period *period)
{
    return arena_printf(req->arena, "/board/dossiers?figure=%s&%s", figure,
                        period_query(req, period));
}

static FigureView figure_view(Request *req, const Figure *figure, const CounterSums *sums,
                              const Period *period)
{
    return (FigureView){.code = figure->code,
                        .key = figure->key,
                        .dossiers = link_text(req, figure->key, period),
                        .name = figure_text(req, figure, "name"),
                        .is_share = figure->is_share,
                        .has_value = figure->has_value,
                        .value = figure->has_value ? rounded(figure->value, 10000) : NAN,
                        .shown = shown_value(req, figure),
                        .unit = figure->is_share ? "" : request_text(req, "board.s08.unit"),
                        .numerator = figure->numerator,
                        .denominator = figure->denominator,
                        .definition = figure_text(req, figure, "definition"),
                        .count_by = "period",
                        .status = figure->is_inferred ? "inferred" : "reproduced",
                        .median = text_equal(figure->code, "S08") ? median_text(req, sums) : NULL,
                        .recount = recount_text(req, figure)};
}

static void show_figures(Request *req, const CounterSums *sums, const Period *period,
                         BoardView *view)
{
    Figure figures[FIGURE_COUNT];
    view->withdrawn = withdrawn_of(sums);
    view->withdrawn_dossiers = link_text(req, "withdrawn", period);
    figures_of(sums, figures);
    view->figures.items = arena_array(req->arena, FigureView, FIGURE_COUNT);
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        view->figures.items[view->figures.count++] = figure_view(req, &figures[i], sums, period);
}

static void show_stages(Request *req, const StageCounts *stages, BoardView *view)
{
    view->stages.items = arena_array(req->arena, BoardStageView, stages->count);
    list_each (StageCount, count, stages)
        view->stages.items[view->stages.count++] =
            (BoardStageView){.stage = count->stage,
                             .open = count->open,
                             .dossiers = arena_printf(
                                 req->arena, "/board/dossiers?figure=open&stage=%s", count->stage)};
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Of the completed, the share that was on time; NAN without any. */
static double on_time_share(int64_t on_time, int64_t completed)
{
    return completed > 0 ? (double)on_time / (double)completed : NAN;
}

static double mean_days(const TotalLine *line)
{
    return rounded((double)line->used_millidays / (double)line->completed / MILLIDAYS, 100);
}

static TotalLineView line_view(Request *req, const TotalLine *line)
{
    bool has_completed = line->completed > 0;
    double on_time = on_time_share(line->on_time, line->completed);
    return (TotalLineView){.filed = line->filed,
                           .accepted = line->accepted,
                           .not_accepted = line->not_accepted,
                           .completed = line->completed,
                           .has_completed = has_completed,
                           .on_time = on_time,
                           .on_time_shown = has_completed ? share_text(req, on_time) : NULL,
                           .days = has_completed ? mean_days(line) : NAN};
}

static bool show_totals(Request *req, const CounterSums *sums, BoardView *view, Error *err)
{
    TotalLines units = {0}, items = {0};
    totals_by_unit(sums, req->arena, &units);
    totals_by_item(sums, req->arena, &items);
    view->units.items = arena_array(req->arena, TotalLineView, units.count);
    list_each (TotalLine, line, &units) {
        TotalLineView *shown = &view->units.items[view->units.count++];
        *shown = line_view(req, line);
        shown->name = unit_name(req, line->unit, err);
    }
    view->items.items = arena_array(req->arena, TotalLineView, items.count);
    list_each (TotalLine, line, &items) {
        TotalLineView *shown = &view->items.items[view->items.count++];
        *shown = line_view(req, line);
        shown->code = line->item;
        shown->kind = line->kind;
        shown->name = item_name(req, line->item, view->to);
    }
    return !error_is_set(err);
}

static void show_months(Request *req, const MonthSums *sums, BoardView *view)
{
    MonthLines months = {0};
    int64_t busiest = 1;
    months_of(sums, req->arena, &months);
    list_each (MonthLine, line, &months)
        busiest = line->completed > busiest ? line->completed : busiest;
    view->months.items = arena_array(req->arena, MonthLineView, months.count);
    list_each (MonthLine, line, &months) {
        double on_time = on_time_share(line->on_time, line->completed);
        view->months.items[view->months.count++] =
            (MonthLineView){.month = line->month,
                            .filed = line->filed,
                            .accepted = line->accepted,
                            .completed = line->completed,
                            .has_completed = line->completed > 0,
                            .on_time = on_time,
                            .on_time_shown = line->completed > 0 ? share_text(req, on_time) : NULL,
                            .bar = (double)line->completed / (double)busiest};
    }
}

/* ---- /board ---------------------------------------------------------------------------------- */

typedef struct BoardFacts {
    CounterSums sums;
    MonthSums months;
    StageCounts stages;
} BoardFacts;

/* All questions see one state, so that the trend adds up to the figures. */
static bool read_facts(Request *req, const Period *period, BoardFacts *out, Error *err)
{
    if (!db_read_begin(req->conn, err))
        return false;
    bool is_read =
        store_sums(req->conn, req->arena, req->tenant, period->from, period->to, &out->sums, err) &&
        store_months(req->conn, req->arena, req->tenant, period->from, period->to, &out->months,
                     err) &&
        supervise_stages(req->conn, req->arena, req->tenant, &out->stages, err);
    db_read_end(req->conn);
    return is_read;
}

/* Only what was asked for: a hall screen that runs for days goes on to the next year by itself. */
static const char *own_query(Request *req)
{
    Buffer query = buffer_init(req->arena, 0);
    Date from = input_date(req, "from"), to = input_date(req, "to");
    if (!date_is_none(from))
        buffer_printf(&query, "&from=%s", date_text(req->arena, from));
    if (!date_is_none(to))
        buffer_printf(&query, "&to=%s", date_text(req->arena, to));
    const char *text = buffer_text(&query);
    return *text ? text + 1 : text;
}

static bool board_page(Request *req, Error *err)
{
    BoardView *view = arena_new(req->arena, BoardView);
    BoardFacts facts = {0};
    Period period;
    if (!read_period(req, &period, err) || !read_facts(req, &period, &facts, err))
        return false;
    view->from = period.from;
    view->to = period.to;
    view->at = req->now;
    view->from_field = date_field(req, "from", period.from);
    view->to_field = date_field(req, "to", period.to);
    view->own_query = own_query(req);
    view->empty = (EmptyState){.title = request_text(req, "board.empty"),
                               .text = request_text(req, "board.empty_text")};
    show_figures(req, &facts.sums, &period, view);
    show_stages(req, &facts.stages, view);
    show_months(req, &facts.months, view);
    return show_totals(req, &facts.sums, view, err) && request_show(req, &BoardView_type, view);
}

/* The dark theme is the hall screen's: large figures, renewed by themselves. */
static bool board_dark(Request *req, Error *err)
{
    (void)err;
    request_set_preference(req, "dark", input_text(req, "screen"));
    return request_done(req, 200, "/board", NULL, NULL, NULL);
}

/* ---- /board/dossiers ------------------------------------------------------------------------- */

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
        .unit = unit_name(req, row->unit, err),
        .kind = row->kind,
        .state = row->state,
        .accepted_at = row->accepted_at,
        .due_at = row->due_at,
        .completed_at = row->completed_at,
        .is_late = is_late(row),
        .has_used = has_used,
        .used_days = has_used ? rounded((double)row->used_millidays / MILLIDAYS, 1000) : NAN,
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

static void name_listing(Request *req, const Listing *listing, FigureDossiersView *view)
{
    const char *stage = input_text(req, "stage");
    view->figure = listing->figure;
    view->part = listing->part;
    view->is_now = listing->set == SUPERVISED_OPEN;
    view->has_ratings =
        text_starts_with(listing->figure, "s09") || text_starts_with(listing->figure, "s10");
    view->name = listing_text(req, listing->figure, "name", "");
    view->meaning =
        view->is_now && stage
            ? request_text(req, "board.open.stage", "stage",
                           request_text(req, arena_printf(req->arena, "stage.%s", stage)))
            : listing_text(req, listing->figure, listing->part, "");
    show_parts(req, listing, view);
}

static FigureDossiersView *listing_view(Request *req, const Listing *listing, const Period *period)
{
    FigureDossiersView *view = arena_new(req->arena, FigureDossiersView);
    name_listing(req, listing, view);
    view->from = period->from;
    view->to = period->to;
    view->period_query = period_query(req, period);
    view->empty = (EmptyState){.title = request_text(req, "board.no_dossiers"),
                               .text = request_text(req, "board.no_dossiers_text")};
    return view;
}

/* The same list, behind the last row of this page. */
static const char *next_query(Request *req, const FigureDossiersView *view, const char *next)
{
    const char *stage = input_text(req, "stage");
    return arena_printf(req->arena, "figure=%s&part=%s%s%s&%s&after=%s", view->figure, view->part,
                        stage ? "&stage=" : "", stage ? stage : "", view->period_query, next);
}

static bool dossiers_page(Request *req, Error *err)
{
    int zone = request_app(req)->zone_minutes;
    Period period;
    SupervisedList rows = {0};
    const char *next = NULL;
    const Listing *listing = asked_listing(req, err);
    if (!listing || !read_period(req, &period, err))
        return false;
    SupervisedQuery query = {.set = listing->set,
                             .from = date_start(period.from, zone),
                             .before = date_start(date_plus(period.to, 1), zone),
                             .stage = input_text(req, "stage"),
                             .after = input_text(req, "after"),
                             .most = PAGE_ROWS};
    if (!supervise_find(req->conn, req->arena, req->tenant, &query, &rows, &next, err))
        return false;
    FigureDossiersView *view = listing_view(req, listing, &period);
    view->dossiers.items = arena_array(req->arena, FigureDossierView, rows.count);
    list_each (Supervised, row, &rows)
        view->dossiers.items[view->dossiers.count++] = dossier_line(req, row, err);
    view->pager.shown = (int64_t)rows.count;
    if (next)
        view->pager.next_query = next_query(req, view, next);
    return !error_is_set(err) && request_show(req, &FigureDossiersView_type, view);
}

const Route stats_routes[] = {
    ROUTE_GET("/board", RIGHT_BOARD_READ, board_page, &BoardView_type, board_input,
              "Figures of a period, with definitions"),
    ROUTE_GET("/board/dark/{screen}", RIGHT_BOARD_READ, board_dark, NULL, dark_input,
              "Show the board as the hall screen, or as usual"),
    ROUTE_GET("/board/dossiers", RIGHT_BOARD_READ, dossiers_page, &FigureDossiersView_type,
              dossiers_input, "The dossiers behind a figure"),
    ROUTE_END,
};
