/*
 * legal_clock.c - from receipt, limit, stops and extensions to the deadline, day by day.
 *
 *     receipt rule -> start -> uncounted spans (legal_span.c) -> walk over the days, or over the
 *     time of each day -> deadline -> state, rest and warning at `now`
 *
 * The walk writes one line for each date, so the explanation is the calculation itself and cannot
 * disagree with it.
 */
#include "calendar/calendar_internal.h"

#include <string.h>

#include "base/list.h"
#include "base/text.h"

const char *limit_unit_name(LimitUnit unit)
{
    static const char *const names[] = {"working_days", "calendar_days", "working_hours", "hours",
                                        "months"};
    return names[unit];
}

bool limit_unit_parse(const char *name, LimitUnit *out_unit)
{
    for (int unit = LIMIT_WORKING_DAYS; unit <= LIMIT_MONTHS; unit++) {
        if (!text_equal(name, limit_unit_name((LimitUnit)unit)))
            continue;
        *out_unit = (LimitUnit)unit;
        return true;
    }
    return false;
}

const char *legal_clock_state_name(LegalClockState state)
{
    static const char *const names[] = {"running", "stopped", "over"};
    return names[state];
}

const char *legal_effect_name(LegalEffect effect)
{
    static const char *const names[] = {
        "received_late",         "event_day", "counted", "weekend", "holiday", "not_counted",
        "suspension_over_limit", "moved"};
    return names[effect];
}

/* ---- the walk -------------------------------------------------------------------------------- */

typedef struct Walk {
    const CalendarTable *table;
    Arena *arena;
    const LegalClockInput *input;
    Suspensions suspensions;
    Instant starts_at;
    Date event_date;
    int64_t amount; /* of the limit and its extensions, in its unit */
    int32_t total;  /* in days; limits in hours: hours */
    Date due_date;
    Instant due_at;
    LIST(LegalDay) days;
} Walk;

static bool is_in_hours(LimitUnit unit)
{
    return unit == LIMIT_HOURS || unit == LIMIT_WORKING_HOURS;
}

static LegalDay *add_day(Walk *walk, Date date, LegalEffect effect)
{
    list_add(walk->arena, &walk->days,
             (LegalDay){.day = calendar_day(walk->table, date), .effect = effect});
    return &walk->days.items[walk->days.count - 1];
}

static LegalEffect day_off(const CalendarTable *table, Date date)
{
    return calendar_day(table, date).kind == CALENDAR_WEEKEND ? LEGAL_WEEKEND : LEGAL_HOLIDAY;
}

/* Where counting begins, and the lines before it. */
static bool walk_receipt(Walk *walk, Error *err)
{
    int zone = calendar_zone(walk->table);
    Instant received = walk->input->received_at;
    if (received < calendar_begin(walk->table) || received >= calendar_end(walk->table))
        return calendar_out_of_range(err);
    walk->starts_at = received;
    if (walk->input->receipt == RECEIPT_NEXT_WORKING_MOMENT &&
        !calendar_next_moment(walk->table, received, &walk->starts_at, err))
        return false;

    walk->event_date = instant_date(walk->starts_at, zone);
    Date first = instant_date(received, zone);
    for (Date date = first; date.day < walk->event_date.day; date.day++)
        add_day(walk, date,
                date.day == first.day ? LEGAL_RECEIVED_LATE : day_off(walk->table, date));
    return true;
}

/* ---- limits in days -------------------------------------------------------------------------- */

/* An amount of the limit's unit in days: months run to their corresponding day. */
static int32_t days_of(const Walk *walk, int64_t amount)
{
    if (walk->input->limit.unit != LIMIT_MONTHS)
        return (int32_t)amount;
    int32_t most = 12 * (CALENDAR_LAST_YEAR - CALENDAR_FIRST_YEAR + 1);
    int32_t months = amount > most ? most : (int32_t)amount;
    return date_plus_months(walk->event_date, months).day - walk->event_date.day;
}

/* The ground of the extension that a counted day belongs to, or NULL. */
static const char *extension_ground(const Walk *walk, int32_t counted)
{
    int64_t amount = walk->input->limit.amount;
    if (counted <= days_of(walk, amount))
        return NULL;
    for (size_t i = 0; i < walk->input->extension_count; i++) {
        amount += walk->input->extensions[i].amount;
        if (counted <= days_of(walk, amount))
            return walk->input->extensions[i].ground;
    }
    return NULL;
}

