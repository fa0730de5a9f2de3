#ifndef CATALOGUE_CATALOGUE_VIEWS_H
#define CATALOGUE_CATALOGUE_VIEWS_H

#include "web/view.h"

typedef struct TopicView {
    const char *code;
    const char *name; /* ready text */
} TopicView;

typedef struct ItemLineView {
    const char *code;
    const char *kind;
    const char *name; /* in the page's language */
    const char *summary;
    const char *unit; /* name of the responsible department */
} ItemLineView;

/* view: home.html  One search field, then life events. On a touch screen letters and departments
 * take the place of the field. */
typedef struct HomeView {
    VIEW_LIST(TopicView) topics;
    VIEW_LIST(ItemLineView) items;
    VIEW_LIST(TopicView) letters; /* private */
    VIEW_LIST(TopicView) units;   /* private */
} HomeView;

/* view: still_there.html  Asked on a touch screen that nobody has touched for a minute. */
typedef struct StillThereView {
    const char *next; /* the page that was shown */
} StillThereView;

/* view: items.html  Service items: all of them, of one life event, or found by words. */
typedef struct ItemsView {
    const char *query; /* what was searched for, or NULL */
    const char *topic; /* ready text, or NULL */
    const char *unit;  /* of which department, ready text, or NULL */
    VIEW_LIST(ItemLineView) items;
    Pager pager;
    EmptyState empty;
} ItemsView;

typedef struct GuideLineView {
    const char *text;
} GuideLineView;

typedef struct GuideMaterialView {
    const char *code;
    const char *name;
    const char *note;
    const char *original; /* original copy original_and_copy */
    int64_t copies;
    bool is_required;
    bool is_conditional;
    const char *units; /* names of the departments that need it, or NULL */
} GuideMaterialView;

typedef struct GuideCertificateView {
    const char *code;
    const char *title;
    const char *unit; /* who issues it, where the item has several; else NULL */
} GuideCertificateView;

typedef struct GuideBasisView {
    const char *title;
    const char *article;
    bool is_checked;
    const char *checked_on;
} GuideBasisView;

/* view: guide.html  One service item: can I, what to bring, how long, what cost, where, start. */
typedef struct GuideView {
    const char *code;
    int64_t version;
    Date effective_from;
    const char *kind;
    const char *name;
    const char *summary;
    const char *unit; /* of a joint item all that take part, the leading one first */
    const char *where;
    const char *fee;
    bool is_online;
    int64_t statutory_limit;
    int64_t promised_limit;
    const char *limit_unit;
    VIEW_LIST(GuideLineView) conditions;
    VIEW_LIST(GuideMaterialView) materials;
    VIEW_LIST(GuideLineView) steps;
    VIEW_LIST(GuideCertificateView) certificates;
    VIEW_LIST(GuideBasisView) basis;
} GuideView;

#endif
