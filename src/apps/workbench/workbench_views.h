#ifndef WORKBENCH_WORKBENCH_VIEWS_H
#define WORKBENCH_WORKBENCH_VIEWS_H

#include "web/view.h"

/* ---- /workbench ------------------------------------------------------------------------------ */

typedef struct WorkbenchKindView {
    const char *kind;
    bool is_shown;
} WorkbenchKindView;

typedef struct WorkbenchLineView {
    const char *kind;
    const char *code;
    const char *name; /* as it calls itself, in the page's language; NULL: only its code is known */
    int64_t version;  /* the newest, 0: only a draft */
    Date effective_from;
    bool has_draft;
    const char *draft_by; /* NULL: there is no draft */
} WorkbenchLineView;

/* view: workbench.html  Definitions of a kind, with their newest versions and drafts. */
typedef struct WorkbenchView {
    const char *kind;
    VIEW_LIST(WorkbenchKindView) kinds;
    VIEW_LIST(WorkbenchLineView) definitions;
    bool has_import; /* private */ /* items, which a spreadsheet can bring */
    FormField new_kind;            /* private */
    FormField new_code;            /* private */
    EmptyState empty;              /* private */
} WorkbenchView;

/* ---- one definition -------------------------------------------------------------------------- */

typedef struct VersionView {
    Id id;
    int64_t version;
    Date effective_from;
    const char *place; /* whose own it is; NULL: everybody's */
    const char *state; /* now later past */
    Instant published_at;
    const char *officer; /* who published it; NULL: it came with a pack */
    const char *reason;
    int64_t back_to; /* the version whose content it has again, 0 none */
    bool has_english;
    const char *hash;
} VersionView;

/* view: definition.html  One definition: its versions, who published them and why. */
typedef struct DefinitionView {
    const char *kind;
    const char *code;
    const char *name;                /* as in the list */
    const char *title; /* private */ /* name and code */
    VIEW_LIST(VersionView) versions; /* for everywhere, then those of places */
    bool has_places;                 /* private */
    bool has_draft;
    const char *draft_by;
    Instant draft_at;
    bool can_compare;             /* private */
    bool can_try;                 /* private */
    bool can_return;              /* private */
    VIEW_LIST(FieldError) errors; /* private */
    FormField definition;         /* private */
    FormField from;               /* private */
    FormField reason;             /* private */
} DefinitionView;

/* ---- the draft ------------------------------------------------------------------------------- */

typedef struct ProblemView {
    const char *file;
    const char *code;
    int64_t line; /* 0: of the whole file */
    int64_t column;
    const char *text;
} ProblemView;

/* view: draft.html  A draft in the editor, what is wrong with it, and the form that publishes it.
 */
typedef struct DraftView {
    const char *kind;
    const char *code;
    const char *title; /* private */
    const char *ending;
    Id revision;         /* 0: nothing is saved yet */
    const char *officer; /* who saved it last */
    Instant saved_at;
    Date checked_for; /* the day on which it would be in force */
    VIEW_LIST(ProblemView) problems;
    bool is_known;                /* private */
    bool has_english;             /* private */
    bool has_others;              /* private */
    bool has_sheet; /* private */ /* tables, which a spreadsheet can show */
    bool can_discard;             /* private */
    bool can_try;                 /* private */
    bool can_compare;             /* private */
    VIEW_LIST(FieldError) errors; /* private */
    FormField source;
    FormField english;
    FormField from;   /* private */
    FormField reason; /* private */
    FormField with;   /* private */
    bool has_place;   /* private */
    FormField place;  /* private */
} DraftView;

/* view:   A draft that was saved. */
typedef struct DraftSavedView {
    Id revision;
    VIEW_LIST(ProblemView) problems;
} DraftSavedView;

/* view:   A version that was published. */
typedef struct PublishedView {
    Id definition;
    int64_t version;
    Date effective_from;
    const char *division; /* whose own it is; "" everybody's */
} PublishedView;

/* ---- two versions ---------------------------------------------------------------------------- */

typedef struct TableChangeView {
    const char *kind;    /* cell_changed rule_added ... (dmn/dmn_difference.h) */
    const char *element; /* the decision, or whatever it is */
    const char *place;   /* column, or what is required */
    int64_t rule_before; /* from 1, 0: none */
    int64_t rule_after;
    const char *text; /* in words */
    const char *before;
    const char *after;
    bool has_texts; /* private */
} TableChangeView;

typedef struct ColumnPairView {
    const char *kind;  /* input output note */
    const char *label; /* NULL of a note */
    const char *mark;  /* same added removed changed */
} ColumnPairView;

typedef struct CellPairView {
    const char *mark;
    const char *before;
    const char *after;
} CellPairView;

typedef struct RulePairView {
    const char *mark;
    bool is_moved;
    int64_t before; /* from 1, 0: it was not there */
    int64_t after;
    VIEW_LIST(CellPairView) cells;
} RulePairView;

typedef struct TablePairView {
    const char *element;
    VIEW_LIST(ColumnPairView) columns;
    VIEW_LIST(RulePairView) rules;
    int64_t left_out; /* rules that are not listed */
} TablePairView;

/* view: difference.html  What two versions of a table, or a version and the draft, mean
 * differently.
 */
