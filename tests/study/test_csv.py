import csv
import io
from dataclasses import replace

import pytest
from made_study import found, made

from seviz.nets.variants import STUDIES, VARIANTS
from seviz.study.csv import study_csv


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_a_variant_with_every_seed_and_the_articles_figures():
    standard, tanh, relu = read(study_csv(["excitation"], made(lab_resnet_relu=0.45)))
    assert [r["key"] for r in (standard, tanh, relu)] == [v.key for v in STUDIES["excitation"]]
    assert [relu[f"top1_seed{n}_percent"] for n in range(3)] == ["44.0", "45.0", "46.0"]
    assert [relu[f"top5_seed{n}_percent"] for n in range(3)] == ["74.0", "75.0", "76.0"]
    assert (relu["top1_mean_percent"], relu["top1_spread_points"]) == ("45.0", "1.0")
    assert (relu["reference"], relu["top1_difference_points"]) == ("lab_resnet_se", "-5.0")
    # two equal deviations of a point, 4 degrees of freedom: 2.7764 · √(2/3)
    low, high = (float(relu[f"top1_difference_{end}_points"]) for end in ("low", "high"))
    assert (low, high) == pytest.approx((-5 - 2.2670, -5 + 2.2670), abs=2e-4)
    assert (relu["larger_than_spread"], tanh["larger_than_spread"]) == ("yes", "no")
    assert (relu["article_top1_error_percent"], relu["article_top5_error_percent"]) == (
        "23.47",
        "6.98",
    )
    assert relu["article_top1_difference_points"] == "-1.19"
    assert "table 12" in relu["article_source"]
    assert relu["recipe"] == "assets/study.md, 2026-11-25"
    assert (standard["reference"], standard["top1_difference_points"]) == ("", "")
    assert standard["article_parameters_millions"] == "28.1"


def test_all_studies_have_the_same_heads():
    told = read(study_csv(STUDIES, made()))
    assert len(told) == sum(map(len, STUDIES.values()))
    assert [row["study"] for row in told][:7] == ["host"] * 6 + ["squeeze"]


def test_what_one_seed_cant_tell_stays_empty():
    one = replace(made(), variants={key: found(key, 0.5) for key in VARIANTS})
    _, tanh, _ = read(study_csv(["excitation"], one))
    assert (tanh["top1_spread_points"], tanh["top1_difference_low_points"]) == ("", "")
    assert tanh["top1_difference_points"] == "0.0"


def test_it_is_text_that_others_read_as_utf8():
    text = study_csv(["integration"], made())
    assert "SE-ResNet · 3×3" in text.encode().decode("utf-8")
    assert text.count("\r\n") == 6
