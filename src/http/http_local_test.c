/* http_local_test.c - requests without a connection: answered at once, after a wait, refused. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "http/http_local.h"

typedef struct Seen {
    int finished;
    int resumed;
    pthread_t waker;
    bool has_waker;
} Seen;

static void on_head(void *app, HttpExchange *exchange, int64_t *out_body_limit)
{
    (void)app;
    *out_body_limit = strcmp(exchange->method, "POST") == 0 ? 10 : 0;
    if (strcmp(exchange->path, "/early") == 0)
        http_answer(exchange, 403, NULL, NULL, 0);
}

static void *wake(void *exchange)
{
    http_resume(exchange);
    return NULL;
}

/* "METHOD path?query body header" of what was asked. */
static void echo(HttpExchange *exchange, int status)
{
    const char *header = http_header(exchange, "x-ASKED");
    char *text =
        arena_printf(exchange->arena, "%s %s?%s %s %s %s", exchange->method, exchange->path,
                     exchange->query, exchange->body, header ? header : "-", exchange->peer);
    http_add_header(exchange, "X-First", "1");
    http_add_header(exchange, "X-Bad", "1\r\n2");
    http_answer(exchange, status, "text/plain", text, strlen(text));
}

static void on_request(void *app, HttpExchange *exchange)
{
    Seen *seen = app;
    assert_int_equal(*(int *)exchange->user, 0);
    *(int *)exchange->user = 1;
    if (strcmp(exchange->path, "/wait") != 0) {
        echo(exchange, 200);
        return;
    }
    http_suspend(exchange);
    seen->has_waker = pthread_create(&seen->waker, NULL, wake, exchange) == 0;
    assert_true(seen->has_waker);
}

static void on_resumed(void *app, HttpExchange *exchange)
{
    ((Seen *)app)->resumed++;
    echo(exchange, 201);
}

static void on_refused(void *app, HttpExchange *exchange, int status)
{
    (void)app;
    http_answer(exchange, status, "text/plain", "refused", 7);
}

static void on_finished(void *app, HttpExchange *exchange)
{
    (void)exchange;
    ((Seen *)app)->finished++;
}

static const HttpHandler handler = {on_head, on_request, on_resumed, on_refused, on_finished};

static const HttpHeader asked_yes[] = {{"X-Asked", "yes"}, {NULL, NULL}};

static void test_requests(void **state)
{
    (void)state;
    static const struct {
        HttpRequest request;
        int status;
        const char *body;
    } cases[] = {
        {{"GET", "/a?b=1?", NULL, NULL}, 200, "GET /a?b=1?  - 127.0.0.1"},
        {{"POST", "/a", asked_yes, "0123456789"}, 200, "POST /a? 0123456789 yes 127.0.0.1"},
        {{"POST", "/wait", NULL, "x"}, 201, "POST /wait? x - 127.0.0.1"},
        {{"POST", "/a", NULL, "0123456789A"}, 413, "refused"},
        {{"GET", "/early", NULL, NULL}, 403, ""},
        {{"GET", "/again", NULL, NULL}, 200, "GET /again?  - 127.0.0.1"},
    };
    Seen seen = {0};
    Arena *arena = arena_create(0);
    HttpLocal *local = http_local_create(
        &(HttpOptions){.user_size = sizeof(int), .handler = &handler, .app = &seen});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        HttpAnswer answer;
        http_local_send(local, arena, &cases[i].request, &answer);
        if (seen.has_waker)
            pthread_join(seen.waker, NULL);
        seen.has_waker = false;
        assert_int_equal(answer.status, cases[i].status);
        assert_string_equal(answer.body, cases[i].body);
        assert_int_equal(answer.length, strlen(cases[i].body));
        assert_int_equal(seen.finished, i + 1);
        assert_true(answer.status != 200 || http_answer_header(&answer, "x-first"));
        assert_null(http_answer_header(&answer, "X-Bad"));
    }
    assert_int_equal(seen.resumed, 1);
    http_local_destroy(local);
    http_local_destroy(NULL);
    arena_destroy(arena);
}

/* ---- several at once ------------------------------------------------------------------------- */

enum { SENDERS = 4, REQUESTS_EACH = 200 };

typedef struct Sender {
    HttpLocal *local;
    pthread_t thread;
    int number;
    int right;
} Sender;

static void *send_many(void *data)
{
    Sender *sender = data;
    Arena *arena = arena_create(0);
    for (int i = 0; i < REQUESTS_EACH; i++) {
        HttpAnswer answer;
        char *target = arena_printf(arena, "/%d-%d", sender->number, i);
        HttpRequest request = {"GET", target, asked_yes, NULL};
        http_local_send(sender->local, arena, &request, &answer);
        char *wanted = arena_printf(arena, "GET %s?  yes 127.0.0.1", target);
        sender->right += answer.status == 200 && strcmp(answer.body, wanted) == 0;
        arena_clear(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static void on_request_at_once(void *app, HttpExchange *exchange)
{
    (void)app;
    echo(exchange, 200);
}

static const HttpHandler at_once = {on_head, on_request_at_once, on_resumed, on_refused, NULL};

static void test_requests_of_several_threads(void **state)
{
    (void)state;
    Sender senders[SENDERS];
    HttpLocal *local =
        http_local_create(&(HttpOptions){.user_size = sizeof(int), .handler = &at_once});
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (Sender){.local = local, .number = i};
        assert_int_equal(pthread_create(&senders[i].thread, NULL, send_many, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        assert_int_equal(senders[i].right, REQUESTS_EACH);
    }
    http_local_destroy(local);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_requests),
                                       cmocka_unit_test(test_requests_of_several_threads)};
    return cmocka_run_group_tests_name("http_local", tests, NULL, NULL);
}
