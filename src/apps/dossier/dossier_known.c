/*
 * dossier_known.c - what a person or firm told before: collected once, filled in wherever it is
 * asked for again, with its source.
 *
 *     identity as a window saw it, then applications from the newest on: the first that tells,
 * counts
 */
#include <string.h>

#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_people.h"

enum { DOSSIERS_READ = 12 };

const KnownFact *known_find(const KnownFacts *facts, const char *fact)
{
    list_each (KnownFact, known, facts)
        if (text_equal(known->fact, fact))
            return known;
    return NULL;
}

static void add(Request *req, KnownFacts *facts, KnownFact fact)
{
    if (!feel_is_null(fact.value) && !known_find(facts, fact.fact))
        list_add(req->arena, facts, fact);
}

/* ---- identity -------------------------------------------------------------------------------- */

static void add_text(Request *req, KnownFacts *facts, const char *fact, const char *text)
{
    if (!text_is_empty(text))
        add(req, facts, (KnownFact){.fact = fact, .value = feel_string(text)});
}

static bool add_identity(Request *req, Id id, KnownFacts *out, Error *err)
{
    App *app = request_app(req);
    Party party;
    const char *number = NULL, *phone = NULL;
    if (!identity_party(app, req->conn, req->arena, id, &party, err) ||
        !identity_party_secret(app, req->conn, req->arena, id, "identity_number", &number, err) ||
        !identity_party_secret(app, req->conn, req->arena, id, "phone", &phone, err))
        return false;
    add_text(req, out, party.is_firm ? "business.name" : "person.name", party.name);
    add_text(req, out, party.is_firm ? "firm.credit_code" : "person.identity_number", number);
    add_text(req, out, "phone", phone);
    return true;
}

/* ---- applications ---------------------------------------------------------------------------- */

static void add_answers(Request *req, const Form *form, const Json *answers,
                        const KnownDossier *told, KnownFacts *out)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    for (size_t i = 0; i < count; i++) {
        const Json *value = keys[i].fact ? form_value(answers, keys[i].key) : NULL;
        if (value)
            add(req, out,
                (KnownFact){.fact = keys[i].fact,
                            .value = feel_from_json(req->arena, value),
                            .item_name = told->item_name,
                            .told_on =
                                instant_date(told->filed_at, request_app(req)->zone_minutes)});
    }
}

static bool add_dossier(Request *req, const KnownDossier *told, KnownFacts *out, Error *err)
{
    App *app = request_app(req);
    Dossier dossier = {.id = told->id, .answers = told->answers};
    const Form *form = catalogue_form(app, req->conn, told->form_definition, err);
    const char *text = form ? store_answers(app, req->arena, &dossier, err) : NULL;
    const Json *answers =
        text ? json_parse(req->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    if (!answers)
        return false;
    add_answers(req, form, answers, told, out);
    return true;
}

bool known_read(Request *req, Id party, Id account, KnownFacts *out, Error *err)
{
    KnownDossiers told = {0};
    if (!add_identity(req, party, out, err) ||
        !store_known(req->conn, req->arena, req->tenant, party, account, DOSSIERS_READ, &told, err))
        return false;
    list_each (KnownDossier, dossier, &told)
        if (!add_dossier(req, dossier, out, err))
            return false;
    return true;
}

/* ---- applying -------------------------------------------------------------------------------- */

static Id typed_id(Request *req, const char *name)
{
    int64_t id = 0;
    const char *typed = request_typed(req, name);
    return typed && text_to_int64(typed, &id) ? id : 0;
}

/* Of themselves, or of a firm whose letter they hold for this item; else nothing. */
static bool read_own(Request *req, const Item *item, Id party, KnownFacts *out, Error *err)
{
    Mandate letter;
    Error none = ERROR_NONE;
    bool is_own = req->user.is_verified && party == req->user.party;
    bool is_by_letter = req->user.is_verified && party && !is_own &&
                        identity_letter_for(req->conn, req->arena, req->tenant, req->user.party,
                                            party, item->code, pages_today(req), &letter, &none);
    return !(is_own || is_by_letter) || known_read(req, party, req->user.id, out, err);
}

static bool says(Arena *arena, FeelValue value, const char *typed)
{
    Buffer literal = buffer_init(arena, 0);
    if (feel_text(value))
        return text_equal(feel_text(value), typed);
    feel_to_json(&literal, value);
    return text_equal(buffer_text(&literal), typed);
}

/* Whether an answer was left empty, or says what these facts say. */
static bool is_from(Arena *arena, const Form *form, const KnownFacts *facts, const Json *answer)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    for (size_t i = 0; i < count; i++)
        if (keys[i].fact && text_equal(keys[i].key, answer->name)) {
            const KnownFact *fact = known_find(facts, keys[i].fact);
            return text_is_empty(answer->text) || (fact && says(arena, fact->value, answer->text));
        }
    return false;
}

