/* http_test.c - exchanges by themselves: bodies, waiting, answers, deadlines, addresses. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "base/text.h"
#include "http/client_test.h"
#include "http/http.h"
#include "http/listen.h"

/* What the handler does with the next request, by its path:
 *   /echo      method, path, query and body as text      /early     an answer before the body
 *   /fields    header fields, also a broken one          /wait      waits until released
 *   /silent    no answer at all                          /large     a megabyte */
typedef struct Site {
    pthread_mutex_t lock;
    HttpExchange *waiting[64];
    size_t waiting_count;
    _Atomic int finished, resumed, heads, dirty;
} Site;

static Site site = {.lock = PTHREAD_MUTEX_INITIALIZER};
static char megabyte[1 << 20];

static void on_head(void *app, HttpExchange *exchange, int64_t *out_body_limit)
{
    Site *at = app;
    atomic_fetch_add(&at->heads, 1);
    /* Memory of an earlier exchange would show here. */
    for (int i = 0; i < 16; i++)
        at->dirty += ((char *)exchange->user)[i] != 0;
    memset(exchange->user, 'x', 16);
    *out_body_limit = 100000;
    if (text_equal(exchange->path, "/early"))
        http_answer(exchange, 403, "text/plain", "early", 5);
}

static void echo(HttpExchange *exchange)
{
    const char *text = arena_printf(exchange->arena, "%s %s %s %s", exchange->method,
                                    exchange->path, exchange->query, exchange->body);
    http_answer(exchange, 200, "text/plain", text, strlen(text));
}

static void wait_here(Site *at, HttpExchange *exchange)
{
    http_suspend(exchange);
    pthread_mutex_lock(&at->lock);
    at->waiting[at->waiting_count++] = exchange;
    pthread_mutex_unlock(&at->lock);
}

static void on_request(void *app, HttpExchange *exchange)
{
    if (text_equal(exchange->path, "/wait")) {
        wait_here(app, exchange);
    } else if (text_equal(exchange->path, "/fields")) {
        const char *sent = http_header(exchange, "X-Sent");
        http_add_header(exchange, "X-Back", sent ? sent : "none");
        http_add_header(exchange, "X-Broken", "a\r\nX-Injected: b");
        http_answer(exchange, 204, NULL, NULL, 0);
        http_answer(exchange, 500, "text/plain", "a second answer", 15);
    } else if (text_equal(exchange->path, "/large")) {
        http_answer(exchange, 200, "text/plain", megabyte, sizeof megabyte);
    } else if (!text_equal(exchange->path, "/silent")) {
        echo(exchange);
    }
}

static void on_resumed(void *app, HttpExchange *exchange)
{
    Site *at = app;
    atomic_fetch_add(&at->resumed, 1);
    echo(exchange);
}

static void on_refused(void *app, HttpExchange *exchange, int status)
{
    (void)app;
    http_answer(exchange, status, "text/plain", "refused", 7);
}

static void on_finished(void *app, HttpExchange *exchange)
{
    Site *at = app;
    (void)exchange;
    atomic_fetch_add(&at->finished, 1);
}

static const HttpHandler handler = {.head = on_head,
                                    .request = on_request,
                                    .resumed = on_resumed,
                                    .refused = on_refused,
                                    .finished = on_finished};

static HttpServer *server;

static HttpServer *start_with(HttpOptions options)
{
    options.handler = &handler;
    options.app = &site;
    options.user_size = 16;
    Error err = ERROR_NONE;
    return http_start(&options, &err);
}

static int start(void **state)
{
    (void)state;
    memset(megabyte, 'm', sizeof megabyte);
    server = start_with((HttpOptions){.listen = "127.0.0.1:0", .body_memory = 150000});
    return server ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    return http_stop(server, 5) ? 0 : -1;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void assert_ask(const char *request, int status, const char *body)
{
    char *answer = client_ask(http_port(server), request);
    if (answer_status(answer) != status || (body && strcmp(answer_body(answer), body) != 0))
        fail_msg("%s: %s", request, answer ? answer : "(closed)");
    free(answer);
}

/* ---- requests and answers -------------------------------------------------------------------- */

static void test_what_the_handler_sees(void **state)
{
    (void)state;
    assert_ask("GET /a%20b?c=%00&d HTTP/1.1\r\nHost: x\r\n\r\n", 200, "GET /a%20b c=%00&d ");
    assert_ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 200,
               "POST /echo  hello");
    assert_ask("PATCH /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", 200, "PATCH /echo  hi");
    assert_ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
               200, "POST /echo  abcde");
    assert_ask("GET /echo? HTTP/1.1\r\nHost: x\r\n\r\n", 200, "GET /echo  ");
    assert_int_equal(site.dirty, 0);
}

