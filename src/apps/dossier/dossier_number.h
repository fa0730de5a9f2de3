#ifndef DOSSIER_DOSSIER_NUMBER_H
#define DOSSIER_DOSSIER_NUMBER_H

/*
 * The printed number of a dossier: 18 digits that can be told over the telephone.
 *
 *     20261122 59641876 0 4
 *     day      ms of    |  check digit, ISO 7064 MOD 11,10
 *              the day  node of the process
 *
 * Under a burst (more than one dossier a millisecond) numbers run ahead of the clock.
 */
#include "service/app.h"

/* The next number; never one that is stored already. Lives in the transaction's arena. */
MUST_CHECK const char *dossier_number_next(Tx *tx, App *app, Error *err);

/* True when all 18 digits are there and the check digit agrees: catches every single wrong digit
 * and nearly every swap. Spaces are ignored. out_number (may be NULL) gets the digits alone. */
bool dossier_number_is_valid(Arena *arena, const char *text, const char **out_number);

#endif
