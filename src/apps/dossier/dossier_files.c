/* dossier_files.c - files of materials: taken from a form, stored with a command, shown, opened. */
#include "apps/dossier/dossier_files.h"

#include <string.h>

#include "apps/dossier/dossier_files_store.h"
#include "apps/dossier/dossier_pages.h"
#include "format/urlencoded.h"

enum { TITLE_MOST = 120 };

/* ---- taking ---------------------------------------------------------------------------------- */

/* A ticket is for who got it. */
static const char *owner_of(const Request *req)
{
    return arena_printf(req->arena, "%d:%lld", req->user.kind, (long long)req->user.id);
}

static const char *field_of(Request *req, const char *code)
{
    return arena_printf(req->arena, "file.%s", code);
}

static bool refuse(Request *req, Error *err, const char *code, const Error *why)
{
    Error told = *why;
    told.field = field_of(req, code);
    return error_append(err, req->arena, told);
}

static bool is_one_of(const char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(codes[i], code))
            return true;
    return false;
}

/* The name without its folders, cut after so many characters. */
static const char *short_title(Arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/'), *from = slash ? slash + 1 : name, *end = from;
    for (int i = 0; i < TITLE_MOST && *end; i++)
        text_next(&end);
    return end > from ? arena_text_n(arena, from, (size_t)(end - from)) : "-";
}

static bool take_file(Request *req, const InputFile *file, Uploads *out, Error *err)
{
    Error why = ERROR_NONE;
    Upload upload = {.material = file->key, .title = short_title(req->arena, file->name)};
    if (!files_keep(request_app(req)->files, req->arena, file->data, file->size, &upload.file,
                    &why))
        return refuse(req, err, file->key, &why);
    list_add(req->arena, out, upload);
    return true;
}

static bool take_ticket(Request *req, const char *code, const char *ticket, Uploads *out,
                        Error *err)
{
    Error why = ERROR_NONE;
    Upload upload = {.material = code};
    if (!files_of_ticket(request_app(req), req->arena, ticket, owner_of(req), &upload.file,
                         &upload.title, &why))
        return refuse(req, err, code, &why);
    list_add(req->arena, out, upload);
    return true;
}

/* One ticket is a text, several are an array of texts. */
static bool take_tickets(Request *req, const Json *kept, Uploads *out, Error *err)
{
    static const Error strange = {.kind = ERROR_INVALID, .code = "files.ticket"};
    bool is_fine = true;
    if (kept->kind == JSON_TEXT)
        return take_ticket(req, kept->name, kept->text, out, err);
    if (kept->kind != JSON_ARRAY)
        return refuse(req, err, kept->name, &strange);
    json_each (one, kept)
        is_fine &= one->kind == JSON_TEXT ? take_ticket(req, kept->name, one->text, out, err)
                                          : refuse(req, err, kept->name, &strange);
    return is_fine;
}

static bool check_codes(Request *req, const char *const *codes, size_t count, Uploads *uploads,
                        Error *err)
{
    static const Error unknown = {.kind = ERROR_INVALID, .code = "input.not_a_choice"};
    bool is_fine = true;
    size_t kept = 0;
    list_each (Upload, upload, uploads) {
        if (is_one_of(codes, count, upload->material))
            uploads->items[kept++] = *upload;
        else
            is_fine = refuse(req, err, upload->material, &unknown);
    }
    uploads->count = kept;
    return is_fine;
}

bool uploads_take(Request *req, const char *const *codes, size_t code_count, Uploads *out,
                  Error *err)
{
    const InputFile *files;
    const Json *kept = input_form(req, "kept");
    size_t count = input_files(req, "file", &files);
    bool is_fine = true;
    if (count + kept->count == 0)
        return true;
    if (!request_app(req)->files)
        return error_set(err, ERROR_UNAVAILABLE, .code = "files.disk", .detail = "no folder");
    if (count > FILES_MOST)
        return error_set(err, ERROR_INVALID, .code = "files.too_many", .field = "file");
    json_each (one, kept)
        is_fine &= take_tickets(req, one, out, err);
    for (size_t i = 0; i < count; i++)
        is_fine &= take_file(req, &files[i], out, err);
    is_fine &= check_codes(req, codes, code_count, out, err);
    if (out->count > FILES_MOST)
        is_fine = error_add(err, req->arena, ERROR_INVALID, .code = "files.too_many",
                            .field = field_of(req, out->items[out->count - 1].material));
    return is_fine;
}

bool uploads_take_item(Request *req, const Item *item, Uploads *out, Error *err)
{
    const char **codes = arena_array(req->arena, const char *, item->materials.count);
    size_t count = 0;
    list_each (ItemMaterial, material, &item->materials)
        codes[count++] = material->code;
    return uploads_take(req, codes, count, out, err);
}

/* ---- what is kept ---------------------------------------------------------------------------- */

bool uploads_have(const Uploads *uploads, const char *code)
{
    if (uploads)
        list_each (const Upload, upload, uploads)
            if (text_equal(upload->material, code))
                return true;
    return false;
}

static KeptFileView kept_view(Request *req, const Upload *upload)
{
    return (KeptFileView){.title = upload->title,
                          .size_kib = (upload->file.size + 1023) / 1024,
                          .ticket = files_ticket(request_app(req), req->arena, &upload->file,
                                                 upload->title, owner_of(req))};
}

void uploads_show(Request *req, const Uploads *uploads, size_t place, MaterialChoiceView *material)
{
    /* The summary of errors leads to "material". */
    material->field_id = place ? arena_printf(req->arena, "material-%zu", place + 1) : "material";
    material->error = request_error_of(req, field_of(req, material->code));
    if (!uploads)
        return;
    material->kept.items = arena_array(req->arena, KeptFileView, uploads->count);
    list_each (const Upload, upload, uploads)
        if (text_equal(upload->material, material->code))
            material->kept.items[material->kept.count++] = kept_view(req, upload);
}

