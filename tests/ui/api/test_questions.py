"""The app as scripts see it: a running server and gradio_client."""

import gc
import json
import urllib.request
from dataclasses import asdict
from pathlib import Path

import numpy as np
import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from seviz.analysis.against_intact import compare
from seviz.answers.channels import channels_report
from seviz.answers.necessity import necessity_report
from seviz.answers.photo_pair import photo_pair_report
from seviz.answers.study import study_report
from seviz.gates.grammar import parse_arms
from seviz.passes.forward import trace
from seviz.photos.read import read_photo
from seviz.records.arms import IDENTITY, INTACT
from seviz.reference.recorded import recorded_for


@pytest.fixture(scope="module")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False)


@pytest.fixture(scope="module")
def picture(tmp_path_factory, photo: Image.Image) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "garden.png"
    photo.save(path)
    return path


def test_models_are_typed_json(client: Client):
    entries = client.predict(api_name="/models")
    assert entries[0]["key"] == "embedded"
    assert entries[0]["cached"] is True
    assert (entries[0]["classes"], entries[0]["twin"]) == (200, "twin")


def test_the_endpoints_publish_their_types(client: Client):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {
        "/models",
        "/trace",
        "/attribute",
        "/necessity",
        "/channels",
        "/compare",
        "/change",
        "/networks",
        "/report",
        "/classes",
        "/selectivity",
        "/exemplars",
        "/pictures",
        "/map",
        "/study",
        "/costs",
    }
    entry = endpoints["/models"]["returns"][0]["type"]["items"]["properties"]
    assert entry["parameters"] == entry["classes"] == {"type": "integer"}
    answer = endpoints["/trace"]["returns"][0]["type"]["properties"]
    block = answer["sites"]["items"]["properties"]
    assert block["kind"] == {"type": "string"}
    assert block["channels"] == {"type": "integer"}
    # ECA, a relative of SE, has no r.
    assert block["reduction"] == {"oneOf": [{"type": "null"}, {"type": "number"}]}
    names = [p["parameter_name"] for p in endpoints["/trace"]["parameters"]]
    assert names == ["photo", "model", "arms", "topk", "arrays", "cpu"]
    needs = endpoints["/necessity"]["returns"][0]["type"]["properties"]["blocks"]["items"]
    assert needs["properties"]["alone"]["properties"]["flipped"] == {"type": "boolean"}


def test_trace_gives_what_the_library_gives(client: Client, picture: Path, zoo):
    result = client.predict(handle_file(picture), arrays=True, topk=2, api_name="/trace")
    record = trace(zoo.get("embedded"), read_photo(picture), [INTACT, IDENTITY])
    assert result["model"] == "embedded"
    assert [len(arm["top"]) for arm in result["arms"]] == [2, 2]
    np.testing.assert_allclose(result["arrays"]["logits"], record.logits, rtol=1e-6, atol=1e-6)
    s = np.array(result["arrays"]["s/SE_5_3"], np.float32)
    np.testing.assert_allclose(s, record.s["SE_5_3"], rtol=1e-6)


def test_trace_takes_edits_and_says_what_they_change(client: Client, picture: Path, zoo):
    texts = ["intact", "static", "deaf: SE_4*=0; SE_2_1[0:8]*=0.5"]
    result = client.predict(handle_file(picture), arms=texts, api_name="/trace")
    names = [(arm["name"], arm["edits"]) for arm in result["arms"]]
    assert names[1:] == [("static", "static"), ("deaf", "SE_4*=0; SE_2_1[0:8]*=0.5")]
    arms = parse_arms(texts)
    record = trace(
        zoo.get("embedded"), read_photo(picture), arms, recorded=recorded_for("embedded", arms)
    )
    for row, arm in enumerate(result["arms"]):
        ours = compare(record, row)
        assert arm["against_intact"]["flipped"] == ours.flipped
        assert arm["against_intact"]["logit"] == pytest.approx(ours.logit, rel=1e-4, abs=1e-5)


def test_the_twin_answers_as_an_arm_without_gates(client: Client, picture: Path):
    result = client.predict(
        handle_file(picture), arms=["intact", "twin"], arrays=True, api_name="/trace"
    )
    assert result["arms"][1]["against_intact"]["shift"] is None
    assert result["arrays"]["s/SE_5_3"][1][0] is None
    assert all(result["arrays"]["s/SE_5_3"][0])


def test_necessity_channels_and_compare_give_what_the_library_gives(
    client: Client, picture: Path, tmp_path: Path
):
    Image.new("RGB", (64, 64), "teal").save(other := tmp_path / "teal.png")
    photo, teal = read_photo(picture), read_photo(other)
    needs = client.predict(handle_file(picture), replace="identity", api_name="/necessity")
    ours = necessity_report("embedded", photo, replace="identity")
    changes = [block["alone"]["logit"] for block in needs["blocks"]]
    assert changes == pytest.approx([b.alone.logit for b in ours.blocks], rel=1e-4, abs=1e-4)
    found = client.predict(handle_file(picture), top=2, gate="SE_2_1[3]", api_name="/channels")
    mine = channels_report("embedded", photo, top=2, gate="SE_2_1[3]")
    assert [c["channel"] for c in found["top"]] == [c.channel for c in mine.top]
    assert found["gate"]["raised_by"][0]["channel"] == mine.gate.raised_by[0].channel
    assert found["gate"]["places"]["linear"] == pytest.approx(mine.gate.places.linear, rel=1e-4)
    pair = client.predict(handle_file(picture), handle_file(other), api_name="/compare")
    expected = photo_pair_report("embedded", photo, teal)
    assert pair["headline"] == expected.headline
    assert len(pair["blocks"]) == 16


