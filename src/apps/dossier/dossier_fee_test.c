/*
 * dossier_fee_test.c - fees by table and their confirmation, letters of authorisation, withdrawal,
 * and a return from inside a parallel branch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* ---- fees ------------------------------------------------------------------------------------ */

#define FEE_TABLE(amount)                                                                          \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='D' name='D' "           \
    "namespace='test'><decision id='fee' name='fee'><decisionTable id='T'>"                        \
    "<input id='I'><inputExpression id='E'><text>answers.business_name</text></inputExpression>"   \
    "</input><output id='O' name='amount' typeRef='number'/><annotation name='basis'/>"            \
    "<rule id='R'><inputEntry id='X'><text>-</text></inputEntry><outputEntry id='Y'><text>" amount \
    "</text></outputEntry><annotationEntry><text>价目一</text></annotationEntry></rule>"        \
    "</decisionTable></decision></definitions>"

#define CHARGE(id, table)                                                                          \
    "<serviceTask id='" id "'><extensionElements><zeebe:taskDefinition type='fee.charge'/>"        \
    "<zeebe:taskHeaders><zeebe:header key='table' value='" table "'/><zeebe:header "               \
    "key='decision' value='fee'/></zeebe:taskHeaders></extensionElements></serviceTask>"

/* What is due goes to the collecting office, what is waived goes on. */
#define FEE_PROCESS(table)                                                                         \
    "<startEvent id='S'/>" FLOW("f1", "S", "Accept") SERVICE("Accept", "dossier.accept")           \
        FLOW("f2", "Accept", "Charge") CHARGE("Charge", table)                                     \
            FLOW("f3", "Charge", "G") "<exclusiveGateway id='G'/>" FLOW_IF(                        \
                "f4", "G", "Pay", "fee_amount &gt; 0") FLOW_IF("f5", "G", "A", "fee_amount = 0")   \
                USER_TASK("Pay", FOR_UNIT("HEALTH")) FLOW("f6", "Pay", "Confirm")                  \
                    SERVICE("Confirm", "fee.confirm") FLOW("f7", "Confirm", "A")                   \
                        USER_TASK("A", "") FLOW("f8", "A", "E") "<endEvent id='E'/>"

typedef struct FeeTable {
    const char *code;
    const char *text;
} FeeTable;

static bool run_table(Tx *tx, void *data, Error *err)
{
    const FeeTable *it = data;
    return hall_publish_one(tx, "table", it->code, it->text, err);
}

static Id play_fee(Hall *hall, const char *code, const char *table, const char *process)
{
    FeeTable it = {code, table};
    hall_write(hall, run_table, &it, code);
    return hall_play(hall, arena_printf(hall->arena, "%s-item", code), process);
}

static const char *fees(Hall *hall)
{
    return raw_ask(&hall->raw,
                   "SELECT amount_fen, state, basis, COALESCE(reference, '-') FROM fee");
}

static HallWork payment(Hall *hall, Id dossier, const char *values)
{
    HallWork it = hall_completion(hall, &hall->health, hall_task(hall, dossier, "Pay"), NULL, NULL);
    it.completion.values = hall_json(hall, values);
    return it;
}

static void test_charged_and_paid(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = play_fee(&hall, "some", FEE_TABLE("80.50"), FEE_PROCESS("some"));
    assert_string_equal(fees(&hall), "8050|due|价目一|-");
    assert_string_equal(way_steps(&hall, dossier), "dossier.filed: accepted fee task_created");
    HallWork it = payment(&hall, dossier, "{}");
    way_expect_refusal(&hall, hall_run_work, &it, "fee.reference_required");
    it = payment(&hall, dossier, "{\"payment_reference\":\"  \"}");
    way_expect_refusal(&hall, hall_run_work, &it, "fee.reference_required");
    it = payment(&hall, dossier, "{\"payment_reference\":\"20261120-0007\"}");
    hall_write(&hall, hall_run_work, &it, "pay");
    assert_string_equal(fees(&hall), "8050|paid|价目一|20261120-0007");
    assert_string_equal(way_steps(&hall, dossier),
                        "task.completed: task_completed fee task_created");
    assert_int_equal(raw_number(&hall.raw, "SELECT paid_by FROM fee"), hall.health.id);
    dossiers_agree(&hall);
    hall_end(&hall);
}

static void test_waived(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = play_fee(&hall, "none", FEE_TABLE("0"), FEE_PROCESS("none"));
    assert_string_equal(fees(&hall), "0|waived|价目一|-");
    assert_int_not_equal(hall_task(&hall, dossier, "A"), 0);
    hall_end(&hall);
}

/* What is no amount of money is an incident, never a fee. */
static void test_no_amount(TestDb *test)
{
    static const struct {
        const char *code, *table, *process, *incident;
    } cases[] = {
        {"negative", FEE_TABLE("-1"), FEE_PROCESS("negative"), "fee.amount"},
        {"split", FEE_TABLE("0.005"), FEE_PROCESS("split"), "fee.amount"},
        {"nothing", FEE_TABLE("null"), FEE_PROCESS("nothing"), "fee.amount"},
        {"absent", FEE_TABLE("1"), FEE_PROCESS("not-there"), "catalogue.unknown"},
    };
    Hall hall;
    way_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        play_fee(&hall, cases[i].code, cases[i].table, cases[i].process);
        Incidents open = hall_incidents(&hall);
        assert_int_equal(open.count, i + 1);
        assert_string_equal(open.items[i].code, cases[i].incident);
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM fee"), 0);
    hall_end(&hall);
}

