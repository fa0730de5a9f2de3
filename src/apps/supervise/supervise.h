#ifndef SUPERVISE_SUPERVISE_H
#define SUPERVISE_SUPERVISE_H

/*
 * Supervise: the live list of every dossier, its step, its clock and who has it, derived from the
 * journal alone, so that nobody who handles a dossier can change what the supervisor sees (B01,
 * B26). The right supervise.read opens it; no route here writes.
 */
#include "db/journal.h"
#include "web/web.h"

extern const Route supervise_routes[]; /* /supervise */
extern const JournalReader supervise_reader;

#endif
