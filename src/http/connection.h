#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

/*
 * Connections: who is connected, and until when each may take for what it is doing.
 *
 * libmicrohttpd's own time-out counts silence, so that a client which sends one byte every ten
 * seconds is never late. Here every part of an exchange has a deadline, and a watching thread shuts
 * the sockets that passed theirs; libmicrohttpd then closes them as if the client had gone.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include "http/listen.h"

typedef struct Connection {
    struct Connection *next, *previous;
    int fd;
    bool is_loopback;
    char peer[ADDRESS_SIZE];
    _Atomic int64_t deadline_us; /* of stopwatch_us; INT64_MAX: none */
} Connection;

typedef struct Connections Connections;

/* Starts the watching thread; NULL when it cannot be started. */
Connections *connections_create(void);
/* Stops it; all connections must have been removed. NULL is allowed. */
void connections_destroy(Connections *all);

/* Registers an accepted socket with a deadline; the record is freed by connection_remove. */
Connection *connection_add(Connections *all, int fd, const struct sockaddr *address,
                           int64_t limit_us);
void connection_remove(Connections *all, Connection *connection);

/* What comes now must be done within limit_us; 0: it is our turn, no limit. */
void connection_expect(Connection *connection, int64_t limit_us);

size_t connections_count(Connections *all);

#endif
