/*
 * crash_test.c - what was answered is there, whatever happens (SQLite and PostgreSQL).
 *
 *     parent -> starts itself as a child that writes under load and says each answer on a pipe
 *            -> the power is cut (lossy VFS), or the child killed, or the server stopped at once
 *            -> opens the same database and counts; then repeats every command that was ever sent
 *
 * A command writes an idempotency key, three entries and a share of a counter. Afterwards each
 * answered one is there, none is there by half, and repeating changes nothing that was applied.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/text.h"
#include "storage/crash_sql.h"
#include "storage/lossy_vfs.h"
#include "test_db.h"

enum { CLIENTS = 32, ROUNDS = 20, MOST_COMMANDS = 200000, SERVER_CRASHES = 4 };

/* ---- the command ----------------------------------------------------------------------------- */

static bool flush_total(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    (void)count;
    return crash_total_add(tx_conn(tx), key, sums[0], NULL, err);
}

static bool write_command(Tx *tx, void *data, Error *err)
{
    const int64_t number = *(const int64_t *)data, one = 1;
    DbConn *conn = tx_conn(tx);
    const char *key = arena_printf(tx_arena(tx), "key-%lld", (long long)number);
    CrashKeyFindRow row;
    bool is_known = false;
    if (!crash_key_find(conn, tx_arena(tx), 1, key, &row, &is_known, err))
        return false;
    if (is_known)
        return true; /* the first answer */
    /* Of two shares, so that PostgreSQL's writers do not always want the same row. */
    tx_add_delta(tx, flush_total, number % 2 ? "odd" : "even", &one, 1);
    for (int version = 1; version <= 3; version++)
        if (!crash_entry_add(conn, 1, tx_new_id(tx), number, version, tx_now(tx), "{}", NULL, err))
            return false;
    return crash_key_add(conn, 1, key, number, tx_now(tx), NULL, err);
}

/* ---- the child ------------------------------------------------------------------------------- */

typedef struct Child {
    Db *db;
    int answers; /* the pipe */
    _Atomic int64_t next;
    int64_t last;
} Child;

typedef struct Client {
    Child *child;
    int64_t number;
    unsigned seed;
} Client;

static bool run_client(Tx *tx, void *data, Error *err)
{
    return write_command(tx, &((Client *)data)->number, err);
}

static void answered(void *data, const Error *err);

static void send_next(Client *client)
{
    Error err = ERROR_NONE;
    /* One in eight repeats an older command: a client that has not heard the answer. */
    if (rand_r(&client->seed) % 8 == 0)
        client->number = 1 + rand_r(&client->seed) % (client->child->next + 1);
    else
        client->number = ++client->child->next;
    if (client->number <= client->child->last &&
        db_submit(client->child->db, run_client, client, answered, &err))
        return;
}

static void answered(void *data, const Error *err)
{
    Client *client = data;
    if (err) /* the server is away: ask again, but not in a tight loop */
        usleep(2000);
    else if (write(client->child->answers, &client->number, sizeof client->number) < 0)
        return;
    send_next(client);
}

static _Noreturn void fail_child(const Error *err)
{
    fprintf(stderr, "child: %s: %s\n", err->code, err->detail ? err->detail : "");
    exit(1);
}

/* child URL FIRST SEED OPERATIONS LIES: writes from FIRST on until it dies. */
static int run_child(char **argv)
{
    int64_t numbers[4];
    for (int i = 0; i < 4; i++)
        if (!text_to_int64(argv[3 + i], &numbers[i]))
            return 2;
    static Clock clock;
    bool is_lossy = numbers[2] > 0;
    DbOptions options = {.clock = &clock, .sqlite_vfs = is_lossy ? "lossy" : NULL};
    if (is_lossy && !lossy_vfs_register())
        return 2;
    Error err = ERROR_NONE;
    static Child child;
    child = (Child){.db = db_open(argv[2], &options, &err), .answers = STDOUT_FILENO};
    if (!child.db)
        fail_child(&err);
    child.next = numbers[0];
    child.last = numbers[0] + MOST_COMMANDS;
    lossy_vfs_arm((LossySettings){
        .seed = (unsigned)numbers[1], .operations = (int)numbers[2], .lies = numbers[3] != 0});
    static Client clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (Client){.child = &child, .seed = (unsigned)(numbers[1] * 100 + i)};
        send_next(&clients[i]);
    }
    for (;;)
        pause();
}

/* ---- the parent ------------------------------------------------------------------------------ */

typedef struct Proof {
    TestDb *test;
    bool *is_answered; /* by number */
    int64_t answers;
    int64_t highest; /* number that was ever answered */
    int64_t sent;    /* from here on nothing was ever sent */
} Proof;

typedef struct Cut {
    unsigned seed;
    int operations;  /* until the power goes; 0: the child is killed */
    int64_t answers; /* until it is killed */
    bool lies;
    void (*at_answers)(Proof *proof); /* instead of killing it */
} Cut;

