"""`seviz trace`: a network's answers, descriptors and gates for photographs, in each arm."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from seviz.cli.options import (
    add_arms,
    add_folder,
    add_network,
    add_photos,
    add_statistics,
    network,
    statistics,
)
from seviz.cli.output import GATES_ALONE
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import MORE_FOLDERS, listed_photographs, write_each
from seviz.errors import UserError
from seviz.files import check_folder

if TYPE_CHECKING:
    from seviz.photos.several import Photograph

HELP = "Write the answers, descriptors z and gates s of photographs, with gates and without."
MORE = (
    """\
An arm is the same network with its gates edited: a name, or NAME: EDIT; EDIT; …
  EDIT     PLACE=RULE, applied in order to the gates that the arm's own pass computes
  PLACE    all, a stage SE_4*, a block SE_4_6, or a module path such as layer3.5.se;
           its channels: none for all of them, [10:20] or [3,7], counted from 0
  RULE     a number (=0 removes the channel, =1 passes it unchanged), *=0.5 (half the
           gate), or one of identity, static (the mean over reference images), uniform
           (the mean over channels), shuffle@SEED, resample@FILE (the gates of another
           photograph), mix(0.3,RULE) (0.7·s + 0.3·the gates of RULE)
A rule without a place edits the whole network: static means all=static. Two names edit no gates:
intact, the network as trained, and twin, the network without SE trained by the same recipe.

DIR/<stem>/trace.json compares each arm with the intact one: the change of the answer's logit and
probability, the divergence of the predictions (KL, nats), whether the top answer changes, and
the shift: how far, at most, the arm moves the mean inputs of a block's batch norms, in their
stored standard deviations. DIR/<stem>/trace.npz holds float32 arrays: z/SE_2_1, s/SE_2_1 (as
applied) and s_computed/SE_2_1 (before the edit), arms × C, and logits, arms × K. Blocks without
a name in the article have their module path as name. Under provenance, trace.json names the
photograph, the network, the edits and the versions; under why_null, why a value is null.

"""
    + PHOTOGRAPHS
    + MORE_FOLDERS
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add photographs, a network, arms, and the folder to write into."""
    add_photos(command)
    add_network(command)
    add_arms(
        command,
        "arms by name or by edits, such as static or 'half: SE_4*=0.5; SE_5_1[0:8]*=0'; "
        "default: intact identity, where the page has static instead of identity if it can",
        default=("intact", "identity"),
    )
    add_statistics(command, "for static arms")
    command.add_argument(
        "--top",
        "--topk",
        type=int,
        default=5,
        metavar="N",
        help="number of answers to write for each arm; default: 5",
    )
    add_folder(command)


def run(options: argparse.Namespace) -> None:
    """Write trace.json and trace.npz for each photograph, and print the first answers."""
    if options.top < 1:
        raise UserError(f"--top is {options.top}; give a number of answers, 1 or more.")
    check_folder(options.out)
    from seviz.answers.checks import check_places
    from seviz.answers.export import write_trace
    from seviz.gates.grammar import parse_arms
    from seviz.passes.dispatch import ask, fetch
    from seviz.reference.recorded import recorded_for

    arms = parse_arms(options.arms)
    photos = listed_photographs(options)
    key, profile = fetch(network(options), arms), statistics(options)
    from seviz.passes.forward import trace  # only now: it takes seconds

    recorded = recorded_for(key, arms, profile)
    ask(check_places, key, arms)

    def write(photo: "Photograph", folder: Path) -> str:
        record = ask(trace, key, photo.read(), arms, recorded=recorded)
        write_trace(record, folder, options.top, command=options.command)
        told = GATES_ALONE
        if record.labels:
            tops = (f"{arm.name}: {record.top(i, 1)[0].label}" for i, arm in enumerate(arms))
            told = ", ".join(tops)
        return f"{told}  {record.note}".rstrip()

    write_each(options, photos, write)
