"""Options that several commands share, and the values that they stand for."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seviz.errors import UserError
from seviz.phrases import brief, printable

if TYPE_CHECKING:
    from seviz.reference.profile import Profile
    from seviz.zoo.settings import Settings


NO_LABELS = "none"  # of --labels; ./none is a file of that name


def path(text: str) -> Path:
    """Return the path that an option's text names; an error of the option where it is none."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty text names no file or folder")
    if re.match(r"\w+://", text):
        raise argparse.ArgumentTypeError(f"{brief(text)} is an address; name a file or folder here")
    return Path(text)


def _labels(text: str) -> str:
    """Return a text that names a file, or NO_LABELS; an error of the option where it is neither."""
    path(text)
    return text


class _Labels(argparse.Action):
    """--labels TEXT names a network's classes; --labels none says that images have no labels."""

    def __call__(  # noqa: PLR0917 - argparse calls it so
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Note the file, or that there are no labels; both can be said."""
        del parser, option_string
        if values == NO_LABELS:
            namespace.labelled = False
        else:
            namespace.labels = Path(values)


def add_network(command: argparse.ArgumentParser, *, of_images: bool = False) -> None:
    """Add the choice of a network: one of the catalogue, or the user's own.

    of_images: --labels can also say that the images have none; then `labelled` is False.
    """
    command.add_argument(
        "--model", metavar="KEY", help="network, as `models` lists it; default: embedded"
    )
    own = command.add_argument_group("your own network")
    own.add_argument(
        "--checkpoint",
        type=path,
        metavar="FILE",
        help="weights: .safetensors, or the index of shards, or their folder",
    )
    own.add_argument(
        "--arch", default="", metavar="ARCH", help="timm or torchvision architecture of FILE"
    )
    own.add_argument(
        "--beside",
        metavar="KEY",
        help="open this network, a key or a file, with FILE, which `fold` wrote of it, as its twin",
    )
    names = "file that names the classes, one a line"
    if of_images:
        names += "; none: the images have no labels (./none is a file of that name)"
        own.add_argument("--labels", type=_labels, action=_Labels, metavar="TEXT", help=names)
        command.set_defaults(labelled=True)
    else:
        own.add_argument("--labels", type=path, metavar="TEXT", help=names)
    own.add_argument(
        "--head",
        choices=["softmax", "sigmoid"],
        help="sigmoid: each class has a probability of its own; default: sigmoid for one output",
    )
    own.add_argument(
        "--input-size", type=int, nargs="+", metavar="PIXELS", help="side, or height and width"
    )
    for name, what in (("mean", "mean"), ("std", "standard deviation")):
        own.add_argument(
            f"--{name}",
            type=float,
            nargs="+",
            metavar="X",
            help=f"{what} of pixels of 0 to 1 (not 255): one for all channels, or one for each",
        )


def network(options: argparse.Namespace) -> str:
    """Return the key of the chosen network; what to know about the user's own is printed.

    UserError where the options contradict each other.
    """
    if options.checkpoint is not None and options.model:
        raise UserError("--model and --checkpoint each choose a network; give only one of them.")
    settings = own_settings(options)
    from seviz.zoo import catalogue
    from seviz.zoo.folded import open_weights

    if options.checkpoint is None:
        return catalogue.find(options.model or catalogue.EMBEDDED).key
    checkpoint = open_weights(options.checkpoint, options.arch, settings)
    for note in checkpoint.notes:
        print_note(note)
    if options.beside is not None:
        return catalogue.put_beside(checkpoint, options.beside)
    return catalogue.add_checkpoint(checkpoint)


def own_settings(options: argparse.Namespace) -> "Settings":
    """Return what is said about --checkpoint; UserError where it is said without one."""
    given = {
        "--arch": options.arch or None,
        "--beside": options.beside,
        "--labels": options.labels,
        "--head": options.head,
        "--input-size": options.input_size,
        "--mean": options.mean,
        "--std": options.std,
    }
    if options.checkpoint is None and (alone := [k for k, v in given.items() if v is not None]):
        raise UserError(f"{alone[0]} is about --checkpoint FILE; give both, or --model alone.")
    from seviz.zoo.settings import Settings

    sizes = (tuple(v) if v else None for v in (options.input_size, options.mean, options.std))
    return Settings(options.labels, options.head, *sizes)


def check_spares_weights(options: argparse.Namespace) -> None:
    """Raise UserError where --out would replace the weights of --checkpoint."""
    from seviz.zoo.shards import weight_files

    own, out = options.checkpoint, options.out
    if own and own.exists() and out.exists() and any(map(out.samefile, weight_files(own))):
        raise UserError(f"{out} holds the network's weights; name another file for --out.")


def print_note(sentence: str) -> None:
    """Print what people should know beside the answer."""
    print(f"seviz: {printable(sentence)}", file=sys.stderr)


def add_statistics(command: argparse.ArgumentParser, use: str) -> None:
    """Add a file of gate statistics; use: their use, as a phrase for the help text."""
    command.add_argument(
        "--profile", type=path, metavar="FILE", help=f"gate statistics {use}; `profile` writes them"
    )


def statistics(options: argparse.Namespace) -> "Profile | None":
    """Read the file of gate statistics; None where none was given."""
    if options.profile is None:
        return None
    from seviz.reference.profile import Profile

    profile = Profile.load(options.profile)
    if profile.doubt:
        print_note(profile.doubt)
    return profile


def behind(options: argparse.Namespace) -> "dict[str, Any]":
    """Return the file of gate statistics as `profile`, and as `images` those that lie beside it.

    Both are None where no file was given; images also where none lie there.
    """
    profile = statistics(options)
    if profile is None:
        return {"profile": None, "images": None}
    from seviz.reference.images import ProfiledImages, images_path

    beside = images_path(options.profile)
    return {"profile": profile, "images": ProfiledImages.load(beside) if beside.exists() else None}


def add_photos(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add photographs: one or more, in files, folders and zips."""
    command.add_argument(
        "photos",
        nargs="+" if required else "*",
        type=path,
        metavar="PHOTO",
        help="a photograph, or a folder or zip of photographs",
    )


def add_question(
    command: argparse.ArgumentParser,
    statistics_use: str,
    *,
    photos: bool = True,
    of_images: bool = False,
) -> None:
    """Add the options of a question about answers: photographs, network, class and others.

    photos: whether one has to be given; of_images: as of `add_network`.
    """
    add_photos(command, required=photos)
    add_network(command, of_images=of_images)
    command.add_argument(
        "--target",
        default="",
        metavar="CLASS",
        help="class to explain, by name, number or WordNet id; or two of them, 'A vs B', for the "
        "lead of A over B (logit of A − logit of B); default: the network's answer",
    )
    add_statistics(command, statistics_use)
    add_json(command)


def question(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is asked about each photograph, from the options of `add_question`."""
    return {
        "key": network(options),
        "target": options.target,
        "profile": statistics(options),
    }


def add_arms(
    command: argparse.ArgumentParser,
    help: str,
    *,
    default: tuple[str, ...] = (),
    count: int | None = None,
) -> None:
    """Add arms: exactly `count` of them, or one or more."""
    command.add_argument(
        "--arms", nargs=count or "+", default=list(default), metavar="ARM", help=help
    )


def add_data(
    command: argparse.ArgumentParser,
    help: str,
    metavar: str = "DIR_OR_ZIP",
    *,
    required: bool = True,
) -> None:
    """Add the labelled images."""
    command.add_argument("--data", type=path, required=required, metavar=metavar, help=help)


def check_data(options: argparse.Namespace, split: str = "val") -> None:
    """Refuse labelled images that are not there, before anything is loaded for them."""
    if not options.data.exists():
        from seviz.photos.listing import list_images

        list_images(options.data, split)


def add_loaders(command: argparse.ArgumentParser) -> None:
    """Add the number of processes that read images."""
    command.add_argument(
        "--loaders",
        type=int,
        metavar="N",
        help="number of processes that read images, at most one per core; "
        "default: one per core, at most 16",
    )


def add_folder(command: argparse.ArgumentParser) -> None:
    """Add the folder that answers about photographs are written into."""
    command.add_argument(
        "--out",
        type=path,
        required=True,
        metavar="DIR",
        help="folder to write into; each photograph gets a folder of its own there",
    )


def add_json(command: "argparse._ActionsContainer") -> None:
    """Add the choice of JSON."""
    command.add_argument("--json", action="store_true", help="print the whole answer as JSON")
