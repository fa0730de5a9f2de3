/*
 * dossier_certificate_test.c - items with several certificates: all at once, one by one from
 * parallel branches, each with its own series and issuer, and none twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/dossier/dossier_hall_test.h"

/* clang-format off */
#define TWO_CERTIFICATES \
    "\"certificates\":[{\"code\":\"trade\",\"template\":\"business-licence\",\"series\":\"CA\"," \
    "\"title\":\"甲证\"},{\"code\":\"health\",\"template\":\"business-licence\",\"series\":\"CB\"," \
    "\"title\":\"乙证\",\"unit\":\"HEALTH\"}],"
#define TWO_CERTIFICATES_EN \
    "\"certificates\":{\"trade\":{\"title\":\"A\"},\"health\":{\"title\":\"B\"}},"
/* clang-format on */

#define ISSUE(id, part)                                                                            \
    "<serviceTask id='" id "'><extensionElements><zeebe:taskDefinition "                           \
    "type='certificate.issue'/><zeebe:taskHeaders><zeebe:header key='certificate' "                \
    "value='" part "'/></zeebe:taskHeaders></extensionElements></serviceTask>"

/* Accepted at once, decided in A; then what `rest` says goes on from flow f4 of Approve. */
#define DECIDED                                                                                    \
    "<startEvent id='S'/>" FLOW("f1", "S", "Accept") SERVICE("Accept", "dossier.accept")           \
        FLOW("f2", "Accept", "A") USER_TASK("A", "") FLOW("f3", "A", "Approve")                    \
            SERVICE("Approve", "dossier.approve")

static const char all_at_once[] = DECIDED FLOW("f4", "Approve", "Issue")
    SERVICE("Issue", "certificate.issue") FLOW("f5", "Issue", "E") "<endEvent id='E'/>";

static const char by_branch[] =
    DECIDED FLOW("f4", "Approve", "Fork") "<parallelGateway id='Fork'/>" FLOW("f5", "Fork", "One")
        FLOW("f6", "Fork", "B") ISSUE("One", "trade")
            FLOW("f7", "One", "E1") "<endEvent id='E1'/>" USER_TASK("B", "") FLOW("f8", "B", "Two")
                ISSUE("Two", "health") FLOW("f9", "Two", "C") USER_TASK("C", "")
                    FLOW("f10", "C", "Again") SERVICE("Again", "certificate.issue")
                        FLOW("f11", "Again", "E2") "<endEvent id='E2'/>";

static const char unknown_part[] = DECIDED FLOW("f4", "Approve", "Issue") ISSUE("Issue", "other")
    FLOW("f5", "Issue", "E") "<endEvent id='E'/>";

static Id play(Hall *hall, const char *code, const char *process)
{
    HallItem it = {.hall = hall,
                   .code = code,
                   .process = process,
                   .certificates = TWO_CERTIFICATES,
                   .certificates_en = TWO_CERTIFICATES_EN};
    hall_write(hall, hall_run_item, &it, code);
    return hall_file(hall, code, TRADER_ANSWERS);
}

static void expect_certificates(Hall *hall, const char *rows)
{
    assert_string_equal(raw_ask(&hall->raw,
                                "SELECT c.part, c.number, u.code FROM certificate c JOIN unit u ON "
                                "u.id = c.unit ORDER BY c.id"),
                        rows);
}

static void test_all_at_once(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = play(&hall, "two", all_at_once);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, "准予");
    expect_certificates(&hall, "trade|CA2026000001|MARKET\nhealth|CB2026000001|HEALTH");
    const Json *step = hall_step(&hall, dossier, "certificate");
    assert_string_equal(json_text(step, "part"), "trade");
    assert_int_equal(json_id(step, "unit"), hall.market.unit);
    hall_end(&hall);
}

/* What a branch has issued is not issued again. */
static void test_branch_by_branch(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = play(&hall, "branches", by_branch);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, "准予");
    expect_certificates(&hall, "trade|CA2026000001|MARKET");
    hall_complete(&hall, &hall.market, dossier, "B", NULL, NULL);
    expect_certificates(&hall, "trade|CA2026000001|MARKET\nhealth|CB2026000001|HEALTH");
    hall_complete(&hall, &hall.market, dossier, "C", NULL, NULL);
    expect_certificates(&hall, "trade|CA2026000001|MARKET\nhealth|CB2026000001|HEALTH");
    assert_string_equal(hall_state(&hall, dossier), "approved closed");
    hall_end(&hall);
}

static void test_unknown_part(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = play(&hall, "unknown-part", unknown_part);
    hall_complete(&hall, &hall.market, dossier, "A", NULL, "准予");
    Incidents open = hall_incidents(&hall);
    assert_int_equal(open.count, 1);
    assert_string_equal(open.items[0].code, "certificate.no_template");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_all_at_once),
        test_each_hall(test_branch_by_branch),
        test_each_hall(test_unknown_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
