/*
 * command_test.c - commands over HTTP: each Idempotency-Key is applied once and answered alike,
 * also at the same time from several sides; what fails leaves neither a change nor a kept answer.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_serve.h"

/* ---- routes of the test ---------------------------------------------------------------------- */

static const InputField note_input[] = {{"code", INPUT_TEXT, INPUT_REQUIRED}, {0}};

/* Publishes a definition of this code: another version each time that it really runs. */
static bool note_act(Tx *tx, Request *req, Error *err)
{
    const char *code = input_text(req, "code");
    Definition made;
    if (strcmp(code, "refused") == 0)
        return error_set(err, ERROR_CONFLICT, .code = "command.key_reused", .field = "code");
    const char *content = arena_printf(tx_arena(tx), "{\"at\":%lld}", (long long)tx_new_id(tx));
    if (!definition_publish(tx, req->tenant, "note", code, content, date_of(2026, 1, 1), NULL,
                            &made, err))
        return false;
    return request_done(req, 201,
                        arena_printf(req->arena, "/notes/%s/%lld", code, (long long)made.version),
                        NULL, NULL, NULL);
}

static const Route note_routes[] = {
    ROUTE_POST("/notes", RIGHT_PUBLIC, NULL, note_act, NULL, NULL, note_input, "Makes a note"),
    ROUTE_POST("/others", RIGHT_PUBLIC, NULL, note_act, NULL, NULL, note_input, "The same"),
    {.method = HTTP_POST,
     .path = "/unkept",
     .right = RIGHT_CHECKED(RIGHT_PUBLIC),
     .act = note_act,
     .input = note_input,
     .keeps_no_answer = true,
     .summary = "Makes a note each time"},
    ROUTE_END,
};
static const Route *const tables[] = {identity_routes, note_routes, NULL};

static const char *note(Serve *serve, const char *path, const char *code, const char *key)
{
    const char *json = arena_printf(serve->hall->arena, "{\"code\":\"%s\"}", code);
    return serve_post(serve, &(Post){.path = path, .json = json, .key = key});
}

static int64_t notes(Hall *hall)
{
    return raw_number(&hall->raw, "SELECT COUNT(*) FROM definition WHERE kind = 'note'");
}

static int64_t kept(Hall *hall)
{
    return raw_number(&hall->raw, "SELECT COUNT(*) FROM idempotency");
}

/* ---- once ------------------------------------------------------------------------------------ */

static void test_keys(TestDb *test)
{
    static const struct {
        const char *path, *code, *key;
        int status;
        const char *text; /* in the answer */
        int64_t notes;    /* afterwards */
        int64_t kept;
    } cases[] = {
        {"/notes", "a", "key-00000001", 201, "/notes/a/1", 1, 1},
        {"/notes", "a", "key-00000001", 201, "/notes/a/1", 1, 1},          /* the first answer */
        {"/notes", "b", "key-00000001", 409, "command.key_reused", 1, 1},  /* for something else */
        {"/others", "a", "key-00000001", 409, "command.key_reused", 1, 1}, /* elsewhere */
        {"/notes", "a", "key-00000002", 201, "/notes/a/2", 2, 2},
        {"/notes", "a", NULL, 201, "/notes/a/3", 3, 2},
        {"/notes", "a", NULL, 201, "/notes/a/4", 4, 2},
        {"/unkept", "a", "key-00000003", 201, "/notes/a/5", 5, 2},
        {"/unkept", "a", "key-00000003", 201, "/notes/a/6", 6, 2},
        {"/notes", "refused", "key-00000004", 409, NULL, 6, 2},
        {"/notes", "c", "key-00000004", 201, "/notes/c/1", 7, 3}, /* a refusal uses no key up */
        {"/notes", "a", "short", 422, "request.key", 7, 3},
        {"/notes", "a", "key with blanks", 422, "request.key", 7, 3},
        {"/notes", "", "key-00000005", 422, "code", 7, 3},
    };
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        serve_expect(note(&serve, cases[i].path, cases[i].code, cases[i].key), cases[i].status,
                     cases[i].text);
        assert_int_equal(notes(&hall), cases[i].notes);
        assert_int_equal(kept(&hall), cases[i].kept);
    }
    serve_end(&serve);
    hall_end(&hall);
}

