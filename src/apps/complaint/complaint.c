/*
 * complaint.c - the verbs of a complaint, from registration to satisfaction.
 *
 *     matter -> office, limits by table -> row, act, entry; verb -> state as it stands -> next
 * state
 */
#include "apps/complaint/complaint_store.h"

#include "apps/catalogue/catalogue.h"
#include "apps/dossier/dossier.h"
#include "apps/org/org.h"
#include "apps/supervise/supervise.h"
#include "format/json.h"
#include "service/calendars.h"

static const char TABLE[] = "complaints", DECISION[] = "complaint";

/* ---- what each act writes -------------------------------------------------------------------- */

static const char *data_of(Arena *arena, const Complaint *complaint)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "complaint", complaint->id);
    json_put_text(&json, "number", complaint->number);
    json_put_id(&json, "unit", complaint->unit);
    json_put_id(&json, "dossier", complaint->dossier);
    json_put_text(&json, "channel", complaint->channel);
    json_put_text(&json, "subject", complaint->subject);
    json_put_text(&json, "state", complaint->state);
    json_put_int(&json, "due_at", complaint->due_at);
    json_put_text(&json, "finding", complaint->finding);
    json_put_text(&json, "grade", complaint->grade);
    json_end_object(&json);
    return buffer_text(&text);
}

/* The entry and the act, in one; who complains and what is said stay out of the entry. */
static bool note(Tx *tx, App *app, const User *officer, const Complaint *complaint,
                 const char *kind, const char *words, Error *err)
{
    Arena *arena = tx_arena(tx);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = arena_printf(arena, "complaint.%s", kind),
                          .actor_kind = officer ? "officer" : "public",
                          .actor = officer ? officer->id : 0,
                          .unit = complaint->unit,
                          .subject =
                              arena_printf(arena, "complaint:%lld", (long long)complaint->id),
                          .data = data_of(arena, complaint)};
    ComplaintAct act = {.kind = kind,
                        .officer = officer ? officer->id : 0,
                        .at = tx_now(tx),
                        .words = words ? words : ""};
    return store_add_complaint_act(tx, app, complaint->id, &act, err) &&
           journal_append(tx, &entry, err);
}

/* field: where the words are typed. */
static bool has_words(const char *words, const char *field, Error *err)
{
    return !text_is_blank(words) ||
           error_set(err, ERROR_INVALID, .code = "complaint.no_words", .field = field);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static FeelValue facts_of(Arena *arena, const ComplaintMatter *matter)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "subject", feel_string(matter->subject));
    feel_context_put(&builder, "channel", feel_string(matter->channel));
    return feel_context_end(&builder);
}

static bool days_of(FeelValue decided, const char *name, int64_t *out)
{
    enum { DAYS_MOST = 250 };
    const FeelValue *days = feel_member(decided, name);
    return days && feel_to_int64(*days, out) && *out > 0 && *out <= DAYS_MOST;
}

/* Working days to accept and to reply, by the table in force today. */
static bool decide_limits(Tx *tx, App *app, const ComplaintMatter *matter, int64_t *out_accept,
                          int64_t *out_reply, Error *err)
{
    Arena *arena = tx_arena(tx);
    DbConn *conn = tx_conn(tx);
    Id definition;
    FeelValue decided;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (!catalogue_deciding(app, conn, TABLE, DECISION, "", today, &definition, err))
        return false;
    const DmnModel *table = catalogue_table(app, conn, definition, err);
    FeelScope scope = calendars_scope(app, conn, arena, facts_of(arena, matter), tx_now(tx));
    if (!table || !dmn_decide(table, DECISION, &scope, arena, &decided, NULL, err))
        return false;
    return (days_of(decided, "accept", out_accept) && days_of(decided, "reply", out_reply)) ||
           error_set(err, ERROR_UNAVAILABLE, .code = "complaint.no_limits");
}

static bool closing_after(Tx *tx, App *app, int64_t days, Instant *out, Error *err)
{
    return calendars_closing_after(app, tx_conn(tx), tx_now(tx), (int32_t)days, out, err);
}

