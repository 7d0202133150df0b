"""Traces a photograph through a variant of the laboratory, with SE or without."""

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from seviz.errors import UserError
from seviz.nets.variants import VARIANTS, Variant
from seviz.passes.dispatch import ask
from seviz.records.arms import INTACT, TWIN
from seviz.records.sites import Site
from seviz.records.trace import Trace
from seviz.zoo.registered import laboratory_sources


def find_variant(key: object) -> Variant:
    """Return the shipped variant of a key; UserError where there is none."""
    if not isinstance(key, str) or key not in laboratory_sources():
        raise UserError("There is no such variant; choose one from the list.")
    return VARIANTS[key]


def trace_variant(key: str, photo: Image.Image) -> Trace:
    """Trace a photograph through a variant; the trace of a host without SE has no sites.

    Such a host is traced as the twin of a variant with SE. UserError as `trace` raises it.
    """
    from seviz.passes.forward import trace

    if not find_variant(key).plain:
        return ask(trace, key, photo, [INTACT])
    plain = laboratory_sources()[key]
    gated = next(
        (other.key for other in laboratory_sources().values() if other.twin == plain), None
    )
    if gated is None:
        raise UserError("This host can be asked only beside one of its SE networks; none is here.")
    both = ask(trace, gated, photo, [INTACT, TWIN])
    return replace(
        both,
        model=key,
        sites=(),
        arms=(INTACT,),
        z={},
        s={},
        s_computed={},
        shift={},
        logits=both.logits[1:],
        temperature=plain.temperature,
    )


def block_names(*networks: Sequence[Site]) -> list[str]:
    """Return the names of all these networks' blocks in depth order, each name once."""
    sites = {site.name: site for network in networks for site in network}
    return sorted(sites, key=lambda name: (sites[name].stage or 0, sites[name].block or 0))
