from pathlib import Path

from stand_in import stand_in

from seviz.__main__ import main
from seviz.zoo import convert


def test_the_tensors_are_counted_and_the_next_option_is_said(monkeypatch, capsys):
    calls = stand_in(monkeypatch, convert, "convert", 161)
    assert main(["convert", "a b.pth", "a b.safetensors", "--prefix", "ema."]) == 0
    assert capsys.readouterr().out == (
        "a b.safetensors: 161 tensors; --checkpoint 'a b.safetensors' --arch ARCH\n"
    )
    (call,) = calls
    assert (call["source"], call["target"]) == (Path("a b.pth"), Path("a b.safetensors"))
    assert call["prefix"] == "ema."


def test_what_cannot_be_converted_is_a_sentence(tmp_path: Path, capsys):
    assert main(["convert", str(tmp_path / "none.pth"), str(tmp_path / "out")]) == 2
    assert "none.pth is not a file" in capsys.readouterr().err
