/*
 * router.c - a tree of path segments, built once from the route tables.
 */
#include "web/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/urlencoded.h"

typedef struct Node {
    const char *segment; /* NULL for the one that takes any segment */
    RouteMatch routes;
    LIST(struct Node *) written;
    struct Node *parameter;
} Node;

struct Router {
    Node root;
};

/* ---- building -------------------------------------------------------------------------------- */

/* The next segment of a pattern, without its slash; false at the end. */
static bool pattern_next(const char **at, const char **out_segment, size_t *out_length)
{
    if (**at == '/')
        (*at)++;
    if (!**at)
        return false;
    *out_segment = *at;
    *out_length = strcspn(*at, "/");
    *at += *out_length;
    return true;
}

static bool is_parameter(const char *segment, size_t length)
{
    return length > 2 && segment[0] == '{' && segment[length - 1] == '}';
}

static Node *node_create(Arena *arena, const char *segment)
{
    Node *node = arena_new(arena, Node);
    node->segment = segment;
    return node;
}

static Node *child_for(Arena *arena, Node *parent, const char *segment, size_t length)
{
    if (is_parameter(segment, length)) {
        if (!parent->parameter)
            parent->parameter = node_create(arena, NULL);
        return parent->parameter;
    }
    list_each (Node *, child, &parent->written) {
        if (strlen((*child)->segment) == length && memcmp((*child)->segment, segment, length) == 0)
            return *child;
    }
    Node *made = node_create(arena, arena_text_n(arena, segment, length));
    list_add(arena, &parent->written, made);
    return made;
}

/* Adds a route; returns the one that already stands in its place, or NULL. */
static const Route *add_route(Arena *arena, Node *root, const Route *route)
{
    Node *node = root;
    const char *at = route->path, *segment;
    size_t length;
    while (pattern_next(&at, &segment, &length))
        node = child_for(arena, node, segment, length);
    const Route **place = route->method == HTTP_GET ? &node->routes.get : &node->routes.post;
    if (*place)
        return *place;
    *place = route;
    return NULL;
}

static const char *add_tables(Arena *arena, Node *root, const Route *const *tables)
{
    for (; *tables; tables++)
        for (const Route *route = *tables; route->path; route++) {
            const Route *other = add_route(arena, root, route);
            if (other)
                return arena_printf(arena, "routes %s and %s (%s) take the same requests",
                                    other->path, route->path,
                                    route->method == HTTP_GET ? "GET" : "POST");
        }
    return NULL;
}

const char *router_conflict(Arena *arena, const Route *const *tables)
{
    return add_tables(arena, node_create(arena, ""), tables);
}

Router *router_create(Arena *arena, const Route *const *tables)
{
    Router *router = arena_new(arena, Router);
    const char *conflict = add_tables(arena, &router->root, tables);
    if (conflict) {
        fprintf(stderr, "router: %s\n", conflict);
        abort();
    }
    return router;
}

/* ---- matching -------------------------------------------------------------------------------- */

bool path_split(Arena *arena, const char *raw, Path *out)
{
    *out = (Path){.count = 0};
    if (*raw != '/')
        return false;
    while (*raw == '/' && raw[1]) {
        size_t length = strcspn(++raw, "/"), decoded_length;
        const char *decoded = urlencoded_decode(arena, raw, length, false, &decoded_length);
        if (out->count == SEGMENTS_MOST || !text_is_utf8(decoded, decoded_length))
            return false;
        out->segments[out->count++] = decoded;
        raw += length;
    }
    /* "/items/" is another path than "/items": its last segment is empty. */
    bool is_closed = *raw == '/' && out->count;
    if (is_closed && out->count == SEGMENTS_MOST)
        return false;
    if (is_closed)
        out->segments[out->count++] = "";
    return true;
}

static bool has_routes(const Node *node)
{
    return node && (node->routes.get || node->routes.post);
}

static const Node *find(const Node *node, const Path *path, size_t at)
{
    if (at == path->count)
        return has_routes(node) ? node : NULL;
    const Node *found = NULL;
    list_each (Node *const, child, &node->written) {
        if (strcmp((*child)->segment, path->segments[at]) == 0)
            found = find(*child, path, at + 1);
    }
    if (!found && node->parameter && *path->segments[at])
        found = find(node->parameter, path, at + 1);
    return found;
}

RouteMatch router_match(const Router *router, const Path *path)
{
    const Node *node = find(&router->root, path, 0);
    return node ? node->routes : (RouteMatch){0};
}

const char *route_parameter(const Route *route, const Path *path, const char *name)
{
    const char *at = route->path, *segment;
    size_t length, name_length = strlen(name);
    for (size_t i = 0; i < path->count && pattern_next(&at, &segment, &length); i++)
        if (is_parameter(segment, length) && length == name_length + 2 &&
            memcmp(segment + 1, name, name_length) == 0)
            return path->segments[i];
    return NULL;
}
