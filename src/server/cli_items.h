#ifndef SERVER_CLI_ITEMS_H
#define SERVER_CLI_ITEMS_H

/*
 * yimen items - a catalogue of items out of a workbook, without a server:
 *     items template FILE.xlsx --db ...           writes the workbook to fill in
 *     items import FILE.xlsx --db ... --from DAY  publishes what it says from that day on; with
 *                                                 --dry-run only tells, row by row, what it would
 * Exit codes: 0 done, 1 rows are wrong or it failed, 2 wrong usage.
 */
int cli_items(int argc, char **argv);

#endif
