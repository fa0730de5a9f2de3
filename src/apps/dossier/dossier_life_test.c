/*
 * dossier_life_test.c - the life of a dossier: who may do what, what it is called on the way, when
 * it is due, what the journal tells, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

/* ---- states, stages, steps ------------------------------------------------------------------- */

typedef struct Station {
    const char *who; /* login of an officer */
    const char *element;
    const char *outcome;
    const char *state;   /* and stage, afterwards */
    const char *steps;   /* of the journal's entry */
    const char *waiting; /* "element:unit" of the open tasks afterwards */
} Station;

static const Station trader_approved[] = {
    {"m001", "Task_decide", "approve", "approved closed",
     "task.completed: task_completed decided stage completed certificate", ""},
    {0},
};
static const Station trader_denied[] = {
    {"m002", "Task_decide", "deny", "denied closed",
     "task.completed: task_completed decided stage completed document", ""},
    {0},
};
static const Station hotel_approved[] = {
    {"w001", "Task_intake", "accept", "accepted review",
     "task.completed: task_completed accepted stage task_created document", "Task_review:HEALTH"},
    {"h001", "Task_review", "fail", "accepted decision",
     "task.completed: task_completed stage task_created", "Task_decision:HEALTH"},
    {"h002", "Task_decision", "approve", "approved closed",
     "task.completed: task_completed decided stage completed certificate service_due", ""},
    {0},
};
static const Station hotel_denied[] = {
    {"w002", "Task_intake", "accept", "accepted review",
     "task.completed: task_completed accepted stage task_created document", "Task_review:HEALTH"},
    {"h001", "Task_review", "pass", "accepted decision",
     "task.completed: task_completed stage task_created", "Task_decision:HEALTH"},
    {"h001", "Task_decision", "deny", "denied closed",
     "task.completed: task_completed decided stage completed document", ""},
    {0},
};
static const Station hotel_refused[] = {
    {"w001", "Task_intake", "refuse", "not_accepted closed",
     "task.completed: task_completed not_accepted stage completed document", ""},
    {0},
};

static const struct {
    const char *item;
    const char *answers;
    const char *filed; /* state and stage when filed */
    const char *steps;
    const char *waiting;
    const Station *stations;
} lives[] = {
    {"sole-trader", TRADER_ANSWERS, "accepted review", "dossier.filed: accepted stage task_created",
     "Task_decide:MARKET", trader_approved},
    {"sole-trader", TRADER_ANSWERS, "accepted review", "dossier.filed: accepted stage task_created",
     "Task_decide:MARKET", trader_denied},
    {"hotel-hygiene", HOTEL_ANSWERS, "filed intake",
     "dossier.filed: intake_due task_created timer_set document", "Task_intake:HALL",
     hotel_approved},
    {"hotel-hygiene", HOTEL_ANSWERS, "filed intake",
     "dossier.filed: intake_due task_created timer_set document", "Task_intake:HALL", hotel_denied},
    {"hotel-hygiene", HOTEL_ANSWERS, "filed intake",
     "dossier.filed: intake_due task_created timer_set document", "Task_intake:HALL",
     hotel_refused},
};

static void expect_now(Hall *hall, Id dossier, const char *state, const char *steps,
                       const char *waiting)
{
    assert_string_equal(hall_state(hall, dossier), state);
    assert_string_equal(hall_last_steps(hall, dossier), steps);
    const char *open = raw_ask(&hall->raw,
                               "SELECT t.element || ':' || u.code FROM task t JOIN unit u ON u.id "
                               "= t.unit WHERE t.state = 'open' AND t.dossier = %lld",
                               (long long)dossier);
    assert_string_equal(open, waiting);
}

static void test_lives(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        Id dossier = hall_file(&hall, lives[i].item, lives[i].answers);
        expect_now(&hall, dossier, lives[i].filed, lives[i].steps, lives[i].waiting);
        for (const Station *at = lives[i].stations; at->who; at++) {
            User who = hall_officer(&hall, at->who);
            hall_complete(&hall, &who, dossier, at->element, at->outcome, "意见如上");
            expect_now(&hall, dossier, at->state, at->steps, at->waiting);
        }
    }
    hall_end(&hall);
}

