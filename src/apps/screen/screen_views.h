#ifndef SCREEN_SCREEN_VIEWS_H
#define SCREEN_SCREEN_VIEWS_H

#include "web/view.h"

/* The numbers of a day or a month. */
typedef struct ScreenNumbersView {
    const char *period; /* today, month */
    int64_t filed;
    int64_t accepted;
    int64_t completed;
    const char *on_time;   /* ready text; NULL: nothing was completed */
    const char *satisfied; /* ready text; NULL: nothing was rated */
} ScreenNumbersView;

typedef struct ScreenResultView {
    const char *number; /* the day and the last four digits */
    const char *item;
    const char *unit;
    const char *state;
    Instant completed_at;
} ScreenResultView;

typedef struct ScreenItemView {
    const char *item;
    const char *unit;
    const char *kind;
    int64_t statutory;
    int64_t promised;
    const char *limit_unit;
} ScreenItemView;

/* view: screen.html  The large screen of a hall: one slide, which leads to the next by itself. */
typedef struct ScreenView {
    const char *slide; /* numbers, results, limits */
    int64_t place;     /* from 1 */
    int64_t count;
    const char *next;
    int64_t seconds; /* until the next */
    Instant at;
    VIEW_LIST(ScreenNumbersView) numbers;
    VIEW_LIST(ScreenResultView) results;
    VIEW_LIST(ScreenItemView) items;
} ScreenView;

#endif
