/*
 * scenario_rehearsal.c - programs in memory for who is about to publish something.
 *
 *     definitions -> program_rehearsed -> its steps, and a watch that ends it after its time
 *
 * Each takes a processor and the memory of a whole program: so there is one at a time.
 */
#include "server/scenario_program.h"

#include <stdatomic.h>

static atomic_flag is_busy = ATOMIC_FLAG_INIT;

typedef struct Rehearsed {
    ScenarioProgram steps; /* first: what open gives */
    ScenarioProgram program;
    ProgramInMemory *in_memory;
    int64_t began;
} Rehearsed;

static bool is_in_time(const Rehearsed *it, Error *err)
{
    return stopwatch_us() - it->began < REHEARSAL_SECONDS * INT64_C(1000000) ||
           error_set(err, ERROR_TOO_LARGE, .code = "rehearsal.too_long",
                     .detail = "more than a minute for all scenarios");
}

static bool send(void *data, Arena *arena, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out, Error *err)
{
    const Rehearsed *it = data;
    return is_in_time(it, err) &&
           it->program.send(it->program.data, arena, account, path, body, out, err);
}

static bool set_clock(void *data, Instant now, Error *err)
{
    const Rehearsed *it = data;
    return is_in_time(it, err) && it->program.set_clock(it->program.data, now, err);
}

static bool begin(void *data, Error *err)
{
    const Rehearsed *it = data;
    return is_in_time(it, err) && it->program.begin(it->program.data, err);
}

static ScenarioProgram *open(const Rehearsal *rehearsal, Arena *arena,
                             const Definitions *definitions, Error *err)
{
    if (atomic_flag_test_and_set(&is_busy)) {
        error_set(err, ERROR_UNAVAILABLE, .code = "rehearsal.busy");
        return NULL;
    }
    Rehearsed *it = arena_new(arena, Rehearsed);
    it->in_memory = program_rehearsed(arena, rehearsal->data, definitions);
    it->program = program_in_memory_steps(it->in_memory);
    it->began = stopwatch_us();
    it->steps = (ScenarioProgram){.send = send, .set_clock = set_clock, .begin = begin, .data = it};
    return &it->steps;
}

static void close(const Rehearsal *rehearsal, ScenarioProgram *program)
{
    (void)rehearsal;
    program_in_memory_close(((Rehearsed *)program->data)->in_memory);
    atomic_flag_clear(&is_busy);
}

const Rehearsal *program_rehearsal(Arena *arena, const char *packs)
{
    Rehearsal *rehearsal = arena_new(arena, Rehearsal);
    *rehearsal = (Rehearsal){.open = open, .close = close, .data = packs};
    return rehearsal;
}
