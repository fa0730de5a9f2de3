/*
 * form_parse.c - a form-js schema to a Form.
 *
 *     JSON tree -> components in document order (groups before their members) -> properties by
 *     type -> form_link.c
 */
#include "form/form_internal.h"

#include <string.h>
#include <unicode/uregex.h>

enum {
    ERRORS_MOST = 20,
    SCHEMA_VERSION_MOST = 19,
    PATTERN_MOST = 1000,
    KEY_MOST = 200,
    SHOWN_MOST = 80
};

typedef struct Parser {
    Arena *arena;
    Form *form;
    Error *err;
    int errors;
    const FormComponent *component; /* that is being read */
} Parser;

/* ---- errors ---------------------------------------------------------------------------------- */

void form_fail(Arena *arena, Error *err, int line, const char *element, const char *code,
               const char *what)
{
    const char *at = arena_printf(arena, "%d", line);
    error_add(err, arena, ERROR_INVALID, .code = code, .field = element, .line = line,
              .with = {{"what", what}, {"element", element}, {"line", at}});
}

static void fail_at(Parser *parser, int line, const char *element, const char *code,
                    const char *what)
{
    if (parser->errors++ < ERRORS_MOST)
        form_fail(parser->arena, parser->err, line, element, code, what);
}

static void fail(Parser *parser, const char *code, const char *what)
{
    fail_at(parser, parser->component->line, parser->component->id, code, what);
}

/* ---- properties ------------------------------------------------------------------------------ */

static const char *text_of(Parser *parser, const Json *json, const char *name)
{
    const Json *property = json_get(json, name);
    if (property && property->kind != JSON_TEXT && property->kind != JSON_NULL)
        fail(parser, "form.schema", arena_printf(parser->arena, "\"%s\" is no text", name));
    return json_text(json, name);
}

static bool flag_of(Parser *parser, const Json *json, const char *name)
{
    const Json *property = json_get(json, name);
    if (property && property->kind != JSON_BOOL && property->kind != JSON_NULL)
        fail(parser, "form.schema",
             arena_printf(parser->arena, "\"%s\" is neither true nor false", name));
    return json_bool(json, name, false);
}

/* The beginning of a source: whole code points only. */
static const char *shortened(Parser *parser, const char *source)
{
    size_t length = strlen(source);
    if (length <= SHOWN_MOST)
        return source;
    for (length = SHOWN_MOST; length && ((unsigned char)source[length] & 0xC0) == 0x80;)
        length--;
    return arena_text_n(parser->arena, source, length);
}

static void fail_expression(Parser *parser, const char *name, const char *source,
                            const Error *problem)
{
    const char *reason = problem->message         ? problem->message
                         : problem->with[0].value ? problem->with[0].value
                                                  : problem->code;
    bool is_unsupported = text_equal(problem->code, "form.unsupported");
    fail(parser, is_unsupported ? "form.unsupported" : "form.expression",
         arena_printf(parser->arena, "%s: %s (%s)", name, reason, shortened(parser, source)));
}

static bool is_expression(const char *text)
{
    return text && *text == '=';
}

static FeelExpression *compile(Parser *parser, const char *name, const char *source)
{
    Error problem = ERROR_NONE;
    FeelExpression *expression =
        feel_compile(parser->arena, source + 1, FEEL_EXPRESSION, NULL, &problem);
    if (!expression)
        fail_expression(parser, name, source, &problem);
    return expression;
}

/* A property that has to be "=expression"; NULL when it is absent. */
static FeelExpression *expression_of(Parser *parser, const Json *json, const char *name)
{
    const char *source = text_of(parser, json, name);
    if (text_is_empty(source))
        return NULL;
    if (is_expression(source))
        return compile(parser, name, source);
    fail(parser, "form.schema",
         arena_printf(parser->arena, "\"%s\" is no expression: it begins with =", name));
    return NULL;
}

