/*
 * listen.c - from "HOST:PORT" to a listening socket, and from socket addresses to text.
 */
#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static bool is_mapped(const struct sockaddr *address)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
}

/* The four bytes of an IPv4 address, mapped or plain; NULL for others. */
static const unsigned char *v4_bytes(const struct sockaddr *address)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    if (address->sa_family == AF_INET)
        return (const unsigned char *)&v4->sin_addr;
    return is_mapped(address) ? v6->sin6_addr.s6_addr + 12 : NULL;
}

void address_text(const struct sockaddr *address, char *out, size_t size)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    const unsigned char *v4 = v4_bytes(address);
    if (v4)
        inet_ntop(AF_INET, v4, out, (socklen_t)size);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, out, (socklen_t)size);
    else
        snprintf(out, size, "unknown");
}

bool address_is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    const unsigned char *v4 = v4_bytes(address);
    if (v4)
        return v4[0] == 127;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* Splits at the last colon; brackets around the host are taken off. */
static bool split(const char *where, char *host, size_t host_size, const char **out_port)
{
    const char *colon = where ? strrchr(where, ':') : NULL;
    if (!colon || !colon[1])
        return false;
    size_t length = (size_t)(colon - where);
    bool is_bracketed = length >= 2 && where[0] == '[' && colon[-1] == ']';
    const char *start = where + is_bracketed;
    length -= is_bracketed ? 2 : 0;
    if (length >= host_size)
        return false;
    memcpy(host, start, length);
    host[length] = 0;
    *out_port = colon + 1;
    return true;
}

static int open_one(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int on = 1, off = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int open_first(const struct addrinfo *found)
{
    int fd = -1;
    for (const struct addrinfo *each = found; each && fd < 0; each = each->ai_next)
        fd = open_one(each);
    return fd;
}

static int bound_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    memcpy(&v4, &address, sizeof v4);
    memcpy(&v6, &address, sizeof v6);
    return ntohs(address.ss_family == AF_INET ? v4.sin_port : v6.sin6_port);
}

int listen_open(const char *where, int *out_port, Error *err)
{
    char host[256];
    const char *port = NULL;
    if (!split(where, host, sizeof host, &port)) {
        error_set(err, ERROR_INVALID, .code = "http.listen", .detail = "HOST:PORT is expected");
        return -1;
    }
    /* All addresses: one IPv6 socket takes IPv4 as well; machines without IPv6 get IPv4. */
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                             .ai_family = *host ? AF_UNSPEC : AF_INET6};
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    int fd = failure ? -1 : open_first(found);
    if (found)
        freeaddrinfo(found);
    if (fd < 0 && !*host && !failure) {
        hints.ai_family = AF_INET;
        found = NULL;
        failure = getaddrinfo(NULL, port, &hints, &found);
        fd = failure ? -1 : open_first(found);
        if (found)
            freeaddrinfo(found);
    }
    if (fd < 0) {
        error_set(err, ERROR_UNAVAILABLE, .code = "http.listen",
                  .detail = failure ? gai_strerror(failure) : strerrordesc_np(errno));
        return -1;
    }
    *out_port = bound_port(fd);
    return fd;
}
