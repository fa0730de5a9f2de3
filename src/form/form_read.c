/*
 * form_read.c - one value: what was typed (a text, a list of texts) or sent (typed JSON) as the
 * value of a component's type, normalised. Small trees of JSON on the way.
 */
#include "form/form_internal.h"

#include <string.h>

/* ---- JSON ------------------------------------------------------------------------------------ */

Json *form_json_text(Arena *arena, const char *text)
{
    Json *json = arena_new(arena, Json);
    *json = (Json){.kind = JSON_TEXT, .text = text};
    return json;
}

static Json *json_bool_node(Arena *arena, bool boolean)
{
    Json *json = arena_new(arena, Json);
    *json = (Json){.kind = JSON_BOOL, .boolean = boolean};
    return json;
}

static Json *json_number_node(Arena *arena, Decimal number)
{
    char text[DECIMAL_TEXT_SIZE];
    Json *json = arena_new(arena, Json);
    decimal_to_text(number, text);
    *json = (Json){.kind = JSON_NUMBER, .text = arena_text(arena, text)};
    return json;
}

static void add_item(Arena *arena, Json *parent, Json *item)
{
    size_t size = sizeof(Json *), count = parent->count;
    /* A node has no field for its capacity: it is the next power of two. */
    if ((count & (count - 1)) == 0)
        parent->items =
            arena_grow(arena, parent->items, size * count, size * (count ? count * 2 : 1));
    parent->items[parent->count++] = item;
}

static Json *json_list_of(Arena *arena, FeelValue list)
{
    Json *json = arena_new(arena, Json);
    size_t count = feel_count(list);
    *json = (Json){.kind = JSON_ARRAY, .items = arena_array(arena, Json *, count)};
    for (size_t i = 0; i < count; i++) {
        Json *item = form_json_of(arena, feel_item(list, i));
        if (item)
            json->items[json->count++] = item;
    }
    return json;
}

Json *form_json_of(Arena *arena, FeelValue value)
{
    if (feel_is_null(value))
        return NULL;
    switch ((FeelKind)value.kind) {
    case FEEL_STRING: return form_json_text(arena, value.as.string.text);
    case FEEL_BOOLEAN: return json_bool_node(arena, value.as.boolean);
    case FEEL_NUMBER: return json_number_node(arena, value.as.number);
    case FEEL_LIST: return json_list_of(arena, value);
    case FEEL_CONTEXT: break;
    case FEEL_NULL:
    case FEEL_FUNCTION: return NULL;
    case FEEL_DATE:
    case FEEL_TIME:
    case FEEL_DATE_TIME:
    case FEEL_YEARS_MONTHS:
    case FEEL_DAYS_TIME:
    case FEEL_RANGE:
    case FEEL_KIND_COUNT: return form_json_text(arena, feel_to_text(arena, value));
    }
    Buffer text = buffer_init(arena, 0);
    Error ignored = ERROR_NONE;
    feel_to_json(&text, value);
    return json_parse(arena, buffer_text(&text), text.length, &JSON_LIMITS, &ignored);
}

static Json *member(const Json *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->items[i]->name, name) == 0)
            return object->items[i];
    return NULL;
}

static Json *add_member(Arena *arena, Json *object, const char *name, Json node)
{
    Json *copy = arena_copy(arena, &node, sizeof node);
    copy->name = name;
    add_item(arena, object, copy);
    return copy;
}

void form_json_put(Arena *arena, Json *object, const char *const *path, size_t count,
                   const Json *value)
{
    for (size_t i = 0; i + 1 < count; i++) {
        Json *inner = member(object, path[i]);
        object = inner ? inner : add_member(arena, object, path[i], (Json){.kind = JSON_OBJECT});
    }
    add_member(arena, object, path[count - 1], *value);
}

const char *form_json_show(const Json *json)
{
    if (!json || json->kind == JSON_ARRAY || json->kind == JSON_OBJECT || json->kind == JSON_NULL)
        return NULL;
    return json->kind == JSON_BOOL ? (json->boolean ? "true" : "false") : json->text;
}

/* ---- texts ----------------------------------------------------------------------------------- */

typedef struct Reader {
    const FormComponent *component;
    Arena *arena;
    const char *problem;
} Reader;

static Json *refuse(Reader *reader, const char *code)
{
    reader->problem = code;
    return NULL;
}

static bool has_control(const char *text, const char *allowed)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && !strchr(allowed, *text)) || *text == 0x7F)
            return true;
    return false;
}

static const char *unix_lines(Arena *arena, const char *text)
{
    char *lines = arena_text(arena, text), *to = lines;
    for (const char *at = lines; *at; at++) {
        if (*at == '\r' && at[1] == '\n')
            continue;
        *to++ = *at == '\r' ? '\n' : *at;
    }
    *to = 0;
    return lines;
}

static Json *read_lines(Reader *reader, const char *text)
{
    text = unix_lines(reader->arena, text);
    if (text_is_blank(text))
        return NULL;
    return has_control(text, "\t\n") ? refuse(reader, "input.encoding")
                                     : form_json_text(reader->arena, text);
}

