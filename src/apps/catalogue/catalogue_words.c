/*
 * catalogue_words.c - what an item is found by: Chinese by single characters and pairs (two-letter
 * words are the rule there), Latin by words, and Chinese also by pinyin and its initials.
 *
 * Readings come from ICU's Han-Latin table, which knows one reading a character; words whose
 * reading differs are listed in readings[] (decisions.md 18).
 */
#include "apps/catalogue/catalogue_internal.h"

#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { TEXT_MAX = 400, KEY_MAX = 128 };

/* Words whose usual reading is not the first one of their characters. */
static const char *const readings[][2] = {
    {"旅", "lv"},
    {"绿", "lv"},
    {"律", "lv"},
    {"女", "nv"},
    {"铝", "lv"},
    {"履", "lv"},
    {"虑", "lv"}, /* ü is typed v */
    {"银行", "yin hang"},
    {"行业", "hang ye"},
    {"重新", "chong xin"},
    {"重复", "chong fu"},
    {"单位", "dan wei"},
    {"查询", "cha xun"},
    {"还款", "huan kuan"},
    {"会计", "kuai ji"},
    {"音乐", "yin yue"},
    {"参差", "cen ci"},
    {"朝阳", "chao yang"},
    {"调查", "diao cha"},
    {"调整", "tiao zheng"},
    {"长者", "zhang zhe"},
    {"生长", "sheng zhang"},
    {"都市", "du shi"},
    {"出处", "chu chu"},
    {"处理", "chu li"},
    {"办事处", "ban shi chu"},
    {"提供", "ti gong"},
    {"供应", "gong ying"},
    {"应急", "ying ji"},
    {"数据", "shu ju"},
    {"重点", "zhong dian"},
};

static bool is_han(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
           (code >= 0x20000 && code <= 0x2FA1F);
}

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9');
}

static void add_term(Arena *arena, Terms *terms, const char *text, int64_t weight)
{
    list_each (Term, term, terms)
        if (text_equal(term->text, text)) {
            term->weight = weight > term->weight ? weight : term->weight;
            return;
        }
    Term term = {.text = text, .weight = weight};
    list_add(arena, terms, term);
}

/* ---- Chinese and Latin ----------------------------------------------------------------------- */

/* Characters and pairs; a pair weighs twice as much, since it says more. */
static void add_han(Arena *arena, Terms *terms, const char *text, int64_t weight)
{
    const char *before = NULL, *at = text;
    while (*at) {
        const char *start = at;
        uint32_t code = text_next(&at);
        if (!is_han(code)) {
            before = NULL;
            continue;
        }
        add_term(arena, terms, arena_text_n(arena, start, (size_t)(at - start)), weight);
        if (before)
            add_term(arena, terms, arena_text_n(arena, before, (size_t)(at - before)), weight * 2);
        before = start;
    }
}

static void add_latin(Arena *arena, Terms *terms, const char *text, int64_t weight)
{
    const char *lower = text_lower(arena, text);
    for (const char *at = lower; *at;) {
        size_t length = 0;
        while (is_letter((unsigned char)at[length]))
            length++;
        if (length > 1)
            add_term(arena, terms, arena_text_n(arena, at, length), weight);
        at += length ? length : 1;
    }
}

void words_add(Arena *arena, Terms *terms, const char *text, int64_t weight)
{
    const char *pinyin = words_pinyin(arena, text);
    add_han(arena, terms, text, weight);
    add_latin(arena, terms, text, weight * 2);
    if (!*pinyin)
        return;
    add_term(arena, terms, words_initials(arena, pinyin), weight * 2);
    Buffer joined = buffer_init(arena, 0);
    for (const char *at = pinyin; *at; at++)
        if (*at != ' ')
            buffer_add_char(&joined, *at);
    add_term(arena, terms, buffer_text(&joined), weight * 2);
}

/* ---- pinyin ---------------------------------------------------------------------------------- */

/* Chinese only, with readings[] put in as letters. */
static const char *with_readings(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    while (*text) {
        size_t i = 0, count = sizeof readings / sizeof readings[0];
        while (i < count && !text_starts_with(text, readings[i][0]))
            i++;
        const char *start = text;
        uint32_t code = i < count ? 0 : text_next(&text);
        if (i < count) {
            buffer_printf(&out, " %s ", readings[i][1]);
            text += strlen(readings[i][0]);
        } else if (is_han(code)) {
            buffer_add_n(&out, start, (size_t)(text - start));
        }
    }
    return buffer_text(&out);
}

static const char *spaced_letters(Arena *arena, const UChar *text, int32_t length)
{
    Buffer out = buffer_init(arena, 0);
    for (int32_t i = 0; i < length; i++) {
        bool is_ascii_letter = text[i] >= 'a' && text[i] <= 'z';
        bool was_letter = out.length && out.data[out.length - 1] != ' ';
        if (is_ascii_letter)
            buffer_add_char(&out, (char)text[i]);
        else if (was_letter)
            buffer_add_char(&out, ' ');
    }
    return text_trim(arena, buffer_text(&out));
}

