/*
 * http.c - exchanges over libmicrohttpd.
 *
 *   on_uri         a request line: take an exchange from the pool
 *   on_access      called by libmicrohttpd for the head, each piece of the body, its end, and after
 *                  a resume; steps the exchange through its phases and queues the answer
 *   on_completed   the answer is out or the client gone: the exchange goes back to the pool
 *
 * The answer's bytes stay in the exchange's arena: libmicrohttpd writes them from there together
 * with the header fields in one call, and the arena is cleared in on_completed.
 *
 * libmicrohttpd cannot answer in the middle of a body, and closes a socket with unread data, which
 * makes the kernel throw away what the client has not read. So an answer before the end of a body
 * is written to the socket here, and what still comes is read and dropped for a moment (DROPPING).
 */
#include "http/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "http/connection.h"
#include "http/exchange.h"
#include "http/protocol.h"

enum {
    ARENAS_MOST = 128, /* free exchanges that keep the memory of their arena */
    RESTING = 64,      /* exchanges that waited rest before they are used again */
    FIRST_BODY_BYTES = 16 * 1024,
    BYTES_PER_SECOND = 16 * 1024, /* the slowest client that we wait for */
    DROP_MS = 1000,               /* how long an unwanted body is read and dropped */
};

struct HttpServer {
    HttpOptions options;
    struct MHD_Daemon *daemon;
    Connections *connections;
    int port;
    pthread_mutex_t pool_lock;
    Exchange *free_exchanges;
    size_t free_count;
    Exchange *resting[RESTING];
    size_t next_resting;
    _Atomic int64_t body_memory;
    _Atomic int64_t busy;      /* requests from their end to the end of their answer */
    _Atomic int64_t suspended; /* between http_suspend and the call of resumed */
    _Atomic bool is_stopping;
};

/* ---- the pool -------------------------------------------------------------------------------- */

static Exchange *exchange_create(HttpServer *server)
{
    Exchange *exchange = calloc(1, sizeof *exchange);
    void *user = calloc(1, server->options.user_size ? server->options.user_size : 1);
    if (!exchange || !user)
        abort();
    exchange->public.user = user;
    return exchange;
}

static void exchange_destroy(Exchange *exchange)
{
    arena_destroy(exchange->public.arena);
    free(exchange->public.user);
    free(exchange);
}

static Exchange *exchange_take(HttpServer *server)
{
    pthread_mutex_lock(&server->pool_lock);
    Exchange *exchange = server->free_exchanges;
    if (exchange) {
        server->free_exchanges = exchange->next_free;
        server->free_count--;
    }
    pthread_mutex_unlock(&server->pool_lock);
    if (!exchange)
        exchange = exchange_create(server);
    if (!exchange->public.arena)
        exchange->public.arena = arena_create(server->options.arena_limit);
    exchange->server = server;
    return exchange;
}

/* What is free after this exchange: itself, or when it has waited the one that rested longest, or
 * none. Exchanges are kept, however many there were, and those that waited are not used again at
 * once: an owner that touches one too late (a second http_resume) finds memory that is still an
 * exchange, and most likely nobody's. Called under the lock of the pool. */
static Exchange *next_free(HttpServer *server, Exchange *exchange, bool has_waited)
{
    if (!has_waited)
        return exchange;
    Exchange *rested = server->resting[server->next_resting];
    server->resting[server->next_resting] = exchange;
    server->next_resting = (server->next_resting + 1) % RESTING;
    return rested;
}

/* Puts an exchange among the free ones; returns the arena that is one too many, or NULL. */
static Arena *add_free(HttpServer *server, Exchange *exchange)
{
    Arena *surplus = NULL;
    if (server->free_count >= ARENAS_MOST) {
        surplus = exchange->public.arena;
        exchange->public.arena = NULL;
    }
    exchange->next_free = server->free_exchanges;
    server->free_exchanges = exchange;
    server->free_count++;
    return surplus;
}

static void exchange_give_back(Exchange *exchange)
{
    HttpServer *server = exchange->server;
    Arena *arena = exchange->public.arena, *surplus = NULL;
    void *user = exchange->public.user;
    bool has_waited = exchange->has_waited;
    atomic_fetch_sub(&server->body_memory, (int64_t)exchange->body_capacity);
    free(exchange->body);
    arena_clear(arena);
    memset(user, 0, server->options.user_size);
    *exchange = (Exchange){.public = {.arena = arena, .user = user}, .server = server};
    pthread_mutex_lock(&server->pool_lock);
    Exchange *free_one = next_free(server, exchange, has_waited);
    if (free_one)
        surplus = add_free(server, free_one);
    pthread_mutex_unlock(&server->pool_lock);
    arena_destroy(surplus);
}

