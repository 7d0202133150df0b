import re
from itertools import product
from pathlib import Path

import pytest
from colours import contrast, mixed

from seviz.figures.style import ARMS
from seviz.ui.parts import theme

FOLDER = Path(theme.__file__).parent / "css"
PACKAGE = Path(theme.__file__).parents[2]
COLOURS = {name: ends for names, *ends in theme.COLOURS for name in names.split()}
SURFACES = ("body_background_fill", "block_background_fill")


def names(pattern: str) -> set[str]:
    """Return what a pattern's group finds in the rules, comments and texts left out."""
    return set(re.findall(pattern, re.sub(r'/\*.*?\*/|"[^"]*"', "", theme.CSS, flags=re.DOTALL)))


def test_every_sheet_is_joined_once_in_the_given_order():
    assert sorted(theme.SHEETS) == sorted(path.stem for path in FOLDER.glob("*.css"))
    assert theme.css(("answers", "base")).index(".bar") < theme.css(("answers", "base")).index("h1")


def test_every_variable_of_ours_is_declared():
    ours = r"--(?:type|space|round|arm|target|line|page|surface|ink|muted|accent|focus)[\w-]*"
    assert names(rf"var\(({ours})") <= names(rf"({ours}):")


def test_every_class_and_id_of_a_rule_is_on_the_page():
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", theme.CSS, flags=re.DOTALL))
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js")]
    source = "\n".join(path.read_text("utf-8") for path in sources)
    gradios = r"dark|gradio-|katex|html-container|tab-|wrap|label-wrap|border-none|icon|option-"
    gradios += "|container|image-frame|toast-wrap|tabitem"
    of_arms = "|".join(("intact", "other", "arm-", *ARMS))
    used = set(re.findall(r"[.#]([a-z][\w-]*)", selectors))
    unknown = {n for n in used if not re.match(rf"({gradios}|{of_arms})", n)}
    assert {n for n in unknown if not re.search(rf"(?<![\w-]){n}(?![\w-])", source)} == set()


def test_no_media_query_holds_what_gradio_breaks():
    # It puts its own ancestors before each part between commas, also of a query's selectors.
    blocks = re.findall(r"^@media[^{]*\{(.*?)^\}", theme.CSS, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) > 5
    assert [b for b in blocks if re.search(r":has\([^)]*,|\.gradio-container", b)] == []


@pytest.mark.parametrize(("arm", "end", "surface"), [*product(ARMS, (0, 1), SURFACES)])
def test_an_arms_colour_stands_out_and_its_text_can_be_read(arm: str, end: int, surface: str):
    behind = COLOURS[surface][end]
    text = mixed(ARMS[arm], ("#000000", "#ffffff")[end], theme.TEXT_SHARE)
    assert contrast(ARMS[arm], behind) >= 3
    assert contrast(text, behind) >= 4.5


@pytest.mark.parametrize("end", [0, 1])
def test_texts_of_the_theme_can_be_read_on_all_surfaces(end: int):
    texts = [name for name in COLOURS if "text_color" in name and "button" not in name]
    grounds = (*SURFACES, "input_background_fill")
    shown = {(t, g): contrast(COLOURS[t][end], COLOURS[g][end]) for t in texts for g in grounds}
    assert min(shown.values()) >= 4.5, shown
    fills = ("button_secondary_background_fill", "button_secondary_background_fill_hover")
    assert min(contrast(COLOURS["body_text_color"][end], COLOURS[f][end]) for f in fills) >= 7


def test_both_schemes_reach_gradio():
    made = theme.theme()
    assert (made.body_background_fill, made.body_background_fill_dark) == ("#ffffff", "#0f151c")
