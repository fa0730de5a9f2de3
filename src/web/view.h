#ifndef WEB_VIEW_H
#define WEB_VIEW_H

/*
 * Views: one typed struct per page, rendered twice: as HTML by its template, as JSON by the same
 * fields (docs/generators.md). viewgen reads the *_views.h headers and writes the ViewTypes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/id.h"
#include "base/list.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time.h"
#include "format/json.h"
#include "web/message.h"
#include "web/right.h"

/* A value that is shown only in part, already masked: 4401**********1234. */
typedef struct Masked {
    const char *shown;
} Masked;

/* HTML that is known to be safe: from our own renderer or sanitizer, never from input. */
typedef struct SafeHtml {
    const char *html;
} SafeHtml;

#define VIEW_LIST(Type)                                                                            \
    struct {                                                                                       \
        Type *items;                                                                               \
        size_t count;                                                                              \
    }
/* view.list = VIEW_LIST_OF(list) where list is a LIST of the same type. */
#define view_list_set(view_list, list)                                                             \
    ((view_list)->items = (list)->items, (view_list)->count = (list)->count)

typedef const char *Text; /* for VIEW_LIST(Text) */

/* What a page needs beside its view: language, user, tokens. Never part of JSON. */
typedef struct PageContext {
    Arena *arena;
    Language language;
    bool is_elder;
    bool is_dark;
    bool is_kiosk;              /* a touch screen in a hall: no keyboard, nobody logged in */
    bool is_screen;             /* a large screen that nobody touches: no way around */
    const char *next_slide;     /* where it goes on by itself, as a refresh says it */
    const char *path;           /* "/items" */
    const char *path_and_query; /* for the language switch */
    const char *title;          /* set by the template's {{title}} */
    const char *csrf;
    const char *idempotency_key; /* a fresh one for the forms of this page */
    const char *user_name;       /* NULL: nobody is logged in */
    const char *user_kind;       /* applicant, officer, or NULL */
    const char *flash;           /* message key of what was just done, or NULL */
    Rights rights;
    Instant now;
    int zone_minutes;
    const char *phone;     /* of a person who helps; settings */
    const char *site_name; /* message key */
    bool is_demo;
} PageContext;

typedef struct ViewType ViewType;
struct ViewType {
    const char *name;   /* "GuideView" */
    const char *schema; /* JSON Schema 2020-12 of the JSON rendering; $ref #/components/schemas/X */
    /* The whole page, layout included; sets page->title. NULL: JSON only. */
    void (*html)(const void *view, PageContext *page, Buffer *out);
    void (*json)(const void *view, const PageContext *page, JsonWriter *out, const char *name);
    bool has_layout;               /* for information: html writes the layout itself */
    const ViewType *const *nested; /* the views that schema refers to; ends with NULL */
};

/* ---- what every form page shares --------------------------------------------------------------
 * The nested views that partials/field.html and partials/errors.html render. */

typedef struct FieldChoice {
    const char *value;
    const char *label; /* ready text in the page's language */
    const char *hint;
    bool is_chosen;
} FieldChoice;

typedef struct FormField {
    const char *name;
    const char *type;  /* text lines int number date money bool choice radio checks phone password
                          hidden  email static group */
    const char *label; /* ready text in the page's language */
    const char *hint;
    const char *source; /* ready text: where the value was taken from; NULL: it was typed */
    const char *value;  /* what was typed or is known; never for passwords */
    const char *error;  /* ready text, or NULL */
    const char *autocomplete;
    bool is_required;
    bool is_readonly;
    bool is_refresh;    /* a change of it may change the form: htmx re-renders */
    int64_t max_length; /* 0: none */
    VIEW_LIST(FieldChoice) choices;
} FormField;

typedef struct FieldError {
    const char *field; /* NULL: about the whole form */
    const char *text;
} FieldError;

/* ---- shared pieces of pages: partials/pager.html, lamp.html, steps.html, empty.html ------------
 */

