/*
 * simulate_program.c - account -> its session, opened when there is none -> web_send -> JSON.
 *
 * Sessions are replaced, never changed, so that a thread may go on with one that another thread has
 * just opened anew.
 */
#include "server/simulate_program.h"

#include <pthread.h>

#include "apps/identity/identity.h"
#include "server/capabilities.h"
#include "server/client.h"
#include "service/crypto.h"

enum { MORNING = 8, EVENING = 18 }; /* hours at which jobs run */

typedef struct PlayedSession {
    ClientSession headers;
    Instant until;
} PlayedSession;

struct PlayedProgram {
    App *app;
    Web *web;
    Transport transport;
    pthread_mutex_t lock;
    Arena *arena; /* of sessions, behind the lock */
    Map sessions;
    Instant hour; /* when all jobs ran last */
};

static bool carry(void *data, Arena *arena, const HttpRequest *request, HttpAnswer *out, Error *err)
{
    (void)err;
    web_send(((PlayedProgram *)data)->web, arena, request, out);
    return true;
}

PlayedProgram *played_program(Arena *arena, App *app, Web *web, Instant from)
{
    PlayedProgram *program = arena_new(arena, PlayedProgram);
    *program = (PlayedProgram){.app = app, .web = web, .arena = arena_create(0), .hour = from};
    program->transport = (Transport){carry, program};
    program->sessions = map_init(program->arena);
    pthread_mutex_init(&program->lock, NULL);
    clock_set(app->clock, from);
    return program;
}

void played_program_close(PlayedProgram *program)
{
    if (!program)
        return;
    pthread_mutex_destroy(&program->lock);
    arena_destroy(program->arena);
}

/* ---- sessions -------------------------------------------------------------------------------- */

typedef struct Opening {
    App *app;
    const char *login;
    const char *token;
    Instant until;
} Opening;

static bool open_session(Tx *tx, void *data, Error *err)
{
    Opening *opening = data;
    return identity_play(tx, opening->app, opening->login, opening->token, &opening->until, err);
}

static const PlayedSession *keep(PlayedProgram *program, Arena *arena, const Opening *opening)
{
    pthread_mutex_lock(&program->lock);
    PlayedSession *session = arena_new(program->arena, PlayedSession);
    *session = (PlayedSession){
        .headers = {.cookie = arena_printf(program->arena, "yimen_session=%s", opening->token),
                    .token = arena_text(program->arena, identity_csrf(arena, opening->token))},
        .until = opening->until};
    map_set(&program->sessions, arena_text(program->arena, opening->login), session);
    pthread_mutex_unlock(&program->lock);
    return session;
}

static const PlayedSession *session_of(PlayedProgram *program, Arena *arena, const char *account,
                                       Error *err)
{
    pthread_mutex_lock(&program->lock);
    const PlayedSession *session = map_get(&program->sessions, account);
    pthread_mutex_unlock(&program->lock);
    if (session && session->until > clock_now(program->app->clock))
        return session;
    Opening opening = {.app = program->app, .login = account, .token = crypto_token(arena)};
    if (!db_write(program->app->db, arena, open_session, &opening, err))
        return NULL;
    return keep(program, arena, &opening);
}

/* ---- what a simulation asks ------------------------------------------------------------------ */

static bool send(void *data, Arena *arena, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out, Error *err)
{
    PlayedProgram *program = data;
    const PlayedSession *session = session_of(program, arena, account, err);
    return session &&
           client_ask(&program->transport, arena, &session->headers, NULL, path, body, out, err);
}

/* Timers alone, at each moment. */
static bool run_timers(App *app, Error *err)
{
    for (const Job *job = server_jobs; job->name; job++)
        if (text_equal(job->name, "timers"))
            return server_run_job(app, job, err);
    return true;
}

/* At night nothing comes that could not wait until the morning. What a server does every few
 * minutes is done at midnight: it walks through folders. */
static bool run_hourly(PlayedProgram *program, Error *err)
{
    int hour = instant_civil(program->hour, program->app->zone_minutes).hour;
    bool is_day = hour >= MORNING && hour <= EVENING;
    for (const Job *job = server_jobs; job->name; job++)
        if ((hour == 0 || (is_day && job->every_ms <= MINUTE_MS)) &&
            !server_run_job(program->app, job, err))
            return false;
    return true;
}

static bool set_clock(void *data, Instant now, Error *err)
{
    PlayedProgram *program = data;
    while (program->hour + HOUR_MS <= now) {
        program->hour += HOUR_MS;
        clock_set(program->app->clock, program->hour);
        if (!run_hourly(program, err))
            return false;
    }
    clock_set(program->app->clock, now);
    return run_timers(program->app, err);
}

bool played_program_settle(PlayedProgram *program, Error *err)
{
    return server_run_jobs(program->app, err);
}

ScenarioProgram played_program_steps(PlayedProgram *program)
{
    return (ScenarioProgram){.send = send, .set_clock = set_clock, .data = program};
}
