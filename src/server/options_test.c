/*
 * options_test.c - the command line: what is taken, what is refused, and where keys are looked
 * for. What is told on stderr is not looked at.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "server/options.h"

enum { WORDS_MOST = 24 };

/* Splits at blanks and reads as the verb's arguments. */
static bool read_line(Arena *arena, const char *line, Options *out)
{
    const char **words;
    char *argv[WORDS_MOST + 1] = {0};
    size_t count = text_split(arena, line, ' ', &words);
    assert_true(count <= WORDS_MOST);
    for (size_t i = 0; i < count; i++)
        argv[i] = arena_text(arena, words[i]);
    return options_read((int)count, argv, out);
}

static void test_defaults(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Options options;
    assert_true(read_line(arena, "serve", &options));
    assert_null(options.db);
    assert_string_equal(options.listen, "127.0.0.1:8080");
    assert_string_equal(options.packs, "packs");
    assert_false(options.is_demo || options.is_json || options.is_help);
    assert_int_equal(options.workers, 0);
    assert_int_equal(options.node, 0);
    assert_int_equal(options.argument_count, 0);
    arena_destroy(arena);
}

static void test_everything_at_once(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Options options;
    assert_true(read_line(arena,
                          "serve --db a.db one --listen [::1]:0 --keys /k --packs p --demo "
                          "--workers 64 --node 9 two --json",
                          &options));
    assert_string_equal(options.db, "a.db");
    assert_string_equal(options.listen, "[::1]:0");
    assert_string_equal(options.keys, "/k");
    assert_string_equal(options.packs, "p");
    assert_true(options.is_demo && options.is_json && !options.is_help);
    assert_int_equal(options.workers, 64);
    assert_int_equal(options.node, 9);
    assert_int_equal(options.argument_count, 2);
    assert_string_equal(options.arguments[0], "one");
    assert_string_equal(options.arguments[1], "two");
    arena_destroy(arena);
}

static const struct {
    const char *line;
    bool is_taken;
} lines[] = {
    {"verify --checkpoint old.txt --db x", true},
    {"rebuild --reader stats.counters", true},
    {"serve --clock 2026-11-22T09:00:00+08:00", true},
    {"workdays --help", true},
    {"workdays add 2026-11-22 -5", true}, /* a number below nothing is an argument */
    {"serve --node 0", true},
    {"serve --db --demo", true}, /* a value may look like an option */
    {"serve --db", false},
    {"serve --node", false},
    {"serve --node -1", false},
    {"serve --node 65", false},
    {"serve --workers many", false},
    {"serve --workers 1.5", false},
    {"serve --workers 99999999999999999999", false},
    {"serve --Demo", false},
    {"serve --dem", false},
    {"serve --demo=yes", false},
    {"serve --db=x", false},
    {"serve --db postgresql://yimen@/hall?host=/run", true},
    {"serve --db postgres://host/hall", true},
    {"serve --db a:b.db", true}, /* a colon does not make an address */
    {"serve --db mysql://x", false},
    {"verify --db mysql://user:secret@host/x", false},
    {"serve --db sqlite:///x.db", false},
    {"serve --db ://", false},
    {"serve --", false},
    {"serve --\xff", false},
    {"serve --db \xc3\x28", false},
    {"serve \xed\xa0\x80", false},
};

/* Of what is refused the reason goes to stderr, which is put aside meanwhile. */
static void test_taken_and_refused(void **state)
{
    (void)state;
    int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
    assert_true(kept >= 0 && nowhere >= 0);
    size_t wrong = SIZE_MAX;
    dup2(nowhere, STDERR_FILENO);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        Arena *arena = arena_create(0);
        Options options;
        if (read_line(arena, lines[i].line, &options) != lines[i].is_taken)
            wrong = i;
        arena_destroy(arena);
    }
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(nowhere);
    if (wrong != SIZE_MAX)
        fail_msg("%s \"%s\"", lines[wrong].is_taken ? "refused:" : "taken:", lines[wrong].line);
}

static void test_words_have_a_limit(void **state)
{
    (void)state;
    char word[] = "x", *argv[ARGUMENTS_MOST + 2];
    Options options;
    for (int i = 0; i < ARGUMENTS_MOST + 2; i++)
        argv[i] = word;
    assert_true(options_read(ARGUMENTS_MOST + 1, argv, &options)); /* the verb, and all of them */
    assert_int_equal(options.argument_count, ARGUMENTS_MOST);
    assert_false(options_read(ARGUMENTS_MOST + 2, argv, &options));
}

static void test_key_files(void **state)
{
    (void)state;
    static const struct {
        const char *db, *keys, *file;
    } cases[] = {
        {"yimen.db", NULL, "yimen.keys"},
        {"data/yimen.db", NULL, "data/yimen.keys"},
        {"/var/lib/yimen/yimen.db", NULL, "/var/lib/yimen/yimen.keys"},
        {"/yimen.db", NULL, "/yimen.keys"},
        {"data/yimen.db", "/etc/yimen", "/etc/yimen/yimen.keys"},
        {"postgresql://host/name", NULL, "yimen.keys"},
        {"postgres://host/name", NULL, "yimen.keys"},
        {"postgresql://host/name", "keys", "keys/yimen.keys"},
        {NULL, NULL, "yimen.keys"},
        {NULL, "keys", "keys/yimen.keys"},
    };
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Options options = {.db = cases[i].db, .keys = cases[i].keys};
        assert_string_equal(options_key_file(arena, &options, "yimen.keys"), cases[i].file);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),          cmocka_unit_test(test_everything_at_once),
        cmocka_unit_test(test_taken_and_refused), cmocka_unit_test(test_words_have_a_limit),
        cmocka_unit_test(test_key_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
