/*
 * stats.c - the inside reader: entries -> deltas of counters; and the fold of deltas.
 *
 *     entry -> tx_add_delta (summed over the batch) -> rows of counter_delta -> fold -> counter
 *
 * Names: filed, accepted, not_accepted, withdrawn; of a completion completed, denied (else it was
 * approved), on_time, statutory, statutory_used, promised; early of one that was promised;
 * rated_<scale>. `total` and histogram are of the measured value: completed and statutory_used of
 * the working time used, in thousandths of working days, statutory and promised of the limits in
 * working days, rated_<scale> of the grade.
 *
 * The day is the civil day of the entry's moment in China. Officer is who acted, 0 when it was an
 * applicant or a timer; the window stays 0 until entries tell it.
 */
#include "apps/stats/stats_store.h"

#include <string.h>

#include "format/json.h"

enum { ZONE_MINUTES = 480, SUMS = 2 + STATS_BUCKETS, KEY_PARTS = 8, PORTION = 500, NO_WINDOW = 0 };

/* Stands in no code, name or kind, since inputs have no control characters. */
#define SEPARATOR '\x1f'

/* ---- deltas ---------------------------------------------------------------------------------- */

/* What of an entry says where it counts. */
typedef struct Counting {
    Tx *tx;
    const JournalEntry *entry;
    const char *day;
    const char *item;
    const char *kind;
} Counting;

static bool read_key(Arena *arena, const char *key, CounterDelta *out)
{
    const char **parts;
    if (text_split(arena, key, SEPARATOR, &parts) != KEY_PARTS)
        return false;
    *out = (CounterDelta){.day = parts[1],
                          .sum = {.item = parts[5], .kind = parts[6], .name = parts[7]}};
    return text_to_int64(parts[0], &out->tenant) && text_to_int64(parts[2], &out->sum.unit) &&
           text_to_int64(parts[3], &out->hall_window) && text_to_int64(parts[4], &out->officer);
}

static bool flush(Tx *tx, const char *key, const int64_t *sums, size_t count, Error *err)
{
    CounterDelta delta;
    if (count != SUMS || !read_key(tx_arena(tx), key, &delta))
        return error_set(err, ERROR_INTERNAL, .code = "db.failed", .detail = "a counter's key");
    delta.sum.total = sums[0];
    delta.sum.count = sums[1];
    memcpy(delta.sum.histogram, sums + 2, sizeof delta.sum.histogram);
    return store_delta(tx, &delta, err);
}

static const char *write_key(const Counting *counting, Id officer, const char *name)
{
    const JournalEntry *entry = counting->entry;
    const char *const texts[] = {counting->item, counting->kind, name};
    const int64_t numbers[] = {entry->unit, NO_WINDOW, officer};
    Buffer key = buffer_init(tx_arena(counting->tx), 0);
    buffer_add_int64(&key, entry->tenant);
    buffer_add_char(&key, SEPARATOR);
    buffer_add(&key, counting->day);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buffer_add_char(&key, SEPARATOR);
        buffer_add_int64(&key, numbers[i]);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buffer_add_char(&key, SEPARATOR);
        buffer_add(&key, texts[i]);
    }
    return buffer_text(&key);
}

static void add(const Counting *counting, const char *name, int64_t total, int bucket)
{
    const JournalEntry *entry = counting->entry;
    int64_t sums[SUMS] = {total, 1};
    Id officer = text_equal(entry->actor_kind, "officer") ? entry->actor : 0;
    if (bucket >= 0)
        sums[2 + bucket] = 1;
    const char *key = write_key(counting, officer, name);
    tx_add_delta(counting->tx, flush, key, sums, SUMS);
}

