/*
 * diagram.c - BPMN DI: where an editor drew shapes and edges.
 *
 *     BPMNDiagram -> BPMNPlane -> BPMNShape (Bounds, label) and BPMNEdge (waypoints, label)
 *
 * Nothing here decides how a process runs, so what cannot be read is no error: the diagram is then
 * left out. Shapes of what the model does not know (data, annotations) are passed over.
 */
#include "bpmn/model_internal.h"

#include <string.h>

#include "base/decimal.h"

#define DI_NAMESPACE   "http://www.omg.org/spec/BPMN/20100524/DI"
#define DC_NAMESPACE   "http://www.omg.org/spec/DD/20100524/DC"
#define EDGE_NAMESPACE "http://www.omg.org/spec/DD/20100524/DI"

enum { FARTHEST = 100000, POINTS_MAX = 200 };

typedef struct Drawing {
    BpmnParse *parse;
    LIST(BpmnShape) shapes;
    LIST(BpmnEdge) edges;
    BpmnPoint low, high;
} Drawing;

/* A coordinate; false for what is no number or lies beyond any sheet. */
static bool read_number(const XmlElement *at, const char *name, double *out)
{
    const char *text = xml_attribute(at, NULL, name);
    Decimal value;
    if (!text || !decimal_from_text(text, strlen(text), &value))
        return false;
    *out = decimal_to_double(value);
    return *out >= -FARTHEST && *out <= FARTHEST;
}

static bool read_point(const XmlElement *at, BpmnPoint *out)
{
    return read_number(at, "x", &out->x) && read_number(at, "y", &out->y);
}

static void enclose(Drawing *drawing, BpmnPoint point)
{
    drawing->low.x = point.x < drawing->low.x ? point.x : drawing->low.x;
    drawing->low.y = point.y < drawing->low.y ? point.y : drawing->low.y;
    drawing->high.x = point.x > drawing->high.x ? point.x : drawing->high.x;
    drawing->high.y = point.y > drawing->high.y ? point.y : drawing->high.y;
}

static const XmlElement *label_bounds(const XmlElement *at)
{
    return xml_child(xml_child(at, DI_NAMESPACE, "BPMNLabel"), DC_NAMESPACE, "Bounds");
}

static bool read_bounds(const XmlElement *bounds, double *x, double *y, double *width,
                        double *height)
{
    return read_number(bounds, "x", x) && read_number(bounds, "y", y) &&
           read_number(bounds, "width", width) && read_number(bounds, "height", height) &&
           *width >= 0 && *height >= 0;
}

static bool read_shape(Drawing *drawing, const XmlElement *at)
{
    BpmnShape shape = {0};
    const char *id = xml_attribute(at, NULL, "bpmnElement");
    const BpmnElement *element = id ? map_get(&drawing->parse->model->elements_by_id, id) : NULL;
    const XmlElement *bounds = xml_child(at, DC_NAMESPACE, "Bounds");
    const XmlElement *label = label_bounds(at);
    if (!element || element->index == 0)
        return true;
    shape.element = element->index;
    if (!read_bounds(bounds, &shape.x, &shape.y, &shape.width, &shape.height))
        return false;
    shape.has_label = label && read_bounds(label, &shape.label_x, &shape.label_y,
                                           &shape.label_width, &shape.label_height);
    enclose(drawing, (BpmnPoint){shape.x, shape.y});
    enclose(drawing, (BpmnPoint){shape.x + shape.width, shape.y + shape.height});
    if (shape.has_label)
        enclose(drawing,
                (BpmnPoint){shape.label_x + shape.label_width, shape.label_y + shape.label_height});
    list_add(drawing->parse->arena, &drawing->shapes, shape);
    return true;
}

static bool read_points(Drawing *drawing, const XmlElement *at, BpmnEdge *edge)
{
    BpmnPoint *points = arena_array(drawing->parse->arena, BpmnPoint, at->child_count + 1);
    for (size_t i = 0; i < at->child_count; i++) {
        if (!xml_is(at->children[i], EDGE_NAMESPACE, "waypoint"))
            continue;
        if (edge->point_count == POINTS_MAX ||
            !read_point(at->children[i], &points[edge->point_count]))
            return false;
        enclose(drawing, points[edge->point_count++]);
    }
    edge->points = points;
    return edge->point_count >= 2;
}

static bool read_edge(Drawing *drawing, const XmlElement *at)
{
    BpmnEdge edge = {0};
    const char *id = xml_attribute(at, NULL, "bpmnElement");
    size_t place = id ? (size_t)map_get(&drawing->parse->model->flows_by_id, id) : 0;
    const XmlElement *label = label_bounds(at);
    if (!place)
        return true;
    edge.flow = place - 1;
    if (!read_points(drawing, at, &edge))
        return false;
    edge.has_label =
        label && read_number(label, "x", &edge.label_x) && read_number(label, "y", &edge.label_y);
    list_add(drawing->parse->arena, &drawing->edges, edge);
    return true;
}

static bool read_plane(Drawing *drawing, const XmlElement *plane)
{
    for (size_t i = 0; i < plane->child_count; i++) {
        const XmlElement *at = plane->children[i];
        bool is_read = true;
        if (xml_is(at, DI_NAMESPACE, "BPMNShape"))
            is_read = read_shape(drawing, at);
        else if (xml_is(at, DI_NAMESPACE, "BPMNEdge"))
            is_read = read_edge(drawing, at);
        if (!is_read)
            return false;
    }
    return true;
}

void bpmn_parse_diagram(BpmnParse *p)
{
    const XmlElement *diagram = xml_child(p->root, DI_NAMESPACE, "BPMNDiagram");
    const XmlElement *plane = xml_child(diagram, DI_NAMESPACE, "BPMNPlane");
    Drawing drawing = {.parse = p, .low = {FARTHEST, FARTHEST}, .high = {-FARTHEST, -FARTHEST}};
    if (!plane || !read_plane(&drawing, plane) || drawing.shapes.count == 0)
        return;
    p->model->diagram = (BpmnDiagram){.shapes = drawing.shapes.items,
                                      .shape_count = drawing.shapes.count,
                                      .edges = drawing.edges.items,
                                      .edge_count = drawing.edges.count,
                                      .x = drawing.low.x,
                                      .y = drawing.low.y,
                                      .width = drawing.high.x - drawing.low.x,
                                      .height = drawing.high.y - drawing.low.y};
}
