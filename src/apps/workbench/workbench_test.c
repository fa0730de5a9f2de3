/*
 * workbench_test.c - drafts and publications: who may overwrite whom, what is checked, and which
 * version is in force when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/workbench/workbench.h"
#include "test_hall.h"

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct Saving {
    Hall *hall;
    DefinitionFiles files;
    Id seen;
    Id revision;
} Saving;

static bool run_save(Tx *tx, void *data, Error *err)
{
    Saving *it = data;
    return workbench_save(tx, &it->hall->app, &it->hall->admin, &it->files, it->seen, &it->revision,
                          err);
}

static bool attempt_save(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_save, data, err);
}

typedef struct Publishing {
    Hall *hall;
    Publication what;
    Definition out;
} Publishing;

static bool run_publish(Tx *tx, void *data, Error *err)
{
    Publishing *it = data;
    return workbench_publish(tx, &it->hall->app, &it->hall->admin, &it->what, &it->out, err);
}

static bool attempt_publish(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_publish, data, err);
}

static Id newest_of(Hall *hall)
{
    Error err = ERROR_NONE;
    Id newest = 0;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(definition_newest_id(conn, HALL_TENANT, &newest, &err));
    db_release(conn);
    return newest;
}

/* ---- reading --------------------------------------------------------------------------------- */

static Definition in_force(Hall *hall, const char *kind, const char *code, Date day)
{
    Error err = ERROR_NONE;
    Definition found = {0};
    bool is_found;
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(definition_in_force(conn, hall->arena, HALL_TENANT, kind, code, day, &found,
                                    &is_found, &err));
    db_release(conn);
    assert_true(is_found);
    return found;
}

static DefinitionFiles files_of(Hall *hall, const char *kind, const char *code)
{
    Error err = ERROR_NONE;
    DefinitionFiles files;
    Definition one = in_force(hall, kind, code, HALL_FRIDAY);
    if (!catalogue_files(hall->arena, &one, &files, &err))
        hall_fail("catalogue_files", &err);
    return files;
}

static Error check(Hall *hall, const DefinitionFiles *files)
{
    Error problems = ERROR_NONE;
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(hall->test->db, &err);
    DefinitionSet set = {0};
    list_add(hall->arena, &set, *files);
    bool is_right = catalogue_check_files(&hall->app, conn, hall->arena, &set,
                                          (DefinitionScope){date_of(2026, 12, 1), ""}, &problems);
    db_release(conn);
    assert_int_equal(is_right, !error_is_set(&problems));
    return problems;
}

static const char *replaced(Hall *hall, const char *text, const char *what, const char *by)
{
    const char *at = strstr(text, what);
    if (!at)
        fail_msg("no %s", what);
    return arena_printf(hall->arena, "%.*s%s%s", (int)(at - text), text, by, at + strlen(what));
}

/* ---- files ----------------------------------------------------------------------------------- */

/* What comes out is byte for byte what the pack has, and every definition passes its own check. */
static void test_files_as_they_are(TestDb *test)
{
    static const struct {
        const char *kind, *code, *file, *english;
    } cases[] = {
        {"item", "food-licence", "items/food-licence.json", "items/food-licence.en.json"},
        {"table", "fees", "tables/fees.dmn", "tables/fees.en.json"},
        {"form", "intake", "forms/intake.json", "forms/intake.en.json"},
        {"process", "homestead", "processes/homestead.bpmn", "processes/homestead.en.json"},
        {"template", "sign-permit", "templates/sign-permit.html", NULL},
        {"grounds", "grounds", "grounds.json", NULL},
        {"papers", "papers", "papers.json", NULL},
        {"rating", "rating", "rating.json", NULL},
        {"scenario", "fees", "scenarios/fees.feature", NULL},
    };
    Hall hall;
    hall_begin(&hall, test);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DefinitionFiles files = files_of(&hall, cases[i].kind, cases[i].code);
        const char *path = arena_printf(hall.arena, "packs/service-hall/%s", cases[i].file);
        assert_string_equal(files.source, hall_read(hall.arena, path));
        assert_int_equal(files.english != NULL, cases[i].english != NULL);
        if (cases[i].english)
            assert_string_equal(
                files.english,
                hall_read(hall.arena,
                          arena_printf(hall.arena, "packs/service-hall/%s", cases[i].english)));
        Error problems = check(&hall, &files);
        if (error_is_set(&problems))
            hall_fail(cases[i].file, &problems);
    }
    hall_end(&hall);
}

