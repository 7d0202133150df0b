"""The command that remakes what depends on the embedded pair's weights: `make shipped DATA=DIR`.

Each file names the sha256 of its weights. So parts that are up to date stay as they are, and a
killed run can be started again.

A new file that depends on the weights needs a `Part` in PARTS.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from seviz.errors import UserError
from seviz.files import write_whole
from seviz.measuring.necessity_file import load
from seviz.nets.embedded import ARCHITECTURE, ASSETS, DATA, TWIN_ARCHITECTURE, run_facts
from seviz.passes.dispatch import ZOO
from seviz.photos.dataset import LabelledImages
from seviz.reference.gather import gather
from seviz.reference.images import SHIPPED
from seviz.reference.profile import Profile
from seviz.shipping.card import (
    accuracy_block,
    answers_block,
    gates_block,
    pictures_block,
    replace_block,
    statistics_block,
)
from seviz.shipping.card_necessity import dynamic_block, necessity_block, ranges_block
from seviz.shipping.example import EXAMPLE
from seviz.shipping.kept import KEPT
from seviz.shipping.measured import (
    DYNAMIC,
    MEASUREMENTS,
    is_current,
    profile_lacks,
    read_figures,
)
from seviz.shipping.necessity import NECESSITY
from seviz.shipping.necessity import is_current as necessity_is_current
from seviz.shipping.part import Part, Setting
from seviz.shipping.pictures import PICTURES
from seviz.zoo.catalogue import EMBEDDED, TWIN


def remake(
    setting: Setting, only: Sequence[str] = (), *, force: bool = False
) -> Iterator[tuple[str, str]]:
    """Make the parts that are not up to date; yields each part's name and a clause about it.

    only: the names of parts, empty for all; force: make parts that are up to date, too. UserError
    for an unknown part, a missing folder, or incomplete data.
    """
    if not setting.out.is_dir():
        raise UserError(
            f"There is no folder {setting.out} here; go into a checkout of seviz, or name the "
            "folder by --out DIR."
        )
    if odd := [name for name in only if name not in {part.name for part in PARTS}]:
        known = ", ".join(part.name for part in PARTS)
        raise UserError(f"There is no part “{odd[0]}”; choose from {known}.")
    for part in PARTS:
        if only and part.name not in only:
            continue
        if part.current(setting) and not force:
            yield part.name, "up to date"
        elif missing := part.lacks(setting):
            yield part.name, f"skipped: {missing}"
        else:
            start = time.perf_counter()
            remark = part.make(setting)
            seconds = f"made in {time.perf_counter() - start:.0f} s"
            yield part.name, f"{seconds}; {remark}" if remark else seconds


def _make_profile(setting: Setting) -> str:
    images = LabelledImages(setting.data, "train")
    gathered = gather(
        ZOO.get(EMBEDDED),
        images,
        data=f"{DATA} (train)",
        loaders=setting.loaders,
        sampled=SHIPPED,
    )
    gathered.save(setting.profile)
    return ""


def _card(setting: Setting) -> tuple[str, list[str]]:
    """Return the card with new blocks, and the names of the blocks that can't be written."""
    entries = read_figures(setting.figures)
    entries |= read_figures(setting.ranges)
    found = {name: entry for name, entry in entries.items() if is_current(entry)}
    if necessity_is_current(setting):
        found["necessity"] = {}
    runs = {EMBEDDED: run_facts(ARCHITECTURE), TWIN: run_facts(TWIN_ARCHITECTURE)}
    blocks: dict[str, tuple[tuple[str, ...], Callable[[], str]]] = {
        "accuracy": (("evaluate",), lambda: accuracy_block(found["evaluate"], runs)),
        "gates": (("arms", "pointing"), lambda: gates_block(found["arms"], found["pointing"])),
        "pictures": (("opened",), lambda: pictures_block(found["opened"])),
        "answers": (("answers",), lambda: answers_block(found["answers"])),
        "ranges": (("ranges",), lambda: ranges_block(found["ranges"])),
        "dynamic": (
            ("necessity", *DYNAMIC),
            lambda: dynamic_block(
                {k: found[n] for n, k in DYNAMIC.items()}, load(setting.necessity)
            ),
        ),
        "necessity": (("necessity",), lambda: necessity_block(load(setting.necessity))),
    }
    card, left = _template(setting).read_text("utf-8"), []
    for name, (needed, block) in blocks.items():
        if all(entry in found for entry in needed):
            card = replace_block(card, name, block())
        else:
            left.append(name)
    if profile_lacks(setting):
        left.append("statistics")
    else:
        card = replace_block(card, "statistics", statistics_block(Profile.load(setting.profile)))
    return card, left


def _template(setting: Setting) -> Path:
    """Return the card to write blocks into: the folder's own, or else that of a checkout."""
    return setting.card if setting.card.exists() else ASSETS / setting.card.name


def _card_is_current(setting: Setting) -> bool:
    if not setting.card.exists():
        return False
    card, left = _card(setting)
    return not left and setting.card.read_text("utf-8") == card


def _card_lacks(setting: Setting) -> str:
    """Return a clause if there is no card to write blocks into: an installed seviz has none."""
    there = _template(setting).exists()
    return "" if there else f"{setting.card.name} is not there; copy it from a checkout of seviz"


def _make_card(setting: Setting) -> str:
    card, left = _card(setting)
    write_whole(setting.card, card.encode())
    return (
        f"these parts lack their figures and stay as they were: {', '.join(left)}" if left else ""
    )


PARTS = (
    Part("profile", lambda setting: not profile_lacks(setting), _make_profile),
    PICTURES,
    NECESSITY,
    *MEASUREMENTS,
    EXAMPLE,
    Part("card", _card_is_current, _make_card, _card_lacks),
    KEPT,
)
