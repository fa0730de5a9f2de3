/*
 * document.c - issuing: kind of paper -> number, code -> values -> row.
 *
 *     dossier (last write of a command) -> document_issue -> document_store
 *
 * What is printed is kept as values, sealed, beside the version of the template that prints them.
 */
#include "apps/document/document.h"

#include <string.h>

#include "apps/document/document_store.h"
#include "apps/org/org.h"

static bool draw_number(Tx *tx, App *app, const PaperKind *paper, const char *county, Date today,
                        const char **out, Error *err)
{
    Arena *arena = tx_arena(tx);
    int year, month, day;
    int64_t drawn;
    date_split(today, &year, &month, &day);
    if (!document_store_draw(tx, app, paper->code, year, &drawn, err))
        return false;
    Buffer values = buffer_init(arena, 0), number = buffer_init(arena, 200);
    JsonWriter json = json_writer(&values);
    json_begin_object(&json, NULL);
    json_put_text(&json, "county", county);
    json_put_int(&json, "year", year);
    json_put_text(&json, "sequence", arena_printf(arena, "%06lld", (long long)drawn));
    json_end_object(&json);
    const Json *tree = json_parse(arena, values.data, values.length, &JSON_LIMITS, err);
    if (!tree || !template_render(paper->number, tree, &number, NULL, err))
        return false;
    *out = buffer_text(&number);
    return true;
}

/* The values that every paper sees, then those of the order. */
static const char *content_of(Tx *tx, App *app, const DocumentOrder *order, const Document *paper,
                              const char *issuer, const char *county)
{
    Arena *arena = tx_arena(tx);
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "number", paper->number);
    json_put_text(&json, "code", paper->code);
    json_put_text(&json, "code_words", document_code_words(arena, paper->code));
    json_put_text(&json, "verify_url", document_verify_url(app, arena, paper->code));
    json_put_text(&json, "county", county);
    json_put_text(&json, "issuer", issuer);
    json_put_text(&json, "issued_on", date_text(arena, today));
    json_put_text(&json, "issued_on_words", document_date_words(arena, today));
    json_put_text(&json, "dossier_number", order->dossier_number);
    json_put_text(&json, "item_name", order->item_name);
    json_put_text(&json, "applicant_name", order->applicant_name);
    if (order->values && strlen(order->values) > strlen("{}")) /* spliced in behind its brace */
        buffer_printf(&text, ",%s", order->values + 1);
    else
        json_end_object(&json);
    return buffer_text(&text);
}

static bool issue(Tx *tx, App *app, const DocumentOrder *order, const PaperKind *paper, Date today,
                  Document *out, Error *err)
{
    Tenant tenant;
    Id template;
    const Unit *issuer = org_unit(app->org, tx_conn(tx), app->tenant, order->unit, err);
    if (!issuer)
        return error_set(err, ERROR_UNAVAILABLE, .code = "document.no_unit");
    if (!catalogue_in_force(app, tx_conn(tx), "template", paper->template, today, &template, err) ||
        !org_tenant(tx_conn(tx), tx_arena(tx), app->tenant, &tenant, err))
        return false;
    *out = (Document){.id = tx_new_id(tx),
                      .dossier = order->dossier,
                      .kind = order->kind,
                      .code = document_code_new(tx_arena(tx)),
                      .title = paper->title,
                      .unit = order->unit,
                      .template = template,
                      .issued_at = tx_now(tx)};
    if (!draw_number(tx, app, paper, tenant.short_name, today, &out->number, err))
        return false;
    out->content = content_of(tx, app, order, out, issuer->name, tenant.short_name);
    return document_store_add(tx, app, out, err);
}

bool document_issue(Tx *tx, App *app, const DocumentOrder *order, Document *out, Error *err)
{
    const PaperKind *paper;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    *out = (Document){0};
    return catalogue_paper(app, tx_conn(tx), order->kind, today, &paper, err) &&
           (!paper || issue(tx, app, order, paper, today, out, err));
}

/* ---- finding --------------------------------------------------------------------------------- */

bool document_list(DbConn *conn, App *app, Arena *arena, Id dossier, Documents *out, Error *err)
{
    return document_store_list(conn, app, arena, dossier, out, err);
}

bool document_find(DbConn *conn, App *app, Arena *arena, Id dossier, Id id, Document *out,
                   Error *err)
{
    bool is_found;
    if (!document_store_get(conn, app, arena, id, out, &is_found, err))
        return false;
    return (is_found && out->dossier == dossier) ||
           error_set(err, ERROR_NOT_FOUND, .code = "document.unknown");
}

bool document_of_verify_code(DbConn *conn, App *app, Arena *arena, const char *code, Document *out,
                             bool *out_found, Error *err)
{
    return document_store_of_code(conn, app, arena, code, out, out_found, err);
}
