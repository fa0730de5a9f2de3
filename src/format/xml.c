/*
 * xml.c - libxml2's SAX events into a tree in the arena.
 *
 *     bytes -> size, encoding -> outline (no DOCTYPE, few attributes) -> libxml2 -> tree
 *
 * libxml2 decides what is well-formed; we keep what models use. It reports through the handler of
 * its context only, so nothing is printed and no global is touched. The outline is looked at
 * beforehand because libxml2 compares the attributes of an element pairwise: a megabyte of them
 * would keep a processor busy for seconds. Positions come from our own text and the number of
 * bytes consumed, since libxml2 tells where a start tag ends and a person looks where it begins.
 */
#include "format/xml.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "format/place.h"

const XmlLimits XML_LIMITS = {
    .bytes = (size_t)2 * 1024 * 1024, .depth = 64, .nodes = 200000, .attributes = 64};

/* An element that is still open. Frames stay when their element closes and are used again by the
 * next one at that depth, buffer included. */
typedef struct Frame {
    XmlElement *element;
    size_t first_child; /* in Reader.pending */
    Buffer text;
} Frame;

typedef struct Reader {
    Arena *arena;
    const XmlLimits *limits;
    const char *data;
    size_t length;
    Place place;
    xmlParserCtxtPtr parser;
    LIST(Frame) frames;
    size_t depth;
    size_t node_count;
    LIST(XmlElement *) pending; /* closed children of open elements */
    XmlElement *root;
    bool has_failed;
    Error *err;
} Reader;

/* Fills the error at a byte offset and stops libxml2. */
static bool fail_at(Reader *r, size_t offset, ErrorKind kind, const char *code, const char *detail)
{
    if (r->has_failed)
        return false;
    r->has_failed = true;
    place_move(&r->place, r->data + (offset < r->length ? offset : r->length));
    if (r->parser)
        xmlStopParser(r->parser);
    return place_error(r->arena, &r->place, kind, code, detail, r->err);
}

static size_t consumed(const Reader *r)
{
    long bytes = xmlByteConsumed(r->parser);
    if (bytes < 0 || (size_t)bytes > r->length)
        return r->length;
    return (size_t)bytes;
}

static bool fail(Reader *r, ErrorKind kind, const char *code, const char *detail)
{
    return fail_at(r, consumed(r), kind, code, detail);
}

/* ---- the outline ----------------------------------------------------------------------------- */

/* Behind the next `close`, or the end. */
static const char *skip_past(const char *at, const char *end, const char *close)
{
    const char *found = memmem(at, (size_t)(end - at), close, strlen(close));
    return found ? found + strlen(close) : end;
}

/* Behind a start or end tag; counts its quoted values. */
static const char *skip_tag(const char *at, const char *end, size_t *out_values)
{
    for (; at < end && *at != '>'; at++) {
        if (*at != '"' && *at != '\'')
            continue;
        ++*out_values;
        const char *close = memchr(at + 1, *at, (size_t)(end - at) - 1);
        at = close ? close : end - 1;
    }
    return at;
}

static bool starts_with(const char *at, const char *end, const char *prefix)
{
    size_t length = strlen(prefix);
    return (size_t)(end - at) >= length && memcmp(at, prefix, length) == 0;
}

/* What stands at a "<": behind it, or NULL after an error. */
static const char *check_markup(Reader *r, const char *at, const char *end)
{
    if (starts_with(at, end, "<!--"))
        return skip_past(at + 4, end, "-->");
    if (starts_with(at, end, "<![CDATA["))
        return skip_past(at, end, "]]>");
    if (starts_with(at, end, "<?"))
        return skip_past(at, end, "?>");
    size_t offset = (size_t)(at - r->data), values = 0;
    if (starts_with(at, end, "<!DOCTYPE")) {
        fail_at(r, offset, ERROR_INVALID, "xml.doctype", "DOCTYPE is refused");
        return NULL;
    }
    const char *behind = skip_tag(at + 1, end, &values);
    if (values <= r->limits->attributes)
        return behind;
    fail_at(r, offset, ERROR_TOO_LARGE, "xml.size", "too many attributes");
    return NULL;
}

