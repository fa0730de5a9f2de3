/*
 * dossier_incident_test.c - steps that cannot be done: each is an incident that an administrator
 * sees and mends, and the dossier goes on; nothing stands still unseen. Rows agree with the engine
 * after every command, also where several things happen in one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

#define TO_A  "<startEvent id='S'/>" FLOW("f1", "S", "A")
#define A_END FLOW("f9", "A", "E") "<endEvent id='E'/>"

/* ---- kinds of faults ------------------------------------------------------------------------- */

/* What the process is, what is wrong with it, and what mends it. */
static const struct {
    const char *code; /* of the item */
    const char *process;
    const char *incident;
    const char *element;
    const char *variables; /* that mend it; NULL: nothing does */
    const char *task;      /* open then; NULL: the process is over */
} faults[] = {
    {"unknown-unit", TO_A USER_TASK("A", FOR_UNIT("=[unit]")) A_END, "bpmn.assignment", "A",
     "{\"unit\":\"HEALTH\"}", "A"},
    {"no-such-unit",
     TO_A USER_TASK("A", FOR_UNIT("=[if unit = null then \"NOPE\" else unit]")) A_END,
     "dossier.unknown_unit", "A", "{\"unit\":\"HEALTH\"}", "A"},
    {"no-such-officer",
     TO_A USER_TASK("A", "<zeebe:assignmentDefinition assignee='=if who = null then \"x999\" else "
                         "who'/>") A_END,
     "dossier.unknown_officer", "A", "{\"who\":\"m002\"}", "A"},
    {"null-condition",
     TO_A "<exclusiveGateway id='A'/>" FLOW_IF("f2", "A", "B", "n > 1") FLOW_IF(
         "f3", "A", "E", "n &lt;= 1") USER_TASK("B", "") FLOW("f4", "B", "E") "<endEvent id='E'/>",
     "bpmn.condition", "A", "{\"n\":2}", "B"},
    {"no-flow",
     TO_A "<exclusiveGateway id='A'/>" FLOW_IF("f2", "A", "B", "ok = true") FLOW_IF(
         "f3", "A", "E", "ok = false") USER_TASK("B", "") FLOW("f4", "B", "E") "<endEvent id='E'/>",
     "bpmn.no_flow", "A", "{\"ok\":true}", "B"},
    {"unknown-service", TO_A SERVICE("A", "=if s = null then \"no.such\" else s") A_END,
     "dossier.unknown_service", "A", "{\"s\":\"dossier.accept\"}", NULL},
    {"approve-too-early", TO_A SERVICE("A", "=if s = null then \"dossier.approve\" else s") A_END,
     "dossier.not_accepted_yet", "A", "{\"s\":\"dossier.accept\"}", NULL},
    {"certificate-too-early",
     TO_A SERVICE("A", "=if s = null then \"certificate.issue\" else s") A_END,
     "certificate.not_approved", "A", "{\"s\":\"dossier.accept\"}", NULL},
    {"no-reason", TO_A SERVICE("A", "dossier.refuse") A_END, "dossier.reason_required", "A",
     "{\"opinion\":\"不属于受理范围\"}", NULL},
    {"unknown-table",
     TO_A "<businessRuleTask id='A'><extensionElements><zeebe:calledDecision "
          "decisionId='=if d = null then \"nothing\" else d' resultVariable='r'/>"
          "<zeebe:ioMapping><zeebe:input source='=item.code' target='item'/></zeebe:ioMapping>"
          "</extensionElements></businessRuleTask>" A_END,
     "bpmn.decision", "A", "{\"d\":\"limits\"}", NULL},
    {"bad-timer",
     TO_A "<intermediateCatchEvent id='A'>" TIMER("=wait") "</intermediateCatchEvent>" A_END,
     "bpmn.timer", "A", "{\"wait\":\"PT1H\"}", NULL},
};

static void expect_incident(Hall *hall, Id dossier, const char *code, const char *element)
{
    Error err = ERROR_NONE;
    DossierIncident shown;
    Incidents open = hall_incidents(hall);
    assert_int_equal(open.count, 1);
    if (!text_equal(open.items[0].code, code))
        fail_msg("%s instead of %s: %s", open.items[0].code, code, open.items[0].message);
    assert_string_equal(open.items[0].element, element);
    assert_int_equal(open.items[0].dossier, dossier);
    assert_string_not_equal(open.items[0].message, "");
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(dossier_incident(conn, hall->arena, HALL_TENANT, open.items[0].id, &shown, &err));
    db_release(conn);
    assert_string_equal(shown.number, hall_dossier(hall, dossier).number);
    assert_int_equal(raw_number(&hall->raw, "SELECT has_incident FROM supervised ORDER BY dossier "
                                            "DESC LIMIT 1"),
                     1);
}

