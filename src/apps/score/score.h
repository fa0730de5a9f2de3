#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

/*
 * Score: how departments, windows and persons do, by rules that were set beforehand (B04).
 *
 *     journal --inside reader--> score_event (what points are given for) --table "scores"--> points
 *
 * Only what happened is kept, never a total: a score is the table's start value and the points of
 * the period's events, worked out when somebody looks. The version of the table that is in force on
 * the period's first day holds for the whole period. Each point names its rule and its entry.
 *
 * Supervisors and leaders see everybody; an officer sees his own points and the total of his
 * department, its head also what that total is made of.
 */
#include "db/journal.h"
#include "web/web.h"

extern const JournalReader score_reader;
extern const Route score_routes[]; /* /scores */

#endif
