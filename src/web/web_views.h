#ifndef WEB_WEB_VIEWS_H
#define WEB_WEB_VIEWS_H

/*
 * The pages that the web layer itself shows.
 */
#include "web/view.h"

/* view: error.html  What went wrong and what to do now. */
typedef struct ErrorView {
    int64_t status;
    const char *code;             /* stable name */
    const char *title;            /* ready text */
    const char *text;             /* ready text: what it means, what to do */
    const char *reference;        /* to tell the staff, after an internal error; or NULL */
    const char *login_path;       /* where to log in, when that helps; or NULL */
    VIEW_LIST(FieldError) errors; /* the fields at fault */
} ErrorView;

#endif
