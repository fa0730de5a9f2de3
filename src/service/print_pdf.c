/*
 * print_pdf.c - items at their places to a PDF (cairo): text that can be selected and read out,
 * title, language and date of the paper, and the same bytes for the same paper.
 */
#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/print_layout.h"

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_qr(cairo_t *cr, Arena *arena, const PrintItem *item)
{
    PrintQr qr = print_qr(arena, item->node->value);
    double module = qr.size ? item->width / qr.size : 0;
    for (int y = 0; y < qr.size; y++)
        for (int x = 0; x < qr.size;) {
            int begin = x;
            while (x < qr.size && qr.dark[y * qr.size + x])
                x++;
            if (x > begin)
                cairo_rectangle(cr, item->x + begin * module, item->y + y * module,
                                (x - begin) * module, module);
            x += x == begin;
        }
    cairo_fill(cr);
}

typedef struct Bytes {
    const char *data;
    size_t size;
    size_t at;
} Bytes;

static cairo_status_t read_bytes(void *closure, unsigned char *data, unsigned int length)
{
    Bytes *bytes = closure;
    if (bytes->size - bytes->at < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(data, bytes->data + bytes->at, length);
    bytes->at += length;
    return CAIRO_STATUS_SUCCESS;
}

/* A picture that cannot be decoded leaves its place empty. */
static void draw_image(cairo_t *cr, const PrintItem *item)
{
    Bytes bytes = {.data = item->node->value, .size = item->node->value_size};
    cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_bytes, &bytes);
    int width = cairo_image_surface_get_width(image);
    int height = cairo_image_surface_get_height(image);
    if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS && width > 0 && height > 0) {
        cairo_save(cr);
        cairo_translate(cr, item->x, item->y);
        cairo_scale(cr, item->width / width, item->height / height);
        cairo_set_source_surface(cr, image, 0, 0);
        cairo_paint(cr);
        cairo_restore(cr);
    }
    cairo_surface_destroy(image);
}

