/*
 * dossier_notice.c - the one-time notice (一次性告知): everything that is missing, said once.
 *
 *     officer -> lines, checked -> first: sent; second: sent, or asked of the unit's leader
 *             -> the dossier waits for the applicant, the clock stands still
 */
#include "apps/dossier/dossier.h"

#include "apps/dossier/dossier_internal.h"

enum { LINES_AT_MOST = 50 };

/* ---- lines ----------------------------------------------------------------------------------- */

typedef struct Draft {
    Work *work;
    MaterialStates materials;
    const FormKey *keys;
    size_t key_count;
    const Json *overlay; /* of the form, or NULL */
    bool is_second;
} Draft;

/* One that its leader held back was never told. */
bool notices_is_second(const Notices *notices, Id unit)
{
    list_each (const Notice, one, notices)
        if (one->unit == unit && one->sent_at != INSTANT_NONE)
            return true;
    return false;
}

static bool begin_draft(Draft *draft, Work *work, const Notices *before, Id unit, Error *err)
{
    DbConn *conn = tx_conn(work->tx);
    Id definition = work->dossier.form_definition;
    const Form *form = catalogue_form(work->app, conn, definition, err);
    *draft = (Draft){.work = work, .is_second = notices_is_second(before, unit)};
    if (!form || !store_materials(conn, work->arena, work->app->tenant, work->dossier.id,
                                  &draft->materials, err))
        return false;
    draft->key_count = form_keys(form, &draft->keys);
    draft->overlay = catalogue_overlay(work->app, conn, definition);
    return true;
}

static bool name_material(const Draft *draft, const char *code, Both *out)
{
    list_each (MaterialState, state, &draft->materials)
        if (text_equal(state->code, code)) {
            *out = state->name;
            return true;
        }
    return false;
}

static bool name_field(const Draft *draft, const char *code, Both *out)
{
    for (size_t i = 0; i < draft->key_count; i++)
        if (text_equal(draft->keys[i].key, code)) {
            const char *english = json_text(json_get(draft->overlay, draft->keys[i].id), "label");
            *out = (Both){draft->keys[i].label, english ? english : draft->keys[i].label};
            return true;
        }
    return false;
}

/* Names the box of the form that is wrong. */
static bool fail_line(const Draft *draft, const DossierNoticeLine *asked, const char *box,
                      const char *code, Error *err)
{
    return error_set(
        err, ERROR_INVALID, .code = code,
        .field = arena_printf(draft->work->arena, "%s.%s.%s", box, asked->kind, asked->code));
}

static bool add_line(const Draft *draft, const DossierNoticeLine *asked, Notice *out, Error *err)
{
    NoticeLine line = {.kind = asked->kind,
                       .code = asked->code,
                       .missing = asked->missing,
                       .mend = asked->mend,
                       .was_visible = draft->is_second ? asked->was_visible : INT_NONE};
    bool is_known =
        text_equal(asked->kind, "material")
            ? name_material(draft, asked->code, &line.name)
            : text_equal(asked->kind, "field") && name_field(draft, asked->code, &line.name);
    if (!is_known)
        return fail_line(draft, asked, "missing", "notice.unknown_line", err);
    if (text_is_blank(asked->missing))
        return fail_line(draft, asked, "missing", "notice.line", err);
    if (text_is_blank(asked->mend))
        return fail_line(draft, asked, "mend", "notice.line", err);
    if (draft->is_second && asked->was_visible != 0 && asked->was_visible != 1)
        return fail_line(draft, asked, "visible", "notice.visible_required", err);
    list_add(draft->work->arena, &out->lines, line);
    return true;
}

static int64_t visible_lines(const Notice *notice)
{
    int64_t visible = 0;
    list_each (NoticeLine, line, &notice->lines)
        visible += line->was_visible == 1;
    return visible;
}

static bool draft_notice(Work *work, const DossierNotice *asked, const Notices *before, Notice *out,
                         Error *err)
{
    Draft draft;
    if (!begin_draft(&draft, work, before, out->unit, err))
        return false;
    if (!asked->line_count || asked->line_count > LINES_AT_MOST)
        return error_set(err, ERROR_INVALID, .code = "notice.empty");
    for (size_t i = 0; i < asked->line_count; i++)
        if (!add_line(&draft, &asked->lines[i], out, err))
            return false;
    if (visible_lines(out) && text_is_blank(asked->reason))
        return error_set(err, ERROR_INVALID, .code = "notice.reason_required", .field = "reason");
    out->reason = draft.is_second && !text_is_blank(asked->reason) ? asked->reason : NULL;
    return true;
}

