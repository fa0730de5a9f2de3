/*
 * dmn_bench.c - the time of one evaluation of a decision table, and the memory of many.
 *
 *     dmn_bench FILE [TABLES]      the first decision of FILE: median of 10,001 evaluations, and
 * what TABLES (10,000) models of the file hold, in one arena as the catalogue keeps its versions
 *
 * Inputs: every name that the file's tests use is a text that fits none but the last rule's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "dmn/dmn.h"

enum { EVALUATIONS = 10001, FILE_MAX = 16 << 20, TABLES = 10000, RULES = 95 };

static void fail(const char *what, const char *where)
{
    fprintf(stderr, "dmn_bench: %s: %s\n", where, what);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Kilobytes of memory that the process holds now. */
static long resident_kb(void)
{
    char line[128];
    int64_t kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "VmRSS:", 6) != 0)
            continue;
        char *digits = line + 6 + strspn(line + 6, " \t");
        digits[strspn(digits, "0123456789")] = 0;
        (void)text_to_int64(digits, &kilobytes);
    }
    fclose(file);
    return (long)kilobytes;
}

static DmnModel *load(Arena *arena, const DmnSource *source)
{
    Error err = ERROR_NONE;
    DmnModel *model = dmn_load(arena, source, NULL, &err);
    if (!model)
        fail(err.code, source->name);
    return model;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_us(const DmnModel *model, FeelValue inputs)
{
    static double took[EVALUATIONS];
    const DmnDecision *decision = dmn_decision(model, 0);
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < EVALUATIONS; i++) {
        DmnResult result;
        Error err = ERROR_NONE;
        double start = seconds_now();
        if (!dmn_evaluate(model, decision->id, inputs, NULL, arena, &result, &err))
            fail(err.code, decision->id);
        arena_clear(arena);
        took[i] = (seconds_now() - start) * 1e6;
    }
    arena_destroy(arena);
    qsort(took, EVALUATIONS, sizeof *took, by_size);
    return took[EVALUATIONS / 2];
}

/* What complex.dmn and the made table ask for. */
static FeelValue inputs_of(Arena *arena)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "fda", feel_string("none"));
    feel_context_put(&builder, "item", feel_string("item 94"));
    feel_context_put(&builder, "amount", feel_int(9450));
    feel_context_put(&builder, "resident", feel_boolean(true));
    return feel_context_end(&builder);
}

static void add_input(Buffer *out, const char *name, const char *type)
{
    buffer_printf(out,
                  "<input id=\"i_%s\"><inputExpression id=\"e_%s\" typeRef=\"%s\"><text>%s</text>"
                  "</inputExpression></input>",
                  name, name, type, name);
}

static void add_cell(Buffer *out, const char *element, int rule, const char *id, const char *text)
{
    buffer_printf(out, "<%s id=\"%s%d\"><text>%s</text></%s>", element, id, rule, text, element);
}

static const char *made_table(Arena *arena)
{
    static const char *const names[] = {"item", "amount", "resident"};
    static const char *const types[] = {"string", "number", "boolean"};
    Buffer out = buffer_init(arena, 0);
    buffer_add(&out,
               "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"made\" "
               "name=\"made\" namespace=\"urn:made\">");
    for (size_t i = 0; i < 3; i++)
        buffer_printf(&out,
                      "<inputData id=\"d_%s\" name=\"%s\"><variable name=\"%s\" typeRef=\"%s\"/>"
                      "</inputData>",
                      names[i], names[i], names[i], types[i]);
    buffer_add(&out,
               "<decision id=\"fee\" name=\"fee\"><variable name=\"fee\" typeRef=\"number\"/>");
    for (size_t i = 0; i < 3; i++)
        buffer_printf(&out,
                      "<informationRequirement id=\"r_%s\"><requiredInput href=\"#d_%s\"/>"
                      "</informationRequirement>",
                      names[i], names[i]);
    buffer_add(&out, "<decisionTable id=\"table\" hitPolicy=\"UNIQUE\">");
    for (size_t i = 0; i < 3; i++)
        add_input(&out, names[i], types[i]);
    buffer_add(&out, "<output id=\"o\" name=\"fee\" typeRef=\"number\"/>");
    for (int rule = 0; rule < RULES; rule++) {
        buffer_printf(&out, "<rule id=\"rule_%d\">", rule);
        add_cell(&out, "inputEntry", rule, "a", arena_printf(arena, "\"item %d\"", rule));
        add_cell(&out, "inputEntry", rule, "b",
                 arena_printf(arena, "[%d..%d)", rule * 100, rule * 100 + 100));
        add_cell(&out, "inputEntry", rule, "c", rule % 2 ? "-" : "true");
        add_cell(&out, "outputEntry", rule, "f", arena_printf(arena, "%d", 10 + rule * 5));
        buffer_add(&out, "</rule>");
    }
    buffer_add(&out, "</decisionTable></decision></definitions>");
    return buffer_text(&out);
}

static DmnSource read_source(Arena *arena, const char *path)
{
    if (strcmp(path, "made") == 0) {
        const char *made = made_table(arena);
        return (DmnSource){.name = "made", .text = made, .length = strlen(made)};
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("cannot be read", path);
    char *text = arena_alloc(arena, FILE_MAX);
    DmnSource source = {.name = path, .text = text, .length = fread(text, 1, FILE_MAX, file)};
    fclose(file);
    return source;
}

int main(int argc, char **argv)
{
    int64_t tables = TABLES;
    if (argc < 2 || (argc > 2 && !text_to_int64(argv[2], &tables)))
        fail("dmn_bench FILE [TABLES]", "usage");
    Arena *kept = arena_create(0);
    DmnSource source = read_source(kept, argv[1]);
    DmnModel *model = load(kept, &source);
    double median = median_us(model, inputs_of(kept));
    long before = resident_kb();
    double start = seconds_now();
    for (int64_t i = 0; i < tables; i++)
        (void)load(kept, &source);
    printf("{\"rules\":%zu,\"median_us\":%.2f,\"tables\":%lld,\"megabytes\":%.0f,"
           "\"load_us\":%.0f}\n",
           dmn_decision(model, 0)->rule_count, median, (long long)tables,
           (double)(resident_kb() - before) / 1024, (seconds_now() - start) * 1e6 / (double)tables);
    arena_destroy(kept);
    return 0;
}
