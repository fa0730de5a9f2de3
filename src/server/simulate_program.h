#ifndef SERVER_SIMULATE_PROGRAM_H
#define SERVER_SIMULATE_PROGRAM_H

/*
 * The program over a database of its own, as yimen simulate plays everybody in it: requests without
 * a socket (web_send), sessions without a password, the clock where the simulation sets it. The
 * jobs of the scheduler run as it passes: timers at each moment, most of them every hour of
 * the day, what walks through folders at midnight.
 */
#include "scenario/scenario.h"
#include "service/app.h"

typedef struct PlayedProgram PlayedProgram;

/* app's clock is set to from. The program lives in arena. */
PlayedProgram *played_program(Arena *arena, App *app, Web *web, Instant from);
ScenarioProgram played_program_steps(PlayedProgram *program);
/* Everything that is left to do at this moment. */
MUST_CHECK bool played_program_settle(PlayedProgram *program, Error *err);
void played_program_close(PlayedProgram *program);

#endif