/* ---- sending --------------------------------------------------------------------------------- */

static void put_step(Work *work, const Notice *notice)
{
    JsonWriter *json = &work->steps.json;
    int64_t visible = visible_lines(notice);
    steps_put(&work->steps, visible ? "second_notice" : "notice");
    json_put_id(json, "notice", notice->id);
    json_put_id(json, "task", notice->task);
    json_put_id(json, "unit", notice->unit);
    json_put_id(json, "officer", notice->officer);
    json_put_int(json, "ordinal", notice->ordinal);
    json_put_text(json, "state", notice->state);
    json_put_int(json, "lines", (int64_t)notice->lines.count);
    json_put_int(json, "visible", visible);
    steps_end(&work->steps);
}

/* From here on the applicant is to act. */
static bool send(Work *work, const Notice *notice, Error *err)
{
    work->dossier.waits_for = "supplement";
    put_step(work, notice);
    paper_order_notice(work, notice);
    steps_put_waiting(&work->steps, "supplement");
    return silence_hold(work, err) &&
           span_begin(work, notice->task, "notice", DOSSIER_GROUND_SUPPLEMENT, NULL, NULL, err);
}

static void put_notice(JsonWriter *json, const void *context)
{
    const Notice *notice = context;
    json_put_id(json, "notice", notice->id);
    json_put_id(json, "task", notice->task);
    json_put_int(json, "ordinal", notice->ordinal);
}

static const char *subject_of(const Work *work, const Notice *notice)
{
    return arena_printf(work->arena, "notice:%lld", (long long)notice->id);
}

static bool is_open(const Notice *notice)
{
    return text_equal(notice->state, "sent") || text_equal(notice->state, "asked");
}

/* What was told before; a dossier without a notice costs no question. */
static bool read_before(Work *work, Id task, Notices *out, Error *err)
{
    if (!work->dossier.notice_count)
        return true;
    if (!store_notices(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id, out,
                       err))
        return false;
    list_each (Notice, one, out)
        if (one->task == task && is_open(one))
            return error_set(err, ERROR_CONFLICT, .code = "notice.open_already");
    return true;
}

/* The unit's first, second, ... on this dossier. */
static int64_t next_ordinal(const Notices *before, Id unit)
{
    int64_t ordinal = 1;
    list_each (const Notice, one, before)
        ordinal += one->unit == unit;
    return ordinal;
}

bool dossier_notice(Tx *tx, App *app, const User *officer, const DossierNotice *asked,
                    bool *out_is_sent, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Task task;
    Notices before = {0};
    Notice notice = {0};
    if (!task_for(tx, app, officer, asked->task, &task, err) ||
        !work_lock(&work, tx, app, task.dossier, err) || !read_before(&work, task.id, &before, err))
        return false;
    notice.unit = task.unit;
    if (!draft_notice(&work, asked, &before, &notice, err))
        return false;
    *out_is_sent = visible_lines(&notice) == 0;
    notice.id = tx_new_id(tx);
    notice.dossier = work.dossier.id;
    notice.task = task.id;
    notice.officer = officer->id;
    notice.ordinal = next_ordinal(&before, task.unit);
    work.dossier.notice_count++;
    notice.state = *out_is_sent ? "sent" : "asked";
    notice.asked_at = tx_now(tx);
    notice.sent_at = *out_is_sent ? notice.asked_at : INSTANT_NONE;
    if (!*out_is_sent)
        put_step(&work, &notice);
    else if (!send(&work, &notice, err))
        return false;
    return store_add_notice(tx, app, &notice, err) &&
           work_note(&work, *out_is_sent ? "dossier.notice_sent" : "dossier.notice_asked",
                     subject_of(&work, &notice), put_notice, &notice, err);
}

/* ---- the leader's approval ------------------------------------------------------------------- */

static bool find_asked(Tx *tx, App *app, const User *leader, Id id, Notice *out, Error *err)
{
    if (!store_notice(tx_conn(tx), tx_arena(tx), app->tenant, id, out, err))
        return false;
    if (out->unit != leader->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "notice.unknown");
    if (!text_equal(out->state, "asked"))
        return error_set(err, ERROR_CONFLICT, .code = "notice.decided_already");
    return out->officer != leader->id || error_set(err, ERROR_CONFLICT, .code = "notice.own");
}

