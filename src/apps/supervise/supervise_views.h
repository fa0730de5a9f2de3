#ifndef SUPERVISE_SUPERVISE_VIEWS_H
#define SUPERVISE_SUPERVISE_VIEWS_H

#include "web/view.h"

typedef struct SuperviseLineView {
    Lamp lamp;
    const char *number;
    const char *item;
    const char *kind; /* on_the_spot promised joint */
    const char *unit; /* the responsible one */
    const char *state;
    const char *stage;
    const char *step;      /* what happens now, or NULL */
    const char *step_unit; /* who does it, when it is another unit; or NULL */
    const char *officer;   /* who has it, or NULL */
    Instant since;
    Instant filed_at;
    Instant due_at;
    Instant completed_at;
    bool is_provisional;
    bool has_incident;
    const char *stop_ground; /* why its clock stands, or NULL; then due_at is none */
    const char *stop_ground_name;
    const char *waits_for; /* "supplement": the applicant is to act; or NULL */
} SuperviseLineView;

typedef struct SuperviseStageView {
    const char *stage;
    int64_t open;
    bool is_shown;
} SuperviseStageView;

/* view: supervise.html  Every open dossier with its step, its clock and who has it. */
typedef struct SuperviseView {
    const char *show;  /* open near over incident completed */
    const char *stage; /* intake review fee decision service, or "" for all */
    VIEW_LIST(SuperviseStageView) stages;
    Instant at;
    int64_t open;
    int64_t near;
    int64_t over;
    int64_t incident;
    int64_t completed; /* today */
    int64_t warnings;  /* cases that were warned of and still run */
    int64_t sent;      /* correction notices that wait for a reply */
    int64_t replied;   /* replies that wait to be checked */
    VIEW_LIST(SuperviseLineView) dossiers;
    const char *own_query; /* private */  /* of this page, for its renewal */
    const char *list_query; /* private */ /* what is shown, from its beginning */
    Pager pager;
    EmptyState empty; /* private */
} SuperviseView;

#endif
