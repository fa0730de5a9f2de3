/* bpmn_diagram_test.c - where a process is drawn; a drawing that cannot be read is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bpmn/bpmn.h"

#define HEAD                                                                                       \
    "<bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "                \
    "xmlns:di=\"http://www.omg.org/spec/BPMN/20100524/DI\" "                                       \
    "xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" "                                         \
    "xmlns:dd=\"http://www.omg.org/spec/DD/20100524/DI\">"                                         \
    "<bpmn:process id=\"p\" isExecutable=\"true\"><bpmn:startEvent id=\"s\"/>"                     \
    "<bpmn:endEvent id=\"e\"/><bpmn:sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"e\"/>"       \
    "</bpmn:process>"
#define PLANE(inside)                                                                              \
    "<di:BPMNDiagram><di:BPMNPlane bpmnElement=\"p\">" inside "</di:BPMNPlane></di:BPMNDiagram>"
#define BOUNDS(x, y, w, h) "<dc:Bounds x=\"" x "\" y=\"" y "\" width=\"" w "\" height=\"" h "\"/>"
#define SHAPE(id, inside)  "<di:BPMNShape bpmnElement=\"" id "\">" inside "</di:BPMNShape>"
#define EDGE(id, inside)   "<di:BPMNEdge bpmnElement=\"" id "\">" inside "</di:BPMNEdge>"
#define POINT(x, y)        "<dd:waypoint x=\"" x "\" y=\"" y "\"/>"
#define BOTH                                                                                       \
    SHAPE("s", BOUNDS("100", "80", "36", "36")) SHAPE("e", BOUNDS("200.5", "90", "36", "36"))

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static const BpmnModel *model_of(const char *diagram)
{
    Error err = ERROR_NONE;
    const char *xml = arena_printf(arena, "%s%s</bpmn:definitions>", HEAD, diagram);
    const BpmnModel *model = bpmn_parse(arena, xml, strlen(xml), &err);
    if (!model)
        fail_msg("%s: %s", err.code, err.detail);
    return model;
}

static void test_shapes_and_edges_stand_where_they_were_drawn(void **state)
{
    (void)state;
    const BpmnModel *model = model_of(PLANE(BOTH EDGE(
        "f", POINT("136", "98") POINT("170", "98") POINT("200.5", "108") "<di:BPMNLabel>" BOUNDS(
                 "150", "70", "40", "14") "</di:BPMNLabel>")));
    const BpmnDiagram *diagram = bpmn_diagram(model);
    assert_int_equal(diagram->shape_count, 2);
    assert_string_equal(bpmn_element(model, diagram->shapes[1].element)->id, "e");
    assert_true(diagram->shapes[1].x == 200.5 && diagram->shapes[1].height == 36);
    assert_false(diagram->shapes[0].has_label);
    assert_int_equal(diagram->edge_count, 1);
    assert_int_equal(diagram->edges[0].point_count, 3);
    assert_true(diagram->edges[0].has_label && diagram->edges[0].label_x == 150);
    assert_true(diagram->x == 100 && diagram->y == 80);
    assert_true(diagram->width == 136.5 && diagram->height == 46);
}

static void test_a_label_has_its_own_place(void **state)
{
    (void)state;
    const BpmnModel *model =
        model_of(PLANE(SHAPE("s", BOUNDS("100", "80", "36", "36") "<di:BPMNLabel>" BOUNDS(
                                      "90", "120", "60", "14") "</di:BPMNLabel>")));
    const BpmnShape *shape = &bpmn_diagram(model)->shapes[0];
    assert_true(shape->has_label && shape->label_y == 120 && shape->label_width == 60);
}

static void test_what_cannot_be_read_is_left_out(void **state)
{
    (void)state;
    static const char *const diagrams[] = {
        "",
        "<di:BPMNDiagram/>",
        PLANE(""),
        PLANE(SHAPE("unknown", BOUNDS("1", "2", "3", "4"))),
        PLANE(BOTH SHAPE("s", "")),
        PLANE(BOTH SHAPE("s", BOUNDS("x", "80", "36", "36"))),
        PLANE(BOTH SHAPE("s", BOUNDS("1e300", "80", "36", "36"))),
        PLANE(BOTH SHAPE("s", BOUNDS("1", "80", "-36", "36"))),
        PLANE(BOTH EDGE("f", POINT("1", "2"))),
        PLANE(BOTH EDGE("f", POINT("1", "2") POINT("3", "four"))),
    };
    for (size_t i = 0; i < sizeof diagrams / sizeof diagrams[0]; i++)
        assert_int_equal(bpmn_diagram(model_of(diagrams[i]))->shape_count, 0);
}

static void test_edges_of_nothing_are_passed_over(void **state)
{
    (void)state;
    const BpmnDiagram *diagram =
        bpmn_diagram(model_of(PLANE(BOTH EDGE("unknown", POINT("1", "2")))));
    assert_int_equal(diagram->shape_count, 2);
    assert_int_equal(diagram->edge_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shapes_and_edges_stand_where_they_were_drawn, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_label_has_its_own_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_edges_of_nothing_are_passed_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
