/*
 * identity_pages.c - /login, /register, /logout.
 *
 *     prepare (offload thread): find the login, check the password (Argon2id)
 *     act (writer): look again, note success or failure, open the session
 */
#include "apps/identity/identity_internal.h"
#include "apps/identity/identity_people.h"

const InputField login_page_input[] = {{"next", INPUT_TEXT, 0, .most = 500}, {0}};
static const InputField login_input[] = {
    {"login", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"password", INPUT_SECRET, INPUT_REQUIRED, .most = 200},
    {"next", INPUT_TEXT, 0, .most = 500},
    {0},
};
static const InputField register_input[] = {
    {"name", INPUT_TEXT, INPUT_REQUIRED, .least = 2, .most = 60},
    {"phone", INPUT_PHONE, INPUT_REQUIRED},
    {"password", INPUT_SECRET, INPUT_REQUIRED, .least = 8, .most = 200,
     .label = "field.new_password"},
    {"identity_kind", INPUT_CHOICE, 0, .choices = identity_kinds_of_persons},
    {"identity_number", INPUT_TEXT, 0, .most = 40},
    {"next", INPUT_TEXT, 0, .most = 500},
    {0},
};

/* A place on this site to go to; anything else is not followed. */
static const char *safe_next(const Request *req, const char *fallback)
{
    const char *next = input_text(req, "next");
    return request_is_own_path(next) ? next : fallback;
}

const char *typed_next(Request *req)
{
    const char *next = request_typed(req, "next");
    return next ? next : input_text(req, "next");
}

/* ---- log in ---------------------------------------------------------------------------------- */

static void show_demo_logins(Request *req, LoginView *view)
{
    App *app = request_app(req);
    LIST(DemoAccount) accounts = {0};
    list_each (DemoLogin, login, &app->demo_logins) {
        DemoAccount account = {.login = login->login,
                               .password = login->password,
                               .label =
                                   req->language == LANGUAGE_EN ? login->label_en : login->label};
        list_add(req->arena, &accounts, account);
    }
    view_list_set(&view->demo, &accounts);
}

