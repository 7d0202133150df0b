import argparse
from pathlib import Path

import pytest

from seviz.cli import data_options as module
from seviz.cli.options import add_network
from seviz.errors import UserError
from seviz.photos import kinds
from seviz.photos.sources import Access, Reading


def parsed(*arguments: str) -> argparse.Namespace:
    command = argparse.ArgumentParser(exit_on_error=False)
    add_network(command, of_images=True)
    module.add_images(command, "images", split="train")
    return command.parse_args(arguments)


def test_which_images_are_read_is_said_by_options():
    assert module.reading_of(parsed("--data", "d")) == Reading("train")
    given = parsed(
        *("--data", "torch/cifar10", "--split", "val", "--limit", "9", "--labels", "none"),
        *("--root", "r", "--download", "--columns", "a", "b", "--skip-unreadable"),
    )
    access = Access(Path("r"), True, ("a", "b"))
    assert module.reading_of(given) == Reading("val", False, 9, access, True)


def test_data_is_a_path_or_a_name_of_another_kind():
    assert parsed("--data", "d/e").data == Path("d/e")
    assert parsed("--data", "wds/https://a.b/c.tar").data == "wds/https://a.b/c.tar"
    with pytest.raises(argparse.ArgumentError, match="is an address"):
        parsed("--data", "https://a.b/c.zip")


def test_labels_name_classes_or_say_that_images_have_none_or_both():
    given = parsed("--data", "d", "--labels", "names.txt", "--labels", "none")
    assert (given.labels, given.labelled) == (Path("names.txt"), False)
    given = parsed("--data", "d", "--labels", "./none")
    assert (given.labels, given.labelled) == (Path("none"), True)
    assert parsed("--data", "d").labels is None
    with pytest.raises(argparse.ArgumentError, match="names no file"):
        parsed("--data", "d", "--labels", "")


def test_what_is_not_there_is_refused_first(monkeypatch):
    with pytest.raises(UserError, match="No images for “train” in nowhere"):
        module.check_images(parsed("--data", "nowhere"))
    module.check_images(parsed("--data", "torch/cifar10"))
    monkeypatch.setattr(kinds, "find_spec", lambda package: None)
    with pytest.raises(UserError, match="pip install 'seviz"):
        module.check_images(parsed("--data", "hfds/a"))
