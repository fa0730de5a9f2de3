/*
 * dossier_people_test.c - who acts on a dossier and who may follow it: rows and entries, the window
 * that took it in sees it, and all that is derived can be derived again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"
#include "apps/dossier/dossier_people_store.h"

typedef struct Naming {
    Hall *hall;
    Dossier dossier;
    DossierActor actor;
    Id unit;
} Naming;

static bool run_naming(Tx *tx, void *data, Error *err)
{
    Naming *it = data;
    Dossier dossier = it->dossier;
    return people_name(tx, &it->hall->app, &dossier, &it->actor, it->unit,
                       it->unit ? "officer" : "applicant", it->hall->window.id, err);
}

static bool attempt_naming(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_naming, data, err);
}

static bool may_follow(Hall *hall, Id dossier, const User *user)
{
    Error err = ERROR_NONE;
    bool may = false;
    Dossier one = hall_dossier(hall, dossier);
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_done = dossier_is_visible(conn, hall->arena, HALL_TENANT, &one, user, &may, &err);
    db_release(conn);
    if (!is_done)
        hall_fail("dossier_is_visible", &err);
    return may;
}

static const char *derived(Hall *hall)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(hall->arena, 0);
    if (!journal_dump_derived(hall->test->db, &out, &err))
        hall_fail("journal_dump_derived", &err);
    return buffer_text(&out);
}

/* The market bureau's dossier: the general window sees it once it has taken it in. */
static void test_taking_in(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int rebuilt;
    hall_begin(&hall, test);
    Id id = hall_file_trader(&hall);
    Naming it = {.hall = &hall,
                 .dossier = hall_dossier(&hall, id),
                 .actor = {.party = hall.applicant2.party,
                           .role = "guardian",
                           .name = "周知秋",
                           .valid_until = DATE_NONE},
                 .unit = hall.window.unit};
    assert_false(may_follow(&hall, id, &hall.window));
    hall_fail_each(&hall, "people_name", attempt_naming, &it, false);
    assert_true(may_follow(&hall, id, &hall.window));
    assert_true(may_follow(&hall, id, &hall.market));
    assert_false(may_follow(&hall, id, &hall.health));
    assert_string_equal(hall_last_steps(&hall, id), "dossier.taken_in:");
    hall_expect_versions(&hall, id);
    dossiers_agree(&hall);
    const char *before = derived(&hall);
    assert_true(journal_rebuild(test->db, NULL, true, &rebuilt, &err));
    assert_string_equal(derived(&hall), before);
    hall_end(&hall);
}

/* Who merely registered sees nothing by his name; a verified one sees what he acts on. */
static void test_following(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id id = hall_file_trader(&hall);
    Naming it = {.hall = &hall,
                 .dossier = hall_dossier(&hall, id),
                 .actor = {.party = hall.applicant2.party,
                           .role = "guardian",
                           .name = "周知秋",
                           .valid_until = DATE_NONE}};
    User verified = hall.applicant2, party = hall.applicant;
    verified.is_verified = true;
    assert_true(may_follow(&hall, id, &hall.applicant));
    assert_false(may_follow(&hall, id, &verified));
    hall_write(&hall, run_naming, &it, "people_name");
    assert_string_equal(hall_last_steps(&hall, id), "dossier.actor_named:");
    assert_true(may_follow(&hall, id, &verified));
    assert_false(may_follow(&hall, id, &hall.applicant2));
    raw_ask(&hall.raw, "UPDATE dossier SET account = NULL WHERE id = %lld", (long long)id);
    assert_false(may_follow(&hall, id, &party));
    party.is_verified = true;
    assert_true(may_follow(&hall, id, &party));
    hall_end(&hall);
}

/* Nobody came but the applicant, and no window: nothing is written. */
static void test_nobody(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id id = hall_file_trader(&hall);
    Naming it = {.hall = &hall, .dossier = hall_dossier(&hall, id)};
    const char *prints = raw_prints(&hall.raw);
    hall_write(&hall, run_naming, &it, "people_name");
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    hall_end(&hall);
}

