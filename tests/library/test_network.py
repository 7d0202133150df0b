"""Every question of a network returns what the rest of seviz says to it."""

import json
import re
from dataclasses import asdict

import numpy as np
import pytest
import torch
from made_module import SIDE, labelled, module, pixels, wrapped
from PIL import Image
from torch import nn

import seviz
from seviz.answers.channels import channels_report
from seviz.answers.necessity import necessity_report
from seviz.answers.photo_pair import photo_pair_report
from seviz.reference import gather

ARMS = ["intact", "static", "SE_5*=1"]


@pytest.fixture(scope="module")
def network() -> seviz.Network:
    return seviz.load("embedded")


@pytest.fixture
def own(monkeypatch):
    network = wrapped(labels=["a", "b", "c"], name="own")
    monkeypatch.setattr(gather, "_own_references", {})
    with network:
        yield network


def test_a_trace_is_that_of_the_function_with_the_same_arms(network, photo):
    arms = seviz.parse_arms(ARMS)
    recorded = seviz.recorded_for("embedded", arms)
    expected = seviz.trace(network, photo, arms, recorded=recorded)
    record = network.trace(photo, ARMS).trace
    np.testing.assert_array_equal(record.logits, expected.logits)
    assert [arm.name for arm in record.arms] == ARMS
    assert [arm.name for arm in network.trace(photo).trace.arms][:2] == ["intact", "static"]


def test_any_form_of_a_photograph_is_the_same(network, photo, picture):
    expected = network.trace(photo, ["intact"]).trace.logits
    numbers = np.asarray(photo)
    for given in (picture, str(picture), picture.read_bytes(), numbers, numbers / 255):
        np.testing.assert_array_equal(network.trace(given, ["intact"]).trace.logits, expected)


def test_the_other_questions_are_those_of_the_commands(network, photo, picture):
    found = network.necessity(picture, replace="identity", target="red panda").answer.report
    assert found == necessity_report("embedded", photo, replace="identity", target="red panda")
    found = network.channels(picture, top=3, gate="SE_4_6[17]").answer.report
    assert asdict(found) == asdict(channels_report("embedded", photo, top=3, gate="SE_4_6[17]"))
    other = Image.fromarray(pixels())
    found = network.compare(picture, other).answer.report
    assert found == photo_pair_report("embedded", photo, other)


def test_a_photograph_is_compared_with_itself_as_changed(network, picture):
    result = network.compare(picture, change="jigsaw", strength=2, arms=["SE_5*=1"])
    assert (result.answer.report.change, result.answer.report.strength) == ("jigsaw", 2)
    assert [arm.name for arm in result.answer.drift.arms] == ["intact", "SE_5*=1"]
    assert result.provenance.command == (
        f"seviz.load('embedded').compare('{picture}', change='jigsaw', strength=2, "
        "arms=['SE_5*=1'])"
    )


@pytest.mark.parametrize("given", [{}, {"other": pixels(), "change": "jigsaw"}])
def test_a_comparison_is_with_one_thing(network, given):
    with pytest.raises(seviz.UserError, match=r"^compare takes two photographs, or one and a cha"):
        network.compare(pixels(), **given)


def test_an_explanation_has_the_methods_and_arms_that_were_asked(network, picture):
    result = network.attribute(picture, ["saliency", "gradcam"], arms=[seviz.INTACT, "SE_5*=1"])
    assert [m.method for m in result.explanation.report.methods] == ["saliency", "gradcam"]
    assert [arm.arm for arm in result.explanation.report.methods[0].arms] == ["intact", "SE_5*=1"]
    assert network.attribute(picture).provenance.command == (
        f"seviz.load('embedded').attribute('{picture}', methods=['gradcam'])"
    )


def test_numbers_are_rules_and_classes_too(network, photo):
    silenced = network.necessity(photo, replace=0, target=3)
    assert silenced.to_dict()["replaced_by"] == "all=0"
    written = network.necessity(photo, replace="0", target="3")
    np.testing.assert_allclose(
        silenced.to_arrays()["logit"], written.to_arrays()["logit"], atol=1e-5
    )
    assert silenced.answer.report.target.index == 3


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"steps": 0}, "steps is 0; give 2 to 1024."),
        ({"steps": 2.5}, "steps is 2.5; give a whole number or None."),
        ({"methods": []}, "No method is named; give one or more, such as gradcam."),
        ({"methods": None}, "Give the names of methods"),
        ({"target": 2.5}, "target is 2.5; give a text or a whole number."),
        ({"target": 900}, "There is no class 900; they are numbered 0 to 199."),
    ],
)
def test_what_no_question_can_be_asked_gets_a_sentence(network, photo, asked, told):
    with pytest.raises(seviz.UserError, match=f"^{re.escape(told)}"):
        network.attribute(photo, **asked)


def test_the_command_of_a_result_makes_it_again(network, picture):
    for result in (
        network.trace(picture, ["intact", "half: SE_4*=0.5"]),
        network.necessity(picture, target="3"),
        network.channels(picture, top=2),
        network.attribute(picture, "saliency", arms=["intact"], target="2"),
    ):
        again = eval(result.provenance.command, {"seviz": seviz})
        assert again.to_dict() == result.to_dict()


