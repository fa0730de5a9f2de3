/*
 * document_code.c - codes that cannot be guessed and can be read out over the telephone:
 * Crockford's base32 alphabet, which has no I, L, O and U.
 */
#include <string.h>

#include "apps/document/document.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* 32 divides 256, so the low five bits of a random byte are as random as the byte. */
const char *document_code_new(Arena *arena)
{
    unsigned char random[DOCUMENT_CODE_LENGTH];
    char *code = arena_alloc(arena, DOCUMENT_CODE_LENGTH + 1);
    crypto_random(random, sizeof random);
    for (size_t i = 0; i < DOCUMENT_CODE_LENGTH; i++)
        code[i] = digits[random[i] & 31];
    return code;
}

const char *document_code_words(Arena *arena, const char *code)
{
    Buffer out = buffer_init(arena, 0);
    for (size_t i = 0; code[i]; i++) {
        if (i && i % 5 == 0)
            buffer_add_char(&out, '-');
        buffer_add_char(&out, code[i]);
    }
    return buffer_text(&out);
}

/* The digit that somebody meant; 0 when there is none. */
static char meant(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return c && strchr(digits, c) ? c : '\0';
}

const char *document_code_read(Arena *arena, const char *typed)
{
    Buffer out = buffer_init(arena, DOCUMENT_CODE_OLD_LENGTH + 1);
    for (; typed && *typed; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        char digit = meant(*typed);
        if (!digit)
            return NULL;
        buffer_add_char(&out, digit);
    }
    bool is_code = out.length == DOCUMENT_CODE_LENGTH || out.length == DOCUMENT_CODE_OLD_LENGTH;
    return is_code ? buffer_text(&out) : NULL;
}

const char *document_verify_url(const App *app, Arena *arena, const char *code)
{
    return arena_printf(arena, "%s/verify/%s", app->site ? app->site : "", code);
}

const char *document_masked_name(Arena *arena, const char *name)
{
    Buffer out = buffer_init(arena, 0);
    size_t length = text_length(name), at = 0;
    const char *position = name;
    while (*position) {
        uint32_t c = text_next(&position);
        bool is_shown = at == 0 || (length > 2 && at == length - 1);
        buffer_add_code_point(&out, is_shown ? c : '*');
        at++;
    }
    return buffer_text(&out);
}

/* Four digits with their units; zeros in a row are said once. */
static void add_four(Buffer *out, int64_t four, bool *has_zero)
{
    static const char *const names[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
    static const char *const units[] = {"仟", "佰", "拾", ""};
    int64_t scale = 1000;
    for (int i = 0; i < 4; i++, scale /= 10) {
        int64_t digit = four / scale % 10;
        if (!digit) {
            *has_zero = out->length > strlen("人民币");
            continue;
        }
        buffer_add(out, *has_zero ? names[0] : "");
        buffer_add(out, names[digit]);
        buffer_add(out, units[i]);
        *has_zero = false;
    }
}

static void add_cents(Buffer *out, int64_t cents, bool has_yuan)
{
    static const char *const names[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};
    if (cents / 10)
        buffer_printf(out, "%s角", names[cents / 10]);
    else if (cents && has_yuan)
        buffer_add(out, names[0]);
    if (cents % 10)
        buffer_printf(out, "%s分", names[cents % 10]);
    else
        buffer_add(out, "整");
}

const char *document_amount_words(Arena *arena, Fen amount)
{
    static const char *const groups[] = {"万", "亿", "万", ""};
    int64_t yuan = amount / 100, scale = INT64_C(1000000000000);
    bool has_zero = false;
    Buffer out = buffer_init(arena, 0);
    buffer_add(&out, "人民币");
    for (int i = 0; i < 4; i++, scale /= 10000) {
        int64_t four = yuan / scale % 10000;
        add_four(&out, four, &has_zero);
        bool has_high = i == 1 && yuan / scale > 0;
        buffer_add(&out, four || has_high ? groups[i] : "");
    }
    if (yuan)
        buffer_add(&out, "元");
    else if (!(amount % 100))
        buffer_add(&out, "零元");
    add_cents(&out, amount % 100, yuan > 0);
    return buffer_text(&out);
}

const char *document_date_words(Arena *arena, Date date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    return arena_printf(arena, "%d年%d月%d日", year, month, day);
}
