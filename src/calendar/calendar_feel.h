#ifndef CALENDAR_CALENDAR_FEEL_H
#define CALENDAR_CALENDAR_FEEL_H

/*
 * Working days for FEEL: what workdays.add and workdays.between ask, answered from a table.
 */
#include "calendar/calendar.h"
#include "feel/feel.h"

/* The table must outlive the scopes that hold the result. */
FeelWorkdays calendar_feel_workdays(const CalendarTable *table);

#endif
