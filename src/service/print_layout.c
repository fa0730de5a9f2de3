/*
 * print_layout.c - blocks of the tree to lines at places on pages, by the rules of Chinese setting:
 * paragraphs indented by two characters, lines that begin with no closing mark (Pango, UAX #14), no
 * single line of a paragraph alone on a page, the signature at the right bottom in one piece.
 */
#include "service/print_layout.h"

#include <string.h>

#define SERIF "Noto Serif CJK SC"
#define BOLD  SERIF " Bold" /* one type less to carry than headings in a sans would */

enum { FOOT_GAP = 14, SEAL_MM = 42, QR_MM = 28, IMAGE_MM = 40 };

const PrintType PRINT_TYPE_BODY = {SERIF, 14, 24, PANGO_ALIGN_LEFT, true, 2, 0, 0};
const PrintType PRINT_TYPE_TABLE = {SERIF, 11, 16, PANGO_ALIGN_LEFT, false, 0, 0, 0};
const PrintType PRINT_TYPE_HEAD = {BOLD, 11, 16, PANGO_ALIGN_CENTER, false, 0, 0, 0};
const PrintType PRINT_TYPE_SMALL = {SERIF, 10.5, 17, PANGO_ALIGN_LEFT, true, 0, 4, 0};
const PrintType PRINT_TYPE_FOOT = {SERIF, 9, 14, PANGO_ALIGN_CENTER, false, 0, 0, 0};

static const PrintType title_type = {BOLD, 22, 34, PANGO_ALIGN_CENTER, false, 0, 0, 10};
static const PrintType heading_type = {BOLD, 14, 24, PANGO_ALIGN_LEFT, false, 2, 6, 0};
static const PrintType number_type = {SERIF, 12, 20, PANGO_ALIGN_CENTER, false, 0, 0, 14};
static const PrintType sign_type = {SERIF, 14, 24, PANGO_ALIGN_CENTER, false, 0, 0, 0};

/* ---- text ------------------------------------------------------------------------------------ */

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

static void fill(PangoLayout *layout, Arena *arena, const PrintNode *node, const char *prefix)
{
    Buffer text = buffer_init(arena, 0);
    PangoAttrList *attributes = pango_attr_list_new();
    buffer_add(&text, prefix ? prefix : "");
    list_each (PrintRun, run, &node->runs) {
        size_t from = text.length;
        buffer_add(&text, run->text ? run->text : "\n");
        if (run->is_strong)
            add_attribute(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, text.length);
        if (run->is_underlined)
            add_attribute(attributes, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), from,
                          text.length);
    }
    pango_layout_set_text(layout, buffer_text(&text), (int)text.length);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

