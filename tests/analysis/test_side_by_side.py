import numpy as np
import pytest
from PIL import Image

from seviz.analysis import side_by_side
from seviz.errors import UserError
from seviz.nets.results import results
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT, TWIN
from seviz.records.sites import Site
from seviz.zoo.registered import laboratory_sources


def test_a_variant_with_se_is_asked_as_everywhere(photo: Image.Image):
    found = side_by_side.trace_variant("lab_resnet_tanh", photo)
    known = ask(trace, "lab_resnet_tanh", photo, [INTACT])
    np.testing.assert_array_equal(found.logits, known.logits)
    assert found.is_of_same_photo(known)


def test_a_host_without_se_answers_for_itself_and_has_no_gates(photo: Image.Image):
    found = side_by_side.trace_variant("lab_inception", photo)
    both = ask(trace, "lab_inception_se", photo, [INTACT, TWIN])
    np.testing.assert_array_equal(found.logits, both.logits[1:])
    assert (found.model, found.sites, found.s, len(found.arms)) == ("lab_inception", (), {}, 1)
    assert found.temperature == results().variants["lab_inception"].temperature
    assert found.temperature != both.temperature


@pytest.mark.parametrize("key", ["embedded", "lab_nothing", "", None, ["lab_resnet"], {}])
def test_what_is_no_variant_is_one_sentence(key):
    with pytest.raises(UserError, match="choose one from the list"):
        side_by_side.find_variant(key)


def test_without_any_of_its_se_networks_a_host_cant_be_asked(monkeypatch, photo: Image.Image):
    alone = {key: laboratory_sources()[key] for key in ("lab_resnet", "lab_vgg_se")}
    monkeypatch.setattr(side_by_side, "laboratory_sources", lambda: alone)
    with pytest.raises(UserError, match="beside one of its SE networks"):
        side_by_side.trace_variant("lab_resnet", photo)


def test_blocks_of_both_stand_in_depth_order_once():
    def site(stage: int, block: int) -> Site:
        return Site(f"layer{stage - 1}.{block - 1}.se", f"SE_{stage}_{block}", stage, block, 4, 2)

    vgg = [site(1, 1), site(2, 1), site(5, 1)]
    inception = [site(3, 1), site(3, 2), site(5, 1)]
    assert side_by_side.block_names(vgg, inception) == [
        "SE_1_1",
        "SE_2_1",
        "SE_3_1",
        "SE_3_2",
        "SE_5_1",
    ]
    assert side_by_side.block_names([], []) == []
