#ifndef DOSSIER_DOSSIER_FILES_H
#define DOSSIER_DOSSIER_FILES_H

/*
 * Uploads: what people hand in for the materials of a dossier.
 *
 * A form with materials has a file control "file.CODE" for each, and for what was uploaded with an
 * earlier, refused version of the same form a ticked box "kept.CODE" whose value is a ticket
 * (service/files.h): so nobody chooses a file twice because another field was wrong.
 *
 *     prepare:  uploads_take        keeps the files, opens the tickets   -> Uploads
 *     again:    uploads_of          shows what is kept
 *     act:      uploads_save        rows and steps of the journal
 */
#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_views_gen.h"
#include "service/files.h"

typedef struct Upload {
    const char *material; /* code */
    const char *title;    /* the file's name as the person knows it */
    StoredFile file;
} Upload;

/* A list of them (base/list.h), with a name that dossier.h can speak of. */
typedef struct Uploads {
    Upload *items;
    size_t count;
    size_t capacity;
} Uploads;

/* What a route with uploads takes beside its own fields. */
#define UPLOAD_FIELDS                                                                              \
    {"file", INPUT_FILE, INPUT_NAMED},                                                             \
    {                                                                                              \
        "kept", INPUT_FORM, 0                                                                      \
    }

/* Keeps what came with the request, on a thread that may wait for the disk. `codes` are the
 * materials that may be handed in. Errors, each with field "file.CODE": those of files_keep and
 * files_of_ticket, input.not_a_choice, files.too_many. What could be kept is in out even then, so
 * that the form can show it again. */
MUST_CHECK bool uploads_take(Request *req, const char *const *codes, size_t code_count,
                             Uploads *out, Error *err);

/* The same for all materials of an item: answers may change which of them are asked for. */
MUST_CHECK bool uploads_take_item(Request *req, const Item *item, Uploads *out, Error *err);

/* The materials that the answers typed so far ask for, with what is ticked and kept, in the item's
 * order. uploads may be NULL. */
void materials_ask(Request *req, const Item *item, const Uploads *uploads,
                   MaterialChoiceView **out_items, size_t *out_count);

/* Every ticked material is one of the item's: input.not_a_choice, field "material". */
MUST_CHECK bool materials_check(Request *req, const Item *item, Error *err);

/* Fills the part of a material's view that tells of files: what is kept, what was wrong; and gives
 * its box an id (`place` counts the materials of the form from 0). uploads may be NULL. */
void uploads_show(Request *req, const Uploads *uploads, size_t place, MaterialChoiceView *material);

/* Whether something was handed in for a material. */
bool uploads_have(const Uploads *uploads, const char *code);

/* Stores the rows and puts a step "file" for each into the entry that the command writes
 * afterwards. replaces: what was handed in for the same materials before no longer counts.
 * Errors: files.taken (the same ticket was used twice). */
MUST_CHECK bool uploads_save(Tx *tx, App *app, Id dossier, const char *actor_kind, Id actor,
                             const Uploads *uploads, bool replaces, Steps *steps, Error *err);

/* The files of a dossier's materials, into their views. */
MUST_CHECK bool files_show(Request *req, Id dossier, MaterialView *materials, size_t count,
                           Error *err);

/* GET /dossiers/{number}/files/{file} */
bool file_page(Request *req, Error *err);

#endif
