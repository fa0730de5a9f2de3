#ifndef ADMIN_ADMIN_VIEWS_H
#define ADMIN_ADMIN_VIEWS_H

#include "web/view.h"

/* ---- /admin ---------------------------------------------------------------------------------- */

typedef struct IncidentLineView {
    Id id;
    const char *number;
    const char *item;
    const char *element;
    const char *code;
    const char *message;
    Instant raised_at;
} IncidentLineView;

/* What the program and its database do. */
typedef struct SystemView {
    const char *version;
    const char *database; /* SQLite PostgreSQL */
    int64_t sealed;       /* journal entries */
    int64_t unsealed;
    int64_t commands; /* since the start of this process */
    int64_t commits;
    int64_t rows;
    int64_t rollbacks;
    int64_t retries;
    int64_t waiting;
} SystemView;

/* view: admin.html  The system's state and what an administrator has to mend. */
typedef struct AdminView {
    Instant at;
    SystemView system;
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

/* ---- /admin/calendar ------------------------------------------------------------------------- */

typedef struct CalendarLayerView {
    const char *code;
    int64_t version;
    Date effective_from;
    const char *hash;
} CalendarLayerView;

/* view: calendar.html  The calendars in force, and the form that loads another. */
typedef struct CalendarView {
    int64_t announced_to; /* the last year whose holidays are known, 0 none */
    VIEW_LIST(CalendarLayerView) layers;
    bool is_pending; /* deadlines are being derived again */
    Instant applied_at;
    int64_t changed;
    VIEW_LIST(FieldError) errors;
    FormField code; /* private */
    FormField csv;  /* private */
    FormField file; /* private */
} CalendarView;

/* view:  A calendar that was loaded. */
typedef struct CalendarLoadedView {
    const char *code;
    int64_t days; /* rules of the table */
} CalendarLoadedView;

/* ---- /admin/definitions, /admin/people ------------------------------------------------------- */

typedef struct DefinitionLineView {
    const char *kind;
    const char *code;
    int64_t version;
    Date effective_from;
    const char *hash;
} DefinitionLineView;

/* view: definitions.html  The newest version of every definition. */
typedef struct DefinitionsView {
    VIEW_LIST(DefinitionLineView) definitions;
} DefinitionsView;

typedef struct UnitLineView {
    const char *code;
    const char *kind; /* centre department section township village */
    const char *name;
    const char *parent; /* its name, or NULL */
    const char *division;
} UnitLineView;

typedef struct OfficerLineView {
    const char *login;
    const char *name;
    const char *unit;
    const char *roles; /* as people call them */
    const char *state; /* active locked left */
} OfficerLineView;

/* view: people.html  Units, and officers with their roles. */
typedef struct PeopleView {
    VIEW_LIST(UnitLineView) units;
    VIEW_LIST(OfficerLineView) officers;
    Pager pager;
} PeopleView;

#endif
