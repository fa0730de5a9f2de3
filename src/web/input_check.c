/*
 * input_check.c - parts against the fields of a route.
 *
 * Each field is checked by itself and adds its own error, so that a person reads about every bad
 * field at once. A text is first normalised (blanks at its ends, line ends, full-width digits of a
 * Chinese keyboard) and then judged; what is kept is the normalised text.
 */
#include "web/input.h"

#include <string.h>

enum { TEXT_MOST = 200, LINES_MOST = 2000 };

/* What a check works on: one field, one of its parts. */
typedef struct Check {
    Arena *arena;
    const Input *input;
    const InputField *field;
    InputValue *value;
    Error *err;
} Check;

int64_t input_most(const InputField *field)
{
    if (field->most)
        return field->most;
    return field->type == INPUT_LINES ? LINES_MOST : TEXT_MOST;
}

const InputPart *input_part(const Input *input, const char *name)
{
    list_each (const InputPart, part, &input->parts) {
        if (!part->is_bad_name && strcmp(part->name, name) == 0)
            return part;
    }
    return NULL;
}

const InputValue *input_value(const Input *input, const char *name)
{
    list_each (const InputValue, value, &input->values) {
        if (strcmp(value->field->name, name) == 0)
            return value;
    }
    return NULL;
}

/* ---- errors ---------------------------------------------------------------------------------- */

static bool refuse_with(const Check *check, const char *code, const char *param, int64_t number)
{
    const InputField *field = check->field;
    /* What is in a path was not typed: a bad one is a page that does not exist. */
    if (field->flags & INPUT_IN_PATH)
        return error_add(check->err, check->arena, ERROR_NOT_FOUND, .code = "request.not_found",
                         .field = field->name);
    ErrorParam with = {0};
    if (param)
        with = (ErrorParam){param, arena_printf(check->arena, "%lld", (long long)number)};
    return error_add(check->err, check->arena, ERROR_INVALID, .code = code, .field = field->name,
                     .with = {with});
}

static bool refuse(const Check *check, const char *code)
{
    return refuse_with(check, code, NULL, 0);
}

static const char *fen_text(Arena *arena, int64_t fen)
{
    return arena_printf(arena, "%s%lld.%02lld", fen < 0 ? "-" : "",
                        (long long)(fen < 0 ? -fen : fen) / 100,
                        (long long)(fen < 0 ? -fen : fen) % 100);
}

/* ---- normalising ----------------------------------------------------------------------------- */

/* Full-width forms as a Chinese keyboard gives them (U+FF01 to U+FF5E, the space, the yuan) as the
 * narrow ones. */
static uint32_t narrow(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        return code - 0xFEE0;
    if (code == 0xFFE5)
        return 0xA5;
    return code == 0x3000 ? ' ' : code;
}

static const char *half_width(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    for (const char *at = text; *at;)
        buffer_add_code_point(&out, narrow(text_next(&at)));
    return text_trim(arena, buffer_text(&out));
}

/* CR LF and CR as LF. */
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

static bool has_control(const char *text, const char *allowed)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && !strchr(allowed, *text)) || *text == 0x7F)
            return true;
    return false;
}

/* ---- one value by type ----------------------------------------------------------------------- */

static bool keep_text(const Check *check, const char *text)
{
    list_add(check->arena, &check->value->texts, text);
    return true;
}

static bool check_length(const Check *check, const char *text)
{
    int64_t length = (int64_t)text_length(text), most = input_most(check->field);
    if (length > most)
        return refuse_with(check, "input.too_long", "most", most);
    if (length < check->field->least)
        return refuse_with(check, "input.too_short", "least", check->field->least);
    return keep_text(check, text);
}

static bool check_line(const Check *check, const char *text)
{
    text = text_trim(check->arena, text);
    if (!*text)
        return true;
    if (strpbrk(text, "\r\n"))
        return refuse(check, "input.one_line");
    if (has_control(text, "\t"))
        return refuse(check, "input.encoding");
    return check_length(check, text);
}

