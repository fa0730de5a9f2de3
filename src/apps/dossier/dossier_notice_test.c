/*
 * dossier_notice_test.c - the one-time notice, before and after acceptance; the second one and its
 * approval; what an applicant mends; and every write of them with its n-th statement failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* ---- the first notice ------------------------------------------------------------------------ */

static void test_before_acceptance(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    assert_true(way_send(&hall, &hall.window, dossier, "Task_intake", -1, NULL));
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.notice_sent: notice waiting intake_due");
    assert_string_equal(way_waits(&hall, dossier), "supplement");
    assert_string_equal(hall_state(&hall, dossier), "filed intake");
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM clock_span"), 0);
    assert_string_equal(raw_ask(&hall.raw, "SELECT kind, code, missing, mend, "
                                           "COALESCE(was_visible, -1) FROM notice_line ORDER BY "
                                           "line LIMIT 1"),
                        "material|floor-plan|没有平面图|请上传平面图|-1");
    way_mend(&hall, dossier);
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.supplemented: waiting intake_due timer_set");
    assert_string_equal(way_waits(&hall, dossier), "-");
    hall_complete(&hall, &hall.window, dossier, "Task_intake", "accept", "材料齐全");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    hall_end(&hall);
}

static void test_after_acceptance_the_clock_stands(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_clock(&hall, WAY_NOV(23, 10));
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    assert_string_equal(way_steps(&hall, dossier), "dossier.notice_sent: notice waiting stopped");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|supplement");
    hall_clock(&hall, WAY_NOV(25, 10));
    way_mend(&hall, dossier);
    assert_string_equal(way_steps(&hall, dossier), "dossier.supplemented: waiting resumed due");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-08|-");
    hall_end(&hall);
}

/* What was mended: answers in the dossier and in the process, materials to be looked at again. */
static void test_what_a_supplement_changes(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    WaySupplement mended = way_supplement(&hall, dossier);
    mended.asked.note = "已补交";
    hall_write(&hall, way_run_supplement, &mended, "supplement");
    Dossier after = hall_dossier(&hall, dossier);
    assert_non_null(
        strstr(store_answers(&hall.app, hall.arena, &after, &err), "\"room_count\":24"));
    FeelValue variables = bpmn_variables(hall_instance(&hall, dossier), 0, true);
    int64_t rooms = 0;
    assert_true(
        feel_to_int64(*feel_member(*feel_member(variables, "answers"), "room_count"), &rooms));
    assert_int_equal(rooms, 24);
    Supplements all = {0};
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(store_supplements(conn, &hall.app, hall.arena, dossier, &all, &err));
    db_release(conn);
    assert_int_equal(all.count, 1);
    assert_string_equal(all.items[0].changes, "[{\"key\":\"room_count\",\"old\":20,\"new\":24}]");
    assert_string_equal(all.items[0].materials, "[\"floor-plan\"]");
    assert_string_equal(all.items[0].note, "已补交");
    assert_string_equal(raw_ask(&hall.raw, "SELECT is_brought, COALESCE(seen_by, 0) FROM "
                                           "dossier_material WHERE code = 'floor-plan'"),
                        "1|0");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state FROM notice"), "answered");
    hall_end(&hall);
}

/* Personal values stand nowhere in clear. */
static void test_changes_are_sealed(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    WaySupplement it = way_supplement(&hall, dossier);
    const char *other = "{\"unit_name\":\"青溪宾馆\",\"credit_code\":\"91350211M000100Y43\","
                        "\"address\":\"滨河路11号\",\"legal_name\":\"周知秋\",\"phone\":"
                        "\"13955556666\",\"room_count\":20,\"floor_area\":800,"
                        "\"air_conditioning\":\"split\",\"water_supply\":\"mains\"}";
    it.asked.answers = hall_json(&hall, other);
    it.asked.note = "电话改为13955556666";
    hall_write(&hall, way_run_supplement, &it, "supplement");
    const JournalEntries entries = hall_entries(&hall, dossier);
    assert_null(strstr(entries.items[entries.count - 1].data, "13955556666"));
    assert_non_null(strstr(entries.items[entries.count - 1].data, "\"fields\":[\"phone\"]"));
    assert_null(strstr(raw_ask(&hall.raw, "SELECT materials FROM supplement"), "13955556666"));
    hall_end(&hall);
}

/* ---- completing while the applicant is asked ------------------------------------------------- */

