"""`seviz gates`: the descriptors and gates of many photographs in one table."""

import argparse

from seviz.cli.options import add_loaders, add_network, add_photos, network, path
from seviz.cli.photographs import MORE as PHOTOGRAPHS
from seviz.cli.photographs import listed_photographs, refusal
from seviz.errors import UserError
from seviz.phrases import printable

HELP = "Write z and s of many photographs, with labels and answers, into one table."
MORE = (
    """\
FILE is one of:
  .csv      a row a photograph, block and channel, with the columns name, label, answer,
            probability, logit, block, channel, z, s; written as the photographs come
  .parquet  the same, for which pyarrow must be installed
  .npz      arrays of N photographs: names, labels, answers, probabilities and logits, N each, and
            z/SE_2_1, s/SE_2_1 and so on, N × C; the photographs' gates are in memory until all are
            there, 8 bytes a channel: 121 kB a photograph for an SE-ResNet-50
name is the photograph's path as it was given, with the path inside a folder or zip. label is the
class folder inside that, by the network's name for the class where it has one; a split's folder
(train, val) is none. answer is the most probable class, with its probability and logit. Numbers
are float32 and read back the same; z is empty (NaN) where a block does not squeeze.

"""
    + PHOTOGRAPHS
    + "--data names photographs, too.\n"
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add photographs, a network, and the file to write."""
    add_photos(command, required=False)
    add_network(command)
    command.add_argument(
        "--data",
        nargs="+",
        default=[],
        type=path,
        metavar="DIR_OR_ZIP",
        help="folders or zips of photographs, of class folders or without",
    )
    command.add_argument(
        "--out",
        type=path,
        required=True,
        metavar="FILE",
        help="file to write: .npz, .csv or .parquet",
    )
    add_loaders(command)


def run(options: argparse.Namespace) -> None:
    """Write the table, and print what it holds."""
    from seviz.measuring.table_files import CSV, NPZ, PARQUET, check_table

    check_table(options.out, (NPZ, CSV, PARQUET))
    options.photos = [*options.photos, *options.data]
    if not options.photos:
        raise UserError("Give photographs, or --data DIR_OR_ZIP: files, folders or zips.")
    key, found = network(options), listed_photographs(options)
    from seviz.measuring.gates_table import write_gates
    from seviz.watch import Bar

    photos = found.photographs
    with Bar(options.out.name) as bar:
        refused = write_gates(key, photos, options.out, loaders=options.loaders, watch=bar)
    count = len(photos) - len(refused)
    print(printable(f"{options.out}: {count:,} photograph{'' if count == 1 else 's'}"))
    if refused := [*found.refused, *refused]:
        raise refusal(refused)