def test_study_and_costs_give_what_the_library_gives(client: Client):
    (found,) = client.predict("r", api_name="/study")
    assert found == asdict(study_report("r")[0])
    assert [variant["key"] for variant in found["variants"]][1] == "lab_resnet_r4"
    assert len(client.predict(api_name="/study")) == 6
    counted = client.predict("seresnet50", api_name="/costs")
    assert (counted["formula"], counted["biases"]) == (2_514_944, 16_048)
    assert counted["blocks"][0]["name"] == "SE_2_1"
    assert counted["said"][0].startswith("SE adds 2,530,992 parameters")
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    study = endpoints["/study"]["returns"][0]["type"]["items"]["properties"]
    assert study["variants"]["items"]["properties"]["top1"]["items"] == {"type": "number"}


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("/study", "stag", "no study “stag”; did you mean stage"),
        ("/study", 7, "no study “7”"),
        ("/study", ["r"], "study is .*; give a text"),
        ("/costs", "seresnet5O", "did you mean"),
        ("/costs", None, "model is None; give a text"),
        ("/costs", "lab_vgg", "VGG has no Squeeze-and-Excitation block"),
    ],
)
def test_a_study_or_network_that_is_none_gets_one_sentence(client, name, given, says):
    with pytest.raises(AppError, match=says):
        client.predict(given, api_name=name)


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("/necessity", {"replace": "resample@/etc/hostname"}, "names a file of the server"),
        ("/necessity", {"replace": "SE_4_6=0"}, "not one rule for all blocks"),
        ("/necessity", {"target": "unicorn"}, "There is no class “unicorn”"),
        ("/channels", {"top": "many"}, "top is many; give a number of channels"),
        ("/channels", {"gate": "SE_4_6"}, "is not a gate"),
        ("/compare", {"topk": 0}, "1 or more"),
    ],
)
def test_bad_arguments_of_the_others_get_one_sentence(client, picture, name, given, says):
    files = [handle_file(picture)] * (2 if name == "/compare" else 1)
    with pytest.raises(AppError, match=says):
        client.predict(*files, **given, api_name=name)


def test_trace_takes_its_arms(client: Client, picture: Path):
    result = client.predict(handle_file(picture), arms=["identity"], api_name="/trace")
    assert [arm["name"] for arm in result["arms"]] == ["identity"]
    assert result["arrays"] == {}
    assert result["sites"][0]["module"] == "layer1.0.se"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"model": "seresnet5O"}, "did you mean"),
        ({"model": "seresnet50.a1_in1k"}, "not on this machine"),
        ({"arms": ["sideways"]}, "“sideways” is no edit of gates"),
        ({"arms": ["resample@/etc/hostname"]}, "names a file of the server"),
        ({"arms": ["mix(0.5,resample@x.jpg)"]}, "names a file of the server"),
        ({"arms": ["SE_4_7=0"]}, "There is no block “SE_4_7” here; did you mean SE_4_"),
        ({"arms": 3}, "arms is a list of names"),
        ({"topk": 0}, "1 or more"),
        ({"topk": "many"}, "a whole number, 1 or more"),
        ({"model": 7}, "no network “7”"),
    ],
)
def test_bad_arguments_get_one_sentence(client: Client, picture: Path, given: dict, says: str):
    with pytest.raises(AppError, match=says):
        client.predict(handle_file(picture), **given, api_name="/trace")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jpg", b"hello", "not a picture"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawing"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(64), "HEIC picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x27\x10\0\0\x27\x10\x08\2", "too large"),
        ("a.bmp", bytes(20_000_001), "the limit is 20 MB"),
        ("empty.png", b"", "is empty"),
    ],
)
def test_a_bad_file_gets_its_sentence(client: Client, tmp_path: Path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AppError, match=says):
        client.predict(handle_file(tmp_path / name), api_name="/trace")


@pytest.mark.parametrize(
    "given",
    [
        {"path": "{server_file}"},
        {"path": "{server_file}", "meta": {"_type": "gradio.FileData"}},
        {"path": "http://127.0.0.1:9/a.png", "meta": {"_type": "gradio.FileData"}},
        {"path": None, "url": "http://127.0.0.1:9/a.png", "meta": {"_type": "gradio.FileData"}},
        {"path": None},
        {"path": "a\0b"},
        "{server_file}",
        None,
        7,
    ],
)
def test_only_uploaded_files_are_read(app_url: str, picture: Path, given: object):
    """A client that makes its own requests can't name files or addresses of its choice."""
    body = (
        json.dumps({"data": [given, "embedded", ["intact"], 2, False]})
        .replace("{server_file}", str(picture))
        .encode()
    )
    request = urllib.request.Request(
        f"{app_url}/gradio_api/call/trace", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{app_url}/gradio_api/call/trace/{event}") as response:
        answer = response.read().decode()
    assert "event: error" in answer
    assert "SE_2_1" not in answer
    assert "needed" not in answer  # it was asked in the right form


def test_memory_stays_flat_over_a_hundred_uploads(client: Client, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SEVIZ_MAX_CACHE", "2")  # full after ten of them
    process = psutil.Process()
    sizes = []
    for i in range(100):
        if i in (20, 80):  # what waits for Python's collector is none of it
            gc.collect()
        path = tmp_path / f"{i}.png"
        Image.new("RGB", (320, 240), (i, 255 - i, 7)).save(path)
        client.predict(handle_file(path), api_name="/trace")
        sizes.append(process.memory_info().rss)
    assert np.median(sizes[-20:]) - np.median(sizes[20:40]) < 10e6
