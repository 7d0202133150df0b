from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made import made_trace

from seviz.errors import UserError
from seviz.ui.parts.fields import (
    BlockField,
    OpenSlider,
    clicked_gate,
    kept_channel,
    named_block,
    named_channel,
    share_of,
)

RECORD = made_trace([[0.0, 1.0]])  # of one block, SE_2_1, with 12 channels
SITE = RECORD.sites[0]


def test_a_block_is_found_by_its_name():
    assert named_block(RECORD, "SE_2_1") is SITE
    for entered in ("SE_9_9", "", None):
        with pytest.raises(
            UserError, match=f"There is no block “{entered}” here; did you mean SE_2_1"
        ):
            named_block(RECORD, entered)


@pytest.mark.parametrize(
    ("sent", "given"), [("SE_4_6", "SE_4_6"), (None, None), (["SE_2_1"], None), (3, None)]
)
def test_the_field_takes_a_name_that_is_none_of_its_choices(sent: Any, given: str | None):
    assert BlockField(["SE_2_1"]).preprocess(sent) == given


@pytest.mark.parametrize(("entered", "channel"), [(0, 0), (11, 11), (3.0, 3)])
def test_a_channel_is_a_whole_number_below_the_blocks(entered: float, channel: int):
    found = named_channel(SITE, entered)
    assert (found, type(found)) == (channel, int)


@pytest.mark.parametrize("entered", [-1, 12, 2.5, float("nan"), None, "3"])
def test_another_channel_is_refused_with_those_that_there_are(entered: Any):
    with pytest.raises(UserError, match="SE_2_1 has the channels 0 to 11; choose one"):
        named_channel(SITE, entered)


@pytest.mark.parametrize(("entered", "kept"), [(2, 2), (0, 0), (3, 1), (None, 1), ("2", 1)])
def test_an_open_channel_stays_where_the_block_has_it_else_the_strongest(entered: Any, kept: int):
    assert kept_channel(entered, np.float32([0.1, 0.9, 0.5])) == kept


def click(data: Any) -> tuple[str, int | None]:
    site, channel = clicked_gate(SimpleNamespace(_data=data), RECORD)
    return site.name, channel


def test_a_click_names_a_gate_or_a_block_alone():
    assert click({"name": "SE_2_1", "channel": 11}) == ("SE_2_1", 11)
    assert click({"name": "SE_2_1", "channel": None}) == ("SE_2_1", None)


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        ["SE_2_1", 0],
        "SE_2_1",
        {"name": "SE_2_1"},
        {"channel": 0},
        {"name": "SE_9_9", "channel": 0},
        {"name": ["SE_2_1"], "channel": 0},
        {"name": "SE_2_1", "channel": 12},
        {"name": "SE_2_1", "channel": -1},
        {"name": "SE_2_1", "channel": 1.0},
        {"name": "SE_2_1", "channel": "0; drop"},
        {"name": "SE_2_1", "channel": [0]},
    ],
)
def test_a_click_on_no_gate_is_refused(data: Any):
    with pytest.raises(UserError, match="That click named no gate; click a cell"):
        click(data)


def test_a_slider_takes_a_number_beyond_its_range():
    field = OpenSlider(0, 1, value=1, step=1)
    assert [field.preprocess(sent) for sent in (40, 0.5, None)] == [40, 0.5, None]


@pytest.mark.parametrize(
    ("sent", "share"), [(0.3, 0.3), (7, 1), (-3, 0), ("x", 0.5), (None, 0.5), (float("nan"), 0.5)]
)
def test_a_share_is_between_0_and_1(sent, share):
    assert share_of(sent, 0.5) == share