static void test_fields(void **state)
{
    (void)state;
    char *answer =
        client_ask(http_port(server), "GET /fields HTTP/1.1\r\nHost: x\r\nx-sent: value\r\n\r\n");
    assert_int_equal(answer_status(answer), 204);
    char *back = answer_field(answer, "X-Back");
    assert_string_equal(back, "value");
    assert_null(answer_field(answer, "X-Broken"));
    assert_null(answer_field(answer, "X-Injected"));
    free(back);
    free(answer);
}

static void test_a_large_answer_arrives_whole(void **state)
{
    (void)state;
    Client *client = client_open(http_port(server));
    client_send(client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    size_t received = 0;
    while (received < sizeof megabyte && client_receive(client)) {
        received += client->length;
        client->length = 0;
    }
    assert_true(received > sizeof megabyte);
    client_close(client);
}

static void test_no_answer_closes(void **state)
{
    (void)state;
    Client *client = client_open(http_port(server));
    client_send(client, "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true(client_is_closed(client));
    client_close(client);
}

static void test_early_answers(void **state)
{
    (void)state;
    assert_ask("GET /early HTTP/1.1\r\nHost: x\r\n\r\n", 403, "early");
    /* The body is not read; the connection ends after the answer. */
    assert_ask("POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\nabc", 403, "early");
    assert_ask("POST /early HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
               "Content-Length: 90000\r\n\r\n",
               403, "early");
    assert_ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n", 413, "refused");
}

/* Two bodies that fit alone but not together. */
static void test_bodies_share_their_memory(void **state)
{
    (void)state;
    static char half[80000];
    memset(half, 'b', sizeof half);
    const char *head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n";
    Client *first = client_open(http_port(server));
    client_send(first, head);
    client_send_n(first, half, sizeof half);
    pause_ms(100);
    assert_ask(head, 503, "refused");
    client_close(first);
    /* The memory is free again when the client is gone. */
    int status = 503;
    for (int i = 0; i < 100 && status == 503; i++) {
        pause_ms(20);
        Client *second = client_open(http_port(server));
        client_send(second, head);
        client_send_n(second, half, sizeof half);
        client_send_n(second, half, 10000);
        char *answer = client_read(second);
        status = answer_status(answer);
        free(answer);
        client_close(second);
    }
    assert_int_equal(status, 200);
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void wait_until_waiting(size_t wanted)
{
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(&site.lock);
        size_t count = site.waiting_count;
        pthread_mutex_unlock(&site.lock);
        if (count == wanted)
            return;
        pause_ms(5);
    }
    fail_msg("not %zu exchanges wait", wanted);
}

static void release_all(void)
{
    pthread_mutex_lock(&site.lock);
    while (site.waiting_count)
        http_resume(site.waiting[--site.waiting_count]);
    pthread_mutex_unlock(&site.lock);
}

static void test_suspended_exchanges(void **state)
{
    (void)state;
    enum { COUNT = 20 };
    Client *clients[COUNT];
    int before = site.resumed;
    for (int i = 0; i < COUNT; i++) {
        clients[i] = client_open(http_port(server));
        client_send(clients[i], "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    wait_until_waiting(COUNT);
    assert_ask("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", 200, "GET /echo  ");
    release_all();
    for (int i = 0; i < COUNT; i++) {
        char *answer = client_read(clients[i]);
        assert_string_equal(answer_body(answer), "GET /wait  ");
        free(answer);
        client_close(clients[i]);
    }
    assert_int_equal(site.resumed, before + COUNT);
}

/* Clients have their answers a little before the server is done with them. */
static void wait_until_all_are_finished(void)
{
    for (int i = 0; i < 1000 && site.finished < site.heads; i++)
        pause_ms(5);
}

static void test_a_client_that_leaves_finishes_its_exchange(void **state)
{
    (void)state;
    wait_until_all_are_finished();
    int before = site.finished;
    Client *client = client_open(http_port(server));
    client_send(client, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    wait_until_waiting(1);
    client_close(client);
    release_all();
    for (int i = 0; i < 1000 && site.finished == before; i++)
        pause_ms(5);
    assert_int_equal(site.finished, before + 1);
}

/* Somebody still holds an exchange: the server must not be freed under him. */
static void test_stop_leaves_what_is_held(void **state)
{
    (void)state;
    HttpServer *other = start_with((HttpOptions){.listen = "127.0.0.1:0", .workers = 1});
    Client *client = client_open(http_port(other));
    client_send(client, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    wait_until_waiting(1);
    assert_false(http_stop(other, 0));
    release_all();
    char *answer = client_read(client);
    assert_int_equal(answer_status(answer), 200);
    char *closing = answer_field(answer, "Connection");
    assert_string_equal(closing, "close");
    free(closing);
    free(answer);
    client_close(client);
    for (int i = 0; i < 100 && !http_stop(other, 0); i++)
        pause_ms(20);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* Dribbles a byte every 50 ms until the server hangs up; the ms that it took. */
static int dribble(int port, const char *text)
{
    Client *client = client_open(port);
    int spent = 0;
    client_send(client, text);
    while (spent < 8000 && client_send(client, "a")) {
        pause_ms(50);
        spent += 50;
    }
    client_close(client);
    return spent;
}

static void test_tricklers_are_cut_off(void **state)
{
    (void)state;
    HttpServer *strict = start_with(
        (HttpOptions){.listen = ":0", .workers = 1, .idle_s = 30, .head_s = 1, .body_s = 1});
    assert_non_null(strict);
    int port = http_port(strict);
    assert_in_range(dribble(port, "GET / HTTP/1.1\r\nHost: x\r\nX-A: "), 500, 3000);
    assert_in_range(dribble(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"), 500,
                    3000);
    char *answer = client_ask(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(answer_status(answer), 200);
    free(answer);
    assert_true(http_stop(strict, 1));
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void test_addresses_that_cannot_be_listened_on(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",        "localhost",   "127.0.0.1:", "127.0.0.1:x", "999.1.1.1:80",
        "[::1:80", "192.0.2.1:1", "a:b:c"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Error err = ERROR_NONE;
        assert_null(http_start(&(HttpOptions){.listen = bad[i], .handler = &handler}, &err));
        assert_string_equal(err.code, "http.listen");
        assert_non_null(err.detail);
    }
    /* A port that is taken. */
    Error err = ERROR_NONE;
    char taken[40];
    snprintf(taken, sizeof taken, "127.0.0.1:%d", http_port(server));
    assert_null(http_start(&(HttpOptions){.listen = taken, .handler = &handler}, &err));
    assert_string_equal(err.code, "http.listen");
}

static void assert_address(const struct sockaddr *address, const char *text, bool is_loopback)
{
    char shown[ADDRESS_SIZE];
    address_text(address, shown, sizeof shown);
    assert_string_equal(shown, text);
    assert_int_equal(address_is_loopback(address), is_loopback);
}

static void test_addresses_as_text(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *shown;
        bool is_loopback;
    } cases[] = {{"127.0.0.1", "127.0.0.1", true},       {"127.8.9.1", "127.8.9.1", true},
                 {"10.0.0.1", "10.0.0.1", false},        {"::1", "::1", true},
                 {"2001:db8::1", "2001:db8::1", false},  {"::ffff:127.0.0.1", "127.0.0.1", true},
                 {"::ffff:10.0.0.1", "10.0.0.1", false}, {"0.0.0.0", "0.0.0.0", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool is_v4 = inet_pton(AF_INET, cases[i].sent, &v4.sin_addr) == 1;
        if (!is_v4)
            assert_int_equal(inet_pton(AF_INET6, cases[i].sent, &v6.sin6_addr), 1);
        assert_address(is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6, cases[i].shown,
                       cases[i].is_loopback);
    }
    assert_address(&(struct sockaddr){.sa_family = AF_UNIX}, "unknown", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_handler_sees),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_a_large_answer_arrives_whole),
        cmocka_unit_test(test_no_answer_closes),
        cmocka_unit_test(test_early_answers),
        cmocka_unit_test(test_bodies_share_their_memory),
        cmocka_unit_test(test_suspended_exchanges),
        cmocka_unit_test(test_a_client_that_leaves_finishes_its_exchange),
        cmocka_unit_test(test_stop_leaves_what_is_held),
        cmocka_unit_test(test_tricklers_are_cut_off),
        cmocka_unit_test(test_addresses_that_cannot_be_listened_on),
        cmocka_unit_test(test_addresses_as_text),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