/* One date behind the event day; counts it or says why not. */
static void count_day(Walk *walk, Date date, int32_t *counted)
{
    bool is_worked = calendar_is_worked(walk->table, date);
    Instant closing = calendar_closing(walk->table, date);
    const char *ground = suspensions_lawful(&walk->suspensions, closing);
    if (!is_worked && walk->input->limit.unit == LIMIT_WORKING_DAYS) {
        add_day(walk, date, day_off(walk->table, date))->counted = *counted;
        return;
    }
    if (ground) {
        LegalDay *day = add_day(walk, date, LEGAL_NOT_COUNTED);
        day->ground = ground;
        day->counted = *counted;
        return;
    }
    const char *surplus = suspensions_surplus(&walk->suspensions, closing);
    LegalDay *day = add_day(walk, date, surplus ? LEGAL_OVER_LIMIT : LEGAL_COUNTED);
    day->counted = ++*counted;
    day->ground = surplus ? surplus : extension_ground(walk, *counted);
}

/* Whether a limit can end on a date: worked, not taken out, and closing after the receipt. */
static bool can_end_on(const Walk *walk, Date date)
{
    Instant closing = calendar_closing(walk->table, date);
    return calendar_is_worked(walk->table, date) && closing > walk->starts_at &&
           !suspensions_lawful(&walk->suspensions, closing);
}

static bool walk_days(Walk *walk, Error *err)
{
    int32_t counted = 0;
    Date date = walk->event_date;
    walk->total = days_of(walk, walk->amount);
    add_day(walk, date, LEGAL_EVENT_DAY);
    while (counted < walk->total) {
        date.day++;
        if (!calendar_covers(walk->table, date))
            return calendar_out_of_range(err);
        count_day(walk, date, &counted);
    }
    while (!can_end_on(walk, date)) {
        date.day++;
        if (!calendar_covers(walk->table, date))
            return calendar_out_of_range(err);
        LegalDay *day = add_day(walk, date, LEGAL_MOVED);
        day->counted = counted;
        day->ground = suspensions_lawful(&walk->suspensions, calendar_closing(walk->table, date));
    }
    walk->due_date = date;
    walk->due_at = calendar_closing(walk->table, date);
    return true;
}

/* ---- limits in hours ------------------------------------------------------------------------- */

/* Time that is used up piece by piece; at: where the last piece ended. */
typedef struct Spending {
    int64_t left_ms;
    Instant at;
    bool is_spent;
} Spending;

/* Spends on the parts of [from, to) that no stop covers. Returns what was spent. */
static int64_t spend_between(const LegalStop *stops, size_t count, Instant from, Instant to,
                             Spending *spending)
{
    int64_t spent = 0;
    for (size_t i = 0; i <= count && from < to && !spending->is_spent; i++) {
        Instant end = i < count && stops[i].from < to ? stops[i].from : to;
        if (end > from) {
            int64_t piece = end - from < spending->left_ms ? end - from : spending->left_ms;
            spending->is_spent = piece == spending->left_ms;
            spending->left_ms -= piece;
            spending->at = from + piece;
            spent += piece;
        }
        if (i < count && stops[i].to > from)
            from = stops[i].to;
    }
    return spent;
}

/* Spends the time of one date from an instant on. Returns what was spent. */
static int64_t spend_day(const CalendarTable *table, const LegalStop *stops, size_t count,
                         Date date, Instant from, bool is_working, Spending *spending)
{
    CalendarDay day = calendar_day(table, date);
    CalendarDayHours whole = {.spans = {{0, 24 * 60}}, .count = 1};
    const CalendarDayHours *hours = is_working ? &day.hours : &whole;
    Instant start = date_start(date, calendar_zone(table));
    int64_t spent = 0;
    for (int i = 0; i < hours->count && !spending->is_spent; i++) {
        Instant begin = start + hours->spans[i].from * MINUTE_MS;
        Instant end = start + hours->spans[i].to * MINUTE_MS;
        spent += spend_between(stops, count, from > begin ? from : begin, end, spending);
    }
    return spent;
}

static void explain_hours(Walk *walk, Date date, int64_t spent, Instant at)
{
    bool is_off = !calendar_is_worked(walk->table, date);
    bool is_event = date.day == walk->event_date.day;
    Instant closing = calendar_closing(walk->table, date);
    LegalDay *day = add_day(walk, date, is_event ? LEGAL_EVENT_DAY : LEGAL_COUNTED);
    day->counted_ms = spent;
    if (is_event)
        return;
    if (spent > 0) {
        day->ground = suspensions_surplus(&walk->suspensions, at);
        day->effect = day->ground ? LEGAL_OVER_LIMIT : LEGAL_COUNTED;
    } else if (is_off && walk->input->limit.unit == LIMIT_WORKING_HOURS) {
        day->effect = day_off(walk->table, date);
    } else {
        day->effect = LEGAL_NOT_COUNTED;
        day->ground = suspensions_lawful(&walk->suspensions, closing);
    }
}