static void test_no_approval_meanwhile(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    HallWork it = hall_completion(&hall, &hall.health, hall_task(&hall, dossier, "Task_review"),
                                  "pass", "合格");
    way_expect_refusal(&hall, hall_run_work, &it, "dossier.waits_for_applicant");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "fail", "现场不合格");
    assert_string_equal(way_waits(&hall, dossier), "-");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state FROM notice"), "ended");
    assert_string_equal(way_clock(&hall, dossier), "2026-12-04|-");
    WaySupplement late = way_supplement(&hall, dossier);
    way_expect_refusal(&hall, way_run_supplement, &late, "dossier.not_asked");
    hall_end(&hall);
}

static void test_refusals(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    WayNotice good = way_notice(&hall, &hall.health, dossier, "Task_review", -1), it = good;
    it.who = &hall.market;
    way_expect_refusal(&hall, way_run_notice, &it, "dossier.unknown_task");
    it = good;
    it.asked.line_count = 0;
    way_expect_refusal(&hall, way_run_notice, &it, "notice.empty");
    it = good;
    it.lines[0].code = "nothing";
    way_expect_refusal(&hall, way_run_notice, &it, "notice.unknown_line");
    it = good;
    it.lines[1].kind = "thing";
    way_expect_refusal(&hall, way_run_notice, &it, "notice.unknown_line");
    it = good;
    it.lines[1].mend = "  ";
    way_expect_refusal(&hall, way_run_notice, &it, "notice.line");
    hall_write(&hall, way_run_notice, &good, "notice");
    way_expect_refusal(&hall, way_run_notice, &good, "notice.open_already");
    WaySupplement mended = way_supplement(&hall, dossier);
    mended.brought[0] = "nothing";
    way_expect_refusal(&hall, way_run_supplement, &mended, "supplement.unknown_material");
    hall_end(&hall);
}

/* ---- taking it back -------------------------------------------------------------------------- */

typedef struct TakingBack {
    Hall *hall;
    const User *who;
    Id notice;
    const char *why;
} TakingBack;

static bool run_taking_back(Tx *tx, void *data, Error *err)
{
    const TakingBack *it = data;
    return dossier_take_back_notice(tx, &it->hall->app, it->who, it->notice, it->why, err);
}

static void test_taken_back(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    TakingBack it = {.hall = &hall,
                     .who = &hall.market,
                     .notice = way_last_notice(&hall),
                     .why = "看错了材料，平面图已经交过"};
    way_expect_refusal(&hall, run_taking_back, &it, "notice.unknown");
    it.who = &hall.health;
    it.why = " ";
    way_expect_refusal(&hall, run_taking_back, &it, "notice.why_required");
    it.why = "看错了材料，平面图已经交过";
    hall_write(&hall, run_taking_back, &it, "dossier_take_back_notice");
    dossier_agrees(&hall, dossier);
    assert_string_equal(way_waits(&hall, dossier), "-");
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.notice_taken_back: notice_taken_back resumed waiting");
    assert_string_equal(
        raw_ask(&hall.raw, "SELECT state FROM notice WHERE taken_back_by = officer"), "taken_back");
    WaySupplement late = way_supplement(&hall, dossier);
    way_expect_refusal(&hall, way_run_supplement, &late, "dossier.not_asked");
    way_expect_refusal(&hall, run_taking_back, &it, "notice.not_open");
    /* It was told, so the next one is a second one all the same. */
    WayNotice next = way_notice(&hall, &hall.health, dossier, "Task_review", -1);
    way_expect_refusal(&hall, way_run_notice, &next, "notice.visible_required");
    hall_end(&hall);
}

static void test_answered_is_not_taken_back(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL);
    way_mend(&hall, dossier);
    TakingBack it = {
        .hall = &hall, .who = &hall.health, .notice = way_last_notice(&hall), .why = "不需要了"};
    way_expect_refusal(&hall, run_taking_back, &it, "notice.not_open");
    hall_end(&hall);
}

/* Each department examines for itself: what the window told is not what health told. */
static void test_first_of_each_department(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_file_hotel(&hall);
    assert_true(way_send(&hall, &hall.window, dossier, "Task_intake", -1, NULL));
    way_mend(&hall, dossier);
    hall_complete(&hall, &hall.window, dossier, "Task_intake", "accept", "材料齐全");
    assert_true(way_send(&hall, &hall.health, dossier, "Task_review", -1, NULL));
    assert_int_equal(json_int(hall_step(&hall, dossier, "notice"), "ordinal", 0), 1);
    way_mend(&hall, dossier);
    WayNotice again = way_notice(&hall, &hall.health, dossier, "Task_review", -1);
    way_expect_refusal(&hall, way_run_notice, &again, "notice.visible_required");
    hall_end(&hall);
}

