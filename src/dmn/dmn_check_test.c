/*
 * dmn_check_test.c - checks of tables, and what dmn_load and dmn_evaluate tell: problems, imports,
 * findings, limits.
 */
#include "dmn/dmn_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define MODEL         "https://www.omg.org/spec/DMN/20230324/MODEL/"
#define LITERAL(text) "<literalExpression><text>" text "</text></literalExpression>"

typedef struct Fixture {
    Arena *arena;
    Error err;
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    fixture = (Fixture){.arena = arena_create(256 * 1024 * 1024)};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_destroy(fixture->arena);
    return 0;
}

static const char *definitions(Fixture *f, const char *uri, const char *inner)
{
    return arena_printf(
        f->arena, "<definitions xmlns=\"" MODEL "\" namespace=\"%s\">%s</definitions>", uri, inner);
}

static DmnModel *load(Fixture *f, const char *inner)
{
    DmnSource source = {.name = "t.dmn", .text = definitions(f, "urn:t", inner)};
    source.length = strlen(source.text);
    f->err = ERROR_NONE;
    return dmn_load(f->arena, &source, NULL, &f->err);
}

/* "policy; type of column; ...; type of output; values of output" and rules of "a | b -> c". */
static const char *table(Fixture *f, const char *policy, const char *columns, const char *rules)
{
    Buffer out = buffer_init(f->arena, 0);
    const char **parts, **lines, **cells;
    size_t columns_count = text_split(f->arena, columns, ';', &parts);
    buffer_printf(&out, "<decision name=\"t\"><decisionTable hitPolicy=\"%s\">", policy);
    for (size_t i = 0; i < columns_count; i++)
        buffer_printf(&out,
                      "<input><inputExpression typeRef=\"%s\"><text>%c</text></inputExpression>"
                      "</input>",
                      parts[i], (char)('a' + i));
    buffer_add(&out, "<output name=\"o\"/>");
    size_t count = text_split(f->arena, rules, '\n', &lines);
    for (size_t i = 0; i < count; i++) {
        size_t cell_count = text_split(f->arena, lines[i], '|', &cells);
        buffer_add(&out, "<rule>");
        for (size_t k = 0; k < cell_count; k++)
            buffer_printf(&out, "<%s><text><![CDATA[%s]]></text></%s>",
                          k + 1 < cell_count ? "inputEntry" : "outputEntry", cells[k],
                          k + 1 < cell_count ? "inputEntry" : "outputEntry");
        buffer_add(&out, "</rule>");
    }
    buffer_add(&out, "</decisionTable></decision>");
    return buffer_text(&out);
}

/* ---- remarks --------------------------------------------------------------------------------- */

