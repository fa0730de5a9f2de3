#ifndef SUPPORT_TEST_STORY_H
#define SUPPORT_TEST_STORY_H

/*
 * Story: dossier entries as the capability dossier writes them (apps/dossier/README.md), for tests
 * of readers that derive from them. Include it behind test_db.h; the database is opened with the
 * readers under test.
 *
 *     story_append(test, (StoryEntry){.kind = "dossier.filed", .dossier = 1, .data = STORY_FILED});
 *     assert_string_equal(story_field(test, "supervised", "dossier=1 ", "state"), "\"filed\"");
 */
#include "db/journal.h"

enum { STORY_TENANT = 7, STORY_UNIT = 31 };

typedef struct StoryEntry {
    const char *kind;
    Id dossier;
    int64_t version;        /* 0: one more than the entry before it in this test program */
    const char *actor_kind; /* NULL: officer */
    Id actor;
    Id unit;          /* 0: STORY_UNIT */
    const char *data; /* NULL: no steps */
} StoryEntry;

static inline bool story_run(Tx *tx, void *data, Error *err)
{
    JournalEntry entry = *(const JournalEntry *)data;
    return journal_append(tx, &entry, err);
}

static inline JournalEntry story_entry(const StoryEntry *one)
{
    static int64_t version;
    version = one->version ? one->version : version + 1;
    return (JournalEntry){.tenant = STORY_TENANT,
                          .dossier = one->dossier,
                          .version = version,
                          .kind = one->kind,
                          .actor_kind = one->actor_kind ? one->actor_kind : "officer",
                          .actor = one->actor,
                          .unit = one->unit ? one->unit : STORY_UNIT,
                          .data = one->data ? one->data : "{\"steps\":[]}"};
}

/* Appends an entry in a transaction of its own, at the test's clock. */
static inline void story_append(TestDb *test, StoryEntry one)
{
    Error err = ERROR_NONE;
    JournalEntry entry = story_entry(&one);
    if (!db_write(test->db, test->arena, story_run, &entry, &err))
        test_db_fail(&err, one.kind);
}

/* ---- what was derived ------------------------------------------------------------------------ */

static inline const char *story_dump(TestDb *test)
{
    Error err = ERROR_NONE;
    Buffer out = buffer_init(test->arena, 0);
    if (!journal_dump_derived(test->db, &out, &err))
        test_db_fail(&err, "journal_dump_derived");
    return buffer_text(&out);
}

/* The line of a table's row that holds a text; NULL when there is none. */
static inline const char *story_row(TestDb *test, const char *table, const char *having)
{
    const char **lines;
    size_t count = text_split(test->arena, story_dump(test), '\n', &lines);
    for (size_t i = 0; i < count; i++)
        if (text_starts_with(lines[i], arena_printf(test->arena, "%s ", table)) &&
            strstr(arena_printf(test->arena, "%s ", lines[i]), having))
            return lines[i];
    return NULL;
}

/* A column of that row as the dump writes it: 5, "text", null. Texts with spaces end at them. */
static inline const char *story_field(TestDb *test, const char *table, const char *having,
                                      const char *column)
{
    const char *row = story_row(test, table, having);
    if (!row)
        fail_msg("no row of %s has %s", table, having);
    const char *name = arena_printf(test->arena, " %s=", column);
    const char *at = strstr(row, name);
    if (!at)
        fail_msg("%s has no column %s", table, column);
    at += strlen(name);
    return arena_text_n(test->arena, at, strcspn(at, " "));
}

/* Replays the journal and expects the rows that were there. */
static inline void story_expect_rebuild(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *before = story_dump(test);
    if (!journal_rebuild(test->db, NULL, true, NULL, &err))
        test_db_fail(&err, "journal_rebuild");
    assert_string_equal(story_dump(test), before);
}

/* Prepares every statement of a file on the test's engine. */
static inline void story_check_statements(TestDb *test, const Statement *const *statements)
{
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(test->db, &err);
    for (; *statements; statements++) {
        bool is_other =
            db_engine(test->db) == DB_SQLITE ? !(*statements)->sqlite : !(*statements)->postgres;
        if (!is_other && !db_check_statement(conn, *statements, &err))
            test_db_fail(&err, (*statements)->name);
    }
    db_release(conn);
}

#endif
