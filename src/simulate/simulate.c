/*
 * simulate.c - the run: arrivals drawn, then moment after moment until the period is over.
 *
 *     the next moment of the queue -> the clock there -> all events of that moment, by several
 *         threads -> when all are done: what each leads to, in the order of the events
 *
 * An application has one event at a time, so two threads never touch the same.
 */
#include "simulate/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "simulate/simulate_internal.h"

enum { WORKERS_MOST = 64, ONLINE = 45, PERSONS_OF = 3 };

/* The events of one moment, and what each leads to. */
typedef struct Batch {
    LIST(Event) events;
    Instant *next;
    size_t room;
    Instant now;
} Batch;

/* A worker's share: it takes events of the batch until none is left. */
typedef struct Crew {
    Sim *sim;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Batch batch;
    size_t taken, finished;
    bool is_over;
    bool has_failed;
    Error err; /* the first one; its texts live in arena */
    Arena *arena;
    SimulateCounts counts;
    pthread_t threads[WORKERS_MOST];
    int thread_count;
} Crew;

/* ---- one event ------------------------------------------------------------------------------- */

static bool step(Actor *actor, Life *life, Instant *out_next)
{
    *out_next = INSTANT_NONE;
    switch (life->next) {
    case STEP_ARRIVE: return life_arrive(actor, life, out_next);
    case STEP_WORK: return life_work(actor, life, out_next);
    case STEP_SUPPLEMENT: return life_supplement(actor, life, out_next);
    case STEP_RESUME: return life_resume(actor, life, out_next);
    case STEP_EXTENSION: return life_decide_extension(actor, life, out_next);
    case STEP_RATE: return life_rate(actor, life, out_next);
    }
    return true;
}

static void add_counts(SimulateCounts *to, const SimulateCounts *from)
{
    to->arrived += from->arrived;
    to->filed += from->filed;
    to->mistaken += from->mistaken;
    to->completed_tasks += from->completed_tasks;
    to->notices += from->notices;
    to->supplements += from->supplements;
    to->stops += from->stops;
    to->extensions += from->extensions;
    to->withdrawn += from->withdrawn;
    to->rated += from->rated;
    to->requests += from->requests;
    to->surprises += from->surprises;
}

/* ---- the crew -------------------------------------------------------------------------------- */

static void keep_failure(Crew *crew, const Error *err)
{
    if (!crew->has_failed)
        crew->err = error_copy(crew->arena, err);
    crew->has_failed = true;
}

/* With the lock held; false when the batch has no event left to take. */
static bool take_one(Crew *crew, Arena *arena)
{
    if (crew->taken == crew->batch.events.count)
        return false;
    size_t at = crew->taken++;
    Error err = ERROR_NONE;
    Actor actor = {.sim = crew->sim, .arena = arena, .now = crew->batch.now, .err = &err};
    Life *life = &crew->sim->lives[crew->batch.events.items[at].life];
    pthread_mutex_unlock(&crew->lock);
    bool is_fine = step(&actor, life, &crew->batch.next[at]);
    pthread_mutex_lock(&crew->lock);
    add_counts(&crew->counts, &actor.counts);
    if (!is_fine)
        keep_failure(crew, &err);
    arena_clear(arena);
    if (++crew->finished == crew->batch.events.count)
        pthread_cond_broadcast(&crew->changed);
    return true;
}

