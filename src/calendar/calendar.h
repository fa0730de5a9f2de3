#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

/*
 * Calendar: which days and hours are worked, and when a legal limit ends.
 *
 * Pure: values in, values out; no clock, file or table of its own. A CalendarTable is made from
 * layers (the State Council's notices for the nation, local exceptions below it) for one division,
 * is immutable, and may be read by any number of threads. A LegalClock is derived from a table and
 * what happened (received, stopped, extended); nothing is stored here, so a corrected table is
 * re-derived by calling again with the same input.
 *
 * Law. The rules that are built in, and the articles that they follow:
 *   - The day of the event is not counted; counting begins on the next day. Hours are counted from
 *     the moment itself. (Civil Code art. 201)
 *   - A limit in months ends on the corresponding day of the month, or on the month's last day
 *     where there is none. (Civil Code art. 202)
 *   - When the last day is a day off, the next day that is worked is the last day; a last day ends
 *     with the end of business hours where there are such. (Civil Code art. 203)
 *   - Limits for administrative licences are in working days. (Administrative Licensing Law
 *     art. 82; 20 days and an extension of 10: art. 42; hearings, inspections, expert reviews
 *     and the like are not counted: art. 45)
 *   - Statutory days: the Regulation on Public Holidays for National Annual Festivals and Memorial
 *     Days (全国年节及纪念日放假办法) as revised in 2024, in force from 2025.
 * That a receipt outside working hours counts from the next working moment is our own rule, and an
 * input of the clock (ReceiptRule).
 *
 * Announced and provisional. A year is announced when the national layers hold its notice. All
 * other days are provisional: Saturdays and Sundays off, and from 2025 on the statutory days. What
 * the notices add (make-up days, bridged days, days in lieu of a festival on a weekend) is unknown
 * until then, and never guessed. A count or a deadline that touches a provisional day says so.
 *
 * Range. A table covers 1949-01-01 to 2099-12-31. A verb that would leave it fails with
 * calendar.out_of_range (ERROR_INVALID); lookups outside of it see provisional days with the
 * default hours.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

#define CALENDAR_FIRST_YEAR 1949
#define CALENDAR_LAST_YEAR  2099

/* ---- working hours --------------------------------------------------------------------------- */

enum { CALENDAR_SPANS_MAX = 4 };

/* Minutes after local midnight, [from, to); to may be 1440. */
typedef struct CalendarSpan {
    int16_t from;
    int16_t to;
} CalendarSpan;

/* The hours of one day, ascending and apart. A count of 0 says: no hours given. */
typedef struct CalendarDayHours {
    CalendarSpan spans[CALENDAR_SPANS_MAX];
    int count;
} CalendarDayHours;

/* The hours of a division where no layer gives any. */
#define CALENDAR_DEFAULT_HOURS "09:00-12:00 13:30-17:30"

/* Reads "09:00-12:00 13:30-17:30": one to four spans, ascending, apart, each at least a minute,
 * 24:00 as an end at most. False: calendar.bad_hours with the column; out_hours is left alone. */
MUST_CHECK bool calendar_hours_parse(const char *text, CalendarDayHours *out_hours, Error *err);

/* The text that calendar_hours_parse reads. */
char *calendar_hours_text(Arena *arena, const CalendarDayHours *hours);

/* Hours of weekdays, in force from..to and within them in a yearly season. */
typedef struct CalendarHours {
    Date from; /* first and last day in force; DATE_NONE: open */
    Date to;
    int season_from; /* month * 100 + day, both ends included; both 0: the whole year. A season */
    int season_to;   /* may pass the New Year (1101 to 331). */
    CalendarDayHours weekdays[8]; /* [1] Monday .. [7] Sunday, ISO 8601; [0] unused. A count of 0
                                     leaves what an earlier entry or a farther layer says. */
} CalendarHours;

/* Monday to Friday with these hours, all year, without end. */
CalendarHours calendar_hours_uniform(const CalendarDayHours *hours);

