/*
 * input_fuzz.c - any bytes as a query or body of any type, checked against fields of every type.
 *
 * The first byte chooses how the rest is sent. Whatever is taken must keep its promises: texts are
 * UTF-8 within their limits, numbers within their range; whatever is refused names what is wrong.
 * The header texts of a request (Accept, cookies, paths) are read from the same bytes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/protocol.h"
#include "web/input.h"
#include "web/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const choices[] = {"a", "b", NULL};

static const InputField fields[] = {
    {.name = "t", .type = INPUT_TEXT, .flags = INPUT_REPEATED, .least = 2, .most = 20},
    {.name = "l", .type = INPUT_LINES},
    {.name = "s", .type = INPUT_SECRET},
    {.name = "i", .type = INPUT_INT, .least = -5, .most = 500},
    {.name = "k", .type = INPUT_ID},
    {.name = "d", .type = INPUT_DATE},
    {.name = "m", .type = INPUT_FEN, .least = 1, .most = 100000},
    {.name = "b", .type = INPUT_BOOL},
    {.name = "c", .type = INPUT_CHOICE, .choices = choices},
    {.name = "p", .type = INPUT_PHONE},
    {.name = "f", .type = INPUT_FORM},
    {.name = "u", .type = INPUT_FILE, .flags = INPUT_REPEATED, .most = 1000},
    {.name = NULL}};

static void require(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_json(const Json *json)
{
    require(!json->text || text_is_utf8(json->text, strlen(json->text)));
    json_each (item, json)
        check_json(item);
}

static void check_value(const InputValue *value)
{
    const InputField *field = value->field;
    for (size_t i = 0; i < value->texts.count; i++)
        require(text_is_utf8(value->texts.items[i], strlen(value->texts.items[i])));
    bool has_text = value->texts.count > 0;
    if (field->type == INPUT_TEXT && has_text)
        require((int64_t)text_length(value->texts.items[0]) <= field->most);
    if ((field->type == INPUT_INT || field->type == INPUT_FEN) && has_text)
        require(value->number >= field->least && value->number <= field->most);
    if (field->type == INPUT_PHONE && has_text)
        require(strlen(value->texts.items[0]) == 11);
    if (field->type == INPUT_DATE && has_text)
        require(!date_is_none(value->date));
    if (field->type == INPUT_FORM)
        check_json(value->form);
    list_each (const InputFile, file, &value->files)
        require(file->size <= 1000 && text_is_utf8(file->name, strlen(file->name)));
}

static void check_errors(const Error *err)
{
    require(error_is_set(err));
    for (; err; err = err->next) {
        require(err->code != NULL);
        require(!err->field || text_is_utf8(err->field, strlen(err->field)));
    }
}

static void read_headers(Arena *arena, const char *text)
{
    Path path;
    (void)accept_quality(text, "text/html");
    (void)accept_encoding_quality(text, "br");
    (void)etag_matches(text, "\"abc\"");
    (void)cookie_find(arena, text, "session");
    (void)media_type_is(text, "application/json");
    if (path_split(arena, text, &path))
        for (size_t i = 0; i < path.count; i++)
            require(text_is_utf8(path.segments[i], strlen(path.segments[i])));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"application/x-www-form-urlencoded", "application/json",
                                        "multipart/form-data; boundary=X", NULL};
    if (size == 0)
        return 0;
    Arena *arena = arena_create((size_t)32 << 20);
    const char *text = arena_text_n(arena, (const char *)data + 1, size - 1);
    const char *type = types[data[0] % 4];
    Input input = {0};
    Error err = ERROR_NONE;
    bool is_fine = data[0] % 4 == 3 ? input_collect_query(arena, &input, text, &err)
                                    : input_collect_body(arena, &input, type, text, size - 1, &err);
    is_fine = is_fine && input_check(arena, &input, fields, &err);
    if (is_fine) {
        list_each (InputValue, value, &input.values)
            check_value(value);
        require(strlen(input_fingerprint(arena, &input, "POST", "/x")) == 64);
    } else {
        check_errors(&err);
    }
    read_headers(arena, text);
    arena_destroy(arena);
    return 0;
}
