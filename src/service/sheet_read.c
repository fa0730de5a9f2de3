/*
 * sheet_read.c - the book: which file this is, its sheets, its shared texts and its styles.
 *
 *     bytes -> libzip -> one part, piece by piece -> expat -> elements
 *
 * A part is never held whole. What the table of contents says of lengths is checked first, and what
 * really comes is counted again. A document type declaration stops the parser, and with it every
 * entity but the five of XML.
 */
#include "service/sheet_internal.h"

#include <ctype.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

const SheetLimits SHEET_LIMITS = {.bytes = 10UL * 1024 * 1024,
                                  .unzipped = 32UL * 1024 * 1024,
                                  .ratio = 200,
                                  .sheets = 50,
                                  .rows = 20000,
                                  .columns = 256,
                                  .cells = 500000,
                                  .cell_bytes = 32UL * 1024,
                                  .strings = 200000};

enum {
    PARTS_MOST = 2000,
    DEPTH_MOST = 60,
    PIECE = 16 * 1024,
    STYLES_MOST = 70000,
    SMALL_PART = 64 * 1024,
};

/* ---- one part -------------------------------------------------------------------------------- */

static const char *local_name(const char *name)
{
    const char *space = strrchr(name, '\n');
    return space ? space + 1 : name;
}

const char *sheet_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (text_equal(local_name(attributes[0]), name))
            return attributes[1];
    return NULL;
}

static void refuse_part(SheetWalk *walk, const char *detail)
{
    error_set(walk->err, ERROR_INVALID, .code = "sheet.part",
              .with = {{"part", arena_text(walk->book->arena, walk->part)}}, .detail = detail);
}

static void stop_if_wrong(SheetWalk *walk)
{
    if (arena_is_over(walk->book->arena))
        error_set(walk->err, ERROR_TOO_LARGE, .code = "sheet.unzipped");
    if (error_is_set(walk->err))
        XML_StopParser(walk->parser, XML_FALSE);
}

static void on_start(void *data, const char *name, const char **attributes)
{
    SheetWalk *walk = data;
    if (error_is_set(walk->err))
        return;
    if (++walk->depth > DEPTH_MOST)
        refuse_part(walk, "nested too deep");
    else
        walk->start(walk, local_name(name), attributes);
    stop_if_wrong(walk);
}

static void on_end(void *data, const char *name)
{
    SheetWalk *walk = data;
    if (error_is_set(walk->err))
        return;
    walk->depth--;
    if (walk->end)
        walk->end(walk, local_name(name));
    stop_if_wrong(walk);
}

static void on_text(void *data, const char *text, int length)
{
    SheetWalk *walk = data;
    if (error_is_set(walk->err) || !walk->text)
        return;
    walk->text(walk, text, (size_t)length);
    stop_if_wrong(walk);
}

static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id,
                       int has_internal_subset)
{
    SheetWalk *walk = data;
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    refuse_part(walk, "document type declaration");
    XML_StopParser(walk->parser, XML_FALSE);
}

/* How much of a part may come: what its packed size allows, and what is left of all. */
static bool check_size(SheetWalk *walk, uint64_t size, uint64_t packed)
{
    const SheetLimits *limits = &walk->book->limits;
    if (size > limits->unzipped - walk->book->unzipped)
        return error_set(walk->err, ERROR_TOO_LARGE, .code = "sheet.unzipped");
    return size <= SMALL_PART || size / limits->ratio <= packed ||
           error_set(walk->err, ERROR_TOO_LARGE, .code = "sheet.unzipped");
}

static bool parse_pieces(SheetWalk *walk, zip_file_t *file, uint64_t packed)
{
    char *piece = arena_alloc(walk->book->arena, PIECE);
    uint64_t size = 0;
    for (;;) {
        int64_t got = zip_fread(file, piece, PIECE);
        if (got < 0)
            refuse_part(walk, "cannot be unpacked");
        else if (check_size(walk, size + (uint64_t)got, packed) &&
                 XML_Parse(walk->parser, piece, (int)got, got == 0) != XML_STATUS_OK)
            refuse_part(walk, XML_ErrorString(XML_GetErrorCode(walk->parser)));
        if (error_is_set(walk->err))
            return false;
        size += (uint64_t)got;
        if (got == 0)
            break;
    }
    walk->book->unzipped += size;
    return true;
}

