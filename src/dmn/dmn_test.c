/*
 * dmn_test.c - limits, scopes, sharing between threads, files of other modellers, and the
 * standard's own test cases; tests/dmn/cases holds the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dmn/dmn.h"
#include "format/xml.h"
#include "test_skip.h"

enum { FILE_MAX = 1024 * 1024 };

#define DEFINITIONS "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">"

typedef struct Fixture {
    Arena *arena;
    Error err;
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    fixture = (Fixture){.arena = arena_create(256 * 1024 * 1024)};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_destroy(fixture->arena);
    return 0;
}

static DmnModel *parse(Fixture *fixture, const char *inner)
{
    const char *xml = arena_printf(fixture->arena, DEFINITIONS "%s</definitions>", inner);
    fixture->err = ERROR_NONE;
    return dmn_parse(fixture->arena, xml, strlen(xml), &fixture->err);
}

static FeelValue one_variable(Arena *arena, const char *name, FeelValue value)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, name, value);
    return feel_context_end(&builder);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void add_literal(Buffer *out, size_t number, const char *text)
{
    buffer_printf(out,
                  "<decision id=\"d%zu\" name=\"d%zu\"><literalExpression><text>%s</text>"
                  "</literalExpression>",
                  number, number, text);
}

static void bounds_decisions(void **state)
{
    Fixture *fixture = *state;
    for (size_t count = 5000; count <= 5001; count++) {
        Buffer out = buffer_init(fixture->arena, 0);
        for (size_t i = 0; i < count; i++) {
            add_literal(&out, i, "1");
            buffer_add(&out, "</decision>");
        }
        assert_int_equal(parse(fixture, buffer_text(&out)) != NULL, count == 5000);
    }
    assert_string_equal(fixture->err.code, "dmn.too_large");
}

static void bounds_columns(void **state)
{
    Fixture *fixture = *state;
    for (size_t count = 255; count <= 256; count++) {
        Buffer out = buffer_init(fixture->arena, 0);
        buffer_add(&out, "<decision id=\"t\"><decisionTable>");
        for (size_t i = 0; i < count; i++)
            buffer_add(&out, "<input><inputExpression><text>a</text></inputExpression></input>");
        buffer_add(&out, "<output/></decisionTable></decision>");
        assert_int_equal(parse(fixture, buffer_text(&out)) != NULL, count == 255);
    }
    assert_string_equal(fixture->err.code, "dmn.too_large");
}

static void bounds_rules(void **state)
{
    Fixture *fixture = *state;
    for (size_t count = 10000; count <= 10001; count++) {
        Buffer out = buffer_init(fixture->arena, 0);
        buffer_add(&out, "<decision id=\"t\"><decisionTable><output/>");
        for (size_t i = 0; i < count; i++)
            buffer_add(&out, "<rule><outputEntry><text>1</text></outputEntry></rule>");
        buffer_add(&out, "</decisionTable></decision>");
        const DmnModel *model = parse(fixture, buffer_text(&out));
        assert_int_equal(model != NULL, count == 10000);
        if (model)
            assert_int_equal(dmn_find(model, "t")->rule_count, 10000);
    }
    assert_string_equal(fixture->err.code, "dmn.too_large");
}

/* In both orders of the file: the way down may be walked from either end. */
static void bounds_requirements(void **state)
{
    Fixture *fixture = *state;
    for (int round = 0; round < 4; round++) {
        size_t count = 200 + (size_t)(round & 1);
        bool is_reversed = round & 2;
        Buffer out = buffer_init(fixture->arena, 0);
        for (size_t i = 0; i < count; i++) {
            size_t number = is_reversed ? count - 1 - i : i;
            add_literal(&out, number,
                        number ? arena_printf(fixture->arena, "d%zu + 1", number - 1) : "1");
            if (number)
                buffer_printf(&out,
                              "<informationRequirement><requiredDecision href=\"#d%zu\"/>"
                              "</informationRequirement>",
                              number - 1);
            buffer_add(&out, "</decision>");
        }
        const DmnModel *model = parse(fixture, buffer_text(&out));
        FeelValue result;
        int64_t number;
        assert_int_equal(model != NULL, count == 200);
        if (!model) {
            assert_string_equal(fixture->err.code, "dmn.requirement");
            continue;
        }
        assert_true(dmn_decide(model, "d199", NULL, fixture->arena, &result, NULL, &fixture->err));
        assert_true(feel_to_int64(result, &number));
        assert_int_equal(number, 200);
    }
}

static void tells_no_more_errors_than_the_first(void **state)
{
    Fixture *fixture = *state;
    Buffer out = buffer_init(fixture->arena, 0);
    size_t count = 0;
    for (size_t i = 0; i < 100; i++) {
        add_literal(&out, i, "1 +");
        buffer_add(&out, "</decision>");
    }
    assert_null(parse(fixture, buffer_text(&out)));
    for (const Error *each = &fixture->err; each; each = each->next)
        count++;
    assert_int_equal(count, DMN_PROBLEMS_MAX);
}

