/*
 * dossier_intake.c - /intake: an officer at a window takes in an application on behalf of whoever
 * stands there, with or without a phone or an account.
 *
 *     prepare (worker): numbers, names against the file, materials, form -> Intake, all mistakes
 *                       at once
 *     act (writer):     parties found or made -> dossier_file -> who acts, materials seen
 */
#include <string.h>

#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_people_store.h"
#include "apps/org/org.h"
#include "form/form_number.h"

static const char *const actor_roles[] = {"by_letter", "guardian", NULL};

const InputField intake_list_input[] = {{"q", INPUT_TEXT, 0, .most = 60}, {0}};
const InputField intake_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {"identity_kind", INPUT_CHOICE, INPUT_REQUIRED, .choices = identity_kinds},
    {"identity_number", INPUT_TEXT, 0, .most = 40},
    {"party_name", INPUT_TEXT, 0, .least = 2, .most = 60},
    {"is_party_name_confirmed", INPUT_BOOL, 0},
    {"party_phone", INPUT_TEXT, 0, .most = 40},
    {"is_original_seen", INPUT_BOOL, 0},
    {"actor_role", INPUT_CHOICE, 0, .choices = actor_roles},
    {"agent_kind", INPUT_CHOICE, 0, .choices = identity_kinds_of_persons},
    {"agent_number", INPUT_TEXT, 0, .most = 40},
    {"agent_name", INPUT_TEXT, 0, .least = 2, .most = 60},
    {"is_agent_name_confirmed", INPUT_BOOL, 0},
    {"agent_phone", INPUT_TEXT, 0, .most = 40},
    {"letter_no", INPUT_TEXT, 0, .most = 60, .label = "field.mandate_no"},
    {"letter_until", INPUT_DATE, 0},
    {"material", INPUT_TEXT, INPUT_REPEATED, .most = 60},
    {"form", INPUT_FORM, 0},
    UPLOAD_FIELDS,
    {0},
};

enum { ITEMS_MOST = 60 };

typedef struct Intake {
    const Item *item;
    PartySpec applicant;
    const char *actor_role; /* NULL: the applicant came */
    PartySpec actor;
    const char *letter_no;
    Date letter_until;
    Json *answers;
    Uploads uploads;
    KnownFacts known; /* what the applicant told before, once it was asked for */
    const char *known_name;
} Intake;

/* ---- choosing an item ------------------------------------------------------------------------ */

bool intake_list(Request *req, Error *err)
{
    IntakeListView *view = arena_new(req->arena, IntakeListView);
    ItemsFound items = {0};
    view->query = input_text(req, "q");
    if (!catalogue_find(req->conn, req->arena, req->tenant, view->query, ITEMS_MOST, &items, err))
        return false;
    view->items.items = arena_array(req->arena, IntakeItemView, items.count);
    list_each (ItemFound, item, &items) {
        view->items.items[view->items.count++] =
            (IntakeItemView){.code = item->code,
                             .kind = item->kind,
                             .name = both_in(item->name, req->language),
                             .unit = org_unit_name_by_code(req, item->unit_code, err)};
    }
    view->empty = (EmptyState){.title = request_text(req, "items.none"),
                               .text = request_text(req, "items.none_text"),
                               .path = "/intake",
                               .label = request_text(req, "items.all")};
    return !error_is_set(err) && request_show(req, &IntakeListView_type, view);
}

/* ---- the form -------------------------------------------------------------------------------- */

static bool asks_name(Request *req, const char *field, const char *confirmation)
{
    for (const Error *one = req->errors; one; one = one->next)
        if (text_equal(one->code, "identity.name_differs") && text_equal(one->field, field))
            return true;
    return request_typed(req, confirmation) != NULL;
}

static FormField field_of(Request *req, const char *name)
{
    FormField field = request_field(req, intake_input, name, NULL);
    field.autocomplete = "off"; /* the next person's data are not the last one's */
    return field;
}