/* ---- letters of authorisation ---------------------------------------------------------------- */

static const char letter_process[] = "<startEvent id='S'/>" FLOW("f1", "S", "A")
    USER_TASK("A", "<zeebe:properties><zeebe:property name='authorisation' value='required'/>"
                   "</zeebe:properties>") FLOW("f2", "A", "E") "<endEvent id='E'/>";

typedef struct LetterCase {
    Hall *hall;
    DossierLetter asked;
    Id id; /* to end */
} LetterCase;

static bool run_letter(Tx *tx, void *data, Error *err)
{
    const LetterCase *it = data;
    Id made;
    return dossier_authorise(tx, &it->hall->app, &it->hall->admin, &it->asked, &made, err);
}

static bool run_end(Tx *tx, void *data, Error *err)
{
    const LetterCase *it = data;
    return dossier_end_letter(tx, &it->hall->app, &it->hall->admin, it->id, err);
}

static Id last_letter(Hall *hall)
{
    return raw_number(&hall->raw, "SELECT MAX(id) FROM authorisation");
}

static LetterCase letter(Hall *hall, const char *login, const char *item, const char *element)
{
    return (LetterCase){.hall = hall,
                        .asked = {.login = login,
                                  .item = item,
                                  .element = element,
                                  .valid_from = date_of(2026, 11, 1),
                                  .valid_until = date_of(2026, 11, 20),
                                  .letter_no = "授〔2026〕3号"}};
}

static void test_letter_must_cover(TestDb *test)
{
    static const struct {
        const char *login, *item, *element;
        bool is_enough;
    } cases[] = {
        {"m002", "letter", "A", false}, /* another's */
        {"m001", "sole-trader", "*", false},
        {"m001", "letter", "B", false},
        {"m001", "*", "A", true},
    };
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_play(&hall, "letter", letter_process);
    HallWork it = hall_completion(&hall, &hall.market, hall_task(&hall, dossier, "A"), NULL, NULL);
    way_expect_refusal(&hall, hall_run_work, &it, "authorisation.missing");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        LetterCase one = letter(&hall, cases[i].login, cases[i].item, cases[i].element);
        hall_write(&hall, run_letter, &one, "letter");
        if (!cases[i].is_enough)
            way_expect_refusal(&hall, hall_run_work, &it, "authorisation.missing");
    }
    hall_clock(&hall, WAY_NOV(21, 0)); /* its last day is over */
    way_expect_refusal(&hall, hall_run_work, &it, "authorisation.missing");
    hall_clock(&hall, WAY_NOV(20, 23));
    hall_write(&hall, hall_run_work, &it, "complete");
    hall_end(&hall);
}

static void test_letters_end(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_play(&hall, "letter", letter_process);
    LetterCase one = letter(&hall, "m001", "letter", "*");
    hall_write(&hall, run_letter, &one, "letter");
    one.id = last_letter(&hall);
    hall_write(&hall, run_end, &one, "end");
    way_expect_refusal(&hall, run_end, &one, "authorisation.ended_already");
    HallWork it = hall_completion(&hall, &hall.market, hall_task(&hall, dossier, "A"), NULL, NULL);
    way_expect_refusal(&hall, hall_run_work, &it, "authorisation.missing");
    one = letter(&hall, "nobody", "*", "*");
    way_expect_refusal(&hall, run_letter, &one, "authorisation.unknown_officer");
    one = letter(&hall, "m001", "no-item", "*");
    way_expect_refusal(&hall, run_letter, &one, "catalogue.unknown_item");
    one = letter(&hall, "m001", "*", "*");
    one.asked.valid_from = date_of(2026, 12, 1);
    way_expect_refusal(&hall, run_letter, &one, "authorisation.dates");
    hall_end(&hall);
}

/* ---- withdrawal ------------------------------------------------------------------------------ */

static void test_withdrawal(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id filed = hall_file_hotel(&hall), dossier = hall_accepted_hotel(&hall);
    WayWithdrawal it = {.hall = &hall, .who = &hall.applicant2, .dossier = dossier};
    way_expect_refusal(&hall, way_run_withdrawal, &it, "dossier.unknown");
    it.who = &hall.applicant;
    it.reason = "改在别处开店";
    hall_write(&hall, way_run_withdrawal, &it, "withdraw");
    dossier_agrees(&hall, dossier);
    assert_string_equal(hall_state(&hall, dossier), "withdrawn closed");
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.withdrawn: withdrawn stage completed task_cancelled");
    assert_string_equal(json_text(hall_step(&hall, dossier, "completed"), "outcome"), "withdrawn");
    way_expect_refusal(&hall, way_run_withdrawal, &it, "dossier.withdrawn_already");
    it.dossier = filed;
    it.reason = NULL;
    hall_write(&hall, way_run_withdrawal, &it, "withdraw");
    dossier_agrees(&hall, filed);
    it.dossier = hall_approved_trader(&hall);
    way_expect_refusal(&hall, way_run_withdrawal, &it, "dossier.decided_already");
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM supervised WHERE is_open = 1"), 0);
    hall_end(&hall);
}

