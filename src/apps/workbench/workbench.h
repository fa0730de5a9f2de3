#ifndef WORKBENCH_WORKBENCH_H
#define WORKBENCH_WORKBENCH_H

/*
 * Workbench: where a department's own officials change definitions: items, processes, forms,
 * tables, templates and the rest of a pack.
 *
 *     version -> download or editor -> draft (a row, one a definition) -> checks
 *             -> published from a day, with a reason -> next version
 *
 * A version is never changed; to go back is to publish older content again. Dossiers keep what was
 * in force when they were filed or charged (docs/packs.md).
 */
#include "apps/catalogue/catalogue.h"
#include "service/app.h"
#include "web/web.h"

extern const Route workbench_routes[]; /* /workbench ... */

/* What somebody is writing. */
typedef struct Draft {
    DefinitionFiles files;
    Id revision; /* 0: there is no draft */
    Id officer;  /* who saved it last */
    Instant saved_at;
} Draft;

/* Keeps files as the draft of their definition, whatever is wrong with them. `seen` is the revision
 * that the officer began from, 0 for none: another one is workbench.conflict (ERROR_CONFLICT), so
 * that nobody overwrites what he has not seen. */
MUST_CHECK bool workbench_save(Tx *tx, App *app, const User *officer, const DefinitionFiles *files,
                               Id seen, Id *out_revision, Error *err);

/* Throws away the draft that the officer saw, which only who saved it last may do: workbench.author
 * (ERROR_FORBIDDEN). Appends workbench.discarded. Errors: workbench.conflict. */
MUST_CHECK bool workbench_discard(Tx *tx, App *app, const User *officer, const char *kind,
                                  const char *code, Id seen, Error *err);

/* A draft that is to become a version. */
typedef struct DraftName {
    const char *kind;
    const char *code;
    Id revision; /* that was checked */
} DraftName;
typedef LIST(DraftName) DraftNames;
typedef LIST(Id) DefinitionIds;

enum { DRAFTS_TOGETHER = 50 };

/* What is published: drafts together, so that a table and the scenarios that say what it does
 * change on one day; or an older version again. */
typedef struct Publication {
    DraftNames drafts;     /* the first one is what the answer is about */
    DefinitionIds back_to; /* the versions whose content comes back, where there are no drafts */
    Id newest;             /* definition_newest_id when it was checked */
    Date from;
    const char *division; /* whose own it becomes; "" everybody's */
    const char *reason;
} Publication;

/* Publishes drafts that were checked (catalogue_check_files), or older content again, from a day on
 * that is not past; drafts that were published are gone. For each appends definition.published and
 * workbench.published or workbench.returned with the reason. Errors: workbench.past,
 * workbench.conflict (the draft is another one), workbench.moved (something else was published
 * since it was checked), workbench.nothing_new (that very content is in force on that day). */
MUST_CHECK bool workbench_publish(Tx *tx, App *app, const User *officer, const Publication *what,
                                  Definition *out, Error *err);

/* ---- imports ---------------------------------------------------------------------------------
 */

/* A workbook of items that was uploaded (workbench_items.h), until what it says is published. */
typedef struct ItemsImport {
    Id id;
    Id officer; /* who uploaded it */
    const char *file_name;
    DbBytes workbook;
    Instant uploaded_at;
    bool is_saved; /* its rows are drafts */
} ItemsImport;
typedef LIST(ItemsImport) ItemsImports;

/* Keeps a workbook, so that it can be looked at before anything of it becomes a draft; what the
 * officer uploaded and only looked at before goes. */
MUST_CHECK bool workbench_import(Tx *tx, App *app, const User *officer, const char *file_name,
                                 DbBytes workbook, Id *out_id, Error *err);

/* Makes drafts of what a workbook says, all of them or none. newest: definition_newest_id when that
 * was read. Errors: workbench.no_import, workbench.import_saved, workbench.moved, and
 * workbench.conflict where there is a draft of one. */
MUST_CHECK bool workbench_import_save(Tx *tx, App *app, const User *officer, Id import,
                                      const DefinitionSet *files, Id newest, Error *err);

/* Publishes the drafts of an import (what->drafts; none: they are others by now) as
 * workbench_publish does; the import is over. Errors: workbench.no_import, and those of that. */
MUST_CHECK bool workbench_import_publish(Tx *tx, App *app, const User *officer, Id import,
                                         const Publication *what, Error *err);

/* Throws an import away with its drafts, which only who uploaded it may do: workbench.author.
 * Appends workbench.discarded. */
MUST_CHECK bool workbench_import_discard(Tx *tx, App *app, const User *officer, Id import,
                                         Error *err);

#endif
