#ifndef SERVER_CLI_TCK_H
#define SERVER_CLI_TCK_H

/*
 * yimen tck DIR: runs a tree of DMN TCK folders and tells how many cases passed.
 */
#include <stdio.h>

/* argv[0] is the verb. Returns the exit code: 0 all passed, 1 some failed or nothing could be read,
 * 2 wrong usage. */
int cli_tck(int argc, char **argv);
int cli_tck_run(int argc, char *const *argv, FILE *out, FILE *err);

#endif