static void *work(void *data)
{
    Crew *crew = data;
    Arena *arena = arena_create(0);
    pthread_mutex_lock(&crew->lock);
    while (!crew->is_over)
        if (!take_one(crew, arena))
            pthread_cond_wait(&crew->changed, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    arena_destroy(arena);
    return NULL;
}

static void start_crew(Crew *crew, Sim *sim, Arena *arena)
{
    int wanted = sim->spec->workers < WORKERS_MOST ? sim->spec->workers : WORKERS_MOST;
    *crew = (Crew){.sim = sim, .arena = arena};
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    while (crew->thread_count < wanted &&
           pthread_create(&crew->threads[crew->thread_count], NULL, work, crew) == 0)
        crew->thread_count++;
}

static void end_crew(Crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->is_over = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
    for (int i = 0; i < crew->thread_count; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
}

/* ---- moments --------------------------------------------------------------------------------- */

/* With the lock held: a worker that wakes late must not find half a batch. */
static void gather(Crew *crew, EventQueue *queue, Arena *arena)
{
    Batch *batch = &crew->batch;
    batch->now = events_first(queue)->at;
    batch->events.count = 0;
    while (events_first(queue) && events_first(queue)->at == batch->now)
        list_add(arena, &batch->events, events_take(queue));
    if (batch->events.count > batch->room) {
        batch->room = batch->events.count * 2;
        batch->next = arena_array(arena, Instant, batch->room);
    }
    crew->taken = crew->finished = 0;
}

/* Does the next batch; this thread works along, so that it is done without any other. */
static bool do_batch(Crew *crew, EventQueue *queue, Arena *arena, Arena *scratch)
{
    pthread_mutex_lock(&crew->lock);
    gather(crew, queue, arena);
    if (crew->batch.events.count > 1)
        pthread_cond_broadcast(&crew->changed);
    while (take_one(crew, scratch))
        ;
    while (crew->finished < crew->batch.events.count)
        pthread_cond_wait(&crew->changed, &crew->lock);
    bool is_fine = !crew->has_failed;
    pthread_mutex_unlock(&crew->lock);
    return is_fine;
}

static void go_on(const Batch *batch, EventQueue *queue)
{
    for (size_t i = 0; i < batch->events.count; i++)
        if (batch->next[i] != INSTANT_NONE)
            events_add(queue, batch->next[i], batch->events.items[i].life);
}

static bool is_interrupted(const SimulateSpec *spec)
{
    return spec->is_interrupted && *spec->is_interrupted;
}

static bool set_clock(const Sim *sim, Instant at, Error *err)
{
    return sim->program->set_clock(sim->program->data, at, err);
}

static bool run_moments(Crew *crew, EventQueue *queue, Arena *arena, Instant end, Error *err)
{
    const SimulateSpec *spec = crew->sim->spec;
    Arena *scratch = arena_create(0);
    bool is_fine = true;
    while (is_fine && events_first(queue) && events_first(queue)->at < end &&
           !is_interrupted(spec)) {
        is_fine = set_clock(crew->sim, events_first(queue)->at, err) &&
                  do_batch(crew, queue, arena, scratch);
        if (is_fine)
            go_on(&crew->batch, queue);
        if (is_fine && spec->progress)
            spec->progress(spec->progress_data, &(SimulateProgress){crew->batch.now, crew->counts});
    }
    arena_destroy(scratch);
    return is_fine;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static size_t window_of(const SimulateSpec *spec, Random *random)
{
    size_t windows[256], count = 0;
    for (size_t i = 0; i < spec->officers.count && count < 256; i++)
        if (spec->officers.items[i].takes_in)
            windows[count++] = i;
    return windows[random_below(random, (int64_t)count)];
}

static size_t item_of(const SimulateSpec *spec, Random *random)
{
    int weights[256];
    size_t count = spec->items.count < 256 ? spec->items.count : 256;
    for (size_t i = 0; i < count; i++)
        weights[i] = spec->items.items[i].weight;
    return random_weighted(random, weights, count);
}

/* People come more than once: there are fewer than applications. */
static Instant begin_life(const Sim *sim, int64_t index, Life *life)
{
    const SimulateSpec *spec = sim->spec;
    life->random = random_stream(spec->seed, (uint64_t)index);
    bool is_online = random_chance(&life->random, ONLINE) && spec->accounts > 0;
    life->account = is_online ? random_below(&life->random, spec->accounts) : -1;
    life->person =
        is_online ? life->account
                  : spec->accounts + random_below(&life->random, spec->dossiers / PERSONS_OF + 1);
    life->item = item_of(spec, &life->random);
    life->window = window_of(spec, &life->random);
    return plan_arrival(&sim->plan, &life->random, is_online);
}

static bool has_window(const SimulateSpec *spec)
{
    list_each (const SimulateOfficer, officer, &spec->officers)
        if (officer->takes_in)
            return true;
    return false;
}

static bool check(const SimulateSpec *spec, Error *err)
{
    if (!spec->items.count)
        return error_set(err, ERROR_INVALID, .code = "simulate.no_items");
    return has_window(spec) || error_set(err, ERROR_INVALID, .code = "simulate.no_officers");
}

static void begin_lives(Sim *sim, EventQueue *queue)
{
    for (int64_t i = 0; i < sim->spec->dossiers; i++)
        events_add(queue, begin_life(sim, i, &sim->lives[i]), i);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Surprise *)a)->what, ((const Surprise *)b)->what);
}

/* What arena holds is copied: others may use it while this runs. */
static void report(Sim *sim, const Crew *crew, bool is_whole, Arena *arena, SimulateReport *out)
{
    out->counts = crew->counts;
    out->is_whole = is_whole;
    if (sim->surprises.count)
        qsort(sim->surprises.items, sim->surprises.count, sizeof(Surprise), by_name);
    list_each (Surprise, one, &sim->surprises)
        list_add(arena, &out->surprises, (Surprise){arena_text(arena, one->what), one->count});
}

static bool run(Sim *sim, Arena *arena, SimulateReport *out, Error *err)
{
    Crew crew;
    EventQueue queue = {.arena = sim->arena};
    const SimulateSpec *spec = sim->spec;
    Instant end = date_start(date_plus(spec->to, 1), CALENDAR_ZONE_CHINA);
    sim->lives = arena_array(sim->arena, Life, (size_t)spec->dossiers);
    begin_lives(sim, &queue);
    start_crew(&crew, sim, sim->arena);
    bool is_fine = run_moments(&crew, &queue, sim->arena, end, err);
    end_crew(&crew);
    if (!is_fine) {
        error_fill(err, error_copy(arena, &crew.err));
        return false;
    }
    bool is_whole = !is_interrupted(spec);
    report(sim, &crew, is_whole, arena, out);
    return !is_whole || set_clock(sim, end - 1, err);
}

bool simulate_run(const SimulateSpec *spec, const ScenarioProgram *program, Arena *arena,
                  SimulateReport *out, Error *err)
{
    Arena *own = arena_create(0), *forms = arena_create(0);
    Sim sim = {.spec = spec,
               .program = program,
               .arena = own,
               .forms = {.arena = forms, .forms = map_init(forms)}};
    *out = (SimulateReport){0};
    pthread_mutex_init(&sim.forms.lock, NULL);
    pthread_mutex_init(&sim.surprises_lock, NULL);
    bool is_done = check(spec, err) &&
                   plan_make(own, spec->calendar, spec->from, spec->to, &sim.plan, err) &&
                   run(&sim, arena, out, err);
    pthread_mutex_destroy(&sim.surprises_lock);
    pthread_mutex_destroy(&sim.forms.lock);
    arena_destroy(forms);
    arena_destroy(own);
    return is_done;
}
