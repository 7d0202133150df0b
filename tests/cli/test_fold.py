import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stand_in import stand_in

from seviz.__main__ import main
from seviz.folding import report as module
from seviz.folding.compare import Accuracy, Cost, Latency
from seviz.folding.report import FoldReport, Tuning
from seviz.folding.tune import Tuned
from seviz.measuring.intervals import Estimate
from seviz.photos.used import ImagesUsed

REPORT = FoldReport(
    model="embedded",
    title="SE-ResNet-50 slim · embedded",
    blocks={"SE_5_1": "before", "SE_5_2": "behind", "SE_5_3": "stays"},
    left=("SE_2_1", "SE_2_2"),
    statistics="d (train), 9 images",
    error=1.5e-7,
    cost=Cost((2_000_000, 1_500_000), (100_000_000, 99_000_000)),
    latency=(
        Latency("CPU", 1, 25, (10.0, 8.0), 0.8, 0.75, 0.85),
        Latency("CPU", 32, 9, (100.0, 90.0), 0.9, 0.85, 1.1),
    ),
    accuracy=None,
    tuned=None,
    file="f.safetensors",
    bytes=6_000_000,
    onnx_error=None,
    program_error=None,
    plain=None,
    python="import timm",
)
USED = ImagesUsed("val", 8, 2, {"ant": 3, "bee": 5}, (), ())
ACCURACY = Accuracy(
    8, (0.5, 0.375), ((0.2, 0.8), (0.1, 0.7)), Estimate(-0.125, -0.3, 0.05), 0.75, USED
)
TUNED = Tuned("d (train)", "d (val)", 8, (0.125, 0.25, 0.5), 3, 192, 1.5, 4)


