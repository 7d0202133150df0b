import json
from pathlib import Path

from folders import class_folders

from seviz.__main__ import main
from seviz.errors import UserError
from seviz.measuring.necessity_file import load
from seviz.reference.work import Work
from seviz.zoo.catalogue import find


def test_a_data_set_gets_a_report_and_a_file(capsys, tmp_path: Path):
    class_folders(tmp_path, find("embedded").folders, train=0, val=1)
    out = tmp_path / "found.json"
    command = ["necessity", "--data", str(tmp_path), "--limit", "24", "--out", str(out)]
    assert main([*command, "--budget", "0", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = load(out)
    assert said["blocks"][3]["alone"]["lost"]["mean"] == found.blocks[3].alone.lost.mean
    assert said["provenance"]["data"] == str(tmp_path)
    assert said["provenance"]["edits"] == {"replaced": "static"}
    assert (found.network, found.images, found.rule) == ("embedded", 24, "static")
    assert found.weights == find("embedded").digest
    assert found.data == f"{tmp_path.name} (val, 24 images)"
    names = ["intact", "static", "resampled", "uniform", "shuffled", "identity"]
    assert [of.arm for of in found.arms] == names
    assert not list(tmp_path.glob("*.parts"))
    assert main([*command, "--further", str(out), "--budget", "20", "--json"]) == 0
    further = json.loads(capsys.readouterr().out)
    assert further["blocks"] == said["blocks"]
    assert further["path"]["steps"][0]["site"] == said["path"]["steps"][0]["site"]
    assert load(out).path.budget == 20


def test_a_run_goes_on_and_other_images_are_refused(capsys, tmp_path: Path, monkeypatch):
    monkeypatch.setitem(Work.take.__kwdefaults__, "every", 0.0)
    class_folders(tmp_path, find("embedded").folders[:3], train=0, val=1)
    command = ["necessity", "--data", str(tmp_path), "--labels", "none", "--out"]

    def stop(*_, **__):
        raise UserError("stopped")

    with monkeypatch.context() as patched:
        patched.setattr("seviz.measuring.measure_necessity._blocks", stop)
        assert main([*command, str(tmp_path / "found.json")]) == 2
    capsys.readouterr()
    assert main([*command, str(tmp_path / "found.json"), "--limit", "2"]) == 2
    assert "holds the beginning of another run, of other data" in capsys.readouterr().err
    monkeypatch.setattr("seviz.measuring.arm_answers.AnswerGathering.ask", stop)
    assert main([*command, str(tmp_path / "found.json")]) == 0
    lines = capsys.readouterr().out
    assert "the mean log-probability of the intact network’s answer" in lines
    assert "Too few images to choose blocks" in lines
    assert load(tmp_path / "found.json").labelled is False
