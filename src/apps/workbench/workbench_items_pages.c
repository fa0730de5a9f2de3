/*
 * workbench_items_pages.c - a catalogue of items in one afternoon: a workbook uploaded, looked at
 * row by row, made drafts of, published from a day on; or thrown away.
 */
#include "apps/identity/identity.h"
#include "apps/workbench/workbench_internal.h"
#include "apps/workbench/workbench_items.h"
#include "service/list_export.h"

#include <string.h>

enum { IMPORTS_SHOWN = 20, NAME_MOST = 100 };

static const char *const shown_choices[] = {"all", "new", "changed", "same", "wrong", NULL};

const InputField items_upload_input[] = {
    {"workbook", INPUT_FILE, 0, .most = ITEMS_FILE_MOST, .label = "import.workbook"},
    {0},
};
const InputField items_plan_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"show", INPUT_CHOICE, 0, .choices = shown_choices, .label = "import.show"},
    {0},
};
const InputField items_save_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"right_only", INPUT_BOOL, 0, .label = "import.right_only"},
    {0},
};
const InputField items_publish_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"revision", INPUT_ID, INPUT_REQUIRED, .label = "workbench.draft"},
    {"from", INPUT_DATE, INPUT_REQUIRED, .label = "workbench.from"},
    {"reason", INPUT_LINES, INPUT_REQUIRED, .most = REASON_MOST, .label = "workbench.reason"},
    {0},
};
const InputField items_discard_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};

static const char *path_of(Request *req, Id id, const char *behind)
{
    return arena_printf(req->arena, "/workbench/items/import/%lld%s", (long long)id, behind);
}

/* ---- uploading ------------------------------------------------------------------------------- */

bool items_import_page(Request *req, Error *err)
{
    ItemsImportView *view = arena_new(req->arena, ItemsImportView);
    ItemsImports all = {0};
    FieldErrors errors = request_errors(req);
    if (!store_imports(req->conn, req->arena, req->tenant, IMPORTS_SHOWN, &all, err))
        return false;
    view->imports.items = arena_array(req->arena, ItemsImportLineView, all.count);
    list_each (const ItemsImport, one, &all)
        view->imports.items[view->imports.count++] =
            (ItemsImportLineView){.id = one->id,
                                  .file_name = one->file_name,
                                  .officer = identity_officer_label(req, one->officer, err),
                                  .uploaded_at = one->uploaded_at,
                                  .is_saved = one->is_saved};
    view_list_set(&view->errors, &errors);
    return !error_is_set(err) && request_show(req, &ItemsImportView_type, view);
}

bool items_template_page(Request *req, Error *err)
{
    const char *data;
    size_t length;
    return items_template(request_app(req), req->conn, req->arena, req->language, &data, &length,
                          err) &&
           sheet_send(req, request_text(req, "import.template_name"), data, length);
}

/* The day for which it is looked at: the one that a publication is offered. */
static Date plan_day(const Request *req)
{
    return workbench_next_day(req, &(Definitions){0});
}

/* A name to find it again by, not too long. */
static const char *short_name(Request *req, const char *name)
{
    const char *at = name;
    for (int i = 0; i < NAME_MOST && *at; i++)
        text_next(&at);
    return arena_text_n(req->arena, name, (size_t)(at - name));
}

/* The errors of a file are all about its field. */
static bool refuse_file(Request *req, Error *wrong, Error *err)
{
    for (Error *each = wrong; each; each = each->next)
        each->field = "workbook";
    *err = error_copy(req->arena, wrong);
    return false;
}

bool items_upload_prepare(Request *req, Error *err)
{
    const InputFile *sent;
    Error wrong = ERROR_NONE;
    size_t count = input_files(req, "workbook", &sent);
    if (!count || !sent[0].size)
        return error_set(err, ERROR_INVALID, .code = "import.no_file", .field = "workbook");
    if (!items_can_read(req->arena, sent[0].data, sent[0].size, &wrong))
        return refuse_file(req, &wrong, err);
    req->state = (void *)sent;
    return true;
}

bool items_upload_act(Tx *tx, Request *req, Error *err)
{
    const InputFile *sent = req->state;
    ItemsImportedView *view = arena_new(req->arena, ItemsImportedView);
    DbBytes workbook = {sent->data, sent->size};
    return workbench_import(tx, request_app(req), &req->user, short_name(req, sent->name), workbook,
                            &view->import, err) &&
           request_done(req, 201, path_of(req, view->import, ""), &ItemsImportedView_type, view,
                        NULL);
}

/* ---- looking at it --------------------------------------------------------------------------- */

static bool find_import(Request *req, ItemsImport *out, Error *err)
{
    if (!store_import(req->conn, req->arena, req->tenant, input_id(req, "id"), out, err))
        return false;
    return out->id || error_set(err, ERROR_NOT_FOUND, .code = "workbench.no_import");
}

