/*
 * dossier_supplement.c - the applicant mends what a notice asked for: answers and materials.
 *
 *     form, checked -> what differs -> sealed answers, process variables, materials -> clock runs
 * on
 */
#include "apps/dossier/dossier.h"

#include <string.h>

#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_internal.h"

typedef struct Mending {
    Work work;
    const DossierSupplement *asked;
    Id id;
    FeelValue answers;
    LIST(const char *) changed; /* keys */
    const char *changes;        /* JSON [{key, old, new}] */
} Mending;

/* ---- answers --------------------------------------------------------------------------------- */

static void compare_key(Mending *it, JsonWriter *json, const char *key, const Json *before)
{
    Arena *arena = it->work.arena;
    const char *was = json_tree_text(arena, form_value(before, key));
    const char *is = json_tree_text(arena, form_value(it->asked->answers, key));
    if (text_equal(was, is))
        return;
    list_add(arena, &it->changed, key);
    json_begin_object(json, NULL);
    json_put_text(json, "key", key);
    json_put_raw(json, "old", was);
    json_put_raw(json, "new", is);
    json_end_object(json);
}

static bool compare(Mending *it, Error *err)
{
    Work *work = &it->work;
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    const FormKey *keys;
    const char *stored = store_answers(work->app, work->arena, &work->dossier, err);
    const Json *before =
        stored ? json_parse(work->arena, stored, strlen(stored), &JSON_LIMITS, err) : NULL;
    const Form *form =
        before ? catalogue_form(work->app, tx_conn(work->tx), work->dossier.form_definition, err)
               : NULL;
    if (!form)
        return false;
    size_t count = form_keys(form, &keys);
    json_begin_array(&json, NULL);
    for (size_t i = 0; i < count; i++)
        compare_key(it, &json, keys[i].key, before);
    json_end_array(&json);
    it->changes = buffer_text(&text);
    return true;
}

static FeelValue as_variable(Mending *it)
{
    FeelContextBuilder builder = feel_context_begin(it->work.arena);
    feel_context_put(&builder, "answers", it->answers);
    return feel_context_end(&builder);
}

static bool change_answers(Mending *it, Error *err)
{
    Work *work = &it->work;
    if (!it->changed.count)
        return true;
    work->dossier.answers = store_seal_answers(work->app, work->arena, work->dossier.id,
                                               json_tree_text(work->arena, it->asked->answers));
    return work_set(work, as_variable(it), err) &&
           store_save_answers(work->tx, work->app, &work->dossier, err);
}

/* ---- materials ------------------------------------------------------------------------------- */

static bool is_brought(const Mending *it, const char *code)
{
    for (size_t i = 0; i < it->asked->brought_count; i++)
        if (text_equal(it->asked->brought[i], code))
            return true;
    return false;
}

static bool is_listed(const MaterialStates *states, const char *code)
{
    list_each (MaterialState, state, states)
        if (text_equal(state->code, code))
            return true;
    return false;
}

/* Changed answers may ask for more. */
static bool add_material(Mending *it, const ItemMaterial *material, Error *err)
{
    FeelScope scope = work_scope(&it->work, it->work.needs);
    return !material_is_asked_for(material, &scope, it->work.arena, NULL) ||
           store_add_material(it->work.tx, it->work.app, it->work.dossier.id, material,
                              is_brought(it, material->code), err);
}

static bool check_brought(const Mending *it, Error *err)
{
    for (size_t i = 0; i < it->asked->brought_count; i++) {
        bool is_known = false;
        list_each (ItemMaterial, material, &it->work.item->materials)
            is_known |= text_equal(material->code, it->asked->brought[i]);
        if (!is_known)
            return error_set(err, ERROR_INVALID, .code = "supplement.unknown_material",
                             .field = "material");
    }
    return true;
}

static bool change_materials(Mending *it, Error *err)
{
    Work *work = &it->work;
    MaterialStates states = {0};
    if (!store_materials(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                         &states, err))
        return false;
    list_each (ItemMaterial, material, &work->item->materials) {
        bool is_done = true;
        if (!is_listed(&states, material->code))
            is_done = add_material(it, material, err);
        else if (is_brought(it, material->code))
            is_done =
                store_bring_material(work->tx, work->app, work->dossier.id, material->code, err);
        if (!is_done)
            return false;
    }
    return true;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static void put_codes(JsonWriter *json, const char *name, const char *const *codes, size_t count)
{
    json_begin_array(json, name);
    for (size_t i = 0; i < count; i++)
        json_put_text(json, NULL, codes[i]);
    json_end_array(json);
}

/* Keys only: values are personal. */
static void put_mending(JsonWriter *json, const void *context)
{
    const Mending *it = context;
    json_put_id(json, "supplement", it->id);
    put_codes(json, "fields", it->changed.items, it->changed.count);
    put_codes(json, "materials", it->asked->brought, it->asked->brought_count);
}

static bool add_row(Mending *it, Error *err)
{
    Work *work = &it->work;
    Buffer codes = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&codes);
    put_codes(&json, NULL, it->asked->brought, it->asked->brought_count);
    Supplement row = {.id = it->id,
                      .by_kind = it->asked->actor_kind,
                      .by = it->asked->actor,
                      .at = tx_now(work->tx),
                      .note = it->asked->note,
                      .changes = it->changes,
                      .materials = buffer_text(&codes)};
    return store_add_supplement(work->tx, work->app, work->dossier.id, &row, err);
}

static bool wake(Mending *it, Error *err)
{
    Work *work = &it->work;
    int64_t still_open;
    work->dossier.waits_for = NULL;
    steps_put_waiting(&work->steps, NULL);
    return store_close_notices(work->tx, work->app, work->dossier.id, 0, "answered", &still_open,
                               err) &&
           spans_end(work, 0, "notice", NULL, err) && silence_begin(work, err);
}

/* A new file takes the place of those that were handed in for its material before. */
static bool save_uploads(Mending *it, Error *err)
{
    Work *work = &it->work;
    return !it->asked->uploads ||
           uploads_save(work->tx, work->app, work->dossier.id, work->actor_kind, work->actor,
                        it->asked->uploads, true, &work->steps, err);
}

bool dossier_supplement(Tx *tx, App *app, const DossierSupplement *asked, Error *err)
{
    Mending it = {.work = {.actor_kind = asked->actor_kind, .actor = asked->actor}, .asked = asked};
    if (!work_load(&it.work, tx, app, asked->dossier, err))
        return false;
    if (!it.work.dossier.waits_for)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_asked");
    it.id = tx_new_id(tx);
    it.answers = feel_from_json(it.work.arena, asked->answers);
    const char *subject = arena_printf(it.work.arena, "supplement:%lld", (long long)it.id);
    return check_brought(&it, err) && save_uploads(&it, err) && compare(&it, err) &&
           rule_materials(&it.work, it.answers, &it.work.needs, err) && change_answers(&it, err) &&
           change_materials(&it, err) && add_row(&it, err) && wake(&it, err) &&
           work_save(&it.work, "dossier.supplemented", subject, put_mending, &it, err);
}
