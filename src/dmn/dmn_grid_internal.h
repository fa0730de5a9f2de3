#ifndef DMN_DMN_GRID_INTERNAL_H
#define DMN_DMN_GRID_INTERNAL_H

/* What reading and writing of grids share. */
#include "base/text.h"
#include "dmn/dmn_grid.h"
#include "format/xml.h"

/* The table of a decision by its id (or name, where it has none); NULL when there is none, or
 * more than one decision is called so. */
const XmlElement *grid_table(const XmlElement *root, const char *id);

/* The element of each cell of a rule; NULL where an annotation has none. False when there are more
 * or fewer than columns. */
bool grid_parts(const XmlElement *rule, const DmnGrid *grid, const XmlElement **out);

#endif
