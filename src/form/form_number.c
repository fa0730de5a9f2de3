/*
 * form_number.c - numbers of people and firms as they are typed: narrow characters first, then the
 * check digit of the standard.
 */
#include "form/form_internal.h"

#include <string.h>

/* U+FF01 to U+FF5E are the wide forms of "!" to "~"; U+3000 is the wide space. */
static uint32_t narrow(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        return code - 0xFEE0;
    return code == 0x3000 ? ' ' : code;
}

const char *form_half_width(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    for (const char *at = text; *at;)
        buffer_add_code_point(&out, narrow(text_next(&at)));
    return text_trim(arena, buffer_text(&out));
}

bool form_id_birthday(const char *digits, Date *out)
{
    int number[8];
    for (size_t i = 0; i < 8; i++)
        number[i] = digits[6 + i] - '0';
    int year = number[0] * 1000 + number[1] * 100 + number[2] * 10 + number[3];
    int month = number[4] * 10 + number[5], day = number[6] * 10 + number[7];
    bool is_day = year >= 1800 && date_is_valid(year, month, day);
    if (is_day)
        *out = date_of(year, month, day);
    return is_day;
}

char form_id_check(const char *digits)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

bool form_is_id_number(const char *text)
{
    Date birthday;
    if (strlen(text) != 18 || strspn(text, "0123456789") < 17)
        return false;
    return text[17] == form_id_check(text) && text[0] != '0' && form_id_birthday(text, &birthday);
}

/* 31 characters without I O S V Z; weights are the powers of 3 modulo 31. */
const char form_credit_letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char form_credit_check(const char *code)
{
    int sum = 0, weight = 1;
    for (size_t i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += (int)(strchr(form_credit_letters, code[i]) - form_credit_letters) * weight;
    return form_credit_letters[(31 - sum % 31) % 31];
}

bool form_is_credit_code(const char *text)
{
    return strlen(text) == 18 && strspn(text, form_credit_letters) == 18 &&
           text[17] == form_credit_check(text);
}

const char *form_phone(Arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 1), *to = digits;
    for (; *text; text++)
        if (!strchr(" -()", *text))
            *to++ = *text;
    const char *number = digits;
    if (text_starts_with(number, "+86"))
        number += 3;
    else if (text_starts_with(number, "0086"))
        number += 4;
    else if (strlen(number) == 13 && text_starts_with(number, "86"))
        number += 2;
    bool is_mobile = strlen(number) == 11 && strspn(number, "0123456789") == 11 &&
                     number[0] == '1' && number[1] >= '3';
    return is_mobile ? number : NULL;
}

/* Only what surely is a mistake is refused: who owns an address is known by writing to it. */
bool form_is_email(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || strchr(at + 1, '@') || strpbrk(text, " \t\"(),:;<>[]\\"))
        return false;
    const char *dot = strrchr(at, '.');
    return dot && dot > at + 1 && dot[1] && at[1] != '.' && !strstr(text, "..");
}
