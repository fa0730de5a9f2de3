/* cover_gap.c - when nobody holds a post. */
#include "apps/cover/cover_gap.h"

bool gap_is_away(const Absences *absences, Id officer, Date day)
{
    if (!officer)
        return true;
    list_each (Absence, one, absences)
        if (one->officer == officer && date_compare(one->from, day) <= 0 &&
            date_compare(one->to, day) >= 0)
            return true;
    return false;
}

Gaps gaps_of(const CalendarTable *table, Arena *arena, const Post *post, const Absences *absences,
             Date today)
{
    Gaps gaps = {0};
    bool is_open = false;
    for (int i = 0; i < GAP_DAYS; i++) {
        Date day = date_plus(today, i);
        if (!calendar_is_worked(table, day))
            continue;
        bool is_empty = gap_is_away(absences, post->a, day) && gap_is_away(absences, post->b, day);
        if (is_empty && is_open)
            gaps.items[gaps.count - 1].to = day;
        else if (is_empty)
            list_add(arena, &gaps, ((Gap){day, day}));
        is_open = is_empty;
    }
    return gaps;
}
