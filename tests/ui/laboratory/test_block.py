"""The view “The block”, without a browser."""

import time

import gradio as gr
import pytest

from seviz.errors import UserError
from seviz.nets import shipped
from seviz.nets.choice import all_stages
from seviz.nets.variants import STANDARD, VARIANTS, Variant
from seviz.ui import app
from seviz.ui.address import Address
from seviz.ui.laboratory.block import contents as lab_block_told
from seviz.ui.laboratory.block import view as lab_block
from seviz.ui.laboratory.block.layout import Shown, lay_out
from seviz.ui.state import Sought
from seviz.words import trained

SHOWN = Shown("resnet", [2, 3, 4, 5])
FIELDS = ("resnet", "standard", "avg", "sigmoid", 16, [2, 3, 4, 5], "4_2")
NAMES = ("host", "integration", "squeeze", "excitation", "r", "chosen", "place")


@pytest.fixture(scope="module")
def handlers() -> lab_block.Handlers:
    app_ = app.build()
    found = [self_of(fn) for fn in app_.fns.values()]
    return next(own for own in found if isinstance(own, lab_block.Handlers))


def self_of(fn: object) -> object:
    return getattr(fn.fn, "__self__", None)


def fields(**changed) -> tuple:
    return tuple(changed.get(name, value) for name, value in zip(NAMES, FIELDS, strict=True))


def sent(update: gr.components.Component) -> dict:
    """What an update of a component changes."""
    return update._constructor_args[0]


def test_the_view_begins_with_the_standard_block(handlers):
    with gr.Blocks():
        p = lay_out()
    said = handlers.show(SHOWN, None, *FIELDS)
    own = handlers.parts
    assert p.choices.place.value == "4_2"
    for name in ("headline", "drawing", "equations", "symbols", "costs", "all_costs", "trained"):
        assert getattr(p, name).value == said[getattr(own, name)]
    assert p.open.interactive
    assert not p.nearest.visible
    assert "8×8×128" in p.drawing.value


def test_a_choice_tells_everything_anew_and_sends_no_field_its_own_value(handlers):
    p = handlers.parts
    said = handlers.show(SHOWN, None, *fields(integration="post", squeeze="max"))
    assert "SE sits last" in said[p.headline]
    assert "maximum of 8×8" in said[p.drawing]
    assert r"\max" in said[p.equations]
    assert trained.NOT_TRAINED in said[p.trained]
    for field in (p.choices.integration, p.choices.stages, p.choices.place):
        assert "value" not in sent(said[field])
    assert not sent(said[p.open])["interactive"]
    assert [key for _, key in sent(said[p.nearest])["choices"]] == [
        "lab_resnet_max",
        "lab_resnet_post",
    ]
    assert "one choice" in sent(said[p.nearest])["label"]


def test_another_host_has_its_own_choices_and_se_in_all_its_stages(handlers):
    p = handlers.parts
    said = handlers.show(SHOWN, None, *fields(host="inception", integration="identity"))
    assert [way for _, way in sent(said[p.choices.integration])["choices"]] == ["plain", "standard"]
    assert sent(said[p.choices.integration])["value"] == "standard"
    assert sent(said[p.choices.stages])["value"] == [3, 4, 5]
    assert "value" not in sent(said[p.choices.place])  # there is a 4_2 too
    assert said[p.shown] == Shown("inception", [3, 4, 5])
    assert "SE-Inception · standard" in said[p.headline]
    assert sent(said[p.open])["interactive"]


def test_without_se_the_other_choices_wait(handlers):
    p = handlers.parts
    vgg = Shown("vgg", [2])
    said = handlers.show(vgg, None, *fields(host="vgg", integration="plain", chosen=[2]))
    waiting = (p.choices.squeeze, p.choices.excitation, p.choices.r, p.choices.stages)
    assert not any(sent(said[field])["interactive"] for field in waiting)
    assert "value" not in sent(said[p.choices.stages])
    assert trained.NO_GATES in said[p.trained]
    assert not sent(said[p.open])["interactive"]
    assert said[p.symbols] == ""
    assert "423,460 parameters" in said[p.costs]
    assert "SE adds 7,667 parameters" in said[p.all_costs]
    assert sent(said[p.choices.place])["choices"][0] == ("stage 1, block 1", "1_1")


def test_a_block_that_lost_its_se_gives_way_to_one_that_has_it(handlers):
    p = handlers.parts
    said = handlers.show(SHOWN, None, *fields(chosen=[3]))
    assert sent(said[p.choices.place])["value"] == "3_2"
    assert ("stage 4, block 2 (no SE)", "4_2") in sent(said[p.choices.place])["choices"]
    assert "value" not in sent(handlers.show(SHOWN, None, *fields(chosen=[4]))[p.choices.place])
    plain = handlers.show(
        said[p.shown], None, *fields(chosen=[3])
    )  # chosen by its own field, it is drawn
    assert "there is no SE in it" in plain[p.headline]
    assert "so it costs nothing here" in plain[p.costs]


def test_no_stage_is_all_stages_with_a_sentence(handlers, notices):
    p = handlers.parts
    said = handlers.show(SHOWN, None, *fields(chosen=[]))
    assert sent(said[p.choices.stages])["value"] == [2, 3, 4, 5]
    assert notices == [lab_block.NO_STAGE]


def test_the_drawn_block_is_set_apart_in_the_costs(handlers):
    costs = handlers.show(SHOWN, None, *fields(place="5_1"))[handlers.parts.all_costs]
    assert costs.count('class="drawn"') == 1
    assert '<tr class="drawn"><th scope="row">SE_5_1</th>' in costs


