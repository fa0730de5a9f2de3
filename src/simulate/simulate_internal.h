#ifndef SIMULATE_SIMULATE_INTERNAL_H
#define SIMULATE_SIMULATE_INTERNAL_H

/* What the run (simulate.c), one application's life (simulate_life.c, simulate_file.c) and the
 * requests (simulate_ask.c) share. */
#include <pthread.h>

#include "simulate/simulate_fill.h"
#include "simulate/simulate_plan.h"

enum { NUMBER_MOST = 40, WORKING_DAY = 420 }; /* minutes */

typedef enum NextStep {
    STEP_ARRIVE,
    STEP_WORK, /* an officer looks what is to be done */
    STEP_SUPPLEMENT,
    STEP_RESUME,    /* the clock runs again */
    STEP_EXTENSION, /* the head of the unit decides on more time */
    STEP_RATE,
} NextStep;

/* One application, from arrival on. */
typedef struct Life {
    Random random;
    int64_t person;
    size_t item;
    int64_t account; /* -1: came to a window */
    size_t window;   /* the officer who takes it in */
    NextStep next;
    bool is_slow;
    bool has_stopped;   /* its clock, once */
    bool has_extension; /* asked for, once */
    bool has_notice;    /* at most one is sent */
    bool has_returned;  /* sent back, or decided against, at most once in between */
    int visits;         /* how often an officer looked */
    char number[NUMBER_MOST];
    char task[NUMBER_MOST]; /* the one whose clock was stopped */
    size_t officer;         /* who stopped it */
} Life;

/* Forms that were asked for before, shared by all: path or step -> JSON. */
typedef struct FormMemory {
    pthread_mutex_t lock;
    Arena *arena;
    Map forms;
    size_t count;
} FormMemory;

typedef struct Sim {
    const SimulateSpec *spec;
    const ScenarioProgram *program;
    FormMemory forms;
    Plan plan;
    Life *lives;
    pthread_mutex_t surprises_lock;
    Arena *arena; /* of surprises, behind their lock */
    LIST(Surprise) surprises;
} Sim;

/* One thread at work on one event. */
typedef struct Actor {
    Sim *sim;
    Arena *arena; /* of the event */
    Instant now;
    SimulateCounts counts;
    Error *err;
} Actor;

/* ---- requests (simulate_ask.c) --------------------------------------------------------------- */

/* False only when the program failed: a refusal is an answer. */
MUST_CHECK bool ask(Actor *actor, const char *account, const char *path, const char *body,
                    ScenarioAnswer *out);
bool is_done(const ScenarioAnswer *answer);
/* Notes a refusal that was not meant. */
void note_surprise(Actor *actor, const char *path, const ScenarioAnswer *answer);

/* The form of an item as these answers (a JSON object) make it: ApplyView; NULL on failure, or
 * where the item takes no application online. */
MUST_CHECK bool form_of_item(Actor *actor, const char *code, const char *answers, const Json **out);

/* What was kept under a key, or NULL; and keeping a copy. */
const Json *form_recall(Actor *actor, const char *key);
const Json *form_keep(Actor *actor, const char *key, const Json *form);

/* ---- steps: each says when the next one is; INSTANT_NONE: none ------------------------------- */

MUST_CHECK bool life_arrive(Actor *actor, Life *life, Instant *out_next);
MUST_CHECK bool life_work(Actor *actor, Life *life, Instant *out_next);
MUST_CHECK bool life_supplement(Actor *actor, Life *life, Instant *out_next);
MUST_CHECK bool life_resume(Actor *actor, Life *life, Instant *out_next);
MUST_CHECK bool life_rate(Actor *actor, Life *life, Instant *out_next);

/* The next step after so many minutes of working time. */
MUST_CHECK bool life_later(Actor *actor, Life *life, NextStep next, int64_t minutes,
                           Instant *out_next);

/* An open task: ids only name it in paths, which one is taken depends on units. */
typedef struct OpenTask {
    const char *id, *name, *unit;
} OpenTask;

typedef bool (*Deed)(Actor *actor, Life *life, size_t officer, const OpenTask *task,
                     const void *data, ScenarioAnswer *out);

/* Has the officers of the task's unit try a deed, beginning with one or another, until one is not
 * refused. */
MUST_CHECK bool life_by_somebody(Actor *actor, Life *life, const OpenTask *task, Deed deed,
                                 const void *data, ScenarioAnswer *out);
const char *life_login(const Actor *actor, size_t officer);
const char *life_path(const Actor *actor, const Life *life, const char *rest);
const char *life_task_path(const Actor *actor, const Life *life, const OpenTask *task,
                           const char *verb);
/* The next visit, when somebody gets to it. */
MUST_CHECK bool life_work_later(Actor *actor, Life *life, Instant *out_next);

/* More time to decide, which slow ones ask their head for (simulate_extend.c). */
bool life_wants_extension(const Actor *actor, Life *life, const Json *dossier);
MUST_CHECK bool life_ask_extension(Actor *actor, Life *life, const OpenTask *task,
                                   Instant *out_next);
MUST_CHECK bool life_decide_extension(Actor *actor, Life *life, Instant *out_next);

Person life_person(const Actor *actor, const Life *life);
/* Whose account speaks for the applicant: his own, or the window's officer. */
const char *life_account(const Actor *actor, const Life *life);
Filling life_filling(Actor *actor, Life *life, const Person *person, bool is_against);

#endif