static bool parse_file(SheetWalk *walk, zip_file_t *file, uint64_t packed)
{
    walk->parser = XML_ParserCreateNS(NULL, '\n');
    if (!walk->parser)
        return error_set(walk->err, ERROR_UNAVAILABLE, .code = "sheet.disk");
    XML_SetUserData(walk->parser, walk);
    XML_SetElementHandler(walk->parser, on_start, on_end);
    XML_SetCharacterDataHandler(walk->parser, on_text);
    XML_SetStartDoctypeDeclHandler(walk->parser, on_doctype);
    bool is_read = parse_pieces(walk, file, packed);
    XML_ParserFree(walk->parser);
    return is_read;
}

bool sheet_walk(SheetWalk *walk)
{
    zip_stat_t about;
    zip_file_t *file = NULL;
    uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
    if (zip_stat(walk->book->zip, walk->part, 0, &about) == 0 && (about.valid & needed) == needed) {
        if (!check_size(walk, about.size, about.comp_size))
            return false;
        file = zip_fopen_index(walk->book->zip, about.index, 0);
    }
    if (!file) {
        refuse_part(walk, "missing");
        return false;
    }
    bool is_read = parse_file(walk, file, about.comp_size);
    zip_fclose(file);
    return is_read;
}

/* ---- which file this is ---------------------------------------------------------------------- */

static void close_zip(void *data)
{
    zip_discard(data);
}

static bool is_old_or_encrypted(const char *data, size_t length)
{
    static const char compound[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    return length >= 8 && memcmp(data, compound, 8) == 0;
}

static zip_t *open_zip(const char *data, size_t length)
{
    zip_error_t problem;
    zip_error_init(&problem);
    zip_source_t *source = zip_source_buffer_create(data, length, 0, &problem);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &problem) : NULL;
    if (source && !zip)
        zip_source_free(source);
    zip_error_fini(&problem);
    return zip;
}

static bool check_parts(const SheetBook *book, Error *err)
{
    int64_t count = zip_get_num_entries(book->zip, 0);
    if (count > PARTS_MOST)
        return error_set(err, ERROR_TOO_LARGE, .code = "sheet.unzipped");
    for (int64_t i = 0; i < count; i++) {
        zip_stat_t about;
        if (zip_stat_index(book->zip, (uint64_t)i, 0, &about) != 0 || !about.name)
            return error_set(err, ERROR_INVALID, .code = "sheet.format");
        if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
            return error_set(err, ERROR_UNSUPPORTED, .code = "sheet.encrypted");
        if (text_ends_with(about.name, "vbaProject.bin"))
            return error_set(err, ERROR_UNSUPPORTED, .code = "sheet.macro");
    }
    return true;
}

static void on_content_type(SheetWalk *walk, const char *name, const char **attributes)
{
    const char *type = sheet_attribute(attributes, "ContentType");
    (void)name;
    if (type && strstr(type, "macroEnabled"))
        error_set(walk->err, ERROR_UNSUPPORTED, .code = "sheet.macro");
}

static bool check_content_types(SheetBook *book, Error *err)
{
    SheetWalk walk = {
        .book = book, .part = "[Content_Types].xml", .err = err, .start = on_content_type};
    if (zip_name_locate(book->zip, walk.part, 0) < 0)
        return error_set(err, ERROR_INVALID, .code = "sheet.format");
    return sheet_walk(&walk);
}

/* ---- relations ------------------------------------------------------------------------------- */

typedef struct Relation {
    const char *id, *type, *target;
} Relation;

