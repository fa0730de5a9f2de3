/*
 * dossier_rule_test.c - what the entry tells of a decision: the version and its day, inputs and
 * rules; and nothing of what is personal, nor what was made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* clang-format off */
#define INPUT(id, expression) \
    "<input id='" id "' label='" id "'><inputExpression id='E" id "'><text>" expression \
    "</text></inputExpression></input>"
#define CELL(id) "<inputEntry id='X" id "'><text>-</text></inputEntry>"
#define ROUTE_TABLE(output) \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='D' name='D' " \
    "namespace='test'><decision id='route' name='route'><decisionTable id='T'>" \
    INPUT("number", "answers.operator_id_number") \
    INPUT("year", "substring(answers.operator_id_number, 7, 4)") \
    INPUT("digits", "string length( answers.operator_phone )") \
    INPUT("name", "answers.business_name") \
    INPUT("both", "answers.premises_owned + answers.by_agent") \
    "<output id='O' name='way'/><annotation name='basis'/>" \
    "<rule id='R'>" CELL("1") CELL("2") CELL("3") CELL("4") CELL("5") \
    "<outputEntry id='Y'><text>" output "</text></outputEntry><annotationEntry>" \
    "<text>办法第三条</text></annotationEntry></rule></decisionTable></decision></definitions>"
/* clang-format on */

static const char process[] = "<startEvent id='S'/>" FLOW(
    "f1", "S", "Route") "<businessRuleTask id='Route'><extensionElements><zeebe:calledDecision "
                        "decisionId='ways/route' "
                        "resultVariable='way'/></extensionElements></businessRuleTask>" FLOW(
                            "f2", "Route", "A") USER_TASK("A", "")
                            FLOW("f3", "A", "E") "<endEvent id='E'/>";

static bool run_table(Tx *tx, void *data, Error *err)
{
    return hall_publish_one(tx, "table", "ways", data, err);
}

/* The entry that tells of the decision. */
static const Json *ruled(Hall *hall, const char *table)
{
    hall_write(hall, run_table, (void *)(uintptr_t)table, "ways");
    hall_forget(hall);
    hall_play(hall, "routed", process);
    const char *data =
        raw_ask(&hall->raw,
                "SELECT data FROM journal WHERE kind = 'dossier.filed' ORDER BY id DESC LIMIT 1");
    json_each (ruling, json_get(hall_json(hall, data), "rules"))
        if (text_equal(json_text(ruling, "decision"), "route"))
            return ruling;
    fail_msg("no decision in %s", data);
    return NULL;
}

static const Json *input_of(const Json *ruling, const char *id)
{
    json_each (input, json_get(ruling, "inputs"))
        if (text_equal(json_text(input, "id"), id))
            return input;
    fail_msg("no input %s", id);
    return NULL;
}

static void test_what_is_told(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    const Json *ruling = ruled(&hall, ROUTE_TABLE("\"counter\""));
    assert_string_equal(json_text(ruling, "table"), "ways");
    assert_string_equal(json_text(ruling, "step"), "ways/route");
    assert_string_equal(json_text(ruling, "binds"), "filed");
    assert_string_equal(json_text(ruling, "on"), "2026-11-20");
    assert_string_equal(json_text(ruling, "effective_from"), "2024-01-01");
    assert_string_equal(json_text(ruling, "output"), "counter");
    assert_string_equal(json_text(input_of(ruling, "name"), "value"), "小满茶饮店");
    assert_string_equal(json_text(input_of(ruling, "both"), "value"), "ownno");
    const Json *fired = json_get(ruling, "fired");
    assert_int_equal(fired->count, 1);
    json_each (rule, fired) {
        assert_int_equal(json_int(rule, "rule", 0), 1);
        assert_string_equal(json_text(rule, "basis"), "办法第三条");
    }
    hall_end(&hall);
}

static void test_nothing_personal(TestDb *test)
{
    static const char *const personal[] = {"number", "year", "digits"};
    Hall hall;
    way_begin(&hall, test);
    const Json *ruling = ruled(&hall, ROUTE_TABLE("answers.operator_phone"));
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++) {
        assert_true(json_bool(input_of(ruling, personal[i]), "is_personal", false));
        assert_null(json_get(input_of(ruling, personal[i]), "value"));
    }
    assert_true(json_bool(ruling, "is_personal", false));
    assert_null(json_get(ruling, "output"));
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT COUNT(*) FROM journal WHERE data LIKE '%%1949%%' "
                                "OR data LIKE '%%13912345678%%'"),
                        "0");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_what_is_told),
        test_each_hall(test_nothing_personal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
