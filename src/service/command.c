/*
 * command.c - a POST's act in a write transaction, once per Idempotency-Key.
 *
 *   command_submit (worker) -> queue -> run (writer): key known? replay : act, keep the answer
 *                                    -> commit -> done -> web_resume (worker)
 */
#include "service/command.h"

#include "service/app.h"
#include "service/service_sql.h"

/* Who sent a key: two people may use the same one. */
static const char *actor_of(const Request *req)
{
    static const char *const kinds[] = {"public", "applicant", "officer"};
    return arena_printf(req->arena, "%s:%lld", kinds[req->user.kind], (long long)req->user.id);
}

static bool has_key(const Request *req)
{
    return req->idempotency_key && !req->route->keeps_no_answer;
}

/* The answer of an earlier request, when there is one: out_found tells. */
static bool replay(Tx *tx, Request *req, const char *actor, bool *out_found, Error *err)
{
    IdempotencyFindRow row;
    if (!idempotency_find(tx_conn(tx), req->arena, req->tenant, actor, req->idempotency_key, &row,
                          out_found, err))
        return false;
    if (!*out_found)
        return true;
    if (!text_equal(row.fingerprint, req->fingerprint))
        return error_set(err, ERROR_CONFLICT, .code = "command.key_reused", .field = "_key");
    request_replay_answer(
        req,
        &(StoredAnswer){.status = (int)row.status, .location = row.location, .body = row.body});
    return true;
}

static bool keep(Tx *tx, const Request *req, const char *actor, Error *err)
{
    StoredAnswer answer = request_stored_answer(req);
    return idempotency_keep(tx_conn(tx),
                            &(IdempotencyKeepParams){.tenant = req->tenant,
                                                     .actor = actor,
                                                     .key = req->idempotency_key,
                                                     .fingerprint = req->fingerprint,
                                                     .status = answer.status,
                                                     .location = answer.location,
                                                     .body = answer.body,
                                                     .at = tx_now(tx)},
                            NULL, err);
}

/* A user who is only remembered decides nothing: neither an act nor who sees an earlier answer. */
static bool confirm_user(Tx *tx, Request *req, Error *err)
{
    req->is_confirmed = false;
    if (req->check && !req->check->confirm(tx, req, err))
        return false;
    req->is_confirmed = true;
    return true;
}

/* Two requests with one key collide at the key's own row. */
static void expect(Tx *tx, void *data)
{
    Request *req = data;
    IdempotencyFindRow row;
    bool is_known;
    if (req->check)
        req->check->expect(tx, req);
    if (has_key(req))
        (void)!idempotency_find(tx_conn(tx), tx_arena(tx), req->tenant, actor_of(req),
                                req->idempotency_key, &row, &is_known, NULL);
    if (req->expect)
        req->expect(tx, req);
}

static bool run(Tx *tx, void *data, Error *err)
{
    Request *req = data;
    request_forget_answer(req);
    req->now = tx_now(tx);
    if (!confirm_user(tx, req, err))
        return false;
    if (!has_key(req))
        return req->route->act(tx, req, err);
    const char *actor = actor_of(req);
    bool is_known;
    if (!replay(tx, req, actor, &is_known, err))
        return false;
    if (is_known)
        return true;
    return req->route->act(tx, req, err) && keep(tx, req, actor, err);
}

static void done(void *data, const Error *err)
{
    Request *req = data;
    if (!err) {
        web_resume(req, NULL);
        return;
    }
    request_forget_answer(req); /* a session cookie whose session is not stored, above all */
    Error copy = error_copy(req->arena, err);
    web_resume(req, &copy);
}

bool command_submit(Request *req, Error *err)
{
    return db_submit_expecting(request_app(req)->db, expect, run, req, done, err);
}

/* ---- sweeping -------------------------------------------------------------------------------- */

static bool sweep(Tx *tx, void *data, Error *err)
{
    return idempotency_sweep(tx_conn(tx), tx_now(tx) - DAY_MS, data, err);
}

bool command_sweep(struct App *app, int64_t *out_swept, Error *err)
{
    return db_write(app->db, NULL, sweep, out_swept, err);
}
