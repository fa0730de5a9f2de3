/*
 * decimal.c - Decimal over Intel's decimal floating-point library (BID encoding).
 *
 * Every operation has the same path: unpack both operands, call the library with its own rounding
 * mode and flags, and hand the result out only when it is finite. Nothing of the library is seen
 * outside this file.
 */
#include "base/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define DECIMAL_CALL_BY_REFERENCE            0
#define DECIMAL_GLOBAL_ROUNDING              0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS       0
#define DECIMAL_ALTERNATE_EXCEPTION_HANDLING 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <bid_conf.h>
#include <bid_functions.h>
#pragma GCC diagnostic pop

enum {
    MAX_SIGNIFICANT = 48, /* digits of a literal that can still change its rounding */
    MAX_PLAIN = 40,       /* characters of a number that is written without an exponent */
    EXPONENT_BIAS = 6176,
    MAX_WHOLE_POWER = 1000000,
};

static BID_UINT128 unpack(Decimal value)
{
    BID_UINT128 raw;
    memcpy(&raw, &value, sizeof raw);
    /* All bits zero is 0E-6176; as an operand it would drag every sum to that exponent. */
    if (value.bits[0] == 0 && value.bits[1] == 0)
        return bid128_from_int32(0);
    return raw;
}

static bool pack(BID_UINT128 raw, Decimal *out)
{
    if (!bid128_isFinite(raw))
        return false;
    if (bid128_isZero(raw))
        *out = DECIMAL_ZERO;
    else
        memcpy(out, &raw, sizeof *out);
    return true;
}

static Decimal pack_finite(BID_UINT128 raw)
{
    Decimal value = DECIMAL_ZERO;
    (void)pack(raw, &value);
    return value;
}

/* ---- from and to ----------------------------------------------------------------------------- */

/* What a literal says, with digits that cannot matter folded into one sticky digit. */
typedef struct Literal {
    char digits[MAX_SIGNIFICANT + 2];
    int count;
    int64_t exponent;
    bool is_negative;
    bool is_sticky;
} Literal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void literal_add(Literal *literal, char digit, bool is_fraction)
{
    if (literal->count == 0 && digit == '0') {
        literal->exponent -= is_fraction;
        return;
    }
    if (literal->count < MAX_SIGNIFICANT) {
        literal->digits[literal->count++] = digit;
        literal->exponent -= is_fraction;
        return;
    }
    literal->is_sticky |= digit != '0';
    literal->exponent += !is_fraction;
}

/* Digits with at most one point, at least one digit; returns the first byte behind, NULL if bad. */
static const char *read_digits(const char *at, const char *end, Literal *literal)
{
    bool is_fraction = false, has_digit = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !is_fraction)); at++) {
        if (*at == '.') {
            is_fraction = true;
            continue;
        }
        has_digit = true;
        literal_add(literal, *at, is_fraction);
    }
    return has_digit ? at : NULL;
}

static bool read_exponent(const char *at, const char *end, Literal *literal)
{
    if (at == end)
        return true;
    if (*at != 'e' && *at != 'E')
        return false;
    at++;
    bool is_negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    int64_t exponent = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        if (exponent < 1000000)
            exponent = exponent * 10 + (*at - '0');
    }
    literal->exponent += is_negative ? -exponent : exponent;
    return true;
}

/* What people write fits 64 bits, and its encoding is plain: sign, exponent, coefficient. */
static Decimal from_short_literal(const Literal *literal)
{
    uint64_t coefficient = 0;
    for (int i = 0; i < literal->count; i++)
        coefficient = coefficient * 10 + (uint64_t)(literal->digits[i] - '0');
    uint64_t exponent = (uint64_t)(literal->exponent + EXPONENT_BIAS);
    return (Decimal){{coefficient, (uint64_t)literal->is_negative << 63 | exponent << 49}};
}

