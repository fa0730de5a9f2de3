/* xml_test.c - the tree, names and namespaces, positions, and everything that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "format/xml.h"

#define BPMN  "http://www.omg.org/spec/BPMN/20100524/MODEL"
#define ZEEBE "http://camunda.org/schema/zeebe/1.0"

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

static XmlElement *parse(Arena *arena, const char *text)
{
    Error err = ERROR_NONE;
    XmlElement *root = xml_parse(arena, text, strlen(text), &XML_LIMITS, &err);
    if (!root)
        fail_msg("%s: %s at %d:%d %s", text, err.code, err.line, err.column, err.detail);
    return root;
}

static const char model[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<bpmn:definitions xmlns:bpmn=\"" BPMN "\"\n"
    "    xmlns:zeebe=\"" ZEEBE "\" id=\"d\">\n"
    "  <!-- <ignored> -->\n"
    "  <bpmn:process id=\"p\" isExecutable=\"true\"><bpmn:documentation>\xE5\x8F\x97\xE7\x90\x86 "
    "&lt;a&gt; &amp; b</bpmn:documentation>\n"
    "    <bpmn:task id=\"t\"\n"
    "               name=\"a &amp; &quot;b&quot; &#20013; &lt;\" zeebe:mode='x\"y'/>\n"
    "    <plain xmlns=\"urn:other\" a=\"1\"><inner/></plain>\n"
    "  </bpmn:process>\n"
    "</bpmn:definitions>\n";

static void test_reads_a_model(void **state)
{
    XmlElement *root = parse(*state, model);
    assert_true(xml_is(root, BPMN, "definitions"));
    assert_null(root->parent);
    assert_string_equal(root->text, "");
    assert_int_equal(root->attribute_count, 1);
    const XmlElement *process = xml_child(root, BPMN, "process");
    assert_ptr_equal(process->parent, root);
    assert_string_equal(xml_attribute(process, NULL, "isExecutable"), "true");
    assert_string_equal(xml_child_text(process, BPMN, "documentation"),
                        "\xE5\x8F\x97\xE7\x90\x86 <a> & b");
    assert_int_equal(process->child_count, 3);
    assert_string_equal(process->text, "");
}

static void test_attributes_and_namespaces(void **state)
{
    const XmlElement *process = xml_child(parse(*state, model), BPMN, "process");
    const XmlElement *task = xml_child(process, BPMN, "task");
    assert_string_equal(xml_attribute(task, NULL, "name"), "a & \"b\" \xE4\xB8\xAD <");
    assert_string_equal(xml_attribute(task, ZEEBE, "mode"), "x\"y");
    assert_string_equal(xml_attribute(task, XML_ANY_NAMESPACE, "mode"), "x\"y");
    assert_null(xml_attribute(task, NULL, "mode"));
    assert_null(xml_attribute(task, BPMN, "name"));
    const XmlElement *plain = xml_child(process, "urn:other", "plain");
    assert_string_equal(xml_attribute(plain, NULL, "a"), "1");
    assert_true(xml_is(plain->children[0], "urn:other", "inner"));
    assert_null(xml_child(process, NULL, "plain"));
    assert_non_null(xml_child(process, XML_ANY_NAMESPACE, "plain"));
}

static void test_helpers_take_null(void **state)
{
    (void)state;
    assert_null(xml_child(NULL, NULL, "a"));
    assert_null(xml_attribute(NULL, NULL, "a"));
    assert_null(xml_child_text(NULL, NULL, "a"));
    assert_false(xml_is(NULL, NULL, "a"));
    xml_each (none, NULL)
        fail_msg("%p", (const void *)none);
}

static void test_walk(void **state)
{
    XmlElement *root = parse(*state, "<r><a/><b/>text<a/><c/></r>");
    int seen = 0, named = 0;
    xml_each (child, root) {
        if (xml_is(child, NULL, "c"))
            break;
        seen++;
        named += xml_is(child, NULL, "a");
    }
    assert_int_equal(seen, 3);
    assert_int_equal(named, 2);
    assert_string_equal(root->text, "text");
}

static void test_tells_where_tags_begin(void **state)
{
    const XmlElement *root = parse(*state, model), *process = root->children[0];
    assert_int_equal(root->line * 100 + root->column, 201);
    assert_int_equal(process->line * 100 + process->column, 503);
    assert_int_equal(process->children[0]->line * 100 + process->children[0]->column, 544);
    assert_int_equal(process->children[1]->line * 100 + process->children[1]->column, 605);
    assert_int_equal(process->children[2]->children[0]->line, 8);
    assert_int_equal(process->children[2]->children[0]->column, 36);
}

static void test_positions_with_bom_and_crlf(void **state)
{
    const XmlElement *root = parse(*state, "\xEF\xBB\xBF<r>\r\n<!-- \xE4\xB8\xAD\r\n-->\r\n"
                                           "\xE4\xB8\xAD<a x='1'\r\n y='2'/></r>");
    assert_int_equal(root->children[0]->line * 100 + root->children[0]->column, 402);
    assert_string_equal(root->text, "\n\n\xE4\xB8\xAD");
}

static void test_texts(void **state)
{
    static const char *const cases[][2] = {
        {"<a/>", ""},
        {"<a></a>", ""},
        {"<a> </a>", " "},
        {"<a> <b/> </a>", ""},
        {"<a> x <b/> y </a>", " x  y "},
        {"<a>1<!-- c -->2<?pi x?>3</a>", "123"},
        {"<a><![CDATA[<b> & ]]]]><![CDATA[>]]></a>", "<b> & ]]>"},
        {"<a>&#x4E2D;&#65;&apos;&quot;&gt;&lt;&amp;</a>", "\xE4\xB8\xAD"
                                                          "A'\"><&"},
        {"<a>l1\r\nl2\rl3</a>", "l1\nl2\nl3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(parse(*state, cases[i][0])->text, cases[i][1]);
}

static void test_long_text_arrives_whole(void **state)
{
    Buffer text = buffer_init(*state, 0);
    buffer_add(&text, "<a><b>");
    for (int i = 0; i < 20000; i++)
        buffer_printf(&text, "%05d\xE4\xB8\xAD&amp;", i);
    buffer_add(&text, "</b><b>short</b></a>");
    XmlElement *root = parse(*state, buffer_text(&text));
    assert_int_equal(strlen(root->children[0]->text), 20000 * 9);
    assert_memory_equal(root->children[0]->text + 9 * 19999, "19999\xE4\xB8\xAD&", 9);
    assert_string_equal(root->children[1]->text, "short");
}

static void test_declared_encoding_is_not_believed(void **state)
{
    XmlElement *root = parse(*state, "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xE4\xB8\xAD</a>");
    assert_string_equal(root->text, "\xE4\xB8\xAD");
}

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct {
    const char *text, *code;
    int line, column;
} refused[] = {
    {"", "xml.syntax", 1, 1},
    {"   ", "xml.syntax", 1, 4},
    {"text", "xml.syntax", 1, 1},
    {"<a>", "xml.syntax", 1, 4},
    {"<a>\n<b></a>", "xml.syntax", 2, 8},
    {"<a></a><b/>", "xml.syntax", 1, 8},
    {"<a></a>text", "xml.syntax", 1, 8},
    {"<a x=1/>", "xml.syntax", 1, 6},
    {"<a x='1' x='2'/>", "xml.syntax", 1, 15},
    {"<a x='<'/>", "xml.syntax", 1, 7},
    {"<a>\n  <p:b/>\n</a>", "xml.syntax", 2, 7},
    {"<a>&nbsp;</a>", "xml.syntax", 1, 10},
    {"<a>&x</a>", "xml.syntax", 1, 6},
    {"<a>&#0;</a>", "xml.syntax", 1, 8},
    {"<a>&#xD800;</a>", "xml.syntax", 1, 12},
    {"<a>\x01</a>", "xml.syntax", 1, 4},
    {"<a>]]></a>", "xml.syntax", 1, 4},
    {"<a><!-- -- --></a>", "xml.syntax", 1, 9},
    {"<a b='1", "xml.syntax", 1, 8},
    {"<![CDATA[", "xml.syntax", 1, 2},
    {"<!-- only -->", "xml.syntax", 1, 14},
    {"<!DOCTYPE a><a/>", "xml.doctype", 1, 1},
    {"<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<a/>", "xml.doctype", 2,
     1},
    {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "xml.doctype", 1, 1},
    {"<!DOCTYPE l [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>", "xml.doctype", 1, 1},
    {"<a>\xFF</a>", "xml.encoding", 1, 4},
    {"<a>\n\xD6\xD0</a>", "xml.encoding", 2, 1},
    {"\xFF\xFE<\0a\0/\0>\0", "xml.encoding", 1, 1},
};

static void test_refuses(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        Error err = ERROR_NONE;
        const char *text = refused[i].text;
        assert_null(xml_parse(*state, text, strlen(text), &XML_LIMITS, &err));
        if (strcmp(err.code, refused[i].code) != 0 || err.line != refused[i].line ||
            err.column != refused[i].column)
            fail_msg("%s: %s at %d:%d, %s", text, err.code, err.line, err.column, err.detail);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_string_equal(err.with[0].name, "line");
    }
}

static void test_says_the_reason(void **state)
{
    Error err = ERROR_NONE;
    assert_null(xml_parse(*state, "<a></b>", 7, &XML_LIMITS, &err));
    assert_string_equal(err.with[2].name, "reason");
    assert_non_null(strstr(err.with[2].value, "mismatch"));
    assert_null(strchr(err.with[2].value, '\n'));
}

static void test_refuses_nul(void **state)
{
    Error err = ERROR_NONE;
    assert_null(xml_parse(*state, "<a>\0</a>", 8, &XML_LIMITS, &err));
    assert_string_equal(err.code, "xml.encoding");
    assert_null(xml_parse(*state, NULL, 0, &XML_LIMITS, NULL));
}

static bool fits(Arena *arena, const char *text, XmlLimits limits, Error *err)
{
    *err = ERROR_NONE;
    return xml_parse(arena, text, strlen(text), &limits, err) != NULL;
}

static void test_limits(void **state)
{
    XmlLimits tight = {.bytes = 40, .depth = 3, .nodes = 5, .attributes = 2};
    Error err;
    assert_true(fits(*state, "<a><b><c/></b></a>", tight, &err));
    assert_false(fits(*state, "<a><b><c><d/></c></b></a>", tight, &err));
    assert_string_equal(err.code, "xml.depth");
    assert_int_equal(err.column, 12);
    assert_true(fits(*state, "<a b='' c=''><b/><c/></a>", tight, &err));
    assert_false(fits(*state, "<a b='' c=''><b/><c/><d/></a>", tight, &err));
    assert_string_equal(err.code, "xml.size");
    assert_false(fits(*state, "<a b='' c='' d=''/>", tight, &err));
    assert_string_equal(err.code, "xml.size");
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    assert_false(fits(*state, "<a>01234567890123456789012345678901234</a>", tight, &err));
    assert_string_equal(err.code, "xml.size");
}

/* Comments and CDATA may look like tags with many attributes; quotes may hide real ones. */
static void test_outline_counts_only_attributes(void **state)
{
    XmlLimits two = {.bytes = 999, .depth = 9, .nodes = 99, .attributes = 2};
    Error err;
    assert_true(fits(*state, "<a><!-- <b c='' d='' e=''> --></a>", two, &err));
    assert_true(fits(*state, "<a><![CDATA[<b c='' d='' e=''>]]></a>", two, &err));
    assert_true(fits(*state, "<a><?pi c='' d='' e=''?></a>", two, &err));
    assert_true(fits(*state, "<a>a='' b='' c='' d=''</a>", two, &err));
    assert_false(fits(*state, "<a><!-- <x ' --><b c='>' d='>' e='>'/></a>", two, &err));
    assert_string_equal(err.code, "xml.size");
    assert_true(fits(*state, "<a><![CDATA[<!DOCTYPE x>]]><!-- <!DOCTYPE y> --></a>", two, &err));
}

