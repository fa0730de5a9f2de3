/*
 * dossier_certificate.c - the certificates of a dossier: which ones a process asks for, their
 * numbers and contents.
 *
 *     service certificate.issue -> Work.wanted -> (last write of the command) number, content, row
 */
#include "apps/dossier/dossier_internal.h"

#include <string.h>

#include "apps/document/document.h"
#include "apps/org/org.h"

/* ---- asking for them ------------------------------------------------------------------------- */

static bool is_wanted(const Work *work, const ItemCertificate *certificate)
{
    list_each (const ItemCertificate *, wanted, &work->wanted_certificates)
        if (*wanted == certificate)
            return true;
    return false;
}

/* A header names one of the item's list; without it all are meant. */
bool certificate_want(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    (void)out_output;
    const char *code = pair_of(effect->element->headers, "certificate");
    size_t wanted = 0;
    if (!text_equal(work->dossier.state, "approved"))
        return error_set(err, ERROR_CONFLICT, .code = "certificate.not_approved");
    list_each (ItemCertificate, certificate, &work->item->certificates) {
        const ItemCertificate *one = certificate;
        if (code && !text_equal(certificate->code, code))
            continue;
        wanted++;
        if (!is_wanted(work, one))
            list_add(work->arena, &work->wanted_certificates, one);
    }
    return wanted || error_set(err, ERROR_CONFLICT, .code = "certificate.no_template");
}

/* ---- making them ----------------------------------------------------------------------------- */

/* 2026年11月22日, as certificates are dated. */
static const char *date_in_words(Arena *arena, Date date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    return arena_printf(arena, "%d年%d月%d日", year, month, day);
}

/* NULL without an error: the dossier's own unit. */
static const char *issuer_code(Work *work, const ItemCertificate *wanted, Error *err)
{
    if (!wanted->unit_of)
        return wanted->unit_code;
    const char *text = store_answers(work->app, work->arena, &work->dossier, err);
    Json *answers = text ? json_parse(work->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    if (!answers)
        return NULL;
    return catalogue_issuer(work->arena, wanted, feel_from_json(work->arena, answers),
                            work_scope(work, feel_null()).workdays);
}

static const Unit *issuer_of(Work *work, const ItemCertificate *wanted, Error *err)
{
    App *app = work->app;
    DbConn *conn = tx_conn(work->tx);
    const char *code = issuer_code(work, wanted, err);
    if (error_is_set(err))
        return NULL;
    if (!code)
        return org_unit(app->org, conn, app->tenant, work->dossier.unit, err);
    const Unit *unit = org_unit_by_code(app->org, conn, app->tenant, code, err);
    if (!unit && !error_is_set(err))
        error_set(err, ERROR_UNAVAILABLE, .code = "dossier.no_unit", .with = {{"unit", code}});
    return unit;
}

/* The values that the template prints: the answers and what the register knows. */
static const char *content_of(Work *work, const Unit *issuer, const char *number, Error *err)
{
    App *app = work->app;
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    Date today = instant_date(tx_now(work->tx), app->zone_minutes);
    const char *answers = store_answers(app, work->arena, &work->dossier, err);
    if (!answers)
        return NULL;
    json_begin_object(&json, NULL);
    json_put_text(&json, "number", number);
    json_put_text(&json, "dossier_number", work->dossier.number);
    json_put_text(&json, "applicant_name", work->dossier.applicant_name);
    json_put_text(&json, "issuer", issuer->name);
    json_put_text(&json, "issued_on", date_text(work->arena, today));
    json_put_text(&json, "issued_on_words", date_in_words(work->arena, today));
    json_put_raw(&json, "answers", answers);
    json_end_object(&json);
    return buffer_text(&text);
}

static void put_step(Work *work, const Certificate *certificate)
{
    steps_put(&work->steps, "certificate");
    json_put_text(&work->steps.json, "number", certificate->number);
    json_put_text(&work->steps.json, "part", certificate->part);
    json_put_id(&work->steps.json, "unit", certificate->unit);
    steps_end(&work->steps);
}

static bool save_one(Work *work, const ItemCertificate *wanted, Error *err)
{
    Date today = instant_date(tx_now(work->tx), work->app->zone_minutes);
    int year, month, day;
    int64_t drawn;
    const Unit *issuer = issuer_of(work, wanted, err);
    Certificate certificate = {.id = tx_new_id(work->tx),
                               .dossier = work->dossier.id,
                               .part = wanted->code,
                               .unit = issuer ? issuer->id : 0,
                               .code = document_code_new(work->arena),
                               .title = wanted->title,
                               .issued_at = tx_now(work->tx)};
    date_split(today, &year, &month, &day);
    if (!issuer ||
        !catalogue_in_force(work->app, tx_conn(work->tx), "template", wanted->template, today,
                            &certificate.template, err) ||
        !store_draw_number(work->tx, work->app, wanted->series, year, &drawn, err))
        return false;
    certificate.number =
        arena_printf(work->arena, "%s%04d%06lld", wanted->series, year, (long long)drawn);
    certificate.content = content_of(work, issuer, certificate.number, err);
    if (!certificate.content)
        return false;
    put_step(work, &certificate);
    return store_add_certificate(work->tx, work->app, &certificate, err);
}

/* Several branches may each issue what they decided; a single certificate asks nothing. */
static bool is_issued(Work *work, const ItemCertificate *wanted, bool *out, Error *err)
{
    Certificate earlier;
    *out = false;
    return work->is_new || work->item->certificates.count < 2 ||
           store_certificate(tx_conn(work->tx), work->app, work->arena, work->dossier.id,
                             wanted->code, &earlier, out, err);
}

bool certificate_save(Work *work, Error *err)
{
    list_each (const ItemCertificate *, wanted, &work->wanted_certificates) {
        bool is_there;
        if (!is_issued(work, *wanted, &is_there, err) ||
            (!is_there && !save_one(work, *wanted, err)))
            return false;
    }
    return !work->wanted_certificates.count || delivery_begin(work, err);
}