typedef struct Relations {
    LIST(Relation) all;
    const char *folder; /* that targets are relative to, with "/" at the end */
} Relations;

/* A target within the file, without "/" in front. It names a part and is no path of this machine.
 */
static const char *part_path(Arena *arena, const char *folder, const char *target)
{
    if (*target == '/')
        return arena_text(arena, target + 1);
    return arena_printf(arena, "%s%s", folder, target);
}

static void on_relation(SheetWalk *walk, const char *name, const char **attributes)
{
    enum { RELATIONS_MOST = 1000 };
    Relations *relations = walk->state;
    Arena *arena = walk->book->arena;
    const char *id = sheet_attribute(attributes, "Id"), *type = sheet_attribute(attributes, "Type"),
               *target = sheet_attribute(attributes, "Target");
    if (!text_equal(name, "Relationship") || !id || !type || !target)
        return;
    if (relations->all.count == RELATIONS_MOST)
        refuse_part(walk, "too many relations");
    else
        list_add(arena, &relations->all,
                 (Relation){arena_text(arena, id), arena_text(arena, type),
                            part_path(arena, relations->folder, target)});
}

static bool read_relations(SheetBook *book, const char *part, Relations *out, Error *err)
{
    SheetWalk walk = {.book = book, .part = part, .err = err, .state = out, .start = on_relation};
    return sheet_walk(&walk);
}

static const char *target_of_type(const Relations *relations, const char *type)
{
    list_each (const Relation, each, &relations->all)
        if (text_ends_with(each->type, type))
            return each->target;
    return NULL;
}

static const char *target_of_id(const Relations *relations, const char *id)
{
    list_each (const Relation, each, &relations->all)
        if (text_equal(each->id, id))
            return each->target;
    return NULL;
}

/* ---- workbook.xml ---------------------------------------------------------------------------- */

static void add_sheet(SheetWalk *walk, const char **attributes)
{
    SheetBook *book = walk->book;
    const char *name = sheet_attribute(attributes, "name"), *id = sheet_attribute(attributes, "id");
    const char *path = id ? target_of_id(walk->state, id) : NULL;
    if (!name || !path)
        refuse_part(walk, "a sheet without a part");
    else if (book->sheets.count == book->limits.sheets)
        error_set(walk->err, ERROR_TOO_LARGE, .code = "sheet.sheets",
                  .with = {{"limit", arena_printf(book->arena, "%zu", book->limits.sheets)}});
    else {
        SheetPart part = {arena_text(book->arena, name), path};
        list_add(book->arena, &book->sheets, part);
        list_add(book->arena, &book->names, part.name);
    }
}

static void on_workbook(SheetWalk *walk, const char *name, const char **attributes)
{
    if (text_equal(name, "sheet"))
        add_sheet(walk, attributes);
    if (text_equal(name, "workbookPr")) {
        const char *is_1904 = sheet_attribute(attributes, "date1904");
        walk->book->is_1904 = text_equal(is_1904, "1") || text_equal(is_1904, "true");
    }
}

/* ---- sharedStrings.xml ----------------------------------------------------------------------- */

typedef struct StringsState {
    Buffer text;
    bool is_in_text;
    int phonetic; /* depth inside readings, which are not part of the text */
} StringsState;

static void on_string_start(SheetWalk *walk, const char *name, const char **attributes)
{
    StringsState *state = walk->state;
    (void)attributes;
    if (text_equal(name, "si"))
        state->text = buffer_init(walk->book->arena, walk->book->limits.cell_bytes);
    else if (text_equal(name, "rPh"))
        state->phonetic++;
    else if (text_equal(name, "t"))
        state->is_in_text = state->phonetic == 0;
}