/* The members that docs promise for each step (README.md). */
static void test_steps_tell_everything(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    const Json *accepted = hall_step(&hall, dossier, "accepted");
    const Json *created = hall_step(&hall, dossier, "task_created");
    ClockRow clock;
    bool has_clock;
    clock = hall_clock_of(&hall, dossier, &has_clock);
    assert_true(has_clock);
    assert_int_equal(json_int(accepted, "at", 0), HALL_AT(HALL_FRIDAY, 10, 0));
    assert_int_equal(json_int(accepted, "due_at", 0), clock.due_at);
    assert_string_equal(json_text(accepted, "due_on"), "2026-12-04");
    assert_int_equal(json_get(accepted, "provisional_from")->kind, JSON_NULL);
    assert_int_equal(json_id(created, "task"), hall_task(&hall, dossier, "Task_review"));
    assert_int_equal(json_id(created, "unit"), hall.health.unit);
    assert_string_equal(json_text(created, "stage"), "review");
    assert_string_equal(json_text(created, "name"), "现场核查与审核");
    assert_int_equal(json_int(created, "due_at", 0), clock.due_at);
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_clock(&hall, HALL_AT(date_of(2026, 11, 25), 10, 0));
    hall_complete(&hall, &hall.health, dossier, "Task_decision", "approve", "准予");
    const Json *completed = hall_step(&hall, dossier, "completed");
    assert_string_equal(json_text(completed, "outcome"), "approved");
    assert_true(json_bool(completed, "accepted", false) && json_bool(completed, "on_time", false));
    assert_int_equal(json_int(completed, "used_millidays", -1), 3000);
    assert_int_equal(json_int(completed, "statutory_limit", -1), 20);
    assert_int_equal(json_int(completed, "promised_limit", -1), 10);
    assert_string_equal(json_text(completed, "limit_unit"), "working_days");
    assert_string_equal(json_text(hall_step(&hall, dossier, "certificate"), "number"),
                        "WS2026000001");
    hall_end(&hall);
}

static void test_late_is_not_on_time(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_trader(&hall);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 17, 31));
    hall_complete(&hall, &hall.market, dossier, "Task_decide", "approve", "准予");
    assert_false(json_bool(hall_step(&hall, dossier, "completed"), "on_time", true));
    hall_end(&hall);
}

/* ---- when it is due -------------------------------------------------------------------------- */

static const struct {
    const char *accepted_at;
    const char *due_on;
    const char *due_at;
    const char *provisional_from; /* "-" for none */
} promises[] = {
    {"2026-11-20T10:00:00+08:00", "2026-12-04", "2026-12-04T09:30:00.000Z", "-"},
    {"2026-11-20T17:29:59+08:00", "2026-12-04", "2026-12-04T09:30:00.000Z", "-"},
    {"2026-11-20T17:30:00+08:00", "2026-12-07", "2026-12-07T09:30:00.000Z", "-"},
    {"2026-11-20T21:00:00+08:00", "2026-12-07", "2026-12-07T09:30:00.000Z", "-"},
    {"2026-11-22T12:00:00+08:00", "2026-12-07", "2026-12-07T09:30:00.000Z", "-"},
    {"2026-11-23T08:00:00+08:00", "2026-12-07", "2026-12-07T09:30:00.000Z", "-"},
    {"2026-09-22T10:00:00+08:00", "2026-10-13", "2026-10-13T09:30:00.000Z", "-"},
    {"2026-12-25T10:00:00+08:00", "2027-01-11", "2027-01-11T09:30:00.000Z", "2027-01-01"},
};

static void test_promised_dates(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        Instant at, due_at;
        assert_true(instant_parse(promises[i].accepted_at, &at));
        assert_true(instant_parse(promises[i].due_at, &due_at));
        hall_clock(&hall, at);
        Id dossier = hall_accepted_hotel(&hall);
        const char *row = raw_ask(&hall.raw,
                                  "SELECT due_on, COALESCE(provisional_from, '-'), limit_amount, "
                                  "limit_unit FROM legal_clock WHERE dossier = %lld",
                                  (long long)dossier);
        assert_string_equal(row, arena_printf(hall.arena, "%s|%s|10|working_days",
                                              promises[i].due_on, promises[i].provisional_from));
        Task task = hall_task_row(&hall, hall_task(&hall, dossier, "Task_review"));
        assert_int_equal(task.due_at, due_at);
        assert_string_equal(
            raw_ask(&hall.raw,
                    "SELECT COUNT(*), MIN(due_at), MAX(due_at) FROM dossier_access WHERE dossier "
                    "= %lld",
                    (long long)dossier),
            arena_printf(hall.arena, "2|%lld|%lld", (long long)due_at, (long long)due_at));
    }
    hall_end(&hall);
}

