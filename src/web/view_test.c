/*
 * view_test.c - how values look in both languages, what is escaped, and the JSON of values.
 */
#include "web/view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "web/view_types_gen.h"

typedef struct Fixture {
    Arena *arena;
    PageContext zh, en;
} Fixture;

static int set_up(void **state)
{
    Arena *arena = arena_create(0);
    Fixture *fixture = arena_new(arena, Fixture);
    fixture->arena = arena;
    fixture->zh = (PageContext){
        .arena = arena,
        .language = LANGUAGE_ZH,
        .path = "/",
        .path_and_query = "/",
        .csrf = "token",
        .title = "标题",
        .now = instant_of((Civil){2026, 11, 22, 14, 5, 9, 0}, 480),
        .zone_minutes = 480,
        .site_name = "site.name",
    };
    fixture->en = fixture->zh;
    fixture->en.language = LANGUAGE_EN;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_destroy(fixture->arena);
    return 0;
}

/* What one call writes. */
#define SHOWN(call) (out = buffer_init(fixture->arena, 0), (call), buffer_text(&out))

#define assert_shown(call, expected) assert_string_equal(SHOWN(call), (expected))

static void texts_are_escaped(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    static const struct {
        const char *text, *html;
    } cases[] = {{"plain 中文", "plain 中文"},
                 {"<script>", "&lt;script&gt;"},
                 {"a&b", "a&amp;b"},
                 {"\"quoted\"", "&quot;quoted&quot;"},
                 {"it's", "it&#39;s"},
                 {"&&", "&amp;&amp;"},
                 {"end>", "end&gt;"},
                 {"", ""},
                 {NULL, ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_shown(view_put_text(&out, cases[i].text), cases[i].html);
}

static void safe_html_passes(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    assert_shown(view_put_raw(&out, "<b>x</b>"), "<b>x</b>");
    assert_shown(view_put_raw(&out, NULL), "");
}

static void url_parts_are_encoded(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    assert_shown(view_put_url(&out, "az-AZ_09.~"), "az-AZ_09.~");
    assert_shown(view_put_url(&out, "a/b?c=d&e#f"), "a%2Fb%3Fc%3Dd%26e%23f");
    assert_shown(view_put_url(&out, "开 店"), "%E5%BC%80%20%E5%BA%97");
    assert_shown(view_put_url(&out, "javascript:x\"'"), "javascript%3Ax%22%27");
    assert_shown(view_put_url(&out, NULL), "");
}

static void paths_stay_on_the_site(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    static const struct {
        const char *path, *html;
    } cases[] = {{"/items/1?a=b&c=d#e", "/items/1?a=b&amp;c=d#e"},
                 {"/", "/"},
                 {"?after=3", "?after=3"},
                 {"#field", "#field"},
                 {"//evil.example", "#"},
                 {"/\\evil.example", "#"},
                 {"/\t/evil.example", "#"},
                 {"/a\nb", "#"},
                 {"/a\x7f", "#"},
                 {"https://evil.example/", "#"},
                 {"javascript:alert(1)", "#"},
                 {"", "#"},
                 {NULL, "#"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_shown(view_put_path(&out, cases[i].path), cases[i].html);
}

static void numbers_are_grouped(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    const PageContext *page = &fixture->zh;
    static const struct {
        int64_t value;
        const char *grouped, *plain;
    } cases[] = {{0, "0", "0"},
                 {999, "999", "999"},
                 {1000, "1,000", "1000"},
                 {-12345, "-12,345", "-12345"},
                 {1234567, "1,234,567", "1234567"},
                 {INT64_MAX, "9,223,372,036,854,775,807", "9223372036854775807"},
                 {INT64_MIN, "", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_shown(view_put_number(&out, page, cases[i].value), cases[i].grouped);
        assert_shown(view_put_int(&out, page, cases[i].value), cases[i].plain);
    }
}

static void doubles_are_short(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    const PageContext *page = &fixture->en;
    assert_shown(view_put_double(&out, page, 4), "4");
    assert_shown(view_put_double(&out, page, 4.5), "4.5");
    assert_shown(view_put_double(&out, page, 10), "10");
    assert_shown(view_put_double(&out, page, -0.25), "-0.25");
    assert_shown(view_put_double(&out, page, (double)NAN), "");
    assert_shown(view_put_double(&out, page, 1e300), "");
    assert_shown(view_put_percent(&out, page, 0.98), "98.0%");
    assert_shown(view_put_percent(&out, page, 1), "100.0%");
    assert_shown(view_put_percent(&out, page, (double)INFINITY), "");
}

static void amounts_are_yuan(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    const PageContext *page = &fixture->zh;
    assert_shown(view_put_fen(&out, page, 123400), "¥1,234.00");
    assert_shown(view_put_fen(&out, page, 0), "¥0.00");
    assert_shown(view_put_fen(&out, page, 5), "¥0.05");
    assert_shown(view_put_fen(&out, page, -10050), "-¥100.50");
    assert_shown(view_put_fen(&out, page, INT64_MIN), "");
}

static void dates_follow_the_language(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    Date day = date_of(2026, 11, 22);
    assert_shown(view_put_date(&out, &fixture->zh, day), "2026年11月22日 (周日)");
    assert_shown(view_put_date(&out, &fixture->en, day), "22 November 2026 (Sunday)");
    assert_shown(view_put_weekday(&out, &fixture->zh, day), "周日");
    assert_shown(view_put_weekday(&out, &fixture->en, date_of(2026, 11, 23)), "Monday");
    assert_shown(view_put_iso_date(&out, &fixture->zh, date_of(2026, 1, 2)), "2026-01-02");
    assert_shown(view_put_date(&out, &fixture->zh, DATE_NONE), "");
    assert_shown(view_put_weekday(&out, &fixture->zh, DATE_NONE), "");
    assert_shown(view_put_iso_date(&out, &fixture->zh, DATE_NONE), "");
}

static void instants_are_told_in_the_local_zone(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    Instant at = instant_of((Civil){2026, 11, 21, 16, 30, 5, 0}, 0); /* already the 22nd in China */
    assert_shown(view_put_instant(&out, &fixture->zh, at), "2026年11月22日 00:30");
    assert_shown(view_put_instant(&out, &fixture->en, at), "22 November 2026, 00:30");
    assert_shown(view_put_instant_date(&out, &fixture->zh, at), "2026年11月22日 (周日)");
    assert_shown(view_put_instant_time(&out, &fixture->zh, at), "00:30");
    assert_shown(view_put_iso_instant(&out, &fixture->zh, at), "2026-11-22T00:30:05+08:00");
    fixture->en.zone_minutes = -210;
    assert_shown(view_put_iso_instant(&out, &fixture->en, at), "2026-11-21T13:00:05-03:30");
    assert_shown(view_put_instant(&out, &fixture->zh, INSTANT_NONE), "");
    assert_shown(view_put_instant_date(&out, &fixture->zh, INSTANT_NONE), "");
    assert_shown(view_put_instant_time(&out, &fixture->zh, INSTANT_NONE), "");
    assert_shown(view_put_iso_instant(&out, &fixture->zh, INSTANT_NONE), "");
}

static void time_passed_is_told_in_words(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    static const struct {
        int64_t passed_ms;
        const char *zh, *en;
    } cases[] = {{0, "刚刚", "just now"},
                 {59 * SECOND_MS, "刚刚", "just now"},
                 {MINUTE_MS, "1 分钟前", "1 minute ago"},
                 {59 * MINUTE_MS, "59 分钟前", "59 minutes ago"},
                 {HOUR_MS, "1 小时前", "1 hour ago"},
                 {23 * HOUR_MS, "23 小时前", "23 hours ago"},
                 {DAY_MS, "1 天前", "1 day ago"},
                 {6 * DAY_MS, "6 天前", "6 days ago"},
                 {7 * DAY_MS, "2026年11月15日 14:05", "15 November 2026, 14:05"},
                 {-HOUR_MS, "2026年11月22日 15:05", "22 November 2026, 15:05"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        Instant at = fixture->zh.now - cases[i].passed_ms;
        assert_shown(view_put_ago(&out, &fixture->zh, at), cases[i].zh);
        assert_shown(view_put_ago(&out, &fixture->en, at), cases[i].en);
    }
    assert_shown(view_put_ago(&out, &fixture->zh, INSTANT_NONE), "");
}

static void messages_are_escaped_with_their_values(void **state)
{
    Fixture *fixture = *state;
    Buffer out;
    const MessageParam params[] = {{"label", "<b>"}};
    assert_shown(view_put_message(&out, &fixture->en, "input.required", params, 1),
                 "Fill in “&lt;b&gt;”");
    assert_shown(view_put_message(&out, &fixture->zh, "nav.home", NULL, 0), "首页");
    assert_shown(view_put_message(&out, &fixture->zh, "no.<key>", NULL, 0), "no.&lt;key&gt;");
}

static void conditions_know_absent_numbers(void **state)
{
    (void)state;
    assert_true(view_has_int(1));
    assert_true(view_has_int(-1));
    assert_false(view_has_int(0));
    assert_false(view_has_int(INT64_MIN));
}

static void json_values_are_typed(void **state)
{
    Fixture *fixture = *state;
    Buffer out = buffer_init(fixture->arena, 0);
    JsonWriter writer = json_writer(&out);
    json_begin_object(&writer, NULL);
    view_json_int(&writer, "int", -3);
    view_json_int(&writer, "no_int", INT64_MIN);
    view_json_id(&writer, "id", INT64_C(9007199254740993));
    view_json_id(&writer, "no_id", 0);
    view_json_instant(&writer, "at", 0);
    view_json_instant(&writer, "no_at", INSTANT_NONE);
    view_json_date(&writer, "on", date_of(2026, 2, 28));
    view_json_date(&writer, "no_on", DATE_NONE);
    view_json_fen(&writer, "fee", 1200);
    view_json_fen(&writer, "back", -5);
    view_json_fen(&writer, "no_fee", INT64_MIN);
    view_json_double(&writer, "share", 0.1);
    view_json_double(&writer, "third", 1.0 / 3);
    view_json_double(&writer, "no_share", (double)NAN);
    json_end_object(&writer);
    assert_string_equal(buffer_text(&out),
                        "{\"int\":-3,\"no_int\":null,\"id\":\"9007199254740993\",\"no_id\":null,"
                        "\"at\":\"1970-01-01T00:00:00.000Z\",\"no_at\":null,"
                        "\"on\":\"2026-02-28\",\"no_on\":null,\"fee\":\"12.00\","
                        "\"back\":\"-0.05\",\"no_fee\":null,\"share\":0.1,"
                        "\"third\":0.3333333333333333,\"no_share\":null}");
}

/* The whole JSON of a generated view, and that its schema is JSON and names its nested views. */
static void shared_structs_have_view_types(void **state)
{
    Fixture *fixture = *state;
    Error err = ERROR_NONE;
    FieldChoice choices[] = {{.value = "a", .label = "<A>", .is_chosen = true}};
    FormField field = {.name = "kind", .type = "radio", .max_length = 5, .choices = {choices, 1}};
    Buffer out = buffer_init(fixture->arena, 0);
    JsonWriter writer = json_writer(&out);
    FormField_type.json(&field, &fixture->zh, &writer, NULL);
    const char *text = buffer_text(&out);
    const Json *json = json_parse(fixture->arena, text, strlen(text), &JSON_LIMITS, &err);
    assert_non_null(json);
    assert_string_equal(json_text(json, "name"), "kind");
    assert_int_equal(json_get(json, "choices")->count, 1);
    assert_string_equal(json_text(json_get(json, "choices")->items[0], "label"), "<A>");

    const char *schema = FormField_type.schema;
    json = json_parse(fixture->arena, schema, strlen(schema), &JSON_LIMITS, &err);
    assert_non_null(json);
    assert_string_equal(json_text(json, "type"), "object");
    const Json *items = json_get(json_get(json_get(json, "properties"), "choices"), "items");
    assert_string_equal(json_text(items, "$ref"), "#/components/schemas/FieldChoice");
    assert_ptr_equal(FormField_type.nested[0], &FieldChoice_type);
    assert_null(FormField_type.nested[1]);
    assert_null(FormField_type.html);
}

static const char *layout_of(Fixture *fixture, PageContext *page)
{
    Buffer out = buffer_init(fixture->arena, 0);
    view_layout_begin(page, &out);
    buffer_add(&out, "CONTENT");
    view_layout_end(page, &out);
    return buffer_text(&out);
}

static void layout_surrounds_the_page(void **state)
{
    Fixture *fixture = *state;
    const char *html = layout_of(fixture, &fixture->zh);
    assert_true(text_starts_with(html, "<!doctype html>"));
    assert_non_null(strstr(html, "<html lang=\"zh-CN\""));
    assert_non_null(strstr(html, "标题"));
    const char *main_start = strstr(html, "<main");
    assert_non_null(main_start);
    assert_true(strstr(html, "CONTENT") > main_start);
    assert_true(strstr(html, "</main>") > strstr(html, "CONTENT"));
    assert_null(strstr(html, " style="));
    assert_null(strstr(html, "<style"));
    assert_null(strstr(html, "onclick"));
}

static void first_tab_stops_are_skip_link_and_elder_mode(void **state)
{
    Fixture *fixture = *state;
    const char *html = layout_of(fixture, &fixture->zh);
    const char *skip = strstr(html, "href=\"#main\"");
    const char *elder = strstr(html, "/elder/");
    assert_non_null(skip);
    assert_non_null(elder);
    assert_true(strstr(strstr(html, "<body"), "<a ") < skip);
    assert_true(skip < elder);
    assert_true(elder < strstr(html, "<nav"));
}

static void navigation_follows_the_rights(void **state)
{
    Fixture *fixture = *state;
    const char *html = layout_of(fixture, &fixture->zh);
    assert_non_null(strstr(html, "href=\"/items\""));
    assert_null(strstr(html, "href=\"/desk\""));
    assert_null(strstr(html, "href=\"/admin\""));
    assert_non_null(strstr(html, "href=\"/login"));

    fixture->zh.rights = (Rights)1 << RIGHT_DESK_READ | (Rights)1 << RIGHT_BOARD_READ;
    fixture->zh.user_name = "王<敏>";
    fixture->zh.user_kind = "officer";
    html = layout_of(fixture, &fixture->zh);
    assert_non_null(strstr(html, "href=\"/desk\""));
    assert_non_null(strstr(html, "href=\"/board\""));
    assert_null(strstr(html, "href=\"/supervise\""));
    assert_non_null(strstr(html, "王&lt;敏&gt;"));
    assert_non_null(strstr(html, "name=\"_csrf\" value=\"token\""));
}

static void demonstration_and_telephone_are_told(void **state)
{
    Fixture *fixture = *state;
    assert_null(strstr(layout_of(fixture, &fixture->en), "This is a demonstration"));
    fixture->en.is_demo = true;
    fixture->en.phone = "0571-12345";
    const char *html = layout_of(fixture, &fixture->en);
    assert_non_null(strstr(html, "This is a demonstration"));
    assert_non_null(strstr(html, "tel:0571-12345"));
}

static void modes_are_classes_of_the_page(void **state)
{
    Fixture *fixture = *state;
    assert_null(strstr(layout_of(fixture, &fixture->zh), "is-elder"));
    fixture->zh.is_elder = true;
    assert_non_null(strstr(layout_of(fixture, &fixture->zh), "is-elder"));
    fixture->zh.is_dark = true;
    assert_non_null(strstr(layout_of(fixture, &fixture->zh), "is-dark"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(texts_are_escaped),
        CASE(safe_html_passes),
        CASE(url_parts_are_encoded),
        CASE(paths_stay_on_the_site),
        CASE(numbers_are_grouped),
        CASE(doubles_are_short),
        CASE(amounts_are_yuan),
        CASE(dates_follow_the_language),
        CASE(instants_are_told_in_the_local_zone),
        CASE(time_passed_is_told_in_words),
        CASE(messages_are_escaped_with_their_values),
        CASE(conditions_know_absent_numbers),
        CASE(json_values_are_typed),
        CASE(shared_structs_have_view_types),
        CASE(layout_surrounds_the_page),
        CASE(first_tab_stops_are_skip_link_and_elder_mode),
        CASE(navigation_follows_the_rights),
        CASE(demonstration_and_telephone_are_told),
        CASE(modes_are_classes_of_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
