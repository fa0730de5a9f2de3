/*
 * workbench_draft.c - a draft: shown with what is wrong with it, saved, published; and older
 * versions published again.
 *
 *     file or typed text -> draft row -> catalogue_check_files for the day -> problems, or a
 * version
 */
#include "apps/workbench/workbench_internal.h"
#include "apps/identity/identity.h"

#include <string.h>

const InputField workbench_draft_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"revision", INPUT_ID, 0, .label = "workbench.draft"},
    {"source", INPUT_LINES, 0, .most = SOURCE_MOST, .label = "workbench.source"},
    {"english", INPUT_LINES, 0, .most = SOURCE_MOST, .label = "workbench.english"},
    {"file", INPUT_FILE, 0, .most = FILE_MOST, .label = "workbench.file"},
    {"english_file", INPUT_FILE, 0, .most = FILE_MOST, .label = "workbench.english_file"},
    {0},
};
const InputField workbench_publish_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"revision", INPUT_ID, INPUT_REQUIRED, .label = "workbench.draft"},
    {"from", INPUT_DATE, INPUT_REQUIRED, .label = "workbench.from"},
    {"reason", INPUT_LINES, INPUT_REQUIRED, .most = REASON_MOST, .label = "workbench.reason"},
    {"place", INPUT_TEXT, 0, .most = 100, .label = "workbench.where"},
    {"with", INPUT_TEXT, INPUT_REPEATED, .most = 130, .label = "workbench.with"},
    {0},
};
const InputField workbench_return_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"definition", INPUT_ID, INPUT_REQUIRED, .label = "workbench.return_to"},
    {"from", INPUT_DATE, INPUT_REQUIRED, .label = "workbench.from"},
    {"reason", INPUT_LINES, INPUT_REQUIRED, .most = REASON_MOST, .label = "workbench.reason"},
    {0},
};

/* ---- what is wrong --------------------------------------------------------------------------- */

/* In the person's language; where the check names its object in English, that stands behind. */
const char *workbench_problem_text(Request *req, const Error *problem)
{
    if (!problem->message || req->language == LANGUAGE_EN || !message_exists(problem->code))
        return message_of_error(req->arena, req->language, problem);
    Error general = *problem;
    general.message = NULL;
    for (size_t i = 0; i < sizeof general.with / sizeof *general.with; i++)
        if (!general.with[i].name) { /* texts of packs name their file as {field} */
            general.with[i] = (ErrorParam){"field", problem->field ? problem->field : ""};
            break;
        }
    return arena_printf(req->arena, "%s（%s）",
                        message_of_error(req->arena, req->language, &general), problem->message);
}

static void show_problems(Request *req, const Error *problems, ProblemView **out, size_t *out_count)
{
    size_t count = 0;
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        count++;
    *out = arena_array(req->arena, ProblemView, count);
    *out_count = 0;
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        (*out)[(*out_count)++] = (ProblemView){.file = each->field,
                                               .code = each->code,
                                               .line = each->line,
                                               .column = each->column,
                                               .text = workbench_problem_text(req, each)};
}

/* All that is in force is parsed and asked again: of that only what is wrong is kept. */
bool workbench_check(Request *req, const DefinitionSet *set, DefinitionScope scope,
                     Error *out_problems, Error *err)
{
    enum { CHECKED_BYTES_MOST = 256 * 1024 * 1024 };
    Error problems = ERROR_NONE;
    Arena *scratch = arena_create(CHECKED_BYTES_MOST);
    bool is_right =
        catalogue_check_files(request_app(req), req->conn, scratch, set, scope, &problems);
    *out_problems = is_right ? ERROR_NONE : error_copy(req->arena, &problems);
    arena_destroy(scratch);
    return is_right || out_problems->kind != ERROR_INTERNAL || error_fill(err, *out_problems);
}

/* ---- drafts that go together ----------------------------------------------------------------- */

/* What scenarios of the same code say twice. */
static bool carries_scenarios(const char *kind)
{
    static const char *const kinds[] = {"table", "item", "process", "form"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal(kinds[i], kind))
            return true;
    return false;
}

static bool is_companion(const DefinitionFiles *own, const DraftName *other)
{
    bool is_pair = (carries_scenarios(own->kind) && text_equal(other->kind, "scenario")) ||
                   (text_equal(own->kind, "scenario") && carries_scenarios(other->kind));
    return is_pair && text_equal(own->code, other->code);
}

static bool is_same(const DefinitionFiles *own, const DraftName *other)
{
    return text_equal(own->kind, other->kind) && text_equal(own->code, other->code);
}

static const char *name_of(Arena *arena, const DraftName *name)
{
    return arena_printf(arena, "%s:%s", name->kind, name->code);
}