/* A task's own due date holds; one without is due when the whole is, even when it was open before
 * there was a promise. */
static const char own_due_process[] =
    "<startEvent id='S'/>" FLOW("f1", "S", "P") "<parallelGateway id='P'/>" FLOW("f2", "P", "A")
        FLOW("f3", "P", "B") FLOW("f4", "P", "C") USER_TASK("A", "")
            USER_TASK("B", "<zeebe:taskSchedule dueDate='=duration(\"P1D\")'/>") USER_TASK("C", "")
                FLOW("f5", "A", "V") SERVICE("V", "dossier.accept") FLOW("f6", "V", "D")
                    USER_TASK("D", "") FLOW("f7", "D", "E") FLOW("f8", "B", "E")
                        FLOW("f9", "C", "E") "<endEvent id='E'/>";

static Instant due_of(Hall *hall, Id dossier, const char *element)
{
    return hall_task_row(hall, hall_task(hall, dossier, element)).due_at;
}

static void test_own_due_dates(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_play(&hall, "own-due", own_due_process);
    Instant own = HALL_AT(date_plus(HALL_FRIDAY, 1), 10, 0);
    assert_int_equal(due_of(&hall, dossier, "A"), INSTANT_NONE);
    assert_int_equal(due_of(&hall, dossier, "B"), own);
    assert_int_equal(due_of(&hall, dossier, "C"), INSTANT_NONE);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, NULL);
    Instant whole = HALL_AT(date_of(2026, 12, 4), 17, 30);
    assert_int_equal(due_of(&hall, dossier, "B"), own);
    assert_int_equal(due_of(&hall, dossier, "C"), whole);
    assert_int_equal(due_of(&hall, dossier, "D"), whole);
    hall_end(&hall);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void expect_refusal(Hall *hall, HallWork *it, const char *code, ErrorKind kind)
{
    Error err = ERROR_NONE;
    const char *said = hall_refusal(hall, hall_run_work, it, &err);
    if (!text_equal(said, code))
        fail_msg("\"%s\" instead of \"%s\"", said ? said : "done", code);
    assert_int_equal(err.kind, kind);
}

static void test_reasons(TestDb *test)
{
    static const char *const none[] = {NULL, "", "   ", "\n\t"};
    Hall hall;
    hall_begin(&hall, test);
    Id trader = hall_file_trader(&hall), hotel = hall_file_hotel(&hall);
    for (size_t i = 0; i < 4; i++) {
        HallWork deny = hall_completion(&hall, &hall.market,
                                        hall_task(&hall, trader, "Task_decide"), "deny", none[i]);
        HallWork refuse = hall_completion(
            &hall, &hall.window, hall_task(&hall, hotel, "Task_intake"), "refuse", none[i]);
        expect_refusal(&hall, &deny, "dossier.reason_required", ERROR_INVALID);
        expect_refusal(&hall, &refuse, "dossier.reason_required", ERROR_INVALID);
    }
    hall_complete(&hall, &hall.market, trader, "Task_decide", "deny", "场所不符合要求");
    assert_string_equal(hall_dossier(&hall, trader).decision_reason, "场所不符合要求");
    hall_end(&hall);
}

static void test_other_units(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    Id task = hall_task(&hall, dossier, "Task_intake");
    const User *const others[] = {&hall.market, &hall.health, &hall.supervisor, &hall.admin};
    for (size_t i = 0; i < 4; i++) {
        HallWork it = hall_completion(&hall, others[i], task, "accept", "好");
        expect_refusal(&hall, &it, "dossier.unknown_task", ERROR_NOT_FOUND);
        it.verb = dossier_claim;
        expect_refusal(&hall, &it, "dossier.unknown_task", ERROR_NOT_FOUND);
        it.verb = dossier_release;
        expect_refusal(&hall, &it, "dossier.unknown_task", ERROR_NOT_FOUND);
    }
    HallWork none = hall_completion(&hall, &hall.window, task + 1, "accept", "好");
    expect_refusal(&hall, &none, "dossier.unknown_task", ERROR_NOT_FOUND);
    hall_end(&hall);
}

