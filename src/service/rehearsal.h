#ifndef SERVICE_REHEARSAL_H
#define SERVICE_REHEARSAL_H

/*
 * Rehearsal: the whole program in memory, with definitions that are not in force yet, for the
 * scenarios that need one before those are published.
 *
 * Only the server can start a program; a capability asks for one through App.rehearsal. It plays in
 * the demonstration county, whose accounts scenarios name. One runs at a time in a process, and
 * only for so long.
 *
 *     ScenarioProgram *program = rehearsal->open(rehearsal, arena, &definitions, &err);
 *     scenario_run(file, &(ScenarioHost){.program = program}, arena, &report);
 *     rehearsal->close(rehearsal, program);
 */
#include "scenario/scenario.h"
#include "service/definition.h"

enum { REHEARSAL_SECONDS = 60 };

typedef struct Rehearsal Rehearsal;

struct Rehearsal {
    /* The definitions (kind, code, content) are in force there from the first day on, in the place
     * of those that the packs bring; they must stay until it is closed. Nothing is started before
     * the first scenario. NULL with rehearsal.busy (ERROR_UNAVAILABLE) while another one runs. What
     * scenarios do after REHEARSAL_SECONDS fails with rehearsal.too_long. */
    ScenarioProgram *(*open)(const Rehearsal *rehearsal, Arena *arena,
                             const Definitions *definitions, Error *err);
    void (*close)(const Rehearsal *rehearsal, ScenarioProgram *program);
    const void *data;
};

#endif
