/*
 * cli_tck.c - yimen tck.
 *
 *     folders -> test files -> model -> cases -> result nodes compared -> rows and counts
 *
 * A case passes when all its result nodes do. Folders named non-compliant hold what is known to
 * differ from the standard: their cases are counted as skipped.
 */
#include "server/cli_tck.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/time.h"
#include "dmn/dmn.h"
#include "format/csv.h"
#include "server/dmn_folder.h"
#include "server/tck_file.h"

enum {
    EXIT_DONE = 0,
    EXIT_NO = 1,
    EXIT_USAGE = 2,
    DEEP_AT_MOST = 32,
    TEST_BYTES_MAX = 32 * 1024 * 1024,
    MEMORY_MAX = 256 * 1024 * 1024, /* of one evaluation */
};

static const char usage[] =
    "usage: yimen tck DIR [--csv FILE] [--only FOLDER]\n"
    "  DIR            a tree of folders with models (.dmn) and test files (.xml) of the DMN TCK\n"
    "  --csv FILE     a row for each result node: folder,file,case,node,result,expected,got\n"
    "  --only FOLDER  only folders of that name, or inside of one\n"
    "Cases in folders named non-compliant are not scored, and counted as skipped.\n"
    "exit: 0 all passed, 1 some failed or nothing was found, 2 wrong usage\n";

typedef struct Tck {
    Arena *arena;
    FILE *out;
    FILE *err;
    const char *root;
    const char *csv_path;
    const char *only;
    bool is_help;
    FILE *csv;
    Instant now;
    size_t passed, failed, skipped;
} Tck;

/* One test file at work. */
typedef struct Suite {
    Tck *tck;
    Arena *arena; /* of the file and its model */
    const char *folder;
    const char *file;
    const DmnModel *model; /* NULL: it could not be read */
    const char *reason;
    bool is_scored;
} Suite;

/* ---- rows ------------------------------------------------------------------------------------ */

static void put_row(const Suite *suite, const TckCase *one, const TckNode *node, const char *result,
                    const char *got, Arena *arena)
{
    const char *expected = feel_to_text(arena, node->expected);
    const char *fields[] = {suite->folder,
                            suite->file,
                            one->id,
                            node->name,
                            result,
                            node->is_error ? arena_printf(arena, "%s (error)", expected) : expected,
                            got};
    Buffer row = buffer_init(arena, 0);
    CsvWriter writer = csv_writer(&row);
    if (text_equal(result, "failed"))
        fprintf(suite->tck->out, "FAIL %s case %s, %s: expected %s, got %s\n", suite->folder,
                one->id, node->name, fields[5], got);
    if (!suite->tck->csv)
        return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        csv_put(&writer, fields[i]);
    csv_end_row(&writer);
    fputs(buffer_text(&row), suite->tck->csv);
}

/* ---- a node ---------------------------------------------------------------------------------- */

/* A service of several outputs gives a context: then the node is one of its entries. */
static FeelValue value_of(const TckCase *one, const TckNode *node, FeelValue value)
{
    const FeelValue *member = one->target ? feel_member(value, node->name) : NULL;
    return member ? *member : value;
}

static const char *shown(Arena *arena, FeelValue value, const DmnResult *result)
{
    const char *text = feel_to_text(arena, value);
    const DmnFinding *first = result->findings.count ? result->findings.items : NULL;
    return first ? arena_printf(arena, "%s (%s: %s)", text, first->code, first->message) : text;
}

static bool run_node(const Suite *suite, const TckCase *one, const TckNode *node, Arena *arena)
{
    const FeelScope scope = {.now = suite->tck->now};
    DmnResult result = {0};
    Error error = ERROR_NONE;
    const char *target = one->target ? one->target : node->name;
    if (!suite->model ||
        !dmn_evaluate(suite->model, target, one->inputs, &scope, arena, &result, &error)) {
        put_row(suite, one, node, "failed", suite->model ? error.code : suite->reason, arena);
        return false;
    }
    FeelValue value = value_of(one, node, result.value);
    bool passed =
        tck_is_same(node->expected, value) && (!node->is_error || result.findings.count > 0);
    put_row(suite, one, node, passed ? "passed" : "failed", shown(arena, value, &result), arena);
    return passed;
}