static bool walk_hours(Walk *walk, Error *err)
{
    bool is_working = walk->input->limit.unit == LIMIT_WORKING_HOURS;
    Spending spending = {.left_ms = walk->amount * HOUR_MS};
    Date date = walk->event_date;
    walk->total = (int32_t)walk->amount;
    for (; calendar_covers(walk->table, date); date.day++) {
        int64_t spent =
            spend_day(walk->table, walk->suspensions.stops, walk->suspensions.stop_count, date,
                      walk->starts_at, is_working, &spending);
        explain_hours(walk, date, spent, spending.at);
        if (!spending.is_spent)
            continue;
        walk->due_at = spending.at;
        walk->due_date = date;
        return true;
    }
    return calendar_out_of_range(err);
}

/* ---- at now ---------------------------------------------------------------------------------- */

/* Working time or thousandths of days in [from, to) without what the stops cover. */
static int64_t net(const CalendarTable *table, const LegalClock *clock, Instant from, Instant to,
                   int64_t (*measure)(const CalendarTable *, Instant, Instant))
{
    if (to <= from)
        return 0;
    int64_t sum = measure(table, from, to);
    for (size_t i = 0; i < clock->stop_count; i++) {
        Instant begin = clock->stops[i].from > from ? clock->stops[i].from : from;
        Instant end = clock->stops[i].to < to ? clock->stops[i].to : to;
        if (begin < end)
            sum -= measure(table, begin, end);
    }
    return sum;
}

static bool is_remaining(const CalendarTable *table, const LegalDay *day, Instant now)
{
    bool is_counted = day->effect == LEGAL_COUNTED || day->effect == LEGAL_OVER_LIMIT ||
                      (day->effect == LEGAL_MOVED && !day->ground) || day->counted_ms > 0;
    return is_counted && day->day.is_worked && calendar_closing(table, day->day.date) > now;
}

static void measure_rest(const CalendarTable *table, LegalClock *clock, Instant now)
{
    Instant from = now > clock->starts_at ? now : clock->starts_at;
    int64_t used = net(table, clock, clock->starts_at, from, calendar_millidays);
    clock->used_millidays = used > 0 ? used : 0; /* parts are rounded one by one */
    if (clock->state == LEGAL_CLOCK_OVER) {
        CalendarCount late = {0};
        Error ignored = ERROR_NONE;
        Date today = instant_date(calendar_clamp(table, now) - 1, calendar_zone(table));
        if (today.day > clock->due_date.day &&
            calendar_between(table, clock->due_date, today, &late, &ignored))
            clock->remaining_days = -late.days;
        clock->remaining_working_ms = -calendar_working_ms(table, clock->due_at, now);
        return;
    }
    clock->remaining_working_ms = net(table, clock, from, clock->due_at, calendar_working_ms);
    for (size_t i = 0; i < clock->day_count; i++)
        clock->remaining_days += is_remaining(table, &clock->days[i], now);
}

static void find_state(const Suspensions *suspensions, const LegalClockInput *input,
                       LegalClock *clock)
{
    Instant ends_at;
    clock->stop_ends_at = INSTANT_NONE;
    for (size_t i = 0; i < input->span_count; i++)
        if (input->spans[i].to == INSTANT_NONE && input->spans[i].from <= input->now)
            clock->is_open = true;
    if (input->now > clock->due_at) {
        clock->state = LEGAL_CLOCK_OVER;
    } else if (suspensions_end(suspensions, input->now, &ends_at)) {
        clock->state = LEGAL_CLOCK_STOPPED;
        clock->stop_ends_at = ends_at == INT64_MAX ? INSTANT_NONE : ends_at;
    }
}

/* The earliest line that another notice could change; hours of the day and night run on whatever
 * a notice says, once they have begun. */
