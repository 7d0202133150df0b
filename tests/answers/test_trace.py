import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from seviz.answers.trace import trace_report
from seviz.passes.forward import trace
from seviz.records.arms import IDENTITY, INTACT
from seviz.records.trace import Trace


@pytest.fixture(scope="module")
def record(small, photo) -> Trace:
    return trace(small, photo, [INTACT, IDENTITY])


def test_the_report_names_model_sites_and_each_arms_answers(record: Trace):
    value = json.loads(json.dumps(asdict(trace_report(record, 3))))
    assert value["model"] == "small"
    assert value["sites"][0] == {
        "name": "SE_2_1",
        "module": "layer1.0.se",
        "stage": 2,
        "block": 1,
        "channels": 64,
        "reduced": 8,
        "reduction": 8.0,
        "excitation": "sigmoid",
        "squeezed": True,
        "kind": "SE",
    }
    assert [arm["name"] for arm in value["arms"]] == ["intact", "identity"]
    top = value["arms"][0]["top"]
    assert len(top) == 3
    assert top[0]["index"] == int(record.logits[0].argmax())
    assert top[0]["logit"] == float(record.logits[0].max())
    assert set(top[0]) == {"label", "index", "probability", "logit"}


def test_without_a_head_there_are_blocks_and_no_answers(record: Trace):
    nothing = np.zeros((len(record.arms), 0), np.float32)
    found = trace_report(replace(record, labels=(), logits=nothing))
    assert [(arm.top, arm.against_intact) for arm in found.arms] == [([], None)] * len(found.arms)
    assert found.sites == trace_report(record).sites
