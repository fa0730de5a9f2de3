/* template_test.c - what is written for which values, and every mistake with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "format/template.h"

static int set_up(void **state)
{
    *state = arena_create(32 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static Template *compile(Arena *arena, const char *text, TemplateFlags flags)
{
    Error err = ERROR_NONE;
    Template *template = template_compile(arena, text, strlen(text), flags, &err);
    if (!template)
        fail_msg("%s: %s at %d:%d %s", text, err.code, err.line, err.column, err.detail);
    return template;
}

static Json *values_of(Arena *arena, const char *json)
{
    Json *values = json_parse(arena, json, strlen(json), &JSON_LIMITS, NULL);
    if (!values)
        fail_msg("no JSON: %s", json);
    return values;
}

static const char *rendered(Arena *arena, const char *text, const char *json, TemplateFlags flags)
{
    Buffer out = buffer_init(arena, 0);
    Error err = ERROR_NONE;
    assert_true(
        template_render(compile(arena, text, flags), values_of(arena, json), &out, NULL, &err));
    return buffer_text(&out);
}

typedef struct Case {
    const char *text, *values, *expected;
} Case;

static void check_cases(Arena *arena, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = rendered(arena, cases[i].text, cases[i].values, TEMPLATE_HTML);
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("%s with %s gave [%s]", cases[i].text, cases[i].values, got);
    }
}

#define CHECK(arena, cases) check_cases((arena), (cases), sizeof(cases) / sizeof((cases)[0]))

static void test_values(void **state)
{
    static const Case cases[] = {
        {"", "{}", ""},
        {"plain } }} { text", "{}", "plain } }} { text"},
        {"{{a}}", "{\"a\":\"x\"}", "x"},
        {"<{{a}}>", "{\"a\":\"<b class=\\\"c\\\">'&\"}",
         "<&lt;b class=&quot;c&quot;&gt;&#39;&amp;>"},
        {"{{ a }}{{\n\ta\n}}", "{\"a\":\"x\"}", "xx"},
        {"{{n}} {{t}} {{f}} {{z}}.", "{\"n\":1.50,\"t\":true,\"f\":false,\"z\":null}",
         "1.50 true false ."},
        {"{{a.b.c}}", "{\"a\":{\"b\":{\"c\":7}}}", "7"},
        {"{{a.b}}[{{x}}]", "{\"a\":{}}", "[]"},
        {"{{a}}{{b}}", "{\"a\":[1],\"b\":{\"c\":1}}", ""},
        {"{{.}}", "\"top\"", "top"},
        {"{{\xE5\xA7\x93\xE5\x90\x8D}} {{a_b-1}}",
         "{\"\xE5\xA7\x93\xE5\x90\x8D\":\"\xE5\xBC\xA0\",\"a_b-1\":2}", "\xE5\xBC\xA0 2"},
        {"{{a}}}", "{\"a\":1}", "1}"},
        {"{{! not shown {{ }}x", "{}", "x"},
    };
    CHECK(*state, cases);
}

static void test_sections(void **state)
{
    static const Case cases[] = {
        {"{{#a}}x{{/a}}", "{\"a\":true}", "x"},
        {"{{#a}}x{{/a}}", "{\"a\":false}", ""},
        {"{{#a}}x{{/a}}", "{\"a\":null}", ""},
        {"{{#a}}x{{/a}}", "{}", ""},
        {"{{#a}}x{{/a}}", "{\"a\":\"\"}", ""},
        {"{{#a}}x{{/a}}", "{\"a\":0}", "x"},
        {"{{#a}}x{{/a}}", "{\"a\":[]}", ""},
        {"{{#a}}[{{.}}]{{/a}}", "{\"a\":[1,\"<\",null,true]}", "[1][&lt;][][true]"},
        {"{{#a}}{{.}}{{/a}}", "{\"a\":\"self\"}", "self"},
        {"{{#a}}{{b}},{{/a}}", "{\"a\":[{\"b\":1},{\"b\":2}]}", "1,2,"},
        {"{{#a}}{{b}}{{c}}{{/a}}", "{\"a\":{\"b\":1},\"b\":9,\"c\":3}", "13"},
        {"{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]}}", "12"},
        {"{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"outer\"}}", ""},
        {"{{^a}}none{{/a}}", "{}", "none"},
        {"{{^a}}none{{/a}}", "{\"a\":[]}", "none"},
        {"{{^a}}none{{/a}}", "{\"a\":[0]}", ""},
        {"{{^a}}none{{/a}}", "{\"a\":\"x\"}", ""},
        {"{{#l}}{{#l}}{{.}}{{/l}};{{/l}}", "{\"l\":[1,2]}", "12;12;"},
        {"{{#r}}{{#c}}{{.}}{{/c}}|{{/r}}", "{\"r\":[{\"c\":[1,2]},{\"c\":[]},{\"c\":[3]}]}",
         "12||3|"},
        {"{{#a}}{{/a}}{{^a}}{{/a}}end", "{\"a\":1}", "end"},
        {"{{#a}}1{{#b}}2{{/b}}3{{/a}}4", "{\"a\":1,\"b\":0}", "1234"},
        {"{{#a}}1{{^b}}2{{/b}}3{{/a}}4", "{\"a\":1,\"b\":0}", "134"},
        {"{{#l}}{{.}}{{/l}}", "{\"l\":[[1],[2]]}", ""},
        {"{{#l}}{{#.}}{{.}}{{/.}};{{/l}}", "{\"l\":[[1,2],[3]]}", "12;3;"},
    };
    CHECK(*state, cases);
}

static void test_lines_of_their_own_disappear(void **state)
{
    static const Case cases[] = {
        {"a\n{{#l}}\n- {{.}}\n{{/l}}\nb\n", "{\"l\":[1,2]}", "a\n- 1\n- 2\nb\n"},
        {"a\r\n  {{#l}} \t\r\n- {{.}}\r\n  {{/l}}\r\nb", "{\"l\":[1]}", "a\r\n- 1\r\nb"},
        {"{{#l}}\nx\n{{/l}}", "{\"l\":true}", "x\n"},
        {"  {{! c }}  \nx", "{}", "x"},
        {"a {{! c }}\nx", "{}", "a \nx"},
        {"{{#l}} {{/l}}\nx", "{\"l\":true}", " \nx"},
        {"{{v}}\nx", "{\"v\":\"\"}", "\nx"},
        {"{{#a}}\n{{#b}}\nx\n{{/b}}\n{{/a}}\ny", "{\"a\":1,\"b\":1}", "x\ny"},
    };
    CHECK(*state, cases);
}

static void test_raw_and_plain(void **state)
{
    const char *values = "{\"a\":\"<b>\"}";
    assert_string_equal(rendered(*state, "{{{a}}}{{&a}}{{a}}", values, TEMPLATE_ALLOW_RAW),
                        "<b><b>&lt;b&gt;");
    assert_string_equal(rendered(*state, "{{a}} & co", values, TEMPLATE_PLAIN), "<b> & co");
}

/* ---- mistakes -------------------------------------------------------------------------------- */

