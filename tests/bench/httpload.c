/*
 * httpload.c - sends prepared HTTP requests over many connections and measures each answer.
 *
 *     httpload PORT CONNECTIONS REQUESTS ANSWERS
 *
 * REQUESTS holds requests one after another, each as "LENGTH\n" and so many bytes. Every connection
 * takes the next one as soon as it is free (closed loop). ANSWERS gets "INDEX STATUS MICROSECONDS
 * LOCATION\n" for each. Prints: requests, seconds, requests a second, p50, p99 in milliseconds, and
 * how many were not 2xx or 303. One thread: the load shall not take the server's processors.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"

enum { CONNECTIONS_MOST = 1024, ANSWER_MOST = 256 * 1024 };

typedef struct Load {
    const char **requests;
    size_t *lengths;
    size_t count;
    size_t next;
    size_t done;
    int64_t *took_us;
    size_t failed;
    FILE *answers;
} Load;

typedef struct Connection {
    int fd;
    size_t request;
    size_t sent;
    int64_t began_us;
    size_t filled;
    char answer[ANSWER_MOST];
} Connection;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "httpload: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- requests -------------------------------------------------------------------------------- */

static char *read_all(const char *file, size_t *out_length)
{
    struct stat about;
    int fd = open(file, O_RDONLY);
    if (fd < 0 || fstat(fd, &about) != 0)
        fail(file);
    char *text = malloc((size_t)about.st_size + 1);
    size_t filled = 0;
    while (text && filled < (size_t)about.st_size) {
        ssize_t got = read(fd, text + filled, (size_t)about.st_size - filled);
        if (got <= 0)
            fail(file);
        filled += (size_t)got;
    }
    close(fd);
    *out_length = filled;
    return text;
}

static void split_requests(Load *load, Arena *arena, char *text, size_t length)
{
    char *at = text, *end = text + length;
    load->requests = arena_array(arena, const char *, length / 64 + 1);
    load->lengths = arena_array(arena, size_t, length / 64 + 1);
    while (at < end) {
        char *body;
        size_t size = strtoul(at, &body, 10);
        load->requests[load->count] = body + 1;
        load->lengths[load->count++] = size;
        at = body + 1 + size;
    }
    load->took_us = arena_array(arena, int64_t, load->count + 1);
}

/* ---- connections ----------------------------------------------------------------------------- */

static int open_connection(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

/* Takes the next request; false when there is none left. Requests are small: one send takes them.
 */
static bool send_next(Load *load, Connection *connection)
{
    if (load->next == load->count)
        return false;
    connection->request = load->next++;
    connection->filled = 0;
    connection->began_us = stopwatch_us();
    const char *bytes = load->requests[connection->request];
    size_t left = load->lengths[connection->request];
    while (left) {
        ssize_t sent = send(connection->fd, bytes, left, MSG_NOSIGNAL);
        if (sent <= 0)
            fail("send");
        bytes += sent;
        left -= (size_t)sent;
    }
    return true;
}

static const char *header(const char *head, const char *name)
{
    const char *found = strcasestr(head, name);
    return found ? found + strlen(name) : NULL;
}

/* The whole answer is here: head and Content-Length bytes. */
static bool is_complete(const Connection *connection)
{
    const char *end = strstr(connection->answer, "\r\n\r\n");
    const char *length = end ? header(connection->answer, "\r\nContent-Length:") : NULL;
    size_t head = end ? (size_t)(end - connection->answer) + 4 : 0;
    return end && connection->filled >= head + (length ? strtoul(length, NULL, 10) : 0);
}

static void note_answer(Load *load, Connection *connection)
{
    int64_t took = stopwatch_us() - connection->began_us;
    long status = strtol(connection->answer + 9, NULL, 10);
    const char *location = header(connection->answer, "\r\nLocation: ");
    int length = location ? (int)strcspn(location, "\r\n") : 1;
    load->took_us[load->done++] = took;
    load->failed += !((status >= 200 && status < 300) || status == 303);
    fprintf(load->answers, "%zu %ld %lld %.*s\n", connection->request, status, (long long)took,
            length, location ? location : "-");
    if (status >= 400 && load->failed < 3)
        fprintf(stderr, "%.600s\n", connection->answer);
}

static void receive(Load *load, Connection *connection)
{
    ssize_t got = recv(connection->fd, connection->answer + connection->filled,
                       ANSWER_MOST - connection->filled - 1, 0);
    if (got <= 0)
        fail("the server closed a connection");
    connection->filled += (size_t)got;
    connection->answer[connection->filled] = 0;
    if (!is_complete(connection))
        return;
    note_answer(load, connection);
    send_next(load, connection);
}

static void run(Load *load, int port, int connections)
{
    struct epoll_event events[64];
    Connection *all = calloc((size_t)connections, sizeof *all);
    int poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        all[i].fd = open_connection(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, all[i].fd, &event);
        send_next(load, &all[i]);
    }
    while (load->done < load->count) {
        int ready = epoll_wait(poll, events, 64, 30000);
        if (ready <= 0)
            fail("no answer for 30 s");
        for (int i = 0; i < ready; i++)
            receive(load, events[i].data.ptr);
    }
    for (int i = 0; i < connections; i++)
        close(all[i].fd);
    close(poll);
    free(all);
}

/* ---- result ---------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double processor_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
    Load load = {0};
    size_t length;
    int64_t port, connections;
    if (argc != 5 || !text_to_int64(argv[1], &port) || !text_to_int64(argv[2], &connections) ||
        connections < 1 || connections > CONNECTIONS_MOST)
        return 2;
    Arena *arena = arena_create(0);
    char *text = read_all(argv[3], &length);
    split_requests(&load, arena, text, length);
    load.answers = fopen(argv[4], "wb");
    if (!load.answers || !load.count)
        fail(argv[4]);
    int64_t began = stopwatch_us();
    run(&load, (int)port, (int)connections);
    double seconds = (double)(stopwatch_us() - began) / 1e6;
    fclose(load.answers);
    qsort(load.took_us, load.done, sizeof *load.took_us, compare);
    printf("%zu %.6f %.1f %.3f %.3f %zu %.3f\n", load.done, seconds, (double)load.done / seconds,
           (double)load.took_us[load.done / 2] / 1e3,
           (double)load.took_us[load.done * 99 / 100] / 1e3, load.failed, processor_ms());
    free(text);
    arena_destroy(arena);
    return 0;
}