static void refuses_what_fills_the_arena(void **state)
{
    Fixture *fixture = *state;
    Arena *small = arena_create(200 * 1024);
    Buffer out = buffer_init(fixture->arena, 0);
    buffer_add(&out, DEFINITIONS "<decision id=\"t\"><decisionTable><output/>");
    for (size_t i = 0; i < 1500; i++)
        buffer_add(&out, "<rule><outputEntry><text>a.b.c.d</text></outputEntry></rule>");
    buffer_add(&out, "</decisionTable></decision></definitions>");
    assert_null(dmn_parse(small, buffer_text(&out), out.length, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);

    small = arena_create(16 * 1024);
    out = buffer_init(fixture->arena, 0);
    buffer_add(&out, "<decision id=\"t\"><decisionTable hitPolicy=\"COLLECT\"><output name=\"x\"/>"
                     "<output name=\"y\"/>");
    for (size_t i = 0; i < 1000; i++)
        buffer_add(&out, "<rule><outputEntry><text>1</text></outputEntry>"
                         "<outputEntry><text>2</text></outputEntry></rule>");
    buffer_add(&out, "</decisionTable></decision>");
    const DmnModel *model = parse(fixture, buffer_text(&out));
    FeelValue result;
    assert_non_null(model);
    assert_false(dmn_decide(model, "t", NULL, small, &result, NULL, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_TOO_LARGE);
    assert_string_equal(fixture->err.code, "dmn.too_large");
    arena_destroy(small);
}

/* ---- scopes ---------------------------------------------------------------------------------- */

static const char ZONED[] =
    "<decision id=\"t\"><decisionTable hitPolicy=\"FIRST\">"
    "<input><inputExpression><text>d</text></inputExpression></input><output/>"
    "<rule><inputEntry><text>today()</text></inputEntry>"
    "<outputEntry><text>string(today())</text></outputEntry></rule>"
    "<rule><inputEntry><text>-</text></inputEntry>"
    "<outputEntry><text>\"no\"</text></outputEntry></rule></decisionTable></decision>";

/* Cells see the clock and the zone of the caller, by offset or by name. */
static void passes_clock_and_zone_on(void **state)
{
    Fixture *fixture = *state;
    const DmnModel *model = parse(fixture, ZONED);
    static const char *const zones[] = {"Asia/Shanghai", "America/New_York"};
    static const char *const results[] = {"2026-11-23", "no"};
    Date day = date_of(2026, 11, 23);
    assert_non_null(model);
    for (size_t i = 0; i < 2; i++) {
        FeelScope scope = {.variables = one_variable(fixture->arena, "d", feel_date(day)),
                           .now = INT64_C(1795305600000) + 20 * HOUR_MS,
                           .zone = zones[i]};
        FeelValue result;
        assert_true(dmn_decide(model, "t", &scope, fixture->arena, &result, NULL, &fixture->err));
        assert_string_equal(feel_text(result), results[i]);
    }
}

static void passes_limits_on(void **state)
{
    Fixture *fixture = *state;
    const DmnModel *model =
        parse(fixture, "<decision id=\"t\"><decisionTable><output/><rule><outputEntry>"
                       "<text>sum(for i in 1..5000 return i)</text></outputEntry></rule>"
                       "</decisionTable></decision>");
    FeelLimits limits = {.steps = 1000, .depth = 100, .bytes = 1024 * 1024};
    FeelScope scope = {.limits = &limits};
    DmnTrace trace;
    FeelValue result;
    assert_true(dmn_decide(model, "t", &scope, fixture->arena, &result, &trace, &fixture->err));
    assert_true(feel_is_null(result));
    assert_string_equal(trace.findings.list.items[0].code, "feel.limit");
    scope.limits = NULL;
    assert_true(dmn_decide(model, "t", &scope, fixture->arena, &result, &trace, &fixture->err));
    assert_string_equal(feel_to_text(fixture->arena, result), "12502500");
    assert_int_equal(trace.findings.list.count, 0);
}

static void finds_by_id_before_name(void **state)
{
    Fixture *fixture = *state;
    const DmnModel *model =
        parse(fixture, "<decision id=\"a\" name=\"first\"><literalExpression><text>1</text>"
                       "</literalExpression></decision>"
                       "<decision id=\"b\"><literalExpression><text>2</text></literalExpression>"
                       "</decision>");
    assert_int_equal(dmn_decision_count(model), 2);
    assert_ptr_equal(dmn_find(model, "first"), dmn_decision(model, 0));
    assert_ptr_equal(dmn_find(model, "a"), dmn_decision(model, 0));
    assert_string_equal(dmn_decision(model, 1)->name, "b");
    assert_false(dmn_decision(model, 0)->is_table);
    assert_null(dmn_find(model, "c"));
    assert_null(dmn_decision(model, 2));
}

static void tells_line_and_parameters(void **state)
{
    Fixture *fixture = *state;
    FeelValue result;
    assert_null(parse(fixture, "\n\n<decision id=\"t\"><decisionTable>\n<output/>\n<rule/>"
                               "</decisionTable></decision>"));
    assert_int_equal(fixture->err.kind, ERROR_INVALID);
    assert_int_equal(fixture->err.line, 5);
    assert_string_equal(fixture->err.field, "t, rule 1");
    assert_string_equal(fixture->err.with[1].value, "t, rule 1");
    assert_string_equal(fixture->err.with[2].value, "5");
    const DmnModel *model = parse(fixture, "<decision id=\"t\" name=\"T\"><decisionTable><output/>"
                                           "<rule><outputEntry><text>1</text></outputEntry></rule>"
                                           "<rule><outputEntry><text>1</text></outputEntry></rule>"
                                           "</decisionTable></decision>");
    assert_false(dmn_decide(model, "t", NULL, fixture->arena, &result, NULL, &fixture->err));
    assert_string_equal(fixture->err.with[0].value, "T");
    assert_string_equal(fixture->err.with[1].value, "1");
    assert_string_equal(fixture->err.with[2].value, "2");
    assert_false(dmn_decide(model, "none", NULL, fixture->arena, &result, NULL, NULL));
    model = parse(fixture, "<decision id=\"t\" name=\"T\"><variable typeRef=\"number\"/>"
                           "<literalExpression><text>\"x\"</text></literalExpression></decision>");
    fixture->err = ERROR_NONE;
    assert_false(dmn_decide(model, "t", NULL, fixture->arena, &result, NULL, &fixture->err));
    assert_string_equal(fixture->err.with[0].value, "T: result");
    assert_string_equal(fixture->err.with[1].value, "x");
    assert_string_equal(fixture->err.with[2].value, "number");
    assert_null(fixture->err.with[3].name);
}

/* ---- threads --------------------------------------------------------------------------------- */

static void *use_model(void *data)
{
    const DmnModel *model = data;
    size_t wrong = 0;
    Arena *arena = arena_create(1024 * 1024);
    for (int i = 0; i < 500; i++) {
        Date day = date_of(2026, 11, 22 + i % 2);
        FeelScope scope = {.variables = one_variable(arena, "d", feel_date(day)),
                           .now = INT64_C(1795305600000)};
        FeelValue result = feel_null();
        bool is_decided = dmn_decide(model, "t", &scope, arena, &result, NULL, NULL);
        wrong += !is_decided || !text_equal(feel_text(result), i % 2 ? "no" : "2026-11-22");
        arena_clear(arena);
    }
    arena_destroy(arena);
    return (void *)wrong;
}

static void is_shared_by_threads(void **state)
{
    Fixture *fixture = *state;
    pthread_t threads[4];
    DmnModel *model = parse(fixture, ZONED);
    assert_non_null(model);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_model, model), 0);
    for (size_t i = 0; i < 4; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

/* ---- files of other modellers ---------------------------------------------------------------- */

static char *read_file(Arena *arena, const char *path, size_t *out_length)
{
    FILE *file = fopen(path, "rb");
    char *text = arena_alloc(arena, FILE_MAX);
    if (!file)
        return NULL;
    *out_length = fread(text, 1, FILE_MAX - 1, file);
    fclose(file);
    return text;
}

/* Also those that are not whole: what is missing gives null, and is told. */
static size_t evaluate_all(Arena *arena, const DmnModel *model)
{
    const DmnProblem *problems;
    size_t silent = 0;
    (void)dmn_problems(model, &problems);
    for (size_t i = 0; i < dmn_decision_count(model); i++) {
        DmnResult result;
        Error err = ERROR_NONE;
        const char *id = dmn_decision(model, i)->id;
        assert_true(dmn_evaluate(model, id, feel_null(), NULL, arena, &result, &err));
        silent += feel_is_null(result.value) && !result.findings.count;
    }
    return silent;
}

static void evaluates_examples(void **state)
{
    static const char folder[] = "../shared/examples/dmn";
    struct dirent **names;
    size_t seen = 0;
    (void)state;
    int found = scandir(folder, &names, NULL, alphasort);
    if (found < 0)
        skip_because("the examples lie beside the project only");
    for (int i = 0; i < found; i++) {
        Arena *arena = arena_create(64 * 1024 * 1024);
        Error err = ERROR_NONE;
        DmnSource source = {.name = names[i]->d_name};
        const char *path = arena_printf(arena, "%s/%s", folder, names[i]->d_name);
        source.text = text_ends_with(path, ".dmn") ? read_file(arena, path, &source.length) : NULL;
        if (source.text) {
            DmnModel *model = dmn_load(arena, &source, NULL, &err);
            assert_non_null(model);
            assert_int_equal(evaluate_all(arena, model), 0);
            seen++;
        }
        arena_destroy(arena);
        free(names[i]);
    }
    free(names);
    assert_true(seen >= 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bounds_decisions),
        TEST(bounds_columns),
        TEST(bounds_rules),
        TEST(bounds_requirements),
        TEST(tells_no_more_errors_than_the_first),
        TEST(refuses_what_fills_the_arena),
        TEST(passes_clock_and_zone_on),
        TEST(passes_limits_on),
        TEST(finds_by_id_before_name),
        TEST(tells_line_and_parameters),
        TEST(is_shared_by_threads),
        TEST(evaluates_examples),
    };
    return cmocka_run_group_tests_name("dmn", tests, NULL, NULL);
}
