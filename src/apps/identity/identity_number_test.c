/*
 * identity_number_test.c - numbers of every kind: good ones however they are typed, and for bad
 * ones the one thing that is said to be wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/identity/identity_number.h"
#include "base/text.h"
#include "web/message.h"

typedef struct Case {
    const char *kind;
    const char *typed;
    const char *is; /* the number as it is kept, or the code of the refusal */
} Case;

/* The samples of GB 11643 and GB 32100, of the specimen cards; the others differ from one of them
 * in what is to be found. */
static const Case good[] = {
    {"resident_id", "11010519491231002X", "11010519491231002X"},
    {"resident_id", "440524188001010014", "440524188001010014"},
    {"resident_id", " 110105 19491231 002x ", "11010519491231002X"},
    {"resident_id", "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"},
    {"resident_id", "110105-19491231-002X", "11010519491231002X"},
    {"resident_id", "　11010519491231002X", "11010519491231002X"},
    {"credit_code", "91350100M000100Y43", "91350100M000100Y43"},
    {"credit_code", "91350100m000100y43", "91350100M000100Y43"},
    {"credit_code", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"},
    {"passport", "E12345678", "E12345678"},
    {"passport", "ea1234567", "EA1234567"},
    {"passport", "E 1234 5678", "E12345678"},
    {"passport", "12345", "12345"},
    {"passport", "C01X00T47", "C01X00T47"},
    {"hk_macao_permit", "H12345678", "H12345678"},
    {"hk_macao_permit", "m87654321", "M87654321"},
    {"hk_macao_permit", "H1234567801", "H12345678"},
    {"taiwan_permit", "12345678", "12345678"},
    {"taiwan_permit", "1234 5678", "12345678"},
    {"residence_permit", "810000199408230021", "810000199408230021"},
    {"residence_permit", "830000199201300022", "830000199201300022"},
};

static const Case bad[] = {
    {"resident_id", "", "identity.number_length"},
    {"resident_id", "110105491231002", "identity.number_old"},
    {"resident_id", "1101051949123100", "identity.number_length"},
    {"resident_id", "11010519491231002XX", "identity.number_length"},
    {"resident_id", "11010519491231002X1X", "identity.number_length"},
    {"resident_id", "1101051949I231002X", "identity.number_digits"},
    {"resident_id", "11010519491231002Y", "identity.number_digits"},
    {"resident_id", "X1010519491231002X", "identity.number_digits"},
    {"resident_id", "身份证号码一二", "identity.number_length"},
    {"resident_id", "01010519491231002X", "identity.number_area"},
    {"resident_id", "810000199408230021", "identity.number_permit"},
    {"resident_id", "11010519490231002X", "identity.number_birthday"},
    {"resident_id", "11010519491331002X", "identity.number_birthday"},
    {"resident_id", "11010517491231002X", "identity.number_birthday"},
    {"resident_id", "110105202611230020", "identity.number_future"},
    {"resident_id", "110105209912310020", "identity.number_future"},
    {"resident_id", "110105194912310021", "identity.number_check"},
    {"resident_id", "11010519491231020X", "identity.number_check"},
    {"credit_code", "", "identity.code_length"},
    {"credit_code", "91350100M000100Y4", "identity.code_length"},
    {"credit_code", "91350100M000100Y433", "identity.code_length"},
    {"credit_code", "9135O100M000100Y43", "identity.code_letters"},
    {"credit_code", "91350100M000100Y4公", "identity.code_letters"},
    {"credit_code", "91350100M000100Y44", "identity.code_check"},
    {"credit_code", "91350100M000010Y43", "identity.code_check"},
    {"passport", "", "identity.passport"},
    {"passport", "E123", "identity.passport"},
    {"passport", "ABCDEFG", "identity.passport"},
    {"passport", "E12345678/9", "identity.passport"},
    {"passport", "E123456789012", "identity.passport"},
    {"hk_macao_permit", "", "identity.hk_macao_permit"},
    {"hk_macao_permit", "A12345678", "identity.hk_macao_permit"},
    {"hk_macao_permit", "H1234567", "identity.hk_macao_permit"},
    {"hk_macao_permit", "H123456789", "identity.hk_macao_permit"},
    {"hk_macao_permit", "H1234567A", "identity.hk_macao_permit"},
    {"taiwan_permit", "", "identity.taiwan_permit"},
    {"taiwan_permit", "1234567", "identity.taiwan_permit"},
    {"taiwan_permit", "T1234567", "identity.taiwan_permit"},
    {"residence_permit", "11010519491231002X", "identity.number_area"},
    {"residence_permit", "810000199408230022", "identity.number_check"},
    {"residence_permit", "810000940823002", "identity.number_old"},
    {"driver_licence", "11010519491231002X", "identity.unknown_kind"},
    {NULL, "11010519491231002X", "identity.unknown_kind"},
};

static const char *read_case(Arena *arena, const Case *one, Error *err)
{
    return identity_number_read(arena, one->kind, one->typed, date_of(2026, 11, 22), "number", err);
}

static void test_good_numbers(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        Error err = ERROR_NONE;
        const char *number = read_case(arena, &good[i], &err);
        if (!number)
            fail_msg("%s \"%s\": %s", good[i].kind, good[i].typed, err.code);
        assert_string_equal(number, good[i].is);
        const Case again = {good[i].kind, number, number};
        assert_string_equal(read_case(arena, &again, &err), number);
    }
    arena_destroy(arena);
}