static Date first_provisional(const Walk *walk)
{
    list_each (LegalDay, one, &walk->days) {
        if (walk->input->limit.unit == LIMIT_HOURS && one->day.date.day > walk->event_date.day)
            break;
        if (one->day.is_provisional)
            return one->day.date;
    }
    return DATE_NONE;
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static bool add_up(Walk *walk, Error *err)
{
    const LegalClockInput *input = walk->input;
    if (!limit_check(input->limit, "limit", err) ||
        !limit_check(input->warn_before, "warn_before", err))
        return false;
    if (input->extension_count > LIMIT_SPANS_MAX)
        return error_set(err, ERROR_TOO_LARGE, .code = "limit.too_many", .field = "extensions");
    walk->amount = input->limit.amount;
    for (size_t i = 0; i < input->extension_count; i++) {
        Limit more = {input->extensions[i].amount, input->limit.unit};
        if (!limit_check(more, "extensions", err))
            return false;
        walk->amount += more.amount;
    }
    return true;
}

bool legal_clock_derive(const CalendarTable *table, Arena *arena, const LegalClockInput *input,
                        LegalClock *out_clock, Error *err)
{
    Walk walk = {.table = table, .arena = arena, .input = input};
    if (!add_up(&walk, err) || !walk_receipt(&walk, err) ||
        !suspensions_make(table, arena, input, walk.starts_at, &walk.suspensions, err))
        return false;
    if (!(is_in_hours(input->limit.unit) ? walk_hours(&walk, err) : walk_days(&walk, err)))
        return false;

    LegalClock clock = {
        .starts_at = walk.starts_at,
        .due_at = walk.due_at,
        .due_date = walk.due_date,
        .first_provisional = first_provisional(&walk),
        .total = walk.total,
        .warn_at = INSTANT_NONE,
        .stops = walk.suspensions.stops,
        .stop_count = walk.suspensions.stop_count,
        .days = walk.days.items,
        .day_count = walk.days.count,
    };
    clock.is_provisional = !date_is_none(clock.first_provisional);
    find_state(&walk.suspensions, input, &clock);
    measure_rest(table, &clock, input->now);
    if (input->warn_before.amount > 0 &&
        !legal_clock_before(table, &clock, input->warn_before, &clock.warn_at, err))
        return false;
    *out_clock = clock;
    return true;
}

static bool is_stopped_at(const LegalClock *clock, Instant at)
{
    for (size_t i = 0; i < clock->stop_count; i++)
        if (clock->stops[i].from < at && at <= clock->stops[i].to)
            return true;
    return false;
}

/* The opening of the so many-th day before due_date that is worked and not taken out. */
static Instant days_before(const CalendarTable *table, const LegalClock *clock, int32_t days)
{
    Date date = clock->due_date;
    Date start = instant_date(clock->starts_at, calendar_zone(table));
    while (days > 0 && date.day > start.day) {
        date.day--;
        days -=
            calendar_is_worked(table, date) && !is_stopped_at(clock, calendar_closing(table, date));
    }
    return days > 0 ? clock->starts_at : calendar_opening(table, date);
}

/* The moment after which so much counted working time is left until due_at. */
static Instant working_time_before(const CalendarTable *table, const LegalClock *clock, int64_t ms)
{
    int64_t whole = net(table, clock, clock->starts_at, clock->due_at, calendar_working_ms);
    Spending spending = {.left_ms = whole - ms};
    if (whole <= ms)
        return clock->starts_at;
    Date date = instant_date(clock->starts_at, calendar_zone(table));
    for (; date.day <= clock->due_date.day && !spending.is_spent; date.day++)
        spend_day(table, clock->stops, clock->stop_count, date, clock->starts_at, true, &spending);
    return spending.at;
}

bool legal_clock_before(const CalendarTable *table, const LegalClock *clock, Limit before,
                        Instant *out_at, Error *err)
{
    Instant at = clock->due_at;
    if (!limit_check(before, "warn_before", err))
        return false;
    if (before.unit == LIMIT_CALENDAR_DAYS || before.unit == LIMIT_MONTHS)
        return error_set(err, ERROR_INVALID, .code = "limit.bad_unit", .field = "warn_before");
    if (before.unit == LIMIT_HOURS)
        at -= before.amount * HOUR_MS;
    else if (before.unit == LIMIT_WORKING_HOURS)
        at = working_time_before(table, clock, before.amount * HOUR_MS);
    else
        at = days_before(table, clock, before.amount);
    *out_at = at > clock->starts_at ? at : clock->starts_at;
    return true;
}

bool legal_clock_is_affected(const LegalClock *clock, const CalendarChanges *changes)
{
    if (clock->day_count == 0)
        return false;
    int32_t first = clock->days[0].day.date.day;
    int32_t last = clock->due_date.day;
    if (clock->stop_ends_at != INSTANT_NONE) {
        int32_t end = instant_date(clock->stop_ends_at, CALENDAR_ZONE_CHINA).day + 1;
        last = end > last ? end : last;
    }
    for (size_t i = 0; i < changes->count; i++) {
        int32_t day = changes->items[i].date.day;
        if (day >= first && day <= last && changes->items[i].what != CALENDAR_CHANGED_NAME)
            return true;
    }
    return false;
}
