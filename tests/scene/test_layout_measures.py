"""The measures themselves: a wrong ruler would let a bad layout pass."""

from layout_measures import crossings, curves_over_boxes, overlapping_boxes

from backpropviz.scene.layout import Box, Placement

CENTRES = ((30.0, 50.0), (30.0, 250.0), (330.0, 50.0), (330.0, 250.0))
BOXES = [Box(60, 100)] * 4


def drawing(*paths, centres=CENTRES):
    return Placement(centres, paths, 400.0, 300.0)


def test_level_curves_do_not_cross():
    assert crossings(drawing("M60,50C160,50 200,50 300,50", "M60,250C160,250 200,250 300,250")) == 0


def test_two_swings_cross_once():
    assert crossings(drawing("M60,50C180,50 180,250 300,250", "M60,250C180,250 180,50 300,50")) == 1


def test_a_detour_over_a_level_curve_crosses_twice():
    level = "M60,150C160,150 200,150 300,150"
    detour = "M60,140C140,140 100,240 180,240C260,240 220,140 300,140"
    assert crossings(drawing(level, detour)) == 2


def test_a_touch_is_no_crossing():
    assert crossings(drawing("M60,50C160,50 200,50 300,50", "M60,80C140,30 220,30 300,80")) in {0, 2}
    assert crossings(drawing("M60,50C160,50 200,50 300,50", "M60,50C160,50 200,90 300,90")) == 0


def test_a_curve_over_a_foreign_box_is_found():
    centres = (*CENTRES, (180.0, 150.0))
    boxes = [*BOXES, Box(60, 100)]
    arrows = [(0, 3, 0)]
    straight = drawing("M60,50C140,103 220,197 300,250", centres=centres)
    around = drawing("M60,50C140,50 260,50 280,50C290,50 290,250 300,250", centres=centres)
    assert curves_over_boxes(boxes, arrows, straight) == [(0, 4)]
    assert curves_over_boxes(boxes, arrows, around) == []


def test_overlapping_boxes_are_found():
    near = drawing(centres=((30.0, 50.0), (200.0, 50.0), (35.0, 140.0), (400.0, 0.0)))
    assert overlapping_boxes(BOXES, near) == [(0, 2)]
    assert overlapping_boxes(BOXES, drawing()) == []
