from seviz.records.provenance import NetworkFile, PhotoFile, Provenance
from seviz.words.provenance import provenance_words

TWIN = NetworkFile("twin", "Twin", "resnet50_slim", "embedded", "t.safetensors", "9" * 64)
MINE = NetworkFile(None, "mine", "seresnet50", "checkpoint", "mine.safetensors", "ab" * 32)


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
    assert ", twin twin (resnet50_slim, sha256 99999999…) ·" in line
    memory = NetworkFile("small", "small", "ResNet", "memory", None, None)
    assert "small (ResNet) ·" in provenance_words(made(network=memory))
