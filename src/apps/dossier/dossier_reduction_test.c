/*
 * dossier_reduction_test.c - what a table of its own takes off a fee: by share or by amount, never
 * below nothing, never without ground and legal basis; and dossiers of the time before that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* clang-format off */
#define MODEL(decisions) \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='D' name='D' " \
    "namespace='test'>" decisions "</definitions>"
#define INPUT \
    "<input id='I'><inputExpression id='E'><text>answers.business_name</text></inputExpression>" \
    "</input>"
#define CELL(value) "<outputEntry><text>" value "</text></outputEntry>"
/* A decision with one rule: outputs, basis, cells. */
#define DECISION(name, outputs, basis, cells) \
    "<decision id='" name "' name='" name "'><decisionTable>" INPUT outputs \
    "<rule id='R'><description>" basis "</description><inputEntry><text>-</text></inputEntry>" \
    cells "</rule></decisionTable></decision>"
#define STANDARD(name, yuan) \
    DECISION(name, "<output name='amount' typeRef='number'/>", "价目一", CELL(yuan))
#define REDUCTION(ground, share, amount, basis) \
    MODEL(DECISION("off", "<output name='ground'/><output name='share'/><output name='amount'/>", \
                   basis, CELL(ground) CELL(share) CELL(amount)))

#define HEADER(key, value) "<zeebe:header key='" key "' value='" value "'/>"
#define REDUCED_BY(table) \
    HEADER("reduction_table", table) HEADER("reduction_decision", "off")
/* It waits for A before it is charged, and for B behind it. */
#define PROCESS(decision, reduced) \
    "<startEvent id='S'/>" FLOW("f1", "S", "Accept") SERVICE("Accept", "dossier.accept") \
    FLOW("f2", "Accept", "A") USER_TASK("A", "") FLOW("f3", "A", "Charge") \
    "<serviceTask id='Charge'><extensionElements><zeebe:taskDefinition type='fee.charge'/>" \
    "<zeebe:taskHeaders>" HEADER("table", "standards") HEADER("decision", decision) \
    HEADER("binds", "filed") reduced "</zeebe:taskHeaders></extensionElements></serviceTask>" \
    FLOW("f4", "Charge", "B") USER_TASK("B", "") FLOW("f5", "B", "E") "<endEvent id='E'/>"
/* clang-format on */

typedef struct TableText {
    const char *code;
    const char *text;
} TableText;

static bool run_table(Tx *tx, void *data, Error *err)
{
    const TableText *it = data;
    return hall_publish_one(tx, "table", it->code, it->text, err);
}

static void publish_table(Hall *hall, const char *code, const char *text)
{
    TableText it = {code, text};
    hall_write(hall, run_table, &it, code);
    hall_forget(hall);
}

static void publish_item(Hall *hall, const char *code, const char *process)
{
    HallItem it = {.hall = hall, .code = code, .process = process};
    hall_write(hall, hall_run_item, &it, code);
    hall_forget(hall);
}

static void charge(Hall *hall, Id dossier)
{
    hall_complete(hall, &hall->market, dossier, "A", "pass", "同意");
}

static const char *fee_of(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw,
                   "SELECT standard_fen, reduction_fen, amount_fen, state, basis, "
                   "COALESCE(reduction_ground, '-'), COALESCE(reduction_basis, '-') FROM fee "
                   "WHERE dossier = %lld",
                   (long long)dossier);
}

/* What the journal tells of the fee: its step. */
static const char *told(Hall *hall, Id dossier)
{
    const Json *step = hall_step(hall, dossier, "fee");
    const char *ground = json_text(step, "ground");
    return arena_printf(
        hall->arena, "%lld-%lld=%lld %s %s", (long long)json_int(step, "standard", -1),
        (long long)json_int(step, "reduction", -1), (long long)json_int(step, "amount", -1),
        json_text(step, "state"), ground ? ground : "-");
}

