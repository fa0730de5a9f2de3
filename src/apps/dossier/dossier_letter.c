/*
 * dossier_letter.c - letters of authorisation (授权委托书): which steps of which items a
 * department's representative may close alone, and until when; what lies beyond is the leader's.
 */
#include "apps/dossier/dossier.h"

#include <string.h>

#include "apps/dossier/dossier_internal.h"

/* ---- who may close a step -------------------------------------------------------------------- */

bool letter_refusal(const LetterScope *scope, const User *officer, const Task *task,
                    const char **out_code, Error *err)
{
    const BpmnElement *element = bpmn_find(scope->model, task->element);
    const char *who = element ? pair_of(element->properties, "authorisation") : NULL;
    Letter wanted = {.officer = officer->id,
                     .unit = officer->unit,
                     .item = scope->item,
                     .element = task->element};
    bool is_covered = true;
    *out_code = NULL;
    if (text_equal(who, "leader") && !rights_have(officer->rights, RIGHT_DOSSIER_LEAD))
        *out_code = "authorisation.leader";
    if (!text_equal(who, "required"))
        return true;
    if (!store_letter_covers(scope->conn, scope->arena, scope->app->tenant, &wanted, scope->day,
                             &is_covered, err))
        return false;
    if (!is_covered)
        *out_code = "authorisation.missing";
    return true;
}

/* With codes, since that is what a letter names. */
bool letter_check(Work *work, const User *officer, const Task *task, Error *err)
{
    const char *code;
    LetterScope scope = {.conn = tx_conn(work->tx),
                         .arena = work->arena,
                         .app = work->app,
                         .item = work->dossier.item_code,
                         .model = work->model,
                         .day = instant_date(tx_now(work->tx), work->app->zone_minutes)};
    return letter_refusal(&scope, officer, task, &code, err) &&
           (!code ||
            error_set(err, ERROR_FORBIDDEN, .code = code,
                      .with = {{"step", task->element}, {"item", work->dossier.item_code}}));
}

/* ---- registering ----------------------------------------------------------------------------- */

static const char *entry_data(Arena *arena, const Letter *letter)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "authorisation", letter->id);
    json_put_id(&json, "officer", letter->officer);
    json_put_text(&json, "item", letter->item);
    json_put_text(&json, "element", letter->element);
    json_put_text(&json, "valid_from", date_text(arena, letter->valid_from));
    json_put_text(&json, "valid_until", date_text(arena, letter->valid_until));
    json_put_text(&json, "letter_no", letter->letter_no);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool append(Tx *tx, App *app, const char *kind, const User *admin, const Letter *letter,
                   Error *err)
{
    Arena *arena = tx_arena(tx);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = kind,
                          .actor_kind = "officer",
                          .actor = admin->id,
                          .unit = letter->unit,
                          .subject =
                              arena_printf(arena, "authorisation:%lld", (long long)letter->id),
                          .data = entry_data(arena, letter)};
    return journal_append(tx, &entry, err);
}

static bool check_item(Tx *tx, App *app, const char *item, Error *err)
{
    Error problem = ERROR_NONE;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (text_equal(item, "*") || catalogue_item(app, tx_conn(tx), item, today, &problem))
        return true;
    if (problem.kind != ERROR_NOT_FOUND)
        return error_fill(err, problem);
    return error_set(err, ERROR_INVALID, .code = "catalogue.unknown_item", .field = "item");
}

bool dossier_authorise(Tx *tx, App *app, const User *admin, const DossierLetter *asked, Id *out_id,
                       Error *err)
{
    Letter letter = {.id = tx_new_id(tx),
                     .item = asked->item,
                     .element = asked->element,
                     .valid_from = asked->valid_from,
                     .valid_until = asked->valid_until,
                     .letter_no = asked->letter_no,
                     .created_at = tx_now(tx)};
    if (date_compare(asked->valid_until, asked->valid_from) < 0)
        return error_set(err, ERROR_INVALID, .code = "authorisation.dates", .field = "valid_until");
    if (!check_item(tx, app, asked->item, err) ||
        !store_letter_holder(tx, app, asked->login, &letter.officer, &letter.unit, err))
        return false;
    if (!letter.officer)
        return error_set(err, ERROR_INVALID, .code = "authorisation.unknown_officer",
                         .field = "login");
    *out_id = letter.id;
    return store_add_letter(tx, app, &letter, admin->id, err) &&
           append(tx, app, "authorisation.added", admin, &letter, err);
}

bool dossier_end_letter(Tx *tx, App *app, const User *admin, Id id, Error *err)
{
    Letter letter;
    bool is_first;
    if (!store_letter(tx_conn(tx), tx_arena(tx), app->tenant, id, &letter, err) ||
        !store_end_letter(tx, app, id, admin->id, &is_first, err))
        return false;
    if (!is_first)
        return error_set(err, ERROR_CONFLICT, .code = "authorisation.ended_already");
    return append(tx, app, "authorisation.ended", admin, &letter, err);
}
