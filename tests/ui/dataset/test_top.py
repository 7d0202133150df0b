"""The top of the page “Data set”, without a browser; two visitors at a time."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.state_holder import SessionState
from made_collection import found, picture_file

from seviz.photos.collect import collect
from seviz.records.arms import STATIC
from seviz.reference.gather import own_reference, reference
from seviz.reference.own import NONE, using
from seviz.reference.recorded import recorded_for
from seviz.ui import app
from seviz.ui.dataset import folder as folders
from seviz.ui.dataset import top
from seviz.ui.dataset.folder import FOLDER as SERVER
from seviz.ui.dataset.folder import passed
from seviz.ui.dataset.images import collection, images, profile
from seviz.ui.parts.own_photos import FOLDER, OWN, REFERENCE, Own
from seviz.watch import Watch
from seviz.words.collection import OWN_COUNT

WITHOUT = "lab_resnet_tanh"  # a network that has no statistics in these tests
REQUEST = SimpleNamespace(session_hash="page")


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


@pytest.fixture(scope="module")
def handlers(demo) -> top.Handlers:
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, top.Handlers))


@pytest.fixture(scope="module")
def own() -> Own:
    """What the state holds of a visitor who sent three photographs to the embedded network."""
    photographs, watch = collect(found("a.png", "b.png", "c.png"), name=OWN_COUNT), Watch()
    new = passed("embedded", photographs, watch)
    watch.close()
    return Own(photographs, images=OWN).with_passed(new)


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.setattr(SERVER, "__dict__", dict(SERVER.__dict__))
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets/a.png").write_bytes(picture_file(7))
    SERVER.offer(tmp_path / "pets")
    return SERVER


def followed(handlers, model, own) -> dict:
    """Follow a change as the page does: with the visitor's own statistics."""
    with using(own.statistics if own else NONE):
        return handlers.follow(model, own)


def done(steps) -> dict:
    said: dict = {}
    for step in steps:
        said |= step if isinstance(step, dict) else {}
    return said


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_a_visitor_without_photographs_sees_the_networks_images(handlers):
    d, said = handlers.data, followed(handlers, "embedded", None)
    (choice,) = said[d.images].choices
    assert choice == ("Tiny-ImageNet-200 (train), 100,000 images", REFERENCE)
    assert not said[d.runner.run.start].visible
    assert said[d.asked.statistics] == ""
    assert "are those of Tiny-ImageNet-200 (train) (100,000 images)" in said[d.told]
    said = followed(handlers, WITHOUT, None)
    assert "none are known" in said[d.images].choices[0][0]
    assert handlers.follow("forged", None) == gr.skip()


def test_a_visitors_photographs_are_offered_and_told(handlers, own: Own):
    d, said = handlers.data, followed(handlers, "embedded", own)
    assert said[d.images].choices[1] == ("Your photographs (3)", OWN)
    assert said[d.images].value == OWN
    assert not said[d.runner.run.start].visible
    assert "are those of your 3 photographs." in said[d.told]
    assert said[d.asked.statistics].startswith("your 3 photographs ")
    back = followed(handlers, "embedded", replace(own, images=REFERENCE))
    assert back[d.asked.statistics] == ""
    assert back[d.changed] != said[d.changed]


@pytest.mark.usefixtures("no_laboratory_statistics")
def test_another_network_is_asked_on_request(handlers, own: Own):
    d, said = handlers.data, followed(handlers, WITHOUT, own)
    start = said[d.runner.run.start]
    assert start.visible
    assert start.value.endswith("about your 3 photographs")
    assert said[d.asked.statistics] == ""
    asked = done(handlers.ask(REQUEST, WITHOUT, own))
    new = asked[d.asked.own]
    assert [each.collection.model for each in new.passed] == ["embedded", WITHOUT]
    with using(new.statistics):
        mean = new.passed[1].collection.s
        for name, values in recorded_for(WITHOUT, [STATIC])[STATIC.edits[0].rule].items():
            assert abs(values - mean[name].astype(float).mean(0)).max() < 1e-6
        assert profile(WITHOUT).data == "your 3 photographs"
        assert sorted(images(WITHOUT).sample_names) == ["a.png", "b.png", "c.png"]
        assert collection(WITHOUT, new) is new.passed[1].collection
    assert reference(WITHOUT) is None


def test_asking_about_what_is_gone_is_told(handlers):
    with pytest.warns(UserWarning, match="no longer here"):
        said = done(handlers.ask(REQUEST, "embedded", None))
    assert handlers.data.asked.own not in said
    for chosen in (OWN, "forged", ["x"]):
        with pytest.warns(UserWarning, match="no longer here"):
            assert handlers.choose(chosen, "embedded", None) == gr.skip()


def test_images_are_chosen(handlers, own: Own):
    (said,) = handlers.choose(REFERENCE, "embedded", own).values()
    assert (said.images, said.passed) == (REFERENCE, own.passed)
    (said,) = handlers.choose(OWN, "embedded", said).values()
    assert said.images == OWN


def test_the_servers_folder_is_shared_and_read_on_request(handlers, own: Own, server, monkeypatch):
    d = handlers.data
    (chosen,) = handlers.choose(FOLDER, "embedded", own).values()
    said = followed(handlers, "embedded", chosen)
    assert said[d.images].choices[2] == ("The server’s folder pets", FOLDER)
    assert said[d.runner.run.start].visible
    first = done(handlers.ask(REQUEST, "embedded", chosen))[d.asked.own]
    assert first.images == FOLDER
    assert first.passed == own.passed
    monkeypatch.setattr(folders, "ask", None)  # nothing is computed again for others
    (others,) = handlers.choose(FOLDER, "embedded", None).values()
    assert others.folder == first.folder
    assert others.photographs is None
    with using(others.statistics):
        assert own_reference("embedded").data == "the 1 photograph of the folder pets"


def test_what_one_visitor_has_no_other_sees(demo, handlers, own: Own):
    """Two sessions choose at the same time; each event knows the statistics of its own alone."""
    follow = next(fn for fn in demo.fns.values() if fn.fn == handlers.follow)
    sessions = [SessionState(demo), SessionState(demo)]
    sessions[0][demo.own._id] = own
    seen = []

    async def both() -> list[dict]:
        calls = [
            demo.call_function(follow, ["embedded", state[demo.own._id]], state=state)
            for state in sessions
        ]
        return [said["prediction"] for said in await asyncio.gather(*calls)]

    async def ready() -> None:
        seen.append("ready")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seviz.ui.parts.checked_blocks.warm_up.wait", ready)
        mine, others = asyncio.run(both())
    d = handlers.data
    assert mine[d.asked.statistics].startswith("your 3 photographs")
    assert others[d.asked.statistics] == ""
    assert [len(said[d.images].choices) for said in (mine, others)] == [2, 1]
    assert "your" not in others[d.told]
    assert len(seen) == 2
    assert sessions[1][demo.own._id] is None