bool dossier_decide_notice(Tx *tx, App *app, const User *leader, Id id, bool is_approved,
                           const char *words, Error *err)
{
    Work work = {.actor_kind = "officer", .actor = leader->id};
    Notice notice;
    if (!find_asked(tx, app, leader, id, &notice, err))
        return false;
    if (!is_approved && text_is_blank(words))
        return error_set(err, ERROR_INVALID, .code = "notice.words_required", .field = "words");
    if (!work_lock(&work, tx, app, notice.dossier, err))
        return false;
    notice.state = is_approved ? "sent" : "refused";
    notice.decided_by = leader->id;
    notice.decided_at = tx_now(tx);
    notice.decision = words;
    notice.sent_at = is_approved ? notice.decided_at : INSTANT_NONE;
    if (!is_approved)
        put_step(&work, &notice);
    else if (!send(&work, &notice, err))
        return false;
    return store_decide_notice(tx, app, &notice, err) &&
           work_note(&work, is_approved ? "dossier.notice_sent" : "dossier.notice_refused",
                     subject_of(&work, &notice), put_notice, &notice, err);
}

/* ---- taking it back -------------------------------------------------------------------------- */

static bool find_open(Tx *tx, App *app, const User *officer, Id id, Notice *out, Error *err)
{
    if (!store_notice(tx_conn(tx), tx_arena(tx), app->tenant, id, out, err))
        return false;
    if (out->unit != officer->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "notice.unknown");
    return is_open(out) || error_set(err, ERROR_CONFLICT, .code = "notice.not_open");
}

/* Whether the applicant is still asked by another task. */
static bool is_asked_elsewhere(Work *work, Id notice, bool *out, Error *err)
{
    Notices notices = {0};
    *out = false;
    if (!store_notices(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                       &notices, err))
        return false;
    list_each (Notice, one, &notices)
        *out |= one->id != notice && text_equal(one->state, "sent");
    return true;
}

/* What its sending began ends. */
static bool undo(Work *work, const Notice *notice, Error *err)
{
    bool is_asked;
    steps_put(&work->steps, "notice_taken_back");
    json_put_id(&work->steps.json, "notice", notice->id);
    json_put_id(&work->steps.json, "task", notice->task);
    steps_end(&work->steps);
    if (!text_equal(notice->state, "sent"))
        return true;
    if (!is_asked_elsewhere(work, notice->id, &is_asked, err) ||
        !spans_end(work, notice->task, "notice", NULL, err))
        return false;
    if (!is_asked) {
        work->dossier.waits_for = NULL;
        steps_put_waiting(&work->steps, NULL);
    }
    return is_asked || silence_go_on(work, err);
}

bool dossier_take_back_notice(Tx *tx, App *app, const User *officer, Id id, const char *why,
                              Error *err)
{
    Work work = {.actor_kind = "officer", .actor = officer->id};
    Notice notice;
    Task task;
    if (!find_open(tx, app, officer, id, &notice, err))
        return false;
    if (text_is_blank(why))
        return error_set(err, ERROR_INVALID, .code = "notice.why_required", .field = "why");
    if (!task_for(tx, app, officer, notice.task, &task, err) ||
        !work_lock(&work, tx, app, notice.dossier, err) || !undo(&work, &notice, err))
        return false;
    notice.taken_back_by = officer->id;
    notice.taken_back_at = tx_now(tx);
    notice.taken_back_why = why;
    return store_take_back_notice(tx, app, &notice, err) &&
           work_note(&work, "dossier.notice_taken_back", subject_of(&work, &notice), put_notice,
                     &notice, err);
}

/* ---- tasks that end -------------------------------------------------------------------------- */

/* What forms call an outcome against the applicant. */
static bool is_against(const char *outcome)
{
    static const char *const words[] = {"refuse", "deny", "fail", "reject"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_equal(words[i], outcome))
            return true;
    return false;
}

bool notices_end(Work *work, Id task, Error *err)
{
    int64_t still_open;
    if (!work->dossier.notice_count)
        return true;
    if (!store_end_asked(work->tx, work->app, work->dossier.id, task, err) ||
        !store_close_notices(work->tx, work->app, work->dossier.id, task, "ended", &still_open,
                             err))
        return false;
    if (work->dossier.waits_for && !still_open) {
        work->dossier.waits_for = NULL;
        steps_put_waiting(&work->steps, NULL);
    }
    return true;
}

bool notices_allow_end(Work *work, const Task *task, Error *err)
{
    Notices notices = {0};
    bool is_asked = false;
    bool is_refused = text_equal(work->dossier.state, "denied") ||
                      text_equal(work->dossier.state, "not_accepted");
    if (!store_notices(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id,
                       &notices, err))
        return false;
    list_each (Notice, notice, &notices)
        is_asked |= notice->task == task->id && text_equal(notice->state, "sent");
    if (is_asked && !is_refused && !is_against(task->outcome))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.waits_for_applicant");
    return notices_end(work, task->id, err);
}
