from pathlib import Path

import pytest

from seviz.errors import UserError
from seviz.photos import kinds
from seviz.photos.kinds import check_kind, kind_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("hfds/uoft-cs/cifar10", "hfds"),
        ("WDS/shards/train-{000..127}.tar", "wds"),
        ("wds/https://example.org/a.tar", "wds"),
        ("torch/cifar10", "torch"),
        ("torch", None),
        ("torch/", None),
        ("./torch/cifar10", None),
        ("photos/cats", None),
        (Path("torch/cifar10"), None),
    ],
)
def test_a_prefix_tells_the_kind(data, kind):
    assert kind_of(data) == kind


def test_a_folder_of_the_very_name_is_meant_where_it_is_there(monkeypatch, tmp_path: Path):
    (tmp_path / "torch" / "cats").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert (kind_of("torch/cats"), kind_of("torch/cifar10")) == (None, "torch")


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(kinds, "find_spec", lambda package: None)
    with pytest.raises(UserError) as raised:
        check_kind("hfids/a/b")
    assert str(raised.value) == (
        "hfids/a/b is read by the package datasets; install it by `pip install 'seviz[hfds]'`."
    )
    for there in ("torch/cifar10", Path("photos"), "photos"):
        check_kind(there)
    monkeypatch.setattr(kinds, "find_spec", lambda package: package)
    check_kind("wds/a")