static void add_string(SheetWalk *walk, const StringsState *state)
{
    SheetBook *book = walk->book;
    if (book->strings.count == book->limits.strings)
        error_set(walk->err, ERROR_TOO_LARGE, .code = "sheet.strings",
                  .with = {{"limit", arena_printf(book->arena, "%zu", book->limits.strings)}});
    else if (state->text.is_over)
        list_add(book->arena, &book->strings, NULL); /* refused where a cell shows it */
    else
        list_add(book->arena, &book->strings,
                 sheet_unescaped(book->arena, buffer_text(&state->text)));
}

static void on_string_end(SheetWalk *walk, const char *name)
{
    StringsState *state = walk->state;
    if (text_equal(name, "t"))
        state->is_in_text = false;
    else if (text_equal(name, "rPh"))
        state->phonetic--;
    else if (text_equal(name, "si"))
        add_string(walk, state);
}

static void on_string_text(SheetWalk *walk, const char *data, size_t length)
{
    StringsState *state = walk->state;
    if (state->is_in_text && state->text.arena)
        buffer_add_n(&state->text, data, length);
}

static bool read_strings(SheetBook *book, const char *part, Error *err)
{
    StringsState state = {.text = buffer_init(book->arena, book->limits.cell_bytes)};
    SheetWalk walk = {.book = book,
                      .part = part,
                      .err = err,
                      .state = &state,
                      .start = on_string_start,
                      .end = on_string_end,
                      .text = on_string_text};
    return !part || sheet_walk(&walk);
}

/* Four hexadecimal digits as a code point, 0 when they are none. */
static uint32_t hex_of(const char *text)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return 0;
        int digit = tolower((unsigned char)text[i]);
        value = value * 16 + (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

const char *sheet_unescaped(Arena *arena, const char *text)
{
    if (!strstr(text, "_x"))
        return arena_text(arena, text);
    Buffer buffer = buffer_init(arena, 0);
    while (*text) {
        uint32_t code = strncmp(text, "_x", 2) == 0 ? hex_of(text + 2) : 0;
        bool is_escape = code && text[6] == '_' && (code < 0xD800 || code > 0xDFFF);
        if (is_escape)
            buffer_add_code_point(&buffer, code);
        else
            buffer_add_char(&buffer, *text);
        text += is_escape ? 7 : 1;
    }
    return buffer_text(&buffer);
}

/* ---- styles.xml: which numbers are times ----------------------------------------------------- */

typedef struct NumberFormat {
    int id;
    SheetStyle style;
} NumberFormat;

typedef struct StylesState {
    LIST(NumberFormat) formats;
    bool is_in_cells;
} StylesState;

/* A pattern outside its quotes and brackets: y and d make a day, h and s a time. */
static SheetStyle style_of_pattern(const char *pattern)
{
    bool has_day = false, has_time = false;
    for (char closing = 0; *pattern; pattern++) {
        char c = (char)tolower((unsigned char)*pattern);
        if (closing)
            closing = c == closing ? 0 : closing;
        else if (c == '"' || c == '[')
            closing = c == '"' ? '"' : ']';
        else if ((c == '\\' || c == '_' || c == '*') && pattern[1])
            pattern++;
        else if (c == ';')
            break;
        has_day |= !closing && (c == 'y' || c == 'd');
        has_time |= !closing && (c == 'h' || c == 's');
    }
    if (has_day)
        return has_time ? STYLE_MOMENT : STYLE_DAY;
    return has_time ? STYLE_TIME : STYLE_NUMBER;
}

/* The formats that every program knows by number (ECMA-376 18.8.30; 27 to 58 are the days and times
 * of East Asian editions). */
static SheetStyle style_of_builtin(int id)
{
    if (id == 22)
        return STYLE_MOMENT;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
        return STYLE_DAY;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47))
        return STYLE_TIME;
    return STYLE_NUMBER;
}

static SheetStyle style_of(const StylesState *state, int id)
{
    list_each (const NumberFormat, each, &state->formats)
        if (each->id == id)
            return each->style;
    return style_of_builtin(id);
}

static int int_of(const char *text)
{
    int64_t value;
    return text && text_to_int64(text, &value) && value >= 0 && value < INT32_MAX ? (int)value : 0;
}

