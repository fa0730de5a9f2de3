#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

/*
 * Document: the papers that an office hands out about a dossier: receipt, acceptance,
 * non-acceptance, one-time notice, denial, payment slip, and whatever else a pack defines.
 *
 * A kind of paper is a definition of kind "paper" (packs/<system>/papers/KIND.json: title,
 * template, number); its text is a template of the pack. Issuing draws a number of that kind and
 * year and a code, and keeps the values that are printed together with the version of the template:
 * what was handed out never changes. docs/packs.md describes both files.
 */
#include "apps/catalogue/catalogue.h"
#include "service/app.h"
#include "service/print.h"

typedef struct DocumentOrder {
    const char
        *kind; /* receipt acceptance non_acceptance one_time_notice denial payment_slip ... */
    Id dossier;
    const char *dossier_number;
    const char *item_name; /* Chinese: papers are Chinese documents */
    const char *applicant_name;
    Id unit; /* who issues it */
    const char
        *values; /* JSON object: what the template prints beside the values below; NULL none */
} DocumentOrder;

typedef struct Document {
    Id id; /* 0: not issued, see document_issue */
    Id dossier;
    const char *kind;
    const char *number;
    const char *code; /* as stored: 20 letters and digits */
    Both title;
    Id unit;
    Id template;
    const char *content; /* JSON object, opened: the values printed */
    Instant issued_at;
} Document;
typedef LIST(Document) Documents;

/* Issues a paper; out lives in the transaction's arena. A pack that defines no paper of the kind
 * wants none: then out->id is 0 and nothing is written. The number is drawn here, so issue as the
 * last write of a command (docs/adr/0005). Every template sees, beside order->values:
 *     number code code_words verify_url county issuer issued_on (2026-11-22) issued_on_words
 *     dossier_number item_name applicant_name
 * Errors: catalogue.unknown (its template is not there), document.no_unit. */
MUST_CHECK bool document_issue(Tx *tx, App *app, const DocumentOrder *order, Document *out,
                               Error *err);

/* The papers of a dossier, oldest first. */
MUST_CHECK bool document_list(DbConn *conn, App *app, Arena *arena, Id dossier, Documents *out,
                              Error *err);

/* One paper of a dossier: document.unknown (ERROR_NOT_FOUND), also when it is another's. */
MUST_CHECK bool document_find(DbConn *conn, App *app, Arena *arena, Id dossier, Id id,
                              Document *out, Error *err);

/* The paper that carries a code (as document_code_read gives it); false in out_found when none. */
MUST_CHECK bool document_of_verify_code(DbConn *conn, App *app, Arena *arena, const char *code,
                                        Document *out, bool *out_found, Error *err);

/* ---- sheets ---------------------------------------------------------------------------------- */

/* What is printed: a template's version, the values that were kept, and the code. */
typedef struct DocumentSheet {
    Id template;
    const char *content; /* JSON object */
    const char *code;
} DocumentSheet;

/* Fills and parses a sheet (service/print.h): the same tree for the page and the PDF. Values that
 * an old content lacks (code, code_words, verify_url) are added; a template without any QR code
 * gets one. Errors of the template name line and column of the filled text. */
MUST_CHECK const PrintPaper *document_set(DbConn *conn, App *app, Arena *arena,
                                          const DocumentSheet *sheet, Error *err);

/* ---- codes ----------------------------------------------------------------------------------- */

enum { DOCUMENT_CODE_LENGTH = 20, DOCUMENT_CODE_OLD_LENGTH = 32 };

/* A new code: 100 random bits as 20 digits and capital letters without I, L, O and U. */
const char *document_code_new(Arena *arena);

/* In groups of five, as people read it. */
const char *document_code_words(Arena *arena, const char *code);

/* What was typed back to a code: blanks and dashes go, o is 0, i and l are 1. NULL when it cannot
 * be one. */
const char *document_code_read(Arena *arena, const char *typed);

/* The address that the QR of a paper shows. */
const char *document_verify_url(const App *app, Arena *arena, const char *code);

/* A name of which the first and the last character stay: 林*满, 青**馆. */
const char *document_masked_name(Arena *arena, const char *name);

/* An amount from 0 to below 10^15 fen as cheques and slips write it: 人民币壹仟贰佰叁拾肆元伍角整.
 */
const char *document_amount_words(Arena *arena, Fen amount);

/* 2026年11月22日, as papers are dated. */
const char *document_date_words(Arena *arena, Date date);

#endif
