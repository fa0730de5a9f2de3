/*
 * correction_warning.c - early warnings, overdue ones (of decisions and of certificates to serve),
 * and those of acceptance by silence.
 *
 *     job: supervised, delivery x calendar -> who is due and not warned of -> entries
 * warning.raised inside reader: warning.raised, dossier.accepted_by_silence -> rows of `warning`
 */
#include <string.h>

#include "apps/supervise/correction_store.h"
#include "apps/supervise/supervise_internal.h"
#include "format/json.h"
#include "service/calendars.h"

enum { PORTION = 50 };

/* Nobody answered an application: who should have is warned by the law's own consequence. */
#define SILENCE "dossier.accepted_by_silence"

/* ---- raising --------------------------------------------------------------------------------- */

typedef struct Raising {
    App *app;
    const Warnings *warnings;
} Raising;

static const char *data_of(Arena *arena, const Warning *warning)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "dossier", warning->dossier);
    json_put_text(&json, "number", warning->number);
    json_put_text(&json, "kind", warning->kind);
    json_put_id(&json, "unit", warning->unit);
    json_put_id(&json, "officer", warning->officer);
    json_put_int(&json, "due_at", warning->due_at);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool raise_portion(Tx *tx, void *data, Error *err)
{
    const Raising *raising = data;
    Arena *arena = tx_arena(tx);
    list_each (const Warning, warning, raising->warnings) {
        JournalEntry entry = {.tenant = raising->app->tenant,
                              .kind = "warning.raised",
                              .actor_kind = "system",
                              .unit = warning->unit,
                              .subject =
                                  arena_printf(arena, "dossier:%lld", (long long)warning->dossier),
                              .data = data_of(arena, warning)};
        if (!journal_append(tx, &entry, err))
            return false;
    }
    return true;
}

static bool find(App *app, DbConn *conn, Arena *arena, Warnings *out, Error *err)
{
    Instant now = clock_now(app->clock);
    const CalendarTable *table = calendars_get(app->calendars, conn, app->tenant, err);
    if (!table)
        return false;
    Instant near = supervise_near(table, now), ever = INSTANT_NONE + 1;
    Id tenant = app->tenant;
    UnwarnedQuery early = {
        .kind = "early", .now = now, .from = now, .before = near, .most = PORTION};
    UnwarnedQuery overdue = {
        .kind = "overdue", .now = now, .from = ever, .before = now, .most = PORTION};
    return store_unwarned(conn, arena, tenant, &early, out, err) &&
           store_unwarned(conn, arena, tenant, &overdue, out, err) &&
           store_unserved(conn, arena, tenant, "service_early", now, near, PORTION, out, err) &&
           store_unserved(conn, arena, tenant, "service_overdue", ever, now, PORTION, out, err);
}

bool warning_raise(App *app, bool *out_more, Error *err)
{
    Warnings warnings = {0};
    *out_more = false;
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    Arena *arena = arena_create(0);
    bool is_done = find(app, conn, arena, &warnings, err);
    db_release(conn);
    Raising raising = {.app = app, .warnings = &warnings};
    if (is_done && warnings.count)
        is_done = db_write(app->db, NULL, raise_portion, &raising, err);
    *out_more = is_done && warnings.count >= PORTION;
    arena_destroy(arena);
    return is_done;
}

/* ---- the inside reader ----------------------------------------------------------------------- */

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    if (!data)
        return false;
    bool is_silence = text_equal(entry->kind, SILENCE);
    Warning warning = {.dossier = is_silence ? entry->dossier : json_id(data, "dossier"),
                       .kind = is_silence ? "silence" : json_text(data, "kind"),
                       .unit = json_id(data, "unit"),
                       .officer = json_id(data, "officer"),
                       .due_at = json_int(data, "due_at", 0),
                       .raised_at = entry->at};
    return store_put_warning(tx, entry->tenant, entry->id, &warning, err);
}

static const char *const kinds[] = {"warning.raised", SILENCE, NULL};
static const char *const tables[] = {"warning", NULL};

const JournalReader warning_reader = {.name = "supervise.warnings",
                                      .version = 1,
                                      .kinds = kinds,
                                      .tables = tables,
                                      .apply = apply,
                                      .clear = store_clear_warnings};
