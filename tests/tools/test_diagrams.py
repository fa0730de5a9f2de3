#!/usr/bin/env python3
"""The diagrams of the packs' processes: everything is drawn, nothing lies over anything else.

Every element and flow has its shape or line; shapes and labels do not overlap; a line begins and ends at
the shapes that it joins, runs straight across or down, and goes through no other shape and no label."""
import glob
import os
import sys
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"


def box_of(parent):
    bounds = parent.find(DC + "Bounds") if parent is not None else None
    return None if bounds is None else tuple(float(bounds.get(name)) for name in ("x", "y", "width", "height"))


def touch(one, other):
    """Whether the insides of two boxes (x, y, width, height) meet."""
    return (one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
            and one[1] < other[1] + other[3] and other[1] < one[1] + one[3])


def is_on_edge(point, box):
    x, y = point
    inside = box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]
    return inside and (x in (box[0], box[0] + box[2]) or y in (box[1], box[1] + box[3]))


def shrunk(box):
    return (box[0] + 1, box[1] + 1, box[2] - 2, box[3] - 2)


def read(path):
    """Shapes and labels by element, lines by flow, and the flows' ends."""
    root = xml.parse(path).getroot()
    process = root.find(BPMN + "process")
    ends = {flow.get("id"): (flow.get("sourceRef"), flow.get("targetRef")) for flow in process.iter(BPMN + "sequenceFlow")}
    shapes, labels, lines = {}, {}, {}
    for shape in root.iter(BPMNDI + "BPMNShape"):
        shapes[shape.get("bpmnElement")] = box_of(shape)
        label = box_of(shape.find(BPMNDI + "BPMNLabel"))
        if label:
            labels[shape.get("bpmnElement")] = label
    for edge in root.iter(BPMNDI + "BPMNEdge"):
        lines[edge.get("bpmnElement")] = [(float(at.get("x")), float(at.get("y"))) for at in edge.findall(DI + "waypoint")]
        label = box_of(edge.find(BPMNDI + "BPMNLabel"))
        if label:
            labels[edge.get("bpmnElement")] = label
    nodes = {node.get("id") for node in process if node.get("id") and node.tag != BPMN + "sequenceFlow"}
    return nodes, ends, shapes, labels, lines


def overlaps(shapes, labels):
    boxes = [(name, box) for name, box in shapes.items()] + [("the label of " + name, box) for name, box in labels.items()]
    for i, (one, first) in enumerate(boxes):
        for other, second in boxes[:i]:
            if touch(first, second):
                yield f"{one} lies over {other}"


def line_problems(flow, points, ends, shapes, labels):
    for point, end in ((points[0], ends[0]), (points[-1], ends[1])):
        if end in shapes and not is_on_edge(point, shapes[end]):
            yield f"{flow} does not begin or end at {end}"
    for (x1, y1), (x2, y2) in zip(points, points[1:]):
        if x1 != x2 and y1 != y2:
            yield f"{flow} runs askew"
        line = (min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
        for name, box in shapes.items():
            if touch(line, shrunk(box)):
                yield f"{flow} goes through {name}"
        for name, box in labels.items():
            if touch(line, box):
                yield f"{flow} goes through the label of {name}"


def problems(path):
    nodes, ends, shapes, labels, lines = read(path)
    for name in sorted(nodes ^ set(shapes)) + sorted(set(ends) ^ set(lines)):
        yield f"{name} is not drawn, or drawn and not there"
    yield from overlaps(shapes, labels)
    for flow, points in lines.items():
        if flow in ends:
            yield from line_problems(flow, points, ends[flow], shapes, labels)


def main():
    paths = sorted(glob.glob(os.path.join(ROOT, "packs/*/processes/*.bpmn")))
    found = [f"{os.path.relpath(path, ROOT)}: {problem}" for path in paths for problem in problems(path)]
    for problem in found:
        print(problem)
    if len(paths) < 7:
        found.append("too few processes")
        print(f"{len(paths)} processes were found, at least 7 were wanted")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
