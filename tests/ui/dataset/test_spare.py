"""The view “Can it go?”, without a browser."""

from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from made_losses import made_necessity

from seviz.errors import UserError
from seviz.figures.set_necessity import IN_SET
from seviz.records.losses import USUAL_BUDGET
from seviz.ui.address import Address
from seviz.ui.dataset.images import DataSet
from seviz.ui.dataset.spare import view
from seviz.ui.dataset.spare.html import arms_table, blocks_table, folded_facts
from seviz.ui.dataset.spare.layout import lay_out
from seviz.ui.parts.background import Works
from seviz.ui.parts.progress import Runner
from seviz.ui.state import Asked
from seviz.zoo.catalogue import find


@pytest.fixture(scope="module")
def handlers() -> view.Handlers:
    with gr.Blocks():
        asked = Asked(**{field.name: gr.State() for field in fields(Asked)})
        named = {field.name: gr.State() for field in fields(DataSet)}
        parts = lay_out()
        data = DataSet(**{**named, "asked": asked})
        return view.Handlers(data, parts, Runner(Works(), view.KIND, parts.run))


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Let what the embedded network loses be made up: its first three blocks."""
    found = {"embedded": made_necessity()}
    monkeypatch.setattr(view, "known_necessity", found.get)
    return found


def marked(chart) -> list[str]:
    return [site for bar in chart.data if bar.name == IN_SET for site in bar.ids][:3]


def test_opening_says_what_holds_and_marks_the_set(handlers):
    said, p = handlers.show("embedded", 0.65, ""), handlers.parts
    assert "is right on 57.0" in said[p.headline]
    assert said[p.body].visible
    assert "the 490 images that choose allow 2 blocks" in said[p.chosen]
    assert set(marked(said[p.blocks])) == {"SE_2_1", "SE_2_2"}
    for chart in (p.blocks, p.path):
        assert "seviz necessity --model embedded --data DATA " in said[chart].layout.meta["source"]
    assert said[p.run.start].value == "Fold 2 blocks"
    assert said[p.table].count("<tr class") == 3
    assert handlers.show("embedded", 0.65, said[p.shown]) == gr.skip()


def test_another_budget_marks_another_set_and_hides_the_old_file(handlers):
    said, p = handlers.choose("embedded", 5), handlers.parts
    assert len(set(marked(said[p.blocks]))) == 3
    assert said[p.file].visible is False
    assert said[p.folded] == ""
    none = handlers.choose("embedded", 0)
    assert none[p.run.start].interactive is False
    assert none[p.run.start].value == "No block fits this budget"
    assert "No block can be replaced within a budget of 0 points" in none[p.chosen]


@pytest.mark.parametrize("budget", [-0.1, 5.1, float("nan"), None, "0.5", True, [1]])
def test_a_budget_that_a_client_made_up_is_refused(handlers, notices, budget):
    assert handlers.choose("embedded", budget) == gr.skip()
    assert notices == ["The budget is 0 to 5 points."]


def test_a_network_that_was_not_measured_is_told_how_to(handlers, notices):
    said, p = handlers.show("lab_resnet_se", 0.5, "embedded"), handlers.parts
    assert "--model lab_resnet_se --out FILE.json" in said[p.headline]
    assert said[p.body].visible is False
    assert said[p.shown] == ""
    assert handlers.choose("lab_resnet_se", 0.5) == gr.skip()
    assert len(notices) == 1


def test_a_network_of_few_images_has_no_set(handlers, known):
    known["embedded"] = SimpleNamespace(**{**vars(made_necessity()), "path": None})
    said, p = handlers.show("embedded", 0.5, ""), handlers.parts
    assert "Too few images" in said[p.chosen]
    assert said[p.path] is None
    assert said[p.run.start].interactive is False


def request() -> SimpleNamespace:
    return SimpleNamespace(session_hash="page")


def test_folding_offers_the_file_and_says_what_it_did(handlers, monkeypatch):
    made = SimpleNamespace(bytes=18_400_000)

    def fold(key: str, places: list[str], file: Path) -> SimpleNamespace:
        made.asked = key, places
        file.write_bytes(b"weights")
        return made

    monkeypatch.setattr(view, "_fold", fold)
    monkeypatch.setattr(view, "folded_facts", lambda report: f"of {report.asked}")
    *_, said = handlers.fold(request(), "embedded", 0.65)
    p = handlers.parts
    assert said[p.file].value["path"].endswith("embedded-folded-2.safetensors")
    assert said[p.file].visible
    assert "embedded-folded-2.safetensors (18.4 MB)" in str(said[p.file].label)
    assert said[p.folded] == "of ('embedded', ['SE_2_1', 'SE_2_2'])"


def test_without_a_set_nothing_is_folded(handlers, notices):
    list(handlers.fold(request(), "embedded", 0))
    assert notices == ["There is no block within this budget; raise it, or choose another network."]


def test_a_folded_networks_facts_name_the_file_without_its_folder():
    report = SimpleNamespace(
        file="/secret/embedded-folded-2.safetensors",
        model="embedded",
        blocks={"SE_2_1": "before"},
        left=("SE_2_2",),
        statistics="made",
        error=1e-7,
        tuned=None,
        cost=SimpleNamespace(parameters=(10, 9), macs=(10, 9)),
        latency=(),
        python='load_file("/secret/embedded-folded-2.safetensors")',
    )
    said = folded_facts(report)
    assert "--checkpoint embedded-folded-2.safetensors --beside embedded" in said
    assert "secret" not in said


def test_tables_escape_names():
    found = made_necessity(("<b>", "SE_2_2"))
    assert "<b>" not in blocks_table(found)
    assert arms_table(found).count("<tr class") == 4


def test_what_ships_is_of_blocks_that_the_network_has():
    from seviz.measuring.known_necessity import known_necessity
    from seviz.reference.gather import reference

    found = known_necessity("embedded")
    assert [block.site for block in found.blocks] == list(reference("embedded").blocks)
    assert found.title == find("embedded").title


def test_an_address_names_the_budget(handlers):
    p = handlers.parts
    assert handlers.restore(Address(budget="2.5")) == {p.budget: 2.5}
    assert handlers.restore(Address()) == {p.budget: USUAL_BUDGET}
    for budget in ("nan", "inf", "-1", "99", "<b>"):
        with pytest.raises(UserError, match="The budget is 0 to 5 points"):
            handlers.restore(Address(budget=budget))
