#ifndef SERVER_CLI_DMN_H
#define SERVER_CLI_DMN_H

/*
 * yimen dmn FILE: evaluates a decision, lists what a file holds, checks its tables.
 */
#include <stddef.h>
#include <stdio.h>

/* argv[0] is the verb; holidays is the table of days off that is built in (CSV), for workdays.*.
 * Returns the exit code: 0 done, 1 the value is null for an error, the file is bad, or a check
 * found something, 2 wrong usage. */
int cli_dmn(int argc, char **argv, const char *holidays, size_t length);
int cli_dmn_run(int argc, char *const *argv, const char *holidays, size_t length, FILE *out,
                FILE *err);

#endif
