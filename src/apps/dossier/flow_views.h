#ifndef DOSSIER_FLOW_VIEWS_H
#define DOSSIER_FLOW_VIEWS_H

#include "web/view.h"

/* One line of a name inside a shape. */
typedef struct FlowTextView {
    const char *text;
    int64_t x; /* middle of the line */
    int64_t y;
} FlowTextView;

typedef struct FlowShapeView {
    const char *element;
    const char *name;
    const char *kind;  /* task event end gateway scope */
    const char *state; /* done now; NULL: not reached, as far as tasks tell */
    int64_t x;
    int64_t y;
    int64_t width;
    int64_t height;
    int64_t middle_x;                  /* private */
    int64_t middle_y;                  /* private */
    const char *outline; /* private */ /* of a gateway: points */
    const char *mark; /* private */    /* of a gateway: + or × */
    VIEW_LIST(FlowTextView) lines;     /* private */
} FlowShapeView;

typedef struct FlowEdgeView {
    const char *name;        /* NULL when it has none */
    const char *points;      /* "x,y x,y ..." */
    int64_t x; /* private */ /* of the name */
    int64_t y;               /* private */
} FlowEdgeView;

/* view: flow.html  The process of a dossier as it was drawn, and where the dossier stands. */
typedef struct FlowView {
    const char *number;
    const char *item;
    bool is_drawn;
    int64_t x;
    int64_t y;
    int64_t width;
    int64_t height;
    VIEW_LIST(FlowShapeView) shapes;
    VIEW_LIST(FlowEdgeView) edges;
    VIEW_LIST(Text) now; /* names of the open steps, for who does not see the drawing */
} FlowView;

#endif
