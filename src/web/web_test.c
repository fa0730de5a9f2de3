/* web_test.c - the life of a request: one server in this process, asked over loopback. */
#include "web/fake_app_test.h"

static FakeApp *app;

static int start(void **state)
{
    (void)state;
    app = fake_start(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fake_stop(app);
    return 0;
}

/* Asks; checks the status; the caller frees the answer. */
static char *ask(int status, const char *method, const char *path, const char *fields,
                 const char *body)
{
    char request[16384];
    int length = snprintf(request, sizeof request,
                          "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
                          method, path, fields, strlen(body), body);
    assert_in_range(length, 1, (int)sizeof request - 1);
    char *answer = client_ask(app->port, request);
    if (answer_status(answer) != status)
        fail_msg("%s %s %s: %.2000s", method, path, body, answer ? answer : "(closed)");
    return answer;
}

static char *get(int status, const char *path, const char *fields)
{
    return ask(status, "GET", path, fields, "");
}

#define JSON            "Accept: application/json\r\n"
#define JSON_BODY       JSON "Content-Type: application/json\r\n"
#define FORM            "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n"
#define OFFICER         "Cookie: yimen_session=officer\r\n"
#define TOKEN           "0123456789abcdef0123456789abcdef"
#define FORM_WITH_TOKEN FORM "Cookie: yimen_csrf=" TOKEN "\r\n"

static void assert_has(const char *answer, const char *text)
{
    if (!strstr(answer, text))
        fail_msg("no %s in: %.3000s", text, answer);
}

static void assert_lacks(const char *answer, const char *text)
{
    if (strstr(answer, text))
        fail_msg("%s in: %.3000s", text, answer);
}

static void assert_field(const char *answer, const char *name, const char *value)
{
    char *found = answer_field(answer, name);
    if (!found || strcmp(found, value) != 0)
        fail_msg("%s is %s, not %s", name, found ? found : "(absent)", value);
    free(found);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_one_view_two_renderings(void **state)
{
    (void)state;
    char *page = get(200, "/hello", "Accept: text/html\r\n");
    assert_field(page, "Content-Type", "text/html; charset=utf-8");
    assert_has(page, "<p text=\"hello\"");
    free(page);
    char *data = get(200, "/hello", JSON);
    assert_field(data, "Content-Type", "application/json");
    assert_string_equal(answer_body(data), "{\"text\":\"hello\",\"count\":0}");
    free(data);
}

static void test_negotiation(void **state)
{
    (void)state;
    static const struct {
        const char *path, *fields, *type;
        int status;
    } cases[] = {
        {"/hello", "", "text/html; charset=utf-8", 200},
        {"/hello", "Accept: */*\r\n", "text/html; charset=utf-8", 200},
        {"/hello", "Accept: text/html;q=0.5, application/json\r\n", "application/json", 200},
        {"/hello", "Accept: application/*\r\n", "application/json", 200},
        {"/hello", "Accept: application/problem+json\r\n", "application/json", 200},
        {"/hello", "Accept: image/png\r\n", "application/problem+json", 406},
        {"/hello", "Accept: text/html;q=0, application/json;q=0\r\n", "application/problem+json",
         406},
        {"/data", "Accept: text/html, */*;q=0.1\r\n", "application/json", 200},
        {"/data", "Accept: text/html\r\n", "application/problem+json", 406},
        {"/plain", "Accept: image/png\r\n", "text/plain; version=0.0.4", 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *answer = get(cases[i].status, cases[i].path, cases[i].fields);
        assert_field(answer, "Content-Type", cases[i].type);
        free(answer);
    }
}

static void test_safe_fields_everywhere(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {{"/hello", 200}, {"/none", 404}, {"/broken", 500}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *answer = get(cases[i].status, cases[i].path, "");
        assert_field(answer, "X-Content-Type-Options", "nosniff");
        assert_field(answer, "Referrer-Policy", "same-origin");
        assert_has(answer, "default-src 'self'; style-src 'self'; img-src 'self' data:");
        assert_has(answer, "frame-ancestors 'none'");
        assert_lacks(answer, "unsafe-inline");
        free(answer);
    }
    char *anonymous = get(200, "/hello", "");
    assert_field(anonymous, "Cache-Control", "private, no-cache");
    char *known = get(200, "/hello", OFFICER);
    assert_field(known, "Cache-Control", "no-store");
    free(anonymous);
    free(known);
}

static void test_path_and_query(void **state)
{
    (void)state;
    char *answer = get(200, "/items/%E4%B8%80%2Fa?page=3&other=1", JSON);
    assert_string_equal(answer_body(answer), "{\"text\":\"\xE4\xB8\x80/a\",\"count\":3}");
    free(answer);
    answer = get(422, "/items/a?page=99", JSON);
    assert_field(answer, "Content-Type", "application/problem+json");
    assert_has(answer, "\"code\":\"input.too_large\"");
    assert_has(answer, "\"field\":\"page\"");
    assert_has(answer, "\"status\":422");
    assert_has(answer, "\"title\":\"Unprocessable Content\"");
    free(answer);
    free(get(404, "/items/123456789012345678901", JSON));
    free(get(404, "/items/", JSON));
    free(get(404, "/hello/", JSON));
    free(get(200, "/items/a?page=%EF%BC%93", JSON)); /* a full-width digit */
}

static void test_what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *field;
        int status;
    } cases[] = {
        {"/items/a%00b", "path", 400},          {"/items/%ff", "path", 400},
        {"/items/%C0%80", "path", 400},         {"/items/a?page=1%00", "page", 422},
        {"/items/a?page=%FE", "page", 422},     {"/items/a?unasked=%00", "unasked", 422},
        {"/items/a?na%00me=1", "na%00me", 422}, {"/items/a?%80=1", "%80", 422},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char field[64];
        snprintf(field, sizeof field, "\"field\":\"%s\"", cases[i].field);
        char *answer = get(cases[i].status, cases[i].path, JSON);
        assert_has(answer, field);
        free(answer);
    }
}

static void test_methods(void **state)
{
    (void)state;
    char *answer = ask(405, "DELETE", "/notes", JSON, "");
    assert_field(answer, "Allow", "GET, HEAD, POST");
    free(answer);
    answer = ask(405, "POST", "/hello", JSON, "");
    assert_field(answer, "Allow", "GET, HEAD");
    free(answer);
    answer = get(405, "/heavy", JSON);
    assert_field(answer, "Allow", "POST");
    free(answer);
    free(ask(404, "PUT", "/none", JSON, ""));
    answer = ask(200, "HEAD", "/hello", JSON, "");
    assert_field(answer, "Content-Length", "26");
    assert_string_equal(answer_body(answer), "");
    free(answer);
}

static void test_failures_tell_a_reference_only(void **state)
{
    (void)state;
    char *answer = get(500, "/broken", JSON);
    assert_has(answer, "\"reference\":\"");
    assert_lacks(answer, "secret of the log");
    free(answer);
    answer = get(500, "/broken", "Accept: text/html\r\n");
    assert_lacks(answer, "secret of the log");
    free(answer);
    free(get(500, "/nothing", JSON));
    app->fails_begin = true;
    answer = get(503, "/hello", JSON);
    assert_field(answer, "Retry-After", "5");
    app->fails_begin = false;
    free(answer);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void test_rights(void **state)
{
    (void)state;
    char *answer = get(303, "/desk?a=1&b=%20", "Accept: text/html\r\n");
    assert_field(answer, "Location", "/login?next=%2Fdesk%3Fa%3D1%26b%3D%2520");
    free(answer);
    answer = get(401, "/desk", JSON);
    assert_has(answer, "\"code\":\"request.unauthenticated\"");
    free(answer);
    free(get(403, "/desk", JSON "Cookie: yimen_session=applicant\r\n"));
    free(get(403, "/desk", "Accept: text/html\r\nCookie: yimen_session=applicant\r\n"));
    free(get(200, "/desk", OFFICER));
    free(get(200, "/mine", "Cookie: yimen_session=applicant\r\n"));
    free(get(401, "/mine", JSON "Cookie: yimen_session=expired\r\n"));
    free(get(200, "/here", ""));
    free(get(404, "/nowhere", OFFICER));
}

static void test_forwarded_peers_are_not_local(void **state)
{
    (void)state;
    FakeApp *other = fake_start(&(WebOptions){.is_behind_tls = true});
    FakeApp *mine = app;
    app = other;
    free(get(404, "/here", JSON "X-Forwarded-For: 127.0.0.1, 10.1.1.1\r\n"));
    free(get(200, "/here", ""));
    char *answer = get(200, "/hello", "Accept: text/html\r\n");
    assert_has(answer, "__Host-yimen_csrf=");
    assert_has(answer, "; Secure");
    free(answer);
    app = mine;
    fake_stop(other);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void test_program_writes(void **state)
{
    (void)state;
    char *answer = ask(201, "POST", "/notes", JSON_BODY, "{\"name\":\"abc\"}");
    assert_field(answer, "Location", "/notes");
    assert_has(answer_body(answer), "{\"text\":\"abc\",\"count\":");
    assert_has(answer, "yimen_session=token; Path=/; SameSite=Lax; Max-Age=60; HttpOnly");
    free(answer);
}

static void test_person_writes(void **state)
{
    (void)state;
    char *answer = ask(303, "POST", "/notes", FORM_WITH_TOKEN, "name=abc&_csrf=" TOKEN);
    assert_field(answer, "Location", "/notes");
    assert_has(answer, "yimen_flash=site.name;");
    free(answer);
    answer = get(200, "/notes", "Accept: text/html\r\nCookie: yimen_flash=site.name\r\n");
    assert_has(answer, "flash=\"site.name\"");
    assert_has(answer, "yimen_flash=; Path=/; SameSite=Lax; Max-Age=0");
    free(answer);
    answer = get(200, "/notes", "Accept: text/html\r\nCookie: yimen_flash=<b>\r\n");
    assert_has(answer, "flash=\"\"");
    free(answer);
}

static void test_refused_input_gives_the_form_again(void **state)
{
    (void)state;
    char *answer = ask(422, "POST", "/notes", FORM_WITH_TOKEN,
                       "name=far+too+long+a+name&age=0&kind=x&_csrf=" TOKEN);
    assert_has(answer, "name=\"far too long a name\"");
    assert_has(answer, "errors=\"3\"");
    assert_has(answer, "choices=\"2\"");
    assert_lacks(answer, "name-error=\"\"");
    free(answer);
    answer = ask(422, "POST", "/notes", JSON_BODY,
                 "{\"name\":7,\"age\":\"x\",\"kind\":[\"small\",\"large\"],\"more\":1}");
    assert_has(answer, "\"code\":\"input.not_text\"");
    assert_has(answer, "\"code\":\"input.not_a_number\"");
    assert_has(answer, "\"code\":\"input.repeated\"");
    assert_has(answer, "\"code\":\"input.unknown\"");
    free(answer);
    answer = ask(400, "POST", "/notes", JSON_BODY, "{\"name\":");
    assert_has(answer, "\"line\":1");
    free(answer);
    free(ask(400, "POST", "/notes", JSON_BODY, "[1]"));
    free(ask(415, "POST", "/notes", JSON "Content-Type: text/csv\r\n", "a,b"));
}

static void test_refusals_of_prepare_and_act(void **state)
{
    (void)state;
    char *answer = ask(422, "POST", "/notes", FORM_WITH_TOKEN, "name=unready&_csrf=" TOKEN);
    assert_has(answer, "name-error=\"not ready\"");
    free(answer);
    answer = ask(409, "POST", "/notes", FORM_WITH_TOKEN, "name=taken&_csrf=" TOKEN);
    assert_has(answer, "name-error=\"the name is taken\"");
    assert_has(answer, "name=\"taken\"");
    free(answer);
    answer = ask(409, "POST", "/notes", JSON_BODY, "{\"name\":\"taken\"}");
    assert_has(answer, "\"code\":\"test.taken\"");
    free(answer);
    fake_set(app, &app->refuses_submit, true);
    answer = ask(503, "POST", "/notes", FORM_WITH_TOKEN, "name=abc&_csrf=" TOKEN);
    assert_has(answer, "name=\"abc\"");
    free(answer);
    free(ask(503, "POST", "/notes", JSON_BODY, "{\"name\":\"abc\"}"));
    fake_set(app, &app->refuses_submit, false);
}

static void test_slow_work_is_done_elsewhere(void **state)
{
    (void)state;
    char *answer = ask(201, "POST", "/heavy", JSON_BODY, "{\"name\":\"slow\"}");
    assert_has(answer, "{\"text\":\"slow\"");
    free(answer);
    free(ask(422, "POST", "/heavy", JSON_BODY, "{\"name\":\"unready\"}"));
    answer = ask(409, "POST", "/heavy", FORM_WITH_TOKEN, "name=taken&_csrf=" TOKEN);
    assert_has(answer, "name-error=\"the name is taken\"");
    free(answer);
}

static void test_repeated_keys(void **state)
{
    (void)state;
    int before = app->acts;
    const char *fields = JSON_BODY "Idempotency-Key: \"abcdefgh-1\"\r\n";
    char *first = ask(201, "POST", "/notes", fields, "{\"name\":\"once\",\"age\":5}");
    char *second = ask(201, "POST", "/notes", fields, "{\"age\":5, \"name\":\" once \"}");
    assert_string_equal(answer_body(first), answer_body(second));
    assert_int_equal(app->acts, before + 1);
    free(first);
    free(second);
    /* The same key as a form's field; the same input however it is sent. */
    char *third =
        ask(303, "POST", "/notes", FORM_WITH_TOKEN, "name=once&age=5&_key=abcdefgh-1&_csrf=" TOKEN);
    assert_int_equal(app->acts, before + 1);
    free(third);
    char *other = ask(409, "POST", "/notes", fields, "{\"name\":\"twice\"}");
    assert_has(other, "command.key_reused");
    free(other);
    static const char *const bad[] = {
        "short", "has space in", "umlaut-\xC3\xA4-x",
        "0123456789-0123456789-0123456789-0123456789-0123456789-0123456789"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[200];
        snprintf(line, sizeof line, JSON_BODY "Idempotency-Key: %s\r\n", bad[i]);
        char *answer = ask(422, "POST", "/notes", line, "{\"name\":\"x\"}");
        assert_has(answer, "\"field\":\"_key\"");
        free(answer);
    }
}

static void test_csrf(void **state)
{
    (void)state;
    static const struct {
        const char *path, *fields, *body;
        int status;
    } cases[] = {
        /* forms without a session: double submit */
        {"/notes", FORM, "name=a", 403},
        {"/notes", FORM, "name=a&_csrf=" TOKEN, 403},
        {"/notes", FORM_WITH_TOKEN, "name=a", 403},
        {"/notes", FORM_WITH_TOKEN, "name=a&_csrf=0123456789abcdef0123456789abcdee", 403},
        {"/notes", FORM "Cookie: yimen_csrf=x\r\n", "name=a&_csrf=x", 403},
        {"/notes", FORM_WITH_TOKEN "X-CSRF-Token: " TOKEN "\r\n", "name=a", 303},
        /* an old page of ours: the form again with a new token */
        {"/notes", FORM "Sec-Fetch-Site: same-origin\r\n", "name=a", 403},
        /* other sites */
        {"/notes", FORM_WITH_TOKEN "Sec-Fetch-Site: cross-site\r\n", "name=a&_csrf=" TOKEN, 403},
        {"/notes", FORM_WITH_TOKEN "Sec-Fetch-Site: same-site\r\n", "name=a&_csrf=" TOKEN, 403},
        {"/notes", FORM_WITH_TOKEN "Origin: https://evil.example\r\n", "name=a&_csrf=" TOKEN, 403},
        {"/notes", FORM_WITH_TOKEN "Origin: null\r\n", "name=a&_csrf=" TOKEN, 403},
        {"/notes", FORM_WITH_TOKEN "Origin: http://localhost\r\n", "name=a&_csrf=" TOKEN, 303},
        {"/notes", JSON_BODY "Origin: https://evil.example\r\n", "{\"name\":\"a\"}", 403},
        /* sessions: the token of the session, for programs too */
        {"/desk/notes", JSON_BODY OFFICER, "{\"name\":\"a\"}", 403},
        {"/desk/notes", JSON_BODY OFFICER "X-CSRF-Token: wrong\r\n", "{\"name\":\"a\"}", 403},
        {"/desk/notes", JSON_BODY OFFICER "X-CSRF-Token: token-of-session\r\n", "{\"name\":\"a\"}",
         201},
        {"/desk/notes", FORM OFFICER, "name=a&_csrf=token-of-session", 303},
        {"/desk/notes", FORM, "name=a&_csrf=token-of-session", 401},
        {"/desk/notes",
         JSON_BODY "Cookie: yimen_session=applicant\r\n"
                   "X-CSRF-Token: token-of-session\r\n",
         "{\"name\":\"a\"}", 403},
    };
    int before = app->acts, expected = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expected += cases[i].status < 400;
        free(ask(cases[i].status, "POST", cases[i].path, cases[i].fields, cases[i].body));
    }
    assert_int_equal(app->acts, before + expected);
    char *again = ask(403, "POST", "/notes", FORM "Sec-Fetch-Site: same-origin\r\n", "name=typed");
    assert_has(again, "name=\"typed\"");
    assert_has(again, "yimen_csrf=");
    free(again);
    char *known = get(200, "/hello", JSON OFFICER);
    assert_field(known, "X-CSRF-Token", "token-of-session");
    free(known);
}

/* ---- files ----------------------------------------------------------------------------------- */

#define MULTIPART                                                                                  \
    JSON "Content-Type: multipart/form-data; boundary=XX\r\nCookie: yimen_csrf=" TOKEN "\r\n"
#define PART(fields, content)                                                                      \
    "--XX\r\nContent-Disposition: form-data; " fields "\r\n\r\n" content "\r\n"

static void test_files(void **state)
{
    (void)state;
    char *answer =
        ask(200, "POST", "/files", MULTIPART,
            PART("name=\"_csrf\"", TOKEN) PART("name=\"title\"", "t")
                PART("name=\"file\"; filename=\"C:\\\\a\\\\photo.jpg\"", "12345") "--XX--\r\n");
    assert_has(answer, "{\"text\":\"photo.jpg\",\"count\":100000005}");
    free(answer);
    answer =
        ask(422, "POST", "/files", MULTIPART,
            PART("name=\"_csrf\"", TOKEN) PART("name=\"file\"; filename=\"\"", "") "--XX--\r\n");
    assert_has(answer, "\"code\":\"input.no_file\"");
    free(answer);
    answer = ask(422, "POST", "/files", MULTIPART,
                 PART("name=\"_csrf\"", TOKEN) PART("name=\"file\"", "text") "--XX--\r\n");
    assert_has(answer, "\"code\":\"input.not_a_file\"");
    free(answer);
    free(ask(400, "POST", "/files", MULTIPART, "--XX\r\nnonsense"));
    answer = ask(422, "POST", "/files", JSON_BODY, "{\"file\":\"x\"}");
    assert_has(answer, "\"code\":\"input.not_a_file\"");
    free(answer);
}

/* ---- whole ----------------------------------------------------------------------------------- */

static void test_connections_are_given_back(void **state)
{
    (void)state;
    assert_int_equal(app->begins, app->ends);
    WebStatistics seen = web_statistics(app->web);
    assert_int_equal(seen.waiting, 0);
    assert_int_equal(seen.requests,
                     seen.answers_2xx + seen.answers_3xx + seen.answers_4xx + seen.answers_5xx);
    assert_true(seen.requests > 80);
}

static void test_own_paths(void **state)
{
    (void)state;
    assert_true(request_is_own_path("/my?x=1#y"));
    static const char *const others[] = {
        "//evil.example", "https://evil.example", "", "my", "/\\evil.example", "/a\tb",
        "/a b",           "javascript:x"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(request_is_own_path(others[i]));
    assert_false(request_is_own_path(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_view_two_renderings),
        cmocka_unit_test(test_negotiation),
        cmocka_unit_test(test_safe_fields_everywhere),
        cmocka_unit_test(test_path_and_query),
        cmocka_unit_test(test_what_is_no_text_is_refused),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_failures_tell_a_reference_only),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_forwarded_peers_are_not_local),
        cmocka_unit_test(test_program_writes),
        cmocka_unit_test(test_person_writes),
        cmocka_unit_test(test_refused_input_gives_the_form_again),
        cmocka_unit_test(test_refusals_of_prepare_and_act),
        cmocka_unit_test(test_slow_work_is_done_elsewhere),
        cmocka_unit_test(test_repeated_keys),
        cmocka_unit_test(test_csrf),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_connections_are_given_back),
        cmocka_unit_test(test_own_paths),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
