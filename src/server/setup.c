/* setup.c - from options to an App with an open, migrated and loaded database. */
#include "server/setup.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/catalogue/catalogue.h"
#include "apps/demo/demo.h"
#include "apps/org/org.h"
#include "server/capabilities.h"
#include "service/calendars.h"
#include "service/files.h"
#include "service/user_memory.h"
#include "web/limit.h"

/* A window's address is shared by its officers: enough for them, too few for guessing. */
enum { TRIES_AT_ONCE = 60, TRIES_A_MINUTE = 30 };
enum { FIRST_TENANT = 1, FILE_AT_MOST = 1024 * 1024 };

/* What a page says of a database that is away comforts somebody with a form, not an operator. */
static const char *text_of(Arena *arena, const Error *err)
{
    if (text_equal(err->code, "db.unavailable"))
        return "the database cannot be opened, read or written";
    return message_of_error(arena, LANGUAGE_EN, err);
}

int setup_print_error(const Error *err)
{
    Arena *arena = arena_create(0);
    for (const Error *each = err; each; each = each->next) {
        const char *text = text_of(arena, each);
        fprintf(stderr, "yimen: %s%s%s%s%s\n", each->field ? each->field : "",
                each->field ? ": " : "", text, each->detail ? " - " : "",
                each->detail ? each->detail : "");
    }
    arena_destroy(arena);
    return EXIT_NO;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool set_clock(App *app, Arena *arena, const Options *options, Error *err)
{
    Instant at;
    app->clock = arena_new(arena, Clock);
    if (!options->clock || !instant_parse(options->clock, &at))
        return true;
    clock_set(app->clock, at);
    (void)err;
    return true;
}

/* A verb that only reads makes no fresh keys: they would fit nothing. */
static bool has_keys(Arena *arena, const Options *options, Error *err)
{
    const char *file = options_key_file(arena, options, "yimen.keys");
    return access(file, R_OK) == 0 ||
           error_set(err, ERROR_NOT_FOUND, .code = "crypto.key_file", .field = file);
}

static bool open_keys(App *app, Arena *arena, const Options *options, Error *err)
{
    app->keys = keyring_open(arena, options_key_file(arena, options, "yimen.keys"), err);
    if (!app->keys)
        return false;
    app->journal_key =
        journal_key_open(arena, options_key_file(arena, options, "journal.key"), err);
    return app->journal_key != NULL;
}

/* A database in memory has its files where it is told, or in a folder that nobody finds again. */
static bool open_files(App *app, Arena *arena, const Options *options, Error *err)
{
    char *folder = arena_text(arena, "/tmp/yimen-files-XXXXXX");
    if (options->files || !text_equal(options->db, ":memory:"))
        app->files = files_open(arena, options_files_folder(arena, options), err);
    else
        app->files = files_open(arena, mkdtemp(folder), err);
    return app->files != NULL;
}

App *setup_open(Arena *arena, const Options *options, bool is_read_only, Error *err)
{
    App *app = arena_new(arena, App);
    app->tenant = FIRST_TENANT;
    app->zone_minutes = CALENDAR_ZONE_CHINA;
    app->node = options->node;
    app->process_name = arena_printf(arena, "yimen %ld", (long)getpid());
    if (!set_clock(app, arena, options, err) || (is_read_only && !has_keys(arena, options, err)) ||
        !open_keys(app, arena, options, err))
        return NULL;
    DbOptions db = {.clock = app->clock,
                    .readers = server_readers,
                    .is_read_only = is_read_only,
                    .reader_connections = options->workers ? options->workers + 4 : 0};
    app->db = db_open(options->db, &db, err);
    if (!app->db || (!is_read_only && !open_files(app, arena, options, err)))
        return NULL;
    app->calendars = calendars_create(arena);
    app->org = org_create(arena);
    app->catalogue = catalogue_create(arena);
    /* Where asking costs a round trip; in SQLite it costs less than having the writer confirm. */
    if (db_engine(app->db) == DB_POSTGRES)
        app->users = user_memory_create();
    return app;
}

void setup_close(App *app)
{
    if (!app)
        return;
    db_close(app->db);
    catalogue_destroy(app->catalogue);
    org_destroy(app->org);
    calendars_destroy(app->calendars);
    user_memory_destroy(app->users);
}

bool setup_migrate(App *app, int *out_applied, Error *err)
{
    int rebuilt;
    return db_migrate(app->db, out_applied, err) &&
           journal_rebuild(app->db, NULL, false, &rebuilt, err);
}

/* ---- loading --------------------------------------------------------------------------------- */

static const char *read_text(Arena *arena, const char *file, Error *err)
{
    struct stat about;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool fits = fd >= 0 && fstat(fd, &about) == 0 && about.st_size <= FILE_AT_MOST;
    char *text = fits ? arena_alloc(arena, (size_t)about.st_size + 1) : NULL;
    ssize_t length = fits ? read(fd, text, (size_t)about.st_size) : -1;
    if (fd >= 0)
        close(fd);
    if (length >= 0 && text_is_utf8(text, (size_t)length))
        return text;
    error_set(err, ERROR_NOT_FOUND, .code = "pack.file", .field = file);
    return NULL;
}

typedef struct Loading {
    App *app;
    const char *roles; /* NULL: only the definitions */
    const Pack *pack;
    const Definitions *definitions; /* where there is no pack */
    Date from;
} Loading;

static bool publish_instead(Tx *tx, const Loading *loading, Error *err)
{
    list_each (Definition, one, loading->definitions) {
        DefinitionFiles files;
        Definition published;
        if (!catalogue_files(tx_arena(tx), one, &files, err) ||
            !catalogue_publish_files(tx, loading->app, &files, (DefinitionScope){loading->from, ""},
                                     &published, err))
            return false;
    }
    return true;
}

static bool publish(Tx *tx, void *data, Error *err)
{
    Loading *loading = data;
    App *app = loading->app;
    int published;
    if (loading->roles && (!org_publish_roles(tx, app->org, app->tenant, loading->roles, err) ||
                           !calendars_publish(tx, app->calendars, app->tenant, "cn",
                                              calendars_announced, loading->from, err)))
        return false;
    return loading->pack
               ? catalogue_publish_pack(tx, app, loading->pack, loading->from, &published, err)
               : publish_instead(tx, loading, err);
}

static const char *read_roles(Arena *arena, const Options *options, Error *err)
{
    return read_text(arena, arena_printf(arena, "%s/service-hall/roles.json", options->packs), err);
}

static bool load_hall(App *app, Arena *arena, const Options *options, Date from, Error *err)
{
    const char *folder = arena_printf(arena, "%s/service-hall", options->packs);
    Loading loading = {.app = app, .from = from, .roles = read_roles(arena, options, err)};
    loading.pack = loading.roles ? catalogue_read_pack(arena, folder, err) : NULL;
    return loading.pack && db_write(app->db, arena, publish, &loading, err);
}

/* Of a pack that is published nothing is needed any more: its memory goes. */
static bool load_tables(App *app, Arena *arena, const char *packs, const char *name, Date from,
                        Error *err)
{
    Error problem = ERROR_NONE;
    Arena *scratch = arena_create(0);
    const char *folder = arena_printf(scratch, "%s/%s", packs, name);
    Loading loading = {.app = app, .from = from};
    loading.pack = catalogue_read_pack(scratch, folder, &problem);
    bool is_done = loading.pack && db_write(app->db, scratch, publish, &loading, &problem);
    if (!is_done)
        error_fill(err, error_copy(arena, &problem));
    arena_destroy(scratch);
    return is_done;
}

/* Every other folder that has tables, by name. */
static bool load_others(App *app, Arena *arena, const char *packs, Date from, Error *err)
{
    struct dirent **names = NULL;
    int count = scandir(packs, &names, NULL, alphasort);
    bool is_done = true;
    for (int i = 0; i < count; i++) {
        char tables[PATH_MAX];
        int length = snprintf(tables, sizeof tables, "%s/%s/tables", packs, names[i]->d_name);
        bool is_pack = names[i]->d_name[0] != '.' && length < PATH_MAX &&
                       !text_equal(names[i]->d_name, "service-hall") && access(tables, R_OK) == 0;
        if (is_done && is_pack)
            is_done = load_tables(app, arena, packs, names[i]->d_name, from, err);
        free(names[i]);
    }
    free(names);
    return is_done;
}

static DemoCounty *read_county(Arena *arena, const Options *options, Error *err)
{
    return demo_read(arena, arena_printf(arena, "%s/demo-county/county.json", options->packs), err);
}

static bool load_county(App *app, Arena *arena, const Options *options, bool *out_is_new,
                        Error *err)
{
    DemoCounty *demo = read_county(arena, options, err);
    return demo && demo_load(app, arena, demo, out_is_new, err);
}

static Date first_day(void)
{
    return date_of(2024, 1, 1);
}

bool setup_load(App *app, Arena *arena, const Options *options, bool *out_is_new, Error *err)
{
    return load_hall(app, arena, options, first_day(), err) &&
           load_others(app, arena, options->packs, first_day(), err) &&
           (!options->is_demo || load_county(app, arena, options, out_is_new, err));
}

bool setup_load_instead(App *app, Arena *arena, const Options *options,
                        const Definitions *definitions, Error *err)
{
    bool is_new;
    Loading loading = {.app = app,
                       .roles = read_roles(arena, options, err),
                       .definitions = definitions,
                       .from = first_day()};
    return loading.roles && db_write(app->db, arena, publish, &loading, err) &&
           load_county(app, arena, options, &is_new, err);
}

const char *setup_demo_password(Arena *arena, const Options *options, Error *err)
{
    const DemoCounty *county = read_county(arena, options, err);
    return county ? demo_password(county) : NULL;
}

/* ---- serving --------------------------------------------------------------------------------- */

/* Whoever is in this process need not be kept from guessing. */
Web *setup_serve(App *app, const Options *options, Error *err)
{
    int burst = options->listen ? TRIES_AT_ONCE : INT32_MAX / 2;
    app->waiting = server_waiting;
    app->tries = limit_create(
        &(RateLimitOptions){.clock = app->clock, .burst = burst, .per_minute = TRIES_A_MINUTE});
    Web *web = web_start(&(WebOptions){.listen = options->listen,
                                       .workers = options->workers,
                                       .is_demo = app->is_demo,
                                       .is_behind_tls = options->is_behind_tls,
                                       .phone = "12345",
                                       .zone_minutes = app->zone_minutes,
                                       .clock = app->clock,
                                       .routes = server_routes,
                                       .hooks = &server_hooks,
                                       .app = app},
                         err);
    if (!web)
        limit_destroy(app->tries);
    return web;
}

void setup_unserve(App *app, Web *web)
{
    web_stop(web);
    limit_destroy(app->tries);
}
