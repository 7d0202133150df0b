from pathlib import Path

from stand_in import stand_in

from seviz.__main__ import main
from seviz.shipping import remake as module
from seviz.shipping.part import Part, Setting


def test_each_part_has_a_line_and_options_reach_the_parts(capsys, monkeypatch):
    news = [("profile", "made in 3 s"), ("card", "up to date")]
    calls = stand_in(monkeypatch, module, "remake", news)
    command = ["remake", "--data", "d", "--out", "o", "--only", "profile", "card", "--force"]
    assert main([*command, "--loaders", "2"]) == 0
    assert capsys.readouterr().out == "profile: made in 3 s\ncard: up to date\n"
    setting = Setting(Path("d"), Path("o"), 2)
    assert calls == [{"setting": setting, "only": ["profile", "card"], "force": True}]


def test_all_parts_are_asked_for_and_none_is_forced(monkeypatch):
    calls = stand_in(monkeypatch, module, "remake", [])
    assert main(["remake", "--data", "d"]) == 0
    setting = Setting(Path("d"), Path("assets"), None)
    assert calls == [{"setting": setting, "only": [], "force": False}]


def test_what_can_not_be_remade_is_said(tmp_path: Path, capsys):
    command = ["remake", "--data", str(tmp_path), "--out", str(tmp_path)]
    assert main([*command, "--only", "everything"]) == 2
    assert "There is no part “everything”; choose from profile, " in capsys.readouterr().err
    assert main([*command, "--only", "profile"]) == 2
    assert "No images for “train”" in capsys.readouterr().err
    (tmp_path / "seresnet50_slim.figures.json").write_text("{")
    assert main([*command, "--only", "evaluate"]) == 2
    assert "figures.json is damaged; delete it to measure again" in capsys.readouterr().err


def test_what_is_remade_goes_into_the_assets_of_the_current_folder(
    tmp_path: Path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "PARTS", (Part("where", lambda _: False, lambda s: str(s.out)),))
    assert main(["remake", "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "seviz: There is no folder assets here; go into a checkout of seviz, or name the folder by "
        "--out DIR.\n"
    )
    (tmp_path / "assets").mkdir()
    assert main(["remake", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "where: made in 0 s; assets\n"


def test_images_are_named_only_where_a_part_needs_them(tmp_path: Path, capsys, monkeypatch):
    free, other = (lambda s: str(s.out.name)), (lambda s: str(s.data))
    parts = (Part("free", lambda _: False, free), Part("other", lambda _: False, other))
    monkeypatch.setattr(module, "PARTS", parts)
    assert main(["remake", "--out", str(tmp_path), "--only", "free"]) == 0
    assert main(["remake", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "seviz: This part is made of images; name their folder by --data DIR.\n"
    )
