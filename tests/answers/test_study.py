import json
from dataclasses import asdict

import pytest

from seviz.answers import study as module
from seviz.answers.study import shipped_results, study_names, study_report
from seviz.errors import UserError
from seviz.nets.results import results
from seviz.nets.variants import STUDIES


def test_a_study_as_plain_values_in_percent():
    (found,) = study_report("integration")
    post = next(v for v in found.variants if v.key == "lab_resnet_post")
    ours = results().variants["lab_resnet_post"]
    assert post.top1 == [round(100 * share, 4) for share in ours.top1]
    assert post.top1_mean == pytest.approx(sum(post.top1) / 3, abs=1e-3)
    assert post.gap.reference == "lab_resnet_se"
    assert post.gap.clear
    assert (post.gap.article, post.article.top1) == (-0.5, 22.78)
    assert found.variants[0].gap is None
    assert "table" in found.source


def test_all_studies_are_json_without_infinities():
    found = study_report()
    assert [study.study for study in found] == list(STUDIES)
    json.dumps([asdict(study) for study in found], allow_nan=False)


def test_a_name_means_one_study_and_none_means_all():
    assert study_names("") == tuple(STUDIES)
    assert study_names("r") == ("r",)
    with pytest.raises(UserError, match="“squeze”; did you mean squeeze"):
        study_names("squeze")


def test_a_copy_without_a_study_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "FILE", tmp_path / "study.json")
    with pytest.raises(UserError, match="This copy of seviz has no study"):
        shipped_results()