static void test_small_arena_stops_a_big_tree(void **state)
{
    Buffer text = buffer_init(*state, 0);
    buffer_add(&text, "<a>");
    for (int i = 0; i < 5000; i++)
        buffer_add(&text, "<b/>");
    buffer_add(&text, "</a>");
    Arena *small = arena_create(64 * 1024);
    Error err = ERROR_NONE;
    assert_null(xml_parse(small, buffer_text(&text), text.length, &XML_LIMITS, &err));
    assert_string_equal(err.code, "xml.size");
    arena_destroy(small);
}

static void test_prints_nothing(void **state)
{
    int file = memfd_create("stderr", 0), saved = dup(STDERR_FILENO);
    assert_true(file >= 0);
    dup2(file, STDERR_FILENO);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_null(
            xml_parse(*state, refused[i].text, strlen(refused[i].text), &XML_LIMITS, &(Error){0}));
    dup2(saved, STDERR_FILENO);
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    close(saved);
    close(file);
}

static void *parse_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 50; i++) {
        Arena *arena = arena_create(0);
        Error err = ERROR_NONE;
        XmlElement *root = xml_parse(arena, model, sizeof model - 1, &XML_LIMITS, &err);
        bool is_good = root && root->children[0]->child_count == 3;
        is_good = is_good && !xml_parse(arena, "<a></b>", 7, &XML_LIMITS, &err);
        arena_destroy(arena);
        if (!is_good)
            return NULL;
    }
    return (void *)model;
}

static void test_threads_do_not_meet(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parse_often, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_a_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_attributes_and_namespaces, set_up, tear_down),
        cmocka_unit_test(test_helpers_take_null),
        cmocka_unit_test_setup_teardown(test_walk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tells_where_tags_begin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_positions_with_bom_and_crlf, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_text_arrives_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_declared_encoding_is_not_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_says_the_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refuses_nul, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outline_counts_only_attributes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_small_arena_stops_a_big_tree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_prints_nothing, set_up, tear_down),
        cmocka_unit_test(test_threads_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
