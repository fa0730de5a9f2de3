#ifndef SERVER_CLI_SCENARIO_H
#define SERVER_CLI_SCENARIO_H

/*
 * yimen scenario: runs files of scenarios, in memory or against a running server.
 *
 *     scenario FILE...                a line a scenario, then "N passed, N failed"
 *     --server URL                    against a server; --clock FILE is the clock that it follows
 *     --packs FOLDER                  the packs that the program in memory loads
 *     --json                          an object a scenario, and one for the sum
 *
 * Tables that pure steps ask lie beside the file's folder: FILE/../../tables/CODE.dmn.
 */

/* argv[0] is "scenario". Exit code: 0 all passed, 1 one failed or a file cannot be read, 2 wrong
 * usage. */
int cli_scenario(int argc, char **argv);

#endif
