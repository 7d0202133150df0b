import json

from stand_in import stand_in

from seviz.__main__ import main
from seviz.measuring import costs as module
from seviz.measuring.costs import BlockCost, Costs

# 2 · 8² / 4 = 32 by the formula; the projections are of width 3 instead of 2: 2 · 8 · 3 = 48.
BLOCK = BlockCost("SE_2_1", 8, 3, formula=32, projections=48, biases=11, other=0)
COSTS = Costs("made", 4, (BLOCK,), 1059, 5048, 48, 1.256, (1.2, 1.314))


def test_lines_have_the_counts_and_their_reasons(capsys, monkeypatch):
    calls = stand_in(monkeypatch, module, "costs", COSTS)
    assert main(["costs", "--model", "seresnet50_slim"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "SE adds 59 parameters, 5.9 % of the 1,000 without it, in 1 block.",
        "By the article's formula, 2/r · Σ N·C² with r = 4: 32.",
        "Biases, which the formula leaves out: +11.",
        "Projections of other widths than C/4, or of another number than two: +16.",
        "It adds 48 multiply-adds per image, 1.0 % of the 5,000 without it.",
        "One image takes 1.26 times as long as without SE on this machine, now (quartiles of the "
        "pairs timed: 1.20 to 1.31).",
    ]
    assert calls == [{"key": "embedded", "timed": True}]


def test_json_has_the_counts_and_each_block(capsys, monkeypatch):
    stand_in(monkeypatch, module, "costs", COSTS)
    assert main(["costs", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["parameters_added"], found["rounding"], found["biases"]) == (59, 16, 11)
    assert found["blocks"] == [vars(BLOCK)]


def test_the_embedded_network_is_counted_and_one_without_se_refused(capsys, monkeypatch):
    monkeypatch.setattr(module, "PAIRS", 1)
    assert main(["costs", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parameters_added"] == 445_648
    assert found["latency"] > 0
    assert found["blocks"][0]["name"] == "SE_2_1"
    assert main(["costs", "--model", "twin"]) == 2
    assert "has no Squeeze-and-Excitation block" in capsys.readouterr().err
