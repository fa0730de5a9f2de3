#ifndef DOSSIER_DOSSIER_PAPER_VIEWS_H
#define DOSSIER_DOSSIER_PAPER_VIEWS_H

#include "web/view.h"

/* view: paper.html  A paper of a dossier, or a certificate, as a sheet. */
typedef struct PaperView {
    const char *kind; /* receipt acceptance ... certificate */
    const char *number;
    const char *title;
    const char *dossier; /* number */
    const char *code;
    const char *pdf; /* path */
    Instant issued_at;
    SafeHtml content;
} PaperView;

/* view: verify.html  Is this paper genuine? */
typedef struct VerifyView {
    VIEW_LIST(FieldError) errors;
    FormField code;
    bool is_asked;
    bool is_genuine;
    const char *kind;
    const char *title;
    const char *number;
    const char *issuer;
    Masked holder;
    Instant issued_at;
} VerifyView;

typedef struct RateGradeView {
    int64_t grade;
    const char *label;
    const char *icon;
    bool is_chosen; /* private */
} RateGradeView;

/* view: rate.html  Rating by the token of a receipt. */
typedef struct RateView {
    const char *token; /* private */
    const char *item;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(RateGradeView) grades;
    FormField comment;       /* private */
    const char *grade_error; /* private */
    bool is_open;            /* may be rated now */
    bool is_rated;
    bool is_officer; /* nobody rates for a citizen */
} RateView;

#endif