static void on_style_start(SheetWalk *walk, const char *name, const char **attributes)
{
    StylesState *state = walk->state;
    SheetBook *book = walk->book;
    if (book->styles.count + state->formats.count >= STYLES_MOST)
        refuse_part(walk, "too many styles");
    else if (text_equal(name, "numFmt") && sheet_attribute(attributes, "formatCode") &&
             state->formats.count < 1000)
        list_add(book->arena, &state->formats,
                 (NumberFormat){int_of(sheet_attribute(attributes, "numFmtId")),
                                style_of_pattern(sheet_attribute(attributes, "formatCode"))});
    else if (text_equal(name, "cellXfs"))
        state->is_in_cells = true;
    else if (text_equal(name, "xf") && state->is_in_cells)
        list_add(book->arena, &book->styles,
                 style_of(state, int_of(sheet_attribute(attributes, "numFmtId"))));
}

static void on_style_end(SheetWalk *walk, const char *name)
{
    StylesState *state = walk->state;
    if (text_equal(name, "cellXfs"))
        state->is_in_cells = false;
}

static bool read_styles(SheetBook *book, const char *part, Error *err)
{
    StylesState state = {0};
    SheetWalk walk = {.book = book,
                      .part = part,
                      .err = err,
                      .state = &state,
                      .start = on_style_start,
                      .end = on_style_end};
    return !part || sheet_walk(&walk);
}

/* ---- the book -------------------------------------------------------------------------------- */

/* "xl/workbook.xml" -> "xl/_rels/workbook.xml.rels", and the folder "xl/". */
static const char *relations_of(Arena *arena, const char *part, const char **out_folder)
{
    const char *slash = strrchr(part, '/');
    *out_folder = slash ? arena_text_n(arena, part, (size_t)(slash + 1 - part)) : "";
    return arena_printf(arena, "%s_rels/%s.rels", *out_folder, slash ? slash + 1 : part);
}

static bool read_book(SheetBook *book, Error *err)
{
    Relations top = {.folder = ""}, own = {0};
    if (!read_relations(book, "_rels/.rels", &top, err))
        return false;
    const char *workbook = target_of_type(&top, "/officeDocument");
    if (!workbook)
        return error_set(err, ERROR_INVALID, .code = "sheet.format");
    const char *part = relations_of(book->arena, workbook, &own.folder);
    SheetWalk walk = {
        .book = book, .part = workbook, .err = err, .state = &own, .start = on_workbook};
    return read_relations(book, part, &own, err) && sheet_walk(&walk) &&
           read_strings(book, target_of_type(&own, "/sharedStrings"), err) &&
           read_styles(book, target_of_type(&own, "/styles"), err);
}

SheetBook *sheet_open(Arena *arena, const char *data, size_t length, const SheetLimits *limits,
                      Error *err)
{
    SheetBook *book = arena_new(arena, SheetBook);
    Error wrong = ERROR_NONE;
    *book = (SheetBook){.arena = arena, .limits = *limits};
    if (length > limits->bytes)
        error_set(&wrong, ERROR_TOO_LARGE, .code = "sheet.size",
                  .with = {{"limit", arena_printf(arena, "%zu", limits->bytes >> 20)}});
    else if (is_old_or_encrypted(data, length))
        error_set(&wrong, ERROR_UNSUPPORTED, .code = "sheet.encrypted");
    else if (!(book->zip = open_zip(data, length)))
        error_set(&wrong, ERROR_INVALID, .code = "sheet.format");
    if (book->zip)
        arena_on_destroy(arena, close_zip, book->zip);
    if (!error_is_set(&wrong) && check_parts(book, &wrong) && check_content_types(book, &wrong) &&
        read_book(book, &wrong))
        return book;
    error_fill(err, wrong);
    return NULL;
}

const char *const *sheet_names(const SheetBook *book, size_t *out_count)
{
    *out_count = book->names.count;
    return book->names.items;
}
