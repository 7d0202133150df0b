"""`seviz convert`: weights of torch.save as safetensors."""

import argparse
import shlex

from seviz.cli.options import path

HELP = "Turn weights that torch.save wrote (.pth, .pt, .ckpt) into a .safetensors file."
MORE = """\
A pickle may run any program when it is read. So it is read in a process of its own, which takes
tensors and plain values alone. IN is a model's state_dict, or a checkpoint of Lightning, timm and
others; OUT then holds the tensors of all its dictionaries, by dotted names, but the optimizer's.
--checkpoint OUT takes common prefixes off the names.
"""


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the file to read, the file to write, and which tensors."""
    command.add_argument("source", type=path, metavar="IN", help="file of torch.save")
    command.add_argument("target", type=path, metavar="OUT", help="file to write, .safetensors")
    command.add_argument(
        "--prefix",
        default="",
        metavar="NAME.",
        help="only the tensors whose names start with this, such as state_dict_ema.",
    )


def run(options: argparse.Namespace) -> None:
    """Write the tensors, and print how to open them."""
    from seviz.zoo.convert import convert

    count = convert(options.source, options.target, options.prefix)
    target = shlex.quote(str(options.target))
    print(f"{options.target}: {count} tensors; --checkpoint {target} --arch ARCH")
