import re

from seviz.ui.address import Address
from seviz.ui.parts.about import about
from seviz.ui.parts.navigation import LABORATORY, LEARN


def test_its_link_leads_to_the_guided_path():
    (query,) = re.findall(r'href="\?([^"]+)"', about())
    said = Address.read(dict(pair.split("=") for pair in query.split("&amp;")))
    assert (said.page, said.tab) == (LABORATORY, LEARN)


def test_all_other_links_open_beside_the_page():
    links = re.findall(r'<a href="https[^>]+>', about())
    assert links
    assert all('target="_blank" rel="noopener"' in link.replace("\n", " ") for link in links)


def test_the_papers_words_have_a_line_each():
    terms = re.findall("<dt>(.+?)</dt><dd>.+?</dd>", about(), re.S)
    assert terms == ["squeeze", "z", "excitation", "s", "gate", "r"]