static pid_t start_child(const Proof *proof, const Cut *cut, int *out_pipe)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char first[24], seed[24], operations[24];
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        snprintf(first, sizeof first, "%lld", (long long)proof->sent);
        snprintf(seed, sizeof seed, "%u", cut->seed);
        snprintf(operations, sizeof operations, "%d", cut->operations);
        execl("/proc/self/exe", "crash_test", "child", proof->test->url, first, seed, operations,
              cut->lies ? "1" : "0", (char *)NULL);
        _exit(2);
    }
    close(ends[1]);
    *out_pipe = ends[0];
    return child;
}

static void note_answer(Proof *proof, int64_t number)
{
    assert_in_range(number, 1, ROUNDS * MOST_COMMANDS);
    proof->answers++;
    proof->is_answered[number] = true;
    if (number > proof->highest)
        proof->highest = number;
}

/* Listens until the pipe ends, and strikes on the way. */
static void run_until_dead(Proof *proof, const Cut *cut)
{
    int answers = -1, status = 0;
    int64_t number, heard = 0;
    pid_t child = start_child(proof, cut, &answers);
    while (read(answers, &number, sizeof number) == (ssize_t)sizeof number) {
        note_answer(proof, number);
        if (++heard != cut->answers || cut->operations > 0)
            continue;
        if (cut->at_answers)
            cut->at_answers(proof);
        kill(child, SIGKILL);
    }
    close(answers);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    /* What was in flight had numbers behind the highest answer, fewer than there are clients, and
     * as many again for those that were drawn but whose neighbours were answered first. */
    proof->sent = proof->highest + 4 * CLIENTS;
}

/* ---- the look afterwards --------------------------------------------------------------------- */

static CrashCountsRow counts_now(Proof *proof)
{
    Error err = ERROR_NONE;
    CrashCountsRow counts = {0};
    DbConn *conn = db_reader(proof->test->db, &err);
    if (!conn || !crash_counts(conn, proof->test->arena, &counts, &err))
        test_db_fail(&err, "counts");
    db_release(conn);
    return counts;
}

static int64_t count_missing(Proof *proof)
{
    int64_t missing = 0;
    Error err = ERROR_NONE;
    DbConn *conn = db_reader(proof->test->db, &err);
    assert_non_null(conn);
    for (int64_t number = 1; number <= proof->highest; number++) {
        char key[32];
        CrashKeyFindRow row;
        bool is_found = false;
        if (!proof->is_answered[number])
            continue;
        snprintf(key, sizeof key, "key-%lld", (long long)number);
        assert_true(crash_key_find(conn, proof->test->arena, 1, key, &row, &is_found, &err));
        missing += !is_found;
    }
    db_release(conn);
    return missing;
}

/* A key applied twice would count twice, one applied by half would lack entries. */
static void assert_whole(Proof *proof)
{
    CrashCountsRow counts = counts_now(proof);
    assert_int_equal(counts.halves, 0);
    assert_int_equal(counts.entries, 3 * counts.keys);
    assert_int_equal(counts.total, counts.keys);
}

/* Everybody asks again for what may or may not have been applied. */
static void repeat_all(Proof *proof, int64_t from)
{
    for (int64_t number = from + 1; number <= proof->sent; number++) {
        Error err = ERROR_NONE;
        if (!db_write(proof->test->db, proof->test->arena, write_command, &number, &err))
            test_db_fail(&err, "repeat");
        note_answer(proof, number);
    }
    assert_whole(proof);
    assert_int_equal(count_missing(proof), 0);
}

static void check_file(const char *path)
{
    sqlite3 *raw = NULL;
    sqlite3_stmt *check = NULL;
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(raw, "PRAGMA integrity_check", -1, &check, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(check), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(check, 0), "ok");
    sqlite3_finalize(check);
    sqlite3_close(raw);
}

static void strike_and_look(Proof *proof, const Cut *cut)
{
    int64_t from = proof->sent;
    run_until_dead(proof, cut);
    if (!strchr(proof->test->url, ':'))
        check_file(proof->test->url);
    proof->test->db = test_db_open(proof->test);
    assert_int_equal(count_missing(proof), 0);
    assert_whole(proof);
    /* The edge is where it matters; all of them would only take longer. */
    repeat_all(proof, proof->sent - from > 12 * CLIENTS ? proof->sent - 12 * CLIENTS : from);
    db_close(proof->test->db);
    proof->test->db = NULL;
}

/* ---- proofs ---------------------------------------------------------------------------------- */

static Proof start_proof(TestDb *test)
{
    db_close(test->db);
    test->db = NULL;
    clock_set(&test->clock, TEST_NOW);
    Proof proof = {.test = test};
    proof.is_answered = arena_array(test->arena, bool, ROUNDS *MOST_COMMANDS + 1);
    return proof;
}

