/* dossier_life_store.c - rows of uncounted time, notices, supplements, fees, letters, archive. */
#include "apps/dossier/dossier_life_store.h"

#include <string.h>

#include "apps/dossier/dossier_life_sql.h"
#include "format/json.h"

/* ---- time that is not counted ---------------------------------------------------------------- */

bool store_add_span(Tx *tx, App *app, Id dossier, const Span *span, Error *err)
{
    bool has_limit = span->has_own_limit;
    return span_insert(
        tx_conn(tx),
        &(SpanInsertParams){.tenant = app->tenant,
                            .id = span->id,
                            .dossier = dossier,
                            .task = span->task,
                            .cause = span->cause,
                            .ground = span->ground,
                            .name = span->name.zh,
                            .name_en = span->name.en,
                            .from_at = span->from,
                            .to_at = span->to,
                            .own_amount = has_limit ? span->own_limit.amount : INT_NONE,
                            .own_unit = has_limit ? limit_unit_name(span->own_limit.unit) : NULL,
                            .note = span->note,
                            .opened_by = span->opened_by,
                            .closed_by = span->closed_by},
        NULL, err);
}

bool store_close_span(Tx *tx, App *app, const Span *span, Error *err)
{
    return span_close(tx_conn(tx), app->tenant, span->id, span->to, span->closed_by, NULL, err);
}

static Span span_of(const SpanListRow *row)
{
    Span span = {.id = row->id,
                 .task = row->task,
                 .cause = row->cause,
                 .ground = row->ground,
                 .name = {row->name, row->name_en},
                 .from = row->from_at,
                 .to = row->to_at,
                 .has_own_limit = row->own_amount != INT_NONE,
                 .note = row->note,
                 .opened_by = row->opened_by,
                 .closed_by = row->closed_by};
    if (span.has_own_limit) {
        span.own_limit.amount = (int32_t)row->own_amount;
        limit_unit_parse(row->own_unit, &span.own_limit.unit);
    }
    return span;
}

