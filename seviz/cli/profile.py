"""`seviz profile`: gate statistics over labelled images."""

import argparse
from typing import TYPE_CHECKING

from seviz.cli.data_options import (
    DATA_MORE,
    add_images,
    check_images,
    reading_of,
    told_once,
)
from seviz.cli.options import add_loaders, add_network, check_spares_weights, network, path
from seviz.files import check_target
from seviz.photos.kinds import data_title
from seviz.photos.used import used_lines
from seviz.reference.world import joined

if TYPE_CHECKING:
    from seviz.reference.gather import Gathered

HELP = "Write the gate statistics that static arms and percentiles of your own network need."
MORE = f"""\
FILE (safetensors) holds, for each block and channel, the mean, standard deviation and 33
quantiles of s and z, the mean and deviation of s for each class, and the quantiles of the
distance between the gates of two images. Means, deviations and extremes are exact; the other
quantiles are of a fixed sample of up to 4,096 values. FILE.images.safetensors, beside it, holds
the gates of that sample, and which 16 images have the largest and the smallest gate of each
channel. The command also counts the channels of each block whose gates move over the images.

A run that was killed goes on with the same command, from at most a minute before; until it ends,
what it has gathered lies in FILE.parts. Several processes share the work, on one machine or more:
torchrun --nproc-per-node N -m seviz profile … . How many they are does not change the result.

{DATA_MORE}"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, labelled images, and the file to write."""
    add_network(command, of_images=True)
    add_images(command, "labelled images, or others with --labels none", split="train")
    command.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="file to write, .safetensors"
    )
    add_loaders(command)


def run(options: argparse.Namespace) -> None:
    """Write the statistics, and count the channels of each block that move over the images.

    Of the processes that torchrun started, the first writes and prints.
    """
    with told_once():
        key = _checked(options)
    from seviz.reference.gather import gather_shared
    from seviz.reference.parts import delete_parts, parts_beside
    from seviz.zoo.models import load

    reading = reading_of(options)
    parts = parts_beside(options.out)
    with joined() as world:
        images = reading.open(options.data)
        gathered = gather_shared(
            world,
            load(key),
            images,
            data=data_title(options.data, images.part, options.limit),
            parts=parts,
            loaders=options.loaders,
            skip_unreadable=reading.skip_unreadable,
        )
        if gathered:
            gathered.save(options.out)
        world.wait()  # until the result is there, the parts are needed
        delete_parts(parts)
    if gathered:
        _report(options, gathered, key)


def _checked(options: argparse.Namespace) -> str:
    """Return the network's key; UserError where the options do not fit, before torch is needed."""
    check_target(options.out)
    from seviz.reference.images import images_path

    check_target(images_path(options.out))
    check_spares_weights(options)
    key = network(options)
    check_images(options)
    return key


def _report(options: argparse.Namespace, gathered: "Gathered", key: str) -> None:
    from seviz.reference.diagnosis import STILL, moves
    from seviz.reference.ranges import shipped_ranges
    from seviz.words.matters import moving_words
    from seviz.words.ranges import block_words

    reference = gathered.profile
    print(f"{options.out}: {len(reference.blocks)} blocks over {reference.images} images")
    if gathered.used:
        print("\n".join(used_lines(gathered.used)))
    if reference.note:
        print(reference.note)
    print(f"A channel moves where its gate's standard deviation over these exceeds {STILL}:")
    for name, block in reference.blocks.items():
        print(f"{name:12}  {moving_words(int(moves(block.s_std).sum()), len(block.s_std))}")
    for sentence in filter(None, map(block_words, shipped_ranges(key).values())):
        print(sentence)
