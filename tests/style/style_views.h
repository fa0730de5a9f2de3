#ifndef STYLE_VIEWS_H
#define STYLE_VIEWS_H

/*
 * Sample pages that show every shared piece once, to be looked at and tested without a server.
 */
#include "web/view.h"

typedef struct SampleItem {
    const char *code;
    const char *name;
    const char *text;
    const char *icon;
} SampleItem;

/* view: home.html  The first page. */
typedef struct SampleHome {
    VIEW_LIST(SampleItem) events;
    VIEW_LIST(SampleItem) items;
} SampleHome;

/* view: guide.html  One item, with the facts at a glance and its materials. */
typedef struct SampleGuide {
    const char *name;
    Fen fee;
    int64_t days;
    VIEW_LIST(SampleItem) materials;
    SafeHtml law;
} SampleGuide;

/* view: form.html  Every type of field, with and without errors. */
typedef struct SampleForm {
    VIEW_LIST(FormField) fields;
    VIEW_LIST(FieldError) errors;
} SampleForm;

/* view: track.html  An application on its way. */
typedef struct SampleTrack {
    const char *number;
    Masked phone;
    Instant filed_at;
    Date due_on;
    VIEW_LIST(Step) steps;
    EmptyState empty;
} SampleTrack;

typedef struct SampleRow {
    const char *number;
    const char *item;
    const char *applicant;
    const char *step;
    Instant filed_at;
    Lamp lamp;
} SampleRow;

/* view: desk.html  An officer's inbox. */
typedef struct SampleDesk {
    VIEW_LIST(SampleRow) rows;
    Pager pager;
} SampleDesk;

typedef struct SampleFigure {
    const char *name;
    const char *unit;
    int64_t value;
    double share; /* 0..1; shown instead of value when there is no value */
    Instant at;
} SampleFigure;

/* view: board.html  The leader's board. */
typedef struct SampleBoard {
    VIEW_LIST(SampleFigure) figures;
    VIEW_LIST(SampleFigure) ranking;
} SampleBoard;

/* view: filed.html  An application was filed. */
typedef struct SampleFiled {
    const char *number;
    Date due_on;
} SampleFiled;

#endif
