/*
 * dossier_people.c - who a dossier is for, who acts for whom, and a hidden value of it shown whole.
 */
#include "apps/dossier/dossier_people_store.h"

#include <string.h>

const InputField dossier_unmask_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"what", INPUT_TEXT, INPUT_REQUIRED, .most = 120, .label = "field.field"},
    {"reason", INPUT_TEXT, INPUT_REQUIRED, .least = 4, .most = 200, .label = "field.unmask_reason"},
    {0},
};

/* ---- naming ---------------------------------------------------------------------------------- */

typedef struct Naming {
    const DossierActor *actor;
    Id intake_unit;
} Naming;

static void put_naming(JsonWriter *json, const void *context)
{
    const Naming *naming = context;
    json_put_id(json, "intake_unit", naming->intake_unit);
    json_put_id(json, "actor", naming->actor->party);
    json_put_text(json, "role", naming->actor->role);
}

bool people_name(Tx *tx, App *app, Dossier *dossier, const DossierActor *actor, Id intake_unit,
                 const char *actor_kind, Id who, Error *err)
{
    Naming naming = {.actor = actor, .intake_unit = intake_unit};
    Work work = {.tx = tx,
                 .app = app,
                 .arena = tx_arena(tx),
                 .dossier = *dossier,
                 .version_before = dossier->version,
                 .actor_kind = actor_kind,
                 .actor = who};
    if (!actor->party && !intake_unit)
        return true;
    work.steps = steps_begin(work.arena);
    if (actor->party && !store_add_actor(tx, app, dossier->id, actor, err))
        return false;
    const char *kind = intake_unit ? "dossier.taken_in" : "dossier.actor_named";
    if (!work_append(&work, kind, NULL, put_naming, &naming, err))
        return false;
    *dossier = work.dossier;
    return true;
}

/* ---- following ------------------------------------------------------------------------------- */

bool people_is_cut_off(const Mandates *letters, Id firm)
{
    bool had_one = false;
    list_each (const Mandate, letter, letters) {
        if (letter->firm != firm)
            continue;
        if (letter->revoked_at == INSTANT_NONE)
            return false;
        had_one = true;
    }
    return had_one;
}

static bool is_actor(const DossierActors *actors, Id party)
{
    list_each (const DossierActor, actor, actors)
        if (actor->party == party)
            return true;
    return false;
}

bool people_may_follow(DbConn *conn, Arena *arena, Id tenant, const Dossier *dossier,
                       const User *user, bool *out, Error *err)
{
    DossierActors actors = {0};
    Mandates letters = {0};
    bool is_filed_by = dossier->account && dossier->account == user->id;
    bool is_party = user->is_verified && !dossier->account && dossier->party == user->party;
    *out = is_party || (is_filed_by && dossier->party == user->party);
    if (*out || (!is_filed_by && !user->is_verified))
        return true;
    if (!identity_letters_of_person(conn, arena, tenant, user->party, &letters, err))
        return false;
    if (people_is_cut_off(&letters, dossier->party))
        return true;
    *out = is_filed_by;
    if (*out || !store_actors(conn, arena, tenant, dossier->id, &actors, err))
        return *out;
    *out = is_actor(&actors, user->party);
    return true;
}

/* ---- applying for a firm --------------------------------------------------------------------- */

static FieldChoice choice_of(Request *req, Id party, const char *label)
{
    const char *value = arena_printf(req->arena, "%lld", (long long)party);
    const char *typed = request_typed(req, "applicant");
    return (FieldChoice){.value = value,
                         .label = label,
                         .is_chosen = typed ? text_equal(value, typed) : party == req->user.party};
}

bool people_choice(Request *req, const Item *item, FormField *out, Error *err)
{
    Mandates letters = {0};
    LIST(FieldChoice) choices = {0};
    *out = (FormField){0};
    if (!req->user.is_verified)
        return true;
    if (!identity_letters_of_person(req->conn, req->arena, req->tenant, req->user.party, &letters,
                                    err))
        return false;
    list_add(req->arena, &choices, choice_of(req, req->user.party, req->user.name));
    list_each (Mandate, letter, &letters)
        if (identity_letter_covers(letter, item->code, pages_today(req)))
            list_add(req->arena, &choices, choice_of(req, letter->firm, letter->firm_name));
    if (choices.count < 2)
        return true;
    *out = (FormField){.name = "applicant",
                       .type = "radio",
                       .label = request_text(req, "field.applicant"),
                       .hint = request_text(req, "hint.applicant"),
                       .error = request_error_of(req, "applicant"),
                       .is_required = true,
                       .is_refresh = true}; /* the fields begin with what is known of whom */
    view_list_set(&out->choices, &choices);
    return true;
}