/* A database in a folder of its own, migrated, instead of the one in memory. */
static void move_to_file(TestDb *test, char *folder)
{
    Error err = ERROR_NONE;
    assert_non_null(mkdtemp(folder));
    db_close(test->db);
    snprintf(test->url, sizeof test->url, "%s/crash.db", folder);
    test->db = test_db_open(test);
    assert_true(db_migrate(test->db, NULL, &err));
}

static void remove_file(TestDb *test, const char *folder)
{
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        unlink(arena_printf(test->arena, "%s%s", test->url, endings[i]));
    assert_int_equal(rmdir(folder), 0);
}

static void test_the_power_is_cut(TestDb *test)
{
    char folder[] = "/tmp/yimen-crash-XXXXXX";
    move_to_file(test, folder);
    Proof proof = start_proof(test);
    unsigned seed = 20261122;
    for (unsigned i = 0; i < ROUNDS; i++) {
        /* Early cuts hit recovery and the first commits, late ones checkpoints. */
        Cut cut = {.seed = 1000 + i, .operations = 1 + rand_r(&seed) % (i % 4 == 0 ? 60 : 6000)};
        strike_and_look(&proof, &cut);
    }
    print_message("%lld answered, none lost\n", (long long)proof.answers);
    assert_true(proof.answers > 1000);
    remove_file(test, folder);
}

/* The proof is worth something only if it sees a disk that forgets what it has promised. */
static void test_a_disk_that_lies_is_noticed(TestDb *test)
{
    int64_t missing = 0;
    for (unsigned i = 0; i < 8 && missing == 0; i++) {
        char folder[] = "/tmp/yimen-crash-XXXXXX";
        move_to_file(test, folder);
        Proof proof = start_proof(test);
        Cut cut = {.seed = 77 + i, .operations = 300, .lies = true};
        run_until_dead(&proof, &cut);
        Error err = ERROR_NONE;
        test->db = db_open(test->url, &test->options, &err);
        missing = test->db ? count_missing(&proof) : 1;
        db_close(test->db);
        test->db = NULL;
        remove_file(test, folder);
    }
    assert_true(missing > 0);
}

static void kill_repeatedly(TestDb *test)
{
    Proof proof = start_proof(test);
    unsigned seed = 4711;
    for (unsigned i = 0; i < ROUNDS; i++) {
        Cut cut = {.seed = 2000 + i, .answers = 1 + rand_r(&seed) % 400};
        strike_and_look(&proof, &cut);
    }
    print_message("%lld answered, none lost\n", (long long)proof.answers);
}

static void test_the_process_is_killed(TestDb *test)
{
    char folder[] = "/tmp/yimen-crash-XXXXXX";
    bool is_sqlite = db_engine(test->db) == DB_SQLITE;
    if (is_sqlite)
        move_to_file(test, folder);
    kill_repeatedly(test);
    if (is_sqlite)
        remove_file(test, folder);
}

/* ---- a server of our own that stops at once -------------------------------------------------- */

static char server_folder[] = "/tmp/yimen-crash-pg-XXXXXX";

/* Runs a program to its end; it must succeed. */
static void run_program(char *const *arguments)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, STDOUT_FILENO);
        execvp(arguments[0], arguments);
        _exit(127);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void start_server(void)
{
    run_program((char *[]){"tests/pg", "start", server_folder, NULL});
}

static void stop_server(void)
{
    run_program((char *[]){"tests/pg", "stop", server_folder, "immediate", NULL});
}

static void crash_server(Proof *proof)
{
    (void)proof;
    stop_server();
    start_server();
    usleep(200 * 1000); /* the child finds its way back, and goes on answering */
}

static void test_the_server_crashes(TestDb *test)
{
    db_close(test->db);
    assert_non_null(mkdtemp(server_folder));
    assert_int_equal(chmod(server_folder, 0755), 0);
    start_server();
    char server[200];
    snprintf(server, sizeof server, "postgresql://yimen@/yimen?host=%s", server_folder);
    test_db_make_schema(server, test);
    test->db = test_db_open(test);
    Error err = ERROR_NONE;
    assert_true(db_migrate(test->db, NULL, &err));
    Proof proof = start_proof(test);
    for (unsigned i = 0; i < SERVER_CRASHES; i++) {
        Cut cut = {.seed = 3000 + i, .answers = 200 + 100 * i, .at_answers = crash_server};
        strike_and_look(&proof, &cut);
    }
    print_message("%lld answered, none lost\n", (long long)proof.answers);
    stop_server();
    run_program((char *[]){"rm", "-rf", server_folder, NULL});
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "child") == 0)
        return run_child(argv);
    const struct CMUnitTest tests[] = {
        test_on_engine(test_the_power_is_cut, " on sqlite", DB_SQLITE, .writers = 1),
        test_on_engine(test_a_disk_that_lies_is_noticed, " on sqlite", DB_SQLITE, .writers = 1),
        test_each_engine(test_the_process_is_killed),
        test_on_engine(test_the_server_crashes, " on postgres", DB_POSTGRES, .writers = 4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
