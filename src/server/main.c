/* main.c - one program, one verb a table row. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "server/capabilities.h"
#include "server/cli_backup.h"
#include "server/cli_data.h"
#include "server/cli_dmn.h"
#include "server/cli_feel.h"
#include "server/cli_items.h"
#include "server/cli_scenario.h"
#include "server/cli_simulate.h"
#include "server/cli_tck.h"
#include "server/cli_workdays.h"
#include "server/serve.h"
#include "server/setup.h"
#include "service/calendars.h"

static int workdays(int argc, char **argv)
{
    return cli_workdays(argc, argv, calendars_announced, calendars_announced_length);
}

static int feel(int argc, char **argv)
{
    return cli_feel(argc, argv, calendars_announced, calendars_announced_length);
}

static int dmn(int argc, char **argv)
{
    return cli_dmn(argc, argv, calendars_announced, calendars_announced_length);
}

typedef struct Verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} Verb;

static const Verb verbs[] = {
    {"serve", serve, "serve pages and API"},
    {"migrate", cli_migrate, "bring a database to this version"},
    {"publish", cli_publish, "publish tables from a day on, everywhere or for a place"},
    {"items", cli_items, "take a catalogue of services in from a workbook"},
    {"verify", cli_verify, "prove that the journal is whole"},
    {"checkpoint", cli_checkpoint, "print the newest checkpoint of the journal"},
    {"rebuild", cli_rebuild, "derive counters, search and row scope from the journal anew"},
    {"backup", cli_backup, "copy a database and its files into a folder, while it is served"},
    {"restore", cli_restore, "bring a backup into an empty database"},
    {"simulate", cli_simulate, "fill an empty database with a believable load"},
    {"export", cli_export, "print the figures of the board, to be compared"},
    {"workdays", workdays, "count working days"},
    {"feel", feel, "evaluate a FEEL expression"},
    {"dmn", dmn, "evaluate and check decision files"},
    {"scenario", cli_scenario, "run scenarios, in memory or against a server"},
    {"tck", cli_tck, "run the test kit of DMN"},
};

static void print_help(FILE *out)
{
    fputs("Yimen (一门): one door for a city's government services\n\n"
          "usage: yimen VERB [options]; yimen VERB --help tells more\n\n",
          out);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(out, "  %-11s %s\n", verbs[i].name, verbs[i].about);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (text_equal(verbs[i].name, name))
            return verbs[i].run(argc - 1, argv + 1);
    if (text_equal(name, "--version")) {
        puts("yimen " YIMEN_VERSION);
        return EXIT_DONE;
    }
    bool is_help = text_equal(name, "--help") || text_equal(name, "help");
    print_help(is_help ? stdout : stderr);
    return is_help ? EXIT_DONE : EXIT_USAGE;
}
