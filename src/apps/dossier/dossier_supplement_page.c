/*
 * dossier_supplement_page.c - /dossiers/{number}/supplement: what is to be mended, and the form
 * with the answers as they are. For the applicant, or for an officer at a window on behalf.
 */
#include <string.h>

#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_pages.h"

const InputField dossier_supplement_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"material", INPUT_TEXT, INPUT_REPEATED, .most = 60},
    {"note", INPUT_LINES, 0, .most = 500},
    {"form", INPUT_FORM, 0},
    UPLOAD_FIELDS,
    {0},
};

/* An applicant who sees the dossier is the one who filed it, its party, or an agent by letter. */
bool pages_may_mend(const Request *req, const Dossier *dossier)
{
    bool may =
        req->user.kind == USER_APPLICANT || rights_have(req->user.rights, RIGHT_DOSSIER_INTAKE);
    return dossier->waits_for && may;
}

/* The dossier of the path, if this user may mend it at all; whether it is waiting is the verb's to
 * say, so that a repeated request gets its first answer. */
static bool find(Request *req, Dossier *out, Error *err)
{
    bool may =
        req->user.kind == USER_APPLICANT || rights_have(req->user.rights, RIGHT_DOSSIER_INTAKE);
    if (!pages_dossier(req, req->conn, out, err))
        return false;
    return may || error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
}

static const Json *answers_of(Request *req, const Dossier *dossier, Error *err)
{
    const char *text = store_answers(request_app(req), req->arena, dossier, err);
    return text ? json_parse(req->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
}

/* ---- the form -------------------------------------------------------------------------------- */

static bool is_personal(const FormKey *keys, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(keys[i].key, key))
            return keys[i].is_personal;
    return false;
}

/* An officer on behalf sees no identity number and no phone: an empty box leaves them as they are.
 */
static const Json *shown_answers(Request *req, const Form *form, const Json *answers, Error *err)
{
    Buffer text = buffer_init(req->arena, 0);
    JsonWriter json = json_writer(&text);
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    if (req->user.kind == USER_APPLICANT)
        return answers;
    json_begin_object(&json, NULL);
    json_each (one, answers)
        if (!is_personal(keys, count, one->name))
            json_put_tree(&json, one->name, one);
    json_end_object(&json);
    return json_parse(req->arena, buffer_text(&text), text.length, &JSON_LIMITS, err);
}

static bool show_materials(Request *req, const Dossier *dossier, SupplementFormView *view,
                           Error *err)
{
    MaterialStates states = {0};
    if (!store_materials(req->conn, req->arena, req->tenant, dossier->id, &states, err))
        return false;
    const DossierSupplement *refused = req->state;
    view->materials.items = arena_array(req->arena, MaterialChoiceView, states.count);
    list_each (MaterialState, state, &states) {
        size_t place = view->materials.count++;
        MaterialChoiceView *choice = &view->materials.items[place];
        *choice = (MaterialChoiceView){.code = state->code,
                                       .name = both_in(state->name, req->language),
                                       .is_required = state->is_required,
                                       .is_brought = input_has(req, "material", state->code)};
        uploads_show(req, refused ? refused->uploads : NULL, place, choice);
    }
    return true;
}

/* Only what was sent and waits for an answer. */
static bool show_notices(Request *req, const Dossier *dossier, SupplementFormView *view, Error *err)
{
    if (!pages_notices(req, dossier, &view->notices.items, &view->notices.count, err))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < view->notices.count; i++)
        if (text_equal(view->notices.items[i].state, "sent"))
            view->notices.items[kept++] = view->notices.items[i];
    view->notices.count = kept;
    return true;
}

bool supplement_page(Request *req, Error *err)
{
    SupplementFormView *view = arena_new(req->arena, SupplementFormView);
    Dossier dossier;
    if (!find(req, &dossier, err))
        return false;
    if (!pages_may_mend(req, &dossier))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_asked");
    const Form *form = catalogue_form(request_app(req), req->conn, dossier.form_definition, err);
    const Json *answers = form ? answers_of(req, &dossier, err) : NULL;
    const Json *shown = answers ? shown_answers(req, form, answers, err) : NULL;
    if (!shown)
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->number = dossier.number;
    view->item = both_in(dossier.item_name, req->language);
    view->is_own = req->user.kind == USER_APPLICANT;
    view->note = request_field(req, dossier_supplement_input, "note", NULL);
    return pages_fields(req, dossier.form_definition, feel_from_json(req->arena, shown),
                        &view->fields.items, &view->fields.count, &view->has_refresh, err) &&
           show_materials(req, &dossier, view, err) && show_notices(req, &dossier, view, err) &&
           request_show(req, &SupplementFormView_type, view);
}