/* ---- whose words an opinion is --------------------------------------------------------------- */

/* The form's own text never stands under another outcome than the one it speaks for. */
static void test_default_opinion(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    HallWork it = hall_completion(&hall, &hall.health, hall_task(&hall, dossier, "Task_review"),
                                  "fail", "经现场核查，符合要求。");
    it.completion.is_opinion_unchanged = true;
    it.completion.default_outcome = "pass";
    way_expect_refusal(&hall, hall_run_work, &it, "dossier.reason_own");
    it.completion.is_opinion_unchanged = false;
    it.completion.opinion = "现场不合格";
    hall_write(&hall, hall_run_work, &it, "own words");
    it = hall_completion(&hall, &hall.health2, hall_task(&hall, dossier, "Task_decision"),
                         "approve", "准予许可。");
    it.completion.is_opinion_unchanged = true;
    it.completion.default_outcome = "approve";
    if (it.completion.task)
        hall_write(&hall, hall_run_work, &it, "default for approval");
    hall_end(&hall);
}

/* Whatever the form's first option is: the text of a form is nobody's reason against somebody. */
static void test_default_opinion_against(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "现场符合要求。");
    HallWork it = hall_completion(&hall, &hall.health2, hall_task(&hall, dossier, "Task_decision"),
                                  "deny", "准予许可。");
    it.completion.is_opinion_unchanged = true;
    way_expect_refusal(&hall, hall_run_work, &it, "dossier.reason_own");
    it.completion.opinion = " ";
    it.completion.is_opinion_unchanged = false;
    way_expect_refusal(&hall, hall_run_work, &it, "dossier.reason_required");
    it.completion.opinion = "室内空气质量不合格。";
    hall_write(&hall, hall_run_work, &it, "own words");
    hall_end(&hall);
}

/* ---- the second notice ----------------------------------------------------------------------- */

/* Asked once and answered. */
static Id asked_before(Hall *hall)
{
    Id dossier = hall_accepted_hotel(hall);
    way_send(hall, &hall->health, dossier, "Task_review", -1, NULL);
    way_mend(hall, dossier);
    return dossier;
}

static void test_second_of_what_was_not_visible(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = asked_before(&hall);
    WayNotice unsaid = way_notice(&hall, &hall.health, dossier, "Task_review", -1);
    way_expect_refusal(&hall, way_run_notice, &unsaid, "notice.visible_required");
    assert_true(way_send(&hall, &hall.health, dossier, "Task_review", 0, NULL));
    assert_string_equal(way_waits(&hall, dossier), "supplement");
    assert_int_equal(json_int(hall_step(&hall, dossier, "notice"), "ordinal", 0), 2);
    hall_end(&hall);
}

static void test_second_of_what_was_visible(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = asked_before(&hall);
    WayNotice it = way_notice(&hall, &hall.health, dossier, "Task_review", 1);
    way_expect_refusal(&hall, way_run_notice, &it, "notice.reason_required");
    assert_false(way_send(&hall, &hall.health, dossier, "Task_review", 1, "第一次漏看了平面图"));
    assert_string_equal(way_steps(&hall, dossier), "dossier.notice_asked: second_notice");
    assert_string_equal(way_waits(&hall, dossier), "-");
    WayDecision decision = {
        .hall = &hall, .who = &hall.health, .notice = way_last_notice(&hall), .is_approved = true};
    way_expect_refusal(&hall, way_run_decision, &decision, "notice.own");
    decision.who = &hall.market;
    way_expect_refusal(&hall, way_run_decision, &decision, "notice.unknown");
    decision.who = &hall.health2;
    hall_write(&hall, way_run_decision, &decision, "approval");
    assert_string_equal(way_steps(&hall, dossier),
                        "dossier.notice_sent: second_notice waiting stopped");
    assert_int_equal(json_int(hall_step(&hall, dossier, "second_notice"), "visible", 0), 2);
    assert_string_equal(way_waits(&hall, dossier), "supplement");
    way_expect_refusal(&hall, way_run_decision, &decision, "notice.decided_already");
    way_mend(&hall, dossier);
    hall_end(&hall);
}

