/*
 * dossier_register.c - the register of what a window or village point took in on behalf.
 *
 *     journal: dossier.taken_in -> intake_register -> page, spreadsheet
 */
#include "apps/dossier/dossier_register.h"

#include "apps/dossier/register_views_gen.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/list_export.h"

enum { PAGE_ROWS = 50 };

/* ---- from the journal ------------------------------------------------------------------------ */

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    return data && store_add_registered(tx, entry->tenant, json_id(data, "intake_unit"),
                                        entry->dossier, entry->actor, entry->at, err);
}

static const char *const kinds[] = {"dossier.taken_in", NULL};
static const char *const tables[] = {"intake_register", NULL};

const JournalReader dossier_register_reader = {.name = "dossier.register",
                                               .version = 1,
                                               .kinds = kinds,
                                               .tables = tables,
                                               .apply = apply,
                                               .clear = store_clear_register};

/* ---- the page -------------------------------------------------------------------------------- */

static bool show_line(Request *req, const Registered *row, RegisteredView *out, Error *err)
{
    bool is_over = row->completed_at != INSTANT_NONE;
    *out = (RegisteredView){.id = row->dossier,
                            .at = row->at,
                            .number = row->number,
                            .item = both_in(row->item_name, req->language),
                            .applicant = row->applicant_name,
                            .officer = identity_officer_label(req, row->officer, err),
                            .state = row->state,
                            .waits_for = is_over ? NULL : row->waits_for};
    return dossier_lamp(req, row->due_at, is_over, &out->lamp, err);
}

static bool is_village(Request *req, Error *err)
{
    const Unit *unit = org_unit(request_app(req)->org, req->conn, req->tenant, req->user.unit, err);
    return unit && text_equal(unit->kind, "village");
}

bool register_page(Request *req, Error *err)
{
    IntakeRegisterView *view = arena_new(req->arena, IntakeRegisterView);
    RegisteredList rows = {0};
    if (!store_register(req->conn, req->arena, req->tenant, req->user.unit, input_id(req, "after"),
                        PAGE_ROWS + 1, &rows, err))
        return false;
    size_t shown = rows.count > PAGE_ROWS ? PAGE_ROWS : rows.count;
    view->unit = org_unit_name(req, req->user.unit, err);
    view->is_village = is_village(req, err);
    view->dossiers.items = arena_array(req->arena, RegisteredView, shown);
    for (; view->dossiers.count < shown; view->dossiers.count++)
        if (!show_line(req, &rows.items[view->dossiers.count],
                       &view->dossiers.items[view->dossiers.count], err))
            return false;
    view->pager.shown = (int64_t)shown;
    if (rows.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)rows.items[shown - 1].dossier);
    view->empty = (EmptyState){.title = request_text(req, "register.none"),
                               .text = request_text(req, "register.none_text"),
                               .path = "/intake",
                               .label = request_text(req, "intake.title")};
    return !error_is_set(err) && request_show(req, &IntakeRegisterView_type, view);
}

/* ---- the spreadsheet ------------------------------------------------------------------------- */

static const ExportColumn columns[] = {{"register.at", 18},      {"dossier.number", 22},
                                       {"dossier.item", 34},     {"dossier.applicant", 20},
                                       {"register.state", 14},   {"register.left", 20},
                                       {"register.officer", 14}, {NULL, 0}};

static bool write_row(Request *req, SheetWriter *writer, const Registered *row, Error *err)
{
    RegisteredView line;
    if (!show_line(req, row, &line, err))
        return false;
    sheet_instant(writer, line.at, request_app(req)->zone_minutes);
    sheet_text(writer, line.number, SHEET_PLAIN);
    sheet_text(writer, line.item, SHEET_PLAIN);
    sheet_text(writer, line.applicant, SHEET_PLAIN);
    sheet_text(writer, request_text(req, arena_printf(req->arena, "dossier.state.%s", line.state)),
               SHEET_PLAIN);
    sheet_lamp(req, writer, &line.lamp);
    sheet_text(writer, text_or_empty(line.officer), SHEET_PLAIN);
    sheet_end_row(writer);
    return true;
}

static bool write_rows(Request *req, const char *after, SheetWriter *writer, void *state,
                       const char **out_next, Error *err)
{
    RegisteredList rows = {0};
    int64_t before = 0;
    (void)state;
    if (after)
        (void)text_to_int64(after, &before);
    if (!store_register(req->conn, req->arena, req->tenant, req->user.unit, before,
                        LIST_EXPORT_PAGE + 1, &rows, err))
        return false;
    for (size_t i = 0; i < rows.count && i < LIST_EXPORT_PAGE; i++)
        if (!write_row(req, writer, &rows.items[i], err))
            return false;
    if (rows.count > LIST_EXPORT_PAGE)
        *out_next =
            arena_printf(req->arena, "%lld", (long long)rows.items[LIST_EXPORT_PAGE - 1].dossier);
    return true;
}

bool register_export(Request *req, Error *err)
{
    ListExport what = {.name = request_text(req, "register.title"),
                       .filter = org_unit_name(req, req->user.unit, err),
                       .columns = columns,
                       .rows = write_rows};
    return !error_is_set(err) && list_export(req, &what, err);
}