static void test_taken_tasks(TestDb *test)
{
    static const HallTaskVerb verbs[] = {dossier_claim, dossier_release, NULL};
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    Id task = hall_task(&hall, dossier, "Task_intake");
    hall_assign(&hall, &hall.window, task, dossier_claim);
    int64_t version = hall_dossier(&hall, dossier).version;
    hall_assign(&hall, &hall.window, task, dossier_claim); /* mine already: nothing to tell */
    assert_int_equal(hall_dossier(&hall, dossier).version, version);
    for (size_t i = 0; i < 3; i++) {
        Error err = ERROR_NONE;
        HallWork it = hall_completion(&hall, &hall.window2, task, "accept", "好");
        it.verb = verbs[i];
        assert_string_equal(hall_refusal(&hall, hall_run_work, &it, &err), "dossier.task_taken");
        assert_int_equal(err.kind, ERROR_CONFLICT);
        assert_string_equal(err.with[0].name, "officer");
        assert_string_equal(err.with[0].value, "杜文溪 (Du Wenxi)");
    }
    hall_assign(&hall, &hall.window, task, dossier_release);
    hall_assign(&hall, &hall.window2, task, dossier_claim);
    hall_complete(&hall, &hall.window2, dossier, "Task_intake", "accept", "好");
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT kind FROM journal WHERE dossier = %lld ORDER BY version",
                                (long long)dossier),
                        "dossier.filed\ntask.claimed\ntask.released\ntask.claimed\n"
                        "task.completed");
    hall_end(&hall);
}

static void test_done_tasks(TestDb *test)
{
    static const HallTaskVerb verbs[] = {dossier_claim, dossier_release, NULL};
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = hall_file_trader(&hall);
    Id task = hall_task(&hall, dossier, "Task_decide");
    hall_complete(&hall, &hall.market, dossier, "Task_decide", "approve", "好");
    for (size_t i = 0; i < 3; i++) {
        HallWork it = hall_completion(&hall, &hall.market, task, "deny", "不");
        it.verb = verbs[i];
        expect_refusal(&hall, &it, "dossier.task_done", ERROR_CONFLICT);
    }
    assert_string_equal(raw_ask(&hall.raw,
                                "SELECT outcome, opinion, completed_by = %lld, assignee = %lld "
                                "FROM task WHERE id = %lld",
                                (long long)hall.market.id, (long long)hall.market.id,
                                (long long)task),
                        db_engine(test->db) == DB_SQLITE ? "approve|好|1|1" : "approve|好|t|t");
    hall_end(&hall);
}

static bool publish_changed_item(Tx *tx, void *data, Error *err)
{
    const Definition *now = data;
    Definition published;
    const char *content = arena_printf(tx_arena(tx), "%s ", now->content);
    return definition_publish(tx, HALL_TENANT, "item", now->code, content, now->effective_from,
                              NULL, &published, err);
}

/* The form was filled in for another version than the one in force now. */
static void test_item_that_changed(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Definition now;
    bool is_found;
    hall_begin(&hall, test);
    HallFiling filing = hall_filing(&hall, "sole-trader", TRADER_ANSWERS);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(definition_in_force(conn, hall.arena, HALL_TENANT, "item", "sole-trader",
                                    HALL_FRIDAY, &now, &is_found, &err));
    db_release(conn);
    Id before = hall_file_trader(&hall);
    hall_write(&hall, publish_changed_item, &now, "publish_changed_item");
    hall_forget(&hall);
    assert_string_equal(hall_refusal(&hall, hall_run_filing, &filing, &err),
                        "dossier.item_changed");
    assert_int_equal(err.kind, ERROR_CONFLICT);
    Id after = hall_file_trader(&hall);
    assert_true(hall_dossier(&hall, before).item_definition !=
                hall_dossier(&hall, after).item_definition);
    hall_complete(&hall, &hall.market, before, "Task_decide", "approve", "好");
    hall_end(&hall);
}