bool decimal_from_text(const char *text, size_t length, Decimal *out)
{
    const char *at = text, *end = text + length;
    Literal literal = {.is_negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    at = read_digits(at, end, &literal);
    if (!at || !read_exponent(at, end, &literal))
        return false;
    if (literal.count == 0) {
        *out = DECIMAL_ZERO;
        return true;
    }
    if (literal.is_sticky) {
        literal.digits[literal.count++] = '1';
        literal.exponent--;
    }
    if (literal.exponent > 20000 || literal.exponent < -20000)
        literal.exponent = literal.exponent > 0 ? 20000 : -20000;
    if (literal.count <= 18 && literal.exponent >= -EXPONENT_BIAS && literal.exponent <= 0) {
        *out = from_short_literal(&literal);
        return true;
    }
    char plain[MAX_SIGNIFICANT + 32];
    snprintf(plain, sizeof plain, "%s%.*sE%d", literal.is_negative ? "-" : "", literal.count,
             literal.digits, (int)literal.exponent);
    unsigned int flags = 0;
    return pack(bid128_from_string(plain, BID_ROUNDING_TO_NEAREST, &flags), out);
}

Decimal decimal_from_int64(int64_t value)
{
    return pack_finite(bid128_from_int64(value));
}

/* The digits of a finite value without zeros at the end, and the power of ten of the last one. */
static size_t split_digits(Decimal value, char *out_digits, int *out_exponent, bool *out_negative)
{
    char raw[64] = {0};
    unsigned int flags = 0;
    bid128_to_string(raw, unpack(value), &flags); /* "+12345E-2" */
    size_t count = 0;
    for (const char *at = raw + 1; is_digit(*at); at++)
        if (count || *at != '0')
            out_digits[count++] = *at;
    const char *mark = strchr(raw, 'E');
    int exponent = 0;
    for (const char *at = mark ? mark + 2 : ""; is_digit(*at); at++)
        exponent = exponent * 10 + (*at - '0');
    if (mark && mark[1] == '-')
        exponent = -exponent;
    for (; count && out_digits[count - 1] == '0'; count--)
        exponent++;
    *out_exponent = exponent;
    *out_negative = raw[0] == '-';
    return count;
}

static size_t write_scientific(const char *digits, size_t count, int exponent, char *out)
{
    int first = exponent + (int)count - 1;
    size_t at = 0;
    out[at++] = digits[0];
    if (count > 1) {
        out[at++] = '.';
        memcpy(out + at, digits + 1, count - 1);
        at += count - 1;
    }
    return at + (size_t)snprintf(out + at, 8, "E%c%d", first < 0 ? '-' : '+',
                                 first < 0 ? -first : first);
}

static size_t write_plain(const char *digits, size_t count, int exponent, char *out)
{
    size_t at = 0;
    int whole = (int)count + exponent; /* digits before the point */
    if (whole <= 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (int i = whole; i < 0; i++)
            out[at++] = '0';
    }
    for (size_t i = 0; i < count; i++) {
        if (whole > 0 && (int)i == whole)
            out[at++] = '.';
        out[at++] = digits[i];
    }
    for (int i = 0; i < exponent; i++)
        out[at++] = '0';
    return at;
}

/* Most numbers of forms and fees fit 64 bits: they need no detour over the library's text. */
static bool write_small(Decimal value, char *out_text, size_t *out_length)
{
    uint64_t high = value.bits[1] & UINT64_C(0x7FFFFFFFFFFFFFFF);
    if (high >> 49 != EXPONENT_BIAS || (high & UINT64_C(0x1FFFFFFFFFFFF)) != 0)
        return false;
    bool is_negative = value.bits[1] >> 63;
    if (value.bits[0] > INT64_MAX)
        return false;
    if (is_negative)
        out_text[0] = '-'; /* zero has a sign, too */
    *out_length = is_negative + text_of_int64(out_text + is_negative, (int64_t)value.bits[0]);
    return true;
}

size_t decimal_to_text(Decimal value, char *out_text)
{
    size_t length = 0;
    if (write_small(value, out_text, &length))
        return length;
    char digits[64];
    int exponent = 0;
    bool is_negative = false;
    size_t count = split_digits(value, digits, &exponent, &is_negative);
    if (count == 0) {
        memcpy(out_text, "0", 2);
        return 1;
    }
    if (is_negative)
        out_text[length++] = '-';
    int whole = (int)count + exponent;
    int size = whole <= 0 ? (int)count + 2 - whole : exponent > 0 ? whole : (int)count + 1;
    length += size > MAX_PLAIN ? write_scientific(digits, count, exponent, out_text + length)
                               : write_plain(digits, count, exponent, out_text + length);
    out_text[length] = 0;
    return length;
}

bool decimal_to_int64(Decimal value, int64_t *out)
{
    unsigned int flags = 0;
    int64_t whole = bid128_to_int64_xint(unpack(value), &flags);
    if (flags & (BID_INVALID_EXCEPTION | BID_INEXACT_EXCEPTION))
        return false;
    *out = whole;
    return true;
}

double decimal_to_double(Decimal value)
{
    unsigned int flags = 0;
    return bid128_to_binary64(unpack(value), BID_ROUNDING_TO_NEAREST, &flags);
}

bool decimal_from_double(double value, Decimal *out)
{
    char text[40];
    if (!isfinite(value))
        return false;
    int length = snprintf(text, sizeof text, "%.17g", value);
    return decimal_from_text(text, (size_t)length, out);
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

bool decimal_add(Decimal a, Decimal b, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_add(unpack(a), unpack(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_subtract(Decimal a, Decimal b, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_sub(unpack(a), unpack(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_multiply(Decimal a, Decimal b, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_mul(unpack(a), unpack(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_divide(Decimal a, Decimal b, Decimal *out)
{
    unsigned int flags = 0;
    if (decimal_is_zero(b))
        return false;
    return pack(bid128_div(unpack(a), unpack(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

/* By repeated squaring, which keeps 10 ** 20 and 1.05 ** 3 exact where the library's power goes
 * through logarithms. */
static bool power_whole(Decimal base, int64_t exponent, Decimal *out)
{
    bool is_inverse = exponent < 0;
    uint64_t left = is_inverse ? (uint64_t)-exponent : (uint64_t)exponent;
    Decimal result = decimal_from_int64(1);
    while (left) {
        if ((left & 1) && !decimal_multiply(result, base, &result))
            return false;
        left >>= 1;
        if (left && !decimal_multiply(base, base, &base))
            return false;
    }
    if (is_inverse)
        return decimal_divide(decimal_from_int64(1), result, out);
    *out = result;
    return true;
}

bool decimal_power(Decimal a, Decimal b, Decimal *out)
{
    int64_t whole = 0;
    if (decimal_is_zero(a) && decimal_is_negative(b))
        return false;
    if (decimal_to_int64(b, &whole) && whole <= MAX_WHOLE_POWER && whole >= -MAX_WHOLE_POWER)
        return power_whole(a, whole, out);
    unsigned int flags = 0;
    return pack(bid128_pow(unpack(a), unpack(b), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_modulo(Decimal a, Decimal b, Decimal *out)
{
    if (decimal_is_zero(b))
        return false;
    /* fmod is exact and has the sign of a; a - b * floor(a / b) would lose digits when a / b has
     * more than 34 of them. */
    unsigned int flags = 0;
    Decimal rest;
    if (!pack(bid128_fmod(unpack(a), unpack(b), &flags), &rest))
        return false;
    if (!decimal_is_zero(rest) && decimal_is_negative(rest) != decimal_is_negative(b))
        return decimal_add(rest, b, out);
    *out = rest;
    return true;
}

bool decimal_sqrt(Decimal value, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_sqrt(unpack(value), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_log(Decimal value, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_log(unpack(value), BID_ROUNDING_TO_NEAREST, &flags), out);
}

bool decimal_exp(Decimal value, Decimal *out)
{
    unsigned int flags = 0;
    return pack(bid128_exp(unpack(value), BID_ROUNDING_TO_NEAREST, &flags), out);
}

Decimal decimal_negate(Decimal value)
{
    return pack_finite(bid128_negate(unpack(value)));
}

Decimal decimal_abs(Decimal value)
{
    return pack_finite(bid128_abs(unpack(value)));
}

/* The library has no half-down and no away-from-zero: both work on the magnitude. */
static unsigned int library_mode(DecimalRounding mode, bool is_negative)
{
    switch (mode) {
    case DECIMAL_HALF_UP: return BID_ROUNDING_TIES_AWAY;
    case DECIMAL_UP: return is_negative ? BID_ROUNDING_DOWN : BID_ROUNDING_UP;
    case DECIMAL_DOWN: return BID_ROUNDING_TO_ZERO;
    case DECIMAL_FLOOR: return BID_ROUNDING_DOWN;
    case DECIMAL_CEILING: return BID_ROUNDING_UP;
    default: return BID_ROUNDING_TO_NEAREST;
    }
}

static BID_UINT128 power_of_ten(int exponent)
{
    return bid128_scalbn(bid128_from_int32(1), exponent, BID_ROUNDING_TO_NEAREST,
                         &(unsigned int){0});
}

/* Half down: towards zero, and one unit further when more than half was cut off. */
static bool round_half_down(BID_UINT128 raw, int scale, Decimal *out)
{
    unsigned int flags = 0;
    BID_UINT128 unit = power_of_ten(-scale);
    BID_UINT128 cut = bid128_quantize(raw, unit, BID_ROUNDING_TO_ZERO, &flags);
    BID_UINT128 rest = bid128_abs(bid128_sub(raw, cut, BID_ROUNDING_TO_NEAREST, &flags));
    BID_UINT128 half =
        bid128_scalbn(bid128_from_int32(5), -scale - 1, BID_ROUNDING_TO_NEAREST, &flags);
    if (bid128_quiet_greater(rest, half, &flags)) {
        BID_UINT128 step = bid128_copySign(unit, raw);
        cut = bid128_add(cut, step, BID_ROUNDING_TO_NEAREST, &flags);
    }
    return pack(cut, out);
}

/* The power of ten of the value's last stored digit. */
static int stored_exponent(Decimal value)
{
    return (int)(value.bits[1] >> 49 & 0x3FFF) - EXPONENT_BIAS;
}

bool decimal_round(Decimal value, int scale, DecimalRounding mode, Decimal *out)
{
    if (scale < DECIMAL_SCALE_MIN || scale > DECIMAL_SCALE_MAX)
        return false;
    if (decimal_is_zero(value) || stored_exponent(value) >= -scale) {
        *out = value;
        return true;
    }
    BID_UINT128 raw = unpack(value);
    unsigned int flags = 0;
    if (mode == DECIMAL_HALF_DOWN)
        return round_half_down(raw, scale, out);
    return pack(bid128_quantize(raw, power_of_ten(-scale),
                                library_mode(mode, decimal_is_negative(value)), &flags),
                out);
}

/* ---- questions ------------------------------------------------------------------------------- */

/* Equal exponents, as amounts and counts mostly have: the order of the coefficients. False when the
 * library must look. */
static bool compare_coefficients(Decimal a, Decimal b, int *out)
{
    static const uint64_t sign = UINT64_C(1) << 63, special = UINT64_C(3) << 61;
    if ((a.bits[1] & ~sign) >> 49 != (b.bits[1] & ~sign) >> 49 || (a.bits[1] & special) == special)
        return false;
    bool is_negative = a.bits[1] >> 63;
    if (is_negative != (bool)(b.bits[1] >> 63))
        return false;
    int order = a.bits[1] != b.bits[1] ? (a.bits[1] < b.bits[1] ? -1 : 1)
                                       : (a.bits[0] > b.bits[0]) - (a.bits[0] < b.bits[0]);
    *out = is_negative ? -order : order;
    return true;
}

int decimal_compare(Decimal a, Decimal b)
{
    int order;
    if (compare_coefficients(a, b, &order))
        return order;
    unsigned int flags = 0;
    BID_UINT128 left = unpack(a), right = unpack(b);
    if (bid128_quiet_equal(left, right, &flags))
        return 0;
    return bid128_quiet_less(left, right, &flags) ? -1 : 1;
}

bool decimal_is_zero(Decimal value)
{
    return (value.bits[0] | value.bits[1]) == 0;
}

bool decimal_is_negative(Decimal value)
{
    return value.bits[1] >> 63;
}

bool decimal_is_integer(Decimal value)
{
    Decimal whole;
    if (stored_exponent(value) >= 0)
        return true;
    return decimal_round(value, 0, DECIMAL_DOWN, &whole) && decimal_compare(value, whole) == 0;
}
