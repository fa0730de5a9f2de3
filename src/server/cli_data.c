/* cli_data.c - migrate, publish, verify, checkpoint, rebuild. */
#include "server/cli_data.h"

#include <string.h>

#include <errno.h>

#include "apps/catalogue/catalogue.h"
#include "server/capabilities.h"
#include "server/scenario_program.h"
#include "server/setup.h"

static const char usage[] =
    "usage: yimen migrate --db FILE|postgresql://... [--keys FOLDER] [--json]\n"
    "       yimen publish FOLDER --db ... --from 2026-12-01 [--division 99/9901/990101]\n"
    "           [--keys FOLDER] [--packs FOLDER]\n"
    "       yimen verify --db ... [--checkpoint FILE] [--keys FOLDER] [--json]\n"
    "       yimen checkpoint --db ... [--keys FOLDER]\n"
    "       yimen rebuild --db ... [--reader NAME] [--keys FOLDER] [--json]\n"
    "exit: 0 done, 1 the answer is no or the data is bad, 2 wrong usage\n";

typedef int (*Verb)(App *app, Arena *arena, const Options *options, Error *err);

static int wrong_usage(void)
{
    fputs(usage, stderr);
    return EXIT_USAGE;
}

/* Options, help, an open database around a verb. */
static int with_database(int argc, char **argv, bool is_read_only, int arguments, Verb verb)
{
    Options options;
    Error err = ERROR_NONE;
    if (!options_read(argc, argv, &options))
        return wrong_usage();
    if (options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    if (!options.db || options.argument_count != arguments)
        return wrong_usage();
    Arena *arena = arena_create(0);
    App *app = setup_open(arena, &options, is_read_only, &err);
    int code = app ? verb(app, arena, &options, &err) : setup_print_error(&err);
    setup_close(app);
    arena_destroy(arena);
    return code;
}

/* ---- migrate, rebuild ------------------------------------------------------------------------ */

static int migrate(App *app, Arena *arena, const Options *options, Error *err)
{
    (void)arena;
    int applied = 0;
    if (!setup_migrate(app, &applied, err))
        return setup_print_error(err);
    if (options->is_json)
        printf("{\"applied\":%d}\n", applied);
    else
        printf("%d %s applied\n", applied, applied == 1 ? "migration" : "migrations");
    return EXIT_DONE;
}

int cli_migrate(int argc, char **argv)
{
    return with_database(argc, argv, false, 0, migrate);
}

static int rebuild(App *app, Arena *arena, const Options *options, Error *err)
{
    (void)arena;
    int rebuilt = 0;
    if (!db_migrate(app->db, NULL, err) ||
        !journal_rebuild(app->db, options->reader, true, &rebuilt, err))
        return setup_print_error(err);
    if (options->is_json)
        printf("{\"rebuilt\":%d}\n", rebuilt);
    else
        printf("%d %s rebuilt\n", rebuilt, rebuilt == 1 ? "reader" : "readers");
    return EXIT_DONE;
}

int cli_rebuild(int argc, char **argv)
{
    return with_database(argc, argv, false, 0, rebuild);
}

/* ---- publish --------------------------------------------------------------------------------- */

typedef struct Publishing {
    App *app;
    const Pack *tables;
    const char *division;
    Date from;
    int published;
} Publishing;

static bool publish_tables(Tx *tx, void *data, Error *err)
{
    Publishing *it = data;
    return catalogue_publish_tables(tx, it->app, it->tables, it->division, it->from, &it->published,
                                    err);
}

static bool check_tables(Publishing *it, Arena *arena, Error *err)
{
    DbConn *conn = db_reader(it->app->db, err);
    if (!conn)
        return false;
    bool is_right =
        catalogue_check_tables(it->app, conn, arena, it->tables, it->division, it->from, err);
    db_release(conn);
    return is_right;
}

static int publish(App *app, Arena *arena, const Options *options, Error *err)
{
    Publishing it = {.app = app, .division = options->division ? options->division : ""};
    if (!date_parse(options->from, &it.from))
        return wrong_usage();
    app->rehearsal = program_rehearsal(arena, options->packs);
    it.tables = catalogue_read_pack(arena, options->arguments[0], err);
    if (!it.tables || !check_tables(&it, arena, err) ||
        !db_write(app->db, arena, publish_tables, &it, err))
        return setup_print_error(err);
    printf("%d %s published\n", it.published, it.published == 1 ? "definition" : "definitions");
    return EXIT_DONE;
}

int cli_publish(int argc, char **argv)
{
    return with_database(argc, argv, false, 1, publish);
}

/* ---- verify, checkpoint ---------------------------------------------------------------------- */

static const char *read_checkpoint(Arena *arena, const char *file)
{
    char text[4096];
    FILE *stream = fopen(file, "rb");
    if (!stream) {
        fprintf(stderr, "yimen: %s: %s\n", file, strerror(errno));
        return NULL;
    }
    size_t length = fread(text, 1, sizeof text, stream);
    fclose(stream);
    if (length < sizeof text && text_is_utf8(text, length))
        return arena_text_n(arena, text, length);
    fprintf(stderr, "yimen: %s is not a checkpoint\n", file);
    return NULL;
}

static void print_report_json(Arena *arena, const JournalReport *report)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    json_put_int(&json, "sealed", report->sealed);
    json_put_int(&json, "unsealed_tail", report->unsealed_tail);
    json_begin_array(&json, "findings");
    list_each (JournalFinding, finding, &report->findings) {
        json_begin_object(&json, NULL);
        json_put_text(&json, "code", finding->code);
        json_put_int(&json, "position", finding->position);
        json_put_text(&json, "detail", finding->detail);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    puts(buffer_text(&out));
}

static void print_report(const JournalReport *report)
{
    printf("%lld entries sealed, %lld not sealed yet\n", (long long)report->sealed,
           (long long)report->unsealed_tail);
    list_each (JournalFinding, finding, &report->findings)
        printf("%s at position %lld: %s\n", finding->code, (long long)finding->position,
               finding->detail ? finding->detail : "");
    puts(report->findings.count ? "the journal was changed" : "the journal is whole");
}

static int verify(App *app, Arena *arena, const Options *options, Error *err)
{
    JournalReport report = {0};
    const char *checkpoint = NULL;
    if (options->checkpoint && !(checkpoint = read_checkpoint(arena, options->checkpoint)))
        return EXIT_NO;
    if (!journal_verify(app->db, app->journal_key, arena, checkpoint, &report, err))
        return setup_print_error(err);
    if (options->is_json)
        print_report_json(arena, &report);
    else
        print_report(&report);
    return report.findings.count ? EXIT_NO : EXIT_DONE;
}

int cli_verify(int argc, char **argv)
{
    return with_database(argc, argv, true, 0, verify);
}

static int checkpoint(App *app, Arena *arena, const Options *options, Error *err)
{
    (void)options;
    const char *text;
    if (!journal_checkpoint(app->db, arena, &text, err))
        return setup_print_error(err);
    if (!text) {
        fputs("yimen: nothing is sealed yet\n", stderr);
        return EXIT_NO;
    }
    fputs(text, stdout);
    return EXIT_DONE;
}

int cli_checkpoint(int argc, char **argv)
{
    return with_database(argc, argv, true, 0, checkpoint);
}
