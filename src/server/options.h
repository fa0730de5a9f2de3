#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

/*
 * Options of the command line: every verb takes --name VALUE or a flag; unknown ones are refused
 * with the verb's usage and exit 2.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, ARGUMENTS_MOST = 64 };

typedef struct Options {
    const char *db;
    const char *listen;
    const char *keys;  /* folder of the key files */
    const char *files; /* folder of uploaded files */
    const char *packs; /* folder of the packs */
    const char *site;  /* where the public reaches it: https://... */
    const char *clock; /* a set clock: an instant, or a file that holds one */
    const char *checkpoint;
    const char *reader; /* rebuild: only this one */
    const char *from; /* publish: the day from which it is in force; simulate, export: the first */
    const char *to;   /* simulate, export: the last day */
    const char *dossiers; /* simulate: how many */
    const char *seed;     /* simulate: of all that is drawn */
    const char *division; /* publish: the place it is for; NULL: everywhere */
    int workers;
    int node;
    bool is_demo;
    bool is_behind_tls; /* a proxy in front speaks TLS: secure cookies, its X-Forwarded-For */
    bool is_json;
    bool is_dry_run;    /* items: only tell what would happen */
    bool is_right_only; /* items: leave out the rows that are wrong */
    bool is_indicators; /* export: the figures of the board */
    bool is_help;
    const char *server;                    /* scenario: where one runs, "http://127.0.0.1:8080" */
    const char *arguments[ARGUMENTS_MOST]; /* what is no option */
    int argument_count;
} Options;

/* Reads argv (argv[0] is the verb). False: told on stderr what is wrong. */
bool options_read(int argc, char **argv, Options *out);

/* Where the key files of a database are: --keys, else the folder of the database file. */
const char *options_key_file(Arena *arena, const Options *options, const char *name);

/* Where uploaded files lie: --files, else beside the database file, named after it. */
const char *options_files_folder(Arena *arena, const Options *options);

#endif