static void test_second_that_the_leader_refuses(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = asked_before(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", 1, "漏看");
    WayDecision decision = {.hall = &hall, .who = &hall.health2, .notice = way_last_notice(&hall)};
    way_expect_refusal(&hall, way_run_decision, &decision, "notice.words_required");
    decision.words = "请先核对已交材料";
    hall_write(&hall, way_run_decision, &decision, "refusal");
    assert_string_equal(way_steps(&hall, dossier), "dossier.notice_refused: second_notice");
    assert_string_equal(way_waits(&hall, dossier), "-");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    hall_end(&hall);
}

/* The leader's queue holds what waits for him, and only of his unit. */
static void test_queue(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    AskedNotices own = {0}, foreign = {0};
    way_begin(&hall, test);
    Id dossier = asked_before(&hall);
    way_send(&hall, &hall.health, dossier, "Task_review", 1, "漏看");
    DbConn *conn = db_reader(hall.test->db, &err);
    assert_true(
        store_notice_queue(conn, hall.arena, HALL_TENANT, hall.health.unit, 0, 10, &own, &err));
    assert_true(
        store_notice_queue(conn, hall.arena, HALL_TENANT, hall.market.unit, 0, 10, &foreign, &err));
    db_release(conn);
    assert_int_equal(own.count, 1);
    assert_string_equal(own.items[0].reason, "漏看");
    assert_int_equal(foreign.count, 0);
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    assert_string_equal(raw_ask(&hall.raw, "SELECT state FROM notice WHERE ordinal = 2"), "ended");
    hall_end(&hall);
}

/* ---- every statement failing once ------------------------------------------------------------ */

static bool attempt_waking(Hall *hall, void *data, Error *err)
{
    bool has_more;
    (void)data;
    return dossier_fire_timers(&hall->app, &has_more, err);
}

static void test_faults(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = hall_accepted_hotel(&hall);
    WayNotice first = way_notice(&hall, &hall.health, dossier, "Task_review", -1);
    hall_fail_command(&hall, "notice", way_run_notice, &first, false, 4);
    WaySupplement mended = way_supplement(&hall, dossier);
    hall_fail_command(&hall, "supplement", way_run_supplement, &mended, false, 4);
    WayNotice second = way_notice(&hall, &hall.health, dossier, "Task_review", 1);
    second.asked.reason = "漏看";
    hall_fail_command(&hall, "second notice", way_run_notice, &second, false, 4);
    WayDecision decision = {
        .hall = &hall, .who = &hall.health2, .notice = way_last_notice(&hall), .is_approved = true};
    hall_fail_command(&hall, "approval", way_run_decision, &decision, false, 4);
    HallWork against = hall_completion(&hall, &hall.health,
                                       hall_task(&hall, dossier, "Task_review"), "fail", "不合格");
    hall_fail_command(&hall, "completion against", hall_run_work, &against, false, 4);
    WaySuspension stop = way_suspension(&hall, &hall.health, dossier, "Task_decision", "survey");
    hall_fail_command(&hall, "suspend", way_run_suspension, &stop, false, 4);
    hall_clock(&hall, WAY_DEC(1, 9));
    assert_true(hall_fail_each(&hall, "waking", attempt_waking, NULL, false) > 4);
    stop.asked.ground = NULL;
    hall_fail_command(&hall, "resume", way_run_suspension, &stop, false, 4);
    WayWithdrawal gone = {.hall = &hall, .who = &hall.applicant, .dossier = dossier};
    hall_fail_command(&hall, "withdraw", way_run_withdrawal, &gone, false, 4);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_before_acceptance),
        test_each_hall(test_after_acceptance_the_clock_stands),
        test_each_hall(test_what_a_supplement_changes),
        test_each_hall(test_changes_are_sealed),
        test_each_hall(test_no_approval_meanwhile),
        test_each_hall(test_refusals),
        test_each_hall(test_taken_back),
        test_each_hall(test_answered_is_not_taken_back),
        test_each_hall(test_first_of_each_department),
        test_each_hall(test_default_opinion),
        test_each_hall(test_default_opinion_against),
        test_each_hall(test_second_of_what_was_not_visible),
        test_each_hall(test_second_of_what_was_visible),
        test_each_hall(test_second_that_the_leader_refuses),
        test_each_hall(test_queue),
        test_each_hall(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
