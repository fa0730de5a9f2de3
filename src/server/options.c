/* options.c - one table of options for all verbs. */
#include "server/options.h"

#include <string.h>

#include "base/text.h"

typedef struct OptionRow {
    const char *name;
    size_t offset;
    enum { TAKES_TEXT, TAKES_NUMBER, IS_FLAG } kind;
} OptionRow;

#define ROW(name_, member, kind_)                                                                  \
    {                                                                                              \
        (name_), offsetof(Options, member), (kind_)                                                \
    }

static const OptionRow rows[] = {
    ROW("--db", db, TAKES_TEXT),
    ROW("--listen", listen, TAKES_TEXT),
    ROW("--keys", keys, TAKES_TEXT),
    ROW("--files", files, TAKES_TEXT),
    ROW("--packs", packs, TAKES_TEXT),
    ROW("--site", site, TAKES_TEXT),
    ROW("--clock", clock, TAKES_TEXT),
    ROW("--checkpoint", checkpoint, TAKES_TEXT),
    ROW("--reader", reader, TAKES_TEXT),
    ROW("--server", server, TAKES_TEXT),
    ROW("--from", from, TAKES_TEXT),
    ROW("--to", to, TAKES_TEXT),
    ROW("--dossiers", dossiers, TAKES_TEXT),
    ROW("--seed", seed, TAKES_TEXT),
    ROW("--indicators", is_indicators, IS_FLAG),
    ROW("--division", division, TAKES_TEXT),
    ROW("--workers", workers, TAKES_NUMBER),
    ROW("--node", node, TAKES_NUMBER),
    ROW("--demo", is_demo, IS_FLAG),
    ROW("--behind-tls", is_behind_tls, IS_FLAG),
    ROW("--json", is_json, IS_FLAG),
    ROW("--dry-run", is_dry_run, IS_FLAG),
    ROW("--right-only", is_right_only, IS_FLAG),
    ROW("--help", is_help, IS_FLAG),
};

static const OptionRow *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_equal(rows[i].name, name))
            return &rows[i];
    return NULL;
}

static bool set_value(Options *options, const OptionRow *row, const char *value)
{
    char *member = (char *)options + row->offset;
    int64_t number;
    if (row->kind == TAKES_TEXT) {
        *(const char **)member = value;
        return true;
    }
    if (!text_to_int64(value, &number) || number < 0 || number > 64) {
        fprintf(stderr, "%s takes a number from 0 to 64, not \"%s\"\n", row->name, value);
        return false;
    }
    *(int *)member = (int)number;
    return true;
}

static bool add_argument(Options *options, const char *text)
{
    if (options->argument_count == ARGUMENTS_MOST) {
        fprintf(stderr, "too many arguments at \"%s\"\n", text);
        return false;
    }
    options->arguments[options->argument_count++] = text;
    return true;
}

static bool read_one(int argc, char **argv, int *at, Options *options)
{
    const char *name = argv[*at];
    const OptionRow *row = find_row(name);
    if (!text_starts_with(name, "--"))
        return add_argument(options, name);
    if (!row) {
        fprintf(stderr, "unknown option %s\n", name);
        return false;
    }
    if (row->kind == IS_FLAG) {
        *(bool *)((char *)options + row->offset) = true;
        return true;
    }
    if (*at + 1 >= argc) {
        fprintf(stderr, "%s needs a value\n", name);
        return false;
    }
    return set_value(options, row, argv[++*at]);
}

/* A file, or PostgreSQL's address; of another one only the scheme is told: it may hold a password.
 */
static bool is_database(const char *db)
{
    const char *scheme_end = db ? strstr(db, "://") : NULL;
    if (!scheme_end || text_starts_with(db, "postgresql://") || text_starts_with(db, "postgres://"))
        return true;
    fprintf(stderr,
            "--db does not understand the address %.*s://...; it takes the name of a file (SQLite) "
            "or postgresql://USER@HOST/NAME\n",
            (int)(scheme_end - db), db);
    return false;
}

bool options_read(int argc, char **argv, Options *out)
{
    *out = (Options){.listen = "127.0.0.1:8080", .packs = "packs"};
    for (int i = 1; i < argc; i++)
        if (!text_is_utf8(argv[i], strlen(argv[i]))) {
            fprintf(stderr, "argument %d is not UTF-8\n", i);
            return false;
        }
    for (int i = 1; i < argc; i++)
        if (!read_one(argc, argv, &i, out))
            return false;
    return is_database(out->db);
}

const char *options_key_file(Arena *arena, const Options *options, const char *name)
{
    const char *slash = options->db ? strrchr(options->db, '/') : NULL;
    bool is_url = options->db && text_starts_with(options->db, "postgres");
    if (options->keys)
        return arena_printf(arena, "%s/%s", options->keys, name);
    if (!slash || is_url)
        return name;
    return arena_printf(arena, "%.*s/%s", (int)(slash - options->db), options->db, name);
}

const char *options_files_folder(Arena *arena, const Options *options)
{
    if (options->files)
        return options->files;
    if (text_starts_with(options->db, "postgres"))
        return options_key_file(arena, options, "yimen.files");
    return arena_printf(arena, "%s.files", options->db);
}