static bool check_outline(Reader *r)
{
    const char *at = r->data, *end = r->data + r->length;
    while (at && (at = memchr(at, '<', (size_t)(end - at))))
        at = check_markup(r, at, end);
    return !r->has_failed;
}

/* ---- libxml2's events ------------------------------------------------------------------------ */

static bool check_growth(Reader *r, size_t more_nodes)
{
    r->node_count += more_nodes;
    if (r->depth >= r->limits->depth)
        return fail(r, ERROR_INVALID, "xml.depth", "nested too deeply");
    if (r->node_count > r->limits->nodes || arena_is_over(r->arena))
        return fail(r, ERROR_TOO_LARGE, "xml.size", "too many elements and attributes");
    return true;
}

/* Most elements and prefixed attributes share the namespace of what holds them. */
static const char *keep_uri(Arena *arena, const xmlChar *uri, const char *likely)
{
    if (!uri)
        return NULL;
    return text_equal((const char *)uri, likely) ? likely : arena_text(arena, (const char *)uri);
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, value, end of value. */
static void keep_attributes(Reader *r, XmlElement *element, int count, const xmlChar **five)
{
    element->attribute_count = (size_t)count;
    element->attributes = arena_array(r->arena, XmlAttribute, (size_t)count);
    for (int i = 0; i < count; i++, five += 5)
        element->attributes[i] = (XmlAttribute){
            .namespace_uri = keep_uri(r->arena, five[2], element->namespace_uri),
            .name = arena_text(r->arena, (const char *)five[0]),
            .value = arena_text_n(r->arena, (const char *)five[3], (size_t)(five[4] - five[3])),
        };
}

/* A "<" cannot stand inside a tag, so the nearest one before what is consumed opens this tag. */
static void locate(Reader *r, XmlElement *element)
{
    size_t offset = consumed(r);
    const char *tag = memrchr(r->data, '<', offset);
    if (tag)
        place_move(&r->place, tag);
    element->line = r->place.line;
    element->column = r->place.column;
}

static void open_frame(Reader *r, XmlElement *element)
{
    if (r->frames.count == r->depth)
        list_add(r->arena, &r->frames, (Frame){.text = buffer_init(r->arena, 0)});
    Frame *frame = &r->frames.items[r->depth++];
    frame->element = element;
    frame->first_child = r->pending.count;
    frame->text.length = 0;
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    (void)prefix, (void)namespaces, (void)defaulted_count;
    Reader *r = data;
    if (r->has_failed || !check_growth(r, 1 + (size_t)attribute_count + (size_t)namespace_count))
        return;
    XmlElement *element = arena_new(r->arena, XmlElement);
    element->parent = r->depth ? r->frames.items[r->depth - 1].element : NULL;
    element->namespace_uri =
        keep_uri(r->arena, uri, element->parent ? element->parent->namespace_uri : NULL);
    element->name = arena_text(r->arena, (const char *)name);
    keep_attributes(r, element, attribute_count, attributes);
    locate(r, element);
    open_frame(r, element);
}

static bool is_blank(const Buffer *text)
{
    return !text->length || strspn(text->data, " \t\r\n") >= text->length;
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name, (void)prefix, (void)uri;
    Reader *r = data;
    if (r->has_failed || r->depth == 0)
        return;
    Frame *frame = &r->frames.items[--r->depth];
    XmlElement *element = frame->element;
    size_t first = frame->first_child;
    element->child_count = r->pending.count - first;
    if (element->child_count)
        element->children = arena_copy(r->arena, r->pending.items + first,
                                       element->child_count * sizeof *element->children);
    bool is_layout = element->child_count > 0 && is_blank(&frame->text);
    element->text =
        arena_text_n(r->arena, buffer_text(&frame->text), is_layout ? 0 : frame->text.length);
    r->pending.count = first;
    list_add(r->arena, &r->pending, element);
    r->root = element;
}

static void on_text(void *data, const xmlChar *text, int length)
{
    Reader *r = data;
    if (r->has_failed || r->depth == 0)
        return;
    if (arena_is_over(r->arena))
        fail(r, ERROR_TOO_LARGE, "xml.size", "the tree is larger than its arena");
    else
        buffer_add_n(&r->frames.items[r->depth - 1].text, (const char *)text, (size_t)length);
}

/* The outline refuses it first; this is the second lock on the door. */
static void on_doctype(void *data, const xmlChar *name, const xmlChar *external_id,
                       const xmlChar *system_id)
{
    (void)name, (void)external_id, (void)system_id;
    fail(data, ERROR_INVALID, "xml.doctype", "DOCTYPE is refused");
}

static void on_error(void *data, xmlErrorPtr error)
{
    Reader *r = data;
    if (error->level < XML_ERR_ERROR || r->has_failed)
        return;
    const char *reason = error->message ? error->message : "";
    reason = arena_text_n(r->arena, reason, strcspn(reason, "\n"));
    fail(r, ERROR_INVALID, "xml.syntax", reason);
    if (r->err)
        r->err->with[2] = (ErrorParam){"reason", reason};
}

static const xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
    .ignorableWhitespace = on_text,
    .internalSubset = on_doctype,
    .serror = on_error,
};

