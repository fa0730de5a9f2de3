/*
 * feel_json.c - values from and to JSON: plain for people, encoded for storage.
 *
 * Encoded (version 1), exact and with kinds:
 *     {"feel":1,"value":V} with V one of
 *     null  true  false  "text"  [V, ...]
 *     {"n":"1.5"}                       number
 *     {"d":"2026-11-22"}                date, time, date and time, either duration: ISO 8601
 *     {"c":{"name":V, ...}}             context
 *     {"r":[V,V],"i":"[)"}              range with its brackets
 *     {"r":[V,V],"o":"<"}               range of a unary comparison
 */
#include "feel/feel.h"

#include <string.h>
#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

enum { ENCODING_VERSION = 1 };

/* ---- plain JSON ------------------------------------------------------------------------------ */

static FeelValue list_from_json(Arena *arena, const Json *json)
{
    FeelValue *items = arena_array(arena, FeelValue, json->count);
    for (size_t i = 0; i < json->count; i++)
        items[i] = feel_from_json(arena, json->items[i]);
    return list_over(arena, items, json->count);
}

static FeelValue context_from_json(Arena *arena, const Json *json)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    json_each (member, json)
        feel_context_put(&builder, member->name, feel_from_json(arena, member));
    return feel_context_end(&builder);
}

FeelValue feel_from_json(Arena *arena, const Json *json)
{
    Decimal number;
    if (!json)
        return feel_null();
    switch (json->kind) {
    case JSON_BOOL: return feel_boolean(json->boolean);
    case JSON_TEXT: return feel_string(json->text);
    case JSON_NUMBER:
        return decimal_from_text(json->text, strlen(json->text), &number) ? feel_number(number)
                                                                          : feel_null();
    case JSON_ARRAY: return list_from_json(arena, json);
    case JSON_OBJECT: return context_from_json(arena, json);
    default: return feel_null();
    }
}

static void put_written(JsonWriter *writer, const char *name, FeelValue value)
{
    Buffer text = buffer_init(writer->buffer->arena, 0);
    value_write(&text, value, false);
    json_put_text(writer, name, buffer_text(&text));
}

static void put_plain(JsonWriter *writer, const char *name, FeelValue value)
{
    char number[DECIMAL_TEXT_SIZE];
    switch ((FeelKind)value.kind) {
    case FEEL_NULL:
    case FEEL_FUNCTION: json_put_null(writer, name); break;
    case FEEL_BOOLEAN: json_put_bool(writer, name, value.as.boolean); break;
    case FEEL_NUMBER:
        (void)decimal_to_text(value.as.number, number);
        json_put_raw(writer, name, number);
        break;
    case FEEL_STRING: json_put_text(writer, name, value.as.string.text); break;
    case FEEL_LIST:
        json_begin_array(writer, name);
        for (size_t i = 0; i < value.as.list->count; i++)
            put_plain(writer, NULL, value.as.list->items[i]);
        json_end_array(writer);
        break;
    case FEEL_CONTEXT:
        json_begin_object(writer, name);
        for (size_t i = 0; i < value.as.context->count; i++)
            put_plain(writer, value.as.context->entries[i].name,
                      value.as.context->entries[i].value);
        json_end_object(writer);
        break;
    default: put_written(writer, name, value); break;
    }
}

void feel_to_json(Buffer *buffer, FeelValue value)
{
    JsonWriter writer = json_writer(buffer);
    put_plain(&writer, NULL, value);
}

/* ---- encoding -------------------------------------------------------------------------------- */

/* Levels of JSON take two of ours at most, and the writer counts its own: so it is done by hand. */
static void add_tagged(Buffer *buffer, const char *tag, FeelValue value)
{
    buffer_add(buffer, "{\"");
    buffer_add(buffer, tag);
    buffer_add(buffer, "\":\"");
    value_write(buffer, value, false);
    buffer_add(buffer, "\"}");
}

static bool encode_value(Buffer *buffer, FeelValue value);

static bool encode_list(Buffer *buffer, const FeelValue *items, size_t count)
{
    buffer_add(buffer, "[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_add(buffer, ",");
        if (!encode_value(buffer, items[i]))
            return false;
    }
    buffer_add(buffer, "]");
    return true;
}

static bool encode_context(Buffer *buffer, const FeelContext *context)
{
    buffer_add(buffer, "{\"c\":{");
    for (size_t i = 0; i < context->count; i++) {
        if (i)
            buffer_add(buffer, ",");
        json_add_quoted(buffer, context->entries[i].name);
        buffer_add(buffer, ":");
        if (!encode_value(buffer, context->entries[i].value))
            return false;
    }
    buffer_add(buffer, "}}");
    return true;
}

static bool encode_range(Buffer *buffer, const FeelRange *range)
{
    FeelValue ends[] = {range->low, range->high};
    buffer_add(buffer, "{\"r\":");
    if (!encode_list(buffer, ends, 2))
        return false;
    if (range->comparison)
        buffer_printf(buffer, ",\"o\":\"%c\"}", range->comparison);
    else
        buffer_printf(buffer, ",\"i\":\"%c%c\"}", range->is_low_included ? '[' : '(',
                      range->is_high_included ? ']' : ')');
    return true;
}

