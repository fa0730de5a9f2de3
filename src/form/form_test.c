/* form_test.c - limits, sharing between threads, and what the cases in tests/form cannot say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "form/form.h"

typedef struct Fixture {
    Arena *arena;
    Error err;
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    fixture = (Fixture){.arena = arena_create(64 * 1024 * 1024)};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_destroy(fixture->arena);
    return 0;
}

static Form *parse(Fixture *fixture, const char *json)
{
    fixture->err = ERROR_NONE;
    return form_parse(fixture->arena, json, strlen(json), &fixture->err);
}

static Json *json_of(Fixture *fixture, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(fixture->arena, text, strlen(text), &JSON_LIMITS, &err);
    assert_non_null(json);
    return json;
}

/* A form whose components list is `count` times the text, with a number put in for %zu. */
static Form *parse_many(Fixture *fixture, size_t count, const char *before, const char *after)
{
    Buffer out = buffer_init(fixture->arena, 0);
    buffer_add(&out, "{\"components\":[");
    for (size_t i = 0; i < count; i++)
        buffer_printf(&out, "%s%s%zu%s", i ? "," : "", before, i, after);
    buffer_add(&out, "]}");
    return parse(fixture, buffer_text(&out));
}

static const char *const TEXTFIELD[] = {"{\"type\":\"textfield\",\"key\":\"k", "\"}"};

static const char ROOMS[] =
    "{\"components\":["
    "{\"id\":\"F1\",\"type\":\"textfield\",\"key\":\"code\",\"label\":\"编号\","
    "\"validate\":{\"pattern\":\"^[A-Z]{2}[0-9]+$\"}},"
    "{\"id\":\"F2\",\"type\":\"number\",\"key\":\"rooms\",\"label\":\"客房\"},"
    "{\"id\":\"F3\",\"type\":\"textfield\",\"key\":\"plan\",\"label\":\"预案\","
    "\"conditional\":{\"hide\":\"=rooms < 50\"},\"validate\":{\"required\":true}}]}";

/* ---- what parsing tells ---------------------------------------------------------------------- */

static void tells_line_element_and_reason(void **state)
{
    Fixture *fixture = *state;
    const char *json =
        "{\"components\":[\n"
        "  {\"type\":\"text\",\"id\":\"t\",\"text\":\"x\"},\n"
        "  {\"type\":\"iframe\",\"id\":\"frame\"},\n"
        "  {\"type\":\"textfield\",\"key\":\"a\",\"conditional\":{\"hide\":\"=(\"}}\n"
        "]}";
    assert_null(parse(fixture, json));
    const Error *first = &fixture->err, *second = first->next;
    assert_int_equal(first->kind, ERROR_INVALID);
    assert_int_equal(first->line, 3);
    assert_string_equal(first->field, "frame");
    assert_string_equal(first->with[0].name, "what");
    assert_string_equal(first->with[0].value, "iframe");
    assert_string_equal(first->with[1].value, "frame");
    assert_string_equal(first->with[2].value, "3");
    assert_non_null(second);
    assert_string_equal(second->code, "form.expression");
    assert_int_equal(second->line, 4);
    assert_true(text_starts_with(second->with[0].value, "hide: "));
    assert_non_null(strstr(second->with[0].value, "(=()"));
    assert_null(second->next);
}

static void counts_errors_up_to_twenty(void **state)
{
    Fixture *fixture = *state;
    size_t count = 0;
    assert_null(parse_many(fixture, 100, "{\"type\":\"html\",\"id\":\"h", "\"}"));
    for (const Error *each = &fixture->err; each; each = each->next)
        count++;
    assert_int_equal(count, 20);
}

static void lists_keys_in_order(void **state)
{
    Fixture *fixture = *state;
    const FormKey *keys;
    Form *form = parse(fixture, ROOMS);
    assert_non_null(form);
    assert_int_equal(form_keys(form, &keys), 3);
    assert_string_equal(keys[0].key, "code");
    assert_string_equal(keys[0].id, "F1");
    assert_string_equal(keys[0].label, "编号");
    assert_string_equal(keys[1].type, "number");
    assert_string_equal(keys[2].key, "plan");
}

