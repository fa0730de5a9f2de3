/*
 * simulate_plan.c - arrivals and the queue.
 *
 *     weekday, place behind days off, month -> weight of a day; hours have weights of their own
 *
 * Moments are whole ticks: what happens within one is under way together.
 */
#include "simulate/simulate_plan.h"

enum { HOURS = 24, BASE = 100 };

/* ---- days ------------------------------------------------------------------------------------ */

/* Mondays are busiest; after days off more come than else; the end of the year and spring are. */
static int window_weight(const CalendarTable *calendar, Date date)
{
    static const int of_weekday[] = {0, 125, 110, 100, 95, 85, 60, 60};
    static const int of_month[] = {0, 80, 75, 120, 110, 100, 105, 95, 90, 105, 95, 110, 115};
    int year, month, day;
    if (!calendar_is_worked(calendar, date))
        return 0;
    date_split(date, &year, &month, &day);
    int behind = calendar_is_worked(calendar, date_plus(date, -1)) ? BASE : BASE + BASE / 5;
    return of_weekday[date_weekday(date)] * of_month[month] / BASE * behind / BASE;
}

bool plan_make(Arena *arena, const CalendarTable *calendar, Date from, Date to, Plan *out,
               Error *err)
{
    bool has_worked = false;
    *out = (Plan){.calendar = calendar};
    for (Date date = from; date_compare(date, to) <= 0; date = date_plus(date, 1)) {
        int weight = window_weight(calendar, date);
        list_add(arena, &out->days, date);
        list_add(arena, &out->at_window, weight);
        list_add(arena, &out->online, weight ? weight : BASE / 3);
        has_worked = has_worked || weight;
    }
    return has_worked || error_set(err, ERROR_INVALID, .code = "simulate.no_days", .field = "from");
}

/* ---- hours ----------------------------------------------------------------------------------- */

static Instant moment(Date date, int minutes)
{
    return date_start(date, CALENDAR_ZONE_CHINA) + minutes * MINUTE_MS;
}

/* Open hours that are pulled to the middle of the morning and the early afternoon. */
static int64_t worked_minute(Random *random, int64_t minutes)
{
    int64_t a = random_below(random, minutes), b = random_below(random, minutes * 3 / 4);
    return random_chance(random, 60) ? b : a;
}

static Instant arrival_at_window(const Plan *plan, Random *random)
{
    size_t at = random_weighted(random, plan->at_window.items, plan->at_window.count);
    CalendarDay day = calendar_day(plan->calendar, plan->days.items[at]);
    int64_t minutes = 0;
    for (int i = 0; i < day.hours.count; i++)
        minutes += day.hours.spans[i].to - day.hours.spans[i].from;
    int64_t drawn = worked_minute(random, minutes);
    for (int i = 0; i < day.hours.count; i++) {
        int span = day.hours.spans[i].to - day.hours.spans[i].from;
        if (drawn < span)
            return moment(day.date, day.hours.spans[i].from + (int)drawn);
        drawn -= span;
    }
    return moment(day.date, 0);
}

static Instant arrival_online(const Plan *plan, Random *random)
{
    static const int of_hour[HOURS] = {4,  2,  1,  1,  1,  2,  6,  15, 40, 70, 80, 60,
                                       45, 50, 65, 65, 55, 45, 35, 50, 70, 60, 35, 12};
    size_t at = random_weighted(random, plan->online.items, plan->online.count);
    int hour = (int)random_weighted(random, of_hour, HOURS);
    return moment(plan->days.items[at], hour * 60 + (int)random_below(random, 60));
}

Instant plan_arrival(const Plan *plan, Random *random, bool is_online)
{
    Instant at = is_online ? arrival_online(plan, random) : arrival_at_window(plan, random);
    return plan_tick(at);
}

Instant plan_tick(Instant at)
{
    const int64_t tick = TICK_MINUTES * MINUTE_MS;
    return (at + tick - 1) / tick * tick;
}

bool plan_worked(const CalendarTable *calendar, Instant now, int64_t minutes, Instant *out,
                 Error *err)
{
    Instant at;
    if (!calendar_add_working(calendar, now, minutes * MINUTE_MS, &at, err))
        return false;
    *out = plan_tick(at);
    if (*out <= now)
        *out = plan_tick(now + 1);
    return true;
}

/* ---- the queue ------------------------------------------------------------------------------- */

static bool is_before(const Event *a, const Event *b)
{
    return a->at != b->at ? a->at < b->at : a->sequence < b->sequence;
}

static void swap(Event *a, Event *b)
{
    Event kept = *a;
    *a = *b;
    *b = kept;
}

void events_add(EventQueue *queue, Instant at, int64_t life)
{
    Event event = {.at = at, .sequence = ++queue->last_sequence, .life = life};
    list_add(queue->arena, &queue->heap, event);
    Event *heap = queue->heap.items;
    for (size_t i = queue->heap.count - 1; i && is_before(&heap[i], &heap[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&heap[i], &heap[(i - 1) / 2]);
}

const Event *events_first(const EventQueue *queue)
{
    return queue->heap.count ? &queue->heap.items[0] : NULL;
}

static size_t least_child(const EventQueue *queue, size_t i)
{
    const Event *heap = queue->heap.items;
    size_t left = 2 * i + 1, right = left + 1;
    if (left >= queue->heap.count)
        return i;
    size_t least = right < queue->heap.count && is_before(&heap[right], &heap[left]) ? right : left;
    return is_before(&heap[least], &heap[i]) ? least : i;
}

Event events_take(EventQueue *queue)
{
    Event *heap = queue->heap.items, first = heap[0];
    heap[0] = heap[--queue->heap.count];
    for (size_t i = 0, child; (child = least_child(queue, i)) != i; i = child)
        swap(&heap[i], &heap[child]);
    return first;
}
