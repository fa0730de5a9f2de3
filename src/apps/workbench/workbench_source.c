/*
 * workbench_source.c - what pages look at or compare: a version by its id, or the draft.
 */
#include "apps/workbench/workbench_internal.h"

#include <string.h>

static bool refuse(Error *err, const char *field)
{
    return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown_version", .field = field);
}

static bool draft_source(Request *req, Source *out, Error *err)
{
    Draft draft;
    if (!store_draft(req->conn, req->arena, req->tenant, out->files.kind, out->files.code, &draft,
                     err))
        return false;
    out->files = draft.files;
    return draft.revision || refuse(err, NULL);
}

bool workbench_source(Request *req, const char *kind, const char *code, const char *name,
                      Source *out, Error *err)
{
    int64_t id;
    Definition version;
    *out = (Source){.name = name, .files = {.kind = kind, .code = code}};
    if (text_equal(name, "draft"))
        return draft_source(req, out, err);
    if (!text_to_int64(name, &id) || id <= 0)
        return refuse(err, NULL);
    if (!definition_by_id(req->conn, req->arena, req->tenant, id, &version, err))
        return false;
    if (!text_equal(version.kind, kind) || !text_equal(version.code, code))
        return refuse(err, NULL);
    return catalogue_files(req->arena, &version, &out->files, err);
}

bool workbench_versions(Request *req, const char *kind, const char *code, Definitions *out,
                        Error *err)
{
    return definition_versions(req->conn, req->arena, req->tenant, kind, code, VERSIONS_SHOWN, out,
                               err) &&
           (!text_equal(kind, "table") ||
            definition_versions_of_places(req->conn, req->arena, req->tenant, kind, code,
                                          VERSIONS_SHOWN, out, err));
}

const char *workbench_version_label(Request *req, const Definition *one)
{
    Error ignored = ERROR_NONE;
    const char *version = arena_printf(req->arena, "%lld", (long long)one->version);
    const char *place = workbench_place_name(req, one->division, &ignored);
    const char *day = date_text(req->arena, one->effective_from);
    return request_text(req, place ? "workbench.version_of_place" : "workbench.version_from",
                        "version", version, "date", day, "place", place ? place : "");
}

static FieldChoice version_choice(Request *req, const Definition *one, const char *chosen)
{
    const char *name = arena_printf(req->arena, "%lld", (long long)one->id);
    return (FieldChoice){.value = name,
                         .label = workbench_version_label(req, one),
                         .is_chosen = text_equal(name, chosen)};
}

void workbench_source_choices(Request *req, const Definitions *versions, bool has_draft,
                              const char *chosen, FormField *field)
{
    field->type = "choice";
    field->is_required = true;
    field->value = chosen;
    field->choices.items = arena_array(req->arena, FieldChoice, versions->count + 1);
    field->choices.count = 0;
    if (has_draft)
        field->choices.items[field->choices.count++] =
            (FieldChoice){.value = "draft",
                          .label = request_text(req, "workbench.draft_now"),
                          .is_chosen = text_equal(chosen, "draft")};
    list_each (const Definition, one, versions)
        field->choices.items[field->choices.count++] = version_choice(req, one, chosen);
}

const Definition *workbench_now(const Request *req, const Definitions *versions)
{
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    const Definition *now = NULL;
    list_each (const Definition, one, versions)
        if (text_is_empty(one->division) && date_compare(one->effective_from, today) <= 0 &&
            (!now || date_compare(one->effective_from, now->effective_from) > 0))
            now = one;
    return now || !versions->count ? now : &versions->items[0];
}