static bool encode_value(Buffer *buffer, FeelValue value)
{
    switch ((FeelKind)value.kind) {
    case FEEL_NULL: buffer_add(buffer, "null"); return true;
    case FEEL_BOOLEAN: buffer_add(buffer, value.as.boolean ? "true" : "false"); return true;
    case FEEL_STRING: json_add_quoted(buffer, value.as.string.text); return true;
    case FEEL_NUMBER: add_tagged(buffer, "n", value); return true;
    case FEEL_LIST: return encode_list(buffer, value.as.list->items, value.as.list->count);
    case FEEL_CONTEXT: return encode_context(buffer, value.as.context);
    case FEEL_RANGE: return encode_range(buffer, value.as.range);
    case FEEL_FUNCTION: return false;
    default: add_tagged(buffer, "d", value); return true;
    }
}

bool feel_encode(Buffer *buffer, FeelValue value, Error *err)
{
    buffer_add(buffer, "{\"feel\":");
    buffer_add_int64(buffer, ENCODING_VERSION);
    buffer_add(buffer, ",\"value\":");
    if (!encode_value(buffer, value))
        return error_set(err, ERROR_INVALID, .code = "feel.encode_function",
                         .message = "A function cannot be stored.");
    buffer_add(buffer, "}");
    return true;
}

/* ---- decoding -------------------------------------------------------------------------------- */

static bool refuse(const Json *json, Error *err)
{
    return error_set(err, ERROR_INVALID, .code = "feel.decode",
                     .message = "This is no stored FEEL value.", .line = json ? json->line : 0,
                     .column = json ? json->column : 0);
}

static bool decode_value(Arena *arena, const Json *json, FeelValue *out, Error *err);

static bool decode_list(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    FeelValue *items = arena_array(arena, FeelValue, json->count);
    for (size_t i = 0; i < json->count; i++)
        if (!decode_value(arena, json->items[i], &items[i], err))
            return false;
    *out = list_over(arena, items, json->count);
    return out->kind == FEEL_LIST || refuse(json, err);
}

static bool decode_context(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    FeelValue value;
    if (json->kind != JSON_OBJECT)
        return refuse(json, err);
    json_each (member, json) {
        if (!decode_value(arena, member, &value, err))
            return false;
        feel_context_put(&builder, member->name, value);
    }
    *out = feel_context_end(&builder);
    return out->kind == FEEL_CONTEXT || refuse(json, err);
}

static bool is_flat(FeelValue value)
{
    return value.kind < FEEL_LIST;
}

static bool decode_range(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    const Json *ends = json_get(json, "r");
    const char *brackets = json_text(json, "i"), *comparison = json_text(json, "o");
    FeelRange range = {0};
    if (ends->kind != JSON_ARRAY || ends->count != 2 || (!brackets == !comparison))
        return refuse(json, err);
    if (!decode_value(arena, ends->items[0], &range.low, err) ||
        !decode_value(arena, ends->items[1], &range.high, err))
        return false;
    if (brackets) {
        *out = feel_range(arena, range.low, *brackets == '[', range.high,
                          *brackets && brackets[1] == ']');
        return out->kind == FEEL_RANGE || refuse(json, err);
    }
    if (strlen(comparison) != 1 || !strchr("<l>g=!", *comparison) || !is_flat(range.low) ||
        !is_flat(range.high))
        return refuse(json, err);
    range.comparison = *comparison;
    range.is_low_included = *comparison == 'g' || *comparison == '=';
    range.is_high_included = *comparison == 'l' || *comparison == '=';
    *out = range_over(arena, range);
    return true;
}

static bool decode_number(const Json *json, FeelValue *out, Error *err)
{
    *out = feel_int(0);
    return decimal_from_text(json->text, strlen(json->text), &out->as.number) || refuse(json, err);
}

static bool decode_tagged(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    const Json *number = json_get(json, "n"), *temporal = json_get(json, "d");
    const Json *context = json_get(json, "c");
    if (number && number->kind == JSON_TEXT)
        return decode_number(number, out, err);
    if (temporal && temporal->kind == JSON_TEXT)
        return feel_from_temporal_text(arena, temporal->text, out) || refuse(temporal, err);
    if (context)
        return decode_context(arena, context, out, err);
    return json_get(json, "r") ? decode_range(arena, json, out, err) : refuse(json, err);
}

static bool decode_value(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    switch (json->kind) {
    case JSON_NULL: *out = feel_null(); return true;
    case JSON_BOOL: *out = feel_boolean(json->boolean); return true;
    case JSON_TEXT: *out = feel_string(json->text); return true;
    case JSON_ARRAY: return decode_list(arena, json, out, err);
    case JSON_OBJECT: return decode_tagged(arena, json, out, err);
    default: return refuse(json, err);
    }
}

bool feel_decode_json(Arena *arena, const Json *json, FeelValue *out, Error *err)
{
    const Json *value = json_get(json, "value");
    FeelValue decoded;
    if (json_int(json, "feel", 0) != ENCODING_VERSION || !value)
        return refuse(json, err);
    if (!decode_value(arena, value, &decoded, err))
        return false;
    *out = decoded;
    return true;
}

bool feel_decode(Arena *arena, const char *text, size_t length, FeelValue *out, Error *err)
{
    JsonLimits limits = {.bytes = (size_t)64 * 1024 * 1024, .depth = FEEL_VALUE_DEPTH * 2 + 8};
    Error cause = ERROR_NONE;
    Json *json = json_parse(arena, text, length, &limits, &cause);
    if (!json)
        return error_set(err, ERROR_INVALID, .code = "feel.decode", .message = cause.message,
                         .detail = cause.code, .line = cause.line, .column = cause.column);
    return feel_decode_json(arena, json, out, err);
}