/* Where the seal goes: a faint ring that the seal covers. */
static void draw_seal(cairo_t *cr, const PrintItem *item)
{
    static const double dashes[] = {2, 3};
    cairo_save(cr);
    cairo_set_source_rgb(cr, 0.75, 0.75, 0.75);
    cairo_set_line_width(cr, 0.6);
    cairo_set_dash(cr, dashes, 2, 0);
    cairo_new_path(cr);
    cairo_arc(cr, item->x, item->y, item->width / 2, 0, 6.283185307179586);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw(cairo_t *cr, Arena *arena, const PrintItem *item)
{
    switch (item->ink) {
    case PRINT_INK_LINE:
        cairo_move_to(cr, item->x, item->y);
        pango_cairo_show_layout_line(cr, item->line);
        break;
    case PRINT_INK_RULE:
        cairo_rectangle(cr, item->x, item->y, item->width, item->height);
        cairo_fill(cr);
        break;
    case PRINT_INK_QR: draw_qr(cr, arena, item); break;
    case PRINT_INK_IMAGE: draw_image(cr, item); break;
    case PRINT_INK_SEAL: draw_seal(cr, item); break;
    }
}

/* ---- structure, for those who have the paper read out ---------------------------------------- */

/* cairo 1.16 cannot make a tagged file with pictures in it. */
static bool is_tagged(const Setter *setter, const PrintItem *item)
{
    return !setter->has_images && item->node && item->ink != PRINT_INK_SEAL;
}

static const char *tag_of(const PrintNode *node)
{
    if (node->kind == PRINT_TITLE)
        return "H1";
    if (node->kind == PRINT_HEADING)
        return "H2";
    return node->kind == PRINT_QR ? "Figure" : "P";
}

static void draw_page(Setter *setter, cairo_t *cr, int page)
{
    const PrintNode *open = NULL;
    list_each (PrintItem, item, &setter->pages.items) {
        if (item->page != page)
            continue;
        const PrintNode *node = is_tagged(setter, item) ? item->node : NULL;
        if (open && node != open) {
            cairo_tag_end(cr, tag_of(open));
            open = NULL;
        }
        if (node && node != open) {
            cairo_tag_begin(cr, tag_of(node), NULL);
            open = node;
        }
        draw(cr, setter->arena, item);
    }
    if (open)
        cairo_tag_end(cr, tag_of(open));
}

/* 第 1 页 共 2 页. Pre-printed paper has its own. */
static void draw_foot(Setter *setter, cairo_t *cr, int page)
{
    PrintRun run = {
        .text = arena_printf(setter->arena, "第 %d 页  共 %d 页", page + 1, setter->pages.count)};
    PrintNode node = {.kind = PRINT_PARAGRAPH, .style = ""};
    if (setter->has_places)
        return;
    list_add(setter->arena, &node.runs, run);
    PangoLayout *layout = setter_text(setter, &node, &PRINT_TYPE_FOOT, TEXT_WIDTH, NULL);
    cairo_move_to(cr, TEXT_LEFT, PAGE_HEIGHT - 54);
    pango_cairo_show_layout(cr, layout);
}

static void draw_pages(Setter *setter, cairo_t *cr)
{
    if (!setter->has_images)
        cairo_tag_begin(cr, "Document", NULL);
    for (int page = 0; page < setter->pages.count; page++) {
        cairo_set_source_rgb(cr, 0, 0, 0);
        draw_page(setter, cr, page);
        draw_foot(setter, cr, page);
        if (page + 1 < setter->pages.count)
            cairo_show_page(cr);
    }
    if (!setter->has_images)
        cairo_tag_end(cr, "Document");
}

/* ---- the file -------------------------------------------------------------------------------- */

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    Buffer *out = closure;
    buffer_add_n(out, (const char *)data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void set_about(cairo_surface_t *surface, Arena *arena, const PrintAbout *about)
{
    const char *at = arena_printf(arena, "%sT00:00:00+08:00", date_text(arena, about->date));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Yimen");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

/* The last occurrence of a word, or NULL. */
static const char *last_word(const Buffer *file, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = file->length; at >= length; at--)
        if (memcmp(file->data + at - length, word, length) == 0)
            return file->data + at - length;
    return NULL;
}

/* The number behind a word that follows `from`; -1 when it is not there. */
static long long number_after(const char *from, const char *word)
{
    const char *found = from ? strstr(from, word) : NULL;
    return found ? strtoll(found + strlen(word), NULL, 10) : -1;
}

/* Where the dictionary of an object begins and its length, brackets included. */
static const char *dictionary_of(const Buffer *file, Arena *arena, long long object, size_t *length)
{
    const char *head = arena_printf(arena, "\n%lld 0 obj", object);
    const char *found = last_word(file, head);
    const char *begin = found ? strstr(found, "<<") : NULL;
    const char *end = begin ? strstr(begin, "endobj") : NULL;
    *length = end ? (size_t)(end - begin) : 0;
    while (*length > 2 && memcmp(begin + *length - 2, ">>", 2) != 0)
        --*length;
    return *length > 4 ? begin : NULL;
}

/* cairo 1.16 cannot say the language: an incremental update (ISO 32000-1, 7.5.6) replaces the
 * catalogue by one that does, and that shows the title. */
static bool add_language(Buffer *file, Arena *arena, const char *language)
{
    const char *trailer = last_word(file, "trailer");
    long long root = number_after(trailer, "/Root "), size = number_after(trailer, "/Size ");
    long long info = number_after(trailer, "/Info "), before = number_after(trailer, "startxref");
    size_t length;
    const char *dictionary = root > 0 ? dictionary_of(file, arena, root, &length) : NULL;
    if (!dictionary || size <= 0 || info <= 0 || before <= 0)
        return false;
    const char *inside = arena_text_n(arena, dictionary, length - 2);
    size_t object_at = file->length;
    buffer_printf(file,
                  "%lld 0 obj\n%s/Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>\n"
                  "endobj\n",
                  root, inside, language);
    size_t table_at = file->length;
    buffer_printf(file, "xref\n%lld 1\n%010zu 00000 n \n", root, object_at);
    buffer_printf(file, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /Prev %lld >>\n",
                  size, root, info, before);
    buffer_printf(file, "startxref\n%zu\n%%%%EOF\n", table_at);
    return true;
}

static bool has_font(PangoContext *context)
{
    PangoFontDescription *wanted = pango_font_description_from_string(PRINT_TYPE_BODY.font);
    PangoFont *font = pango_context_load_font(context, wanted);
    PangoFontDescription *found = font ? pango_font_describe(font) : NULL;
    const char *family = found ? pango_font_description_get_family(found) : NULL;
    bool is_there = family && text_starts_with(family, "Noto Serif CJK");
    pango_font_description_free(wanted);
    if (found)
        pango_font_description_free(found);
    if (font)
        g_object_unref(font);
    return is_there;
}

static PangoContext *new_context(const char *language)
{
    PangoFontMap *fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string(language));
    cairo_font_options_destroy(options);
    g_object_unref(fonts);
    return context;
}

static bool draw_file(Setter *setter, const PrintAbout *about, Buffer *file)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(write_bytes, file, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    set_about(surface, setter->arena, about);
    cairo_t *cr = cairo_create(surface);
    draw_pages(setter, cr);
    bool is_drawn = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    is_drawn = is_drawn && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return is_drawn && add_language(file, setter->arena, about->language);
}

bool print_pdf(const PrintPaper *paper, Arena *arena, const PrintAbout *about, DbBytes *out,
               Error *err)
{
    Setter setter = {.arena = arena, .context = new_context(about->language)};
    Buffer file = buffer_init(arena, 0);
    bool is_done = has_font(setter.context);
    if (!is_done)
        error_set(err, ERROR_UNAVAILABLE, .code = "print.font");
    else
        setter_put_paper(&setter, paper);
    if (is_done && setter.pages.count > PRINT_PAGES_MAX)
        is_done = error_set(err, ERROR_TOO_LARGE, .code = "print.size");
    if (is_done && !draw_file(&setter, about, &file))
        is_done = error_set(err, ERROR_INTERNAL, .code = "print.failed");
    setter_finish(&setter);
    *out = (DbBytes){.data = file.data, .size = file.length};
    return is_done;
}