static void read_text(Parser *parser, const Json *json, const char *name, FormText *out)
{
    Error problem = ERROR_NONE;
    const char *source = text_of(parser, json, name);
    if (source && !form_text_compile(parser->arena, source, out, &problem))
        fail_expression(parser, name, source, &problem);
}

static void read_bound(Parser *parser, const Json *json, const char *name, FormBound *out)
{
    const Json *bound = json_get(json, name);
    if (!bound || bound->kind == JSON_NULL || (bound->kind == JSON_TEXT && !*bound->text))
        return;
    if (bound->kind == JSON_TEXT && is_expression(bound->text)) {
        out->expression = compile(parser, name, bound->text);
        return;
    }
    bool has_text = bound->kind == JSON_NUMBER || bound->kind == JSON_TEXT;
    out->is_set = has_text && decimal_from_text(bound->text, strlen(bound->text), &out->number);
    if (!out->is_set)
        fail(parser, "form.schema", arena_printf(parser->arena, "\"%s\" is no number", name));
}

static void close_pattern(void *pattern)
{
    uregex_close(pattern);
}

static void read_pattern(Parser *parser, const Json *json, FormComponent *component)
{
    const char *source = text_of(parser, json, "pattern");
    UErrorCode status = U_ZERO_ERROR;
    if (text_is_empty(source))
        return;
    if (strlen(source) > PATTERN_MOST) {
        fail(parser, "form.too_large", "a pattern has 1000 bytes at most");
        return;
    }
    UText *text = utext_openUTF8(NULL, source, -1, &status);
    URegularExpression *pattern = uregex_openUText(text, 0, NULL, &status);
    utext_close(text);
    if (U_FAILURE(status)) {
        uregex_close(pattern);
        fail(parser, "form.pattern_syntax", source);
        return;
    }
    arena_on_destroy(parser->arena, close_pattern, pattern);
    component->pattern = pattern;
}

/* ---- by type --------------------------------------------------------------------------------- */

static void read_kind(Parser *parser, const Json *json, FormComponent *component)
{
    static const struct {
        const char *name;
        FormType type;
        FormKind kind;
    } kinds[] = {
        {"phone", FORM_TEXT, FORM_PHONE},
        {"id_number", FORM_TEXT, FORM_ID_NUMBER},
        {"credit_code", FORM_TEXT, FORM_CREDIT_CODE},
        {"year", FORM_TEXT, FORM_YEAR},
        {"email", FORM_TEXT, FORM_EMAIL},
        {"money", FORM_NUMBER, FORM_MONEY},
    };
    const Json *properties = json_get(json, "properties");
    const char *name = text_of(parser, properties, "kind");
    const char *validation = json_text(json_get(json, "validate"), "validationType");
    if (text_equal(validation, "phone") || text_equal(validation, "email"))
        name = validation;
    for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_equal(kinds[i].name, name) && kinds[i].type == component->type) {
            component->kind = kinds[i].kind;
            return;
        }
    if (name)
        fail(parser, "form.unsupported", arena_printf(parser->arena, "kind %s", name));
}

/* Which fact of a person or firm a component asks for: words joined by dots. */
static void read_fact(Parser *parser, const Json *json, FormComponent *component)
{
    const char *fact = text_of(parser, json_get(json, "properties"), "fact");
    if (text_is_empty(fact))
        return;
    if (strlen(fact) <= FORM_FACT_BYTES &&
        strspn(fact, "abcdefghijklmnopqrstuvwxyz_.") == strlen(fact))
        component->fact = fact;
    else
        fail(parser, "form.unsupported", arena_printf(parser->arena, "fact %s", fact));
}

static void read_length(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *validate = json_get(json, "validate");
    int64_t most = component->type == FORM_LINES ? FORM_LINES_MOST : FORM_TEXT_MOST;
    component->most = (FormBound){.is_set = true, .number = decimal_from_int64(most)};
    read_bound(parser, validate, "minLength", &component->least);
    read_bound(parser, validate, "maxLength", &component->most);
    read_pattern(parser, validate, component);
    read_kind(parser, json, component);
}

