/*
 * cli_simulate.c - simulate and export.
 *
 *     options -> a database with officers, items and applicants -> simulate_run over it -> counts
 */
#include "server/cli_simulate.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "apps/identity/identity.h"
#include "apps/stats/stats.h"
#include "server/setup.h"
#include "server/simulate_county.h"
#include "server/simulate_program.h"
#include "simulate/simulate.h"

static const char usage[] =
    "usage: yimen simulate --db FILE|postgresql://... --dossiers N --from DATE --to DATE --seed S\n"
    "                      [--workers N] [--keys FOLDER] [--files FOLDER] [--packs FOLDER] "
    "[--json]\n"
    "Fills a database with a believable load on a virtual clock, through the same commands as the\n"
    "pages: people who do not exist apply at the counter and at night, mistype, forget papers, "
    "are\n"
    "asked for them, withdraw, rate; officers decide, stop the clock, are late. The same "
    "arguments\n"
    "give the same figures (yimen export --indicators) on either engine.\n"
    "  --db        one that holds no application; without officers it gets the demonstration\n"
    "              county first. With applications in it, it is refused.\n"
    "  --dossiers  how many arrive, 1 to 1000000\n"
    "  --from, --to  days of arrival; what is not finished after the last one stays open\n"
    "  --seed      a whole number: all that is drawn comes from it\n"
    "  --workers   requests under way at once, 16 unless given; the result is the same\n"
    "Ctrl-C stops it when the commands under way are done. What is there then is whole and can be\n"
    "served, but it is not continued: begin again with an empty database.\n"
    "exit: 0 done, 1 interrupted or the data is bad, 2 wrong usage\n";

static const char export_usage[] =
    "usage: yimen export --indicators --db FILE|postgresql://... [--from DATE] [--to DATE]\n"
    "                    [--keys FOLDER] [--json]\n"
    "Prints the figures of the board (S01 to S10), the counts by item, unit and month, and what "
    "is\n"
    "open in each stage: whole numbers, sorted, the same bytes for the same rows on either "
    "engine.\n"
    "  --from, --to  what was counted on these days; everything unless given\n"
    "exit: 0 done, 1 the data is bad, 2 wrong usage\n";

enum { DOSSIERS_MOST = 1000000, WORKERS = 16, PROGRESS_MS = 500 };
enum { ACCOUNTS_LEAST = 20, DOSSIERS_OF_ACCOUNT = 12 };

static atomic_bool is_interrupted;

