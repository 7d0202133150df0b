import json

from seviz.__main__ import main
from seviz.bench import architectures
from seviz.bench.architectures import Trial
from seviz.measuring import hardware

TRIALS = {
    "a": Trial("a", "A", 2_000_000, 64, 3, deviation={"z": 2e-6}, seconds=1.5),
    "b": Trial("b", left_out="no SE block"),
}


def test_each_architecture_is_told_and_the_page_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(architectures, "try_one", TRIALS.__getitem__)
    monkeypatch.setattr(architectures, "names", lambda: ["a", "b"])
    monkeypatch.setattr(hardware, "hardware", lambda: "Some CPU")
    files = ["--state", str(tmp_path / "state"), "--table", str(tmp_path / "page.md")]
    assert main(["architectures", *files]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a: exact within 2e-06; 3 SE blocks, rows branch, 64×64 pixels, 1.5 s"
    ]
    page = (tmp_path / "page.md").read_text("utf-8")
    assert "on Some CPU" in page
    assert "**1 of 1 were exact.**" in page
    assert main(["architectures", "a", "--json", *files]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == ["a", "b"]


def test_a_state_that_cant_be_written_is_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(architectures, "try_one", TRIALS.__getitem__)
    assert main(["architectures", "a", "--state", str(tmp_path / "no" / "state")]) == 2
    assert "can't be written: No such file or directory." in capsys.readouterr().err
