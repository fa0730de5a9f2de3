/* cli_backup.c - backup and restore. Neither needs the keys: what is sealed stays sealed. */
#include "server/cli_backup.h"

#include "server/setup.h"
#include "service/backup.h"

static const char usage[] =
    "usage: yimen backup FOLDER --db FILE|postgresql://... [--files FOLDER] [--json]\n"
    "       yimen restore FOLDER --db FILE|postgresql://... [--files FOLDER] [--json]\n"
    "backup copies a database and its files into FOLDER while it is served; into the same FOLDER\n"
    "again only new files are copied. restore brings them into an empty database, of either kind.\n"
    "The key files (yimen.keys, journal.key) are not in it: keep them apart, and bring them back.\n"
    "exit: 0 done, 1 the answer is no or the data is bad, 2 wrong usage\n";

typedef bool (*Work)(Db *db, const FileStore *files, const char *folder, Arena *arena,
                     BackupReport *out, Error *err);

static bool take(Db *db, const FileStore *files, const char *folder, Arena *arena,
                 BackupReport *out, Error *err)
{
    return backup_take(db, files, folder, arena, out, err);
}

static bool restore(Db *db, const FileStore *files, const char *folder, Arena *arena,
                    BackupReport *out, Error *err)
{
    return db_migrate(db, NULL, err) && backup_restore(folder, db, files, arena, out, err);
}

static void print_report(const BackupReport *report, bool is_json)
{
    long long rows = report->copied.rows, tables = report->copied.tables;
    long long all = report->files, new = report->new_files;
    if (is_json)
        printf("{\"tables\":%lld,\"rows\":%lld,\"files\":%lld,\"new_files\":%lld}\n", tables, rows,
               all, new);
    else
        printf("%lld rows of %lld tables; %lld files, %lld of them new\n", rows, tables, all, new);
}

static int run(const Options *options, bool is_read_only, Work work)
{
    static const Clock system_clock;
    Error err = ERROR_NONE;
    BackupReport report;
    Arena *arena = arena_create(0);
    FileStore *files = files_open(arena, options_files_folder(arena, options), &err);
    Db *db = NULL;
    if (files)
        db = db_open(
            options->db,
            &(DbOptions){.clock = &system_clock, .is_read_only = is_read_only, .arena = arena},
            &err);
    bool is_done = db && work(db, files, options->arguments[0], arena, &report, &err);
    if (is_done)
        print_report(&report, options->is_json);
    int code = is_done ? EXIT_DONE : setup_print_error(&err);
    db_close(db);
    arena_destroy(arena);
    return code;
}

static int with_folder(int argc, char **argv, bool is_read_only, Work work)
{
    Options options;
    bool is_read = options_read(argc, argv, &options);
    if (is_read && options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    if (is_read && options.db && options.argument_count == 1)
        return run(&options, is_read_only, work);
    fputs(usage, stderr);
    return EXIT_USAGE;
}

int cli_backup(int argc, char **argv)
{
    return with_folder(argc, argv, true, take);
}

int cli_restore(int argc, char **argv)
{
    return with_folder(argc, argv, false, restore);
}
