"""The part of `remake` that keeps the result of the page's first example."""

from seviz.learn.ask_example import ask_example
from seviz.learn.example import FILE, ExampleResult, kept_weights
from seviz.passes.dispatch import ZOO
from seviz.photos.examples import EXAMPLES
from seviz.photos.read import read_photo
from seviz.records.arms import TWIN as TWIN_ARM
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.zoo.catalogue import EMBEDDED, TWIN

FIRST = EXAMPLES[0]


def make_example(weights: dict[str, str]) -> ExampleResult:
    """Ask the embedded network about the first example, in its default arms.

    weights: the sha256 of its and its twin's weights, by key.
    """
    result = ask_example(ZOO.get(EMBEDDED), FIRST, read_photo(FIRST.path), weights=weights)
    assert TWIN_ARM in result.trace.arms
    return result


def _digests() -> dict[str, str]:
    return weight_digests(EMBEDDED, TWIN)


def _current(setting: Setting) -> bool:
    return kept_weights(setting.out / FILE) == _digests()


def _make(setting: Setting) -> str:
    make_example(_digests()).save(setting.out / FILE)
    return ""


def _lacks(_: Setting) -> str:
    return "" if FIRST.path.exists() else f"the photograph {FIRST.path} is not there"


EXAMPLE = Part("example", _current, _make, _lacks)
