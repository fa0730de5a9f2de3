/* cli_tck_test.c - yimen tck and yimen dmn: folders on disk, exit codes, rows. Runs in the process.
 */
#include "server/cli_tck.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/text.h"
#include "server/cli_dmn.h"
#include "server/dmn_folder.h"
#include "server/tck_file.h"

enum { WORDS_MAX = 9 };

#define MODEL "https://www.omg.org/spec/DMN/20230324/MODEL/"

static const char holidays[] = "date,type,name\n2026-10-01,holiday,National Day\n";

/* A model that imports another one, and a service. */
static const char model[] =
    "<definitions xmlns=\"" MODEL "\" namespace=\"urn:a\" name=\"a\">"
    "<import name=\"other\" namespace=\"urn:b\" importType=\"" MODEL "\"/>"
    "<inputData id=\"i\" name=\"amount\"><variable name=\"amount\" typeRef=\"number\"/></inputData>"
    "<inputData id=\"j\" name=\"day\"><variable name=\"day\" typeRef=\"date\"/></inputData>"
    "<decision id=\"d\" name=\"fee\">"
    "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>"
    "<knowledgeRequirement><requiredKnowledge href=\"urn:b#k\"/></knowledgeRequirement>"
    "<literalExpression><text>other.twice(amount)</text></literalExpression></decision>"
    "<decision id=\"y\" name=\"year\">"
    "<informationRequirement><requiredInput href=\"#j\"/></informationRequirement>"
    "<literalExpression><text>day.year</text></literalExpression></decision>"
    "<decision id=\"t\" name=\"table\">"
    "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>"
    "<decisionTable><input label=\"Amount\"><inputExpression><text>amount</text></inputExpression>"
    "</input><output name=\"o\"/><rule><description>small</description>"
    "<inputEntry><text>&lt; 10</text></inputEntry><outputEntry><text>\"s\"</text></outputEntry>"
    "</rule><rule><inputEntry><text>&gt; 10</text></inputEntry>"
    "<outputEntry><text>\"l\"</text></outputEntry></rule></decisionTable></decision>"
    "<decisionService id=\"s\" name=\"service\"><variable name=\"service\"/>"
    "<outputDecision href=\"#d\"/><outputDecision href=\"#t\"/><inputData href=\"#i\"/>"
    "</decisionService></definitions>";

static const char other[] =
    "<definitions xmlns=\"" MODEL "\" namespace=\"urn:b\" name=\"b\">"
    "<businessKnowledgeModel id=\"k\" name=\"twice\"><variable name=\"twice\"/><encapsulatedLogic>"
    "<formalParameter name=\"n\" typeRef=\"number\"/>"
    "<literalExpression><text>2 * n</text></literalExpression>"
    "</encapsulatedLogic>"
    "</businessKnowledgeModel></definitions>";

#define HEAD                                                                                       \
    "<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" "                          \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "                                     \
    "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><modelName>a.dmn</modelName>"

static const char cases[] =
    HEAD "<testCase id=\"1\">"
         "<inputNode name=\"amount\"><value xsi:type=\"xsd:decimal\">4</value></inputNode>"
         "<resultNode name=\"fee\">"
         "<expected><value xsi:type=\"xsd:decimal\">8.000000001</value></expected></resultNode>"
         "</testCase>"
         "<testCase id=\"2\" type=\"decisionService\" invocableName=\"service\">"
         "<inputNode name=\"amount\"><value xsi:type=\"xsd:decimal\">4</value></inputNode>"
         "<resultNode name=\"fee\">"
         "<expected><value xsi:type=\"xsd:decimal\">8</value></expected></resultNode>"
         "<resultNode name=\"table\">"
         "<expected><value xsi:type=\"xsd:string\">s</value></expected></resultNode>"
         "</testCase>"
         "<testCase id=\"3\">"
         "<inputNode name=\"amount\"><value xsi:type=\"xsd:string\">x</value></inputNode>"
         "<resultNode name=\"fee\" errorResult=\"true\">"
         "<expected><value xsi:nil=\"true\"/></expected></resultNode>"
         "</testCase></testCases>";

