#ifndef DOSSIER_REGISTER_VIEWS_H
#define DOSSIER_REGISTER_VIEWS_H

#include "web/view.h"

typedef struct RegisteredView {
    Id id;
    Instant at;
    const char *number;
    const char *item;
    const char *applicant;
    const char *officer;
    const char *state;
    const char *waits_for; /* "supplement", or NULL */
    Lamp lamp;
} RegisteredView;

/* view: register.html  What a window or village point took in on behalf, newest first. */
typedef struct IntakeRegisterView {
    const char *unit;
    bool is_village; /* where people are helped without charge */
    VIEW_LIST(RegisteredView) dossiers;
    Pager pager;
    EmptyState empty;
} IntakeRegisterView;

#endif