/* While a notice is open and the clock stands still, too: nothing is left open. */
static void test_withdrawal_while_asked(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    WayWithdrawal it = {.hall = &hall, .who = &hall.applicant, .dossier = dossier};
    hall_write(&hall, way_run_withdrawal, &it, "withdraw");
    dossier_agrees(&hall, dossier);
    assert_string_equal(way_waits(&hall, dossier), "-");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state FROM notice"), "ended");
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM clock_span WHERE to_at IS NULL"),
                     0);
    assert_string_equal(
        raw_ask(&hall.raw, "SELECT archive_number FROM dossier WHERE id = %lld",
                (long long)dossier),
        arena_printf(hall.arena, "2026-hotel-hygiene-%s", hall_dossier(&hall, dossier).number));
    hall_end(&hall);
}

/* ---- every statement failing once ------------------------------------------------------------ */

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    FeeTable table = {"some", FEE_TABLE("80.50")};
    hall_write(&hall, run_table, &table, "table");
    HallItem item = {.hall = &hall, .code = "some-item", .process = FEE_PROCESS("some")};
    hall_write(&hall, hall_run_item, &item, "item");
    HallFiling filing = hall_filing(&hall, "some-item", TRADER_ANSWERS);
    hall_fail_command(&hall, "filing with a fee", hall_run_filing, &filing, false, 8);
    HallWork paid = payment(&hall, filing.id, "{\"payment_reference\":\"7\"}");
    hall_fail_command(&hall, "payment", hall_run_work, &paid, false, 6);
    assert_string_equal(fees(&hall), "8050|paid|价目一|7");
    LetterCase one = letter(&hall, "m001", "some-item", "*");
    hall_fail_command(&hall, "a letter", run_letter, &one, false, 2);
    one.id = last_letter(&hall);
    hall_fail_command(&hall, "the end of a letter", run_end, &one, false, 2);
    hall_end(&hall);
}

/* ---- a return from inside a branch ----------------------------------------------------------- */

static const char branches[] =
    "<startEvent id='S'/>" FLOW("f1", "S", "Accept") SERVICE("Accept", "dossier.accept")
        FLOW("f2", "Accept", "Fork") "<parallelGateway id='Fork'/>" FLOW("f3", "Fork", "A")
            FLOW("f4", "Fork", "B") USER_TASK("A", "") USER_TASK("B", FOR_UNIT("HEALTH"))
                FLOW("f5", "A", "A2") USER_TASK("A2", "")
                    FLOW("f6", "A2", "G") "<exclusiveGateway id='G'/>" FLOW_IF(
                        "f7", "G", "A", "outcome = \"return\"")
                        FLOW_IF("f8", "G", "Join", "outcome = \"pass\"")
                            FLOW("f9", "B", "Join") "<parallelGateway id='Join'/>" FLOW("f10",
                                                                                        "Join", "C")
                                USER_TASK("C", "") FLOW("f11", "C", "E") "<endEvent id='E'/>";

/* The other branch stands as it stood, with what was done, asked and not counted in it. */
static void test_return_loses_nothing(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_play(&hall, "branches", branches);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_suspend(&hall, &hall.health, dossier, "B", "hearing");
    hall_complete(&hall, &hall.market, dossier, "A", "pass", "初审同意");
    hall_complete(&hall, &hall.market2, dossier, "A2", "return", "请补充核对");
    assert_int_not_equal(hall_task(&hall, dossier, "A"), 0);
    assert_int_not_equal(hall_task(&hall, dossier, "B"), 0);
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|hearing");
    hall_clock(&hall, WAY_NOV(24, 10));
    hall_complete(&hall, &hall.health, dossier, "B", "pass", "同意");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-07|-");
    hall_complete(&hall, &hall.market, dossier, "A", "pass", "已核对");
    assert_int_equal(hall_task(&hall, dossier, "C"), 0);
    hall_complete(&hall, &hall.market2, dossier, "A2", "pass", "同意");
    assert_int_not_equal(hall_task(&hall, dossier, "C"), 0);
    assert_string_equal(raw_ask(&hall.raw, "SELECT element, opinion FROM task WHERE state = 'done' "
                                           "ORDER BY completed_at, id"),
                        "A|初审同意\nA2|请补充核对\nB|同意\nA|已核对\nA2|同意");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_charged_and_paid),
        test_each_hall(test_waived),
        test_each_hall(test_no_amount),
        test_each_hall(test_letter_must_cover),
        test_each_hall(test_letters_end),
        test_each_hall(test_withdrawal),
        test_each_hall(test_withdrawal_while_asked),
        test_each_hall(test_faults),
        test_each_hall(test_return_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