static const char failing[] =
    HEAD "<testCase id=\"wrong\">"
         "<inputNode name=\"amount\"><value xsi:type=\"xsd:decimal\">4</value></inputNode>"
         "<resultNode name=\"fee\">"
         "<expected><value xsi:type=\"xsd:decimal\">9</value></expected></resultNode>"
         "</testCase>"
         "<testCase id=\"no error\">"
         "<inputNode name=\"amount\"><value xsi:type=\"xsd:decimal\">4</value></inputNode>"
         "<resultNode name=\"fee\" errorResult=\"true\">"
         "<expected><value xsi:type=\"xsd:decimal\">8</value></expected></resultNode>"
         "</testCase>"
         "<testCase id=\"nobody\"><resultNode name=\"ghost\">"
         "<expected><value xsi:nil=\"true\"/></expected></resultNode>"
         "</testCase></testCases>";

typedef struct Fixture {
    Arena *arena;
    const char *folder;
    const char *out;
    const char *err;
} Fixture;

static void write_file(const Fixture *f, const char *name, const char *text)
{
    FILE *file = fopen(arena_printf(f->arena, "%s/%s", f->folder, name), "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const Fixture *f, const char *name)
{
    assert_int_equal(mkdir(arena_printf(f->arena, "%s/%s", f->folder, name), 0700), 0);
}

static int set_up(void **state)
{
    static Fixture fixture;
    char name[] = "/tmp/yimen-tck-XXXXXX";
    fixture = (Fixture){.arena = arena_create(0)};
    fixture.folder = arena_text(fixture.arena, mkdtemp(name) ? name : "");
    *state = &fixture;
    make_folder(&fixture, "0001-a");
    write_file(&fixture, "0001-a/a.dmn", model);
    write_file(&fixture, "0001-a/b.dmn", other);
    write_file(&fixture, "0001-a/a-test.xml", cases);
    return 0;
}

static void remove_all(Arena *arena, const char *path)
{
    const char **names;
    size_t count;
    if (folder_names(arena, path, &names, &count))
        for (size_t i = 0; i < count; i++)
            remove_all(arena, arena_printf(arena, "%s/%s", path, names[i]));
    (void)remove(path);
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    remove_all(fixture->arena, fixture->folder);
    arena_destroy(fixture->arena);
    return 0;
}

/* The words of a line; "%" stands for the folder of the test. */
static int run(Fixture *f, const char *const *words)
{
    char *argv[WORDS_MAX + 1] = {NULL}, *out = NULL, *err = NULL;
    size_t out_size, err_size;
    int argc = 0;
    for (; argc < WORDS_MAX && words[argc]; argc++)
        argv[argc] = words[argc][0] == '%'
                         ? arena_printf(f->arena, "%s%s", f->folder, words[argc] + 1)
                         : arena_text(f->arena, words[argc]);
    FILE *out_file = open_memstream(&out, &out_size), *err_file = open_memstream(&err, &err_size);
    int code = text_equal(argv[0], "tck")
                   ? cli_tck_run(argc, argv, out_file, err_file)
                   : cli_dmn_run(argc, argv, holidays, strlen(holidays), out_file, err_file);
    fclose(out_file);
    fclose(err_file);
    f->out = arena_text(f->arena, out);
    f->err = arena_text(f->arena, err);
    free(out);
    free(err);
    return code;
}
#define RUN(f, ...) run((f), (const char *const[]){__VA_ARGS__, NULL})

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

/* ---- tck ------------------------------------------------------------------------------------- */

static void test_all_pass(void **state)
{
    Fixture *f = *state;
    assert_int_equal(RUN(f, "tck", "%"), 0);
    assert_string_equal(f->out, "3 passed, 0 failed, 0 skipped\n");
    assert_string_equal(f->err, "");
}

static void test_failures_are_named(void **state)
{
    Fixture *f = *state;
    Error err = ERROR_NONE;
    size_t length;
    write_file(f, "0001-a/more.xml", failing);
    assert_int_equal(RUN(f, "tck", "%/0001-a/", "--csv", "%/rows.csv"), 1);
    has(f->out, "FAIL 0001-a case wrong, fee: expected 9, got 8\n");
    has(f->out, "FAIL 0001-a case no error, fee: expected 8 (error), got 8\n");
    has(f->out, "FAIL 0001-a case nobody, ghost: expected null, got dmn.unknown_decision\n");
    has(f->out, "3 passed, 3 failed, 0 skipped\n");
    const char *rows = folder_read(f->arena, arena_printf(f->arena, "%s/rows.csv", f->folder), 9999,
                                   &length, &err);
    assert_non_null(rows);
    assert_true(text_starts_with(rows, "folder,file,case,node,result,expected,got\r\n"));
    has(rows, "0001-a,a-test.xml,1,fee,passed,8.000000001,8\r\n");
    has(rows, "0001-a,a-test.xml,2,table,passed,s,s\r\n");
    has(rows, "0001-a,more.xml,wrong,fee,failed,9,8\r\n");
    has(rows, "0001-a,a-test.xml,3,fee,passed,null (error),");
}

static void test_other_folders(void **state)
{
    Fixture *f = *state;
    make_folder(f, "non-compliant");
    make_folder(f, "non-compliant/0002-b");
    write_file(f, "non-compliant/0002-b/b.xml", failing);
    make_folder(f, "0003-c");
    write_file(f, "0003-c/c.xml", failing);
    assert_int_equal(RUN(f, "tck", "%", "--only", "0001-a"), 0);
    assert_string_equal(f->out, "3 passed, 0 failed, 0 skipped\n");
    assert_int_equal(RUN(f, "tck", "%", "--only", "non-compliant"), 0);
    assert_string_equal(f->out, "0 passed, 0 failed, 3 skipped\n");
    assert_int_equal(RUN(f, "tck", "%"), 1);
    has(f->out, "got the model: dmn.file: No such file or directory");
    has(f->out, "3 passed, 3 failed, 3 skipped\n");
}

static void test_bad_files(void **state)
{
    Fixture *f = *state;
    write_file(f, "0001-a/bad.xml", "<testCases>");
    write_file(f, "0001-a/else.xml", "<project/>");
    assert_int_equal(RUN(f, "tck", "%"), 1);
    has(f->err, "0001-a/bad.xml: xml.syntax\n");
    has(f->out, "3 passed, 1 failed, 0 skipped\n");
    assert_int_equal(RUN(f, "tck", "%/nowhere"), 1);
    has(f->err, "nowhere: No such file or directory");
    assert_int_equal(RUN(f, "tck", "%", "--csv", "%/nowhere/x.csv"), 1);
}

static void test_tck_usage(void **state)
{
    Fixture *f = *state;
    assert_int_equal(RUN(f, "tck"), 2);
    assert_int_equal(RUN(f, "tck", "a", "b"), 2);
    assert_int_equal(RUN(f, "tck", "a", "--csv"), 2);
    assert_int_equal(RUN(f, "tck", "a", "--fast"), 2);
    assert_int_equal(RUN(f, "tck", "--help"), 0);
    has(f->out, "usage: yimen tck");
}

/* The kit itself, where it lies beside the project. */
static void test_shared_kit(void **state)
{
    Fixture *f = *state;
    if (access("../shared/tck", R_OK) != 0) {
        print_message("# skipped: the conformance kit does not lie beside the project\n");
        skip();
    }
    assert_int_equal(RUN(f, "tck", "../shared/tck"), 0);
    has(f->out, " passed, 0 failed, ");
}

static void test_values_are_compared(void **state)
{
    Fixture *f = *state;
    static const struct {
        const char *a, *b;
        bool is_same;
    } pairs[] = {
        {"1", "1.000000001", true},  {"1", "1.00000002", false},
        {"1", "\"1\"", false},       {"[1, 2]", "[1, 2]", true},
        {"[1, 2]", "[2, 1]", false}, {"[1]", "[1, 2]", false},
        {"{a: 1}", "{a: 1}", true},  {"{a: 1}", "{a: 1, b: 2}", false},
        {"null", "null", true},      {"{a: 1}", "{b: 1}", false},
        {"null", "false", false},    {"@\"P1D\"", "@\"PT24H\"", true},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        Error err = ERROR_NONE;
        FeelValue values[2];
        for (size_t k = 0; k < 2; k++) {
            const char *source = k ? pairs[i].b : pairs[i].a;
            FeelExpression *one = feel_compile(f->arena, source, FEEL_EXPRESSION, NULL, &err);
            assert_non_null(one);
            values[k] = feel_evaluate(one, NULL, f->arena, NULL);
        }
        if (tck_is_same(values[0], values[1]) != pairs[i].is_same)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
    }
}

/* ---- dmn ------------------------------------------------------------------------------------- */

static void test_dmn_answers(void **state)
{
    Fixture *f = *state;
    assert_int_equal(
        RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "fee", "--input", "{\"amount\": 21}"), 0);
    assert_string_equal(f->out, "42\n");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "year", "--input",
                         "{\"day\": \"2026-11-22\"}"),
                     0);
    assert_string_equal(f->out, "2026\n");
    assert_int_equal(
        RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "service", "--input", "{\"amount\": 3}"), 0);
    assert_string_equal(f->out, "{\"fee\":6,\"table\":\"s\"}\n");
    assert_int_equal(
        RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "fee", "--input", "{\"amount\": \"x\"}"), 1);
    assert_string_equal(f->out, "null\n");
    has(f->err, "a.dmn:1: amount: dmn.no_type: amount is x, which is no number\n");
}