static const struct {
    const char *policy, *columns, *rules;
    const char *remarks; /* code: message, in lines */
} checks[] = {
    {"UNIQUE", "number", "< 10|1\n[10..20)|2\n>= 20|3", ""},
    {"UNIQUE", "number", "< 10|1\n[10..20]|2\n>= 20|3",
     "dmn.overlap: rules 2 and 3 both match: a = 20\n"},
    {"UNIQUE", "number", "< 10|1\n> 10|2", "dmn.gap: no rule matches a = 10\n"},
    {"UNIQUE", "number", "< 10|1\n[10..20)|2\n>= 21|3", "dmn.gap: no rule matches a = 20\n"},
    {"UNIQUE", "integer", "< 10|1\n[10..20]|2\n>= 21|3", ""},
    {"UNIQUE", "number", "1|1\nnot(1)|2", ""},
    {"UNIQUE", "string", "\"x\"|1\n\"y\"|2", "dmn.gap: no rule matches a = another text\n"},
    {"UNIQUE", "string", "\"x\",\"y\"|1\nnot(\"x\", \"y\")|2", ""},
    {"UNIQUE", "boolean", "true|1\nfalse|2", ""},
    {"UNIQUE", "boolean", "true|1", "dmn.gap: no rule matches a = false\n"},
    {"UNIQUE", "date", "< @\"2026-01-01\"|1\n>= @\"2026-01-01\"|2", ""},
    {"UNIQUE", "date", "< date(\"2026-01-01\")|1\n> date(\"2026-01-01\")|2",
     "dmn.gap: no rule matches a = 2026-01-01\n"},
    {"UNIQUE", "string;number", "\"x\"|> 1|1\n\"x\"|<= 1|2\nnot(\"x\")|-|3", ""},
    {"UNIQUE", "string;number", "\"x\"|> 1|1\nnot(\"x\")|-|3",
     "dmn.gap: no rule matches a = x, b = 0\n"},
    {"UNIQUE", "number;number", "> 1|-|1\n-|> 1|2\n<= 1|<= 1|3",
     "dmn.overlap: rules 1 and 2 both match: a = 2, b = 2\n"},
    {"ANY", "number", "> 1|1\n> 2|1\n<= 1|0", ""},
    {"ANY", "number", "> 1|1\n> 2|2\n<= 1|0",
     "dmn.overlap: rules 1 and 2 both match and give different outputs: a = 3\n"},
    {"FIRST", "number", "> 10|1\n> 5|2\n-|3", ""},
    {"FIRST", "number", "> 5|1\n> 10|2\n-|3",
     "dmn.unreachable: rule 2 never fires: the rules before it take all that it matches\n"},
    {"FIRST", "number", "> 5|1\n<= 5|2\n-|3",
     "dmn.unreachable: rule 3 never fires: the rules before it take all that it matches\n"},
    {"COLLECT", "number", "> 5|1\n> 7|2", ""},
    {"UNIQUE", "number", "[5..3]|1\n-|2", "dmn.unreachable: rule 1 can match nothing\n"},
    {"UNIQUE", "number", "< limit|1\n> 5|2", ""},
    {"UNIQUE", "number", "\"x\"|1\n-|2",
     "dmn.unreachable: rule 1 can match nothing\ndmn.cell_type: rule 1, input 1: x is no number\n"},
};

static void test_remarks(void **state)
{
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        DmnRemarks remarks;
        Buffer got = buffer_init(f->arena, 0);
        const DmnModel *model =
            load(f, table(f, checks[i].policy, checks[i].columns, checks[i].rules));
        assert_non_null(model);
        dmn_check(model, f->arena, &remarks);
        list_each (const DmnRemark, remark, &remarks) {
            buffer_printf(&got, "%s: %s\n", remark->code, remark->message);
            assert_string_equal(remark->element, "t");
            assert_string_equal(remark->file, "t.dmn");
            assert_true(remark->line > 0);
        }
        if (strcmp(buffer_text(&got), checks[i].remarks) != 0)
            fail_msg("%s %s:\n%s\n--- gives\n%s--- not\n%s", checks[i].policy, checks[i].columns,
                     checks[i].rules, buffer_text(&got), checks[i].remarks);
    }
}

static void test_tables_anywhere_are_checked(void **state)
{
    Fixture *f = *state;
    DmnRemarks remarks;
    const DmnModel *model = load(
        f, "<businessKnowledgeModel name=\"k\"><encapsulatedLogic><context><contextEntry>"
           "<decisionTable><input><inputExpression typeRef=\"boolean\"><text>x</text>"
           "</inputExpression></input><output typeRef=\"number\"><outputValues><text>1</text>"
           "</outputValues></output><rule><inputEntry><text>true</text></inputEntry><outputEntry>"
           "<text>\"x\"</text></outputEntry></rule></decisionTable></contextEntry></context>"
           "</encapsulatedLogic></businessKnowledgeModel>");
    dmn_check(model, f->arena, &remarks);
    assert_int_equal(remarks.count, 3);
    assert_string_equal(remarks.items[0].code, "dmn.gap");
    assert_string_equal(remarks.items[1].message, "rule 1, output: x is no number");
    assert_string_equal(remarks.items[2].message, "rule 1, output: x is not among its values");
    assert_int_equal(remarks.items[1].rules[0], 1);
}

