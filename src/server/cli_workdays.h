#ifndef SERVER_CLI_WORKDAYS_H
#define SERVER_CLI_WORKDAYS_H

/*
 * yimen workdays: the calendar on the command line.
 *
 *     workdays add DATE N       the N-th working day after DATE (0: on or after, negative: before)
 *     workdays between A B      working days in (A, B]; when B lies before A, minus those in (B, A]
 *     workdays year Y           working days of the year
 *     workdays is DATE          working, weekend, holiday, makeup (half in a table that has such)
 *     --calendar CSV            another table (calendar_layer_parse; at most 8 MiB)
 *     --json                    one object: the question, the answer, "announced", for `is` "name"
 *     --help
 *
 * The answer is one line on `out`. A question that looks at a day of a year without a notice has
 * none: exit 1 and the year on `err` (with --json also an object with a null answer and
 * "announced": false), never a provisional one.
 */
#include <stddef.h>
#include <stdio.h>

/* argv[0] is "workdays". default_csv is the table that is built in, read when --calendar is
 * absent. Returns the exit code: 0 done, 1 no answer or bad data, 2 wrong usage. */
int cli_workdays_run(int argc, char *const *argv, const char *default_csv, size_t default_length,
                     FILE *out, FILE *err);

/* The same on stdout and stderr. */
int cli_workdays(int argc, char **argv, const char *default_csv, size_t default_length);

#endif
