/*
 * serve.c - yimen serve: migrate, load, start jobs and web, wait for a signal, stop in order.
 */
#include "server/serve.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/capabilities.h"
#include "server/scenario_program.h"
#include "server/setup.h"

static const char usage[] =
    "usage: yimen serve --db FILE|postgresql://... [--listen HOST:PORT] [--demo]\n"
    "                   [--keys FOLDER] [--files FOLDER] [--packs FOLDER] [--workers N]\n"
    "                   [--node N]\n"
    "  --db       the database; its keys lie beside the file, or in --keys\n"
    "  --files    folder of uploaded files, encrypted; FILE.files unless given\n"
    "  --listen   where to listen, 127.0.0.1:8080 unless given; port 0 takes a free one\n"
    "  --demo     load the demonstration county\n"
    "  --packs    folder of the packs, ./packs unless given\n"
    "  --workers  web workers, one a processor unless given\n"
    "  --site     where the public reaches it (https://...): the codes on papers lead there\n"
    "  --behind-tls  a proxy on this machine speaks TLS: cookies are secure, and the visitor's\n"
    "             address is the last of X-Forwarded-For\n"
    "  --node     0..9, when several processes serve one PostgreSQL database\n"
    "  --clock    stand at an instant (2026-11-22T09:00:00+08:00), or at the one in a file, which\n"
    "             is read again as it changes: for tests and training\n";

/* ---- the set clock --------------------------------------------------------------------------- */

/* Reads the instant in a file that training and tests change while the server runs. */
static bool read_clock(Clock *clock, const char *file)
{
    char text[64] = {0};
    Instant at;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (length <= 0)
        return false;
    text[strcspn(text, "\r\n ")] = 0;
    if (!instant_parse(text, &at))
        return false;
    clock_set(clock, at);
    return true;
}

static bool is_clock_file(const Options *options)
{
    Instant at;
    return options->clock && !instant_parse(options->clock, &at);
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void wait_for_end(const sigset_t *set, App *app, const Options *options)
{
    bool has_file = is_clock_file(options);
    struct timespec often = {.tv_nsec = 50000000L};
    for (;;) {
        int got = has_file ? sigtimedwait(set, NULL, &often) : sigwaitinfo(set, NULL);
        if (got == SIGINT || got == SIGTERM)
            return;
        if (has_file)
            read_clock(app->clock, options->clock);
    }
}

/* ---- starting -------------------------------------------------------------------------------- */

/* Where the public reaches it, as --site says or as it listens; papers print it in their codes. */
static const char *site_of(Arena *arena, const Options *options, int port)
{
    const char *colon = strrchr(options->listen, ':');
    int host = colon ? (int)(colon - options->listen) : (int)strlen(options->listen);
    size_t length = options->site ? strlen(options->site) : 0;
    while (length && options->site[length - 1] == '/')
        length--;
    return length ? arena_text_n(arena, options->site, length)
                  : arena_printf(arena, "http://%.*s:%d", host, options->listen, port);
}

static void print_welcome(const App *app)
{
    printf("Yimen serves %s/\n", app->site);
    if (app->is_demo)
        printf("\nDemonstration accounts (account, password, what it may do):\n");
    list_each (DemoLogin, login, &app->demo_logins)
        printf("  %-12s %-10s %s\n", login->login, login->password, login->label_en);
    fflush(stdout);
}

/* So that the next process need not wait until the sealer's lease runs out. */
static void release_lease(App *app)
{
    Error err = ERROR_NONE;
    if (!journal_release(app->db, app->process_name, &err))
        log_event(LOG_WARNING, "journal.release", "%s", err.code ? err.code : "");
}

static int run(App *app, Arena *arena, const Options *options, const sigset_t *signals, Error *err)
{
    bool is_new = false;
    int applied;
    if (!setup_migrate(app, &applied, err) || !setup_load(app, arena, options, &is_new, err))
        return setup_print_error(err);
    app->rehearsal = program_rehearsal(arena, options->packs);
    app->scheduler = scheduler_start(app, server_jobs, err);
    Web *web = app->scheduler ? setup_serve(app, options, err) : NULL;
    if (!web) {
        scheduler_stop(app->scheduler);
        return setup_print_error(err);
    }
    app->site = site_of(arena, options, web_port(web));
    print_welcome(app);
    wait_for_end(signals, app, options);
    log_event(LOG_INFO, "server.stopping", "a signal asked for it");
    setup_unserve(app, web);
    scheduler_stop(app->scheduler);
    release_lease(app);
    return EXIT_DONE;
}

int serve(int argc, char **argv)
{
    Options options;
    sigset_t signals;
    Error err = ERROR_NONE;
    if (!options_read(argc, argv, &options) || (!options.is_help && !options.db) ||
        options.argument_count) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    block_signals(&signals);
    Arena *arena = arena_create(0);
    App *app = setup_open(arena, &options, false, &err);
    int code;
    if (app && is_clock_file(&options) && !read_clock(app->clock, options.clock)) {
        fprintf(stderr, "yimen: --clock is neither an instant nor a file that holds one\n");
        code = EXIT_USAGE;
    } else {
        code = app ? run(app, arena, &options, &signals, &err) : setup_print_error(&err);
    }
    setup_close(app);
    arena_destroy(arena);
    return code;
}
