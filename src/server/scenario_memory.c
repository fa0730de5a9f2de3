/*
 * scenario_memory.c - the program in memory, for scenarios.
 *
 *     setup_open(":memory:") -> migrate, load packs and county -> web that listens nowhere
 *     set_clock -> the clock, then every job until none has more to do
 *
 * It is what serve starts, without a socket and without the scheduler's thread: jobs run where the
 * clock moves and behind each write, so that a scenario meets no chance.
 */
#include "server/scenario_program.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/capabilities.h"
#include "server/client.h"
#include "server/setup.h"

enum { FOLDERS_OPEN = 8 };

struct ProgramInMemory {
    Arena *arena;
    const char *packs;
    const Definitions *definitions; /* in the place of the packs' own; NULL: those */
    char *folder;                   /* of keys and files; NULL before the first scenario */
    Arena *own;                     /* of the database that is open */
    App *app;
    Web *web;
    Client client;
};

ProgramInMemory *program_in_memory(Arena *arena, const char *packs)
{
    ProgramInMemory *program = arena_new(arena, ProgramInMemory);
    program->arena = arena;
    program->packs = packs;
    return program;
}

ProgramInMemory *program_rehearsed(Arena *arena, const char *packs, const Definitions *definitions)
{
    ProgramInMemory *program = program_in_memory(arena, packs);
    program->definitions = definitions;
    return program;
}

/* ---- one database ---------------------------------------------------------------------------- */

static void close_database(ProgramInMemory *program)
{
    if (program->web)
        setup_unserve(program->app, program->web);
    setup_close(program->app);
    arena_destroy(program->own);
    program->web = NULL;
    program->app = NULL;
    program->own = NULL;
}

static bool carry(void *data, Arena *arena, const HttpRequest *request, HttpAnswer *out, Error *err)
{
    (void)err;
    web_send(((ProgramInMemory *)data)->web, arena, request, out);
    return true;
}

static bool load(ProgramInMemory *program, const Options *options, Error *err)
{
    bool is_new;
    if (program->definitions)
        return setup_load_instead(program->app, program->own, options, program->definitions, err);
    return setup_load(program->app, program->own, options, &is_new, err);
}

static bool start(ProgramInMemory *program, Error *err)
{
    Options options = {.db = ":memory:",
                       .packs = program->packs,
                       .keys = program->folder,
                       .files = arena_printf(program->own, "%s/files", program->folder),
                       .clock = "2024-01-01T01:00:00Z",
                       .is_demo = true};
    int applied;
    program->app = setup_open(program->own, &options, false, err);
    if (!program->app || !setup_migrate(program->app, &applied, err) ||
        !load(program, &options, err))
        return false;
    program->app->site = "http://yimen.example";
    program->web = setup_serve(program->app, &options, err);
    if (!program->web || !program->app->demo_logins.count)
        return program->web != NULL;
    program->client = client_init(program->own, (Transport){carry, program},
                                  program->app->demo_logins.items[0].password);
    return true;
}

static bool begin(void *data, Error *err)
{
    ProgramInMemory *program = data;
    if (!program->folder) {
        char *folder = arena_text(program->arena, "/tmp/yimen-scenario-XXXXXX");
        if (!mkdtemp(folder))
            return error_set(err, ERROR_UNAVAILABLE, .code = "pack.file", .field = folder);
        program->folder = folder;
    }
    close_database(program);
    program->own = arena_create(0);
    return start(program, err);
}

/* ---- what steps ask -------------------------------------------------------------------------- */

static bool send(void *data, Arena *arena, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out, Error *err)
{
    ProgramInMemory *program = data;
    return client_send(&program->client, arena, account, path, body, out, err) &&
           (!body || server_run_jobs(program->app, err));
}

static bool set_clock(void *data, Instant now, Error *err)
{
    ProgramInMemory *program = data;
    clock_set(program->app->clock, now);
    return server_run_jobs(program->app, err);
}

ScenarioProgram program_in_memory_steps(ProgramInMemory *program)
{
    return (ScenarioProgram){.send = send, .set_clock = set_clock, .begin = begin, .data = program};
}

/* ---- the end --------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

void program_in_memory_close(ProgramInMemory *program)
{
    close_database(program);
    if (program->folder)
        nftw(program->folder, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
}
