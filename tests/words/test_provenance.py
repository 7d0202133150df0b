import pytest

from seviz.records.provenance import NetworkFile, PhotoFile, Provenance
from seviz.words.provenance import network_title, provenance_words

TWIN = NetworkFile("twin", "Twin", "resnet50_slim", "embedded", "t.safetensors", "9" * 64)
MINE = NetworkFile(None, "mine", "seresnet50", "checkpoint", "mine.safetensors", "ab" * 32)


OTHER_TWIN = NetworkFile("resnet50.a1_in1k", "ResNet-50", "resnet50", "hub", None, None)


def made(**changes: object) -> Provenance:
    of = {
        "photographs": (PhotoFile("a/garden.png", "12345678" * 8, 240, 180),),
        "data": None,
        "network": MINE,
        "twin": None,
        "input_size": (3, 64, 96),
        "mean": (0.5,) * 3,
        "std": (0.5,) * 3,
        "edits": {},
        "device": "CPU",
        "precision": "float32",
        "versions": {"seviz": "1.2.3"},
        "command": "",
    }
    return Provenance(**{**of, **changes})


def test_a_line_names_photograph_network_input_device_and_version():
    assert provenance_words(made()) == (
        "garden.png (sha256 12345678…) · mine.safetensors (seresnet50, sha256 abababab…) · "
        "96×64 pixels · CPU, float32 · seviz 1.2.3"
    )


def test_data_twin_and_a_network_without_a_file_are_named():
    line = provenance_words(made(photographs=(), data="images", twin=TWIN))
    assert line.startswith("images · mine.safetensors (")
    assert ", twin (resnet50_slim, sha256 99999999…) ·" in line
    memory = NetworkFile("small", "small", "ResNet", "memory", None, None)
    assert "small (ResNet) ·" in provenance_words(made(network=memory))
    line = provenance_words(made(twin=OTHER_TWIN))
    assert ", twin resnet50.a1_in1k (resnet50) ·" in line


@pytest.mark.parametrize(
    ("key", "title", "architecture", "says"),
    [
        ("embedded", "SE-ResNet-50 slim · embedded", "seresnet50_slim",
         "SE-ResNet-50 slim · embedded, seresnet50_slim"),
        (None, "mine.safetensors · seresnet18", "seresnet18", "mine.safetensors · seresnet18"),
        ("a.b_in1k", "SE-ResNet-50", "seresnet50", "SE-ResNet-50 (a.b_in1k), seresnet50"),
        ("My-net", "My net", "Net", "My net (My-net), Net"),
        ("net", "another-net", "", "another-net (net)"),
    ],
)  # fmt: skip
def test_a_title_says_each_name_once(key, title: str, architecture: str, says: str):
    network = NetworkFile(key, title, architecture, "", "mine.safetensors", None)
    assert network_title(network) == says