static void mend_fault(Hall *hall, Id dossier, size_t i)
{
    Id incident = hall_incidents(hall).items[0].id;
    hall_mend(hall, incident, NULL); /* nothing was changed: it fails again */
    expect_incident(hall, dossier, faults[i].incident, faults[i].element);
    Id again = hall_incidents(hall).items[0].id;
    assert_int_not_equal(again, incident);
    hall_mend(hall, again, faults[i].variables);
    if (hall_incidents(hall).count)
        fail_msg("%s is not mended: %s", faults[i].code, hall_incidents(hall).items[0].message);
}

static void test_faults(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        Id dossier = hall_play(&hall, faults[i].code, faults[i].process);
        expect_incident(&hall, dossier, faults[i].incident, faults[i].element);
        assert_int_equal(hall_dossier(&hall, dossier).completed_at, INSTANT_NONE);
        mend_fault(&hall, dossier, i);
        hall_clock(&hall, clock_now(&test->clock) + HOUR_MS);
        hall_fire(&hall);
        bool is_over = hall_dossier(&hall, dossier).completed_at != INSTANT_NONE;
        assert_int_equal(is_over, faults[i].task == NULL);
        assert_true(is_over || hall_task(&hall, dossier, faults[i].task));
        assert_int_equal(raw_number(&hall.raw,
                                    "SELECT has_incident FROM supervised ORDER BY dossier DESC "
                                    "LIMIT 1"),
                         0);
    }
    hall_end(&hall);
}

/* Who mended it, and what the journal tells: ids that are there, and nothing else. */
static void test_what_is_told(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    DossierIncident shown;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "told", TO_A USER_TASK("A", FOR_UNIT("NOPE")) A_END);
    assert_string_equal(hall_last_steps(&hall, dossier), "dossier.filed: incident document");
    Id incident = hall_incidents(&hall).items[0].id;
    assert_int_equal(json_id(hall_step(&hall, dossier, "incident"), "incident"), incident);
    hall_mend(&hall, incident, NULL);
    assert_string_equal(hall_last_steps(&hall, dossier),
                        "incident.mended: incident_resolved incident");
    assert_int_equal(json_id(hall_step(&hall, dossier, "incident_resolved"), "incident"), incident);
    assert_string_equal(
        raw_ask(&hall.raw, "SELECT resolved_by FROM incident WHERE id = %lld", (long long)incident),
        arena_printf(hall.arena, "%lld", (long long)hall.admin.id));
    HallMending again = {.hall = &hall, .incident = incident};
    assert_string_equal(hall_refusal(&hall, hall_run_mending, &again, NULL),
                        "dossier.mended_already");
    again.incident = 12345;
    assert_string_equal(hall_refusal(&hall, hall_run_mending, &again, &err),
                        "dossier.unknown_incident");
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    DbConn *conn = db_reader(test->db, &err);
    err = ERROR_NONE;
    assert_false(dossier_incident(conn, hall.arena, HALL_TENANT, incident, &shown, &err));
    assert_string_equal(err.code, "dossier.mended_already");
    db_release(conn);
    hall_end(&hall);
}

/* ---- several at once ------------------------------------------------------------------------- */

/* A fork: one way cannot go on, the other ends everything, in one command. */
#define FORK(first, second)                                                                        \
    "<startEvent id='S'/>" FLOW("f0", "S", "T") USER_TASK("T", "")                                 \
        FLOW("f1", "T", "P") "<parallelGateway id='P'/>" FLOW("f2", "P", first) FLOW(              \
            "f3", "P", second) "<exclusiveGateway id='G'/>" FLOW_IF("f4", "G", "X", "n > 1")       \
            FLOW_IF("f5", "G", "Y", "n &lt; 1") "<endEvent id='X'/><endEvent id='Y'/><endEvent "   \
                                                "id='Z'><terminateEventDefinition/></endEvent>"

static void test_incident_that_ends_with_the_process(TestDb *test)
{
    static const char *const processes[] = {FORK("G", "Z"), FORK("Z", "G")};
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 2; i++) {
        Id dossier = hall_play(&hall, arena_printf(hall.arena, "fork-%zu", i), processes[i]);
        hall_complete(&hall, &hall.market, dossier, "T", NULL, NULL);
        assert_int_not_equal(hall_dossier(&hall, dossier).completed_at, INSTANT_NONE);
        assert_int_equal(hall_incidents(&hall).count, 0);
        assert_null(hall_step(&hall, dossier, "incident"));
    }
    assert_int_equal(raw_number(&hall.raw, "SELECT MAX(has_incident) FROM supervised"), 0);
    hall_end(&hall);
}