static void interrupt(int number)
{
    (void)number;
    is_interrupted = true;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool read_number(const char *text, const char *name, int64_t least, int64_t most,
                        int64_t *out)
{
    if (text && text_to_int64(text, out) && *out >= least && *out <= most)
        return true;
    fprintf(stderr, "%s takes a whole number from %lld to %lld, not \"%s\"\n", name,
            (long long)least, (long long)most, text ? text : "");
    return false;
}

static bool read_day(const char *text, const char *name, Date *out)
{
    if (text && date_parse(text, out) && date_compare(*out, date_of(2024, 1, 1)) >= 0 &&
        date_compare(*out, date_of(CALENDAR_LAST_YEAR - 1, 12, 31)) <= 0)
        return true;
    fprintf(stderr, "%s takes a day such as 2025-01-31, from 2024 on, not \"%s\"\n", name,
            text ? text : "");
    return false;
}

static bool is_period(Date from, Date to)
{
    if (date_compare(from, to) <= 0)
        return true;
    fputs("--to lies before --from\n", stderr);
    return false;
}

static bool read_spec(const Options *options, SimulateSpec *out)
{
    int64_t seed;
    if (!read_number(options->dossiers, "--dossiers", 1, DOSSIERS_MOST, &out->dossiers) ||
        !read_number(options->seed, "--seed", 0, INT64_MAX, &seed) ||
        !read_day(options->from, "--from", &out->from) ||
        !read_day(options->to, "--to", &out->to) || !is_period(out->from, out->to))
        return false;
    out->seed = (uint64_t)seed;
    out->workers = options->workers ? options->workers : WORKERS;
    out->accounts = out->dossiers / DOSSIERS_OF_ACCOUNT + ACCOUNTS_LEAST;
    return true;
}

/* ---- the database ---------------------------------------------------------------------------- */

static bool has_officers(App *app, Arena *arena, bool *out, Error *err)
{
    OfficerLines officers = {0};
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    bool is_read = identity_officers(conn, arena, app->tenant, "", 1, &officers, err);
    db_release(conn);
    *out = officers.count > 0;
    return is_read;
}

static bool prepare_database(App *app, Arena *arena, Options *options, Error *err)
{
    int applied;
    int64_t filed;
    const char *figures;
    bool was_there, is_new;
    Date first = date_of(CALENDAR_FIRST_YEAR, 1, 1), last = date_of(CALENDAR_LAST_YEAR, 12, 31);
    if (!setup_migrate(app, &applied, err) || !has_officers(app, arena, &was_there, err) ||
        !stats_indicators(app, arena, first, last, false, &figures, &filed, err))
        return false;
    if (filed)
        return error_set(err, ERROR_CONFLICT, .code = "simulate.not_empty", .field = "--db");
    options->is_demo = true;
    return was_there || setup_load(app, arena, options, &is_new, err);
}

/* ---- telling --------------------------------------------------------------------------------- */

typedef struct Telling {
    int64_t told_us;
    int64_t dossiers;
    bool is_terminal;
} Telling;

static void tell_progress(void *data, const SimulateProgress *progress)
{
    Telling *telling = data;
    int64_t now = stopwatch_us(), wait_us = PROGRESS_MS * (telling->is_terminal ? 1000 : 20000);
    if (now - telling->told_us < wait_us)
        return;
    telling->told_us = now;
    Civil at = instant_civil(progress->now, CALENDAR_ZONE_CHINA);
    fprintf(stderr, "%s%04d-%02d-%02d: %lld of %lld arrived, %lld tasks done%s",
            telling->is_terminal ? "\r" : "", at.year, at.month, at.day,
            (long long)progress->counts.arrived, (long long)telling->dossiers,
            (long long)progress->counts.completed_tasks, telling->is_terminal ? "  " : "\n");
}

typedef struct NamedCount {
    const char *name, *text;
    int64_t count;
} NamedCount;

enum { COUNTS = 12 };

static void name_counts(const SimulateCounts *c, NamedCount out[COUNTS])
{
    const NamedCount all[COUNTS] = {{"arrived", "arrived", c->arrived},
                                    {"filed", "filed", c->filed},
                                    {"mistaken", "refused for a mistake", c->mistaken},
                                    {"completed_tasks", "tasks completed", c->completed_tasks},
                                    {"notices", "one-time notices", c->notices},
                                    {"supplements", "supplements", c->supplements},
                                    {"stops", "clocks stopped", c->stops},
                                    {"extensions", "extensions decided", c->extensions},
                                    {"withdrawn", "withdrawn", c->withdrawn},
                                    {"rated", "rated", c->rated},
                                    {"requests", "requests", c->requests},
                                    {"surprises", "refused and not meant", c->surprises}};
    memcpy(out, all, sizeof all);
}

static void print_json(Arena *arena, const NamedCount counts[COUNTS], bool is_whole)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    for (size_t i = 0; i < COUNTS; i++)
        json_put_int(&json, counts[i].name, counts[i].count);
    json_put_bool(&json, "is_whole", is_whole);
    json_end_object(&json);
    puts(buffer_text(&out));
}

static int tell_report(Arena *arena, const SimulateReport *report, bool is_json)
{
    NamedCount counts[COUNTS];
    name_counts(&report->counts, counts);
    if (is_json)
        print_json(arena, counts, report->is_whole);
    for (size_t i = 0; i < COUNTS && !is_json; i++)
        printf("%10lld  %s\n", (long long)counts[i].count, counts[i].text);
    list_each (const Surprise, one, &report->surprises)
        fprintf(stderr, "not meant, %lld times: %s\n", (long long)one->count, one->what);
    if (report->is_whole)
        return EXIT_DONE;
    fputs("yimen: interrupted; what is there is whole, but cannot be continued: begin again with "
          "an empty database\n",
          stderr);
    return EXIT_NO;
}