/* Two people may happen to use the same key. */
static void test_keys_of_two_people(TestDb *test)
{
    static const char *const logins[] = {"w001", "w002", HALL_PHONE};
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    for (int i = 0; i < 3; i++) {
        const char *json =
            arena_printf(hall.arena, "{\"login\":\"%s\",\"password\":\"demo-2026\"}", logins[i]);
        const char *answer = serve_post(&serve, &(Post){.path = "/login", .json = json});
        const Post post = {.path = "/notes",
                           .json = "{\"code\":\"a\"}",
                           .key = "the-same-key",
                           .session = serve_session_of(&serve, answer)};
        const char *first = serve_post(&serve, &post);
        serve_expect(first, 201, arena_printf(hall.arena, "/notes/a/%d", i + 1));
        serve_expect(serve_post(&serve, &post), 201,
                     arena_printf(hall.arena, "/notes/a/%d", i + 1));
    }
    assert_int_equal(notes(&hall), 3);
    serve_end(&serve);
    hall_end(&hall);
}

/* ---- failing --------------------------------------------------------------------------------- */

static void test_every_statement_fails(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    const char *before = raw_prints(&hall.raw);
    int n = 0;
    for (bool is_done = false; !is_done;) {
        db_fail_statement(test->db, ++n);
        const char *answer = note(&serve, "/notes", "a", "key-00000001");
        is_done = db_fail_statement(test->db, 0) > 0;
        serve_expect(answer, is_done ? 201 : 500, is_done ? "/notes/a/1" : "db.failed");
        if (!is_done)
            assert_null(raw_difference(hall.arena, before, raw_prints(&hall.raw)));
    }
    assert_true(n > 5);
    serve_expect(note(&serve, "/notes", "a", "key-00000001"), 201, "/notes/a/1");
    assert_int_equal(notes(&hall), 1);
    assert_int_equal(kept(&hall), 1);
    serve_end(&serve);
    hall_end(&hall);
}

/* ---- at the same time ------------------------------------------------------------------------ */

enum { SENDERS = 6, ROUNDS = 12 };

typedef struct Sender {
    int port;
    const char *request;
    char *answer;
} Sender;

static void *send_one(void *data)
{
    Sender *sender = data;
    sender->answer = client_ask(sender->port, sender->request);
    return NULL;
}

/* Everybody who sent the key is given the same answer, and the note is made once. */
static void send_together(Serve *serve, int round)
{
    Arena *arena = serve->hall->arena;
    pthread_t threads[SENDERS];
    Sender senders[SENDERS];
    const Post post = {.path = "/notes",
                       .json = arena_printf(arena, "{\"code\":\"n%d\"}", round),
                       .key = arena_printf(arena, "together-%04d", round)};
    const char *request = serve_request(arena, &post);
    const char *place = arena_printf(arena, "Location: /notes/n%d/1\r\n", round);
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (Sender){.port = serve->port, .request = request};
        assert_int_equal(pthread_create(&threads[i], NULL, send_one, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SENDERS; i++) {
        serve_expect(senders[i].answer ? senders[i].answer : "", 201, place);
        free(senders[i].answer);
    }
}

static void test_at_the_same_time(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    for (int round = 0; round < ROUNDS; round++)
        send_together(&serve, round);
    assert_int_equal(notes(&hall), ROUNDS);
    assert_int_equal(kept(&hall), ROUNDS);
    serve_end(&serve);
    hall_end(&hall);
}

/* ---- sweeping -------------------------------------------------------------------------------- */

static bool attempt_sweep(Hall *hall, void *data, Error *err)
{
    return command_sweep(&hall->app, data, err);
}

static void test_sweeping(TestDb *test)
{
    Hall hall;
    int64_t swept = -1;
    hall_begin(&hall, test);
    Serve serve = serve_begin(&hall, tables);
    Instant now = clock_now(&test->clock);
    note(&serve, "/notes", "a", "key-of-friday");
    hall_clock(&hall, now + HOUR_MS);
    note(&serve, "/notes", "b", "key-an-hour-later");
    hall_clock(&hall, now + DAY_MS);
    Error err = ERROR_NONE;
    assert_true(command_sweep(&hall.app, &swept, &err));
    assert_int_equal(swept, 0); /* a day, to the millisecond */
    hall_clock(&hall, now + DAY_MS + 1);
    hall_fail_each(&hall, "command_sweep", attempt_sweep, &swept, false);
    assert_int_equal(swept, 1);
    serve_expect(note(&serve, "/notes", "a", "key-of-friday"), 201, "/notes/a/2");
    serve_expect(note(&serve, "/notes", "b", "key-an-hour-later"), 201, "/notes/b/1");
    serve_end(&serve);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_keys),
        test_each_hall(test_keys_of_two_people),
        test_each_hall(test_every_statement_fails),
        test_each_hall(test_at_the_same_time),
        test_each_hall(test_sweeping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