static void test_item_without_its_unit(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    HallItem item = {.hall = &hall,
                     .code = "no-unit",
                     .unit = "NOWHERE",
                     .process = "<startEvent id='S'/>" FLOW("f1", "S", "A") USER_TASK("A", "")};
    hall_write(&hall, hall_run_item, &item, "no-unit");
    HallFiling filing = hall_filing(&hall, "no-unit", TRADER_ANSWERS);
    assert_string_equal(hall_refusal(&hall, hall_run_filing, &filing, &err), "dossier.no_unit");
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_string_equal(err.with[0].value, "NOWHERE");
    hall_end(&hall);
}

/* ---- materials ------------------------------------------------------------------------------- */

static const struct {
    const char *air;
    const char *codes;
} asked_for[] = {
    {"split", "floor-plan|0\nhygiene-report|0\nhygiene-rules|1\nlegal-id|1"},
    {"none", "floor-plan|0\nhygiene-report|0\nhygiene-rules|1\nlegal-id|1"},
    {"central", "ac-report|0\nfloor-plan|0\nhygiene-report|0\nhygiene-rules|1\nlegal-id|1"},
};

static void test_materials(TestDb *test)
{
    static const char *const brought[] = {"legal-id", "hygiene-rules", "no-such-paper"};
    static const char *const seen[] = {"legal-id", "no-such-paper"};
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < 3; i++) {
        HallFiling it = hall_filing(
            &hall, "hotel-hygiene",
            arena_printf(hall.arena, "{\"air_conditioning\":\"%s\"}", asked_for[i].air));
        it.filing.brought = brought;
        it.filing.brought_count = 3;
        hall_write(&hall, hall_run_filing, &it, asked_for[i].air);
        assert_string_equal(raw_ask(&hall.raw,
                                    "SELECT code, is_brought FROM dossier_material WHERE dossier "
                                    "= %lld ORDER BY code",
                                    (long long)it.id),
                            asked_for[i].codes);
        HallWork work = hall_completion(&hall, &hall.window, hall_task(&hall, it.id, "Task_intake"),
                                        "accept", "齐全");
        work.completion.seen = seen;
        work.completion.seen_count = 2;
        hall_write(&hall, hall_run_work, &work, "accept");
        assert_string_equal(raw_ask(&hall.raw,
                                    "SELECT code, seen_by FROM dossier_material WHERE dossier = "
                                    "%lld AND seen_at IS NOT NULL",
                                    (long long)it.id),
                            arena_printf(hall.arena, "legal-id|%lld", (long long)hall.window.id));
    }
    hall_end(&hall);
}

/* ---- certificates, rating -------------------------------------------------------------------- */

static void test_certificate_numbers(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    for (int i = 0; i < 3; i++)
        hall_approved_trader(&hall);
    Id hotel = hall_accepted_hotel(&hall);
    hall_complete(&hall, &hall.health, hotel, "Task_review", "pass", "好");
    hall_complete(&hall, &hall.health, hotel, "Task_decision", "approve", "好");
    hall_clock(&hall, HALL_AT(date_of(2027, 1, 1), 0, 0)); /* a new year in China, not in UTC */
    hall_approved_trader(&hall);
    assert_string_equal(raw_ask(&hall.raw, "SELECT number FROM certificate ORDER BY id"),
                        "GT2026000001\nGT2026000002\nGT2026000003\nWS2026000001\nGT2027000001");
    hall_end(&hall);
}

typedef struct Opinion {
    Hall *hall;
    const User *who;
    const char *number;
    int64_t grade;
} Opinion;

static bool run_rating(Tx *tx, void *data, Error *err)
{
    const Opinion *it = data;
    return dossier_rate(tx, &it->hall->app, it->who, it->number, it->grade, NULL, err);
}

