/*
 * dossier_documents.c - papers and certificates of a dossier: listed on its page, shown as a sheet,
 * sent as PDF; visible to whom the dossier is.
 *
 *     row -> document_set (template, values) -> one tree -> page, or PDF on an offload thread
 */
#include <string.h>

#include "apps/document/document.h"
#include "apps/dossier/dossier_pages.h"
#include "apps/dossier/dossier_paper_pages.h"
#include "format/urlencoded.h"

/* A sheet and what is told of it. */
typedef struct Sheet {
    DocumentSheet sheet;
    const char *kind;
    const char *number;
    Both title;
    const char *pdf;
    Instant issued_at;
} Sheet;

static bool show(Request *req, const Dossier *dossier, const Sheet *sheet, Error *err)
{
    PaperView *view = arena_new(req->arena, PaperView);
    const PrintPaper *paper =
        document_set(req->conn, request_app(req), req->arena, &sheet->sheet, err);
    if (!paper)
        return false;
    Buffer html = buffer_init(req->arena, 0);
    print_html(paper, &html);
    *view = (PaperView){.kind = sheet->kind,
                        .number = sheet->number,
                        .title = both_in(sheet->title, req->language),
                        .dossier = dossier->number,
                        .code = sheet->sheet.code,
                        .pdf = sheet->pdf,
                        .issued_at = sheet->issued_at,
                        .content = {buffer_text(&html)}};
    return request_show(req, &PaperView_type, view);
}

/* The file is called as the paper: 受理通知书 青溪受〔2026〕第000123号.pdf. */
static const char *disposition(Request *req, const Sheet *sheet)
{
    Buffer value = buffer_init(req->arena, 0);
    buffer_add(&value, "inline; filename*=UTF-8''");
    urlencoded_add_part(&value,
                        arena_printf(req->arena, "%s %s.pdf", sheet->title.zh, sheet->number));
    return buffer_text(&value);
}

static bool send_pdf(Request *req, const Sheet *sheet, Error *err)
{
    App *app = request_app(req);
    PrintAbout about = {.title = arena_printf(req->arena, "%s %s", sheet->title.zh, sheet->number),
                        .language = "zh-CN",
                        .date = instant_date(sheet->issued_at, app->zone_minutes)};
    DbBytes pdf;
    const PrintPaper *paper = document_set(req->conn, app, req->arena, &sheet->sheet, err);
    if (!paper || !print_pdf(paper, req->arena, &about, &pdf, err))
        return false;
    request_set_header(req, "Content-Disposition", disposition(req, sheet));
    return request_send(req, 200, "application/pdf", pdf.data, pdf.size);
}

/* ---- papers ---------------------------------------------------------------------------------- */

/* "123" or "123.pdf". */
static bool read_name(Request *req, Id *out, bool *out_is_pdf)
{
    const char *name = input_text(req, "document");
    size_t length = strlen(name);
    *out_is_pdf = text_ends_with(name, ".pdf");
    return text_to_int64(arena_text_n(req->arena, name, length - (*out_is_pdf ? 4 : 0)), out) &&
           *out > 0;
}

bool paper_page(Request *req, Error *err)
{
    Dossier dossier;
    Document paper;
    Id id;
    bool is_pdf;
    if (!pages_dossier(req, req->conn, &dossier, err))
        return false;
    if (!read_name(req, &id, &is_pdf))
        return error_set(err, ERROR_NOT_FOUND, .code = "document.unknown");
    if (!document_find(req->conn, request_app(req), req->arena, dossier.id, id, &paper, err))
        return false;
    Sheet sheet = {
        .sheet = {.template = paper.template, .content = paper.content, .code = paper.code},
        .kind = paper.kind,
        .number = paper.number,
        .title = paper.title,
        .pdf = arena_printf(req->arena, "/dossiers/%s/documents/%lld.pdf", dossier.number,
                            (long long)id),
        .issued_at = paper.issued_at};
    return is_pdf ? send_pdf(req, &sheet, err) : show(req, &dossier, &sheet, err);
}

bool pages_papers(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    Documents papers = {0};
    if (!document_list(req->conn, request_app(req), req->arena, dossier->id, &papers, err))
        return false;
    view->papers.items = arena_array(req->arena, PaperLineView, papers.count);
    list_each (Document, paper, &papers)
        view->papers.items[view->papers.count++] =
            (PaperLineView){.id = paper->id,
                            .kind = paper->kind,
                            .number = paper->number,
                            .title = both_in(paper->title, req->language),
                            .issued_at = paper->issued_at};
    return true;
}

/* ---- certificates ---------------------------------------------------------------------------- */

/* The certificate that was asked for: by its part, or the first. */
bool pages_certificate(Request *req, DbConn *conn, Dossier *dossier, Certificate *out, Error *err)
{
    bool is_found;
    if (!pages_dossier(req, conn, dossier, err) ||
        !store_certificate(conn, request_app(req), req->arena, dossier->id, input_text(req, "part"),
                           out, &is_found, err))
        return false;
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "certificate.none");
}

static Sheet sheet_of(Request *req, const Dossier *dossier, const Certificate *certificate)
{
    return (Sheet){.sheet = {.template = certificate->template,
                             .content = certificate->content,
                             .code = certificate->code},
                   .kind = "certificate",
                   .number = certificate->number,
                   .title = certificate->title,
                   .pdf = arena_printf(req->arena, "/dossiers/%s/certificate.pdf?part=%s",
                                       dossier->number, certificate->part),
                   .issued_at = certificate->issued_at};
}

bool certificate_page(Request *req, Error *err)
{
    Dossier dossier;
    Certificate certificate;
    if (!pages_certificate(req, req->conn, &dossier, &certificate, err))
        return false;
    Sheet sheet = sheet_of(req, &dossier, &certificate);
    return show(req, &dossier, &sheet, err);
}

bool certificate_pdf(Request *req, Error *err)
{
    Dossier dossier;
    Certificate certificate;
    if (!pages_certificate(req, req->conn, &dossier, &certificate, err))
        return false;
    Sheet sheet = sheet_of(req, &dossier, &certificate);
    return send_pdf(req, &sheet, err);
}
