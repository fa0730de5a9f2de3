/*
 * catalogue_pack.c - a pack folder: read whole, checked whole, then published.
 *
 *     items/CODE.json, processes/CODE.bpmn, forms/CODE.json, tables/CODE.dmn, templates/CODE.html,
 *     each with CODE.en.json beside it, and grounds.json -> definitions {"kind": content, "en":
 * overlay} -> journal
 *
 * Reading is bounded and follows no links. Checks come before the first write: everything compiles,
 * every reference exists, every text has its English, promised <= statutory (docs/packs.md).
 */
#include "apps/catalogue/catalogue_pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_AT_MOST = 2000,
    FILE_BYTES_AT_MOST = 2 * 1024 * 1024,
    EXTRA_BYTES_MOST = 64 * 1024 * 1024,
};

/* ---- reading --------------------------------------------------------------------------------- */

bool pack_fail(Arena *arena, const char *file, const char *code, const char *reason, Error *err)
{
    return error_add(err, arena, ERROR_INVALID, .code = code, .field = file,
                     .message = arena_printf(arena, "%s: %s", file, reason));
}

/* The text of a regular file; NULL without an error when it is absent and that is allowed. */
static const char *read_file(Arena *arena, const char *file, bool is_optional, Error *err)
{
    struct stat about;
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT || !is_optional)
            pack_fail(arena, file, "pack.file", strerror(errno), err);
        return NULL;
    }
    char *text = NULL;
    ssize_t length = -1;
    bool fits =
        fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= FILE_BYTES_AT_MOST;
    if (fits) {
        text = arena_alloc(arena, (size_t)about.st_size + 1);
        length = read(fd, text, (size_t)about.st_size);
    }
    close(fd);
    if (length >= 0 && text_is_utf8(text, (size_t)length))
        return text;
    pack_fail(arena, file, "pack.file", "not a text file of at most 2 MiB in UTF-8", err);
    return NULL;
}

static const char *overlay_file(Arena *arena, const PackPart *part)
{
    const char *slash = strrchr(part->file, '/');
    return arena_printf(arena, "%.*s/%s.en.json", (int)(slash - part->file), part->file,
                        part->code);
}

/* Engines tell the place in their texts too; what they found stands apart in {what}. */
static const char *reason_of(Arena *arena, const Error *problem)
{
    for (size_t i = 0; !problem->message && i < sizeof problem->with / sizeof *problem->with; i++)
        if (text_equal(problem->with[i].name, "what"))
            return arena_printf(arena, "%s: %s", problem->code, problem->with[i].value);
    return message_of_error(arena, LANGUAGE_EN, problem);
}

/* Tells every error of a text, each with the name of its file and the line. */
bool pack_fail_text(Arena *arena, const char *file, const Error *problems, const char *code,
                    Error *err)
{
    for (const Error *problem = problems; problem; problem = problem->next) {
        const char *place =
            problem->line ? arena_printf(arena, "%s:%d", file, problem->line) : file;
        const char *field = problem->field ? arena_printf(arena, "%s: ", problem->field) : "";
        error_add(err, arena, ERROR_INVALID, .code = code ? code : problem->code, .field = file,
                  .line = problem->line, .column = problem->column,
                  .message =
                      arena_printf(arena, "%s: %s%s", place, field, reason_of(arena, problem)));
    }
    return false;
}

static bool check_overlay(Arena *arena, const char *file, const char *text, Error *err)
{
    Error problem = ERROR_NONE;
    return json_parse(arena, text, strlen(text), &JSON_LIMITS, &problem) ||
           pack_fail_text(arena, file, &problem, "pack.overlay", err);
}

static bool make_content(Arena *arena, PackPart *part, Error *err)
{
    const char *text = read_file(arena, part->file, false, err);
    const char *english = text ? read_file(arena, overlay_file(arena, part), true, err) : NULL;
    if (!text || error_is_set(err))
        return false;
    if (english && !check_overlay(arena, overlay_file(arena, part), english, err))
        return false;
    DefinitionFiles files = {
        .kind = part->kind, .code = part->code, .source = text, .english = english};
    part->definition = (Definition){
        .kind = part->kind, .code = part->code, .content = pack_content(arena, &files)};
    return true;
}

static bool is_part(const char *name, const char *ending)
{
    return text_ends_with(name, ending) && !text_ends_with(name, ".en.json") && *name != '.';
}

static bool read_folder(Pack *pack, const PackKind *kind, Error *err)
{
    const char *path = arena_printf(pack->arena, "%s/%s", pack->folder, kind->folder);
    DIR *folder = opendir(path);
    struct dirent *entry;
    if (!folder)
        return errno == ENOENT || pack_fail(pack->arena, path, "pack.file", strerror(errno), err);
    while ((entry = readdir(folder)) && pack->parts.count < FILES_AT_MOST) {
        size_t length =
            strlen(entry->d_name) -
            (is_part(entry->d_name, kind->ending) ? strlen(kind->ending) : strlen(entry->d_name));
        PackPart part = {.kind = kind->kind,
                         .code = arena_text_n(pack->arena, entry->d_name, length),
                         .file = arena_printf(pack->arena, "%s/%s", path, entry->d_name)};
        if (length)
            list_add(pack->arena, &pack->parts, part);
    }
    closedir(folder);
    return true;
}

