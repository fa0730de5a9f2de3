#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

/*
 * Decimal: IEEE 754-2008 decimal128, 34 digits, for money and for FEEL numbers.
 *
 * A value, 16 bytes, copied freely; nothing is allocated. Every Decimal that a verb gives out is
 * finite: what would be infinite, not a number, or beyond the range (10^6145) makes the verb
 * return false and leave its output alone. What does not fit 34 digits is rounded half to even,
 * as the standard has it. There is no negative zero.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bits belong to decimal.c. All bits zero is a valid zero. */
typedef struct Decimal {
    uint64_t bits[2];
} Decimal;

typedef enum DecimalRounding {
    DECIMAL_HALF_EVEN,
    DECIMAL_HALF_UP,   /* half away from zero */
    DECIMAL_HALF_DOWN, /* half towards zero */
    DECIMAL_UP,        /* away from zero */
    DECIMAL_DOWN,      /* towards zero */
    DECIMAL_FLOOR,     /* towards negative infinity */
    DECIMAL_CEILING,   /* towards positive infinity */
} DecimalRounding;

enum {
    DECIMAL_DIGITS = 34,
    DECIMAL_TEXT_SIZE = 64, /* bytes that decimal_to_text needs, NUL included */
    DECIMAL_SCALE_MIN = -6111,
    DECIMAL_SCALE_MAX = 6176,
};

#define DECIMAL_ZERO ((Decimal){{0, 0}})

/* ---- from and to ----------------------------------------------------------------------------- */

/* length bytes of [-+]digits[.digits][(e|E)[-+]digits], ".5" and "5." included, nothing else: no
 * spaces, no "inf". More than 34 digits are rounded half to even. False leaves *out alone. */
bool decimal_from_text(const char *text, size_t length, Decimal *out);
Decimal decimal_from_int64(int64_t value);

/* The shortest plain notation as FEEL writes numbers: no trailing zeros, no leading "+", "0.5" and
 * not ".5"; with an exponent ("1.5E+41", "1E-40") only when the plain form would pass 40
 * characters. Writes at most DECIMAL_TEXT_SIZE bytes with NUL; returns the length without it. */
size_t decimal_to_text(Decimal value, char *out_text);

/* Exactly, or false: fractions and what is beyond 64 bits are refused. */
bool decimal_to_int64(Decimal value, int64_t *out);

/* The nearest double, for statistics and drawing only. */
double decimal_to_double(Decimal value);

/* The nearest decimal with 17 digits; false for infinities and NaN. */
bool decimal_from_double(double value, Decimal *out);

/* ---- arithmetic: false when there is no finite result ---------------------------------------- */

bool decimal_add(Decimal a, Decimal b, Decimal *out);
bool decimal_subtract(Decimal a, Decimal b, Decimal *out);
bool decimal_multiply(Decimal a, Decimal b, Decimal *out);
bool decimal_divide(Decimal a, Decimal b, Decimal *out); /* also false when b is zero */

/* a to the b; a whole b with a small result is exact. False for 0 to a negative power and for a
 * negative number to a fraction. */
bool decimal_power(Decimal a, Decimal b, Decimal *out);

/* a - b * floor(a / b): the result has the sign of b (FEEL modulo). False when b is zero. */
bool decimal_modulo(Decimal a, Decimal b, Decimal *out);

bool decimal_sqrt(Decimal value, Decimal *out); /* false for negative values */
bool decimal_log(Decimal value, Decimal *out);  /* natural; false for values <= 0 */
bool decimal_exp(Decimal value, Decimal *out);
Decimal decimal_negate(Decimal value);
Decimal decimal_abs(Decimal value);

/* value with `scale` digits behind the point (negative: whole tens, hundreds ...). False when scale
 * is outside DECIMAL_SCALE_MIN .. DECIMAL_SCALE_MAX. A scale finer than the value has changes
 * nothing. */
bool decimal_round(Decimal value, int scale, DecimalRounding mode, Decimal *out);

/* ---- questions ------------------------------------------------------------------------------- */

int decimal_compare(Decimal a, Decimal b); /* -1, 0, 1; 1.0 and 1 are equal */
bool decimal_is_zero(Decimal value);
bool decimal_is_negative(Decimal value);
bool decimal_is_integer(Decimal value); /* no fraction: 2.00 is an integer */

#endif