static void test_bad_numbers(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Error err = ERROR_NONE;
        if (read_case(arena, &bad[i], &err))
            fail_msg("%s \"%s\" was taken", bad[i].kind, bad[i].typed);
        if (!text_equal(err.code, bad[i].is))
            fail_msg("%s \"%s\": %s, not %s", bad[i].kind, bad[i].typed, err.code, bad[i].is);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_string_equal(err.field, "number");
    }
    arena_destroy(arena);
}

/* Every slip of one digit, and every swap of neighbours, is found in both standards. */
static void test_slips(void **state)
{
    (void)state;
    static const Case samples[] = {{"resident_id", "11010519491231002X", NULL},
                                   {"credit_code", "91350100M000100Y43", NULL}};
    Arena *arena = arena_create(0);
    for (size_t s = 0; s < sizeof samples / sizeof samples[0]; s++)
        for (size_t at = 0; at < 17; at++) {
            char *typed = arena_text(arena, samples[s].typed);
            for (char digit = '0'; digit <= '9'; digit++) {
                Error err = ERROR_NONE;
                typed[at] = digit;
                const Case one = {samples[s].kind, typed, NULL};
                assert_int_equal(read_case(arena, &one, &err) != NULL,
                                 digit == samples[s].typed[at]);
            }
            memcpy(typed, samples[s].typed, 18);
            typed[at] = samples[s].typed[at + 1];
            typed[at + 1] = samples[s].typed[at];
            Error err = ERROR_NONE;
            const Case swapped = {samples[s].kind, typed, NULL};
            assert_int_equal(read_case(arena, &swapped, &err) != NULL, typed[at] == typed[at + 1]);
        }
    arena_destroy(arena);
}

/* The day of birth itself is no future: somebody may be born today. */
static void test_born_today(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    const Case one = {"resident_id", "11010519491231002X", NULL};
    assert_non_null(
        identity_number_read(arena, one.kind, one.typed, date_of(1949, 12, 31), "number", &err));
    assert_null(
        identity_number_read(arena, one.kind, one.typed, date_of(1949, 12, 30), "number", &err));
    assert_string_equal(err.code, "identity.number_future");
    arena_destroy(arena);
}

static void test_masks(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *shown;
    } cases[] = {{"44190019900101123X", "4419**********123X"},
                 {"13800000001", "138****0001"},
                 {"E12345678", "E1*****78"},
                 {"12345678", "12****78"},
                 {"1234567", "****"},
                 {"", "****"},
                 {"林小满的身份证", "****"},
                 {"1234567890", "12******90"}};
    Arena *arena = arena_create(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(identity_mask(arena, cases[i].value), cases[i].shown);
    arena_destroy(arena);
}

static void test_kinds(void **state)
{
    (void)state;
    size_t firms = 0, kinds = 0, persons = 0;
    for (; identity_kinds[kinds]; kinds++)
        firms += identity_kind_is_firm(identity_kinds[kinds]);
    for (; identity_kinds_of_persons[persons]; persons++)
        assert_false(identity_kind_is_firm(identity_kinds_of_persons[persons]));
    assert_int_equal(kinds, 6);
    assert_int_equal(firms, 1);
    assert_int_equal(persons + firms, kinds);
    assert_false(identity_kind_is_firm(NULL));
}

/* Whatever can be said is said in both languages. */
static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_true(message_exists(bad[i].is));
        assert_string_not_equal(message_raw(LANGUAGE_ZH, bad[i].is),
                                message_raw(LANGUAGE_EN, bad[i].is));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_numbers), cmocka_unit_test(test_bad_numbers),
        cmocka_unit_test(test_slips),        cmocka_unit_test(test_born_today),
        cmocka_unit_test(test_masks),        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
