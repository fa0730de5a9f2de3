/*
 * dossier_papers.c - the papers of a dossier: which ones a command hands out, and what they print.
 *
 *     file, accept, refuse, deny, notice, fee, extension -> paper_order -> (last writes of the
 * command) values -> document_issue -> step "document" of the journal entry
 */
#include <string.h>

#include "apps/document/document.h"
#include "apps/dossier/dossier_extension.h"
#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_rating.h"

void paper_order(Work *work, const char *kind, const char *values)
{
    PaperOrder order = {.kind = kind, .values = values};
    list_add(work->arena, &work->papers, order);
}

/* ---- receipt --------------------------------------------------------------------------------- */

static const char *number_text(Arena *arena, int64_t number)
{
    return arena_printf(arena, "%lld", (long long)number);
}

static void put_material(JsonWriter *json, Arena *arena, int index, const ItemMaterial *material,
                         bool is_brought)
{
    json_begin_object(json, NULL);
    json_put_int(json, "index", index);
    json_put_text(json, "name", material->name.zh);
    json_put_bool(json, "is_original", !text_equal(material->original, "copy"));
    json_put_bool(json, "is_copy", !text_equal(material->original, "original"));
    json_put_bool(json, "is_both", text_equal(material->original, "original_and_copy"));
    json_put_text(json, "copies_words",
                  material->copies ? number_text(arena, material->copies)
                                   : message_raw(LANGUAGE_ZH, "paper.shown"));
    json_put_bool(json, "is_required", material->is_required);
    json_put_bool(json, "is_brought", is_brought);
    json_end_object(json);
}

static bool is_brought(const DossierFiling *filing, const char *code)
{
    for (size_t i = 0; i < filing->brought_count; i++)
        if (text_equal(filing->brought[i], code))
            return true;
    return uploads_have(filing->uploads, code);
}

/* 2026年11月22日 14时05分. */
static const char *moment_words(const Work *work, Instant at)
{
    int minutes = work->app->zone_minutes;
    Date day = instant_date(at, minutes);
    int64_t into = (at - date_start(day, minutes)) / MINUTE_MS;
    return arena_printf(work->arena, "%s%02d时%02d分", document_date_words(work->arena, day),
                        (int)(into / 60), (int)(into % 60));
}

static bool receipt_values(Work *work, JsonWriter *json, Error *err)
{
    (void)err;
    int index = 0;
    const char *site = work->app->site ? work->app->site : "";
    json_put_text(json, "filed_at_words", moment_words(work, work->dossier.filed_at));
    json_put_bool(json, "is_online", text_equal(work->filing->channel, "online"));
    json_put_text(json, "track_url", arena_printf(work->arena, "%s/track", site));
    json_put_text(json, "rate_url", rating_url(work->app, work->arena, work->dossier.id));
    json_begin_array(json, "materials");
    FeelScope scope = work_scope(work, work->needs);
    list_each (ItemMaterial, material, &work->filing->item->materials)
        if (material_is_asked_for(material, &scope, work->arena, NULL))
            put_material(json, work->arena, ++index, material,
                         is_brought(work->filing, material->code));
    json_end_array(json);
    return true;
}

/* ---- acceptance ------------------------------------------------------------------------------ */

static const char *zh(Arena *arena, const char *key, const char *name, const char *value)
{
    return message_text(arena, LANGUAGE_ZH, key, &(MessageParam){name, value}, 1);
}

/* "休息日，不计", "第3天（调休上班）". */
static const char *day_words(Arena *arena, const LegalDay *day)
{
    const char *key = arena_printf(arena, "clock.effect.%s", legal_effect_name(day->effect));
    Buffer out = buffer_init(arena, 0);
    buffer_add(&out, zh(arena, key, "n", number_text(arena, day->counted)));
    if (*day->day.name)
        buffer_add(&out, zh(arena, "clock.named", "name", day->day.name));
    if (day->day.kind == CALENDAR_MAKEUP)
        buffer_add(&out, message_raw(LANGUAGE_ZH, "clock.makeup"));
    return buffer_text(&out);
}

