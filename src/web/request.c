/*
 * request.c - what a capability reads from a request.
 */
#include "web/request_private.h"

#include <stdlib.h>
#include <string.h>

#include "http/protocol.h"

/* ---- at the beginning ------------------------------------------------------------------------ */

/* Behind a proxy the last address in X-Forwarded-For is the one that our proxy saw. */
static const char *peer_of(const Request *req)
{
    const HttpExchange *exchange = req->private->exchange;
    const char *forwarded = request_header(req, "X-Forwarded-For");
    if (!req->private->web->options.is_behind_tls || !exchange->is_peer_loopback || !forwarded)
        return exchange->peer;
    const char *last = strrchr(forwarded, ',');
    const char *peer = text_trim(req->arena, last ? last + 1 : forwarded);
    return *peer && strlen(peer) < 64 ? peer : exchange->peer;
}

static bool is_on(const Request *req, const char *cookie)
{
    return text_equal(request_cookie(req, cookie), "on");
}

static Language language_wanted(const Request *req)
{
    Language accepted = language_of(request_header(req, "Accept-Language"), LANGUAGE_ZH);
    const char *chosen = request_cookie(req, "language");
    return chosen ? language_of(chosen, accepted) : accepted;
}

void request_init(Request *req, Web *web, HttpExchange *exchange)
{
    RequestPrivate *private = &((RequestSlot *)(void *)req)->private;
    private->web = web;
    private->exchange = exchange;
    *req = (Request){.private = private,
                     .arena = exchange->arena,
                     .app = web->options.app,
                     .method = exchange->method,
                     .path = exchange->path,
                     .query = exchange->query};
    private->is_path_bad = !path_split(req->arena, exchange->path, &private->path);
    req->now = clock_now(web->options.clock);
    req->peer = peer_of(req);
    req->language = language_wanted(req);
    req->is_elder = is_on(req, "elder");
    req->is_kiosk = is_on(req, "kiosk");
    req->session_token = request_cookie(req, cookie_name(req, "yimen_session"));
}

const char *request_header(const Request *req, const char *name)
{
    const char *value = http_header(req->private->exchange, name);
    return value && text_is_utf8(value, strlen(value)) ? value : NULL;
}

const char *request_cookie(const Request *req, const char *name)
{
    return cookie_find(req->arena, request_header(req, "Cookie"), name);
}

/* ---- checked input --------------------------------------------------------------------------- */

static const InputValue *value_of(const Request *req, const char *name)
{
    return input_value(&req->private->input, name);
}

const char *input_text(const Request *req, const char *name)
{
    const InputValue *value = value_of(req, name);
    return value && value->texts.count ? value->texts.items[0] : NULL;
}

int64_t input_int(const Request *req, const char *name, int64_t fallback)
{
    const InputValue *value = value_of(req, name);
    return value && value->texts.count ? value->number : fallback;
}

Id input_id(const Request *req, const char *name)
{
    return input_int(req, name, 0);
}

bool place_split(Arena *arena, const char *place, Instant *out_at, Id *out_id)
{
    const char **halves;
    Instant at;
    Id id;
    if (!place || text_split(arena, place, '.', &halves) != 2 || !text_to_int64(halves[0], &at) ||
        !text_to_int64(halves[1], &id))
        return false;
    *out_at = at;
    *out_id = id;
    return true;
}

Date input_date(const Request *req, const char *name)
{
    const InputValue *value = value_of(req, name);
    return value && value->texts.count ? value->date : DATE_NONE;
}

bool input_bool(const Request *req, const char *name)
{
    const InputValue *value = value_of(req, name);
    return value && value->number != 0;
}

size_t input_all(const Request *req, const char *name, const char *const **out_values)
{
    const InputValue *value = value_of(req, name);
    *out_values = value ? value->texts.items : NULL;
    return value ? value->texts.count : 0;
}

bool input_has(const Request *req, const char *name, const char *value)
{
    const char *const *values;
    size_t count = input_all(req, name, &values);
    for (size_t i = 0; i < count; i++)
        if (text_equal(values[i], value))
            return true;
    return false;
}

const Json *input_form(const Request *req, const char *name)
{
    static const Json empty = {.kind = JSON_OBJECT};
    const InputValue *value = value_of(req, name);
    return value && value->form ? value->form : &empty;
}

size_t input_files(const Request *req, const char *name, const InputFile **out_files)
{
    const InputValue *value = value_of(req, name);
    *out_files = value ? value->files.items : NULL;
    return value ? value->files.count : 0;
}

/* ---- forms shown again ----------------------------------------------------------------------- */

const char *request_typed(const Request *req, const char *name)
{
    const InputPart *part = input_part(&req->private->input, name);
    bool is_text = part && !part->is_file && text_is_utf8(part->value, part->length);
    return is_text ? part->value : NULL;
}

