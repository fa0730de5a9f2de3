#ifndef WEB_FAKE_APP_TEST_H
#define WEB_FAKE_APP_TEST_H

/*
 * A small application for the tests of the web server: routes of every kind, and hooks that need no
 * database. Its writer is a thread that runs acts one after another, as the real one does.
 * For *_test.c files only.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/client_test.h"
#include "web/web.h"

enum { QUEUE_MOST = 2000, KEYS_MOST = 64 };

typedef struct KeptAnswer {
    char key[80], fingerprint[80], location[200], body[2000];
    int status;
} KeptAnswer;

typedef struct FakeApp {
    Clock clock;
    Web *web;
    int port;
    pthread_t writer;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Request *queue[QUEUE_MOST];
    size_t queued;
    bool is_stopping;
    bool is_held; /* the writer rests */
    bool resumes_twice;
    bool refuses_submit;
    bool fails_begin;
    _Atomic int begins, ends, acts, prepares;
    KeptAnswer kept[KEYS_MOST];
    size_t kept_count;
} FakeApp;

/* ---- views ----------------------------------------------------------------------------------- */

typedef struct NoteView {
    const char *text;
    int64_t count;
    FormField name;
    FormField kind;
    size_t errors;
} NoteView;

static inline void note_json(const void *data, const PageContext *page, JsonWriter *out,
                             const char *name)
{
    (void)page;
    const NoteView *view = data;
    json_begin_object(out, name);
    json_put_text(out, "text", view->text);
    json_put_int(out, "count", view->count);
    json_end_object(out);
}

static inline void put_attribute(Buffer *out, const char *name, const char *value)
{
    buffer_printf(out, " %s=\"", name);
    view_put_text(out, value);
    buffer_add(out, "\"");
}

static inline void note_html(const void *data, PageContext *page, Buffer *out)
{
    const NoteView *view = data;
    buffer_add(out, "<p");
    put_attribute(out, "text", view->text);
    put_attribute(out, "csrf", page->csrf);
    put_attribute(out, "key", page->idempotency_key);
    put_attribute(out, "user", page->user_name);
    put_attribute(out, "flash", page->flash);
    put_attribute(out, "name", view->name.value);
    put_attribute(out, "name-error", view->name.error);
    put_attribute(out, "name-label", view->name.label);
    buffer_printf(out, " errors=\"%zu\" choices=\"%zu\" most=\"%d\">", view->errors,
                  view->kind.choices.count, (int)view->name.max_length);
}

static const ViewType note_type = {
    .name = "NoteView",
    .schema = "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}",
    .html = note_html,
    .json = note_json,
};

static const ViewType data_type = {
    .name = "DataView", .schema = "{\"type\":\"object\"}", .json = note_json};

/* ---- routes ---------------------------------------------------------------------------------- */

static inline NoteView *note_of(Request *req, const char *text)
{
    NoteView *view = arena_new(req->arena, NoteView);
    view->text = text;
    return view;
}

static inline bool read_hello(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &note_type, note_of(req, "hello"));
}

static inline bool read_item(Request *req, Error *err)
{
    (void)err;
    NoteView *view = note_of(req, input_text(req, "code"));
    view->count = input_int(req, "page", -1);
    return request_show(req, &note_type, view);
}

static inline bool read_data(Request *req, Error *err)
{
    (void)err;
    return request_show(req, &data_type, note_of(req, "data"));
}

static inline bool read_plain(Request *req, Error *err)
{
    (void)err;
    return request_send(req, 200, "text/plain; version=0.0.4", "up 1\n", 5);
}

static inline bool read_broken(Request *req, Error *err)
{
    (void)req;
    return error_set(err, ERROR_INTERNAL, .code = "db.failed", .detail = "the secret of the log");
}

static inline bool read_nothing(Request *req, Error *err)
{
    (void)req, (void)err;
    return true;
}

static const char *const kinds[] = {"small", "large", NULL};

static const InputField item_input[] = {
    {.name = "code", .type = INPUT_TEXT, .flags = INPUT_REQUIRED | INPUT_IN_PATH, .most = 20},
    {.name = "page", .type = INPUT_INT, .least = 1, .most = 9},
    {.name = NULL}};

static const InputField note_input[] = {
    {.name = "name", .type = INPUT_TEXT, .flags = INPUT_REQUIRED, .most = 10},
    {.name = "age", .type = INPUT_INT, .least = 1, .most = 150},
    {.name = "kind", .type = INPUT_CHOICE, .choices = kinds},
    {.name = "password", .type = INPUT_SECRET},
    {.name = NULL}};

static const InputField file_input[] = {
    {.name = "title", .type = INPUT_TEXT, .most = 50},
    {.name = "file", .type = INPUT_FILE, .flags = INPUT_REQUIRED},
    {.name = NULL}};

