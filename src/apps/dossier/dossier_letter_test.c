/*
 * dossier_letter_test.c - who decides, on the real pack: what lies within the letters of
 * authorisation is for the chief representative who holds one, what lies beyond for the head of the
 * unit; which of the two it is, a decision table says of the answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_way_test.h"

/* clang-format off */
#define FOOD_ANSWERS(area, operation) \
    "{\"business_name\":\"小满茶饮店\",\"credit_code\":\"91350100M000100Y43\"," \
    "\"legal_name\":\"林小满\",\"phone\":\"13912345678\",\"address\":\"滨河路12号\"," \
    "\"floor_area\":" area ",\"business_form\":\"餐饮服务经营者\"," \
    "\"operations\":[\"" operation "\"],\"is_online\":\"no\",\"by_agent\":\"no\"}"
#define SIGN_ANSWERS(width) \
    "{\"business_name\":\"小满茶饮店\",\"credit_code\":\"91350100M000100Y43\"," \
    "\"legal_name\":\"林小满\",\"phone\":\"13912345678\",\"sign_kind\":\"招牌\"," \
    "\"address\":\"滨河路12号\",\"sign_width\":" width ",\"sign_height\":1,\"is_lit\":\"no\"," \
    "\"words\":\"小满茶饮\",\"premises_owned\":\"own\",\"by_agent\":\"no\"}"
#define LORRY_ANSWERS(mass) \
    "{\"unit_name\":\"青溪货运\",\"credit_code\":\"91350100M000100Y43\"," \
    "\"legal_name\":\"周知秋\",\"phone\":\"13912345679\",\"plate\":\"闽A12345\"," \
    "\"brand\":\"长风\",\"vehicle_kind\":\"普通货车\",\"gross_mass\":" mass "," \
    "\"is_new\":\"yes\",\"by_agent\":\"no\"}"
/* clang-format on */

typedef struct Scope {
    const char *item;
    const char *answers;
    const char *reviewer, *review; /* who reviews or inspects it, and with which outcome */
    const char *review_step;
    const char *representative, *leader;
    const char *step; /* that is open then */
} Scope;

#define FOOD  "m001", "decide", "Task_review", "m003", "m004"
#define SIGN  "c001", "pass", "Task_review", "c002", "c003"
#define LORRY "t002", "pass", "Task_inspect", "t001", "t002"

static const Scope within[] = {
    {"food-licence", FOOD_ANSWERS("500", "热食类食品制售"), FOOD, "Task_decision"},
    {"outdoor-ad", SIGN_ANSWERS("10"), SIGN, "Task_decision"},
    {"road-transport", LORRY_ANSWERS("40000"), LORRY, "Task_decision"},
};

static const Scope beyond[] = {
    {"food-licence", FOOD_ANSWERS("500.5", "热食类食品制售"), FOOD, "Task_leader"},
    {"food-licence", FOOD_ANSWERS("36", "生食类食品制售"), FOOD, "Task_leader"},
    {"outdoor-ad", SIGN_ANSWERS("10.01"), SIGN, "Task_leader"},
    {"road-transport", LORRY_ANSWERS("40001"), LORRY, "Task_leader"},
};

static Id reviewed(Hall *hall, const Scope *scope)
{
    Id dossier = hall_file(hall, scope->item, scope->answers);
    User reviewer = hall_officer(hall, scope->reviewer);
    hall_complete(hall, &hall->window, dossier, "Task_intake", "accept", "材料齐全");
    hall_complete(hall, &reviewer, dossier, scope->review_step, scope->review, "符合要求");
    return dossier;
}

/* One is refused and nothing is stored; then the other denies it. */
static void expect_decided(Hall *hall, const Scope *scope, const char *refused, const char *code,
                           const char *decides)
{
    Id dossier = reviewed(hall, scope);
    Id task = hall_task(hall, dossier, scope->step);
    User first = hall_officer(hall, refused), second = hall_officer(hall, decides);
    if (!task)
        fail_msg("%s: %s is not open", scope->item, scope->step);
    HallWork it = hall_completion(hall, &first, task, "deny", "不符合要求");
    way_expect_refusal(hall, hall_run_work, &it, code);
    hall_complete(hall, &second, dossier, scope->step, "deny", "不符合要求");
    assert_string_equal(hall_dossier(hall, dossier).state, "denied");
}

static void test_within_the_letter(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    for (size_t i = 0; i < sizeof within / sizeof within[0]; i++)
        expect_decided(&hall, &within[i], within[i].leader, "authorisation.missing",
                       within[i].representative);
    hall_end(&hall);
}

static void test_beyond_the_letter(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
        expect_decided(&hall, &beyond[i], beyond[i].representative, "authorisation.leader",
                       beyond[i].leader);
    hall_end(&hall);
}

static bool run_letter_for_all(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    Id made;
    DossierLetter asked = {.login = "m003",
                           .item = "*",
                           .element = "*",
                           .valid_from = date_of(2026, 11, 1),
                           .valid_until = date_of(2026, 11, 30),
                           .letter_no = "授〔2026〕9号"};
    return dossier_authorise(tx, &hall->app, &hall->admin, &asked, &made, err);
}

/* Neither a letter for everything nor the head of another department is enough. */
static void test_only_the_own_leader(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = reviewed(&hall, &beyond[0]);
    User elsewhere = hall_officer(&hall, "c003");
    Id task = hall_task(&hall, dossier, "Task_leader");
    hall_write(&hall, run_letter_for_all, &hall, "letter");
    User representative = hall_officer(&hall, "m003");
    HallWork it = hall_completion(&hall, &representative, task, "deny", "不符合要求");
    way_expect_refusal(&hall, hall_run_work, &it, "authorisation.leader");
    it = hall_completion(&hall, &elsewhere, task, "deny", "不符合要求");
    way_expect_refusal(&hall, hall_run_work, &it, "dossier.unknown_task");
    hall_end(&hall);
}

/* The journal keeps which rule said so, and on which answers. */
static void test_the_rule_is_kept(TestDb *test)
{
    Hall hall;
    way_begin(&hall, test);
    Id dossier = reviewed(&hall, &beyond[1]);
    JournalEntries entries = hall_entries(&hall, dossier);
    const Json *rule =
        json_get(hall_json(&hall, entries.items[entries.count - 1].data), "rules")->items[0];
    assert_string_equal(json_text(rule, "step"), "authorisation/food-licence-authority");
    assert_string_equal(json_text(rule, "output"), "leader");
    const Json *fired = json_get(rule, "fired");
    assert_int_equal(fired->count, 1);
    assert_string_equal(json_text(fired->items[0], "id"), "Rule_food_licence_authority_raw");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_within_the_letter),
        test_each_hall(test_beyond_the_letter),
        test_each_hall(test_only_the_own_leader),
        test_each_hall(test_the_rule_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
