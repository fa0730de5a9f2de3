#ifndef SERVER_CLI_FEEL_H
#define SERVER_CLI_FEEL_H

/*
 * yimen feel: an expression on the command line.
 *
 *     feel 'EXPR'         the value as JSON, one line on `out`
 *     --context JSON      an object: the variables of the expression
 *     --json              findings as JSON, an object a line
 *     --help
 *     --                  what follows is the expression, whatever it begins with
 *
 * Findings go to `err`, a line each: "1:5: feel.operand: message". What cannot be read has the
 * value null, too. now() and today() are of the clock of the machine at +08:00, working days of the
 * table that is built in.
 */
#include <stddef.h>
#include <stdio.h>

/* argv[0] is "feel". holidays is the table that is built in, as CSV. Returns the exit code: 0 done,
 * 1 the value is null for an error, or the context cannot be read; 2 wrong usage. */
int cli_feel_run(int argc, char *const *argv, const char *holidays, size_t length, FILE *out,
                 FILE *err);

/* The same on stdout and stderr. */
int cli_feel(int argc, char **argv, const char *holidays, size_t length);

#endif