/* ---- what the handler may call --------------------------------------------------------------- */

int http_port(const HttpServer *server)
{
    return server->port;
}

const char *http_header(const HttpExchange *public, const char *name)
{
    const Exchange *exchange = exchange_of(public);
    if (exchange->local)
        return local_header(exchange, name);
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

void http_add_header(HttpExchange *public, const char *name, const char *value)
{
    Exchange *exchange = exchange_of(public);
    if (!strpbrk(value, "\r\n"))
        list_add(public->arena, &exchange->headers, (HttpHeader){name, value});
}

void http_close_after(HttpExchange *public)
{
    http_add_header(public, "Connection", "close");
}

void http_answer(HttpExchange *public, int status, const char *content_type, const char *body,
                 size_t length)
{
    Exchange *exchange = exchange_of(public);
    if (exchange->is_answered)
        return;
    if (content_type)
        http_add_header(public, "Content-Type", content_type);
    exchange->status = status;
    exchange->answer = body ? body : "";
    exchange->answer_length = body ? length : 0;
    exchange->is_answered = true;
}

bool http_is_answered(const HttpExchange *public)
{
    return exchange_of(public)->is_answered;
}

void http_suspend(HttpExchange *public)
{
    Exchange *exchange = exchange_of(public);
    exchange->phase = PHASE_SUSPENDED;
    exchange->has_waited = true;
    if (exchange->local)
        return;
    atomic_fetch_add(&exchange->server->suspended, 1);
    MHD_suspend_connection(exchange->connection);
}

void http_resume(HttpExchange *public)
{
    Exchange *exchange = exchange_of(public);
    if (exchange->local)
        local_resume(exchange);
    else
        MHD_resume_connection(exchange->connection);
}

/* ---- answering ------------------------------------------------------------------------------- */

static void expect_answer_taken(Exchange *exchange)
{
    int64_t seconds =
        exchange->server->options.answer_s + (int64_t)exchange->answer_length / BYTES_PER_SECOND;
    connection_expect(exchange->peer, seconds * 1000000);
}

static enum MHD_Result queue_answer(Exchange *exchange)
{
    /* The bytes are not changed: the interface just lacks the const. */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        exchange->answer_length, (void *)(uintptr_t)exchange->answer, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    if (exchange->server->is_stopping)
        http_close_after(&exchange->public);
    list_each (HttpHeader, header, &exchange->headers)
        MHD_add_response_header(response, header->name, header->value);
    exchange->phase = PHASE_ANSWERED;
    expect_answer_taken(exchange);
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

static int socket_of(const Exchange *exchange)
{
    return exchange->peer->fd;
}

/* Writes the answer to the socket itself and goes on reading for a moment. */
static enum MHD_Result answer_and_drop(Exchange *exchange)
{
    Buffer raw = buffer_init(exchange->public.arena, 0);
    buffer_printf(&raw, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n",
                  exchange->status, status_reason(exchange->status), exchange->answer_length);
    list_each (HttpHeader, header, &exchange->headers)
        buffer_printf(&raw, "%s: %s\r\n", header->name, header->value);
    buffer_add(&raw, "\r\n");
    buffer_add_n(&raw, exchange->answer, exchange->answer_length);
    /* A fresh connection's send buffer takes a small page whole; what it does not take is lost,
     * as it would be when the client did not listen. */
    ssize_t sent = send(socket_of(exchange), raw.data, raw.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(socket_of(exchange), SHUT_WR);
    exchange->phase = PHASE_DROPPING;
    connection_expect(exchange->peer, (int64_t)DROP_MS * 1000);
    return sent >= 0 ? MHD_YES : MHD_NO;
}

static bool is_body_coming(const Exchange *exchange)
{
    return exchange->public.declared_length != 0;
}

/* An answer before the body has been read. */
static enum MHD_Result answer_early(Exchange *exchange)
{
    bool is_asking = http_header(&exchange->public, "Expect") != NULL;
    bool can_queue = exchange->phase == PHASE_HEAD && (is_asking || !is_body_coming(exchange));
    return can_queue ? queue_answer(exchange) : answer_and_drop(exchange);
}

static enum MHD_Result refuse(Exchange *exchange, int status)
{
    const HttpOptions *options = &exchange->server->options;
    options->handler->refused(options->app, &exchange->public, status);
    return exchange->is_answered ? answer_early(exchange) : MHD_NO;
}

/* ---- the phases ------------------------------------------------------------------------------ */

/* False when the header fields contradict each other about the body (RFC 9112, 6.3). */
static bool read_declared_length(Exchange *exchange)
{
    const char *coding = http_header(&exchange->public, "Transfer-Encoding");
    const char *length = http_header(&exchange->public, "Content-Length");
    int64_t declared = 0;
    if (length && (!text_to_int64(length, &declared) || declared < 0))
        return false;
    if (coding && (length || strcasecmp(coding, "chunked") != 0))
        return false;
    exchange->public.declared_length = coding ? -1 : declared;
    return true;
}

static bool is_memory_short(const HttpServer *server, int64_t more)
{
    return server->body_memory + more > server->options.body_memory;
}

static enum MHD_Result take_head(Exchange *exchange, const char *method)
{
    const HttpOptions *options = &exchange->server->options;
    exchange->public.method = method;
    if (!read_declared_length(exchange))
        return refuse(exchange, 400);
    options->handler->head(options->app, &exchange->public, &exchange->body_limit);
    if (exchange->is_answered)
        return answer_early(exchange);
    int64_t declared = exchange->public.declared_length;
    if (declared > exchange->body_limit)
        return refuse(exchange, 413);
    if (declared && is_memory_short(exchange->server, declared > 0 ? declared : FIRST_BODY_BYTES))
        return refuse(exchange, 503);
    int64_t expected = declared < 0 ? exchange->body_limit : declared;
    connection_expect(exchange->peer,
                      (options->body_s + expected / BYTES_PER_SECOND) * INT64_C(1000000));
    exchange->phase = PHASE_BODY;
    return MHD_YES;
}

/* Makes room for more bytes and the NUL behind them. */
static void grow_body(Exchange *exchange, size_t wanted)
{
    size_t capacity = exchange->body_capacity;
    size_t declared = (size_t)(exchange->public.declared_length + 1);
    if (!capacity)
        capacity = declared && declared < FIRST_BODY_BYTES ? declared : FIRST_BODY_BYTES;
    while (capacity < wanted)
        capacity *= 2;
    if (declared && capacity > declared)
        capacity = declared;
    char *grown = realloc(exchange->body, capacity);
    if (!grown)
        abort();
    atomic_fetch_add(&exchange->server->body_memory,
                     (int64_t)capacity - (int64_t)exchange->body_capacity);
    exchange->body = grown;
    exchange->body_capacity = capacity;
}

static enum MHD_Result take_body(Exchange *exchange, const char *data, size_t size)
{
    size_t have = exchange->public.body_length;
    if ((int64_t)(have + size) > exchange->body_limit)
        return refuse(exchange, 413);
    if (have + size + 1 > exchange->body_capacity) {
        if (is_memory_short(exchange->server, (int64_t)size))
            return refuse(exchange, 503);
        grow_body(exchange, have + size + 1);
    }
    memcpy(exchange->body + have, data, size);
    exchange->public.body_length = have + size;
    return MHD_YES;
}

static enum MHD_Result after_handler(Exchange *exchange)
{
    /* Suspended: the exchange may be in other hands already; nothing else may be read here. */
    if (exchange->phase == PHASE_SUSPENDED)
        return MHD_YES;
    return exchange->is_answered ? queue_answer(exchange) : MHD_NO;
}

static enum MHD_Result take_request(Exchange *exchange)
{
    const HttpOptions *options = &exchange->server->options;
    if (exchange->body)
        exchange->body[exchange->public.body_length] = 0;
    exchange->public.body = exchange->body ? exchange->body : "";
    exchange->phase = PHASE_WORKING;
    exchange->is_counted = true;
    atomic_fetch_add(&exchange->server->busy, 1);
    connection_expect(exchange->peer, 0);
    options->handler->request(options->app, &exchange->public);
    return after_handler(exchange);
}

static enum MHD_Result take_resumed(Exchange *exchange)
{
    const HttpOptions *options = &exchange->server->options;
    exchange->phase = PHASE_WORKING;
    atomic_fetch_sub(&exchange->server->suspended, 1);
    options->handler->resumed(options->app, &exchange->public);
    return after_handler(exchange);
}

static enum MHD_Result on_access(void *data, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_size, void **context)
{
    (void)data, (void)connection, (void)url, (void)version;
    Exchange *exchange = *context;
    size_t size = *upload_size;
    *upload_size = 0;
    switch (exchange->phase) {
    case PHASE_HEAD: return take_head(exchange, method);
    case PHASE_BODY: return size ? take_body(exchange, upload, size) : take_request(exchange);
    case PHASE_SUSPENDED: return take_resumed(exchange);
    case PHASE_DROPPING: return size ? MHD_YES : MHD_NO;
    case PHASE_WORKING:
    case PHASE_ANSWERED: break;
    }
    return MHD_NO;
}

/* ---- other callbacks of libmicrohttpd -------------------------------------------------------- */

static Connection *peer_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void *on_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
    HttpServer *server = data;
    Exchange *exchange = exchange_take(server);
    exchange->connection = connection;
    exchange->peer = peer_of(connection);
    connection_expect(exchange->peer, server->options.head_s * INT64_C(1000000));
    char *target = arena_text(exchange->public.arena, uri);
    char *query = strchr(target, '?');
    if (query)
        *query++ = 0;
    exchange->public.path = target;
    exchange->public.query = query ? query : "";
    exchange->public.body = "";
    exchange->public.peer = exchange->peer->peer;
    exchange->public.is_peer_loopback = exchange->peer->is_loopback;
    return exchange;
}

static void on_completed(void *data, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    HttpServer *server = data;
    Exchange *exchange = *context;
    if (!exchange)
        return;
    *context = NULL;
    bool is_counted = exchange->is_counted;
    /* After http_resume, when libmicrohttpd found that the client has gone meanwhile. */
    if (exchange->phase == PHASE_SUSPENDED)
        atomic_fetch_sub(&server->suspended, 1);
    connection_expect(exchange->peer, server->options.idle_s * INT64_C(1000000));
    if (server->options.handler->finished)
        server->options.handler->finished(server->options.app, &exchange->public);
    exchange_give_back(exchange);
    if (is_counted)
        atomic_fetch_sub(&server->busy, 1);
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    HttpServer *server = data;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        connection_remove(server->connections, *context);
        *context = NULL;
        return;
    }
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *context =
        connection_add(server->connections, fd, address, server->options.idle_s * INT64_C(1000000));
}

/* The target stays as it was sent: %00 must be seen, not cut off. */
static size_t keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
    (void)data, (void)connection;
    return strlen(text);
}

