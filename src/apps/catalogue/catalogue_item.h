#ifndef CATALOGUE_CATALOGUE_ITEM_H
#define CATALOGUE_CATALOGUE_ITEM_H

/* An item's JSON (item and English overlay) to an Item. */
#include "apps/catalogue/catalogue.h"

/* content: {"item": {...}, "en": {...}}. Errors name the member ("materials[2].name") and line:
 * pack.missing, pack.no_english, pack.kind, pack.expression. */
MUST_CHECK Item *catalogue_parse_item(Arena *arena, const Definition *definition, Error *err);

#endif
