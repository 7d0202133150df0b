"""The view “Your photographs”, without a browser."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from made_collection import made_collection, picture_file, zip_of

from seviz.errors import UserError
from seviz.ui import app
from seviz.ui.dataset.photos import files
from seviz.ui.dataset.photos import html as photos_html
from seviz.ui.dataset.photos import view as photos
from seviz.ui.dataset.photos.gallery import (
    ALL,
    DISTANCE,
    GATE,
    ORDER,
    PROBABILITY,
    Sorting,
    fitting,
    sort,
    sorting_words,
)
from seviz.ui.parts.navigation import EXPLORE
from seviz.ui.parts.own_photos import REFERENCE, Own
from seviz.ui.parts.visits import Visits
from seviz.watch import Watch

GATES = {"SE_2_1": [[0.1, 0.9], [0.3, 0.2], [0.2, 1.0]]}
REQUEST = SimpleNamespace(
    session_hash="page", request=SimpleNamespace(client=None, headers={}), username=None
)


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return app.build()


@pytest.fixture(scope="module")
def handlers(demo) -> photos.Handlers:
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, photos.Handlers))


def uploaded(folder: Path, **named: bytes) -> list[files.Uploaded]:
    """Write files as uploads lie on the server, by the names that people know them by."""
    found = []
    for i, (name, data) in enumerate(named.items()):
        (folder / f"{i}.photo").write_bytes(data)
        found.append((folder / f"{i}.photo", name.replace("_", ".")))
    return found


def taken(handlers, sent, own=None) -> dict:
    said: dict = {}
    for step in handlers.take(sent, "embedded", own, REQUEST):
        said |= step if isinstance(step, dict) else {}
    return said


@pytest.fixture(scope="module")
def own(handlers, tmp_path_factory) -> Own:
    folder = tmp_path_factory.mktemp("sent")
    sent = uploaded(folder, a_png=picture_file(1), b_png=b"none", c_png=picture_file(2))
    return taken(handlers, sent)[handlers.data.asked.own]


def shown(handlers, own, *sorting, before=None):
    return handlers.show("embedded", own, before, *Sorting(*sorting))


# Sorting ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def collection():
    return made_collection(GATES, ["", "cat", "cat"])


@pytest.mark.parametrize(
    ("sorting", "order", "first"),
    [
        (Sorting(), [0, 1, 2], ""),
        (Sorting(turned=True), [2, 1, 0], ""),
        (Sorting(GATE, "SE_2_1", 0), [1, 2, 0], "s = 0.300"),
        (Sorting(GATE, "SE_2_1", 1.0, turned=True), [1, 0, 2], "s = 0.200"),
        (Sorting(DISTANCE, near=0), [0, 2, 1], "distance 0.000"),
        (Sorting(DISTANCE, near=0, blocks="SE_2_1", turned=True), [1, 2, 0], "distance 0.357"),
        (Sorting("forged"), [0, 1, 2], ""),
    ],
)
def test_photographs_are_sorted(collection, sorting: Sorting, order: list[int], first: str):
    found = sort(collection, sorting)
    assert [each.place for each in found] == order
    assert found[0].note == first


def test_the_surest_answers_come_first(collection):
    logits = np.float32([[3, 0, 0], [0, 1, 0], [0, 0, 2]])
    found = sort(replace(collection, logits=logits), Sorting(PROBABILITY))
    assert [each.place for each in found] == [0, 2, 1]


@pytest.mark.parametrize(
    ("sorting", "says"),
    [
        (Sorting(GATE, "SE_9_9"), "no such block"),
        (Sorting(GATE, ["x"]), "no such block"),
        (Sorting(GATE, "SE_2_1", 2), "has the channels 0 to 1"),
        (Sorting(GATE, "SE_2_1", None), "has the channels 0 to 1"),
        (Sorting(DISTANCE, blocks="SE_9_9"), "no such block"),
        (Sorting(DISTANCE, near=3), "no such photograph"),
        (Sorting(DISTANCE, near=True), "no such photograph"),
        (Sorting(DISTANCE, near="1"), "no such photograph"),
    ],
)
def test_what_is_not_there_is_told(collection, sorting: Sorting, says: str):
    with pytest.raises(UserError, match=says):
        sort(collection, sorting)
    fits = fitting(collection, sorting)
    assert len(sort(collection, fits)) == 3
    assert fits.by == sorting.by
    assert sorting_words(collection, fits)


# Files --------------------------------------------------------------------------------------------


def test_uploads_are_read_with_their_names_and_deleted(tmp_path: Path):
    watch = Watch()
    sent = uploaded(tmp_path, a_png=picture_file(1), b_png=b"none")
    found = files.read_files(sent, "", watch)
    assert [photo.name for photo in found.photos] == ["a.png"]
    assert found.name == "your 1 photograph"
    assert not list(tmp_path.iterdir())
    watch.close()


def test_refused_uploads_are_deleted_too(tmp_path: Path, monkeypatch):
    watch = Watch()
    monkeypatch.setenv("SEVIZ_MAX_COLLECTION", "1")
    two = uploaded(tmp_path, a_png=picture_file(1), b_png=picture_file(2))
    with pytest.raises(UserError, match="At most 1 photographs in one collection; these are 2"):
        files.read_files(two, "", watch)
    mixed = uploaded(tmp_path, a_png=picture_file(1), b_zip=b"PK")
    with pytest.raises(UserError, match="one zip, or photographs"):
        files.read_files(mixed, "", watch)
    assert not list(tmp_path.iterdir())
    watch.close()


def test_the_photographs_of_a_zip_are_counted_as_those_of_others(tmp_path: Path, monkeypatch):
    visits, watch = Visits(), Watch()
    monkeypatch.setattr(files, "VISITS", visits)
    monkeypatch.setenv("SEVIZ_MAX_PHOTOS", "3")

    def send(*names: str) -> None:
        path = zip_of(tmp_path / "x.photo", {name: picture_file(1) for name in names})
        files.read_files([(path, "mine.zip")], "1.2.3.4", watch)

    send("cat/a.png", "cat/b.png")
    send("cat/a.png", "cat/b.png")  # the same again
    with pytest.raises(UserError, match="At most 3 photographs from one address"):
        send("dog/a.png", "dog/b.png")
    watch.close()


def test_a_zip_that_is_none_goes_by_its_visitors_name(tmp_path: Path):
    watch = Watch()
    path = tmp_path / "x.photo"
    path.write_bytes(b"no zip")
    with pytest.raises(UserError, match=r"^mine\.zip is not a zip; "):
        files.read_files([(path, "mine.zip")], "", watch)
    watch.close()


# The page -----------------------------------------------------------------------------------------


def test_what_was_sent_is_kept_in_the_visitors_state_and_not_yet_chosen(handlers, own: Own):
    assert own.images == REFERENCE  # what “static” means in Explore is people's choice
    assert [photo.name for photo in own.photographs.photos] == ["a.png", "c.png"]
    assert own.photographs.skipped[0][0] == "b.png"
    (passed,) = own.passed
    assert passed.profile.images == 2
    assert passed.collection.logits.shape == (2, 200)


def test_no_file_is_left_where_sending_fails(handlers, tmp_path: Path):
    with pytest.warns(UserWarning, match="None of these files is a picture"):
        said = taken(handlers, uploaded(tmp_path, a_png=b"none"))
    assert handlers.data.asked.own not in said  # what was there before stays
    assert not said[handlers.data.runner.run.start].visible  # nothing waits to be asked
    assert not list(tmp_path.iterdir())
    with pytest.warns(UserWarning, match="no longer here"):
        assert handlers.data.asked.own not in taken(handlers, "forged")


def test_photographs_stay_where_the_network_fails(handlers, tmp_path: Path, monkeypatch):
    def fail(*_: object) -> None:
        raise UserError("It failed.")

    monkeypatch.setattr(photos, "passed", fail)
    with pytest.warns(UserWarning, match="It failed"):
        own = taken(handlers, uploaded(tmp_path, a_png=picture_file(1)))[handlers.data.asked.own]
    assert (len(own.photographs), own.passed, own.images) == (1, (), REFERENCE)


def test_the_gallery_holds_the_pictures_and_their_answers(handlers, own: Own):
    p, said = handlers.parts, shown(handlers, own)
    assert said[p.gallery].count("data:image/jpeg;base64,") == 2
    assert "gradio_api/file" not in said[p.gallery]
    assert "b.png: This file is not a picture" in said[p.skipped]
    assert "answered 2 photographs." in said[p.headline]
    assert said[p.controls].visible
    assert said[p.forget].visible
    drawn = said[p.shown]
    assert shown(handlers, own, *drawn.sorting, before=drawn) == gr.skip()
    turned = drawn.sorting._replace(turned=True)
    again = shown(handlers, own, *turned, before=drawn)
    assert again[p.gallery].index("c.png") < again[p.gallery].index("a.png")
    assert p.headline not in again


def test_the_fields_of_an_order_are_shown_with_it(handlers, own: Own):
    p = handlers.parts
    said = shown(handlers, own, GATE, "SE_2_1", 3)
    assert [said[field].visible for field in (p.block, p.channel, p.blocks)] == [True, True, False]
    assert "the gate s of SE_2_1, channel 3" in said[p.sorted_by]
    assert said[p.gallery].count("s = ") == 2
    said = shown(handlers, own, DISTANCE)
    assert [said[field].visible for field in (p.block, p.channel, p.blocks)] == [False, False, True]
    assert "over all blocks" in said[p.sorted_by]


def test_a_wrong_channel_leaves_the_gallery(handlers, own: Own):
    drawn = shown(handlers, own)[handlers.parts.shown]
    with pytest.warns(UserWarning, match="has the channels 0 to"):
        assert shown(handlers, own, GATE, "SE_2_1", 99, before=drawn) == gr.skip()


def test_without_photographs_the_view_waits(handlers, own: Own):
    p = handlers.parts
    said = shown(handlers, None)
    assert "Send photographs" in said[p.headline]
    assert not said[p.controls].visible
    other = handlers.show("lab_resnet_tanh", own, None, *Sorting())
    assert "was not asked about these photographs yet" in other[p.headline]
    assert other[p.forget].visible


def picked(handlers, own, **data):
    event = SimpleNamespace(_data=data)
    sorting = Sorting(ORDER, None, 0, ALL, 0, True)
    return handlers.pick(event, "embedded", own, None, *sorting)


def test_a_click_opens_the_photograph_in_explore(handlers, own: Own):
    for said in picked(handlers, own, index=1, what="open"):
        path = Path(said[handlers.data.asked.photo])
        assert path.read_bytes() == own.photographs.photos[1].data == picture_file(2)
        assert path.name == "c.png"
        assert said[handlers.pages].selected == EXPLORE
    assert not path.exists()


def test_a_click_sorts_by_the_distance_to_a_photograph(handlers, own: Own):
    p = handlers.parts
    (said,) = picked(handlers, own, index=1, what="near")
    assert (said[p.by], said[p.near], said[p.turned]) == (DISTANCE, 1, False)
    assert said[p.gallery].index("c.png") < said[p.gallery].index("a.png")


@pytest.mark.parametrize(
    "data", [{}, {"index": 9}, {"index": "1"}, {"index": None, "what": "near"}]
)
def test_a_forged_click_is_refused(handlers, own: Own, data: dict):
    with pytest.warns(UserWarning, match="no such photograph"):
        assert list(picked(handlers, own, **data)) == [gr.skip()]
    with pytest.warns(UserWarning, match="no longer here"):
        assert list(picked(handlers, None, index=0)) == [gr.skip()]


def test_photographs_are_forgotten_on_request(handlers):
    (said,) = handlers.forget().values()
    assert (said.photographs, said.passed) == (None, ())


def test_what_files_are_called_is_text(collection):
    shown_html = photos_html.gallery(collection, sort(collection, Sorting()))
    evil = collection.photographs.photos[0].name
    assert evil in shown_html
    photo = replace(collection.photographs.photos[0], name='"><script>', folder="<b>")
    named = replace(collection.photographs, photos=(photo,) * 3)
    shown_html = photos_html.gallery(
        replace(collection, photographs=named), sort(collection, Sorting())
    )
    assert "<script>" not in shown_html
    assert "<b>" not in shown_html