static FieldChoice choice_of(Request *req, const DraftName *name, bool is_chosen)
{
    const char *kind = request_text(req, arena_printf(req->arena, "choice.kind.%s", name->kind));
    return (FieldChoice){.value = name_of(req->arena, name),
                         .label = arena_printf(req->arena, "%s · %s", kind, name->code),
                         .is_chosen = is_chosen};
}

/* The other drafts as boxes; those that go with this one are ticked until somebody says otherwise.
 */
static bool show_others(Request *req, const DefinitionFiles *own, DraftView *view, Error *err)
{
    DraftNames all = {0};
    bool is_refused = request_typed(req, "reason") != NULL;
    if (!store_draft_names(req->conn, req->arena, req->tenant, &all, err))
        return false;
    view->with = request_field(req, workbench_publish_input, "with", NULL);
    view->with.type = "checks";
    view->with.hint = request_text(req, "workbench.with_hint");
    view->with.choices.items = arena_array(req->arena, FieldChoice, all.count);
    view->with.choices.count = 0;
    list_each (DraftName, name, &all) {
        bool is_chosen = is_refused ? input_has(req, "with", name_of(req->arena, name))
                                    : is_companion(own, name);
        if (!is_same(own, name))
            view->with.choices.items[view->with.choices.count++] = choice_of(req, name, is_chosen);
    }
    view->has_others = view->with.choices.count > 0;
    return true;
}

/* Reads a draft into the set; NULL for one that is gone. */
static bool add_draft(Request *req, const char *kind, const char *code, DefinitionSet *set,
                      Id *out_revision, Error *err)
{
    Draft draft;
    if (!store_draft(req->conn, req->arena, req->tenant, kind, code, &draft, err))
        return false;
    *out_revision = draft.revision;
    if (draft.revision)
        list_add(req->arena, set, draft.files);
    return true;
}

/* This draft with those that go with it. */
static bool with_companions(Request *req, const DefinitionFiles *own, DefinitionSet *set,
                            Error *err)
{
    DraftNames all = {0};
    Id revision;
    list_add(req->arena, set, *own);
    if (!store_draft_names(req->conn, req->arena, req->tenant, &all, err))
        return false;
    list_each (DraftName, name, &all)
        if (is_companion(own, name) && !add_draft(req, name->kind, name->code, set, &revision, err))
            return false;
    return true;
}

/* ---- the page -------------------------------------------------------------------------------- */

/* The draft; where there is none, the newest version to begin from. */
static bool begin_draft(Request *req, const Definitions *versions, Draft *draft, Error *err)
{
    Definition newest;
    if (!store_draft(req->conn, req->arena, req->tenant, draft->files.kind, draft->files.code,
                     draft, err))
        return false;
    if (draft->revision || !versions->count)
        return true;
    return definition_by_id(req->conn, req->arena, req->tenant, versions->items[0].id, &newest,
                            err) &&
           catalogue_files(req->arena, &newest, &draft->files, err);
}

static void show_fields(Request *req, const Draft *draft, DraftView *view)
{
    const DefinitionFiles *files = &draft->files;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->source = request_field(req, workbench_draft_input, "source", files->source);
    view->source.max_length = 0;
    view->english = request_field(req, workbench_draft_input, "english", files->english);
    view->english.max_length = 0;
    view->from = request_field(req, workbench_publish_input, "from",
                               date_text(req->arena, view->checked_for));
    view->reason = request_field(req, workbench_publish_input, "reason", NULL);
    view->reason.hint = request_text(req, "workbench.reason_hint");
}

static bool show_checks(Request *req, const Draft *draft, DraftView *view, Error *err)
{
    Error problems = ERROR_NONE;
    DefinitionSet set = {0};
    if (!draft->revision)
        return true;
    if (!show_others(req, &draft->files, view, err) ||
        !with_companions(req, &draft->files, &set, err) ||
        !workbench_check(req, &set, (DefinitionScope){view->checked_for, ""}, &problems, err))
        return false;
    show_problems(req, &problems, &view->problems.items, &view->problems.count);
    return true;
}

