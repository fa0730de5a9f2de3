/* dossier_form.c - form controls to fields of a page; names of units and officers; lamps. */
#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/calendars.h"

/* ---- today ----------------------------------------------------------------------------------- */

Date pages_today(const Request *req)
{
    return instant_date(req->now, request_app(req)->zone_minutes);
}

const Item *pages_item(Request *req, Error *err)
{
    return catalogue_item(request_app(req), req->conn, input_text(req, "code"), pages_today(req),
                          err);
}

FeelScope pages_scope(Request *req, FeelValue variables)
{
    return calendars_scope(request_app(req), req->conn, req->arena, variables, req->now);
}

/* ---- forms ----------------------------------------------------------------------------------- */

static const char *type_of(const FormControl *control)
{
    if (text_equal(control->type, "time") || text_equal(control->type, "year"))
        return "text";
    return text_equal(control->type, "separator") ? "group" : control->type;
}

static void set_choices(Request *req, const FormControl *control, FormField *field)
{
    field->choices.items = arena_array(req->arena, FieldChoice, control->options.count);
    list_each (FormOption, option, &control->options)
        field->choices.items[field->choices.count++] = (FieldChoice){
            .value = option->value, .label = option->label, .is_chosen = option->is_chosen};
}

static FormField field_of(Request *req, const FormControl *control)
{
    FormField field = {.type = type_of(control),
                       .label = control->label,
                       .hint = control->hint,
                       .value = control->value,
                       .is_required = control->is_required,
                       .is_readonly = control->is_readonly,
                       .is_refresh = control->is_refresh,
                       .max_length = control->max_length};
    field.name = control->key ? arena_printf(req->arena, "form.%s", control->key) : control->id;
    field.error = request_error_of(req, field.name);
    set_choices(req, control, &field);
    return field;
}

static FeelValue values_of_facts(Arena *arena, const KnownFacts *facts)
{
    FeelContextBuilder inner = feel_context_begin(arena), outer = feel_context_begin(arena);
    list_each (KnownFact, fact, facts)
        feel_context_put(&inner, fact->fact, fact->value);
    feel_context_put(&outer, FORM_FACTS, feel_context_end(&inner));
    return feel_context_end(&outer);
}

/* Under the field: where its value was taken from. */
static const char *source_of(Request *req, const KnownFact *fact)
{
    if (!fact->item_name.zh)
        return request_text(req, "known.seen");
    return request_text(req, "known.told", "day", date_text(req->arena, fact->told_on), "item",
                        both_in(fact->item_name, req->language));
}

static const Json *overlay_of(Request *req, Id form_definition)
{
    if (req->language != LANGUAGE_EN)
        return NULL;
    return catalogue_overlay(request_app(req), req->conn, form_definition);
}

/* What was typed wins over what is known. */
static FeelValue values_of(Request *req, const Json *typed, FeelValue known)
{
    return typed && typed->count ? feel_from_json(req->arena, typed) : known;
}

static bool fields_of(Request *req, Id form_definition, FeelValue values, const KnownFacts *facts,
                      FormField **out_fields, size_t *out_count, bool *out_refresh, Error *err)
{
    App *app = request_app(req);
    FormControls controls = {0};
    FeelScope scope = pages_scope(req, facts ? values_of_facts(req->arena, facts) : feel_null());
    const Json *overlay = overlay_of(req, form_definition);
    const Form *form = catalogue_form(app, req->conn, form_definition, err);
    if (!form || !form_render(form, overlay, values, &scope, req->arena, &controls, err))
        return false;
    *out_fields = arena_array(req->arena, FormField, controls.count);
    *out_count = 0;
    list_each (FormControl, control, &controls) {
        if (out_refresh)
            *out_refresh |= control->is_refresh;
        FormField *field = &(*out_fields)[(*out_count)++];
        *field = field_of(req, control);
        field->source = control->fact ? source_of(req, known_find(facts, control->fact)) : NULL;
    }
    return true;
}

bool pages_fields(Request *req, Id form_definition, FeelValue known, FormField **out_fields,
                  size_t *out_count, bool *out_refresh, Error *err)
{
    return fields_of(req, form_definition, values_of(req, input_form(req, "form"), known), NULL,
                     out_fields, out_count, out_refresh, err);
}

bool pages_fields_known(Request *req, Id form_definition, const Json *typed,
                        const KnownFacts *facts, FormField **out_fields, size_t *out_count,
                        bool *out_refresh, Error *err)
{
    return fields_of(req, form_definition, values_of(req, typed, feel_null()), facts, out_fields,
                     out_count, out_refresh, err);
}

bool pages_submit_typed(Request *req, Id form_definition, const Json *typed, Json **out_values,
                        Error *err)
{
    App *app = request_app(req);
    FeelScope scope = pages_scope(req, feel_null());
    const Form *form = catalogue_form(app, req->conn, form_definition, err);
    if (!form)
        return false;
    if (form_submit(form, typed, req->wants_json, &scope, req->arena, out_values, err))
        return true;
    form_translate_errors(form, overlay_of(req, form_definition), req->arena, err);
    return false;
}

bool pages_submit(Request *req, Id form_definition, Json **out_values, Error *err)
{
    return pages_submit_typed(req, form_definition, input_form(req, "form"), out_values, err);
}

/* ---- lamp ------------------------------------------------------------------------------------ */

enum { HOURS_OF_A_DAY = 7, MILLIDAYS = 1000 };

/* Days and hours; what is zero is not said. */
static const char *remaining_text(Request *req, int64_t millidays)
{
    int64_t size = millidays < 0 ? -millidays : millidays;
    int64_t days = size / MILLIDAYS, hours = size % MILLIDAYS * HOURS_OF_A_DAY / MILLIDAYS;
    const char *parts = days && hours ? "" : days ? ".days" : hours ? ".hours" : ".soon";
    const char *key =
        arena_printf(req->arena, "%s%s", millidays < 0 ? "clock.over" : "clock.left", parts);
    return request_text(req, key, "days", arena_printf(req->arena, "%lld", (long long)days),
                        "hours", arena_printf(req->arena, "%lld", (long long)hours));
}

const char *pages_ground(Request *req, const char *code)
{
    App *app = request_app(req);
    Error ignored = ERROR_NONE;
    Date today = instant_date(req->now, app->zone_minutes);
    const Ground *ground = code ? catalogue_ground(app, req->conn, code, today, &ignored) : NULL;
    return ground ? both_in(ground->name, req->language) : code;
}

Lamp pages_ground_lamp(Request *req, const char *ground)
{
    return (Lamp){.state = "grey", .text = request_text(req, "clock.suspended", "ground", ground)};
}

bool pages_lamp(Request *req, Instant due_at, bool is_stopped, Lamp *out, Error *err)
{
    App *app = request_app(req);
    *out = (Lamp){.state = "grey", .text = request_text(req, "clock.none")};
    if (is_stopped)
        out->text = request_text(req, "clock.stopped");
    if (due_at == INSTANT_NONE || is_stopped)
        return true;
    const CalendarTable *table = calendars_get(app->calendars, req->conn, app->tenant, err);
    if (!table)
        return false;
    int64_t millidays = calendar_millidays(table, req->now, due_at);
    bool is_over = req->now > due_at;
    out->state = is_over ? "red" : millidays <= MILLIDAYS ? "yellow" : "green";
    out->text = remaining_text(req, is_over && millidays == 0 ? -1 : millidays);
    return true;
}
