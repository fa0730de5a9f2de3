/*
 * journal_verify_test.c - whoever changes the sealed journal behind the program's back is found,
 * and what was changed is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "test_db.h"
#include "test_journal.h"

/* 40 entries in seals of 1-10, 11-20, 21-30, 31-37, and three that are not sealed yet. */
enum { SEALED = 37, ALL = 40 };

static JournalKey *make_journal(TestDb *test)
{
    test_journal_in_file(test);
    JournalKey *key = test_key(test);
    test_story(test, 1, SEALED);
    while (test_seal(test, key, 10) == 10)
        ;
    test_story(test, SEALED + 1, ALL);
    return key;
}

static const char *checkpoint_now(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *text = NULL;
    assert_true(journal_checkpoint(test->db, test->arena, &text, &err));
    return text;
}

static JournalReport verify(TestDb *test, const JournalKey *key, const char *checkpoint)
{
    Error err = ERROR_NONE;
    JournalReport report;
    if (!journal_verify(test->db, key, test->arena, checkpoint, &report, &err))
        test_db_fail(&err, "journal_verify");
    return report;
}

/* "altered 12, missing 13": what is expected, in order. */
static const char *findings_text(TestDb *test, const JournalReport *report)
{
    Buffer text = buffer_init(test->arena, 0);
    list_each (JournalFinding, finding, &report->findings) {
        assert_true(text_starts_with(finding->code, "journal."));
        assert_true(finding->detail && finding->detail[0]);
        buffer_printf(&text, "%s%s %lld", text.length ? ", " : "",
                      finding->code + strlen("journal."), (long long)finding->position);
    }
    return buffer_text(&text);
}

static void assert_findings(TestDb *test, const JournalKey *key, const char *checkpoint,
                            const char *expected)
{
    JournalReport report = verify(test, key, checkpoint);
    assert_string_equal(findings_text(test, &report), expected);
}

/* ---- a sound journal ------------------------------------------------------------------------- */

static void test_a_sound_journal_has_no_findings(TestDb *test)
{
    JournalKey *key = make_journal(test);
    JournalReport report = verify(test, key, checkpoint_now(test));
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.sealed, SEALED);
    assert_int_equal(report.unsealed_tail, ALL - SEALED);
}

static void test_an_empty_journal_is_sound(TestDb *test)
{
    JournalKey *key = test_key(test);
    assert_null(checkpoint_now(test));
    assert_int_equal(test_seal(test, key, 10), 0);
    JournalReport report = verify(test, key, NULL);
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.sealed + report.unsealed_tail, 0);
}

static void test_an_old_checkpoint_holds_as_the_journal_grows(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    for (int round = 0; round < 5; round++) {
        test_story(test, ALL + 1 + 7 * round, ALL + 7 + 7 * round);
        test_seal(test, key, 3 + round);
        assert_findings(test, key, old, "");
    }
}

/* ---- the tamperer with access to the tables -------------------------------------------------- */

static void test_one_byte_changed_is_named(TestDb *test)
{
    static const char *const changes[] = {
        "data = '{\"step\":9}'",
        "kind = 'dossier.filee'",
        "actor = 13",
        "actor_kind = 'system'",
        "at = at + 1",
        "unit = unit + 1",
        "subject = ''",
        "version = version + 1000",
        "dossier = dossier + 1000",
    };
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        test_sql(test, "CREATE TABLE kept AS SELECT * FROM journal WHERE position = 14");
        test_sql(test, "UPDATE journal SET %s WHERE position = 14", changes[i]);
        assert_findings(test, key, old, "altered 14");
        test_sql(test, "DELETE FROM journal WHERE position = 14");
        test_sql(test, "INSERT INTO journal SELECT * FROM kept");
        test_sql(test, "DROP TABLE kept");
        assert_findings(test, key, old, "");
    }
}

static void test_each_of_several_altered_entries_is_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    test_sql(test, "UPDATE journal SET data = '{}' WHERE position IN (1, 10, 11, 37)");
    assert_findings(test, key, NULL, "altered 1, altered 10, altered 11, altered 37");
}

static void test_one_entry_deleted_is_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    test_sql(test, "DELETE FROM journal WHERE position = 14");
    assert_findings(test, key, old, "missing 14");
    test_sql(test, "DELETE FROM journal WHERE position IN (1, 15, 16, 30)");
    assert_findings(test, key, old, "missing 1, missing 14, missing 30");
    assert_string_equal(verify(test, key, old).findings.items[1].detail,
                        "entries 14 to 16: missing");
}

static void test_a_deleted_entry_whose_gap_was_closed_shows(TestDb *test)
{
    JournalKey *key = make_journal(test);
    test_sql(test, "DELETE FROM journal WHERE position = 35");
    test_sql(test, "UPDATE journal SET position = 35 WHERE position = 36");
    test_sql(test, "UPDATE journal SET position = 36 WHERE position = 37");
    assert_findings(test, key, NULL, "reordered 35, reordered 36, truncated 37");
}

