from dataclasses import replace

from seviz.photos.used import ImagesUsed, LeftOut, group, left_out_phrases, some, used_lines


def used(counts: dict[str, int], **others) -> ImagesUsed:
    facts = {"folder": "", "empty": (), "left_out": ()} | others
    return ImagesUsed(
        images=sum(counts.values()), classes=len(counts), class_counts=counts, **facts
    )


def test_files_are_grouped_by_reason_the_most_first_and_some_are_named():
    found = group({"a.txt": "text", "b": "damaged", "c.txt": "text"} | dict.fromkeys("xyz", "text"))
    assert found == (LeftOut("text", 5, ("a.txt", "c.txt", "x")), LeftOut("damaged", 1, ("b",)))
    assert list(left_out_phrases((found[0], LeftOut("This file is empty.", 1, ("b",))))) == [
        "5 files (a.txt, c.txt, x and 2 more): text",
        "1 file (b): This file is empty",
    ]
    assert (group({}), list(left_out_phrases(()))) == ((), [])


def test_of_many_reasons_some_are_told():
    left_out = group({f"{i}": f"reason {i}" for i in range(9)} | {"last": "reason 8"})
    phrases = list(left_out_phrases(left_out))
    assert phrases[0] == "2 files (8 and last): reason 8"
    assert phrases[5:] == ["4 files for other reasons"]


def test_lines_say_what_is_used_what_is_empty_and_what_is_left_out():
    lines = used_lines(
        used(
            {"cat": 4, "dog": 1200},
            folder="test",
            empty=("elk", "emu"),
            left_out=(LeftOut("encrypted", 1, ("cat/9.png",)),),
        )
    )
    assert list(lines) == [
        "1,204 images of 2 classes (cat 4, dog 1,200), in the folder test",
        "empty, or without a readable picture: class folders elk and emu",
        "left out: 1 file (cat/9.png): encrypted",
    ]


def test_counts_of_many_classes_are_summed_up():
    assert list(used_lines(used({"cat": 1}))) == [
        "1 image of 1 class (1 each), the whole data set is used"
    ]
    six = dict.fromkeys("abcdef", 2)
    assert "6 classes (a 2, b 2, c 2, d 2, e 2, f 2)" in next(used_lines(used(six)))
    assert "14 images of 7 classes (2 each)" in next(used_lines(used(six | {"g": 2})))
    assert "22 images of 7 classes (2 to 10 each)" in next(used_lines(used(six | {"g": 10})))


def test_names_are_printed_without_control_characters_and_half_characters():
    assert group({"a\udce9.png": "why"})[0].names == (r"a\udce9.png",)


def test_some_names_are_enough():
    assert some(("a",)) == "a"
    assert some(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"


def test_splits_unreadable_images_and_remarks_have_their_lines():
    counts = {"cat": 1}
    found = replace(
        used(counts, folder="test", empty=("dog", "elk")),
        kind="split",
        unreadable=12,
        unreadable_first=(("a.png", "torn"), ("b.png", "empty")),
        remarks=("It is small.",),
    )
    assert list(used_lines(found)) == [
        "1 image of 1 class (1 each), in the split test",
        "empty, or without a readable picture: classes dog and elk",
        "unreadable, and left out: 12 images, the first of them:",
        *("  a.png: torn", "  b.png: empty"),
        "It is small.",
    ]
    found = replace(found, unreadable=1, unreadable_first=(("a.png", "torn"),), empty=("dog",))
    assert list(used_lines(found))[1:3] == [
        "empty, or without a readable picture: class dog",
        "unreadable, and left out: 1 image:",
    ]
