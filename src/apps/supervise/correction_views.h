#ifndef SUPERVISE_CORRECTION_VIEWS_H
#define SUPERVISE_CORRECTION_VIEWS_H

#include "web/view.h"

typedef struct CorrectionLineView {
    Id id;
    const char *number;
    const char *unit;
    const char *ground;
    const char *state;
    Instant sent_at;
    Instant reply_due_at;
    Lamp lamp; /* of the reply */
} CorrectionLineView;

typedef struct WarningLineView {
    const char *number;
    const char *item;
    const char *kind;    /* early overdue silence */
    const char *unit;    /* whose step it was */
    const char *officer; /* who has the step, or NULL */
    Instant due_at;
    Instant raised_at;
} WarningLineView;

/* view: corrections.html  Correction notices: of all units for supervisors, else of one's own. */
typedef struct CorrectionsView {
    const char *show; /* sent replied closed taken_back */
    bool is_own;      /* of one's own unit */
    VIEW_LIST(CorrectionLineView) corrections;
    VIEW_LIST(WarningLineView) warnings; /* of one's own unit; for supervisors silence of all */
    Pager pager;
    EmptyState empty; /* private */
} CorrectionsView;

typedef struct CorrectionActView {
    const char *kind; /* sent replied returned closed taken_back */
    const char *officer;
    Instant at;
    const char *text;
} CorrectionActView;

/* view: correction.html  One notice with all that was said about it. */
typedef struct CorrectionView {
    Id id;
    const char *number;
    const char *unit;
    const char *ground;
    const char *state;
    Instant sent_at;
    Instant reply_due_at;
    VIEW_LIST(CorrectionActView) acts;
    bool can_reply;               /* private */
    bool can_check;               /* private */
    bool can_take_back;           /* private */
    VIEW_LIST(FieldError) errors; /* private */
    FormField text;               /* private */
    FormField verdict;            /* private */
} CorrectionView;

/* view: correction_new.html  The form of a new notice. */
typedef struct CorrectionNewView {
    const char *number;
    VIEW_LIST(FieldError) errors;
    FormField ground;
    FormField text;
} CorrectionNewView;

/* view:   What sending a notice gives to a program. */
typedef struct CorrectionSentView {
    Id id;
    Instant reply_due_at;
} CorrectionSentView;

#endif