static void swap(TestDb *test, int a, int b)
{
    test_sql(test, "UPDATE journal SET position = 1000000 WHERE position = %d", a);
    test_sql(test, "UPDATE journal SET position = %d WHERE position = %d", a, b);
    test_sql(test, "UPDATE journal SET position = %d WHERE position = 1000000", b);
}

static void test_two_swapped_are_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    swap(test, 13, 14);
    assert_findings(test, key, old, "reordered 13, reordered 14");
    assert_string_equal(verify(test, key, old).findings.items[0].detail,
                        "the entry here was sealed as entry 14");
    swap(test, 13, 14);
    assert_findings(test, key, old, "");
    swap(test, 3, 36); /* of different batches */
    assert_findings(test, key, old, "reordered 3, reordered 36");
}

/* The leaves stay at their positions, the entries change places. */
static void test_two_swapped_under_their_leaves_are_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    test_sql(test, "CREATE TABLE kept AS SELECT position, leaf FROM journal"
                   " WHERE position IN (5, 25)");
    swap(test, 5, 25);
    test_sql(test, "UPDATE journal SET leaf = (SELECT leaf FROM kept"
                   " WHERE kept.position = journal.position) WHERE position IN (5, 25)");
    assert_findings(test, key, NULL, "reordered 5, reordered 25");
}

static void test_the_tail_cut_is_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    test_sql(test, "DELETE FROM journal WHERE position > 33");
    assert_findings(test, key, NULL, "truncated 34");
    assert_findings(test, key, old, "truncated 34");
    test_sql(test, "DELETE FROM journal WHERE position > 17");
    assert_findings(test, key, old, "truncated 18");
}

/* With its seals: then only the checkpoint knows. */
static void test_the_tail_cut_with_its_seals_needs_a_checkpoint(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    test_sql(test, "DELETE FROM journal WHERE position > 30");
    test_sql(test, "DELETE FROM journal_seal WHERE last_position > 30");
    assert_findings(test, key, NULL, "");
    assert_findings(test, key, old, "truncated 31");
}

static void test_missing_seals_are_named(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    test_sql(test, "DELETE FROM journal_seal WHERE last_position = 20");
    assert_findings(test, key, old, "missing 11");
    test_sql(test, "DELETE FROM journal_seal WHERE last_position = 37");
    assert_findings(test, key, old, "missing 11, truncated 31");
    test_sql(test, "DELETE FROM journal_seal");
    assert_findings(test, key, old, "truncated 1");
}

static void test_altered_seals_are_named(TestDb *test)
{
    static const struct {
        const char *column, *expected;
    } cases[] = {
        {"root", "bad_signature 20, root_differs 11, root_differs 20"},
        {"batch_root", "root_differs 11"},
        {"frontier", "root_differs 20"},
        {"signature", "bad_signature 20"},
    };
    JournalKey *key = make_journal(test);
    test_sql(test, "CREATE TABLE kept AS SELECT * FROM journal_seal");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        JournalReport report;
        test_sql(test,
                 "UPDATE journal_seal SET %s = (SELECT %s FROM kept WHERE last_position = 10)"
                 " WHERE last_position = 20",
                 cases[i].column, cases[i].column);
        report = verify(test, key, NULL);
        const char *found = findings_text(test, &report);
        if (strcmp(cases[i].column, "root") == 0)
            assert_true(strstr(found, "bad_signature 20") && strstr(found, "root_differs 11"));
        else
            assert_string_equal(found, cases[i].expected);
        test_sql(test, "DELETE FROM journal_seal WHERE last_position = 20");
        test_sql(test, "INSERT INTO journal_seal SELECT * FROM kept WHERE last_position = 20");
        assert_findings(test, key, NULL, "");
    }
}

static void test_nonsense_in_the_tables_is_told_and_ends(TestDb *test)
{
    static const char *const nonsense[] = {
        "UPDATE journal SET position = 9223372036854775807 WHERE position = 37",
        "UPDATE journal SET position = -5 WHERE position = 3",
        "UPDATE journal SET position = NULL WHERE position = 4",
        "UPDATE journal SET leaf = NULL WHERE position = 5",
        "UPDATE journal_seal SET first_position = 9223372036854775807 WHERE last_position = 20",
        "UPDATE journal_seal SET first_position = -7 WHERE last_position = 10",
        "UPDATE journal_seal SET last_position = 9223372036854775807 WHERE last_position = 37",
        "UPDATE journal_seal SET last_position = 25 WHERE last_position = 20",
        "UPDATE journal_seal SET root = batch_root, frontier = signature WHERE last_position = 30",
    };
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        test_sql(test, "%s", nonsense[i]);
        assert_true(verify(test, key, old).findings.count > 0);
    }
}