static void test_cut_off(TestDb *test)
{
    Hall hall;
    hall_begin_empty(&hall, test);
    Mandate letters[] = {{.firm = 1, .revoked_at = 5},
                         {.firm = 1, .revoked_at = INSTANT_NONE},
                         {.firm = 2, .revoked_at = 5},
                         {.firm = 2, .revoked_at = 6},
                         {.firm = 3, .revoked_at = INSTANT_NONE}};
    Mandates list = {.items = letters, .count = 5};
    static const bool is_cut_off[] = {false, false, true, false, false};
    for (Id firm = 0; firm < 5; firm++)
        assert_int_equal(people_is_cut_off(&list, firm), is_cut_off[firm]);
    hall_end(&hall);
}

/* ---- taking back at a window ----------------------------------------------------------------- */

typedef struct TakingBack {
    Hall *hall;
    DossierWithdrawal asked;
} TakingBack;

static bool run_taking_back(Tx *tx, void *data, Error *err)
{
    TakingBack *it = data;
    return dossier_withdraw_for(tx, &it->hall->app, &it->hall->window, &it->asked, err);
}

/* Of an applicant without an account, for whom somebody acts by a letter to the end of 2026. */
static TakingBack taken_in(Hall *hall, Id filed)
{
    Naming it = {.hall = hall,
                 .dossier = hall_dossier(hall, filed),
                 .actor = {.party = hall->applicant2.party,
                           .role = "by_letter",
                           .name = "周知秋",
                           .letter_no = "委1",
                           .valid_until = date_of(2026, 12, 31)},
                 .unit = hall->window.unit};
    hall_write(hall, run_naming, &it, "people_name");
    return (TakingBack){.hall = hall,
                        .asked = {.dossier = filed,
                                  .reason = "不开店了",
                                  .party = hall->applicant.party,
                                  .how = "identity_document"}};
}

static void refuses(Hall *hall, TakingBack *it, const char *code)
{
    const char *told = hall_refusal(hall, run_taking_back, it, NULL);
    if (!text_equal(told, code))
        fail_msg("%s instead of %s", told ? told : "done", code);
}

static void test_taking_back(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id id = hall_file_trader(&hall);
    TakingBack it = taken_in(&hall, id);
    refuses(&hall, &it, "dossier.withdraw_online");
    raw_ask(&hall.raw, "UPDATE dossier SET account = NULL WHERE id = %lld", (long long)id);
    it.asked.how = "letter_and_document";
    refuses(&hall, &it, "withdrawal.how");
    it.asked.party = 4711;
    refuses(&hall, &it, "withdrawal.who");
    it.asked.party = hall.applicant2.party;
    hall_write(&hall, run_taking_back, &it, "dossier_withdraw_for");
    dossier_agrees(&hall, id);
    assert_string_equal(hall_state(&hall, id), "withdrawn closed");
    assert_string_equal(raw_ask(&hall.raw, "SELECT role, how FROM withdrawal"),
                        "by_letter|letter_and_document");
    JournalEntries entries = hall_entries(&hall, id);
    const JournalEntry *last = &entries.items[entries.count - 1];
    const Json *data = hall_json(&hall, last->data);
    assert_string_equal(last->kind, "dossier.withdrawn");
    assert_string_equal(last->actor_kind, "officer");
    assert_int_equal(last->actor, hall.window.id);
    assert_int_equal(json_id(data, "asked_by"), hall.applicant2.party);
    assert_string_equal(json_text(data, "how"), "letter_and_document");
    refuses(&hall, &it, "dossier.withdrawn_already");
    hall_end(&hall);
}

/* Who holds a letter that is over asks for nothing; the applicant himself still does. */
static void test_taking_back_late(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id id = hall_file_trader(&hall);
    TakingBack it = taken_in(&hall, id);
    raw_ask(&hall.raw, "UPDATE dossier SET account = NULL WHERE id = %lld", (long long)id);
    raw_ask(&hall.raw, "UPDATE dossier_agent SET valid_until = '2020-01-01'");
    it.asked.party = hall.applicant2.party;
    it.asked.how = "letter_and_document";
    refuses(&hall, &it, "identity.letter_past");
    it.asked.party = hall.applicant.party;
    it.asked.how = "identity_document";
    hall_write(&hall, run_taking_back, &it, "dossier_withdraw_for");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_taking_in),   test_each_hall(test_following),
        test_each_hall(test_nobody),      test_each_hall(test_cut_off),
        test_each_hall(test_taking_back), test_each_hall(test_taking_back_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
