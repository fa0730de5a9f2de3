#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

/*
 * Listen: addresses as texts, and the listening socket.
 */
#include <stdbool.h>
#include <sys/socket.h>
#include "base/error.h"

/* "127.0.0.1", "::1"; "::ffff:10.0.0.1" is told as "10.0.0.1". size at least ADDRESS_SIZE. */
enum { ADDRESS_SIZE = 64 };
void address_text(const struct sockaddr *address, char *out, size_t size);

/* 127.0.0.0/8 and ::1, also as a mapped address. */
bool address_is_loopback(const struct sockaddr *address);

/* A listening socket on "HOST:PORT", "[V6]:PORT" or ":PORT" (all addresses, both families);
 * port 0 takes a free one. The caller closes it. -1 and http.listen on failure. */
MUST_CHECK int listen_open(const char *where, int *out_port, Error *err);

#endif
