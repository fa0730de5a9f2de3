/* dossier_certificate_page.c - a certificate as a sheet of paper, and its handing over. */
#include <string.h>

#include "apps/dossier/dossier_pages.h"

/* The certificate that was asked for: by its part, or the first. */
static bool find(Request *req, DbConn *conn, Dossier *dossier, Certificate *out, Error *err)
{
    bool is_found;
    if (!pages_dossier(req, conn, dossier, err) ||
        !store_certificate(conn, request_app(req), req->arena, dossier->id, input_text(req, "part"),
                           out, &is_found, err))
        return false;
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "certificate.none");
}

bool serve_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    Certificate certificate;
    if (!find(req, tx_conn(tx), &dossier, &certificate, err))
        return false;
    const char *back = arena_printf(req->arena, "/dossiers/%s/certificate", dossier.number);
    if (input_text(req, "part"))
        back = arena_printf(req->arena, "%s?part=%s", back, certificate.part);
    return dossier_serve(tx, request_app(req), &req->user, &dossier, certificate.id, err) &&
           request_done(req, 200, back, NULL, NULL, "certificate.served.flash");
}

static bool render(Request *req, const Certificate *certificate, const char **out_html, Error *err)
{
    App *app = request_app(req);
    Buffer html = buffer_init(req->arena, 256 * 1024);
    const Template *template = catalogue_template(app, req->conn, certificate->template, err);
    const Json *values = template ? json_parse(req->arena, certificate->content,
                                               strlen(certificate->content), &JSON_LIMITS, err)
                                  : NULL;
    if (!values || !template_render(template, values, &html, NULL, err))
        return false;
    *out_html = buffer_text(&html);
    return true;
}

bool certificate_page(Request *req, Error *err)
{
    CertificateView *view = arena_new(req->arena, CertificateView);
    Dossier dossier;
    Certificate certificate;
    if (!find(req, req->conn, &dossier, &certificate, err))
        return false;
    *view = (CertificateView){.number = certificate.number,
                              .title = both_in(certificate.title, req->language),
                              .dossier = dossier.number,
                              .issued_at = certificate.issued_at};
    return render(req, &certificate, &view->content.html, err) &&
           request_show(req, &CertificateView_type, view);
}
