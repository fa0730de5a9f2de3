/*
 * form_fuzz.c - forms under arbitrary schemas and answers.
 *
 *     bytes up to the first NUL: a form · the rest: JSON of answers
 *
 * Whatever the parser takes must render and check answers without a crash, with texts that are
 * UTF-8 and errors that name a field. What was accepted is accepted again, as it is stored.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const FeelLimits limits = {.steps = 2000, .depth = 100, .bytes = 256 * 1024};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_text(const char *text)
{
    must(!text || text_is_utf8(text, strlen(text)));
}

static void check_errors(const Error *err)
{
    must(error_is_set(err));
    for (const Error *each = err; each; each = each->next) {
        check_text(each->field);
        check_text(each->code);
        for (size_t i = 0; i < sizeof each->with / sizeof each->with[0]; i++)
            check_text(each->with[i].value);
        must(each->kind == ERROR_TOO_LARGE || each->code);
    }
}

static void check_controls(const FormControls *controls)
{
    list_each (const FormControl, control, controls) {
        must(control->id && control->type && !control->error);
        check_text(control->label);
        check_text(control->hint);
        check_text(control->value);
        list_each (const FormOption, option, &control->options)
            must(option->value && *option->value && option->label);
    }
}

static const char *text_of(Arena *arena, const Json *json)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter writer = json_writer(&out);
    json_put_tree(&writer, NULL, json);
    return buffer_text(&out);
}

static void check_result(const Form *form, Arena *arena, const Json *values)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    for (size_t i = 0; i < count; i++)
        check_text(form_value_text(form, NULL, arena, keys[i].key, form_value(values, keys[i].key),
                                   "yes", "no"));
}

/* Expressions may make another form of the stored values: then nothing follows. */
static bool is_plain(const char *source, size_t length)
{
    return !memmem(source, length, "\"=", 2) && !memmem(source, length, "valuesKey", 9) &&
           !memmem(source, length, "\\u", 2);
}

static void use_form(const Form *form, const Json *answers, bool is_plain_form, Arena *arena)
{
    FeelScope scope = {.now = INT64_C(1795305600000), .offset_minutes = 480, .limits = &limits};
    FormControls controls;
    Json *values, *again;
    Error err = ERROR_NONE;
    if (!form_render(form, answers, feel_from_json(arena, answers), &scope, arena, &controls,
                     &err)) {
        check_errors(&err);
        return;
    }
    check_controls(&controls);
    if (!form_submit(form, answers, false, &scope, arena, &values, &err)) {
        form_translate_errors(form, answers, arena, &err);
        check_errors(&err);
        return;
    }
    check_result(form, arena, values);
    if (!is_plain_form)
        return;
    if (!form_submit(form, values, true, &scope, arena, &again, &err))
        must(err.kind == ERROR_TOO_LARGE);
    else
        must(text_equal(text_of(arena, values), text_of(arena, again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;
    size_t length = strnlen(source, size);
    const char *rest = source + length + (length < size);
    Arena *arena = arena_create(16 * 1024 * 1024);
    Error err = ERROR_NONE, ignored = ERROR_NONE;
    const Form *form = form_parse(arena, source, length, &err);
    must(!form == error_is_set(&err));
    if (form) {
        Json nothing = {.kind = JSON_OBJECT};
        const Json *answers =
            json_parse(arena, rest, size - (size_t)(rest - source), &JSON_LIMITS, &ignored);
        use_form(form, answers ? answers : &nothing, is_plain(source, length), arena);
    } else {
        check_errors(&err);
    }
    arena_destroy(arena);
    return 0;
}