static void show_applicant(Request *req, IntakeView *view)
{
    view->identity_kind = request_field(req, intake_input, "identity_kind", "resident_id");
    view->identity_kind.is_refresh = true; /* a firm's own data need not be told twice */
    view->identity_number = field_of(req, "identity_number");
    view->party_name = field_of(req, "party_name");
    view->identity_number.is_required = view->party_name.is_required = true;
    view->is_party_name_confirmed = field_of(req, "is_party_name_confirmed");
    view->party_phone = field_of(req, "party_phone");
    view->party_phone.type = "phone";
    view->is_original_seen = field_of(req, "is_original_seen");
    view->asks_name = asks_name(req, "party_name", "is_party_name_confirmed");
}

static void show_actor(Request *req, IntakeView *view)
{
    view->actor_role = request_field(req, intake_input, "actor_role", NULL);
    view->agent_kind = request_field(req, intake_input, "agent_kind", "resident_id");
    view->agent_number = field_of(req, "agent_number");
    view->agent_name = field_of(req, "agent_name");
    view->is_agent_name_confirmed = field_of(req, "is_agent_name_confirmed");
    view->agent_phone = field_of(req, "agent_phone");
    view->agent_phone.type = "phone";
    view->letter_no = field_of(req, "letter_no");
    view->letter_until = field_of(req, "letter_until");
    view->asks_agent_name = asks_name(req, "agent_name", "is_agent_name_confirmed");
    view->has_actor = view->actor_role.error || !text_is_empty(view->actor_role.value) ||
                      !text_is_empty(view->agent_number.value);
    bool is_letter = text_equal(request_typed(req, "actor_role"), "by_letter");
    view->agent_kind.is_required = view->agent_number.is_required = view->has_actor;
    view->agent_name.is_required = view->has_actor;
    view->letter_no.is_required = view->letter_until.is_required = is_letter;
}