static char *upper(Arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *at = copy; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return copy;
}

static bool is_year(const char *text)
{
    int64_t year;
    return strlen(text) == 4 && strspn(text, "0123456789") == 4 && text_to_int64(text, &year) &&
           year >= 1900 && year <= 2200;
}

/* Texts with a form of their own: kept as the standard writes them. */
static Json *read_kind(Reader *reader, const char *text)
{
    const char *narrow = form_half_width(reader->arena, text);
    const char *phone;
    switch (reader->component->kind) {
    case FORM_PHONE:
        phone = form_phone(reader->arena, narrow);
        return phone ? form_json_text(reader->arena, phone) : refuse(reader, "input.not_a_phone");
    case FORM_EMAIL:
        if (!form_is_email(narrow))
            return refuse(reader, "input.not_an_email");
        break;
    case FORM_ID_NUMBER:
        narrow = upper(reader->arena, narrow);
        if (!form_is_id_number(narrow))
            return refuse(reader, "form.id_number");
        break;
    case FORM_CREDIT_CODE:
        narrow = upper(reader->arena, narrow);
        if (!form_is_credit_code(narrow))
            return refuse(reader, "form.credit_code");
        break;
    case FORM_YEAR:
        if (!is_year(narrow))
            return refuse(reader, "form.year");
        break;
    case FORM_PLAIN:
    case FORM_MONEY: break;
    }
    return form_json_text(reader->arena, narrow);
}