def test_what_needs_statistics_says_so_until_they_are_gathered(own):
    with pytest.raises(seviz.UserError, match=r"no reference statistics of “own”.* network\.prof"):
        own.trace(pixels(), ["static"])
    with pytest.raises(seviz.UserError, match="no reference statistics of “own”"):
        own.necessity(pixels(), replace="static")
    assert own.channels(pixels()).answer.report.top[0].percentile is None
    assert own.necessity(pixels()).answer.report.replaced_by == "identity"
    result = own.profile(labelled(), loaders=1, quiet=True)
    means = result.to_arrays()["se2/s_mean"]
    static = own.trace(pixels(), ["intact", "static"])
    np.testing.assert_allclose(static.trace.s["se2"][1], means, atol=1e-6)
    assert own.channels(pixels()).answer.report.top[0].percentile is not None
    assert own.necessity(pixels()).answer.report.replaced_by == "static"
    assert [arm.name for arm in own.trace(pixels()).trace.arms] == ["intact", "static"]


def test_statistics_are_those_of_traces(own):
    own.profile(labelled(6), loaders=1, quiet=True)
    rows = [own.trace(photo, ["intact"]).trace.s["se1"][0] for photo, _ in labelled(6)]
    np.testing.assert_allclose(
        gather.reference(own.key).blocks["se1"].s_mean, np.mean(rows, 0), atol=1e-5
    )


def test_statistics_are_of_a_name_and_its_weights(own, tmp_path, monkeypatch):
    file = tmp_path / "own.safetensors"
    own.profile(labelled(), loaders=1, quiet=True).save(file)
    expected = own.trace(pixels(), ["static"]).trace.logits
    own.close()
    with wrapped(name="own") as again:  # as in a notebook whose cell runs again
        np.testing.assert_array_equal(again.trace(pixels(), ["static"]).trace.logits, expected)
        monkeypatch.setattr(gather, "_own_references", {})
        with pytest.raises(seviz.UserError, match="There are no reference statistics of “own”"):
            again.trace(pixels(), ["static"])
        again.use(file)
        np.testing.assert_array_equal(again.trace(pixels(), ["static"]).trace.logits, expected)
        with pytest.raises(seviz.UserError, match="Give a seviz"):
            again.use(None)
    other = seviz.wrap(trained(), input_size=SIDE, name="own")
    with pytest.raises(seviz.UserError, match="There are no reference statistics of “own”"):
        other.trace(pixels(), ["static"])
    for ask in (lambda: other.use(file), lambda: other.trace(pixels(), ["static"], profile=file)):
        with pytest.raises(seviz.UserError, match="This profile is of the network “own” with wei"):
            ask()


def trained() -> nn.Module:
    """Return the module with other weights."""
    model = module()
    with torch.no_grad():
        model.head.bias.add_(1)
    return model


def test_a_profile_of_a_question_is_used_for_it_alone(own, monkeypatch):
    known = own.profile(labelled(), loaders=1, quiet=True).profile
    with_it = own.trace(pixels(), ["intact", "static"]).trace.logits
    monkeypatch.setattr(gather, "_own_references", {})
    assert [arm.name for arm in own.trace(pixels()).trace.arms] == ["intact", "identity"]
    found = own.trace(pixels(), profile=known)
    assert [arm.name for arm in found.trace.arms] == ["intact", "static"]
    np.testing.assert_array_equal(found.trace.logits, with_it)
    assert found.provenance.command.endswith("arms=['intact', 'static'], profile=profile)")


def test_a_data_set_is_a_folder_too(own, tmp_path):
    for photo, label in labelled():
        folder = tmp_path / "train" / "abc"[label]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(photo).save(folder / f"{photo[0, 0, 0]}-{label}.png")
    result = own.profile(tmp_path, loaders=1, quiet=True, limit=9)
    assert result.profile.images == 9
    assert result.profile.classes == ("a", "b", "c")
    assert result.provenance.data == f"{tmp_path.name} (train, 9 images)"
    assert result.provenance.command.endswith(f".profile('{tmp_path}', limit=9)")


def test_errors_of_a_data_set_name_arguments_and_not_options(own, tmp_path):
    for data, given, says in (
        (tmp_path, {"limit": 0}, "^limit is 0; give a number of images, 1 or more"),
        (tmp_path, {"split": "test"}, "^split test is of another kind of data set; give train or"),
        (tmp_path, {"root": tmp_path}, "^root, download=True and columns are about data sets such"),
        ("torch/cifar10", {}, "or is downloaded into one; name it by root"),
        ("torch/cifar10", {"root": tmp_path}, "can't be opened in .*; download=True fetches it"),
        ("wds/x", {"download": True}, "^download=True is for torch/… and tfds/…; wds/x needs none"),
        (labelled(4), {"loaders": 0}, "^loaders is 0; give a number of processes, 1 or more"),
        ([pixels(), 5], {"loaders": 1}, "skip_unreadable=True leaves such images out"),
    ):
        with pytest.raises(seviz.UserError, match=says):
            own.profile(data, quiet=True, **given)


def test_each_result_is_json(own):
    own.profile(labelled(), loaders=1, quiet=True)
    for result in (own.trace(pixels()), own.compare(pixels(), pixels(1)), own.channels(pixels())):
        of = json.loads(json.dumps(result.to_dict()))["provenance"]
        assert of["network"]["source"] == "memory"
        assert of["network"]["sha256"] == own.source.digest
        assert of["versions"]["seviz"] == seviz.__version__
