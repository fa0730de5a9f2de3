/* document_sheet.c - template and values to the layout tree that page and PDF are made of. */
#include <string.h>

#include "apps/document/document.h"

enum { SHEET_BYTES_MOST = 256 * 1024 };

/* The content with what it does not say of its code: those of certificates say nothing. */
static const char *with_code(const App *app, Arena *arena, const DocumentSheet *sheet)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "code", sheet->code);
    json_put_text(&json, "code_words", document_code_words(arena, sheet->code));
    json_put_text(&json, "verify_url", document_verify_url(app, arena, sheet->code));
    buffer_printf(&text, ",%s", sheet->content + 1);
    return buffer_text(&text);
}

static const Json *values_of(const App *app, Arena *arena, const DocumentSheet *sheet, Error *err)
{
    const Json *values =
        json_parse(arena, sheet->content, strlen(sheet->content), &JSON_LIMITS, err);
    if (!values || json_get(values, "code"))
        return values;
    const char *text = with_code(app, arena, sheet);
    return json_parse(arena, text, strlen(text), &JSON_LIMITS, err);
}

/* Licences that know nothing of codes still carry theirs. */
static bool add_code(Arena *arena, const Json *values, Buffer *out, Error *err)
{
    static const char figure[] =
        "\n{{! }}<figure class=\"qr\" data-value=\"{{verify_url}}\" data-size=\"24\"><figcaption>"
        "扫码查验真伪 {{code_words}}</figcaption></figure>";
    if (strstr(buffer_text(out), "class=\"qr\""))
        return true;
    const Template *template =
        template_compile(arena, figure, sizeof figure - 1, TEMPLATE_HTML, err);
    return template && template_render(template, values, out, NULL, err);
}

const PrintPaper *document_set(DbConn *conn, App *app, Arena *arena, const DocumentSheet *sheet,
                               Error *err)
{
    Buffer text = buffer_init(arena, SHEET_BYTES_MOST);
    const Template *template = catalogue_template(app, conn, sheet->template, err);
    const Json *values = template ? values_of(app, arena, sheet, err) : NULL;
    if (!values || !template_render(template, values, &text, NULL, err) ||
        !add_code(arena, values, &text, err))
        return NULL;
    return print_parse(arena, text.data, text.length, err);
}
