/*
 * hooks.c - between the web layer and the capabilities: a reader connection and the user for each
 * request.
 */
#include "apps/identity/identity.h"
#include "server/capabilities.h"
#include "service/command.h"
#include "service/user_memory.h"

static const Rights PUBLIC_ONLY = (Rights)1 << RIGHT_PUBLIC;

static bool confirm(Tx *tx, const Request *req, Error *err)
{
    return identity_confirm(tx, request_app(req), req, err);
}

static const UserCheck check = {.expect = identity_expect_confirm, .confirm = confirm};

static bool remember_user(Request *req)
{
    if (!req->may_remember || !user_memory_find(request_app(req)->users, req->arena,
                                                req->session_token, req->now, &req->user))
        return false;
    req->csrf = identity_csrf(req->arena, req->session_token);
    req->check = &check;
    return true;
}

static void choose_name(Request *req)
{
    if (req->language == LANGUAGE_EN && !text_is_empty(req->user.name_en))
        req->user.name = req->user.name_en;
}

static bool load_user(Request *req, Error *err)
{
    App *app = request_app(req);
    User user;
    bool is_known = false;
    req->user = (User){.rights = PUBLIC_ONLY};
    req->check = NULL;
    if (!req->session_token)
        return true;
    if (remember_user(req)) {
        choose_name(req);
        return true;
    }
    if (!identity_session(app, req->conn, req->arena, req->session_token, req->now, &user,
                          &req->csrf, &is_known, err))
        return false;
    if (!is_known) {
        req->csrf = NULL;
        return true;
    }
    user_memory_keep(app->users, req->session_token, &user, req->now);
    req->user = user;
    choose_name(req);
    return true;
}

static bool begin(Request *req, Error *err)
{
    App *app = request_app(req);
    req->tenant = app->tenant;
    req->now = clock_now(app->clock);
    req->conn = db_reader(app->db, err);
    if (!req->conn)
        return false;
    if (load_user(req, err))
        return true;
    db_release(req->conn);
    req->conn = NULL;
    return false;
}

static void end(Request *req)
{
    if (req->conn)
        db_release(req->conn);
    req->conn = NULL;
}

const WebHooks server_hooks = {.begin = begin, .end = end, .submit = command_submit};
