from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seviz.errors import UserError
from seviz.measuring import gates_table
from seviz.measuring.gates_table import write_gates
from seviz.passes.forward import trace
from seviz.photos.several import list_photographs
from seviz.records.arms import INTACT
from seviz.watch import Watch
from seviz.zoo.catalogue import find


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Five pictures in three classes, of which one can't be read."""
    root = tmp_path_factory.mktemp("data")
    for i, name in enumerate(("n02129165/1.png", "n02129165/2.png", "mine/3.png", "4.png")):
        (root / name).parent.mkdir(exist_ok=True)
        draw = np.random.default_rng(i).integers(0, 256, (5, 5, 3)).astype(np.uint8)
        Image.fromarray(draw).resize((70, 64), Image.Resampling.BICUBIC).save(root / name)
    (root / "mine" / "0.png").write_text("bad")
    return root


def test_each_photograph_has_what_its_trace_has(data: Path, tmp_path: Path, zoo, monkeypatch):
    monkeypatch.setattr(gates_table, "batch_for", lambda config: 2)
    photos, watch = list_photographs([data]).photographs, Watch()
    refused = write_gates("embedded", photos, tmp_path / "t.npz", watch=watch)
    assert watch.share == 1
    watch.close()
    assert [sentence[: len(f"{data}/mine/0.png: This")] for sentence in refused] == [
        f"{data}/mine/0.png: This"
    ]
    table, loaded = np.load(tmp_path / "t.npz"), zoo.get("embedded")
    names = table["names"].tolist()
    assert names == [photo.name for photo in photos if not photo.name.endswith("0.png")]
    labels = {"n02129165": "lion", "mine": "mine", data.name: ""}
    assert table["labels"].tolist() == [labels[Path(name).parent.name] for name in names]
    for i, name in enumerate(names):
        record = trace(loaded, name, [INTACT])
        best = record.top(0, 1)[0]
        assert table["answers"][i] == best.label
        assert table["logits"][i] == pytest.approx(best.logit, abs=2e-4)
        assert table["probabilities"][i] == pytest.approx(best.probability, abs=1e-4)
        for block in record.s:
            np.testing.assert_allclose(table[f"z/{block}"][i], record.z[block][0], atol=1e-4)
            np.testing.assert_allclose(table[f"s/{block}"][i], record.s[block][0], atol=1e-5)


def test_without_a_picture_there_is_no_file(data: Path, tmp_path: Path):
    photos = list_photographs([data / "mine" / "0.png"]).photographs
    with pytest.raises(UserError, match=r"0\.png: This file is not a picture"):
        write_gates("embedded", photos, tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_photograph_on_which_the_network_overflows_is_refused(
    data: Path, tmp_path: Path, monkeypatch
):
    capture = gates_table.capture

    def overflow(loaded, x):
        found = capture(loaded, x)
        found.logits[1, 3] = np.inf
        return found

    monkeypatch.setattr(gates_table, "capture", overflow)
    photos = list_photographs([data / "n02129165"]).photographs
    refused = write_gates("embedded", photos, tmp_path / "t.npz")
    title = find("embedded").title
    assert refused == [f"{photos[1].name}: {title} overflows on this photograph."]
    assert np.load(tmp_path / "t.npz")["names"].tolist() == [photos[0].name]
