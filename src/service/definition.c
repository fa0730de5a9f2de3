/* definition.c - publishing and finding versions of definitions. */
#include "service/definition.h"

#include <string.h>

#include "format/json.h"
#include "service/crypto.h"
#include "service/service_sql.h"

/* The generated rows have the same columns; one macro is the only code that knows them. */
#define DEFINITION_OF(row)                                                                         \
    ((Definition){.id = (row).id,                                                                  \
                  .kind = (row).kind,                                                              \
                  .code = (row).code,                                                              \
                  .version = (row).version,                                                        \
                  .effective_from = (row).effective_from,                                          \
                  .content = (row).content,                                                        \
                  .hash = (row).hash})

/* {"kind":..., ...} with the members of extra (an object's text) spliced in. */
static const char *entry_data(Arena *arena, const Definition *definition, const char *extra)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "kind", definition->kind);
    json_put_text(&json, "code", definition->code);
    json_put_int(&json, "version", definition->version);
    json_put_text(&json, "hash", definition->hash);
    json_put_text(&json, "effective_from", date_text(arena, definition->effective_from));
    json_put_id(&json, "definition", definition->id);
    if (extra)
        json_put_raw(&json, "extra", extra);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool insert(Tx *tx, Id tenant, const Definition *definition, const char *extra, Error *err)
{
    Arena *arena = tx_arena(tx);
    DefinitionInsertParams params = {.tenant = tenant,
                                     .id = definition->id,
                                     .kind = definition->kind,
                                     .code = definition->code,
                                     .version = definition->version,
                                     .effective_from = definition->effective_from,
                                     .content = definition->content,
                                     .hash = definition->hash,
                                     .published_at = tx_now(tx)};
    JournalEntry entry = {.tenant = tenant,
                          .kind = "definition.published",
                          .actor_kind = "system",
                          .subject =
                              arena_printf(arena, "%s:%s", definition->kind, definition->code),
                          .data = entry_data(arena, definition, extra)};
    return definition_insert(tx_conn(tx), &params, NULL, err) && journal_append(tx, &entry, err);
}

bool definition_publish(Tx *tx, Id tenant, const char *kind, const char *code, const char *content,
                        Date effective_from, const char *extra, Definition *out, Error *err)
{
    Arena *arena = tx_arena(tx);
    DefinitionNewestRow newest = {0};
    bool is_known;
    if (!definition_newest(tx_conn(tx), arena, tenant, kind, code, &newest, &is_known, err))
        return false;
    const char *hash = crypto_hash(arena, content, strlen(content));
    bool is_same = is_known && text_equal(newest.hash, hash) &&
                   date_compare(newest.effective_from, effective_from) == 0;
    if (is_same) {
        *out = DEFINITION_OF(newest);
        return true;
    }
    *out = (Definition){.id = tx_new_id(tx),
                        .kind = kind,
                        .code = code,
                        .version = is_known ? newest.version + 1 : 1,
                        .effective_from = effective_from,
                        .content = content,
                        .hash = hash};
    return insert(tx, tenant, out, extra, err);
}

bool definition_in_force(DbConn *conn, Arena *arena, Id tenant, const char *kind, const char *code,
                         Date day, Definition *out, bool *out_found, Error *err)
{
    DefinitionOnDayRow row = {0};
    if (!definition_on_day(conn, arena, tenant, kind, code, day, &row, out_found, err))
        return false;
    *out = DEFINITION_OF(row);
    return true;
}

bool definition_by_id(DbConn *conn, Arena *arena, Id tenant, Id id, Definition *out, Error *err)
{
    DefinitionGetRow row = {0};
    bool is_found;
    if (!definition_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "definition.unknown");
    *out = DEFINITION_OF(row);
    return true;
}

bool definition_list(DbConn *conn, Arena *arena, Id tenant, const char *kind, Definitions *out,
                     Error *err)
{
    DefinitionNewestOfKindRows rows = {0};
    if (!definition_newest_of_kind(conn, arena, tenant, kind, &rows, err))
        return false;
    list_each (DefinitionNewestOfKindRow, row, &rows) {
        Definition one = {.id = row->id,
                          .kind = row->kind,
                          .code = row->code,
                          .version = row->version,
                          .effective_from = row->effective_from,
                          .hash = row->hash};
        list_add(arena, out, one);
    }
    return true;
}
