/*
 * identity_people.c - what a window does about people: find them, look at one, verify, write down
 * and take back letters, and see a hidden value whole.
 *
 *     GET /people -> POST /people (by number or phone) -> /people/{id} -> verify | letters | unmask
 */
#include "apps/identity/identity_people.h"

#include "apps/catalogue/catalogue.h"

static const char *const unmask_fields[] = {"identity_number", "phone", NULL};

const InputField people_input[] = {
    {"identity_kind", INPUT_CHOICE, 0, .choices = identity_kinds},
    {"identity_number", INPUT_TEXT, 0, .most = 40},
    {"phone", INPUT_PHONE, 0},
    {0},
};
const InputField person_input[] = {
    {"party", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};
const InputField verify_input[] = {
    {"party", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"party_kind", INPUT_CHOICE, INPUT_REQUIRED, .choices = identity_kinds},
    {"party_number", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"party_name", INPUT_TEXT, INPUT_REQUIRED, .least = 2, .most = 60},
    {"is_party_name_confirmed", INPUT_BOOL, 0},
    {"is_original_seen", INPUT_BOOL, 0},
    {0},
};
const InputField mandate_input[] = {
    {"party", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"agent_kind", INPUT_CHOICE, INPUT_REQUIRED, .choices = identity_kinds_of_persons,
     .label = "field.identity_kind"},
    {"agent_number", INPUT_TEXT, INPUT_REQUIRED, .most = 40, .label = "field.identity_number"},
    {"agent_name", INPUT_TEXT, INPUT_REQUIRED, .least = 2, .most = 60,
     .label = "field.letter_holder"},
    {"is_agent_name_confirmed", INPUT_BOOL, 0},
    {"letter_no", INPUT_TEXT, INPUT_REQUIRED, .most = 60, .label = "field.mandate_no"},
    {"valid_until", INPUT_DATE, INPUT_REQUIRED, .label = "field.letter_until"},
    {"letter_item", INPUT_TEXT, INPUT_REPEATED, .most = 60},
    {0},
};
const InputField revoke_input[] = {
    {"party", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"letter", INPUT_ID, INPUT_REQUIRED, .label = "field.mandate"},
    {"revoke_reason", INPUT_TEXT, INPUT_REQUIRED, .least = 2, .most = 200},
    {0},
};
const InputField unmask_input[] = {
    {"party", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"field", INPUT_CHOICE, INPUT_REQUIRED, .choices = unmask_fields},
    {"reason", INPUT_TEXT, INPUT_REQUIRED, .least = 4, .most = 200, .label = "field.unmask_reason"},
    {0},
};

enum { ITEMS_MOST = 200 };

static Date today_of(const Request *req)
{
    return instant_date(req->now, request_app(req)->zone_minutes);
}

/* ---- finding --------------------------------------------------------------------------------- */

PartyLineView people_line(const Party *party)
{
    return (PartyLineView){.id = party->id,
                           .name = party->name,
                           .identity_kind = party->identity_kind,
                           .number = {party->number},
                           .phone = {party->phone},
                           .has_phone = party->phone != NULL,
                           .is_verified = party->is_verified,
                           .has_account = party->account != 0};
}

static PartiesView *people_view(Request *req)
{
    PartiesView *view = arena_new(req->arena, PartiesView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->identity_kind = request_field(req, people_input, "identity_kind", "resident_id");
    view->identity_number = request_field(req, people_input, "identity_number", NULL);
    view->phone = request_field(req, people_input, "phone", NULL);
    view->empty = (EmptyState){.title = request_text(req, "people.none"),
                               .text = request_text(req, "people.none_text")};
    return view;
}

bool parties_page(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &PartiesView_type, people_view(req));
}

static bool find_by_number(Request *req, Party *out, Error *err)
{
    const char *kind = input_text(req, "identity_kind");
    const char *typed = input_text(req, "identity_number");
    *out = (Party){0};
    if (text_is_empty(typed))
        return true;
    kind = text_is_empty(kind) ? "resident_id" : kind;
    const char *number =
        identity_number_read(req->arena, kind, typed, today_of(req), "identity_number", err);
    return number && identity_party_by_number(request_app(req), req->conn, req->arena, kind, number,
                                              out, err);
}

static bool find_by_phone(Request *req, Party *out, Error *err)
{
    const char *phone = input_text(req, "phone");
    *out = (Party){0};
    return text_is_empty(phone) ||
           identity_party_by_phone(request_app(req), req->conn, req->arena, phone, out, err);
}

bool people_search(Request *req, Error *err)
{
    PartiesView *view = people_view(req);
    Party found[2];
    if (text_is_empty(input_text(req, "identity_number")) &&
        text_is_empty(input_text(req, "phone")))
        return error_set(err, ERROR_INVALID, .code = "people.ask", .field = "identity_number");
    if (!find_by_number(req, &found[0], err) || !find_by_phone(req, &found[1], err))
        return false;
    view->is_searched = true;
    view->parties.items = arena_array(req->arena, PartyLineView, 2);
    for (size_t i = 0; i < 2; i++)
        if (found[i].id && !(i && found[0].id == found[1].id))
            view->parties.items[view->parties.count++] = people_line(&found[i]);
    return request_show(req, &PartiesView_type, view);
}

/* ---- letters as shown ------------------------------------------------------------------------ */

static const char *item_name(const Request *req, const ItemsFound *items, const char *code)
{
    list_each (const ItemFound, item, items)
        if (text_equal(item->code, code))
            return both_in(item->name, req->language);
    return code;
}

static const char *item_names(Request *req, const ItemsFound *items, const char *codes)
{
    const char **parts;
    Buffer text = buffer_init(req->arena, 0);
    if (text_equal(codes, "*"))
        return request_text(req, "letter.all_items");
    size_t count = text_split(req->arena, codes, ',', &parts);
    for (size_t i = 0; i < count; i++) {
        buffer_add(&text, i == 0 ? "" : req->language == LANGUAGE_EN ? ", " : "、");
        buffer_add(&text, item_name(req, items, parts[i]));
    }
    return buffer_text(&text);
}

static const char *state_of(const Mandate *letter, Date today)
{
    if (letter->revoked_at != INSTANT_NONE)
        return "revoked";
    return identity_letter_covers(letter, NULL, today) ? "valid" : "expired";
}

bool people_letters(Request *req, const Mandates *letters, MandateView **out_items,
                    size_t *out_count, Error *err)
{
    ItemsFound items = {0};
    *out_count = 0;
    if (letters->count &&
        !catalogue_find(req->conn, req->arena, req->tenant, NULL, ITEMS_MOST, &items, err))
        return false;
    *out_items = arena_array(req->arena, MandateView, letters->count);
    list_each (const Mandate, letter, letters)
        (*out_items)[(*out_count)++] =
            (MandateView){.id = letter->id,
                          .firm = letter->firm_name,
                          .person = letter->person_name,
                          .letter_no = letter->letter_no,
                          .items = item_names(req, &items, letter->items),
                          .state = state_of(letter, today_of(req)),
                          .valid_until = letter->valid_until,
                          .reason = letter->reason};
    return true;
}

/* ---- one party ------------------------------------------------------------------------------- */

static bool has_value(Request *req, const char *name, const char *value)
{
    const char *const *values;
    size_t count = input_all(req, name, &values);
    for (size_t i = 0; i < count; i++)
        if (text_equal(values[i], value))
            return true;
    return false;
}

/* Boxes for the items in force; none ticked: all of them. */
static bool show_items(Request *req, PersonView *view, Error *err)
{
    ItemsFound items = {0};
    if (!catalogue_find(req->conn, req->arena, req->tenant, NULL, ITEMS_MOST, &items, err))
        return false;
    view->item = request_field(req, mandate_input, "letter_item", NULL);
    view->item.type = "checks";
    view->item.choices.items = arena_array(req->arena, FieldChoice, items.count);
    list_each (ItemFound, item, &items)
        view->item.choices.items[view->item.choices.count++] =
            (FieldChoice){.value = item->code,
                          .label = both_in(item->name, req->language),
                          .is_chosen = has_value(req, "letter_item", item->code)};
    return true;
}

static void show_letter_choice(Request *req, PersonView *view)
{
    view->letter = request_field(req, revoke_input, "letter", NULL);
    view->letter.type = "choice";
    view->letter.choices.items = arena_array(req->arena, FieldChoice, view->letters.count);
    for (size_t i = 0; i < view->letters.count; i++) {
        const MandateView *letter = &view->letters.items[i];
        const char *id = arena_printf(req->arena, "%lld", (long long)letter->id);
        if (!text_equal(letter->state, "revoked"))
            view->letter.choices.items[view->letter.choices.count++] = (FieldChoice){
                .value = id,
                .label = arena_printf(req->arena, "%s %s", letter->person, letter->letter_no),
                .is_chosen = text_equal(id, request_typed(req, "letter"))};
    }
    view->can_revoke = view->letter.choices.count > 0;
    view->revoke_reason = request_field(req, revoke_input, "revoke_reason", NULL);
}

static bool is_name_asked(Request *req, const char *field)
{
    for (const Error *one = req->errors; one; one = one->next)
        if (text_equal(one->code, "identity.name_differs") && text_equal(one->field, field))
            return true;
    return false;
}

static void show_verification(Request *req, const Party *party, PersonView *view)
{
    const char *kind = party->is_firm ? "credit_code" : "resident_id";
    view->party_kind = request_field(req, verify_input, "party_kind",
                                     party->identity_kind ? party->identity_kind : kind);
    view->party_number = request_field(req, verify_input, "party_number", NULL);
    view->party_name = request_field(req, verify_input, "party_name", party->name);
    view->is_party_name_confirmed =
        request_field(req, verify_input, "is_party_name_confirmed", NULL);
    view->is_original_seen = request_field(req, verify_input, "is_original_seen", NULL);
    view->asks_name =
        is_name_asked(req, "party_name") || request_typed(req, "is_party_name_confirmed");
}

static bool show_firm(Request *req, const Party *party, PersonView *view, Error *err)
{
    Mandates letters = {0};
    if (!identity_letters_of_firm(req->conn, req->arena, req->tenant, party->id, &letters, err) ||
        !people_letters(req, &letters, &view->letters.items, &view->letters.count, err))
        return false;
    view->agent_kind = request_field(req, mandate_input, "agent_kind", "resident_id");
    view->agent_number = request_field(req, mandate_input, "agent_number", NULL);
    view->agent_name = request_field(req, mandate_input, "agent_name", NULL);
    view->is_agent_name_confirmed =
        request_field(req, mandate_input, "is_agent_name_confirmed", NULL);
    view->letter_no = request_field(req, mandate_input, "letter_no", NULL);
    view->valid_until = request_field(req, mandate_input, "valid_until", NULL);
    view->asks_agent_name =
        is_name_asked(req, "agent_name") || request_typed(req, "is_agent_name_confirmed");
    show_letter_choice(req, view);
    return show_items(req, view, err);
}

static bool show_voucher(Request *req, const Party *party, PersonView *view, Error *err)
{
    view->verified_at = party->verified_at;
    view->verified_by = identity_officer_label(req, party->verified_by, err);
    return !error_is_set(err);
}

bool person_page(Request *req, Error *err)
{
    PersonView *view = arena_new(req->arena, PersonView);
    FieldErrors errors = request_errors(req);
    Party party;
    if (!identity_party(request_app(req), req->conn, req->arena, input_id(req, "party"), &party,
                        err))
        return false;
    view_list_set(&view->errors, &errors);
    view->party = people_line(&party);
    view->is_firm = party.is_firm;
    show_verification(req, &party, view);
    view->field = request_field(req, unmask_input, "field", "identity_number");
    view->reason = request_field(req, unmask_input, "reason", NULL);
    return show_voucher(req, &party, view, err) &&
           (!party.is_firm || show_firm(req, &party, view, err)) &&
           request_show(req, &PersonView_type, view);
}

static bool done(Request *req, int status, Id party, const char *flash)
{
    PartyMadeView *view = arena_new(req->arena, PartyMadeView);
    view->id = party;
    return request_done(req, status, arena_printf(req->arena, "/people/%lld", (long long)party),
                        &PartyMadeView_type, view, flash);
}

/* ---- verifying ------------------------------------------------------------------------------- */

bool verify_prepare(Request *req, Error *err)
{
    PartySpec *spec = arena_new(req->arena, PartySpec);
    *spec = (PartySpec){.kind = input_text(req, "party_kind"),
                        .name = input_text(req, "party_name"),
                        .is_original_seen = input_bool(req, "is_original_seen"),
                        .is_name_confirmed = input_bool(req, "is_party_name_confirmed"),
                        .officer = req->user.id,
                        .name_field = "party_name"};
    spec->number = identity_number_read(req->arena, spec->kind, input_text(req, "party_number"),
                                        today_of(req), "party_number", err);
    if (!spec->is_original_seen)
        error_add(err, req->arena, ERROR_INVALID, .code = "identity.not_seen",
                  .field = "is_original_seen");
    req->state = spec;
    return spec->number && spec->is_original_seen;
}

bool verify_act(Tx *tx, Request *req, Error *err)
{
    Id party;
    return identity_party_verify(tx, request_app(req), input_id(req, "party"), req->state, &party,
                                 err) &&
           done(req, 200, party, "person.verified.flash");
}

/* ---- letters --------------------------------------------------------------------------------- */

typedef struct LetterTry {
    PartySpec person;
    const char *items;
} LetterTry;

/* Codes joined by commas, "*" when none is ticked; each must be in force. */
static const char *read_items(Request *req, Error *err)
{
    const char *const *codes;
    size_t count = input_all(req, "letter_item", &codes);
    Buffer joined = buffer_init(req->arena, 0);
    for (size_t i = 0; i < count; i++) {
        Error unknown = ERROR_NONE;
        if (!catalogue_item(request_app(req), req->conn, codes[i], today_of(req), &unknown)) {
            error_add(err, req->arena, ERROR_INVALID, .code = "input.not_a_choice",
                      .field = "letter_item");
            return NULL;
        }
        buffer_add(&joined, i ? "," : "");
        buffer_add(&joined, codes[i]);
    }
    return count ? buffer_text(&joined) : "*";
}

bool mandate_prepare(Request *req, Error *err)
{
    LetterTry *it = arena_new(req->arena, LetterTry);
    it->person = (PartySpec){.kind = input_text(req, "agent_kind"),
                             .name = input_text(req, "agent_name"),
                             .is_original_seen = true,
                             .is_name_confirmed = input_bool(req, "is_agent_name_confirmed"),
                             .officer = req->user.id,
                             .name_field = "agent_name"};
    it->person.number =
        identity_number_read(req->arena, it->person.kind, input_text(req, "agent_number"),
                             today_of(req), "agent_number", err);
    it->items = read_items(req, err);
    req->state = it;
    return it->person.number && it->items;
}

bool mandate_act(Tx *tx, Request *req, Error *err)
{
    const LetterTry *it = req->state;
    App *app = request_app(req);
    Id id;
    Mandate letter = {.firm = input_id(req, "party"),
                      .letter_no = input_text(req, "letter_no"),
                      .items = it->items,
                      .valid_until = input_date(req, "valid_until"),
                      .verified_by = req->user.id};
    return identity_letter_check(tx, app, &letter, err) &&
           identity_party_record(tx, app, &it->person, &letter.person, err) &&
           identity_letter_add(tx, app, &letter, &id, err) &&
           done(req, 201, letter.firm, "person.letter.flash");
}

bool mandate_revoke_act(Tx *tx, Request *req, Error *err)
{
    return identity_letter_revoke(tx, request_app(req), input_id(req, "party"),
                                  input_id(req, "letter"), req->user.id,
                                  input_text(req, "revoke_reason"), err) &&
           done(req, 200, input_id(req, "party"), "person.revoked.flash");
}

/* ---- unmasking ------------------------------------------------------------------------------- */

bool unmask_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    Party party;
    Unmasking unmasking = {.officer = &req->user,
                           .party = input_id(req, "party"),
                           .field = input_text(req, "field"),
                           .reason = input_text(req, "reason")};
    /* Others see the people of the dossiers that they may see, and unmask there. */
    if (!rights_have(req->user.rights, RIGHT_DOSSIER_INTAKE))
        return error_set(err, ERROR_NOT_FOUND, .code = "identity.unknown_party");
    if (!identity_party(app, req->conn, req->arena, unmasking.party, &party, err))
        return false;
    const char *label = arena_printf(req->arena, "choice.field.%s", unmasking.field);
    UnmaskedView view = {.label = request_text(req, label),
                         .name = party.name,
                         .back = arena_printf(req->arena, "/people/%lld", (long long)party.id)};
    return identity_party_secret(app, req->conn, req->arena, party.id, unmasking.field, &view.value,
                                 err) &&
           identity_show_unmasked(req, &unmasking, view.label, view.name, view.value, view.back,
                                  err);
}
