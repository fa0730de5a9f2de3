#ifndef DOSSIER_DOSSIER_PAPER_PAGES_H
#define DOSSIER_DOSSIER_PAPER_PAGES_H

/* Pages about papers: sheets, PDFs, verifying, rating by token. */
#include "apps/dossier/dossier_pages.h"
#include "apps/dossier/dossier_paper_views_gen.h"

/* Fills the list of papers on the page of a dossier. */
MUST_CHECK bool pages_papers(Request *req, const Dossier *dossier, DossierView *view, Error *err);

/* The certificate of the path, of a dossier that the user may see: certificate.none. */
MUST_CHECK bool pages_certificate(Request *req, DbConn *conn, Dossier *dossier, Certificate *out,
                                  Error *err);

/* Handlers, for the route table. */
bool paper_page(Request *req, Error *err);
bool certificate_pdf(Request *req, Error *err);
bool verify_page(Request *req, Error *err);
bool verify_post(Request *req, Error *err);
bool verify_code_page(Request *req, Error *err);
bool rate_page(Request *req, Error *err);
bool rate_token_act(Tx *tx, Request *req, Error *err);

/* What verifying and rating take. */
extern const InputField paper_verify_input[], paper_rate_input[];

#endif
