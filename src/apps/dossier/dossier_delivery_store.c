/* dossier_delivery_store.c - rows of service; addresses are sealed at delivery.address. */
#include <string.h>

#include "apps/dossier/dossier_delivery.h"

#include "apps/dossier/dossier_delivery_sql.h"
#include "format/json.h"

static SealPlace place_of(const App *app, Id dossier)
{
    return (SealPlace){
        .tenant = app->tenant, .table = "delivery", .column = "address", .row = dossier};
}

/* ---- addresses ------------------------------------------------------------------------------- */

static DbBytes seal(App *app, Arena *arena, const Delivery *delivery)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    if (!delivery->to.recipient)
        return (DbBytes){0};
    json_begin_object(&json, NULL);
    json_put_text(&json, "recipient", delivery->to.recipient);
    json_put_text(&json, "phone", delivery->to.phone);
    json_put_text(&json, "address", delivery->to.address);
    json_end_object(&json);
    return keyring_seal(app->keys, arena, place_of(app, delivery->dossier), buffer_text(&text));
}

static bool unseal(App *app, Arena *arena, Id dossier, DbBytes sealed, PostAddress *out, Error *err)
{
    *out = (PostAddress){0};
    if (!sealed.size)
        return true;
    const char *text = keyring_unseal(app->keys, arena, place_of(app, dossier), sealed, err);
    const Json *json = text ? json_parse(arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    if (json)
        *out = (PostAddress){json_text(json, "recipient"), json_text(json, "phone"),
                             json_text(json, "address")};
    return json != NULL;
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool store_put_delivery(Tx *tx, App *app, const Delivery *delivery, Error *err)
{
    DeliveryPutParams params = {.tenant = app->tenant,
                                .dossier = delivery->dossier,
                                .unit = delivery->unit,
                                .way = delivery->way,
                                .address = seal(app, tx_arena(tx), delivery),
                                .state = delivery->state,
                                .begun_at = delivery->begun_at,
                                .due_at = delivery->due_at,
                                .due_on = delivery->due_on,
                                .days = delivery->days,
                                .basis = delivery->basis.zh,
                                .basis_en = delivery->basis.en,
                                .carrier = delivery->carrier.zh,
                                .carrier_en = delivery->carrier.en,
                                .tracking = delivery->tracking,
                                .posted_on = delivery->posted_on,
                                .served_on = delivery->served_on,
                                .served_how = delivery->served_how,
                                .returns = delivery->returns};
    return delivery_put(tx_conn(tx), &params, NULL, err);
}

bool store_delivery(DbConn *conn, Arena *arena, App *app, Id dossier, Delivery *out,
                    bool *out_found, Error *err)
{
    DeliveryGetRow row = {0};
    if (!delivery_get(conn, arena, app->tenant, dossier, &row, out_found, err))
        return false;
    *out = (Delivery){.dossier = dossier,
                      .unit = row.unit,
                      .way = row.way,
                      .state = row.state,
                      .begun_at = row.begun_at,
                      .due_at = row.due_at,
                      .due_on = row.due_on,
                      .days = row.days,
                      .basis = {row.basis, row.basis_en},
                      .carrier = {row.carrier, row.carrier_en},
                      .tracking = row.tracking,
                      .posted_on = row.posted_on,
                      .served_on = row.served_on,
                      .served_how = row.served_how,
                      .returns = row.returns};
    return !*out_found || unseal(app, arena, dossier, row.address, &out->to, err);
}

bool store_deliveries(DbConn *conn, Arena *arena, App *app, Id unit, const char *state,
                      Instant after_due, Id after, int most, DeliveryLines *out, Error *err)
{
    DeliveryOfUnitRows rows = {0};
    if (!delivery_of_unit(conn, arena, app->tenant, unit, state, after_due, after, most, &rows,
                          err))
        return false;
    list_each (DeliveryOfUnitRow, row, &rows) {
        DeliveryLine line = {.delivery = {.dossier = row->dossier,
                                          .unit = unit,
                                          .way = row->way,
                                          .state = row->state,
                                          .due_at = row->due_at,
                                          .due_on = row->due_on,
                                          .carrier = {row->carrier, row->carrier_en},
                                          .tracking = row->tracking,
                                          .posted_on = row->posted_on,
                                          .returns = row->returns},
                             .number = row->number,
                             .item_name = {row->item_name, row->item_name_en},
                             .applicant_name = row->applicant_name,
                             .party = row->party};
        if (!unseal(app, arena, row->dossier, row->address, &line.delivery.to, err))
            return false;
        list_add(arena, out, line);
    }
    return true;
}

bool store_due_deliveries(DbConn *conn, Arena *arena, Id tenant, Id after, int most,
                          DeliveryIds *out, Error *err)
{
    DeliveryWaitingRows rows = {0};
    if (!delivery_waiting(conn, arena, tenant, after, most, &rows, err))
        return false;
    list_each (DeliveryWaitingRow, row, &rows)
        list_add(arena, out, row->dossier);
    return true;
}
