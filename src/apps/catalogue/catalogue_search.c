/*
 * catalogue_search.c - the inside reader behind lists and search: item.published -> item,
 * item_term. The entry carries everything, so the tables can be dropped and replayed.
 */
#include "apps/catalogue/catalogue_internal.h"

static ItemRow row_of(const Json *extra)
{
    return (ItemRow){.code = json_text(extra, "code"),
                     .kind = json_text(extra, "kind"),
                     .name = {json_text(extra, "name"), json_text(extra, "name_en")},
                     .summary = {json_text(extra, "summary"), json_text(extra, "summary_en")},
                     .unit_code = json_text(extra, "unit"),
                     .topic = json_text(extra, "topic"),
                     .sort_key = json_text(extra, "sort_key")};
}

static bool put_terms(Tx *tx, Id tenant, const char *code, const Json *terms, Error *err)
{
    json_each (term, terms) {
        if (!catalogue_store_term(tx, tenant, code, json_text(term, "t"), json_int(term, "w", 1),
                                  err))
            return false;
    }
    return true;
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    if (!data)
        return false;
    const Json *extra = json_get(data, "extra");
    if (!text_equal(json_text(data, "kind"), "item") || !extra)
        return true;
    ItemRow row = row_of(extra);
    return catalogue_store_item(tx, entry->tenant, json_id(data, "definition"), &row, err) &&
           catalogue_store_clear_terms(tx, entry->tenant, row.code, err) &&
           put_terms(tx, entry->tenant, row.code, json_get(extra, "terms"), err);
}

static const char *const kinds[] = {"definition.published", NULL};
static const char *const tables[] = {"item", "item_term", NULL};

const JournalReader catalogue_search_reader = {.name = "catalogue.search",
                                               .version = 1,
                                               .kinds = kinds,
                                               .tables = tables,
                                               .apply = apply,
                                               .clear = catalogue_store_clear};