static bool check_lines(const Check *check, const char *text)
{
    text = unix_lines(check->arena, text);
    if (text_is_blank(text))
        return true;
    if (has_control(text, "\t\n"))
        return refuse(check, "input.encoding");
    return check_length(check, text);
}

static bool check_secret(const Check *check, const char *text)
{
    return !*text || check_length(check, text);
}

static bool check_range(const Check *check, int64_t number)
{
    const InputField *field = check->field;
    bool is_small = (field->least || field->most) && number < field->least;
    bool is_large = field->most && number > field->most;
    if (is_small)
        return refuse_with(check, "input.too_small", "least", field->least);
    if (is_large)
        return refuse_with(check, "input.too_large", "most", field->most);
    check->value->number = number;
    return keep_text(check, arena_printf(check->arena, "%lld", (long long)number));
}

static bool check_int(const Check *check, const char *text)
{
    int64_t number;
    text = half_width(check->arena, text);
    if (!*text)
        return true;
    if (!text_to_int64(text, &number))
        return refuse(check, "input.not_a_number");
    return check_range(check, number);
}

static bool check_id(const Check *check, const char *text)
{
    int64_t number;
    text = text_trim(check->arena, text);
    if (!*text)
        return true;
    if (!text_to_int64(text, &number) || number <= 0)
        return refuse(check, "input.not_an_id");
    check->value->number = number;
    return keep_text(check, text);
}

static bool check_place(const Check *check, const char *text)
{
    const char **parts;
    int64_t moment, id;
    text = text_trim(check->arena, text);
    if (!*text)
        return true;
    bool is_place = text_split(check->arena, text, '.', &parts) == 2 &&
                    text_to_int64(parts[0], &moment) && text_to_int64(parts[1], &id) && id >= 0;
    return is_place ? keep_text(check, text) : refuse(check, "input.not_an_id");
}

/* "2026-11-22"; by hand also 2026/11/22, 2026.1.5. */
static bool read_date(Arena *arena, const char *text, Date *out)
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
    const char *iso =
        arena_printf(arena, "%04d-%02d-%02d", (int)number[0], (int)number[1], (int)number[2]);
    return date_parse(iso, out);
}

static bool check_date(const Check *check, const char *text)
{
    text = half_width(check->arena, text);
    if (!*text)
        return true;
    if (!read_date(check->arena, text, &check->value->date)) {
        check->value->date = DATE_NONE;
        return refuse(check, "input.not_a_date");
    }
    return keep_text(check, date_text(check->arena, check->value->date));
}

/* The digits of an amount without the mark of the currency and commas between thousands; NULL when
 * the commas stand elsewhere. */
static const char *plain_amount(Arena *arena, const char *text)
{
    bool is_negative = *text == '-';
    text += is_negative;
    if (text_starts_with(text, "¥"))
        text += strlen("¥");
    char *plain = arena_alloc(arena, strlen(text) + 2), *to = plain;
    if (is_negative)
        *to++ = '-';
    size_t whole = strcspn(text, ".");
    for (size_t i = 0; text[i]; i++) {
        if (text[i] != ',')
            *to++ = text[i];
        else if (i == 0 || i > whole || (whole - i) % 4 != 0)
            return NULL;
    }
    return plain;
}

/* Yuan with at most two decimals as fen. */
static bool read_fen(Arena *arena, const char *text, int64_t *out)
{
    const char *plain = plain_amount(arena, text), **parts;
    if (!plain || strlen(plain) > 16 || *plain == '+')
        return false;
    size_t count = text_split(arena, plain, '.', &parts);
    size_t decimals = count == 2 ? strlen(parts[1]) : 0;
    bool has_whole = parts[0][*plain == '-'] != 0;
    if (count > 2 || (count == 2 && (decimals < 1 || decimals > 2)) || !has_whole)
        return false;
    const char *cents = decimals == 0   ? "00"
                        : decimals == 1 ? arena_printf(arena, "%s0", parts[1])
                                        : parts[1];
    return text_to_int64(arena_printf(arena, "%s%s", parts[0], cents), out);
}

