/* screen.c - the slides of a hall's large screen. */
#include "apps/screen/screen.h"

#include <string.h>

#include "apps/catalogue/catalogue.h"
#include "apps/org/org.h"
#include "apps/screen/screen_views_gen.h"
#include "apps/stats/stats.h"
#include "apps/supervise/supervise.h"

enum { LINES = 9, RESULTS_MOST = 27, ITEMS_MOST = 200, DAYS_BACK = 7, SECONDS = 12 };

static const InputField screen_input[] = {
    {"slide", INPUT_INT, 0, .least = 1, .most = 1000, .label = "screen.title"},
    {0},
};

const char *screen_masked(Arena *arena, const char *number)
{
    size_t length = strlen(number);
    return length < 12 ? "****" : arena_printf(arena, "%.8s****%s", number, number + length - 4);
}

size_t screen_slides(size_t lines)
{
    return (lines + LINES - 1) / LINES;
}

/* ---- what there is to show ------------------------------------------------------------------- */

typedef struct Slides {
    SupervisedList results;
    ItemsFound items;
    size_t of_results, of_items;
} Slides;

static bool find_slides(Request *req, Slides *out, Error *err)
{
    const char *next;
    SupervisedQuery query = {.set = SUPERVISED_COMPLETED,
                             .from = req->now - DAYS_BACK * DAY_MS,
                             .before = req->now + 1,
                             .most = RESULTS_MOST};
    if (!supervise_find(req->conn, req->arena, req->tenant, &query, &out->results, &next, err) ||
        !catalogue_find(req->conn, req->arena, req->tenant, NULL, ITEMS_MOST, &out->items, err))
        return false;
    out->of_results = screen_slides(out->results.count);
    out->of_items = screen_slides(out->items.count);
    return true;
}

/* ---- slides ---------------------------------------------------------------------------------- */

static bool add_numbers(Request *req, const char *period, Date from, Date to, ScreenView *view,
                        Error *err)
{
    StatsSummary sums;
    if (!stats_summary(req, from, to, &sums, err))
        return false;
    view->numbers.items[view->numbers.count++] = (ScreenNumbersView){.period = period,
                                                                     .filed = sums.filed,
                                                                     .accepted = sums.accepted,
                                                                     .completed = sums.completed,
                                                                     .on_time = sums.on_time,
                                                                     .satisfied = sums.satisfied};
    return true;
}

static bool show_numbers(Request *req, ScreenView *view, Error *err)
{
    int year, month, day;
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    date_split(today, &year, &month, &day);
    view->slide = "numbers";
    view->numbers.items = arena_array(req->arena, ScreenNumbersView, 2);
    return add_numbers(req, "today", today, today, view, err) &&
           add_numbers(req, "month", date_of(year, month, 1), today, view, err);
}

static bool show_results(Request *req, const Slides *slides, size_t page, ScreenView *view,
                         Error *err)
{
    view->slide = "results";
    view->results.items = arena_array(req->arena, ScreenResultView, LINES);
    for (size_t i = page * LINES; i < slides->results.count && view->results.count < LINES; i++) {
        const Supervised *row = &slides->results.items[i];
        view->results.items[view->results.count++] = (ScreenResultView){
            .number = screen_masked(req->arena, row->number),
            .item = req->language == LANGUAGE_EN ? row->item_name_en : row->item_name,
            .unit = org_unit_name(req, row->unit, err),
            .state = row->state,
            .completed_at = row->completed_at};
    }
    return !error_is_set(err);
}

/* An item whose limits hang on more than is known here is told as its guide tells it. */
static bool show_item(Request *req, const ItemFound *found, ScreenView *view, Error *err)
{
    App *app = request_app(req);
    Date today = instant_date(req->now, app->zone_minutes);
    ItemLimits limits;
    const Item *item = catalogue_item(app, req->conn, found->code, today, err);
    if (!item ||
        !catalogue_limits(app, req->conn, req->arena, item, today, feel_null(), &limits, err))
        return false;
    view->items.items[view->items.count++] =
        (ScreenItemView){.item = both_in(found->name, req->language),
                         .unit = org_unit_name_by_code(req, found->unit_code, err),
                         .kind = found->kind,
                         .statutory = limits.statutory,
                         .promised = limits.promised,
                         .limit_unit = limits.unit};
    return !error_is_set(err);
}

static bool show_limits(Request *req, const Slides *slides, size_t page, ScreenView *view,
                        Error *err)
{
    view->slide = "limits";
    view->items.items = arena_array(req->arena, ScreenItemView, LINES);
    for (size_t i = page * LINES; i < slides->items.count && view->items.count < LINES; i++)
        if (!show_item(req, &slides->items.items[i], view, err))
            return false;
    return true;
}

static bool show_slide(Request *req, const Slides *slides, size_t place, ScreenView *view,
                       Error *err)
{
    if (place == 0)
        return show_numbers(req, view, err);
    if (place <= slides->of_results)
        return show_results(req, slides, place - 1, view, err);
    return show_limits(req, slides, place - 1 - slides->of_results, view, err);
}

static bool screen_page(Request *req, Error *err)
{
    Slides slides = {0};
    ScreenView *view = arena_new(req->arena, ScreenView);
    if (!find_slides(req, &slides, err))
        return false;
    size_t count = 1 + slides.of_results + slides.of_items;
    size_t place = (size_t)input_int(req, "slide", 1) - 1;
    place = place < count ? place : 0; /* there are fewer than a moment ago */
    *view = (ScreenView){
        .place = (int64_t)place + 1,
        .count = (int64_t)count,
        .seconds = SECONDS,
        .at = req->now,
        .next = arena_printf(req->arena, "/screen?slide=%zu", place + 1 < count ? place + 2 : 1)};
    req->next_slide = arena_printf(req->arena, "%d;url=%s", SECONDS, view->next);
    return show_slide(req, &slides, place, view, err) && request_show(req, &ScreenView_type, view);
}

const Route screen_routes[] = {
    ROUTE_GET("/screen", RIGHT_PUBLIC, screen_page, &ScreenView_type, screen_input,
              "What the large screen of a hall shows by turns"),
    ROUTE_END,
};