static size_t count_of(const Error *problems)
{
    size_t count = 0;
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        count++;
    return count;
}

/* Every problem is told, also that of a definition which refers to what was taken away. */
static void test_every_problem(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    DefinitionFiles item = files_of(&hall, "item", "hotel-hygiene");
    item.source =
        replaced(&hall, item.source, "\"process\": \"hotel-hygiene\"", "\"process\": \"nowhere\"");
    item.source =
        replaced(&hall, item.source, "\"form\": \"hotel-hygiene\"", "\"form\": \"nothing\"");
    Error problems = check(&hall, &item);
    assert_int_equal(count_of(&problems), 2);
    assert_string_equal(problems.code, "pack.reference");
    assert_string_equal(problems.field, "hotel-hygiene.json");
    DefinitionFiles table = files_of(&hall, "table", "fees");
    table.source =
        replaced(&hall, table.source, "name=\"real-estate-standard\"", "name=\"other-fee\"");
    table.source = replaced(&hall, table.source, "id=\"real-estate-standard\"", "id=\"other-fee\"");
    problems = check(&hall, &table);
    bool is_told = false;
    for (const Error *each = &problems; each; each = each->next)
        is_told = is_told || text_equal(each->field, "real-estate-first.bpmn");
    assert_true(is_told);
    table = files_of(&hall, "table", "fees");
    table.source = replaced(&hall, table.source, "<text>80 + further", "<text>90 + further");
    problems = check(&hall, &table);
    assert_int_equal(count_of(&problems), 2);
    assert_string_equal(problems.code, "scenario.failed");
    assert_string_equal(problems.field, "fees.feature");
    table.source = replaced(&hall, table.source, "90 + further", "90 + + further");
    problems = check(&hall, &table);
    assert_string_equal(problems.code, "dmn.expression");
    assert_string_equal(problems.field, "fees.dmn");
    assert_true(problems.line > 0);
    DefinitionFiles broken = files_of(&hall, "rating", "rating");
    broken.source = "{";
    problems = check(&hall, &broken);
    assert_string_equal(problems.code, "json.syntax");
    hall_end(&hall);
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static void test_nobody_overwrites_unseen(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Saving first = {.hall = &hall, .files = files_of(&hall, "table", "fees")};
    hall_fail_each(&hall, "save", attempt_save, &first, false);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_draft"), 1);
    Saving second = first;
    second.seen = 0;
    assert_false(attempt_save(&hall, &second, &err));
    assert_string_equal(err.code, "workbench.conflict");
    second.seen = first.revision;
    hall_fail_each(&hall, "save again", attempt_save, &second, false);
    assert_true(second.revision != first.revision);
    err = ERROR_NONE;
    first.seen = first.revision;
    assert_false(attempt_save(&hall, &first, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    hall_end(&hall);
}

typedef struct Discarding {
    Hall *hall;
    User officer;
    Id seen;
} Discarding;

static bool run_discard(Tx *tx, void *data, Error *err)
{
    Discarding *it = data;
    return workbench_discard(tx, &it->hall->app, &it->officer, "table", "fees", it->seen, err);
}

static bool attempt_discard(Hall *hall, void *data, Error *err)
{
    return db_write(hall->test->db, hall->arena, run_discard, data, err);
}

/* Only who saved it last, and only what he saw. */
static void test_discard(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    Saving saving = {.hall = &hall, .files = files_of(&hall, "table", "fees")};
    hall_write(&hall, run_save, &saving, "fees");
    Discarding it = {.hall = &hall, .officer = hall.admin, .seen = saving.revision + 1};
    const char *prints = raw_prints(&hall.raw);
    assert_false(attempt_discard(&hall, &it, &err));
    assert_string_equal(err.code, "workbench.conflict");
    err = ERROR_NONE;
    it.seen = saving.revision;
    it.officer.id += 1;
    assert_false(attempt_discard(&hall, &it, &err));
    assert_int_equal(err.kind, ERROR_FORBIDDEN);
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    it.officer = hall.admin;
    hall_fail_each(&hall, "discard", attempt_discard, &it, false);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_draft"), 0);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM journal WHERE kind = "
                                           "'workbench.discarded' AND subject = 'table:fees'"),
                     1);
    hall_end(&hall);
}

/* ---- publishing ------------------------------------------------------------------------------ */

static Id save_fees(Hall *hall, const char *amount)
{
    Saving saving = {.hall = hall, .files = files_of(hall, "table", "fees")};
    saving.files.source = replaced(hall, saving.files.source, "<text>80 + further", amount);
    hall_write(hall, run_save, &saving, "fees");
    return saving.revision;
}

static void test_publish_and_return(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    Date next = date_of(2026, 12, 1);
    hall_begin(&hall, test);
    Definition before = in_force(&hall, "table", "fees", HALL_FRIDAY);
    Publishing it = {
        .hall = &hall,
        .what = {
            .newest = newest_of(&hall), .from = next, .division = "", .reason = "省里调整了标准"}};
    DraftName fees = {"table", "fees", save_fees(&hall, "<text>90 + further")};
    list_add(hall.arena, &it.what.drafts, fees);
    hall_fail_each(&hall, "publish", attempt_publish, &it, false);
    assert_int_equal(it.out.version, before.version + 1);
    assert_int_equal(in_force(&hall, "table", "fees", date_plus(next, -1)).id, before.id);
    assert_int_equal(in_force(&hall, "table", "fees", next).id, it.out.id);
    assert_int_equal(raw_number(&hall.raw, "SELECT COUNT(*) FROM definition_draft"), 0);
    assert_string_equal(raw_ask(&hall.raw, "SELECT reason FROM definition_publication"),
                        "省里调整了标准");
    assert_int_equal(
        raw_number(&hall.raw, "SELECT COUNT(*) FROM journal WHERE kind = 'workbench.published' AND "
                              "actor_kind = 'officer' AND subject = 'table:fees'"),
        1);
    assert_false(attempt_publish(&hall, &it, &err)); /* the draft is gone, the check is old */
    assert_string_equal(err.code, "workbench.moved");
    Publishing back = {
        .hall = &hall,
        .what = {.newest = newest_of(&hall), .from = next, .division = "", .reason = "暂缓执行"}};
    list_add(hall.arena, &back.what.back_to, before.id);
    hall_fail_each(&hall, "return", attempt_publish, &back, false);
    assert_int_equal(back.out.version, before.version + 2);
    assert_string_equal(in_force(&hall, "table", "fees", next).content, before.content);
    assert_int_equal(raw_number(&hall.raw, "SELECT back_to FROM definition_publication WHERE "
                                           "back_to > 0"),
                     before.version);
    err = ERROR_NONE;
    back.what.newest = newest_of(&hall);
    assert_false(attempt_publish(&hall, &back, &err));
    assert_string_equal(err.code, "workbench.nothing_new");
    hall_end(&hall);
}

static void test_refused_publications(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    Id revision = save_fees(&hall, "<text>90 + further");
    const Publication good = {
        .newest = newest_of(&hall), .from = date_of(2026, 12, 1), .division = "", .reason = "x"};
    const char *prints = raw_prints(&hall.raw);
    static const char *const codes[] = {"workbench.past", "workbench.conflict", "workbench.moved"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        Error err = ERROR_NONE;
        Publishing it = {.hall = &hall, .what = good};
        if (i == 0)
            it.what.from = date_of(2026, 1, 1);
        DraftName fees = {"table", "fees", i == 1 ? revision + 1 : revision};
        list_add(hall.arena, &it.what.drafts, fees);
        if (i == 2)
            it.what.newest -= 1;
        assert_false(attempt_publish(&hall, &it, &err));
        assert_string_equal(err.code, codes[i]);
    }
    assert_null(raw_difference(hall.arena, prints, raw_prints(&hall.raw)));
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_hall(test_files_as_they_are),        test_each_hall(test_every_problem),
        test_each_hall(test_nobody_overwrites_unseen), test_each_hall(test_publish_and_return),
        test_each_hall(test_refused_publications),     test_each_hall(test_discard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
