/*
 * connection.c - a list of open sockets under a lock, and the thread that walks it.
 *
 * Deadlines are set without the lock, once per part of an exchange; the lock is taken when a
 * connection comes or goes and for each walk. A socket stays open while it is in the list, since
 * libmicrohttpd tells us that a connection ends before it closes the socket.
 */
#include "http/connection.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/time.h"

enum { WALK_EVERY_MS = 250 };

struct Connections {
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    pthread_t watcher;
    Connection *first;
    size_t count;
    bool is_stopping;
};

static void shut_the_late(Connections *all)
{
    int64_t now = stopwatch_us();
    for (Connection *each = all->first; each; each = each->next)
        if (each->deadline_us < now) {
            each->deadline_us = INT64_MAX;
            shutdown(each->fd, SHUT_RDWR);
        }
}

static struct timespec next_walk(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += WALK_EVERY_MS * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

static void *watch(void *data)
{
    Connections *all = data;
    pthread_mutex_lock(&all->lock);
    while (!all->is_stopping) {
        struct timespec until = next_walk();
        pthread_cond_timedwait(&all->stopping, &all->lock, &until);
        shut_the_late(all);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

Connections *connections_create(void)
{
    Connections *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&all->stopping, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&all->lock, NULL);
    if (pthread_create(&all->watcher, NULL, watch, all) == 0)
        return all;
    free(all);
    return NULL;
}

void connections_destroy(Connections *all)
{
    if (!all)
        return;
    pthread_mutex_lock(&all->lock);
    all->is_stopping = true;
    pthread_cond_signal(&all->stopping);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->watcher, NULL);
    pthread_cond_destroy(&all->stopping);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

Connection *connection_add(Connections *all, int fd, const struct sockaddr *address,
                           int64_t limit_us)
{
    Connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        abort();
    connection->fd = fd;
    connection->is_loopback = address_is_loopback(address);
    address_text(address, connection->peer, sizeof connection->peer);
    connection_expect(connection, limit_us);
    pthread_mutex_lock(&all->lock);
    connection->next = all->first;
    if (all->first)
        all->first->previous = connection;
    all->first = connection;
    all->count++;
    pthread_mutex_unlock(&all->lock);
    return connection;
}

void connection_remove(Connections *all, Connection *connection)
{
    pthread_mutex_lock(&all->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        all->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    free(connection);
}

void connection_expect(Connection *connection, int64_t limit_us)
{
    int64_t deadline = limit_us ? stopwatch_us() + limit_us : INT64_MAX;
    atomic_store_explicit(&connection->deadline_us, deadline, memory_order_relaxed);
}

size_t connections_count(Connections *all)
{
    pthread_mutex_lock(&all->lock);
    size_t count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}