static bool plan_of(Request *req, const ItemsImport *import, ItemsPlan *out, Error *err)
{
    return items_plan(request_app(req), req->conn, req->arena, req->language, import->workbook.data,
                      import->workbook.size, plan_day(req), out, err);
}

static void add_problems(Request *req, const Error *problems, ItemProblemView **out,
                         size_t *out_count)
{
    size_t count = 0;
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        count++;
    *out = arena_array(req->arena, ItemProblemView, count);
    *out_count = 0;
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        (*out)[(*out_count)++] = (ItemProblemView){workbench_problem_text(req, each)};
}

static void show_line(Request *req, const ItemLine *line, ItemsRowView *out)
{
    *out = (ItemsRowView){.sheet = line->sheet,
                          .row = line->row,
                          .code = line->code,
                          .name = both_in(line->name, req->language),
                          .change = item_change_name(line->change)};
    if (line->change == ITEM_CHANGED) {
        out->changes.items = arena_array(req->arena, ItemChangeView, line->changes.count);
        list_each (const char *const, key, &line->changes)
            out->changes.items[out->changes.count++] = (ItemChangeView){request_text(req, *key)};
    }
    add_problems(req, &line->problems, &out->problems.items, &out->problems.count);
}

static bool is_shown(const ItemLine *line, const char *shown)
{
    return text_equal(shown, "all") || text_equal(shown, item_change_name(line->change));
}

static void show_counts(Request *req, const ItemsPlan *plan, const char *shown, ItemsPlanView *view)
{
    view->counts.items = arena_array(req->arena, ItemCountView, ITEM_CHANGES + 1);
    view->counts.items[view->counts.count++] =
        (ItemCountView){"all", (int64_t)plan->lines.count, text_equal(shown, "all")};
    for (int change = 0; change < ITEM_CHANGES; change++) {
        const char *name = item_change_name((ItemChange)change);
        view->counts.items[view->counts.count++] =
            (ItemCountView){name, (int64_t)plan->counts[change], text_equal(shown, name)};
    }
}

static void show_plan(Request *req, const ItemsPlan *plan, ItemsPlanView *view)
{
    const char *asked = input_text(req, "show");
    const char *shown = asked ? asked : plan->counts[ITEM_WRONG] ? "wrong" : "all";
    view->lines.items = arena_array(req->arena, ItemsRowView, plan->lines.count);
    list_each (const ItemLine, line, &plan->lines)
        if (is_shown(line, shown))
            show_line(req, line, &view->lines.items[view->lines.count++]);
    show_counts(req, plan, shown, view);
    view->is_right = items_plan_is_right(plan, false);
    view->has_right = items_plan_is_right(plan, true);
    view->right_count = (int64_t)(plan->counts[ITEM_NEW] + plan->counts[ITEM_CHANGED]);
    view->wrong_count = (int64_t)plan->counts[ITEM_WRONG];
    view->changes_limits = plan->limits.source != NULL;
    view->right_only = request_field(req, items_save_input, "right_only", NULL);
    add_problems(req, &plan->problems, &view->problems.items, &view->problems.count);
}

static Id newest_revision(const DraftNames *names)
{
    Id newest = 0;
    list_each (const DraftName, name, names)
        newest = name->revision > newest ? name->revision : newest;
    return newest;
}

/* Drafts that may have been changed in the editor since. */
static bool show_drafts(Request *req, const ItemsImport *import, ItemsPlanView *view, Error *err)
{
    DefinitionSet set = {0};
    DraftNames names = {0};
    Error problems = ERROR_NONE;
    if (!store_drafts_of_import(req->conn, req->arena, req->tenant, import->id, &set, &names,
                                err) ||
        !workbench_check(req, &set, (DefinitionScope){view->checked_for, ""}, &problems, err))
        return false;
    view->draft_count = (int64_t)names.count;
    view->revision = newest_revision(&names);
    add_problems(req, &problems, &view->problems.items, &view->problems.count);
    const char *day = date_text(req->arena, view->checked_for);
    view->from = request_field(req, items_publish_input, "from", day);
    view->reason = request_field(req, items_publish_input, "reason", NULL);
    view->reason.hint = request_text(req, "workbench.reason_hint");
    return true;
}

