/*
 * openapi.c - the API description (OpenAPI 3.1), from the route tables and the view types.
 *
 * What it says is what the program does: paths, parameters and bodies come from the same tables
 * that requests are checked against, answers from the types that render them.
 */
#include <string.h>

#include "web/input.h"
#include "web/web.h"

typedef struct Writer {
    Arena *arena;
    JsonWriter out;
    const Route *const *tables;
    Map types; /* name -> ViewType, in the order of first use */
} Writer;

/* ---- schemas of input ------------------------------------------------------------------------ */

static void put_text_limits(JsonWriter *out, const InputField *field)
{
    if (field->least > 0)
        json_put_int(out, "minLength", field->least);
    json_put_int(out, "maxLength", input_most(field));
}

static void put_range(JsonWriter *out, const InputField *field)
{
    if (field->least || field->most)
        json_put_int(out, "minimum", field->least);
    if (field->most)
        json_put_int(out, "maximum", field->most);
}

static void put_choices(JsonWriter *out, const InputField *field)
{
    if (!field->choices)
        return;
    json_begin_array(out, "enum");
    for (const char *const *each = field->choices; *each; each++)
        json_put_text(out, NULL, *each);
    json_end_array(out);
}

static const char *json_type(InputType type)
{
    switch (type) {
    case INPUT_INT: return "integer";
    case INPUT_BOOL: return "boolean";
    case INPUT_FORM: return "object";
    case INPUT_TEXT:
    case INPUT_LINES:
    case INPUT_SECRET:
    case INPUT_ID:
    case INPUT_DATE:
    case INPUT_FEN:
    case INPUT_CHOICE:
    case INPUT_PHONE:
    case INPUT_FILE:
    case INPUT_PLACE: break;
    }
    return "string";
}

/* size: flat switch */
static void put_details(JsonWriter *out, const InputField *field)
{
    switch (field->type) {
    case INPUT_TEXT:
    case INPUT_LINES: put_text_limits(out, field); break;
    case INPUT_SECRET:
        json_put_text(out, "format", "password");
        put_text_limits(out, field);
        break;
    case INPUT_INT: put_range(out, field); break;
    case INPUT_ID: json_put_text(out, "pattern", "^[1-9][0-9]*$"); break;
    case INPUT_DATE: json_put_text(out, "format", "date"); break;
    case INPUT_FEN: json_put_text(out, "pattern", "^-?[0-9]+(\\.[0-9]{1,2})?$"); break;
    case INPUT_CHOICE: put_choices(out, field); break;
    case INPUT_PHONE: json_put_text(out, "pattern", "^1[3-9][0-9]{9}$"); break;
    case INPUT_FILE: json_put_text(out, "format", "binary"); break;
    case INPUT_PLACE: json_put_text(out, "pattern", "^-?[0-9]+\\.[0-9]+$"); break;
    case INPUT_BOOL:
    case INPUT_FORM: break;
    }
}

static void put_value_schema(JsonWriter *out, const char *name, const InputField *field)
{
    json_begin_object(out, name);
    json_put_text(out, "type", json_type(field->type));
    put_details(out, field);
    json_end_object(out);
}

/* One file a name: {"lease": file, ...}. */
static void put_named_files(JsonWriter *out, const char *name, const InputField *field)
{
    json_begin_object(out, name);
    json_put_text(out, "type", "object");
    put_value_schema(out, "additionalProperties", field);
    json_end_object(out);
}

static void put_field_schema(JsonWriter *out, const char *name, const InputField *field)
{
    if (field->flags & INPUT_NAMED) {
        put_named_files(out, name, field);
        return;
    }
    if (!(field->flags & INPUT_REPEATED)) {
        put_value_schema(out, name, field);
        return;
    }
    json_begin_object(out, name);
    json_put_text(out, "type", "array");
    put_value_schema(out, "items", field);
    json_end_object(out);
}

/* ---- parameters ------------------------------------------------------------------------------ */

static void put_parameter(JsonWriter *out, const char *where, const InputField *field)
{
    bool is_path = strcmp(where, "path") == 0;
    json_begin_object(out, NULL);
    json_put_text(out, "name", field->name);
    json_put_text(out, "in", where);
    json_put_bool(out, "required", is_path || field->flags & INPUT_REQUIRED);
    put_field_schema(out, "schema", field);
    json_end_object(out);
}

static bool has_field(const Route *route, const char *name, size_t length)
{
    for (const InputField *field = route->input; field && field->name; field++)
        if (strlen(field->name) == length && memcmp(field->name, name, length) == 0)
            return true;
    return false;
}

