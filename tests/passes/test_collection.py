from dataclasses import replace

import numpy as np
import pytest
import torch
from made_collection import found, picture_file

from seviz.errors import UserError
from seviz.passes.collection import class_targets, pass_collection
from seviz.passes.forward import trace
from seviz.photos.collect import collect
from seviz.photos.read import read_photo
from seviz.records.arms import INTACT
from seviz.watch import Stopped, Watch
from seviz.zoo.catalogue import find


@pytest.fixture(scope="module")
def photographs():
    return collect(found(*(f"{i}.png" for i in range(7))), name="{}")


def test_each_has_the_answers_and_gates_of_a_trace_of_its_file(small, photographs):
    collection = pass_collection(small, photographs)
    assert (len(collection), collection.sites) == (7, small.probe.sites)
    for i in (0, 3, 6):
        alone = trace(small, read_photo(picture_file(i)), [INTACT])
        np.testing.assert_allclose(collection.logits[i], alone.logits[0], atol=2e-4)
        for name in alone.s:
            np.testing.assert_allclose(collection.s[name][i], alone.s[name][0], atol=1e-5)
            np.testing.assert_allclose(collection.z[name][i], alone.z[name][0], atol=1e-4)


def test_it_reports_its_share_and_stops(small, photographs):
    watch = Watch()
    pass_collection(small, photographs, watch=watch)
    assert watch.share == 1
    watch.stop()
    with pytest.raises(Stopped):
        pass_collection(small, photographs, watch=watch)
    watch.close()


def test_an_answer_that_overflows_is_told_with_the_photograph(small, photographs):
    def spoilt(photo) -> torch.Tensor:
        return torch.full(small.input_size, float("nan"))

    with pytest.raises(UserError, match=r"to 0\.png overflows"):
        pass_collection(replace(small, transform=spoilt), photographs)


def test_folders_are_classes_by_name_or_label():
    source = find("embedded")
    wnid, label = source.folders[3], source.labels[5]
    found = class_targets((wnid, label.upper(), "my garden"), source)
    assert found == {wnid: 3, label.upper(): 5}
