/* user_memory_test.c - who is remembered, for how long, and that nobody is taken for another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "service/user_memory.h"

static const Instant NOON = INT64_C(1764648000000);
static const User OFFICER = {.kind = USER_OFFICER,
                             .id = 7,
                             .unit = 3,
                             .name = "李文",
                             .name_en = "Li Wen",
                             .rights = 5,
                             .session = 9};

static void test_a_user_is_remembered_for_a_minute(void **state)
{
    static const struct {
        Instant after;
        bool is_known;
    } cases[] = {{0, true}, {59999, true}, {60000, false}, {3600000, false}, {-1, false}};
    Arena *arena = arena_create(0);
    UserMemory *memory = user_memory_create();
    (void)state;
    user_memory_keep(memory, "token", &OFFICER, NOON);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        User user = {0};
        assert_int_equal(user_memory_find(memory, arena, "token", NOON + cases[i].after, &user),
                         cases[i].is_known);
        if (!cases[i].is_known)
            continue;
        assert_int_equal(user.id, 7);
        assert_int_equal(user.unit, 3);
        assert_int_equal(user.rights, 5);
        assert_int_equal(user.session, 9);
        assert_string_equal(user.name, "李文");
        assert_string_equal(user.name_en, "Li Wen");
    }
    user_memory_destroy(memory);
    arena_destroy(arena);
}

/* More of them than places: whoever is found is the right one. */
static void test_nobody_is_taken_for_another(void **state)
{
    enum { USERS = 3000 };
    Arena *arena = arena_create(0);
    UserMemory *memory = user_memory_create();
    int known = 0;
    (void)state;
    for (int i = 0; i < USERS; i++) {
        User user = OFFICER;
        user.id = i + 1;
        user_memory_keep(memory, arena_printf(arena, "token %d", i), &user, NOON);
    }
    for (int i = 0; i < USERS; i++) {
        User user = {0};
        if (!user_memory_find(memory, arena, arena_printf(arena, "token %d", i), NOON, &user))
            continue;
        assert_int_equal(user.id, i + 1);
        known++;
    }
    assert_in_range(known, 500, 1024);
    user_memory_destroy(memory);
    arena_destroy(arena);
}

static void test_what_does_not_fit_is_not_kept(void **state)
{
    Arena *arena = arena_create(0);
    UserMemory *memory = user_memory_create();
    User found, long_name = OFFICER, no_name = OFFICER;
    char name[200];
    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    long_name.name = name;
    no_name.name_en = NULL;
    user_memory_keep(memory, "long", &long_name, NOON);
    user_memory_keep(memory, "none", &no_name, NOON);
    user_memory_keep(NULL, "nobody", &OFFICER, NOON);
    assert_false(user_memory_find(memory, arena, "long", NOON, &found));
    assert_false(user_memory_find(memory, arena, "none", NOON, &found));
    assert_false(user_memory_find(memory, arena, "", NOON, &found));
    assert_false(user_memory_find(NULL, arena, "nobody", NOON, &found));
    user_memory_destroy(memory);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_user_is_remembered_for_a_minute),
        cmocka_unit_test(test_nobody_is_taken_for_another),
        cmocka_unit_test(test_what_does_not_fit_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
