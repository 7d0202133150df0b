import base64

import pytest
from made_collection import made_collection
from made_data_set import made_data_set

from seviz.reference import gather
from seviz.ui.gate import thumbnails as module
from seviz.ui.gate.thumbnails import thumbnails
from seviz.ui.parts.own_photos import Own


def test_the_images_of_the_reference_have_no_thumbnails(monkeypatch):
    monkeypatch.setattr(gather, "_own_references", {})
    monkeypatch.setattr(gather, "_own_images", {})
    gather.set_reference(*made_data_set()[1:])
    assert thumbnails("embedded", None) == {}


@pytest.mark.parametrize("there", [True, False])
def test_photographs_at_hand_have_thumbnails_by_their_names(monkeypatch, there: bool):
    collection = made_collection({"SE_2_1": [[0.1, 0.9], [0.3, 0.7]]}, ["cat", ""])
    monkeypatch.setattr(module, "own_reference", lambda key: "own")
    monkeypatch.setattr(Own, "collection", lambda own, key: collection if there else None)
    found = thumbnails("embedded", None)
    assert list(found) == (["cat/0.png", "1.png"] if there else [])
    if there:
        sent = found["1.png"].removeprefix("data:image/jpeg;base64,")
        assert base64.b64decode(sent) == collection.photographs.photos[1].thumbnail
