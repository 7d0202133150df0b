import json

from seviz.__main__ import main


def test_models_lists_every_network_as_json(capsys):
    assert main(["models", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert entries[0]["key"] == "embedded"
    facts = {
        "key",
        "title",
        "source",
        "architecture",
        "parameters",
        "input_size",
        "licence",
        "cached",
        "size",
        "classes",
        "twin",
    }
    for entry in entries:
        assert facts <= set(entry)
        assert entry["source"] in {"embedded", "hub", "release"}
        assert entry["parameters"] > 200_000


def test_models_lists_one_network_a_line(capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 30
    assert lines[0].split() == [
        *("key", "params", "input", "top-1", "place", "group", "licence", "title")
    ]
    assert "4.6 M" in lines[1]
    assert "64 px" in lines[1]
    assert lines[0].index("licence") == lines[1].index("imagenet-non-commercial")