/* ---- start and stop -------------------------------------------------------------------------- */

static HttpOptions with_defaults(const HttpOptions *given)
{
    HttpOptions options = *given;
#define DEFAULT(member, value) options.member = options.member ? options.member : (value)
    DEFAULT(workers, 2);
    DEFAULT(connection_limit, 1000);
    DEFAULT(header_bytes, 16 * 1024);
    DEFAULT(idle_s, 60);
    DEFAULT(head_s, 10);
    DEFAULT(body_s, 20);
    DEFAULT(answer_s, 30);
    DEFAULT(body_memory, INT64_C(256) << 20);
    DEFAULT(arena_limit, (size_t)64 << 20);
#undef DEFAULT
    return options;
}

static struct MHD_Daemon *start_daemon(HttpServer *server, int fd)
{
    const HttpOptions *options = &server->options;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    struct MHD_OptionItem pool[] = {
        {options->workers > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, options->workers,
         NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    /* The memory of a connection holds the request's header fields and the answer's. */
    size_t memory = (size_t)options->header_bytes * 2;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_access, server, MHD_OPTION_LISTEN_SOCKET, fd,
                            MHD_OPTION_ARRAY, pool, MHD_OPTION_CONNECTION_LIMIT,
                            (unsigned)options->connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)options->idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
                            server, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
}

static void server_free(HttpServer *server)
{
    for (size_t i = 0; i < RESTING; i++)
        if (server->resting[i])
            exchange_destroy(server->resting[i]);
    while (server->free_exchanges) {
        Exchange *exchange = server->free_exchanges;
        server->free_exchanges = exchange->next_free;
        exchange_destroy(exchange);
    }
    connections_destroy(server->connections);
    pthread_mutex_destroy(&server->pool_lock);
    free(server);
}

HttpServer *http_start(const HttpOptions *options, Error *err)
{
    int port = 0;
    int fd = listen_open(options->listen, &port, err);
    if (fd < 0)
        return NULL;
    HttpServer *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    server->options = with_defaults(options);
    server->port = port;
    pthread_mutex_init(&server->pool_lock, NULL);
    server->connections = connections_create();
    if (server->connections)
        server->daemon = start_daemon(server, fd);
    if (server->daemon)
        return server;
    close(fd);
    server_free(server);
    error_set(err, ERROR_UNAVAILABLE, .code = "http.start");
    return NULL;
}

bool http_stop(HttpServer *server, int limit_s)
{
    if (!server)
        return true;
    server->is_stopping = true;
    int fd = MHD_quiesce_daemon(server->daemon);
    if (fd >= 0)
        close(fd);
    const struct timespec moment = {.tv_nsec = 5000000};
    for (int64_t left_ms = limit_s * INT64_C(1000); server->busy && left_ms > 0; left_ms -= 5)
        nanosleep(&moment, NULL);
    if (server->suspended)
        return false;
    MHD_stop_daemon(server->daemon);
    server_free(server);
    return true;
}
