/* stats_pages.c - /board: counters of a period -> figures, tables, trend; the route table. */
#include "apps/catalogue/catalogue.h"
#include "apps/org/org.h"
#include "apps/stats/stats_figures.h"
#include "apps/stats/stats_internal.h"
#include "apps/supervise/supervise.h"

#include <math.h>

enum { PAGE_ROWS = 50, MILLIDAYS = 1000 };

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
/* ---- the period ------------------------------------------------------------------------------ */

/* The year up to today, unless dates are given. */
bool stats_read_period(Request *req, Period *out, Error *err)
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

const char *stats_unit_name(Request *req, Id id, Error *err)
{
    const char *name = org_unit_name(req, id, err);
    return *name ? name : request_text(req, "board.no_unit");
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

double stats_rounded(double value, double places)
{
    return round(value * places) / places;
}

const char *stats_whole(Request *req, int64_t value)
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
    double percent = stats_rounded(share * 100, 100);
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
        is_in_days ? days(req, figure->numerator) : stats_whole(req, figure->numerator), "b",
        has_limit ? days(req, figure->denominator) : stats_whole(req, figure->denominator));
}

static const char *median_text(Request *req, const CounterSums *sums)
{
    int bucket = median_bucket(sums);
    return bucket < 0 ? NULL
                      : request_text(req, arena_printf(req->arena, "board.median.%d", bucket));
}

const char *stats_period_query(Request *req, const Period *period)
{
    return arena_printf(req->arena, "from=%s&to=%s", date_text(req->arena, period->from),
                        date_text(req->arena, period->to));
}

static const char *link_text(Request *req, const char *figure, const Period *period)
{
    return arena_printf(req->arena, "/board/dossiers?figure=%s&%s", figure,
                        stats_period_query(req, period));
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
                        .value = figure->has_value ? stats_rounded(figure->value, 10000) : NAN,
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

static const char *shown_figure(Request *req, const CounterSums *sums, const char *key)
{
    Figure figures[FIGURE_COUNT];
    figures_of(sums, figures);
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        if (text_equal(figures[i].key, key))
            return shown_value(req, &figures[i]);
    return NULL;
}

bool stats_summary(Request *req, Date from, Date to, StatsSummary *out, Error *err)
{
    CounterSums sums = {0};
    if (!store_sums(req->conn, req->arena, req->tenant, from, to, &sums, err))
        return false;
    *out = (StatsSummary){.filed = counted_of(&sums, "filed"),
                          .accepted = counted_of(&sums, "accepted"),
                          .completed = counted_of(&sums, "completed"),
                          .on_time = shown_figure(req, &sums, "s02"),
                          .satisfied = shown_figure(req, &sums, "s10")};
    return true;
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
    return stats_rounded((double)line->used_millidays / (double)line->completed / MILLIDAYS, 100);
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
        shown->name = stats_unit_name(req, line->unit, err);
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
    if (!stats_read_period(req, &period, err) || !read_facts(req, &period, &facts, err))
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

const Route stats_routes[] = {
    ROUTE_GET("/board", RIGHT_BOARD_READ, board_page, &BoardView_type, board_input,
              "Figures of a period, with definitions"),
    ROUTE_GET("/board/dark/{screen}", RIGHT_BOARD_READ, board_dark, NULL, dark_input,
              "Show the board as the hall screen, or as usual"),
    ROUTE_GET("/board/dossiers", RIGHT_BOARD_READ, dossiers_page, &FigureDossiersView_type,
              stats_dossiers_input, "The dossiers behind a figure"),
    ROUTE_GET_HEAVY("/board/dossiers.xlsx", RIGHT_BOARD_READ, dossiers_export, NULL,
                    stats_export_input,
                    "The dossiers behind a figure, all of them, as a spreadsheet"),
    ROUTE_END,
};
