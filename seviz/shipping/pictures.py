"""The sheets of pictures made for the embedded network's gates, and how far they open them."""

from pathlib import Path
from typing import Any

import numpy as np

from seviz.passes.dispatch import ask
from seviz.passes.gpu_seconds import on_cpu
from seviz.pictures.draw import draw
from seviz.pictures.overview import SHIPPED, STEPS, draw_overview, read_overview
from seviz.records.aims import OPEN, SHUFFLED
from seviz.records.pictures import Drawing, PictureTask
from seviz.records.sites import Site
from seviz.reference.diagnosis import moves
from seviz.reference.gather import reference
from seviz.reference.opened import BEYOND, count_beyond, most_gates
from seviz.shipping.part import Part, Setting, weight_digests
from seviz.watch import Bar
from seviz.zoo.catalogue import EMBEDDED, find
from seviz.zoo.models import LoadedModel

CONTROLS = 8  # gates of each block that the control is made for
SEED = 0  # of their choice


def blocks() -> tuple[Site, ...]:
    """Return the network's blocks."""
    return ask(_sites, EMBEDDED)


def folder(setting: Setting) -> Path:
    """Return where the sheets go to."""
    return setting.out / SHIPPED.name


def are_current(setting: Setting) -> bool:
    """Tell whether each block has a sheet of the present weights."""
    source = find(EMBEDDED)
    files = (folder(setting) / f"{site.name}.webp" for site in blocks())
    own = source.digest == weight_digests(EMBEDDED)[EMBEDDED]
    return own and all(read_overview(file, source) is not None for file in files)


def _make(setting: Setting) -> str:
    source = find(EMBEDDED)
    for site in blocks():
        if read_overview(folder(setting) / f"{site.name}.webp", source) is None:
            with Bar(site.name) as bar:
                draw_overview(source, site, folder(setting), steps=STEPS, watch=bar)
    return ""


def measure_opened(setting: Setting) -> dict[str, Any]:
    """Count by block the gates that their pictures, and the control's, open beyond most images."""
    return {
        "steps": STEPS,
        "beyond": BEYOND,
        "blocks": [_opened(setting, site) for site in blocks()],
    }


def _opened(setting: Setting, site: Site) -> dict[str, Any]:
    found = read_overview(folder(setting) / f"{site.name}.webp", find(EMBEDDED))
    assert found is not None, site.name
    live, beyond = count_beyond(EMBEDDED, site.name, found.s)
    chosen, most = _sample(site)
    task = PictureTask(site.name, chosen, OPEN, (0,) * len(chosen), SHUFFLED)
    control = ask(draw, EMBEDDED, Drawing(task), steps=STEPS).pictures
    assert control is not None
    return {
        "site": site.name,
        "live": live,
        "beyond": beyond,
        "control": len(chosen),
        "control_beyond": int((control.s > most).sum()),
    }


def _sample(site: Site) -> tuple[tuple[int, ...], np.ndarray]:
    """Draw some gates of a block that move, and return what each is at most in 99 of 100 images."""
    profile, most = reference(EMBEDDED), most_gates(EMBEDDED, site.name)
    assert profile is not None
    assert most is not None
    live = np.flatnonzero(moves(profile.blocks[site.name].s_std))
    drawn = np.random.default_rng(SEED).permutation(live)[:CONTROLS]
    return tuple(int(channel) for channel in drawn), most[drawn]


def opened_lacks(setting: Setting) -> str:
    """Return why nothing can be counted; "" where it can."""
    return "" if are_current(setting) else "the pictures are missing; make the part pictures first"


@on_cpu
def _sites(loaded: LoadedModel) -> tuple[Site, ...]:
    return loaded.probe.sites


PICTURES = Part("pictures", are_current, _make)
