import torch

from seviz.photos.batch import Read, Unreadable, as_batch


def image(piece: int, name: str, label: int = 0) -> Read:
    return Read(piece, name, identity=2**62 + piece, label=label, x=torch.full((3, 2, 2), label))


def test_a_batch_holds_images_in_order_and_says_what_else_came():
    batch = as_batch([image(4, "a", 1), Read(4, "b", why="torn"), Read(4), image(5, "c", 2)])
    assert (batch.x[:, 0, 0, 0].tolist(), batch.labels.tolist()) == ([1, 2], [1, 2])
    assert (batch.names, batch.indices.tolist()) == (["a", "c"], [2**62 + 4, 2**62 + 5])
    assert (batch.labels.dtype, batch.indices.dtype) == (torch.int64, torch.int64)
    assert (batch.unreadable, batch.taken, batch.ended) == ([("b", "torn")], {4: 2, 5: 1}, [4])
    assert len(batch) == 2


def test_a_batch_may_hold_no_image():
    batch = as_batch([Read(0, "b", why="torn"), Read(0)])
    assert (len(batch), batch.unreadable, batch.ended) == (0, [("b", "torn")], [0])


def test_of_unreadable_images_the_first_ten_are_named_also_of_parts():
    one, other = Unreadable(), Unreadable()
    for i in range(8):
        one.add(f"a{i}", "torn")
    for i in range(25):
        other.add(f"b{i}", "empty")
    one.merge(other)
    assert one.count == 33
    assert [*one.first] == [*(f"a{i}" for i in range(8)), "b0", "b1"]
    assert (len(other.first), other.first["b9"]) == (10, "empty")
