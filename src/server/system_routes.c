/* system_routes.c - what belongs to no capability: health, metrics, API description, preferences.
 */
#include <string.h>

#include "server/capabilities.h"
#include "service/app.h"

/* ---- health and metrics ---------------------------------------------------------------------- */

static bool healthz(Request *req, Error *err)
{
    bool is_current;
    if (!db_is_current(request_app(req)->db, &is_current, err))
        return false;
    const char *body = is_current ? "{\"status\":\"ok\"}\n" : "{\"status\":\"migrating\"}\n";
    return request_send(req, is_current ? 200 : 503, "application/json", body, strlen(body));
}

static void add_metric(Buffer *out, const char *name, const char *help, int64_t value)
{
    buffer_printf(out, "# HELP %s %s\n# TYPE %s counter\n%s %lld\n", name, help, name, name,
                  (long long)value);
}

/* Prometheus text exposition format 0.0.4. */
static bool metrics(Request *req, Error *err)
{
    (void)err;
    DbStatistics db = db_statistics(request_app(req)->db);
    Buffer out = buffer_init(req->arena, 0);
    add_metric(&out, "yimen_commands_total", "Commands committed.", db.commands);
    add_metric(&out, "yimen_commits_total", "Durable transactions.", db.commits);
    add_metric(&out, "yimen_rows_written_total", "Rows inserted, updated or deleted.", db.rows);
    add_metric(&out, "yimen_rollbacks_total", "Batches undone.", db.rollbacks);
    add_metric(&out, "yimen_retries_total", "Commands run again.", db.retries);
    return request_send(req, 200, "text/plain; version=0.0.4", buffer_text(&out), out.length);
}

static bool openapi(Request *req, Error *err)
{
    (void)err;
    const char *text = web_openapi(req->arena, server_routes, YIMEN_VERSION);
    return request_send(req, 200, "application/json", text, strlen(text));
}

/* ---- preferences ----------------------------------------------------------------------------- */

static const InputField language_input[] = {
    {"tag", INPUT_CHOICE, INPUT_IN_PATH | INPUT_REQUIRED,
     .choices = (const char *const[]){"zh-CN", "en", NULL}},
    {"next", INPUT_TEXT, 0, .most = 500},
    {0},
};
static const InputField switch_input[] = {
    {"state", INPUT_CHOICE, INPUT_IN_PATH | INPUT_REQUIRED,
     .choices = (const char *const[]){"on", "off", NULL}},
    {"next", INPUT_TEXT, 0, .most = 500},
    {0},
};

/* Keeps what a field says as a preference, and goes back to where it was chosen. */
static bool choose(Request *req, const char *preference, const char *field)
{
    const char *next = input_text(req, "next");
    request_set_preference(req, preference, input_text(req, field));
    return request_done(req, 200, request_is_own_path(next) ? next : "/", NULL, NULL, NULL);
}

static bool choose_language(Request *req, Error *err)
{
    (void)err;
    return choose(req, "language", "tag");
}

static bool choose_elder(Request *req, Error *err)
{
    (void)err;
    return choose(req, "elder", "state");
}

/* Whoever puts up a touch screen opens this once on it. */
static bool choose_kiosk(Request *req, Error *err)
{
    (void)err;
    return choose(req, "kiosk", "state");
}

const Route server_system_routes[] = {
    ROUTE_GET("/healthz", RIGHT_PUBLIC, healthz, NULL, NULL, "Whether the server can answer"),
    {.method = HTTP_GET,
     .path = "/metrics",
     .right = RIGHT_CHECKED(RIGHT_PUBLIC),
     .read = metrics,
     .is_loopback_only = true,
     .summary = "Counters for monitoring; loopback only"},
    ROUTE_GET("/openapi.json", RIGHT_PUBLIC, openapi, NULL, NULL, "This description"),
    ROUTE_GET("/language/{tag}", RIGHT_PUBLIC, choose_language, NULL, language_input,
              "Choose the language of pages"),
    ROUTE_GET("/elder/{state}", RIGHT_PUBLIC, choose_elder, NULL, switch_input,
              "Turn the large text mode on or off"),
    ROUTE_GET("/kiosk/{state}", RIGHT_PUBLIC, choose_kiosk, NULL, switch_input,
              "Turn the mode of touch screens on or off"),
    ROUTE_END,
};
