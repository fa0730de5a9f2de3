/*
 * dossier_cover_test.c - the tasks of somebody who is away: the other holder of his post takes them
 * up and finishes them in his own name, and the journal says for whom; nobody else may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/cover/cover.h"
#include "apps/dossier/dossier_hall_test.h"

typedef struct Away {
    Hall *hall;
    const User *who;
    Id made;
} Away;

static bool run_away(Tx *tx, void *data, Error *err)
{
    Away *it = data;
    Absence absence = {
        .from = date_of(2026, 11, 20), .to = date_of(2026, 11, 25), .reason = "trip"};
    return cover_note_absence(tx, &it->hall->app, it->who, &absence, &it->made, err);
}

static bool run_back(Tx *tx, void *data, Error *err)
{
    const Away *it = data;
    return cover_end_absence(tx, &it->hall->app, it->who, it->made, err);
}

/* A hotel under review whose task one officer has. */
static Id taken_hotel(Hall *hall)
{
    Id dossier = hall_accepted_hotel(hall);
    hall_assign(hall, &hall->health, hall_task(hall, dossier, "Task_review"), dossier_claim);
    return dossier;
}

static const char *refusal(Hall *hall, const User *who, Id dossier)
{
    HallWork it =
        hall_completion(hall, who, hall_task(hall, dossier, "Task_review"), "pass", "合格");
    return hall_refusal(hall, hall_run_work, &it, NULL);
}

static void test_b_finishes_for_a(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = taken_hotel(&hall);
    assert_string_equal(refusal(&hall, &hall.health2, dossier), "dossier.task_taken");
    Away away = {.hall = &hall, .who = &hall.health};
    hall_write(&hall, run_away, &away, "absence");
    hall_complete(&hall, &hall.health2, dossier, "Task_review", "pass", "合格");
    const Json *done = hall_step(&hall, dossier, "task_completed");
    assert_int_equal(json_id(done, "for"), hall.health.id);
    assert_int_equal(raw_number(&hall.raw, "SELECT completed_by FROM task WHERE element = "
                                           "'Task_review'"),
                     hall.health2.id);
    dossiers_agree(&hall);
    hall_end(&hall);
}

static void test_b_takes_it_up(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = taken_hotel(&hall);
    Away away = {.hall = &hall, .who = &hall.health};
    hall_write(&hall, run_away, &away, "absence");
    Id task = hall_task(&hall, dossier, "Task_review");
    hall_assign(&hall, &hall.health2, task, dossier_claim);
    assert_int_equal(hall_task_row(&hall, task).assignee, hall.health2.id);
    JournalEntries entries = hall_entries(&hall, dossier);
    const Json *data = hall_json(&hall, entries.items[entries.count - 1].data);
    assert_int_equal(json_id(data, "for"), hall.health.id);
    hall_end(&hall);
}

static void test_back_again(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = taken_hotel(&hall);
    Away away = {.hall = &hall, .who = &hall.health};
    hall_write(&hall, run_away, &away, "absence");
    hall_write(&hall, run_back, &away, "back");
    assert_string_equal(refusal(&hall, &hall.health2, dossier), "dossier.task_taken");
    hall_complete(&hall, &hall.health, dossier, "Task_review", "pass", "合格");
    assert_int_equal(json_id(hall_step(&hall, dossier, "task_completed"), "for"), 0);
    hall_end(&hall);
}

/* One who shares no post does not act, and another unit still knows of no task. */
static void test_nobody_else(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id dossier = taken_hotel(&hall);
    Away away = {.hall = &hall, .who = &hall.health};
    hall_write(&hall, run_away, &away, "absence");
    User third = hall.health2;
    third.id = hall.health2.id + 100000;
    assert_string_equal(refusal(&hall, &third, dossier), "dossier.task_taken");
    assert_string_equal(refusal(&hall, &hall.market, dossier), "dossier.unknown_task");
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_b_finishes_for_a),
        test_each_hall(test_b_takes_it_up),
        test_each_hall(test_back_again),
        test_each_hall(test_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
