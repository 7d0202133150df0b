from types import SimpleNamespace

from seviz.words.folding import cost_line, latency_line, proof_line, way_lines


def report(**known: object) -> SimpleNamespace:
    return SimpleNamespace(**known)


def test_blocks_are_named_by_where_their_gates_are():
    blocks = {f"SE_2_{n}": "before" for n in range(1, 26)} | {"SE_3_1": "stays"}
    lines = list(way_lines(report(blocks=blocks, left=("SE_5_1", "SE_5_2"))))
    assert lines == [
        "SE_2_1, SE_2_2 … SE_2_25 (25): gates folded into the layers before",
        "SE_3_1 (1): gates kept as fixed scales of the channels",
        "2 SE blocks stay: SE_5_1 and SE_5_2",
    ]
    assert list(way_lines(report(blocks={}, left=()))) == ["no SE block is left"]


def test_the_proof_tells_of_what_it_is_before_tuning():
    made = report(statistics="made (train), 9 images", error=1.23e-7, tuned=None)
    said = "static gates: means over made (train), 9 images; logits differ from the static arm's "
    assert proof_line(made) == f"{said}by 1.2e-07 of their norm"
    made.tuned = "5 minutes"
    assert proof_line(made).endswith(", before tuning")


def test_costs_and_times_have_before_and_after():
    cost = report(parameters=(4_607_256, 4_161_608), macs=(175_800_000, 175_300_000))
    assert cost_line(cost) == (
        "parameters 4,607,256 → 4,161,608 (−9.7 %); multiply-adds 175.8 M → 175.3 M (−0.3 %)"
    )
    found = report(device="CPU", batch=1, milliseconds=(10.0, 8.0), ratio=0.81, pairs=25)
    found.low, found.high = 0.8, 0.83
    assert latency_line(found) == (
        "CPU, 1 image: 10.00 ms → 8.00 ms; pair by pair −19.0 % [−20.0, −17.0] (medians and "
        "quartiles of 25 alternating pairs)"
    )
    found.batch, found.high = 32, 1.05
    assert latency_line(found).startswith("CPU, 32 images")
    assert "−19.0 % [−20.0, +5.0], which is noise (medians" in latency_line(found)
