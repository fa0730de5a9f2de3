/*
 * dossier_papers_test.c - which papers a command hands out and that they are told of; who may rate
 * by the receipt's token, and on which scale.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "apps/document/document.h"
#include "apps/dossier/dossier_hall_test.h"
#include "apps/dossier/dossier_rating.h"

/* "receipt acceptance": kinds in order. */
static const char *papers_of(Hall *hall, Id dossier)
{
    Error err = ERROR_NONE;
    Documents papers = {0};
    Buffer out = buffer_init(hall->arena, 0);
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(document_list(conn, &hall->app, hall->arena, dossier, &papers, &err));
    db_release(conn);
    list_each (Document, paper, &papers)
        buffer_printf(&out, "%s%s", out.length ? " " : "", paper->kind);
    return buffer_text(&out);
}

static void test_handed_out(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id refused = hall_file_hotel(&hall);
    assert_string_equal(papers_of(&hall, refused), "receipt");
    const Json *step = hall_step(&hall, refused, "document");
    assert_string_equal(json_text(step, "kind"), "receipt");
    assert_string_equal(json_text(step, "number"), "青溪收〔2026〕第000001号");
    hall_complete(&hall, &hall.window, refused, "Task_intake", "refuse", "不属于受理范围");
    assert_string_equal(papers_of(&hall, refused), "receipt non_acceptance");
    Id denied = hall_accepted_hotel(&hall);
    assert_string_equal(papers_of(&hall, denied), "receipt acceptance");
    hall_complete(&hall, &hall.health, denied, "Task_review", "pass", "合格");
    hall_complete(&hall, &hall.health, denied, "Task_decision", "deny", "不合格");
    assert_string_equal(papers_of(&hall, denied), "receipt acceptance denial");
    assert_string_equal(papers_of(&hall, hall_approved_trader(&hall)), "");
    hall_end(&hall);
}

/* Certificates have codes, each its own. */
static void test_codes_of_certificates(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    for (int i = 0; i < 3; i++)
        (void)hall_approved_trader(&hall);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(DISTINCT code) FROM certificate"), 3);
    assert_int_equal(raw_number(&hall.raw, "SELECT MIN(LENGTH(code)) FROM certificate"), 20);
    hall_end(&hall);
}

static void test_tokens(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    static const Id ids[] = {1, 42, INT64_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const char *token = rating_token(&hall.app, hall.arena, ids[i]);
        assert_int_equal(strlen(token), 42);
        assert_int_equal(rating_of_token(&hall.app, hall.arena, token), ids[i]);
        for (size_t k = 0; k < 42; k++) {
            char *wrong = arena_text(hall.arena, token);
            wrong[k] = wrong[k] == 'a' ? 'b' : 'a';
            assert_int_equal(rating_of_token(&hall.app, hall.arena, wrong), 0);
        }
    }
    static const char *const none[] = {"",
                                       "x",
                                       "000000000000000000000000000000000000000000",
                                       "ffffffffffffffffffffffffffffffffffffffffff",
                                       "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
                                       NULL};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(rating_of_token(&hall.app, hall.arena, none[i]), 0);
    hall_end(&hall);
}

typedef struct ByToken {
    Hall *hall;
    const User *user;
    const char *token;
    int64_t grade;
} ByToken;

static bool run_by_token(Tx *tx, void *data, Error *err)
{
    ByToken *it = data;
    return dossier_rate_by_token(tx, &it->hall->app, it->user, it->token, it->grade, NULL, err);
}

static const char *rated(Hall *hall, const User *user, Id dossier, int64_t grade)
{
    ByToken it = {hall, user, rating_token(&hall->app, hall->arena, dossier), grade};
    Error err = ERROR_NONE;
    return db_write(hall->test->db, hall->arena, run_by_token, &it, &err) ? "" : err.code;
}

static void test_rating(TestDb *test)
{
    Hall hall;
    User nobody = {0};
    hall_begin(&hall, test);
    Id open = hall_file_trader(&hall), done = hall_approved_trader(&hall);
    assert_string_equal(rated(&hall, &nobody, open, 1), "dossier.not_rateable");
    assert_string_equal(rated(&hall, &hall.market, done, 1), "rating.officer");
    assert_string_equal(rated(&hall, &hall.supervisor, done, 1), "rating.officer");
    assert_string_equal(rated(&hall, &nobody, done, 0), "input.not_a_choice");
    assert_string_equal(rated(&hall, &nobody, done, 6), "input.not_a_choice");
    assert_string_equal(rated(&hall, &nobody, 77, 1), "dossier.unknown");
    assert_string_equal(rated(&hall, &nobody, done, 2), "");
    assert_string_equal(rated(&hall, &hall.applicant, done, 1), "dossier.rated_already");
    assert_string_equal(raw_ask(&hall.raw, "SELECT grade, scale FROM rating"), "2|5");
    assert_string_equal(hall_last_steps(&hall, done), "dossier.rated:");
    hall_end(&hall);
}

static bool publish_three(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    Definition out;
    return definition_publish(tx, HALL_TENANT, "rating", "rating",
                              "{\"rating\":{\"grades\":[{\"name\":\"好\",\"name_en\":\"Good\"},"
                              "{\"name\":\"中\",\"name_en\":\"Fair\"},"
                              "{\"name\":\"差\",\"name_en\":\"Poor\"}]},\"en\":null}",
                              date_of(2024, 1, 1), NULL, &out, err) &&
           hall != NULL;
}

/* The scale is the pack's; what was rated on another keeps it. */
static void test_scale(TestDb *test)
{
    Hall hall;
    User nobody = {0};
    hall_begin(&hall, test);
    Id before = hall_approved_trader(&hall), after = hall_approved_trader(&hall);
    assert_string_equal(rated(&hall, &nobody, before, 5), "");
    hall_write(&hall, publish_three, &hall, "three grades");
    hall_forget(&hall);
    assert_string_equal(rated(&hall, &nobody, after, 4), "input.not_a_choice");
    assert_string_equal(rated(&hall, &nobody, after, 3), "");
    assert_string_equal(raw_ask(&hall.raw, "SELECT grade, scale FROM rating ORDER BY scale"),
                        "3|3\n5|5");
    hall_end(&hall);
}

static void test_faces(void **state)
{
    (void)state;
    static const char *const faces[][5] = {
        {"mood-happy", "mood-cry"},
        {"mood-happy", "mood-neutral", "mood-cry"},
        {"mood-happy", "mood-smile", "mood-sad", "mood-cry"},
        {"mood-happy", "mood-smile", "mood-neutral", "mood-sad", "mood-cry"}};
    for (size_t count = 2; count <= 5; count++)
        for (size_t i = 0; i < count; i++)
            if (i == 0 || i + 1 == count || count % 2 == 1)
                assert_string_equal(rating_icon(i, count), faces[count - 2][i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_handed_out), test_each_hall(test_codes_of_certificates),
        test_each_hall(test_tokens),     test_each_hall(test_rating),
        test_each_hall(test_scale),      cmocka_unit_test(test_faces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