static bool refuse_amount(const Check *check, const char *code, const char *param, int64_t fen)
{
    return error_add(check->err, check->arena, ERROR_INVALID, .code = code,
                     .field = check->field->name, .with = {{param, fen_text(check->arena, fen)}});
}

static bool check_fen(const Check *check, const char *text)
{
    const InputField *field = check->field;
    int64_t fen;
    text = half_width(check->arena, text);
    if (!*text)
        return true;
    if (!read_fen(check->arena, text, &fen))
        return refuse(check, "input.not_money");
    if ((field->least || field->most) && fen < field->least)
        return refuse_amount(check, "input.too_small", "least", field->least);
    if (field->most && fen > field->most)
        return refuse_amount(check, "input.too_large", "most", field->most);
    check->value->number = fen;
    return keep_text(check, fen_text(check->arena, fen));
}

static bool is_among(const char *text, const char *const *choices)
{
    for (; *choices; choices++)
        if (strcmp(text, *choices) == 0)
            return true;
    return false;
}

static bool check_bool(const Check *check, const char *text)
{
    static const char *const yes[] = {"on", "true", "1", NULL};
    static const char *const no[] = {"", "off", "false", "0", NULL};
    check->value->number = is_among(text, yes);
    if (!check->value->number && !is_among(text, no))
        return refuse(check, "input.not_yes_or_no");
    return check->value->number ? keep_text(check, "true") : true;
}

static bool check_choice(const Check *check, const char *text)
{
    text = text_trim(check->arena, text);
    if (!*text)
        return true;
    if (check->field->choices && !is_among(text, check->field->choices))
        return refuse(check, "input.not_a_choice");
    if (has_control(text, ""))
        return refuse(check, "input.encoding");
    return check_length(check, text);
}

/* Eleven digits that begin with 1 and 3 to 9, without blanks, dashes and the country's prefix. */
static bool check_phone(const Check *check, const char *text)
{
    text = half_width(check->arena, text);
    if (!*text)
        return true;
    char *digits = arena_alloc(check->arena, strlen(text) + 1), *to = digits;
    for (const char *at = text; *at; at++)
        if (!strchr(" -()", *at))
            *to++ = *at;
    const char *number = digits;
    if (text_starts_with(number, "+86"))
        number += 3;
    else if (text_starts_with(number, "0086"))
        number += 4;
    else if (strlen(number) == 13 && text_starts_with(number, "86"))
        number += 2;
    bool is_mobile = strlen(number) == 11 && strspn(number, "0123456789") == 11 &&
                     number[0] == '1' && number[1] >= '3';
    return is_mobile ? keep_text(check, number) : refuse(check, "input.not_a_phone");
}

/* ---- files and forms ------------------------------------------------------------------------- */

static bool check_file(const Check *check, const InputPart *part)
{
    enum { MEBIBYTE = 1024 * 1024 };
    if (!part->is_file && part->length)
        return refuse(check, "input.not_a_file");
    const char *name = part->file_name ? part->file_name : "";
    if (part->length == 0 && !*name)
        return true;
    if (has_control(name, "") || !text_is_utf8(name, strlen(name)) || text_length(name) > TEXT_MOST)
        return refuse(check, "input.encoding");
    if (check->field->most && (int64_t)part->length > check->field->most)
        return refuse_with(check, "input.file_too_large", "most", check->field->most / MEBIBYTE);
    size_t length = strlen(check->field->name);
    InputFile file = {.key = part->name[length] ? part->name + length + 1 : "",
                      .name = name,
                      .content_type = part->content_type ? part->content_type : "",
                      .data = part->value,
                      .size = part->length};
    list_add(check->arena, &check->value->files, file);
    return true;
}

