/*
 * feel_write.c - the FEEL notation of values: what string() gives and messages show.
 */
#include "feel/feel_value.h"

#include <string.h>
#include "feel/feel_temporal.h"

static void write_quoted(Buffer *buffer, const char *text, size_t length)
{
    static const char codes[] = "\n\t\r\"\\", names[] = "ntr\"\\";
    buffer_add(buffer, "\"");
    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] ? strchr(codes, text[i]) : NULL;
        if (found) {
            buffer_add_char(buffer, '\\');
            buffer_add_char(buffer, names[found - codes]);
        } else {
            buffer_add_char(buffer, text[i]);
        }
    }
    buffer_add(buffer, "\"");
}

static void write_list(Buffer *buffer, const FeelList *list)
{
    buffer_add(buffer, "[");
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            buffer_add(buffer, ", ");
        value_write(buffer, list->items[i], true);
    }
    buffer_add(buffer, "]");
}

/* Whether a key can stand without quotes: words and single spaces. */
static bool is_plain_key(const char *name)
{
    if (!*name || strpbrk(name, "\"\\{}[](),:@<>=!;#$%&|^~`\n\r\t"))
        return false;
    return feel_is_name(name);
}

static void write_context(Buffer *buffer, const FeelContext *context)
{
    buffer_add(buffer, "{");
    for (size_t i = 0; i < context->count; i++) {
        const char *name = context->entries[i].name;
        if (i)
            buffer_add(buffer, ", ");
        if (is_plain_key(name))
            buffer_add(buffer, name);
        else
            write_quoted(buffer, name, strlen(name));
        buffer_add(buffer, ": ");
        value_write(buffer, context->entries[i].value, true);
    }
    buffer_add(buffer, "}");
}

static void write_range(Buffer *buffer, const FeelRange *range)
{
    static const char signs[][3] = {
        ['<'] = "<", ['l'] = "<=", ['>'] = ">", ['g'] = ">=", ['='] = "=", ['!'] = "!="};
    if (range->comparison) {
        bool is_high = range->comparison == '<' || range->comparison == 'l';
        buffer_printf(buffer, "(%s ", signs[(unsigned char)range->comparison]);
        value_write(buffer, is_high ? range->high : range->low, true);
        buffer_add(buffer, ")");
        return;
    }
    buffer_add(buffer, range->is_low_included ? "[" : "(");
    value_write(buffer, range->low, true);
    buffer_add(buffer, "..");
    value_write(buffer, range->high, true);
    buffer_add(buffer, range->is_high_included ? "]" : ")");
}

static void write_temporal(Buffer *buffer, FeelValue value, bool is_nested)
{
    if (is_nested)
        buffer_add(buffer, "@\"");
    temporal_write(buffer, value);
    if (is_nested)
        buffer_add(buffer, "\"");
}

void value_write(Buffer *buffer, FeelValue value, bool is_nested)
{
    char number[DECIMAL_TEXT_SIZE];
    switch ((FeelKind)value.kind) {
    case FEEL_NULL: buffer_add(buffer, "null"); break;
    case FEEL_BOOLEAN: buffer_add(buffer, value.as.boolean ? "true" : "false"); break;
    case FEEL_NUMBER: buffer_add_n(buffer, number, decimal_to_text(value.as.number, number)); break;
    case FEEL_STRING:
        if (is_nested)
            write_quoted(buffer, value.as.string.text, value.as.string.length);
        else
            buffer_add_n(buffer, value.as.string.text, value.as.string.length);
        break;
    case FEEL_LIST: write_list(buffer, value.as.list); break;
    case FEEL_CONTEXT: write_context(buffer, value.as.context); break;
    case FEEL_RANGE: write_range(buffer, value.as.range); break;
    case FEEL_FUNCTION: buffer_add(buffer, "function"); break;
    default: write_temporal(buffer, value, is_nested); break;
    }
}

const char *feel_to_text(Arena *arena, FeelValue value)
{
    if (value.kind == FEEL_STRING)
        return value.as.string.text;
    Buffer buffer = buffer_init(arena, 0);
    value_write(&buffer, value, false);
    return buffer_text(&buffer);
}
