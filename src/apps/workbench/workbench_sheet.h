#ifndef WORKBENCH_WORKBENCH_SHEET_H
#define WORKBENCH_WORKBENCH_SHEET_H

/*
 * Decision tables as a spreadsheet, for officials who keep their rates and limits in one.
 *
 *     A (hidden)      B        C ...
 *     table:<id>      name and hit policy of the table
 *     label           heading  headings of the columns: inputs, outputs, legal basis
 *     expression      ...      what an input asks, what an output is called
 *     type            ...
 *     values          ...      what is allowed
 *     <id of a rule>  1        its cells, as they stand in the table: texts, never formulas
 *
 * One sheet a table behind a sheet that explains how to fill it in. Rules may be changed, added,
 * moved and deleted; the lines above them are for reading, and a file in which they are other than
 * in the draft is refused.
 */
#include "base/arena.h"
#include "base/error.h"
#include "web/message.h"

/* The tables of a DMN file. Errors: dmn.grid and those of xml_parse; workbench.sheet_none when it
 * has no table. */
MUST_CHECK bool workbench_sheet_write(Arena *arena, Language language, const char *source,
                                      const char **out_data, size_t *out_length, Error *err);

/* The DMN file again with the rules that a spreadsheet has. Every wrong cell is one error that
 * names sheet and cell (at most WORKBENCH_SHEET_ERRORS): workbench.sheet_head, sheet_column,
 * sheet_cell; or workbench.sheet_none, sheet_table, sheet_twice, and those of sheet_open. */
enum { WORKBENCH_SHEET_ERRORS = 50 };
MUST_CHECK bool workbench_sheet_read(Arena *arena, const char *source, const char *data,
                                     size_t length, const char **out_source, Error *err);

#endif