@pytest.fixture(autouse=True)
def _data(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    monkeypatch.chdir(tmp_path)


def test_beside_its_original_it_answers_as_the_static_arm_does(picture: Path, tmp_path: Path):
    file, out = tmp_path / "f.safetensors", tmp_path / "out"
    module.fold_network("embedded", module.Wanted(["SE_5_1", "SE_5_2"], file, batches=()))
    arms = ["intact", "static", "twin", "SE_5_1=static;SE_5_2=static"]
    command = ["trace", str(picture), "--checkpoint", str(file), "--beside", "embedded"]
    assert main([*command, "--arms", *arms, "--out", str(out)]) == 0
    intact, static, twin, same = np.load(out / picture.stem / "trace.npz")["logits"]
    assert np.linalg.norm(twin - same) < 1e-5 * np.linalg.norm(same)
    for other in (intact, static):
        assert np.linalg.norm(twin - other) > 1e-2 * np.linalg.norm(other)


def said(monkeypatch, capsys, report: FoldReport, *options: str) -> tuple[str, dict]:
    calls = stand_in(monkeypatch, module, "fold_network", report)
    assert main(["fold", "--blocks", "SE_5*, SE_2_1", "--out", "f.safetensors", *options]) == 0
    (call,) = calls
    return capsys.readouterr().out, call


def test_it_says_where_gates_are_what_it_costs_and_how_to_load_it(monkeypatch, capsys):
    out, call = said(monkeypatch, capsys, REPORT)
    assert out.splitlines()[:16] == [
        "f.safetensors: SE-ResNet-50 slim · embedded, 6.0 MB in float32",
        "SE_5_1 (1): gates folded into the layers before",
        "SE_5_2 (1): gates folded into what follows",
        "SE_5_3 (1): gates kept as fixed scales of the channels",
        "2 SE blocks stay: SE_2_1 and SE_2_2",
        "static gates: means over d (train), 9 images; logits differ from the static arm's by "
        "1.5e-07 of their norm",
        "parameters 2,000,000 → 1,500,000 (−25.0 %); multiply-adds 100.0 M → 99.0 M (−1.0 %)",
        "CPU, 1 image: 10.00 ms → 8.00 ms; pair by pair −20.0 % [−25.0, −15.0] (medians and "
        "quartiles of 25 alternating pairs)",
        "CPU, 32 images: 100.00 ms → 90.00 ms; pair by pair −10.0 % [−15.0, +10.0], which is noise "
        "(medians and quartiles of 9 alternating pairs)",
        "",
        "To load it in Python:",
        "",
        "import timm",
        "",
        "To open it in seviz: --checkpoint f.safetensors; beside the original: --checkpoint "
        "f.safetensors --beside embedded",
        "",
    ]
    assert (call["key"], call["wanted"].places) == ("embedded", ["SE_5*", "SE_2_1"])
    assert (call["wanted"].data, call["wanted"].tuning, call["wanted"].onnx) == (None, None, None)


def test_what_was_measured_tuned_and_exported_is_said(monkeypatch, capsys):
    report = replace(
        REPORT,
        **{"accuracy": ACCURACY, "tuned": TUNED, "plain": "resnet50_slim", "left": ()},
        **{
            "onnx_error": 2e-6,
            "program_error": 0.0,
            "blocks": {f"b{i}": "before" for i in range(9)},
        },
    )
    options = ["--data", "d", "--tune", "e", "--minutes", "1.5", "--seed", "4", "--export", "f.pt2"]
    out, call = said(monkeypatch, capsys, report, *options)
    lines = out.splitlines()
    names = "b0, b1, b2, b3, b4, b5, b6, b7 and b8"
    assert f"{names} (9): gates folded into the layers before" in lines
    assert (
        "To open it in seviz, beside the original: --checkpoint f.safetensors --beside embedded"
    ) in lines
    assert "no SE block is left" in lines
    assert (
        "top-1 50.0 % [20.0, 80.0] → 37.5 % [10.0, 70.0]: −12.5 [−30.0, +5.0] points on the same "
        "images; the same answer for 75 % of them"
    ) in lines
    assert (
        "tuned for 1.5 minutes on d (train), 192 images, seed 4 (3 steps): top-1 12.5 % → 25.0 % "
        "with new norm statistics → 50.0 %, on 8 held-out images (d (val))"
    ) in lines
    assert "f.pt2: torch.export; its logits differ by 0.0e+00 of their norm" in lines
    assert any(line.startswith("It has the weights of the plain resnet50_slim") for line in lines)
    wanted = call["wanted"]
    assert wanted.tuning == Tuning(Path("e"), 1.5, 4)
    assert (wanted.data, wanted.program) == (Path("d"), Path("f.pt2"))


def test_json_has_every_figure_and_what_it_is_of(monkeypatch, capsys):
    out, _ = said(monkeypatch, capsys, REPORT, "--json")
    found = json.loads(out)
    assert found["blocks"] == REPORT.blocks
    assert found["latency"][0]["milliseconds"] == [10.0, 8.0]
    assert found["provenance"]["network"]["key"] == "embedded"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "d"], "d has to end in .safetensors, which says its kind"),
        (["--out", "none/f.safetensors"], "can't be written; name a file in an existing folder"),
        (["--onnx", "f.pt2"], "f.pt2 has to end in .onnx, which says its kind"),
        (["--export", "f.onnx"], "f.onnx has to end in .pt2, which says its kind"),
        (["--checkpoint", "f", "--beside", "embedded"], "leave it out, and FILE is folded further"),
        (["--budget", "2"], "--budget is about --blocks auto; give that, or only the blocks"),
        (["--necessity", "n.json"], "--necessity is about --blocks auto"),
        (["--blocks", "auto", "--budget", "9"], "ended at a budget of 5 points; give no more, or"),
        (
            ["--export", "none/f.pt2"],
            "none/f.pt2 can't be written; name a file in an existing folder",
        ),
        (["--minutes", "3"], "--minutes and --seed are about --tune DATA; give that, too"),
        (["--tune", "d", "--minutes", "0"], "--minutes 0 is not possible"),
        (["--blocks", "auto", "--budget", "-1"], "--budget -1 is not possible"),
        (
            ["--blocks", "auto", "--model", "lab_resnet_se"],
            "run `seviz necessity --data DIR --out FILE` and give it by",
        ),
        (["--blocks", "SE_5_9"], "There is no block “SE_5_9” here; did you mean SE_5_"),
        (["--blocks", ","], "Name the blocks to fold"),
        (["--data", "none"], "No images for “val” in none: there is no such folder"),
        (["--model", "twin"], "no Squeeze-and-Excitation block"),
    ],
)
def test_what_cant_be_done_gets_one_sentence(capsys, options: list[str], says: str):
    assert main(["fold", "--blocks", "all", "--out", "f.safetensors", *options]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error
    assert not Path("f.safetensors").exists()
