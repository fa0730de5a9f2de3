/*
 * cli_scenario.c - yimen scenario.
 *
 *     arguments -> each file read -> run against tables beside it and a program -> a line each
 */
#include "server/cli_scenario.h"

#include <signal.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "calendar/calendar_feel.h"
#include "server/dmn_folder.h"
#include "server/options.h"
#include "server/scenario_program.h"
#include "server/setup.h"
#include "service/calendars.h"

static const char usage[] =
    "usage: yimen scenario FILE... [--packs FOLDER] [--json]\n"
    "       yimen scenario FILE... --server URL [--clock FILE] [--packs FOLDER] [--json]\n"
    "  FILE       scenarios, *.feature; the tables that they ask lie in ../tables\n"
    "  --server   run them against a server (serve --demo); without it in memory\n"
    "  --clock    the file whose clock the server follows (serve --clock FILE)\n"
    "  --packs    folder of the packs, ./packs unless given\n"
    "  --json     an object a scenario, and one for the sum\n"
    "exit: 0 all passed, 1 one failed or a file cannot be read, 2 wrong usage\n";

typedef struct Run {
    Arena *arena;
    const Options *options;
    const ScenarioProgram *program;
    const FeelWorkdays *workdays;
    const char *folder; /* of the file's tables */
    Map tables;         /* path -> model, read once */
    size_t passed;
    size_t failed;
} Run;

/* ---- tables ---------------------------------------------------------------------------------- */

/* "pack/scenarios/a.feature" -> "pack/tables" */
static const char *tables_beside(Arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? arena_printf(arena, "%.*s/../tables", (int)(slash - file), file) : "../tables";
}

static bool is_code(const char *code)
{
    return *code && !code[strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static const DmnModel *find_table(void *data, const char *code)
{
    Run *run = data;
    Error err = ERROR_NONE;
    const char *path = arena_printf(run->arena, "%s/%s.dmn", run->folder, code);
    if (!is_code(code))
        return NULL;
    if (!map_has(&run->tables, path))
        map_set(&run->tables, path, folder_load(run->arena, path, &err));
    return map_get(&run->tables, path);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void print_json(const Run *run, const char *path, const ScenarioOutcome *outcome)
{
    static const char *const results[] = {"passed", "failed", "left_out"};
    Buffer buffer = buffer_init(run->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    json_put_text(&json, "file", path);
    json_put_int(&json, "line", outcome->line);
    json_put_text(&json, "scenario", outcome->name);
    json_begin_array(&json, "tags");
    for (const char *const *tag = outcome->tags; *tag; tag++)
        json_put_text(&json, NULL, *tag);
    json_end_array(&json);
    json_put_text(&json, "result", results[outcome->result]);
    if (outcome->result == SCENARIO_FAILED) {
        json_put_int(&json, "failed_line", outcome->failure.line);
        json_put_text(&json, "step", outcome->failure.step);
        json_put_text(&json, "expected", outcome->failure.expected);
        json_put_text(&json, "got", outcome->failure.got);
    }
    json_end_object(&json);
    puts(buffer_text(&buffer));
}

static void print_text(const char *path, const ScenarioOutcome *outcome)
{
    const ScenarioFailure *failure = &outcome->failure;
    if (outcome->result == SCENARIO_PASSED) {
        printf("passed %s:%d: %s\n", path, outcome->line, outcome->name);
        return;
    }
    printf("failed %s:%d: %s\n", path, outcome->line, outcome->name);
    printf("  %s:%d: %s\n    expected %s\n    got %s\n", failure->file, failure->line,
           failure->step, failure->expected, failure->got);
}

static void print_sum(const Run *run)
{
    if (run->options->is_json)
        printf("{\"passed\":%zu,\"failed\":%zu}\n", run->passed, run->failed);
    else
        printf("%zu passed, %zu failed\n", run->passed, run->failed);
}

/* ---- running --------------------------------------------------------------------------------- */

static ScenarioFile *read_scenarios(Run *run, const char *path, Error *err)
{
    enum { SCENARIO_BYTES_MOST = 1024 * 1024 };
    size_t length;
    const char *text = folder_read(run->arena, path, SCENARIO_BYTES_MOST, &length, err);
    return text ? scenario_read(run->arena, path, text, length, err) : NULL;
}

static void tell_error(const char *path, const Error *err)
{
    Arena *arena = arena_create(0);
    fprintf(stderr, "%s:%d:%d: %s: %s\n", path, err->line, err->column, err->code,
            message_of_error(arena, LANGUAGE_EN, err));
    arena_destroy(arena);
}

static bool run_file(Run *run, const char *path)
{
    Error err = ERROR_NONE;
    ScenarioReport report;
    ScenarioFile *file = read_scenarios(run, path, &err);
    if (!file) {
        tell_error(path, &err);
        return false;
    }
    run->folder = tables_beside(run->arena, path);
    ScenarioHost host = {
        .tables = {find_table, run}, .workdays = run->workdays, .program = run->program};
    scenario_run(file, &host, run->arena, &report);
    list_each (const ScenarioOutcome, outcome, &report.outcomes)
        if (run->options->is_json)
            print_json(run, path, outcome);
        else
            print_text(path, outcome);
    run->passed += report.passed;
    run->failed += report.failed;
    return true;
}

static int run_all(Run *run)
{
    bool can_read_all = true;
    run->tables = map_init(run->arena);
    run->workdays =
        calendar_feel_of_text(run->arena, calendars_announced, calendars_announced_length);
    for (int i = 0; i < run->options->argument_count; i++)
        can_read_all = run_file(run, run->options->arguments[i]) && can_read_all;
    print_sum(run);
    return can_read_all && !run->failed ? EXIT_DONE : EXIT_NO;
}

static int run_in_memory(Run *run)
{
    ProgramInMemory *program = program_in_memory(run->arena, run->options->packs);
    ScenarioProgram steps = program_in_memory_steps(program);
    run->program = &steps;
    int code = run_all(run);
    run->program = NULL;
    program_in_memory_close(program);
    return code;
}

static int run_on_server(Run *run)
{
    const Options *options = run->options;
    Error err = ERROR_NONE;
    const char *password = setup_demo_password(run->arena, options, &err);
    if (!password)
        return setup_print_error(&err);
    ProgramOnServer *program =
        program_on_server(run->arena, options->server, options->clock, password);
    ScenarioProgram steps = program_on_server_steps(program);
    run->program = &steps;
    int code = run_all(run);
    run->program = NULL;
    program_on_server_close(program);
    return code;
}

int cli_scenario(int argc, char **argv)
{
    Options options;
    bool is_fine = options_read(argc, argv, &options);
    if (is_fine && options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    if (!is_fine || !options.argument_count || (options.clock && !options.server)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    signal(SIGPIPE, SIG_IGN);
    Run run = {.arena = arena_create(0), .options = &options};
    int code = options.server ? run_on_server(&run) : run_in_memory(&run);
    arena_destroy(run.arena);
    return code;
}
