/*
 * scenario_remote.c - a server that runs already, for scenarios: requests over HTTP, its clock in a
 * file that it follows.
 */
#include "server/scenario_program.h"

#include <stdio.h>
#include <time.h>

#include "server/client.h"
#include "service/fetch.h"

/* The server looks at its clock every 50 ms and fires what is due every 500. */
enum { SETTLE_MS = 800 };

struct ProgramOnServer {
    Fetch *fetch;
    const char *clock_file;
    Client client;
};

static bool carry(void *data, Arena *arena, const HttpRequest *request, HttpAnswer *out, Error *err)
{
    return fetch_send(((ProgramOnServer *)data)->fetch, arena, request, out, err);
}

ProgramOnServer *program_on_server(Arena *arena, const char *url, const char *clock_file,
                                   const char *password)
{
    ProgramOnServer *program = arena_new(arena, ProgramOnServer);
    program->fetch = fetch_create(url);
    program->clock_file = clock_file;
    program->client = client_init(arena, (Transport){carry, program}, password);
    return program;
}

void program_on_server_close(ProgramOnServer *program)
{
    fetch_destroy(program->fetch);
}

static bool send(void *data, Arena *arena, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out, Error *err)
{
    return client_send(&((ProgramOnServer *)data)->client, arena, account, path, body, out, err);
}

/* Written beside it and renamed, so that the server never reads half of it. */
static bool write_clock(const char *file, Instant now)
{
    Arena *arena = arena_create(0);
    const char *fresh = arena_printf(arena, "%s.new", file);
    FILE *stream = fopen(fresh, "w");
    bool is_written = stream && fprintf(stream, "%s\n", instant_text(arena, now)) > 0;
    if (stream)
        is_written = fclose(stream) == 0 && is_written;
    is_written = is_written && rename(fresh, file) == 0;
    arena_destroy(arena);
    return is_written;
}

static bool set_clock(void *data, Instant now, Error *err)
{
    const char *file = ((ProgramOnServer *)data)->clock_file;
    const struct timespec settle = {.tv_nsec = SETTLE_MS * 1000000L};
    if (!file || !write_clock(file, now))
        return error_set(err, ERROR_UNAVAILABLE, .code = "client.clock",
                         .detail = file ? "the clock's file cannot be written"
                                        : "--clock FILE names no file to set the clock with");
    nanosleep(&settle, NULL);
    return true;
}

ScenarioProgram program_on_server_steps(ProgramOnServer *program)
{
    return (ScenarioProgram){.send = send, .set_clock = set_clock, .data = program};
}