bool intake_page(Request *req, Error *err)
{
    App *app = request_app(req);
    const Intake *refused = req->state;
    Id form;
    const Item *item = pages_item(req, err);
    if (!item ||
        !catalogue_in_force(app, req->conn, "form", item->form_code, pages_today(req), &form, err))
        return false;
    IntakeView *view = arena_new(req->arena, IntakeView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->code = item->code;
    view->item = both_in(item->name, req->language);
    view->is_fresh = !req->errors;
    show_applicant(req, view);
    show_actor(req, view);
    materials_ask(req, item, refused ? &refused->uploads : NULL, &view->materials.items,
                  &view->materials.count);
    const Form *fields = catalogue_form(app, req->conn, form, err);
    const KnownFacts *known = refused ? &refused->known : &(KnownFacts){0};
    if (!fields || !pages_fields_known(
                       req, form, known_typed(req, fields, known, input_form(req, "form")), known,
                       &view->fields.items, &view->fields.count, &view->has_refresh, err))
        return false;
    view->has_known = known->count > 0;
    if (refused && refused->known_name && text_is_blank(view->party_name.value))
        view->party_name.value = refused->known_name;
    known_offer(req, fields, identity_kind_is_firm(view->identity_kind.value), view->fields.items,
                view->fields.count);
    return request_show(req, &IntakeView_type, view);
}

/* The same page with what was typed and uploaded: answers may have changed what is asked. */
bool intake_refresh(Request *req, Error *err)
{
    Error problems = ERROR_NONE;
    Intake *intake = arena_new(req->arena, Intake);
    intake->item = pages_item(req, err);
    if (!intake->item)
        return false;
    req->state = intake;
    if (!uploads_take_item(req, intake->item, &intake->uploads, &problems))
        return error_fill(err, problems);
    return intake_page(req, err);
}

/* ---- what was told before -------------------------------------------------------------------- */

typedef struct Recall {
    App *app;
    Unmasking look;
} Recall;

static bool note_recall(Tx *tx, void *data, Error *err)
{
    const Recall *recall = data;
    return identity_note_unmasking(tx, recall->app, &recall->look, err);
}

/* Whose document lies on the desk. */
static bool find_applicant(Request *req, Party *out, Error *err)
{
    const char *kind = input_text(req, "identity_kind");
    const char *number =
        identity_number_read(req->arena, kind, text_or_empty(input_text(req, "identity_number")),
                             pages_today(req), "identity_number", err);
    if (!number)
        return false;
    if (!input_bool(req, "is_original_seen"))
        return error_set(err, ERROR_INVALID, .code = "intake.recall_unseen",
                         .field = "is_original_seen");
    if (!identity_party_by_number(request_app(req), req->conn, req->arena, kind, number, out, err))
        return false;
    return out->id || error_set(err, ERROR_INVALID, .code = "intake.recall_unknown",
                                .field = "identity_number");
}

bool intake_recall(Request *req, Error *err)
{
    Party party = {0};
    Error problems = ERROR_NONE;
    Intake *intake = arena_new(req->arena, Intake);
    intake->item = pages_item(req, err);
    if (!intake->item)
        return false;
    req->state = intake;
    if (!uploads_take_item(req, intake->item, &intake->uploads, &problems))
        return error_fill(err, problems);
    if (!find_applicant(req, &party, err))
        return false;
    Recall recall = {.app = request_app(req),
                     .look = {.officer = &req->user,
                              .party = party.id,
                              .field = "told_before",
                              .reason = request_text(req, "intake.recall_reason", "item",
                                                     both_in(intake->item->name, LANGUAGE_ZH))}};
    intake->known_name = party.name;
    return db_write(recall.app->db, req->arena, note_recall, &recall, err) &&
           known_read(req, party.id, party.account, &intake->known, err) && intake_page(req, err);
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Adds the problem of one check to those found so far. */
static void note(Request *req, Error *err, const Error *problem)
{
    if (error_is_set(problem))
        error_append(err, req->arena, *problem);
}

/* What was not typed at all is told by require. */
static void check_party(Request *req, PartySpec *spec, const char *typed, const char *field,
                        Error *err)
{
    Error problem = ERROR_NONE;
    if (text_is_empty(typed))
        return;
    spec->number =
        identity_number_read(req->arena, spec->kind, typed, pages_today(req), field, &problem);
    bool is_fine = spec->number &&
                   (text_is_empty(spec->name) ||
                    identity_party_check(request_app(req), req->conn, req->arena, spec, &problem));
    if (!is_fine)
        note(req, err, &problem);
}

static void require(Request *req, const char *name, Error *err)
{
    if (text_is_empty(input_text(req, name)))
        error_add(err, req->arena, ERROR_INVALID, .code = "input.required", .field = name,
                  .with = {{"label", request_field(req, intake_input, name, NULL).label}});
}

/* NULL when none was told. */
static const char *read_phone(Request *req, const char *name, Error *err)
{
    const char *typed = input_text(req, name);
    if (text_is_empty(typed))
        return NULL;
    const char *phone = form_phone(req->arena, form_half_width(req->arena, typed));
    if (!phone)
        error_add(err, req->arena, ERROR_INVALID, .code = "input.not_a_phone", .field = name,
                  .with = {{"label", request_field(req, intake_input, name, NULL).label}});
    return phone;
}

static void check_applicant(Request *req, Intake *intake, Error *err)
{
    intake->applicant = (PartySpec){.kind = input_text(req, "identity_kind"),
                                    .name = input_text(req, "party_name"),
                                    .is_original_seen = input_bool(req, "is_original_seen"),
                                    .is_name_confirmed = input_bool(req, "is_party_name_confirmed"),
                                    .officer = req->user.id,
                                    .name_field = "party_name"};
    require(req, "identity_number", err);
    check_party(req, &intake->applicant, input_text(req, "identity_number"), "identity_number",
                err);
    require(req, "party_name", err);
    intake->applicant.phone = read_phone(req, "party_phone", err);
}

/* A letter is dated; what a guardian shows need not be. */
static void check_letter(Request *req, Intake *intake, Error *err)
{
    bool is_letter = text_equal(intake->actor_role, "by_letter");
    const char *label = request_field(req, intake_input, "letter_until", NULL).label;
    if (is_letter)
        require(req, "letter_no", err);
    if (is_letter && date_is_none(intake->letter_until))
        error_add(err, req->arena, ERROR_INVALID, .code = "input.required", .field = "letter_until",
                  .with = {{"label", label}});
    else if (!date_is_none(intake->letter_until) &&
             date_compare(intake->letter_until, pages_today(req)) < 0)
        error_add(err, req->arena, ERROR_INVALID, .code = "identity.letter_past",
                  .field = "letter_until");
}

/* A firm cannot come itself, so somebody acts for it, and a firm has no guardian. */
static void check_role(Request *req, const Intake *intake, Error *err)
{
    bool is_firm = identity_kind_is_firm(intake->applicant.kind);
    if (is_firm && !text_equal(intake->actor_role, "by_letter"))
        error_add(err, req->arena, ERROR_INVALID, .code = "intake.firm_needs_letter",
                  .field = "actor_role");
}

static void check_actor(Request *req, Intake *intake, Error *err)
{
    const char *kind = input_text(req, "agent_kind");
    const char *number = input_text(req, "agent_number");
    intake->actor_role = input_text(req, "actor_role");
    intake->letter_no = input_text(req, "letter_no");
    intake->letter_until = input_date(req, "letter_until");
    check_role(req, intake, err);
    if (text_is_empty(intake->actor_role)) {
        intake->actor_role = NULL;
        return;
    }
    intake->actor = (PartySpec){.kind = text_is_empty(kind) ? "resident_id" : kind,
                                .name = input_text(req, "agent_name"),
                                .is_original_seen = input_bool(req, "is_original_seen"),
                                .is_name_confirmed = input_bool(req, "is_agent_name_confirmed"),
                                .officer = req->user.id,
                                .name_field = "agent_name"};
    require(req, "agent_number", err);
    check_party(req, &intake->actor, number, "agent_number", err);
    require(req, "agent_name", err);
    intake->actor.phone = read_phone(req, "agent_phone", err);
    if (intake->actor.number && text_equal(intake->actor.number, intake->applicant.number))
        error_add(err, req->arena, ERROR_INVALID, .code = "intake.same_person",
                  .field = "agent_number");
    check_letter(req, intake, err);
}

/* What was uploaded is kept first, so that no mistake elsewhere loses it. */
static void check_materials(Request *req, Intake *intake, Error *err)
{
    Error uploads = ERROR_NONE, ticked = ERROR_NONE;
    if (!uploads_take_item(req, intake->item, &intake->uploads, &uploads))
        note(req, err, &uploads);
    if (!materials_check(req, intake->item, &ticked))
        note(req, err, &ticked);
}

static void say(Request *req, KnownFacts *facts, const char *fact, const char *text)
{
    if (!text_is_blank(text))
        list_add(req->arena, facts, ((KnownFact){.fact = fact, .value = feel_string(text)}));
}

/* What the section about the applicant says, as it was typed where it is wrong. */
static KnownFacts said_of_applicant(Request *req, const PartySpec *applicant)
{
    KnownFacts said = {0};
    bool is_firm = identity_kind_is_firm(applicant->kind);
    const char *number = applicant->number ? applicant->number : input_text(req, "identity_number");
    say(req, &said, is_firm ? "business.name" : "person.name", applicant->name);
    if (is_firm || text_equal(applicant->kind, "resident_id"))
        say(req, &said, is_firm ? "firm.credit_code" : "person.identity_number", number);
    say(req, &said, "phone", applicant->phone ? applicant->phone : input_text(req, "party_phone"));
    return said;
}

/* One mistake is told once: where it was typed. */
static void note_form(Request *req, const Form *form, const KnownFacts *said, const Error *problems,
                      Error *err)
{
    bool is_told = error_is_set(err);
    const Json *typed = input_form(req, "form");
    for (const Error *one = problems; one; one = one->next) {
        Error problem = *one;
        problem.next = NULL;
        const char *key = text_starts_with(one->field ? one->field : "", "form.")
                              ? one->field + strlen("form.")
                              : "";
        if (!is_told || !known_is_borrowed(form, said, typed, key))
            note(req, err, &problem);
    }
}

static void check_form(Request *req, Intake *intake, Id definition, Error *err)
{
    Error problems = ERROR_NONE;
    KnownFacts said = said_of_applicant(req, &intake->applicant);
    const Form *form = catalogue_form(request_app(req), req->conn, definition, err);
    if (!form)
        return;
    const Json *typed = known_borrow(req->arena, form, &said, input_form(req, "form"));
    if (!pages_submit_typed(req, definition, typed, &intake->answers, &problems))
        note_form(req, form, &said, &problems, err);
}

bool intake_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    Id definition;
    Intake *intake = arena_new(req->arena, Intake);
    intake->item = pages_item(req, err);
    req->state = intake;
    if (!intake->item || !catalogue_in_force(app, req->conn, "form", intake->item->form_code,
                                             pages_today(req), &definition, err))
        return false;
    check_applicant(req, intake, err);
    check_actor(req, intake, err);
    check_materials(req, intake, err);
    check_form(req, intake, definition, err);
    return !error_is_set(err);
}

/* ---- taking in ------------------------------------------------------------------------------- */

static bool record_people(Tx *tx, App *app, const Intake *intake, Id *out_applicant,
                          DossierActor *out_actor, Error *err)
{
    *out_actor = (DossierActor){.valid_until = DATE_NONE};
    if (!identity_party_record(tx, app, &intake->applicant, out_applicant, err))
        return false;
    if (!intake->actor_role)
        return true;
    *out_actor =
        (DossierActor){.role = intake->actor_role,
                       .name = intake->actor.name,
                       .letter_no = text_is_empty(intake->letter_no) ? NULL : intake->letter_no,
                       .valid_until = intake->letter_until};
    return identity_party_record(tx, app, &intake->actor, &out_actor->party, err);
}

static bool see_materials(Tx *tx, Request *req, Id dossier, Error *err)
{
    const char *const *codes;
    size_t count = input_all(req, "material", &codes);
    for (size_t i = 0; i < count; i++)
        if (!store_see_material(tx, request_app(req), dossier, codes[i], req->user.id, err))
            return false;
    return true;
}

static bool show_filed(Request *req, const Dossier *dossier)
{
    FiledView *view = arena_new(req->arena, FiledView);
    const char *location = arena_printf(req->arena, "/dossiers/%s", dossier->number);
    *view = (FiledView){.number = dossier->number,
                        .state = dossier->state,
                        .stage = dossier->stage,
                        .promised_limit = dossier->promised_limit,
                        .limit_unit = dossier->limit_unit};
    return request_done(req, 201, location, &FiledView_type, view, "intake.filed.flash");
}

bool intake_act(Tx *tx, Request *req, Error *err)
{
    const Intake *intake = req->state;
    App *app = request_app(req);
    Dossier dossier;
    DossierActor actor;
    DossierFiling filing = {.item = intake->item,
                            .applicant_name = intake->applicant.name,
                            .channel = "window",
                            .actor_kind = "officer",
                            .actor = req->user.id,
                            .answers = intake->answers,
                            .uploads = &intake->uploads};
    filing.brought_count = input_all(req, "material", &filing.brought);
    return record_people(tx, app, intake, &filing.party, &actor, err) &&
           dossier_file(tx, app, &filing, &dossier, err) &&
           people_name(tx, app, &dossier, &actor, req->user.unit, "officer", req->user.id, err) &&
           see_materials(tx, req, dossier.id, err) && show_filed(req, &dossier);
}
