#ifndef DOSSIER_DELIVERY_VIEWS_H
#define DOSSIER_DELIVERY_VIEWS_H

#include "web/view.h"

/* A certificate that a unit has to serve, or has posted. */
typedef struct DeliveryLineView {
    Id dossier;
    const char *number;
    const char *item;
    const char *applicant;
    const char *way; /* window post */
    Date due_on;
    Lamp lamp;
    const char *carrier;
    const char *tracking;
    Date posted_on;
    int64_t returns;
} DeliveryLineView;

/* view: deliveries.html  Certificates that a unit has to hand over or post, by date. */
typedef struct DeliveriesView {
    const char *unit;
    const char *state; /* due posted */
    bool can_print;    /* private */
    VIEW_LIST(DeliveryLineView) deliveries;
    Pager pager;
    EmptyState empty;
} DeliveriesView;

#endif
