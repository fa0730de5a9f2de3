#ifndef SERVER_SCENARIO_PROGRAM_H
#define SERVER_SCENARIO_PROGRAM_H

/*
 * The two programs that scenarios can run against (ScenarioProgram): this one, in memory, and a
 * server that runs already.
 */
#include "scenario/scenario.h"
#include "service/definition.h"
#include "service/rehearsal.h"

typedef struct ProgramInMemory ProgramInMemory;
typedef struct ProgramOnServer ProgramOnServer;

/* The program whole, in this process: its routes, hooks, writer and jobs over a database of its own
 * that is fresh for each scenario, with the packs and the demonstration county of a folder. Nothing
 * is started before the first scenario begins. */
ProgramInMemory *program_in_memory(Arena *arena, const char *packs);
/* The same with definitions in the place of those that the packs bring (setup_load_instead). */
ProgramInMemory *program_rehearsed(Arena *arena, const char *packs, const Definitions *definitions);
ScenarioProgram program_in_memory_steps(ProgramInMemory *program);
void program_in_memory_close(ProgramInMemory *program);

/* A server at url ("http://127.0.0.1:8080") that follows the clock in a file (serve --clock FILE;
 * NULL: its clock cannot be set). Its accounts have the password of the demonstration county. All
 * scenarios share its database. */
ProgramOnServer *program_on_server(Arena *arena, const char *url, const char *clock_file,
                                   const char *password);
ScenarioProgram program_on_server_steps(ProgramOnServer *program);
void program_on_server_close(ProgramOnServer *program);

/* What a serving App has as its rehearsal: such programs, with the county of a folder. */
const Rehearsal *program_rehearsal(Arena *arena, const char *packs);

#endif
