#ifndef DOSSIER_DOSSIER_INTERNAL_H
#define DOSSIER_DOSSIER_INTERNAL_H

/*
 * Work: one command on one dossier. A verb loads (work_load) or makes (work_begin) it, moves the
 * process in memory (work_start, work_complete, ...), and saves all rows and the one journal entry
 * at the end (work_save). So everything that can be refused is refused before the first write.
 */
#include "apps/dossier/dossier_store.h"
#include "format/json.h"

/* ---- steps: what followed from the command, for the journal (README.md) ---------------------- */

typedef struct Steps {
    Buffer text;
    JsonWriter json; /* stands inside the array of steps */
} Steps;

Steps steps_begin(Arena *arena);
void steps_put(Steps *steps, const char *step); /* opens one; put members with steps->json */
void steps_end(Steps *steps);                   /* closes it */
void steps_put_stage(Steps *steps, const char *stage);
void steps_put_task(Steps *steps, const Task *task);
void steps_put_due(Steps *steps, Arena *arena, const char *step, const ClockRow *clock);

/* ---- work ------------------------------------------------------------------------------------ */

typedef struct Work {
    Tx *tx;
    App *app;
    Arena *arena;
    Dossier dossier;
    int64_t version_before;
    bool is_new;
    const Item *item;
    Id process_definition;
    const BpmnModel *model;
    BpmnInstance *instance;
    BpmnEffects effects;
    size_t effects_done; /* how many have been turned into rows to write */
    const char *actor_kind;
    Id actor;
    const char *opinion; /* of the task that is being completed, or NULL */

    /* What is to be written. */
    LIST(Task) new_tasks;
    LIST(int64_t) cancelled_nodes;
    LIST(TimerRow) new_timers;
    LIST(TimerRow) ended_timers; /* element holds the state: fired cancelled */
    LIST(Incident) new_incidents;
    LIST(int64_t) ended_incidents; /* nodes */
    ClockRow clock;
    bool has_new_clock;
    bool is_completed;
    LIST(const ItemCertificate *) wanted_certificates;
    Steps steps;
} Work;

/* Loads and locks a dossier with its process. */
MUST_CHECK bool work_load(Work *work, Tx *tx, App *app, Id dossier, Error *err);

/* Moves the process: each runs it until it waits again, doing what its service tasks ask for. */
MUST_CHECK bool work_start(Work *work, FeelValue variables, Error *err);
MUST_CHECK bool work_complete(Work *work, int64_t node, FeelValue output, Error *err);
MUST_CHECK bool work_fire(Work *work, int64_t node, Error *err);
MUST_CHECK bool work_resolve(Work *work, int64_t node, FeelValue variables, Error *err);

/* Writes everything and the entry. `data` writes the entry's own members. */
typedef void (*WorkData)(JsonWriter *json, const void *data);
MUST_CHECK bool work_save(Work *work, const char *kind, const char *subject, WorkData data,
                          const void *context, Error *err);

/* Appends the entry alone, for commands that do not move the process (claim, rate, re-derive). */
MUST_CHECK bool work_append(Work *work, const char *kind, const char *subject, WorkData data,
                            const void *context, Error *err);

/* The value of a header or property of an element, NULL when it has none. */
const char *pair_of(BpmnPairs pairs, const char *name);

/* ---- services: what a service task of a process may ask for (dossier_services.c) ------------- */

/* Runs the named service. False with err: either a refusal of the whole command (out_incident
 * false) or a step that failed and becomes an incident (true). */
MUST_CHECK bool service_run(Work *work, const BpmnEffect *effect, FeelValue *out_output,
                            bool *out_incident, Error *err);

/* ---- certificates (dossier_certificate.c) ---------------------------------------------------- */

/* The service certificate.issue: notes which certificates are to be made. */
MUST_CHECK bool certificate_want(Work *work, const BpmnEffect *effect, FeelValue *out_output,
                                 Error *err);

/* Draws the numbers and writes the certificates; the last writes of a command. */
MUST_CHECK bool certificate_save(Work *work, Error *err);

/* ---- clock (dossier_clock.c) ----------------------------------------------------------------- */

/* Derives when a limit that begins at a moment ends, in the dossier's calendar. out_clock may be
 * NULL. */
MUST_CHECK bool clock_derive(App *app, DbConn *conn, Arena *arena, Limit limit, Instant started_at,
                             Instant now, LegalClock *out_clock, ClockRow *out_row, Error *err);

/* Writes the members of the step "completed": was it on time, how long did it take. */
MUST_CHECK bool clock_put_completed(Work *work, Error *err);

#endif
