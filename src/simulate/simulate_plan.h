#ifndef SIMULATE_SIMULATE_PLAN_H
#define SIMULATE_SIMULATE_PLAN_H

/* When things happen: arrivals over days and hours, and the queue of what is next. */
#include "simulate/simulate.h"
#include "simulate/simulate_random.h"

enum { TICK_MINUTES = 10 };

/* The days of a period by how many come on them. */
typedef struct Plan {
    const CalendarTable *calendar;
    LIST(Date) days;     /* all of them */
    LIST(int) at_window; /* weight of each day, 0 on days off */
    LIST(int) online;
} Plan;

/* simulate.no_days where no day of the period is worked. */
MUST_CHECK bool plan_make(Arena *arena, const CalendarTable *calendar, Date from, Date to,
                          Plan *out, Error *err);
/* When somebody comes to the counter, or applies online: at any hour, most of all in the evening.
 */
Instant plan_arrival(const Plan *plan, Random *random, bool is_online);

/* The first tick at or after a moment. */
Instant plan_tick(Instant at);
/* The tick after so many minutes of working time, and at least one tick later. */
MUST_CHECK bool plan_worked(const CalendarTable *calendar, Instant now, int64_t minutes,
                            Instant *out, Error *err);

typedef struct Event {
    Instant at;
    int64_t sequence;
    int64_t life; /* the index of whom it happens to */
} Event;

/* A heap by moment, then by sequence, in which events were added. */
typedef struct EventQueue {
    Arena *arena;
    int64_t last_sequence;
    LIST(Event) heap;
} EventQueue;

void events_add(EventQueue *queue, Instant at, int64_t life);
const Event *events_first(const EventQueue *queue); /* NULL: it is empty */
Event events_take(EventQueue *queue);

#endif
