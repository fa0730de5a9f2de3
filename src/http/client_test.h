#ifndef HTTP_CLIENT_TEST_H
#define HTTP_CLIENT_TEST_H

/*
 * A client for tests that speaks raw bytes to a server on loopback. For *_test.c files only.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENT_WAIT_MS = 10000, ANSWER_MOST = 512 * 1024 };

/* What a client has received and not yet used. */
typedef struct Client {
    int fd;
    size_t length;
    bool is_closed; /* by the server */
    char data[ANSWER_MOST + 1];
} Client;

static inline Client *client_open(int port)
{
    Client *client = calloc(1, sizeof *client);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        abort();
    }
    return client;
}

static inline void client_close(Client *client)
{
    close(client->fd);
    free(client);
}

/* False when the server does not take any more. */
static inline bool client_send_n(Client *client, const char *data, size_t length)
{
    while (length) {
        ssize_t sent = send(client->fd, data, length, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static inline bool client_send(Client *client, const char *text)
{
    return client_send_n(client, text, strlen(text));
}

/* Waits for more bytes; false at the end, or after ten seconds. */
static inline bool client_receive(Client *client)
{
    struct pollfd ready = {.fd = client->fd, .events = POLLIN};
    if (client->is_closed || client->length == ANSWER_MOST || poll(&ready, 1, CLIENT_WAIT_MS) <= 0)
        return false;
    ssize_t size = recv(client->fd, client->data + client->length, ANSWER_MOST - client->length, 0);
    if (size <= 0) {
        client->is_closed = true;
        return false;
    }
    client->length += (size_t)size;
    client->data[client->length] = 0;
    return true;
}

/* The value of a header field of an answer; the caller frees it. NULL when absent. */
static inline char *answer_field(const char *answer, const char *name)
{
    const char *end = strstr(answer, "\r\n\r\n");
    for (const char *at = strstr(answer, "\r\n"); at && at < end; at = strstr(at + 2, "\r\n")) {
        size_t length = strlen(name);
        if (strncasecmp(at + 2, name, length) != 0 || at[2 + length] != ':')
            continue;
        const char *value = at + 2 + length + 1 + strspn(at + 2 + length + 1, " ");
        return strndup(value, strcspn(value, "\r"));
    }
    return NULL;
}

static inline int answer_status(const char *answer)
{
    bool is_answer = answer && strncmp(answer, "HTTP/1.", 7) == 0 && strlen(answer) > 12;
    return is_answer ? (int)strtol(answer + 9, NULL, 10) : 0;
}

static inline const char *answer_body(const char *answer)
{
    const char *end = answer ? strstr(answer, "\r\n\r\n") : NULL;
    return end ? end + 4 : "";
}

/* The next whole answer on the connection, by its Content-Length; the caller frees it. NULL when
 * the server closes before its end. */
static inline char *client_read_as(Client *client, bool has_body)
{
    const char *end;
    while (!(end = client->length ? strstr(client->data, "\r\n\r\n") : NULL))
        if (!client_receive(client))
            return NULL;
    char *length = answer_field(client->data, "Content-Length");
    size_t size = (size_t)(end + 4 - client->data);
    if (length && has_body)
        size += (size_t)strtoul(length, NULL, 10);
    free(length);
    while (client->length < size)
        if (!client_receive(client))
            return NULL;
    char *answer = strndup(client->data, size);
    memmove(client->data, client->data + size, client->length - size + 1);
    client->length -= size;
    return answer;
}

static inline char *client_read(Client *client)
{
    return client_read_as(client, true);
}

/* True when the server closes within the wait, whatever it still sends. */
static inline bool client_is_closed(Client *client)
{
    while (client_receive(client))
        client->length = 0;
    return client->is_closed;
}

/* One request on a connection of its own. The caller frees the answer. */
static inline char *client_ask_n(int port, const char *request, size_t length)
{
    Client *client = client_open(port);
    client_send_n(client, request, length);
    char *answer = client_read_as(client, strncmp(request, "HEAD", 4) != 0);
    client_close(client);
    return answer;
}

static inline char *client_ask(int port, const char *request)
{
    return client_ask_n(port, request, strlen(request));
}

#endif
