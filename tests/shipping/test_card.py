import numpy as np
import pytest

from seviz.errors import UserError
from seviz.reference.profile import BlockProfile, Profile
from seviz.shipping.card import (
    accuracy_block,
    answers_block,
    gates_block,
    pictures_block,
    replace_block,
    statistics_block,
)

ABOUT = {"date": "2026-11-28", "hardware": "Abacus, 2 cores, 1 thread"}


def evaluated(model: str, photographs: bool, top1: float, temperature: float) -> dict:
    return {
        "model": model,
        "photographs": photographs,
        "images": 10_000,
        "top1": top1,
        "top5": 0.75,
        "temperature": temperature,
        "parameters": 2_302_232,
        "macs": 90_800_000,
        "images_per_second": 315.7,
    }


def test_a_block_is_replaced_between_its_comments_and_nowhere_else():
    card = (
        "Title\n\n<!-- a: begin -->\nold\n<!-- a: end -->\n\n<!-- b: begin -->\n<!-- b: end -->\n"
    )
    once = replace_block(card, "a", "| new |\n\nlines")
    assert once == card.replace("old", "| new |\n\nlines")
    assert replace_block(once, "a", "old") == card
    for broken in ("", "<!-- a: end --> <!-- a: begin -->", "<!-- a: begin -->"):
        with pytest.raises(UserError, match="The card lacks the lines <!-- a: begin --> and"):
            replace_block(broken, "a", "x")


def test_accuracies_stand_beside_each_other_with_what_their_difference_is_worth():
    found = [
        evaluated("embedded", False, 0.5, 0.8561),
        evaluated("embedded", True, 0.48, 9),
        evaluated("twin", False, 0.4968, 0.8449),
        evaluated("twin", True, 0.49, 9),
    ]
    runs = {
        key: {"date": day, "history": [{}, {"top1": 0.512, "top5": 0.7984}]}
        for key, day in (("embedded", "2026-11-01"), ("twin", "2026-11-02"))
    }
    entry = {"found": found, "weights": {"embedded": "ab", "twin": "cd"}, **ABOUT}
    text = accuracy_block(entry, runs)
    assert "On the 10,000 validation images" in text
    assert "measured 2026-11-28 on: Abacus, 2 cores, 1 thread:" in text
    figures = "50.0 % | 75.0 % | 48.0 % | 0.856 | 2,302,232 | 90.8 M | 316"
    assert f"\n| SE-ResNet-50 slim (embedded) | {figures} |\n" in text
    assert "\n| ResNet-50 slim (twin) | 49.7 % | 75.0 % | 49.0 % | 0.845 |" in text
    # √(0.5·0.5 + 0.4968·0.5032) / 100 = 0.707 %
    assert "is +0.3 points, as photographs −1.0, with a standard error of 0.7" in text
    assert "51.2 % and 79.8 % (2026-11-01), the twin's 51.2 % and 79.8 % (2026-11-02)" in text
    assert text.endswith("Weights (sha256): `ab` (embedded), `cd` (twin).")


def test_edited_gates_are_told_by_arm_for_answers_and_for_explanations():
    def arm(name: str, top1: float, gap: float) -> dict:
        figures = {"top1": top1, "top5": 0.7, "difference": gap, "standard_error": 0.0041}
        return {
            "arm": name,
            "agreement": 0.6,
            "most_frequent": "bee",
            "most_frequent_share": 0.01,
        } | figures

    def interval(mean: float, low: float, high: float) -> dict:
        return {"mean": mean, "low": low, "high": high}

    pointed = [
        {"arm": "intact", "hits": interval(0.776, 0.751, 0.801), "energy": interval(0.6, 0.5, 0.7)},
        {"arm": "static", "hits": interval(0.736, 0.7, 0.768), "energy": interval(0.6, 0.5, 0.7)},
    ]
    pointing = {
        "found": {
            "images": 1000,
            "chance": 0.52,
            "arms": pointed,
            "hits_difference": interval(0.04, 0.02, 0.06),
            "energy_difference": interval(0.002, -0.003, 0.007),
        },
        **ABOUT,
    }
    found = {"arms": [arm("intact", 0.549, 0), arm("static", 0.3, -0.249)]}
    text = gates_block({"found": found, "weights": {"embedded": "ab"}, **ABOUT}, pointing)
    assert "(`evaluate --arms intact static`), measured 2026-11-28 on: Abacus" in text
    assert "\n| intact | 54.9 % | 70.0 % | | | |\n" in text
    gap = "−24.9 points (standard error 0.4)"
    assert f"\n| static | 30.0 % | 70.0 % | {gap} | 60.0 % | bee (1.0 %) |\n" in text
    assert "over 1,000 validation images" in text
    assert "a map without information would have 52 % of its evidence" in text
    assert "\n| intact | 77.6 % [75.1, 80.1] | 60.0 % [50.0, 70.0] |\n" in text
    assert "\n| intact − static | +4.0 points [2.0, 6.0] | +0.2 points [−0.3, 0.7] |\n" in text
    assert text.endswith("Weights (sha256): `ab` (embedded).")


def test_the_gates_that_pictures_open_are_counted_beside_the_control():
    blocks = [
        {"site": "SE_2_1", "live": 40, "beyond": 38, "control": 8, "control_beyond": 1},
        {"site": "SE_2_2", "live": 60, "beyond": 57, "control": 8, "control_beyond": 0},
    ]
    entry = {
        "found": {"steps": 32, "beyond": 99.0, "blocks": blocks},
        "weights": {"embedded": "ab12"},
        "date": "2026-11-29",
        "hardware": "made",
    }
    said = pictures_block(entry)
    assert "95 of the 100 gates that move (95.0 %) have a larger s than 99 of 100" in said
    assert "do so with 1 of 16, measured 2026-11-29 on: made:" in said
    assert "| SE_2_1 | 38 of 40 | 1 of 8 |" in said


def test_photographs_stand_with_their_answers():
    said = [{"label": "lion", "probability": 0.234}, {"label": "snail", "probability": 0.051}]
    entry = {"found": {"lion": said}, "weights": {"embedded": "ab"}}
    assert "\n| lion | lion (23 %), snail (5.1 %) |\n" in answers_block(entry)


def test_the_channels_that_move_are_counted():
    def block(mean: float, *deviations: float) -> BlockProfile:
        values = [np.full(4, mean, np.float32), np.float32(deviations)]
        return BlockProfile(*values, *[np.zeros((1, 4), np.float32)] * 8)

    blocks = {"SE_2_1": block(0.5, *[0.125] * 4), "SE_5_2": block(1, 0, 0, 0.01, 0.87)}
    text = statistics_block(Profile("embedded", "made", ("a",), (70_000,), 9, blocks, "ab"))
    assert text.startswith("Over 70,000 training images")
    assert "\n| SE_2_1 | 0.50 | 0.125 | 4 of 4 |\n| SE_5_2 | 1.00 | 0.220 | 1 of 4 |\n" in text
    assert text.endswith("`ab` (embedded).")