/* One file for the whole pack, which may be left out. */
static bool read_single(Pack *pack, const char *kind, Error *err)
{
    PackPart part = {.kind = kind,
                     .code = kind,
                     .file = arena_printf(pack->arena, "%s/%s.json", pack->folder, kind)};
    const char *text = read_file(pack->arena, part.file, true, err);
    if (text)
        list_add(pack->arena, &pack->parts, part);
    return !error_is_set(err);
}

static bool read_singles(Pack *pack, Error *err)
{
    for (const PackKind *kind = pack_kinds; kind->kind; kind++)
        if (!kind->folder && !read_single(pack, kind->kind, err))
            return false;
    return true;
}

static bool parse_part(Pack *pack, PackPart *part, Error *err)
{
    Error problems = ERROR_NONE;
    if (!make_content(pack->arena, part, err))
        return false;
    return catalogue_parse(pack->arena, &part->definition, &part->parsed, &problems) ||
           pack_fail_text(pack->arena, part->file, &problems, NULL, err);
}

Pack *catalogue_read_pack(Arena *arena, const char *folder, Error *err)
{
    Pack *pack = arena_new(arena, Pack);
    pack->arena = arena;
    pack->folder = folder;
    for (const PackKind *kind = pack_kinds; kind->kind; kind++)
        if (kind->folder && !read_folder(pack, kind, err))
            return NULL;
    if (!read_singles(pack, err))
        return NULL;
    if (!pack->parts.count) {
        pack_fail(arena, folder, "pack.file", "no pack is there", err);
        return NULL;
    }
    list_each (PackPart, part, &pack->parts)
        if (!parse_part(pack, part, err))
            return NULL;
    list_each (PackPart, part, &pack->parts)
        if (!pack_check_part(pack, part, err))
            return NULL;
    return pack;
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void put_words(Arena *arena, JsonWriter *json, const PackPart *part)
{
    const Item *item = part->parsed.item;
    Terms terms = {0};
    Json *content = NULL;
    Error ignored = ERROR_NONE;
    words_add(arena, &terms, item->name.zh, 8);
    words_add(arena, &terms, item->name.en, 8);
    words_add(arena, &terms, item->summary.zh, 1);
    content = json_parse(arena, part->definition.content, strlen(part->definition.content),
                         &JSON_LIMITS, &ignored);
    json_each (word, json_get(json_get(content, "item"), "words"))
        words_add(arena, &terms, word->text, 6);
    json_each (word, json_get(part->parsed.english, "words"))
        words_add(arena, &terms, word->text, 6);
    json_begin_array(json, "terms");
    list_each (Term, term, &terms) {
        json_begin_object(json, NULL);
        json_put_text(json, "t", term->text);
        json_put_int(json, "w", term->weight);
        json_end_object(json);
    }
    json_end_array(json);
}

/* What one does in one go stands before its parts, in every list. */
static const char *sort_key_of(Arena *arena, const Item *item)
{
    return arena_printf(arena, "%c%s", text_equal(item->kind, "joint") ? '0' : '1',
                        words_sort_key(arena, item->name.zh));
}

/* What the search reader needs of an item. */
static const char *item_extra(Arena *arena, const PackPart *part)
{
    const Item *item = part->parsed.item;
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    json_put_text(&json, "code", item->code);
    json_put_text(&json, "kind", item->kind);
    json_put_text(&json, "name", item->name.zh);
    json_put_text(&json, "name_en", item->name.en);
    json_put_text(&json, "summary", item->summary.zh);
    json_put_text(&json, "summary_en", item->summary.en);
    json_put_text(&json, "unit", item->unit_code);
    json_put_text(&json, "topic", item->topic);
    json_put_text(&json, "sort_key", sort_key_of(arena, item));
    put_words(arena, &json, part);
    json_end_object(&json);
    return buffer_text(&out);
}

/* Whether this very content is in force from that day: then there is nothing to publish, and no
 * words to make. */
static bool is_in_force(Tx *tx, App *app, const PackPart *part, Date day, bool *out, Error *err)
{
    Definition current;
    const char *content = part->definition.content;
    if (!definition_in_force(tx_conn(tx), tx_arena(tx), app->tenant, part->kind, part->code, day,
                             &current, out, err))
        return false;
    *out = *out && date_compare(current.effective_from, day) == 0 &&
           text_equal(current.hash, crypto_hash(tx_arena(tx), content, strlen(content)));
    return true;
}

bool pack_publish_part(Tx *tx, App *app, const PackPart *part, DefinitionScope scope,
                       Definition *out, Error *err)
{
    Arena *scratch = arena_create(EXTRA_BYTES_MOST); /* words are many, and there are many items */
    const char *extra =
        part->parsed.item ? arena_text(tx_arena(tx), item_extra(scratch, part)) : NULL;
    arena_destroy(scratch);
    Definition draft = part->definition;
    draft.division = scope.division;
    draft.effective_from = scope.from;
    return definition_publish_for(tx, app->tenant, &draft, extra, out, err);
}

bool catalogue_publish_pack(Tx *tx, App *app, const Pack *pack, Date effective_from,
                            int *out_published, Error *err)
{
    *out_published = 0;
    tx_after_commit(tx, catalogue_forget, app->catalogue);
    list_each (PackPart, part, &pack->parts) {
        bool is_there;
        Definition published;
        if (!is_in_force(tx, app, part, effective_from, &is_there, err) ||
            (!is_there && !pack_publish_part(tx, app, part, (DefinitionScope){effective_from, ""},
                                             &published, err)))
            return false;
        *out_published += !is_there;
    }
    return true;
}