/* What the item asks of somebody who applies for himself. */
static bool check_identity(Request *req, DbConn *conn, const Item *item, Error *err)
{
    Party party;
    if (!item->identity || req->user.is_verified)
        return true;
    if (text_equal(item->identity, "verified"))
        return error_set(err, ERROR_FORBIDDEN, .code = "dossier.identity_unverified");
    if (!identity_party(request_app(req), conn, req->arena, req->user.party, &party, err))
        return false;
    return party.identity_kind || error_set(err, ERROR_INVALID, .code = "dossier.identity_needed");
}

bool people_may_apply(Request *req, const Item *item, Error *err)
{
    return check_identity(req, req->conn, item, err);
}

bool people_choose(Request *req, DbConn *conn, const Item *item, DossierFiling *filing,
                   DossierActor *out_actor, Error *err)
{
    Id chosen = input_id(req, "applicant");
    Mandate letter;
    *out_actor = (DossierActor){.valid_until = DATE_NONE};
    filing->party = req->user.party;
    filing->applicant_name = req->user.name;
    if (!chosen || chosen == req->user.party)
        return check_identity(req, conn, item, err);
    if (!req->user.is_verified)
        return error_set(err, ERROR_FORBIDDEN, .code = "identity.letter_none",
                         .field = "applicant");
    if (!identity_letter_for(conn, req->arena, req->tenant, req->user.party, chosen, item->code,
                             pages_today(req), &letter, err))
        return false;
    filing->party = letter.firm;
    filing->applicant_name = letter.firm_name;
    *out_actor = (DossierActor){.party = letter.person,
                                .role = "by_letter",
                                .name = letter.person_name,
                                .letter_no = letter.letter_no,
                                .valid_until = letter.valid_until};
    return true;
}

/* ---- on the page ----------------------------------------------------------------------------- */

static bool add_person(Request *req, Id id, const DossierActor *actor, DossierView *view,
                       Error *err)
{
    Party party;
    if (!identity_party(request_app(req), req->conn, req->arena, id, &party, err))
        return false;
    view->people.items[view->people.count++] =
        (PersonOfDossierView){.party = id,
                              .role = actor ? actor->role : "applicant",
                              .name = actor ? actor->name : party.name,
                              .identity_kind = party.identity_kind,
                              .number = {party.number},
                              .phone = {party.phone},
                              .has_phone = party.phone != NULL,
                              .is_verified = party.is_verified,
                              .letter_no = actor ? actor->letter_no : NULL,
                              .valid_until = actor ? actor->valid_until : DATE_NONE};
    return true;
}

static void add_secret(Request *req, DossierView *view, const char *what, const char *whose,
                       const char *name)
{
    const char *typed = request_typed(req, "what");
    view->what.choices.items[view->what.choices.count++] =
        (FieldChoice){.value = what,
                      .label = arena_printf(req->arena, "%s · %s", whose, name),
                      .is_chosen = text_equal(typed, what)};
}

/* What is hidden on the page: numbers and phones of its people, and personal answers. */
static void show_secrets(Request *req, DossierView *view)
{
    size_t most = 2 * view->people.count + view->answers.count;
    view->what = request_field(req, dossier_unmask_input, "what", NULL);
    view->unmask_reason = request_field(req, dossier_unmask_input, "reason", NULL);
    view->what.type = "choice";
    view->what.choices.items = arena_array(req->arena, FieldChoice, most);
    for (size_t i = 0; i < view->people.count; i++) {
        const PersonOfDossierView *person = &view->people.items[i];
        const char *number = arena_printf(req->arena, "%zu.identity_number", i);
        const char *phone = arena_printf(req->arena, "%zu.phone", i);
        if (person->number.shown)
            add_secret(req, view, number, person->name,
                       request_text(req, "choice.field.identity_number"));
        if (person->phone.shown)
            add_secret(req, view, phone, person->name, request_text(req, "choice.field.phone"));
    }
    for (size_t i = 0; i < view->answers.count; i++)
        if (view->answers.items[i].is_hidden)
            add_secret(req, view, arena_printf(req->arena, "answer.%s", view->answers.items[i].key),
                       request_text(req, "dossier.answers"), view->answers.items[i].label);
    view->is_unmask_open = view->what.error || view->unmask_reason.error;
    view->can_unmask = view->what.choices.count > 0 && req->user.kind == USER_OFFICER &&
                       rights_have(req->user.rights, RIGHT_PARTY_UNMASK);
}