static void test_dmn_explains(void **state)
{
    Fixture *f = *state;
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "t", "--input",
                         "{\"amount\": 3}", "--explain"),
                     0);
    assert_string_equal(f->out, "\"s\"\ntable (a.dmn:1): a table\n  input  Amount = 3\n"
                                "  rule 1 -> \"s\"  // small\n  result \"s\"\n");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "t", "--input",
                         "{\"amount\": 10}", "--explain", "--json"),
                     1);
    has(f->out, "{\"value\":null,\"findings\":[{\"code\":\"dmn.no_rule\"");
    has(f->out, "\"inputs\":[{\"name\":\"Amount\",\"value\":10}],\"rules\":[],\"result\":null}]}");
}

static void test_dmn_lists_and_checks(void **state)
{
    Fixture *f = *state;
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn"), 0);
    has(f->out, "input     amount : number  a.dmn:1\n");
    has(f->out, "decision  table (table, 2 rules)  a.dmn:1\n");
    has(f->out, "knowledge twice  b.dmn:1\n");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--check"), 1);
    has(f->out, "a.dmn:1: table: dmn.gap: no rule matches amount = 10\n");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/b.dmn", "--check"), 0);
    assert_string_equal(f->out, "nothing to remark\n");
}

static void test_dmn_refusals(void **state)
{
    Fixture *f = *state;
    assert_int_equal(RUN(f, "dmn", "%/0001-a/none.dmn"), 1);
    has(f->err, "dmn.file: No such file or directory");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a-test.xml"), 1);
    has(f->err, "dmn.no_decision: the root element is not <definitions>");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "ghost"), 1);
    has(f->err, "dmn.unknown_decision");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "fee", "--input", "[1]"), 1);
    has(f->err, "--input:1:1: dmn.input");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn", "--decision", "fee", "--input", "{"), 1);
    assert_int_equal(RUN(f, "dmn"), 2);
    assert_int_equal(RUN(f, "dmn", "a", "b"), 2);
    assert_int_equal(RUN(f, "dmn", "a", "--decision"), 2);
    assert_int_equal(RUN(f, "dmn", "a", "--loud"), 2);
    assert_int_equal(RUN(f, "dmn", "--help"), 0);
    write_file(f, "0001-a/b.dmn", "<definitions");
    assert_int_equal(RUN(f, "dmn", "%/0001-a/a.dmn"), 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(test_all_pass),
        CASE(test_failures_are_named),
        CASE(test_other_folders),
        CASE(test_bad_files),
        CASE(test_tck_usage),
        CASE(test_shared_kit),
        CASE(test_values_are_compared),
        CASE(test_dmn_answers),
        CASE(test_dmn_explains),
        CASE(test_dmn_lists_and_checks),
        CASE(test_dmn_refusals),
    };
    return cmocka_run_group_tests_name("cli_tck", tests, NULL, NULL);
}