static void test_mistakes_name_the_place(void **state)
{
    static const struct {
        const char *text, *code;
        int line, column;
    } cases[] = {
        {"a\n {{b", "template.syntax", 2, 2},
        {"{{", "template.syntax", 1, 1},
        {"{{}}", "template.syntax", 1, 1},
        {"{{#}}", "template.syntax", 1, 1},
        {"\xE4\xB8\xAD{{a b}}", "template.syntax", 1, 2},
        {"{{a..b}}", "template.syntax", 1, 1},
        {"{{.a}}", "template.syntax", 1, 1},
        {"{{a.}}", "template.syntax", 1, 1},
        {"{{a.b.c.d.e.f.g.h.i}}", "template.syntax", 1, 1},
        {"{{a<b}}", "template.syntax", 1, 1},
        {"{{> partial}}", "template.syntax", 1, 1},
        {"{{=<% %>=}}", "template.syntax", 1, 1},
        {"{{{a}}", "template.syntax", 1, 1},
        {"x\n{{{a}}}", "template.raw", 2, 1},
        {"x {{&a}}", "template.raw", 1, 3},
        {"\n\n  {{#a}}\n\n", "template.unbalanced", 3, 3},
        {"{{#a}}\n{{/b}}", "template.unbalanced", 2, 1},
        {"{{/a}}", "template.unbalanced", 1, 1},
        {"{{#a}}{{#b}}{{/a}}{{/b}}", "template.unbalanced", 1, 13},
        {"ok\n\xFF", "template.encoding", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Error err = ERROR_NONE;
        assert_null(
            template_compile(*state, cases[i].text, strlen(cases[i].text), TEMPLATE_HTML, &err));
        if (strcmp(err.code, cases[i].code) != 0 || err.line != cases[i].line ||
            err.column != cases[i].column)
            fail_msg("%s: %s at %d:%d", cases[i].text, err.code, err.line, err.column);
        assert_int_equal(err.kind, ERROR_INVALID);
    }
}

static void test_unbalanced_names_the_section(void **state)
{
    Error err = ERROR_NONE;
    assert_null(template_compile(*state, "{{#list}}{{/lost}}", 18, TEMPLATE_HTML, &err));
    assert_string_equal(err.with[2].name, "name");
    assert_string_equal(err.with[2].value, "list");
}

static void note_finding(void *data, const char *name, int line, int column)
{
    buffer_printf(data, "%s@%d:%d ", name, line, column);
}

static void test_findings(void **state)
{
    Arena *arena = *state;
    const char *text = "{{known}} {{typo}}\n{{#list}}{{typo.x}}{{/list}}\n  {{#nowhere}}{{inside}}"
                       "{{/nowhere}}{{list}}{{empty}}";
    Json *values = values_of(arena, "{\"known\":1,\"list\":[1,2],\"empty\":null}");
    Buffer out = buffer_init(arena, 0), notes = buffer_init(arena, 0);
    TemplateFindings findings = {.report = note_finding, .data = &notes};
    assert_true(
        template_render(compile(arena, text, TEMPLATE_HTML), values, &out, &findings, NULL));
    assert_string_equal(buffer_text(&notes),
                        "typo@1:11 typo.x@2:10 typo.x@2:10 nowhere@3:3 list@3:37 ");
    assert_string_equal(buffer_text(&out), "1 \n\n  ");
}

/* ---- limits ---------------------------------------------------------------------------------- */

static const char *nested(Arena *arena, int depth, const char *inside)
{
    Buffer text = buffer_init(arena, 0);
    for (int i = 0; i < depth; i++)
        buffer_add(&text, "{{#l}}");
    buffer_add(&text, inside);
    for (int i = 0; i < depth; i++)
        buffer_add(&text, "{{/l}}");
    return buffer_text(&text);
}

static void test_depth(void **state)
{
    assert_string_equal(rendered(*state, nested(*state, 16, "x"), "{\"l\":true}", TEMPLATE_HTML),
                        "x");
    Error err = ERROR_NONE;
    const char *deep = nested(*state, 17, "x");
    assert_null(template_compile(*state, deep, strlen(deep), TEMPLATE_HTML, &err));
    assert_string_equal(err.code, "template.depth");
    assert_int_equal(err.column, 16 * 6 + 1);
}

/* Ten items, sixteen deep: 10^16 steps without one byte written, were there no budget. */
static void test_steps_are_bounded(void **state)
{
    Template *template = compile(*state, nested(*state, 16, "{{none}}"), TEMPLATE_HTML);
    Buffer out = buffer_init(*state, 0);
    Error err = ERROR_NONE;
    Json *values = values_of(*state, "{\"l\":[1,2,3,4,5,6,7,8,9,10]}");
    assert_false(template_render(template, values, &out, NULL, &err));
    assert_string_equal(err.code, "template.size");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
}

static void test_output_is_bounded(void **state)
{
    Template *template = compile(*state, "{{#l}}0123456789{{/l}}", TEMPLATE_HTML);
    Buffer out = buffer_init(*state, 25);
    Error err = ERROR_NONE;
    assert_false(template_render(template, values_of(*state, "{\"l\":[1,2,3]}"), &out, NULL, &err));
    assert_string_equal(err.code, "template.size");
    assert_int_equal(out.length, 25);
    out = buffer_init(*state, 30);
    assert_true(template_render(template, values_of(*state, "{\"l\":[1,2,3]}"), &out, NULL, NULL));
}

static void test_text_is_bounded(void **state)
{
    char *text = arena_alloc(*state, TEMPLATE_BYTES_MAX + 1);
    memset(text, 'x', TEMPLATE_BYTES_MAX + 1);
    assert_non_null(template_compile(*state, text, TEMPLATE_BYTES_MAX, TEMPLATE_HTML, NULL));
    Error err = ERROR_NONE;
    assert_null(template_compile(*state, text, TEMPLATE_BYTES_MAX + 1, TEMPLATE_HTML, &err));
    assert_string_equal(err.code, "template.size");
}

static void test_no_values_at_all(void **state)
{
    Buffer out = buffer_init(*state, 0);
    Template *template = compile(*state, "a{{b}}{{#c}}x{{/c}}{{^c}}y{{/c}}{{.}}", TEMPLATE_HTML);
    assert_true(template_render(template, NULL, &out, NULL, NULL));
    assert_string_equal(buffer_text(&out), "ay");
}

/* The template outlives the text that it came from. */
static void test_keeps_its_own_text(void **state)
{
    char text[] = "Dear {{name}}";
    Template *template = compile(*state, text, TEMPLATE_PLAIN);
    memset(text, 'X', sizeof text - 1);
    Buffer out = buffer_init(*state, 0);
    assert_true(
        template_render(template, values_of(*state, "{\"name\":\"Li\"}"), &out, NULL, NULL));
    assert_string_equal(buffer_text(&out), "Dear Li");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lines_of_their_own_disappear, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_raw_and_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mistakes_name_the_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unbalanced_names_the_section, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_findings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_steps_are_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_output_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_values_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keeps_its_own_text, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
