#ifndef CALENDAR_CALENDAR_FEEL_H
#define CALENDAR_CALENDAR_FEEL_H

/*
 * Working days for FEEL: what workdays.add and workdays.between ask, answered from a table.
 */
#include "calendar/calendar.h"
#include "feel/feel.h"

/* The table must outlive the scopes that hold the result. */
FeelWorkdays calendar_feel_workdays(const CalendarTable *table);

/* From the text of a holiday file, as calendar_layer_parse reads it, in China's zone; both live in
 * the arena. NULL for a text that is no such file: workdays.* then tell that there is no calendar.
 */
const FeelWorkdays *calendar_feel_of_text(Arena *arena, const char *holidays, size_t length);

#endif
