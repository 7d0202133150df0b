"""`seviz profile`: gate statistics over labelled images."""

import argparse

from seviz.cli.options import add_data, add_loaders, add_network, check_data, network, path
from seviz.errors import UserError
from seviz.files import check_target
from seviz.photos.used import used_lines
from seviz.phrases import printable

HELP = "Write the gate statistics that static arms and percentiles of your own network need."
MORE = """\
FILE (safetensors) holds, for each block and channel, the mean, standard deviation and 33
quantiles of s and z, the mean and deviation of s for each class, and the quantiles of the
distance between the gates of two images. Means, deviations and extremes are exact; the other
quantiles are of a fixed sample of up to 4,096 values. FILE.images.safetensors, beside it, holds
the gates of that sample, and which 16 images have the largest and the smallest gate of each
channel. The command also counts the channels of each block whose gates move over the images.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add a network, labelled images, and the file to write."""
    add_network(command)
    add_data(command, "labelled images")
    command.add_argument(
        "--split",
        default="train",
        choices=["train", "val"],
        help="which folder, where there is one; default: train, else all images are used",
    )
    command.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="file to write, .safetensors"
    )
    add_loaders(command)


def run(options: argparse.Namespace) -> None:
    """Write the statistics, and count the channels of each block that move over the images."""
    check_target(options.out)
    from seviz.reference.images import images_path

    check_target(images_path(options.out))
    own = options.checkpoint
    if own and own.exists() and options.out.exists() and own.samefile(options.out):
        raise UserError(f"{options.out} holds the network's weights; name another file for --out.")
    key = network(options)
    check_data(options, options.split)
    from seviz.photos.dataset import LabelledImages
    from seviz.reference.diagnosis import STILL, moves
    from seviz.reference.gather import gather
    from seviz.words.matters import moving_words
    from seviz.zoo.models import load

    images = LabelledImages(options.data, options.split)
    data = f"{printable(options.data.name)} ({images.folder or 'whole'})"
    gathered = gather(load(key), images, data=data, loaders=options.loaders)
    gathered.save(options.out)
    reference = gathered.profile
    print(f"{options.out}: {len(reference.blocks)} blocks over {reference.images} images")
    print("\n".join(used_lines(images.used())))
    print(f"A channel moves where its gate's standard deviation over these exceeds {STILL}:")
    for name, block in reference.blocks.items():
        print(f"{name:12}  {moving_words(int(moves(block.s_std).sum()), len(block.s_std))}")
