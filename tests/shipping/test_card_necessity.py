from dataclasses import asdict

from made_losses import made_necessity

from seviz.shipping.card_necessity import dynamic_block, necessity_block, ranges_block


def entry(found: object) -> dict:
    return {"weights": {"made": "ab"}, "date": "2026-01-02", "hardware": "here", "found": found}


def test_blocks_stand_with_what_they_lose_and_cost_and_the_sets():
    said = necessity_block(made_necessity())
    row = "| SE_2_2 | −2.0 [−3.0, −1.0] | −20.0 [−21.0, −19.0] | −10.0 [−11.0, −9.0] |"
    assert f"{row} −0.20 [−0.30, −0.10] | 90 % | 2,000 | 4.0 % |" in said
    assert "On the 1,000 validation images" in said
    assert (
        "Within a budget of 0.5 points, the 490 images that choose allow one block, SE_2_1." in said
    )
    assert "the 490 images that choose allow 3 blocks" in said
    assert "measured 2026-01-02 on: a made machine:" in said


def test_networks_stand_with_what_is_left_of_each_arm():
    arms = [asdict(arm) for arm in made_necessity().arms]
    of = [{"photographs": made, "images": 20, "arms": arms} for made in (False, True)]
    entries = {
        "embedded": {**entry(of[1:]), "weights": {"embedded": "cd"}},
        "lab_x": {**entry(of), "weights": {"lab_x": "ef"}},
    }
    lines = dynamic_block(entries, made_necessity()).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert [line.split(" | ")[0].strip("| ") for line in table[2:]] == [
        "embedded",
        "embedded, as photographs",
        "lab_x",
        "lab_x, as photographs",
    ]
    assert table[2].startswith("| embedded | 1,000 | 57.0 [54.0, 60.0] | 24.6 [21.6, 27.6] |")
    assert lines[-1] == "Weights (sha256): `cd` (embedded), `ef` (lab_x)."


def test_ranges_stand_before_and_behind_the_gates():
    def tensor(narrow: float, ours: float | None, best: float) -> dict:
        largest = {"narrow": narrow, "noise_ratio": ours}
        return {"by_largest": largest, "channel_noise_ratio": best}

    blocks = [{"site": "SE_2_1", "before": tensor(0.4, 20, 30), "after": tensor(0.5, None, 30)}]
    said = ranges_block(entry({"images": 2000, "blocks": blocks}))
    assert "| SE_2_1 | 40 % | 50 % | 10.0 | |" in said
    assert "over 2,000 training images" in said
