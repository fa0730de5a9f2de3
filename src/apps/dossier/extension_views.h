#ifndef DOSSIER_EXTENSION_VIEWS_H
#define DOSSIER_EXTENSION_VIEWS_H

#include "web/view.h"

/* An extension that waits for the head of the unit. */
typedef struct AskedExtensionView {
    Id id;
    const char *number;
    const char *item;
    const char *applicant;
    const char *officer;
    const char *reason;
    int64_t amount;
    const char *unit; /* of the limit */
    const char *basis;
    Instant asked_at;
    Date due_on;
    Lamp lamp;
    FormField words; /* private */
} AskedExtensionView;

/* view: extensions.html  Extensions that wait for the head of the unit. */
typedef struct ExtensionsView {
    const char *unit;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(AskedExtensionView) extensions;
    Pager pager;
    EmptyState empty;
} ExtensionsView;

#endif