/* What was typed without what only stood there for another choice, or was left empty. */
static const Json *forget(Request *req, const Form *form, const KnownFacts *before,
                          const Json *typed)
{
    Json *kept = arena_new(req->arena, Json);
    *kept = *typed;
    kept->items = arena_array(req->arena, Json *, typed->count);
    kept->count = 0;
    json_each (answer, typed)
        if (!is_from(req->arena, form, before, answer))
            kept->items[kept->count++] = (Json *)(uintptr_t)answer;
    return kept;
}

const Json *known_typed(Request *req, const Form *form, const KnownFacts *facts, const Json *typed)
{
    KnownFacts none = {0};
    return facts->count ? forget(req, form, &none, typed) : typed;
}

/* What was typed, when another was chosen than whose facts stood there. */
static const Json *typed_for(Request *req, const Item *item, const Form *form, Id chosen,
                             Error *err)
{
    KnownFacts before = {0};
    const Json *typed = input_form(req, "form");
    Id known_for = typed_id(req, "known_for");
    if (!known_for || known_for == chosen || !read_own(req, item, known_for, &before, err))
        return typed;
    return forget(req, form, &before, typed);
}

bool known_apply(Request *req, const Item *item, Id form_definition, ApplyView *view, Error *err)
{
    KnownFacts facts = {0};
    Id typed = typed_id(req, "applicant"), chosen = typed ? typed : req->user.party;
    const Form *form = catalogue_form(request_app(req), req->conn, form_definition, err);
    if (!form || !read_own(req, item, chosen, &facts, err))
        return false;
    view->known_for = view->has_applicant_choice ? chosen : 0;
    view->has_refresh = view->has_applicant_choice;
    if (!pages_fields_known(req, form_definition, typed_for(req, item, form, chosen, err), &facts,
                            &view->fields.items, &view->fields.count, &view->has_refresh, err))
        return false;
    for (size_t i = 0; i < view->fields.count; i++)
        view->has_known |= view->fields.items[i].source != NULL;
    return !error_is_set(err);
}

/* ---- at a window ----------------------------------------------------------------------------- */

static const FormKey *key_of(const Form *form, const char *key)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    for (size_t i = 0; i < count; i++)
        if (text_equal(keys[i].key, key))
            return &keys[i];
    return NULL;
}

static bool is_left_empty(const Json *typed, const char *key)
{
    const Json *answer = form_value(typed, key);
    return !answer || answer->kind == JSON_NULL ||
           (answer->kind == JSON_TEXT && text_is_blank(answer->text));
}

static Json *text_member(Arena *arena, const char *name, const char *text)
{
    Json *member = arena_new(arena, Json);
    *member = (Json){.kind = JSON_TEXT, .name = name, .text = text};
    return member;
}

const Json *known_borrow(Arena *arena, const Form *form, const KnownFacts *said, const Json *typed)
{
    const FormKey *keys;
    size_t count = form_keys(form, &keys);
    Json *full = arena_new(arena, Json);
    *full = (Json){.kind = JSON_OBJECT, .name = typed->name};
    full->items = arena_array(arena, Json *, typed->count + count);
    json_each (answer, typed)
        if (!known_is_borrowed(form, said, typed, answer->name))
            full->items[full->count++] = (Json *)(uintptr_t)answer;
    for (size_t i = 0; i < count; i++)
        if (known_is_borrowed(form, said, typed, keys[i].key))
            full->items[full->count++] =
                text_member(arena, keys[i].key, feel_text(known_find(said, keys[i].fact)->value));
    return full;
}

bool known_is_borrowed(const Form *form, const KnownFacts *said, const Json *typed,
                       const char *field)
{
    const FormKey *key = key_of(form, field);
    return key && key->fact && known_find(said, key->fact) && is_left_empty(typed, field);
}

void known_offer(Request *req, const Form *form, bool is_firm, FormField *fields, size_t count)
{
    const char *const said[] = {"phone", is_firm ? "business.name" : "person.name",
                                is_firm ? "firm.credit_code" : "person.identity_number"};
    for (size_t i = 0; i < count; i++) {
        bool is_answer = text_starts_with(fields[i].name, "form.");
        const FormKey *key = is_answer ? key_of(form, fields[i].name + strlen("form.")) : NULL;
        for (size_t at = 0; key && at < sizeof said / sizeof *said; at++)
            if (text_equal(key->fact, said[at])) {
                fields[i].source = request_text(req, "known.as_applicant");
                fields[i].is_required = false;
            }
    }
}
