/* openapi_test.c - the description says what the tables say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/web.h"

static const ViewType inner_type = {.name = "InnerView", .schema = "{\"type\":\"object\"}"};
static const ViewType *const nested[] = {&inner_type, NULL};

static void no_html(const void *view, PageContext *page, Buffer *out)
{
    (void)view, (void)page, (void)out;
}

static const ViewType outer_type = {.name = "OuterView",
                                    .schema = "{\"type\":\"object\",\"properties\":{\"inner\":"
                                              "{\"$ref\":\"#/components/schemas/InnerView\"}}}",
                                    .html = no_html,
                                    .nested = nested};

static const char *const sizes[] = {"small", "large", NULL};

static const InputField thing_input[] = {
    {.name = "code", .type = INPUT_TEXT, .flags = INPUT_IN_PATH | INPUT_REQUIRED, .most = 12},
    {.name = "page", .type = INPUT_INT, .least = 1, .most = 99},
    {.name = NULL}};

static const InputField all_input[] = {
    {.name = "code", .type = INPUT_TEXT, .flags = INPUT_IN_PATH},
    {.name = "text", .type = INPUT_TEXT, .flags = INPUT_REQUIRED, .least = 2, .most = 7},
    {.name = "lines", .type = INPUT_LINES},
    {.name = "secret", .type = INPUT_SECRET},
    {.name = "number", .type = INPUT_INT},
    {.name = "id", .type = INPUT_ID},
    {.name = "date", .type = INPUT_DATE},
    {.name = "fee", .type = INPUT_FEN},
    {.name = "agreed", .type = INPUT_BOOL},
    {.name = "sizes", .type = INPUT_CHOICE, .flags = INPUT_REPEATED, .choices = sizes},
    {.name = "phone", .type = INPUT_PHONE},
    {.name = "form", .type = INPUT_FORM},
    {.name = NULL}};

static const InputField file_input[] = {{.name = "file", .type = INPUT_FILE}, {.name = NULL}};

static bool act(struct Tx *tx, Request *req, Error *err)
{
    (void)tx, (void)req, (void)err;
    return true;
}

static bool read_it(Request *req, Error *err)
{
    (void)req, (void)err;
    return true;
}

static const Route things[] = {
    ROUTE_GET("/things/{code}", RIGHT_PUBLIC, read_it, &outer_type, thing_input, "A thing"),
    ROUTE_GET("/parts/{a}/{b}", RIGHT_DESK_READ, read_it, &inner_type, NULL, "A part"), ROUTE_END};
static const Route writes[] = {
    ROUTE_POST("/things/{code}", RIGHT_DESK_WORK, NULL, act, NULL, &outer_type, all_input, "Make"),
    ROUTE_POST("/files", RIGHT_SIGNED_IN, read_it, NULL, NULL, NULL, file_input, "Send a file"),
    ROUTE_END};
static const Route *const tables[] = {things, writes, NULL};

static Arena *arena;
static const Json *document;

static int start(void **state)
{
    (void)state;
    arena = arena_create(0);
    const char *text = web_openapi(arena, tables, "1.2.3");
    Error err = ERROR_NONE;
    document = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    return document ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* Walks by names. */
static const Json *at(const Json *json, const char *const *names)
{
    for (; *names && json; names++)
        json = json_get(json, *names);
    return json;
}
#define AT(json, ...) at((json), (const char *const[]){__VA_ARGS__, NULL})

static void test_head(void **state)
{
    (void)state;
    assert_string_equal(json_text(document, "openapi"), "3.1.0");
    assert_string_equal(json_text(AT(document, "info"), "version"), "1.2.3");
    assert_int_equal(AT(document, "paths")->count, 3);
}