static void read_number(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *validate = json_get(json, "validate");
    read_bound(parser, validate, "min", &component->least);
    read_bound(parser, validate, "max", &component->most);
    read_bound(parser, json, "increment", &component->step);
    read_kind(parser, json, component);
    component->is_stored_as_text = flag_of(parser, json, "serializeToString");
    component->decimals =
        (int)json_int(json, "decimalDigits", component->kind == FORM_MONEY ? 2 : -1);
    if (component->decimals < -1 || component->decimals > DECIMAL_DIGITS)
        fail(parser, "form.schema", "\"decimalDigits\" is none");
    if (component->step.is_set &&
        (decimal_is_zero(component->step.number) || decimal_is_negative(component->step.number)))
        fail(parser, "form.schema", "\"increment\" has to be more than 0");
}

static void read_datetime(Parser *parser, const Json *json, FormComponent *component)
{
    const char *subtype = text_of(parser, json, "subtype");
    component->type = text_equal(subtype, "time") ? FORM_TIME : FORM_DATE;
    read_text(parser, json, component->type == FORM_TIME ? "timeLabel" : "dateLabel",
              &component->label);
    component->is_not_past =
        component->type == FORM_DATE && flag_of(parser, json, "disallowPassedDates");
    if (subtype && !text_equal(subtype, "time") && !text_equal(subtype, "date"))
        fail(parser, "form.unsupported",
             arena_printf(parser->arena, "datetime with subtype %s", subtype));
}

static void add_option(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *value = json_get(json, "value");
    const char *text = form_json_show(value ? value : json);
    FormChoice choice = {
        .value = text, .label = json_text(json, "label"), .json = value ? value : json};
    if (text_is_empty(text)) {
        fail(parser, "form.schema", "an option has no value");
        return;
    }
    if (form_option(&component->choices, choice.json))
        fail(parser, "form.schema",
             arena_printf(parser->arena, "the option %s stands twice", text));
    if (!choice.label)
        choice.label = text;
    list_add(parser->arena, &component->choices, choice);
}

static void read_options(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *values = json_get(json, "values");
    const char *key = text_of(parser, json, "valuesKey");
    component->choices_expression = expression_of(parser, json, "valuesExpression");
    if (!component->choices_expression && !text_is_empty(key))
        component->choices_expression =
            compile(parser, "valuesKey", arena_printf(parser->arena, "=%s", key));
    if (values && values->kind != JSON_ARRAY)
        fail(parser, "form.schema", "\"values\" is no list");
    else if (values && values->count > FORM_OPTIONS_MOST)
        fail(parser, "form.too_large", "a choice has 1000 options at most");
    else
        json_each (option, values)
            add_option(parser, option, component);
}

static void read_computed(Parser *parser, const Json *json, FormComponent *component)
{
    component->computed = expression_of(parser, json, "expression");
    if (text_is_empty(json_text(json, "expression")))
        fail(parser, "form.schema", "an expression component needs \"expression\"");
}

/* What form-js calls a type, what it is here, and whether a value belongs to it. */
static const struct FormTypeRow {
    const char *name;
    FormType type;
    bool has_key;
    void (*read)(Parser *parser, const Json *json, FormComponent *component);
} types[] = {
    {"textfield", FORM_TEXT, true, read_length},
    {"textarea", FORM_LINES, true, read_length},
    {"number", FORM_NUMBER, true, read_number},
    {"datetime", FORM_DATE, true, read_datetime},
    {"checkbox", FORM_BOOL, true, NULL},
    {"radio", FORM_RADIO, true, read_options},
    {"select", FORM_CHOICE, true, read_options},
    {"checklist", FORM_CHECKS, true, read_options},
    {"taglist", FORM_CHECKS, true, read_options},
    {"expression", FORM_EXPRESSION, true, read_computed},
    {"text", FORM_STATIC, false, NULL},
    {"group", FORM_GROUP, false, NULL},
    {"separator", FORM_SEPARATOR, false, NULL},
};