/* Tasks, timers and incidents that are there when everything is ended. */
static const char crowded_process[] = "<startEvent id='S'/>" FLOW(
    "f1", "S", "P") "<parallelGateway id='P'/>" FLOW("f2", "P", "A") FLOW("f3", "P", "B")
    FLOW("f4", "P", "C") FLOW("f5", "P", "W") USER_TASK("A", "") USER_TASK("B", "")
        USER_TASK("C", FOR_UNIT("NOPE")) "<intermediateCatchEvent id='W'>" TIMER(
            "P3D") "</intermediateCatchEvent>"
                   "<boundaryEvent id='R' attachedToRef='B'>" TIMER("P9D") "</boundaryEvent>" FLOW(
                       "f6", "A", "Z") FLOW("f7", "B", "E") FLOW("f8", "C", "E")
                       FLOW("f9", "W", "E")
                           FLOW("f10", "R", "E") "<endEvent id='E'/><endEvent "
                                                 "id='Z'><terminateEventDefinition/></endEvent>";

static void test_everything_ends_at_once(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "crowded", crowded_process);
    assert_int_equal(hall_incidents(&hall).count, 1);
    assert_int_not_equal(hall_task(&hall, dossier, "B"), 0);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, NULL);
    assert_string_equal(
        raw_ask(&hall.raw, "SELECT state, COUNT(*) FROM task GROUP BY state ORDER BY state"),
        "cancelled|1\ndone|1");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state, COUNT(*) FROM timer GROUP BY state"),
                        "cancelled|2");
    assert_int_equal(hall_incidents(&hall).count, 0);
    JournalEntries entries = hall_entries(&hall, dossier);
    const Json *data = hall_json(&hall, entries.items[entries.count - 1].data);
    json_each (step, json_get(data, "steps"))
        if (text_equal(json_text(step, "step"), "task_cancelled"))
            assert_int_not_equal(json_id(step, "task"), 0);
    hall_end(&hall);
}

/* A lane of officers: each item of a list is a task of its own, some of which cannot be given. */
static void test_one_of_several_fails(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(
        &hall, "several",
        TO_A "<userTask id='A'><extensionElements>" FOR_UNIT(
            "=[u]") "</extensionElements>"
                    "<multiInstanceLoopCharacteristics><extensionElements><zeebe:"
                    "loopCharacteristics "
                    "inputCollection='=[\"HALL\",\"NOPE\",\"MARKET\"]' inputElement='u'/>"
                    "</extensionElements></multiInstanceLoopCharacteristics></userTask>" A_END);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM task WHERE state = 'open'"), 2);
    hall_complete(&hall, &hall.window, dossier, "A", NULL, NULL);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, NULL);
    assert_int_equal(hall_dossier(&hall, dossier).completed_at, INSTANT_NONE);
    expect_incident(&hall, dossier, "dossier.unknown_unit", "A");
    hall_end(&hall);
}

static bool has_gone(Hall *hall, const char *login)
{
    raw_ask(&hall->raw, "UPDATE officer SET state = 'left' WHERE login = '%s'", login);
    return true;
}

/* An officer who left is nobody to give a task to. */
static void test_officer_who_left(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    const char *process = TO_A USER_TASK(
        "A", "<zeebe:assignmentDefinition assignee='=if who = null then \"m001\" else who'/>")
        A_END;
    Id first = hall_play(&hall, "assigned", process);
    assert_int_equal(hall_task_row(&hall, hall_task(&hall, first, "A")).assignee, hall.market.id);
    assert_true(has_gone(&hall, "m001"));
    Id second = hall_play(&hall, "assigned-2", process);
    expect_incident(&hall, second, "dossier.unknown_officer", "A");
    hall_mend(&hall, hall_incidents(&hall).items[0].id, "{\"who\":\"m002\"}");
    assert_int_equal(hall_task_row(&hall, hall_task(&hall, second, "A")).assignee, hall.market2.id);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_faults),
        test_each_hall(test_what_is_told),
        test_each_hall(test_incident_that_ends_with_the_process),
        test_each_hall(test_everything_ends_at_once),
        test_each_hall(test_one_of_several_fails),
        test_each_hall(test_officer_who_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