static void run_case(const Suite *suite, const TckCase *one)
{
    bool passed = true;
    list_each (const TckNode, node, &one->nodes) {
        Arena *arena = arena_create(MEMORY_MAX);
        if (suite->is_scored)
            passed &= run_node(suite, one, node, arena);
        else
            put_row(suite, one, node, "skipped", "", arena);
        arena_destroy(arena);
    }
    if (!suite->is_scored)
        suite->tck->skipped++;
    else if (passed)
        suite->tck->passed++;
    else
        suite->tck->failed++;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static void fail_file(const Suite *suite, const char *why)
{
    fprintf(suite->tck->err, "tck: %s/%s: %s\n", suite->folder, suite->file, why);
    suite->tck->failed++;
}

static void load_model(Suite *suite, const char *path)
{
    Error error = ERROR_NONE;
    suite->model = folder_load(suite->arena, path, &error);
    if (!suite->model)
        suite->reason = arena_printf(suite->arena, "the model: %s%s%s", error.code,
                                     error.with[0].value ? ": " : "",
                                     error.with[0].value ? error.with[0].value : "");
}

/* Whether one of the folders on the way has that name: "a/b" of "x/a/b/c" too. */
static bool is_inside(Arena *arena, const char *folder, const char *name)
{
    return strstr(arena_printf(arena, "/%s/", folder), arena_printf(arena, "/%s/", name)) != NULL;
}

static void run_file(Tck *tck, const char *path, const char *folder, const char *name)
{
    Suite suite = {.tck = tck,
                   .arena = arena_create(0),
                   .folder = folder,
                   .file = name,
                   .is_scored = !is_inside(tck->arena, folder, "non-compliant")};
    const char *file = arena_printf(suite.arena, "%s/%s", path, name);
    Error error = ERROR_NONE;
    TckFile test;
    size_t length;
    const char *text = folder_read(suite.arena, file, TEST_BYTES_MAX, &length, &error);
    if (text && tck_read(suite.arena, text, length, &test, &error)) {
        load_model(&suite, arena_printf(suite.arena, "%s/%s", path, test.model));
        list_each (const TckCase, one, &test.cases)
            run_case(&suite, one);
    } else if (error_is_set(&error)) {
        fail_file(&suite, error.code);
    }
    arena_destroy(suite.arena);
}

/* ---- folders --------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool walk(Tck *tck, const char *path, const char *folder, int depth)
{
    const char **names;
    size_t count;
    if (depth > DEEP_AT_MOST || !folder_names(tck->arena, path, &names, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *inner = arena_printf(tck->arena, "%s/%s", path, names[i]);
        if (is_folder(inner))
            (void)walk(tck, inner,
                       *folder ? arena_printf(tck->arena, "%s/%s", folder, names[i]) : names[i],
                       depth + 1);
        else if (text_ends_with(names[i], ".xml") &&
                 (!tck->only || is_inside(tck->arena, folder, tck->only)))
            run_file(tck, path, folder, names[i]);
    }
    return true;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool misuse(const Tck *tck, const char *what)
{
    fprintf(tck->err, "tck: %s\n", what);
    return false;
}

static bool read_arguments(Tck *tck, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        bool is_csv = text_equal(argv[i], "--csv"), is_only = text_equal(argv[i], "--only");
        if (text_equal(argv[i], "--help"))
            tck->is_help = true;
        else if ((is_csv || is_only) && i + 1 == argc)
            return misuse(tck, is_csv ? "a file must follow --csv" : "a folder must follow --only");
        else if (is_csv)
            tck->csv_path = argv[++i];
        else if (is_only)
            tck->only = argv[++i];
        else if (text_starts_with(argv[i], "--"))
            return misuse(tck, "unknown option");
        else if (tck->root)
            return misuse(tck, "one folder is enough");
        else
            tck->root = argv[i];
    }
    return tck->root || tck->is_help || misuse(tck, "a folder is missing");
}

static bool open_csv(Tck *tck)
{
    if (!tck->csv_path)
        return true;
    tck->csv = fopen(tck->csv_path, "wb");
    if (!tck->csv)
        fprintf(tck->err, "tck: %s: %s\n", tck->csv_path, strerror(errno));
    else
        fputs("folder,file,case,node,result,expected,got\r\n", tck->csv);
    return tck->csv != NULL;
}

static bool close_csv(const Tck *tck)
{
    bool is_written = !tck->csv || !ferror(tck->csv);
    if (tck->csv && fclose(tck->csv) != 0)
        is_written = false;
    if (!is_written)
        fprintf(tck->err, "tck: %s could not be written\n", tck->csv_path);
    return is_written;
}

/* A trailing slash, or several, say nothing. */
static const char *without_slashes(Arena *arena, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return arena_text_n(arena, path, length);
}

/* The folder's own name counts too, so that one folder alone can be run. */
static const char *own_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    bool is_relative = text_equal(path, ".") || text_equal(path, "..");
    return is_relative ? "" : slash && slash[1] ? slash + 1 : path;
}

static int run(Tck *tck, int argc, char *const *argv)
{
    const Clock clock = {0};
    tck->now = clock_now(&clock);
    if (!read_arguments(tck, argc, argv)) {
        fputs(usage, tck->err);
        return EXIT_USAGE;
    }
    if (tck->is_help)
        return fputs(usage, tck->out) < 0 ? EXIT_NO : EXIT_DONE;
    if (!open_csv(tck))
        return EXIT_NO;
    const char *root = without_slashes(tck->arena, tck->root);
    bool is_read = walk(tck, root, own_name(root), 0);
    if (!is_read)
        fprintf(tck->err, "tck: %s: %s\n", tck->root, strerror(errno));
    bool is_written = close_csv(tck);
    fprintf(tck->out, "%zu passed, %zu failed, %zu skipped\n", tck->passed, tck->failed,
            tck->skipped);
    bool has_any = tck->passed + tck->skipped > 0;
    return is_read && is_written && has_any && !tck->failed && fflush(tck->out) == 0 ? EXIT_DONE
                                                                                     : EXIT_NO;
}

int cli_tck_run(int argc, char *const *argv, FILE *out, FILE *err)
{
    Tck tck = {.arena = arena_create(0), .out = out, .err = err};
    int code = run(&tck, argc, argv);
    arena_destroy(tck.arena);
    return code;
}

int cli_tck(int argc, char **argv)
{
    return cli_tck_run(argc, argv, stdout, stderr);
}