/* Also the page again after what was sent was refused. */
bool draft_page(Request *req, Error *err)
{
    DraftView *view = arena_new(req->arena, DraftView);
    Definitions versions = {0};
    Draft draft = {0};
    if (!workbench_name(req, &view->kind, &view->code, err) ||
        !definition_versions(req->conn, req->arena, req->tenant, view->kind, view->code,
                             VERSIONS_SHOWN, &versions, err))
        return false;
    draft.files = (DefinitionFiles){.kind = view->kind, .code = view->code};
    if (!begin_draft(req, &versions, &draft, err))
        return false;
    view->title = workbench_title(req, view->kind, view->code);
    view->ending = catalogue_ending(view->kind);
    view->is_known = versions.count > 0;
    view->has_english = catalogue_has_english(view->kind);
    view->revision = draft.revision;
    view->officer = identity_officer_label(req, draft.officer, err);
    view->saved_at = draft.saved_at;
    view->has_sheet = text_equal(view->kind, "table") && draft.files.source;
    view->can_discard = draft.revision && draft.officer == req->user.id;
    view->can_try = draft.revision && text_equal(view->kind, "table");
    view->can_compare = draft.revision && versions.count && text_equal(view->kind, "table");
    view->checked_for = workbench_next_day(req, &versions);
    show_fields(req, &draft, view);
    view->has_place = text_equal(view->kind, "table");
    return !error_is_set(err) && workbench_place_field(req, &view->place, err) &&
           show_checks(req, &draft, view, err) && request_show(req, &DraftView_type, view);
}