/* ---- layers ---------------------------------------------------------------------------------- */

typedef enum CalendarKind {
    CALENDAR_WORKING, /* Monday to Friday, worked */
    CALENDAR_WEEKEND, /* Saturday or Sunday, off */
    CALENDAR_HOLIDAY, /* off by notice, statute or local rule */
    CALENDAR_MAKEUP,  /* worked by notice or local rule */
    CALENDAR_HALF,    /* worked with hours of its own; counts as one working day */
} CalendarKind;

/* "working", "weekend", "holiday", "makeup", "half". */
const char *calendar_kind_name(CalendarKind kind);

/* What a layer says of one day. */
typedef struct CalendarRule {
    Date date;
    CalendarKind kind;      /* not CALENDAR_WEEKEND */
    const char *name;       /* of the festival or the reason; may be "" */
    CalendarDayHours hours; /* required for a half day, optional for one that is worked */
} CalendarRule;

/* The days and hours of one jurisdiction: plain data, filled by calendar_layer_parse or by hand. */
typedef struct CalendarLayer {
    const char *division; /* division path: "" the nation, "44", "44/4419", "44/4419/441999" */
    CalendarRule *rules;  /* in any order, one for a date */
    size_t rule_count;
    CalendarHours *hours; /* of those that speak of a day the last listed holds */
    size_t hours_count;
} CalendarLayer;

enum { CALENDAR_TEXT_MAX = 8 * 1024 * 1024, CALENDAR_RULES_MAX = 60000 };

/* Reads the days of a layer from CSV (format/csv.h); the line of names may be missing, and an empty
 * text is a layer that says nothing:
 *     date,type,name[,hours]
 * date 2026-10-01; type holiday, makeup, half (hours required), or working (a plain working day,
 * which cancels what a farther layer says); name up to 200 bytes; hours as calendar_hours_parse.
 * A row of type hours gives hours of weekdays from its date on, in the name the weekdays (1 Monday
 * to 7 Sunday) and, if it has one, the yearly season:
 *     2026-01-01,hours,1-5,09:00-12:00 13:30-17:30
 *     2026-01-01,hours,1-5 0601-0930,08:30-12:00 14:30-17:30
 * Texts are copied into the arena; `division` is kept.
 * False, with line, column (in bytes) and field: calendar.bad_header, calendar.bad_date,
 * calendar.bad_type, calendar.bad_name, calendar.bad_weekdays, calendar.bad_hours,
 * calendar.repeated_date (ERROR_INVALID); and what csv_open and csv_next refuse. */
MUST_CHECK bool calendar_layer_parse(Arena *arena, const char *division, const char *text,
                                     size_t length, CalendarLayer *out_layer, Error *err);

/* ---- tables ---------------------------------------------------------------------------------- */

typedef struct CalendarTable CalendarTable;

typedef struct CalendarSpec {
    const CalendarLayer *layers; /* copied from; those that are not above `division` are ignored */
    size_t layer_count;
    const char *division;    /* the jurisdiction; NULL or "": the nation */
    int zone_offset_minutes; /* from UTC; China: CALENDAR_ZONE_CHINA */
} CalendarSpec;

enum { CALENDAR_ZONE_CHINA = 480, CALENDAR_HOURS_MAX = 250 };

/* The table of one division. For each day the nearest layer that speaks of it wins (the deepest
 * division; among equals the last listed), for hours likewise. Only layers of the nation announce
 * years: a year is announced when they hold one of its holidays before 25 December (a notice
 * reaches back into the last days of the year before, as 2018-12-30 in the notice of 2019).
 * A day that is worked on a weekday without hours has those of the Monday before it.
 * NULL: calendar.bad_path, calendar.bad_type, calendar.bad_hours (not ascending, or missing for a
 * half day), calendar.bad_season, calendar.bad_zone, calendar.out_of_range (a rule's date), all
 * ERROR_INVALID; calendar.too_large (more than CALENDAR_HOURS_MAX entries of hours). */
