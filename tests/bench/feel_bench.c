/*
 * feel_bench.c - expressions a second, with reading them and without: those of feel.json (30 of the
 * packs) or feel-rules.json (what rules are made of).
 *
 *     feel_bench FILE SECONDS         two rates as JSON
 *     feel_bench FILE values          the value of each expression, a line each
 *     feel_bench FILE lines           the value of each line of the input, or "!" and what is wrong
 *     feel_bench FILE parse|run N     N rounds over all expressions, for a profiler
 *
 * Memory is given back after every evaluation, as a request does it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "feel/feel.h"
#include "format/json.h"

enum { EXPRESSIONS_MAX = 100, FILE_MAX = 1 << 20, LINE_MAX_BYTES = 1 << 18 };

typedef struct Bench {
    Arena *kept; /* sources, context, names, compiled expressions */
    Arena *scratch;
    const char *sources[EXPRESSIONS_MAX];
    FeelExpression *compiled[EXPRESSIONS_MAX];
    size_t count;
    FeelNames *names;
    FeelScope scope;
} Bench;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what, const char *where)
{
    fprintf(stderr, "feel_bench: %s: %s\n", where, what);
    exit(1);
}

static void add_expressions(Bench *bench, const Json *list)
{
    for (size_t i = 0; list && i < list->count && bench->count < EXPRESSIONS_MAX; i++) {
        Error err = ERROR_NONE;
        const char *source = list->items[i]->text;
        bench->sources[bench->count] = source;
        bench->compiled[bench->count] =
            feel_compile(bench->kept, source, FEEL_EXPRESSION, bench->names, &err);
        if (!bench->compiled[bench->count++])
            fail(err.message, source);
    }
}

static void load(Bench *bench, const char *path)
{
    Error err = ERROR_NONE;
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("cannot be read", path);
    char *text = arena_alloc(bench->kept, FILE_MAX);
    size_t length = fread(text, 1, FILE_MAX, file);
    fclose(file);
    Json *json = json_parse(bench->kept, text, length, &JSON_LIMITS, &err);
    if (!json)
        fail(err.code, path);
    bench->scope.variables = feel_from_json(bench->kept, json_get(json, "context"));
    bench->names = feel_names_create(bench->kept);
    feel_names_add_value(bench->names, bench->scope.variables);
    add_expressions(bench, json_get(json, "expressions"));
}

static void print_values(Bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        FeelFindings findings = {0};
        Buffer out = buffer_init(bench->scratch, 0);
        FeelValue value =
            feel_evaluate(bench->compiled[i], &bench->scope, bench->scratch, &findings);
        if (findings.list.count)
            fail(findings.list.items[0].message, bench->sources[i]);
        feel_to_json(&out, value);
        puts(buffer_text(&out));
        arena_clear(bench->scratch);
    }
}

/* For tests/feel/differential. */
static void print_lines(Bench *bench)
{
    char line[LINE_MAX_BYTES];
    while (fgets(line, sizeof line, stdin)) {
        Error err = ERROR_NONE;
        FeelFindings findings = {0};
        Buffer out = buffer_init(bench->scratch, 0);
        line[strcspn(line, "\n")] = 0;
        FeelExpression *expression =
            feel_compile(bench->scratch, line, FEEL_EXPRESSION, bench->names, &err);
        if (expression)
            feel_to_json(&out, feel_evaluate(expression, &bench->scope, bench->scratch, &findings));
        puts(expression ? buffer_text(&out) : arena_printf(bench->scratch, "!%s", err.message));
        arena_clear(bench->scratch);
    }
}

static void parse_round(Bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        Error err = ERROR_NONE;
        FeelFindings findings = {0};
        FeelExpression *expression =
            feel_compile(bench->scratch, bench->sources[i], FEEL_EXPRESSION, bench->names, &err);
        (void)feel_evaluate(expression, &bench->scope, bench->scratch, &findings);
        arena_clear(bench->scratch);
    }
}

static void run_round(Bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        FeelFindings findings = {0};
        (void)feel_evaluate(bench->compiled[i], &bench->scope, bench->scratch, &findings);
        arena_clear(bench->scratch);
    }
}

/* Evaluations a second over at least that long. */
static double rate(Bench *bench, void (*round)(Bench *bench), double seconds)
{
    double start = seconds_now(), end;
    size_t rounds = 0;
    do {
        for (int i = 0; i < 100; i++)
            round(bench);
        rounds += 100;
        end = seconds_now();
    } while (end - start < seconds);
    return (double)(rounds * bench->count) / (end - start);
}

static void repeat(Bench *bench, void (*round)(Bench *bench), const char *times)
{
    int64_t count = 0;
    if (!times || !text_to_int64(times, &count))
        fail("a number of rounds is missing", "arguments");
    for (int64_t i = 0; i < count; i++)
        round(bench);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        fail("feel_bench FILE SECONDS|values|lines|parse N|run N", "usage");
    Bench bench = {.kept = arena_create(0), .scratch = arena_create(0)};
    const char *what = argv[2], *times = argc > 3 ? argv[3] : NULL;
    load(&bench, argv[1]);
    if (strcmp(what, "values") == 0) {
        print_values(&bench);
    } else if (strcmp(what, "lines") == 0) {
        print_lines(&bench);
    } else if (strcmp(what, "parse") == 0) {
        repeat(&bench, parse_round, times);
    } else if (strcmp(what, "run") == 0) {
        repeat(&bench, run_round, times);
    } else {
        double seconds = strtod(what, NULL);
        double parsed = rate(&bench, parse_round, seconds), run = rate(&bench, run_round, seconds);
        printf("{\"expressions\":%zu,\"parsed\":%.0f,\"compiled\":%.0f}\n", bench.count, parsed,
               run);
    }
    arena_destroy(bench.scratch);
    arena_destroy(bench.kept);
    return 0;
}