static const char *weekday_words(Date date)
{
    static const char *const names[] = {"星期一", "星期二", "星期三", "星期四",
                                        "星期五", "星期六", "星期日"};
    return names[date_weekday(date) - 1];
}

static void put_day(JsonWriter *json, Arena *arena, const char *name, const LegalDay *day)
{
    json_begin_object(json, name);
    json_put_text(json, "date", document_date_words(arena, day->day.date));
    json_put_text(json, "weekday", weekday_words(day->day.date));
    json_put_text(json, "note", day_words(arena, day));
    json_end_object(json);
}

/* In two columns, so that most papers keep to one page: the first half of the days, then the rest.
 */
static void put_days(JsonWriter *json, Arena *arena, const LegalClock *clock)
{
    size_t rows = (clock->day_count + 1) / 2;
    json_begin_array(json, "days");
    for (size_t i = 0; i < rows; i++) {
        json_begin_object(json, NULL);
        put_day(json, arena, "left", &clock->days[i]);
        if (rows + i < clock->day_count)
            put_day(json, arena, "right", &clock->days[rows + i]);
        json_end_object(json);
    }
    json_end_array(json);
}

/* The promised date with its derivation: why this day and no other. */
static bool acceptance_values(Work *work, JsonWriter *json, Error *err)
{
    LegalClock clock;
    ClockRow row = {.dossier = work->dossier.id};
    Arena *arena = work->arena;
    ClockInput input = {
        .limit = work->clock.limit, .started_at = work->clock.started_at, .now = tx_now(work->tx)};
    if (!clock_derive(work->app, tx_conn(work->tx), arena, &input, &clock, &row, err))
        return false;
    const char *unit = work->dossier.limit_unit;
    json_put_text(json, "accepted_at_words", moment_words(work, work->dossier.accepted_at));
    json_put_text(json, "due_on_words", document_date_words(arena, row.due_on));
    json_put_text(json, "due_weekday", weekday_words(row.due_on));
    json_put_text(json, "promised_words",
                  zh(arena, arena_printf(arena, "paper.limit.%s", unit), "n",
                     number_text(arena, work->dossier.promised_limit)));
    json_put_text(json, "statutory_words",
                  zh(arena, arena_printf(arena, "paper.limit.%s", unit), "n",
                     number_text(arena, work->dossier.statutory_limit)));
    json_put_text(json, "rule_words",
                  zh(arena, arena_printf(arena, "clock.limit.%s", unit), "n",
                     number_text(arena, clock.total)));
    json_put_bool(json, "is_provisional", clock.is_provisional);
    json_put_bool(json, "is_silent", work->is_silent);
    put_days(json, arena, &clock);
    return true;
}

/* ---- refusals -------------------------------------------------------------------------------- */

/* 《A》第三条、《B》: an article is named only where somebody has read it (decisions.md 27). */
static const char *basis_words(Work *work)
{
    Buffer text = buffer_init(work->arena, 0);
    list_each (ItemBasis, basis, &work->item->basis) {
        const char *article = basis->is_checked && basis->article.zh ? basis->article.zh : "";
        buffer_printf(&text, "%s《%s》%s", text.length ? "、" : "", basis->title.zh, article);
    }
    return text.length ? buffer_text(&text) : message_raw(LANGUAGE_ZH, "paper.law");
}

static bool refusal_values(Work *work, JsonWriter *json, Error *err)
{
    (void)err;
    json_put_text(json, "reason", work->dossier.decision_reason);
    json_put_text(json, "filed_at_words", moment_words(work, work->dossier.filed_at));
    json_put_text(json, "basis_words", basis_words(work));
    return true;
}

/* ---- notices and fees ------------------------------------------------------------------------ */