static void test_ratings(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Dossier open = hall_dossier(&hall, hall_file_trader(&hall));
    Dossier done = hall_dossier(&hall, hall_approved_trader(&hall));
    const struct {
        Opinion opinion;
        const char *code;
    } cases[] = {
        {{&hall, &hall.applicant, open.number, 5}, "dossier.not_rateable"},
        {{&hall, &hall.applicant2, done.number, 5}, "dossier.unknown"},
        {{&hall, &hall.applicant, "000000000000000000", 5}, "dossier.unknown"},
        {{&hall, &hall.applicant, done.number, 0}, "input.not_a_choice"},
        {{&hall, &hall.applicant, done.number, 6}, "input.not_a_choice"},
        {{&hall, &hall.applicant, done.number, 4}, NULL},
        {{&hall, &hall.applicant, done.number, 5}, "dossier.rated_already"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Opinion it = cases[i].opinion;
        const char *code = hall_refusal(&hall, run_rating, &it, NULL);
        if (!text_equal(code, cases[i].code))
            fail_msg("case %zu: %s", i, code ? code : "done");
    }
    assert_string_equal(hall_last_steps(&hall, done.id), "dossier.rated:");
    dossiers_agree(&hall);
    hall_end(&hall);
}

typedef struct Serving {
    Hall *hall;
    Id dossier;
} Serving;

static bool run_serving(Tx *tx, void *data, Error *err)
{
    const Serving *it = data;
    App *app = &it->hall->app;
    Dossier dossier;
    Certificate certificate;
    bool is_found;
    return dossier_by_id(tx_conn(tx), tx_arena(tx), HALL_TENANT, it->dossier, &dossier, err) &&
           store_certificate(tx_conn(tx), app, tx_arena(tx), it->dossier, NULL, &certificate,
                             &is_found, err) &&
           dossier_serve(tx, app, &it->hall->applicant, &dossier, certificate.id, err);
}

/* Fetching it again is no news. */
static void test_served_once(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Serving it = {.hall = &hall, .dossier = hall_approved_trader(&hall)};
    hall_write(&hall, run_serving, &it, "serve");
    const char *after = raw_prints(&hall.raw);
    hall_clock(&hall, HALL_AT(HALL_FRIDAY, 16, 0));
    hall_write(&hall, run_serving, &it, "serve again");
    assert_null(raw_difference(hall.arena, after, raw_prints(&hall.raw)));
    dossiers_agree(&hall);
    hall_end(&hall);
}

/* ---- who sees it ----------------------------------------------------------------------------- */

static void test_visibility(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Dossier dossier = hall_dossier(&hall, hall_accepted_hotel(&hall));
    User nobody = {0};
    const struct {
        const User *user;
        bool may_see;
    } cases[] = {
        {&hall.applicant, true}, {&hall.applicant2, false}, {&hall.window, true},
        {&hall.health, true},    {&hall.market, false},     {&hall.supervisor, true},
        {&hall.admin, false},    {&nobody, false},
    };
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool is_visible;
        assert_true(dossier_is_visible(conn, hall.arena, HALL_TENANT, &dossier, cases[i].user,
                                       &is_visible, &err));
        if (is_visible != cases[i].may_see)
            fail_msg("case %zu", i);
    }
    db_release(conn);
    hall_end(&hall);
}

/* What is personal is nowhere in clear, nor in the journal; it opens at its own place. */
static void test_secrets(TestDb *test)
{
    static const char *const secrets[] = {"11010519491231002X", "13912345678", "13800000001",
                                          "滨河路9号", "demo-2026"};
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Dossier dossier = hall_dossier(&hall, hall_approved_trader(&hall));
    hall_file_trader(&hall);
    const char *dump = raw_dump(&hall.raw);
    assert_non_null(strstr(dump, dossier.number)); /* so that the search would find something */
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        assert_null(strstr(dump, secrets[i]));
        assert_null(strstr(dump, text_hex(hall.arena, secrets[i], strlen(secrets[i]))));
    }
    const char *answers = store_answers(&hall.app, hall.arena, &dossier, &err);
    assert_string_equal(json_text(hall_json(&hall, answers), "operator_id_number"), secrets[0]);
    dossier.id++;
    assert_null(store_answers(&hall.app, hall.arena, &dossier, &err));
    assert_string_equal(err.code, "crypto.unreadable");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_lives),
        test_each_hall(test_steps_tell_everything),
        test_each_hall(test_late_is_not_on_time),
        test_each_hall(test_promised_dates),
        test_each_hall(test_own_due_dates),
        test_each_hall(test_reasons),
        test_each_hall(test_other_units),
        test_each_hall(test_taken_tasks),
        test_each_hall(test_done_tasks),
        test_each_hall(test_item_that_changed),
        test_each_hall(test_item_without_its_unit),
        test_each_hall(test_materials),
        test_each_hall(test_certificate_numbers),
        test_each_hall(test_ratings),
        test_each_hall(test_served_once),
        test_each_hall(test_visibility),
        test_each_hall(test_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