/* Parameters that only the path names. */
static void put_unchecked_parameters(Writer *w, const Route *route)
{
    for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{')) {
        size_t length = strcspn(at + 1, "}");
        if (has_field(route, at + 1, length))
            continue;
        const InputField field = {.name = arena_text_n(w->arena, at + 1, length),
                                  .type = INPUT_TEXT};
        put_parameter(&w->out, "path", &field);
    }
}

static void put_parameters(Writer *w, const Route *route)
{
    static const InputField key = {
        .name = "Idempotency-Key", .type = INPUT_TEXT, .least = 8, .most = 64};
    static const InputField token = {.name = "X-CSRF-Token", .type = INPUT_TEXT};
    json_begin_array(&w->out, "parameters");
    put_unchecked_parameters(w, route);
    for (const InputField *field = route->input; field && field->name; field++) {
        if (field->flags & INPUT_IN_PATH)
            put_parameter(&w->out, "path", field);
        else if (route->method == HTTP_GET)
            put_parameter(&w->out, "query", field);
    }
    if (route->method == HTTP_POST) {
        put_parameter(&w->out, "header", &key);
        put_parameter(&w->out, "header", &token);
    }
    json_end_array(&w->out);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static bool is_in_body(const InputField *field)
{
    return !(field->flags & INPUT_IN_PATH);
}

static void put_body_schema(JsonWriter *out, const Route *route, const char *content_type)
{
    json_begin_object(out, content_type);
    json_begin_object(out, "schema");
    json_put_text(out, "type", "object");
    json_begin_object(out, "properties");
    bool takes_files = text_equal(content_type, "multipart/form-data");
    for (const InputField *field = route->input; field->name; field++)
        if (is_in_body(field) && (takes_files || field->type != INPUT_FILE))
            put_field_schema(out, field->name, field);
    json_end_object(out);
    json_begin_array(out, "required");
    for (const InputField *field = route->input; field->name; field++)
        if (is_in_body(field) && field->flags & INPUT_REQUIRED)
            json_put_text(out, NULL, field->name);
    json_end_array(out);
    json_end_object(out);
    json_end_object(out);
}

static void put_body(JsonWriter *out, const Route *route)
{
    bool has_fields = false, has_file = false;
    for (const InputField *field = route->input; field && field->name; field++) {
        has_fields = has_fields || is_in_body(field);
        has_file = has_file || (field->type == INPUT_FILE && !(field->flags & INPUT_NAMED));
    }
    if (route->method != HTTP_POST || !has_fields)
        return;
    json_begin_object(out, "requestBody");
    json_begin_object(out, "content");
    put_body_schema(out, route, "multipart/form-data");
    if (!has_file) {
        put_body_schema(out, route, "application/json");
        put_body_schema(out, route, "application/x-www-form-urlencoded");
    }
    json_end_object(out);
    json_end_object(out);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void put_reference(JsonWriter *out, const char *name, const char *where)
{
    json_begin_object(out, name);
    json_put_text(out, "$ref", where);
    json_end_object(out);
}

static void note_type(Writer *w, const ViewType *type)
{
    if (map_has(&w->types, type->name))
        return;
    map_set(&w->types, type->name, (void *)(uintptr_t)type);
    for (const ViewType *const *nested = type->nested; nested && *nested; nested++)
        note_type(w, *nested);
}

static void put_content(Writer *w, const ViewType *type, bool has_html)
{
    json_begin_object(&w->out, "content");
    json_begin_object(&w->out, "application/json");
    put_reference(&w->out, "schema", arena_printf(w->arena, "#/components/schemas/%s", type->name));
    json_end_object(&w->out);
    if (has_html) {
        json_begin_object(&w->out, "text/html");
        json_end_object(&w->out);
    }
    json_end_object(&w->out);
}

static void put_answer(Writer *w, const char *status, const char *description, const Route *route)
{
    json_begin_object(&w->out, status);
    json_put_text(&w->out, "description", description);
    if (route->answer) {
        bool has_html = route->method == HTTP_GET && route->answer->html;
        note_type(w, route->answer);
        put_content(w, route->answer, has_html);
    }
    json_end_object(&w->out);
}

static void put_answers(Writer *w, const Route *route)
{
    static const Route nothing = {0};
    json_begin_object(&w->out, "responses");
    if (route->method == HTTP_GET) {
        put_answer(w, "200", "The view", route);
    } else {
        put_answer(w, "200", "Done", route);
        put_answer(w, "201", "Made; Location says where it is", route);
        put_answer(w, "303", "Done; for browsers", &nothing);
    }
    put_reference(&w->out, "default", "#/components/responses/Problem");
    json_end_object(&w->out);
}

/* ---- operations ------------------------------------------------------------------------------ */

/* "get_items_code" for GET /items/{code}. */
static const char *operation_id(Arena *arena, const Route *route)
{
    Buffer id = buffer_init(arena, 0);
    buffer_add(&id, route->method == HTTP_GET ? "get" : "post");
    for (const char *at = route->path; *at; at++) {
        bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
        if (is_letter)
            buffer_add_char(&id, *at);
        else if (id.data[id.length - 1] != '_' && at[1])
            buffer_add_char(&id, '_');
    }
    return buffer_text(&id);
}

static void put_security(JsonWriter *out, const Route *route)
{
    json_begin_array(out, "security");
    if (route->right != RIGHT_PUBLIC && !route->is_loopback_only) {
        json_begin_object(out, NULL);
        json_begin_array(out, "session");
        json_end_array(out);
        json_end_object(out);
    }
    json_end_array(out);
}

static void put_operation(Writer *w, const Route *route)
{
    json_begin_object(&w->out, route->method == HTTP_GET ? "get" : "post");
    json_put_text(&w->out, "operationId", operation_id(w->arena, route));
    json_put_text(&w->out, "summary", route->summary ? route->summary : "");
    json_put_text(&w->out, "x-right", right_name(route->right));
    if (route->is_loopback_only)
        json_put_bool(&w->out, "x-loopback-only", true);
    put_security(&w->out, route);
    put_parameters(w, route);
    put_body(&w->out, route);
    put_answers(w, route);
    json_end_object(&w->out);
}

/* All operations of a path, wherever in the tables they stand. */
static void put_path(Writer *w, const char *path)
{
    json_begin_object(&w->out, path);
    for (const Route *const *table = w->tables; *table; table++)
        for (const Route *route = *table; route->path; route++)
            if (strcmp(route->path, path) == 0)
                put_operation(w, route);
    json_end_object(&w->out);
}

static void put_paths(Writer *w)
{
    Map seen = map_init(w->arena);
    json_begin_object(&w->out, "paths");
    for (const Route *const *table = w->tables; *table; table++)
        for (const Route *route = *table; route->path; route++) {
            if (map_has(&seen, route->path))
                continue;
            map_set(&seen, route->path, NULL);
            put_path(w, route->path);
        }
    json_end_object(&w->out);
}

/* ---- the document ---------------------------------------------------------------------------- */

static const char problem_schema[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457\","
    "\"required\":[\"type\",\"title\",\"status\",\"detail\",\"instance\",\"code\"],"
    "\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
    "\"instance\":{\"type\":\"string\"},\"code\":{\"type\":[\"string\",\"null\"]},"
    "\"reference\":{\"type\":\"string\"},"
    "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
    "\"required\":[\"field\",\"code\",\"detail\"],"
    "\"properties\":{\"field\":{\"type\":[\"string\",\"null\"]},"
    "\"code\":{\"type\":[\"string\",\"null\"]},\"detail\":{\"type\":\"string\"},"
    "\"line\":{\"type\":\"integer\"},\"column\":{\"type\":\"integer\"}}}}}}";

static void put_components(Writer *w)
{
    JsonWriter *out = &w->out;
    json_begin_object(out, "components");
    json_begin_object(out, "schemas");
    json_put_raw(out, "Problem", problem_schema);
    map_each (entry, &w->types)
        json_put_raw(out, entry->key, ((const ViewType *)entry->value)->schema);
    json_end_object(out);
    json_put_raw(out, "responses",
                 "{\"Problem\":{\"description\":\"What went wrong\",\"content\":"
                 "{\"application/problem+json\":{\"schema\":"
                 "{\"$ref\":\"#/components/schemas/Problem\"}}}}}");
    json_put_raw(
        out, "securitySchemes",
        "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"yimen_session\"}}");
    json_end_object(out);
}

const char *web_openapi(Arena *arena, const Route *const *routes, const char *version)
{
    Buffer text = buffer_init(arena, 0);
    Writer w = {arena, json_writer(&text), routes, map_init(arena)};
    json_begin_object(&w.out, NULL);
    json_put_text(&w.out, "openapi", "3.1.0");
    json_begin_object(&w.out, "info");
    json_put_text(&w.out, "title", "Yimen");
    json_put_text(&w.out, "version", version);
    json_end_object(&w.out);
    put_paths(&w);
    put_components(&w);
    json_end_object(&w.out);
    return buffer_text(&text);
}