/* ---- handing it in --------------------------------------------------------------------------- */

static bool is_blank(const Json *value)
{
    return !value || value->kind == JSON_NULL || (value->kind == JSON_TEXT && !*value->text);
}

/* What an officer left empty of what he was not shown stays as it was. */
static const Json *with_personal(Request *req, const Form *form, const Json *answers, Error *err)
{
    Buffer text = buffer_init(req->arena, 0);
    JsonWriter json = json_writer(&text);
    const Json *typed = input_form(req, "form");
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    if (req->user.kind == USER_APPLICANT)
        return typed;
    json_begin_object(&json, NULL);
    json_each (one, typed)
        if (!is_personal(keys, count, one->name) || !is_blank(one))
            json_put_tree(&json, one->name, one);
    for (size_t i = 0; i < count; i++)
        if (keys[i].is_personal && is_blank(json_get(typed, keys[i].key)) &&
            json_get(answers, keys[i].key))
            json_put_tree(&json, keys[i].key, json_get(answers, keys[i].key));
    json_end_object(&json);
    return json_parse(req->arena, buffer_text(&text), text.length, &JSON_LIMITS, err);
}

/* Files for any material of the item, since changed answers may ask for more. */
static bool take_uploads(Request *req, const Dossier *dossier, Uploads *out, Error *err)
{
    const Item *item =
        catalogue_item_version(request_app(req), req->conn, dossier->item_definition, err);
    return item && uploads_take_item(req, item, out, err);
}

/* The same page with what was typed and uploaded. */
bool supplement_refresh(Request *req, Error *err)
{
    Dossier dossier;
    Error problems = ERROR_NONE;
    Uploads *uploads = arena_new(req->arena, Uploads);
    DossierSupplement *supplement = arena_new(req->arena, DossierSupplement);
    if (!find(req, &dossier, err))
        return false;
    supplement->uploads = uploads;
    req->state = supplement;
    if (!take_uploads(req, &dossier, uploads, &problems))
        return error_fill(err, problems);
    return supplement_page(req, err);
}

static void add_code(const char **codes, size_t *count, const char *code)
{
    for (size_t i = 0; i < *count; i++)
        if (text_equal(codes[i], code))
            return;
    codes[(*count)++] = code;
}

/* A file for a material brings it, too. */
static void add_brought(Request *req, DossierSupplement *supplement)
{
    const char *const *ticked;
    size_t count = input_all(req, "material", &ticked);
    const char **codes = arena_array(req->arena, const char *, count + supplement->uploads->count);
    for (size_t i = 0; i < count; i++)
        add_code(codes, &supplement->brought_count, ticked[i]);
    list_each (const Upload, upload, supplement->uploads)
        add_code(codes, &supplement->brought_count, upload->material);
    supplement->brought = codes;
}

bool supplement_prepare(Request *req, Error *err)
{
    Error problems = ERROR_NONE;
    Uploads *uploads = arena_new(req->arena, Uploads);
    DossierSupplement *supplement = arena_new(req->arena, DossierSupplement);
    Dossier dossier;
    Json *values;
    if (!find(req, &dossier, err))
        return false;
    supplement->uploads = uploads;
    req->state = supplement;
    bool has_uploads = take_uploads(req, &dossier, uploads, &problems);
    const Form *form = catalogue_form(request_app(req), req->conn, dossier.form_definition, err);
    const Json *answers = form ? answers_of(req, &dossier, err) : NULL;
    const Json *typed = answers ? with_personal(req, form, answers, err) : NULL;
    if (!typed)
        return false;
    bool is_fine = pages_submit_typed(req, dossier.form_definition, typed, &values, err);
    if (!has_uploads)
        error_append(err, req->arena, problems);
    if (!is_fine || !has_uploads)
        return false;
    *supplement = (DossierSupplement){.dossier = dossier.id,
                                      .actor_kind = req->user.kind == USER_APPLICANT ? "applicant"
                                                                                     : "officer",
                                      .actor = req->user.id,
                                      .answers = values,
                                      .note = input_text(req, "note"),
                                      .uploads = uploads};
    add_brought(req, supplement);
    return true;
}

bool supplement_act(Tx *tx, Request *req, Error *err)
{
    const char *back = arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
    return dossier_supplement(tx, request_app(req), req->state, err) &&
           request_done(req, 200, back, NULL, NULL, "supplement.done.flash");
}