static void tells_personal_keys(void **state)
{
    static const char *const kinds[] = {"phone", "id_number", "credit_code", "year", "email"};
    Fixture *fixture = *state;
    const FormKey *keys;
    for (size_t i = 0; i < 5; i++) {
        Form *form =
            parse(fixture, arena_printf(fixture->arena,
                                        "{\"components\":[{\"type\":\"textfield\","
                                        "\"key\":\"a\",\"properties\":{\"kind\":\"%s\"}}]}",
                                        kinds[i]));
        assert_non_null(form);
        assert_int_equal(form_keys(form, &keys), 1);
        assert_int_equal(keys[0].is_personal, i < 2);
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void bounds_components(void **state)
{
    Fixture *fixture = *state;
    assert_non_null(parse_many(fixture, 500, TEXTFIELD[0], TEXTFIELD[1]));
    assert_null(parse_many(fixture, 501, TEXTFIELD[0], TEXTFIELD[1]));
    assert_string_equal(fixture->err.code, "form.too_large");
}

static void bounds_options(void **state)
{
    Fixture *fixture = *state;
    for (size_t count = 1000; count <= 1001; count++) {
        Buffer out = buffer_init(fixture->arena, 0);
        buffer_add(&out, "{\"components\":[{\"type\":\"select\",\"key\":\"s\",\"values\":[");
        for (size_t i = 0; i < count; i++)
            buffer_printf(&out, "%s{\"value\":%zu}", i ? "," : "", i);
        buffer_add(&out, "]}]}");
        assert_int_equal(parse(fixture, buffer_text(&out)) != NULL, count == 1000);
    }
    assert_string_equal(fixture->err.code, "form.too_large");
}

static void bounds_nesting(void **state)
{
    Fixture *fixture = *state;
    for (int depth = 10; depth <= 11; depth++) {
        Buffer out = buffer_init(fixture->arena, 0);
        buffer_add(&out, "{\"components\":[");
        for (int i = 0; i < depth; i++)
            buffer_add(&out, "{\"type\":\"group\",\"components\":[");
        for (int i = 0; i < depth; i++)
            buffer_add(&out, "]}");
        buffer_add(&out, "]}");
        assert_int_equal(parse(fixture, buffer_text(&out)) != NULL, depth == 10);
    }
    assert_string_equal(fixture->err.code, "form.too_large");
}

static void bounds_patterns(void **state)
{
    Fixture *fixture = *state;
    Buffer out = buffer_init(fixture->arena, 0);
    buffer_add(&out, "{\"components\":[{\"type\":\"textfield\",\"key\":\"a\",\"validate\":"
                     "{\"pattern\":\"");
    for (int i = 0; i < 1001; i++)
        buffer_add_char(&out, 'a');
    buffer_add(&out, "\"}}]}");
    assert_null(parse(fixture, buffer_text(&out)));
    assert_string_equal(fixture->err.code, "form.too_large");
}

static void bounds_keys(void **state)
{
    Fixture *fixture = *state;
    for (int length = 200; length <= 201; length++) {
        Buffer out = buffer_init(fixture->arena, 0);
        buffer_add(&out, "{\"components\":[{\"type\":\"textfield\",\"id\":\"x\",\"key\":\"");
        for (int i = 0; i < length; i++)
            buffer_add_char(&out, 'k');
        buffer_add(&out, "\"}]}");
        assert_int_equal(parse(fixture, buffer_text(&out)) != NULL, length == 200);
    }
    assert_string_equal(fixture->err.code, "form.schema");
}

static void refuses_what_fills_the_arena(void **state)
{
    Fixture *fixture = *state;
    Arena *small = arena_create(64 * 1024);
    Form *form = parse_many(fixture, 400, TEXTFIELD[0], TEXTFIELD[1]);
    FormControls controls;
    Json *values;
    assert_non_null(form);
    assert_false(form_render(form, NULL, feel_null(), NULL, small, &controls, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_TOO_LARGE);
    assert_string_equal(fixture->err.code, "form.too_large");
    arena_clear(small);

    Buffer typed = buffer_init(fixture->arena, 0);
    for (int i = 0; i < 400; i++)
        buffer_printf(&typed, "%s\"k%d\":\"%0150d\"", i ? "," : "{", i, i);
    buffer_add(&typed, "}");
    fixture->err = ERROR_NONE;
    assert_false(form_submit(form, json_of(fixture, buffer_text(&typed)), false, NULL, small,
                             &values, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);
}

static void refuses_a_form_that_fills_the_arena(void **state)
{
    Fixture *fixture = *state;
    Arena *small = arena_create(100 * 1024);
    Buffer out = buffer_init(fixture->arena, 0);
    buffer_add(&out, "{\"components\":[");
    for (int i = 0; i < 200; i++)
        buffer_printf(&out, "%s{\"type\":\"text\",\"id\":\"t%d\",\"text\":\"{{a%d}} {{b}}\"}",
                      i ? "," : "", i, i);
    buffer_add(&out, "]}");
    assert_null(form_parse(small, buffer_text(&out), out.length, &fixture->err));
    assert_int_equal(fixture->err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void works_without_a_scope(void **state)
{
    Fixture *fixture = *state;
    Form *form = parse(fixture, ROOMS);
    FormControls controls;
    Json *values;
    assert_true(form_render(form, NULL, feel_null(), NULL, fixture->arena, &controls, NULL));
    assert_int_equal(controls.count, 3);
    assert_true(form_submit(form, json_of(fixture, "{\"code\":\"AB1\",\"rooms\":\"9\"}"), false,
                            NULL, fixture->arena, &values, NULL));
    assert_string_equal(json_text(values, "code"), "AB1");
    assert_null(json_get(values, "plan"));
}

static void tells_limits_of_texts(void **state)
{
    Fixture *fixture = *state;
    Form *form =
        parse(fixture, "{\"components\":[{\"type\":\"textfield\",\"key\":\"a\"},"
                       "{\"type\":\"textarea\",\"key\":\"b\"},"
                       "{\"type\":\"textarea\",\"key\":\"c\",\"validate\":{\"maxLength\":50}},"
                       "{\"type\":\"number\",\"key\":\"d\",\"validate\":{\"max\":50}}]}");
    static const int64_t lengths[] = {200, 2000, 50, 0};
    FormControls controls;
    assert_true(
        form_render(form, NULL, feel_null(), NULL, fixture->arena, &controls, &fixture->err));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(controls.items[i].max_length, lengths[i]);
}

/* The result does not point into what was typed by name: it can be stored as it is. */
static void names_members_of_the_result(void **state)
{
    Fixture *fixture = *state;
    Form *form =
        parse(fixture, "{\"components\":[{\"type\":\"group\",\"path\":\"a\",\"components\":"
                       "[{\"type\":\"textfield\",\"key\":\"b.c\"}]}]}");
    Json *values;
    assert_non_null(form);
    assert_true(form_submit(form, json_of(fixture, "{\"a.b.c\":\"x\"}"), true, NULL, fixture->arena,
                            &values, &fixture->err));
    assert_int_equal(values->kind, JSON_OBJECT);
    assert_string_equal(values->items[0]->name, "a");
    assert_string_equal(json_text(json_get(json_get(values, "a"), "b"), "c"), "x");
    assert_string_equal(form_value(values, "a.b.c")->text, "x");
    assert_null(form_value(values, "a.b.d"));
    assert_null(form_value(values, "a.b.c.d"));
    assert_null(form_value(NULL, "a"));
}

static void reads_unknown_keys_as_nothing(void **state)
{
    Fixture *fixture = *state;
    Form *form = parse(fixture, ROOMS);
    const Json *value = json_of(fixture, "[\"x\"]");
    assert_string_equal(form_value_text(form, NULL, fixture->arena, "none", value, "y", "n"), "");
    assert_string_equal(form_value_text(form, NULL, fixture->arena, "code", NULL, "y", "n"), "");
}

static void leaves_other_errors_alone(void **state)
{
    Fixture *fixture = *state;
    Form *form = parse(fixture, ROOMS);
    const Json *overlay = json_of(fixture, "{\"F3\":{\"label\":\"Plan\"}}");
    Error err = ERROR_NONE;
    Json *values;
    (void)error_add(&err, fixture->arena, ERROR_INVALID, .code = "input.required", .field = "code",
                    .with = {{"label", "other"}});
    form_translate_errors(form, overlay, fixture->arena, &err);
    assert_string_equal(err.with[0].value, "other");
    err = ERROR_NONE;
    assert_false(form_submit(form, json_of(fixture, "{\"code\":\"x\",\"rooms\":\"60\"}"), false,
                             NULL, fixture->arena, &values, &err));
    form_translate_errors(form, overlay, fixture->arena, &err);
    assert_string_equal(err.with[0].value, "编号");
    assert_string_equal(err.next->with[0].value, "Plan");
}

/* ---- threads --------------------------------------------------------------------------------- */

static void *use_form(void *data)
{
    const Form *form = data;
    size_t wrong = 0;
    for (int i = 0; i < 200; i++) {
        Arena *arena = arena_create(1024 * 1024);
        Error err = ERROR_NONE;
        bool is_good = i % 2;
        const char *text = is_good ? "{\"code\":\"AB12\",\"rooms\":\"60\",\"plan\":\"x\"}"
                                   : "{\"code\":\"12\",\"rooms\":\"20\"}";
        Json *typed = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err), *values;
        FormControls controls;
        wrong += form_submit(form, typed, true, NULL, arena, &values, &err) != is_good;
        wrong +=
            !form_render(form, NULL, feel_from_json(arena, typed), NULL, arena, &controls, &err) ||
            controls.count != (is_good ? 3 : 2);
        arena_destroy(arena);
    }
    return (void *)wrong;
}

static void is_shared_by_threads(void **state)
{
    Fixture *fixture = *state;
    pthread_t threads[4];
    Form *form = parse(fixture, ROOMS);
    assert_non_null(form);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_form, form), 0);
    for (size_t i = 0; i < 4; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

/* ---- facts ----------------------------------------------------------------------------------- */

static const char SHOP[] =
    "{\"components\":["
    "{\"type\":\"textfield\",\"key\":\"name\",\"properties\":{\"fact\":\"business.name\"},"
    "\"defaultValue\":\"某店\"},"
    "{\"type\":\"textfield\",\"key\":\"code\","
    "\"properties\":{\"fact\":\"firm.credit_code\",\"kind\":\"credit_code\"}},"
    "{\"type\":\"select\",\"key\":\"town\",\"properties\":{\"fact\":\"home.township\"},"
    "\"values\":[{\"value\":\"a\",\"label\":\"甲\"}]},"
    "{\"type\":\"radio\",\"key\":\"own\",\"defaultValue\":\"yes\","
    "\"values\":[{\"value\":\"yes\",\"label\":\"是\"}]}]}";

/* "name=...;code=...;town=...;own=..." with a star behind what came from a fact. */
static const char *shown_with(Fixture *fixture, const Form *form, const char *typed,
                              const char *facts)
{
    FormControls controls = {0};
    Buffer out = buffer_init(fixture->arena, 0);
    FeelScope scope = {.variables = feel_from_json(fixture->arena, json_of(fixture, facts)),
                       .now = INSTANT_NONE};
    FeelValue values = feel_from_json(fixture->arena, json_of(fixture, typed));
    assert_true(form_render(form, NULL, values, &scope, fixture->arena, &controls, &fixture->err));
    list_each (FormControl, control, &controls)
        buffer_printf(&out, "%s=%s%s;", control->key, text_or_empty(control->value),
                      control->fact ? "*" : "");
    return buffer_text(&out);
}

static void begins_with_facts_that_fit(void **state)
{
    Fixture *fixture = *state;
    Form *form = parse(fixture, SHOP);
    assert_non_null(form);
    const char *known = "{\"facts\":{\"business.name\":\"小满\",\"firm.credit_code\":"
                        "\"91350100M000100Y43\",\"home.township\":\"a\"}}";
    assert_string_equal(shown_with(fixture, form, "{}", known),
                        "name=小满*;code=91350100M000100Y43*;town=a*;own=yes;");
    const char *wrong = "{\"facts\":{\"firm.credit_code\":\"91350100M000100Y44\","
                        "\"home.township\":\"b\",\"business.name\":null}}";
    assert_string_equal(shown_with(fixture, form, "{}", wrong), "name=某店;code=;town=;own=yes;");
}

static void keeps_what_was_typed_over_facts(void **state)
{
    Fixture *fixture = *state;
    Form *form = parse(fixture, SHOP);
    const char *known = "{\"facts\":{\"business.name\":\"小满\"}}";
    assert_string_equal(shown_with(fixture, form, "{\"name\":\"\",\"own\":\"yes\"}", known),
                        "name=;code=;town=;own=yes;");
    assert_string_equal(shown_with(fixture, form, "{\"town\":\"a\"}", known),
                        "name=小满*;code=;town=a;own=;");
}

static void refuses_a_fact_without_a_name(void **state)
{
    Fixture *fixture = *state;
    assert_null(parse(fixture, "{\"components\":[{\"type\":\"textfield\",\"key\":\"a\","
                               "\"properties\":{\"fact\":\"Name!\"}}]}"));
    assert_string_equal(fixture->err.code, "form.unsupported");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_line_element_and_reason),
        TEST(counts_errors_up_to_twenty),
        TEST(lists_keys_in_order),
        TEST(tells_personal_keys),
        TEST(bounds_components),
        TEST(bounds_options),
        TEST(bounds_nesting),
        TEST(bounds_patterns),
        TEST(bounds_keys),
        TEST(refuses_what_fills_the_arena),
        TEST(refuses_a_form_that_fills_the_arena),
        TEST(works_without_a_scope),
        TEST(tells_limits_of_texts),
        TEST(names_members_of_the_result),
        TEST(reads_unknown_keys_as_nothing),
        TEST(leaves_other_errors_alone),
        TEST(begins_with_facts_that_fit),
        TEST(keeps_what_was_typed_over_facts),
        TEST(refuses_a_fact_without_a_name),
        TEST(is_shared_by_threads),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
