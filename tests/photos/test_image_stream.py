from collections.abc import Iterator

import pytest

from seviz.errors import UserError
from seviz.photos.image_stream import ImageStream, stable_index
from seviz.photos.stored import Stored


class Made(ImageStream):
    """A stream without images."""

    def shard(self, i: int) -> Iterator[Stored]:
        yield from ()


def test_an_index_follows_from_the_name_alone_in_63_bits():
    # The first 8 bytes of blake2b, of which the last bit is dropped: from Python's hashlib.
    assert stable_index("train-000.tar/000000") == 648032123176415608
    indices = {stable_index(str(i)) for i in range(1000)}
    assert len(indices) == 1000
    assert min(indices) >= 0 and max(indices) < 2**63


def test_classes_are_numbered_as_the_network_does():
    images = Made("made", "", classes=("ant", "bee"), shards=1)
    assert [images.number(i) for i in range(2)] == [0, 1]
    images.match_classes(("n0", "n1", "n2"), ("bee", "cow", "ant"))
    assert ([images.number(i) for i in range(2)], images.remarks) == ([2, 0], [])
    assert images.titles == {2: "ant", 0: "bee"}


def test_where_a_stream_does_not_name_its_classes_those_of_the_network_are_taken():
    images = Made("made", "", classes=(), shards=1)
    images.match_classes(None, ("ant", "bee"))
    assert (images.classes, images.number(1)) == (("ant", "bee"), 1)
    assert images.remarks == [
        "made does not name its classes: they are taken to be the network's, in its order."
    ]
    with pytest.raises(UserError, match="an image of class 2, and its classes are 0 to 1; give"):
        images.number(2)
    with pytest.raises(UserError, match="made does not name its classes, nor does the network"):
        Made("made", "", classes=(), shards=1).match_classes(None, ())
