#ifndef WORKBENCH_WORKBENCH_TRIAL_H
#define WORKBENCH_WORKBENCH_TRIAL_H

/* What the two halves of a trial share: workbench_trial.c asks and evaluates,
 * workbench_trial_show.c shows. */
#include "apps/workbench/workbench_internal.h"
#include "dmn/dmn_ask.h"

typedef struct Trial {
    TrialView *view;
    const DmnModel *model;
    const DmnDecision *decision; /* NULL: the file has none */
    DmnAsks asks;
    const Json *english; /* the overlay, on English pages; else NULL */
    DmnResult result;    /* where view->is_run */
} Trial;

/* The English of an element of the file on English pages; else the fallback. */
const char *trial_overlaid(const Trial *trial, const char *element, const char *fallback);

/* The answer where it ran, and the tables of the file with the rules that fired, or the one that
 * the address names, marked. */
void trial_show(Request *req, Trial *trial);

#endif
