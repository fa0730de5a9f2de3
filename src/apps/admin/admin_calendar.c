/*
 * admin_calendar.c - /admin/calendar: the tables in force, and loading another.
 *
 *     text or file -> parsed, checked against what is in force (off the writer) ->
 * calendars_publish
 *                  -> after the commit the job "rederive" (admin_rederive.c)
 */
#include "apps/admin/admin_internal.h"
#include "apps/admin/admin_store.h"
#include "service/calendars.h"
#include "service/scheduler.h"

#include <string.h>

enum { FILE_BYTES = 1024 * 1024, CSV_CHARACTERS = 200000, DECEMBER = 12 };

const InputField admin_calendar_input[] = {
    {"code", INPUT_TEXT, INPUT_REQUIRED, .most = 60, .label = "field.calendar_code"},
    {"csv", INPUT_LINES, 0, .most = CSV_CHARACTERS},
    {"file", INPUT_FILE, 0, .most = FILE_BYTES},
    {0},
};

/* What prepare hands to act. */
typedef struct Loading {
    const char *code;
    const char *csv;
    const char *field; /* where the text came from: csv or file */
    CalendarLayer layer;
} Loading;

/* ---- the page -------------------------------------------------------------------------------- */

static bool show_layers(Request *req, CalendarView *view, Id *out_newest, Error *err)
{
    Definitions layers = {0};
    if (!definition_list(req->conn, req->arena, req->tenant, "calendar", &layers, err))
        return false;
    view->layers.items = arena_array(req->arena, CalendarLayerView, layers.count);
    list_each (Definition, one, &layers) {
        *out_newest = one->id > *out_newest ? one->id : *out_newest;
        view->layers.items[view->layers.count++] =
            (CalendarLayerView){.code = one->code,
                                .version = one->version,
                                .effective_from = one->effective_from,
                                .hash = one->hash};
    }
    return true;
}

static bool show_state(Request *req, CalendarView *view, Id newest, Error *err)
{
    App *app = request_app(req);
    CalendarApplied applied;
    if (!store_applied(req->conn, req->tenant, &applied, err))
        return false;
    const CalendarTable *table = calendars_get(app->calendars, req->conn, req->tenant, err);
    if (!table)
        return false;
    view->announced_to = calendar_last_announced(table);
    view->is_pending = applied.definition != newest;
    view->applied_at = applied.applied_at;
    view->changed = applied.changed;
    return true;
}

static void show_form(Request *req, CalendarView *view)
{
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->code = request_field(req, admin_calendar_input, "code", NULL);
    view->code.hint = request_text(req, "admin.layer_code_hint");
    view->csv = request_field(req, admin_calendar_input, "csv", NULL);
    view->csv.hint = request_text(req, "admin.csv_hint");
    view->file = request_field(req, admin_calendar_input, "file", NULL);
}

/* Also the page again after a refused table, with what was typed. */
bool calendar_page(Request *req, Error *err)
{
    CalendarView *view = arena_new(req->arena, CalendarView);
    Id newest = 0;
    show_form(req, view);
    return show_layers(req, view, &newest, err) && show_state(req, view, newest, err) &&
           request_show(req, &CalendarView_type, view);
}

/* ---- what was sent --------------------------------------------------------------------------- */

static bool is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 0;
}

/* "cn", "cn-2027", or a division path written with hyphens: "44-4419". */
static bool is_code(Arena *arena, const char *code)
{
    const char **parts;
    size_t count = text_split(arena, code, '-', &parts);
    if (text_equal(parts[0], "cn"))
        return count == 1 || (count == 2 && strlen(parts[1]) == 4 && is_digits(parts[1], 4));
    for (size_t i = 0; i < count; i++)
        if (!is_digits(parts[i], strlen(parts[i])))
            return false;
    return true;
}

/* The text of the form, or of the file; one of them. */
static bool read_csv(Request *req, Loading *loading, Error *err)
{
    const InputFile *files;
    size_t count = input_files(req, "file", &files);
    bool has_file = count > 0 && files[0].size > 0;
    loading->csv = input_text(req, "csv");
    loading->field = has_file ? "file" : "csv";
    if (has_file && !text_is_empty(loading->csv))
        return error_set(err, ERROR_INVALID, .code = "admin.two_tables", .field = "csv");
    if (has_file && !text_is_utf8(files[0].data, files[0].size))
        return error_set(err, ERROR_INVALID, .code = "admin.file_encoding", .field = "file");
    if (has_file)
        loading->csv = arena_text_n(req->arena, files[0].data, files[0].size);
    return !text_is_empty(loading->csv) ||
           error_set(err, ERROR_INVALID, .code = "admin.no_table", .field = "csv");
}

/* The mistake with its place in the table, at the field that brought the table. */
static bool refuse_table(Request *req, const Loading *loading, const Error *problem, Error *err)
{
    const char *text = message_of_error(req->arena, req->language, problem);
    const char *line = arena_printf(req->arena, "%d", problem->line);
    const char *column = arena_printf(req->arena, "%d", problem->column);
    if (problem->line)
        text = request_text(req, "admin.at_line", "line", line, "column", column, "text", text);
    return error_set(err, problem->kind, .code = problem->code, .field = loading->field,
                     .message = text, .line = problem->line, .column = problem->column);
}