static inline bool read_note_form(Request *req, Error *err)
{
    (void)err;
    NoteView *view = note_of(req, "form");
    view->name = request_field(req, note_input, "name", "known");
    view->kind = request_field(req, note_input, "kind", NULL);
    view->errors = request_errors(req).count;
    return request_show(req, &note_type, view);
}

static inline bool prepare_note(Request *req, Error *err)
{
    FakeApp *app = req->app;
    atomic_fetch_add(&app->prepares, 1);
    if (!req->conn)
        return error_set(err, ERROR_INTERNAL, .code = "test", .detail = "no connection");
    if (text_equal(input_text(req, "name"), "unready"))
        return error_set(err, ERROR_INVALID, .code = "test.unready", .field = "name",
                         .message = "not ready");
    req->state = (void *)(uintptr_t)input_text(req, "name");
    return true;
}

static inline bool act_note(struct Tx *tx, Request *req, Error *err)
{
    (void)tx;
    FakeApp *app = req->app;
    const char *name = req->state;
    if (req->conn)
        return error_set(err, ERROR_INTERNAL, .code = "test", .detail = "a connection in act");
    if (text_equal(name, "taken"))
        return error_set(err, ERROR_CONFLICT, .code = "test.taken", .field = "name",
                         .message = "the name is taken");
    NoteView *view = note_of(req, name);
    view->count = atomic_fetch_add(&app->acts, 1) + 1;
    request_set_session(req, "token", 60);
    return request_done(req, 201, "/notes", &note_type, view, "site.name");
}

static inline bool prepare_file(Request *req, Error *err)
{
    (void)err;
    const InputFile *files;
    size_t count = input_files(req, "file", &files);
    NoteView *view = note_of(req, files[0].name);
    view->count = (int64_t)(count * 100000000 + files[0].size);
    return request_done(req, 200, "/hello", &note_type, view, NULL);
}

static const Route fake_routes[] = {
    ROUTE_GET("/hello", RIGHT_PUBLIC, read_hello, &note_type, NULL, "hello"),
    ROUTE_GET("/items/{code}", RIGHT_PUBLIC, read_item, &note_type, item_input, "one item"),
    ROUTE_GET("/mine", RIGHT_SIGNED_IN, read_hello, &note_type, NULL, "mine"),
    ROUTE_GET("/desk", RIGHT_DESK_READ, read_hello, &note_type, NULL, "desk"),
    ROUTE_GET("/data", RIGHT_PUBLIC, read_data, &data_type, NULL, "data"),
    ROUTE_GET("/plain", RIGHT_PUBLIC, read_plain, NULL, NULL, "plain"),
    ROUTE_GET("/broken", RIGHT_PUBLIC, read_broken, &note_type, NULL, "broken"),
    ROUTE_GET("/nothing", RIGHT_PUBLIC, read_nothing, &note_type, NULL, "nothing"),
    {.method = HTTP_GET,
     .path = "/here",
     .right = RIGHT_METRICS_READ,
     .read = read_plain,
     .is_loopback_only = true},
    ROUTE_GET("/notes", RIGHT_PUBLIC, read_note_form, &note_type, NULL, "the form"),
    ROUTE_POST("/notes", RIGHT_PUBLIC, prepare_note, act_note, read_note_form, &note_type,
               note_input, "a note"),
    ROUTE_POST_HEAVY("/heavy", RIGHT_PUBLIC, prepare_note, act_note, read_note_form, &note_type,
                     note_input, "a slow note"),
    ROUTE_POST("/desk/notes", RIGHT_DESK_WORK, prepare_note, act_note, NULL, &note_type, note_input,
               "an officer's note"),
    ROUTE_POST("/files", RIGHT_PUBLIC, prepare_file, NULL, NULL, &note_type, file_input, "a file"),
    ROUTE_POST("/desk/files", RIGHT_DESK_WORK, prepare_file, NULL, NULL, &note_type, file_input,
               "an officer's file"),
    ROUTE_END};

/* ---- hooks ----------------------------------------------------------------------------------- */

static inline bool fake_begin(Request *req, Error *err)
{
    FakeApp *app = req->app;
    atomic_fetch_add(&app->begins, 1);
    if (app->fails_begin)
        return error_set(err, ERROR_UNAVAILABLE, .code = "db.unavailable", .detail = "away");
    req->conn = (struct DbConn *)app;
    if (text_equal(req->session_token, "officer"))
        req->user = (User){.kind = USER_OFFICER,
                           .id = 7,
                           .name = "Li",
                           .rights = 1 << RIGHT_DESK_READ | 1 << RIGHT_DESK_WORK};
    else if (text_equal(req->session_token, "applicant"))
        req->user = (User){.kind = USER_APPLICANT, .id = 8, .name = "Wang"};
    if (req->user.kind != USER_NOBODY)
        req->csrf = "token-of-session";
    return true;
}

