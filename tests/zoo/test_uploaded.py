import shutil
from pathlib import Path

import pytest
import torch
from networks import randn, random_network
from safetensors.torch import save_file

from seviz.errors import UserError
from seviz.zoo import catalogue
from seviz.zoo.settings import Settings
from seviz.zoo.uploaded import check_openable, field_words, open_upload


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("written") / "mine.safetensors"
    save_file(random_network("seresnet18", num_classes=3).state_dict(), path)
    return path


@pytest.fixture
def file(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path))


def test_it_is_found_and_listed_by_its_visitor_alone(file: Path):
    source = open_upload(file, "seresnet18", Settings())
    with catalogue.with_networks((source,)):
        assert catalogue.find(source.key) is source
        assert catalogue.all_keys()[1] == source.key
        assert catalogue.visitors() == (source,)
        with catalogue.with_networks(()), pytest.raises(UserError, match="or to somebody else's"):
            catalogue.find(source.key)
    assert source.key not in catalogue.all_keys()
    assert catalogue.visitors() == ()
    with pytest.raises(UserError, match="was uploaded to a page that is gone") as error:
        catalogue.find(source.key)
    assert "mine" not in str(error.value)


def test_each_has_a_key_that_nobody_can_guess(file: Path):
    keys = {open_upload(file, "seresnet18", Settings()).key for _ in range(3)}
    assert len(keys) == 3
    assert all(key.startswith("upload-") and len(key) == 23 for key in keys)


def test_sentences_name_fields_and_no_folder_of_the_server(file: Path):
    source = open_upload(file, "seresnet18", Settings(size=(64,)))
    assert source.notes[-1].startswith("mean 0.485 0.456 0.406 and deviation 0.229 0.224 0.225 are")
    for architecture, says in (
        ("seresnet34", "mine.safetensors does not fit seresnet34: .* give another architecture"),
        ("seresnet", "There is no architecture “seresnet” in timm or torchvision; did you mean"),
        ("resnet18", "has no"),
        ("regnet_y_128gf", r"holds 11,\d+,\d+ numbers, and regnet_y_128gf has 644,812,894 param"),
    ):
        with pytest.raises(UserError, match=says) as error:
            open_upload(file, architecture, Settings())
        assert str(file.parent) not in str(error.value)
        assert "--" not in str(error.value)
    with pytest.raises(UserError, match=r"mean has 2 numbers; mine\.safetensors takes"):
        open_upload(file, "seresnet18", Settings(mean=(0.5, 0.5)))
    file.write_bytes(b"\x80\x02torch")
    with pytest.raises(UserError, match=r"mine\.safetensors is a pickle") as error:
        open_upload(file, "seresnet18", Settings())
    assert str(file.parent) not in str(error.value)


def test_what_has_no_answers_is_not_opened(file: Path):
    weights = random_network("seresnet18").state_dict()
    save_file({k: v for k, v in weights.items() if not k.startswith("fc.")}, file)
    with pytest.raises(UserError, match=r"mine\.safetensors: "):
        open_upload(file, "seresnet18", Settings())


def test_its_size_in_float32_is_limited(file: Path, monkeypatch):
    weights = random_network("seresnet18", num_classes=3).to(torch.float8_e5m2).state_dict()
    save_file(weights, file)
    monkeypatch.setenv("SEVIZ_MAX_NETWORK_MB", "30")
    assert file.stat().st_size < 30_000_000
    with pytest.raises(UserError, match="At most 30 MB in one uploaded network, also as float32; "):
        open_upload(file, "seresnet18", Settings())


def test_options_become_fields():
    assert field_words("--input-size 64, --std 1: give another --arch.") == (
        "input size 64, deviation 1: give another architecture."
    )


def test_a_network_of_an_upload_answers(file: Path, photo):
    from seviz.passes.dispatch import ZOO, ask
    from seviz.passes.forward import trace
    from seviz.records.arms import INTACT

    source = open_upload(file, "seresnet18", Settings())
    check_openable(source)
    with catalogue.with_networks((source,)):
        assert ask(trace, source.key, photo, [INTACT]).model == source.key
        assert source.key in ZOO
        ZOO.forget(file.with_name("other.safetensors"))
        assert source.key in ZOO
        ZOO.forget(file)
        assert source.key not in ZOO


def test_a_process_that_is_forked_is_told_of_the_visitors_networks(file: Path):
    from seviz.passes import dispatch

    source = open_upload(file, "seresnet18", Settings())
    titles = dispatch._run_for((source,), _title_of, source.key)
    assert titles == "mine.safetensors · seresnet18"
    assert isinstance(dispatch._run(_title_of, "embedded"), str)
    with pytest.raises(UserError, match="uploaded to a page"):
        catalogue.find(source.key)


def _title_of(loaded) -> str:
    return loaded.title


def test_a_file_that_is_no_network_gets_a_sentence(tmp_path: Path):
    file = tmp_path / "odd.safetensors"
    save_file({"a": randn(2)}, file)
    with pytest.raises(UserError, match=r"odd\.safetensors does not fit seresnet18: it lacks"):
        open_upload(file, "seresnet18", Settings())
