/*
 * identity_me.c - /me, what an applicant is known by; a hidden value shown whole; and the auditor's
 * list of those who saw one.
 */
#include "apps/identity/identity_people.h"

#include "apps/org/org.h"

const InputField me_input[] = {
    {"identity_kind", INPUT_CHOICE, INPUT_REQUIRED, .choices = identity_kinds_of_persons},
    {"identity_number", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {0},
};
const InputField unmaskings_input[] = {{"after", INPUT_ID, 0}, {0}};

enum { PAGE_ROWS = 50 };

/* ---- me -------------------------------------------------------------------------------------- */

static bool officer_page(Request *req, MeView *view, Error *err)
{
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->is_officer = true;
    view->unit = org_unit_name(req, req->user.unit, err);
    return !error_is_set(err) && second_view(req, &view->second, err) &&
           request_show(req, &MeView_type, view);
}

bool me_page(Request *req, Error *err)
{
    MeView *view = arena_new(req->arena, MeView);
    FieldErrors errors = request_errors(req);
    Party party;
    Mandates letters = {0};
    view->name = req->user.name;
    if (req->user.kind == USER_OFFICER)
        return officer_page(req, view, err);
    if (!identity_party(request_app(req), req->conn, req->arena, req->user.party, &party, err) ||
        !identity_letters_of_person(req->conn, req->arena, req->tenant, party.id, &letters, err))
        return false;
    view_list_set(&view->errors, &errors);
    view->party = people_line(&party);
    view->identity_kind = request_field(req, me_input, "identity_kind", "resident_id");
    view->identity_number = request_field(req, me_input, "identity_number", NULL);
    return people_letters(req, &letters, &view->letters.items, &view->letters.count, err) &&
           request_show(req, &MeView_type, view);
}

bool me_prepare(Request *req, Error *err)
{
    Date today = instant_date(req->now, request_app(req)->zone_minutes);
    req->state = (void *)identity_number_read(req->arena, input_text(req, "identity_kind"),
                                              input_text(req, "identity_number"), today,
                                              "identity_number", err);
    return req->state != NULL;
}

bool me_act(Tx *tx, Request *req, Error *err)
{
    return identity_party_type(tx, request_app(req), req->user.party, req->user.id,
                               input_text(req, "identity_kind"), req->state, err) &&
           request_done(req, 200, "/me", NULL, NULL, "me.typed.flash");
}

/* ---- unmasking ------------------------------------------------------------------------------- */

typedef struct Noting {
    App *app;
    const Unmasking *unmasking;
} Noting;

static bool note(Tx *tx, void *data, Error *err)
{
    const Noting *noting = data;
    return identity_note_unmasking(tx, noting->app, noting->unmasking, err);
}

bool identity_show_unmasked(Request *req, const Unmasking *unmasking, const char *label,
                            const char *name, const char *value, const char *back, Error *err)
{
    App *app = request_app(req);
    Noting noting = {.app = app, .unmasking = unmasking};
    if (!value)
        return error_set(err, ERROR_NOT_FOUND, .code = "unmask.nothing");
    UnmaskedView *view = arena_new(req->arena, UnmaskedView);
    *view = (UnmaskedView){.label = label, .name = name, .value = value, .back = back};
    return db_write(app->db, req->arena, note, &noting, err) &&
           request_show(req, &UnmaskedView_type, view);
}

/* ---- the auditor's list ---------------------------------------------------------------------- */

static const char *field_text(Request *req, const char *field)
{
    const char *key = arena_printf(req->arena, "choice.field.%s", field);
    return message_exists(key) ? request_text(req, key) : field;
}

static UnmaskingView line_of(Request *req, const UnmaskingLine *line, Error *err)
{
    bool is_english = req->language == LANGUAGE_EN;
    return (UnmaskingView){.id = line->id,
                           .at = line->at,
                           .officer = is_english ? line->officer_name_en : line->officer_name,
                           .login = line->officer_login,
                           .unit = org_unit_name(req, line->unit, err),
                           .party = line->party_name,
                           .dossier = line->dossier,
                           .field = field_text(req, line->field),
                           .reason = line->reason};
}

bool unmaskings_page(Request *req, Error *err)
{
    UnmaskingsView *view = arena_new(req->arena, UnmaskingsView);
    UnmaskingLines lines = {0};
    if (!identity_unmaskings(req->conn, req->arena, req->tenant, input_id(req, "after"),
                             PAGE_ROWS + 1, &lines, err))
        return false;
    size_t shown = lines.count > PAGE_ROWS ? PAGE_ROWS : lines.count;
    view->unmaskings.items = arena_array(req->arena, UnmaskingView, shown);
    for (; view->unmaskings.count < shown; view->unmaskings.count++)
        view->unmaskings.items[view->unmaskings.count] =
            line_of(req, &lines.items[view->unmaskings.count], err);
    view->pager.shown = (int64_t)shown;
    if (lines.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)lines.items[shown - 1].id);
    view->empty = (EmptyState){.title = request_text(req, "unmaskings.none")};
    return !error_is_set(err) && request_show(req, &UnmaskingsView_type, view);
}