static void add_one(const Counting *counting, const char *name)
{
    add(counting, name, 0, -1);
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* Upper ends in thousandths of working days: an hour, half a day, 1, 3, 5, 10, 20 days, more. */
static int bucket_of(int64_t millidays)
{
    static const int64_t ends[STATS_BUCKETS - 1] = {143, 500, 1000, 3000, 5000, 10000, 20000};
    int bucket = 0;
    while (bucket < STATS_BUCKETS - 1 && millidays > ends[bucket])
        bucket++;
    return bucket;
}

/* Limits in other units than working days cannot be set against working days. */
static void count_limit(const Counting *counting, const Json *step, int64_t used)
{
    int64_t limit = json_int(step, "statutory_limit", 0);
    if (limit <= 0 || !text_equal(json_text(step, "limit_unit"), "working_days"))
        return;
    add(counting, "statutory", limit, -1);
    add(counting, "statutory_used", used, -1);
    add(counting, "promised", json_int(step, "promised_limit", 0), -1);
}

/* Days, not hours: what is completed in the last hours of its day is not early. */
static bool is_early(const Counting *counting, const Json *step)
{
    Instant due_at = json_int(step, "due_at", INSTANT_NONE);
    return due_at != INSTANT_NONE && !text_equal(counting->kind, "on_the_spot") &&
           counting->entry->at < date_start(instant_date(due_at, ZONE_MINUTES), ZONE_MINUTES);
}

/* A refusal to accept is no completion of what was accepted (S01), neither is a withdrawal. */
static void count_completed(const Counting *counting, const Json *step)
{
    const char *outcome = json_text(step, "outcome");
    int64_t used = json_int(step, "used_millidays", 0);
    bool is_withdrawn = text_equal(outcome, "withdrawn");
    if (is_withdrawn || !json_bool(step, "accepted", false)) {
        add_one(counting, is_withdrawn ? "withdrawn" : "not_accepted");
        return;
    }
    add(counting, "completed", used, bucket_of(used));
    if (text_equal(outcome, "denied"))
        add_one(counting, "denied");
    if (json_bool(step, "on_time", false))
        add_one(counting, "on_time");
    if (is_early(counting, step))
        add_one(counting, "early");
    count_limit(counting, step, used);
}

static void count_step(const Counting *counting, const Json *step)
{
    const char *name = json_text(step, "step");
    if (text_equal(name, "accepted"))
        add_one(counting, "accepted");
    else if (text_equal(name, "completed"))
        count_completed(counting, step);
}

static void count_rating(const Counting *counting, const Json *data)
{
    int64_t grade = json_int(data, "grade", 0), scale = json_int(data, "scale", 0);
    if (grade < 1 || grade > scale || scale > STATS_BUCKETS)
        return;
    const char *name = arena_printf(tx_arena(counting->tx), "rated_%lld", (long long)scale);
    add(counting, name, grade, (int)grade - 1);
}

static const char *text_of(const Json *data, const char *name)
{
    const char *text = json_text(data, name);
    return text ? text : "";
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    if (!data)
        return false;
    Date day = instant_date(entry->at, ZONE_MINUTES);
    Counting counting = {.tx = tx,
                         .entry = entry,
                         .day = date_text(tx_arena(tx), day),
                         .item = text_of(data, "item"),
                         .kind = text_of(data, "item_kind")};
    if (text_equal(entry->kind, "dossier.filed"))
        add_one(&counting, "filed");
    if (text_equal(entry->kind, "dossier.rated"))
        count_rating(&counting, data);
    json_each (step, json_get(data, "steps"))
        count_step(&counting, step);
    return true;
}

static const char *const kinds[] = {"dossier.filed",
                                    "dossier.accepted_by_silence",
                                    "dossier.supplemented",
                                    "dossier.withdrawn",
                                    "dossier.rated",
                                    "task.completed",
                                    "timer.fired",
                                    "incident.mended",
                                    NULL};
static const char *const tables[] = {"counter", NULL};

/* Which deltas wait, under which ids, is no function of entries; their sum in `counter` is. So
 * dumps compare `counter` after everything is folded. */
static bool settle(Tx *tx, bool *out_more, Error *err)
{
    return store_fold(tx, PORTION, out_more, err);
}

const JournalReader stats_reader = {.name = "stats.counters",
                                    .version = 3,
                                    .kinds = kinds,
                                    .tables = tables,
                                    .apply = apply,
                                    .clear = store_clear_counters,
                                    .settle = settle};

/* ---- folding --------------------------------------------------------------------------------- */

static bool fold(Tx *tx, void *data, Error *err)
{
    return store_fold(tx, PORTION, data, err);
}

/* Alone: its sums and its deletions must see one state, and others need not repeat because of it.
 */
bool stats_fold(App *app, bool *out_more, Error *err)
{
    return db_write_alone(app->db, NULL, DB_SERIALIZABLE, fold, out_more, err);
}