void paper_order_notice(Work *work, const Notice *notice)
{
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    int index = 0;
    json_begin_object(&json, NULL);
    json_put_int(&json, "ordinal", notice->ordinal);
    if (notice->reason)
        json_put_text(&json, "reason", notice->reason);
    json_begin_array(&json, "lines");
    list_each (NoticeLine, line, &notice->lines) {
        json_begin_object(&json, NULL);
        json_put_int(&json, "index", ++index);
        json_put_text(&json, "name", line->name.zh);
        json_put_text(&json, "missing", line->missing);
        json_put_text(&json, "mend", line->mend);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    paper_order(work, "one_time_notice", buffer_text(&text));
}

/* ¥1234.00. */
static const char *amount_text(Arena *arena, Fen amount)
{
    return arena_printf(arena, "¥%lld.%02lld", (long long)(amount / 100),
                        (long long)(amount % 100));
}

void paper_order_payment(Work *work, const Fee *fee)
{
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "amount", amount_text(work->arena, fee->amount));
    json_put_text(&json, "amount_words", document_amount_words(work->arena, fee->amount));
    json_put_text(&json, "basis", fee->basis);
    if (fee->reduction) {
        json_put_text(&json, "standard", amount_text(work->arena, fee->standard));
        json_put_text(&json, "reduction", amount_text(work->arena, fee->reduction));
        json_put_text(&json, "reduction_ground", fee->reduction_ground);
        json_put_text(&json, "reduction_basis", fee->reduction_basis);
    }
    json_end_object(&json);
    paper_order(work, "payment_slip", buffer_text(&text));
}

void paper_order_extension(Work *work, const Extension *extension)
{
    Arena *arena = work->arena;
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    const char *unit = arena_printf(arena, "paper.limit.%s", work->dossier.limit_unit);
    json_begin_object(&json, NULL);
    json_put_text(&json, "reason", extension->reason);
    json_put_text(&json, "basis", extension->basis.zh);
    json_put_text(&json, "amount_words",
                  zh(arena, unit, "n", number_text(arena, extension->amount)));
    json_put_text(&json, "due_before_words", document_date_words(arena, extension->due_before));
    json_put_text(&json, "due_on_words", document_date_words(arena, extension->due_after));
    json_put_text(&json, "due_weekday", weekday_words(extension->due_after));
    json_put_bool(&json, "is_provisional", !date_is_none(work->clock.provisional_from));
    json_end_object(&json);
    paper_order(work, "extension", buffer_text(&text));
}

/* ---- issuing --------------------------------------------------------------------------------- */

typedef struct PaperValues {
    const char *kind;
    bool (*put)(Work *work, JsonWriter *json, Error *err);
} PaperValues;

static const PaperValues known[] = {
    {"receipt", receipt_values},
    {"acceptance", acceptance_values},
    {"non_acceptance", refusal_values},
    {"denial", refusal_values},
};

static const char *values_of(Work *work, const char *kind, Error *err)
{
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (text_equal(known[i].kind, kind) && !known[i].put(work, &json, err))
            return NULL;
    json_end_object(&json);
    return buffer_text(&text);
}

static void put_step(Work *work, const Document *document)
{
    steps_put(&work->steps, "document");
    json_put_text(&work->steps.json, "kind", document->kind);
    json_put_text(&work->steps.json, "number", document->number);
    steps_end(&work->steps);
}

static bool issue(Work *work, const PaperOrder *order, Error *err)
{
    Document issued;
    DocumentOrder what = {.kind = order->kind,
                          .dossier = work->dossier.id,
                          .dossier_number = work->dossier.number,
                          .item_name = work->dossier.item_name.zh,
                          .applicant_name = work->dossier.applicant_name,
                          .unit = work->dossier.unit,
                          .values =
                              order->values ? order->values : values_of(work, order->kind, err)};
    if (!what.values || !document_issue(work->tx, work->app, &what, &issued, err))
        return false;
    if (issued.id)
        put_step(work, &issued);
    return true;
}

/* What is done at once is not accepted on paper first, and received on paper only at a window:
 * there the receipt is all by which somebody without an account can follow and rate. */
static bool is_wanted(const Work *work, const char *kind)
{
    if (!text_equal(work->dossier.kind, "on_the_spot"))
        return true;
    if (text_equal(kind, "receipt"))
        return !text_equal(work->filing->channel, "online");
    return !text_equal(kind, "acceptance");
}

bool papers_save(Work *work, Error *err)
{
    list_each (PaperOrder, order, &work->papers)
        if (is_wanted(work, order->kind) && !issue(work, order, err))
            return false;
    return true;
}
