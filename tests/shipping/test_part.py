import hashlib
from pathlib import Path

from seviz.nets.embedded import ASSETS
from seviz.shipping.part import Part, Setting, weight_digests


def test_files_lie_in_the_folder_that_is_written_into():
    setting = Setting(Path("d"), Path("o"))
    assert setting.profile == Path("o/seresnet50_slim.profile.safetensors")
    assert setting.figures == Path("o/seresnet50_slim.figures.json")
    assert setting.card == Path("o/seresnet50_slim.md")


def test_weights_are_known_by_the_digest_of_their_file():
    files = {"embedded": "seresnet50_slim", "twin": "resnet50_slim"}
    expected = {
        key: hashlib.sha256((ASSETS / f"{name}.safetensors").read_bytes()).hexdigest()
        for key, name in files.items()
    }
    assert weight_digests("embedded", "twin") == expected
    assert weight_digests("twin") == {"twin": expected["twin"]}


def test_a_part_lacks_nothing_unless_it_says_so():
    part = Part("p", lambda _: True, lambda _: "")
    assert part.lacks(Setting(Path("d"), Path("o"))) == ""
