"""What the guided path shows: a photograph's trace, and the block and channel to begin with."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PIL import Image

from seviz.analysis.movers import movers
from seviz.passes.dispatch import ask
from seviz.passes.gpu_seconds import on_cpu
from seviz.photos.file import file_of
from seviz.records.numbers import Floats
from seviz.records.sites import Site
from seviz.records.trace import FeatureMaps, Trace
from seviz.reference.arm_choice import default_arms
from seviz.reference.gather import reference
from seviz.reference.recorded import recorded_for
from seviz.zoo.catalogue import find
from seviz.zoo.models import LoadedModel

CANDIDATES = 20  # gates that are far from usual, of which one is told of
EVEN = 0.02  # a channel whose z deviates less squeezes the same from every photograph


def find_or_trace(key: str, photo: Image.Image, *known: Trace) -> Trace:
    """Return the trace of an RGB photograph through a network in its `default_arms`.

    A known one is taken where it is the same. Raises UserError where the network can't be loaded.
    """
    from seviz.passes.forward import retrace

    key = find(key).key
    image, arms = ask(network_input, key, photo), default_arms(key)
    for record in known:
        same = record.model == key and record.arms == arms
        if same and np.array_equal(record.image, image):
            return record
    record = ask(retrace, key, image, arms, recorded=recorded_for(key, arms))
    return replace(record, photo=file_of(photo))


@on_cpu
def network_input(loaded: LoadedModel, photo: Image.Image) -> Floats:
    """Return what the network receives of an RGB photograph, 3×H×W."""
    from seviz.passes.forward import as_array

    image: Floats = as_array(loaded.prepare(photo))[0]
    return image


def telling_block(trace: Trace) -> Site:
    """Return the block whose gates differ most between its channels on this photograph."""
    return max(trace.sites, key=lambda site: float(trace.s[site.name][0].std()))


def telling_gate(trace: Trace) -> tuple[str, int]:
    """Name the gate to begin with: its block and channel.

    The one that is most open beside what is usual, of the channels whose z differs between
    photographs; without reference statistics, the largest gate of the `telling_block`.
    """
    if profile := reference(trace.model):
        for each in movers(trace, profile, CANDIDATES)[0]:
            if profile.blocks[each.site].z_std[each.channel] >= EVEN:
                return each.site, each.channel
    block = telling_block(trace).name
    return block, int(trace.s[block][0].argmax())


def telling_channel(maps: FeatureMaps) -> int:
    """Return the channel whose picture the gate changes most: |1 − s| times the deviation of U."""
    return int((np.abs(1 - maps.s) * maps.u.std((1, 2))).argmax())


def integration_of(key: str, sites: Iterable[Site]) -> str | None:
    """Name the place of SE in a network's units, as `seviz.words.se` does.

    “host” where there is no shortcut, None where it is not known: only a ResNet's blocks have it at
    the article's own place for certain.
    """
    if variant := find(key).variant:
        return variant.integration if variant.host == "resnet" else "host"
    return "standard" if all(site.stage is not None for site in sites) else None
