#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

/*
 * Router: from a path to a route.
 *
 * Paths are matched by segment; a written segment beats a parameter ({code}), and where the
 * written one leads nowhere the parameter is tried. Two routes that would take the same requests
 * are a mistake of ours: the program says so and aborts at start.
 */
#include "web/web.h"

typedef struct Router Router;

enum { SEGMENTS_MOST = 16 };

/* A path in its decoded segments: "/items/a%2Fb" is "items", "a/b"; "/" has none. */
typedef struct Path {
    const char *segments[SEGMENTS_MOST];
    size_t count;
} Path;

/* The routes that share a path, one for each method; both NULL: the path is unknown. */
typedef struct RouteMatch {
    const Route *get;
    const Route *post;
} RouteMatch;

/* Builds the tree; it lives in the arena and is not changed afterwards. */
Router *router_create(Arena *arena, const Route *const *tables);

/* Why two of the routes are ambiguous, or NULL; router_create aborts with this text. */
const char *router_conflict(Arena *arena, const Route *const *tables);

/* Splits and decodes a raw path. False when it does not begin with '/', has too many segments, or
 * holds bytes that are no text (NUL, bad UTF-8). */
MUST_CHECK bool path_split(Arena *arena, const char *raw, Path *out);

RouteMatch router_match(const Router *router, const Path *path);

/* The segment that stands for {name} in the route's path, or NULL. */
const char *route_parameter(const Route *route, const Path *path, const char *name);

#endif
