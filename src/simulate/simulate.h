#ifndef SIMULATE_SIMULATE_H
#define SIMULATE_SIMULATE_H

/*
 * Simulate: a believable load on a virtual clock.
 *
 *     seed -> arrivals of a period -> one queue of what happens next, by moment and sequence
 *          -> requests to a program, as people make them -> what comes back decides what is next
 *
 * People who do not exist come to the counter or apply at night, forget papers, mistype, wait, give
 * up; officers ask for what is missing, stop the clock, are late; the finished ones are rated. It
 * knows the JSON API (docs/api.md) and nothing of what lies behind it: the open tasks of an
 * application, the fields of a form and who answers for what are read from the program, so any
 * process is walked through.
 *
 * The same spec on a program in the same state does the same, whatever the machine, the engine or
 * the number of workers: each application draws from its own stream of numbers, what happens at one
 * moment touches different applications, and the clock moves only when everything of that moment is
 * done. What depends on chance in the program (ids, numbers) decides nothing here.
 */
#include <stdatomic.h>

#include "base/list.h"
#include "calendar/calendar.h"
#include "scenario/scenario.h"

typedef struct SimulateItem {
    const char *code;
    int weight; /* how often it is asked for, against the others */
    bool is_on_the_spot;
} SimulateItem;

typedef struct SimulateOfficer {
    const char *login;
    const char *name;
    const char *unit; /* its name, as pages show it */
    bool takes_in;    /* at a window, on behalf */
} SimulateOfficer;

/* How much happened. */
typedef struct SimulateCounts {
    int64_t arrived;
    int64_t filed;
    int64_t mistaken; /* filings that the program refused, as they should be */
    int64_t completed_tasks;
    int64_t notices;
    int64_t supplements;
    int64_t stops;      /* of a clock */
    int64_t extensions; /* decided, either way */
    int64_t withdrawn;
    int64_t rated;
    int64_t requests;
    int64_t surprises; /* refusals that were not meant */
} SimulateCounts;

typedef struct SimulateProgress {
    Instant now;
    SimulateCounts counts;
} SimulateProgress;

typedef struct SimulateSpec {
    int64_t dossiers; /* how many arrive */
    Date from, to;    /* days of arrival, both included; nothing happens after the last */
    uint64_t seed;
    const CalendarTable *calendar;
    LIST(SimulateItem) items;       /* by code */
    LIST(SimulateOfficer) officers; /* by login; accounts of the program */
    LIST(const char *) grounds;     /* on which a clock may be stopped; none: it never is */
    const char *watcher;            /* the account of somebody who sees every application */
    const char *admin;              /* that of an administrator */
    int64_t accounts; /* of applicants: simulate_phone of 0 to accounts - 1 are registered */
    int workers;      /* requests that may be under way at once */
    const volatile atomic_bool *is_interrupted; /* looked at between two moments */
    void (*progress)(void *data, const SimulateProgress *progress);
    void *progress_data;
} SimulateSpec;

typedef struct Surprise {
    const char *what; /* "POST dossiers/../complete 422 input.required form.x" */
    int64_t count;
} Surprise;

typedef struct SimulateReport {
    SimulateCounts counts;
    LIST(Surprise) surprises; /* by what; at most some dozens */
    bool is_whole;            /* not interrupted */
} SimulateReport;

/* What an applicant with an account is known by; made up, see simulate_people.c. */
const char *simulate_phone(Arena *arena, int64_t account);
const char *simulate_name(Arena *arena, uint64_t seed, int64_t account);

/* Runs it. program->send is called by several threads at once, set_clock by one while no request
 * is under way. Errors: simulate.no_items, simulate.no_officers, simulate.no_days (no working day
 * in the period), simulate.answer (the program failed, with {path} and {status}), and those of the
 * program. */
MUST_CHECK bool simulate_run(const SimulateSpec *spec, const ScenarioProgram *program, Arena *arena,
                             SimulateReport *out, Error *err);

#endif