static Json *read_line(Reader *reader, const char *text)
{
    text = text_trim(reader->arena, text);
    if (!*text)
        return NULL;
    if (strpbrk(text, "\r\n"))
        return refuse(reader, "input.one_line");
    if (has_control(text, "\t"))
        return refuse(reader, "input.encoding");
    return reader->component->kind == FORM_PLAIN ? form_json_text(reader->arena, text)
                                                 : read_kind(reader, text);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* The text without commas between thousands; NULL when they stand elsewhere. */
static const char *without_commas(Arena *arena, const char *text)
{
    size_t whole = strcspn(text, ".");
    char *plain = arena_alloc(arena, strlen(text) + 1), *to = plain;
    for (size_t i = 0; text[i]; i++) {
        if (text[i] != ',')
            *to++ = text[i];
        else if (i == 0 || i > whole || (whole - i) % 4 != 0)
            return NULL;
    }
    return plain;
}

/* Digits as people write them; an exponent only where a program sends a JSON number. */
static bool number_of(Arena *arena, const char *text, bool is_literal, Decimal *out)
{
    const char *plain = is_literal ? text : without_commas(arena, text);
    if (!plain || strlen(plain) > DECIMAL_DIGITS)
        return false;
    const char *digits = plain + (*plain == '-');
    if (!is_literal && strspn(digits, "0123456789.") != strlen(digits))
        return false;
    return decimal_from_text(plain, strlen(plain), out);
}

/* What needs an exponent is no number that a form asks for. */
static Json *read_number(Reader *reader, const Json *raw)
{
    bool is_literal = raw->kind == JSON_NUMBER;
    bool is_whole = reader->component->decimals == 0;
    const char *text = is_literal ? raw->text : form_half_width(reader->arena, raw->text);
    Decimal number;
    if (reader->component->kind == FORM_MONEY && text_starts_with(text, "¥"))
        text += strlen("¥");
    if (!*text)
        return NULL;
    if (!number_of(reader->arena, text, is_literal, &number))
        return refuse(reader, is_whole ? "input.not_a_number" : "form.not_a_number");
    Json *value = json_number_node(reader->arena, number);
    return strchr(value->text, 'E') ? refuse(reader, "form.not_a_number") : value;
}

/* ---- dates and times ------------------------------------------------------------------------- */

/* "2026-11-22"; by hand also 2026/11/22 and 2026.1.5. */
static bool date_of_text(Arena *arena, const char *text, Date *out)
{
    char *dashed = arena_text(arena, text);
    for (char *at = dashed; *at; at++)
        if (*at == '/' || *at == '.')
            *at = '-';
    const char **parts;
    int64_t number[3];
    if (text_split(arena, dashed, '-', &parts) != 3 || strlen(parts[0]) != 4)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (strlen(parts[i]) > 4 || parts[i][0] == '+' || !text_to_int64(parts[i], &number[i]))
            return false;
    return date_parse(
        arena_printf(arena, "%04d-%02d-%02d", (int)number[0], (int)number[1], (int)number[2]), out);
}

static Json *read_date(Reader *reader, const char *text)
{
    Date date;
    text = form_half_width(reader->arena, text);
    if (!*text)
        return NULL;
    if (strlen(text) > 10 || !date_of_text(reader->arena, text, &date))
        return refuse(reader, "input.not_a_date");
    return form_json_text(reader->arena, date_text(reader->arena, date));
}

/* "8:30", "08:30" or "08:30:00" as "08:30". */
static Json *read_time(Reader *reader, const char *text)
{
    const char **parts;
    int64_t number[3] = {0};
    text = form_half_width(reader->arena, text);
    if (!*text)
        return NULL;
    size_t count = text_split(reader->arena, text, ':', &parts);
    bool is_time = count == 2 || count == 3;
    for (size_t i = 0; is_time && i < count; i++)
        is_time = strspn(parts[i], "0123456789") == strlen(parts[i]) && strlen(parts[i]) <= 2 &&
                  (i == 0 || strlen(parts[i]) == 2) && text_to_int64(parts[i], &number[i]);
    if (!is_time || number[0] > 23 || number[1] > 59 || number[2] > 59)
        return refuse(reader, "form.not_a_time");
    return form_json_text(reader->arena,
                          arena_printf(reader->arena, "%02d:%02d", (int)number[0], (int)number[1]));
}

/* ---- choices --------------------------------------------------------------------------------- */

static Json *read_bool(Reader *reader, const Json *raw)
{
    static const char *const yes[] = {"true", "on", "1"};
    static const char *const no[] = {"false", "off", "0", ""};
    if (raw->kind == JSON_BOOL)
        return json_bool_node(reader->arena, raw->boolean);
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (text_equal(raw->text, yes[i]))
            return json_bool_node(reader->arena, true);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (text_equal(raw->text, no[i]))
            return json_bool_node(reader->arena, false);
    return refuse(reader, "input.not_yes_or_no");
}

/* The value as the form's own options have it: 1 and not "1". */
static Json *read_choice(Reader *reader, const Json *raw)
{
    const char *text = form_json_show(raw);
    const FormChoice *choice = form_option(&reader->component->choices, raw);
    if (text_is_empty(text))
        return NULL;
    const Json *found = choice ? choice->json : raw;
    Json *copy = arena_copy(reader->arena, found, sizeof *found);
    copy->name = NULL;
    return copy;
}

static bool is_scalar(const Json *json)
{
    return json->kind == JSON_TEXT || json->kind == JSON_NUMBER || json->kind == JSON_BOOL;
}

static Json *read_checks(Reader *reader, const Json *raw)
{
    const Json *one[] = {raw};
    const Json *const *items = raw->kind == JSON_ARRAY ? json_items(raw) : one;
    size_t count = raw->kind == JSON_ARRAY ? raw->count : 1;
    Json *list = arena_new(reader->arena, Json);
    *list = (Json){.kind = JSON_ARRAY};
    if (count > FORM_OPTIONS_MOST)
        return refuse(reader, "input.not_a_choice");
    for (size_t i = 0; i < count; i++) {
        Json *item = is_scalar(items[i]) ? read_choice(reader, items[i]) : NULL;
        if (item)
            add_item(reader->arena, list, item);
        else if (!is_scalar(items[i]))
            return refuse(reader, "input.not_a_choice");
    }
    return list->count ? list : NULL;
}

/* ---- by type --------------------------------------------------------------------------------- */

/* Whether a value of this kind can be read by a component of this type. */
static const char *problem_of_kind(const FormComponent *component, const Json *raw)
{
    bool is_text = raw->kind == JSON_TEXT;
    switch (component->type) {
    case FORM_CHECKS:
        return is_scalar(raw) || raw->kind == JSON_ARRAY ? NULL : "input.not_a_choice";
    case FORM_RADIO:
    case FORM_CHOICE: return is_scalar(raw) ? NULL : "input.not_a_choice";
    case FORM_BOOL: return is_text || raw->kind == JSON_BOOL ? NULL : "input.not_yes_or_no";
    case FORM_NUMBER:
        if (is_text || raw->kind == JSON_NUMBER)
            return NULL;
        return component->decimals == 0 ? "input.not_a_number" : "form.not_a_number";
    case FORM_TEXT:
    case FORM_LINES:
    case FORM_DATE:
    case FORM_TIME:
    case FORM_EXPRESSION:
    case FORM_STATIC:
    case FORM_GROUP:
    case FORM_SEPARATOR: break;
    }
    return is_text ? NULL : "input.not_text";
}

static Json *read_value(Reader *reader, const Json *raw)
{
    switch (reader->component->type) {
    case FORM_TEXT: return read_line(reader, raw->text);
    case FORM_LINES: return read_lines(reader, raw->text);
    case FORM_NUMBER: return read_number(reader, raw);
    case FORM_DATE: return read_date(reader, raw->text);
    case FORM_TIME: return read_time(reader, raw->text);
    case FORM_BOOL: return read_bool(reader, raw);
    case FORM_RADIO:
    case FORM_CHOICE: return read_choice(reader, raw);
    case FORM_CHECKS: return read_checks(reader, raw);
    case FORM_EXPRESSION:
    case FORM_STATIC:
    case FORM_GROUP:
    case FORM_SEPARATOR: break;
    }
    return NULL;
}

Json *form_read(const FormComponent *component, const Json *raw, Arena *arena,
                const char **out_problem)
{
    Reader reader = {.component = component, .arena = arena};
    Json *value = NULL;
    if (raw && raw->kind != JSON_NULL) {
        reader.problem = problem_of_kind(component, raw);
        if (!reader.problem)
            value = read_value(&reader, raw);
    }
    *out_problem = reader.problem;
    return value;
}
