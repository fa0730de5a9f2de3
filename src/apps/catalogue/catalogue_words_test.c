/*
 * catalogue_words_test.c - the words that items are found by: readings of Chinese, terms of a
 * text, and what somebody types.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/catalogue/catalogue_internal.h"

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* ---- pinyin ---------------------------------------------------------------------------------- */

static void test_readings(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"个体工商户", "ge ti gong shang hu", "gtgsh"},
        {"营业执照", "ying ye zhi zhao", "yyzz"},
        {"宾馆", "bin guan", "bg"},
        /* characters that are read in two ways */
        {"行政许可", "xing zheng xu ke", "xzxk"},
        {"银行", "yin hang", "yh"},
        {"行业协会", "hang ye xie hui", "hyxh"},
        {"重新申请", "chong xin shen qing", "cxsq"},
        {"重点", "zhong dian", "zd"},
        {"重复", "chong fu", "cf"},
        {"单位", "dan wei", "dw"},
        {"单位名称", "dan wei ming cheng", "dwmc"},
        {"重大", "zhong da", "zd"},
        {"行为", "xing wei", "xw"},
        {"清单", "qing dan", "qd"},
        {"查询", "cha xun", "cx"},
        {"检查", "jian cha", "jc"},
        {"调查", "diao cha", "dc"},
        {"办事处", "ban shi chu", "bsc"},
        {"处理", "chu li", "cl"},
        {"长者", "zhang zhe", "zz"},
        {"会计", "kuai ji", "kj"},
        {"社会保险", "she hui bao xian", "shbx"},
        {"绿化", "lv hua", "lh"},
        /* what is no Chinese is left out */
        {"宾馆、旅店", "bin guan lv dian", "bgld"},
        {"5G基站", "ji zhan", "jz"},
        {"hotel", "", ""},
        {"", "", ""},
        {"，。", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *pinyin = words_pinyin(arena, cases[i][0]);
        if (!text_equal(pinyin, cases[i][1]))
            fail_msg("%s is read \"%s\", wanted \"%s\"", cases[i][0], pinyin, cases[i][1]);
        assert_string_equal(words_initials(arena, pinyin), cases[i][2]);
    }
}

static void test_long_texts_have_no_reading(void **state)
{
    (void)state;
    Buffer text = buffer_init(arena, 0);
    for (int i = 0; i < 400; i++)
        buffer_add(&text, "行");
    assert_true(text_starts_with(words_pinyin(arena, buffer_text(&text)), "xing xing "));
    buffer_add(&text, "行");
    assert_string_equal(words_pinyin(arena, buffer_text(&text)), "");
}

static void test_sort_keys_follow_pinyin(void **state)
{
    (void)state;
    static const char *const sorted[] = {"宾馆卫生许可", "个体工商户设立登记", "公共场所卫生许可",
                                         "行政许可",     "营业执照",           "住宿登记"};
    for (size_t i = 1; i < sizeof sorted / sizeof sorted[0]; i++) {
        const char *before = arena_text(arena, words_sort_key(arena, sorted[i - 1]));
        if (strcmp(before, words_sort_key(arena, sorted[i])) >= 0)
            fail_msg("%s does not come before %s", sorted[i - 1], sorted[i]);
    }
    assert_string_equal(words_sort_key(arena, "宾馆"), words_sort_key(arena, "宾馆"));
}

/* ---- terms of a text ------------------------------------------------------------------------- */

static int64_t weight_of(const Terms *terms, const char *text)
{
    list_each (const Term, term, terms)
        if (text_equal(term->text, text))
            return term->weight;
    return 0;
}

static void test_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *term;
        int64_t weight; /* 0: not a term */
    } cases[] = {
        {"开饭店", "开", 3},
        {"开饭店", "饭", 3},
        {"开饭店", "开饭", 6},
        {"开饭店", "饭店", 6},
        {"开饭店", "kfd", 6},
        {"开饭店", "kaifandian", 6},
        {"开饭店", "店开", 0},
        {"宾馆、旅店", "馆旅", 0},
        {"宾馆、旅店", "旅店", 6},
        {"Open a shop", "open", 6},
        {"Open a shop", "shop", 6},
        {"Open a shop", "a", 0},
        {"Open a shop", "Open", 0},
        {"B&B 12", "12", 6},
        {"A4", "a4", 6},
        {"重新登记", "cxdj", 6},
        {"银行", "yinhang", 6},
        {"人人", "人", 3},
        {"", "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Terms terms = {0};
        words_add(arena, &terms, cases[i].text, 3);
        int64_t weight = weight_of(&terms, cases[i].term);
        if (weight != cases[i].weight)
            fail_msg("\"%s\" of \"%s\" weighs %lld, wanted %lld", cases[i].term, cases[i].text,
                     (long long)weight, (long long)cases[i].weight);
    }
}

static void test_a_term_keeps_its_greatest_weight(void **state)
{
    (void)state;
    Terms terms = {0};
    words_add(arena, &terms, "宾馆", 2);
    size_t count = terms.count;
    words_add(arena, &terms, "宾馆", 8);
    words_add(arena, &terms, "宾馆", 1);
    assert_int_equal(terms.count, count);
    assert_int_equal(weight_of(&terms, "宾馆"), 16);
}

/* ---- what somebody types --------------------------------------------------------------------- */

static void test_queries(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const char *terms; /* joined by blanks */
        const char *prefix;
        int64_t least;
    } cases[] = {
        {"行", "行", "", 1},
        {"银行", "银行", "", 1},
        {"重新", "重新", "", 1},
        {"查询单位", "查询 询单 单位", "", 2},
        {"  开饭店  ", "开饭 饭店", "", 1},
        {"我想开一家小旅馆", "小旅 旅馆", "", 1}, /* without what people say around it */
        {"开 店", "开 店", "", 1},                /* two single characters, no pair */
        {"gtgsh", "gtgsh", "gtgsh", 1},
        {"GTGSH", "gtgsh", "gtgsh", 1},
        {"ge ti gong shang hu", "ge ti gong shang hu", "getigongshanghu", 1},
        {"yin'hang", "yin hang", "yinhang", 1},
        {"hotel 2", "hotel", "hotel2", 1}, /* a single letter says nothing */
        {"open a restaurant", "open restaurant", "openarestaurant", 1},
        {"How do I get the Business-Licence?", "business licence", "howdoigetthebusinesslicence",
         1},
        {"the", "", "the", 1},
        {"hotel宾馆", "宾馆", "", 1},
        {"", "", "", 1},
        {"，？!", "", "", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SearchQuery query = words_query(arena, cases[i].typed);
        Buffer terms = buffer_init(arena, 0);
        for (size_t j = 0; j < SEARCH_TERMS && *query.terms[j]; j++)
            buffer_printf(&terms, "%s%s", j ? " " : "", query.terms[j]);
        if (!text_equal(buffer_text(&terms), cases[i].terms))
            fail_msg("\"%s\" gives \"%s\"", cases[i].typed, buffer_text(&terms));
        assert_string_equal(query.prefix, cases[i].prefix);
        assert_int_equal(query.least, cases[i].least);
    }
}

static void test_long_queries_are_cut(void **state)
{
    (void)state;
    Buffer letters = buffer_init(arena, 0);
    for (int i = 0; i < 1000; i++)
        buffer_add_char(&letters, 'a');
    assert_true(strlen(words_query(arena, buffer_text(&letters)).prefix) <= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_readings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_texts_have_no_reading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sort_keys_follow_pinyin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_terms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_term_keeps_its_greatest_weight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_queries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_queries_are_cut, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
