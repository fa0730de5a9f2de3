/* feel_builtins_numbers.c - functions on numbers (10.3.4.5), and not(). */
#include "feel/feel_builtins.h"

#include "feel/feel_temporal.h"
#include "feel/feel_value.h"

static FeelValue number_or_fail(FeelCall *call, bool is_done, Decimal number)
{
    return is_done ? feel_number(number)
                   : feel_fail(call, "feel.overflow", "there is no such number");
}

static Decimal number_at(const FeelCall *call, size_t index)
{
    return feel_argument(call, index).as.number;
}

static FeelValue round_by(FeelCall *call, DecimalRounding mode)
{
    int64_t scale = 0;
    Decimal result;
    if (feel_argument(call, 1).kind != FEEL_NULL && !argument_int(call, 1, &scale))
        return feel_null();
    if (scale < DECIMAL_SCALE_MIN || scale > DECIMAL_SCALE_MAX)
        return feel_fail(call, "feel.value", "the scale must lie between %d and %d",
                         DECIMAL_SCALE_MIN, DECIMAL_SCALE_MAX);
    bool is_done = decimal_round(number_at(call, 0), (int)scale, mode, &result);
    return number_or_fail(call, is_done, result);
}

static FeelValue number_decimal(FeelCall *call)
{
    return round_by(call, DECIMAL_HALF_EVEN);
}

static FeelValue number_floor(FeelCall *call)
{
    return round_by(call, DECIMAL_FLOOR);
}

static FeelValue number_ceiling(FeelCall *call)
{
    return round_by(call, DECIMAL_CEILING);
}

static FeelValue round_up(FeelCall *call)
{
    return round_by(call, DECIMAL_UP);
}

static FeelValue round_down(FeelCall *call)
{
    return round_by(call, DECIMAL_DOWN);
}

static FeelValue round_half_up(FeelCall *call)
{
    return round_by(call, DECIMAL_HALF_UP);
}

static FeelValue round_half_down(FeelCall *call)
{
    return round_by(call, DECIMAL_HALF_DOWN);
}

static FeelValue number_abs(FeelCall *call)
{
    FeelValue value = feel_argument(call, 0), negated;
    if (value.kind == FEEL_NUMBER)
        return feel_number(decimal_abs(value.as.number));
    bool is_negative =
        value.kind == FEEL_YEARS_MONTHS ? value.as.months < 0 : value.as.span.seconds < 0;
    if (!is_negative)
        return value;
    return duration_negate(value, &negated) ? negated
                                            : feel_fail(call, "feel.overflow", "out of range");
}

static FeelValue number_modulo(FeelCall *call)
{
    Decimal result;
    if (decimal_is_zero(number_at(call, 1)))
        return feel_fail(call, "feel.division_by_zero", "the divisor is zero");
    bool is_done = decimal_modulo(number_at(call, 0), number_at(call, 1), &result);
    return number_or_fail(call, is_done, result);
}

static FeelValue number_sqrt(FeelCall *call)
{
    Decimal result;
    bool is_done = decimal_sqrt(number_at(call, 0), &result);
    return number_or_fail(call, is_done, result);
}

static FeelValue number_log(FeelCall *call)
{
    Decimal result;
    bool is_done = decimal_log(number_at(call, 0), &result);
    return number_or_fail(call, is_done, result);
}

static FeelValue number_exp(FeelCall *call)
{
    Decimal result;
    bool is_done = decimal_exp(number_at(call, 0), &result);
    return number_or_fail(call, is_done, result);
}

/* The remainder of a whole number by two: 0 or 1; -1 for fractions, which are neither. */
static int parity(Decimal number)
{
    Decimal rest;
    if (!decimal_is_integer(number) || !decimal_modulo(number, decimal_from_int64(2), &rest))
        return -1;
    return decimal_is_zero(rest) ? 0 : 1;
}

static FeelValue number_even(FeelCall *call)
{
    return feel_boolean(parity(number_at(call, 0)) == 0);
}