static Json *json_text_node(Arena *arena, const char *name, const char *text)
{
    Json *node = arena_new(arena, Json);
    *node = (Json){.kind = JSON_TEXT, .name = name, .text = text};
    return node;
}

static void json_add_item(Arena *arena, Json *parent, Json *item)
{
    size_t size = sizeof(Json *);
    /* Forms have tens of fields: a copy for each costs less than a capacity in every node. */
    parent->items =
        arena_grow(arena, parent->items, size * parent->count, size * (parent->count + 1));
    parent->items[parent->count++] = item;
}

/* Adds a value to the object; a second one of the same name makes an array of both. */
static void add_to_form(Arena *arena, Json *form, const char *name, const char *text)
{
    Json *there = NULL;
    for (size_t i = 0; i < form->count && !there; i++)
        if (strcmp(form->items[i]->name, name) == 0)
            there = form->items[i];
    if (!there) {
        json_add_item(arena, form, json_text_node(arena, name, text));
        return;
    }
    if (there->kind == JSON_TEXT) {
        Json *first = json_text_node(arena, NULL, there->text);
        *there = (Json){.kind = JSON_ARRAY, .name = there->name};
        json_add_item(arena, there, first);
    }
    json_add_item(arena, there, json_text_node(arena, NULL, text));
}

/* "name.a", "name.b" of a form, or the object of a JSON body. */
static bool check_form(const Check *check)
{
    size_t length = strlen(check->field->name);
    Json *form = arena_new(check->arena, Json);
    form->kind = JSON_OBJECT;
    check->value->form = form;
    list_each (const InputPart, part, &check->input->parts) {
        bool is_own = strncmp(part->name, check->field->name, length) == 0;
        if (!is_own || part->is_bad_name)
            continue;
        if (part->json && !part->name[length] && part->json->kind != JSON_NULL) {
            if (part->json->kind != JSON_OBJECT)
                return refuse(check, "input.not_an_object");
            check->value->form = part->json;
        } else if (!part->json && !part->name[length]) {
            return refuse(check, "input.not_an_object"); /* a text where fields are wanted */
        } else if (part->name[length] == '.' && part->name[length + 1] && !part->is_file) {
            add_to_form(check->arena, form, part->name + length + 1,
                        unix_lines(check->arena, part->value));
        }
    }
    if (check->value->form->count == 0 && (check->field->flags & INPUT_REQUIRED))
        return refuse(check, "input.required");
    return true;
}

/* ---- a whole field --------------------------------------------------------------------------- */

/* True when a JSON value is of a kind that the type can be read from; absent counts. */
static bool check_json_kind(const Check *check, const Json *json)
{
    bool is_text = json->kind == JSON_TEXT;
    switch (check->field->type) {
    case INPUT_INT:
        return is_text || json->kind == JSON_NUMBER || refuse(check, "input.not_a_number");
    case INPUT_FEN: return is_text || json->kind == JSON_NUMBER || refuse(check, "input.not_money");
    case INPUT_BOOL:
        return is_text || json->kind == JSON_BOOL || refuse(check, "input.not_yes_or_no");
    case INPUT_FILE: return refuse(check, "input.not_a_file");
    case INPUT_TEXT:
    case INPUT_LINES:
    case INPUT_SECRET:
    case INPUT_ID:
    case INPUT_DATE:
    case INPUT_CHOICE:
    case INPUT_PHONE:
    case INPUT_PLACE:
    case INPUT_FORM: break;
    }
    return is_text || refuse(check, "input.not_text");
}

