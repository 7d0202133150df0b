import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from seviz.passes.dispatch import ask
from seviz.passes.forward import trace
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace
from seviz.reference import unknown as module
from seviz.reference.unknown import CHOSEN, FAMILIARITIES, FILE, likely_unknown
from seviz.shipping.measured import is_current

LOGITS = np.log(np.array([[1, 1, 2], [6, 1, 1]], np.float32))
RULE = {
    "unknown_below": 0.5,
    "auroc": 0.75,
    "measured_networks": 3,
    "networks": {
        "some": {"threshold": 0.6, "known_below": 0.1, "unknown_below": 0.4, "auroc": 0.7},
        "embedded": {"threshold": 0.7, "known_below": 0.125, "unknown_below": None},
    },
}


def test_each_value_by_hand():
    found = {name: of(LOGITS, 1.0).tolist() for name, of in FAMILIARITIES.items()}
    assert found["probability"] == pytest.approx([2 / 4, 6 / 8])
    assert found["logit"] == pytest.approx(np.log([2, 6]))
    assert found["energy"] == pytest.approx(np.log([4, 8]), abs=1e-6)
    p = np.array([0.75, 0.125, 0.125])
    assert found["entropy"] == pytest.approx([-1.5 * np.log(2), (p * np.log(p)).sum()])


def test_the_temperature_calibrates_probabilities_alone():
    half = {name: of(LOGITS, 0.5).tolist() for name, of in FAMILIARITIES.items()}
    assert half["probability"] == pytest.approx([4 / 6, 36 / 38])  # weights are squared
    for name in ("logit", "energy"):
        assert half[name] == FAMILIARITIES[name](LOGITS, 1.0).tolist()
    sure = np.array([[1000.0, 0.0]], np.float32)
    assert FAMILIARITIES["entropy"](sure, 1.0).tolist() == [0]


@pytest.fixture(scope="module")
def record(photo: Image.Image) -> Trace:
    return ask(trace, "embedded", photo, [INTACT, IDENTITY])


def test_a_photograph_is_judged_by_its_networks_own_threshold(record: Trace, monkeypatch):
    monkeypatch.setattr(module, "_shipped", lambda: RULE)
    made = replace(record, model="some", logits=LOGITS, temperature=1.0)
    first, second = likely_unknown(made), likely_unknown(made, 1)
    values = FAMILIARITIES[CHOSEN](LOGITS, 1.0)
    assert [first.value, second.value] == pytest.approx(values.tolist())
    assert (first.threshold, first.known_below, first.unknown_below) == (0.6, 0.1, 0.4)
    assert (first.auroc, first.calibrated_on) == (0.7, "some")
    assert first.below and not second.below


def test_the_rates_of_a_network_that_knows_all_classes_are_others(record: Trace, monkeypatch):
    monkeypatch.setattr(module, "_shipped", lambda: RULE)
    found = likely_unknown(record)
    assert (found.threshold, found.known_below) == (0.7, 0.125)
    assert (found.unknown_below, found.auroc, found.calibrated_on) == (0.5, 0.75, 3)


def test_without_a_calibration_nothing_is_judged(record: Trace, monkeypatch):
    assert likely_unknown(replace(record, model="seresnet50.a1_in1k")) is None
    assert likely_unknown(replace(record, temperature=None)) is None
    monkeypatch.setattr(module, "_shipped", lambda: None)
    assert likely_unknown(record) is None
    module_file = FILE.with_name("no such file")
    monkeypatch.undo()
    monkeypatch.setattr(module, "FILE", module_file)
    assert module._shipped.__wrapped__() is None


def test_what_is_shipped_is_of_the_present_weights():
    entry = json.loads(FILE.read_text("utf-8"))["unknown"]
    assert is_current(entry)
    found = entry["found"]
    assert found["value"] == CHOSEN
    own = [of for of in found["networks"].values() if of["unknown"]]
    assert len(own) == found["measured_networks"] == len(found["networks"]) - 1
    for part in ("auroc", "unknown_below"):
        assert found[part] == pytest.approx(np.mean([of[part] for of in own]))
    best = max(found["values"], key=lambda name: found["values"][name]["auroc"])
    assert found["values"][CHOSEN]["auroc"] > found["values"][best]["auroc"] - 0.02
    for of in found["networks"].values():
        assert of["known_below"] == pytest.approx(module.KNOWN_BELOW, abs=0.002)


def test_the_rule_is_weak_and_does_not_catch_the_cheetah():
    judged = {
        example.name: likely_unknown(ask(trace, "embedded", read_photo(example.path), [INTACT]))
        for example in EXAMPLES
    }
    assert [name for name, of in judged.items() if of.below] == []
    assert judged["espresso"].value > 0.9 > judged["cheetah"].value
    assert judged["cheetah"].calibrated_on == 18
    assert 0.3 < judged["cheetah"].unknown_below < 0.45 and 0.6 < judged["cheetah"].auroc < 0.7
