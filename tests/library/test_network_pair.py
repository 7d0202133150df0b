"""What a result of two networks holds, draws and shows."""

import numpy as np
import pytest
from made_collection import made_photograph

import seviz
from seviz.words.provenance import provenance_words


@pytest.fixture(scope="module")
def network() -> seviz.Network:
    return seviz.load("lab_resnet_se")


@pytest.fixture(scope="module")
def paired(network, photo):
    """Two networks of one plan, on a photograph, with maps, and over many photographs."""
    many = [made_photograph(seed) for seed in range(6)]
    return network.compare_with("lab_resnet_tanh", photo, method="gradcam", data=many, quiet=True)


def test_its_arrays_are_those_of_each_network_alone(paired, network, photo):
    arrays = paired.to_arrays()
    for name, alone in (("a", network), ("b", seviz.load("lab_resnet_tanh"))):
        record = alone.trace(photo, ["intact"]).trace
        np.testing.assert_array_equal(arrays[f"{name}/logits"], record.logits[0])
        np.testing.assert_array_equal(arrays[f"{name}/s/SE_4_2"], record.s["SE_4_2"][0])
    explained = network.attribute(
        photo, "gradcam", arms=["intact"], target=paired.answer.maps.label
    )
    np.testing.assert_allclose(arrays["a/map"], explained.to_arrays()["gradcam/intact"], atol=1e-5)
    assert arrays["cka"].shape == (8, 8)


def test_a_figure_is_printed_with_both_networks(paired):
    told = paired.figure().layout.meta["source"]
    assert told.startswith(f"{provenance_words(paired.provenance)} · ")
    assert provenance_words(paired.other) in told
    assert told.endswith(paired.provenance.command)


def test_each_kind_of_figure_is_drawn(paired):
    assert paired.figure().layout.meta["label"].startswith("Correlation of the gates of A and B")
    differ = {block.site: block.difference for block in paired.answer.report.blocks}
    most = max(differ, key=differ.get)
    assert paired.figure("channels").layout.meta["label"].startswith(f"Gates of {most}: ")
    chosen = paired.figure("channels", block="SE_3_1")
    assert chosen.layout.meta["label"].startswith("Gates of SE_3_1: ")
    np.testing.assert_array_equal(chosen.data[1].y, paired.to_arrays()["b/s/SE_3_1"])
    for name in "AB":
        assert f"{name}: evidence for " in paired.figure("map", network=name).layout.meta["label"]
    a, b = (paired.figure("atlas", network=name) for name in "AB")
    assert len(a.data) == len(b.data)
    assert (a.data[0].zmin, b.data[0].zmin) == (0, -1)  # a sigmoid's and a tanh's
    assert paired.figure("similarity").layout.meta["label"].startswith("Linear CKA")
    for wrong in ({"kind": "depth"}, {"kind": "channels", "block": "SE_9"}, {"network": "C"}):
        with pytest.raises(seviz.UserError, match=r"There is no .* here; choose "):
            paired.figure(**wrong)


def test_what_is_not_there_is_not_drawn(network, photo):
    found = network.compare_with("lab_vgg", photo)
    assert found.figure().layout.meta["label"].startswith("Atlas of gates")
    with pytest.raises(seviz.UserError, match="no figure “map” here; choose atlas"):
        found.figure("map")
    with pytest.raises(seviz.UserError, match="B has no SE block, so there is no atlas of its gat"):
        found.figure("atlas", network="B")
    plain = seviz.load("lab_vgg").compare_with("twin", photo)
    with pytest.raises(seviz.UserError, match="Neither network has gates, so there are none to dr"):
        plain.figure()


def test_a_notebook_shows_both_answers_and_what_both_are(paired):
    headline, heads, rows, note = paired._table()
    report = paired.answer.report
    assert headline == report.headline
    assert heads == (
        "A: SE-ResNet · standard · laboratory",
        "B: SE-ResNet · tanh gates · laboratory",
    )
    best = report.a.arms[0].top[0]
    assert rows[0][0].startswith(f"{best.label} (")
    assert {len(row) for row in rows} == {2}
    assert "matched by WordNet id" in note and "rank correlation" in note
    assert "over 6 photographs (n = 6, rough)" in note
    shown = paired._repr_html_()
    assert "lab_resnet_se (" in shown and "lab_resnet_tanh (" in shown
    assert "compare_with(&#39;lab_resnet_tanh&#39;, photo" in shown
    assert repr(paired) == f"<seviz.NetworkPairResult: {headline}>"


def test_over_photographs_alone_it_shows_each_block_of_a(network):
    many = [made_photograph(seed) for seed in range(5)]
    found = network.compare_with("lab_resnet_tanh", data=many, quiet=True)
    headline, heads, rows, note = found._table()
    assert headline.endswith("over 5 photographs (n = 5, rough).")
    assert [row[0] for row in rows] == list(found.similarity.blocks_a)
    assert {len(row) for row in rows} == {len(heads)}
    assert note.endswith("the estimate is rough; more are better.")
    assert sorted(found.to_arrays()) == ["cka"]
    assert found.figure().layout.meta["label"].startswith("Linear CKA")
    assert "headline" not in found.to_dict() and found.to_dict()["similarity"]["count"] == 5


def test_it_outlives_its_networks(photo):
    from made_module import wrapped

    with wrapped(name="a") as one, wrapped(name="b") as two:
        found = one.compare_with(two, photo)
    assert found._table().heads == ("A: a", "B: b")
    assert found.figure().layout.meta["label"].startswith("Correlation")
    assert found.to_dict()["a"]["model"] == one.key
