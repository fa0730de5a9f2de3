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

static const char *const figure_choices[] = {"s01", "s02", "s07", "s08", NULL};
static const char *const part_choices[] = {"counted", "rest", NULL};

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

/* The two numbers of a figure, as somebody with the list in hand would recount them. */
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

static FigureView figure_view(Request *req, const Figure *figure, const CounterSums *sums)
{
    return (FigureView){.code = figure->code,
                        .key = figure->key,
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

static void show_figures(Request *req, const CounterSums *sums, BoardView *view)
{
    Figure figures[FIGURE_COUNT];
    figures_of(sums, figures);
    view->figures.items = arena_array(req->arena, FigureView, FIGURE_COUNT);
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        view->figures.items[view->figures.count++] = figure_view(req, &figures[i], sums);
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

/* Both questions see one state, so that the trend adds up to the figures. */
static bool read_sums(Request *req, const Period *period, CounterSums *sums, MonthSums *months,
                      Error *err)
{
    if (!db_read_begin(req->conn, err))
        return false;
    bool is_read =
        store_sums(req->conn, req->arena, req->tenant, period->from, period->to, sums, err) &&
        store_months(req->conn, req->arena, req->tenant, period->from, period->to, months, err);
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
    CounterSums sums = {0};
    MonthSums months = {0};
    Period period;
    if (!read_period(req, &period, err) || !read_sums(req, &period, &sums, &months, err))
        return false;
    view->from = period.from;
    view->to = period.to;
    view->at = req->now;
    view->from_field = date_field(req, "from", period.from);
    view->to_field = date_field(req, "to", period.to);
    view->own_query = own_query(req);
    view->empty = (EmptyState){.title = request_text(req, "board.empty"),
                               .text = request_text(req, "board.empty_text")};
    show_figures(req, &sums, view);
    show_months(req, &months, view);
    return show_totals(req, &sums, view, err) && request_show(req, &BoardView_type, view);
}

/* The dark theme is the hall screen's: large figures, renewed by themselves. */
static bool board_dark(Request *req, Error *err)
{
    (void)err;
    request_set_preference(req, "dark", input_text(req, "screen"));
    return request_done(req, 200, "/board", NULL, NULL, NULL);
}

/* ---- /board/dossiers ------------------------------------------------------------------------- */

/* What to list, and in which words, for a figure and its part. */
typedef struct Listing {
    const char *figure;
    const char *part;
    SupervisedSet set;
    const char *name; /* message keys */
    const char *meaning;
    const char *label; /* of the chip; NULL: the figure has one part */
} Listing;

static const Listing listings[] = {
    {"s01", "counted", SUPERVISED_COMPLETED, "board.s01.name", "board.s01.counted",
     "board.s01.counted_label"},
    {"s01", "rest", SUPERVISED_STILL_OPEN, "board.s01.name", "board.s01.rest",
     "board.s01.rest_label"},
    {"s02", "counted", SUPERVISED_ON_TIME, "board.s02.name", "board.s02.counted",
     "board.s02.counted_label"},
    {"s02", "rest", SUPERVISED_LATE, "board.s02.name", "board.s02.rest", "board.s02.rest_label"},
    {"s07", "counted", SUPERVISED_COMPLETED, "board.s07.name", "board.s07.counted", NULL},
    {"s08", "counted", SUPERVISED_PROMISED, "board.s08.name", "board.s08.counted", NULL},
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
        .limit_unit = row->limit_unit};
}

static void name_listing(Request *req, const Listing *listing, FigureDossiersView *view)
{
    const Listing *counted = find_listing(listing->figure, "counted");
    const Listing *rest = find_listing(listing->figure, "rest");
    view->figure = listing->figure;
    view->part = listing->part;
    view->name = request_text(req, listing->name);
    view->meaning = request_text(req, listing->meaning);
    view->has_rest = rest != NULL;
    view->counted_label = rest ? request_text(req, counted->label) : NULL;
    view->rest_label = rest ? request_text(req, rest->label) : NULL;
}

static FigureDossiersView *listing_view(Request *req, const Listing *listing, const Period *period)
{
    FigureDossiersView *view = arena_new(req->arena, FigureDossiersView);
    name_listing(req, listing, view);
    view->from = period->from;
    view->to = period->to;
    view->period_query =
        arena_printf(req->arena, "from=%s&to=%s", date_text(req->arena, period->from),
                     date_text(req->arena, period->to));
    view->empty = (EmptyState){.title = request_text(req, "board.no_dossiers"),
                               .text = request_text(req, "board.no_dossiers_text")};
    return view;
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
        view->pager.next_query = arena_printf(req->arena, "figure=%s&part=%s&%s&after=%s",
                                              view->figure, view->part, view->period_query, next);
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
