#ifndef COVER_COVER_VIEWS_H
#define COVER_COVER_VIEWS_H

#include "web/view.h"

typedef struct GapView {
    Date from;
    Date to;
    bool is_one_day;
} GapView;

typedef struct PostView {
    Id id;
    const char *code;
    const char *unit;
    const char *name;
    const char *a; /* NULL: nobody */
    const char *b;
    bool is_a_away;
    bool is_b_away;
    VIEW_LIST(GapView) gaps;
    bool is_open;       /* private */
    FormField holder_a; /* private */
    FormField holder_b; /* private */
} PostView;

typedef struct AbsenceView {
    Id id;
    const char *officer;
    const char *unit;
    Date from;
    Date to;
    const char *reason;
    bool is_now;
    bool can_end;
} AbsenceView;

/* An officer whom the head may choose. */
typedef struct StaffView {
    Id id;
    const char *login;
    const char *name;
} StaffView;

/* view: cover.html  Posts with their holders, who is away, and when nobody holds a post. */
typedef struct CoverView {
    const char *unit; /* NULL: of all, only posts that nobody holds some day */
    bool is_head;
    bool can_note;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(PostView) posts;
    VIEW_LIST(AbsenceView) absences;
    VIEW_LIST(StaffView) staff; /* of the unit, for its head */
    FormField officer;          /* private */
    FormField away_from;        /* private */
    FormField away_to;          /* private */
    FormField reason;           /* private */
    EmptyState empty;
} CoverView;

#endif
