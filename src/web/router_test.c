/* router_test.c - matching by segments, decoding of paths, ambiguity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/router.h"

static bool read_it(Request *req, Error *err)
{
    (void)req, (void)err;
    return true;
}

#define GET(path_)                                                                                 \
    {                                                                                              \
        .method = HTTP_GET, .path = (path_), .right = RIGHT_PUBLIC, .read = read_it                \
    }
#define POST(path_)                                                                                \
    {                                                                                              \
        .method = HTTP_POST, .path = (path_), .right = RIGHT_PUBLIC, .prepare = read_it            \
    }

static const Route first[] = {GET("/"),
                              GET("/items"),
                              GET("/items/{code}"),
                              GET("/items/new"),
                              GET("/items/new/steps"),
                              GET("/items/{code}/files/{file}"),
                              GET("/items/{code}/{part}"),
                              ROUTE_END};
static const Route second[] = {POST("/items"), POST("/items/{other}"), GET("/my"), ROUTE_END};
static const Route *const tables[] = {first, second, NULL};

static Arena *arena;
static Router *router;

static int start(void **state)
{
    (void)state;
    arena = arena_create(0);
    router = router_create(arena, tables);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void test_matching(void **state)
{
    (void)state;
    static const struct {
        const char *path, *get, *post;
    } cases[] = {
        {"/", "/", NULL},
        {"/items", "/items", "/items"},
        {"/items/new", "/items/new", NULL},
        {"/items/a", "/items/{code}", "/items/{other}"},
        {"/items/%6Eew", "/items/new", NULL},
        {"/items/new/steps", "/items/new/steps", NULL},
        /* the written segment leads nowhere: the parameter is tried */
        {"/items/new/files/x", "/items/{code}/files/{file}", NULL},
        {"/items/new/other", "/items/{code}/{part}", NULL},
        {"/items/a/files", "/items/{code}/{part}", NULL},
        {"/items/a/files/x", "/items/{code}/files/{file}", NULL},
        {"/items/", NULL, NULL},
        {"/items//", NULL, NULL},
        {"//items", NULL, NULL},
        {"/items/a/files/x/y", NULL, NULL},
        {"/Items", NULL, NULL},
        {"/my", "/my", NULL},
        {"/my/", NULL, NULL},
        {"/items/..", "/items/{code}", "/items/{other}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Path path;
        assert_true(path_split(arena, cases[i].path, &path));
        RouteMatch match = router_match(router, &path);
        const char *get = match.get ? match.get->path : NULL;
        const char *post = match.post ? match.post->path : NULL;
        if (!text_equal(get, cases[i].get) || !text_equal(post, cases[i].post))
            fail_msg("%s: %s, %s", cases[i].path, get, post);
    }
}

static void test_parameters(void **state)
{
    (void)state;
    Path path;
    assert_true(path_split(arena, "/items/%E9%A4%90%2F1/files/b+c", &path));
    const Route *route = router_match(router, &path).get;
    assert_string_equal(route_parameter(route, &path, "code"), "\xE9\xA4\x90/1");
    assert_string_equal(route_parameter(route, &path, "file"), "b+c");
    assert_null(route_parameter(route, &path, "files"));
    assert_null(route_parameter(route, &path, "cod"));
}

static void test_paths_that_are_no_text(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "items",
                                      "*",
                                      "/%00",
                                      "/a%00b/c",
                                      "/%ff",
                                      "/%C0%AF",
                                      "/%ED%A0%80",
                                      "/\xff",
                                      "/a/%FE",
                                      "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
                                      "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/"};
    Path path;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (path_split(arena, bad[i], &path))
            fail_msg("%s was taken", bad[i]);
    assert_true(path_split(arena, "/%zz%", &path));
    assert_string_equal(path.segments[0], "%zz%");
    assert_true(path_split(arena, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", &path));
    assert_int_equal(path.count, 16);
    assert_true(path_split(arena, "/", &path));
    assert_int_equal(path.count, 0);
}

static void test_ambiguity(void **state)
{
    (void)state;
    static const Route twice[] = {GET("/a/{x}/b"), GET("/a/{y}/b"), ROUTE_END};
    static const Route fine[] = {GET("/a/{x}/b"), POST("/a/{y}/b"), GET("/a/c/b"), ROUTE_END};
    static const Route again[] = {GET("/a/c/b"), ROUTE_END};
    const char *conflict = router_conflict(arena, (const Route *const[]){twice, NULL});
    assert_non_null(strstr(conflict, "/a/{x}/b"));
    assert_non_null(strstr(conflict, "/a/{y}/b"));
    assert_null(router_conflict(arena, (const Route *const[]){fine, NULL}));
    assert_non_null(router_conflict(arena, (const Route *const[]){fine, again, NULL}));
}

/* Nested alternatives are tried in bounded time. */
static void test_many_alternatives(void **state)
{
    (void)state;
    static const Route routes[] = {GET("/{a}/{b}/{c}/{d}/{e}/{f}/x"),
                                   GET("/a/{b}/{c}/{d}/{e}/{f}/y"),
                                   GET("/a/a/{c}/{d}/{e}/{f}/z"),
                                   GET("/a/a/a/{d}/{e}/{f}/u"),
                                   GET("/a/a/a/a/{e}/{f}/v"),
                                   GET("/a/a/a/a/a/a/w"),
                                   ROUTE_END};
    Router *many = router_create(arena, (const Route *const[]){routes, NULL});
    static const struct {
        const char *path, *found;
    } cases[] = {{"/a/a/a/a/a/a/x", "/{a}/{b}/{c}/{d}/{e}/{f}/x"},
                 {"/a/a/a/a/a/a/z", "/a/a/{c}/{d}/{e}/{f}/z"},
                 {"/a/a/a/a/a/a/w", "/a/a/a/a/a/a/w"},
                 {"/a/a/a/a/a/a/q", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Path path;
        assert_true(path_split(arena, cases[i].path, &path));
        const Route *route = router_match(many, &path).get;
        assert_true(text_equal(route ? route->path : NULL, cases[i].found));
    }
}

static void test_rights_have_names(void **state)
{
    (void)state;
    for (int right = RIGHT_NONE + 1; right < RIGHT_COUNT; right++)
        assert_int_equal(right_of_name(right_name((Right)right)), right);
    assert_int_equal(right_of_name("none"), RIGHT_NONE);
    assert_int_equal(right_of_name("desk"), RIGHT_NONE);
    assert_int_equal(right_of_name(NULL), RIGHT_NONE);
    assert_string_equal(right_name(RIGHT_DESK_READ), "desk.read");
    assert_string_equal(right_name(RIGHT_COUNT), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_paths_that_are_no_text),
        cmocka_unit_test(test_ambiguity),
        cmocka_unit_test(test_many_alternatives),
        cmocka_unit_test(test_rights_have_names),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