PangoLayout *setter_text(Setter *setter, const PrintNode *node, const PrintType *type, double width,
                         const char *prefix)
{
    PangoLayout *layout = pango_layout_new(setter->context);
    PangoFontDescription *font = pango_font_description_from_string(type->font);
    pango_font_description_set_size(font, (int)(type->size * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, type->alignment);
    pango_layout_set_justify(layout, type->is_justified);
    pango_layout_set_indent(layout, (int)(type->indent * type->size * PANGO_SCALE));
    fill(layout, setter->arena, node, prefix);
    list_add(setter->arena, &setter->layouts, layout);
    return layout;
}

void setter_put(Setter *setter, PrintItem item)
{
    item.page = setter->page;
    list_add(setter->arena, &setter->pages.items, item);
}

void setter_put_rule(Setter *setter, double x, double y, double width, double height)
{
    setter_put(
        setter,
        (PrintItem){.ink = PRINT_INK_RULE, .x = x, .y = y, .width = width, .height = height});
}

/* The square of a Chinese character stands in the middle of its line. */
static double baseline(const PrintType *type)
{
    return type->leading / 2 + type->size * 0.38;
}

void setter_put_lines(Setter *setter, const PrintNode *node, const PrintType *type,
                      PangoLayout *layout, int first, int count, double x, double y)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    int at = 0;
    do {
        PangoRectangle place;
        pango_layout_iter_get_line_extents(iter, NULL, &place);
        if (at >= first && at < first + count)
            setter_put(setter, (PrintItem){.ink = PRINT_INK_LINE,
                                           .x = x + (double)place.x / PANGO_SCALE,
                                           .y = y + (at - first) * type->leading + baseline(type),
                                           .line = pango_layout_iter_get_line_readonly(iter),
                                           .node = node});
        at++;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

/* ---- pages ----------------------------------------------------------------------------------- */

void setter_new_page(Setter *setter)
{
    setter->page++;
    setter->pages.count = setter->page + 1;
    setter->y = TEXT_TOP;
}

bool setter_need(Setter *setter, double height)
{
    bool is_at_top = setter->y <= TEXT_TOP;
    if (setter->y + height <= TEXT_BOTTOM || is_at_top)
        return false;
    setter_new_page(setter);
    return true;
}

/* How many of the lines that are left go on this page, so that no line stands alone. */
static int lines_here(const Setter *setter, const PrintType *type, int left, bool is_begin)
{
    int room = (int)((TEXT_BOTTOM - setter->y) / type->leading);
    if (left <= room)
        return left;
    if (left - room == 1)
        room--;
    return is_begin && room < 2 && setter->y > TEXT_TOP ? 0 : room;
}

static void put_paragraph(Setter *setter, const PrintNode *node, const PrintType *type,
                          const char *prefix)
{
    PangoLayout *layout = setter_text(setter, node, type, TEXT_WIDTH, prefix);
    int count = pango_layout_get_line_count(layout), first = 0;
    setter->y += type->before;
    while (first < count && setter->page < PRINT_PAGES_MAX) {
        int here = lines_here(setter, type, count - first, first == 0);
        setter_put_lines(setter, node, type, layout, first, here, TEXT_LEFT, setter->y);
        setter->y += here * type->leading;
        first += here;
        if (first < count)
            setter_new_page(setter);
    }
    setter->y += type->after;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static PrintType paragraph_type(const PrintNode *node)
{
    PrintType type = PRINT_TYPE_BODY;
    if (print_has_style(node, "small"))
        type = PRINT_TYPE_SMALL;
    if (print_has_style(node, "number"))
        type = number_type;
    if (print_has_style(node, "to") || print_has_style(node, "plain"))
        type.indent = 0;
    if (print_has_style(node, "right"))
        type.alignment = PANGO_ALIGN_RIGHT, type.indent = 0, type.is_justified = false;
    if (print_has_style(node, "centre"))
        type.alignment = PANGO_ALIGN_CENTER, type.indent = 0, type.is_justified = false;
    return type;
}

static void put_list(Setter *setter, const PrintNode *list)
{
    bool is_numbered = text_equal(list->name, "ol");
    int number = 1;
    list_each (PrintNode *, item, &list->children) {
        const char *prefix =
            is_numbered ? arena_printf(setter->arena, "%d．", number++) : "\u00B7 ";
        put_paragraph(setter, *item, &PRINT_TYPE_BODY, prefix);
    }
}

static void put_image(Setter *setter, const PrintNode *node)
{
    const unsigned char *png = (const unsigned char *)node->value;
    double pixels_wide = png[18] << 8 | png[19], pixels_high = png[22] << 8 | png[23];
    double width = (node->width > 0 ? node->width : IMAGE_MM) * PRINT_POINT_A_MM;
    width = width > TEXT_WIDTH ? TEXT_WIDTH : width;
    double height = pixels_wide > 0 ? width * pixels_high / pixels_wide : 0;
    if (height > TEXT_BOTTOM - TEXT_TOP)
        height = TEXT_BOTTOM - TEXT_TOP;
    setter->has_images = true;
    setter_need(setter, height);
    setter_put(setter, (PrintItem){.ink = PRINT_INK_IMAGE,
                                   .x = TEXT_LEFT + (TEXT_WIDTH - width) / 2,
                                   .y = setter->y,
                                   .width = width,
                                   .height = height,
                                   .node = node});
    setter->y += height + 6;
}

static void put_rule(Setter *setter, const PrintNode *node)
{
    if (print_has_style(node, "page")) {
        if (setter->y > TEXT_TOP)
            setter_new_page(setter);
        return;
    }
    setter_need(setter, 12);
    setter_put_rule(setter, TEXT_LEFT, setter->y + 6, TEXT_WIDTH, 0.5);
    setter->y += 12;
}

/* On pre-printed paper the sheet says where, not the text before it. */
static void put_place(Setter *setter, const PrintNode *place)
{
    double x = place->x * PRINT_POINT_A_MM, y = place->y * PRINT_POINT_A_MM;
    double width = place->width > 0 ? place->width * PRINT_POINT_A_MM : PAGE_WIDTH - x;
    setter->has_places = true;
    list_each (PrintNode *, child, &place->children) {
        PrintType type = paragraph_type(*child);
        type.indent = 0;
        type.is_justified = false;
        PangoLayout *layout = setter_text(setter, *child, &type, width, NULL);
        int count = pango_layout_get_line_count(layout);
        setter_put_lines(setter, *child, &type, layout, 0, count, x, y);
        y += count * type.leading;
    }
}

/* ---- the foot of a paper: QR codes at the left, who signs at the right ----------------------- */

static const PrintNode *caption_of(const PrintNode *qr)
{
    return qr->children.count ? qr->children.items[0] : NULL;
}

static double qr_size(const PrintNode *qr)
{
    return (qr->width > 0 ? qr->width : QR_MM) * PRINT_POINT_A_MM;
}

/* One code with its caption; gives the height. */
static double put_qr(Setter *setter, const PrintNode *qr, double x, double y, bool is_measured)
{
    double size = qr_size(qr), height = size;
    const PrintNode *caption = caption_of(qr);
    if (!is_measured)
        setter_put(
            setter,
            (PrintItem){
                .ink = PRINT_INK_QR, .x = x, .y = y, .width = size, .height = size, .node = qr});
    if (!caption)
        return height;
    PangoLayout *layout = setter_text(setter, caption, &PRINT_TYPE_FOOT, size + 24, NULL);
    int count = pango_layout_get_line_count(layout);
    if (!is_measured)
        setter_put_lines(setter, caption, &PRINT_TYPE_FOOT, layout, 0, count, x - 12, y + size + 2);
    return height + 2 + count * PRINT_TYPE_FOOT.leading;
}

static double put_codes(Setter *setter, const PrintNode *const *codes, size_t count,
                        bool is_measured)
{
    double x = TEXT_LEFT, tallest = 0;
    for (size_t i = 0; i < count; i++) {
        double height = put_qr(setter, codes[i], x, setter->y, is_measured);
        tallest = height > tallest ? height : tallest;
        x += qr_size(codes[i]) + 28;
    }
    return tallest;
}

static double sign_height(const PrintNode *sign)
{
    double lines = (double)sign->children.count * sign_type.leading;
    double seal = SEAL_MM * PRINT_POINT_A_MM;
    return print_has_style(sign, "bare") || lines > seal ? lines : seal;
}

/* The seal lies over who signs and the date. */
static void put_sign(Setter *setter, const PrintNode *sign, double height)
{
    double width = 220, x = TEXT_LEFT + TEXT_WIDTH - width;
    double lines = (double)sign->children.count * sign_type.leading;
    double y = setter->y + (height - lines) / 2;
    if (!print_has_style(sign, "bare"))
        setter_put(setter, (PrintItem){.ink = PRINT_INK_SEAL,
                                       .x = x + width / 2,
                                       .y = setter->y + height / 2,
                                       .width = SEAL_MM * PRINT_POINT_A_MM,
                                       .node = sign});
    list_each (PrintNode *, child, &sign->children) {
        PangoLayout *layout = setter_text(setter, *child, &sign_type, width, NULL);
        int count = pango_layout_get_line_count(layout);
        setter_put_lines(setter, *child, &sign_type, layout, 0, count, x, y);
        y += count * sign_type.leading;
    }
}

/* Codes in a row, and the signature before or behind them. */
typedef struct Foot {
    const PrintNode *codes[4];
    size_t count;
    const PrintNode *sign;
    size_t end; /* the block behind it */
} Foot;

static bool is_foot(const PrintNode *root, size_t at, PrintKind kind)
{
    return at < root->children.count && root->children.items[at]->kind == kind;
}

static Foot find_foot(const PrintNode *root, size_t at)
{
    Foot foot = {0};
    if (is_foot(root, at, PRINT_SIGN))
        foot.sign = root->children.items[at++];
    while (is_foot(root, at, PRINT_QR) && foot.count < 4)
        foot.codes[foot.count++] = root->children.items[at++];
    if (!foot.sign && is_foot(root, at, PRINT_SIGN))
        foot.sign = root->children.items[at++];
    foot.end = at;
    return foot;
}

static double foot_height(Setter *setter, const Foot *foot)
{
    double height = put_codes(setter, foot->codes, foot->count, true);
    return foot->sign && sign_height(foot->sign) > height ? sign_height(foot->sign) : height;
}

/* Both stand side by side in one piece. */
static void put_foot(Setter *setter, const Foot *foot)
{
    double height = foot_height(setter, foot);
    setter->y += FOOT_GAP;
    setter_need(setter, height);
    put_codes(setter, foot->codes, foot->count, false);
    if (foot->sign)
        put_sign(setter, foot->sign, height);
    setter->y += height + 6;
}

/* ---- the paper ------------------------------------------------------------------------------- */

static void put_text(Setter *setter, const PrintNode *node)
{
    PrintType type = node->kind == PRINT_TITLE     ? title_type
                     : node->kind == PRINT_HEADING ? heading_type
                                                   : paragraph_type(node);
    if (node->kind != PRINT_PARAGRAPH) /* never the last on a page */
        setter_need(setter, type.before + type.leading + 3 * PRINT_TYPE_BODY.leading);
    put_paragraph(setter, node, &type, NULL);
}

static void put_block(Setter *setter, const PrintNode *node)
{
    switch (node->kind) {
    case PRINT_LIST: put_list(setter, node); break;
    case PRINT_FACTS: setter_put_facts(setter, node); break;
    case PRINT_TABLE: setter_put_table(setter, node); break;
    case PRINT_IMAGE: put_image(setter, node); break;
    case PRINT_RULE: put_rule(setter, node); break;
    case PRINT_PLACE: put_place(setter, node); break;
    default: put_text(setter, node);
    }
}

/* A signature never stands on a page without the words that are signed. */
static void keep_with_foot(Setter *setter, const PrintNode *root, size_t at)
{
    const PrintNode *node = root->children.items[at];
    Foot foot = find_foot(root, at + 1);
    if (node->kind != PRINT_PARAGRAPH || foot.end == at + 1)
        return;
    PrintType type = paragraph_type(node);
    PangoLayout *layout = setter_text(setter, node, &type, TEXT_WIDTH, NULL);
    double height = pango_layout_get_line_count(layout) * type.leading + FOOT_GAP;
    setter_need(setter, height + foot_height(setter, &foot));
}

void setter_put_paper(Setter *setter, const PrintPaper *paper)
{
    const PrintNode *root = paper->root;
    setter->y = TEXT_TOP;
    setter->pages.count = 1;
    for (size_t i = 0; i < root->children.count && setter->page < PRINT_PAGES_MAX;) {
        Foot foot = find_foot(root, i);
        if (foot.end > i) {
            put_foot(setter, &foot);
            i = foot.end;
            continue;
        }
        keep_with_foot(setter, root, i);
        put_block(setter, root->children.items[i]);
        i++;
    }
}

void setter_finish(Setter *setter)
{
    list_each (PangoLayout *, layout, &setter->layouts)
        g_object_unref(*layout);
    g_object_unref(setter->context);
}