static void test_findings_are_bounded(TestDb *test)
{
    JournalKey *key = make_journal(test);
    test_story(test, ALL + 1, 300);
    while (test_seal(test, key, 100) > 0)
        ;
    test_sql(test, "UPDATE journal SET unit = 77");
    JournalReport report = verify(test, key, NULL);
    assert_int_equal(report.findings.count, 300);
    for (int64_t i = 0; i < 300; i++) {
        assert_int_equal(report.findings.items[i].position, i + 1);
        assert_string_equal(report.findings.items[i].code, "journal.altered");
    }
}

/* ---- the tamperer with the key --------------------------------------------------------------- */

/* Opens the seals, changes history, and seals it all again with the installation's own key. */
static void reseal(TestDb *test, const JournalKey *key, const char *change, int limit)
{
    test_sql(test, "DELETE FROM journal_seal");
    test_sql(test, "UPDATE journal SET position = NULL, leaf = NULL");
    test_sql(test, "%s", change);
    while (test_seal(test, key, limit) > 0)
        ;
}

static void test_resealed_with_the_local_key_contradicts_the_checkpoint(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    reseal(test, key, "UPDATE journal SET data = '{}' WHERE dossier = 2 AND version = 3", 10);
    assert_findings(test, key, NULL, ""); /* the key alone proves nothing */
    assert_findings(test, key, old, "resealed 37");
}

/* Batches of other sizes: no seal ends where the checkpoint does. */
static void test_resealed_in_other_batches_contradicts_the_checkpoint(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    reseal(test, key, "UPDATE journal SET actor = 1 WHERE dossier = 1 AND version = 1", 16);
    assert_findings(test, key, NULL, "");
    assert_findings(test, key, old, "resealed 37");
}

static void test_an_entry_taken_out_before_sealing_again_contradicts_the_checkpoint(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    reseal(test, key, "DELETE FROM journal WHERE dossier = 2 AND version = 2", 10);
    assert_findings(test, key, NULL, "");
    assert_findings(test, key, old, "resealed 37"); /* 39 are left: enough, but others */
}

/* The same entries, sealed again in other batches, give the same tree: nothing was rewritten. */
static void test_the_same_history_in_other_batches_agrees(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    reseal(test, key, "UPDATE journal SET leaf = NULL", 16);
    assert_findings(test, key, old, "");
}

static void test_another_key_is_a_bad_signature(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    JournalKey *other = test_key(test);
    JournalReport report = verify(test, other, NULL);
    assert_string_equal(findings_text(test, &report),
                        "bad_signature 10, bad_signature 20, bad_signature 30, bad_signature 37");
    reseal(test, other, "UPDATE journal SET leaf = NULL", 100);
    assert_findings(test, other, NULL, "");
    assert_findings(test, other, old, "bad_signature 37");
    assert_findings(test, key, old, "bad_signature 40");
}

static void test_an_altered_and_an_unreadable_checkpoint(TestDb *test)
{
    JournalKey *key = make_journal(test);
    const char *old = checkpoint_now(test);
    char *bent = arena_text(test->arena, old);
    *strstr(bent, "\n37\n") = '\0';
    bent = arena_printf(test->arena, "%s\n36\n%s", bent, strstr(old, "\n37\n") + 4);
    assert_findings(test, key, bent, "bad_signature 36, root_differs 36");

    for (size_t length = 0; length < strlen(old); length++) {
        Error err = ERROR_NONE;
        JournalReport report;
        const char *cut = arena_text_n(test->arena, old, length);
        assert_false(journal_verify(test->db, key, test->arena, cut, &report, &err));
        assert_string_equal(err.code, "journal.checkpoint_syntax");
        assert_true(err.line > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine(test_a_sound_journal_has_no_findings),
        test_each_engine(test_an_empty_journal_is_sound),
        test_each_engine(test_an_old_checkpoint_holds_as_the_journal_grows),
        test_each_engine(test_one_byte_changed_is_named),
        test_each_engine(test_each_of_several_altered_entries_is_named),
        test_each_engine(test_one_entry_deleted_is_named),
        test_each_engine(test_a_deleted_entry_whose_gap_was_closed_shows),
        test_each_engine(test_two_swapped_are_named),
        test_each_engine(test_two_swapped_under_their_leaves_are_named),
        test_each_engine(test_the_tail_cut_is_named),
        test_each_engine(test_the_tail_cut_with_its_seals_needs_a_checkpoint),
        test_each_engine(test_missing_seals_are_named),
        test_each_engine(test_altered_seals_are_named),
        test_each_engine(test_nonsense_in_the_tables_is_told_and_ends),
        test_each_engine(test_findings_are_bounded),
        test_each_engine(test_resealed_with_the_local_key_contradicts_the_checkpoint),
        test_each_engine(test_resealed_in_other_batches_contradicts_the_checkpoint),
        test_each_engine(test_an_entry_taken_out_before_sealing_again_contradicts_the_checkpoint),
        test_each_engine(test_the_same_history_in_other_batches_agrees),
        test_each_engine(test_another_key_is_a_bad_signature),
        test_each_engine(test_an_altered_and_an_unreadable_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
