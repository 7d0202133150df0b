"""`seviz necessity --data`: the blocks that a network needs over a data set."""

import argparse
from typing import TYPE_CHECKING

from seviz.cli.data_options import check_images, reading_of, told_once
from seviz.cli.options import behind, network
from seviz.cli.output import print_report
from seviz.errors import UserError
from seviz.files import check_kind
from seviz.photos.kinds import data_title
from seviz.photos.used import used_lines
from seviz.records.losses import USUAL_BUDGET
from seviz.reference.world import joined

if TYPE_CHECKING:
    from seviz.records.losses import SetNecessity
    from seviz.reference.replacement import Replacement


def run(options: argparse.Namespace) -> None:
    """Measure, write the file if one is named, and print; of many processes the first does."""
    with told_once():
        key, by, earlier = _checked(options)
    from seviz.answers.provenance import provenance
    from seviz.measuring.measure_necessity import Asking, choose_more, measure_necessity
    from seviz.measuring.necessity_file import save
    from seviz.reference.parts import delete_all_parts, parts_beside
    from seviz.words.set_necessity import necessity_lines
    from seviz.zoo.models import load

    reading, loaded = reading_of(options), load(key)
    parts = parts_beside(options.out) if options.out else None
    with joined() as world:
        images = reading.open(options.data)
        asking = Asking(
            loaded,
            images,
            data=data_title(options.data, images.part, options.limit),
            world=world,
            parts=parts,
            labelled=options.labelled,
            loaders=options.loaders,
            skip_unreadable=reading.skip_unreadable,
        )
        if earlier is None:
            found, used = measure_necessity(asking, by, budget=options.budget)
        else:
            found, used = choose_more(asking, by, earlier, budget=options.budget)
        if options.out and world.rank == 0:
            save(found, options.out)
        world.wait()  # until the result is there, the parts are needed
        if parts:
            delete_all_parts(parts)
    if world.rank == 0:
        of = provenance(
            key, data=options.data, edits={"replaced": found.rule}, command=options.command
        )
        print_report(options, found, [*necessity_lines(found), "", *used_lines(used)], of=of)


def _checked(options: argparse.Namespace) -> "tuple[str, Replacement, SetNecessity | None]":
    """Return the network's key, what replaces gates, and what goes on, or None.

    UserError where the options do not fit.
    """
    options.budget = USUAL_BUDGET if options.budget is None else options.budget
    if not 0 <= options.budget <= 100:
        raise UserError(f"--budget is {options.budget:g}; give points of accuracy, 0 to 100.")
    if options.out is not None:
        from seviz.measuring.necessity_file import SUFFIX

        check_kind(options.out, [SUFFIX])
    if options.target:
        raise UserError("--target is of photographs; over --data, each image's class is followed.")
    key = network(options)
    check_images(options)
    from seviz.measuring.necessity_file import load
    from seviz.reference.replacement import replacement

    earlier = load(options.further) if options.further else None
    return key, replacement(key, options.replace, **behind(options)), earlier