bool draft_file_page(Request *req, Error *err)
{
    const char *kind, *code;
    Draft draft;
    if (!workbench_name(req, &kind, &code, err) ||
        !store_draft(req->conn, req->arena, req->tenant, kind, code, &draft, err))
        return false;
    if (!draft.revision)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    return workbench_send_file(req, arena_printf(req->arena, "%s%s", code, catalogue_ending(kind)),
                               draft.files.source);
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* The uploaded file where there is one, else what was typed; NULL for nothing. */
static bool read_text(Request *req, const char *file, const char *typed, const char **out,
                      Error *err)
{
    const InputFile *files;
    size_t count = input_files(req, file, &files);
    bool has_file = count > 0 && files[0].size > 0;
    const char *text = input_text(req, typed);
    *out = text_is_empty(text) ? NULL : text;
    if (!has_file)
        return true;
    if (!text_is_utf8(files[0].data, files[0].size))
        return error_set(err, ERROR_INVALID, .code = "workbench.encoding", .field = file);
    *out = arena_text_n(req->arena, files[0].data, files[0].size);
    return true;
}

bool draft_prepare(Request *req, Error *err)
{
    DefinitionFiles *files = arena_new(req->arena, DefinitionFiles);
    if (!workbench_name(req, &files->kind, &files->code, err) ||
        !read_text(req, "file", "source", &files->source, err) ||
        !read_text(req, "english_file", "english", &files->english, err))
        return false;
    if (!catalogue_has_english(files->kind))
        files->english = NULL;
    req->state = files;
    return files->source ||
           error_set(err, ERROR_INVALID, .code = "workbench.no_source", .field = "source");
}

bool draft_act(Tx *tx, Request *req, Error *err)
{
    const DefinitionFiles *files = req->state;
    DraftSavedView *view = arena_new(req->arena, DraftSavedView);
    return workbench_save(tx, request_app(req), &req->user, files, input_id(req, "revision"),
                          &view->revision, err) &&
           request_done(req, 200, workbench_path(req, files->kind, files->code, "/draft"),
                        &DraftSavedView_type, view, "workbench.saved");
}

/* ---- publishing ------------------------------------------------------------------------------ */

/* What everything is checked against, told first: what is published meanwhile is then found. */
static bool begin_publication(Request *req, Publication *what, const char **out_kind,
                              const char **out_code, Error *err)
{
    *what = (Publication){
        .from = input_date(req, "from"), .division = "", .reason = input_text(req, "reason")};
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    if (!workbench_name(req, out_kind, out_code, err))
        return false;
    req->state = what;
    if (date_compare(what->from, today) < 0)
        return error_set(err, ERROR_INVALID, .code = "workbench.past", .field = "from");
    return definition_newest_id(req->conn, req->tenant, &what->newest, err);
}

/* Scenarios of the whole program take seconds: they run when nothing else is wrong, and once. */
static bool rehearse(Request *req, const DefinitionSet *set, DefinitionScope scope, Error *problems,
                     Error *err)
{
    if (error_is_set(problems) ||
        catalogue_rehearse(request_app(req), req->conn, req->arena, set, scope, problems))
        return true;
    return text_equal(problems->code, "scenario.failed") || error_fill(err, *problems);
}

/* Each problem is a reason why it is not published. */
bool workbench_check_publication(Request *req, const DefinitionSet *set, const Publication *what,
                                 Error *err)
{
    Error problems;
    DefinitionScope scope = {what->from, what->division};
    if (!workbench_check(req, set, scope, &problems, err) ||
        !rehearse(req, set, scope, &problems, err))
        return false;
    for (const Error *each = &problems; each && error_is_set(each); each = each->next)
        error_add(err, req->arena, ERROR_INVALID, .code = each->code,
                  .message = workbench_problem_text(req, each), .line = each->line,
                  .column = each->column);
    return !error_is_set(err);
}

/* Adds the drafts that were ticked, "kind:code" each. */
static bool add_ticked(Request *req, Publication *what, DefinitionSet *set, Error *err)
{
    const char *const *values;
    size_t count = input_all(req, "with", &values);
    for (size_t i = 0; i < count && i < DRAFTS_TOGETHER; i++) {
        const char **parts;
        Id revision;
        if (text_split(req->arena, values[i], ':', &parts) != 2)
            return error_set(err, ERROR_INVALID, .code = "workbench.no_draft_of", .field = "with");
        if (!add_draft(req, parts[0], parts[1], set, &revision, err))
            return false;
        if (!revision)
            return error_set(err, ERROR_INVALID, .code = "workbench.no_draft_of", .field = "with");
        list_add(req->arena, &what->drafts, ((DraftName){parts[0], parts[1], revision}));
    }
    return true;
}

bool publish_prepare(Request *req, Error *err)
{
    Publication *what = arena_new(req->arena, Publication);
    DefinitionSet set = {0};
    DraftName own;
    Id revision;
    if (!begin_publication(req, what, &own.kind, &own.code, err) ||
        !workbench_place(req, own.kind, &what->division, err) ||
        !add_draft(req, own.kind, own.code, &set, &revision, err))
        return false;
    own.revision = input_id(req, "revision");
    list_add(req->arena, &what->drafts, own);
    /* Another draft, or none: the verb says so, after the answer of a repeated key. */
    if (!revision || revision != own.revision)
        return true;
    return add_ticked(req, what, &set, err) && workbench_check_publication(req, &set, what, err);
}

static bool publish(Tx *tx, Request *req, const char *flash, Error *err)
{
    const Publication *what = req->state;
    PublishedView *view = arena_new(req->arena, PublishedView);
    Definition made;
    if (!workbench_publish(tx, request_app(req), &req->user, what, &made, err))
        return false;
    *view = (PublishedView){made.id, made.version, made.effective_from, made.division};
    return request_done(req, 201, workbench_path(req, made.kind, made.code, ""),
                        &PublishedView_type, view, flash);
}

bool publish_act(Tx *tx, Request *req, Error *err)
{
    return publish(tx, req, "workbench.published.flash", err);
}

/* Adds a version to what comes back. */
static bool add_older(Request *req, Id id, Publication *what, DefinitionSet *set, Definition *out,
                      Error *err)
{
    DefinitionFiles files;
    if (!definition_by_id(req->conn, req->arena, req->tenant, id, out, err) ||
        !catalogue_files(req->arena, out, &files, err))
        return false;
    list_add(req->arena, set, files);
    list_add(req->arena, &what->back_to, id);
    return true;
}

/* The version of the scenarios that belonged to an older version: the newest that was published by
 * then and in force from no later day. */
static bool find_companion(Request *req, const Definition *older, Id *out, Error *err)
{
    Definitions all = {0};
    *out = 0;
    if (carries_scenarios(older->kind) &&
        !definition_versions(req->conn, req->arena, req->tenant, "scenario", older->code,
                             VERSIONS_SHOWN, &all, err))
        return false;
    list_each (Definition, one, &all)
        if (!*out && one->published_at <= older->published_at &&
            date_compare(one->effective_from, older->effective_from) <= 0)
            *out = one->id;
    if (all.count && *out == all.items[0].id)
        *out = 0; /* it never changed since */
    return true;
}

/* What an older version was published with comes back with it: its scenarios are of its time. */
static bool add_companion(Request *req, const Definition *older, Publication *what,
                          DefinitionSet *set, Error *err)
{
    Id companion;
    Definition found;
    return find_companion(req, older, &companion, err) &&
           (!companion || add_older(req, companion, what, set, &found, err));
}

bool return_prepare(Request *req, Error *err)
{
    Publication *what = arena_new(req->arena, Publication);
    const char *kind, *code;
    DefinitionSet set = {0};
    Definition older;
    if (!begin_publication(req, what, &kind, &code, err) ||
        !add_older(req, input_id(req, "definition"), what, &set, &older, err))
        return false;
    if (!text_equal(older.kind, kind) || !text_equal(older.code, code))
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    what->division = older.division;
    return (*older.division || add_companion(req, &older, what, &set, err)) &&
           workbench_check_publication(req, &set, what, err);
}

bool return_act(Tx *tx, Request *req, Error *err)
{
    return publish(tx, req, "workbench.returned.flash", err);
}