/* Thousands of rules end in a remark or a bound, not in minutes. */
static void test_large_tables(void **state)
{
    Fixture *f = *state;
    for (int count = 500; count <= 2500; count += 2000) {
        DmnRemarks remarks;
        Buffer rules = buffer_init(f->arena, 0);
        for (int i = 0; i < count; i++)
            buffer_printf(&rules, "%s%d|%d", i ? "\n" : "", i, i);
        const DmnModel *model = load(f, table(f, "UNIQUE", "number", buffer_text(&rules)));
        dmn_check(model, f->arena, &remarks);
        assert_true(remarks.count > 0 && remarks.count <= DMN_REMARKS_MAX);
        assert_string_equal(remarks.items[0].code, count == 500 ? "dmn.gap" : "dmn.unchecked");
    }
}

/* ---- imports --------------------------------------------------------------------------------- */

#define IMPORT(name, uri)                                                                          \
    "<import name=\"" name "\" namespace=\"" uri "\" importType=\"" MODEL "\"/>"
#define INPUT(id, name, type)                                                                      \
    "<inputData id=\"" id "\" name=\"" name "\"><variable name=\"" name "\" typeRef=\"" type       \
    "\"/></inputData>"
#define NEEDS(kind, href)                                                                          \
    "<informationRequirement><required" kind " href=\"" href "\"/></informationRequirement>"

typedef struct Library {
    Fixture *fixture;
    const char *texts[3]; /* of urn:a, urn:b, urn:c */
    int asked;
} Library;

static bool find(void *data, const DmnImport *import, DmnSource *out)
{
    Library *library = data;
    size_t at = (size_t)(import->namespace_uri[4] - 'a');
    library->asked++;
    if (at >= 3 || !library->texts[at])
        return false;
    *out = (DmnSource){.name = import->namespace_uri, .text = library->texts[at]};
    out->length = strlen(out->text);
    return true;
}

static DmnModel *load_library(Library *library)
{
    const DmnResolver resolver = {.find = find, .data = library};
    DmnSource source;
    DmnImport first = {.namespace_uri = "urn:a", .from = ""};
    assert_true(find(library, &first, &source));
    library->asked = 0;
    library->fixture->err = ERROR_NONE;
    return dmn_load(library->fixture->arena, &source, &resolver, &library->fixture->err);
}

static FeelValue inputs_of(Fixture *f, const char *json)
{
    Error err = ERROR_NONE;
    Json *tree = json_parse(f->arena, json, strlen(json), &JSON_LIMITS, &err);
    assert_non_null(tree);
    return feel_from_json(f->arena, tree);
}

static const char *evaluate(Fixture *f, const DmnModel *model, const char *name, const char *json)
{
    DmnResult result;
    assert_true(dmn_evaluate(model, name, inputs_of(f, json), NULL, f->arena, &result, &f->err));
    return result.findings.count
               ? arena_printf(f->arena, "%s %s: %s", feel_to_text(f->arena, result.value),
                              result.findings.items[0].code, result.findings.items[0].element)
               : feel_to_text(f->arena, result.value);
}

