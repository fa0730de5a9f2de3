#ifndef DOSSIER_DOSSIER_RATING_H
#define DOSSIER_DOSSIER_RATING_H

/*
 * The token by which whoever holds the receipt may rate the dossier without logging in. It names
 * the dossier and proves, by a keyed hash of 104 bits, that this office printed it; nothing is
 * stored.
 */
#include "apps/catalogue/catalogue.h"

const char *rating_token(const App *app, Arena *arena, Id dossier);

/* The dossier of a token; 0 when it is not ours. */
Id rating_of_token(const App *app, Arena *arena, const char *token);

/* The address that the QR on a receipt shows. */
const char *rating_url(const App *app, Arena *arena, Id dossier);

/* The face of a grade: best, middle and worst keep theirs, whatever the scale. */
const char *rating_icon(size_t place, size_t count);

/* The names of the grades on a day, best first: the pack's, else five. */
MUST_CHECK bool rating_grades(App *app, DbConn *conn, Arena *arena, Date day, BothList *out,
                              Error *err);

#endif
