#ifndef SERVER_SETUP_H
#define SERVER_SETUP_H

/* What serve and the verbs of the command line share: opening the database and making the App. */
#include "server/options.h"
#include "service/app.h"
#include "service/definition.h"

/* Prints an error in English on err_file, all of its list. Returns EXIT_NO. */
int setup_print_error(const Error *err);

/* Opens the database of options and brings keys along; is_read_only for verify. The App lives in
 * arena. NULL with err filled. */
MUST_CHECK App *setup_open(Arena *arena, const Options *options, bool is_read_only, Error *err);

/* Migrates, and replays the journal through readers of another version. */
MUST_CHECK bool setup_migrate(App *app, int *out_applied, Error *err);

/* Publishes roles, calendars, the pack service-hall and every other folder of the packs that has
 * tables; with --demo the demonstration county. */
MUST_CHECK bool setup_load(App *app, Arena *arena, const Options *options, bool *out_is_new,
                           Error *err);

/* The same with definitions (kind, code, content) in the place of what the folders of the packs
 * bring, and always with the demonstration county: for a database in memory. */
MUST_CHECK bool setup_load_instead(App *app, Arena *arena, const Options *options,
                                   const Definitions *definitions, Error *err);

/* The web of an App, where options listen (nowhere: web_send alone), and the limit of tries. */
MUST_CHECK Web *setup_serve(App *app, const Options *options, Error *err);
/* Stops both. */
void setup_unserve(App *app, Web *web);

/* The password of the demonstration county's accounts. */
MUST_CHECK const char *setup_demo_password(Arena *arena, const Options *options, Error *err);

void setup_close(App *app);

#endif
