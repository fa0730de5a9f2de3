/*
 * workbench.c - drafts and publications: what may be kept, and what may become a version.
 *
 *     draft row, files of an older version -> catalogue_publish_files -> who and why -> journal
 */
#include "apps/workbench/workbench.h"

#include "apps/workbench/workbench_store.h"
#include "service/crypto.h"

#include <string.h>

/* ---- drafts ---------------------------------------------------------------------------------- */

static bool refuse_other(Error *err)
{
    return error_set(err, ERROR_CONFLICT, .code = "workbench.conflict", .field = "revision");
}

bool workbench_save(Tx *tx, App *app, const User *officer, const DefinitionFiles *files, Id seen,
                    Id *out_revision, Error *err)
{
    Draft draft;
    if (!store_draft(tx_conn(tx), tx_arena(tx), app->tenant, files->kind, files->code, &draft, err))
        return false;
    if (draft.revision != seen)
        return refuse_other(err);
    *out_revision = tx_new_id(tx);
    draft = (Draft){
        .files = *files, .revision = *out_revision, .officer = officer->id, .saved_at = tx_now(tx)};
    return store_put_draft(tx, app->tenant, &draft, err);
}

static bool tell_discarded(Tx *tx, App *app, const User *officer, const Draft *draft, Error *err)
{
    Arena *arena = tx_arena(tx);
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "revision", draft->revision);
    json_end_object(&json);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = "workbench.discarded",
                          .actor_kind = "officer",
                          .actor = officer->id,
                          .unit = officer->unit,
                          .subject =
                              arena_printf(arena, "%s:%s", draft->files.kind, draft->files.code),
                          .data = buffer_text(&text)};
    return journal_append(tx, &entry, err);
}

bool workbench_discard(Tx *tx, App *app, const User *officer, const char *kind, const char *code,
                       Id seen, Error *err)
{
    Draft draft;
    if (!store_draft(tx_conn(tx), tx_arena(tx), app->tenant, kind, code, &draft, err))
        return false;
    if (!draft.revision || draft.revision != seen)
        return refuse_other(err);
    if (draft.officer != officer->id)
        return error_set(err, ERROR_FORBIDDEN, .code = "workbench.author", .field = "revision");
    return store_drop_draft(tx, app->tenant, kind, code, err) &&
           tell_discarded(tx, app, officer, &draft, err);
}

/* ---- publishing ------------------------------------------------------------------------------ */

/* What it was checked against is still what is in force, and the day is not past. */
static bool may_publish(Tx *tx, App *app, const Publication *what, Error *err)
{
    Id newest;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (date_compare(what->from, today) < 0)
        return error_set(err, ERROR_INVALID, .code = "workbench.past", .field = "from");
    return definition_newest_id(tx_conn(tx), app->tenant, &newest, err) &&
           (newest == what->newest ||
            error_set(err, ERROR_CONFLICT, .code = "workbench.moved", .field = "revision"));
}

/* One version that is made: its files, and which older version they are. */
typedef struct Made {
    DefinitionFiles files;
    int64_t back_to;
    Definition definition;
} Made;

static bool is_new(Tx *tx, App *app, const DefinitionFiles *files, const Publication *what,
                   Error *err)
{
    Definition there;
    DefinitionFiles now;
    bool is_found;
    if (!definition_in_force_at(tx_conn(tx), tx_arena(tx), app->tenant, files->kind, files->code,
                                what->division, what->from, &there, &is_found, err))
        return false;
    if (!is_found || !text_equal(there.division, what->division))
        return true;
    if (!catalogue_files(tx_arena(tx), &there, &now, err))
        return false;
    bool is_same = text_equal(now.source, files->source) && text_equal(now.english, files->english);
    return !is_same || error_set(err, ERROR_CONFLICT, .code = "workbench.nothing_new",
                                 .field = "from", .with = {{"code", files->code}});
}

static const char *entry_data(Arena *arena, const Publication *what, const Made *made)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "definition", made->definition.id);
    json_put_int(&json, "version", made->definition.version);
    json_put_text(&json, "effective_from", date_text(arena, what->from));
    if (*what->division)
        json_put_text(&json, "division", what->division);
    json_put_text(&json, "reason", what->reason);
    if (made->back_to)
        json_put_int(&json, "back_to", made->back_to);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool tell(Tx *tx, App *app, const User *officer, const Publication *what, const Made *made,
                 Error *err)
{
    Arena *arena = tx_arena(tx);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = made->back_to ? "workbench.returned" : "workbench.published",
                          .actor_kind = "officer",
                          .actor = officer->id,
                          .unit = officer->unit,
                          .subject =
                              arena_printf(arena, "%s:%s", made->files.kind, made->files.code),
                          .data = entry_data(arena, what, made)};
    return journal_append(tx, &entry, err);
}

static bool publish_one(Tx *tx, App *app, const User *officer, const Publication *what, Made *made,
                        Error *err)
{
    Published row = {.officer = officer->id, .reason = what->reason, .back_to = made->back_to};
    DefinitionScope scope = {what->from, what->division};
    return catalogue_publish_files(tx, app, &made->files, scope, &made->definition, err) &&
           store_add_publication(tx, app->tenant, made->definition.id, &row, err) &&
           tell(tx, app, officer, what, made, err);
}

typedef LIST(Made) MadeList;

/* The drafts that were checked are read again: all of them before anything is written. */
static bool read_drafts(Tx *tx, App *app, const Publication *what, MadeList *out, Error *err)
{
    list_each (DraftName, name, &what->drafts) {
        Draft draft;
        if (!store_draft(tx_conn(tx), tx_arena(tx), app->tenant, name->kind, name->code, &draft,
                         err))
            return false;
        if (!draft.revision || draft.revision != name->revision)
            return refuse_other(err);
        list_add(tx_arena(tx), out, ((Made){.files = draft.files}));
    }
    return true;
}

static bool read_older(Tx *tx, App *app, const Publication *what, MadeList *out, Error *err)
{
    list_each (Id, id, &what->back_to) {
        Definition older;
        Made made = {0};
        if (!definition_by_id(tx_conn(tx), tx_arena(tx), app->tenant, *id, &older, err) ||
            !catalogue_files(tx_arena(tx), &older, &made.files, err))
            return false;
        made.back_to = older.version;
        list_add(tx_arena(tx), out, made);
    }
    return true;
}

bool workbench_publish(Tx *tx, App *app, const User *officer, const Publication *what,
                       Definition *out, Error *err)
{
    MadeList all = {0};
    if (!may_publish(tx, app, what, err) || !read_drafts(tx, app, what, &all, err) ||
        !read_older(tx, app, what, &all, err))
        return false;
    list_each (Made, made, &all)
        if (!is_new(tx, app, &made->files, what, err))
            return false;
    list_each (Made, made, &all) {
        bool is_draft = made->back_to == 0;
        if (!publish_one(tx, app, officer, what, made, err) ||
            (is_draft &&
             !store_drop_draft(tx, app->tenant, made->files.kind, made->files.code, err)))
            return false;
    }
    *out = all.count ? all.items[0].definition : (Definition){0};
    return true;
}
