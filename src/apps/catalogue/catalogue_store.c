/* catalogue_store.c - the only code that knows the columns of item and item_term. */
#include "apps/catalogue/catalogue_store.h"

#include "apps/catalogue/catalogue_sql.h"

bool catalogue_store_item(Tx *tx, Id tenant, Id definition, const ItemRow *row, Error *err)
{
    return item_put(tx_conn(tx),
                    &(ItemPutParams){.tenant = tenant,
                                     .code = row->code,
                                     .definition = definition,
                                     .kind = row->kind,
                                     .name = row->name.zh,
                                     .name_en = row->name.en,
                                     .summary = row->summary.zh,
                                     .summary_en = row->summary.en,
                                     .unit_code = row->unit_code,
                                     .topic = row->topic,
                                     .sort_key = row->sort_key},
                    NULL, err);
}

bool catalogue_store_clear_terms(Tx *tx, Id tenant, const char *item, Error *err)
{
    return item_terms_clear(tx_conn(tx), tenant, item, NULL, err);
}

bool catalogue_store_term(Tx *tx, Id tenant, const char *item, const char *term, int64_t weight,
                          Error *err)
{
    return item_term_put(tx_conn(tx), tenant, term, item, weight, NULL, err);
}

bool catalogue_store_clear(Tx *tx, Error *err)
{
    return item_all_clear(tx_conn(tx), NULL, err) && item_term_all_clear(tx_conn(tx), NULL, err);
}

/* The two queries return the same columns; one macro is the only code that knows them. */
#define ITEM_ROW_OF(row)                                                                           \
    ((ItemRow){.code = (row)->code,                                                                \
               .kind = (row)->kind,                                                                \
               .name = {(row)->name, (row)->name_en},                                              \
               .summary = {(row)->summary, (row)->summary_en},                                     \
               .unit_code = (row)->unit_code,                                                      \
               .topic = (row)->topic,                                                              \
               .sort_key = (row)->sort_key})

bool catalogue_store_list(DbConn *conn, Arena *arena, Id tenant, const ItemListQuery *query,
                          ItemRows *out, Error *err)
{
    ItemListRows rows = {0};
    if (!item_list(conn, arena, tenant, text_or_empty(query->topic),
                   text_or_empty(query->unit_code), text_or_empty(query->sort_after),
                   text_or_empty(query->code_after), query->most, &rows, err))
        return false;
    list_each (ItemListRow, row, &rows)
        list_add(arena, out, ITEM_ROW_OF(row));
    return true;
}

bool catalogue_store_units(DbConn *conn, Arena *arena, Id tenant, UnitCodes *out, Error *err)
{
    ItemUnitsRows rows = {0};
    if (!item_units(conn, arena, tenant, &rows, err))
        return false;
    list_each (ItemUnitsRow, row, &rows)
        list_add(arena, out, row->unit_code);
    return true;
}

bool catalogue_store_search(DbConn *conn, Arena *arena, Id tenant, const SearchQuery *query,
                            int most, ItemRows *out, Error *err)
{
    ItemSearchRows rows = {0};
    bool has_prefix = *query->prefix != 0;
    const char *high = has_prefix ? arena_printf(arena, "%s~", query->prefix) : "";
    if (!item_search(conn, arena,
                     &(ItemSearchParams){.tenant = tenant,
                                         .t1 = query->terms[0],
                                         .t2 = query->terms[1],
                                         .t3 = query->terms[2],
                                         .t4 = query->terms[3],
                                         .t5 = query->terms[4],
                                         .t6 = query->terms[5],
                                         .low = query->prefix,
                                         .high = high,
                                         .least = query->least,
                                         .most = most},
                     &rows, err))
        return false;
    list_each (ItemSearchRow, row, &rows)
        list_add(arena, out, ITEM_ROW_OF(row));
    return true;
}
