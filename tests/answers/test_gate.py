import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from made_data_set import made_data_set
from made_gates import CLASSES
from made_profile import made_block, made_profile

from seviz.answers.gate import gate_report, one_gate
from seviz.errors import UserError

NAMES = dict(zip(CLASSES, ("Ant", "Bee", "Cat"), strict=True))


@pytest.fixture(scope="module")
def made():
    return made_data_set()


def test_the_report_is_that_of_numpy_in_one_shot(made):
    data, profile, images = made
    found = one_gate(profile, images, ("SE_2_2", 3), names=NAMES)
    s, z = (of["SE_2_2"][:, 3].astype(np.float64) for of in (data.s, data.z))
    s_of, z_of = ([v[data.labels == k] for k in range(3)] for v in (s, z))
    ranked = sorted(range(3), key=lambda k: -s_of[k].mean())
    assert [of.label for of in found.classes] == [NAMES[CLASSES[k]] for k in ranked]
    for of, k in zip(found.classes, ranked, strict=True):
        assert of.images == len(s_of[k])
        assert of.s == pytest.approx(s_of[k].mean(), rel=1e-6)
        assert of.std == pytest.approx(s_of[k].std(), rel=1e-6)
        assert of.z == pytest.approx(z_of[k].mean(), rel=1e-6)
    assert (found.mean, found.std) == pytest.approx((s.mean(), s.std()), rel=1e-6)
    share = sum(len(g) * (g.mean() - s.mean()) ** 2 for g in s_of) / len(s) / s.var()
    assert found.share == pytest.approx(share, rel=1e-5)
    means = np.array([g.mean() for g in s_of])
    rest = (means.sum() - means.max()) / 2
    assert found.selectivity == pytest.approx((means.max() - rest) / (means.max() + rest), rel=1e-5)
    together = np.corrcoef([g.mean() for g in z_of], means)[0, 1]
    assert found.correlation == pytest.approx(together, rel=1e-3)
    of_block = [
        np.corrcoef(
            *(
                [v["SE_2_2"][data.labels == k, c].astype(np.float64).mean() for k in range(3)]
                for v in (data.z, data.s)
            )
        )[0, 1]
        for c in range(5)
    ]
    assert found.block_correlation == pytest.approx(np.median(of_block), rel=1e-3)
    assert found.missing == ()


def test_the_exemplars_are_the_images_with_the_extreme_gates(made):
    data, profile, images = made
    found = one_gate(profile, images, ("SE_2_1", 1), names=NAMES)
    gates = data.s["SE_2_1"][:, 1]
    order = np.argsort(-gates, kind="stable")
    assert [of.image for of in found.largest] == [str(i) for i in order[:16]]
    assert [of.image for of in found.smallest] == [str(i) for i in order[::-1][:16]]
    assert [of.label for of in found.largest] == [
        NAMES[CLASSES[data.labels[i]]] for i in order[:16]
    ]
    assert [of.s for of in found.largest] == gates[order[:16]].tolist()
    sample = images.blocks["SE_2_1"].sample[:, 1]
    assert found.open == (sample > 0.95).mean()
    assert found.shut == (abs(sample) < 0.05).mean()
    assert sum(found.histogram.counts) == len(sample)
    middle = [of.s for of in found.middle]
    apart = np.sort(np.abs(sample - np.median(sample)))[15]
    assert max(abs(s - np.median(sample)) for s in middle) == pytest.approx(apart)


def test_a_class_either_opens_or_shuts_it(made):
    _, profile, images = made
    found = one_gate(profile, images, ("SE_2_1", 0), names={})
    opens, shuts = found.opens_for(2), found.shuts_for(2)
    assert [len(opens), len(shuts)] == [2, 1]
    assert shuts[0] == min(found.classes, key=lambda of: of.s)
    assert not set(opens) & set(shuts)


def test_of_an_older_profile_without_images_it_says_what_is_missing():
    found = one_gate(made_profile(made_block()), None, ("SE_2_1", 0), names={})
    assert [of.label for of in found.classes] == ["ant", "cat"]
    assert [of.z for of in found.classes] == [None, None]
    empty = (found.share, found.correlation, found.block_correlation, found.histogram)
    assert empty == (None,) * 4
    assert found.largest == found.middle == found.smallest == ()
    older, images = found.missing
    assert "older format" in older
    assert "python -m seviz profile" in images


def test_one_class_is_none_to_compare_and_blocks_without_z_say_so():
    squeezed = made_block(z_class_mean=np.zeros((3, 2), np.float32))
    profile = replace(made_profile(squeezed), class_counts=(10, 0, 0))
    found = one_gate(profile, None, ("SE_2_1", 0), names={})
    assert found.classes == ()
    assert found.missing[0].startswith("The images are of one class")
    without = replace(squeezed, z_mean=np.full(2, np.nan, np.float32))
    said = one_gate(made_profile(without), None, ("SE_2_1", 0), names={}).missing
    assert said[0].startswith("Nothing is squeezed")


def test_the_report_is_plain_json(made):
    _, profile, images = made
    found = gate_report("embedded", "SE_2_1[2]", profile=profile, images=images)
    assert json.loads(json.dumps(asdict(found)))["channel"] == 2


def test_by_default_it_is_over_the_networks_own_statistics():
    found = gate_report("embedded", " SE_4_6[17] ")
    assert found.name == "SE_4_6[17]"
    assert (found.images, len(found.classes)) == (100_000, 200)
    assert not any(of.label.startswith("n0") for of in found.classes)


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("SE_2_1", r"“SE_2_1” is not a gate; write one such as SE_2_2\[0\]"),
        ("SE_2_1[3]", r"“SE_2_1\[3\]” is not a gate: SE_2_1 has the channels 0 to 2"),
        ("SE_2_3[0]", "There is no block “SE_2_3” in embedded; did you mean SE_2_"),
        (f"SE_2_1[{'9' * 500}]", "is not a gate; write one"),
        ("x" * 10_000, "is not a gate"),
    ],
)
def test_what_is_no_gate_gets_one_sentence(made, gate: str, says: str):
    _, profile, images = made
    with pytest.raises(UserError, match=says) as refused:
        gate_report("embedded", gate, profile=profile, images=images)
    assert len(str(refused.value)) < 300


def test_statistics_of_another_network_images_of_others_or_none_are_refused(made):
    _, profile, images = made
    with pytest.raises(UserError, match="profile is of the network “embedded”, not of"):
        gate_report("twin", "SE_2_1[0]", profile=profile)
    with pytest.raises(UserError, match="not those of the statistics over letters"):
        gate_report(
            "embedded", "SE_2_1[0]", profile=replace(profile, data="letters"), images=images
        )
    with pytest.raises(UserError, match=r"There are no statistics of .* `python -m seviz profile`"):
        gate_report("seresnet50.a1_in1k", "SE_2_1[0]")