MUST_CHECK CalendarTable *calendar_build(Arena *arena, const CalendarSpec *spec, Error *err);

int calendar_zone(const CalendarTable *table); /* minutes from UTC */

/* Whether the table holds the notice of a year, and the last such year (0: none). */
bool calendar_is_announced(const CalendarTable *table, int year);
int calendar_last_announced(const CalendarTable *table);

/* What a table knows of one day. */
typedef struct CalendarDay {
    Date date;
    CalendarKind kind;
    bool is_worked;         /* working, makeup, half */
    bool is_provisional;    /* its year is not announced, and no local rule speaks of the day */
    bool is_local;          /* a local layer decided */
    const char *name;       /* never NULL; lives as long as the table */
    CalendarDayHours hours; /* count 0 when not worked */
} CalendarDay;

CalendarDay calendar_day(const CalendarTable *table, Date date);

/* Only whether the day is worked: the fast form. */
bool calendar_is_worked(const CalendarTable *table, Date date);

/* ---- counting days --------------------------------------------------------------------------- */

/* An answer, and whether it rests on announced days alone. */
typedef struct CalendarCount {
    Date date;        /* of calendar_add */
    int32_t days;     /* of calendar_between and calendar_year */
    Date provisional; /* earliest provisional day that was looked at, DATE_NONE when none was */
} CalendarCount;

/* The count-th working day after `from`; 0: the first working day on or after it; negative: the
 * working day so many before it. `from` itself is looked at only for 0. */
MUST_CHECK bool calendar_add(const CalendarTable *table, Date from, int64_t count,
                             CalendarCount *out, Error *err);

/* Working days in (a, b]; when b lies before a, minus those in (b, a]. */
MUST_CHECK bool calendar_between(const CalendarTable *table, Date a, Date b, CalendarCount *out,
                                 Error *err);

/* Working days of a year. */
MUST_CHECK bool calendar_year(const CalendarTable *table, int year, CalendarCount *out, Error *err);

/* ---- working time ---------------------------------------------------------------------------- */

/* The first working moment at or after an instant; the end of a span of hours is none. */
MUST_CHECK bool calendar_next_moment(const CalendarTable *table, Instant at, Instant *out,
                                     Error *err);

/* The moment after working_ms >= 0 of working time from an instant: the earliest such (a limit
 * that is used up at the closing hour ends there, not on the next morning). */
MUST_CHECK bool calendar_add_working(const CalendarTable *table, Instant from, int64_t working_ms,
                                     Instant *out, Error *err);

/* Working time in [from, to) in ms; when to lies before from, the negative. Outside the range of
 * the table nothing is worked. */
int64_t calendar_working_ms(const CalendarTable *table, Instant from, Instant to);

/* Working days from one moment to another, in thousandths, for statistics: each working day (half
 * days too) weighs 1000, a part of it by its share of that day's hours. So from one day's closing
 * to another's it is 1000 times calendar_between. Negative when to lies before from. */
int64_t calendar_millidays(const CalendarTable *table, Instant from, Instant to);

/* Opening and closing of a day; of one that is not worked its first instant and the next day's. */
Instant calendar_opening(const CalendarTable *table, Date date);
Instant calendar_closing(const CalendarTable *table, Date date);

/* ---- change of a table ----------------------------------------------------------------------- */

enum {
    CALENDAR_CHANGED_KIND = 1,      /* worked or not, or why */
    CALENDAR_CHANGED_HOURS = 2,     /* opening, closing or pauses */
    CALENDAR_CHANGED_ANNOUNCED = 4, /* provisional became announced, or back */
    CALENDAR_CHANGED_NAME = 8,      /* explanation only */
};

typedef struct CalendarChange {
    Date date;
    unsigned what; /* CALENDAR_CHANGED_ bits */
} CalendarChange;

