import io
import json
import shlex
import zipfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seviz.answers.changes import asked_change
from seviz.cli.commands import parser
from seviz.photos.examples import EXAMPLES
from seviz.photos.file import read_file
from seviz.reports.files import report_html, report_zip, write_report
from seviz.reports.result import Result, report_result
from seviz.words.archive import BESIDE

ARMS = ["intact", "static", "twin", "half: SE_4*=0.5"]
SECOND = EXAMPLES[0].path
LARGEST = 3_000_000  # bytes of a page


@pytest.fixture(scope="module")
def result(picture: Path) -> Result:
    methods = ["gradcam", "saliency"]
    return report_result("embedded", read_file(picture), arms=ARMS, methods=methods, shares=True)


@pytest.fixture(scope="module")
def fuller(picture: Path) -> Result:
    """Return a result with all that has to be asked for."""
    second = read_file(SECOND)
    change = asked_change("noisy", 30, seed=5)
    asked = {"trust": True, "alpha_to": "uniform", "change": change, "second": second}
    return report_result("embedded", read_file(picture), arms=ARMS[:3], **asked)


def held_by(report: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repeating(page: str) -> Namespace:
    """Read the command by which a page says that it is made again."""
    (line,) = [part.split("</pre>")[0] for part in page.split("<pre>")[1:]]
    words = shlex.split(line.replace("&#39;", "'").replace("&#34;", '"'))
    return parser().parse_args(words[1:])


@pytest.fixture(scope="module")
def page(result: Result) -> str:
    return report_html(result, made="2026-01-02")


def test_the_page_tells_all_that_is_known(page: str, result: Result):
    parts = ("answers", "gates", "moved", "map-gradcam", "map-saliency", "matters", "shares")
    for name in (*parts, "diagnosis", "repeat"):
        assert f'<section id="{name}">' in page
        assert f'<a href="#{name}">' in page
    assert result.followed.label in page
    assert "2026-01-02" in page
    assert len(page.encode()) < LARGEST


def test_the_page_says_how_to_repeat_it_in_full(page: str, result: Result):
    assert result.trace.photo.sha256 in page
    options = repeating(page)
    assert options.arms == ARMS
    assert (options.method, options.shares) == (["gradcam", "saliency"], True)
    assert (options.trust, options.alpha_to) == (False, "")
    assert (options.change, options.second) == (None, None)
    assert options.target == result.followed.label


def test_a_layer_that_all_maps_look_at_is_named_where_it_is_not_the_last(result: Result):
    gradcam, saliency = result.maps
    at = [replace(gradcam, layer="SE_4_6"), saliency]
    assert repeating(report_html(replace(result, maps=at))).layer == "SE_4_6"
    assert repeating(report_html(result)).layer == ""
    several = [*at, gradcam]
    assert repeating(report_html(replace(result, maps=several))).layer == ""


def test_the_same_result_gives_the_same_page(page: str, result: Result):
    assert report_html(result, made="2026-01-02") == page


def test_a_zip_holds_the_page_json_arrays_and_pictures(result: Result, page: str):
    held = held_by(report_zip(result, made="2026-01-02"))
    assert held["report.html"].decode() == page
    of = json.loads(held["trace.json"])["provenance"]
    assert of["command"].startswith("seviz report ")
    matters = json.loads(held["matters.json"])
    assert len(matters["blocks"]["blocks"]) == len(result.trace.sites)
    with np.load(io.BytesIO(held["matters.npz"])) as arrays:
        np.testing.assert_array_equal(arrays["necessity/logit"], result.needed.logit)
        np.testing.assert_array_equal(
            arrays["effects/SE_2_1"], result.effects.first_order["SE_2_1"]
        )
    with np.load(io.BytesIO(held["attributions.npz"])) as arrays:
        assert {"gradcam/intact", "saliency/half", "gates/SE_2_1"} <= set(arrays)
    assert {"gradcam-intact.png", "saliency-difference.png"} <= set(held)
    assert not BESIDE.keys() & held.keys()
    assert_all_are_described(held)


def assert_all_are_described(held: dict[str, bytes]) -> None:
    for name in held:
        assert name.endswith(".png") or name in held["README.txt"].decode() + "README.txt"


def test_what_was_asked_for_is_told_and_repeated(fuller: Result):
    page = report_html(fuller)
    for name in ("trust-gradcam", "alpha", "change", "second"):
        assert f'<section id="{name}">' in page
    assert len(page.encode()) < LARGEST
    options = repeating(page)
    assert (options.trust, options.alpha_to) == (True, "uniform")
    assert (options.change, options.strength, options.seed) == ("noisy", 30, 5)
    assert options.second == SECOND
    assert fuller.pair.second.photo.sha256 in page


def test_the_zip_has_the_figures_of_what_was_asked_for(fuller: Result):
    held = held_by(report_zip(fuller))
    (method,) = json.loads(held["trust.json"])["methods"]
    named = [of["name"] for of in method["trust"]]
    assert named == ["intact", "static", "twin", "random", "edges", "randomised"]
    assert len(method["trust"][0]["curves"]) == 4
    path = json.loads(held["alpha_path.json"])
    assert (path["reference"], len(path["steps"])) == ("uniform", 21)
    with np.load(io.BytesIO(held["alpha_path.npz"])) as arrays:
        np.testing.assert_array_equal(arrays["logits"], fuller.path.logits)
    change = json.loads(held["change.json"])
    assert (change["change"], change["strength"], change["seed"]) == ("noisy", 30, 5)
    assert change["target"]["label"] == fuller.followed.label
    with np.load(io.BytesIO(held["change.npz"])) as arrays:
        assert arrays["logits"].shape == (len(change["along"]), 3, 200)
    assert json.loads(held["second.json"])["headline"] == fuller.pair.report.headline
    with np.load(io.BytesIO(held["second.npz"])) as arrays:
        np.testing.assert_array_equal(arrays["second/SE_2_1"], fuller.pair.second.s["SE_2_1"][0])
    assert_all_are_described(held)


def test_the_ending_tells_what_is_written(result: Result, tmp_path: Path):
    for name, start in (("a.html", b"<!doctype html>"), ("a.ZIP", b"PK")):
        write_report(result, tmp_path / name, command="seviz report it")
        assert (tmp_path / name).read_bytes().startswith(start)
    assert b"seviz report it" in (tmp_path / "a.html").read_bytes()
