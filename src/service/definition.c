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
                  .division = (row).division,                                                      \
                  .version = (row).version,                                                        \
                  .effective_from = (row).effective_from,                                          \
                  .content = (row).content,                                                        \
                  .hash = (row).hash,                                                              \
                  .published_at = (row).published_at})

/* {"kind":..., ...} with the members of extra (an object's text) spliced in. */
static const char *entry_data(Arena *arena, const Definition *definition, const char *extra)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "kind", definition->kind);
    json_put_text(&json, "code", definition->code);
    if (*definition->division)
        json_put_text(&json, "division", definition->division);
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
                                     .division = definition->division,
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

/* The newest version for the place says whether there is anything to publish. */
static bool is_published(Tx *tx, Id tenant, const Definition *draft, const char *hash,
                         Definition *out, bool *out_same, Error *err)
{
    DefinitionNewestRow newest = {0};
    if (!definition_newest(tx_conn(tx), tx_arena(tx), tenant, draft->kind, draft->code,
                           draft->division, &newest, out_same, err))
        return false;
    *out_same = *out_same && text_equal(newest.hash, hash) &&
                date_compare(newest.effective_from, draft->effective_from) == 0;
    if (*out_same)
        *out = DEFINITION_OF(newest);
    return true;
}

bool definition_publish_for(Tx *tx, Id tenant, const Definition *draft, const char *extra,
                            Definition *out, Error *err)
{
    const char *hash = crypto_hash(tx_arena(tx), draft->content, strlen(draft->content));
    DefinitionLastVersionRow last;
    bool is_same;
    if (!is_published(tx, tenant, draft, hash, out, &is_same, err))
        return false;
    if (is_same)
        return true;
    if (!definition_last_version(tx_conn(tx), NULL, tenant, draft->kind, draft->code, &last, err))
        return false;
    *out = *draft;
    out->id = tx_new_id(tx);
    out->version = last.version + 1;
    out->hash = hash;
    return insert(tx, tenant, out, extra, err);
}

bool definition_publish(Tx *tx, Id tenant, const char *kind, const char *code, const char *content,
                        Date effective_from, const char *extra, Definition *out, Error *err)
{
    Definition draft = {.kind = kind,
                        .code = code,
                        .division = "",
                        .effective_from = effective_from,
                        .content = content};
    return definition_publish_for(tx, tenant, &draft, extra, out, err);
}

bool definition_in_force_before(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                const char *code, const char *place, Date day, int64_t version,
                                Definition *out, bool *out_found, Error *err)
{
    DefinitionOnDayRow row = {0};
    if (!definition_on_day(conn, arena, tenant, kind, code, place, day, version, &row, out_found,
                           err))
        return false;
    *out = DEFINITION_OF(row);
    return true;
}

bool definition_in_force_at(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                            const char *code, const char *place, Date day, Definition *out,
                            bool *out_found, Error *err)
{
    return definition_in_force_before(conn, arena, tenant, kind, code, place, day, INT64_MAX, out,
                                      out_found, err);
}

bool definition_in_force(DbConn *conn, Arena *arena, Id tenant, const char *kind, const char *code,
                         Date day, Definition *out, bool *out_found, Error *err)
{
    return definition_in_force_at(conn, arena, tenant, kind, code, "", day, out, out_found, err);
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
                          .division = row->division,
                          .version = row->version,
                          .effective_from = row->effective_from,
                          .hash = row->hash};
        list_add(arena, out, one);
    }
    return true;
}

bool definition_versions(DbConn *conn, Arena *arena, Id tenant, const char *kind, const char *code,
                         int most, Definitions *out, Error *err)
{
    DefinitionAllOfRows rows = {0};
    if (!definition_all_of(conn, arena, tenant, kind, code, most, &rows, err))
        return false;
    list_each (DefinitionAllOfRow, row, &rows) {
        Definition one = {.id = row->id,
                          .kind = kind,
                          .code = code,
                          .division = "",
                          .version = row->version,
                          .effective_from = row->effective_from,
                          .hash = row->hash,
                          .published_at = row->published_at};
        list_add(arena, out, one);
    }
    return true;
}

bool definition_versions_of_places(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                   const char *code, int most, Definitions *out, Error *err)
{
    DefinitionAllOfPlacesRows rows = {0};
    if (!definition_all_of_places(conn, arena, tenant, kind, code, most, &rows, err))
        return false;
    list_each (DefinitionAllOfPlacesRow, row, &rows) {
        Definition one = {.id = row->id,
                          .kind = kind,
                          .code = code,
                          .division = row->division,
                          .version = row->version,
                          .effective_from = row->effective_from,
                          .hash = row->hash,
                          .published_at = row->published_at};
        list_add(arena, out, one);
    }
    return true;
}

bool definition_newest_id(DbConn *conn, Id tenant, Id *out, Error *err)
{
    DefinitionLastRow row = {0};
    if (!definition_last(conn, NULL, tenant, &row, err))
        return false;
    *out = row.id;
    return true;
}