typedef struct DifferenceView {
    const char *kind;
    const char *code;
    const char *title;          /* private */
    FormField before;           /* private */
    FormField after;            /* private */
    const char *before_version; /* its id, or "draft" */
    const char *after_version;
    int64_t problems; /* in either file: what they touch could not be compared */
    VIEW_LIST(TableChangeView) changes;
    int64_t dropped; /* changes that are not listed */
    VIEW_LIST(TablePairView) tables;
} DifferenceView;

/* ---- a table, tried -------------------------------------------------------------------------- */

typedef struct TrialAskView {
    const char *path; /* sent as inputs.<path> */
    const char *label;
    const char *type;  /* text number boolean date temporal choice any */
    const char *value; /* what was typed */
} TrialAskView;

typedef struct TrialValueView {
    const char *label;
    const char *value;
} TrialValueView;

typedef struct TrialFiredView {
    int64_t rule;
    const char *value;
    VIEW_LIST(Text) notes; /* the legal basis first */
} TrialFiredView;

typedef struct TrialStepView {
    const char *name;
    const char *value;
    bool is_table;
    bool has_none; /* private */
    VIEW_LIST(TrialValueView) inputs;
    VIEW_LIST(TrialFiredView) fired;
} TrialStepView;

typedef struct TrialFindingView {
    const char *code;
    const char *text;
    const char *element;
    int64_t line; /* of the file */
    const char *source;
} TrialFindingView;

typedef struct TrialColumnView {
    const char *label; /* NULL: an annotation */
    bool is_output;
} TrialColumnView;

typedef struct TrialRuleView {
    int64_t rule;
    bool is_marked;     /* it fired, or is the one that was asked for */
    const char *anchor; /* private */
    VIEW_LIST(Text) cells;
} TrialRuleView;

typedef struct TrialTableView {
    const char *name;
    const char *policy;
    VIEW_LIST(TrialColumnView) columns;
    VIEW_LIST(TrialRuleView) rules;
    int64_t left_out; /* rules that are not listed */
} TrialTableView;

/* view: trial.html  A version of a table, or its draft: what it wants to be told, what it answers,
 * and its rules, those marked that fired. */
typedef struct TrialView {
    const char *kind;
    const char *code;
    const char *title;            /* private */
    const char *version;          /* its id, or "draft" */
    const char *decision_name;    /* NULL: the file has none */
    int64_t problems;             /* in the file */
    VIEW_LIST(FieldError) errors; /* private */
    FormField source;             /* private */
    FormField decision;           /* private */
    VIEW_LIST(FormField) fields;  /* private */
    VIEW_LIST(TrialAskView) asks;
    bool is_run;
    const char *value;
    VIEW_LIST(TrialStepView) steps;
    VIEW_LIST(TrialFindingView) findings;
    VIEW_LIST(TrialTableView) tables;
} TrialView;

/* ---- items out of a workbook -----------------------------------------------------------------
 */

typedef struct ItemsImportLineView {
    Id id;
    const char *file_name;
    const char *officer; /* who uploaded it */
    Instant uploaded_at;
    bool is_saved; /* its rows are drafts */
} ItemsImportLineView;

/* view: items_import.html  Where a workbook of items is uploaded, and those that are under way. */
typedef struct ItemsImportView {
    VIEW_LIST(ItemsImportLineView) imports;
    VIEW_LIST(FieldError) errors; /* private */
} ItemsImportView;

/* view:   A workbook that was kept. */
typedef struct ItemsImportedView {
    Id import;
} ItemsImportedView;

typedef struct ItemProblemView {
    const char *text;
} ItemProblemView;

typedef struct ItemChangeView {
    const char *column; /* what the workbook calls it */
} ItemChangeView;

typedef struct ItemsRowView {
    const char *sheet;
    int64_t row;
    const char *code;
    const char *name;
    const char *change; /* new changed same wrong */
    VIEW_LIST(ItemChangeView) changes;
    VIEW_LIST(ItemProblemView) problems;
} ItemsRowView;

typedef struct ItemCountView {
    const char *change; /* and all */
    int64_t count;
    bool is_shown; /* private */
} ItemCountView;

/* view: items_plan.html  What a workbook would do, row by row; or its drafts, to be published. */
typedef struct ItemsPlanView {
    Id id;
    const char *file_name;
    const char *officer;
    Instant uploaded_at;
    Date checked_for; /* the day for which it was checked */
    bool is_saved;
    bool is_right; /* private */  /* every row is */
    bool has_right; /* private */ /* some row would do something */
    bool can_discard;             /* private */
    int64_t right_count;
    int64_t wrong_count;
    int64_t draft_count; /* 0: nothing is saved yet */
    Id revision;         /* of the draft that was saved last */
    bool changes_limits; /* the table of limits gets or changes rules */
    VIEW_LIST(ItemCountView) counts;
    VIEW_LIST(ItemsRowView) lines;       /* those of the change that is shown */
    VIEW_LIST(ItemProblemView) problems; /* of no row */
    VIEW_LIST(FieldError) errors;        /* private */
    FormField right_only;                /* private */
    FormField from;                      /* private */
    FormField reason;                    /* private */
} ItemsPlanView;

/* view:   Rows that became drafts. */
typedef struct ItemsSavedView {
    int64_t count; /* of drafts, the table of limits among them */
} ItemsSavedView;

/* view:   Drafts of an import that became versions. */
typedef struct ItemsPublishedView {
    int64_t count;
    Date effective_from;
} ItemsPublishedView;

#endif
