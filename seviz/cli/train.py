"""`seviz train`: train an embedded network."""

import argparse
import time
from pathlib import Path

from seviz.cli.data_options import DATA_MORE, access_of, add_any_data, check_images
from seviz.cli.options import add_loaders, path
from seviz.files import check_folder

HELP = "Train the network that seviz ships, or its twin; a stopped run continues."
MORE = f"""\
DATA holds the folders train and val of class folders, or class folders alone; then every tenth
image is held out to measure with. Images are decoded once where they fit into memory (12 kB
each); else they are read again in each epoch.

A stopped run continues exactly; with --minutes, for the remaining time. --start also takes
weights of a narrower network with the same blocks; with --head-norm or --gate-norms, constant
gates restart from new projections. --head-norm puts a norm before the classifier, and
--gate-norms one inside each SE block; at the end both are folded into the weights. Without the
first, training drives stage 5's gates to 1; without the second, their hidden units die. --mix is
mixup and CutMix. --bfloat16 and --compiled are faster on CUDA and on a CPU with bfloat16
instructions; compiling takes about a minute for each side of the images.

{DATA_MORE}
Only folders, zips, hfds/ and torch/ can be trained on.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add labelled images, folders, and a recipe; `Recipe` has the defaults."""
    _add_files(command)
    _add_length(command.add_argument_group("length and steps"))
    _add_images(command.add_argument_group("images"))
    _add_network(command.add_argument_group("network"))
    add_loaders(command)


def _add_files(command: argparse.ArgumentParser) -> None:
    add_any_data(command, "labelled images to train on and to measure with")
    command.add_argument(
        "--run",
        type=path,
        dest="folder",
        metavar="DIR",
        help="folder of checkpoints, from which a stopped run continues; default: runs/ARCH",
    )
    command.add_argument("--out", type=path, metavar="DIR", help="folder for the finished weights")
    command.add_argument(
        "--start", type=path, dest="start_from", metavar="FILE", help="weights to start from"
    )


def _add_length(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--epochs", type=int, metavar="N", help="number of epochs")
    group.add_argument(
        "--minutes",
        type=float,
        metavar="M",
        help="time limit instead of epochs; it includes the measuring",
    )
    group.add_argument(
        "--decay",
        type=int,
        metavar="N",
        help="number of last epochs, in which the learning rate falls",
    )
    group.add_argument("--peak-lr", type=float, metavar="RATE", help="highest learning rate")
    group.add_argument("--batch", type=int, metavar="N", help="images per step")
    group.add_argument("--seed", type=int, metavar="N", help="seed of all random numbers")
    group.add_argument(
        "--average",
        type=float,
        metavar="RATE",
        help="write the moving average of the weights, with this decay per step",
    )
    group.add_argument(
        "--taught",
        type=float,
        metavar="SHARE",
        help="share of the loss that is measured against the answers of the weights of --start",
    )


def _add_images(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--small", type=int, metavar="PIXELS", help="side of the images at the beginning"
    )
    group.add_argument("--large", type=int, metavar="PIXELS", help="side of the images at the end")
    group.add_argument(
        "--crop", type=float, metavar="SHARE", help="least share of the area that a crop keeps"
    )
    group.add_argument(
        "--close",
        type=float,
        metavar="SHARE",
        help="share of the images that are cropped down to a tenth of their area",
    )
    group.add_argument(
        "--colour", type=float, metavar="SHARE", help="how far brightness and colours vary"
    )
    group.add_argument(
        "--turn", type=float, metavar="RADIANS", help="how far images are turned and sheared"
    )
    group.add_argument(
        "--mix", type=float, metavar="SHARE", help="share of the batches whose images are mixed"
    )


def _add_network(group: "argparse._ArgumentGroup") -> None:
    optional = argparse.BooleanOptionalAction
    group.add_argument(
        "--model", metavar="ARCH", help="seresnet50_slim, or resnet50_slim, its twin without SE"
    )
    group.add_argument("--head-norm", action=optional, help="put a norm before the classifier")
    group.add_argument("--gate-norms", action=optional, help="put norms inside the SE blocks")
    group.add_argument("--bfloat16", action="store_true", default=None, help="compute in bfloat16")
    group.add_argument(
        "--compiled",
        action="store_true",
        default=None,
        help="compile the network: faster, but needs a C++ compiler",
    )


def run(options: argparse.Namespace) -> None:
    """Train, and write the finished weights where --out says."""
    began = time.monotonic()  # the minutes of a run include importing torch
    check_images(options)
    from seviz.training.recipe import export_run, recipe_from
    from seviz.training.train import show, train

    recipe = recipe_from(vars(options))
    folder = options.folder or Path("runs") / recipe.model
    for needed in (folder, options.out or folder):
        check_folder(needed)
    loaders = options.loaders
    progress = train(
        recipe,
        options.data,
        folder,
        start=options.start_from,
        loaders=loaders,
        began=began,
        access=access_of(options),
    )
    show(recipe, progress)
    if options.out:
        export_run(folder, options.out)
        file = options.out / f"{recipe.model}.safetensors"
        print(f"Wrote {file}. To use it, give --checkpoint {file} --arch {recipe.model}.")