def test_a_nearest_one_is_taken_as_a_whole(handlers):
    p = handlers.parts
    forgotten = fields(host="x", integration="x", squeeze="x", excitation="x", r=0, chosen=[])
    for key in shipped.openable_keys():
        said, variant = handlers.show(SHOWN, key, *forgotten), VARIANTS[key]
        c = p.choices
        ways = (c.host, c.integration, c.squeeze, c.excitation, c.r)
        assert tuple(sent(said[field])["value"] for field in ways) == (
            variant.host,
            variant.integration,
            variant.squeeze,
            variant.excitation,
            variant.r,
        )
        assert sent(said[c.stages])["value"] == list(all_stages(variant))
        assert sent(said[p.open])["interactive"]
        assert variant.title in said[p.headline]


def test_what_was_trained_opens_in_explore(handlers, notices):
    said = handlers.open(*fields(r=8))
    assert said[handlers.asked.wanted] == Sought("lab_resnet_r8")
    assert sent(said[handlers.pages])["selected"] == "explore"
    assert handlers.open(*fields(r=8, squeeze="max")) == gr.skip()
    assert handlers.open(*fields(integration="plain")) == gr.skip()
    assert ["no weights of this combination" in text for text in notices] == [True, True]


@pytest.mark.parametrize(
    "forged",
    [
        {"host": "alexnet"},
        {"host": None},
        {"integration": ["pre"]},
        {"r": 3},
        {"r": {}},
        {"squeeze": "<script>"},
        {"excitation": 1.5},
    ],
    ids=str,
)
def test_forged_choices_get_a_sentence(handlers, notices, forged):
    assert handlers.show(SHOWN, None, *fields(**forged)) == gr.skip()
    assert handlers.open(*fields(**forged)) == gr.skip()
    assert len(notices) == 2
    assert all("There is no such" in text for text in notices)


@pytest.mark.parametrize("chosen", [None, "2", {"a": 1}, [None], [[2]], 7], ids=str)
def test_forged_stages_are_none_and_forged_blocks_the_middle_one(handlers, notices, chosen):
    p = handlers.parts
    said = handlers.show(SHOWN, None, *fields(chosen=chosen, place=["<b>"]))
    assert "SE-ResNet · standard" in said[p.headline]
    assert sent(said[p.choices.stages])["value"] == [2, 3, 4, 5]
    assert sent(said[p.choices.place])["value"] == "4_2"
    handlers.show(SHOWN, None, *fields(integration="plain", chosen=chosen))
    assert set(notices) <= {lab_block.NO_STAGE}


@pytest.mark.parametrize("key", ["lab_resnet", "embedded", 3, ["x"], {"a": 1}], ids=str)
def test_a_forged_network_is_not_taken(handlers, notices, key):
    assert handlers.show(SHOWN, key, *FIELDS) == gr.skip()
    assert len(notices) == 1


def test_what_handlers_change_is_what_gradio_lets_them_change(handlers):
    found = [fn for fn in app.build().fns.values() if isinstance(self_of(fn), lab_block.Handlers)]
    assert {fn.name for fn in found} == {"show", "open"}
    assert all(fn.api_visibility == "private" for fn in found)
    for fn in found:
        own = self_of(fn)
        said = own.open(*FIELDS) if fn.name == "open" else own.show(SHOWN, None, *FIELDS)
        assert set(said) <= set(fn.outputs)


def test_where_nothing_was_shipped_nothing_can_be_opened(monkeypatch):
    monkeypatch.setattr(lab_block_told.shipped, "shipped_results", dict)
    monkeypatch.setattr(lab_block_told.shipped, "openable_keys", tuple)
    said = lab_block_told.contents(STANDARD, lab_block.block_of(STANDARD, None))
    assert (said.key, said.nearest, said.differing) == (None, [], "")
    assert trained.NOT_TRAINED in said.trained


def test_a_choice_that_was_made_before_is_told_from_memory(handlers):
    asked = fields(integration="pre", r=2)
    handlers.show(SHOWN, None, *asked)
    start = time.perf_counter()
    handlers.show(SHOWN, None, *asked)
    assert time.perf_counter() - start < 0.1
    assert lab_block_told.costs(Variant(integration="pre", r=2)) is lab_block_told.costs(
        Variant(integration="pre", r=2)
    )


def test_an_address_names_the_variant_and_the_block(handlers):
    p, c = handlers.parts, handlers.parts.choices
    assert handlers.restore(Address()) == {}
    said = handlers.restore(Address(variant="resnet,post,max,sigmoid,8,2,3,4,5,3_1"))
    chosen = fields(integration="post", squeeze="max", r=8, place="3_1")
    shown = handlers.show(SHOWN, None, *chosen)
    assert said[p.headline] == shown[p.headline]
    assert said[p.drawing] == shown[p.drawing]
    sent_to = [sent(said[field])["value"] for field in (c.integration, c.r, c.stages, c.place)]
    assert sent_to == ["post", 8, [2, 3, 4, 5], "3_1"]
    plain = handlers.restore(Address(variant="vgg,plain,avg,sigmoid,16,1_1"))
    assert sent(plain[c.integration])["value"] == "plain"


@pytest.mark.parametrize(
    ("variant", "says"),
    [
        ("<b>", "“<b>” is no variant"),
        ("resnet,post,max,sigmoid", "is no variant"),
        ("resnet,post,max,sigmoid,nan,4_2", "no such reduction"),
        ("resnet,post,max,evil,16,4_2", "no such excitation"),
        (",,,,,,", "no such host"),
    ],
)
def test_a_variant_of_an_address_that_there_is_not_is_refused(handlers, variant: str, says: str):
    with pytest.raises(UserError, match=says):
        handlers.restore(Address(variant=variant))
