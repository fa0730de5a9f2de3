#ifndef COMPLAINT_COMPLAINT_VIEWS_H
#define COMPLAINT_COMPLAINT_VIEWS_H

#include "web/view.h"

/* view: complaint_new.html  The form of a complaint, for anybody or as an officer takes it down. */
typedef struct ComplaintNewView {
    bool is_officer;
    VIEW_LIST(FieldError) errors;
    FormField channel; /* private */
    FormField name;    /* private */
    FormField phone;   /* private */
    FormField number;  /* private */
    FormField unit;    /* private */
    FormField subject; /* private */
    FormField text;    /* private */
} ComplaintNewView;

/* view: complaint_received.html  The number of a complaint, to be kept. */
typedef struct ComplaintReceivedView {
    const char *number;
    Instant due_at; /* until when it is accepted or refused; only in the answer to filing */
} ComplaintReceivedView;

typedef struct ComplaintActView {
    const char *kind;
    const char *who; /* NULL: the complainant, or not told */
    Instant at;
    const char *words; /* NULL: none */
} ComplaintActView;

/* view: complaint_track.html  A complaint as its complainant follows it. */
typedef struct ComplaintTrackView {
    VIEW_LIST(FieldError) errors;
    FormField number; /* private */
    FormField phone;  /* private */
    bool is_found;
    const char *found_number;
    const char *given_phone; /* private */
    const char *unit;
    const char *subject;
    const char *state;
    Instant due_at; /* of what is owed next; none when nothing is */
    const char *finding;
    const char *grade;
    VIEW_LIST(ComplaintActView) acts;
    bool can_rate;
    FormField rating; /* private */
    FormField text;   /* private */
} ComplaintTrackView;

typedef struct ComplaintLineView {
    Id id;
    const char *number;
    const char *unit;
    const char *subject;
    const char *state;
    const char *channel;
    const char *grade;
    Instant registered_at;
    Lamp lamp; /* of what is owed next */
} ComplaintLineView;

/* view: complaints.html  Complaints: all for supervisors, accepted ones of one's own office. */
typedef struct ComplaintsView {
    bool is_own;
    bool can_register;
    const char *show; /* open ended */
    VIEW_LIST(ComplaintLineView) complaints;
    Pager pager;
    EmptyState empty; /* private */
} ComplaintsView;

/* What may be done about a complaint now, folded up. */
typedef struct ComplaintFormView {
    const char *verb;  /* the end of the path */
    const char *label; /* ready text */
    bool is_primary;
    bool is_open; /* it was refused */
    VIEW_LIST(FormField) fields;
} ComplaintFormView;

/* view: complaint.html  One complaint with all that was done about it. */
typedef struct ComplaintView {
    Id id;
    const char *number;
    const char *channel;
    const char *subject;
    const char *unit;
    const char *dossier; /* its number, or NULL */
    const char *state;
    bool is_open;
    Instant registered_at;
    Instant due_at;
    Lamp lamp;
    const char *finding;
    const char *grade;
    Id correction;
    const char *name; /* of the complainant; NULL for the office complained of */
    const char *phone;
    const char *words;
    VIEW_LIST(ComplaintActView) acts;
    VIEW_LIST(FieldError) errors;
    bool can_accept;                    /* private */
    VIEW_LIST(ComplaintFormView) forms; /* private */
} ComplaintView;

#endif