static bool login_page(Request *req, Error *err)
{
    (void)err;
    LoginView *view = arena_new(req->arena, LoginView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->login = request_field(req, login_input, "login", NULL);
    view->login.autocomplete = "username";
    view->password = request_field(req, login_input, "password", NULL);
    view->password.autocomplete = "current-password";
    view->next = typed_next(req);
    show_demo_logins(req, view);
    return request_show(req, &LoginView_type, view);
}

typedef struct LoginTry {
    const char *login;
    const char *token;
    App *app;
    LoginRow row;
} LoginTry;

static bool wrong(Error *err)
{
    return error_set(err, ERROR_INVALID, .code = "identity.wrong_login", .field = "login");
}

static bool fail_locked(Error *err)
{
    return error_set(err, ERROR_TOO_MANY, .code = "identity.locked", .field = "login",
                     .with = {{"minutes", "15"}});
}

static bool note_failure(Tx *tx, void *data, Error *err)
{
    LoginTry *attempt = data;
    LoginRow row;
    return identity_find_login(attempt->app, tx_conn(tx), tx_arena(tx), attempt->login, &row,
                               err) &&
           (identity_is_locked(&row, tx_now(tx)) ||
            identity_note_failure(tx, attempt->app, &row, err));
}

/* Off the writer. A wrong password is written down in a command of its own, since the request ends
 * with an error. */
static bool login_prepare(Request *req, Error *err)
{
    App *app = request_app(req);
    LoginTry *attempt = arena_new(req->arena, LoginTry);
    const char *password = input_text(req, "password");
    *attempt = (LoginTry){
        .login = input_text(req, "login"), .token = crypto_token(req->arena), .app = app};
    if (!identity_may_try(app, req, err) ||
        !identity_find_login(app, req->conn, req->arena, attempt->login, &attempt->row, err))
        return false;
    req->state = attempt;
    if (!attempt->row.id || !attempt->row.is_active) {
        password_check_nothing(password);
        return wrong(err);
    }
    if (identity_is_locked(&attempt->row, req->now))
        return fail_locked(err);
    if (password_matches(attempt->row.password, password))
        return true;
    return db_write(app->db, req->arena, note_failure, attempt, err) && wrong(err);
}

/* The first page that an officer's rights open. */
static const char *first_page(const User *user)
{
    if (user->kind == USER_APPLICANT)
        return "/my";
    if (rights_have(user->rights, RIGHT_DESK_READ))
        return "/desk";
    if (rights_have(user->rights, RIGHT_DOSSIER_INTAKE))
        return "/intake";
    if (rights_have(user->rights, RIGHT_SUPERVISE_READ))
        return "/supervise";
    if (rights_have(user->rights, RIGHT_BOARD_READ))
        return "/board";
    if (rights_have(user->rights, RIGHT_DEFINITION_WORK))
        return "/workbench";
    return rights_have(user->rights, RIGHT_ADMIN_READ) ? "/admin" : "/";
}

const char *login_next(const Request *req, const User *user)
{
    return safe_next(req, first_page(user));
}

/* The password was right; an officer with a second factor is asked for its code. */
static bool ask_code(Tx *tx, Request *req, const LoginRow *row, Error *err)
{
    LoginTry *attempt = req->state;
    int64_t lifetime_s;
    if (!identity_open_half(tx, attempt->app, row, attempt->token, &lifetime_s, err))
        return false;
    const char *next = safe_next(req, NULL);
    Buffer location = buffer_init(req->arena, 0);
    buffer_add(&location, "/login/code");
    if (next) {
        buffer_add(&location, "?next=");
        view_put_url(&location, next);
    }
    request_set_session(req, attempt->token, lifetime_s);
    return request_done(req, 200, buffer_text(&location), NULL, NULL, NULL);
}

static bool login_act(Tx *tx, Request *req, Error *err)
{
    LoginTry *attempt = req->state;
    App *app = request_app(req);
    LoginRow row;
    int64_t lifetime_s;
    if (!identity_find_login(app, tx_conn(tx), tx_arena(tx), attempt->login, &row, err))
        return false;
    bool is_same = row.id == attempt->row.id && row.is_active &&
                   text_equal(row.password, attempt->row.password);
    if (!is_same)
        return wrong(err);
    if (identity_is_locked(&row, tx_now(tx)))
        return fail_locked(err);
    if (row.has_second_factor) /* wrong passwords are forgotten with the right code only */
        return ask_code(tx, req, &row, err);
    if (!identity_note_success(tx, app, &row, err) ||
        !identity_open_session(tx, app, &row, attempt->token, &lifetime_s, err))
        return false;
    request_set_session(req, attempt->token, lifetime_s);
    User user;
    const char *csrf;
    bool is_known;
    if (!identity_session(app, tx_conn(tx), req->arena, attempt->token, tx_now(tx), &user, &csrf,
                          &is_known, err))
        return false;
    return request_done(req, 200, login_next(req, &user), NULL, NULL, NULL);
}

/* ---- register -------------------------------------------------------------------------------- */

static bool register_page(Request *req, Error *err)
{
    (void)err;
    RegisterView *view = arena_new(req->arena, RegisterView);
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    view->name = request_field(req, register_input, "name", NULL);
    view->name.autocomplete = "name";
    view->phone = request_field(req, register_input, "phone", NULL);
    view->phone.autocomplete = "tel";
    view->password = request_field(req, register_input, "password", NULL);
    view->password.autocomplete = "new-password";
    view->identity_kind = request_field(req, register_input, "identity_kind", "resident_id");
    view->identity_number = request_field(req, register_input, "identity_number", NULL);
    view->next = typed_next(req);
    return request_show(req, &RegisterView_type, view);
}

typedef struct Registering {
    const char *password_encoded;
    const char *identity_kind;
    const char *identity_number; /* NULL: not told */
} Registering;

static bool register_prepare(Request *req, Error *err)
{
    Registering *it = arena_new(req->arena, Registering);
    const char *kind = input_text(req, "identity_kind");
    const char *number = input_text(req, "identity_number");
    it->identity_kind = text_is_empty(kind) ? "resident_id" : kind;
    req->state = it;
    if (!text_is_empty(number)) {
        Date today = instant_date(req->now, request_app(req)->zone_minutes);
        it->identity_number = identity_number_read(req->arena, it->identity_kind, number, today,
                                                   "identity_number", err);
        if (!it->identity_number)
            return false;
    }
    it->password_encoded = password_hash(req->arena, input_text(req, "password"), err);
    return it->password_encoded != NULL;
}

/* A number that was typed here opens nothing; it is held against the original at a window. */
static bool keep_number(Tx *tx, Request *req, Id account, Error *err)
{
    const Registering *it = req->state;
    App *app = request_app(req);
    Party party;
    return !it->identity_number ||
           (identity_party_by_phone(app, tx_conn(tx), tx_arena(tx), input_text(req, "phone"),
                                    &party, err) &&
            identity_party_type(tx, app, party.id, account, it->identity_kind, it->identity_number,
                                err));
}

static bool register_act(Tx *tx, Request *req, Error *err)
{
    const Registering *it = req->state;
    Id account;
    if (!identity_register(tx, request_app(req), input_text(req, "name"), input_text(req, "phone"),
                           it->password_encoded, &account, err) ||
        !keep_number(tx, req, account, err))
        return false;
    const char *next = input_text(req, "next");
    Buffer location = buffer_init(req->arena, 0);
    buffer_add(&location, "/login");
    if (next && *next) {
        buffer_add(&location, "?next=");
        view_put_url(&location, next);
    }
    return request_done(req, 201, buffer_text(&location), NULL, NULL, "identity.registered");
}

/* ---- log out --------------------------------------------------------------------------------- */

static bool logout_act(Tx *tx, Request *req, Error *err)
{
    if (req->session_token && !identity_close_session(tx, req->session_token, err))
        return false;
    request_set_session(req, NULL, 0);
    return request_done(req, 200, "/", NULL, NULL, "identity.logged_out");
}

const Route identity_routes[] = {
    ROUTE_GET("/login", RIGHT_PUBLIC, login_page, &LoginView_type, login_page_input,
              "The log-in form"),
    {.method = HTTP_POST,
     .path = "/login",
     .right = RIGHT_CHECKED(RIGHT_PUBLIC),
     .prepare = login_prepare,
     .act = login_act,
     .again = login_page,
     .input = login_input,
     .is_heavy = true,
     .keeps_no_answer = true,
     .summary = "Log in; the session is in the cookie"},
    ROUTE_GET("/login/code", RIGHT_PUBLIC, login_code_page, &LoginCodeView_type, login_page_input,
              "The form for an officer's code, after the password"),
    {.method = HTTP_POST,
     .path = "/login/code",
     .right = RIGHT_CHECKED(RIGHT_PUBLIC),
     .prepare = login_code_prepare,
     .again = login_code_page,
     .input = login_code_input,
     .is_heavy = true,
     .keeps_no_answer = true,
     .summary = "Give the code of the telephone, or a recovery code; the session is in the cookie"},
    ROUTE_GET("/register", RIGHT_PUBLIC, register_page, &RegisterView_type, login_page_input,
              "The form for a new account"),
    ROUTE_POST_HEAVY("/register", RIGHT_PUBLIC, register_prepare, register_act, register_page, NULL,
                     register_input, "Make an applicant's account"),
    {.method = HTTP_POST,
     .path = "/logout",
     .right = RIGHT_CHECKED(RIGHT_PUBLIC),
     .act = logout_act,
     .keeps_no_answer = true,
     .summary = "End the session"},
    ROUTE_GET("/me", RIGHT_SIGNED_IN, me_page, &MeView_type, NULL,
              "What an applicant is known by, and for whom he may act; an officer's second factor"),
    ROUTE_POST("/me/second-factor", RIGHT_OFFICER, second_begin_prepare, second_begin_act, me_page,
               NULL, second_begin_input,
               "Make a fresh secret for the telephone; /me shows it until its first code comes"),
    ROUTE_POST_HEAVY("/me/second-factor/confirm", RIGHT_OFFICER, second_confirm_prepare, NULL,
                     me_page, &RecoveryCodesView_type, second_code_input,
                     "Give the first code: from now on log-in asks for one; shows recovery codes"),
    ROUTE_POST("/me", RIGHT_APPLY, me_prepare, me_act, me_page, NULL, me_input,
               "Tell one's identity number; it opens nothing until a window has seen the original"),
    ROUTE_GET("/people", RIGHT_DOSSIER_INTAKE, parties_page, &PartiesView_type, NULL,
              "The form to find a person or a firm"),
    ROUTE_POST("/people", RIGHT_DOSSIER_INTAKE, people_search, NULL, parties_page,
               &PartiesView_type, people_input, "Find a person or a firm by number or phone"),
    ROUTE_GET("/people/{party}", RIGHT_DOSSIER_INTAKE, person_page, &PersonView_type, person_input,
              "One person or firm"),
    ROUTE_POST("/people/{party}/verify", RIGHT_DOSSIER_INTAKE, verify_prepare, verify_act,
               person_page, &PartyMadeView_type, verify_input,
               "Verify a party by the original of its document"),
    ROUTE_POST("/people/{party}/letters", RIGHT_DOSSIER_INTAKE, mandate_prepare, mandate_act,
               person_page, &PartyMadeView_type, mandate_input,
               "Write down a letter by which a person acts for a firm"),
    ROUTE_POST("/people/{party}/revoke", RIGHT_DOSSIER_INTAKE, NULL, mandate_revoke_act,
               person_page, &PartyMadeView_type, revoke_input, "Take a letter back"),
    ROUTE_POST_HEAVY("/people/{party}/unmask", RIGHT_PARTY_UNMASK, unmask_prepare, NULL,
                     person_page, &UnmaskedView_type, unmask_input,
                     "See a hidden value whole; journaled"),
    ROUTE_GET("/admin/unmaskings", RIGHT_ADMIN_READ, unmaskings_page, &UnmaskingsView_type,
              unmaskings_input, "Who saw whose hidden values, when and why"),
    ROUTE_END,
};
