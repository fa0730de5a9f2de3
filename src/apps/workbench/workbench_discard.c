/* workbench_discard.c - POST /workbench/{kind}/{code}/discard: a draft is thrown away. */
#include "apps/workbench/workbench_internal.h"

const InputField workbench_discard_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"revision", INPUT_ID, INPUT_REQUIRED, .label = "workbench.draft"},
    {0},
};

/* Where to go afterwards: the definition, or the list where nothing is left of it. */
bool discard_prepare(Request *req, Error *err)
{
    const char *kind, *code;
    Definitions versions = {0};
    if (!workbench_name(req, &kind, &code, err) ||
        !definition_versions(req->conn, req->arena, req->tenant, kind, code, 1, &versions, err))
        return false;
    req->state = (void *)(versions.count ? workbench_path(req, kind, code, "")
                                         : arena_printf(req->arena, "/workbench?kind=%s", kind));
    return true;
}

bool discard_act(Tx *tx, Request *req, Error *err)
{
    const char *kind, *code;
    return workbench_name(req, &kind, &code, err) &&
           workbench_discard(tx, request_app(req), &req->user, kind, code,
                             input_id(req, "revision"), err) &&
           request_done(req, 200, req->state, NULL, NULL, "workbench.discarded.flash");
}