/* Also the page again after what was sent was refused. */
bool items_plan_page(Request *req, Error *err)
{
    ItemsPlanView *view = arena_new(req->arena, ItemsPlanView);
    FieldErrors errors = request_errors(req);
    ItemsImport import;
    ItemsPlan plan;
    if (!find_import(req, &import, err))
        return false;
    view->id = import.id;
    view->file_name = import.file_name;
    view->officer = identity_officer_label(req, import.officer, err);
    view->uploaded_at = import.uploaded_at;
    view->checked_for = plan_day(req);
    view->is_saved = import.is_saved;
    view->can_discard = import.officer == req->user.id;
    view_list_set(&view->errors, &errors);
    if (error_is_set(err))
        return false;
    if (import.is_saved ? !show_drafts(req, &import, view, err)
                        : !plan_of(req, &import, &plan, err))
        return false;
    if (!import.is_saved)
        show_plan(req, &plan, view);
    return request_show(req, &ItemsPlanView_type, view);
}

/* ---- drafts ---------------------------------------------------------------------------------- */

typedef struct Saving {
    DefinitionSet files;
    Id newest;
} Saving;

static bool may_save(const ItemsPlan *plan, bool right_only, Error *err)
{
    if (items_plan_is_right(plan, right_only))
        return true;
    if (error_is_set(&plan->problems))
        return error_set(err, ERROR_CONFLICT, .code = plan->problems.code);
    if (plan->counts[ITEM_WRONG] && !right_only)
        return error_set(err, ERROR_INVALID, .code = "import.wrong_rows", .field = "right_only");
    return error_set(err, ERROR_INVALID, .code = "import.nothing");
}

bool items_save_prepare(Request *req, Error *err)
{
    Saving *saving = arena_new(req->arena, Saving);
    ItemsImport import;
    ItemsPlan plan;
    req->state = saving;
    if (!store_import(req->conn, req->arena, req->tenant, input_id(req, "id"), &import, err) ||
        !definition_newest_id(req->conn, req->tenant, &saving->newest, err))
        return false;
    /* Saved, or gone: the verb says so, after the answer of a repeated key. */
    if (!import.id || import.is_saved)
        return true;
    if (!plan_of(req, &import, &plan, err) || !may_save(&plan, input_bool(req, "right_only"), err))
        return false;
    items_plan_files(req->arena, &plan, &saving->files);
    return true;
}

bool items_save_act(Tx *tx, Request *req, Error *err)
{
    const Saving *saving = req->state;
    Id id = input_id(req, "id");
    ItemsSavedView *view = arena_new(req->arena, ItemsSavedView);
    view->count = (int64_t)saving->files.count;
    return workbench_import_save(tx, request_app(req), &req->user, id, &saving->files,
                                 saving->newest, err) &&
           request_done(req, 200, path_of(req, id, ""), &ItemsSavedView_type, view,
                        "import.saved.flash");
}

/* ---- publishing ------------------------------------------------------------------------------ */

bool items_publish_prepare(Request *req, Error *err)
{
    Publication *what = arena_new(req->arena, Publication);
    DefinitionSet set = {0};
    ItemsImport import;
    *what = (Publication){
        .from = input_date(req, "from"), .division = "", .reason = input_text(req, "reason")};
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    req->state = what;
    if (date_compare(what->from, today) < 0)
        return error_set(err, ERROR_INVALID, .code = "workbench.past", .field = "from");
    if (!store_import(req->conn, req->arena, req->tenant, input_id(req, "id"), &import, err) ||
        !definition_newest_id(req->conn, req->tenant, &what->newest, err) ||
        !store_drafts_of_import(req->conn, req->arena, req->tenant, import.id, &set, &what->drafts,
                                err))
        return false;
    if (import.id && !import.is_saved)
        return error_set(err, ERROR_INVALID, .code = "import.no_drafts");
    /* Others, or none: the verb says so, after the answer of a repeated key. */
    if (newest_revision(&what->drafts) != input_id(req, "revision"))
        what->drafts.count = 0;
    if (!import.id || !what->drafts.count)
        return true;
    return workbench_check_publication(req, &set, what, err);
}

bool items_publish_act(Tx *tx, Request *req, Error *err)
{
    const Publication *what = req->state;
    ItemsPublishedView *view = arena_new(req->arena, ItemsPublishedView);
    *view = (ItemsPublishedView){(int64_t)what->drafts.count, what->from};
    return workbench_import_publish(tx, request_app(req), &req->user, input_id(req, "id"), what,
                                    err) &&
           request_done(req, 200, "/workbench?kind=item", &ItemsPublishedView_type, view,
                        "import.published.flash");
}

/* ---- throwing it away ------------------------------------------------------------------------ */

bool items_discard_prepare(Request *req, Error *err)
{
    (void)req;
    (void)err;
    return true;
}

bool items_discard_act(Tx *tx, Request *req, Error *err)
{
    return workbench_import_discard(tx, request_app(req), &req->user, input_id(req, "id"), err) &&
           request_done(req, 200, "/workbench/items/import", NULL, NULL, "import.discarded.flash");
}