static inline void fake_end(Request *req)
{
    FakeApp *app = req->app;
    atomic_fetch_add(&app->ends, 1);
}

static inline KeptAnswer *kept_find(FakeApp *app, const char *key)
{
    for (size_t i = 0; i < app->kept_count; i++)
        if (strcmp(app->kept[i].key, key) == 0)
            return &app->kept[i];
    return NULL;
}

static inline void kept_add(FakeApp *app, const Request *req)
{
    StoredAnswer answer = request_stored_answer(req);
    KeptAnswer *kept = &app->kept[app->kept_count++];
    snprintf(kept->key, sizeof kept->key, "%s", req->idempotency_key);
    snprintf(kept->fingerprint, sizeof kept->fingerprint, "%s", req->fingerprint);
    snprintf(kept->location, sizeof kept->location, "%s", answer.location);
    snprintf(kept->body, sizeof kept->body, "%s", answer.body);
    kept->status = answer.status;
}

static inline bool fake_run(FakeApp *app, Request *req, Error *err)
{
    /* As after an undone batch: the first run is forgotten. */
    Error first = ERROR_NONE;
    bool is_first_fine = req->route->act(NULL, req, &first);
    request_forget_answer(req);
    if (is_first_fine)
        atomic_fetch_sub(&app->acts, 1);
    KeptAnswer *kept = req->idempotency_key ? kept_find(app, req->idempotency_key) : NULL;
    if (kept && strcmp(kept->fingerprint, req->fingerprint) != 0)
        return error_set(err, ERROR_CONFLICT, .code = "command.key_reused", .field = "_key");
    if (kept) {
        request_replay_answer(req, &(StoredAnswer){.status = kept->status,
                                                   .location = kept->location,
                                                   .body = kept->body});
        return true;
    }
    if (!req->route->act(NULL, req, err))
        return false;
    if (req->idempotency_key)
        kept_add(app, req);
    return true;
}

static inline void *fake_writer(void *data)
{
    FakeApp *app = data;
    pthread_mutex_lock(&app->lock);
    for (;;) {
        while ((!app->queued || app->is_held) && !app->is_stopping)
            pthread_cond_wait(&app->changed, &app->lock);
        if (!app->queued)
            break;
        Request *req = app->queue[--app->queued];
        Error err = ERROR_NONE;
        bool is_done = fake_run(app, req, &err);
        web_resume(req, is_done ? NULL : &err);
        if (app->resumes_twice)
            web_resume(req, is_done ? NULL : &err);
    }
    pthread_mutex_unlock(&app->lock);
    return NULL;
}

static inline bool fake_submit(Request *req, Error *err)
{
    FakeApp *app = req->app;
    pthread_mutex_lock(&app->lock);
    bool is_taken = !app->refuses_submit && app->queued < QUEUE_MOST;
    if (is_taken)
        app->queue[app->queued++] = req;
    pthread_cond_signal(&app->changed);
    pthread_mutex_unlock(&app->lock);
    return is_taken || error_set(err, ERROR_UNAVAILABLE, .code = "db.queue_full");
}

static const WebHooks fake_hooks = {fake_begin, fake_end, fake_submit};
static const Route *const fake_tables[] = {fake_routes, NULL};

/* ---- start and stop -------------------------------------------------------------------------- */

static inline void fake_set(FakeApp *app, bool *flag, bool value)
{
    pthread_mutex_lock(&app->lock);
    *flag = value;
    pthread_cond_signal(&app->changed);
    pthread_mutex_unlock(&app->lock);
}

static inline FakeApp *fake_start(const WebOptions *changes)
{
    FakeApp *app = calloc(1, sizeof *app);
    pthread_mutex_init(&app->lock, NULL);
    pthread_cond_init(&app->changed, NULL);
    clock_set(&app->clock, 1700000000000);
    pthread_create(&app->writer, NULL, fake_writer, app);
    WebOptions options = changes ? *changes : (WebOptions){0};
    options.listen = options.listen ? options.listen : "127.0.0.1:0";
    options.clock = &app->clock;
    options.routes = fake_tables;
    options.hooks = &fake_hooks;
    options.app = app;
    options.zone_minutes = 480;
    Error err = ERROR_NONE;
    app->web = web_start(&options, &err);
    assert_non_null(app->web);
    app->port = web_port(app->web);
    return app;
}

static inline void fake_stop(FakeApp *app)
{
    web_stop(app->web);
    fake_set(app, &app->is_stopping, true);
    pthread_join(app->writer, NULL);
    pthread_mutex_destroy(&app->lock);
    pthread_cond_destroy(&app->changed);
    free(app);
}

#endif
