#ifndef WORKBENCH_WORKBENCH_INTERNAL_H
#define WORKBENCH_WORKBENCH_INTERNAL_H

/* What the pages of the workbench share. */
#include "apps/workbench/workbench_store.h"
#include "apps/workbench/workbench_views_gen.h"

/* A file as a pack takes it, in bytes; a text as a form carries it, in characters. */
enum {
    VERSIONS_SHOWN = 200,
    REASON_MOST = 500,
    FILE_MOST = 2 * 1024 * 1024,
    SOURCE_MOST = 800 * 1000, /* a rule for each of a thousand items */
};

extern const InputField workbench_code_input[]; /* kind, code */
extern const InputField workbench_draft_input[];
extern const InputField workbench_publish_input[];
extern const InputField workbench_return_input[];

extern const InputField workbench_difference_input[];
extern const InputField workbench_discard_input[];
extern const InputField workbench_trial_input[];
extern const InputField workbench_sheet_input[];

extern const InputField items_upload_input[];
extern const InputField items_plan_input[];
extern const InputField items_save_input[];
extern const InputField items_publish_input[];
extern const InputField items_discard_input[];

bool items_import_page(Request *req, Error *err);
bool items_template_page(Request *req, Error *err);
bool items_upload_prepare(Request *req, Error *err);
bool items_upload_act(Tx *tx, Request *req, Error *err);
bool items_plan_page(Request *req, Error *err);
bool items_save_prepare(Request *req, Error *err);
bool items_save_act(Tx *tx, Request *req, Error *err);
bool items_publish_prepare(Request *req, Error *err);
bool items_publish_act(Tx *tx, Request *req, Error *err);
bool items_discard_prepare(Request *req, Error *err);
bool items_discard_act(Tx *tx, Request *req, Error *err);

bool definition_page(Request *req, Error *err);
bool draft_page(Request *req, Error *err);
bool draft_file_page(Request *req, Error *err);
bool draft_prepare(Request *req, Error *err);
bool draft_act(Tx *tx, Request *req, Error *err);
bool publish_prepare(Request *req, Error *err);
bool publish_act(Tx *tx, Request *req, Error *err);
bool return_prepare(Request *req, Error *err);
bool return_act(Tx *tx, Request *req, Error *err);
bool discard_prepare(Request *req, Error *err);
bool discard_act(Tx *tx, Request *req, Error *err);
bool trial_page(Request *req, Error *err);
bool difference_page(Request *req, Error *err);
bool draft_sheet_page(Request *req, Error *err);
bool version_sheet_page(Request *req, Error *err);
bool sheet_prepare(Request *req, Error *err);

/* One that can be looked at or compared: a version by its id, or the draft. */
typedef struct Source {
    const char *name; /* the id, or "draft" */
    DefinitionFiles files;
} Source;

/* The version whose id, or the draft that, is named: workbench.unknown_version when it is none of
 * this definition. */
MUST_CHECK bool workbench_source(Request *req, const char *kind, const char *code, const char *name,
                                 Source *out, Error *err);

/* All of them as choices, the draft first, then the newest version; `chosen` is a name. */
void workbench_source_choices(Request *req, const Definitions *versions, bool has_draft,
                              const char *chosen, FormField *field);

/* The version that is in force today, else the newest; NULL where there is none. */
const Definition *workbench_now(const Request *req, const Definitions *versions);

/* The kind and code that the path names: workbench.unknown (ERROR_NOT_FOUND) when they cannot be.
 */
MUST_CHECK bool workbench_name(const Request *req, const char **out_kind, const char **out_code,
                               Error *err);
const char *workbench_path(Request *req, const char *kind, const char *code, const char *behind);

/* What a definition calls itself, in the page's language; NULL where it says nothing, or nothing in
 * that language, or no version is in force. */
const char *workbench_own_name(Request *req, const char *kind, const char *code);
const char *workbench_title(Request *req, const char *kind,
                            const char *code); /* that, and the code */

/* Where a publication of a kind is in force, as the person chose it: "" everywhere. Only tables may
 * be a place's own (pack.only_tables, workbench.place_unknown; field "place"). */
MUST_CHECK bool workbench_place(Request *req, const char *kind, const char **out, Error *err);
/* The field for it, with every township and village; and a place's name in the page's language,
 * NULL of everywhere. */
MUST_CHECK bool workbench_place_field(Request *req, FormField *out, Error *err);
const char *workbench_place_name(Request *req, const char *division, Error *err);

/* "Version 2 (Qingshi, from 2026-12-01)" */
const char *workbench_version_label(Request *req, const Definition *one);

/* The versions of a definition for everywhere, the newest first, and behind them those that places
 * have of their own. */
MUST_CHECK bool workbench_versions(Request *req, const char *kind, const char *code,
                                   Definitions *out, Error *err);

/* In the person's language; where the check names its object in English, that stands behind. */
const char *workbench_problem_text(Request *req, const Error *problem);

/* Checks files for a day: true when the check ran, whatever it found. */
MUST_CHECK bool workbench_check(Request *req, const DefinitionSet *set, DefinitionScope scope,
                                Error *out_problems, Error *err);
/* The same, and plays the scenarios that concern them: each problem is a reason why they are not
 * published. */
MUST_CHECK bool workbench_check_publication(Request *req, const DefinitionSet *set,
                                            const Publication *what, Error *err);

/* The day that a publication is offered: the first of next month, or later, from which the newest
 * version is in force. */
Date workbench_next_day(const Request *req, const Definitions *versions);

/* Answers with a file to keep. */
bool workbench_send_file(Request *req, const char *name, const char *text);

#endif
