#ifndef ADMIN_ADMIN_VIEWS_H
#define ADMIN_ADMIN_VIEWS_H

#include "web/view.h"

typedef struct IncidentLineView {
    Id id;
    const char *number;
    const char *item;
    const char *element;
    const char *code;
    const char *message;
    Instant raised_at;
} IncidentLineView;

/* view: admin.html  The system's state and what an administrator has to mend. */
typedef struct AdminView {
    Instant at;
    const char *version;
    const char *database; /* SQLite PostgreSQL */
    int64_t commands;     /* since the start of this process */
    int64_t commits;
    int64_t rows;
    int64_t rollbacks;
    int64_t retries;
    int64_t waiting;
    VIEW_LIST(IncidentLineView) incidents;
    Pager pager;
    EmptyState empty; /* private */
} AdminView;

/* view: incident.html  One open incident, and the form that mends it. */
typedef struct MendView {
    Id id;
    const char *number;
    const char *item;
    const char *element;
    const char *code;
    const char *message;
    Instant raised_at;
    VIEW_LIST(FieldError) errors;
    FormField variables; /* private */
} MendView;

#endif
