#ifndef SCENARIO_SCENARIO_HALL_H
#define SCENARIO_SCENARIO_HALL_H

/*
 * What program steps remember between each other: the application that they are about, and what was
 * answered last. An action that was refused is not yet a failure: the next step may say that it
 * should be. Any other step, or the end, makes it one (hall_settle).
 */
#include "scenario/scenario_internal.h"

typedef struct Hall {
    const char *number; /* of the application that was made last; NULL: none yet */
    const char *filer;  /* who made it, and sees it whole */
    ScenarioAnswer last;
    const Step *refused; /* the action that was refused and that nobody has expected yet */
} Hall;

/* False when a refusal was left that no step expected: the scenario has failed at that action. */
bool hall_settle(Run *run);

#endif
