/*
 * feel_builtins_workdays.c - legal time: working days of the calendar that the host passes in.
 *
 * Not of the standard, hence in a name space of their own; a variable named "workdays" hides them.
 */
#include "feel/feel_builtins.h"

#include "feel/feel_temporal.h"

static const FeelWorkdays *calendar_of(FeelCall *call)
{
    const FeelScope *scope = feel_call_scope(call);
    while (scope && !scope->workdays)
        scope = scope->parent;
    if (!scope)
        (void)feel_fail(call, "feel.no_calendar", "there is no calendar here");
    return scope ? scope->workdays : NULL;
}

static bool day_at(FeelCall *call, size_t index, Date *out)
{
    if (feel_to_date(feel_argument(call, index), out))
        return true;
    (void)feel_fail(call, "feel.calendar", "the calendar does not reach that day");
    return false;
}

/* An answer on days that no notice covers yet is given, and told. */
static FeelValue answer(FeelCall *call, bool is_known, FeelValue value, Date provisional)
{
    if (!is_known)
        return feel_fail(call, "feel.calendar", "the calendar does not reach that far");
    if (!date_is_none(provisional))
        (void)feel_fail(call, "feel.provisional",
                        "the answer rests on days that are not announced yet (%s)",
                        date_text(feel_call_arena(call), provisional));
    return value;
}

static FeelValue workdays_add(FeelCall *call)
{
    const FeelWorkdays *calendar = calendar_of(call);
    Date from, day = DATE_NONE, provisional = DATE_NONE;
    int64_t count;
    if (!calendar || !day_at(call, 0, &from) || !argument_int(call, 1, &count))
        return feel_null();
    bool is_known = calendar->add(calendar->data, from, count, &day, &provisional);
    return answer(call, is_known, feel_date(day), provisional);
}

static FeelValue workdays_between(FeelCall *call)
{
    const FeelWorkdays *calendar = calendar_of(call);
    Date from, to, provisional = DATE_NONE;
    int64_t count = 0;
    if (!calendar || !day_at(call, 0, &from) || !day_at(call, 1, &to))
        return feel_null();
    bool is_known = calendar->between(calendar->data, from, to, &count, &provisional);
    return answer(call, is_known, feel_int(count), provisional);
}

/* size: table */
static const FeelNative ROWS[] = {
    {"workdays.add",
     {{"from", TAKES_DAY}, {"days", TAKES_NUMBER}},
     workdays_add,
     "The working day so many behind a day, which is not counted; 0 is the first on or after it, "
     "and negative numbers go back.",
     {"workdays.add(@\"2026-11-20\", 1) = @\"2026-11-23\"",
      "workdays.add(@\"2026-11-22\", 0) = @\"2026-11-23\"",
      "workdays.add(@\"2026-11-23\", -1) = @\"2026-11-20\""}},
    {"workdays.between",
     {{"from", TAKES_DAY}, {"to", TAKES_DAY}},
     workdays_between,
     "The number of working days behind one day up to and with another; negative when it lies "
     "before.",
     {"workdays.between(@\"2026-11-20\", @\"2026-11-27\") = 5",
      "workdays.between(@\"2026-11-27\", @\"2026-11-20\") = -5"}},
};

const FeelFamily FEEL_WORKDAY_FUNCTIONS = FEEL_FAMILY(ROWS);