bool people_show(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    DossierActors actors = {0};
    if (!store_actors(req->conn, req->arena, req->tenant, dossier->id, &actors, err))
        return false;
    view->people.items = arena_array(req->arena, PersonOfDossierView, actors.count + 1);
    if (!add_person(req, dossier->party, NULL, view, err))
        return false;
    list_each (DossierActor, actor, &actors)
        if (!add_person(req, actor->party, actor, view, err))
            return false;
    show_secrets(req, view);
    return true;
}

/* ---- unmasking ------------------------------------------------------------------------------- */

typedef struct Secret {
    Id party;
    const char *name;
    const char *field; /* for the record */
    const char *label;
    const char *value;
} Secret;

/* "0.phone": the place in people_show's list, and which value. */
static bool find_persons(Request *req, const Dossier *dossier, const char *what, Secret *out,
                         Error *err)
{
    DossierActors actors = {0};
    Party party;
    if (strlen(what) < 3 || what[1] != '.')
        return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "what");
    size_t place = (size_t)(what[0] - '0');
    if (!store_actors(req->conn, req->arena, req->tenant, dossier->id, &actors, err))
        return false;
    bool is_field = text_equal(what + 2, "identity_number") || text_equal(what + 2, "phone");
    if (place > actors.count || !is_field)
        return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "what");
    out->party = place ? actors.items[place - 1].party : dossier->party;
    out->field = what + 2;
    out->label = request_text(req, arena_printf(req->arena, "choice.field.%s", out->field));
    if (!identity_party(request_app(req), req->conn, req->arena, out->party, &party, err))
        return false;
    out->name = party.name;
    return identity_party_secret(request_app(req), req->conn, req->arena, out->party, out->field,
                                 &out->value, err);
}

static const FormKey *personal_key(const Form *form, const char *name)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    for (size_t i = 0; i < count; i++)
        if (keys[i].is_personal && text_equal(keys[i].key, name))
            return &keys[i];
    return NULL;
}

static bool find_answer(Request *req, const Dossier *dossier, const char *name, Secret *out,
                        Error *err)
{
    App *app = request_app(req);
    const char *text = store_answers(app, req->arena, dossier, err);
    const Form *form = text ? catalogue_form(app, req->conn, dossier->form_definition, err) : NULL;
    const Json *answers =
        form ? json_parse(req->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    const FormKey *key = answers ? personal_key(form, name) : NULL;
    if (!answers)
        return false;
    if (!key)
        return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "what");
    const Json *value = form_value(answers, name);
    *out = (Secret){.party = dossier->party,
                    .name = dossier->applicant_name,
                    .field = name,
                    .label = key->label,
                    .value = value ? value->text : NULL};
    return true;
}

bool dossier_unmask(Request *req, Error *err)
{
    Dossier dossier;
    Secret secret = {0};
    const char *what = input_text(req, "what");
    if (!pages_dossier(req, req->conn, &dossier, err))
        return false;
    bool is_answer = text_starts_with(what, "answer.");
    if (is_answer ? !find_answer(req, &dossier, what + 7, &secret, err)
                  : !find_persons(req, &dossier, what, &secret, err))
        return false;
    Unmasking unmasking = {.officer = &req->user,
                           .party = secret.party,
                           .dossier = dossier.number,
                           .field = secret.field,
                           .reason = input_text(req, "reason")};
    return identity_show_unmasked(req, &unmasking, secret.label, secret.name, secret.value,
                                  arena_printf(req->arena, "/dossiers/%s", dossier.number), err);
}