static bool parse(Request *req, Loading *loading, Error *err)
{
    Error problem = ERROR_NONE;
    return calendar_layer_parse(req->arena, "", loading->csv, strlen(loading->csv), &loading->layer,
                                &problem) ||
           refuse_table(req, loading, &problem, err);
}

/* ---- is it the right table? ------------------------------------------------------------------ */

static bool refuse_year(Request *req, const Loading *loading, const char *code, int year,
                        Error *err)
{
    return error_set(err, ERROR_INVALID, .code = code, .field = loading->field,
                     .with = {{"year", arena_printf(req->arena, "%d", year)}});
}

static CalendarTable *table_of(Request *req, const CalendarLayer *layer, Error *err)
{
    CalendarSpec spec = {.layers = layer,
                         .layer_count = 1,
                         .division = "",
                         .zone_offset_minutes = CALENDAR_ZONE_CHINA};
    return calendar_build(req->arena, &spec, err);
}

/* A notice speaks of its own year and the last weeks of the year before; a table with other days is
 * another year's, and would change promises that nobody meant. */
static bool check_year(Request *req, const Loading *loading, Error *err)
{
    int64_t year;
    if (!text_starts_with(loading->code, "cn-") || !text_to_int64(loading->code + 3, &year))
        return true;
    Date first = date_of((int)year - 1, DECEMBER, 1), last = date_of((int)year, DECEMBER, 31);
    for (size_t i = 0; i < loading->layer.rule_count; i++) {
        Date date = loading->layer.rules[i].date;
        if (date_compare(date, first) < 0 || date_compare(date, last) > 0)
            return error_set(
                err, ERROR_INVALID, .code = "admin.other_year", .field = loading->field,
                .with = {{"date", date_text(req->arena, date)}, {"code", loading->code}});
    }
    const CalendarTable *table = table_of(req, &loading->layer, err);
    return table && (calendar_is_announced(table, (int)year) ||
                     refuse_year(req, loading, "admin.not_announced", (int)year, err));
}

/* A version replaces the whole of the one before: no year that was known may get lost. */
static bool check_nothing_lost(Request *req, const Loading *loading, Error *err)
{
    Definition before;
    CalendarLayer layer;
    bool is_found;
    if (!definition_in_force(req->conn, req->arena, req->tenant, "calendar", loading->code,
                             date_of(9999, DECEMBER, 31), &before, &is_found, err))
        return false;
    if (!is_found || !text_starts_with(loading->code, "cn"))
        return true;
    if (!calendar_layer_parse(req->arena, "", before.content, strlen(before.content), &layer, err))
        return false;
    const CalendarTable *old = table_of(req, &layer, err);
    const CalendarTable *new = old ? table_of(req, &loading->layer, err) : NULL;
    if (!new)
        return false;
    for (int year = calendar_last_announced(old); year > 1949; year--)
        if (calendar_is_announced(old, year) && !calendar_is_announced(new, year))
            return refuse_year(req, loading, "admin.year_lost", year, err);
    return true;
}

bool load_prepare(Request *req, Error *err)
{
    Loading *loading = arena_new(req->arena, Loading);
    loading->code = input_text(req, "code");
    if (!is_code(req->arena, loading->code))
        return error_set(err, ERROR_INVALID, .code = "admin.bad_code", .field = "code");
    req->state = loading;
    return read_csv(req, loading, err) && parse(req, loading, err) &&
           check_year(req, loading, err) && check_nothing_lost(req, loading, err);
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void wake(void *data)
{
    App *app = data;
    scheduler_wake(app->scheduler, "rederive");
}

/* The definition's own entry tells what was published; this one, who did it. */
static bool tell_who(Tx *tx, const Request *req, const Loading *loading, Error *err)
{
    JournalEntry entry = {.tenant = req->tenant,
                          .kind = "calendar.loaded",
                          .actor_kind = "officer",
                          .actor = req->user.id,
                          .unit = req->user.unit,
                          .subject = arena_printf(tx_arena(tx), "calendar:%s", loading->code),
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

bool load_act(Tx *tx, Request *req, Error *err)
{
    App *app = request_app(req);
    const Loading *loading = req->state;
    Date today = instant_date(req->now, app->zone_minutes);
    CalendarLoadedView *view = arena_new(req->arena, CalendarLoadedView);
    *view = (CalendarLoadedView){.code = loading->code, .days = (int64_t)loading->layer.rule_count};
    if (!calendars_publish(tx, app->calendars, req->tenant, loading->code, loading->csv, today,
                           err) ||
        !tell_who(tx, req, loading, err))
        return false;
    tx_after_commit(tx, wake, app);
    return request_done(req, 201, "/admin/calendar", &CalendarLoadedView_type, view,
                        "admin.loaded");
}
