/*
 * workbench_pages.c - /workbench: definitions by kind, one definition with its versions, its files;
 * the route table.
 */
#include "apps/identity/identity.h"
#include "apps/workbench/workbench_internal.h"
#include "format/urlencoded.h"

#include <string.h>

enum { CODE_MOST = 60 };

static const char *const kind_choices[] = {"item",    "table",  "form",   "process",  "template",
                                           "grounds", "papers", "rating", "scenario", NULL};

static const InputField list_input[] = {
    {"kind", INPUT_CHOICE, 0, .choices = kind_choices, .label = "workbench.kind"},
    {0},
};
static const InputField new_input[] = {
    {"kind", INPUT_CHOICE, INPUT_REQUIRED, .choices = kind_choices, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_REQUIRED, .most = CODE_MOST, .label = "workbench.code"},
    {0},
};
const InputField workbench_code_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = CODE_MOST,
     .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = CODE_MOST,
     .label = "workbench.code"},
    {0},
};
static const InputField version_input[] = {{"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED}, {0}};

/* ---- what pages share ------------------------------------------------------------------------ */

static bool is_code(const char *code)
{
    return *code && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code);
}

bool workbench_name(const Request *req, const char **out_kind, const char **out_code, Error *err)
{
    *out_kind = input_text(req, "kind");
    *out_code = input_text(req, "code");
    bool is_known = *out_kind && *out_code && catalogue_ending(*out_kind) && is_code(*out_code) &&
                    (!catalogue_is_single(*out_kind) || text_equal(*out_kind, *out_code));
    return is_known || error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
}

const char *workbench_path(Request *req, const char *kind, const char *code, const char *behind)
{
    return arena_printf(req->arena, "/workbench/%s/%s%s", kind, code, behind);
}

Date workbench_next_day(const Request *req, const Definitions *versions)
{
    int year, month, day;
    date_split(instant_date(req->now, request_app(req)->zone_minutes), &year, &month, &day);
    Date first = month == 12 ? date_of(year + 1, 1, 1) : date_of(year, month + 1, 1);
    list_each (Definition, one, versions)
        if (date_compare(one->effective_from, first) > 0)
            first = one->effective_from;
    return first;
}

bool workbench_send_file(Request *req, const char *name, const char *text)
{
    Buffer value = buffer_init(req->arena, 0);
    buffer_add(&value, "attachment; filename*=UTF-8''");
    urlencoded_add_part(&value, name);
    request_set_header(req, "Content-Disposition", buffer_text(&value));
    return request_send(req, 200, "application/octet-stream", text, strlen(text));
}

/* ---- the list -------------------------------------------------------------------------------- */

static const DraftLine *draft_of(const DraftLines *drafts, const char *code)
{
    list_each (DraftLine, draft, drafts)
        if (text_equal(draft->code, code))
            return draft;
    return NULL;
}

static bool has_version(const Definitions *all, const char *code)
{
    list_each (Definition, one, all)
        if (text_equal(one->code, code))
            return true;
    return false;
}

static void add_line(Request *req, WorkbenchView *view, const Definition *one,
                     const DraftLine *draft, Error *err)
{
    view->definitions.items[view->definitions.count++] = (WorkbenchLineView){
        .kind = view->kind,
        .code = one->code,
        .name = workbench_own_name(req, view->kind, one->code),
        .version = one->version,
        .effective_from = one->effective_from,
        .has_draft = draft != NULL,
        .draft_by = draft ? identity_officer_label(req, draft->officer, err) : NULL};
}

static bool show_definitions(Request *req, WorkbenchView *view, Error *err)
{
    Definitions all = {0};
    DraftLines drafts = {0};
    if (!definition_list(req->conn, req->arena, req->tenant, view->kind, &all, err) ||
        !store_drafts(req->conn, req->arena, req->tenant, view->kind, &drafts, err))
        return false;
    view->definitions.items = arena_array(req->arena, WorkbenchLineView, all.count + drafts.count);
    list_each (DraftLine, draft, &drafts)
        if (!has_version(&all, draft->code))
            add_line(req, view, &(Definition){.code = draft->code, .effective_from = DATE_NONE},
                     draft, err);
    list_each (Definition, one, &all)
        if (text_is_empty(one->division)) /* those of places follow that of everywhere */
            add_line(req, view, one, draft_of(&drafts, one->code), err);
    return !error_is_set(err);
}

static bool workbench_page(Request *req, Error *err)
{
    WorkbenchView *view = arena_new(req->arena, WorkbenchView);
    const char *kind = input_text(req, "kind");
    view->kind = kind ? kind : "item";
    view->kinds.items =
        arena_array(req->arena, WorkbenchKindView, sizeof kind_choices / sizeof *kind_choices);
    for (size_t i = 0; kind_choices[i]; i++)
        view->kinds.items[view->kinds.count++] =
            (WorkbenchKindView){kind_choices[i], text_equal(kind_choices[i], view->kind)};
    view->has_import = text_equal(view->kind, "item");
    view->new_kind = request_field(req, new_input, "kind", view->kind);
    view->new_code = request_field(req, new_input, "code", NULL);
    view->new_code.hint = request_text(req, "workbench.code_hint");
    view->empty = (EmptyState){.title = request_text(req, "workbench.none"),
                               .text = request_text(req, "workbench.none_text")};
    return show_definitions(req, view, err) && request_show(req, &WorkbenchView_type, view);
}

/* ---- one definition -------------------------------------------------------------------------- */

/* Versions of a place come together, newest first: the one in force there is that with the latest
 * day that has come. */
static void set_states(Request *req, DefinitionView *view)
{
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    VersionView *now = NULL;
    for (size_t i = 0; i < view->versions.count; i++) {
        VersionView *one = &view->versions.items[i];
        bool has_come = date_compare(one->effective_from, today) <= 0;
        bool is_same_place = now && text_equal(one->place, now->place);
        one->state = has_come ? "past" : "later";
        if (!has_come ||
            (is_same_place && date_compare(one->effective_from, now->effective_from) <= 0))
            continue;
        if (is_same_place)
            now->state = "past";
        now = one;
        now->state = "now";
    }
}

static bool show_version(Request *req, const Definition *one, VersionView *out, Error *err)
{
    Published published;
    if (!store_publication(req->conn, req->arena, req->tenant, one->id, &published, err))
        return false;
    *out = (VersionView){.id = one->id,
                         .version = one->version,
                         .effective_from = one->effective_from,
                         .place = workbench_place_name(req, one->division, err),
                         .published_at = one->published_at,
                         .officer = identity_officer_label(req, published.officer, err),
                         .reason = published.reason,
                         .back_to = published.back_to,
                         .has_english = catalogue_has_english(one->kind),
                         .hash = one->hash};
    return !error_is_set(err);
}

static bool show_versions(Request *req, const Definitions *all, DefinitionView *view, Error *err)
{
    view->versions.items = arena_array(req->arena, VersionView, all->count);
    list_each (Definition, one, all)
        if (!show_version(req, one, &view->versions.items[view->versions.count++], err))
            return false;
    set_states(req, view);
    view->has_places = all->count && *all->items[all->count - 1].division;
    return !error_is_set(err);
}

static FieldChoice version_choice(Request *req, const Definition *one)
{
    return (FieldChoice){.value = arena_printf(req->arena, "%lld", (long long)one->id),
                         .label = workbench_version_label(req, one)};
}

/* Any version but the newest of its place can come back. */
static bool can_return(const Definitions *all, size_t index)
{
    return index > 0 && text_equal(all->items[index].division, all->items[index - 1].division);
}

static void show_return(Request *req, const Definitions *all, DefinitionView *view)
{
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    for (size_t i = 0; i < all->count; i++)
        view->can_return |= can_return(all, i);
    if (!view->can_return)
        return;
    const char *day = date_text(req->arena, workbench_next_day(req, all));
    view->definition = request_field(req, workbench_return_input, "definition", NULL);
    view->definition.type = "choice";
    view->definition.choices.items = arena_array(req->arena, FieldChoice, all->count);
    view->definition.choices.count = 0;
    for (size_t i = 1; i < all->count; i++)
        if (can_return(all, i))
            view->definition.choices.items[view->definition.choices.count++] =
                version_choice(req, &all->items[i]);
    view->from = request_field(req, workbench_return_input, "from", day);
    view->reason = request_field(req, workbench_return_input, "reason", NULL);
}

bool definition_page(Request *req, Error *err)
{
    DefinitionView *view = arena_new(req->arena, DefinitionView);
    Definitions all = {0};
    Draft draft;
    if (!workbench_name(req, &view->kind, &view->code, err) ||
        !workbench_versions(req, view->kind, view->code, &all, err) ||
        !store_draft(req->conn, req->arena, req->tenant, view->kind, view->code, &draft, err))
        return false;
    if (!all.count && !draft.revision)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    view->name = workbench_own_name(req, view->kind, view->code);
    view->title = workbench_title(req, view->kind, view->code);
    view->has_draft = draft.revision != 0;
    view->draft_by = identity_officer_label(req, draft.officer, err);
    view->draft_at = draft.saved_at;
    if (error_is_set(err) || !show_versions(req, &all, view, err))
        return false;
    view->can_try = text_equal(view->kind, "table");
    view->can_compare = text_equal(view->kind, "table") && all.count + view->has_draft > 1;
    show_return(req, &all, view);
    return request_show(req, &DefinitionView_type, view);
}

/* ---- files of a version ---------------------------------------------------------------------- */

static bool version_files(Request *req, DefinitionFiles *out, int64_t *out_version, Error *err)
{
    Definition one;
    if (!definition_by_id(req->conn, req->arena, req->tenant, input_id(req, "id"), &one, err))
        return false;
    *out_version = one.version;
    return catalogue_files(req->arena, &one, out, err);
}

static bool file_page(Request *req, Error *err)
{
    DefinitionFiles files;
    int64_t version;
    if (!version_files(req, &files, &version, err))
        return false;
    return workbench_send_file(
        req, arena_printf(req->arena, "%s%s", files.code, catalogue_ending(files.kind)),
        files.source);
}

static bool english_page(Request *req, Error *err)
{
    DefinitionFiles files;
    int64_t version;
    if (!version_files(req, &files, &version, err))
        return false;
    if (!files.english)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    return workbench_send_file(req, arena_printf(req->arena, "%s.en.json", files.code),
                               files.english);
}

const Route workbench_routes[] = {
    ROUTE_GET("/workbench", RIGHT_DEFINITION_WORK, workbench_page, &WorkbenchView_type, list_input,
              "Definitions of a kind, with their drafts"),
    ROUTE_GET_HEAVY("/workbench/new", RIGHT_DEFINITION_WORK, draft_page, &DraftView_type, new_input,
                    "The editor for a definition, also a new one"),
    ROUTE_GET("/workbench/items/import", RIGHT_DEFINITION_WORK, items_import_page,
              &ItemsImportView_type, NULL, "Where a workbook of items is uploaded"),
    ROUTE_GET_HEAVY("/workbench/items/import/template.xlsx", RIGHT_DEFINITION_WORK,
                    items_template_page, NULL, NULL, "The workbook of items to fill in"),
    ROUTE_POST_HEAVY("/workbench/items/import", RIGHT_DEFINITION_WORK, items_upload_prepare,
                     items_upload_act, items_import_page, &ItemsImportedView_type,
                     items_upload_input, "Upload a workbook of items, to look at what it would do"),
    ROUTE_GET_HEAVY("/workbench/items/import/{id}", RIGHT_DEFINITION_WORK, items_plan_page,
                    &ItemsPlanView_type, items_plan_input,
                    "What a workbook would do, row by row; or its drafts"),
    ROUTE_POST_HEAVY("/workbench/items/import/{id}/drafts", RIGHT_DEFINITION_WORK,
                     items_save_prepare, items_save_act, items_plan_page, &ItemsSavedView_type,
                     items_save_input, "Make drafts of the rows of a workbook"),
    ROUTE_POST_HEAVY("/workbench/items/import/{id}/publish", RIGHT_DEFINITION_WORK,
                     items_publish_prepare, items_publish_act, items_plan_page,
                     &ItemsPublishedView_type, items_publish_input,
                     "Publish the drafts of an import together, from a day"),
    ROUTE_POST("/workbench/items/import/{id}/discard", RIGHT_DEFINITION_WORK, items_discard_prepare,
               items_discard_act, NULL, NULL, items_discard_input,
               "Throw an import away, with its drafts"),
    ROUTE_GET("/workbench/{kind}/{code}", RIGHT_DEFINITION_WORK, definition_page,
              &DefinitionView_type, workbench_code_input, "One definition with its versions"),
    ROUTE_GET_HEAVY("/workbench/{kind}/{code}/difference", RIGHT_DEFINITION_WORK, difference_page,
                    &DifferenceView_type, workbench_difference_input,
                    "What two versions of a table mean differently"),
    ROUTE_GET_HEAVY("/workbench/{kind}/{code}/trial", RIGHT_DEFINITION_WORK, trial_page,
                    &TrialView_type, workbench_trial_input,
                    "What a table answers to typed inputs, and which rules fire"),
    ROUTE_GET("/workbench/versions/{id}/file", RIGHT_DEFINITION_WORK, file_page, NULL,
              version_input, "The file of a version"),
    ROUTE_GET("/workbench/versions/{id}/english", RIGHT_DEFINITION_WORK, english_page, NULL,
              version_input, "The English texts of a version"),
    ROUTE_GET_HEAVY("/workbench/{kind}/{code}/draft", RIGHT_DEFINITION_WORK, draft_page,
                    &DraftView_type, workbench_code_input,
                    "The draft of a definition, and what is wrong with it"),
    ROUTE_GET("/workbench/{kind}/{code}/draft/file", RIGHT_DEFINITION_WORK, draft_file_page, NULL,
              workbench_code_input, "The file of a draft"),
    ROUTE_GET_HEAVY("/workbench/{kind}/{code}/draft/sheet.xlsx", RIGHT_DEFINITION_WORK,
                    draft_sheet_page, NULL, workbench_code_input,
                    "The tables of a draft, or of the newest version, as a spreadsheet"),
    ROUTE_GET_HEAVY("/workbench/versions/{id}/sheet.xlsx", RIGHT_DEFINITION_WORK,
                    version_sheet_page, NULL, version_input,
                    "The tables of a version as a spreadsheet"),
    ROUTE_POST_HEAVY("/workbench/{kind}/{code}/draft/sheet", RIGHT_DEFINITION_WORK, sheet_prepare,
                     draft_act, draft_page, &DraftSavedView_type, workbench_sheet_input,
                     "Put the rules of a spreadsheet into the draft"),
    ROUTE_POST_HEAVY("/workbench/{kind}/{code}/draft", RIGHT_DEFINITION_WORK, draft_prepare,
                     draft_act, draft_page, &DraftSavedView_type, workbench_draft_input,
                     "Save a draft"),
    ROUTE_POST("/workbench/{kind}/{code}/discard", RIGHT_DEFINITION_WORK, discard_prepare,
               discard_act, NULL, NULL, workbench_discard_input, "Throw a draft away"),
    ROUTE_POST_HEAVY("/workbench/{kind}/{code}/publish", RIGHT_DEFINITION_WORK, publish_prepare,
                     publish_act, draft_page, &PublishedView_type, workbench_publish_input,
                     "Publish a draft from a day"),
    ROUTE_POST_HEAVY("/workbench/{kind}/{code}/return", RIGHT_DEFINITION_WORK, return_prepare,
                     return_act, definition_page, &PublishedView_type, workbench_return_input,
                     "Publish an older version again"),
    ROUTE_END,
};