/* a imports b (named) and c (without a name); b imports c too, and back to a. */
static void test_imports(void **state)
{
    Fixture *f = *state;
    Library library = {.fixture = f};
    library.texts[0] = definitions(
        f, "urn:a",
        IMPORT("the b", "urn:b")
            IMPORT("", "urn:c") "<itemDefinition name=\"tOwn\"><typeRef>the "
                                "b.tShort</typeRef></itemDefinition>"
                                "<decision name=\"d\">" NEEDS("Decision", "urn:b#n")
                                    NEEDS("Input", "urn:c#x") LITERAL(
                                        "the b.next + x") "</decision>"
                                                          "<decision name=\"t\"><variable "
                                                          "name=\"t\" typeRef=\"tOwn\"/>" LITERAL(
                                                              "\"long\"") "</decision><decision "
                                                                          "name=\"o\"><variable "
                                                                          "name=\"o\" "
                                                                          "typeRef=\"tC\"/"
                                                                          ">" LITERAL("\"c\"") "</"
                                                                                               "dec"
                                                                                               "isi"
                                                                                               "on"
                                                                                               ">");
    library.texts[1] = definitions(
        f, "urn:b",
        IMPORT("c", "urn:c") IMPORT(
            "back",
            "urn:a") "<itemDefinition name=\"tShort\"><typeRef>string</typeRef><allowedValues>"
                     "<text>string length(?) &lt; 3</text></allowedValues></itemDefinition>"
                     "<decision id=\"n\" name=\"next\">" NEEDS("Input", "urn:c#x")
                         LITERAL("c.x + 1") "</decision>");
    library.texts[2] =
        definitions(f, "urn:c",
                    "<itemDefinition name=\"tC\"><typeRef>string</typeRef></itemDefinition>" INPUT(
                        "x", "x", "number"));
    const DmnProblem *problems;
    const DmnModel *model = load_library(&library);
    assert_non_null(model);
    assert_int_equal(dmn_problems(model, &problems), 0);
    assert_int_equal(library.asked, 2); /* each once; urn:a is known by then */
    assert_string_equal(evaluate(f, model, "d", "{\"x\": 1}"), "3");
    assert_string_equal(evaluate(f, model, "d", "{\"urn:c#x\": 2}"), "5");
    assert_string_equal(evaluate(f, model, "d", "{}"), "null dmn.no_input: x");
    assert_string_equal(evaluate(f, model, "t", "{}"), "null dmn.not_allowed: t");
    assert_string_equal(evaluate(f, model, "o", "{}"), "c");
}

static void test_missing_imports(void **state)
{
    Fixture *f = *state;
    Library library = {.fixture = f};
    const DmnProblem *problems;
    library.texts[0] =
        definitions(f, "urn:a",
                    IMPORT("b", "urn:b") "<decision name=\"d\">" NEEDS("Decision", "urn:b#n")
                        LITERAL("b.n") "</decision>"
                                       "<decision name=\"fine\">" LITERAL("1") "</decision>");
    const DmnModel *model = load_library(&library);
    assert_int_equal(dmn_problems(model, &problems), 2);
    assert_string_equal(problems[0].code, "dmn.import");
    assert_string_equal(problems[0].message, "no file has the namespace \"urn:b\"");
    assert_string_equal(problems[1].code, "dmn.requirement");
    assert_string_equal(evaluate(f, model, "fine", "{}"), "1");
    assert_string_equal(evaluate(f, model, "d", "{}"), "null feel.unknown_name: d");
    library.texts[1] = "<definitions";
    assert_null(load_library(&library));
    assert_string_equal(f->err.code, "xml.syntax");
    assert_string_equal(f->err.field, "urn:b");
}

static void test_all_versions_load(void **state)
{
    Fixture *f = *state;
    static const char *const versions[] = {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    };
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        const DmnProblem *problems;
        DmnSource source = {.name = "v"};
        source.text = arena_printf(f->arena,
                                   "<x:definitions xmlns:x=\"%s\" xmlns=\"urn:other\"><decision/>"
                                   "<x:decision name=\"d\"><context/><x:literalExpression>"
                                   "<x:text>1</x:text></x:literalExpression></x:decision>"
                                   "</x:definitions>",
                                   versions[i]);
        source.length = strlen(source.text);
        const DmnModel *model = dmn_load(f->arena, &source, NULL, &f->err);
        assert_non_null(model);
        assert_int_equal(dmn_problems(model, &problems), 0);
        assert_int_equal(dmn_element_count(model), 1);
        assert_string_equal(evaluate(f, model, "d", "{}"), "1");
    }
}

/* ---- what each element sees ------------------------------------------------------------------ */

static void test_only_requirements_are_seen(void **state)
{
    Fixture *f = *state;
    const DmnModel *model = load(
        f, INPUT("x", "x", "number")
               INPUT("y", "a-b", "number") "<decision name=\"d\">" NEEDS("Input", "#x")
                   LITERAL("x + 1") "</decision>"
                                    "<decision name=\"no\">" LITERAL(
                                        "x + 1") "</decision>"
                                                 "<decision name=\"odd\">" NEEDS("Input", "#y")
                                                     LITERAL("a-b") "</decision>"
                                                                    "<decision name=\"own\">" NEEDS(
                                                                        "Input", "urn:t#x")
                                                                        LITERAL("x") "</decision>");
    assert_string_equal(evaluate(f, model, "d", "{\"x\": 1}"), "2");
    assert_string_equal(evaluate(f, model, "no", "{\"x\": 1}"), "null feel.unknown_name: no");
    assert_string_equal(evaluate(f, model, "odd", "{\"a-b\": 5}"), "5");
    assert_string_equal(evaluate(f, model, "own", "{\"x\": 3}"), "3");
    assert_string_equal(evaluate(f, model, "d", "{\"x\": \"1\"}"), "null dmn.no_type: x");
}