/* ---- registration ---------------------------------------------------------------------------- */

/* The office that is named; else the one responsible for the dossier. */
static bool find_office(Tx *tx, App *app, const ComplaintMatter *matter, Complaint *out, Error *err)
{
    Dossier dossier;
    Error problem = ERROR_NONE;
    if (matter->dossier_number) {
        if (!dossier_by_number(tx_conn(tx), tx_arena(tx), app->tenant, matter->dossier_number,
                               &dossier, &problem)) {
            if (problem.kind != ERROR_NOT_FOUND)
                return error_fill(err, problem);
            problem.kind = ERROR_INVALID;
            problem.field = "number";
            return error_fill(err, problem);
        }
        out->dossier = dossier.id;
        out->dossier_number = dossier.number;
        out->unit = dossier.unit;
    }
    if (!matter->unit)
        return out->unit ||
               error_set(err, ERROR_INVALID, .code = "complaint.unit_required", .field = "unit");
    const Unit *unit = org_unit_by_code(app->org, tx_conn(tx), app->tenant, matter->unit, err);
    out->unit = unit ? unit->id : 0;
    return unit || error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "unit");
}

bool complaint_register(Tx *tx, App *app, const User *officer, const ComplaintMatter *matter,
                        Complaint *out, Error *err)
{
    int64_t accept_days;
    ComplaintPerson person = {.name = matter->name, .phone = matter->phone};
    *out = (Complaint){.id = tx_new_id(tx),
                       .channel = matter->channel,
                       .subject = matter->subject,
                       .state = "registered",
                       .is_open = true,
                       .registered_at = tx_now(tx)};
    return has_words(matter->words, "text", err) && find_office(tx, app, matter, out, err) &&
           decide_limits(tx, app, matter, &accept_days, &out->reply_days, err) &&
           closing_after(tx, app, accept_days, &out->due_at, err) &&
           store_add_complaint(tx, app, out, &person, matter->words, err) &&
           note(tx, app, officer, out, "registered", NULL, err);
}

/* ---- supervisors ----------------------------------------------------------------------------- */

static bool is_one_of(const char *state, const char *const *states)
{
    for (; *states; states++)
        if (text_equal(*states, state))
            return true;
    return false;
}

static bool out_of_turn(Error *err)
{
    return error_set(err, ERROR_CONFLICT, .code = "complaint.moved_on");
}

/* The complaint in one of these states; unit 0: of any. */
static bool find_in(Tx *tx, App *app, Id id, Id unit, const char *const *states, Complaint *out,
                    Error *err)
{
    return store_complaint(tx_conn(tx), tx_arena(tx), app->tenant, id, unit, out, err) &&
           (is_one_of(out->state, states) || out_of_turn(err));
}

/* Nobody handles what is said of his own office. */
static bool find_for(Tx *tx, App *app, const User *supervisor, Id id, const char *const *states,
                     Complaint *out, Error *err)
{
    return find_in(tx, app, id, 0, states, out, err) &&
           (out->unit != supervisor->unit ||
            error_set(err, ERROR_CONFLICT, .code = "complaint.own_office"));
}

static bool move(Tx *tx, App *app, const Complaint *complaint, const char *before, Error *err)
{
    bool is_moved;
    return store_move_complaint(tx, app->tenant, complaint, before, &is_moved, err) &&
           (is_moved || out_of_turn(err));
}

bool complaint_accept(Tx *tx, App *app, const User *supervisor, Id id, Error *err)
{
    static const char *const from[] = {"registered", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) ||
        !closing_after(tx, app, it.reply_days, &it.due_at, err))
        return false;
    it.state = "accepted";
    return move(tx, app, &it, "registered", err) &&
           note(tx, app, supervisor, &it, "accepted", NULL, err);
}

bool complaint_refuse(Tx *tx, App *app, const User *supervisor, Id id, const char *words,
                      Error *err)
{
    static const char *const from[] = {"registered", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) || !has_words(words, "refusal", err))
        return false;
    it.state = "refused";
    it.is_open = false;
    return move(tx, app, &it, "registered", err) &&
           note(tx, app, supervisor, &it, "refused", words, err);
}

