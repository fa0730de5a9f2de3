/*
 * identity_second_pages.c - the code at log-in, and enrolling on one's own page.
 *
 * A code is taken, and a wrong one counted, in one command: what it says is the answer, so the two
 * routes have no act of their own.
 */
#include "apps/identity/identity_internal.h"
#include "apps/identity/identity_people.h"
#include "apps/identity/identity_second.h"
#include "service/print.h"

const InputField second_code_input[] = {
    {"second_code", INPUT_TEXT, INPUT_REQUIRED, .least = 6, .most = 40},
    {0},
};
const InputField second_begin_input[] = {
    {"second_code", INPUT_TEXT, 0, .least = 6, .most = 40},
    {0},
};
const InputField login_code_input[] = {
    {"second_code", INPUT_TEXT, INPUT_REQUIRED, .least = 6, .most = 40},
    {"next", INPUT_TEXT, 0, .most = 500},
    {0},
};

/* What was typed is not shown again: it was wrong, or it is spent. */
static FormField code_field(Request *req)
{
    FormField field = request_field(req, second_code_input, "second_code", NULL);
    field.value = NULL;
    field.autocomplete = "one-time-code";
    return field;
}

/* ---- log in ---------------------------------------------------------------------------------- */

bool login_code_page(Request *req, Error *err)
{
    LoginCodeView *view = arena_new(req->arena, LoginCodeView);
    FieldErrors errors = request_errors(req);
    LoginRow row;
    if (!identity_find_half(request_app(req), req->conn, req->arena, req->session_token, req->now,
                            &row, err))
        return false;
    view_list_set(&view->errors, &errors);
    view->is_over = !row.id;
    view->second_code = code_field(req);
    view->next = typed_next(req);
    return request_show(req, &LoginCodeView_type, view);
}

typedef struct CodeTry {
    App *app;
    const char *typed;
    const char *half;  /* the token that the password gave, or NULL */
    const char *token; /* of the session, if all is well */
    bool is_over;
    bool is_locked;
    SecondVerdict verdict;
    int64_t lifetime_s;
} CodeTry;

static bool open_whole(Tx *tx, CodeTry *attempt, LoginRow *row, Error *err)
{
    return identity_close_session(tx, attempt->half, err) &&
           identity_note_success(tx, attempt->app, row, err) &&
           identity_open_session(tx, attempt->app, row, attempt->token, &attempt->lifetime_s, err);
}

static bool try_code(Tx *tx, void *data, Error *err)
{
    CodeTry *attempt = data;
    LoginRow row;
    if (!identity_find_half(attempt->app, tx_conn(tx), tx_arena(tx), attempt->half, tx_now(tx),
                            &row, err))
        return false;
    attempt->is_over = !row.id || !row.is_active;
    attempt->is_locked = !attempt->is_over && identity_is_locked(&row, tx_now(tx));
    if (attempt->is_over || attempt->is_locked)
        return true;
    if (!identity_second_take(tx, attempt->app, row.id, attempt->typed, &attempt->verdict, err))
        return false;
    return attempt->verdict == SECOND_RIGHT ? open_whole(tx, attempt, &row, err)
                                            : identity_note_failure(tx, attempt->app, &row, err);
}

static bool refuse(const CodeTry *attempt, Error *err)
{
    if (attempt->is_over)
        return error_set(err, ERROR_CONFLICT, .code = "identity.half_over");
    if (attempt->is_locked)
        return error_set(err, ERROR_TOO_MANY, .code = "identity.code_locked",
                         .field = "second_code", .with = {{"minutes", "15"}});
    return identity_second_refuse(attempt->verdict, err);
}

bool login_code_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    CodeTry attempt = {.app = app,
                       .typed = input_text(req, "second_code"),
                       .half = req->session_token,
                       .token = crypto_token(req->arena)};
    User user;
    const char *csrf;
    bool is_known;
    if (!identity_may_try(app, req, err) || !db_write(app->db, req->arena, try_code, &attempt, err))
        return false;
    if (attempt.is_over || attempt.is_locked || attempt.verdict != SECOND_RIGHT)
        return refuse(&attempt, err);
    if (!identity_session(app, req->conn, req->arena, attempt.token, req->now, &user, &csrf,
                          &is_known, err))
        return false;
    request_set_session(req, attempt.token, attempt.lifetime_s);
    return request_done(req, 200, login_next(req, &user), NULL, NULL, NULL);
}

/* ---- enrolling ------------------------------------------------------------------------------- */

static const char *in_fours(Arena *arena, const char *secret)
{
    Buffer out = buffer_init(arena, 0);
    for (size_t i = 0; secret[i]; i++) {
        if (i && i % 4 == 0)
            buffer_add_char(&out, ' ');
        buffer_add_char(&out, secret[i]);
    }
    return buffer_text(&out);
}

bool second_view(Request *req, SecondView *out, Error *err)
{
    SecondFactor factor;
    if (!identity_second(request_app(req), req->conn, req->arena, req->user.id, &factor, err))
        return false;
    out->state = factor.is_active ? "active" : factor.is_pending ? "pending" : "none";
    out->since = factor.confirmed_at;
    out->codes_left = factor.codes_left;
    out->second_code = code_field(req);
    if (!factor.is_pending)
        return true;
    out->secret = in_fours(req->arena, factor.secret);
    out->uri = identity_second_uri(req->arena, request_text(req, "site.name"), &factor);
    out->picture.html = print_qr_picture(req->arena, out->uri, request_text(req, "second.picture"));
    return true;
}

bool second_begin_prepare(Request *req, Error *err)
{
    return !input_text(req, "second_code") || identity_may_try(request_app(req), req, err);
}

bool second_begin_act(Tx *tx, Request *req, Error *err)
{
    return identity_second_begin(tx, request_app(req), req->user.id, input_text(req, "second_code"),
                                 err) &&
           request_done(req, 200, "/me", NULL, NULL, "second.begun");
}

typedef struct Confirming {
    App *app;
    Arena *arena;
    Id officer;
    const char *typed;
    RecoveryCodes codes;
} Confirming;

static bool confirm(Tx *tx, void *data, Error *err)
{
    Confirming *it = data;
    return identity_second_confirm(tx, it->app, it->arena, it->officer, it->typed, &it->codes, err);
}

bool second_confirm_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    Confirming it = {.app = app,
                     .arena = req->arena,
                     .officer = req->user.id,
                     .typed = input_text(req, "second_code")};
    if (!identity_may_try(app, req, err) || !db_write(app->db, req->arena, confirm, &it, err))
        return false;
    RecoveryCodesView *view = arena_new(req->arena, RecoveryCodesView);
    view->codes.items = arena_array(req->arena, Text, RECOVERY_CODES);
    view->codes.count = RECOVERY_CODES;
    for (int i = 0; i < RECOVERY_CODES; i++)
        view->codes.items[i] = it.codes.codes[i];
    return request_show(req, &RecoveryCodesView_type, view);
}