/* ---- what is asked for ----------------------------------------------------------------------- */

void materials_ask(Request *req, const Item *item, const Uploads *uploads,
                   MaterialChoiceView **out_items, size_t *out_count)
{
    RuleSeat seat = {.app = request_app(req),
                     .conn = req->conn,
                     .arena = req->arena,
                     .item = item,
                     .now = req->now};
    FeelValue typed = feel_from_json(req->arena, input_form(req, "form"));
    FeelValue needs = typed;
    Error unsure = ERROR_NONE; /* what cannot be decided is shown as asked for */
    if (!rule_materials_shown(&seat, pages_today(req), typed, &needs, &unsure))
        needs = typed;
    FeelScope scope = pages_scope(req, needs);
    *out_items = arena_array(req->arena, MaterialChoiceView, item->materials.count);
    *out_count = 0;
    list_each (ItemMaterial, material, &item->materials) {
        bool is_unsure;
        if (!material_is_asked_for(material, &scope, req->arena, &is_unsure))
            continue;
        size_t place = (*out_count)++;
        (*out_items)[place] =
            (MaterialChoiceView){.code = material->code,
                                 .name = both_in(material->name, req->language),
                                 .note = both_in(material->note, req->language),
                                 .is_required = material->is_required,
                                 .is_unsure = is_unsure,
                                 .is_brought = input_has(req, "material", material->code)};
        uploads_show(req, uploads, place, &(*out_items)[place]);
    }
}

bool materials_check(Request *req, const Item *item, Error *err)
{
    const char *const *codes;
    size_t count = input_all(req, "material", &codes);
    for (size_t i = 0; i < count; i++) {
        bool is_known = false;
        list_each (ItemMaterial, material, &item->materials)
            is_known |= text_equal(material->code, codes[i]);
        if (!is_known)
            return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "material");
    }
    return true;
}

/* ---- storing --------------------------------------------------------------------------------- */

static bool save_one(Tx *tx, App *app, Id dossier, const char *actor_kind, Id actor,
                     const Upload *upload, Steps *steps, Error *err)
{
    MaterialFile row = {.id = tx_new_id(tx),
                        .material = upload->material,
                        .title = upload->title,
                        .uploaded_by_kind = actor_kind,
                        .uploaded_by = actor};
    if (!files_add(tx, app, &upload->file, &row.file, err))
        return false;
    steps_put(steps, "file");
    json_put_id(&steps->json, "file", row.id);
    json_put_text(&steps->json, "material", row.material);
    json_put_text(&steps->json, "hash", upload->file.hash);
    steps_end(steps);
    return store_add_file(tx, app, dossier, &row, err);
}

bool uploads_save(Tx *tx, App *app, Id dossier, const char *actor_kind, Id actor,
                  const Uploads *uploads, bool replaces, Steps *steps, Error *err)
{
    if (replaces)
        list_each (const Upload, upload, uploads)
            if (!store_replace_files(tx, app, dossier, upload->material, err))
                return false;
    list_each (const Upload, upload, uploads)
        if (!save_one(tx, app, dossier, actor_kind, actor, upload, steps, err))
            return false;
    return true;
}

/* ---- showing --------------------------------------------------------------------------------- */

static void show_of_material(Request *req, const MaterialFiles *files, MaterialView *material)
{
    material->files.items = arena_array(req->arena, MaterialFileView, files->count);
    list_each (const MaterialFile, file, files)
        if (text_equal(file->material, material->code))
            material->files.items[material->files.count++] =
                (MaterialFileView){.id = file->id,
                                   .title = file->title,
                                   .media_type = file->media_type,
                                   .size_kib = (file->size + 1023) / 1024,
                                   .is_shown = files_is_shown(file->media_type),
                                   .is_by_window = text_equal(file->uploaded_by_kind, "officer"),
                                   .is_replaced = file->replaced_at != INSTANT_NONE,
                                   .uploaded_at = file->uploaded_at};
}

bool files_show(Request *req, Id dossier, MaterialView *materials, size_t count, Error *err)
{
    MaterialFiles files = {0};
    if (!store_files(req->conn, request_app(req), req->arena, dossier, &files, err))
        return false;
    for (size_t i = 0; i < count; i++)
        show_of_material(req, &files, &materials[i]);
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* RFC 6266 with RFC 8187: the name in UTF-8, percent-encoded. */
static const char *disposition(Request *req, const StoredFile *file, const char *title)
{
    const char *how = files_is_shown(file->media_type) ? "inline" : "attachment";
    Buffer value = buffer_init(req->arena, 0);
    buffer_printf(&value, "%s; filename*=UTF-8''", how);
    urlencoded_add_part(&value, title);
    return buffer_text(&value);
}

bool file_page(Request *req, Error *err)
{
    App *app = request_app(req);
    Dossier dossier;
    MaterialFile row;
    StoredFile file;
    DbBytes content;
    if (!pages_dossier(req, req->conn, &dossier, err) ||
        !store_file(req->conn, app, req->arena, dossier.id, input_id(req, "file"), &row, err))
        return false;
    if (!app->files)
        return error_set(err, ERROR_NOT_FOUND, .code = "files.unknown");
    if (!files_find(req->conn, app, req->arena, row.file, &file, err) ||
        !files_read(app->files, req->arena, &file, &content, err))
        return false;
    if (files_is_shown(file.media_type))
        request_allow_frame(req); /* the viewer beside the answers */
    request_set_header(req, "Content-Disposition", disposition(req, &file, row.title));
    return request_send(req, 200, file.media_type, content.data, content.size);
}