static FeelValue number_odd(FeelCall *call)
{
    return feel_boolean(parity(number_at(call, 0)) == 1);
}

static FeelValue boolean_not(FeelCall *call)
{
    FeelValue value = feel_argument(call, 0);
    if (value.kind != FEEL_BOOLEAN && value.kind != FEEL_NULL)
        return feel_fail(call, "feel.argument", "\"negand\" must be boolean, and is %s",
                         feel_kind_name(value));
    return truth_value(truth_not(feel_condition(value)));
}

enum {
    TAKES_SIZED = TAKES_NUMBER | FEEL_TAKES(FEEL_YEARS_MONTHS) | FEEL_TAKES(FEEL_DAYS_TIME),
    TAKES_SCALE = TAKES_NUMBER | FEEL_OPTIONAL,
};

/* size: table */
static const FeelNative ROWS[] = {
    {"abs",
     {{"n", TAKES_SIZED}},
     number_abs,
     "The size of a number or duration, without its sign.",
     {"abs(-10) = 10", "abs(@\"-PT5H\") = @\"PT5H\""}},
    {"ceiling",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     number_ceiling,
     "The smallest number of the scale (0) that is not below n.",
     {"ceiling(1.5) = 2", "ceiling(-1.56, 1) = -1.5"}},
    {"decimal",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_NUMBER}},
     number_decimal,
     "n rounded to a scale, half to even.",
     {"decimal(1/3, 2) = 0.33", "decimal(2.5, 0) = 2"}},
    {"even",
     {{"number", TAKES_NUMBER}},
     number_even,
     "Whether a number is even.",
     {"even(2) = true"}},
    {"exp",
     {{"number", TAKES_NUMBER}},
     number_exp,
     "Euler's number to the power of a number.",
     {"decimal(exp(5), 10) = 148.4131591026"}},
    {"floor",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     number_floor,
     "The greatest number of the scale (0) that is not above n.",
     {"floor(1.5) = 1", "floor(-1.56, 1) = -1.6"}},
    {"log",
     {{"number", TAKES_NUMBER}},
     number_log,
     "The natural logarithm of a positive number.",
     {"decimal(log(10), 8) = 2.30258509"}},
    {"modulo",
     {{"dividend", TAKES_NUMBER}, {"divisor", TAKES_NUMBER}},
     number_modulo,
     "The remainder of a division, with the sign of the divisor.",
     {"modulo(12, 5) = 2", "modulo(-12, 5) = 3", "modulo(-10.1, 4.5) = 3.4"}},
    {"not",
     {{"negand", FEEL_TAKES_ANY}},
     boolean_not,
     "false for true, true for false, null for everything else.",
     {"not(true) = false", "not(null) = null"}},
    {"odd", {{"number", TAKES_NUMBER}}, number_odd, "Whether a number is odd.", {"odd(5) = true"}},
    {"round down",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     round_down,
     "n rounded to a scale (0), towards zero.",
     {"round down(-5.5, 0) = -5", "round down(1.126, 2) = 1.12"}},
    {"round half down",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     round_half_down,
     "n rounded to a scale (0), half towards zero.",
     {"round half down(5.5, 0) = 5", "round half down(1.126, 2) = 1.13"}},
    {"round half up",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     round_half_up,
     "n rounded to a scale (0), half away from zero.",
     {"round half up(5.5, 0) = 6", "round half up(-1.125, 2) = -1.13"}},
    {"round up",
     {{"n", TAKES_NUMBER}, {"scale", TAKES_SCALE}},
     round_up,
     "n rounded to a scale (0), away from zero.",
     {"round up(5.5, 0) = 6", "round up(1.121, 2) = 1.13"}},
    {"sqrt",
     {{"number", TAKES_NUMBER}},
     number_sqrt,
     "The square root of a number that is not negative.",
     {"sqrt(16) = 4"}},
};

const FeelFamily FEEL_NUMBER_FUNCTIONS = FEEL_FAMILY(ROWS);