static void test_services_and_knowledge_are_asked(void **state)
{
    Fixture *f = *state;
    const DmnModel *model = load(
        f,
        INPUT("x", "x", "number") "<decision id=\"d\" name=\"d\">" NEEDS("Input", "#x") LITERAL(
            "x + 1") "</decision><decisionService name=\"s\">"
                     "<outputDecision href=\"#d\"/><inputData href=\"#x\"/></decisionService>"
                     "<decisionService name=\"none\"><outputDecision "
                     "href=\"#d\"/></decisionService>"
                     "<businessKnowledgeModel name=\"k\"><encapsulatedLogic>"
                     "<formalParameter name=\"n\"/>" LITERAL("n * 2") "</encapsulatedLogic>"
                                                                      "</businessKnowledgeModel>");
    assert_string_equal(evaluate(f, model, "s", "{\"x\": 1}"), "2");
    assert_string_equal(evaluate(f, model, "s", "{}"), "null dmn.no_input: s");
    assert_string_equal(evaluate(f, model, "none", "{\"x\": 1}"), "null dmn.no_input: x");
    assert_string_equal(evaluate(f, model, "k", "{\"n\": 4}"), "8");
}

static void test_item_types_in_feel(void **state)
{
    Fixture *f = *state;
    const DmnModel *model =
        load(f, "<itemDefinition name=\"tP\"><itemComponent "
                "name=\"age\"><typeRef>number</typeRef>"
                "</itemComponent></itemDefinition><decision name=\"d\">" LITERAL(
                    "[{age: 1} instance of tP, {age: \"x\"} instance of tP, {} instance of "
                    "tP]") "</decision><decision name=\"tree\"><variable name=\"tree\" "
                           "typeRef=\"tT\"/>" LITERAL("{children: [{children: []}]}") "</"
                                                                                      "decisio"
                                                                                      "n>"
                                                                                      "<itemDe"
                                                                                      "finitio"
                                                                                      "n "
                                                                                      "name="
                                                                                      "\"tT\">"
                                                                                      "<itemCo"
                                                                                      "mponent"
                                                                                      " name="
                                                                                      "\"child"
                                                                                      "ren\" "
                                                                                      "isColle"
                                                                                      "ction="
                                                                                      "\"true"
                                                                                      "\"><"
                                                                                      "typeRef"
                                                                                      ">tT</"
                                                                                      "typeRef"
                                                                                      "></"
                                                                                      "itemCom"
                                                                                      "ponent>"
                                                                                      "</"
                                                                                      "itemDef"
                                                                                      "inition"
                                                                                      ">");
    assert_string_equal(evaluate(f, model, "d", "{}"), "[true, false, false]");
    assert_string_equal(evaluate(f, model, "tree", "{}"), "{children: [{children: []}]}");
}