static bool is_ignored(const char *type)
{
    return text_equal(type, "button") || text_equal(type, "submit") || text_equal(type, "spacer");
}

static const struct FormTypeRow *row_of(const char *type)
{
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
        if (text_equal(types[i].name, type))
            return &types[i];
    return NULL;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Letters, digits and "_" in parts with dots between them, as form-js has it. */
static bool is_key(const char *key)
{
    static const char word[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    if (strlen(key) > KEY_MOST)
        return false;
    for (const char *at = key;; at++) {
        size_t length = strspn(at, word);
        at += length;
        if (!length || (*at && *at != '.'))
            return false;
        if (!*at)
            return true;
    }
}

/* The key with the paths of the groups around it, and its parts. */
static void set_path(Parser *parser, const FormComponent *group, const char *own,
                     FormComponent *component)
{
    const char *around = group ? group->key : NULL;
    component->scope_count = group ? group->path_count : 0;
    component->key = around ? arena_printf(parser->arena, "%s.%s", around, own) : own;
    component->path_count = text_split(parser->arena, component->key, '.', &component->path);
    if (!is_key(component->key))
        fail(parser, "form.schema",
             arena_printf(parser->arena,
                          "\"%s\" is no key: words of letters, digits and _, "
                          "joined by dots",
                          own));
}

/* A group without a path has the path of the group around it. */
static void read_group_path(Parser *parser, const Json *json, const FormComponent *group,
                            FormComponent *component)
{
    const char *path = text_of(parser, json, "path");
    if (!text_is_empty(path)) {
        set_path(parser, group, path, component);
    } else if (group) {
        component->key = group->key;
        component->path = group->path;
        component->path_count = group->path_count;
    }
    component->scope_count = component->path_count;
    if (flag_of(parser, json, "isRepeating"))
        fail(parser, "form.unsupported", "group that repeats");
}

/* ---- components ------------------------------------------------------------------------------ */

static void read_readonly(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *readonly = json_get(json, "readonly");
    component->is_disabled = flag_of(parser, json, "disabled");
    if (readonly && readonly->kind == JSON_TEXT)
        component->readonly = expression_of(parser, json, "readonly");
    else
        component->is_readonly = flag_of(parser, json, "readonly");
    component->is_readonly |= component->is_disabled;
    if (component->is_readonly)
        component->readonly = NULL;
}

static void read_default(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *fallback = json_get(json, "defaultValue");
    if (!fallback || fallback->kind == JSON_NULL)
        return;
    if (fallback->kind == JSON_TEXT && is_expression(fallback->text))
        component->fallback_expression = compile(parser, "defaultValue", fallback->text);
    else
        component->fallback = fallback;
}

static void read_common(Parser *parser, const Json *json, FormComponent *component)
{
    const Json *appearance = json_get(json, "appearance");
    read_text(parser, json, "label", &component->label);
    read_text(parser, json, "description", &component->hint);
    read_text(parser, json, "text", &component->text);
    component->hide = expression_of(parser, json_get(json, "conditional"), "hide");
    component->unit = text_of(parser, appearance, "suffixAdorner");
    if (text_is_empty(component->unit))
        component->unit = text_of(parser, appearance, "prefixAdorner");
    component->is_required = flag_of(parser, json_get(json, "validate"), "required");
    read_readonly(parser, json, component);
    read_fact(parser, json, component);
    read_default(parser, json, component);
}

static void read_key(Parser *parser, const Json *json, const FormComponent *group,
                     FormComponent *component)
{
    const char *key = text_of(parser, json, "key");
    if (text_is_empty(key))
        fail(parser, "form.schema", "a component that holds a value needs a key");
    else
        set_path(parser, group, key, component);
}

/* An id for errors and pages, also where old schemas have none. */
static const char *id_of(Parser *parser, const Json *json)
{
    const char *id = json_text(json, "id");
    const char *own = id ? id : json_text(json, "key");
    if (!text_is_empty(own))
        return own;
    const char *type = json_text(json, "type");
    return arena_printf(parser->arena, "%s_%zu", type ? type : "component",
                        parser->form->components.count + 1);
}

static void add_components(Parser *parser, const Json *list, size_t parent, size_t depth);

static void add_component(Parser *parser, const Json *json, const struct FormTypeRow *row,
                          size_t parent, size_t depth)
{
    Form *form = parser->form;
    const FormComponent *group = parent == FORM_NO_PARENT ? NULL : &form->components.items[parent];
    FormComponent component = {.type = row->type,
                               .id = parser->component->id,
                               .line = json->line,
                               .parent = parent,
                               .depth = depth,
                               .decimals = -1};
    read_common(parser, json, &component);
    if (row->has_key) {
        read_key(parser, json, group, &component);
        if (component.key && text_is_empty(json_text(json, "id")))
            component.id = component.key;
    }
    if (row->type == FORM_GROUP)
        read_group_path(parser, json, group, &component);
    if (!component.path && group)
        component.path = group->path, component.scope_count = group->scope_count;
    if (row->read)
        row->read(parser, json, &component);
    list_add(parser->arena, &form->components, component);
    if (row->type == FORM_GROUP)
        add_components(parser, json_get(json, "components"), form->components.count - 1, depth + 1);
}

static void read_component(Parser *parser, const Json *json, size_t parent, size_t depth)
{
    const char *type = json_text(json, "type");
    const struct FormTypeRow *row = row_of(type);
    FormComponent place = {.id = id_of(parser, json), .line = json->line};
    parser->component = &place;
    if (json->kind != JSON_OBJECT || !type)
        fail(parser, "form.schema", "a component is an object with a type");
    else if (parser->form->components.count >= FORM_COMPONENTS_MOST)
        fail(parser, "form.too_large", "a form has 500 components at most");
    else if (row)
        add_component(parser, json, row, parent, depth);
    else if (!is_ignored(type))
        fail(parser, "form.unsupported", type);
    parser->component = NULL;
}

static void add_components(Parser *parser, const Json *list, size_t parent, size_t depth)
{
    if (!list || list->kind != JSON_ARRAY)
        fail_at(parser, list ? list->line : 0, "components", "form.schema",
                "\"components\" is no list");
    else if (depth > FORM_DEPTH_MOST)
        fail_at(parser, list->line, "components", "form.too_large", "groups nest 10 deep at most");
    else
        json_each (json, list) {
            if (parser->errors < ERRORS_MOST && !arena_is_over(parser->arena))
                read_component(parser, json, parent, depth);
        }
}

/* ---- the whole form -------------------------------------------------------------------------- */

static void check_version(Parser *parser, const Json *json)
{
    if (json_int(json, "schemaVersion", 0) > SCHEMA_VERSION_MOST)
        fail_at(parser, json->line, "schemaVersion", "form.unsupported", "schemaVersion above 19");
}

static Form *finish(Parser *parser, Error *err)
{
    parser->form->today = feel_compile(parser->arena, "today()", FEEL_EXPRESSION, NULL, err);
    if (parser->errors || !parser->form->today)
        return NULL;
    if (arena_is_over(parser->arena))
        return error_set(err, ERROR_TOO_LARGE, .code = "form.too_large"), NULL;
    return form_link(parser->form, parser->arena, err) ? parser->form : NULL;
}

Form *form_parse(Arena *arena, const char *json, size_t length, Error *err)
{
    Parser parser = {.arena = arena, .form = arena_new(arena, Form), .err = err};
    const Json *root = json_parse(arena, json, length, &JSON_LIMITS, err);
    if (!root)
        return NULL;
    if (root->kind != JSON_OBJECT) {
        fail_at(&parser, root->line, "form", "form.schema", "the form is no object");
        return NULL;
    }
    check_version(&parser, root);
    add_components(&parser, json_get(root, "components"), FORM_NO_PARENT, 0);
    return finish(&parser, err);
}