/* "fees:1 off:2": the decisions by table of the dossier's last entry, with their versions. */
static const char *asked(Hall *hall, Id dossier)
{
    JournalEntries entries = hall_entries(hall, dossier);
    const Json *data = hall_json(hall, entries.items[entries.count - 1].data);
    Buffer out = buffer_init(hall->arena, 0);
    json_each (rule, json_get(data, "rules"))
        buffer_printf(&out, "%s%s:%lld", out.length ? " " : "", json_text(rule, "decision"),
                      (long long)json_int(rule, "version", 0));
    return buffer_text(&out);
}

/* ---- what is taken off ----------------------------------------------------------------------- */

static void test_reduced(TestDb *test)
{
    static const struct {
        const char *reduction, *fee, *told;
    } cases[] = {
        {REDUCTION("\"残疾人\"", "0.5", "null", "文件一"),
         "8050|4025|4025|due|价目一|残疾人|文件一", "8050-4025=4025 due 残疾人"},
        /* a part of a fen is not asked for */
        {REDUCTION("\"残疾人\"", "1/3", "null", "文件一"),
         "8050|2684|5366|due|价目一|残疾人|文件一", "8050-2684=5366 due 残疾人"},
        {REDUCTION("\"低保\"", "1", "null", "文件二"), "8050|8050|0|waived|价目一|低保|文件二",
         "8050-8050=0 waived 低保"},
        {REDUCTION("\"困难\"", "null", "30.05", "文件三"), "8050|3005|5045|due|价目一|困难|文件三",
         "8050-3005=5045 due 困难"},
        /* never below nothing */
        {REDUCTION("\"困难\"", "null", "100", "文件三"), "8050|8050|0|waived|价目一|困难|文件三",
         "8050-8050=0 waived 困难"},
        /* a table may look at the standard */
        {REDUCTION("\"限额\"", "null", "fee_standard - 60", "文件四"),
         "8050|2050|6000|due|价目一|限额|文件四", "8050-2050=6000 due 限额"},
        {REDUCTION("null", "0", "null", "不减"), "8050|0|8050|due|价目一|-|-", "8050-0=8050 due -"},
        {REDUCTION("null", "null", "null", "不减"), "8050|0|8050|due|价目一|-|-",
         "8050-0=8050 due -"},
    };
    Hall hall;
    way_begin(&hall, test);
    publish_table(&hall, "standards", MODEL(STANDARD("fee", "80.50")));
    publish_item(&hall, "reduced", PROCESS("fee", REDUCED_BY("off")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        publish_table(&hall, "off", cases[i].reduction);
        Id dossier = hall_file(&hall, "reduced", TRADER_ANSWERS);
        charge(&hall, dossier);
        assert_string_equal(fee_of(&hall, dossier), cases[i].fee);
        assert_string_equal(told(&hall, dossier), cases[i].told);
        assert_int_not_equal(hall_task(&hall, dossier, "B"), 0);
    }
    dossiers_agree(&hall);
    hall_end(&hall);
}

/* What cannot be taken off is an incident, never a fee. */
static void test_not_to_be_taken_off(TestDb *test)
{
    static const char off[] = "fee.bad_reduction";
    static const struct {
        const char *reduction, *headers, *incident;
    } cases[] = {
        {REDUCTION("\"甲\"", "1.01", "null", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "-0.5", "null", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "\"half\"", "null", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "null", "-1", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "null", "0.005", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "0.5", "10", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("null", "0.5", "null", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"\"", "0.5", "null", "文件"), REDUCED_BY("off"), off},
        {REDUCTION("\"甲\"", "0.5", "null", ""), REDUCED_BY("off"), off},
        {MODEL("<decision id='off' name='off'><literalExpression><text>5</text>"
               "</literalExpression></decision>"),
         REDUCED_BY("off"), off},
        {MODEL(STANDARD("off", "1")), HEADER("reduction_table", "off"), "fee.no_reduction_table"},
        {MODEL(STANDARD("off", "1")), HEADER("reduction_decision", "off"),
         "fee.no_reduction_table"},
        {MODEL(STANDARD("off", "1")), REDUCED_BY("nowhere"), "catalogue.unknown"},
        {MODEL(STANDARD("other", "1")), REDUCED_BY("other"), "dmn.unknown_decision"},
    };
    Hall hall;
    size_t expected = 0;
    way_begin(&hall, test);
    publish_table(&hall, "standards", MODEL(STANDARD("fee", "80.50")));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *code = arena_printf(hall.arena, "bad-%zu", i);
        publish_table(&hall, strstr(cases[i].headers, "'other'") ? "other" : "off",
                      cases[i].reduction);
        publish_item(&hall, code, arena_printf(hall.arena, PROCESS("fee", "%s"), cases[i].headers));
        charge(&hall, hall_file(&hall, code, TRADER_ANSWERS));
        Incidents open = hall_incidents(&hall);
        assert_int_equal(open.count, ++expected);
        if (!text_equal(open.items[expected - 1].code, cases[i].incident))
            fail_msg("case %zu: %s", i, open.items[expected - 1].code);
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM fee"), 0);
    hall_end(&hall);
}

/* ---- versions -------------------------------------------------------------------------------- */

/* The row that waived the fee of some left the table of standards for one of its own, on the very
 * day from which the former holds: who was filed under the process of before keeps his fee. */
static void test_older_process_keeps_its_fee(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    publish_table(&hall, "standards", MODEL(STANDARD("fee", "if 1 = 1 then 0 else 80")));
    publish_item(&hall, "house", PROCESS("fee", ""));
    Id before = hall_file(&hall, "house", TRADER_ANSWERS);
    Id later = hall_file(&hall, "house", TRADER_ANSWERS);
    charge(&hall, before);

    publish_table(&hall, "standards", MODEL(STANDARD("standard", "80")));
    publish_table(&hall, "off", REDUCTION("\"小微企业\"", "0.25", "null", "文件一"));
    publish_item(&hall, "house", PROCESS("standard", REDUCED_BY("off")));
    Id after = hall_file(&hall, "house", TRADER_ANSWERS);
    charge(&hall, later);
    assert_string_equal(fee_of(&hall, later), "0|0|0|waived|价目一|-|-");
    assert_string_equal(fee_of(&hall, later), fee_of(&hall, before));
    assert_string_equal(asked(&hall, later), "fee:1");
    charge(&hall, after);
    assert_string_equal(fee_of(&hall, after), "8000|2000|6000|due|价目一|小微企业|文件一");
    assert_string_equal(asked(&hall, after), "standard:2 off:1");

    /* A standard that changes while the decision keeps its name changes for the new ones alone. */
    publish_table(&hall, "standards", MODEL(STANDARD("standard", "100")));
    Id newest = hall_file(&hall, "house", TRADER_ANSWERS);
    charge(&hall, newest);
    assert_string_equal(asked(&hall, newest), "standard:3 off:1");
    assert_string_equal(fee_of(&hall, after), "8000|2000|6000|due|价目一|小微企业|文件一");
    assert_int_equal(hall_incidents(&hall).count, 0);
    dossiers_agree(&hall);
    hall_end(&hall);
}

/* ---- every statement failing once ------------------------------------------------------------ */

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    publish_table(&hall, "standards", MODEL(STANDARD("fee", "80.50")));
    publish_table(&hall, "off", REDUCTION("\"残疾人\"", "0.5", "null", "文件一"));
    publish_item(&hall, "reduced", PROCESS("fee", REDUCED_BY("off")));
    Id dossier = hall_file(&hall, "reduced", TRADER_ANSWERS);
    HallWork it =
        hall_completion(&hall, &hall.market, hall_task(&hall, dossier, "A"), "pass", "同意");
    hall_fail_command(&hall, "a reduced fee", hall_run_work, &it, false, 6);
    assert_string_equal(fee_of(&hall, dossier), "8050|4025|4025|due|价目一|残疾人|文件一");
    dossiers_agree(&hall);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_reduced),
        test_each_hall(test_not_to_be_taken_off),
        test_each_hall(test_older_process_keeps_its_fee),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
