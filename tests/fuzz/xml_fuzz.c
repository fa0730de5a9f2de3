/*
 * xml_fuzz.c - any bytes into the XML reader; the tree that comes out must hang together.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    if (!text || !text_is_utf8(text, strlen(text)))
        abort();
}

static void check_element(const XmlElement *element, size_t depth)
{
    if (depth > XML_LIMITS.depth || element->line < 1 || element->column < 1)
        abort();
    check_text(element->name);
    check_text(element->text);
    for (size_t i = 0; i < element->attribute_count; i++) {
        check_text(element->attributes[i].value);
        if (!xml_attribute(element, XML_ANY_NAMESPACE, element->attributes[i].name))
            abort();
    }
    xml_each (child, element) {
        if (child->parent != element || child->line < element->line)
            abort();
        check_element(child, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_create(32 * 1024 * 1024);
    Error err = ERROR_NONE;
    XmlElement *root = xml_parse(arena, (const char *)data, size, &XML_LIMITS, &err);
    if (!root != error_is_set(&err))
        abort();
    if (root)
        check_element(root, 1);
    arena_destroy(arena);
    return 0;
}
