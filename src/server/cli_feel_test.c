/* cli_feel_test.c - yimen feel: values, findings, exit codes. Runs in the process. */
#include "server/cli_feel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

enum { WORDS_MAX = 6 };

static const char holidays[] = "date,type,name\n2026-10-01,holiday,National Day\n"
                               "2026-10-02,holiday,National Day\n";

typedef struct Case {
    const char *words[WORDS_MAX];
    int code;
    const char *out; /* the whole output */
    const char *err; /* what the error output begins with; "" for none */
} Case;

static const Case CASES[] = {
    {{"1 + 1"}, 0, "2\n", ""},
    {{"-1"}, 0, "-1\n", ""},
    {{"\"a\""}, 0, "\"a\"\n", ""},
    {{"{a: [1, null, true], b: @\"2026-11-22\"}"},
     0,
     "{\"a\":[1,null,true],\"b\":\"2026-11-22\"}\n",
     ""},
    {{"null"}, 0, "null\n", ""},
    {{"1 + \"a\""}, 1, "null\n", "1:3: feel.operand: "},
    {{"1 +"}, 1, "null\n", "1:4: feel.syntax: "},
    {{"nobody"}, 1, "null\n", "1:1: feel.unknown_name: "},
    {{"1 +", "--json"}, 1, "null\n", "{\"code\":\"feel.syntax\",\"message\":\""},
    {{"1 / 0", "--json"}, 1, "null\n", "{\"code\":\"feel.division_by_zero\",\"message\":\""},
    {{"if 1 then 2 else 3"}, 0, "3\n", "1:4: feel.condition: "},
    {{"a + b", "--context", "{\"a\": 1, \"b\": 2}"}, 0, "3\n", ""},
    {{"--context={\"a b\": {\"c-d\": 5}}", "a b.c-d"}, 0, "5\n", ""},
    {{"a", "--context", "{\"a\": 0.1234567890123456789012345678901234}"},
     0,
     "0.1234567890123456789012345678901234\n",
     ""},
    {{"Größe * 2", "--context", "{\"Größe\": 21}"}, 0, "42\n", ""},
    {{"a", "--context", "{\"a\":"}, 1, "", "1:"},
    {{"a", "--context", "[1]"}, 1, "", "1:1: feel.context: "},
    {{"now() > @\"2020-01-01T00:00:00Z\""}, 0, "true\n", ""},
    {{"today().year > 2020"}, 0, "true\n", ""},
    {{"workdays.add(@\"2026-09-30\", 1)"}, 0, "\"2026-10-05\"\n", ""},
    {{"--", "--1"}, 0, "1\n", ""},
    {{"1", "2"}, 2, "", "feel: one expression is enough"},
    {{"1", "--fast"}, 2, "", "feel: unknown option"},
    {{"1", "--context"}, 2, "", "feel: JSON must follow"},
    {{NULL}, 2, "", "feel: an expression is missing"},
    {{"--help"}, 0, NULL, ""},
    {{"for i in 1..1000000000 return i"}, 1, "null\n", "1:"},
};

static void check(const Case *one)
{
    char *out = NULL, *err = NULL;
    size_t out_size, err_size;
    char *argv[WORDS_MAX + 1] = {(char *)(uintptr_t) "feel"};
    int argc = 1;
    for (; argc <= WORDS_MAX && one->words[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)one->words[argc - 1];
    FILE *out_file = open_memstream(&out, &out_size), *err_file = open_memstream(&err, &err_size);
    int code = cli_feel_run(argc, argv, holidays, strlen(holidays), out_file, err_file);
    fclose(out_file);
    fclose(err_file);
    const char *name = one->words[0] ? one->words[0] : "nothing";
    if (code != one->code)
        fail_msg("%s: exit %d, not %d: %s", name, code, one->code, err);
    if (one->out ? strcmp(out, one->out) != 0 : strncmp(out, "usage: ", 7) != 0)
        fail_msg("%s: printed %s", name, out);
    if (*one->err ? strncmp(err, one->err, strlen(one->err)) != 0 : *err != 0)
        fail_msg("%s: told %s", name, err);
    free(out);
    free(err);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        check(&CASES[i]);
}

/* What somebody types to hang the program is refused at once. */
static void test_nesting(void **state)
{
    (void)state;
    enum { DEPTH = 10000 };
    static char source[2 * DEPTH + 2];
    memset(source, '(', DEPTH);
    source[DEPTH] = '1';
    memset(source + DEPTH + 1, ')', DEPTH);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    check(&(Case){{source}, 1, "null\n", "1:201: feel.depth: "});
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