static void test_inputs_of_json(void **state)
{
    Fixture *f = *state;
    const DmnModel *model =
        load(f, INPUT("a", "a", "date") INPUT("b", "b", "tL") INPUT(
                    "c", "c", "string") "<itemDefinition name=\"tL\" "
                                        "isCollection=\"true\"><itemComponent name=\"at\">"
                                        "<typeRef>time</typeRef></itemComponent></itemDefinition>");
    FeelValue read =
        dmn_read_inputs(model,
                        inputs_of(f, "{\"a\": \"2026-11-22\", \"b\": [{\"at\": \"08:00:00\"}, 5],"
                                     " \"c\": \"2026-11-22\", \"z\": \"2026-11-22\"}"),
                        f->arena);
    assert_int_equal(feel_member(read, "a")->kind, FEEL_DATE);
    assert_int_equal(feel_member(feel_item(*feel_member(read, "b"), 0), "at")->kind, FEEL_TIME);
    assert_int_equal(feel_item(*feel_member(read, "b"), 1).kind, FEEL_NUMBER);
    assert_int_equal(feel_member(read, "c")->kind, FEEL_STRING);
    assert_int_equal(feel_member(read, "z")->kind, FEEL_STRING);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static int64_t milliseconds_of(Fixture *f, const char *text, size_t length, const char *code)
{
    int64_t before;
    DmnSource source = {.name = "bad.dmn", .text = text, .length = length};
    f->err = ERROR_NONE;
    before = stopwatch_us();
    assert_null(dmn_load(f->arena, &source, NULL, &f->err));
    int64_t after = stopwatch_us();
    assert_string_equal(f->err.code, code);
    assert_string_equal(f->err.field, "bad.dmn");
    return (after - before) / 1000;
}

static void test_hostile_files_end_soon(void **state)
{
    Fixture *f = *state;
    static const char bomb[] = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                               "<definitions>&b;</definitions>";
    size_t huge = 50 * 1024 * 1024;
    char *spaces = arena_alloc(f->arena, huge);
    memset(spaces, ' ', huge);
    memcpy(spaces, "<definitions>", 13);
    assert_true(milliseconds_of(f, bomb, sizeof bomb - 1, "xml.doctype") < 1000);
    assert_true(milliseconds_of(f, spaces, huge, "xml.size") < 1000);
    Buffer deep = buffer_init(f->arena, 0);
    buffer_add(&deep, "<definitions xmlns=\"" MODEL "\"><decision name=\"d\">");
    for (int i = 0; i < 10000; i++)
        buffer_add(&deep, "<list>");
    assert_true(milliseconds_of(f, buffer_text(&deep), deep.length, "xml.depth") < 1000);
    assert_true(milliseconds_of(f, "<definitions xmlns=\"urn:x\"/>", 28, "dmn.namespace") < 1000);
}

static void test_endless_calls_end(void **state)
{
    Fixture *f = *state;
    const DmnModel *model = load(
        f,
        "<businessKnowledgeModel id=\"k\" name=\"k\"><variable name=\"k\"/><encapsulatedLogic>"
        "<formalParameter name=\"n\"/><context><contextEntry><variable name=\"x\"/>" LITERAL(
            "k(n + 1)") "</contextEntry></context></encapsulatedLogic><knowledgeRequirement>"
                        "<requiredKnowledge "
                        "href=\"#k\"/></knowledgeRequirement></businessKnowledgeModel>"
                        "<decision name=\"d\"><knowledgeRequirement><requiredKnowledge "
                        "href=\"#k\"/>"
                        "</knowledgeRequirement>" LITERAL(
                            "k(1)") "</decision>"
                                    "<decision id=\"o\" "
                                    "name=\"o\"><knowledgeRequirement><requiredKnowledge "
                                    "href=\"#s\"/>"
                                    "</knowledgeRequirement>" LITERAL(
                                        "s()") "</decision><decisionService id=\"s\" "
                                               "name=\"s\"><variable name=\"s\"/><outputDecision "
                                               "href=\"#o\"/></decisionService>");
    assert_true(text_starts_with(evaluate(f, model, "d", "{}"), "null "));
    assert_true(text_starts_with(evaluate(f, model, "o", "{}"), "null "));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_remarks),
        CASE(test_tables_anywhere_are_checked),
        CASE(test_large_tables),
        CASE(test_imports),
        CASE(test_missing_imports),
        CASE(test_all_versions_load),
        CASE(test_only_requirements_are_seen),
        CASE(test_services_and_knowledge_are_asked),
        CASE(test_item_types_in_feel),
        CASE(test_inputs_of_json),
        CASE(test_hostile_files_end_soon),
        CASE(test_endless_calls_end),
    };
    return cmocka_run_group_tests_name("dmn_check", tests, NULL, NULL);
}