static const InputField *field_of(const InputField *fields, const char *name)
{
    for (; fields && fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static const char *label_of(const Request *req, const InputField *field)
{
    const char *key =
        field->label ? field->label : arena_printf(req->arena, "field.%s", field->name);
    return message_text(req->arena, req->language, key, NULL, 0);
}

void request_label_errors(const Request *req, Error *err)
{
    for (Error *each = err; each; each = each->next) {
        if (!each->field)
            continue;
        const InputField *field = field_of(req->route->input, each->field);
        const char *label = field ? label_of(req, field) : each->field;
        each->with[3] = (ErrorParam){"label", label};
    }
}

FieldErrors request_errors(Request *req)
{
    FieldErrors errors = {0};
    for (const Error *each = req->errors; each && error_is_set(each); each = each->next) {
        FieldError error = {.field = each->field,
                            .text = message_of_error(req->arena, req->language, each)};
        list_add(req->arena, &errors, error);
    }
    return errors;
}

const char *request_error_of(Request *req, const char *field)
{
    for (const Error *each = req->errors; each && error_is_set(each); each = each->next)
        if (text_equal(each->field, field))
            return message_of_error(req->arena, req->language, each);
    return NULL;
}

static const char *const field_types[] = {
    [INPUT_TEXT] = "text",    [INPUT_LINES] = "lines", [INPUT_SECRET] = "password",
    [INPUT_INT] = "int",      [INPUT_ID] = "hidden",   [INPUT_DATE] = "date",
    [INPUT_FEN] = "money",    [INPUT_BOOL] = "bool",   [INPUT_CHOICE] = "choice",
    [INPUT_PHONE] = "phone",  [INPUT_FORM] = "group",  [INPUT_FILE] = "file",
    [INPUT_PLACE] = "hidden",
};

/* All that was typed under a name, or the given value where nothing was. */
static bool is_chosen(const Request *req, const char *name, const char *choice, const char *value)
{
    bool is_typed = false;
    list_each (const InputPart, part, &req->private->input.parts) {
        if (part->is_bad_name || part->is_file || strcmp(part->name, name) != 0)
            continue;
        is_typed = true;
        if (strcmp(part->value, choice) == 0)
            return true;
    }
    return !is_typed && text_equal(value, choice);
}

static void add_choices(const Request *req, const InputField *field, const char *value,
                        FormField *out)
{
    LIST(FieldChoice) choices = {0};
    for (const char *const *each = field->choices; each && *each; each++) {
        const char *key = arena_printf(req->arena, "choice.%s.%s", field->name, *each);
        FieldChoice choice = {.value = *each,
                              .label = message_text(req->arena, req->language, key, NULL, 0),
                              .is_chosen = is_chosen(req, field->name, *each, value)};
        list_add(req->arena, &choices, choice);
    }
    view_list_set(&out->choices, &choices);
}

static const char *hint_of(const Request *req, const char *name)
{
    const char *key = arena_printf(req->arena, "hint.%s", name);
    return message_exists(key) ? message_text(req->arena, req->language, key, NULL, 0) : NULL;
}

FormField request_field(Request *req, const InputField *fields, const char *name, const char *value)
{
    const InputField *field = field_of(fields, name);
    if (!field)
        abort(); /* a page asks for a field that its route does not take */
    bool is_secret = field->type == INPUT_SECRET;
    bool has_length = field->type == INPUT_TEXT || field->type == INPUT_LINES || is_secret;
    const char *typed = request_typed(req, name);
    FormField out = {.name = field->name,
                     .type = field_types[field->type],
                     .label = label_of(req, field),
                     .hint = hint_of(req, name),
                     .value = is_secret ? NULL
                              : typed   ? typed
                                        : value,
                     .error = request_error_of(req, name),
                     .is_required = field->flags & INPUT_REQUIRED,
                     .max_length = has_length ? input_most(field) : 0};
    if (field->type == INPUT_PHONE)
        out.autocomplete = "tel";
    if (field->type == INPUT_CHOICE && field->flags & INPUT_REPEATED)
        out.type = "checks";
    if (field->type == INPUT_CHOICE)
        add_choices(req, field, value, &out);
    return out;
}

/* ---- small things ---------------------------------------------------------------------------- */

const char *request_text_(const Request *req, const char *const *key_and_pairs)
{
    MessageParam params[4];
    size_t count = 0;
    const char *const *pair = key_and_pairs + 1;
    for (; count < 4 && pair[0] && pair[1]; pair += 2)
        params[count++] = (MessageParam){pair[0], pair[1]};
    return message_text(req->arena, req->language, key_and_pairs[0], params, count);
}

bool request_is_own_path(const char *path)
{
    if (!path || path[0] != '/' || path[1] == '/')
        return false;
    for (; *path; path++)
        if ((unsigned char)*path <= 0x20 || *path == '\\' || *path == 0x7F)
            return false;
    return true;
}