typedef struct CalendarChanges {
    CalendarChange *items; /* ascending */
    size_t count;
} CalendarChanges;

/* The days of [from, to] on which two tables differ, so that a service re-derives only the
 * dossiers whose clock saw one of them (legal_clock_is_affected). Days outside the range of a
 * table are never listed. */
CalendarChanges calendar_differs(const CalendarTable *before, const CalendarTable *after,
                                 Arena *arena, Date from, Date to);

/* ---- legal clock ----------------------------------------------------------------------------- */

typedef enum LimitUnit {
    LIMIT_WORKING_DAYS,
    LIMIT_CALENDAR_DAYS,
    LIMIT_WORKING_HOURS,
    LIMIT_HOURS, /* of the day and night */
    LIMIT_MONTHS,
} LimitUnit;

/* "working_days", "calendar_days", "working_hours", "hours", "months": for JSON and tables. */
const char *limit_unit_name(LimitUnit unit);
bool limit_unit_parse(const char *name, LimitUnit *out_unit);

/* amount 0..LIMIT_AMOUNT_MAX. */
typedef struct Limit {
    int32_t amount;
    LimitUnit unit;
} Limit;

enum { LIMIT_AMOUNT_MAX = 36500, LIMIT_SPANS_MAX = 1000 };

typedef enum ReceiptRule {
    RECEIPT_NEXT_WORKING_MOMENT, /* outside of hours it counts as received when hours begin */
    RECEIPT_AT_ONCE,             /* as it came; for round-the-clock duties */
} ReceiptRule;

/* Time that is not counted, (from, to]. It is lawful up to its own limit; what lasts longer counts
 * again. Own limits: working days and calendar days say how many such days the span may take out
 * of the count; hours, working hours and months run from `from`. Each span has its own limit:
 * whoever cuts one hearing in two must see to the sum. Spans may overlap; a day is taken out of
 * the count once, on the ground of the first listed span. */
typedef struct UncountedSpan {
    Instant from;
    Instant to;         /* INSTANT_NONE: still open */
    const char *ground; /* code of the legal ground; NULL: "" */
    bool has_own_limit;
    Limit own_limit;
} UncountedSpan;

/* More time, in the unit of the limit, added at its end. */
typedef struct LimitExtension {
    int32_t amount; /* 0..LIMIT_AMOUNT_MAX */
    const char *ground;
} LimitExtension;

typedef struct LegalClockInput {
    Instant received_at;
    ReceiptRule receipt;
    Limit limit;
    const UncountedSpan *spans; /* in any order */
    size_t span_count;
    const LimitExtension *extensions;
    size_t extension_count;
    Instant now;       /* for a finished dossier the moment at which it ended */
    Limit warn_before; /* working days, working hours or hours; amount 0: no warning */
} LegalClockInput;

typedef enum LegalClockState {
    LEGAL_CLOCK_RUNNING,
    LEGAL_CLOCK_STOPPED, /* now lies in a lawful uncounted span */
    LEGAL_CLOCK_OVER,    /* now lies after due_at */
} LegalClockState;

const char *legal_clock_state_name(LegalClockState state); /* "running", "stopped", "over" */

/* What a day did to the clock. Why it is worked or not, half, local or provisional is in `day`. */
typedef enum LegalEffect {
    LEGAL_RECEIVED_LATE, /* received outside of hours: counts from a later day */
    LEGAL_EVENT_DAY,     /* the day of receipt, not counted (hours: those left of it count) */
    LEGAL_COUNTED,       /* counted `counted` of `total` */
    LEGAL_WEEKEND,       /* off, not counted */
    LEGAL_HOLIDAY,       /* off, not counted */
    LEGAL_NOT_COUNTED,   /* taken out of the count on `ground` */
    LEGAL_OVER_LIMIT,    /* counted, since the uncounted time on `ground` passed its own limit */
    LEGAL_MOVED,         /* the last day is off: the end moves over this day, or to it */
} LegalEffect;

