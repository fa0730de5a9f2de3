/* dossier_certificate_page.c - handing a certificate over. */
#include "apps/dossier/dossier_paper_pages.h"

bool serve_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    Certificate certificate;
    if (!pages_certificate(req, tx_conn(tx), &dossier, &certificate, err))
        return false;
    const char *back = arena_printf(req->arena, "/dossiers/%s/certificate", dossier.number);
    if (input_text(req, "part"))
        back = arena_printf(req->arena, "%s?part=%s", back, certificate.part);
    return dossier_serve(tx, request_app(req), &req->user, &dossier, certificate.id, err) &&
           request_done(req, 200, back, NULL, NULL, "certificate.served.flash");
}