static void test_both_operations_of_a_path_stand_together(void **state)
{
    (void)state;
    const Json *path = AT(document, "paths", "/things/{code}");
    assert_int_equal(path->count, 2);
    assert_string_equal(json_text(AT(path, "get"), "operationId"), "get_things_code");
    assert_string_equal(json_text(AT(path, "get"), "summary"), "A thing");
    assert_string_equal(json_text(AT(path, "get"), "x-right"), "public");
    assert_string_equal(json_text(AT(path, "post"), "x-right"), "desk.work");
    assert_int_equal(AT(path, "get", "security")->count, 0);
    assert_int_equal(AT(path, "post", "security")->count, 1);
}

static void test_parameters(void **state)
{
    (void)state;
    const Json *list = AT(document, "paths", "/things/{code}", "get", "parameters");
    assert_int_equal(list->count, 2);
    assert_string_equal(json_text(list->items[0], "in"), "path");
    assert_true(json_bool(list->items[0], "required", false));
    assert_int_equal(json_int(AT(list->items[0], "schema"), "maxLength", 0), 12);
    assert_string_equal(json_text(list->items[1], "in"), "query");
    assert_int_equal(json_int(AT(list->items[1], "schema"), "maximum", 0), 99);
    list = AT(document, "paths", "/parts/{a}/{b}", "get", "parameters");
    assert_int_equal(list->count, 2);
    assert_string_equal(json_text(list->items[1], "name"), "b");
    list = AT(document, "paths", "/files", "post", "parameters");
    assert_string_equal(json_text(list->items[0], "name"), "Idempotency-Key");
}

static void test_bodies(void **state)
{
    (void)state;
    const Json *content = AT(document, "paths", "/things/{code}", "post", "requestBody", "content");
    assert_int_equal(content->count, 3);
    const Json *schema = AT(content, "application/json", "schema");
    const Json *fields = AT(schema, "properties");
    assert_int_equal(fields->count, 11);
    static const struct {
        const char *field, *type;
    } types[] = {{"text", "string"},    {"lines", "string"},   {"secret", "string"},
                 {"number", "integer"}, {"id", "string"},      {"date", "string"},
                 {"fee", "string"},     {"agreed", "boolean"}, {"sizes", "array"},
                 {"phone", "string"},   {"form", "object"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        assert_string_equal(json_text(json_get(fields, types[i].field), "type"), types[i].type);
    assert_int_equal(json_int(AT(fields, "text"), "minLength", 0), 2);
    assert_int_equal(json_int(AT(fields, "lines"), "maxLength", 0), 2000);
    assert_int_equal(AT(fields, "sizes", "items", "enum")->count, 2);
    assert_int_equal(AT(schema, "required")->count, 1);
    content = AT(document, "paths", "/files", "post", "requestBody", "content");
    assert_int_equal(content->count, 1);
    assert_non_null(AT(content, "multipart/form-data"));
}

static void test_answers(void **state)
{
    (void)state;
    const Json *answers = AT(document, "paths", "/things/{code}", "get", "responses");
    const Json *content = AT(answers, "200", "content");
    assert_string_equal(json_text(AT(content, "application/json", "schema"), "$ref"),
                        "#/components/schemas/OuterView");
    assert_non_null(AT(content, "text/html"));
    assert_string_equal(json_text(AT(answers, "default"), "$ref"),
                        "#/components/responses/Problem");
    content = AT(document, "paths", "/parts/{a}/{b}", "get", "responses", "200", "content");
    assert_null(AT(content, "text/html"));
    assert_non_null(AT(document, "paths", "/files", "post", "responses", "303"));
}

/* Every reference leads somewhere, also those inside of views. */
static void test_schemas_are_complete(void **state)
{
    (void)state;
    const Json *schemas = AT(document, "components", "schemas");
    assert_non_null(AT(schemas, "OuterView"));
    assert_non_null(AT(schemas, "InnerView"));
    assert_non_null(AT(schemas, "Problem", "properties", "errors"));
    assert_non_null(AT(document, "components", "responses", "Problem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_both_operations_of_a_path_stand_together),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_schemas_are_complete),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
