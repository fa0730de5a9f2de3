#ifndef SERVER_CLI_DATA_H
#define SERVER_CLI_DATA_H

/*
 * Verbs on a database: argv[0] is the verb; each returns the exit code.
 *
 *     migrate --db ...                  brings the schema to this program's version
 *     publish FOLDER --db ... --from D  publishes the tables of a folder from a day on, with
 *             [--division PATH]         --division for that place alone
 *     verify --db ... [--checkpoint F]  recomputes the journal's seals; exit 1 names what is wrong
 *     checkpoint --db ...               prints the newest checkpoint, to be kept elsewhere
 *     rebuild --db ... [--reader NAME]  derives counters, search and row scope from the journal
 *                                       anew
 */
int cli_migrate(int argc, char **argv);
int cli_publish(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_checkpoint(int argc, char **argv);
int cli_rebuild(int argc, char **argv);

#endif
