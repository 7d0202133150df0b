from seviz.records.image_map import ImageMap, Neighbours, Point


def test_classes_and_their_points_are_found_and_the_accuracy_is_of_its_block():
    points = tuple(Point(str(i), label, 0.0, 0.0) for i, label in enumerate(["b", "A", "b"]))
    found = (Neighbours("SE_2_1", None), Neighbours("SE_2_2", 0.5))
    shown = ImageMap("made", "numbers", "SE_2_2", 4, "pca", points, None, found, 0.1)
    assert shown.classes == ("A", "b")
    assert shown.of_class("b") == [0, 2]
    assert shown.accuracy() == 0.5