/* Keyset paging. A query is everything behind "?", its values percent-encoded. */
typedef struct Pager {
    const char *previous_query; /* "after=...&q=..." or NULL: this is the first page */
    const char *next_query;     /* NULL: this is the last page */
    int64_t shown;              /* rows on this page */
} Pager;

/* The state of a clock, as shape, colour and word. */
typedef struct Lamp {
    const char *state; /* green yellow red grey */
    const char *text; /* ready text, as "剩余2个工作日3小时"; NULL: the name of the state */
} Lamp;

/* One step of a vertical line of steps. */
typedef struct Step {
    const char *state;      /* done now next waiting stopped */
    const char *title;      /* plain words, ready text */
    const char *who;        /* the unit or person who has it, or NULL */
    Instant since;          /* INSTANT_NONE: not begun */
    Instant until;          /* the promised moment, or INSTANT_NONE */
    const char *note;       /* ready text, or NULL */
    const char *need;       /* what the applicant must do now: the only coloured box; or NULL */
    const char *need_path;  /* where to do it, or NULL */
    const char *need_label; /* the words of that link */
} Step;

/* A list that has no rows: what that means and what to do. */
typedef struct EmptyState {
    const char *title; /* ready texts */
    const char *text;
    const char *path; /* where to go on, or NULL */
    const char *label;
} EmptyState;

/* ---- formatting that templates use (viewgen calls these) ------------------------------------- */

void view_put_text(Buffer *out, const char *text); /* escaped for text and attributes */
void view_put_raw(Buffer *out, const char *html);
void view_put_int(Buffer *out, const PageContext *page, int64_t value);
void view_put_number(Buffer *out, const PageContext *page, int64_t value); /* 12,345 */
void view_put_double(Buffer *out, const PageContext *page, double value);
void view_put_percent(Buffer *out, const PageContext *page, double share); /* 98.0% */
void view_put_fen(Buffer *out, const PageContext *page, Fen fen);          /* ¥1,234.00 */
void view_put_instant(Buffer *out, const PageContext *page, Instant at);   /* date and time */
void view_put_instant_date(Buffer *out, const PageContext *page, Instant at);
void view_put_instant_time(Buffer *out, const PageContext *page, Instant at);
void view_put_ago(Buffer *out, const PageContext *page, Instant at);
void view_put_date(Buffer *out, const PageContext *page, Date date); /* 2026年11月22日 (周日) */
void view_put_weekday(Buffer *out, const PageContext *page, Date date); /* 周日 / Sunday */
void view_put_message(Buffer *out, const PageContext *page, const char *key,
                      const MessageParam *params, size_t count);
void view_put_asset(Buffer *out, const char *name);
void view_put_url(Buffer *out, const char *text);  /* percent-encoded, one path or query part */
void view_put_path(Buffer *out, const char *path); /* a path of this site; anything else is "#" */
void view_put_iso_instant(Buffer *out, const PageContext *page, Instant at); /* RFC 3339, local */
void view_put_iso_date(Buffer *out, const PageContext *page, Date date);     /* 2026-11-22 */

/* The layout around a page (layout.html, compiled by viewgen --layout). */
void view_layout_begin(PageContext *page, Buffer *out);
void view_layout_end(PageContext *page, Buffer *out);

/* What {{#if n}} asks of a number: neither 0 nor INT_NONE. */
static inline bool view_has_int(int64_t value)
{
    return value != 0 && value != INT64_MIN;
}

void view_json_int(JsonWriter *out, const char *name, int64_t value); /* INT_NONE: null */
void view_json_id(JsonWriter *out, const char *name, Id id);          /* 0: null */
void view_json_instant(JsonWriter *out, const char *name, Instant at);
void view_json_date(JsonWriter *out, const char *name, Date date);
void view_json_fen(JsonWriter *out, const char *name, Fen fen);
void view_json_double(JsonWriter *out, const char *name, double value);

#endif