bool complaint_hear(Tx *tx, App *app, const User *supervisor, Id id, const char *words, Error *err)
{
    static const char *const from[] = {"accepted", "investigated", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) || !has_words(words, "heard", err))
        return false;
    const char *before = it.state;
    it.state = "investigated";
    return move(tx, app, &it, before, err) && note(tx, app, supervisor, &it, "heard", words, err);
}

bool complaint_decide(Tx *tx, App *app, const User *supervisor, Id id, const char *finding,
                      const char *words, Error *err)
{
    static const char *const from[] = {"accepted", "investigated", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) || !has_words(words, "decision", err))
        return false;
    if (text_equal(it.state, "accepted"))
        return error_set(err, ERROR_CONFLICT, .code = "complaint.not_heard");
    it.state = "decided";
    it.finding = finding;
    return move(tx, app, &it, "investigated", err) &&
           note(tx, app, supervisor, &it, "decided", words, err);
}

bool complaint_reply(Tx *tx, App *app, const User *supervisor, Id id, const char *words, Error *err)
{
    static const char *const from[] = {"decided", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) || !has_words(words, "reply", err))
        return false;
    it.state = "replied";
    it.is_open = false;
    return move(tx, app, &it, "decided", err) &&
           note(tx, app, supervisor, &it, "replied", words, err);
}

bool complaint_correct(Tx *tx, App *app, const User *supervisor, Id id, const char *words,
                       Error *err)
{
    static const char *const from[] = {"decided", "replied", "rated", NULL};
    Complaint it;
    if (!find_for(tx, app, supervisor, id, from, &it, err) || !has_words(words, "correction", err))
        return false;
    if (!it.dossier)
        return error_set(err, ERROR_CONFLICT, .code = "complaint.no_dossier");
    if (text_equal(it.finding, "not_upheld"))
        return error_set(err, ERROR_CONFLICT, .code = "complaint.not_upheld");
    if (it.correction)
        return error_set(err, ERROR_CONFLICT, .code = "complaint.corrected_already");
    return correction_send(tx, app, supervisor, it.dossier_number, "other", words, &it.correction,
                           err) &&
           move(tx, app, &it, it.state, err) &&
           note(tx, app, supervisor, &it, "corrected", words, err);
}

/* ---- the office complained of ---------------------------------------------------------------- */

bool complaint_state(Tx *tx, App *app, const User *head, Id id, const char *words, Error *err)
{
    static const char *const from[] = {"accepted", "investigated", NULL};
    Complaint it;
    return find_in(tx, app, id, head->unit, from, &it, err) && has_words(words, "answer", err) &&
           move(tx, app, &it, it.state, err) && note(tx, app, head, &it, "stated", words, err);
}

/* ---- the complainant ------------------------------------------------------------------------- */

bool complaint_of(DbConn *conn, Arena *arena, App *app, const char *number, const char *phone,
                  Complaint *out, Error *err)
{
    bool is_found;
    ComplaintPerson person = {0};
    if (!store_complaint_numbered(conn, arena, app->tenant, number, out, &is_found, err) ||
        (is_found && !store_complaint_sealed(conn, arena, app, out->id, &person, NULL, err)))
        return false;
    return (is_found && text_equal(person.phone, phone)) ||
           error_set(err, ERROR_INVALID, .code = "complaint.not_found", .field = "number");
}

bool complaint_rate(Tx *tx, App *app, const char *number, const char *phone, const char *grade,
                    const char *words, Error *err)
{
    Complaint it;
    if (!complaint_of(tx_conn(tx), tx_arena(tx), app, number, phone, &it, err))
        return false;
    if (!text_equal(it.state, "replied"))
        return out_of_turn(err);
    it.state = "rated";
    it.grade = grade;
    return move(tx, app, &it, "replied", err) && note(tx, app, NULL, &it, "rated", words, err);
}
