/* catalogue_find.c - the search of the guide for other capabilities: words to items. */
#include "apps/catalogue/catalogue_internal.h"

bool catalogue_find(DbConn *conn, Arena *arena, Id tenant, const char *words, int most,
                    ItemsFound *out, Error *err)
{
    ItemRows rows = {0};
    SearchQuery query = words_query(arena, words ? words : "");
    bool is_done =
        text_is_empty(words)
            ? catalogue_store_list(conn, arena, tenant, &(ItemListQuery){.most = most}, &rows, err)
            : catalogue_store_search(conn, arena, tenant, &query, most, &rows, err);
    list_each (ItemRow, row, &rows) {
        ItemFound found = {.code = row->code,
                           .kind = row->kind,
                           .name = row->name,
                           .summary = row->summary,
                           .unit_code = row->unit_code};
        list_add(arena, out, found);
    }
    return is_done;
}
