import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from seviz.answers import classes as module
from seviz.answers.classes import classes_report, known_profile, selectivity_report
from seviz.errors import UserError
from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.records.arms import INTACT
from seviz.reference.gather import reference


def test_class_gates_are_the_profiles_to_the_last_bit():
    found = classes_report("embedded", "SE_4_6", ["lion", "n02123045", "0"])
    known, block = reference("embedded"), reference("embedded").blocks["SE_4_6"]
    assert [c.label for c in found.classes] == ["lion", "tabby cat", "goldfish"]
    for each in found.classes:
        k = known.classes.index(each.folder)
        assert each.number == k
        assert np.float32(each.mean).tobytes() == block.class_mean[k].tobytes()
        assert np.float32(each.std).tobytes() == block.class_std[k].tobytes()
    assert np.float32(found.overall).tobytes() == block.s_mean.tobytes()
    means = np.stack([each.mean for each in found.classes])
    assert found.order[0] == np.ptp(means, axis=0).argmax()
    assert found.photo is None
    assert json.loads(json.dumps(asdict(found)))["images"] == 100_000


def test_a_photographs_gates_are_those_of_its_pass(photo):
    found = classes_report("embedded", "SE_2_1", ["lion"], order="channel", photo=photo)
    record = ask(trace, "embedded", photo, [INTACT])
    np.testing.assert_array_equal(np.float32(found.photo), record.s["SE_2_1"][0])
    assert found.order == list(range(64))


def test_selectivity_of_the_shipped_profile_is_what_was_found_before():
    found = selectivity_report("embedded")
    values = {block.block: block.selectivity for block in found.blocks}
    assert len(values) == 16
    # Where the weights change, so do these; the extremes are what the sentence speaks of.
    assert max(values, key=values.get) == "SE_4_6"
    assert values["SE_2_1"] == pytest.approx(0.109, abs=0.001)
    assert values["SE_4_6"] == pytest.approx(0.343, abs=0.001)
    assert values["SE_5_1"] == pytest.approx(0.086, abs=0.001)
    assert "most class-specific in SE_4_6" in found.summary
    assert found.chance == 1 / 200
    assert json.loads(json.dumps(asdict(found)))["model"] == "embedded"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"block": "SE_9_9"}, "no block “SE_9_9” in these statistics; did you mean"),
        ({"classes": ["lionn"]}, "did you mean “lion”"),
        ({"order": "random"}, "no order “random”; choose one of channel, mean, difference"),
    ],
)
def test_a_bad_question_gets_one_sentence(asked: dict, says: str):
    with pytest.raises(UserError, match=says):
        classes_report("embedded", **asked)


def test_a_network_without_statistics_says_what_to_do(monkeypatch):
    monkeypatch.setattr(module, "reference", lambda key: None)
    with pytest.raises(UserError, match="no reference statistics of “embedded”; measure them by"):
        selectivity_report("embedded")


def test_a_profile_of_another_network_is_refused():
    other = replace(reference("embedded"), model="other", weights=None)
    with pytest.raises(UserError, match="is of the network “other”"):
        known_profile("embedded", other)