/* ---- simulate -------------------------------------------------------------------------------- */

static bool play(App *app, Web *web, Arena *arena, SimulateSpec *spec, SimulateReport *out,
                 Error *err)
{
    Telling telling = {.dossiers = spec->dossiers, .is_terminal = isatty(STDERR_FILENO)};
    Instant from = date_start(spec->from, CALENDAR_ZONE_CHINA);
    PlayedProgram *program = played_program(arena, app, web, from);
    ScenarioProgram steps = played_program_steps(program);
    spec->progress = tell_progress;
    spec->progress_data = &telling;
    bool is_done = county_renew_letters(&steps, arena, spec, err) &&
                   simulate_run(spec, &steps, arena, out, err) &&
                   played_program_settle(program, err);
    if (telling.is_terminal)
        fputc('\n', stderr);
    played_program_close(program);
    return is_done;
}

static bool simulate(App *app, Arena *arena, Options *options, SimulateSpec *spec,
                     SimulateReport *out, Error *err)
{
    Options nowhere = *options;
    nowhere.listen = NULL;
    const char *password = setup_demo_password(arena, options, err);
    if (!password || !prepare_database(app, arena, options, err) ||
        !county_find(app, arena, spec, err) || !county_register(app, arena, password, spec, err))
        return false;
    app->site = "http://yimen.example";
    Web *web = setup_serve(app, &nowhere, err);
    if (!web)
        return false;
    bool is_done = play(app, web, arena, spec, out, err);
    setup_unserve(app, web);
    return is_done;
}

static int run_simulate(Options *options, SimulateSpec *spec)
{
    Error err = ERROR_NONE;
    SimulateReport report = {0};
    Arena *arena = arena_create(0);
    options->clock = instant_text(arena, date_start(spec->from, CALENDAR_ZONE_CHINA));
    int workers = options->workers;
    options->workers = spec->workers; /* a connection for each request under way */
    App *app = setup_open(arena, options, false, &err);
    options->workers = workers;
    bool is_done = app && simulate(app, arena, options, spec, &report, &err);
    int code = is_done ? tell_report(arena, &report, options->is_json) : setup_print_error(&err);
    setup_close(app);
    arena_destroy(arena);
    return code;
}

int cli_simulate(int argc, char **argv)
{
    Options options;
    SimulateSpec spec = {0};
    bool is_read = options_read(argc, argv, &options);
    if (is_read && options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    if (!is_read || !options.db || options.argument_count || !read_spec(&options, &spec)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    spec.is_interrupted = &is_interrupted;
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    return run_simulate(&options, &spec);
}

/* ---- export ---------------------------------------------------------------------------------- */

static int run_export(const Options *options, Date from, Date to)
{
    Error err = ERROR_NONE;
    const char *text;
    int64_t filed;
    Arena *arena = arena_create(0);
    App *app = setup_open(arena, options, true, &err);
    bool is_done =
        app && stats_indicators(app, arena, from, to, options->is_json, &text, &filed, &err);
    int code = is_done ? EXIT_DONE : setup_print_error(&err);
    if (is_done && fputs(text, stdout) < 0)
        code = EXIT_NO;
    setup_close(app);
    arena_destroy(arena);
    return code;
}

int cli_export(int argc, char **argv)
{
    Options options;
    Date from = date_of(CALENDAR_FIRST_YEAR, 1, 1), to = date_of(CALENDAR_LAST_YEAR, 12, 31);
    bool is_read = options_read(argc, argv, &options);
    if (is_read && options.is_help)
        return fputs(export_usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    if (!is_read || !options.db || options.argument_count || !options.is_indicators ||
        (options.from && !read_day(options.from, "--from", &from)) ||
        (options.to && !read_day(options.to, "--to", &to)) || !is_period(from, to)) {
        fputs(export_usage, stderr);
        return EXIT_USAGE;
    }
    return run_export(&options, from, to);
}