/* "received_late", "event_day", "counted", "weekend", "holiday", "not_counted",
 * "suspension_over_limit", "moved": keys of the translation. */
const char *legal_effect_name(LegalEffect effect);

/* One line of "why this date". */
typedef struct LegalDay {
    CalendarDay day;
    LegalEffect effect;
    int32_t counted;    /* days counted up to and with this day; limits in hours: 0 */
    int64_t counted_ms; /* limits in hours: time counted on this day; else 0 */
    const char *ground; /* of NOT_COUNTED, OVER_LIMIT, and of MOVED over a day that is taken
                           out; of COUNTED: the extension's; else NULL */
} LegalDay;

/* Time that was lawfully taken out, (from, to]: the spans cut at their own limits and joined. */
typedef struct LegalStop {
    Instant from;
    Instant to;
} LegalStop;

typedef struct LegalClock {
    Instant starts_at; /* the receipt as it counts */
    Instant due_at;    /* days and months: the closing hour of due_date; hours: the moment */
    Date due_date;
    bool is_provisional;
    Date first_provisional; /* DATE_NONE when not */
    int32_t total;          /* units to count, extensions included; months: their days */
    LegalClockState state;
    bool is_open;           /* an open span is running: due_at holds if it ended now */
    Instant stop_ends_at;   /* stopped: when the clock runs again by itself: the end of the span,
                               or of its own limit; INSTANT_NONE when not known or not stopped */
    Instant warn_at;        /* INSTANT_NONE: no warning */
    int32_t remaining_days; /* working days still counted after now, today included before it
                               closes; over: minus the working days since due_date */
    int64_t remaining_working_ms; /* counted working time from now to due_at; over: minus the
                                     working time since */
    int64_t used_millidays; /* working days used from starts_at to now without uncounted time, in
                               thousandths, as calendar_millidays counts (S07, S08) */
    LegalStop *stops;       /* ascending and apart */
    size_t stop_count;
    LegalDay *days; /* every date from the receipt to due_date, ascending */
    size_t day_count;
} LegalClock;

/* When a limit ends, and why, day by day; the result lives in the arena and in the table.
 *
 * Days and months. A day counts at its closing hour (one that is off at midnight after it), and is
 * taken out when a lawful uncounted span covers that moment; a stop that begins and ends between
 * two closings takes nothing. So the deadline moves by exactly the days taken out. Months become
 * the days to their corresponding day, and are then counted as calendar days. A limit of 0 ends
 * on the day of the event. A last day that is off moves to the next working day that no span
 * takes out.
 * Hours. Time runs from the receipt, working hours within hours only; uncounted spans take out
 * what they cover, to the millisecond.
 * Open spans last until `now`, and take nothing out when they begin later; closed ones may lie
 * ahead. What lies before starts_at takes nothing out.
 * Warning. In working days: the opening of the so many-th working day before due_date that is not
 * taken out; in working hours: so much working time that is not taken out before due_at; in hours:
 * plain time. Never before starts_at.
 *
 * False: limit.bad_amount (field "limit", "extensions", "own_limit", "warn_before"),
 * limit.bad_unit, limit.bad_span (ends before it begins; field "spans"), limit.too_many,
 * calendar.out_of_range (the deadline passes the end of the table, ERROR_INVALID). */
MUST_CHECK bool legal_clock_derive(const CalendarTable *table, Arena *arena,
                                   const LegalClockInput *input, LegalClock *out_clock, Error *err);

/* Another warning moment of a derived clock, for further levels. */
MUST_CHECK bool legal_clock_before(const CalendarTable *table, const LegalClock *clock,
                                   Limit before, Instant *out_at, Error *err);

/* Whether a change of the table can change this clock: a day from the receipt to due_date (or to
 * stop_ends_at) is among the changes in more than its name. */
bool legal_clock_is_affected(const LegalClock *clock, const CalendarChanges *changes);

#endif
