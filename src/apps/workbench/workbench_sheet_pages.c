/*
 * workbench_sheet_pages.c - decision tables as a spreadsheet: of a version, of the draft, and back
 * into the draft.
 */
#include "apps/workbench/workbench_internal.h"
#include "apps/workbench/workbench_sheet.h"
#include "service/list_export.h"

const InputField workbench_sheet_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"revision", INPUT_ID, 0, .label = "workbench.draft"},
    {"sheet", INPUT_FILE, 0, .most = FILE_MOST, .label = "workbench.sheet"},
    {0},
};

static bool send_sheet(Request *req, const DefinitionFiles *files, Error *err)
{
    const char *data;
    size_t length;
    return workbench_sheet_write(req->arena, req->language, files->source, &data, &length, err) &&
           sheet_send(req, files->code, data, length);
}

static bool table_name(const Request *req, DefinitionFiles *files, Error *err)
{
    if (!workbench_name(req, &files->kind, &files->code, err))
        return false;
    return text_equal(files->kind, "table") ||
           error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
}

/* The draft, or the newest version where there is none yet. */
static bool begin_from(Request *req, DefinitionFiles *files, Error *err)
{
    Draft draft;
    Definition newest;
    Definitions versions = {0};
    if (!table_name(req, files, err) ||
        !store_draft(req->conn, req->arena, req->tenant, files->kind, files->code, &draft, err))
        return false;
    if (draft.revision) {
        *files = draft.files;
        return true;
    }
    if (!definition_versions(req->conn, req->arena, req->tenant, files->kind, files->code, 1,
                             &versions, err))
        return false;
    if (!versions.count)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    return definition_by_id(req->conn, req->arena, req->tenant, versions.items[0].id, &newest,
                            err) &&
           catalogue_files(req->arena, &newest, files, err);
}

bool draft_sheet_page(Request *req, Error *err)
{
    DefinitionFiles files;
    return begin_from(req, &files, err) && send_sheet(req, &files, err);
}

bool version_sheet_page(Request *req, Error *err)
{
    Definition one;
    DefinitionFiles files;
    if (!definition_by_id(req->conn, req->arena, req->tenant, input_id(req, "id"), &one, err) ||
        !catalogue_files(req->arena, &one, &files, err))
        return false;
    if (!text_equal(files.kind, "table"))
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    return send_sheet(req, &files, err);
}

/* The errors of a spreadsheet are all about its field. */
static bool take_errors(Request *req, Error *wrong, Error *err)
{
    for (Error *each = wrong; each; each = each->next)
        each->field = "sheet";
    *err = error_copy(req->arena, wrong);
    return false;
}

bool sheet_prepare(Request *req, Error *err)
{
    DefinitionFiles *files = arena_new(req->arena, DefinitionFiles);
    const InputFile *sent;
    Error wrong = ERROR_NONE;
    size_t count = input_files(req, "sheet", &sent);
    if (!begin_from(req, files, err))
        return false;
    if (!count || !sent[0].size)
        return error_set(err, ERROR_INVALID, .code = "workbench.sheet_missing", .field = "sheet");
    if (!workbench_sheet_read(req->arena, files->source, sent[0].data, sent[0].size, &files->source,
                              &wrong))
        return take_errors(req, &wrong, err);
    req->state = files;
    return true;
}