/* XML_PARSE_NOENT has libxml2 hand over "&" for "&amp;" in attributes (else it is "&#38;"); without
 * DOCTYPE there is nothing else to expand. The declared encoding is not believed: the text was
 * checked to be UTF-8. */
static bool run_parser(Reader *r)
{
    xmlInitParser();
    r->parser = xmlNewParserCtxt();
    if (!r->parser)
        return error_set(r->err, ERROR_UNAVAILABLE, .code = "xml.memory");
    *r->parser->sax = handler;
    r->parser->userData = r;
    xmlDocPtr none = xmlCtxtReadMemory(r->parser, r->data, (int)r->length, NULL, NULL,
                                       XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlFreeDoc(none);
    if (!r->root || r->depth > 0 || !r->parser->wellFormed)
        fail(r, ERROR_INVALID, "xml.syntax", "no complete element");
    xmlFreeParserCtxt(r->parser);
    return !r->has_failed;
}

static bool check_input(Reader *r)
{
    if (r->length > r->limits->bytes || r->length > INT32_MAX)
        return fail_at(r, 0, ERROR_TOO_LARGE, "xml.size", "the text is too long");
    const char *bad = place_find_bad_utf8(r->data, r->length);
    if (bad)
        return fail_at(r, (size_t)(bad - r->data), ERROR_INVALID, "xml.encoding",
                       "not UTF-8, or NUL");
    return true;
}

XmlElement *xml_parse(Arena *arena, const char *data, size_t length, const XmlLimits *limits,
                      Error *err)
{
    const char *start = length ? data : "";
    Reader r = {.arena = arena,
                .limits = limits,
                .data = start,
                .length = length,
                .place = place_start(start),
                .err = err};
    bool is_good = check_input(&r) && check_outline(&r) && run_parser(&r);
    return is_good ? r.root : NULL;
}

/* ---- reading a tree -------------------------------------------------------------------------- */

static bool is_named(const char *uri, const char *name, const char *wanted_uri, const char *wanted)
{
    return strcmp(name, wanted) == 0 &&
           (text_equal(wanted_uri, XML_ANY_NAMESPACE) || text_equal(uri, wanted_uri));
}

bool xml_is(const XmlElement *element, const char *namespace_uri, const char *name)
{
    return element && is_named(element->namespace_uri, element->name, namespace_uri, name);
}

const XmlElement *xml_child(const XmlElement *element, const char *namespace_uri, const char *name)
{
    xml_each (child, element)
        if (xml_is(child, namespace_uri, name))
            return child;
    return NULL;
}

const char *xml_attribute(const XmlElement *element, const char *namespace_uri, const char *name)
{
    for (size_t i = 0; element && i < element->attribute_count; i++) {
        const XmlAttribute *each = &element->attributes[i];
        if (is_named(each->namespace_uri, each->name, namespace_uri, name))
            return each->value;
    }
    return NULL;
}

const char *xml_child_text(const XmlElement *element, const char *namespace_uri, const char *name)
{
    const XmlElement *child = xml_child(element, namespace_uri, name);
    return child ? child->text : NULL;
}
