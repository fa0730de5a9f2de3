#ifndef SERVER_CLI_BACKUP_H
#define SERVER_CLI_BACKUP_H

/*
 * yimen backup FOLDER --db ... [--files FOLDER] [--json]     beside a running server
 * yimen restore FOLDER --db ... [--files FOLDER] [--json]    into an empty database
 */
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);

#endif