static bool check_part(const Check *check, const InputPart *part)
{
    if (part->json && part->json->kind == JSON_NULL)
        return true;
    if (part->json && !check_json_kind(check, part->json))
        return false;
    if (check->field->type == INPUT_FILE)
        return check_file(check, part);
    /* The content of a file is neither text nor ended by NUL. */
    if (part->is_file)
        return refuse(check, "input.not_text");
    switch (check->field->type) {
    case INPUT_TEXT: return check_line(check, part->value);
    case INPUT_LINES: return check_lines(check, part->value);
    case INPUT_SECRET: return check_secret(check, part->value);
    case INPUT_INT: return check_int(check, part->value);
    case INPUT_ID: return check_id(check, part->value);
    case INPUT_DATE: return check_date(check, part->value);
    case INPUT_FEN: return check_fen(check, part->value);
    case INPUT_BOOL: return check_bool(check, part->value);
    case INPUT_CHOICE: return check_choice(check, part->value);
    case INPUT_PHONE: return check_phone(check, part->value);
    case INPUT_PLACE: return check_place(check, part->value);
    case INPUT_FORM:
    case INPUT_FILE: break;
    }
    return true;
}

static bool refuse_missing(const Check *check)
{
    if (check->field->type == INPUT_CHOICE)
        return refuse(check, "input.required_choice");
    return refuse(check, check->field->type == INPUT_FILE ? "input.no_file" : "input.required");
}

/* "name" itself; of named files "name.key", of a form both. */
static bool is_of_field(const InputField *field, const char *name)
{
    size_t length = strlen(field->name);
    if (strncmp(name, field->name, length) != 0)
        return false;
    if (field->flags & INPUT_NAMED)
        return name[length] == '.' && name[length + 1];
    return !name[length] || (field->type == INPUT_FORM && name[length] == '.');
}

static bool check_field(const Check *check)
{
    if (check->field->type == INPUT_FORM)
        return check_form(check);
    size_t count = 0;
    list_each (const InputPart, part, &check->input->parts) {
        if (part->is_bad_name || !is_of_field(check->field, part->name))
            continue;
        if (++count > 1 && !(check->field->flags & (INPUT_REPEATED | INPUT_NAMED)))
            return refuse(check, "input.repeated");
        if (!check_part(check, part))
            return false;
    }
    bool is_absent = check->value->texts.count == 0 && check->value->files.count == 0;
    if (is_absent && (check->field->flags & INPUT_REQUIRED))
        return refuse_missing(check);
    return true;
}

/* ---- the whole input ------------------------------------------------------------------------- */

/* Names and values that are no text are refused wherever they stand: also in fields that nobody
 * asked for. */
static bool check_encoding(Arena *arena, const Input *input, Error *err)
{
    bool is_fine = true;
    list_each (const InputPart, part, &input->parts) {
        bool is_bad =
            part->is_bad_name || (!part->is_file && !text_is_utf8(part->value, part->length));
        if (is_bad)
            is_fine =
                error_add(err, arena, ERROR_INVALID, .code = "input.encoding", .field = part->name);
    }
    return is_fine;
}

static bool is_known(const InputField *fields, const char *name)
{
    if (strcmp(name, "_key") == 0 || strcmp(name, "_csrf") == 0)
        return true;
    for (; fields && fields->name; fields++)
        if (is_of_field(fields, name))
            return true;
    return false;
}

static bool check_unknown(Arena *arena, const Input *input, const InputField *fields, Error *err)
{
    bool is_fine = true;
    list_each (const InputPart, part, &input->parts) {
        if (part->json && !is_known(fields, part->name))
            is_fine = error_add(err, arena, ERROR_INVALID, .code = "input.unknown",
                                .field = part->name, .with = {{"name", part->name}});
    }
    return is_fine;
}

bool input_check(Arena *arena, Input *input, const InputField *fields, Error *err)
{
    bool is_fine = check_encoding(arena, input, err);
    /* Nothing is read from input that is no text: the checks below rely on it. */
    for (const InputField *field = fields; field && field->name; field++) {
        list_add(arena, &input->values, (InputValue){.field = field, .date = DATE_NONE});
        InputValue *value = &input->values.items[input->values.count - 1];
        const Check check = {arena, input, field, value, err};
        if (is_fine && !check_field(&check))
            value->texts.count = value->files.count = 0;
    }
    if (is_fine)
        check_unknown(arena, input, fields, err);
    return !error_is_set(err);
}