bool store_spans(DbConn *conn, Arena *arena, Id tenant, Id dossier, Spans *out, Error *err)
{
    SpanListRows rows = {0};
    if (!span_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (SpanListRow, row, &rows)
        list_add(arena, out, span_of(row));
    return true;
}

bool store_clock_again(DbConn *conn, Arena *arena, Id tenant, Instant now, Instant after,
                       Id dossier_after, Instant *out_at, Id *out_dossier, bool *out_found,
                       Error *err)
{
    ClockAgainRow row = {0};
    if (!clock_again(conn, arena, tenant, now, after, dossier_after, &row, out_found, err))
        return false;
    *out_at = row.runs_again_at;
    *out_dossier = row.dossier;
    return true;
}

/* ---- notices --------------------------------------------------------------------------------- */

static bool add_line(Tx *tx, App *app, Id notice, int64_t number, const NoticeLine *line,
                     Error *err)
{
    return notice_line_insert(tx_conn(tx),
                              &(NoticeLineInsertParams){.tenant = app->tenant,
                                                        .notice = notice,
                                                        .line = number,
                                                        .kind = line->kind,
                                                        .code = line->code,
                                                        .name = line->name.zh,
                                                        .name_en = line->name.en,
                                                        .missing = line->missing,
                                                        .mend = line->mend,
                                                        .was_visible = line->was_visible},
                              NULL, err);
}

bool store_add_notice(Tx *tx, App *app, const Notice *notice, Error *err)
{
    if (!notice_insert(tx_conn(tx),
                       &(NoticeInsertParams){.tenant = app->tenant,
                                             .id = notice->id,
                                             .dossier = notice->dossier,
                                             .task = notice->task,
                                             .unit = notice->unit,
                                             .officer = notice->officer,
                                             .ordinal = notice->ordinal,
                                             .state = notice->state,
                                             .reason = notice->reason,
                                             .asked_at = notice->asked_at,
                                             .sent_at = notice->sent_at},
                       NULL, err))
        return false;
    for (size_t i = 0; i < notice->lines.count; i++)
        if (!add_line(tx, app, notice->id, (int64_t)i + 1, &notice->lines.items[i], err))
            return false;
    return true;
}

bool store_decide_notice(Tx *tx, App *app, const Notice *notice, Error *err)
{
    return notice_decide(tx_conn(tx),
                         &(NoticeDecideParams){.tenant = app->tenant,
                                               .id = notice->id,
                                               .state = notice->state,
                                               .decided_by = notice->decided_by,
                                               .decided_at = notice->decided_at,
                                               .decision = notice->decision,
                                               .sent_at = notice->sent_at},
                         NULL, err);
}

bool store_take_back_notice(Tx *tx, App *app, const Notice *notice, Error *err)
{
    return notice_take_back(tx_conn(tx), app->tenant, notice->id, notice->taken_back_by,
                            notice->taken_back_at, notice->taken_back_why, NULL, err);
}

bool store_close_notices(Tx *tx, App *app, Id dossier, Id task, const char *state,
                         int64_t *out_open, Error *err)
{
    NoticeOpenRow row = {0};
    if (!notice_close(tx_conn(tx), app->tenant, dossier, task, state, tx_now(tx), NULL, err) ||
        !notice_open(tx_conn(tx), tx_arena(tx), app->tenant, dossier, &row, err))
        return false;
    *out_open = row.count;
    return true;
}

bool store_end_asked(Tx *tx, App *app, Id dossier, Id task, Error *err)
{
    return notice_end_asked(tx_conn(tx), app->tenant, dossier, task, NULL, err);
}

static bool read_lines(DbConn *conn, Arena *arena, Id tenant, Notice *notice, Error *err)
{
    NoticeLineListRows rows = {0};
    if (!notice_line_list(conn, arena, tenant, notice->id, &rows, err))
        return false;
    list_each (NoticeLineListRow, row, &rows) {
        NoticeLine line = {.kind = row->kind,
                           .code = row->code,
                           .name = {row->name, row->name_en},
                           .missing = row->missing,
                           .mend = row->mend,
                           .was_visible = row->was_visible};
        list_add(arena, &notice->lines, line);
    }
    return true;
}

static Notice notice_of(const NoticeRow *row)
{
    return (Notice){.id = row->id,
                    .dossier = row->dossier,
                    .task = row->task,
                    .unit = row->unit,
                    .officer = row->officer,
                    .ordinal = row->ordinal,
                    .state = row->state,
                    .reason = row->reason,
                    .asked_at = row->asked_at,
                    .sent_at = row->sent_at,
                    .decided_by = row->decided_by,
                    .decided_at = row->decided_at,
                    .decision = row->decision,
                    .answered_at = row->answered_at,
                    .taken_back_by = row->taken_back_by,
                    .taken_back_at = row->taken_back_at,
                    .taken_back_why = row->taken_back_why};
}

bool store_notices(DbConn *conn, Arena *arena, Id tenant, Id dossier, Notices *out, Error *err)
{
    NoticeRows rows = {0};
    if (!notice_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (NoticeRow, row, &rows) {
        Notice notice = notice_of(row);
        if (!read_lines(conn, arena, tenant, &notice, err))
            return false;
        list_add(arena, out, notice);
    }
    return true;
}

bool store_notice(DbConn *conn, Arena *arena, Id tenant, Id id, Notice *out, Error *err)
{
    NoticeRow row = {0};
    bool is_found;
    if (!notice_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "notice.unknown");
    *out = notice_of(&row);
    return read_lines(conn, arena, tenant, out, err);
}

bool store_notice_queue(DbConn *conn, Arena *arena, Id tenant, Id unit, Id after, int most,
                        AskedNotices *out, Error *err)
{
    NoticeQueueRows rows = {0};
    if (!notice_queue(conn, arena, tenant, unit, after, most, &rows, err))
        return false;
    list_each (NoticeQueueRow, row, &rows) {
        AskedNotice asked = {.id = row->id,
                             .number = row->number,
                             .item_name = {row->item_name, row->item_name_en},
                             .applicant_name = row->applicant_name,
                             .officer = row->officer,
                             .reason = row->reason,
                             .asked_at = row->asked_at};
        list_add(arena, out, asked);
    }
    return true;
}

/* ---- supplements ----------------------------------------------------------------------------- */

static SealPlace changes_place(const App *app, Id supplement)
{
    return (SealPlace){
        .tenant = app->tenant, .table = "supplement", .column = "changes", .row = supplement};
}

/* Both are the applicant's words: {"note": ..., "changes": [...]}. */
static const char *sealed_words(Arena *arena, const Supplement *supplement)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "note", supplement->note);
    json_put_raw(&json, "changes", supplement->changes);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool open_words(Arena *arena, const char *text, Supplement *out, Error *err)
{
    Buffer changes = buffer_init(arena, 0);
    JsonWriter json = json_writer(&changes);
    const Json *words = json_parse(arena, text, strlen(text), &JSON_LIMITS, err);
    const Json *list = json_get(words, "changes");
    if (!words)
        return false;
    out->note = json_text(words, "note");
    if (list)
        json_put_tree(&json, NULL, list);
    out->changes = list ? buffer_text(&changes) : "[]";
    return true;
}

bool store_add_supplement(Tx *tx, App *app, Id dossier, const Supplement *supplement, Error *err)
{
    return supplement_insert(
        tx_conn(tx),
        &(SupplementInsertParams){.tenant = app->tenant,
                                  .id = supplement->id,
                                  .dossier = dossier,
                                  .by_kind = supplement->by_kind,
                                  .by_id = supplement->by,
                                  .at = supplement->at,
                                  .changes = keyring_seal(app->keys, tx_arena(tx),
                                                          changes_place(app, supplement->id),
                                                          sealed_words(tx_arena(tx), supplement)),
                                  .materials = supplement->materials},
        NULL, err);
}

bool store_supplements(DbConn *conn, App *app, Arena *arena, Id dossier, Supplements *out,
                       Error *err)
{
    SupplementListRows rows = {0};
    if (!supplement_list(conn, arena, app->tenant, dossier, &rows, err))
        return false;
    list_each (SupplementListRow, row, &rows) {
        Supplement one = {.id = row->id,
                          .by_kind = row->by_kind,
                          .by = row->by_id,
                          .at = row->at,
                          .materials = row->materials};
        const char *words =
            keyring_unseal(app->keys, arena, changes_place(app, row->id), row->changes, err);
        if (!words || !open_words(arena, words, &one, err))
            return false;
        list_add(arena, out, one);
    }
    return true;
}

bool store_last_supplement(DbConn *conn, Arena *arena, Id tenant, Id dossier, Instant *out_at,
                           Error *err)
{
    SupplementLastRow row = {0};
    bool is_found;
    bool is_read = supplement_last(conn, arena, tenant, dossier, &row, &is_found, err);
    *out_at = is_found ? row.at : INSTANT_NONE;
    return is_read;
}

bool store_save_answers(Tx *tx, App *app, const Dossier *dossier, Error *err)
{
    return dossier_answers(tx_conn(tx), app->tenant, dossier->id, dossier->answers, NULL, err);
}

bool store_bring_material(Tx *tx, App *app, Id dossier, const char *code, Error *err)
{
    return material_brought(tx_conn(tx), app->tenant, dossier, code, NULL, err);
}

/* ---- fees ------------------------------------------------------------------------------------ */

bool store_add_fee(Tx *tx, App *app, Id dossier, const Fee *fee, Error *err)
{
    return fee_insert(tx_conn(tx),
                      &(FeeInsertParams){.tenant = app->tenant,
                                         .dossier = dossier,
                                         .id = fee->id,
                                         .standard_fen = fee->standard,
                                         .reduction_fen = fee->reduction,
                                         .reduction_ground = fee->reduction_ground,
                                         .reduction_basis = fee->reduction_basis,
                                         .amount_fen = fee->amount,
                                         .state = fee->state,
                                         .basis = fee->basis,
                                         .charged_at = fee->charged_at},
                      NULL, err);
}

bool store_pay_fee(Tx *tx, App *app, Id dossier, const Fee *fee, Error *err)
{
    return fee_pay(tx_conn(tx), app->tenant, dossier, fee->id, fee->paid_at, fee->reference,
                   fee->paid_by, NULL, err);
}

bool store_fees(DbConn *conn, Arena *arena, Id tenant, Id dossier, Fees *out, Error *err)
{
    FeeListRows rows = {0};
    if (!fee_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (FeeListRow, row, &rows) {
        Fee fee = {.id = row->id,
                   .standard = row->standard_fen,
                   .reduction = row->reduction_fen,
                   .reduction_ground = row->reduction_ground,
                   .reduction_basis = row->reduction_basis,
                   .amount = row->amount_fen,
                   .state = row->state,
                   .basis = row->basis,
                   .charged_at = row->charged_at,
                   .paid_at = row->paid_at,
                   .reference = row->reference,
                   .paid_by = row->paid_by};
        list_add(arena, out, fee);
    }
    return true;
}

/* ---- letters of authorisation ---------------------------------------------------------------- */

bool store_letter_holder(Tx *tx, App *app, const char *login, Id *out_officer, Id *out_unit,
                         Error *err)
{
    LetterHolderRow row = {0};
    bool is_found;
    if (!letter_holder(tx_conn(tx), tx_arena(tx), app->tenant, login, &row, &is_found, err))
        return false;
    *out_officer = row.id;
    *out_unit = row.unit;
    return true;
}

bool store_add_letter(Tx *tx, App *app, const Letter *letter, Id by, Error *err)
{
    return letter_insert(tx_conn(tx),
                         &(LetterInsertParams){.tenant = app->tenant,
                                               .id = letter->id,
                                               .officer = letter->officer,
                                               .unit = letter->unit,
                                               .item = letter->item,
                                               .element = letter->element,
                                               .valid_from = letter->valid_from,
                                               .valid_until = letter->valid_until,
                                               .letter_no = letter->letter_no,
                                               .created_at = letter->created_at,
                                               .created_by = by},
                         NULL, err);
}

bool store_end_letter(Tx *tx, App *app, Id letter, Id by, bool *out_first, Error *err)
{
    int64_t changed;
    if (!letter_end(tx_conn(tx), app->tenant, letter, tx_now(tx), by, &changed, err))
        return false;
    *out_first = changed > 0;
    return true;
}

bool store_letter_covers(DbConn *conn, Arena *arena, Id tenant, const Letter *wanted, Date day,
                         bool *out, Error *err)
{
    LetterCoversRow row;
    if (!letter_covers(conn, arena, tenant, wanted->officer, wanted->unit, wanted->item,
                       wanted->element, day, &row, err))
        return false;
    *out = row.count > 0;
    return true;
}

static Letter letter_of(const LetterListRow *row)
{
    return (Letter){.id = row->id,
                    .officer = row->officer,
                    .unit = row->unit,
                    .item = row->item,
                    .element = row->element,
                    .valid_from = row->valid_from,
                    .valid_until = row->valid_until,
                    .letter_no = row->letter_no,
                    .created_at = row->created_at,
                    .ended_at = row->ended_at};
}

bool store_letters(DbConn *conn, Arena *arena, Id tenant, Id before, int most, Letters *out,
                   Error *err)
{
    LetterListRows rows = {0};
    if (!letter_list(conn, arena, tenant, before ? before : INT64_MAX, most, &rows, err))
        return false;
    list_each (LetterListRow, row, &rows)
        list_add(arena, out, letter_of(row));
    return true;
}

bool store_letter(DbConn *conn, Arena *arena, Id tenant, Id id, Letter *out, Error *err)
{
    LetterListRow row = {0};
    bool is_found;
    if (!letter_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    *out = letter_of(&row);
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "authorisation.unknown");
}

/* ---- archive --------------------------------------------------------------------------------- */

bool store_archive(DbConn *conn, Arena *arena, Id tenant, Id unit, Instant before, Id id_before,
                   int most, ArchivedList *out, Error *err)
{
    ArchiveListRows rows = {0};
    if (!archive_list(conn, arena, tenant, unit, before, id_before, most, &rows, err))
        return false;
    list_each (ArchiveListRow, row, &rows) {
        Archived one = {.id = row->id,
                        .number = row->number,
                        .archive_number = row->archive_number,
                        .item_name = {row->item_name, row->item_name_en},
                        .applicant_name = row->applicant_name,
                        .state = row->state,
                        .completed_at = row->completed_at};
        list_add(arena, out, one);
    }
    return true;
}