const char *words_pinyin(Arena *arena, const char *text)
{
    static const UChar id[] = u"Han-Latin; Latin-ASCII; Lower";
    UChar wide[TEXT_MAX * 8];
    int32_t length = 0, capacity = (int32_t)(sizeof wide / sizeof wide[0]);
    UErrorCode status = U_ZERO_ERROR;
    const char *han = with_readings(arena, text);
    if (!*han || strlen(han) > (size_t)TEXT_MAX * 3)
        return "";
    UTransliterator *latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status))
        return "";
    u_strFromUTF8(wide, capacity, &length, han, -1, &status);
    int32_t limit = length;
    utrans_transUChars(latin, wide, &length, capacity, 0, &limit, &status);
    utrans_close(latin);
    return U_FAILURE(status) ? "" : spaced_letters(arena, wide, length);
}

const char *words_initials(Arena *arena, const char *pinyin)
{
    Buffer out = buffer_init(arena, 0);
    for (const char *at = pinyin; *at; at++)
        if (at == pinyin || at[-1] == ' ')
            buffer_add_char(&out, *at);
    return buffer_text(&out);
}

const char *words_sort_key(Arena *arena, const char *text)
{
    UChar wide[TEXT_MAX];
    uint8_t key[KEY_MAX];
    int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    UCollator *order = ucol_open("zh@collation=pinyin", &status);
    if (U_FAILURE(status))
        return text;
    u_strFromUTF8(wide, TEXT_MAX, &length, text, -1, &status);
    int32_t size = U_FAILURE(status) ? 0 : ucol_getSortKey(order, wide, length, key, KEY_MAX);
    ucol_close(order);
    size_t kept = size <= 0 ? 0 : (size_t)(size < KEY_MAX ? size : KEY_MAX);
    return text_hex(arena, key, kept);
}

/* What people say around the thing they mean: it would outweigh the thing itself. */
static const char *const fillers[] = {"我想要", "我想", "我要", "请问", "怎么", "怎样",
                                      "如何",   "需要", "办理", "申请", "一家", "一个",
                                      "一间",   "哪里", "什么", "可以"};

static const char *without_fillers(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    while (*text) {
        size_t i = 0, count = sizeof fillers / sizeof fillers[0];
        while (i < count && !text_starts_with(text, fillers[i]))
            i++;
        const char *start = text;
        if (i < count)
            text += strlen(fillers[i]);
        else
            text_next(&text);
        buffer_add_n(&out, i < count ? " " : start, i < count ? 1 : (size_t)(text - start));
    }
    return buffer_text(&out);
}

static bool is_english_filler(const char *word)
{
    static const char *const words[] = {"an", "the", "to",  "in", "of",   "for", "and", "my",
                                        "we", "how", "can", "do", "want", "get", "need"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_equal(words[i], word))
            return true;
    return false;
}

/* ---- queries --------------------------------------------------------------------------------- */

/* The pairs of what was typed; single characters when there is no pair. */
static void han_query(Arena *arena, const char *text, Terms *out)
{
    Terms terms = {0};
    bool has_pair = false;
    add_han(arena, &terms, without_fillers(arena, text), 1);
    if (!terms.count)
        add_han(arena, &terms, text, 1);
    list_each (Term, term, &terms)
        has_pair |= term->weight > 1;
    list_each (Term, term, &terms)
        if (!has_pair || term->weight > 1)
            list_add(arena, out, *term);
}

/* Latin words are English, each a term of its own; that they may be the beginning of a word or of
 * pinyin is the prefix's part. */
static void latin_query(Arena *arena, const char *text, Terms *out)
{
    Terms terms = {0};
    add_latin(arena, &terms, text, 1);
    list_each (Term, term, &terms)
        if (!is_english_filler(term->text))
            list_add(arena, out, *term);
}

static const char *letters_of(Arena *arena, const char *text)
{
    Buffer letters = buffer_init(arena, 60);
    for (; *text; text++)
        if (is_letter((unsigned char)*text))
            buffer_add_char(&letters, *text);
    return buffer_text(&letters);
}

SearchQuery words_query(Arena *arena, const char *typed)
{
    SearchQuery query = {.prefix = "", .least = 1};
    Terms terms = {0};
    const char *text = text_lower(arena, text_trim(arena, typed));
    size_t used = 0;
    han_query(arena, text, &terms);
    bool is_han_query = terms.count > 0;
    if (!is_han_query)
        latin_query(arena, text, &terms);
    for (size_t i = 0; i < SEARCH_TERMS; i++)
        query.terms[i] = "";
    for (; used < terms.count && used < SEARCH_TERMS; used++)
        query.terms[used] = terms.items[used].text;
    if (is_han_query)
        query.least = used > 2 ? (int64_t)(used + 1) / 2 : 1;
    else
        query.prefix = letters_of(arena, text);
    return query;
}
