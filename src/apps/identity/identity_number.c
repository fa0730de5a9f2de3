/*
 * identity_number.c - typed -> narrow capitals -> checked by kind.
 *
 * Each refusal names the one thing that is most likely wrong: a clerk with the document in hand
 * wants to know which character to look at again.
 */
#include "apps/identity/identity_number.h"

#include <string.h>

#include "base/text.h"
#include "form/form_number.h"

const char *const identity_kinds[] = {
    "resident_id",   "credit_code",      "passport", "hk_macao_permit",
    "taiwan_permit", "residence_permit", NULL};
const char *const identity_kinds_of_persons[] = {
    "resident_id", "passport", "hk_macao_permit", "taiwan_permit", "residence_permit", NULL};

static const char digits[] = "0123456789";

bool identity_kind_is_firm(const char *kind)
{
    return text_equal(kind, "credit_code");
}

typedef struct Reading {
    Arena *arena;
    const char *text; /* narrow, in capitals, without blanks */
    Date today;
    const char *field;
    Error *err;
} Reading;

static bool refuse(const Reading *reading, const char *code)
{
    return error_set(reading->err, ERROR_INVALID, .code = code, .field = reading->field);
}

static bool refuse_with(const Reading *reading, const char *code, const char *name,
                        const char *value)
{
    return error_set(reading->err, ERROR_INVALID, .code = code, .field = reading->field,
                     .with = {{name, value}});
}

static const char *normal(Arena *arena, const char *typed)
{
    const char *narrow = form_half_width(arena, typed);
    char *text = arena_alloc(arena, strlen(narrow) + 1), *to = text;
    for (; *narrow; narrow++)
        if (!strchr(" -", *narrow))
            *to++ = *narrow >= 'a' && *narrow <= 'z' ? (char)(*narrow - 'a' + 'A') : *narrow;
    *to = 0;
    return text;
}

static const char *count_of(const Reading *reading)
{
    return arena_printf(reading->arena, "%zu", text_length(reading->text));
}

/* ---- GB 11643 -------------------------------------------------------------------------------- */

static bool is_permit_area(const char *text)
{
    return text_starts_with(text, "810000") || text_starts_with(text, "820000") ||
           text_starts_with(text, "830000");
}

static bool check_shape(const Reading *reading)
{
    size_t length = strlen(reading->text), figures = strspn(reading->text, digits);
    if (length == 15 && figures == 15)
        return refuse(reading, "identity.number_old");
    if (length != 18)
        return refuse_with(reading, "identity.number_length", "count", count_of(reading));
    bool is_shaped = figures == 18 || (figures == 17 && reading->text[17] == 'X');
    return is_shaped || refuse(reading, "identity.number_digits");
}

/* Provinces are numbered 11 to 65 (GB/T 2260), Taiwan 71; the Ministry of Public Security gives
 * foreigners with permanent residence numbers that begin with 9. */
static bool check_area(const Reading *reading, bool is_permit)
{
    if (is_permit_area(reading->text) != is_permit)
        return refuse(reading, is_permit ? "identity.number_area" : "identity.number_permit");
    bool is_area = is_permit || strchr("12345679", reading->text[0]);
    return is_area || refuse(reading, "identity.number_area");
}

static bool check_birthday(const Reading *reading)
{
    Date birthday;
    if (!form_id_birthday(reading->text, &birthday))
        return refuse(reading, "identity.number_birthday");
    return date_compare(birthday, reading->today) <= 0 || refuse(reading, "identity.number_future");
}

static bool check_gb11643(const Reading *reading, bool is_permit)
{
    if (!check_shape(reading) || !check_area(reading, is_permit) || !check_birthday(reading))
        return false;
    return reading->text[17] == form_id_check(reading->text) ||
           refuse(reading, "identity.number_check");
}

static bool check_resident(const Reading *reading)
{
    return check_gb11643(reading, false);
}

static bool check_residence_permit(const Reading *reading)
{
    return check_gb11643(reading, true);
}

/* ---- GB 32100 -------------------------------------------------------------------------------- */

static bool check_credit_code(const Reading *reading)
{
    size_t known = strspn(reading->text, form_credit_letters);
    if (reading->text[known]) {
        const char *at = reading->text + known, *behind = at;
        text_next(&behind);
        return refuse_with(reading, "identity.code_letters", "letter",
                           arena_text_n(reading->arena, at, (size_t)(behind - at)));
    }
    if (known != 18)
        return refuse_with(reading, "identity.code_length", "count", count_of(reading));
    return reading->text[17] == form_credit_check(reading->text) ||
           refuse(reading, "identity.code_check");
}

/* ---- passports and permits ------------------------------------------------------------------- */

/* Countries differ; all agree on letters and digits, with a digit somewhere. */
static bool check_passport(const Reading *reading)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = strlen(reading->text);
    bool is_number = length >= 5 && length <= 12 && strspn(reading->text, letters) == length &&
                     strpbrk(reading->text, digits);
    return is_number || refuse(reading, "identity.passport");
}

/* H (Hong Kong) or M (Macao) and eight digits for life; two more counted the issues until 2013. */
static bool check_hk_macao(const Reading *reading)
{
    size_t figures = *reading->text ? strspn(reading->text + 1, digits) : 0;
    bool is_number = strchr("HM", reading->text[0]) && (figures == 8 || figures == 10) &&
                     !reading->text[1 + figures];
    return is_number || refuse(reading, "identity.hk_macao_permit");
}

static bool check_taiwan(const Reading *reading)
{
    return (strlen(reading->text) == 8 && strspn(reading->text, digits) == 8) ||
           refuse(reading, "identity.taiwan_permit");
}

/* ---- by kind --------------------------------------------------------------------------------- */

static const struct {
    const char *kind;
    bool (*check)(const Reading *reading);
} checks[] = {
    {"resident_id", check_resident}, {"credit_code", check_credit_code},
    {"passport", check_passport},    {"hk_macao_permit", check_hk_macao},
    {"taiwan_permit", check_taiwan}, {"residence_permit", check_residence_permit},
};

const char *identity_number_read(Arena *arena, const char *kind, const char *typed, Date today,
                                 const char *field, Error *err)
{
    Reading reading = {.arena = arena,
                       .text = normal(arena, typed ? typed : ""),
                       .today = today,
                       .field = field,
                       .err = err};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (!text_equal(checks[i].kind, kind))
            continue;
        if (!checks[i].check(&reading))
            return NULL;
        bool is_old_permit = checks[i].check == check_hk_macao && strlen(reading.text) == 11;
        return is_old_permit ? arena_text_n(arena, reading.text, 9) : reading.text;
    }
    refuse(&reading, "identity.unknown_kind");
    return NULL;
}

const char *identity_mask(Arena *arena, const char *value)
{
    size_t length = strlen(value);
    size_t head = length > 11 ? 4 : length == 11 ? 3 : 2, tail = length >= 11 ? 4 : 2;
    if (length < 8 ||
        strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-") != length)
        return "****";
    char *shown = arena_text(arena, value);
    memset(shown + head, '*', length - head - tail);
    return shown;
}
