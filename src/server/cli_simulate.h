#ifndef SERVER_CLI_SIMULATE_H
#define SERVER_CLI_SIMULATE_H

/*
 *     simulate --db ... --dossiers N --from DATE --to DATE --seed S
 *                          fills a database that holds no application with a believable load
 *                          (simulate/simulate.h); one without officers gets the demonstration
 * county export --indicators --db ... prints the figures of the board, the same bytes for the same
 * rows argv[0] is the verb; each returns the exit code.
 */
int cli_simulate(int argc, char **argv);
int cli_export(int argc, char **argv);

#endif
