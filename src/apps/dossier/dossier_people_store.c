/* dossier_people_store.c - the only code that knows the columns of dossier_agent. */
#include "apps/dossier/dossier_people_store.h"

#include "apps/dossier/dossier_people_sql.h"

bool store_add_actor(Tx *tx, App *app, Id dossier, const DossierActor *actor, Error *err)
{
    ActorInsertParams params = {.tenant = app->tenant,
                                .dossier = dossier,
                                .party = actor->party,
                                .role = actor->role,
                                .name = actor->name,
                                .letter_no = actor->letter_no,
                                .valid_until = actor->valid_until};
    return actor_insert(tx_conn(tx), &params, NULL, err);
}

bool store_actors(DbConn *conn, Arena *arena, Id tenant, Id dossier, DossierActors *out, Error *err)
{
    ActorListRows rows = {0};
    if (!actor_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (ActorListRow, row, &rows) {
        DossierActor actor = {.party = row->party,
                              .role = row->role,
                              .name = row->name,
                              .letter_no = row->letter_no,
                              .valid_until = row->valid_until};
        list_add(arena, out, actor);
    }
    return true;
}

bool store_add_withdrawal(Tx *tx, App *app, const Withdrawal *row, Error *err)
{
    WithdrawalInsertParams params = {.tenant = app->tenant,
                                     .dossier = row->dossier,
                                     .party = row->party,
                                     .role = row->role,
                                     .how = row->how,
                                     .officer = row->officer,
                                     .unit = row->unit,
                                     .at = row->at};
    return withdrawal_insert(tx_conn(tx), &params, NULL, err);
}

bool store_withdrawal(DbConn *conn, Arena *arena, Id tenant, Id dossier, Withdrawal *out,
                      bool *out_found, Error *err)
{
    WithdrawalGetRow row = {0};
    if (!withdrawal_get(conn, arena, tenant, dossier, &row, out_found, err))
        return false;
    *out = (Withdrawal){.dossier = row.dossier,
                        .party = row.party,
                        .role = row.role,
                        .how = row.how,
                        .officer = row.officer,
                        .unit = row.unit,
                        .at = row.at};
    return true;
}
