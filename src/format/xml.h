#ifndef FORMAT_XML_H
#define FORMAT_XML_H

/*
 * XML (1.0 with Namespaces): text in, tree of elements out, for the models that packs hold.
 *
 * What models do not need is refused or left out: a document type declaration is refused (and with
 * it every entity but the five of XML), nothing is ever fetched, comments and processing
 * instructions are skipped. Input is UTF-8 whatever its declaration says. A tree lives in the
 * arena and is not changed afterwards, so threads may share it.
 *
 * Mixed content is not kept in its order: `text` is all text directly inside an element, joined;
 * where there are child elements and only white space between them, it is "".
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"

typedef struct XmlAttribute {
    const char *namespace_uri; /* NULL for the usual attribute without prefix */
    const char *name;          /* without prefix */
    const char *value;
} XmlAttribute;

typedef struct XmlElement {
    const char *namespace_uri; /* NULL when in none */
    const char *name;          /* without prefix */
    XmlAttribute *attributes;
    size_t attribute_count;
    const char *text; /* never NULL; white space is kept, see text_trim */
    const struct XmlElement *parent;
    struct XmlElement **children;
    size_t child_count;
    int line; /* of the start tag's "<", from 1; the column counts code points */
    int column;
} XmlElement;

typedef struct XmlLimits {
    size_t bytes;      /* longest text taken; at most half of the arena's limit */
    size_t depth;      /* deepest nesting, at most 250 */
    size_t nodes;      /* elements and attributes together */
    size_t attributes; /* of one element, namespace declarations included */
} XmlLimits;

/* 2 MiB, 64 levels, 200 000 nodes, 64 attributes. */
extern const XmlLimits XML_LIMITS;

/* The root element. On failure NULL and one error with line and column: xml.syntax (also an
 * undeclared prefix; the parser's English reason is {reason}), xml.doctype, xml.encoding, xml.depth
 * (ERROR_INVALID), xml.size (ERROR_TOO_LARGE: bytes, nodes, attributes, or the arena). */
MUST_CHECK XmlElement *xml_parse(Arena *arena, const char *data, size_t length,
                                 const XmlLimits *limits, Error *err);

/* Given as namespace_uri to the verbs below: whatever the namespace. NULL means: in none. */
#define XML_ANY_NAMESPACE "*"

/* True when the element has this name in this namespace. NULL is no element. */
bool xml_is(const XmlElement *element, const char *namespace_uri, const char *name);

/* The first child of that name, or NULL; element may be NULL. */
const XmlElement *xml_child(const XmlElement *element, const char *namespace_uri, const char *name);

/* An attribute's value, or NULL when absent; element may be NULL. */
const char *xml_attribute(const XmlElement *element, const char *namespace_uri, const char *name);

/* The text of the first child of that name, or NULL when there is no such child. */
const char *xml_child_text(const XmlElement *element, const char *namespace_uri, const char *name);

/* Walks the child elements in their order; a NULL element is walked as empty. */
#define xml_each(child, element)                                                                   \
    for (const XmlElement *const *child##_at_ = xml_children(element),                             \
                                 *const *child##_end_ = xml_children_end(element),                 \
                                 *child = child##_at_ < child##_end_ ? *child##_at_ : NULL;        \
         child; child = ++child##_at_ < child##_end_ ? *child##_at_ : NULL)

/* The two ends of that walk; both NULL where there is nothing to walk. */
static inline const XmlElement *const *xml_children(const XmlElement *element)
{
    return element && element->child_count ? (const XmlElement *const *)element->children : NULL;
}

static inline const XmlElement *const *xml_children_end(const XmlElement *element)
{
    const XmlElement *const *first = xml_children(element);
    return first ? first + element->child_count : NULL;
}

#endif
