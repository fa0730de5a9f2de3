/*
 * print_html.c - layout tree to a part of a page. The elements are those of the text; QR codes
 * become drawings, so that no picture has to be fetched.
 */
#include <string.h>

#include "format/template.h"
#include "service/print_internal.h"

static void open_tag(Buffer *out, const char *name, const char *style)
{
    buffer_printf(out, "<%s", name);
    if (style && *style) {
        buffer_add(out, " class=\"");
        template_add_escaped(out, style);
        buffer_add(out, "\"");
    }
}

static void close_tag(Buffer *out, const char *name)
{
    buffer_printf(out, "</%s>", name);
}

static void put_attribute(Buffer *out, const char *name, const char *value)
{
    buffer_printf(out, " %s=\"", name);
    template_add_escaped(out, value);
    buffer_add(out, "\"");
}

static void put_run(Buffer *out, const PrintRun *run)
{
    const char *const names[] = {run->is_strong ? "strong" : NULL, run->is_underlined ? "u" : NULL};
    if (!run->text) {
        open_tag(out, "br", NULL);
        buffer_add_char(out, '>');
        return;
    }
    for (int i = 0; i < 2; i++)
        if (names[i]) {
            open_tag(out, names[i], NULL);
            buffer_add_char(out, '>');
        }
    template_add_escaped(out, run->text);
    for (int i = 1; i >= 0; i--)
        if (names[i])
            close_tag(out, names[i]);
}

/* Runs of dark modules, line by line, as one path. */
static void put_modules(Buffer *out, const PrintQr *qr)
{
    open_tag(out, "path", NULL);
    buffer_add(out, " d=\"");
    for (int y = 0; y < qr->size; y++)
        for (int x = 0; x < qr->size;) {
            int begin = x;
            while (x < qr->size && qr->dark[y * qr->size + x])
                x++;
            if (x > begin)
                buffer_printf(out, "M%d %dh%dv1h-%dz", begin, y, x - begin, x - begin);
            x += x == begin;
        }
    buffer_add(out, "\"/>");
}

static void put_qr(const char *value, const char *name, Buffer *out)
{
    PrintQr qr = print_qr(out->arena, value);
    open_tag(out, "svg", NULL);
    buffer_printf(out, " viewBox=\"-2 -2 %d %d\" role=\"img\"", qr.size + 4, qr.size + 4);
    put_attribute(out, "aria-label", name);
    buffer_add_char(out, '>');
    put_modules(out, &qr);
    close_tag(out, "svg");
}

const char *print_qr_picture(Arena *arena, const char *text, const char *name)
{
    Buffer out = buffer_init(arena, 0);
    put_qr(text, name, &out);
    return buffer_text(&out);
}

static void put_node(const PrintNode *node, Buffer *out);

static void put_children(const PrintNode *node, Buffer *out)
{
    list_each (PrintRun, run, &node->runs)
        put_run(out, run);
    list_each (PrintNode *, child, &node->children)
        put_node(*child, out);
}

static void put_image(const PrintNode *node, Buffer *out)
{
    open_tag(out, "img", NULL);
    put_attribute(out, "src", node->source);
    put_attribute(out, "alt", node->alt ? node->alt : "");
    buffer_add_char(out, '>');
}

static void put_node(const PrintNode *node, Buffer *out)
{
    if (node->kind == PRINT_IMAGE) {
        put_image(node, out);
        return;
    }
    open_tag(out, node->name, node->style);
    if (node->kind == PRINT_CELL && node->span > 1)
        buffer_printf(out, " colspan=\"%d\"", node->span);
    if (node->kind == PRINT_CELL && node->is_header)
        put_attribute(out, "scope", "col");
    buffer_add_char(out, '>');
    if (node->kind == PRINT_RULE)
        return;
    if (node->kind == PRINT_QR)
        put_qr(node->value, node->value, out);
    put_children(node, out);
    close_tag(out, node->name);
}

void print_html(const PrintPaper *paper, Buffer *out)
{
    put_children(paper->root, out);
}
