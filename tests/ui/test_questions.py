"""The page “Questions”: each button leads to a view where the experiment is."""

from urllib.parse import parse_qsl, urlencode

import pytest

from seviz.attribution.methods import METHODS
from seviz.gates.history import check_edit, parse_edits
from seviz.photos.changes import check_region, check_strength, find_change
from seviz.reference.gather import reference
from seviz.ui import app
from seviz.ui.address import KEYS, Address
from seviz.ui.link_faults import LinkFaults
from seviz.ui.questions import TITLES, opens, questions_page
from seviz.words.claims import CLAIMED
from seviz.words.questions import ASKED
from seviz.zoo import models
from seviz.zoo.catalogue import EMBEDDED, find
from seviz.zoo.targets import find_class_target

LINKS = [asked.link for asked in (*ASKED, *CLAIMED) if asked.link]


@pytest.fixture(scope="module")
def faults() -> LinkFaults:
    demo = app.build()
    owners = (getattr(fn.fn, "__self__", None) for fn in demo.fns.values())
    return next(owner for owner in owners if isinstance(owner, LinkFaults))


def read(link: str) -> dict[str, str]:
    """Read a link's keys, each of which is there once and holds something."""
    pairs = parse_qsl(link, keep_blank_values=True, strict_parsing=True)
    said = dict(pairs)
    assert len(said) == len(pairs)
    assert set(said) <= set(KEYS)
    assert all(said.values())
    return said


@pytest.mark.parametrize("link", LINKS)
def test_a_links_places_and_values_are_there(link: str, faults: LinkFaults):
    query = read(link)
    assert list(faults.of(query)) == []
    assert query["page"] in faults.pages
    if query["page"] == "networks":
        assert len(Address(**query).networks) == 2
    elif query["page"] != "gate":
        assert query["tab"] in faults.tabs


@pytest.mark.parametrize("link", LINKS)
def test_a_links_network_has_what_it_names(link: str):
    said = Address(**read(link))
    source = find(said.model or EMBEDDED)
    known = reference(source.key)
    assert known is not None
    for block in filter(None, (said.block, said.map_block, said.layer)):
        assert block in known.blocks
    if said.gate:
        block, channel = said.block_and_channel
        assert channel in range(len(known.blocks[block].s_mean))
    if said.target:
        assert find_class_target(source.labels, said.target, source.folders) is not None
    if said.method:
        assert said.method in METHODS


@pytest.mark.parametrize("link", [link for link in LINKS if "edit=" in link])
def test_a_links_edits_fit_the_embedded_network(link: str):
    edits = parse_edits(Address(**read(link)).edit)
    sites = models.load(EMBEDDED).probe.sites
    assert edits
    for edit in edits:
        check_edit(edit, sites, True)


@pytest.mark.parametrize("link", [link for link in LINKS if "change=" in link])
def test_a_links_change_can_have_its_strength(link: str):
    said = Address(**read(link))
    assert check_strength(find_change(said.change), float(said.strength))
    assert not said.region or check_region(said.region)


def test_what_a_button_opens_stands_on_it():
    assert opens("page=explore&tab=matters") == "Open “What matters”"
    assert opens("page=gate&gate=SE_4_6[17]") == "Open “Gate”"
    assert opens("page=networks&model2=embedded,twin") == "Open “Networks”"
    titled = f"Open “{TITLES['data-spare']}” with {find(EMBEDDED).title}"
    assert opens(urlencode({"model": EMBEDDED, "page": "dataset", "tab": "data-spare"})) == titled


def test_the_page_holds_every_question_with_its_sources_its_button_and_its_command():
    page = questions_page()
    every = (*ASKED, *CLAIMED)
    assert page.count("<article>") == len(every)
    assert page.count("data-link=") == len(LINKS)
    assert page.count('class="command"') == sum(bool(asked.command) for asked in every)
    assert page.count("<a href=") == sum(len(asked.sources) for asked in every)
    assert "Asked in: <a href=" in page
    assert "Claimed in: <a href=" in page
    assert 'type="search"' in page
    assert 'for="questions-search"' in page


def test_texts_are_escaped():
    assert "--out FILE" in questions_page()
    assert "&amp;page=" in questions_page()
